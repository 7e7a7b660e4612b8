"""The working-day clock: Monday to Friday in the site's time zone, less holidays and the site's own closed periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.cases.holidays import is_holiday
from mailsvc.clock import Instant, to_datetime, to_instant

Period = tuple[tuple[int, int], tuple[int, int]]

_SATURDAY: Final = 5
_YEARS: Final = 10  # a site that is closed all year must not make this run for ever


def add_working_days(
    start: Instant, days: int, timezone: str, closed: Sequence[Period] = (), country: str = ""
) -> Instant:
    """The same local time of day, `days` working days later; days off before the first one do not count.

    `country` (SE, DK, NO, FI) tells the holidays, "" knows none. `closed` are periods of the year as (month, day) first
    and last, both included; one may go over New Year.
    """
    zone = ZoneInfo(timezone)
    local = to_datetime(start, zone)
    day = local.date()
    left = days
    last = day + timedelta(days=366 * _YEARS)
    while left > 0 and day < last:
        day += timedelta(days=1)
        if is_working_day(day, closed, country):
            left -= 1
    return to_instant(local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC))


def is_working_day(day: date, closed: Sequence[Period] = (), country: str = "") -> bool:
    """Whether the clock of reminders and deadlines runs on this day."""
    if day.weekday() >= _SATURDAY or is_holiday(day, country):
        return False
    at = (day.month, day.day)
    return not any(first <= at <= last if first <= last else at >= first or at <= last for first, last in closed)
