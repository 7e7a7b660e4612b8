"""Firing what is due: each timer once, late or not; a second firing finds nothing to do."""

from __future__ import annotations

from mailsvc.cases import store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause, Fired
from mailsvc.clock import Instant
from mailsvc.ids import CaseId
from mailsvc.store.database import ReadTx, Tx


def fire_due(engine: Engine, tx: Tx) -> int:
    """Fire every due timer; how many there were."""
    due = store.due_timers(tx)
    for row in due:
        case_id, name = CaseId(row["case_id"]), row["name"]
        store.cancel_timer(tx, case_id, name)
        engine.apply(tx, case_id, Fired(name), Cause(f"timer:{case_id}:{name}:{row['due_at']}"))
    return len(due)


def next_due(tx: ReadTx) -> Instant | None:
    """When the next timer is due, or None."""
    return store.next_timer(tx)
