"""A series in somebody's own calendar, kept as it was told, so that its times become meetings as they come nearer.

Each time is a meeting of its own for us (docs/decisions/0024). Of a series without an end a few are called ahead
(`[meetings] ahead`), of a long one as many as one call may have; the others wait here, with the exceptions that the
caller's calendar has told of them. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.ids import PersonId
from workflows.meeting.foreign.rules import read_rule, times
from workflows.meeting.store import Told

_DAY: Final = 86_400_000_000
_NEVER: Final = 1 << 62
_MOST_NAMES: Final = 1000
MOST_ODD: Final = 200
"""Exceptions and left-out times that are kept of one series; the nearest ones."""


class Wanted(msgspec.Struct, frozen=True):
    """One meeting that is asked for; `original` is how the caller's calendar names it: when it was first to begin."""

    original: int
    told: Told


class Series(msgspec.Struct, frozen=True):
    """What the caller's calendar says of all of it. `told` is the first one, from which the others differ in time.

    The rule is worked out in `zone`. `excluded` and `added` are EXDATE and RDATE, `odd` the times that are told apart,
    `off` those that were called off one by one; with `before` all from then on are. From `since` on all are as `then`
    tells the one of that name. `there` are people who have it in a calendar from the caller.
    """

    rule: str
    zone: str
    told: Told
    excluded: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    odd: tuple[Wanted, ...] = ()
    off: tuple[int, ...] = ()
    there: tuple[PersonId, ...] = ()
    before: int = 0
    since: int = 0
    then: Told | None = None

    @property
    def endless(self) -> bool:
        """Whether nobody has said when it ends."""
        rule = read_rule(self.rule) if self.rule else None
        return rule is not None and rule.endless and not self.before


def coming(series: Series, now: Instant, most: int, skip: Collection[int] = ()) -> tuple[Wanted, ...]:
    """The first `most` times that begin after `now`, in order, without those whose originals are in `skip`."""
    out = {*series.excluded, *series.off, *skip}
    odd = {one.original: one for one in series.odd}
    end = series.before or _NEVER
    found = [one for one in series.odd if one.told.starts > now and one.original not in out and one.original < end]
    found += [_at(series, at) for at in series.added if now < at < end and at not in out and at not in odd]
    regular, past = 0, now - _shift(series) if _shift(series) > 0 else now
    for at in _originals(series):
        if at >= end:
            break
        if at <= past or at in out or at in odd or (time := _at(series, at)).told.starts <= now:
            continue
        found.append(time)
        regular += 1
        if regular >= most:
            break
    unique = {one.original: one for one in found}
    return tuple(sorted(unique.values(), key=lambda one: (one.told.starts, one.original))[:most])


def originals(series: Series) -> frozenset[int]:
    """How its times are named, as far as anybody tells single ones apart."""
    return frozenset((*islice(_originals(series), _MOST_NAMES), *series.added))


def _originals(series: Series) -> Iterator[int]:
    rule = read_rule(series.rule) if series.rule else None
    if rule is None:
        yield series.told.starts
        return
    first = to_datetime(Instant(series.told.starts), ZoneInfo(series.zone))
    yield from (int(to_instant(at)) for at in times(rule, first))


def _shift(series: Series) -> int:
    return series.then.starts - series.since if series.then is not None else 0


def _at(series: Series, at: int) -> Wanted:
    first, starts = series.told, at
    if series.then is not None and at >= series.since:
        first, starts = series.then, at + _shift(series)
    if not first.whole_day:
        return Wanted(at, msgspec.structs.replace(first, starts=starts, ends=starts + first.ends - first.starts))
    # Days are counted on the wall clock: one of them may have 23 hours.
    zone = ZoneInfo(series.zone)
    start = to_datetime(Instant(starts), zone)
    length = to_datetime(Instant(first.ends), zone).date() - to_datetime(Instant(first.starts), zone).date()
    ends = int(to_instant(start + length)) if length.days > 0 else starts + _DAY
    return Wanted(at, msgspec.structs.replace(first, starts=starts, ends=ends))


def named(original: int, names: Collection[int], zone: str) -> int:
    """How we know a time that a calendar names: by its moment, or, as some programs do, only by its day."""
    if original in names:
        return original
    day = to_datetime(Instant(original), ZoneInfo(zone)).date()
    same = [one for one in names if to_datetime(Instant(one), ZoneInfo(zone)).date() == day]
    return same[0] if len(same) == 1 else original


def told_anew(old: Series, new: Series, now: Instant) -> Series:
    """`new` as the caller's calendar tells all of it, with what it told of single times before.

    When the first one has moved, all times have other names, and what was told of the old ones is over.
    """
    if old.told.starts != new.told.starts:
        return new
    names = {one.original for one in new.odd}
    odd = (*(one for one in old.odd if one.original not in names), *new.odd)
    return _tidy(msgspec.structs.replace(new, odd=odd, off=(*old.off, *new.off)), now)


def told_apart(series: Series, wanted: Collection[Wanted], off: Collection[int], now: Instant) -> Series:
    """With what the caller's calendar tells of single times: that they are otherwise, or that they are off."""
    names = {one.original for one in wanted}
    odd = (*(one for one in series.odd if one.original not in names and one.original not in off), *wanted)
    excluded = tuple(at for at in series.excluded if at not in names)
    left_off = (*(at for at in series.off if at not in names), *off)
    return _tidy(msgspec.structs.replace(series, odd=odd, excluded=excluded, off=left_off), now)


def cut(series: Series, at: int, now: Instant) -> Series:
    """Without this time and all that come after it."""
    before = min(at, series.before) if series.before else at
    return _tidy(msgspec.structs.replace(series, before=before), now)


def onwards(series: Series, one: Wanted, now: Instant) -> Series:
    """With this time and all that come after it as they are told now (RFC 5545 §3.2.13)."""
    odd = tuple(other for other in series.odd if other.original < one.original)
    return _tidy(msgspec.structs.replace(series, odd=odd, since=one.original, then=one.told), now)


def times_of(series: Series, names: Collection[int]) -> dict[int, Wanted]:
    """The times of these names from `since` on, as they are told now."""
    return {at: _at(series, at) for at in names if at >= series.since}


def _tidy(series: Series, now: Instant) -> Series:
    """Without what is over."""
    odd = [one for one in series.odd if max(one.original, one.told.starts) > now]
    off = sorted({at for at in series.off if at > now})
    return msgspec.structs.replace(series, odd=tuple(odd[-MOST_ODD:]), off=tuple(off[:MOST_ODD]))
