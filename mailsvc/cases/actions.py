"""Actions: what a group has decided and one person does by a day. Asked for here, followed by `workflows/action`.

Any kind of case opens one with the effect `OpenAction`; nobody has to know the workflow that asks about it when its day
comes and chases it until it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from mailsvc.cases.working_days import add_working_days, is_working_day
from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.config import Config
from mailsvc.ids import PersonId
from mailsvc.message.said_dates import find_dates, plain

_MORNING = time(8)
_LONGEST_BREAK = 366


@dataclass(frozen=True, slots=True)
class OpenAction:
    """`person` does `text` by the day `due`; None: as many working days from now as the site says.

    `group` is the group that decided, whose moderators or digest chase it when it is overdue; None: only `giver` does.
    `giver` is told how it ends: None where nobody in particular waits. `about` says in a few words where it comes from.
    Whoever is responsible gets a letter at once.
    """

    group: int | None
    person: PersonId
    text: str
    due: date | None = None
    giver: PersonId | None = None
    about: str = ""


class Moments(msgspec.Struct, frozen=True):
    """When an action is due (the morning of its day), reminded of (0: not at all) and asked about."""

    due: int
    remind: int
    ask: int


def moments(day: date | None, now: Instant, config: Config) -> Moments:
    """The moments of an action that is due on `day`, in the site's time zone and on its working days."""
    zone = ZoneInfo(config.site.timezone)
    if day is None:
        after = config.actions.without_date_working_days
        later = add_working_days(now, after, config.site.timezone, config.closed_periods, config.site.country)
        day = to_datetime(later, zone).date()
    asked, remind = _next_working(day, config), _before(day, config.actions.remind_working_days, config)
    ask_at = max(_morning(asked, zone), now)
    remind_at = _morning(remind, zone)
    return Moments(_morning(day, zone), remind_at if now < remind_at < ask_at else 0, ask_at)


def _morning(day: date, zone: ZoneInfo) -> Instant:
    return to_instant(datetime.combine(day, _MORNING, zone))


def _works(day: date, config: Config) -> bool:
    return is_working_day(day, config.closed_periods, config.site.country)


def _next_working(day: date, config: Config) -> date:
    """The day itself, or the first working day after it: nobody is asked on a Sunday."""
    ahead = (day + timedelta(days=number) for number in range(_LONGEST_BREAK))
    return next((one for one in ahead if _works(one, config)), day)


def _before(day: date, days: int, config: Config) -> date:
    """So many working days before `day`."""
    left, at = days, day
    for _ in range(_LONGEST_BREAK):
        if left == 0:
            break
        at -= timedelta(days=1)
        left -= _works(at, config)
    return at


def said_day(text: str, now: Instant, timezone: str) -> date | None:
    """The first day still to come that an answer names ("later 4/12"), None where it names none."""
    today = to_datetime(now, ZoneInfo(timezone)).date()
    return next((one.last for one in find_dates(plain(text), today) if one.last > today), None)
