"""The second half of a proposal, purely: its route, from assigning a preparation group to the network's first day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import msgspec

from lists.api import CreateGroup
from mailsvc.cases.ballots import Electorate
from mailsvc.cases.body_decision import BodyDecision, postponed_to
from mailsvc.cases.model import (
    Answered,
    Ask,
    CancelTimer,
    Close,
    Context,
    Event,
    Fired,
    PutToBody,
    SetTimer,
    Settle,
    Step,
    Tell,
    Transition,
)
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.proposal import fields
from workflows.proposal.case import about, ask_form, route_values
from workflows.proposal.model import Advice, Alert, Asked, Entering, Proceed, Proposal, Query

MOST_LATE: Final = 3  # from the third reminder on the operators are among those who get it
STATE_OF: Final[Mapping[str, str]] = {
    "assign": "assigning",
    "prepare": "preparing",
    "advise": "preparing",
    "hear": "hearing",
    "decide": "deciding",
    "establish": "establishing",
}


def item_values(data: Proposal) -> Values:
    """A matter in a digest, and the letters of those who prepare it: the proposal with all that was said about it."""
    return {
        **about(data),
        "step": data.step[1] or "decide",
        "decides_later": f"{data.step[0]} decide" in data.steps[data.at + 1 :],
        "presenter": data.presenter,
        "advice": [
            {"who": one.name, "meaning": one.meaning, "text": one.text, "step": one.step} for one in data.advice
        ],
        "prepared": any("prepare" in one or "advise" in one for one in data.steps[: max(data.at, 0)]),
        "queries": [{"who": one.name, "text": one.text, "answer": one.answer} for one in data.queries],
        "group_title": data.group_title,
    }


def assign_values(data: Proposal) -> Values:
    """The letter that asks for a preparation group: the list that is answered by number or name."""
    wished = next((one.title for one in data.choices if one.id == data.wished), "")
    return {
        **about(data),
        "choices": [{"title": one.title, "name": one.name} for one in data.choices],
        "wished": wished,
        "body": data.group_title,
        "until": data.until,
    }


def prepare_values(data: Proposal) -> Values:
    """The letter to each who prepares or advises."""
    return {**item_values(data), "until": data.until}


def query_values(data: Proposal) -> Values:
    """The letter with the questions to the proposer that have no answer yet."""
    return {**about(data), "queries": [{"who": one.name, "text": one.text} for one in data.queries if not one.answer]}


# ---- the route


def next_step(data: Proposal, effects: tuple[object, ...] = ()) -> Step:
    """The step is done: the next one begins."""
    data = msgspec.structs.replace(
        data, at=data.at + 1, late=0, votes=(), decision="", decision_why="", decided_by="", reasons=()
    )
    cancelled = tuple(CancelTimer(name) for name in ("late", "deadline", "half", "chase", "nudge"))
    return Step("moving", data, (*effects, *cancelled, Proceed()))


def enter(data: Proposal, event: Fired, ctx: Context) -> Step:
    """A step begins, with what it meets; where its group is missing the operators are told and it is tried again."""
    found = msgspec.json.decode(event.facts or "{}", type=Entering)
    if data.at >= len(data.steps):
        return _finish(data, found, ctx)
    if not found.group:
        data = msgspec.structs.replace(data, late=min(data.late + 1, MOST_LATE))
        return Step("blocked", data, (Alert(f"no-group {data.step[0]}"), SetTimer("next", ctx.in_working_days(1))))
    data = msgspec.structs.replace(data, group=found.group, group_title=found.title, choices=found.choices, late=0)
    return _ENTER[data.step[1]](data, found, ctx)


def _assign(data: Proposal, found: Entering, ctx: Context) -> Step:
    if len(found.choices) < 2:  # nothing to choose: the only one, or the assigning group itself
        only = found.choices[0] if found.choices else None
        number, title = (only.id, only.title) if only else (found.group, found.title)
        return next_step(msgspec.structs.replace(data, preparation=number, preparation_title=title))
    until = ctx.in_working_days(data.remind_days)
    data = msgspec.structs.replace(data, until=until)
    asks = tuple(Ask("assign", person, "proposal/assign", assign_values(data)) for person in found.people)
    return Step("assigning", data, (*asks, SetTimer("chase", until)))


def _prepare(data: Proposal, found: Entering, ctx: Context) -> Step:
    if not found.people:
        return next_step(data)
    end = ctx.in_working_days(data.prepare_days)
    data = msgspec.structs.replace(data, until=end)
    asks = tuple(Ask("advice", person, "proposal/prepare", prepare_values(data)) for person in found.people)
    half = ctx.in_working_days(max(1, data.prepare_days * 2 // 3))
    return Step(
        "preparing", data, (Settle("advice", void=True), *asks, SetTimer("half", half), SetTimer("deadline", end))
    )


def _hear(data: Proposal, _found: Entering, ctx: Context) -> Step:
    put = PutToBody("hear", data.group)
    end = SetTimer("deadline", ctx.in_working_days(data.prepare_days))
    return Step("hearing", data, (Settle("hear", void=True), put, end))


def _to_body(question: str, data: Proposal, _found: Entering, ctx: Context) -> Step:
    late = SetTimer("late", ctx.in_working_days(data.prepare_days))
    return Step(STATE_OF[question], data, (Settle(question, void=True), PutToBody(question, data.group), late))


_ENTER: Final[Mapping[str, Callable[[Proposal, Entering, Context], Step]]] = {
    "assign": _assign,
    "prepare": _prepare,
    "advise": _prepare,
    "hear": _hear,
    "decide": partial(_to_body, "decide"),
    "establish": partial(_to_body, "establish"),
}


# ---- assigning


def assigned(data: Proposal, event: Answered, _ctx: Context) -> Step:
    """The secretary has named a preparation group; what is none of the list is asked back."""
    number = fields.chosen(event.text, data)
    if not number:
        again = {**assign_values(data), "again": True}
        return Step("assigning", data, (Ask("assign", event.person, "proposal/assign", again),))
    group = next(one for one in data.choices if one.id == number)
    return next_step(msgspec.structs.replace(data, preparation=group.id, preparation_title=group.title))


def chase(data: Proposal, event: Fired, ctx: Context) -> Step:
    """Nobody has answered: the letter once more, also to the next in line, at last to the operators."""
    asked = msgspec.json.decode(event.facts or "{}", type=Asked)
    asks = [
        Ask("assign", person, "proposal/assign", {**assign_values(data), "reminder": True}) for person in asked.people
    ]
    until = ctx.in_working_days(data.next_days)
    data = msgspec.structs.replace(data, late=min(data.late + 1, MOST_LATE), until=until)
    return Step("assigning", data, (*asks, SetTimer("chase", until)))


# ---- preparing and advising


def advised(data: Proposal, event: Answered, ctx: Context) -> Step:
    """One advice more; when everybody has given theirs it goes on."""
    people = msgspec.json.decode(event.facts or "{}", type=Asked).people
    presenter, text = fields.presenter_in(event.text)
    said = Advice(event.voter, ctx.actor_name, event.meaning, text, data.step[0])
    kept = tuple(one for one in data.advice if (one.person, one.step) != (said.person, said.step))
    data = msgspec.structs.replace(data, advice=(*kept, said), presenter=presenter or data.presenter)
    answered = {one.person for one in data.advice if one.step == data.step[0]}
    if set(people) <= answered and all(one.answer for one in data.queries):
        return next_step(data, (Settle("advice"),))
    return Step("preparing", data)


def half(data: Proposal, event: Fired, _ctx: Context) -> Step:
    """Some have not given their advice: the letter once more to them."""
    answered = {one.person for one in data.advice if one.step == data.step[0]}
    people = [one for one in msgspec.json.decode(event.facts or "{}", type=Asked).people if one not in answered]
    values = {**prepare_values(data), "reminder": True}
    return Step("preparing", data, tuple(Ask("advice", person, "proposal/prepare", values) for person in people))


def prepared(data: Proposal, event: Fired, ctx: Context) -> Step:
    """The deadline: it goes on with the advice there is. Without any the group gets the time once more."""
    if any(one.step == data.step[0] for one in data.advice) or data.late:
        return next_step(data, (Settle("advice"),))
    people = msgspec.json.decode(event.facts or "{}", type=Asked).people
    end = ctx.in_working_days(data.prepare_days)
    data = msgspec.structs.replace(data, late=1, until=end)
    values = {**prepare_values(data), "reminder": True}
    asks = tuple(Ask("advice", person, "proposal/prepare", values) for person in people)
    return Step("preparing", data, (*asks, SetTimer("deadline", end)))


# ---- hearing


def heard(data: Proposal, event: Answered, ctx: Context) -> Step:
    """One more who has heard of it; when all have, it goes on."""
    known = msgspec.json.decode(event.facts, type=Electorate)
    said = Advice(event.voter, ctx.actor_name, "heard", event.text, "hear")
    kept = tuple(one for one in data.advice if (one.person, one.step) != (said.person, "hear"))
    data = msgspec.structs.replace(data, advice=(*kept, said))
    voters = {one.person for one in data.advice if one.step == "hear"}
    if all(one.absent or one.person in voters for one in known.seats) and all(one.answer for one in data.queries):
        return next_step(data, (Settle("hear"),))
    return Step("hearing", data)


def hearing_over(data: Proposal, _event: Event, _ctx: Context) -> Step:
    """It was presented, and everybody could write: it goes on."""
    return next_step(data, (Settle("hear"),))


def put_off(data: Proposal, event: Answered, ctx: Context) -> Step:
    """Heard next time, or on the day that was written."""
    put = PutToBody("hear", data.group, not_before=_day(event, ctx))
    end = SetTimer("deadline", _after(put, ctx, data.prepare_days))
    return Step("hearing", data, (Settle("hear", void=True), put, end))


def _day(event: Answered, ctx: Context) -> Instant | None:
    return postponed_to(f"{event.argument} {event.text}", ctx.now)


def _after(put: PutToBody, ctx: Context, days: int) -> Instant:
    """So many working days from now, and as much later as the matter was put off."""
    end = ctx.in_working_days(days)
    return Instant(end + max(0, put.not_before - ctx.now)) if put.not_before is not None else end


# ---- questions to the proposer


def asked(state: str, data: Proposal, event: Answered, ctx: Context) -> Step:
    """A question goes to the proposer; whoever asked decides when the answer is there."""
    text = (event.text or event.argument).strip()
    query = Query(event.voter, ctx.actor_name, text)
    kept = tuple(one for one in data.queries if one.person != query.person or one.answer)
    data = msgspec.structs.replace(data, queries=(*kept[-_MOST_QUERIES:], query))
    nudge = SetTimer("nudge", ctx.in_working_days(data.remind_days))
    return Step(state, data, (Ask("answer", data.proposer, "proposal/query", query_values(data)), nudge))


_MOST_QUERIES: Final = 12


def replied(state: str, data: Proposal, event: Answered, _ctx: Context) -> Step:
    """The proposer's answer: it stands in the next digest, and goes to those who asked at once."""
    waiting = [one for one in data.queries if not one.answer]
    queries = tuple(msgspec.structs.replace(one, answer=event.text) if not one.answer else one for one in data.queries)
    data = msgspec.structs.replace(data, queries=queries)
    told = [
        Tell(person, "proposal/answer", {**about(data), "text": event.text})
        for person in dict.fromkeys(one.person for one in waiting)
    ]
    return Step(state, data, (*told, CancelTimer("nudge")))


def nudge(state: str, data: Proposal, _event: Fired, ctx: Context) -> Step:
    """The proposer has not answered the question: once more."""
    if all(one.answer for one in data.queries):
        return Step(state, data)
    ask = Ask("answer", data.proposer, "proposal/query", {**query_values(data), "reminder": True})
    return Step(state, data, (ask, SetTimer("nudge", ctx.in_working_days(data.remind_days + data.next_days))))


# ---- deciding and establishing


def late(state: str, data: Proposal, event: Fired, ctx: Context) -> Step:
    """Nobody has decided: the chair or secretary is told beside the digest, and then the operators too."""
    people = msgspec.json.decode(event.facts or "{}", type=Asked).people
    told = [Tell(person, "proposal/late", {**about(data), "body": data.group_title}) for person in people]
    data = msgspec.structs.replace(data, late=min(data.late + 1, MOST_LATE))
    again = SetTimer("late", ctx.in_working_days(data.prepare_days))
    return Step(state, data, (*told, again))


def later(state: str, data: Proposal, _event: Fired, ctx: Context) -> Step:
    """It is decided, and only can still be taken back."""
    return Step(state, data, (SetTimer("late", ctx.in_working_days(data.prepare_days)),))


def act(data: Proposal, _event: Event, _ctx: Context) -> Step:
    """A body has decided: no ends it with the reason, yes leads to the next step."""
    if data.decision == "no":
        values = {**about(data), "body": data.group_title, "reasons": list(data.reasons), "by": data.decided_by}
        told = [Tell(data.recipient, "proposal/rejected", values)]
        told += [Tell(one.person, "proposal/rejected", values) for one in data.nominees if one.person != data.proposer]
        return Step("rejected", data, (*told, Close()))
    return next_step(msgspec.structs.replace(data, approved=True))


DECIDE: Final = BodyDecision("decide", "deciding", lambda data: int(data.group), act)
ESTABLISH: Final = BodyDecision("establish", "establishing", lambda data: int(data.group), act, decided="agreed")


def with_clock(row: Transition) -> Transition:
    """A vote that puts a matter off moves the clock of what is late, too."""

    def transition(data: Proposal, event: Answered, ctx: Context) -> Step:
        step = row(data, event, ctx)
        put = next((one for one in step.effects if isinstance(one, PutToBody)), None)
        if put is None:
            return step
        return Step(step.state, step.data, (*step.effects, SetTimer("late", _after(put, ctx, data.prepare_days))))

    return transition


def rows(decision: BodyDecision) -> dict[tuple[str, str], Transition]:
    """The part of the table that belongs to a body's decision, with questions, reminders and the clock."""
    table = dict(decision.transitions())
    for key, row in table.items():
        if key[1] == f"{decision.question}:postpone":
            table[key] = with_clock(row)
    table[decision.state, f"{decision.question}:ask"] = partial(asked, decision.state)
    table[decision.state, "timer:late"] = partial(late, decision.state)
    table[decision.decided, "timer:late"] = partial(later, decision.decided)
    for state in (decision.state, decision.decided):
        table[state, "answer:said"] = partial(replied, state)
        table[state, "timer:nudge"] = partial(nudge, state)
    return table


# ---- the end


def _finish(data: Proposal, found: Entering, ctx: Context) -> Step:
    """It is decided: the network exists. A name taken meanwhile, or a lost moderator, is asked for; the yes stands."""
    if found.gone:
        return ask_form("form", data, dict.fromkeys(found.gone, "declined"), ctx, why="gone")
    if found.address:
        data = msgspec.structs.replace(data, free=found.free)
        return ask_form("form", data, {"address": found.address}, ctx, why="renaming")
    moderator, deputy = data.nominee("moderator"), data.nominee("deputy")
    create = CreateGroup(
        name=data.values.get("address", ""),
        kind=data.kind,
        title=data.values.get("name", ""),
        language=data.language,
        moderator=moderator.person if moderator else data.proposer,
        deputy=deputy.person if deputy else None,
        established_by=data.preparation or data.group or None,
        entry={
            "purpose": data.values.get("motivation", ""),
            "work_questions": data.values.get("work_questions", ""),
        },
    )
    values = {**about(data), "steps": route_values(data), "established_by": data.preparation_title}
    told: dict[PersonId, Tell] = {person: Tell(person, "proposal/established", values) for person in found.audience}
    told.pop(data.proposer, None)
    own = Tell(data.recipient, "proposal/established", {**values, "own": True})
    return Step("established", data, (create, own, *told.values(), Close()))
