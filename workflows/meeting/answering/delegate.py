"""The kind of case "meeting-delegate": somebody sends a person who is not invited instead, and the caller decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import (
    Answered,
    Ask,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    QuestionKind,
    SetTimer,
    Step,
)
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting.store import Told

KIND: Final = "meeting-delegate"
LETTERS: Final = ("meeting/delegate", "meeting/delegated", "meeting/stand-in")


class Delegate(msgspec.Struct, frozen=True):
    """`who`, whose place is `invitee`, sends `other` (an address) instead; `told` is how the meeting was then."""

    meeting: int
    group_id: int
    group: Values
    caller: PersonId
    invitee: int
    who: str
    other: str
    told: Told
    text: str


@dataclass(frozen=True, slots=True)
class TakeDelegate:
    """The other comes instead: counted in the place of who sends them, and told of the meeting."""


@dataclass(frozen=True, slots=True)
class RefuseDelegate:
    """Nobody comes instead; who sends them is asked whether they come themselves."""

    reason: str = ""


def values(data: Delegate) -> Values:
    """What the letter to the caller says."""
    told = data.told
    return {
        "group": data.group,
        "about": told.title,
        "at": {"starts": told.starts, "ends": told.ends, "whole": told.whole_day},
        "who": data.who,
        "other": data.other,
        "text": data.text,
        "until": told.starts,
    }


def opened(data: Delegate, _event: Event, ctx: Context) -> Step:
    """Ask the caller."""
    end = SetTimer("end", Instant(max(data.told.starts, ctx.now)))
    return Step("asking", data, (Ask("delegate", data.caller, "meeting/delegate", values(data)), end))


def taken(data: Delegate, _event: Answered, _ctx: Context) -> Step:
    """Yes."""
    return Step("taken", data, (TakeDelegate(), Close()))


def refused(data: Delegate, event: Answered, _ctx: Context) -> Step:
    """No, with the reason."""
    return Step("refused", data, (RefuseDelegate(event.text), Close()))


def ended(data: Delegate, _event: Event, _ctx: Context) -> Step:
    """The caller has not answered, and the meeting begins."""
    return Step("refused", data, (Close(),))


MEETING_DELEGATE: Final = CaseKind(
    name=KIND,
    data=Delegate,
    states=("new", "asking", "taken", "refused"),
    start="new",
    final=frozenset({"taken", "refused"}),
    transitions={
        ("new", "opened"): opened,
        ("asking", "delegate:yes"): taken,
        ("asking", "delegate:no"): refused,
        ("asking", "timer:end"): ended,
        ("asking", "withdraw"): ended,
    },
    questions={"delegate": QuestionKind("confirm", letter="meeting/delegate", values=values)},
    effects=(TakeDelegate, RefuseDelegate),
    letters=LETTERS,
    title=lambda data: data.told.title,
    examples=Examples(
        data={
            "told": [Told("Maps", 1_900_000_000_000_000, 1_900_003_600_000_000, "UTC")],
            "other": ["delegate@example.org"],
        }
    ),
)
