"""The kind of case "meeting-attendance": somebody who may say who was at a meeting asks for the list, and corrects it.

Opened by the command `present` at `N-request@`, at any time after the meeting has begun; see `Attending`. A command
that nothing proves changes nothing: its letter, filled in as was asked, is sent back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from lists.api import GROUP_CLOSED
from mailsvc.cases.model import (
    Answered,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    Facts,
    QuestionKind,
    Rule,
    SetTimer,
    Step,
    Takes,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.message.forms import Field, Form
from mailsvc.store.outgoing import Values
from workflows.meeting import plan as plans
from workflows.meeting.afterwards.after import There
from workflows.meeting.mailing import told_values
from workflows.meeting.store import Told

KIND: Final = "meeting-attendance"
QUESTION: Final = "attendance"
LETTER: Final = "meeting/attended"
FORM: Final = Form((Field("present", lines=True), Field("absent", lines=True)))
SHOWN: Final = ("present", "absent")
DAYS: Final = 30  # in which the letter can be answered; after them the command makes another
_MOST_BEFORE: Final = 20


class Attendance(msgspec.Struct, frozen=True):
    """Who was at a meeting, as `person` says in `text` ("": they only ask); `proven`: it is theirs, and counts at once.

    `before` is what the letters have printed, as in `After`.
    """

    meeting: int
    group_id: int
    group: Values
    person: PersonId
    told: Told
    text: str = ""
    proven: bool = True
    before: tuple[There, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowThere:
    """Show whoever asks who was there; `text` is what they want instead, once they send the letter back."""

    person: PersonId
    text: str = ""


@dataclass(frozen=True, slots=True)
class SayThere:
    """Who was there is as `person` says; they see it, and whoever called the meeting is told."""

    person: PersonId
    text: str


def values(data: Attendance) -> Values:
    """What the letter says; see `Attending` for what is looked up."""
    return {
        "group": data.group,
        "form": True,
        **told_values(data.told),
        "by": "",
        "why": "asked",
        "unread": [],
        "fields": plans.fields({}, SHOWN),
    }


def opened(data: Attendance, _event: Event, ctx: Context) -> Step:
    """The list, or what was said of it."""
    end = SetTimer("end", Instant(ctx.now + DAYS * DAY))
    said = SayThere(data.person, data.text) if data.text and data.proven else ShowThere(data.person, data.text)
    return Step("open", msgspec.structs.replace(data, text=""), (said, end))


def corrected(data: Attendance, event: Answered, _ctx: Context) -> Step:
    """The letter has come back."""
    now = msgspec.json.decode(event.facts or "{}", type=There)
    before = tuple(dict.fromkeys((*data.before, now)))[-_MOST_BEFORE:]
    return Step("open", msgspec.structs.replace(data, before=before), (SayThere(event.voter, event.text),))


def over(data: Attendance, _event: Event, _ctx: Context) -> Step:
    """Nothing more is expected."""
    return Step("done", data, (Close(),))


_TOLD: Final = Told("Maps", 1_800_000_000_000_000, 1_800_003_600_000_000, "Europe/Stockholm", place="Room 4")
ATTENDANCE: Final = CaseKind(
    name=KIND,
    data=Attendance,
    states=("new", "open", "done"),
    start="new",
    final=frozenset({"done"}),
    transitions={
        ("new", "opened"): opened,
        ("open", f"{QUESTION}:filled"): corrected,
        **{("open", trigger): over for trigger in ("timer:end", "withdraw", f"timer:{GROUP_CLOSED}")},
    },
    questions={
        QUESTION: QuestionKind("text", rule=Rule.COLLECT, letter=LETTER, values=values, takes=Takes.FORM),
    },
    effects=(ShowThere, SayThere),
    letters=(LETTER,),
    title=lambda data: data.told.title,
    examples=Examples(
        data={"told": [_TOLD], "text": ["", "Present: Anna"], "before": [()]},
        events={f"{QUESTION}:filled": [{"text": "Present: Anna", "facts": '{"present": [1], "absent": [2]}'}]},
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with who was there so far, which is looked up when the letter comes back."""
    return replace(ATTENDANCE, facts={f"{QUESTION}:filled": look})
