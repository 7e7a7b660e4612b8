"""Agendas: a matter that a group decides waits there for the group's next digest."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.cases import agenda_store as rows
from mailsvc.cases import settled
from mailsvc.cases.looking import Looking
from mailsvc.cases.model import PutToBody
from mailsvc.cases.schedule import next_slot, parse
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import DAY, Instant
from mailsvc.config import Config
from mailsvc.ids import CaseId
from mailsvc.store.database import ReadTx, Tx

_SOON: Final = 8 * DAY  # a weekly digest whose day is a holiday still tells what was settled


def put(tx: Tx, engine: Looking, case_id: CaseId, effect: PutToBody) -> None:
    """A question stands on a group's agenda; its next digest asks it."""
    overdue = effect.overdue_at
    if overdue is None:
        overdue = engine.working_days(tx, engine.site.config.digests.overdue_working_days)
    rows.put(tx, case_id, effect.question, effect.group, effect.not_before or Instant(0), overdue)
    plan(tx, engine, effect.group)


def settle(tx: Tx, engine: Looking, case_id: CaseId, question: str | None) -> None:
    """The question (all of the case where None) waits for no body any more.

    Where no digest of that body is due soon that tells the others how it ended, the evening's letter does.
    """
    for group in rows.settle(tx, case_id, question):
        plan(tx, engine, group)
        due = rows.due(tx, group)
        if due is None or due > tx.now + _SOON:
            settled.for_evening(tx, engine, group)


def unsettle(tx: Tx, engine: Looking, case_id: CaseId, question: str) -> bool:
    """A decision was taken back: the matter waits again. False when it never stood on an agenda."""
    matter = rows.unsettle(tx, case_id, question)
    if matter is None:
        return False
    plan(tx, engine, matter.group)
    return True


def planned(tx: ReadTx, engine: Looking, group: int) -> Instant | None:
    """When the group's next digest goes out: the first slot at which something waits; None when nothing does."""
    waiting = rows.waiting(tx, group)
    if not waiting:
        return None
    earliest = min(max(matter.not_before, tx.now) for matter in waiting)
    return slot_after(tx, engine, group, Instant(earliest))


def plan(tx: Tx, engine: Looking, group: int) -> None:
    """Set when the group's next digest goes out. One that is due already keeps its moment until it is sent."""
    due = rows.due(tx, group)
    if due is not None and due <= tx.now:
        return
    slot = planned(tx, engine, group)
    if slot != due:
        rows.set_due(tx, group, slot)


def moved(tx: ReadTx, engine: Looking) -> list[int]:
    """The groups whose next digest is planned for another moment than their schedule says now."""
    found = []
    for group in rows.groups(tx):
        due = rows.due(tx, group)
        if (due is None or due > tx.now) and due != planned(tx, engine, group):
            found.append(group)
    return found


def slot_after(tx: ReadTx, engine: Looking, group: int, after: Instant) -> Instant | None:
    """The group's first digest moment after `after`; None when the group has no digest."""
    config = engine.site.config
    schedule = parse(engine.body(tx, group).schedule)
    if isinstance(schedule, str):  # a schedule that cannot be read is refused where it is set
        return None
    return next_slot(schedule, after, ZoneInfo(config.site.timezone), lambda day: is_free(config, day))


def is_free(config: Config, day: date) -> bool:
    """Whether no digests go out on this day."""
    return not is_working_day(day, config.closed_periods, config.site.country)
