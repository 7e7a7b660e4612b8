"""When gathered posts come: every morning, or every Monday morning, at `[digests] posts` by the site's clock. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.cases import schedule
from mailsvc.clock import Instant
from mailsvc.config import Config

DAILY: Final = "daily"
WEEKLY: Final = "weekly"
MONDAY: Final = 0


def next_time(config: Config, delivery: str, after: Instant) -> Instant:
    """The first moment after `after` at which members with this delivery, `daily` or `weekly`, get their letter."""
    read = schedule.parse(f"daily {config.digests.posts}")
    assert isinstance(read, schedule.Schedule), "the configuration is checked when it is read"
    if delivery == WEEKLY:
        read = replace(read, days=(MONDAY,))
    found = schedule.next_slot(read, after, ZoneInfo(config.site.timezone), lambda _day: False)
    assert found is not None
    return found
