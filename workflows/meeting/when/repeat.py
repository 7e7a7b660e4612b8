"""How often a meeting is: `every 6 weeks, 4 times`, `varannan tisdag tills vidare`, read and worked out day by day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from workflows.meeting.when import often, words
from workflows.meeting.when.model import Free, Problem, Repeat, Unit

MOST: Final = 120
"""Meetings of one series that are worked out at once."""
AHEAD: Final = timedelta(days=274)
"""How far a series until further notice is worked out: nine months."""
_STEPS: Final = 600
_EVERY: Final = 53


@dataclass(frozen=True, slots=True)
class Found:
    """What a text says about repetition; `rest` is the text with blanks where it was, so that places stay."""

    rest: str
    repeat: Repeat | None = None
    faults: tuple[tuple[Problem, str], ...] = ()


def find_repeat(text: str, shown: str, read_day: Callable[[str], tuple[date, int] | None]) -> Found:
    """Find repetition in `text` (made by `said_dates.plain`; `shown` is the same with letters as written).

    `read_day` reads the date at the beginning of a text and says where it ends. HOW_OFTEN comes back for a
    repetition in words that are not known; whether anybody said its end is asked once the whole text has been read.
    """
    finder = _Finder(text, shown)
    repeat = finder.in_weeks(finder.every())
    if repeat is None:
        odd = often.LOOKS_REPEATED.search(text)
        if not odd:
            return Found(text)
        rest = text[: odd.start()] + " " * len(odd[0]) + text[odd.end() :]
        return Found(rest, None, ((Problem.HOW_OFTEN, shown[odd.start() : odd.end()]),))
    repeat = finder.ends(repeat, read_day)
    odd = often.LOOKS_REPEATED.search(finder.rest)
    if odd or not 1 <= repeat.every <= _EVERY or repeat.count == 0 or (repeat.count or 0) > MOST:
        return Found(finder.rest, None, ((Problem.HOW_OFTEN, shown.strip()),))
    return Found(finder.rest, repeat)


class _Finder:
    def __init__(self, text: str, shown: str) -> None:
        self.rest = text
        self._shown = shown

    def _cut(self, start: int, end: int) -> None:
        blank = " " * (end - start)
        self.rest = self.rest[:start] + blank + self.rest[end:]
        self._shown = self._shown[:start] + blank + self._shown[end:]

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.rest)
        if match:
            self._cut(match.start(), match.end())
        return match

    def every(self) -> Repeat | None:
        if match := self._take(often.EVERY_NTH_DAY):
            return Repeat(Unit.MONTH, 1, weekday=words.DAYS[match["wd"]], nth=words.WHICH[match["which"]])
        if match := self._take(often.EVERY_DATE):
            return Repeat(Unit.MONTH, 1, day=int(match["d"])) if 1 <= int(match["d"]) <= 31 else None
        if match := self._take(often.ADVERB):
            every = 2 if match["fortnight"] else 3 if match["quarter"] else 1
            return Repeat(Unit.MONTH if match["month"] or match["quarter"] else Unit.WEEK, every)
        match = often.EVERY.search(self.rest)
        if not match:
            return self._every_one()
        number = 2 if match["other"] else _number(match["n"] or "1")
        if match["day"]:
            if number % 7:
                return None
            number //= 7
        self._cut(match.start(), match.end())
        weekday = words.DAYS[match["wd"]] if match["wd"] else None
        return Repeat(Unit.MONTH if match["month"] else Unit.WEEK, number, weekday=weekday)

    def _every_one(self) -> Repeat | None:
        """`måndagar kl 9`."""
        match = self._take(often.SEVERAL_DAYS)
        return Repeat(Unit.WEEK, 1, weekday=words.DAYS[match["wd"]]) if match else None

    def in_weeks(self, repeat: Repeat | None) -> Repeat | None:
        """`jämna veckor`: every second week, and it is said which ones; None where that goes with nothing."""
        if repeat is not None and (repeat.unit is not Unit.WEEK or repeat.every > 2):
            return repeat
        match = self._take(often.WEEKS)
        if match is None:
            return repeat
        return replace(repeat or Repeat(Unit.WEEK, 1), every=1, weeks="even" if match["even"] else "odd")

    def ends(self, repeat: Repeat, read_day: Callable[[str], tuple[date, int] | None]) -> Repeat:
        if self._take(often.FURTHER):
            repeat = replace(repeat, further=True)
        if match := self._take(often.TIMES):
            repeat = replace(repeat, count=_number(match["n"] or match["x"] or match["xx"]))
        if repeat.count is None and repeat.every == 1 and (match := often.SO_LONG[repeat.unit].search(self.rest)):
            self._cut(match.start(), match.end())
            repeat = replace(repeat, count=_number(match["n"]))
        for match in list(often.UNTIL.finditer(self.rest))[:20]:
            day = read_day(self.rest[match.end() :])
            if day:
                self._cut(match.start(), match.end() + day[1])
                repeat = replace(repeat, until=day[0])
                break
        if repeat.until is None and (match := often.THROUGH_MONTH.search(self.rest)):
            month = read_day(f"1 {match['n']} {match['y'] or ''}".strip())
            if month:
                self._cut(match.start(), match.end())
                repeat = replace(repeat, until=_month_end(month[0]))
        return self._turns(repeat)

    def _turns(self, repeat: Repeat) -> Repeat:
        """The names of meetings that take turns: last, because they may be any words."""
        match = often.ALTERNATING.search(self.rest)
        if not match:
            return repeat
        start, end = match.span("titles")
        titles = [title.strip(" .:\"'") for title in often.TITLE_SPLIT.split(self._shown[start:end])]
        self._cut(match.start(), end)
        return replace(repeat, titles=tuple(title[:200] for title in titles if title)[:12])


def _month_end(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)


def _number(text: str) -> int:
    digits = re.match(r"\d{1,3}", text)
    return int(digits[0]) if digits else words.NUMBERS.get(text, 0)


# ---- working out


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a series: those on which it is, those of the rule on which it cannot be, and whether it goes on."""

    kept: tuple[date, ...]
    skipped: tuple[date, ...]
    more: bool


def expand(repeat: Repeat, first: date, free: Free, after: date | None = None) -> Days:
    """The days of `repeat` from `first` (which fits it), holidays and closures left out.

    A day left out is not made up on another day, but does not count among `count` either. Until further notice means
    for now the nine months after `first`, or after the day `after`: then only later days are given, to go on with a
    series that was worked out before. Never more than 120 days.
    """
    kept: list[date] = []
    skipped: list[date] = []
    horizon = (after or first) + AHEAD
    for day in islice(_days(repeat, first), _STEPS):
        if repeat.until is not None and day > repeat.until:
            return Days(tuple(kept), tuple(skipped), more=False)
        if repeat.count is None and repeat.until is None and day > horizon:
            return Days(tuple(kept), tuple(skipped), more=True)
        if after is not None and day <= after:
            continue
        if len(kept) == MOST:
            return Days(tuple(kept), tuple(skipped), more=True)
        (kept if free(day) else skipped).append(day)
        if repeat.count is not None and len(kept) == repeat.count:
            return Days(tuple(kept), tuple(skipped), more=False)
    return Days(tuple(kept), tuple(skipped), more=False)


def _days(repeat: Repeat, first: date) -> Iterator[date]:
    if repeat.unit is Unit.WEEK:
        for number in range(_STEPS):
            one = first + timedelta(weeks=number * repeat.every)
            if in_weeks(repeat, one):
                yield one
        return
    nth, weekday = _place(repeat, first)
    year, month = first.year, first.month
    for _ in range(_STEPS):
        day = _of_month(year, month, repeat.day) if repeat.day else nth_weekday(year, month, nth, weekday)
        if day is not None and day >= first:
            yield day
        month += repeat.every
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def in_weeks(repeat: Repeat, day: date) -> bool:
    """Whether a day is in one of the weeks that are meant."""
    return not repeat.weeks or day.isocalendar().week % 2 == (repeat.weeks == "odd")


def _place(repeat: Repeat, first: date) -> tuple[int, int]:
    """Which weekday of the month; a fifth one is the last, because not every month has five."""
    if repeat.nth:
        return repeat.nth, first.weekday() if repeat.weekday is None else repeat.weekday
    nth = (first.day - 1) // 7 + 1
    return (nth if nth <= 4 else -1), first.weekday()


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth (1 to 4, or -1 for the last) weekday (0 is Monday) of a month."""
    first = date(year, month, 1)
    if nth > 0:
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _of_month(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def first_day(repeat: Repeat, today: date) -> date | None:
    """The first day after `today` that fits a rule which names its weekday or day; None for a rule that does not."""
    if repeat.unit is Unit.WEEK:
        if repeat.weekday is None:
            return None
        first = today + timedelta(days=(repeat.weekday - today.weekday() - 1) % 7 + 1)
        coming = (first + timedelta(weeks=number) for number in range(3))
        return next(one for one in coming if in_weeks(repeat, one))
    if not repeat.nth and not repeat.day and repeat.weekday is None:
        return None
    if not repeat.nth and not repeat.day:
        return None  # the Tuesday of which week of the month?
    start = today + timedelta(days=1)
    return next(islice(_days(repeat, start), 1), None)


def fits(repeat: Repeat, first: date) -> bool:
    """Whether a first day that was written goes with what the rule names."""
    if repeat.weekday is not None and first.weekday() != repeat.weekday:
        return False
    if repeat.nth:
        return first == nth_weekday(first.year, first.month, repeat.nth, first.weekday())
    return not repeat.day or repeat.day == first.day
