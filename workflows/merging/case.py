"""The kind of case "merging": the moderators of two networks agree, the members may object, and the two become one."""

from __future__ import annotations

from typing import Final

import msgspec

from lists.api import GROUP_CLOSED, Announce, MergeGroups
from mailsvc.cases.model import (
    Answered,
    Ask,
    CancelTimer,
    Close,
    Context,
    Event,
    SetTimer,
    Settle,
    Step,
    Tell,
)
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

OBJECTION: Final = "objection"


class Objection(msgspec.Struct, frozen=True):
    """What a member wrote; the last of each counts."""

    person: PersonId
    who: str
    text: str


class Merging(msgspec.Struct, frozen=True):
    """`group` becomes part of `into`. `here` and `there` moderate them; `agreed` are those who have said yes.

    `by` is who asked for it (None: an operator) and counts as agreed where they moderate one of the two.
    """

    group_id: int
    group: Values
    into_id: int
    into: Values
    here: tuple[PersonId, ...]
    there: tuple[PersonId, ...]
    members: int
    into_members: int
    by: PersonId | None = None
    by_name: str = ""
    agreed: tuple[PersonId, ...] = ()
    objections: tuple[Objection, ...] = ()
    days: int = 10
    answer_days: int = 10


def values(data: Merging) -> Values:
    """What all letters of the case say."""
    return {
        "group": data.group,
        "into": data.into,
        "members": data.members,
        "into_members": data.into_members,
        "by": data.by_name,
        "objections": [{"who": one.who, "text": one.text} for one in data.objections],
    }


def _both(data: Merging) -> bool:
    return bool(set(data.agreed) & set(data.here)) and bool(set(data.agreed) & set(data.there))


def _awaited(data: Merging) -> tuple[PersonId, ...]:
    """The moderators of the side, or sides, that has not agreed yet."""
    sides = [side for side in (data.here, data.there) if not set(data.agreed) & set(side)]
    return tuple(dict.fromkeys(person for side in sides for person in side))


def _asking(data: Merging, question: str, until: int, *, reminder: bool = False) -> tuple[Ask, ...]:
    said = {**values(data), "until": until, "reminder": reminder}
    return tuple(Ask(question, person, f"merging/{question}", said) for person in _awaited(data))


def _tell(data: Merging, outcome: str, **more: object) -> tuple[Tell, ...]:
    """Whoever asked, and all moderators who have agreed; once the members know, all moderators."""
    agreed = (*data.here, *data.there) if data.objections else data.agreed
    people = dict.fromkeys((*((data.by,) if data.by is not None else ()), *agreed))
    said = {**values(data), "outcome": outcome, **more}
    return tuple(Tell(person, "merging/outcome", said) for person in people)


def opened(data: Merging, _event: Event, ctx: Context) -> Step:
    """The side that has not asked for it itself is asked."""
    if not (data.here and data.there):
        return Step("dropped", data, (*_tell(data, "nobody"), Close()))
    end, remind = ctx.in_working_days(data.answer_days), ctx.in_working_days(max(1, data.answer_days // 2))
    timers = (SetTimer("remind", remind), SetTimer("end", end))
    return Step("agreeing", data, (*_asking(data, "agree", end), *timers, *_tell(data, "asked")))


def reminded(data: Merging, _event: Event, ctx: Context) -> Step:
    """Once more, halfway."""
    until = ctx.in_working_days(max(1, data.answer_days - data.answer_days // 2))
    return Step("agreeing", data, _asking(data, "agree", until, reminder=True))


def agreed(data: Merging, event: Answered, ctx: Context) -> Step:
    """One yes from each side: the members of both are told, with the day."""
    data = msgspec.structs.replace(data, agreed=tuple(dict.fromkeys((*data.agreed, event.voter))))
    if not _both(data):
        return Step("agreeing", data)
    end = ctx.in_working_days(data.days)
    said = {**values(data), "merge_at": end}
    told = [
        Announce(data.group_id, "merging/members", {**said, "mine": True}),
        Announce(data.into_id, "merging/members", {**said, "mine": False}),
    ]
    timers = (CancelTimer("remind"), CancelTimer("end"), SetTimer("members", end))
    return Step("told", data, (Settle("agree"), *told, *timers, *_tell(data, "told", merge_at=end)))


def declined(data: Merging, event: Answered, ctx: Context) -> Step:
    """One no is enough; both networks stay as they are."""
    told = _tell(data, "declined", who=ctx.actor_name, reason=event.text)
    return Step("declined", data, (*told, Close()))


def silent(data: Merging, _event: Event, _ctx: Context) -> Step:
    """One side has not answered in time."""
    return Step("declined", data, (*_tell(data, "silent"), Close()))


def objected(data: Merging, event: Answered, ctx: Context) -> Step:
    """A member has answered the announcement; the moderators see it when the time is over."""
    kept = tuple(one for one in data.objections if one.person != event.voter)
    text = event.text[:2000]
    objections = (*kept, Objection(event.voter, ctx.actor_name, text))
    return Step("told", msgspec.structs.replace(data, objections=objections))


def _open(event: Event) -> bool:
    """Whether both networks are still there (facts)."""
    return bool(msgspec.json.decode(getattr(event, "facts", "") or "true"))


def members_over(data: Merging, event: Event, ctx: Context) -> Step:
    """Without a word from the members it is done; otherwise both sides confirm it, having read them."""
    if not _open(event):
        return closed(data, event, ctx)
    if not data.objections:
        return merge(data, event, ctx)
    data = msgspec.structs.replace(data, agreed=())
    end = ctx.in_working_days(data.answer_days)
    return Step("confirming", data, (Settle(OBJECTION), *_asking(data, "confirm", end), SetTimer("end", end)))


def confirmed(data: Merging, event: Answered, ctx: Context) -> Step:
    """One yes from each side, after the objections."""
    data = msgspec.structs.replace(data, agreed=tuple(dict.fromkeys((*data.agreed, event.voter))))
    if not _open(event):
        return closed(data, event, ctx)
    return merge(data, event, ctx) if _both(data) else Step("confirming", data)


def merge(data: Merging, _event: Event, _ctx: Context) -> Step:
    """Done: one network, and one letter to all who are in it now."""
    done = Announce(data.into_id, "merging/done", values(data))
    return Step("merged", data, (MergeGroups(data.group_id, data.into_id), done, Close()))


def stopped(data: Merging, event: Event, ctx: Context) -> Step:
    """The members were told of it, so they are told that it is off."""
    off = [Announce(one, "merging/off", values(data)) for one in (data.group_id, data.into_id)]
    why = "declined" if isinstance(event, Answered) else "silent"
    text = event.text if isinstance(event, Answered) else ""
    told = _tell(data, why, who=ctx.actor_name, reason=text)
    return Step("declined", data, (*off, *told, Close()))


def withdrawn(data: Merging, _event: Event, _ctx: Context) -> Step:
    """Taken back before the members were told."""
    return Step("dropped", data, (Close(),))


def called_off(data: Merging, _event: Event, _ctx: Context) -> Step:
    """Taken back afterwards."""
    off = [Announce(one, "merging/off", values(data)) for one in (data.group_id, data.into_id)]
    return Step("dropped", data, (*off, Close()))


def closed(data: Merging, _event: Event, _ctx: Context) -> Step:
    """One of the two was closed meanwhile."""
    return Step("dropped", data, (*_tell(data, "nobody"), Close()))


TABLE: Final = {
    ("new", "opened"): opened,
    ("agreeing", "agree:yes"): agreed,
    ("agreeing", "agree:no"): declined,
    ("agreeing", "timer:remind"): reminded,
    ("agreeing", "timer:end"): silent,
    ("agreeing", "withdraw"): withdrawn,
    ("told", f"{OBJECTION}:said"): objected,
    ("told", "timer:members"): members_over,
    ("told", "withdraw"): called_off,
    ("confirming", "confirm:yes"): confirmed,
    ("confirming", "confirm:no"): stopped,
    ("confirming", "timer:end"): stopped,
    ("confirming", "withdraw"): called_off,
    **{(state, f"timer:{GROUP_CLOSED}"): closed for state in ("agreeing", "told", "confirming")},
}
