"""The SQL of closing a group and opening it again."""

from __future__ import annotations

from mailsvc.ids import GroupId
from mailsvc.store.database import ReadTx, Tx


def set_state(tx: Tx, group_id: GroupId, state: str) -> None:
    """Open or close a group."""
    tx.execute(
        "UPDATE groups SET state = :state, closed_at = CASE WHEN :state = 'closed' THEN :now END WHERE id = :id",
        state=state,
        now=tx.now,
        id=group_id,
    )


def open_cases(tx: ReadTx, group_id: GroupId) -> int:
    """How many matters of a group still wait for somebody."""
    row = tx.one("SELECT count(*) AS n FROM cases WHERE group_ref = :id AND closed_at IS NULL", id=group_id)
    return int(row["n"]) if row else 0
