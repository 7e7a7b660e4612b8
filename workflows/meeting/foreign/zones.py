"""The time zones that foreign calendars name: tz names in many wrappings, Windows names, or rules that they enclose.

Rules are only looked at for the years in question; nothing that a stranger wrote is expanded (RFC 5545 §3.6.5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from workflows.meeting.foreign.content_lines import Component

_UTC_NAMES: Final = frozenset(["utc", "gmt", "z", "zulu", "tzone://microsoft/utc", "coordinated universal time"])
_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?")
_OFFSET_NAME: Final = re.compile(r"\(?(?:utc|gmt)\s*([+-])(\d{1,2})(?::?(\d\d))?\)?\Z")
_SHOWN: Final = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d{1,2}):(\d\d))?\)\s*(.+)\Z", re.IGNORECASE)
_SEASONS: Final = (datetime(2026, 1, 1), datetime(2026, 7, 1))  # noqa: DTZ001 - wall clocks
_NO_PLACES: Final = ("Etc/", "SystemV/", "posix/", "right/", "US/")
_STAMP: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?")
_BYDAY: Final = re.compile(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)")
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MOST_OBSERVANCES: Final = 40
_MOST_DATES: Final = 200


def find_zone(tzid: str, enclosed: Mapping[str, Component]) -> tuple[str, tzinfo | Rules | None]:
    """(tz name, zone) for a TZID; the name is "" for enclosed rules, the zone None where nobody knows it.

    The name is believed before the rules beside it: those of Exchange are the sender's machine's, often old.
    """
    name = known_name(tzid)
    if name:
        return name, ZoneInfo(name)
    rules = read_rules(enclosed[tzid]) if tzid in enclosed else None
    if rules is not None:
        return "", rules
    city = _by_city(tzid)
    if city:
        return city, ZoneInfo(city)
    match = _OFFSET_NAME.match(tzid.strip().lower())
    if match:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes < 24 * 60:
            return "", timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
    return "", None


@lru_cache(maxsize=512)
def _by_city(tzid: str) -> str:
    """The tz name for how Windows shows a zone, in many languages: `(UTC+01:00) Bruxelles, København, Madrid`."""
    match = _SHOWN.match(tzid.strip().strip('"')[:200])
    if not match:
        return ""
    minutes = int(match[2] or 0) * 60 + int(match[3] or 0)
    offset = timedelta(minutes=-minutes if match[1] == "-" else minutes)
    for city in match[4].split(","):
        name = _cities().get(" ".join(city.split()).casefold(), "")
        if name and min(ZoneInfo(name).utcoffset(at) or timedelta(0) for at in _SEASONS) == offset:
            return name
    return ""


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Tz names by their city."""
    places = [name for name in sorted(available_timezones()) if "/" in name and not name.startswith(_NO_PLACES)]
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in places}


@lru_cache(maxsize=512)
def known_name(tzid: str) -> str:
    """The tz name that a TZID means, "" for none: `/some.host/Tzfile/Europe/Oslo`, `W. Europe Standard Time`."""
    plain = tzid.strip().strip('"')[:200]
    if plain.lower() in _UTC_NAMES:
        return "UTC"
    windows = _windows().get(plain.lower(), "")
    if windows:
        return windows
    pieces = plain.strip("/").split("/")
    for size in (3, 2, 1):
        # One piece is a name only when it is all there is: `/x/GMT` may mean anything.
        if size <= len(pieces) and (size > 1 or len(pieces) == 1):
            found = _names().get("/".join(pieces[-size:]).lower())
            if found:
                return found
    return ""


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


@lru_cache(maxsize=1)
def _windows() -> dict[str, str]:
    """Windows names in small letters; those whose tz name this machine does not have are left out."""
    known = available_timezones()
    return {windows.lower(): name for windows, name in WINDOWS_TO_OLSON.items() if name in known}


@dataclass(frozen=True, slots=True)
class _Observance:
    first: datetime
    before: timedelta
    after: timedelta
    month: int
    nth: int
    weekday: int
    until: int
    dates: tuple[datetime, ...]

    def latest(self, at: datetime) -> datetime | None:
        """The last onset not after the wall clock `at`."""
        onsets = [one for one in (self.first, *self.dates) if one <= at]
        if self.month:
            years = (year for year in (at.year - 1, at.year) if self.first.year <= year <= self.until)
            onsets += [one for year in years if self.first <= (one := self._in(year)) <= at]
        return max(onsets, default=None)

    def _in(self, year: int) -> datetime:
        first = datetime(year, self.month, 1, self.first.hour, self.first.minute)  # noqa: DTZ001 - a wall clock
        if self.nth > 0:
            days = (self.weekday - first.weekday()) % 7 + (self.nth - 1) * 7
            return first + timedelta(days=days)
        following = datetime(  # noqa: DTZ001 - a wall clock
            year + self.month // 12, self.month % 12 + 1, 1, self.first.hour, self.first.minute
        )
        back = (following.weekday() - self.weekday - 1) % 7 + 1 + (-self.nth - 1) * 7
        return following - timedelta(days=back)


@dataclass(frozen=True, slots=True)
class Rules:
    """The observances of an enclosed VTIMEZONE."""

    observances: tuple[_Observance, ...]

    def to_utc(self, at: datetime) -> datetime | None:
        """A wall clock (without zone) as UTC, None when it is out of range."""
        best: tuple[datetime, timedelta] | None = None
        for one in self.observances:
            onset = one.latest(at)
            if onset is not None and (best is None or onset > best[0]):
                best = (onset, one.after)
        offset = best[1] if best else min(self.observances, key=lambda one: one.first).before
        try:
            return (at - offset).replace(tzinfo=UTC)
        except OverflowError:
            return None


def read_rules(component: Component) -> Rules | None:
    """The rules of a VTIMEZONE; None when one of them is more than a yearly nth weekday or cannot be read."""
    parts = [part for part in component.parts if part.name in ("STANDARD", "DAYLIGHT")][:_MOST_OBSERVANCES]
    found = [_observance(part) for part in parts]
    observances = tuple(one for one in found if one is not None)
    return Rules(observances) if observances and len(observances) == len(found) else None


def _observance(part: Component) -> _Observance | None:
    first = wall_clock(part.text("DTSTART"))
    before, after = _offset(part.text("TZOFFSETFROM")), _offset(part.text("TZOFFSETTO"))
    if first is None or before is None or after is None:
        return None
    dates = [wall_clock(value) for one in part.every("RDATE")[:_MOST_DATES] for value in one.value.split(",")]
    plain = tuple(one for one in dates[:_MOST_DATES] if one is not None)
    rule = dict(pair.upper().partition("=")[::2] for pair in part.text("RRULE").split(";") if "=" in pair)
    if not rule:
        return _Observance(first, before, after, 0, 0, 0, 0, plain)
    day = _BYDAY.fullmatch(rule.get("BYDAY", ""))
    month = rule.get("BYMONTH", "")
    known = {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "UNTIL", "WKST"}
    if rule.get("FREQ") != "YEARLY" or rule.get("INTERVAL", "1") != "1" or not rule.keys() <= known or not day:
        return None
    if not month.isdecimal() or not 1 <= int(month) <= 12:
        return None
    nth = int(day[1])
    until = wall_clock(rule.get("UNTIL", ""))
    # Fifth weekdays are not in every month; nobody's clocks change on one.
    if abs(nth) > 4:
        nth = -1
    return _Observance(first, before, after, int(month), nth, _DAYS.index(day[2]), until.year if until else 9998, plain)


def _offset(text: str) -> timedelta | None:
    match = _OFFSET.fullmatch(text)
    if not match:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    if size >= timedelta(hours=24):
        return None
    return size if match[1] == "+" else -size


def wall_clock(text: str) -> datetime | None:
    """`20261203T130000` (with or without Z) or `20261203` as a wall clock, None for anything else."""
    match = _STAMP.fullmatch(text.strip())
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - a wall clock
    except ValueError:
        return None
