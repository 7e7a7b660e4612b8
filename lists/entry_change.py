"""The kind of case "entry-change": `set purpose …` and its like act after a yes to a letter that lists them.

In strict mode somebody else says yes too (5-quality: two people). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import Ask, CaseKind, Close, Context, Event, Examples, QuestionKind, SetTimer, Step, Tell
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

KIND: Final = "entry-change"
WAIT_DAYS: Final = 7
DOCUMENT: Final = "document"  # a change that takes the document of that name away


class EntryChange(msgspec.Struct, frozen=True):
    """`changes`: key of the entry (or `document`), its value, and the value before. `seconds` must agree too."""

    group_id: int
    group: Values
    by: PersonId
    changes: tuple[tuple[str, str, str], ...]
    seconds: tuple[PersonId, ...] = ()
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """Do it."""


def _end(ctx: Context) -> SetTimer:
    return SetTimer("end", Instant(ctx.now + WAIT_DAYS * DAY))


def _listed(data: EntryChange, until: Instant) -> Values:
    changes = [{"key": key, "value": value, "before": before} for key, value, before in data.changes]
    return {"group": data.group, "changes": changes, "until": until}


def _tell(data: EntryChange, outcome: str, who: str = "") -> Tell:
    return Tell(data.by, "entry/told", {"group": data.group, "outcome": outcome, "who": who})


def opened(data: EntryChange, _event: Event, ctx: Context) -> Step:
    """List the effect and ask."""
    timer = _end(ctx)
    return Step("asking", data, (Ask("confirm", data.by, "entry/confirm", _listed(data, timer.due_at)), timer))


def confirmed(data: EntryChange, _event: Event, ctx: Context) -> Step:
    """Yes: it is done, or the others are asked."""
    if not data.seconds:
        return Step("done", data, (ChangeEntry(), Close()))
    data = msgspec.structs.replace(data, by_name=ctx.actor_name)
    timer = _end(ctx)
    values = {**_listed(data, timer.due_at), "by": data.by_name}
    asks = [Ask("second", person, "entry/second", values) for person in data.seconds]
    return Step("seconding", data, (*asks, timer, _tell(data, "asked")))


def seconded(data: EntryChange, _event: Event, ctx: Context) -> Step:
    """Somebody else said yes."""
    return Step("done", data, (ChangeEntry(), _tell(data, "done", ctx.actor_name), Close()))


def declined(data: EntryChange, _event: Event, ctx: Context) -> Step:
    """Somebody else said no."""
    return Step("dropped", data, (_tell(data, "declined", ctx.actor_name), Close()))


def alone(data: EntryChange, _event: Event, _ctx: Context) -> Step:
    """Nobody else answered in time."""
    return Step("dropped", data, (_tell(data, "expired"), Close()))


def dropped(data: EntryChange, _event: Event, _ctx: Context) -> Step:
    """No, or no answer."""
    return Step("dropped", data, (Close(),))


ENTRY_CHANGE: Final = CaseKind(
    name=KIND,
    data=EntryChange,
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
    effects=(ChangeEntry,),
    letters=("entry/confirm", "entry/second", "entry/told"),
    examples=Examples({"seconds": ((), (PersonId(2),))}),
    title=lambda data: " ".join(next((value for _, value, _ in data.changes), "").split())[:80],
)
