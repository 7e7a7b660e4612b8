"""Agendas: a matter that a group decides waits there for the group's next digest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailsvc.cases import agenda_store as rows
from mailsvc.cases.model import PutToBody
from mailsvc.cases.schedule import next_slot, parse
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.ids import CaseId
from mailsvc.store.database import ReadTx, Tx

if TYPE_CHECKING:
    from mailsvc.cases.engine import Engine


def put(tx: Tx, engine: Engine, case_id: CaseId, effect: PutToBody) -> None:
    """A question stands on a group's agenda; its next digest asks it."""
    overdue = effect.overdue_at
    if overdue is None:
        overdue = engine.working_days(tx, engine.site.config.digests.overdue_working_days)
    rows.put(tx, case_id, effect.question, effect.group, effect.not_before or Instant(0), overdue)
    plan(tx, engine, effect.group)


def settle(tx: Tx, case_id: CaseId, question: str | None) -> None:
    """The question (all of the case where None) waits for no body any more."""
    rows.settle(tx, case_id, question)


def unsettle(tx: Tx, engine: Engine, case_id: CaseId, question: str) -> bool:
    """A decision was taken back: the matter waits again. False when it never stood on an agenda."""
    matter = rows.unsettle(tx, case_id, question)
    if matter is None:
        return False
    plan(tx, engine, matter.group)
    return True


def plan(tx: Tx, engine: Engine, group: int) -> None:
    """Set when the group's next digest goes out: the first slot at which something waits; none when nothing does."""
    waiting = rows.waiting(tx, group)
    if not waiting:
        rows.set_due(tx, group, None)
        return
    earliest = min(max(matter.not_before, tx.now) for matter in waiting)
    slot = slot_after(tx, engine, group, Instant(earliest))
    if slot != rows.due(tx, group):
        rows.set_due(tx, group, slot)


def slot_after(tx: ReadTx, engine: Engine, group: int, after: Instant) -> Instant | None:
    """The group's first digest moment after `after`; None when the group has no digest."""
    config = engine.site.config
    schedule = parse(engine.body(tx, group).schedule)
    if isinstance(schedule, str):  # a schedule that cannot be read is refused where it is set
        return None
    return next_slot(schedule, after, ZoneInfo(config.site.timezone), lambda day: is_free(config, day))


def is_free(config: Config, day: date) -> bool:
    """Whether no digests go out on this day."""
    return not is_working_day(day, config.closed_periods, config.site.country)
