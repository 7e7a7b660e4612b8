"""The SQL of limits."""

from __future__ import annotations

from mailsvc.clock import DAY
from mailsvc.store.database import ReadTx, Tx


def count(tx: Tx, key: str, window_at: int) -> int:
    """Add one to a window; how many there are now."""
    tx.execute(
        "INSERT INTO rate (key, window_at, n) VALUES (:key, :at, 1)"
        " ON CONFLICT (key, window_at) DO UPDATE SET n = n + 1",
        key=key,
        at=window_at,
    )
    return counted(tx, key, window_at)


def counted(tx: ReadTx, key: str, window_at: int) -> int:
    """How many there are in a window."""
    row = tx.one("SELECT n FROM rate WHERE key = :key AND window_at = :at", key=key, at=window_at)
    return int(row["n"]) if row else 0


def forget_old(tx: Tx) -> None:
    """Drop windows that no limit looks at any more."""
    tx.execute("DELETE FROM rate WHERE window_at < :before", before=tx.now - 8 * DAY)
