"""The tokens of one line put together: which day goes with which hours. Nothing is worked out or guessed yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mailsvc.message.said_date_words import MONTHS
from workflows.meeting.when import words
from workflows.meeting.when.model import Problem
from workflows.meeting.when.tokens import Clock, Token, clock, minutes, scan

_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class DayName:
    """A day as written: day and month with or without year, or so many days from today."""

    day: int = 0
    month: int = 0
    year: int | None = None
    ahead: int | None = None


@dataclass(slots=True)
class Item:
    """One time as written, as far as it goes."""

    day: DayName | None = None
    last: DayName | None = None
    weekday: int | None = None
    last_weekday: int | None = None
    week: int | None = None
    last_week: int | None = None
    week_year: int | None = None
    start: Clock | None = None
    end: Clock | None = None
    length: int = 0
    whole: bool = False

    @property
    def dated(self) -> bool:
        """Something is said of its day."""
        return self.day is not None or self.weekday is not None or self.week is not None

    @property
    def timed(self) -> bool:
        """Something is said of its hours."""
        return self.start is not None or self.whole


@dataclass(slots=True)
class Line:
    """What a line says: its items in order, and (why, the words) for what was not understood."""

    items: list[Item] = field(default_factory=list)
    faults: list[tuple[Problem, str]] = field(default_factory=list)
    vague_days: list[int] = field(default_factory=list)


def read_items(line: str, shown: str, language: str) -> Line:
    """Read one line (made by `said_dates.plain`; `shown` is the same as written). English `on` and `to` are no days."""
    reader = _Reader(line, shown, language)
    for token in scan(line):
        reader.take(token)
    return reader.finish()


class _Reader:
    """Goes through the tokens once; `_joint` is the last word between two of them: dash, and, or nothing."""

    def __init__(self, line: str, shown: str, language: str) -> None:
        self._shown = shown
        self._language = language
        self._clear = bool(words.CLEAR_DATE.search(line))
        self._result = Line([Item()])
        self._joint = ""
        self._between = False
        self._takers: dict[str, Callable[[Token], None]] = {
            "date": self._date,
            "dotted": self._date,
            "maybe": self._maybe,
            "days": self._days,
            "week": self._week,
            "short": self._short,
            "weekday": self._weekday,
            "today": self._relative,
            "tomorrow": self._relative,
            "after_tomorrow": self._relative,
            "length": self._length,
            "whole": self._whole,
            "vague": self._vague,
            "time": self._time,
            "spoken": self._time,
            "half": self._time,
            "half_past": self._time,
            "quarter": self._time,
        }
        self._faults = {
            "part": Problem.WHICH_HOUR,
            "english_half": Problem.WHICH_HOUR,
            "unknown": Problem.NOT_UNDERSTOOD,
            "or": Problem.NOT_UNDERSTOOD,
        }

    def take(self, token: Token) -> None:
        if token.name == "filler":
            return
        if token.name in ("dash", "and"):
            self._joint = "dash" if self._between else token.name
            self._between = False
        elif token.name == "between":
            self._between = True
        elif token.name in self._faults:
            self._fault(self._faults[token.name], token)
        elif token.name == "short" and self._language == "en" and token["wd"] in ("on", "to"):
            self._joint = "dash" if token["wd"] == "to" else self._joint
        else:
            self._takers[token.name](token)
            if token.name not in ("weekday", "short"):
                self._joint = ""

    def finish(self) -> Line:
        result = self._result
        if self._joint == "dash":
            result.faults.append((Problem.NOT_UNDERSTOOD, self._shown.strip()))  # 13-
        result.items = [item for item in result.items if item.dated or item.timed or item.length][:_MOST]
        self._merge_weekday()
        hours = [item for item in result.items if item.timed]
        if len(hours) == 1:
            # `13/1, 24/2 och 7/4 kl 13`: the hours are for all of them.
            for item in result.items:
                if item.dated and not item.timed:
                    item.start, item.end, item.whole = hours[0].start, hours[0].end, hours[0].whole
                    item.length = item.length or hours[0].length
            if len(result.items) > 1 and not hours[0].dated:
                result.items.remove(hours[0])
        return result

    def _merge_weekday(self) -> None:
        """`3 december, torsdag, kl 13`: a weekday between commas is about the day before it."""
        items = self._result.items
        for place in range(len(items) - 1, 0, -1):
            one, other = items[place - 1], items[place]
            if other.weekday is None or other.day is not None or other.week is not None:
                continue
            if one.day is not None and one.weekday is None and not one.timed:
                one.weekday, one.start, one.end = other.weekday, other.start, other.end
                one.length, one.whole = one.length or other.length, other.whole
                del items[place]

    def _fault(self, problem: Problem, token: Token) -> None:
        self._result.faults.append((problem, self._shown[token.start : token.end]))

    @property
    def _item(self) -> Item:
        return self._result.items[-1]

    def _new(self) -> Item:
        self._result.items.append(Item())
        return self._item

    # ---- days

    def _date(self, token: Token) -> None:
        year = token["y"] or token["y2"]
        month = MONTHS.get(_name(token["n"]), 0) if token["n"] else int(token["m"])
        self._put(DayName(int(token["d"]), month, (int(year) + (2000 if len(year) == 2 else 0)) if year else None))

    def _relative(self, token: Token) -> None:
        self._put(DayName(ahead=("today", "tomorrow", "after_tomorrow").index(token.name)))

    def _put(self, day: DayName) -> None:
        item = self._item
        if item.day is None and item.week is None:
            item.day = day
        elif item.day is None and item.weekday is None:
            item.day = day  # v. 49, 3/12
        elif self._joint == "dash" and item.last is None and item.day is not None:
            item.last = day
        else:
            self._new().day = day

    def _days(self, token: Token) -> None:
        """`3-4 december` is one stretch, `3, 10 och 17 december` are three days."""
        month = MONTHS.get(_name(token["n"]), 0)
        year = int(token["y"]) if token["y"] else None
        numbers = [int(number) for number in re.findall(r"\d{1,2}", token["ds"])]
        if "-" in token["ds"]:
            self._put(DayName(numbers[0], month, year))
            self._item.last = DayName(numbers[1], month, year)
            return
        if numbers != sorted(set(numbers)):
            self._fault(Problem.NOT_UNDERSTOOD, token)
            return
        for number in numbers:
            self._joint = "and"
            self._put(DayName(number, month, year))

    def _maybe(self, token: Token) -> None:
        """`3.12` is a day where none was written yet and `13.30` cannot be one; otherwise hours and minutes."""
        first, second = int(token["d"]), int(token["m"])
        a_day = 1 <= first <= 31 and 1 <= second <= 12
        a_time = first <= 24 and second <= 59 and len(token["m"]) == 2
        item = self._item
        ends = self._joint == "dash" and item.start is not None and item.end is None
        hours = ends or self._clear or (item.day is not None and item.start is None and second % 5 == 0)
        if a_time and (hours or not a_day):
            self._hours(Clock(first, second, sure=first >= 7 or token["d"].startswith("0") or first == 0), token)
        elif a_day:
            self._put(DayName(first, second))
        else:
            self._fault(Problem.NO_SUCH_TIME, token)

    def _week(self, token: Token) -> None:
        item = self._item
        if item.last is not None and item.last_week is None:
            item.last_week = int(token["w"])
            return
        if item.week is not None:
            item = self._new()
        item.week = int(token["w"])
        item.week_year = int(token["y"]) if token["y"] else None
        if token["wd"]:
            item.weekday = int(token["wd"]) - 1

    def _short(self, token: Token) -> None:
        self._day_of_week(words.SHORT_DAYS[token["wd"]])

    def _weekday(self, token: Token) -> None:
        self._day_of_week(words.DAYS[token["wd"]])

    def _day_of_week(self, weekday: int) -> None:
        item = self._item
        if item.day is not None and self._joint == "dash":
            item.last_weekday = weekday
        elif item.weekday is None and (item.day is None or self._joint != "and"):
            item.weekday = weekday
        else:
            self._new().weekday = weekday

    def _vague(self, token: Token) -> None:
        self._fault(Problem.WHICH_DAY, token)
        if token["wd"]:
            self._result.vague_days.append(words.DAYS[token["wd"]])

    # ---- hours

    def _time(self, token: Token) -> None:
        self._hours(clock(token), token)

    def _hours(self, at: Clock, token: Token) -> None:
        item = self._item
        if not at.valid:
            self._fault(Problem.NO_SUCH_TIME, token)
        elif item.start is None:
            item.start = at
        elif item.end is None and (self._joint == "dash" or item.last is not None):
            item.end = at
        else:
            self._fault(Problem.NOT_UNDERSTOOD, token)

    def _length(self, token: Token) -> None:
        self._item.length += minutes(token)

    def _whole(self, _: Token) -> None:
        self._item.whole = True


def _name(text: str) -> str:
    """A month's name without an ending that said_date_words allows (Finnish)."""
    while text and text not in MONTHS:
        text = text[:-1]
    return text
