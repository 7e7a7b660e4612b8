"""The kind of case "joint-matter": every party answers unseen by the others; outcome, follow-up, minutes both sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Final

import msgspec

from lists.api import Announce
from mailsvc.cases.actions import OpenAction
from mailsvc.cases.ballots import with_vote
from mailsvc.cases.body_decision import ACT, postponed_to
from mailsvc.cases.model import (
    Answered,
    Ask,
    CancelTimer,
    Close,
    Context,
    Event,
    Fired,
    Opened,
    PutToBody,
    Reopen,
    SetTimer,
    Settle,
    Step,
    Tell,
    Transition,
)
from mailsvc.clock import Instant, to_datetime
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.joint.counting import AGREED, LIFT, MEANINGS, POSTPONE, outcome, positions
from workflows.joint.labels import named_in, said_of_minutes
from workflows.joint.model import (
    DECIDE,
    Earlier,
    JointMatter,
    Known,
    LiftMatter,
    Note,
    Refusal,
    Signature,
    about,
    values,
    with_notes,
    without_note,
)


def _known(event: Opened | Answered | Fired) -> Known:
    return msgspec.json.decode(event.facts, type=Known)


# ---- the answers of the parties


def opened(data: JointMatter, _event: Opened, ctx: Context) -> Step:
    """It stands in the digests of all spokespersons."""
    return Step("asking", data, (PutToBody(DECIDE, data.body), SetTimer("end", ctx.in_working_days(data.days.answer))))


def answered(data: JointMatter, event: Answered, ctx: Context) -> Step:
    """One more answer, or a second thought: nobody is told anything until every party has answered."""
    data = msgspec.structs.replace(data, votes=with_vote(data.votes, event))
    found = positions(_known(event).parties, _known(event).seats, data.votes)
    if found is None:
        return Step("asking", data, (CancelTimer(ACT),))
    if outcome(found) == POSTPONE:
        return _postponed(data, event, ctx)
    if ctx.body_undo == 0:
        return closed(data, event, ctx)
    return Step("answered", data, (SetTimer(ACT, Instant(ctx.now + ctx.body_undo)),))


def _postponed(data: JointMatter, event: Answered, ctx: Context) -> Step:
    said = " ".join(one.reason for one in data.votes if one.meaning == POSTPONE)
    day = postponed_to(f"{event.argument} {said}", ctx.now)
    data = msgspec.structs.replace(data, votes=())
    put = PutToBody(DECIDE, data.body, not_before=day)
    return Step(
        "asking", data, (CancelTimer(ACT), Reopen(DECIDE), put, SetTimer("end", ctx.in_working_days(data.days.answer)))
    )


def closed(data: JointMatter, event: Answered | Fired, ctx: Context) -> Step:
    """Every party has answered, and no second thought came: this is the outcome."""
    known = _known(event)
    found = positions(known.parties, known.seats, data.votes)
    if found is None:  # a spokesperson has come since
        return Step("asking", data)
    data = msgspec.structs.replace(
        data,
        decision=outcome(found),
        decided_on=DECIDE,
        positions=found,
        at=ctx.now,
        next_title=known.next_title,
        votes=(),
    )
    over = (Settle(DECIDE), CancelTimer("end"), CancelTimer(ACT))
    lacking = without_note(data)
    if not lacking:
        return _with(_told(data, known, ctx), over)
    timers = (
        SetTimer("remind", ctx.in_working_days(data.days.reminder)),
        SetTimer("notes", ctx.in_working_days(data.days.note)),
    )
    return Step("noting", data, (*over, *_ask_notes(data, known, lacking), *timers))


def lapsed(data: JointMatter, event: Fired, _ctx: Context) -> Step:
    """Not every party has answered in time: it ends without an outcome, and without showing any answer."""
    told = tuple(Tell(one, "joint/lapsed", about(data)) for one in _with_raiser(data, _known(event).writers))
    return Step("lapsed", msgspec.structs.replace(data, votes=()), (*told, Close()))


def withdrawn(data: JointMatter, _event: Event, _ctx: Context) -> Step:
    """Whoever raised it takes it back."""
    return Step("withdrawn", msgspec.structs.replace(data, votes=()), (Close(),))


# ---- each side's note


def _ask_notes(data: JointMatter, known: Known, parties: Iterable[str], *, again: bool = False) -> tuple[Ask, ...]:
    wanted = set(parties)
    letter: Values = {**about(data), "reminder": again}
    return tuple(Ask("note", one.person, "joint/note", letter) for one in known.seats if one.party in wanted)


def noted(data: JointMatter, event: Answered, ctx: Context) -> Step:
    """A side's note; the other side sees it together with its own."""
    known = _known(event)
    party = _party_of(known, event.voter)
    if party is None:
        return Step("noting", data)
    kept = tuple(one for one in data.notes if one.party != party)
    data = msgspec.structs.replace(data, notes=(*kept, Note(party, event.text)))
    if without_note(data):
        return Step("noting", data)
    return _told(data, known, ctx)


def notes_reminded(data: JointMatter, event: Fired, _ctx: Context) -> Step:
    """Once more to the sides whose note is missing."""
    return Step("noting", data, _ask_notes(data, _known(event), without_note(data), again=True))


def notes_over(data: JointMatter, event: Fired, ctx: Context) -> Step:
    """It goes on without the note."""
    return _told(data, _known(event), ctx)


# ---- the outcome, and who follows it up


def _told(data: JointMatter, known: Known, ctx: Context) -> Step:
    """Everybody in the body learns the outcome; what was agreed needs somebody responsible, the rest its minutes."""
    data = with_notes(data)
    effects: list[object] = [Settle("note"), CancelTimer("remind"), CancelTimer("notes")]
    if data.decision == LIFT and known.next:
        effects.append(LiftMatter(known.next, data))
    effects.append(Announce(data.body, "joint/outcome", values(data)))
    if data.decision != AGREED:
        return _with(_minutes(data, known, ctx), effects)
    if data.responsible is not None:
        return _with(_followed_up(data, known, ctx, data.responsible, giver=data.by), effects)
    asks = tuple(Ask("assign", one, "joint/assign", values(data)) for one in known.writers)
    return Step("assigning", data, (*effects, *asks, SetTimer("assign", ctx.in_working_days(data.days.responsible))))


def assigned(data: JointMatter, event: Answered, ctx: Context) -> Step:
    """Somebody and a day, or what is missing is asked for."""
    known = _known(event)
    if known.person is None or known.problem:
        letter = {**values(data), "problem": known.problem, "said": event.text[:300]}
        return Step("assigning", data, (Ask("assign", event.person, "joint/assign", letter),))
    data = msgspec.structs.replace(data, due=known.due, responsible_name=named_in(event.text))
    return _followed_up(data, known, ctx, known.person, giver=event.person)


def assigned_late(data: JointMatter, event: Fired, ctx: Context) -> Step:
    """Nobody was named: whoever raised the matter follows it up, else who writes the minutes."""
    known = _known(event)
    person = data.by or next(iter(known.writers), None)
    if person is None:
        return _with(_minutes(data, known, ctx), (Settle("assign"),))
    data = msgspec.structs.replace(data, responsible_name=data.by_name if data.by is not None else "")
    return _with(_followed_up(data, known, ctx, person, giver=None), (Settle("assign"),))


def _followed_up(data: JointMatter, known: Known, ctx: Context, person: PersonId, *, giver: PersonId | None) -> Step:
    data = msgspec.structs.replace(data, due=data.due or known.later)
    due = to_datetime(Instant(data.due)).astimezone(UTC).date()
    giver = None if giver == person else giver
    action = OpenAction(data.body, person, data.title, due, giver, str(data.group.get("title", "")))
    return _with(_minutes(data, known, ctx), (CancelTimer("assign"), action))


# ---- minutes


def _minutes(data: JointMatter, known: Known, ctx: Context) -> Step:
    """Whoever writes the minutes gets them as they follow from the matter, and may add to them."""
    asks = tuple(Ask("minutes", one, "joint/minutes", values(data)) for one in known.writers)
    return Step("minuting", data, (*asks, SetTimer("minutes", ctx.in_working_days(data.days.minutes))))


def written(data: JointMatter, event: Answered, ctx: Context) -> Step:
    """The text of the secretary is a part of the minutes; a joint letter to all staff may be asked for with it."""
    text, everybody = said_of_minutes(event.text) if event.meaning == "said" else (data.minutes, None)
    data = msgspec.structs.replace(
        data, minutes=text or data.minutes, everybody=data.everybody if everybody is None else everybody
    )
    return _to_sign(data, _known(event), ctx)


def unwritten(data: JointMatter, event: Fired, ctx: Context) -> Step:
    """Nobody has added anything: both sides are asked to sign what follows from the matter."""
    return _to_sign(data, _known(event), ctx)


def _to_sign(data: JointMatter, known: Known, ctx: Context) -> Step:
    data = msgspec.structs.replace(data, signatures=(), refusal=None)
    asks = tuple(Ask("sign", one.person, "joint/sign", values(data)) for one in known.seats)
    timers = (
        SetTimer("remind", ctx.in_working_days(data.days.reminder)),
        SetTimer("unsigned", ctx.in_working_days(data.days.signature)),
    )
    return Step("signing", data, (Settle("minutes"), CancelTimer("minutes"), *asks, *timers))


def signed(data: JointMatter, event: Answered, ctx: Context) -> Step:
    """One side has signed; when all have, the minutes go to everybody in the body."""
    known = _known(event)
    party = _party_of(known, event.voter)
    if party is None or any(one.party == party for one in data.signatures):
        return Step("signing", data)
    title = next(one.title for one in known.parties if one.name == party)
    data = msgspec.structs.replace(
        data, signatures=(*data.signatures, Signature(party, title, ctx.actor_name, ctx.now))
    )
    if _unsigned(data, known):
        return Step("signing", data)
    told = [Announce(data.body, "joint/signed", values(data))]
    if data.everybody:
        said = {**values(data), "joint": data.group}
        del said["group"]  # the group that gets it is another
        told += [Announce(group, "joint/letter", said) for group in known.everybody]
    return Step("done", data, (*told, Close()))


def refused(data: JointMatter, event: Answered, ctx: Context) -> Step:
    """Back to whoever writes them, with the reason; all signatures are asked for anew after that."""
    known = _known(event)
    party = _party_of(known, event.voter)
    title = next((one.title for one in known.parties if one.name == party), "")
    refusal = Refusal(title, ctx.actor_name, event.text)
    data = msgspec.structs.replace(data, signatures=(), refusal=refusal)
    over = (Settle("sign", void=True), CancelTimer("remind"), CancelTimer("unsigned"))
    return _with(_minutes(data, known, ctx), over)


def sign_reminded(data: JointMatter, event: Fired, _ctx: Context) -> Step:
    """Once more to the sides that have not signed."""
    known = _known(event)
    silent, letter = _unsigned(data, known), {**values(data), "reminder": True}
    return Step(
        "signing",
        data,
        tuple(Ask("sign", one.person, "joint/sign", letter) for one in known.seats if one.party in silent),
    )


def unsigned(data: JointMatter, event: Fired, _ctx: Context) -> Step:
    """The time for signing is over: the minutes go out with who has not signed."""
    known = _known(event)
    silent = _unsigned(data, known)
    titles = [one.title for one in known.parties if one.name in silent]
    return Step("unsigned", data, (Announce(data.body, "joint/signed", {**values(data), "unsigned": titles}), Close()))


def _unsigned(data: JointMatter, known: Known) -> set[str]:
    return {one.name for one in known.parties} - {one.party for one in data.signatures}


def _party_of(known: Known, person: PersonId) -> str | None:
    return next((one.party for one in known.seats if one.person == person), None)


def _with_raiser(data: JointMatter, writers: Iterable[PersonId]) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys([*([data.by] if data.by is not None else []), *writers]))


def _with(step: Step, before: Iterable[object]) -> Step:
    """The step with more effects, before its own."""
    return Step(step.state, step.data, (*before, *step.effects))


def earlier(data: JointMatter, number: int) -> tuple[Earlier, ...]:
    """What the next level is told of how it went so far."""
    return (*data.earlier, Earlier(str(data.group.get("title", "")), number, data.at, data.positions))


TABLE: Final[Mapping[tuple[str, str], Transition]] = {
    ("new", "opened"): opened,
    **{(state, f"{DECIDE}:{meaning}"): answered for state in ("asking", "answered") for meaning in MEANINGS},
    ("answered", f"timer:{ACT}"): closed,
    ("asking", "timer:end"): lapsed,
    ("asking", "withdraw"): withdrawn,
    ("noting", "note:said"): noted,
    ("noting", "timer:remind"): notes_reminded,
    ("noting", "timer:notes"): notes_over,
    ("assigning", "assign:said"): assigned,
    ("assigning", "timer:assign"): assigned_late,
    ("minuting", "minutes:said"): written,
    ("minuting", "minutes:yes"): written,
    ("minuting", "timer:minutes"): unwritten,
    ("signing", "sign:sign"): signed,
    ("signing", "sign:no"): refused,
    ("signing", "timer:remind"): sign_reminded,
    ("signing", "timer:unsigned"): unsigned,
}
