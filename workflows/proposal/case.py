"""The first half of a proposal, purely: the form, corrections, and whether moderator and deputy accept the task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from mailsvc.cases.model import (
    Answered,
    Ask,
    CancelTimer,
    Close,
    Context,
    Event,
    Fired,
    Opened,
    SetTimer,
    Step,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.message.form_guess import suggest_address
from mailsvc.store.outgoing import Values
from workflows.proposal import fields
from workflows.proposal.model import (
    MODERATING,
    Alert,
    Checked,
    ForgetProposer,
    MeetNominees,
    Met,
    Nominee,
    Proceed,
    Proposal,
    Prove,
    StartInitiative,
    ToIdeas,
)

UNPROVEN_DAYS: Final = 7
TIMERS: Final = ("remind", "end", "silent")


def about(data: Proposal) -> Values:
    """What letters say of the proposal."""
    values = data.values
    return {
        "about": data.title,
        "proposer": data.proposer_name or data.address,
        "name": values.get("name", ""),
        "address": f"{values['address']}@{data.domain}" if values.get("address") else "",
        "motivation": values.get("motivation", ""),
        "work_questions": values.get("work_questions", ""),
        "moderator": _shown(data, "moderator"),
        "deputy": _shown(data, "deputy"),
        "preparation": data.preparation_title,
    }


def _shown(data: Proposal, role: str) -> str:
    known = data.nominee(role)
    return known.name if known is not None and known.name else fields.name_in(data.values.get(role, ""))


# ---- letters that ask the proposer


def form_values(data: Proposal) -> Values:
    """The letter with the form, from the case alone, so that it can be written again."""
    asked = fields.asked_fields(data, data.wrong, whole=data.whole)
    return {
        **about(data),
        "form": True,
        "kind": data.kind,
        "fields": fields.form_values(data, data.values, data.wrong, asked),
        "whole": data.whole,
        "proven": data.proven,
        "why": data.why,
        "who": data.why_who,
        "reason": data.why_text,
        "free": _free(data),
        "similar": [
            {"name": one.name, "title": one.title, "address": f"{one.name}@{data.domain}"} for one in data.similar
        ],
        "preparations": [one.title for one in data.choices],
        "domain": data.domain,
        "until": data.until,
    }


def _free(data: Proposal) -> list[str]:
    """Addresses that would do: with an ending that is free, or as the address was probably meant."""
    wanted = data.values.get("address", "")
    if data.wrong.get("address") == "shape":
        meant = suggest_address(wanted.partition("@")[0])
        return [meant] if meant else []
    return [f"{wanted}{one}" for one in data.free]


def which_values(data: Proposal) -> Values:
    """The letter that asks whether it is a proposal or an idea."""
    return {"about": data.title, "until": data.until}


def ask_form(
    state: str,
    data: Proposal,
    wrong: Mapping[str, str],
    ctx: Context,
    *,
    why: str,
    whole: bool = False,
    who: str = "",
    text: str = "",
) -> Step:
    """Ask for what is missing or wrong, only that; at first for the whole form."""
    days = data.form_days if data.proven else UNPROVEN_DAYS
    end = Instant(ctx.now + days * DAY)
    data = msgspec.structs.replace(
        data, wrong=dict(wrong), whole=whole, why=why, why_who=who, why_text=text, until=end, late=0
    )
    shown = form_values(data)["fields"]
    assert isinstance(shown, list)
    data = msgspec.structs.replace(data, sent={one["id"]: one["value"] for one in shown if one["value"]})
    remind = (SetTimer("remind", ctx.in_working_days(data.remind_days + data.next_days)),) if data.proven else ()
    ask = Ask("fill", data.proposer, "proposal/form", form_values(data))
    return Step(state, data, (ask, CancelTimer("silent"), SetTimer("end", end), *remind))


# ---- transitions


def opened(data: Proposal, event: Opened, ctx: Context) -> Step:
    """The first mail: it is asked which kind of thing it is, or a form is sent with what was understood."""
    if data.which:
        end = Instant(ctx.now + (data.form_days if data.proven else UNPROVEN_DAYS) * DAY)
        data = msgspec.structs.replace(data, until=end)
        return Step(
            "which", data, (Ask("which", data.proposer, "proposal/which", which_values(data)), SetTimer("end", end))
        )
    return _begin(data, event.facts, ctx)


def _begin(data: Proposal, facts: str, ctx: Context) -> Step:
    checked = msgspec.json.decode(facts or "{}", type=Checked)
    data = _with(data, checked)
    wrong = fields.problems(data, data.values, checked)
    if not wrong and data.proven:
        return _complete(data)
    return ask_form("form", data, wrong, ctx, why="first", whole=True)


def chosen(data: Proposal, event: Answered, ctx: Context) -> Step:
    """Proposal or idea: now it is known, or asked once more."""
    said = fields.idea_or_proposal(event.text)
    data = msgspec.structs.replace(data, proven=True)
    if said == "idea":
        return Step("moved", data, (Prove(event.person), ToIdeas(), Close()))
    if said == "proposal":
        step = _begin(data, event.facts, ctx)
        return Step(step.state, step.data, (Prove(event.person), CancelTimer("end"), *step.effects))
    again = Ask("which", data.proposer, "proposal/which", {**which_values(data), "again": True})
    return Step("which", data, (Prove(event.person), again))


def filled(data: Proposal, event: Answered, ctx: Context) -> Step:
    """A form has come back: what is still missing or wrong is asked for, only that; else it goes on.

    Also while moderator and deputy are asked: a correction.
    """
    checked = msgspec.json.decode(event.facts or "{}", type=Checked)
    values = fields.merged(data, event.text)
    circle = data.kind == "network" and fields.is_initiative(values.get("for_whom", ""))
    data = msgspec.structs.replace(data, values=values, proven=True, kind="circle" if circle else data.kind)
    data = _with(data, checked)
    wrong = fields.problems(data, values, checked)
    wrong |= {role: "declined" for role in MODERATING if role not in wrong and _declined(data, checked, role)}
    step = ask_form("form", data, wrong, ctx, why="missing") if wrong else _complete(data)
    return Step(step.state, step.data, (Prove(event.person), *step.effects))


def _with(data: Proposal, checked: Checked) -> Proposal:
    """The case with what was looked up."""
    return msgspec.structs.replace(
        data,
        free=checked.free,
        similar=checked.similar,
        choices=checked.preparations,
        wished=checked.preparation,
        member=checked.member,
    )


def _declined(data: Proposal, checked: Checked, role: str) -> bool:
    """Whether somebody is named again who has said no already, or did not answer."""
    known = data.nominee(role)
    named = checked.moderator if role == "moderator" else checked.deputy
    return known is not None and known.said in ("no", "silent") and named == known.person


def _complete(data: Proposal) -> Step:
    cancelled = tuple(CancelTimer(name) for name in TIMERS)
    if data.kind != "network" and not data.member:
        return Step("refused", data, (*cancelled, Tell(data.recipient, "proposal/not-member", about(data)), Close()))
    if data.kind != "network":
        return Step("moved", data, (*cancelled, StartInitiative(), Close()))
    return Step("meeting", data, (*cancelled, MeetNominees()))


def met(data: Proposal, event: Fired, ctx: Context) -> Step:
    """Moderator and deputy are people we know now: whoever is new is asked, and the proposer learns what happens."""
    known = msgspec.json.decode(event.facts or "{}", type=Met)
    before = {one.role: one for one in data.nominees}
    nominees, effects = [], list[object]()
    for role, person in (("moderator", known.moderator), ("deputy", known.deputy)):
        one = Nominee(role, person, _named(data, role, person))
        old = before.get(one.role)
        if old is not None and old.person == one.person:
            nominees.append(old)
            continue
        if old is not None and old.said in ("", "yes") and old.person != data.proposer:
            effects.append(Tell(old.person, "proposal/replaced", {**about(data), "role": one.role}))
        said = "yes" if one.person == data.proposer else ""
        nominees.append(msgspec.structs.replace(one, said=said))
    until = ctx.in_working_days(data.remind_days + data.next_days)
    data = msgspec.structs.replace(data, nominees=tuple(nominees), wrong={}, late=0, until=until)
    refused = {one.role: "declined" for one in nominees if one.said in ("no", "silent")}
    if refused:
        step = ask_form("form", data, refused, ctx, why="declined")
        return Step(step.state, step.data, (*effects, *step.effects))
    asked = [one for one in nominees if not one.said and before.get(one.role) != one]
    effects += [Ask("accept", one.person, "proposal/accept", accept_values(data, one.role)) for one in asked]
    if not data.approved:
        effects.append(Tell(data.recipient, "proposal/received", received_values(data)))
    if all(one.said == "yes" for one in nominees):
        return _go_on(data, effects)
    remind = ctx.in_working_days(data.remind_days)
    return Step("nominating", data, (*effects, SetTimer("remind", remind), SetTimer("silent", until)))


def _named(data: Proposal, role: str, person: PersonId) -> str:
    """How the proposer calls somebody; "jag" is the proposer."""
    if person == data.proposer:
        return data.proposer_name or data.address
    text = data.values.get(role, "")
    return fields.name_in(text) or text


def accept_values(data: Proposal, role: str) -> Values:
    """The letter to somebody who was named."""
    return {**about(data), "role": role, "until": data.until}


def accept_letter(data: Proposal) -> Values:
    """The same, from the case alone."""
    waiting = next((one.role for one in data.nominees if not one.said), "moderator")
    return accept_values(data, waiting)


def received_values(data: Proposal) -> Values:
    """The letter that says how it goes on."""
    waiting = [one.name for one in data.nominees if not one.said]
    return {**about(data), "waiting": waiting, "steps": route_values(data)}


def route_values(data: Proposal) -> list[Values]:
    """The route as letters print it: who does what."""
    return [{"group": group, "action": action} for group, _, action in (one.partition(" ") for one in data.steps)]


def _go_on(data: Proposal, effects: list[object] | tuple[object, ...] = ()) -> Step:
    """Both have accepted: the route begins, or what was decided already is carried out."""
    data = msgspec.structs.replace(data, at=max(data.at, 0), late=0)
    cancelled = tuple(CancelTimer(name) for name in TIMERS)
    return Step("moving", data, (*effects, *cancelled, Proceed()))


def _marked(data: Proposal, person: PersonId, said: str) -> Proposal:
    nominees = tuple(msgspec.structs.replace(one, said=said) if one.person == person else one for one in data.nominees)
    return msgspec.structs.replace(data, nominees=nominees)


def accepted(data: Proposal, event: Answered, _ctx: Context) -> Step:
    """One of them takes the task."""
    if not any(one.person == event.person for one in data.nominees):
        return Step("nominating", data, (Tell(event.person, "proposal/replaced", {**about(data), "role": ""}),))
    data = _marked(data, event.person, "yes")
    if all(one.said == "yes" for one in data.nominees):
        return _go_on(data, (Prove(event.person),))
    return Step("nominating", data, (Prove(event.person),))


def noted(data: Proposal, event: Answered, _ctx: Context) -> Step:
    """An answer of one of them while the proposer is asked for something."""
    return Step("form", _marked(data, event.person, event.meaning), (Prove(event.person),))


def declined(data: Proposal, event: Answered, ctx: Context) -> Step:
    """One of them does not want to: the proposer is asked for somebody else."""
    role = next((one.role for one in data.nominees if one.person == event.person), "")
    if not role:
        return Step("nominating", data)
    data = _marked(data, event.person, "no")
    step = ask_form("form", data, {role: "declined"}, ctx, why="declined", who=ctx.actor_name, text=event.text)
    return Step(step.state, step.data, (Prove(event.person), *step.effects))


def silent(data: Proposal, _event: Fired, ctx: Context) -> Step:
    """Somebody has not answered, not even after the reminder: the proposer is asked for somebody else."""
    waiting = [one for one in data.nominees if not one.said]
    for one in waiting:
        data = _marked(data, one.person, "silent")
    names = ", ".join(one.name for one in waiting)
    return ask_form("form", data, {one.role: "silent" for one in waiting}, ctx, why="silent", who=names)


def remind_nominees(data: Proposal, _event: Fired, _ctx: Context) -> Step:
    """The letter once more to who has not answered."""
    waiting = [one for one in data.nominees if not one.said]
    asks = (
        Ask("accept", one.person, "proposal/accept", {**accept_values(data, one.role), "reminder": True})
        for one in waiting
    )
    return Step("nominating", data, tuple(asks))


def remind_proposer(state: str, data: Proposal, _event: Fired, ctx: Context) -> Step:
    """The form once more; where a decision waits for it, the operators are told too, and the clock goes on."""
    ask = Ask("fill", data.proposer, "proposal/form", {**form_values(data), "reminder": True})
    if not data.approved:
        return Step(state, data, (ask,))
    again = SetTimer("remind", ctx.in_working_days(data.remind_days + data.next_days))
    return Step(state, data, (ask, again, Alert("renaming")))


def lapsed(data: Proposal, _event: Event, ctx: Context) -> Step:
    """Nobody filled it in. An address that never answered is not written to again; a decision does not lapse."""
    if data.approved:
        later = Instant(ctx.now + data.form_days * DAY)
        return Step("form", data, (SetTimer("end", later), Alert("renaming")))
    if not data.proven:
        return Step("forgotten", data, (ForgetProposer(), Close()))
    return Step("lapsed", data, (Tell(data.recipient, "proposal/lapsed", about(data)), Close()))


def withdrawn(data: Proposal, _event: Event, _ctx: Context) -> Step:
    """The proposer, or an operator, takes it back; whoever has been asked to moderate is told."""
    if not data.proven:
        return Step("forgotten", data, (ForgetProposer(), Close()))
    told = [
        Tell(one.person, "proposal/withdrawn", about(data))
        for one in data.nominees
        if one.said in ("", "yes") and one.person != data.proposer
    ]
    return Step("withdrawn", data, (*told, CancelTimer("act"), Close()))
