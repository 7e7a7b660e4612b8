"""Series of meetings, worked out purely: the meetings that come next, and what their caller writes to change them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.message.form_labels import label
from mailsvc.message.form_values import matches
from mailsvc.message.forms import Field, Form
from mailsvc.message.said_dates import Kind, Said, find_dates, plain, shown
from workflows.meeting import forms
from workflows.meeting import plan as plans
from workflows.meeting.plan import House, Question, Time
from workflows.meeting.when.model import Problem, Repeat, WhenReading
from workflows.meeting.when.reading import read_when
from workflows.meeting.when.repeat import expand

FORM: Final = Form(
    (Field("when"), Field("where", lines=True), Field("title"), Field("agenda", lines=True), Field("room_for"))
)
MOST: Final = 30
_CANCEL: Final = re.compile(
    r"\b(?:cancel(?:led|ed|ling|s)?|call(?:ed)? off|skip|drop|no meeting|ställ(?:s|er)? in|inställ(?:t|d|da|s)|avbokas?"
    r"|utgår|stryks?|hoppar? över|inget möte|aflys(?:es|er|t)?|udgår|intet møde|avlys(?:es|er|t)?|dropp(?:er|ar)?"
    r"|går ut|vert avlyst)\b"
)
_MOVE: Final = re.compile(
    r"\b(?:moved?|moves|moving|reschedule[ds]?|flytta(?:s|r)?|flytte(?:s|r)?|flytt|flyt|ombokar?s?|ändras?|ändrar|ændres?"
    r"|ændr|endres?|endrer|endrast?|endrar|change)\b"
)
_UNSURE: Final = re.compile(
    r"\b(?:not|don't|never|inte|ej|icke|ikke|ikkje|maybe|perhaps|kanske|kanskje|måske|eventuell?t|if|om|hvis|viss|dersom"
    r"|can we|kan vi|skal vi|ska vi|should we|shall we)\b"
)
_AND: Final = re.compile(r"\s*(?:,|&|\+|and|och|og|samt)\s*(?:(?:den|d\.|the)\s*)?")
_TO: Final = re.compile(r"\s(?:to|till|til)\s")
_STOP: Final = re.compile(
    r"\W*(?:stop|end|cancel|no more|avsluta|ställ in|stopp|sluta|aflys|afslut|avlys|avslutt)"
    r"(?:\s(?:all|the series|alla|allt|serien|alle|rækken|rekken|rekkja))?(?:\s(?:meetings|möten|møder|møter|møte))?\W*"
)
_REASON: Final = re.compile(r"^\W+")
_DAY: Final = 86_400_000_000
_HOUR_ALONE: Final = frozenset([Problem.NO_DAY])
_ODD_HOUR: Final = (Problem.WHICH_HOUR, Problem.NO_SUCH_TIME, Problem.ENDS_BEFORE, Problem.TOO_LONG)


class Coming(msgspec.Struct, frozen=True):
    """A meeting of a series that is still to come, with the case that follows it."""

    case: int
    starts: int
    ends: int
    whole_day: bool = False


class Next(msgspec.Struct, frozen=True):
    """The meetings that come next, days of the rule that were left out before the last of them, and how far it is."""

    times: tuple[Time, ...]
    skipped: tuple[int, ...]
    last: str


def next_times(rule: Repeat, first: Time, house: House, last: str, count: int) -> Next:
    """The `count` next meetings after the day `last` ("2026-12-03"), as long and at the hour as the first was.

    A day on which nothing may be held, or whose hour the clocks leave out, is skipped and told.
    """
    zone = ZoneInfo(house.zone)
    start = to_datetime(first.starts, zone)
    length = first.ends - first.starts
    after = date.fromisoformat(last)
    days = expand(rule, start.date(), house.free, after=after)
    kept = days.kept[:count]
    end = kept[-1] if kept else after
    times = [_time(day, start, length, first.whole_day, zone) for day in kept]
    skipped = [_time(day, start, length, first.whole_day, zone).starts for day in days.skipped if day < end]
    return Next(tuple(times), tuple(skipped), end.isoformat())


def _time(day: date, start: datetime, length: int, whole_day: bool, zone: ZoneInfo) -> Time:
    at = to_instant(datetime.combine(day, start.time(), zone))
    if whole_day:
        days = max(1, round(length / 86_400_000_000))
        until = to_instant(datetime.combine(day + timedelta(days=days), start.time(), zone))
        return Time(at, until, whole_day=True)
    return Time(at, at + length)


# ---- what the caller writes


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do with one meeting: cancel it (with a `reason`), move it (`time`), or change it (`text`, a form), and
    move it at once where a `time` stands there too."""

    what: str
    meeting: Coming
    reason: str = ""
    time: Time | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was read: deeds, the end of the series, the fields that change for all, and what was not understood.

    `first` is when a series that moves to another time of day would have begun.
    """

    deeds: tuple[Deed, ...] = ()
    stops: bool = False
    values: tuple[tuple[str, str], ...] = ()
    first: Time | None = None
    questions: tuple[Question, ...] = ()


def read_wish(
    text: str,
    coming: Sequence[Coming],
    sent: Mapping[str, str],
    house: House,
    now: Instant,
    language: str,
    first: Time | None = None,
    around: forms.Printed | None = None,
) -> Wish:
    """The caller's answer to the letter about a series: `cancel 14 Jan`, `move 14 Jan to 21 Jan 13:00`, labels for all
    that come (`When: 13:30` is another time of day), or a word that ends it. `first` is its first meeting, `around`
    what the letter printed around its labels. Pure; never raises."""
    reading = forms.read(text, FORM, sent, around)
    reader = _Lines(coming, house, now, language)
    where = reading.values.get("where", "").splitlines()
    below = [line for line in where[1:] if reader.names(line)]  # a place has no days: the line stands by itself
    values = {**reading.values, **({"where": "\n".join(one for one in where if one not in below)} if below else {})}
    lines = [line.strip() for line in (*reading.free.splitlines(), *below) if line.strip()][:MOST]
    if lines and _STOP.fullmatch(plain(lines[0])):
        return Wish(stops=True)
    for line in lines:
        reader.read(line)
    said = {key: value for key, value in values.items() if not matches(value, sent.get(key, ""))}
    room = said.get("room_for", "")
    if room and plans.room(room) is None:
        reader.questions.append(Question("room_for", "not_understood", room))
        said.pop("room_for")
    hour = said.pop("when", "")
    then = reader.all_to(hour, first) if hour else None
    if said:
        form = "\n".join(f"{label(key, language)}:\n{value}" for key, value in said.items())
        touched = {deed.meeting.case for deed in reader.deeds if deed.what == "cancel"}
        reader.deeds += [Deed("change", one, text=form) for one in coming if one.case not in touched]
        reader.deeds = _once(reader.deeds)
    if not reader.deeds and not reader.questions:
        reader.questions.append(Question("", "nothing", reading.free[:200]))
    return Wish(tuple(reader.deeds), values=tuple(said.items()), questions=tuple(reader.questions), first=then)


def _once(deeds: Sequence[Deed]) -> list[Deed]:
    """A meeting that moves and changes does both at once, so that those invited hear of it in one letter."""
    moves = {deed.meeting.case: deed.time for deed in deeds if deed.what == "move"}
    changes = {deed.meeting.case for deed in deeds if deed.what == "change"}
    return [
        replace(deed, time=moves.get(deed.meeting.case)) if deed.what == "change" else deed
        for deed in deeds
        if deed.what != "move" or deed.meeting.case not in changes
    ]


def _any_day(_day: date) -> bool:
    """The day is one on which the meeting is already."""
    return True


class _Lines:
    """Reads one line after the other."""

    def __init__(self, coming: Sequence[Coming], house: House, now: Instant, language: str) -> None:
        self._coming = coming
        self._house = house
        self._now = now
        self._language = language
        self._zone = ZoneInfo(house.zone)
        self.deeds: list[Deed] = []
        self.questions: list[Question] = []

    def names(self, line: str) -> bool:
        """Whether a line cancels or moves the meeting of a day that it names."""
        low = plain(line)
        found = any(self._within(said) for said in find_dates(low, self._today(), self._language))
        return found and bool(_MOVE.search(low) or _CANCEL.search(low))

    def read(self, line: str) -> None:
        """Words without a cancelling or moving one are a greeting or a signature, and say nothing.

        Unless they name the day of a meeting: then they say something that is not understood.
        """
        low = plain(line)
        moves, cancels = _MOVE.search(low), _CANCEL.search(low)
        named = [said for said in find_dates(low, self._today(), self._language) if self._within(said)]
        if (moves or cancels or named) and low.rstrip().endswith("?"):
            self._ask("not_understood", line)
        elif moves:
            self._move(line, low, moves.end())
        elif cancels:
            self._cancel(line, low, cancels.end())
        elif named:
            self._ask("not_understood", line)

    def _today(self) -> date:
        return to_datetime(self._now, self._zone).date()

    def _on(self, day: date) -> Coming | None:
        return next((one for one in self._coming if to_datetime(one.starts, self._zone).date() == day), None)

    def _within(self, said: Said) -> list[Coming]:
        """The meetings of a day, or of a stretch or week; a month is never meant as all of its meetings."""
        if said.kind is Kind.MONTH:
            return []
        days = [(to_datetime(one.starts, self._zone).date(), one) for one in self._coming]
        return [one for day, one in days if said.first <= day <= said.last]

    def _cancel(self, line: str, low: str, verb: int) -> None:
        """The days that stand together are meant, `14/1, 21/1 and 28/1`; what comes behind them is the reason."""
        found = find_dates(low, self._today(), self._language)
        together = found[:1]
        for said in found[1:]:
            if not _AND.fullmatch(low, together[-1].end, said.start):
                break
            together.append(said)
        hit = [self._within(said) for said in together]
        if not all(hit) or not together:
            self._ask("no_such_meeting" if found else "which_meeting", line)
            return
        end = together[-1].end
        others = any(self._within(said) for said in found[len(together) :])
        if others or _UNSURE.search(low, 0, max(end, verb)):
            self._ask("not_understood", line)  # `not 21/1`, `14/1 as usual, but 21/1 is cancelled`
            return
        reason = _REASON.sub("", shown(line)[max(end, verb) :]).strip()
        self.deeds += [Deed("cancel", one, reason=reason) for meetings in hit for one in meetings]

    def _move(self, line: str, low: str, after: int) -> None:
        split = _TO.search(low, after)
        days = find_dates(low[: split.start()] if split else low, self._today(), self._language)
        meeting = self._on(days[0].last) if days else None
        if meeting is None or split is None:
            self._ask("no_such_meeting" if days and split else "which_meeting", line)
            return
        if len(days) > 1 or days[0].first != days[0].last or _UNSURE.search(low, 0, split.start()):
            self._ask("not_understood", line)
            return
        target = shown(line)[split.end() :]
        start = to_datetime(meeting.starts, self._zone)
        length = max(1, (meeting.ends - meeting.starts) // 60_000_000)
        for written in (target, f"{target} {start:%H:%M}", f"{start:%Y-%m-%d} {target}"):
            reading = read_when(written, self._now, self._zone, self._language, length, self._house.free, near=False)
            problems = {doubt.problem for doubt in reading.doubts}
            if reading.settled and len(reading.slots) == 1:
                self.deeds.append(Deed("move", meeting, time=plans.time_of(reading.slots[0])))
                return
            if not problems & {Problem.NO_TIME, Problem.NO_DAY, Problem.NOT_UNDERSTOOD}:
                doubt = reading.doubts[0] if reading.doubts else None
                proposed = tuple(map(plans.time_of, doubt.proposals)) if doubt else ()
                self.questions.append(Question("when", str(doubt.problem if doubt else "too_many"), target, proposed))
                return
        self._ask("not_understood", target)

    def all_to(self, written: str, first: Time | None) -> Time | None:
        """Every meeting that no line is about moves to another time of day; when `first` would then have begun.

        A day beside the hour may be meant for one of them or for all, so it is asked about, and nothing moves.
        """
        alone = read_when(written, self._now, self._zone, self._language, self._house.length, _any_day)
        if alone.settled or {doubt.problem for doubt in alone.doubts} - _HOUR_ALONE:
            known = [doubt for doubt in alone.doubts if doubt.problem in _ODD_HOUR]
            self._ask(str(known[0].problem) if known else "only_hour", written)
            return None
        touched = {deed.meeting.case for deed in self.deeds}
        moved: list[Deed] = []
        for one in self._coming:
            if one.case in touched or one.starts <= self._now:
                continue
            reading = self._at(written, Time(one.starts, one.ends, one.whole_day), self._now)
            if not reading.settled or len(reading.slots) != 1:
                doubt = reading.doubts[0] if reading.doubts else None
                proposed = tuple(map(plans.time_of, doubt.proposals)) if doubt else ()
                self.questions.append(Question("when", str(doubt.problem if doubt else "only_hour"), written, proposed))
                return None
            time = plans.time_of(reading.slots[0])
            if (time.starts, time.ends) != (one.starts, one.ends):
                moved.append(Deed("move", one, time=time))
        self.deeds += moved
        if first is None:
            return None
        began = self._at(written, first, Instant(min(int(self._now), first.starts - _DAY)))
        return plans.time_of(began.slots[0]) if began.slots else None

    def _at(self, written: str, at: Time, now: Instant) -> WhenReading:
        """The hour on that meeting's day; without an end it is as long as it was."""
        start = to_datetime(at.starts, self._zone)
        length = self._house.length if at.whole_day else max(1, (at.ends - at.starts) // 60_000_000)
        return read_when(f"{start:%Y-%m-%d} {written}", now, self._zone, self._language, length, _any_day)

    def _ask(self, problem: str, line: str) -> None:
        self.questions.append(Question("when", problem, line[:200]))
