"""From what was written to real days and hours: the year that was not said, the ISO week, the clocks, the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.clock import to_datetime
from workflows.meeting.when.items import DayName, Item, Vague
from workflows.meeting.when.model import Hours, Problem, Setting, Slot
from workflows.meeting.when.repeat import nth_weekday
from workflows.meeting.when.tokens import Clock, later

FAR: Final = timedelta(days=274)
_FAR_WITH_YEAR: Final = timedelta(days=3 * 366)
_LONGEST: Final = 16 * 60
_MOST_DAYS: Final = 14
_MOST_AHEAD: Final = 60
_TWO_MONTHS: Final = 100  # days in which there are two of nearly every number


class Unclear(Exception):
    """What has to be asked; only used inside the reading of `When:`, which turns it into a Doubt."""

    def __init__(self, problem: Problem, proposals: tuple[Slot, ...] = ()) -> None:
        self.problem = problem
        self.proposals = proposals
        super().__init__(problem)


def slot(item: Item, setting: Setting) -> Slot:
    """The slot that an item means. Raises Unclear."""
    if item.zone:
        return _elsewhere(item, setting)
    named = _hours_or_day(item, setting)
    first = day(item, setting, named)
    return checked(on(named, first, setting), setting)


def _elsewhere(item: Item, setting: Setting) -> Slot:
    """The slot of hours that were said in a zone; CET in summer is no hour that clocks show. Raises Unclear."""
    found = slot(replace(item, zone=""), replace(setting, zone=ZoneInfo(item.zone)))
    if item.abbreviated and to_datetime(found.start, ZoneInfo(item.zone)).tzname() != item.abbreviated:
        raise Unclear(Problem.NO_SUCH_TIME, (found,))
    return found


def same_clocks(found: Slot, zone: str, setting: Setting) -> bool:
    """Whether the clocks of a zone show the same as ours at a slot."""
    there, here = to_datetime(found.start, ZoneInfo(zone)), to_datetime(found.start, setting.zone)
    return there.utcoffset() == here.utcoffset()


def _hours_or_day(item: Item, setting: Setting) -> Hours:
    """The hours; where there are none, what is unclear about the day is asked first. Raises Unclear."""
    try:
        return hours(item, setting)
    except Unclear as unclear:
        if unclear.problem is not Problem.NO_TIME:
            raise
        try:
            day(item, setting, Hours(None, None))
        except Unclear as about_day:
            raise Unclear(about_day.problem) from None
        raise


def on(named: Hours, first: date, setting: Setting) -> Slot:
    """These hours on that day. Raises Unclear for a time that the clocks leave out, or that ends before it begins."""
    found = named.on(first, setting.zone)
    if isinstance(found, Problem):
        raise Unclear(found)
    return found


def checked(found: Slot, setting: Setting) -> Slot:
    """The slot when a meeting can be held then. Raises Unclear when it has passed or is on a day off."""
    if found.start <= setting.now:
        raise Unclear(Problem.PAST)
    first, last = to_datetime(found.start, setting.zone).date(), to_datetime(found.end - 1, setting.zone).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not all(setting.free(one) for one in days):
        raise Unclear(Problem.CLOSED, (found,))
    return found


# ---- days


def day(item: Item, setting: Setting, named: Hours) -> date:
    """The day of an item, in accordance with everything that is said of it. Raises Unclear."""
    if item.day is not None:
        found = _named(item, item.day, setting, named)
        far = FAR if item.day.year is None else _FAR_WITH_YEAR
    elif item.week is not None:
        found = _of_week(item, setting)
        far = FAR if item.week_year is None else _FAR_WITH_YEAR
    elif item.weeks_ahead is not None:
        return _of_near_week(item, item.weeks_ahead, setting)
    elif item.weekday is not None:
        return _of_weekday(item, item.weekday, setting, named)
    else:
        raise Unclear(Problem.NO_DAY)
    if found - setting.today > far:
        raise Unclear(Problem.FAR_AHEAD, proposals(named, (found,), setting))
    return found


def _named(item: Item, written: DayName, setting: Setting, named: Hours) -> date:
    """The day that is written, where it agrees with its names; else what an American would have meant is proposed."""
    proposed: tuple[Slot, ...] = ()
    try:
        found = _dated(written, setting)
        _check_names(found, item, setting, named)
        if written.year is None or found >= setting.today:
            return found
        problem = Problem.PAST
    except Unclear as unclear:
        problem, proposed = unclear.problem, unclear.proposals
    american = setting.language == "en" or problem is Problem.NO_SUCH_DAY
    other = _swapped(item, written, setting) if american else None
    raise Unclear(problem, (*proposed, *proposals(named, (other,), setting)) if other is not None else proposed)


def _swapped(item: Item, written: DayName, setting: Setting) -> date | None:
    """The day with its numbers the other way round (12/3 is 3 December in America), where its weekday agrees."""
    if not written.swapped or written.month == written.day:
        return None
    try:
        found = _dated(DayName(written.month, written.day, written.year), setting)
    except Unclear:
        return None
    agrees = item.weekday is None or item.weekday == found.weekday()
    return found if agrees and setting.today <= found <= setting.today + FAR else None


def _of_near_week(item: Item, ahead: int, setting: Setting) -> date:
    """`torsdag nästa vecka`; weeks begin on Mondays."""
    if item.weekday is None:
        raise Unclear(Problem.WEEK_WITHOUT_DAY)
    return setting.today + timedelta(days=item.weekday - setting.today.weekday() + 7 * ahead)


def _of_weekday(item: Item, weekday: int, setting: Setting, named: Hours) -> date:
    """`på torsdag` is the next one; `torsdag` alone, or the day that is today, may be another."""
    coming = coming_weekday(weekday, setting)
    other_week = item.coming == "this" and coming.isocalendar().week != setting.today.isocalendar().week
    if not item.coming or not setting.near or other_week or weekday == setting.today.weekday():
        days = (setting.today, coming) if weekday == setting.today.weekday() else (coming, coming + timedelta(days=7))
        raise Unclear(Problem.WHICH_DAY, proposals(named, days, setting))
    return coming


def vague_days(vague: Vague, item: Item | None, setting: Setting) -> tuple[date, ...]:
    """The days that `nästa torsdag`, `om 14 dagar` or `den 3` may be."""
    today = setting.today
    if vague.weekday is not None:
        coming = coming_weekday(vague.weekday, setting)
        return coming, coming + timedelta(days=7)
    if vague.day:
        ahead = (today + timedelta(days=number) for number in range(_TWO_MONTHS))
        return tuple(islice((one for one in ahead if one.day == vague.day), 2))
    if not 0 < vague.days + vague.weeks <= _MOST_AHEAD:
        return ()
    found = today + timedelta(days=vague.days, weeks=vague.weeks)
    if item is not None and item.weekday is not None and vague.weeks:
        found += timedelta(days=item.weekday - found.weekday())
    return (found,)


def coming_weekday(weekday: int, setting: Setting) -> date:
    """The next day after today that is that weekday."""
    return setting.today + timedelta(days=(weekday - setting.today.weekday() - 1) % 7 + 1)


def proposals(named: Hours, days: tuple[date, ...], setting: Setting) -> tuple[Slot, ...]:
    """The slots on these days that are still to come and free."""
    found: list[Slot] = []
    for one in days:
        made = named.on(one, setting.zone)
        if isinstance(made, Slot) and made.start > setting.now and setting.free(one):
            found.append(made)
    return tuple(found)


def _dated(named: DayName, setting: Setting) -> date:
    today = setting.today
    if named.nth:
        years = (named.year,) if named.year is not None else (today.year, today.year + 1)
        days = [nth_weekday(year, named.month, named.nth, named.weekday) for year in years]
        return next((one for one in days if one >= today), days[-1])
    if named.ahead is not None:
        return today + timedelta(days=named.ahead)
    if named.year is not None:
        found = _date(named.year, named.month, named.day)
        if found is None:
            raise Unclear(Problem.NO_SUCH_DAY)
        return found
    # Nine years: 29 February is not in every one.
    for year in range(today.year, today.year + 9):
        found = _date(year, named.month, named.day)
        if found is not None and found >= today:
            return found
    raise Unclear(Problem.NO_SUCH_DAY)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _check_names(found: date, item: Item, setting: Setting, named: Hours) -> None:
    if item.weekday is not None and found.weekday() != item.weekday:
        same_week = found + timedelta(days=item.weekday - found.weekday())
        raise Unclear(Problem.WEEKDAY_DIFFERS, proposals(named, (found, same_week), setting))
    if item.week is not None and found.isocalendar().week != item.week:
        raise Unclear(Problem.WEEK_DIFFERS, proposals(named, (found,), setting))


def _of_week(item: Item, setting: Setting) -> date:
    if not 1 <= (item.week or 0) <= 53:
        raise Unclear(Problem.NO_SUCH_DAY)
    if item.weekday is None:
        raise Unclear(Problem.WEEK_WITHOUT_DAY)
    years = [item.week_year] if item.week_year else range(setting.today.isocalendar().year, setting.today.year + 8)
    for year in years:
        try:
            found = date.fromisocalendar(year, item.week or 0, item.weekday + 1)
        except ValueError:
            continue  # not every year has a week 53
        if item.week_year or found >= setting.today:
            return found
    raise Unclear(Problem.NO_SUCH_DAY)


# ---- hours


def hours(item: Item, setting: Setting) -> Hours:
    """The hours of an item. Raises Unclear."""
    if item.whole:
        return Hours(None, None, days=_days_later(item, setting))
    if item.start is None:
        if item.last is not None:
            return Hours(None, None, days=_days_later(item, setting))  # 3-4 december
        raise Unclear(Problem.NO_TIME)
    start, end = _both(item.start, item.end)
    if not start.sure or (end is not None and not end.sure):
        raise Unclear(Problem.WHICH_HOUR, _other_half(item, start, end, setting))
    if start.hour == 24:
        raise Unclear(Problem.NO_SUCH_TIME)
    begins = time(start.hour, start.minute)
    if end is None:
        if item.last is not None:
            raise Unclear(Problem.NOT_UNDERSTOOD)
        length = item.length or setting.default_length
        if not 0 < length <= _LONGEST:
            raise Unclear(Problem.TOO_LONG)
        return Hours(begins, None, minutes=length, assumed=not item.length)
    later_days = _days_later(item, setting)
    found = Hours(begins, time(end.hour % 24, end.minute), days=later_days, midnight=end.hour == 24)
    written = (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute) + later_days * 24 * 60
    if written <= 0:
        raise Unclear(Problem.ENDS_BEFORE)
    if written > _LONGEST and not later_days:
        raise Unclear(Problem.TOO_LONG)
    if item.length and item.length != written:
        raise Unclear(Problem.NOT_UNDERSTOOD)
    return found


def _both(start: Clock, end: Clock | None) -> tuple[Clock, Clock | None]:
    """`1-2 pm`: what is said of the end holds for the beginning as far as it then comes before."""
    if end is None or not end.half or start.half or start.hour > 12:
        return start, end
    same = Clock(start.hour % 12 + (12 if end.half == "pm" else 0), start.minute)
    if (same.hour, same.minute) < (end.hour, end.minute):
        return same, end
    return Clock(start.hour % 12, start.minute), end


def _other_half(item: Item, start: Clock, end: Clock | None, setting: Setting) -> tuple[Slot, ...]:
    """What `kl 2` and `9-3` would be in the afternoon, if the day is clear."""
    begins = start if start.sure else later(start)
    ends = end if end is None or end.sure else later(end)
    moved = replace(item, start=begins, end=ends)
    try:
        return (slot(moved, setting),)
    except Unclear:
        return ()


def _days_later(item: Item, setting: Setting) -> int:
    """How many days after its first day an item ends."""
    if item.last is None or item.day is None:
        return 0
    days = (_last(item, item.day, item.last, setting) - _dated(item.day, setting)).days
    if days > _MOST_DAYS:
        raise Unclear(Problem.TOO_LONG)
    return days


def until(item: Item, setting: Setting) -> date | None:
    """The last day of a stretch of days, between which a series is; None where there is none. Raises Unclear."""
    if item.last is None or item.day is None:
        return None
    return _last(item, item.day, item.last, setting)


def _last(item: Item, day: DayName, end: DayName, setting: Setting) -> date:
    first, last = _dated(day, setting), _dated(end, setting)
    if end.year is None:
        coming = (_date(first.year + more, end.month, end.day) for more in (0, 1))
        last = next((one for one in coming if one is not None and one >= first), last)
    if item.last_weekday is not None and last.weekday() != item.last_weekday:
        raise Unclear(Problem.WEEKDAY_DIFFERS)
    if item.last_week is not None and last.isocalendar().week != item.last_week:
        raise Unclear(Problem.WEEK_DIFFERS)
    if last < first:
        raise Unclear(Problem.ENDS_BEFORE)
    return last
