"""A caller's RRULE (RFC 5545 §3.3.10), worked out one time after the other; nothing that a stranger wrote runs on.

Calendars count on the wall clock, so the work is done there. Rules by the hour, by weeks or days of the year, or of
other calendars than ours are not followed: they have to be asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.meeting.foreign.zones import wall_clock
from workflows.meeting.when.repeat import nth_weekday

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)\Z")
_KNOWN: Final = frozenset(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"])
_STEPS: Final = {"DAILY": 20_000, "WEEKLY": 4000, "MONTHLY": 1500, "YEARLY": 150}
"""Days, weeks, months or years that are looked at, also where none of them has a time."""
_LAST_YEAR: Final = 2200
_MOST_NUMBERS: Final = 62


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is followed. `days` are (nth or 0, weekday), `week_start` a weekday (0 is Monday).

    `until` is the last moment, as a wall clock; of the site's or the event's zone, unless `until_utc`.
    """

    unit: str
    every: int
    count: int | None
    until: datetime | None
    until_utc: bool
    days: tuple[tuple[int, int], ...]
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    positions: tuple[int, ...]
    week_start: int

    @property
    def endless(self) -> bool:
        """Whether nobody has said when it ends."""
        return self.count is None and self.until is None


def read_rule(text: str) -> Rule | None:
    """The rule as a value; None for one that is not followed."""
    parts = dict(pair.strip().upper().partition("=")[::2] for pair in text[:500].split(";") if "=" in pair)
    unit = parts.get("FREQ", "")
    every, count = _whole(parts.get("INTERVAL", "1")), _whole(parts.get("COUNT", "1"))
    until = wall_clock(parts.get("UNTIL", ""))
    days = _weekdays(parts.get("BYDAY", ""))
    month_days = _numbers(parts.get("BYMONTHDAY", ""), 31)
    months = _numbers(parts.get("BYMONTH", ""), 12)
    positions = _numbers(parts.get("BYSETPOS", ""), 366)
    start = parts.get("WKST", "MO")
    if not parts.keys() <= _KNOWN or unit not in _STEPS or not every or not count or start not in _DAYS:
        return None
    if days is None or month_days is None or months is None or positions is None or min(months, default=1) < 1:
        return None
    if "UNTIL" in parts and until is None:
        return None
    nth = any(which for which, _ in days)
    if (nth and unit in ("DAILY", "WEEKLY")) or (unit == "YEARLY" and not months and (days or month_days)):
        return None
    if until is not None and len(parts["UNTIL"].strip()) == 8:
        until += timedelta(days=1) - timedelta(seconds=1)
    return Rule(
        unit,
        every,
        count if "COUNT" in parts else None,
        until,
        parts.get("UNTIL", "").strip().endswith("Z"),
        days,
        month_days,
        months,
        positions,
        _DAYS.index(start),
    )


def _whole(text: str) -> int:
    """A number from 1, 0 for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text.strip()) else 0


def _numbers(text: str, most: int) -> tuple[int, ...] | None:
    found = [one.strip() for one in text.split(",")] if text.strip() else []
    if len(found) > _MOST_NUMBERS or not all(re.fullmatch(r"[+-]?[0-9]{1,3}", one) for one in found):
        return None
    numbers = tuple(sorted({int(one) for one in found}))
    return numbers if all(1 <= abs(one) <= most for one in numbers) else None


def _weekdays(text: str) -> tuple[tuple[int, int], ...] | None:
    found = [_BYDAY.match(one.strip()) for one in text.split(",")] if text.strip() else []
    if len(found) > _MOST_NUMBERS:
        return None
    days = [(int(match[1] or 0), _DAYS.index(match[2])) for match in found if match]
    return tuple(days) if len(days) == len(found) else None


def times(rule: Rule, first: datetime) -> Iterator[datetime]:
    """The beginnings, in order, in the zone of `first` (aware, on its wall clock), which is always the first of them.

    One that the clocks leave out is as far after midnight as written, as everywhere (RFC 5545 §3.3.5).
    """
    zone = first.tzinfo
    assert isinstance(zone, ZoneInfo)
    until = rule.until.replace(tzinfo=UTC if rule.until_utc else zone) if rule.until is not None else None
    for made, day in enumerate(_days(rule, first.date())):
        at = datetime.combine(day, first.time(), zone)
        # Compared as moments: two wall clocks of one zone are compared without their offsets.
        if until is not None and at.astimezone(UTC) > until.astimezone(UTC):
            return
        if rule.count is not None and made >= rule.count:
            return
        yield at


def _days(rule: Rule, first: date) -> Iterator[date]:
    yield first
    for step in range(_STEPS[rule.unit]):
        try:
            found = sorted(set(_period(rule, first, step * rule.every)))
        except (OverflowError, ValueError):
            return  # beyond the calendar
        for day in _at_positions(found, rule.positions):
            if day.year > _LAST_YEAR:
                return
            if day > first:
                yield day


def _at_positions(found: list[date], positions: tuple[int, ...]) -> list[date]:
    if not positions:
        return found
    places = {one - 1 if one > 0 else len(found) + one for one in positions}
    return [day for place, day in enumerate(found) if place in places]


def _period(rule: Rule, first: date, number: int) -> Iterator[date]:
    """The days of the rule in the day, week, month or year that is `number` after that of `first`."""
    if rule.unit == "DAILY":
        day = first + timedelta(days=number)
        weekdays = {weekday for _, weekday in rule.days}
        if (not weekdays or day.weekday() in weekdays) and _in_month(rule, day):
            yield day
    elif rule.unit == "WEEKLY":
        week = first - timedelta(days=(first.weekday() - rule.week_start) % 7) + timedelta(weeks=number)
        weekdays = {weekday for _, weekday in rule.days} or {first.weekday()}
        days = (week + timedelta(days=one) for one in range(7))
        yield from (day for day in days if day.weekday() in weekdays and _in_month(rule, day))
    elif rule.unit == "MONTHLY":
        month = first.month - 1 + number
        year, month = first.year + month // 12, month % 12 + 1
        if not rule.months or month in rule.months:
            yield from _of_month(rule, year, month, first)
    else:
        for month in rule.months or (first.month,):
            yield from _of_month(rule, first.year + number, month, first)


def _in_month(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    return not rule.month_days or day in _by_number(day.year, day.month, rule.month_days)


def _of_month(rule: Rule, year: int, month: int, first: date) -> Iterator[date]:
    numbered = _by_number(year, month, rule.month_days or (() if rule.days else (first.day,)))
    if not rule.days:
        yield from numbered
        return
    for nth, weekday in rule.days:
        for day in _by_weekday(year, month, nth, weekday):
            if not rule.month_days or day in numbered:
                yield day


def _by_number(year: int, month: int, numbers: tuple[int, ...]) -> list[date]:
    length = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    days = [one if one > 0 else length + 1 + one for one in numbers]
    return [date(year, month, one) for one in days if 1 <= one <= length]


def _by_weekday(year: int, month: int, nth: int, weekday: int) -> list[date]:
    first = nth_weekday(year, month, 1, weekday)
    every = [day for week in range(5) if (day := first + timedelta(weeks=week)).month == month]
    if not nth:
        return every
    place = nth - 1 if nth > 0 else len(every) + nth
    return every[place : place + 1] if place >= 0 else []
