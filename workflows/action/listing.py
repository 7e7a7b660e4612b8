"""The kind of case "action-list": the actions of one mail, opened at once or after its writer has confirmed them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

import msgspec

from mailsvc.cases.actions import OpenAction
from mailsvc.cases.model import (
    Ask,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    QuestionKind,
    SetTimer,
    Step,
    Tell,
)
from mailsvc.clock import DAY, Instant, to_instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

KIND: Final = "action-list"
LETTERS: Final = ("action/confirm", "action/listed")


class Listed(msgspec.Struct, frozen=True):
    """One action that was understood; `due` is an ISO day."""

    text: str
    person: PersonId
    name: str
    due: str


class Unread(msgspec.Struct, frozen=True):
    """A line that became no action, and why: nobody, several, not-yours, no-text."""

    line: str
    why: str


class ActionList(msgspec.Struct, frozen=True):
    """What one mail asks for. `proven`: it needs no confirmation, or gives nothing to anybody else."""

    group_id: int | None
    group: Values
    writer: PersonId
    proven: bool
    items: tuple[Listed, ...]
    unread: tuple[Unread, ...] = ()
    about: str = ""
    confirm_days: int = 7


def values(data: ActionList) -> Values:
    """What the letters say."""
    return {
        "group": data.group,
        "items": [{"text": one.text, "name": one.name, "due": _noon(one.due)} for one in data.items],
        "unread": [{"line": one.line, "why": one.why} for one in data.unread],
        "about": data.about,
        "people": len({one.person for one in data.items if one.person != data.writer}),
    }


def _noon(day: str) -> int:
    """A day as letters print it, in whichever time zone."""
    return to_instant(datetime.combine(date.fromisoformat(day), time(12), UTC))


def opened(data: ActionList, event: Event, ctx: Context) -> Step:
    """Carried out where it is clear who wrote it; else its writer is asked."""
    if data.proven:
        return carried_out(data, event, ctx)
    until = Instant(ctx.now + data.confirm_days * DAY)
    return Step(
        "confirming",
        data,
        (Ask("confirm", data.writer, "action/confirm", {**values(data), "until": until}), SetTimer("end", until)),
    )


def carried_out(data: ActionList, _event: Event, _ctx: Context) -> Step:
    """Each action gets a case of its own, and its person a letter."""
    actions = tuple(
        OpenAction(
            data.group_id,
            one.person,
            one.text,
            date.fromisoformat(one.due),
            data.writer,
            data.about,
        )
        for one in data.items
    )
    return Step("carried-out", data, (*actions, Tell(data.writer, "action/listed", values(data)), Close()))


def cancelled(data: ActionList, _event: Event, _ctx: Context) -> Step:
    """It was not them, or they have not answered: nobody gets a letter."""
    return Step("cancelled", data, (Close(),))


ACTION_LIST: Final = CaseKind(
    name=KIND,
    data=ActionList,
    states=("new", "confirming", "carried-out", "cancelled"),
    start="new",
    final=frozenset({"carried-out", "cancelled"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): carried_out,
        ("confirming", "confirm:no"): cancelled,
        ("confirming", "timer:end"): cancelled,
        ("confirming", "withdraw"): cancelled,
    },
    questions={"confirm": QuestionKind("confirm")},
    effects=(OpenAction,),
    letters=LETTERS,
    title=lambda data: data.items[0].text if data.items else "",
    examples=Examples(data={"items": [(Listed("Book a room", PersonId(3), "Anna Berg", "2026-12-20"),)]}),
)
