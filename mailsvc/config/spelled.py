"""How config.toml spells values: lengths of time, rates, times of day, periods of the year, retention. Pure."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from mailsvc.errors import ConfigError

_DURATION = re.compile(r"([0-9]{1,7})\s*(s|sec|min|h|d)", re.IGNORECASE | re.ASCII)
_UNIT = {"s": 1, "sec": 1, "min": 60, "h": 3600, "d": 86400}


def parse_duration(text: str, key: str = "") -> int:
    """`"5 min"`, `"2 h"`, `"0 min"` as microseconds; ConfigError names the key."""
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ConfigError(f'"{text}" is not a length of time such as "5 min"', key)
    return int(match[1]) * _UNIT[match[2].lower()] * 1_000_000


_RATE = re.compile(r"([1-9]\d{0,8})\s*/\s*(s|sec|min|h|d)", re.IGNORECASE)


def parse_rate(text: str) -> tuple[int, int] | None:
    """`"30/min"` as (30, microseconds of a minute); None when it is no rate."""
    match = _RATE.fullmatch(text.strip())
    if not match:
        return None
    return int(match[1]), _UNIT[match[2].lower()] * 1_000_000


class RetentionClass(msgspec.Struct, frozen=True):
    """How many days after its end a kind of matter is kept, and the decision that says so."""

    kind: str
    days: int
    decision: str


_RETENTION = re.compile(r"([a-z][a-z0-9-]*)\s+([1-9]\d{0,5})\s+(\S.*)")


def parse_retention(text: str) -> RetentionClass | None:
    """`"proposal 3650 LIB-2026-12 §4"`: kind of matter, days, decision. None when it is none."""
    match = _RETENTION.fullmatch(text.strip())
    return RetentionClass(match[1], int(match[2]), match[3]) if match else None


_PERIOD = re.compile(r"(\d\d)-(\d\d)/(\d\d)-(\d\d)")


def parse_time(text: str) -> tuple[int, int] | None:
    """`"16:00"` as (hour, minute); None for anything else."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    return (int(match[1]), int(match[2])) if match else None


def parse_period(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """`"07-01/08-07"` as first and last (month, day), both included; it may go over New Year. None when it is none."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        return None
    first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
    try:
        for month, day in (first, last):
            date(2024, month, day)  # a leap year, so that 29 February is a day
    except ValueError:
        return None
    return first, last
