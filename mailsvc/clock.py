"""The only place that reads the wall clock. Times are integer microseconds UTC everywhere."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NewType, Protocol

Instant = NewType("Instant", int)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> Instant:
        """Microseconds since 1970 UTC."""
        ...


class SystemClock:
    """The machine's clock, plus the offset that a rehearsal ("let time pass") has added."""

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset

    def now(self) -> Instant:
        """Microseconds since 1970 UTC, moved by the rehearsal's offset."""
        return Instant(time.time_ns() // 1000 + self.offset)


class VirtualClock:
    """A clock that moves only when told to; for tests."""

    def __init__(self, start: datetime) -> None:
        self._now = to_instant(start)

    def now(self) -> Instant:
        """The time it was last set to."""
        return self._now

    def advance(self, delta: timedelta) -> None:
        """Move forward by `delta`."""
        self._now = Instant(self._now + int(delta.total_seconds() * SECOND))


def to_instant(moment: datetime) -> Instant:
    """An aware datetime as an Instant."""
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return Instant(int((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)))


def to_datetime(instant: int, zone: tzinfo = UTC) -> datetime:
    """An Instant as an aware datetime in `zone`."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)).astimezone(zone)
