"""The SQL of agendas: what waits for a group's decision, and when the group's next digest is due."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.clock import Instant
from mailsvc.ids import CaseId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx


@dataclass(frozen=True, slots=True)
class Matter:
    """A question of a case that waits for a group. `not_before`: left out of digests until then (0: never)."""

    case_id: CaseId
    question: str
    group: int
    since: Instant
    not_before: Instant
    overdue_at: Instant | None
    settled_at: Instant | None


def _matter(row: Row) -> Matter:
    return Matter(
        CaseId(row["case_id"]),
        row["question"],
        row["group_id"],
        Instant(row["since"]),
        Instant(row["not_before"]),
        row["overdue_at"],
        row["settled_at"],
    )


def put(tx: Tx, case_id: CaseId, question: str, group: int, not_before: Instant, overdue_at: Instant | None) -> None:
    """A matter stands on a group's agenda; again, when it was settled or postponed."""
    tx.execute(
        "INSERT INTO agenda (case_id, question, group_id, since, not_before, overdue_at)"
        " VALUES (:case_id, :question, :group_ref, :now, :not_before, :overdue_at)"
        " ON CONFLICT (case_id, question) DO UPDATE SET group_id = excluded.group_id, settled_at = NULL,"
        " not_before = excluded.not_before, overdue_at = excluded.overdue_at",
        case_id=case_id,
        question=question,
        group_ref=group,
        now=tx.now,
        not_before=not_before,
        overdue_at=overdue_at,
    )


def settle(tx: Tx, case_id: CaseId, question: str | None) -> list[int]:
    """One question of a case, or all, are off the agenda; the groups on whose agendas they stood."""
    groups = [
        int(row["group_id"])
        for row in tx.all(
            "SELECT DISTINCT group_id FROM agenda WHERE case_id = :case_id AND settled_at IS NULL"
            " AND (:question IS NULL OR question = :question) ORDER BY group_id",
            case_id=case_id,
            question=question,
        )
    ]
    tx.execute(
        "UPDATE agenda SET settled_at = :now WHERE case_id = :case_id AND settled_at IS NULL"
        " AND (:question IS NULL OR question = :question)",
        now=tx.now,
        case_id=case_id,
        question=question,
    )
    return groups


def unsettle(tx: Tx, case_id: CaseId, question: str) -> Matter | None:
    """The matter is back on its agenda; None when it never stood on one."""
    row = tx.one(
        "SELECT * FROM agenda WHERE case_id = :case_id AND question = :question", case_id=case_id, question=question
    )
    if row is None:
        return None
    tx.execute(
        "UPDATE agenda SET settled_at = NULL WHERE case_id = :case_id AND question = :question",
        case_id=case_id,
        question=question,
    )
    return _matter(row)


def group_of(tx: ReadTx, case_id: CaseId, question: str) -> int | None:
    """On whose agenda a question of a case stands or stood last; None where it never did."""
    row = tx.one(
        "SELECT group_id FROM agenda WHERE case_id = :case_id AND question = :question",
        case_id=case_id,
        question=question,
    )
    return int(row["group_id"]) if row else None


def matter(tx: ReadTx, case_id: CaseId, question: str) -> Matter | None:
    """A question of a case as it stands or stood on an agenda."""
    row = tx.one(
        "SELECT * FROM agenda WHERE case_id = :case_id AND question = :question", case_id=case_id, question=question
    )
    return _matter(row) if row else None


def matters_of(tx: ReadTx, case_id: CaseId) -> list[Matter]:
    """All questions of a case that stand or stood on agendas, those settled last first."""
    rows = tx.all(
        "SELECT * FROM agenda WHERE case_id = :case_id ORDER BY settled_at IS NULL, settled_at DESC, question",
        case_id=case_id,
    )
    return [_matter(row) for row in rows]


def delegates(tx: ReadTx, case_id: CaseId, question: str) -> set[PersonId]:
    """Everybody who was named to answer a question of a case instead of somebody else."""
    rows = tx.all(
        "SELECT DISTINCT json_extract(data, '$.to') AS person FROM event WHERE case_id = :case_id"
        " AND kind = 'delegated' AND json_extract(data, '$.question') = :question",
        case_id=case_id,
        question=question,
    )
    return {PersonId(row["person"]) for row in rows}


def waiting(tx: ReadTx, group: int) -> list[Matter]:
    """What a group's next digest holds: the overdue first, then the longest waiting."""
    rows = tx.all(
        "SELECT * FROM agenda WHERE group_id = :group_ref AND settled_at IS NULL"
        " ORDER BY coalesce(overdue_at <= :now, 0) DESC, case_id, question",
        group_ref=group,
        now=tx.now,
    )
    return [_matter(row) for row in rows]


def settled_since(tx: ReadTx, group: int, since: Instant) -> list[Matter]:
    """What has come off a group's agenda since then."""
    rows = tx.all(
        "SELECT * FROM agenda WHERE group_id = :group_ref AND settled_at >= :since AND settled_at IS NOT NULL"
        " ORDER BY settled_at, case_id",
        group_ref=group,
        since=since,
    )
    return [_matter(row) for row in rows]


# ---- when


def due(tx: ReadTx, group: int) -> Instant | None:
    """When a group's next digest goes out."""
    row = tx.one("SELECT due_at FROM digest_due WHERE group_id = :group_ref", group_ref=group)
    return Instant(row["due_at"]) if row else None


def set_due(tx: Tx, group: int, due_at: Instant | None) -> None:
    """Set, move or forget a group's next digest."""
    tx.execute("DELETE FROM digest_due WHERE group_id = :group_ref", group_ref=group)
    if due_at is not None:
        tx.execute(
            "INSERT INTO digest_due (group_id, due_at) VALUES (:group_ref, :due_at)", group_ref=group, due_at=due_at
        )
        tx.wake("digests")


def groups(tx: ReadTx) -> list[int]:
    """Every group for which something waits, or that waits for a digest."""
    rows = tx.all(
        "SELECT group_id FROM agenda INDEXED BY agenda_waiting WHERE settled_at IS NULL"
        " UNION SELECT group_id FROM digest_due ORDER BY group_id"
    )
    return [int(row["group_id"]) for row in rows]


def all_due(tx: ReadTx) -> list[tuple[int, Instant]]:
    """Every group that waits for a digest, with the moment, the earliest first."""
    rows = tx.all("SELECT group_id, due_at FROM digest_due ORDER BY due_at, group_id")
    return [(row["group_id"], Instant(row["due_at"])) for row in rows]


def take_slot(tx: Tx, group: int, at: Instant) -> bool:
    """Claim a group's digest of this moment; False when it went out already."""
    return bool(
        tx.execute(
            "INSERT INTO slot (name, at, done_at) VALUES (:name, :at, :now) ON CONFLICT DO NOTHING",
            name=f"digest/{group}",
            at=at,
            now=tx.now,
        )
    )


def last_slot(tx: ReadTx, group: int, before: Instant) -> Instant:
    """When the digest before this one went out; 0 when there was none."""
    row = tx.one(
        "SELECT max(done_at) AS at FROM slot WHERE name = :name AND at < :before", name=f"digest/{group}", before=before
    )
    return Instant(row["at"] or 0) if row else Instant(0)
