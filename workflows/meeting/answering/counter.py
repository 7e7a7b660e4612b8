"""The kind of case "meeting-counter": somebody proposes another time from a calendar, and the caller decides."""

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

KIND: Final = "meeting-counter"
LETTERS: Final = ("meeting/counter", "meeting/declined-counter")


class Counter(msgspec.Struct, frozen=True):
    """`invitee` proposes `starts` to `ends` (`whole` days) instead of what `told` says; `case` is the meeting's."""

    meeting: int
    group_id: int
    group: Values
    caller: PersonId
    invitee: int
    who: str
    told: Told
    starts: int
    ends: int
    text: str
    case: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """The proposed time is taken."""


@dataclass(frozen=True, slots=True)
class DeclineCounter:
    """The meeting stays as it is: DECLINECOUNTER to who proposed it."""

    reason: str = ""


def values(data: Counter) -> Values:
    """What the letter to the caller says."""
    told = data.told
    return {
        "group": data.group,
        "about": told.title,
        "at": {"starts": told.starts, "ends": told.ends, "whole": told.whole_day},
        "proposed": {"starts": data.starts, "ends": data.ends, "whole": data.whole},
        "who": data.who,
        "text": data.text,
        "until": told.starts,
    }


def accepted(data: Counter, _event: Answered, ctx: Context) -> Step:
    """Yes: the meeting moves, unless that time has passed meanwhile."""
    if data.starts <= ctx.now:
        return Step("declined", data, (DeclineCounter(), Close()))
    return Step("accepted", data, (MoveMeeting(), Close()))


_STEPS: Final = CallerDecides("counter", values, accepted, refusal=DeclineCounter, refused="declined")
MEETING_COUNTER: Final = CaseKind(
    name=KIND,
    data=Counter,
    states=("new", "asking", "accepted", "declined"),
    start="new",
    final=frozenset({"accepted", "declined"}),
    transitions=_STEPS.transitions(),
    questions=_STEPS.questions(),
    effects=(MoveMeeting, DeclineCounter),
    letters=LETTERS,
    title=lambda data: data.told.title,
    examples=Examples(
        data={
            "told": [Told("Maps", 1_900_000_000_000_000, 1_900_003_600_000_000, "UTC")],
            "starts": [1_900_000_000_000_000],
        }
    ),
)
