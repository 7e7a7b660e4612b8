"""The tokens of one line put together: which day goes with which hours. Nothing is worked out or guessed yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from mailsvc.message.said_date_words import MONTHS
from workflows.meeting.when import words
from workflows.meeting.when.model import Problem
from workflows.meeting.when.tokens import Clock, Token, clock, minutes, scan

_MOST: Final = 60
_LONG_MEETING: Final = 9
_NEAR: Final = range(25, 32)
"""Years that six digits may name."""


@dataclass(frozen=True, slots=True)
class DayName:
    """A day as written: day and month with or without year, so many days from today, or the `nth` weekday of a month
    (1 to 4, -1 for the last). `swapped`: written in numbers alone, which an American would read the other way."""

    day: int = 0
    month: int = 0
    year: int | None = None
    ahead: int | None = None
    nth: int = 0
    weekday: int = 0
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What was not understood: why, the very words, and where they begin and end in the line."""

    problem: Problem
    part: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Vague:
    """A day that may be one of several: the next weekday, so many days or weeks from today, a day of some month."""

    weekday: int | None = None
    days: int = 0
    weeks: int = 0
    day: int = 0


@dataclass(slots=True)
class Item:
    """One time as written, as far as it goes.

    `coming` says that a weekday is the next such day ("coming"), of this week where somebody wrote so ("this").
    `weeks_ahead` is 0 for this week, 1 for the next. `part` is am or pm, from words beside the hours. `same`: further
    hours on the day of the item before. `zone` is one that was named, a key of the tz database, `abbreviated` what its
    clocks are called then ("CET").
    """

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
    coming: str = ""
    weeks_ahead: int | None = None
    part: str = ""
    same: bool = False
    zone: str = ""
    abbreviated: str = ""

    @property
    def dated(self) -> bool:
        """Something is said of its day."""
        return any(one is not None for one in (self.day, self.weekday, self.week, self.weeks_ahead))

    @property
    def timed(self) -> bool:
        """Something is said of its hours."""
        return self.start is not None or self.whole


@dataclass(slots=True)
class Line:
    """What a line says: its items in order, what was not understood, and days that may be several."""

    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    vague: list[Vague] = field(default_factory=list)


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
        self._zone = ""
        self._abbreviated = ""
        self._part: Token | None = None
        self._takers: dict[str, Callable[[Token], None]] = {
            "date": self._date,
            "dotted": self._date,
            "maybe": self._maybe,
            "days": self._days,
            "numbers": self._numbers,
            "stretch": self._stretch,
            "weekdays": self._weekdays,
            "nth_day": self._nth_day,
            "short_year": self._short_year,
            "week": self._week,
            "next_week": self._near_week,
            "this_week": self._near_week,
            "short": self._short,
            "weekday": self._weekday,
            "coming": self._coming,
            "first_coming": self._coming,
            "day_part": self._day_part,
            "am": self._half_day,
            "pm": self._half_day,
            "noon": self._noon,
            "today": self._relative,
            "tomorrow": self._relative,
            "after_tomorrow": self._relative,
            "length": self._length,
            "whole": self._whole,
            "vague": self._vague,
            "time": self._time,
            "military": self._military,
            "spoken": self._time,
            "hour": self._hour,
            "zone": self._in_zone,
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
        comma = self._shown[token.start : token.end] == ","
        if comma and self._joint == "dash":
            return  # 13:00 - Thursday, 3 December
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
            if token.name not in ("weekday", "short", "coming") and token["h"] != "to":
                self._joint = ""

    def finish(self) -> Line:
        result = self._result
        if self._joint == "dash":
            result.faults.append(Fault(Problem.NOT_UNDERSTOOD, self._shown, 0, len(self._shown)))  # 13-
        for item in result.items:
            item.zone, item.abbreviated = self._zone, self._abbreviated
        result.items = [item for item in result.items if item.dated or item.timed or item.length][:_MOST]
        self._merge_weekday()
        _share_years(result.items)
        self._in_part()
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

    def _in_part(self) -> None:
        """`kl 8 på kvällen`: the words beside the hours say which half of the day; alone they are no hour."""
        said = self._part
        for item in self._result.items:
            if item.part and not _in_half(item) and said is not None:
                self._fault(Problem.WHICH_HOUR, said)
        if said is not None and not any(item.part for item in self._result.items):
            self._fault(Problem.WHICH_HOUR, said)

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
        self._result.faults.append(Fault(problem, self._shown[token.start : token.end], token.start, token.end))

    @property
    def _item(self) -> Item:
        return self._result.items[-1]

    def _new(self) -> Item:
        self._result.items.append(Item())
        return self._item

    # ---- days

    def _date(self, token: Token) -> None:
        number = words.ORDINALS[token["dw"]] if token["dw"] else int(token["d"])
        month = _month(token) if token["n"] else int(token["m"])
        day_first = token.match is not None and not token["n"] and token.match.start("d") < token.match.start("m")
        self._put(DayName(number, month, _year(token), swapped=day_first))

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
        month, year = _month(token), _year(token)
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

    def _numbers(self, token: Token) -> None:
        """`3-4/12`."""
        month, year = int(token["m"]), _year(token)
        self._put(DayName(int(token["a"]), month, year))
        self._item.last = DayName(int(token["b"]), month, year)

    def _stretch(self, token: Token) -> None:
        """`torsdag 3 - fredag 4 december`."""
        month, year = _month(token), _year(token)
        self._put(DayName(int(token["a"]), month, year))
        item = self._item
        if token["wa"]:
            item.weekday = words.DAYS[token["wa"]]
        item.last, item.last_weekday = DayName(int(token["b"]), month, year), words.DAYS[token["wb"]]

    def _weekdays(self, token: Token) -> None:
        """`torsdag-fredag`, before the dates of both."""
        item = self._item if not self._item.dated else self._new()
        item.weekday, item.last_weekday = words.DAYS[token["wa"]], words.DAYS[token["wb"]]

    def _nth_day(self, token: Token) -> None:
        """`första torsdagen i december`."""
        nth = words.WHICH[token["which"]]
        self._put(DayName(month=_month(token), year=_year(token), nth=nth, weekday=words.DAYS[token["wd"]]))

    def _short_year(self, token: Token) -> None:
        """`261203` begins with the year in Swedish, `031226` ends with it elsewhere; what may be both is asked."""
        one, month, three = int(token["one"]), int(token["m"]), int(token["three"])
        years = [(year, day) for year, day in ((one, three), (three, one)) if year in _NEAR and 1 <= day <= 31]
        if len(set(years)) != 1 or not 1 <= month <= 12:
            self._fault(Problem.NOT_UNDERSTOOD, token)
        else:
            self._put(DayName(years[0][1], month, 2000 + years[0][0]))

    def _maybe(self, token: Token) -> None:
        """`3.12` is a day where none was written yet and `13.30` cannot be one; otherwise hours and minutes."""
        first, second = int(token["d"]), int(token["m"])
        a_day = 1 <= first <= 31 and 1 <= second <= 12
        a_time = first <= 24 and second <= 59 and len(token["m"]) == 2
        item = self._item
        ends = self._joint == "dash" and item.start is not None and item.end is None
        hours = ends or self._clear or (item.day is not None and item.start is None and second % 5 == 0)
        # `3/12 9.5-11`: behind a day, without a comma or dash, it can only be meant as hours
        behind = item.day is not None and not item.timed and not self._joint
        if a_time and (hours or not a_day):
            self._hours(Clock(first, second, sure=first >= 7 or token["d"].startswith("0") or first == 0), token)
        elif a_day and not behind:
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

    def _near_week(self, token: Token) -> None:
        """`torsdag nästa vecka`."""
        item = self._item
        if item.day is not None or item.week is not None or item.weeks_ahead is not None:
            self._fault(Problem.NOT_UNDERSTOOD, token)
        else:
            item.weeks_ahead = 1 if token.name == "next_week" else 0

    def _coming(self, token: Token) -> None:
        """`på torsdag`, `this Thursday`: the next one; before a date it is only its weekday."""
        self._day_of_week(words.DAYS[token["wd"]])
        this = self._shown[token.start : token.end].lower().startswith(("this", "denn"))
        self._item.coming = "this" if this else "coming"

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
            self._result.vague.append(Vague(weekday=words.DAYS[token["wd"]]))
        elif token["d"]:
            self._result.vague.append(Vague(day=int(token["d"])))
        elif token["n"]:
            number = int(token["n"]) if token["n"].isdecimal() else words.NUMBERS.get(token["n"], 0)
            self._result.vague.append(Vague(weeks=number) if token["weeks"] else Vague(days=number))

    def _day_part(self, token: Token) -> None:
        """`i kväll`, `this afternoon`."""
        self._put(DayName(ahead=0))
        self._half_day(token)

    # ---- hours

    def _half_day(self, token: Token) -> None:
        """In the morning, or later; the hours may stand before or behind."""
        self._item.part = "am" if token.name == "am" or token["am"] else "pm"
        self._part = token

    def _noon(self, token: Token) -> None:
        if self._item.start != Clock(12, 0) or self._joint == "dash":  # 12 noon
            self._hours(Clock(12, 0), token)

    def _military(self, token: Token) -> None:
        """`1330`, behind a day."""
        if self._item.dated and self._item.start is None:
            self._time(token)
        else:
            self._fault(Problem.NOT_UNDERSTOOD, token)

    def _hour(self, token: Token) -> None:
        """`halv två till tre`."""
        item = self._item
        if self._joint == "dash" and item.start is not None and item.end is None:
            self._time(token)
        elif token["h"] == "to":
            self._joint = "dash" if not self._between else self._joint
        else:
            self._fault(Problem.NOT_UNDERSTOOD, token)

    def _in_zone(self, token: Token) -> None:
        found = words.ZONES[token["zone"]]
        if self._zone and found != self._zone:
            self._fault(Problem.NOT_UNDERSTOOD, token)
        self._zone = found or self._zone
        if token["zone"] in words.ABBREVIATIONS:
            self._abbreviated = token["zone"].upper()

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
        elif self._joint == "and" and item.dated and item.end is not None:
            self._result.items.append(replace(item, start=at, end=None, length=0, same=True))
        else:
            self._fault(Problem.NOT_UNDERSTOOD, token)

    def _length(self, token: Token) -> None:
        """How long; `13h`, longer than meetings are, is an hour of the day where none was written yet."""
        item = self._item
        count = token["count"].strip()
        hour = int(count) if token["hours"] in ("h", "hrs") and count.isdecimal() else 24
        ends = item.start is not None and item.end is None and self._joint == "dash"
        begins = item.start is None and not item.whole and hour > _LONG_MEETING
        if hour < 24 and (ends or begins):
            self._hours(Clock(hour, 0), token)
        else:
            item.length += minutes(token)

    def _whole(self, _: Token) -> None:
        self._item.whole = True


def _share_years(items: list[Item]) -> None:
    """`3/12, 10/12 2027` and `28/12 - 3/1 2027`: a year that stands with one day of a line is about all of them."""
    for item in items:
        if item.day is not None and item.last is not None and item.day.ahead is None:
            item.day = _year_before(item.day, item.last)
    places = [at for at, item in enumerate(items) if item.day is not None and item.day.ahead is None]
    for at, after in reversed(list(pairwise(places))):
        items[at].day = _year_before(items[at].day, items[after].day)
    for before, at in pairwise(places):
        one, day = items[before].day, items[at].day
        if one is not None and day is not None and one.year is not None and day.year is None:
            year = one.year + ((day.month, day.day) < (one.month, one.day))
            items[at].day = replace(day, year=year)


def _year_before(day: DayName | None, after: DayName | None) -> DayName | None:
    if day is None or after is None or day.year is not None or after.year is None:
        return day
    return replace(day, year=after.year - ((day.month, day.day) > (after.month, after.day)))


def _in_half(item: Item) -> bool:
    """Put the hours of an item into the half of the day that was named; False where they cannot be in it."""
    if item.start is None:
        return item.whole
    found = [None if at is None else _halved(at, item.part) for at in (item.start, item.end)]
    if found[0] is None or (item.end is not None and found[1] is None):
        return False
    item.start, item.end = found[0], found[1]
    return True


def _halved(at: Clock, part: str) -> Clock | None:
    if part == "am":
        return Clock(at.hour, at.minute) if at.hour < 12 or at == Clock(12, 0) else None
    return Clock(at.hour + 12 if at.hour < 12 else at.hour, at.minute)


def _month(token: Token) -> int:
    return MONTHS.get(_name(token["n"]), 0)


def _year(token: Token) -> int | None:
    year = token["y"] or token["y2"]
    return int(year) + (2000 if len(year) == 2 else 0) if year else None


def _name(text: str) -> str:
    """A month's name without an ending that said_date_words allows (Finnish)."""
    while text and text not in MONTHS:
        text = text[:-1]
    return text
