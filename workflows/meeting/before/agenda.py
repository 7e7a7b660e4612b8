"""The kind of case "meeting-agenda": items are asked for some days before a meeting, and the agenda goes out the day
before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from lists.api import GROUP_CLOSED
from mailsvc.cases.model import (
    Answered,
    CancelTimer,
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
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting.before.rota import morning_before
from workflows.meeting.mailing import told_values
from workflows.meeting.plan import House
from workflows.meeting.store import Told

KIND: Final = "meeting-agenda"
MOVED: Final = "moved"
LETTERS: Final = ("meeting/agenda-call", "meeting/agenda", "meeting/item")


class Agenda(msgspec.Struct, frozen=True):
    """What leads to an agenda: `days` before the meeting items are asked for (0: not), `cases` as questions from
    people's own cases; `standing` are the items of every agenda, one in each line."""

    meeting: int
    group_id: int
    group: Values
    caller: PersonId
    told: Told
    house: House
    days: int = 0
    cases: bool = False
    standing: str = ""


class Looked(msgspec.Struct, frozen=True):
    """The meeting as it is when a timer fires: it may have been moved, or be off."""

    starts: int = 0
    ends: int = 0
    called: bool = True


@dataclass(frozen=True, slots=True)
class CallItems:
    """Ask every member for items."""


@dataclass(frozen=True, slots=True)
class KeepItem:
    """What somebody wants on the agenda, besides what they have written before; "nothing" takes all of theirs off.

    `late`: the agenda has gone out, so whoever called the meeting is told.
    """

    person: PersonId
    text: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class SendAgenda:
    """The agenda to everybody who may come."""


def values(data: Agenda) -> Values:
    """What the letters say."""
    return {
        "group": data.group,
        **told_values(data.told),
        "cases": data.cases,
        "standing": data.standing.splitlines(),
        "until": int(sends_at(data)),
        "items": [],
        "introducer": "",
    }


def sends_at(data: Agenda) -> Instant:
    """When the agenda goes out: at eight on the working day before."""
    return morning_before(data.told.starts, data.told.zone, 1, data.house)


def _calls(data: Agenda) -> Instant:
    return morning_before(data.told.starts, data.told.zone, data.days, data.house)


def opened(data: Agenda, _event: Event, ctx: Context) -> Step:
    """Both days are noted; an agenda that would be late is sent at once."""
    return Step("waiting", data, _timers(data, ctx))


def _timers(data: Agenda, ctx: Context) -> tuple[SetTimer, ...]:
    send = SetTimer("send", max(ctx.now, sends_at(data)))
    if data.days and ctx.now < sends_at(data):
        return (SetTimer("call", max(ctx.now, _calls(data))), send)
    return (send,)


def _moved(data: Agenda, event: Event) -> tuple[Agenda, bool]:
    """The data with the time that the meeting has now, and whether it is still to come."""
    known = msgspec.json.decode(str(getattr(event, "facts", "")) or "{}", type=Looked)
    if known.starts and known.starts != data.told.starts:
        data = msgspec.structs.replace(
            data, told=msgspec.structs.replace(data.told, starts=known.starts, ends=known.ends)
        )
    return data, known.called


def calls(data: Agenda, event: Event, ctx: Context) -> Step:
    """Items are asked for, unless the meeting has been moved to later."""
    data, called = _moved(data, event)
    if not called:
        return Step("over", data, (Close(),))
    if _calls(data) > ctx.now:
        return Step("waiting", data, _timers(data, ctx))
    return Step("asking", data, (CallItems(), SetTimer("send", max(ctx.now, sends_at(data)))))


def moved(data: Agenda, event: Event, ctx: Context) -> Step:
    """The meeting has another time, and so have both days; where the first is past, items are asked for at once."""
    data, called = _moved(data, event)
    if not called:
        return Step("over", data, (Close(),))
    return Step("waiting", data, (CancelTimer("call"), *_timers(data, ctx)))


def moved_asking(data: Agenda, event: Event, ctx: Context) -> Step:
    """Items have been asked for, and those that came in are kept: the agenda goes out before the new time."""
    data, called = _moved(data, event)
    if not called:
        return Step("over", data, (Close(),))
    return Step("asking", data, (SetTimer("send", max(ctx.now, sends_at(data))),))


def said(data: Agenda, event: Answered, _ctx: Context) -> Step:
    """An item, or several."""
    return Step("asking", data, (KeepItem(event.voter, event.text),))


def said_late(data: Agenda, event: Answered, _ctx: Context) -> Step:
    """The agenda has gone out: whoever called the meeting is told of the item."""
    return Step("sent", data, (KeepItem(event.voter, event.text, late=True),))


def moved_sent(data: Agenda, event: Event, ctx: Context) -> Step:
    """The agenda goes out once more before a later day."""
    data, called = _moved(data, event)
    if not called:
        return Step("over", data, (Close(),))
    if sends_at(data) > ctx.now:
        return Step("asking", data, (SetTimer("send", sends_at(data)), CancelTimer("over")))
    return Step("sent", data, (SetTimer("over", Instant(max(ctx.now, data.told.starts))),))


def sends(data: Agenda, event: Event, ctx: Context) -> Step:
    """The day before: the agenda goes out; what somebody still answers is heard until the meeting begins."""
    data, called = _moved(data, event)
    if not called:
        return Step("over", data, (Close(),))
    if sends_at(data) > ctx.now:
        return Step("asking", data, (SetTimer("send", sends_at(data)),))
    if data.days and data.told.starts > ctx.now:
        return Step("sent", data, (SendAgenda(), SetTimer("over", Instant(data.told.starts))))
    return Step("over", data, (SendAgenda(), Close()))


def withdrawn(data: Agenda, _event: Event, _ctx: Context) -> Step:
    """The meeting is off, or the group is closed."""
    return Step("over", data, (Close(),))


_TOLD: Final = Told("Maps", 1_800_000_000_000_000, 1_800_003_600_000_000, "Europe/Stockholm", place="Room 4")
_FACTS: Final = [
    {"facts": '{"starts": 1800000000000000, "ends": 1800003600000000}'},
    {"facts": '{"starts": 1900000000000000, "ends": 1900003600000000}'},
    {"facts": '{"starts": 1800003600000000, "ends": 1800007200000000}'},
    {"facts": '{"called": false}'},
]
AGENDA: Final = CaseKind(
    name=KIND,
    data=Agenda,
    states=("new", "waiting", "asking", "sent", "over"),
    start="new",
    final=frozenset({"over"}),
    transitions={
        ("new", "opened"): opened,
        ("waiting", "timer:call"): calls,
        ("asking", "items:said"): said,
        ("waiting", f"timer:{MOVED}"): moved,
        ("asking", f"timer:{MOVED}"): moved_asking,
        ("sent", "items:said"): said_late,
        ("sent", f"timer:{MOVED}"): moved_sent,
        ("sent", "timer:over"): withdrawn,
        **{(state, "timer:send"): sends for state in ("waiting", "asking")},
        **{
            (state, trigger): withdrawn
            for state in ("waiting", "asking", "sent")
            for trigger in ("withdraw", f"timer:{GROUP_CLOSED}")
        },
    },
    questions={
        "items": QuestionKind(
            "text",
            rule=Rule.COLLECT,
            letter="meeting/agenda-call",
            values=values,
            takes=Takes.TEXT,
            waits=lambda state, _data: state == "asking",
        ),
    },
    effects=(CallItems, KeepItem, SendAgenda),
    letters=LETTERS,
    title=lambda data: data.told.title,
    examples=Examples(
        data={"told": [_TOLD], "house": [House("Europe/Stockholm", "SE")], "days": [0, 3]},
        events={
            "timer:call": _FACTS,
            "timer:send": _FACTS,
            f"timer:{MOVED}": _FACTS,
            "items:said": [{"text": "The roof"}],
        },
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with the time of the meeting, which is looked up when a timer fires."""
    return replace(AGENDA, facts=dict.fromkeys(("timer:call", "timer:send", f"timer:{MOVED}"), look))
