"""The SQL of cases' timers."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.clock import Instant
from mailsvc.ids import CaseId
from mailsvc.store.database import ReadTx, Tx


def set_timer(tx: Tx, case_id: CaseId, name: str, due_at: Instant, version: int) -> None:
    """Set or move a timer."""
    tx.execute(
        "INSERT INTO timer (case_id, name, due_at, for_version) VALUES (:case_id, :name, :due_at, :version)"
        " ON CONFLICT (case_id, name) DO UPDATE SET due_at = excluded.due_at, for_version = excluded.for_version",
        case_id=case_id,
        name=name,
        due_at=due_at,
        version=version,
    )
    tx.wake("timers")


def cancel_timer(tx: Tx, case_id: CaseId, name: str | None = None) -> bool:
    """Forget one timer, or all of a case; whether there was one."""
    return bool(
        tx.execute("DELETE FROM timer WHERE case_id = :id AND (:name IS NULL OR name = :name)", id=case_id, name=name)
    )


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer as it was set last."""

    case_id: CaseId
    name: str
    due_at: Instant


def due_timers(tx: ReadTx, limit: int = 100) -> list[DueTimer]:
    """Timers whose time has come, the longest overdue first."""
    rows = tx.all(
        "SELECT case_id, name, due_at FROM timer WHERE due_at <= :now ORDER BY due_at, case_id, name LIMIT :limit",
        now=tx.now,
        limit=limit,
    )
    return [DueTimer(CaseId(row["case_id"]), row["name"], Instant(row["due_at"])) for row in rows]


def take_timer(tx: Tx, timer: DueTimer) -> bool:
    """Remove a timer to fire it; False when it is gone or has been moved since."""
    return bool(
        tx.execute(
            "DELETE FROM timer WHERE case_id = :case_id AND name = :name AND due_at = :due_at",
            case_id=timer.case_id,
            name=timer.name,
            due_at=timer.due_at,
        )
    )


def move_timer(tx: Tx, timer: DueTimer, due_at: Instant) -> None:
    """Fire it later, unless it is gone or has been moved since."""
    tx.execute(
        "UPDATE timer SET due_at = :later WHERE case_id = :case_id AND name = :name AND due_at = :due_at",
        later=due_at,
        case_id=timer.case_id,
        name=timer.name,
        due_at=timer.due_at,
    )


def next_timer(tx: ReadTx) -> Instant | None:
    """When the next timer is due."""
    row = tx.one("SELECT min(due_at) AS due FROM timer")
    return row["due"] if row else None


def timer_due(tx: ReadTx, case_id: CaseId, name: str) -> Instant | None:
    """When a timer of a case is due, None when it is not set."""
    row = tx.one("SELECT due_at FROM timer WHERE case_id = :id AND name = :name", id=case_id, name=name)
    return Instant(row["due_at"]) if row else None


def ladder_step(tx: ReadTx, case_id: CaseId, question: str) -> str | None:
    """The step of the ladder that a question is at now, from the timer that waits for it; None when none does."""
    row = tx.one(
        "SELECT name FROM timer WHERE case_id = :id AND (name LIKE 'remind/' || :question || '/%'"
        " OR name LIKE 'hand-over/' || :question || '/%') ORDER BY due_at DESC",
        id=case_id,
        question=question,
    )
    return str(row["name"]).rpartition("/")[2] if row else None
