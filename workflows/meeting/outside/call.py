"""The kind of case "calendar-call": a network was invited from somebody's own calendar; decided as a call by mail is.

What is unclear is asked for, and who may call is told, as in `call`; what differs is that the caller's calendar is
answered for the network, and that whoever is invited there already is not invited once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import CaseKind, Close, Context, Event, Examples, Step
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from workflows.meeting import call
from workflows.meeting.call import MEETING_CALL, WAIT_DAYS, Begin, Call
from workflows.meeting.outside.series import Wanted
from workflows.meeting.plan import House, Plan, Time
from workflows.meeting.store import Told

KIND: Final = "calendar-call"


class CalendarCall(Call, frozen=True):
    """A call from a calendar: `outside` is its row, `wanted` what it asks for, `there` who has it in a calendar.

    `left_out` are files that do not go on with the invitations.
    """

    outside: int = 0
    wanted: tuple[Wanted, ...] = ()
    there: tuple[PersonId, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerCaller:
    """Answer the caller's calendar for the network: ACCEPTED or DECLINED."""

    partstat: str


def opened(data: CalendarCall, _event: Event, ctx: Context) -> Step:
    """Asked about, or called by whoever may."""
    data = msgspec.structs.replace(data, until=int(Instant(ctx.now + WAIT_DAYS * DAY)))
    return call.proceed(data, ctx)


def _declined(data: CalendarCall, event: Event, ctx: Context) -> Step:
    step = call.no(data, event, ctx)  # type: ignore[arg-type]
    return Step(step.state, step.data, (AnswerCaller("DECLINED"), *step.effects))


def _lapsed(data: CalendarCall, event: Event, ctx: Context) -> Step:
    step = call.lapsed(data, event, ctx)
    return Step(step.state, step.data, (AnswerCaller("DECLINED"), *step.effects))


def _withdrawn(data: CalendarCall, _event: Event, _ctx: Context) -> Step:
    """The caller's calendar has called it off, or says it anew: nobody needs an answer."""
    return Step("dropped", data, (Close(),))


_EXAMPLE: Final = Told("Maps", 1_800_000_000_000_000, 1_800_003_600_000_000, "Europe/Stockholm", place="Room 4")
CALENDAR_CALL: Final = CaseKind(
    name=KIND,
    data=CalendarCall,
    states=MEETING_CALL.states,
    start=MEETING_CALL.start,
    final=MEETING_CALL.final,
    transitions={
        **MEETING_CALL.transitions,
        ("new", "opened"): opened,
        ("confirming", "confirm:no"): _declined,
        ("allowing", "allow:no"): _declined,
        **{(state, "timer:end"): _lapsed for state in ("asking", "confirming", "allowing")},
        **{(state, "withdraw"): _withdrawn for state in ("asking", "confirming", "allowing")},
    },
    questions=MEETING_CALL.questions,
    effects=(Begin, AnswerCaller),
    letters=(*call.LETTERS, "meeting/tally", "meeting/own-entry"),
    title=call.title,
    examples=Examples(
        data={
            "right": [call.NOW, call.CONFIRM, call.MODERATORS],
            "text": [""],
            "house": [House("Europe/Stockholm", "SE")],
            "plan": [None, Plan("Maps", (Time(1_800_000_000_000_000, 1_800_003_600_000_000),))],
            "wanted": [(Wanted(1_800_000_000_000_000, _EXAMPLE),)],
            "values": [{}],
            "asks": [()],
        },
        events={"fill:filled": [{"text": "When: 2027-03-10 13:00-14:30\n"}, {"text": "When: soon\n"}]},
    ),
)
