"""The kind of case "meeting": from call to end; answers, changes by the caller, the daily summary, the reminder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from lists.api import GROUP_CLOSED
from mailsvc.cases.model import (
    Answered,
    Ask,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    Fired,
    QuestionKind,
    Rule,
    SetTimer,
    Step,
    Takes,
    Tell,
)
from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.ids import PersonId
from mailsvc.letters.dates import day
from mailsvc.store.outgoing import Values
from workflows.meeting import plan as plans
from workflows.meeting.changes import Change, read_change
from workflows.meeting.plan import House, Question
from workflows.meeting.spoken import content
from workflows.meeting.store import Told
from workflows.meeting.when.model import Slot
from workflows.meeting.when.saying import say_slot

KIND: Final = "meeting"
_MOST_BEFORE: Final = 80
RSVP: Final = "rsvp"
PARTSTATS: Final = {
    "yes": "ACCEPTED",
    "no": "DECLINED",
    "maybe": "TENTATIVE",
    "online": "ACCEPTED",
    "on-site": "ACCEPTED",
    "delegated": "DELEGATED",  # by a calendar alone
}
LETTERS: Final = (
    *("meeting/called", "meeting/invitation", "meeting/cancelled", "meeting/coming", "meeting/summary"),
    *(
        "meeting/reminder",
        "meeting/older",
        "meeting/silent",
        "meeting/place",
        "meeting/told",
        "meeting/other-address",
        "meeting/declined-counter",
    ),
)


class Meeting(msgspec.Struct, frozen=True):
    """A meeting: `meeting` is its row; `told`, `capacity` and `answer_by` are as the row has them.

    `bundle` is when the caller's summary goes out. `people` were invited at first. `questions` are about the last
    change that the caller sent and that was not understood. `before` is what receipts have printed behind their labels:
    whoever answers an old one does not mean to undo what was changed since.
    """

    meeting: int
    group_id: int
    group: Values
    caller: PersonId
    language: str
    told: Told
    house: House
    capacity: int = 0
    answer_by: int = 0
    bundle: str = "16:00"
    people: int = 0
    remind_at: int = 0
    insisted: str = ""
    questions: tuple[Question, ...] = ()
    before: tuple[tuple[str, str], ...] = ()
    asked_by: int = 0  # the `answer_by` before which the silent have been asked: once, unless the time changes
    series: int = 0  # one of a series, whose letter is the receipt of this meeting too


# ---- what the table asks for


@dataclass(frozen=True, slots=True)
class InviteEverybody:
    """Send everybody who is a member now an invitation."""


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """An answer of an invited person; `how` says by which way it came and where it stands (see `Arrived`).

    `asked_at` is when the letter was written that words answer: they are about the time that it told.
    """

    person: PersonId
    partstat: str
    mode: str
    text: str
    how: str = ""
    asked_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class ChangeMeeting:
    """The meeting is as `told` from now on; those invited are told, and asked anew when its time differs."""

    told: Told
    capacity: int
    answer_by: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """The meeting is off; everybody gets a CANCEL."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Summarise:
    """Tell the caller what was answered since the last time; nothing new, no letter."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind those in whose zone it is time, and come again for the others."""


@dataclass(frozen=True, slots=True)
class AskSilent:
    """Ask those who have not answered once more, before the day of `Answer by:`."""


@dataclass(frozen=True, slots=True)
class EndMeeting:
    """It has been held."""


# ---- letters


def values(data: Meeting) -> Values:
    """What letters say of the meeting."""
    told = data.told
    return {
        "group": data.group,
        "about": told.title,
        "at": {"starts": told.starts, "ends": told.ends, "whole": told.whole_day},
        "place": told.place,
        "link": told.link,
        "agenda": told.agenda,
        "capacity": data.capacity,
    }


def rsvp_values(data: Meeting) -> Values:
    """What the question to somebody who is invited says, wherever it is put again."""
    return {**values(data), "how": data.told.how, "until": data.answer_by or None}


def printed(data: Meeting) -> dict[str, str]:
    """What the receipt prints behind its labels, for the caller to change."""
    told = data.told
    at = Slot(Instant(told.starts), Instant(told.ends), told.whole_day)
    found = {
        "when": say_slot(at, ZoneInfo(told.zone), data.language),
        "where": "\n".join(filter(None, (told.place, told.link))),
        "title": told.title,
        "agenda": told.agenda,
        "room_for": str(data.capacity) if data.capacity else "",
        "rsvp": day(to_datetime(data.answer_by, ZoneInfo(data.house.zone)), data.language) if data.answer_by else "",
    }
    return {key: value for key, value in found.items() if value}


def called_values(data: Meeting) -> Values:
    """The receipt of a call: how to change it, cancel it, see who comes."""
    return {
        **values(data),
        "form": True,
        "people": data.people,
        "changed": [],
        "questions": [plans.question_values(one) for one in data.questions],
        "fields": plans.fields(printed(data), plans.SHOWN),
    }


# ---- the table


def _remembering(data: Meeting) -> Meeting:
    """With what the next receipt prints."""
    if data.series:
        return data
    before = dict.fromkeys((*data.before, *sorted(printed(data).items())))
    return msgspec.structs.replace(data, before=tuple(before)[-_MOST_BEFORE:])


def opened(data: Meeting, _event: Event, ctx: Context) -> Step:
    """Everybody is invited, and the caller is told what was sent."""
    data = _remembering(data)
    return Step("called", data, (InviteEverybody(), *_receipt(data), *_timers(data, ctx)))


def _receipt(data: Meeting, changed: tuple[str, ...] = ()) -> tuple[Ask, ...]:
    """The letter that the caller answers to change the meeting; a series has one for all of its meetings."""
    if data.series:
        return ()
    return (Ask("change", data.caller, "meeting/called", {**called_values(data), "changed": list(changed)}),)


def _timers(data: Meeting, ctx: Context) -> tuple[SetTimer | CancelTimer, ...]:
    remind = (SetTimer("remind", Instant(data.remind_at)),) if data.remind_at > ctx.now else ()
    at = plans.silent_at(data.answer_by, data.told.starts, ctx.now, data.house)
    silent = CancelTimer("silent") if at is None or data.asked_by == data.answer_by else SetTimer("silent", at)
    return (SetTimer("over", Instant(max(data.told.ends, ctx.now))), *remind, silent)


def titled(data: Meeting) -> str:
    """What the matter is called; the meetings of a series share their title, so their day stands behind it."""
    day = to_datetime(data.told.starts, ZoneInfo(data.told.zone)).date()
    return f"{data.told.title}, {day.isoformat()}" if data.series else data.told.title


def next_at(clock: str, now: Instant, zone: str) -> Instant:
    """The next moment at which the clock shows `clock` ("16:00") there; "" is at once."""
    if not clock:
        return now
    where = ZoneInfo(zone)
    hour, minute = (int(part) for part in clock.split(":"))
    today = to_datetime(now, where).date()
    found = to_instant(datetime.combine(today, time(hour, minute), where))
    return found if found > now else to_instant(datetime.combine(today + timedelta(days=1), time(hour, minute), where))


def answered(data: Meeting, event: Answered, ctx: Context) -> Step:
    """Somebody answers, in words or by a calendar; the caller hears of it once a day."""
    mode = event.meaning if event.meaning in ("online", "on-site") else ""
    count = CountAnswer(event.voter, PARTSTATS[event.meaning], mode, event.text, event.argument, event.asked_at)
    return Step("called", data, (count, SetTimer("summary", next_at(data.bundle, ctx.now, data.house.zone))))


def summarised(data: Meeting, _event: Fired, _ctx: Context) -> Step:
    """The evening of a day with answers."""
    return Step("called", data, (Summarise(),))


def reminded(data: Meeting, _event: Fired, _ctx: Context) -> Step:
    """The time of the reminder, in one zone or the next."""
    return Step("called", data, (Remind(),))


def silent(data: Meeting, _event: Fired, _ctx: Context) -> Step:
    """The day until which answers are wanted comes near."""
    return Step("called", msgspec.structs.replace(data, asked_by=data.answer_by), (AskSilent(),))


def over(data: Meeting, _event: Fired, ctx: Context) -> Step:
    """Its end has come; a meeting that was moved has a later one."""
    if data.told.ends > ctx.now:
        return Step("called", data, (SetTimer("over", Instant(data.told.ends)),))
    return Step("held", data, (EndMeeting(), Close()))


def written(data: Meeting, event: Answered, ctx: Context) -> Step:
    """The caller answered the receipt: labels that differ change the meeting, the word for it cancels it."""
    told = _at(data.told, event.argument)
    change = read_change(event.text, told, data.capacity, data.answer_by, printed(data), data.house, ctx.now,
                         data.language, data.insisted, data.before, plans.printed(data.group, data.house))  # fmt: skip
    if change.cancelled:
        return cancelled(data, change.reason)
    if event.argument:  # one of a series, whose time changes with the rest: those invited hear of it once
        new = change if change.told is not None else Change(told, data.capacity, data.answer_by)
        return changed(data, new.told or told, new.capacity, new.answer_by, ("when", *new.changed), ctx)
    if change.told is None and all(one.problem == "nothing" and content(one.text) for one in change.questions):
        return Step("called", data)  # "Thanks!"
    if change.told is None:
        data = msgspec.structs.replace(data, questions=change.questions, insisted=change.insisted)
        return Step("called", data, _receipt(data))
    return changed(data, change.told, change.capacity, change.answer_by, change.changed, ctx)


def changed(data: Meeting, told: Told, capacity: int, answer_by: int, what: tuple[str, ...], ctx: Context) -> Step:
    """The meeting is different from now on; the caller gets a new receipt."""
    moved = told.starts - data.told.starts
    data = msgspec.structs.replace(
        data, told=told, capacity=capacity, answer_by=answer_by, questions=(), insisted="",
        remind_at=0 if moved else data.remind_at, asked_by=0 if moved else data.asked_by,
    )  # fmt: skip
    data = _remembering(data)
    change = ChangeMeeting(told, capacity, answer_by, what)
    return Step("called", data, (change, *_receipt(data, what), *_timers(data, ctx)))


def moved(data: Meeting, event: Answered, ctx: Context) -> Step:
    """The caller has accepted another time that somebody proposed: "STARTS ENDS" in the argument."""
    told = _at(data.told, event.argument)
    return changed(data, told, data.capacity, data.answer_by, ("when",), ctx)


def _at(told: Told, argument: str) -> Told:
    """The meeting at another time ("STARTS ENDS"); "" is the one it has."""
    if not argument:
        return told
    starts, ends = (int(part) for part in argument.split())
    return msgspec.structs.replace(told, starts=starts, ends=ends, whole_day=False)


def followed(data: Meeting, event: Answered, ctx: Context) -> Step:
    """The caller's own calendar, from which it was called, says it anew: the text is the meeting as it is (JSON)."""
    if not event.text:  # erased: what the meeting was is not known any more
        return Step("called", data)
    told = msgspec.json.decode(event.text, type=Told)
    what = tuple(
        name
        for name, differs in (
            ("when", (told.starts, told.ends, told.zone) != (data.told.starts, data.told.ends, data.told.zone)),
            ("where", (told.place, told.link) != (data.told.place, data.told.link)),
            ("title", told.title != data.told.title),
            ("agenda", told.agenda != data.told.agenda),
        )
        if differs
    )
    return changed(data, told, data.capacity, data.answer_by, what, ctx)


def cancelled(data: Meeting, reason: str) -> Step:
    """It is off."""
    told = Tell(
        data.caller, "meeting/told", {**values(data), "what": "cancelled", "who": "", "text": reason, "then": 0}
    )
    return Step("cancelled", data, (CancelMeeting(reason), *(() if data.series else (told,)), Close()))


def withdrawn(data: Meeting, _event: Event, _ctx: Context) -> Step:
    """Taken back by the caller, or an operator; the group is closed."""
    return Step("cancelled", data, (CancelMeeting(), Close()))


_GONE: Final = 1_799_990_000_000_000
_EXAMPLE: Final = Told("Maps", 1_800_090_000_000_000, 1_800_093_600_000_000, "Europe/Stockholm", place="Room 4")
_MOVED: Final = msgspec.structs.replace(_EXAMPLE, starts=1_800_180_000_000_000, ends=1_800_183_600_000_000)
MEETING: Final = CaseKind(
    name=KIND,
    data=Meeting,
    states=("new", "called", "held", "cancelled"),
    start="new",
    final=frozenset({"held", "cancelled"}),
    transitions={
        ("new", "opened"): opened,
        **{("called", f"{RSVP}:{meaning}"): answered for meaning in PARTSTATS},
        ("called", "change:filled"): written,
        ("called", "counter:yes"): moved,
        ("called", "calendar:changed"): followed,
        ("called", "timer:summary"): summarised,
        ("called", "timer:remind"): reminded,
        ("called", "timer:silent"): silent,
        ("called", "timer:over"): over,
        ("called", f"timer:{GROUP_CLOSED}"): withdrawn,
        ("called", "withdraw"): withdrawn,
    },
    questions={
        RSVP: QuestionKind("rsvp", rule=Rule.COLLECT, letter="meeting/invitation", values=rsvp_values),
        "change": QuestionKind(
            "text",
            keeps_open=frozenset({"filled"}),
            letter="meeting/called",
            values=called_values,
            takes=Takes.FORM,
            waits=lambda _state, _data: False,
        ),
    },
    effects=(InviteEverybody, CountAnswer, ChangeMeeting, CancelMeeting, Summarise, Remind, AskSilent, EndMeeting),
    letters=LETTERS,
    title=titled,
    examples=Examples(
        data={
            "told": [_EXAMPLE, msgspec.structs.replace(_EXAMPLE, starts=_GONE - 3_600_000_000, ends=_GONE)],
            "language": ["en"],
            "house": [House("Europe/Stockholm", "SE")],
            "bundle": ["16:00", ""],
            "questions": [()],
            "remind_at": [0],
        },
        events={
            "change:filled": [{"text": "cancel\n"}, {"text": "When: 2027-03-10 13:00-14:30\n"}, {"text": "When: x\n"}],
            "counter:yes": [{"argument": "1800090000000000 1800093600000000"}],
            "calendar:changed": [{"text": msgspec.json.encode(_MOVED).decode()}, {"text": ""}],
        },
    ),
)
