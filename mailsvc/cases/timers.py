"""Firing what is due: each timer once, late or not; a second firing finds nothing to do."""

from __future__ import annotations

import structlog

from mailsvc.cases import ladder, timer_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause, Fired
from mailsvc.cases.timer_store import DueTimer
from mailsvc.clock import HOUR, Instant
from mailsvc.errors import Reason, StoreCorrupt, StoreUnavailable
from mailsvc.store.database import Database, ReadTx, Tx

log = structlog.get_logger()

AFTER_FAILURE = HOUR


class Timers:
    """The clock of all cases. One timer is one unit of work: what fails in one case holds up no other."""

    def __init__(self, db: Database, engine: Engine) -> None:
        self._db = db
        self._engine = engine

    async def work(self) -> Instant | None:
        """Fire what is due; when the next is."""
        due = await self._db.read(timer_store.due_timers)
        for timer in due:
            await self._fire(timer)
        return Instant(0) if due else await self._db.read(next_due)

    async def _fire(self, timer: DueTimer) -> None:
        try:
            await self._db.write(lambda tx: fire(self._engine, tx, timer), durable=True)
        except (StoreUnavailable, StoreCorrupt):
            raise
        except Exception:  # a bug of one kind of case: tried again later, told to the operators, all others go on
            log.exception("timer-failed", case=timer.case_id, timer=timer.name)
            await self._db.write(lambda tx: self._put_off(tx, timer), durable=True)

    def _put_off(self, tx: Tx, timer: DueTimer) -> None:
        timer_store.move_timer(tx, timer, Instant(tx.now + AFTER_FAILURE))
        for told in self._engine.registry.alarms:
            told(tx, Reason.INTERNAL, f"case {timer.case_id}, timer {timer.name}")


def fire(engine: Engine, tx: Tx, timer: DueTimer) -> bool:
    """Fire one timer; False when it is gone or was moved meanwhile, and nothing happens."""
    if not timer_store.take_timer(tx, timer):
        return False
    cause = Cause(f"timer:{timer.case_id}:{timer.name}:{timer.due_at}")
    if ladder.is_ours(timer.name):
        ladder.fire(engine, tx, timer.case_id, timer.name, cause)
    else:
        engine.apply(tx, timer.case_id, Fired(timer.name), cause)
    return True


def next_due(tx: ReadTx) -> Instant | None:
    """When the next timer is due, or None."""
    return timer_store.next_timer(tx)
