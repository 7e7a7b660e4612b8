"""The kind of case "meeting-delegate": somebody sends a person who is not invited instead, and the caller decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import (
    Answered,
    CaseKind,
    Close,
    Context,
    Examples,
    Step,
)
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting.answering.caller_decides import CallerDecides
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


def taken(data: Delegate, _event: Answered, _ctx: Context) -> Step:
    """Yes."""
    return Step("taken", data, (TakeDelegate(), Close()))


_STEPS: Final = CallerDecides("delegate", values, taken, refusal=RefuseDelegate, refused="refused")
MEETING_DELEGATE: Final = CaseKind(
    name=KIND,
    data=Delegate,
    states=("new", "asking", "taken", "refused"),
    start="new",
    final=frozenset({"taken", "refused"}),
    transitions=_STEPS.transitions(),
    questions=_STEPS.questions(),
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
