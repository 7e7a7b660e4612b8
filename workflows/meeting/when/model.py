"""What reading `When:` gives: times, series, and everything that has to be asked about, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant, to_datetime, to_instant

Free = Callable[[date], bool]
"""Whether a meeting may be held on a day: no holiday, and the site is not closed."""


class Problem(StrEnum):
    """Why a time has to be asked about."""

    EMPTY = "empty"
    NOT_UNDERSTOOD = "not_understood"
    NO_DAY = "no_day"  # 13-14.30
    WEEK_WITHOUT_DAY = "week_without_day"  # v. 49 kl 13
    WHICH_DAY = "which_day"  # nästa torsdag; torsdag
    NO_SUCH_DAY = "no_such_day"  # 31/2, v. 54
    WEEKDAY_DIFFERS = "weekday_differs"  # fredag 3/12, which is a Thursday
    WEEK_DIFFERS = "week_differs"  # 3/12 v. 50
    FAR_AHEAD = "far_ahead"  # more than nine months
    PAST = "past"
    CLOSED = "closed"  # a holiday, or the site is closed
    NO_TIME = "no_time"  # 3/12
    WHICH_HOUR = "which_hour"  # half two; kl 2; eftermiddag
    NO_SUCH_TIME = "no_such_time"  # 25:00; left out when the clocks change
    ENDS_BEFORE = "ends_before"  # 14-13
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    HOW_OFTEN = "how_often"  # dagligen
    HOW_MANY = "how_many"  # var sjätte vecka, with no end


@dataclass(frozen=True, slots=True)
class Slot:
    """A time for a meeting; `end` is exclusive, a `whole_day` one goes from midnight to midnight.

    `length_assumed`: no end was written, the default length was taken.
    """

    start: Instant
    end: Instant
    whole_day: bool = False
    length_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to ask about: why, the line it stands in, the very words, and times that may have been meant."""

    problem: Problem
    text: str
    part: str
    proposals: tuple[Slot, ...] = ()


class Unit(StrEnum):
    """What a repetition counts."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often: every `every` weeks or months, `count` times, or up to and including `until`, or with neither and
    `further` until further notice.

    Monthly: the `nth` (1 to 4, -1 for the last) weekday of the month, or that `day` of it; with neither it is the same
    weekday of the month as the first meeting. `weekday` is the one that was written (0 is Monday). `weeks` is "even" or
    "odd" where only such ISO weeks are meant; after a year of 53 weeks two odd ones follow each other. `titles` are the
    names of meetings that take turns.
    """

    unit: Unit
    every: int
    count: int | None = None
    until: date | None = None
    further: bool = False
    weekday: int | None = None
    nth: int = 0
    day: int = 0
    titles: tuple[str, ...] = ()
    weeks: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Several meetings. `repeat` is None for a list of dates.

    `skipped` are days of the rule on which nothing may be held; they do not count among the times. `more`: the series
    goes on after the last of the slots.
    """

    repeat: Repeat | None
    slots: tuple[Slot, ...]
    skipped: tuple[date, ...] = ()
    more: bool = False

    def title(self, number: int) -> str:
        """The name of the number-th meeting (from 0) where meetings take turns, else ""."""
        titles = self.repeat.titles if self.repeat else ()
        return titles[number % len(titles)] if titles else ""


@dataclass(frozen=True, slots=True)
class WhenReading:
    """`slots`: one time, or several to choose from (a poll); with a `series` they are its meetings.

    Nothing may be booked while there are `doubts`; the slots are then what was understood besides.
    """

    slots: tuple[Slot, ...] = ()
    series: Series | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def settled(self) -> bool:
        """Everything was understood."""
        return bool(self.slots) and not self.doubts

    @property
    def is_poll(self) -> bool:
        """Several times to choose from."""
        return self.series is None and len(self.slots) > 1


@dataclass(frozen=True, slots=True)
class Setting:
    """What a time is read in: now, where, in which language ("" for unknown), how long (minutes), on which days."""

    now: Instant
    zone: ZoneInfo
    language: str
    default_length: int
    free: Free
    near: bool = True  # "on Friday" is the next one; not so of a meeting that is moved, which may be weeks ahead

    @property
    def today(self) -> date:
        """The day that it is there."""
        return to_datetime(self.now, self.zone).date()


@dataclass(frozen=True, slots=True)
class Hours:
    """The times of day of a meeting, free of its day: from `start` for `minutes`, or to `end` on the last of its days.

    `start` None is a whole day. `days` is how many days later it ends; `end` None means by `minutes`.
    """

    start: time | None
    end: time | None
    minutes: int = 0
    days: int = 0
    midnight: bool = False
    assumed: bool = False

    def on(self, day: date, zone: ZoneInfo) -> Slot | Problem:
        """The slot on that day; NO_SUCH_TIME when the clocks leave it out, a time that comes twice is its first."""
        last = day + timedelta(days=self.days)
        if self.start is None:
            first, after = _local(day, time(0), zone), _local(last + timedelta(days=1), time(0), zone)
            return Slot(first, after, whole_day=True)
        start = _local(day, self.start, zone)
        if not _exists(day, self.start, zone):
            return Problem.NO_SUCH_TIME
        if self.end is None and not self.midnight:
            return Slot(start, Instant(start + self.minutes * 60_000_000), length_assumed=self.assumed)
        end_day, end = (last + timedelta(days=1), time(0)) if self.midnight else (last, self.end or time(0))
        if not _exists(end_day, end, zone):
            return Problem.NO_SUCH_TIME
        finish = _local(end_day, end, zone)
        return Slot(start, finish) if finish > start else Problem.ENDS_BEFORE


def _local(day: date, at: time, zone: ZoneInfo) -> Instant:
    return to_instant(datetime.combine(day, at, zone))


def _exists(day: date, at: time, zone: ZoneInfo) -> bool:
    local = datetime.combine(day, at, zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
