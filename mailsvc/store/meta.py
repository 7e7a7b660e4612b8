"""The SQL of the few facts about the site itself, and what time is waited for."""

from __future__ import annotations

from mailsvc.clock import Instant
from mailsvc.store.database import ReadTx, Tx

CLOCK_OFFSET = "clock_offset"


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
        " UNION ALL SELECT min(next_at) FROM delivery WHERE state = 'todo'"
        " UNION ALL SELECT min(next_at) FROM inbox WHERE state = 'new')"
    )
    return row["at"] if row else None


def busy(tx: ReadTx) -> bool:
    """Whether anything is due now: mail to handle, letters to render, copies to send, timers to fire."""
    row = tx.one(
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'new' AND next_at <= :now)"
        " OR EXISTS (SELECT 1 FROM outgoing WHERE state IN ('composing', 'ready') AND state = 'composing')"
        " OR EXISTS (SELECT 1 FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id"
        "   WHERE d.state = 'todo' AND d.next_at <= :now AND o.state = 'ready')"
        " OR EXISTS (SELECT 1 FROM timer WHERE due_at <= :now) AS busy",
        now=tx.now,
    )
    return bool(row and row["busy"])
