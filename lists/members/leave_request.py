"""The kind of case "leave": by the personal key at once, without it after a yes from the registered address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import (
    Ask,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    QuestionKind,
    SetTimer,
    Step,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import MembershipId, PersonId
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "leave"
LETTERS: Final = ("leave/confirm", "leave/done")
UNDO_DAYS: Final = 7


class Leaving(msgspec.Struct, frozen=True):
    """A member leaves. `proven`: the personal key was used, which is enough alone."""

    group_id: int
    group: Values
    membership: MembershipId
    person: PersonId
    address: str
    language: str
    proven: bool
    confirm_days: int = 7


@dataclass(frozen=True, slots=True)
class EndMembership:
    """Leave now; the letter that says so offers `undo` until then."""

    undo_until: Instant


@dataclass(frozen=True, slots=True)
class RestoreMembership:
    """Taken back: a member as before."""


def opened(data: Leaving, event: Event, ctx: Context) -> Step:
    """At once with the key, else ask the registered address."""
    if data.proven:
        return left(data, event, ctx)
    timer = SetTimer("unconfirmed", Instant(ctx.now + data.confirm_days * DAY))
    ask = Ask("confirm", data.person, "leave/confirm", {"group": data.group, "until": timer.due_at})
    return Step("confirming", data, (ask, timer))


def left(data: Leaving, _event: Event, ctx: Context) -> Step:
    """Gone; for a week one word brings everything back."""
    until = Instant(ctx.now + UNDO_DAYS * DAY)
    return Step(
        "left",
        data,
        (CancelTimer("unconfirmed"), EndMembership(until), SetTimer("settled", until)),
    )


def stayed(data: Leaving, _event: Event, _ctx: Context) -> Step:
    """A no, or no answer: nothing changes."""
    return Step("stayed", data, (Close(),))


def undone(data: Leaving, _event: Event, _ctx: Context) -> Step:
    """Back as before."""
    return Step("stayed", data, (RestoreMembership(), Close()))


def settled(data: Leaving, _event: Event, _ctx: Context) -> Step:
    """The week is over."""
    return Step("settled", data, (Close(),))


LEAVE: Final = CaseKind(
    name=KIND,
    data=Leaving,
    states=("new", "confirming", "left", "stayed", "settled"),
    start="new",
    final=frozenset({"stayed", "settled"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): left,
        ("confirming", "confirm:no"): stayed,
        ("confirming", "timer:unconfirmed"): stayed,
        ("confirming", "withdraw"): stayed,
        ("left", "undo:undo"): undone,
        ("left", "timer:settled"): settled,
        ("left", "withdraw"): undone,
    },
    questions={"confirm": QuestionKind("confirm")},
    effects=(EndMembership, RestoreMembership),
    letters=LETTERS,
    waits=lambda data: Recipient(data.address, data.language, data.person),
    title=lambda data: data.address,
)
