"""The SQL of the yearly letter: what a network did in a year, and that each letter is sent once."""

from __future__ import annotations

from mailsvc.clock import Instant
from mailsvc.store.database import ReadTx, Tx


def posts(tx: ReadTx, group: int, since: Instant) -> int:
    """How many posts went to a group's members."""
    row = tx.one(
        "SELECT count(*) AS n FROM outgoing WHERE kind = 'post' AND group_id = :id AND created_at >= :since",
        id=group,
        since=since,
    )
    return int(row["n"]) if row else 0


def unanswered(tx: ReadTx, group: int, since: Instant) -> int:
    """How many questions to a group's moderators ended without an answer."""
    row = tx.one(
        "SELECT count(*) AS n FROM cases WHERE group_ref = :id AND kind IN ('held-post', 'join-request')"
        " AND closed_at >= :since AND state IN ('returned', 'expired')",
        id=group,
        since=since,
    )
    return int(row["n"]) if row else 0


def founded(tx: ReadTx) -> list[tuple[int, Instant]]:
    """Every network that is not closed, and since when it is there."""
    rows = tx.all("SELECT id, created_at FROM groups WHERE kind = 'network' AND state <> 'closed' ORDER BY id")
    return [(int(row["id"]), Instant(row["created_at"])) for row in rows]


def take(tx: Tx, group: int, at: Instant) -> bool:
    """Claim the letter of this anniversary; False when it was sent already."""
    return bool(
        tx.execute(
            "INSERT INTO slot (name, at, done_at) VALUES (:name, :at, :now) ON CONFLICT DO NOTHING",
            name=f"health/{group}",
            at=at,
            now=tx.now,
        )
    )


def take_day(tx: Tx, at: Instant) -> bool:
    """Claim the look of this day; False when all networks were looked at already."""
    return bool(
        tx.execute(
            "INSERT INTO slot (name, at, done_at) VALUES ('health', :at, :now) ON CONFLICT DO NOTHING",
            at=at,
            now=tx.now,
        )
    )
