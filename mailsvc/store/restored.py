"""After a restore: nothing leaves until the operator says so, because nobody knows what left after the backup.

What the backup holds as unsent is `paused`; what is asked for later waits to be composed. `release` lets both go.
"""

from __future__ import annotations

from typing import Final

from mailsvc.clock import Instant
from mailsvc.store import meta
from mailsvc.store.database import ReadTx, Tx

RESTORED_AT: Final = "restored_at"
AGE: Final = "restored_age"


def hold(tx: Tx, age: int) -> int:
    """Pause everything unsent of a database from a backup that is `age` microseconds old; how many mails."""
    held = tx.execute("UPDATE outgoing SET state = 'paused' WHERE state IN ('composing', 'ready')")
    newest = tx.one("SELECT coalesce(max(id), 0) AS id FROM outgoing")
    assert newest is not None
    meta.put(tx, meta.RESTORED_UP_TO, str(newest["id"]))
    meta.put(tx, AGE, str(age))
    meta.put(tx, RESTORED_AT, str(tx.now))
    return held


def waiting_since(tx: ReadTx) -> Instant | None:
    """When the database was restored, while that waits for its release; None for all others."""
    value = meta.get(tx, RESTORED_AT)
    return Instant(int(value)) if value is not None else None


def sentence(tx: ReadTx) -> str:
    """What an operator is told while a restore waits for its release, with the command for it; "" otherwise."""
    if waiting_since(tx) is None:
        return ""
    number = _waiting(tx)
    mails = "1 mail waits" if number == 1 else f"{number} mails wait"
    return f"restored from a backup: nothing leaves and {mails} until `mailsvc queue retry --restored`"


def _waiting(tx: ReadTx) -> int:
    row = tx.one(
        "SELECT count(*) AS n FROM outgoing o WHERE o.state = 'paused' OR o.state IN ('composing', 'ready')"
        " AND o.id > (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'restored_up_to')"
    )
    return int(row["n"]) if row else 0


def release(tx: Tx) -> bool:
    """Let go what waits; False when nothing was restored. The caller then makes paused mail due (queue_retry).

    The time until a mail is given up begins again where it stood in the backup.
    """
    since = waiting_since(tx)
    if since is None:
        return False
    tx.execute(
        "UPDATE outgoing SET expires_at = expires_at + :lost WHERE state = 'paused'"
        " AND id <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'restored_up_to')",
        lost=max(0, tx.now - since) + int(meta.get(tx, AGE) or 0),
    )
    tx.execute("DELETE FROM meta WHERE key IN ('restored_at', 'restored_age', 'restored_up_to')")
    tx.wake("composing")
    return True
