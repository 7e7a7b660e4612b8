"""The working-day clock: Monday to Friday in the site's time zone. Holidays and closures come with a later step."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant, to_datetime, to_instant

_SATURDAY = 5


def add_working_days(start: Instant, days: int, timezone: str) -> Instant:
    """The same time of day, `days` working days later; from a weekend counted from the Monday after."""
    local = to_datetime(start, ZoneInfo(timezone))
    left = days
    while left > 0:
        local += timedelta(days=1)
        if local.weekday() < _SATURDAY:
            left -= 1
    return to_instant(local.astimezone(UTC))
