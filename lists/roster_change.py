"""The kind of case "roster change": a moderator's `add` and `remove` act after a yes to a letter that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import Ask, CaseKind, Close, Context, Event, QuestionKind, SetTimer, Step
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

KIND: Final = "roster-change"
WAIT_DAYS: Final = 7


class RosterChange(msgspec.Struct, frozen=True):
    """Addresses that a moderator wants to add, to remove, or to trust, moderate or ban (`posting`: address, word)."""

    group_id: int
    group: Values
    by: PersonId
    add: tuple[str, ...]
    remove: tuple[str, ...]
    posting: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeRoster:
    """Do it, and write a letter that says what was done."""


def opened(data: RosterChange, _event: Event, ctx: Context) -> Step:
    """List the effect and ask."""
    timer = SetTimer("end", Instant(ctx.now + WAIT_DAYS * DAY))
    values: Values = {"group": data.group, "add": list(data.add), "remove": list(data.remove), "until": timer.due_at}
    values = {**values, "posting": [{"address": address, "word": word} for address, word in data.posting]}
    return Step("asking", data, (Ask("confirm", data.by, "command/roster", values), timer))


def confirmed(data: RosterChange, _event: Event, _ctx: Context) -> Step:
    """Yes."""
    return Step("done", data, (ChangeRoster(), Close()))


def dropped(data: RosterChange, _event: Event, _ctx: Context) -> Step:
    """No, or no answer."""
    return Step("dropped", data, (Close(),))


ROSTER_CHANGE: Final = CaseKind(
    name=KIND,
    data=RosterChange,
    states=("new", "asking", "done", "dropped"),
    start="new",
    final=frozenset({"done", "dropped"}),
    transitions={
        ("new", "opened"): opened,
        ("asking", "confirm:yes"): confirmed,
        ("asking", "confirm:no"): dropped,
        ("asking", "timer:end"): dropped,
        ("asking", "withdraw"): dropped,
    },
    questions={"confirm": QuestionKind("confirm")},
    effects=(ChangeRoster,),
    letters=("command/roster",),
    title=lambda data: ", ".join((*data.add, *data.remove, *(one for one, _ in data.posting)))[:80],
)
