"""The SQL of what people say about the dates that a poll offers."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.ids import CaseId, PersonId
from mailsvc.store.database import ReadTx, Tx


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody says about one date; `answer` is can, maybe or cannot."""

    person: PersonId
    name: str
    number: int
    answer: str
    comment: str


def choose(tx: Tx, case_id: CaseId, person: PersonId, number: int, answer: str, comment: str) -> None:
    """The last answer to each date counts."""
    tx.execute(
        "INSERT INTO date_choice (case_id, person_id, number, answer, comment, at)"
        " VALUES (:case_id, :person, :number, :answer, :comment, :now)"
        " ON CONFLICT (case_id, person_id, number) DO UPDATE SET answer = excluded.answer,"
        " comment = excluded.comment, at = excluded.at",
        case_id=case_id,
        person=person,
        number=number,
        answer=answer,
        comment=comment,
        now=tx.now,
    )


def choices(tx: ReadTx, case_id: CaseId) -> list[Choice]:
    """What everybody has said, in the order in which they came."""
    rows = tx.all(
        "SELECT c.*, coalesce(nullif(p.name, ''), a.address, '') AS shown FROM date_choice c"
        " JOIN person p ON p.id = c.person_id LEFT JOIN address a ON a.person_id = p.id AND a.is_primary = 1"
        " WHERE c.case_id = :case_id ORDER BY c.person_id, c.number",
        case_id=case_id,
    )
    return [
        Choice(PersonId(row["person_id"]), row["shown"], row["number"], row["answer"], row["comment"]) for row in rows
    ]
