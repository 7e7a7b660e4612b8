"""The SQL of what the command line shows beside the rest: names for numbers, and which cases are the newest."""

from __future__ import annotations

from mailsvc.ids import CaseId, GroupId
from mailsvc.store.database import ReadTx, Row


def group_names(tx: ReadTx) -> dict[GroupId, str]:
    """Group id -> name."""
    return {GroupId(row["id"]): row["name"] for row in tx.all("SELECT id, name FROM groups")}


def newest_cases(tx: ReadTx, most: int) -> list[CaseId]:
    """The numbers of the cases that were opened last, the newest first."""
    return [CaseId(row["id"]) for row in tx.all("SELECT id FROM cases ORDER BY id DESC LIMIT :most", most=most)]


def case(tx: ReadTx, case_id: CaseId) -> Row | None:
    """One case as `cases.store.listed` gives many: its columns and the name of its group."""
    return tx.one(
        "SELECT c.*, g.name AS group_name FROM cases c LEFT JOIN groups g ON g.id = c.group_ref WHERE c.id = :id",
        id=case_id,
    )


def timers(tx: ReadTx, case_id: CaseId) -> list[Row]:
    """What a case waits for besides people: name, due_at."""
    return tx.all("SELECT name, due_at FROM timer WHERE case_id = :id ORDER BY due_at, name", id=case_id)
