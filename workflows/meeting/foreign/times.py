"""Times in a foreign calendar (RFC 5545 §3.3.4, §3.3.5, §3.3.6) as Instants, in whatever zone they were said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant, to_datetime, to_instant
from workflows.meeting.foreign.content_lines import Component, Property
from workflows.meeting.foreign.zones import Rules, find_zone, wall_clock

_MOST_DATES: Final = 400
_EARLIEST, _LATEST = 1900, 2200
_DURATION: Final = re.compile(
    r"\+?P(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?)\Z"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: the beginning of a day when `whole_day`; `zone` is a tz name, "" for an offset or enclosed rules.

    `unknown`: nobody knows the zone it names, so it was read in the site's.
    """

    at: Instant
    whole_day: bool
    zone: str
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """Reads times with the zones that the calendar encloses; `wide` is the whole calendar's, `site` the last resort."""

    enclosed: Mapping[str, Component]
    wide: str
    site: str
    _found: dict[str, tuple[str, tzinfo | Rules | None]] = field(default_factory=dict, repr=False)

    def read(self, one: Property | None) -> Moment | None:
        """DATE or DATE-TIME (RFC 5545 §3.3.4, §3.3.5)."""
        if one is None:
            return None
        return self._value(one.value.strip(), one.parameter("TZID"))

    def every(self, properties: Sequence[Property]) -> tuple[Instant, ...]:
        """All times of EXDATE or RDATE; periods count with their beginning."""
        found: list[Instant] = []
        for one in properties[:_MOST_DATES]:
            for value in one.value.split(",", _MOST_DATES)[:_MOST_DATES]:
                moment = self._value(value.partition("/")[0].strip(), one.parameter("TZID"))
                if moment and len(found) < _MOST_DATES:
                    found.append(moment.at)
        return tuple(found)

    def end(self, part: Component, start: Moment | None) -> Instant | None:
        """DTEND, or DTSTART and DURATION, or what RFC 5545 §3.6.1 says of neither."""
        end = self.read(part.first("DTEND"))
        if end:
            return end.at if not start or end.at >= start.at else start.at
        if start is None:
            return None
        length = _duration(part.text("DURATION"))
        if length is None:
            length = timedelta(days=1) if start.whole_day else timedelta(0)
        return self._later(start, length)

    def _later(self, start: Moment, length: timedelta) -> Instant:
        if start.whole_day and start.zone:
            # Days are counted on the wall clock: one of them may have 23 hours.
            local = to_datetime(start.at, ZoneInfo(start.zone))
            try:
                return to_instant(local + length)
            except OverflowError:
                return start.at
        return Instant(start.at + length // timedelta(microseconds=1))

    def _value(self, value: str, tzid: str) -> Moment | None:
        local = wall_clock(value)
        if local is None or not _EARLIEST <= local.year <= _LATEST:
            return None
        if len(value) == 8:
            return Moment(_instant(local, ZoneInfo(self.site)), whole_day=True, zone=self.site)
        if value.endswith("Z"):
            return Moment(to_instant(local.replace(tzinfo=UTC)), whole_day=False, zone="UTC")
        name, zone = self._zone(tzid or self.wide)
        if isinstance(zone, Rules):
            at = zone.to_utc(local)
            return Moment(to_instant(at), whole_day=False, zone="") if at else None
        if zone is None:
            at_site = _instant(local, ZoneInfo(self.site))
            return Moment(at_site, whole_day=False, zone=self.site, unknown=bool(tzid))
        return Moment(_instant(local, zone), whole_day=False, zone=name)

    def _zone(self, tzid: str) -> tuple[str, tzinfo | Rules | None]:
        if not tzid:
            return "", None
        if tzid not in self._found:
            self._found[tzid] = find_zone(tzid, self.enclosed)
        return self._found[tzid]


def _instant(local: datetime, zone: tzinfo) -> Instant:
    return to_instant(local.replace(tzinfo=zone))


def _duration(text: str) -> timedelta | None:
    match = _DURATION.match(text.upper())
    if not match or text.upper().endswith(("P", "T")):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
