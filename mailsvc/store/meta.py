"""The SQL of the few facts about the site itself, and what time is waited for."""

from __future__ import annotations

from mailsvc.clock import Instant
from mailsvc.store.database import ReadTx, Tx

CLOCK_OFFSET = "clock_offset"
RESTORED_UP_TO = "restored_up_to"

# Of a statement over `outgoing o`: what is asked for after a restore waits until that is released (see `restored`).
MAY_COMPOSE = "NOT EXISTS (SELECT 1 FROM meta r WHERE r.key = 'restored_up_to' AND o.id > CAST(r.value AS INTEGER))"


def get(tx: ReadTx, key: str) -> str | None:
    """A fact, or None."""
    row = tx.one("SELECT value FROM meta WHERE key = :key", key=key)
    return str(row["value"]) if row else None


def put(tx: Tx, key: str, value: str) -> None:
    """Keep a fact."""
    tx.execute(
        "INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key=key,
        value=value,
    )


def next_event(tx: ReadTx) -> Instant | None:
    """When a timer, a retry or a handling is due next."""
    row = tx.one(
        "SELECT min(at) AS at FROM (SELECT min(due_at) AS at FROM timer"
        " UNION ALL SELECT min(due_at) FROM digest_due"
        " UNION ALL SELECT min(due_at) FROM digest_post"
        " UNION ALL SELECT * FROM (SELECT d.next_at FROM delivery d INDEXED BY delivery_next"
        "  CROSS JOIN outgoing o ON o.id = d.outgoing_id AND o.state IN ('composing', 'ready')"
        "  WHERE d.state = 'todo' AND d.next_at >= 0 ORDER BY d.next_at LIMIT 1)"
        " UNION ALL SELECT min(next_at) FROM inbox WHERE state = 'new')"
    )
    return row["at"] if row else None


def busy(tx: ReadTx) -> bool:
    """Whether anything is due now: mail to handle, letters to render, copies to send, timers to fire,
    posts to be found again."""
    row = tx.one(
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'new' AND next_at <= :now)"
        " OR EXISTS (SELECT 1 FROM outgoing o WHERE o.state IN ('composing', 'ready') AND o.state = 'composing'"
        f"  AND {MAY_COMPOSE})"
        " OR EXISTS (SELECT 1 FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id"
        "   WHERE d.state = 'todo' AND d.next_at <= :now AND o.state = 'ready')"
        " OR EXISTS (SELECT 1 FROM digest_due WHERE due_at <= :now)"
        " OR EXISTS (SELECT 1 FROM digest_post WHERE due_at <= :now)"
        " OR EXISTS (SELECT 1 FROM archive WHERE state = 'new')"
        " OR EXISTS (SELECT 1 FROM timer WHERE due_at <= :now) AS busy",
        now=tx.now,
    )
    return bool(row and row["busy"])
