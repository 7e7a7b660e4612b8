"""The kind of case "roster change": a moderator's `add` and `remove` act after a yes to a letter that lists them.

In strict mode somebody else says yes too (5-quality: two people).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import Ask, CaseKind, Close, Context, Event, QuestionKind, SetTimer, Step, Tell
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

KIND: Final = "roster-change"
WAIT_DAYS: Final = 7


class RosterChange(msgspec.Struct, frozen=True):
    """Addresses that a moderator wants to add, to remove, or to trust, moderate or ban (`posting`: address, word).

    `two`: one of `seconds`, among whom the moderator is not, must agree after them. `by_name`: theirs, once confirmed.
    """

    group_id: int
    group: Values
    by: PersonId
    add: tuple[str, ...]
    remove: tuple[str, ...]
    posting: tuple[tuple[str, str], ...] = ()
    two: bool = False
    seconds: tuple[PersonId, ...] = ()
    by_name: str = ""
    names: tuple[tuple[str, str], ...] = ()  # address, name: of those to be added, as the moderator typed them


@dataclass(frozen=True, slots=True)
class ChangeRoster:
    """Do it, and write a letter that says what was done."""


def _end(ctx: Context) -> SetTimer:
    return SetTimer("end", Instant(ctx.now + WAIT_DAYS * DAY))


def _listed(data: RosterChange, until: Instant) -> Values:
    """What the letters that ask say of the change."""
    names = dict(data.names)
    added = [f"{names[one]} <{one}>" if one in names else one for one in data.add]
    values: Values = {"group": data.group, "add": added, "remove": list(data.remove), "until": until}
    return {**values, "posting": [{"address": address, "word": word} for address, word in data.posting]}


def _tell(data: RosterChange, state: str, who: str = "") -> Tell:
    return Tell(data.by, "command/seconded", {"group": data.group, "outcome": state, "who": who})


def opened(data: RosterChange, _event: Event, ctx: Context) -> Step:
    """List the effect and ask."""
    timer = _end(ctx)
    return Step("asking", data, (Ask("confirm", data.by, "command/roster", _listed(data, timer.due_at)), timer))


def confirmed(data: RosterChange, _event: Event, ctx: Context) -> Step:
    """Yes: it is done, or the others are asked."""
    if not data.two:
        return Step("done", data, (ChangeRoster(), Close()))
    data = msgspec.structs.replace(data, by_name=ctx.actor_name)
    timer = _end(ctx)
    values = {**_listed(data, timer.due_at), "by": data.by_name}
    asks = [Ask("second", person, "command/second", values) for person in data.seconds]
    return Step("seconding", data, (*asks, timer, _tell(data, "asked")))


def seconded(data: RosterChange, _event: Event, ctx: Context) -> Step:
    """Somebody else said yes."""
    return Step("done", data, (ChangeRoster(), _tell(data, "done", ctx.actor_name), Close()))


def declined(data: RosterChange, _event: Event, ctx: Context) -> Step:
    """Somebody else said no."""
    return Step("dropped", data, (_tell(data, "declined", ctx.actor_name), Close()))


def alone(data: RosterChange, _event: Event, _ctx: Context) -> Step:
    """Nobody else answered in time."""
    return Step("dropped", data, (_tell(data, "expired"), Close()))


def dropped(data: RosterChange, _event: Event, _ctx: Context) -> Step:
    """No, or no answer."""
    return Step("dropped", data, (Close(),))


ROSTER_CHANGE: Final = CaseKind(
    name=KIND,
    data=RosterChange,
    states=("new", "asking", "seconding", "done", "dropped"),
    start="new",
    final=frozenset({"done", "dropped"}),
    transitions={
        ("new", "opened"): opened,
        ("asking", "confirm:yes"): confirmed,
        ("asking", "confirm:no"): dropped,
        ("asking", "timer:end"): dropped,
        ("asking", "withdraw"): dropped,
        ("seconding", "second:yes"): seconded,
        ("seconding", "second:no"): declined,
        ("seconding", "timer:end"): alone,
        ("seconding", "withdraw"): dropped,
    },
    questions={"confirm": QuestionKind("confirm"), "second": QuestionKind("confirm")},
    effects=(ChangeRoster,),
    letters=("command/roster", "command/second", "command/seconded"),
    title=lambda data: ", ".join((*data.add, *data.remove, *(one for one, _ in data.posting)))[:80],
)
