"""VTIMEZONE components (RFC 5545 §3.6.5) with the rules in force, worked out from the system's zones.

Clients differ in what they believe: Apple and Google go by the name of the zone, Exchange by the rules written here and
best when there is one yearly rule for each half of the year. So runs of years with the same rule are written as that
rule, and only what fits no rule is written as a single onset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_AFTER: Final = 12
"""Years beyond the last date that are looked at: a rule that holds through them is written without an end."""
_STEP: Final = timedelta(days=5)
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST: Final = -1
_UNTIL: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Onset:
    """A moment at which the clocks of a zone change: UTC, and the offsets and name around it."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool

    @property
    def local(self) -> datetime:
        """The wall clock that is set, as it stood before (RFC 5545 §3.6.5: DTSTART is in TZOFFSETFROM)."""
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def kind(self) -> tuple[timedelta, timedelta, str, bool, int]:
        """What must be the same in every year of a rule, the month included."""
        return (self.before, self.after, self.name, self.daylight, self.local.month)

    def fits(self, nth: int) -> bool:
        """Whether it is on the nth (1 to 4, or -1 for the last) of its weekday in its month."""
        local = self.local
        if nth == _LAST:
            return (local + timedelta(days=7)).month != local.month
        return (local.day - 1) // 7 + 1 == nth


def timezone_component(key: str, first: date, last: date) -> Timezone:
    """The VTIMEZONE of the zone `key` for local times from `first` to `last`, and beyond while its rules stay.

    Takes years only from the dates, so that meetings of one year share one component. Callers must not change it.
    Raises KeyError (zoneinfo's) for a zone that there is not.
    """
    return _component(key, first.year, last.year)


@lru_cache(maxsize=64)
def _component(key: str, first: int, last: int) -> Timezone:
    zone = ZoneInfo(key)
    # Two years back: at the first date some onset of each kind must have come already.
    onsets = _onsets(zone, first - 2, last + _AFTER)
    component = Timezone()
    component.add("tzid", key)
    if not onsets or onsets[0].at.year > first - 1:
        component.add_component(_fixed(zone, datetime(first - 2, 1, 1, tzinfo=UTC)))
    for run, nth in _runs(onsets):
        component.add_component(_observance(run, nth, open_ended=run[-1].at.year == last + _AFTER))
    return component


def _onsets(zone: ZoneInfo, first: int, last: int) -> list[Onset]:
    """Every change of offset from the year `first` to `last`, both included, in order."""
    found: list[Onset] = []
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        later = min(at + _STEP, end)
        if _offset(zone, at) != _offset(zone, later):
            found.append(_onset(zone, at, later))
        at = later
    return found


def _onset(zone: ZoneInfo, low: datetime, high: datetime) -> Onset:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    local = high.astimezone(zone)
    # Europe/Dublin calls its winter the exception: what moves the clock forward is summer to every client.
    return Onset(high, before, _offset(zone, high), local.tzname() or "", _offset(zone, high) > before)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _runs(onsets: Sequence[Onset]) -> list[tuple[list[Onset], int]]:
    """The onsets as runs of consecutive years on the same nth weekday at the same time; 0 for a run of one year."""
    runs: list[tuple[list[Onset], int]] = []
    left = list(onsets)
    while left:
        first = left[0]
        nths = [nth for nth in (_LAST, 1, 2, 3, 4) if first.fits(nth)]
        run, nth = max(((_run(left, nth), nth) for nth in nths), key=lambda one: len(one[0]))
        runs.append((run, nth if len(run) > 1 else 0))
        taken = {onset.at for onset in run}
        left = [onset for onset in left if onset.at not in taken]
    return runs


def _run(onsets: Sequence[Onset], nth: int) -> list[Onset]:
    run = [onsets[0]]
    for onset in onsets[1:]:
        if onset.at.year > run[-1].at.year + 1:
            break
        same = onset.kind == run[0].kind and onset.local.time() == run[0].local.time()
        if same and onset.fits(nth) and onset.local.weekday() == run[0].local.weekday():
            run.append(onset)
    return run


def _observance(run: Sequence[Onset], nth: int, *, open_ended: bool) -> TimezoneStandard | TimezoneDaylight:
    first = run[0]
    part = TimezoneDaylight() if first.daylight else TimezoneStandard()
    part.add("dtstart", first.local)
    part.add("tzoffsetfrom", first.before)
    part.add("tzoffsetto", first.after)
    part.add("tzname", first.name)
    if nth:
        rule: dict[str, object] = {"freq": "yearly", "bymonth": first.local.month}
        rule["byday"] = f"{nth}{_DAYS[first.local.weekday()]}"
        if not open_ended:
            # In UTC (RFC 5545 §3.3.10), but late enough for those who read it as a local time.
            rule["until"] = run[-1].at + _UNTIL
        part.add("rrule", rule)
    return part


def _fixed(zone: ZoneInfo, at: datetime) -> TimezoneStandard:
    """What holds before the first onset, or always."""
    part = TimezoneStandard()
    part.add("dtstart", at.replace(tzinfo=None))
    part.add("tzoffsetfrom", _offset(zone, at))
    part.add("tzoffsetto", _offset(zone, at))
    part.add("tzname", at.astimezone(zone).tzname() or "")
    return part
