"""Finding the dates that a text speaks of: days, stretches, weeks, months, "next week"; for absences and stand-ins.

Day comes before month in all numbers (words.md §6). A year that is not written is the next such date; one that would be
more than nine months ahead has passed just now (§7.5 asks there, but a machine's notice cannot be asked back).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mailsvc.message import said_date_words as words
from mailsvc.message.lines import clean

LONGEST_TEXT = 8000
MOST = 60

_AHEAD = timedelta(days=274)
_DOUBTFUL = timedelta(days=60)
_DAY = timedelta(days=1)
_DASHES = re.compile("[\u2010-\u2015\u2212]")


class Kind(StrEnum):
    """How a stretch of time was said."""

    DAY = "day"
    RANGE = "range"
    WEEK = "week"
    MONTH = "month"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Said:
    """A day or a stretch of days, `first` to `last` both included, said at text[start:end].

    `name` says which named stretch it was (`today`, `this_week`, `late` …), "" for written dates. `month` and `day`
    are what was written of the last day, `year` whether (and which) year was.
    """

    start: int
    end: int
    first: date
    last: date
    kind: Kind
    name: str = ""
    month: int = 0
    day: int = 0
    year: int | None = None


def plain(text: str) -> str:
    """`text` as `find_dates` reads it: at most 8,000 characters, odd blanks and dashes made plain, lower case.

    Every character keeps its place, so that what was found can be shown in `shown(text)`.
    """
    return "".join(low if len(low := char.lower()) == 1 else char for char in shown(text))


def shown(text: str) -> str:
    """`text` with plain blanks and dashes, letters as written."""
    return _DASHES.sub("-", clean(text[:LONGEST_TEXT]))


def find_dates(text: str, today: date, language: str | None = None) -> list[Said]:
    """All dates in `text` (made by `plain`), in order, without overlaps, at most 60; never raises.

    `language` decides how six digits are read: yymmdd in Swedish and where unknown, ddmmyy in the others.
    """
    found = [*_written(text, today), *_six_digits(text, today, language), *_weeks(text, today)]
    found += [*_months(text, today), *_named(text, today), *_weekdays(text, today), *_days_only(text, today)]
    return _joined(_without_overlaps(found), text)[:MOST]


def _without_overlaps(found: list[Said]) -> list[Said]:
    kept: list[Said] = []
    for one in sorted(found, key=lambda said: (said.start, -said.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


# ---- written dates


def _written(text: str, today: date) -> Iterator[Said]:
    for pattern in words.DATES:
        for match in pattern.finditer(text):
            if not words.NOT_A_DATE_BEFORE.search(text, max(0, match.start() - 12), match.start()):
                said = _from_match(match, today)
                if said:
                    yield said


def _from_match(match: re.Match[str], today: date) -> Said | None:
    groups = match.groupdict()
    month = _month_number(groups["n"]) if groups.get("n") else int(groups["m"])
    day = int(groups["d"])
    if month > 12 >= day and not groups.get("n"):
        day, month = month, day  # 08/15: nobody's day and month, so it can only be month and day
    year = None
    if groups.get("y"):
        year = int(groups["y"]) + (2000 if len(groups["y"]) == 2 else 0)
        if len(groups["y"]) == 2 and not today.year - 1 <= year <= today.year + 2:
            return None
    start, weekday = _weekday_before(match.string, match.start())
    first = _resolve(month, day, year, today, weekday)
    if first is None:
        return None
    if groups.get("to"):
        last = _date(first.year, month, int(groups["to"]))
        if last and last > first:
            return Said(start, match.end(), first, last, Kind.RANGE, month=month, day=last.day, year=year)
    return Said(start, match.end(), first, first, Kind.DAY, month=month, day=day, year=year)


def _month_number(name: str) -> int:
    while name not in words.MONTHS:  # Finnish endings
        name = name[:-1]
    return words.MONTHS[name]


def _weekday_before(text: str, start: int) -> tuple[int, int | None]:
    match = words.WEEKDAY_BEFORE.search(text, max(0, start - 24), start)
    return (match.start(), words.WEEKDAYS[match["day"]]) if match else (start, None)


def _resolve(month: int, day: int, year: int | None, today: date, weekday: int | None = None) -> date | None:
    if year is not None:
        return _date(year, month, day)
    years = (_date(today.year + offset, month, day) for offset in (-1, 0, 1))
    candidates = [one for one in years if one is not None]
    coming = [one for one in candidates if one >= today]
    gone = [one for one in candidates if one < today]
    if not coming:
        return gone[-1] if gone else None
    if gone and coming[0] - today > _AHEAD:
        return gone[-1]
    if gone and weekday is not None and coming[0] - today > _DOUBTFUL and weekday != coming[0].weekday():
        # Last year's notice still running is likelier than a weekday miscounted months ahead.
        return gone[-1] if gone[-1].weekday() == weekday else coming[0]
    return coming[0]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _six_digits(text: str, today: date, language: str | None) -> Iterator[Said]:
    for match in words.SIX_DIGITS.finditer(text):
        one, month, three = (int(part) for part in match.groups())
        year, day = (one, three) if language in (None, "sv") else (three, one)
        said = _date(2000 + year, month, day)
        if said and today.year - 1 <= said.year <= today.year + 1:
            yield Said(match.start(), match.end(), said, said, Kind.DAY, month=month, day=day, year=said.year)


def _days_only(text: str, today: date) -> Iterator[Said]:
    for match in words.DAY_ONLY.finditer(text):
        day = int(match["d"])
        first = today + _DAY
        while first.day != day and (first - today).days < 62:
            first += _DAY
        if first.day == day:
            yield Said(match.start(), match.end(), first, first, Kind.DAY, month=first.month, day=day)


# ---- weeks, months, weekdays


def _week(number: int, today: date) -> tuple[date, date] | None:
    """Monday and Sunday of the next ISO week of that number that is not over."""
    found: list[tuple[date, date]] = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        found.append((monday, monday + 6 * _DAY))
    coming = [one for one in found if one[1] >= today]
    gone = [one for one in found if one[1] < today]
    if not coming:
        return gone[-1] if gone else None
    return gone[-1] if gone and coming[0][0] - today > _AHEAD else coming[0]


def _weeks(text: str, today: date) -> Iterator[Said]:
    for match in words.WEEKDAY_OF_WEEK.finditer(text):
        week = _week(int(match["week"]), today)
        if week:
            day = week[0] + words.WEEKDAYS[match["day"]] * _DAY
            yield Said(match.start(), match.end(), day, day, Kind.DAY, month=day.month, day=day.day, year=day.year)
    for match in words.WEEKS.finditer(text):
        yield from _week_list(match, today)


def _week_list(match: re.Match[str], today: date) -> Iterator[Said]:
    """`v. 28-31` is one stretch, `v. 28, 30` are two, `v. 28, 29` is one again."""
    start, end = match.start(), match.start("numbers")
    stretch: tuple[date, date] | None = None
    for number in words.WEEK_NUMBER.finditer(match.string, match.start("numbers"), match.end("numbers")):
        week = _week(int(number[0]), stretch[0] if stretch else today)
        if week is None:
            return
        listed = bool(words.LISTED.search(match.string, end, number.start()))
        if stretch and listed and week[0] - stretch[1] > _DAY:
            yield Said(start, end, *stretch, Kind.WEEK)
            start, stretch = number.start(), None
        stretch = (stretch[0], max(week[1], stretch[1])) if stretch else week
        end = number.end()
    if stretch:
        yield Said(start, end, *stretch, Kind.WEEK)


def _months(text: str, today: date) -> Iterator[Said]:
    for match in words.MONTH_ALONE.finditer(text):
        month = words.MONTHS[match["n"]]
        if match["y"]:
            year = int(match["y"])
        else:
            year = today.year + (month < today.month)
            if date(year, month, 1) - today > _AHEAD:
                year -= 1
        first, last = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - _DAY
        name = next(key for key in ("early", "mid", "late", "whole", "bare") if match[key])
        if name == "mid":
            first = last = date(year, month, 15)
        elif name == "early":
            last = first
        # A preposition is no part of the month: it stays outside so that it is seen before it.
        start = match.start("n") if name == "bare" else match.start()
        yield Said(start, match.end(), first, last, Kind.MONTH, name)


def _weekdays(text: str, today: date) -> Iterator[Said]:
    for match in words.WEEKDAY_ALONE.finditer(text):
        if words.RECURRING.search(text, max(0, match.start() - 12), match.start()):
            continue
        ahead = (words.WEEKDAYS[match["day"]] - today.weekday() - 1) % 7 + 1
        day = today + ahead * _DAY
        yield Said(match.start(), match.end(), day, day, Kind.WEEKDAY)


def _named(text: str, today: date) -> Iterator[Said]:
    monday = today - today.weekday() * _DAY
    for match in words.NAMED.finditer(text):
        name = match.lastgroup or ""
        first = last = today
        match name:
            case "tomorrow":
                first = last = today + _DAY
            case "this_week":
                first, last = monday, monday + 6 * _DAY
            case "next_week":
                first, last = monday + 7 * _DAY, monday + 13 * _DAY
            case "weekend":
                first, last = monday + 5 * _DAY, monday + 6 * _DAY
            case "new_year":
                first = last = date(today.year + (today.month > 1), 1, 1)
                if first - today > _AHEAD:
                    continue
        yield Said(match.start(), match.end(), first, last, Kind.DAY if first == last else Kind.WEEK, name)


# ---- stretches


def _joined(found: list[Said], text: str) -> list[Said]:
    """Two ends of a stretch made one; weekday to weekday (opening hours) taken out."""
    result: list[Said] = []
    place = 0
    while place < len(found):
        one = _with_first_day(found[place], text, result[-1].end if result else 0)
        other = found[place + 1] if place + 1 < len(found) else None
        if other is not None and _connected(text, one, other):
            place += 2
            if Kind.WEEKDAY in (one.kind, other.kind):
                if one.kind is not other.kind:
                    result.append(one if other.kind is Kind.WEEKDAY else other)
                continue
            stretch = _stretch(one, other)
            if stretch:
                result.append(stretch)
            continue
        result.append(one)
        place += 1
    return result


def _connected(text: str, one: Said, other: Said) -> bool:
    if other.start - one.end > 60 or one.kind is Kind.RANGE:
        return False
    between = text[one.end : other.start]
    if words.BETWEEN.fullmatch(between):
        return True
    before = words.BETWEEN_BEFORE.search(text, max(0, one.start - 30), one.start)
    today_and = one.name == "today" and other.name == "tomorrow"
    return bool((before or today_and) and words.AND.fullmatch(between))


def _stretch(one: Said, other: Said) -> Said | None:
    first, last = one.first, other.last
    if other.year is None and other.month and one.year is not None:
        last = _resolve(other.month, other.day, None, first) or last
    elif one.year is None and one.month:
        # The beginning is the latest such day that is not after the end.
        own = (_date(last.year - back, one.month, one.day) for back in (0, 1))
        first = next((day for day in own if day and day <= last), first)
    if last < first:
        return None
    return replace(other, start=one.start, first=first, last=last, kind=Kind.RANGE, year=other.year or one.year)


def _with_first_day(said: Said, text: str, after: int) -> Said:
    """`12-16 augusti`: the day before the dash belongs to the same month, or to the one before."""
    if said.kind is not Kind.DAY or not said.month:
        return said
    begin = max(after, said.start - 40)
    match = words.PARTIAL_BEFORE.search(text, begin, said.start)
    match = match or words.PARTIAL_BETWEEN.search(text, begin, said.start)
    if not match or words.NOT_A_DATE_BEFORE.search(text, after, match.start("d")):
        return said
    day = int(match["d"])
    month = said.first.replace(day=1) if day < said.first.day else said.first.replace(day=1) - _DAY
    first = _date(month.year, month.month, day)
    return replace(said, start=match.start("d"), first=first, kind=Kind.RANGE) if first else said
