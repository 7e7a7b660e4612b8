"""When the yearly letters go out, and what they count: looked at every morning for every network."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from lists import api
from lists.api import MODERATING, Group
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Cause
from mailsvc.cases.reading.text import words_of
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import DAY, Instant, to_datetime, to_instant
from mailsvc.store.database import ReadTx, Tx
from workflows.health import store
from workflows.health.case import NAME, Health

MORNING: Final = 7
LATEST: Final = 60 * DAY  # a letter that could not be sent by then (the service was off) waits for the next time
YEAR: Final = 365 * DAY
MEETINGS: Final = "meetings"


class Yearly:
    """Opens the cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config
        self._zone = ZoneInfo(self._config.site.timezone)

    def look(self, tx: Tx) -> None:
        """Every network whose time has come gets its letter, on working days and in the day; each once."""
        here = to_datetime(tx.now, self._zone)
        free = not is_working_day(here.date(), self._config.closed_periods, self._config.site.country)
        if not self._config.health.months or here.hour < MORNING or free:
            return
        if not store.take_day(tx, to_instant(datetime.combine(here.date(), time(), self._zone))):
            return
        for group, founded in store.founded(tx):
            at = self._latest(founded, here.date())
            if at is not None and tx.now - at < LATEST and store.take(tx, group, at):
                self._open(tx, api.group(tx, group), at)

    def _latest(self, founded: Instant, today: date) -> Instant | None:
        """The last time at which a network founded then gets its letter, today or before; None before the first."""
        day = to_datetime(founded, self._zone).date()
        every = self._config.health.months
        passed = (today.year - day.year) * 12 + today.month - day.month
        times = passed // every
        if times and _later(day, times * every) > today:
            times -= 1
        if times < 1:
            return None
        return to_instant(datetime.combine(_later(day, times * every), time(), self._zone))

    def _open(self, tx: Tx, group: Group, at: Instant) -> None:
        if cases.find_open(tx, self._engine.registry.kinds, NAME, group.id):
            return
        since = Instant(tx.now - YEAR)
        meetings = self._engine.registry.counters.get(MEETINGS)
        body = self._body(tx, group)
        data = Health(
            group_id=group.id,
            group=api.group_values(group, self._config),
            members=api.count_members(tx, group.id),
            posts=store.posts(tx, group.id, since),
            meetings=meetings(tx, group.id, since) if meetings is not None else 0,
            unanswered=store.unanswered(tx, group.id, since),
            since=api.created_at(tx, group.id),
            purpose=group.settings.purpose,
            work_questions=group.settings.work_questions,
            channels=group.settings.channels,
            resting=group.state == "resting",
            asked=tuple(api.with_roles(tx, group.id, MODERATING)),
            body=body.id if body else 0,
            body_title=body.title if body else "",
            days=self._config.health.answer_working_days,
        )
        self._engine.open(tx, NAME, data, Cause(f"health:{group.id}:{at}"), group=group.id)

    def _body(self, tx: ReadTx, group: Group) -> Group | None:
        """Who is asked when the moderators are silent: the group that established it, else a leadership."""
        leaders = [one.id for one in api.open_groups(tx, "leadership")]
        for one in (group.established_by, *leaders):
            if one and any(seat.votes for seat in self._engine.body(tx, one).seats):
                return api.group(tx, one)
        return None

    def other(self, tx: ReadTx, data: Health, event: Answered) -> int:
        """The network that `merge with` names, by name, address or title; 0 where it is none or not clear."""
        return network_named(tx, event.argument, self._config.domains, but=data.group_id)


def network_named(tx: ReadTx, text: str, domains: tuple[str, ...], *, but: int) -> int:
    """The one open network of this name, address or title; 0 where there is none or several."""
    name, _, domain = text.strip(" \"'“”<>.").lower().rpartition("@") if "@" in text else (text.strip(), "", "")
    if not domain or domain in domains:
        found = api.group_at(tx, name.strip(" \"'“”.").lower())
        if found is not None and found.kind == "network" and found.open and found.id != but:
            return int(found.id)
    said = words_of(text)
    known = [one for one in api.open_groups(tx, "network") if one.id != but]
    titled = [one for one in known if words_of(one.title) == said]
    return int(titled[0].id) if len(titled) == 1 else 0


def _later(day: date, months: int) -> date:
    """So many months later, on the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
