"""The SQL of the weekly list: which ideas stand in it, whether anything moved, and that each week has one list."""

from __future__ import annotations

from mailsvc.clock import Instant
from mailsvc.store.database import ReadTx, Tx

MOST = 60
SLOT = "ideas-week"


def listed(tx: ReadTx, kind: str, since: Instant) -> list[int]:
    """The numbers of the ideas that wait or are worked on, and of those that were answered since, the newest first."""
    rows = tx.all(
        "SELECT id FROM cases WHERE kind = :kind AND state NOT IN ('new', 'which', 'proposal', 'withdrawn')"
        " AND (closed_at IS NULL OR closed_at >= :since) ORDER BY id DESC LIMIT :most",
        kind=kind,
        since=since,
        most=MOST,
    )
    return [int(row["id"]) for row in rows]


def moved(tx: ReadTx, kind: str, since: Instant) -> bool:
    """Whether an idea came or got another answer since then."""
    row = tx.one(
        "SELECT 1 FROM cases c JOIN event e ON e.case_id = c.id WHERE c.kind = :kind AND e.at >= :since"
        " AND (c.closed_at IS NULL OR c.closed_at >= :since)"
        " AND (e.kind = 'opened' OR e.state <> (SELECT b.state FROM event b WHERE b.case_id = e.case_id"
        "  AND b.seq = e.seq - 1)) LIMIT 1",
        kind=kind,
        since=since,
    )
    return row is not None


def last(tx: ReadTx) -> Instant | None:
    """When a week was looked at last."""
    row = tx.one("SELECT max(done_at) AS at FROM slot WHERE name = :name", name=SLOT)
    return Instant(row["at"]) if row is not None and row["at"] is not None else None


def take(tx: Tx, week: Instant) -> bool:
    """Claim the list of the week that begins then; False when it was claimed already."""
    return bool(
        tx.execute(
            "INSERT INTO slot (name, at, done_at) VALUES (:name, :at, :now) ON CONFLICT DO NOTHING",
            name=SLOT,
            at=week,
            now=tx.now,
        )
    )
