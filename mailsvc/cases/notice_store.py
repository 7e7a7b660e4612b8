"""The SQL of notices: who is to be told, once a day, that others have decided."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.clock import Instant
from mailsvc.ids import CaseId, PersonId
from mailsvc.store.database import ReadTx, Tx


def remember(tx: Tx, case_id: CaseId, question: str, decider: PersonId) -> None:
    """Everybody else who was asked this question is to be told."""
    tx.execute(
        "INSERT INTO notice (person_id, case_id, at) SELECT DISTINCT person_id, case_id, :now FROM question"
        " WHERE case_id = :case_id AND kind = :kind AND state = 'closed' AND person_id <> :decider"
        " ON CONFLICT (person_id, case_id) DO UPDATE SET at = excluded.at, told_at = NULL",
        now=tx.now,
        case_id=case_id,
        kind=question,
        decider=decider,
    )
    tx.wake("notices")


def remember_person(tx: Tx, case_id: CaseId, person_id: PersonId, at: Instant) -> None:
    """This person is to be told how a case went on, by a letter that goes out at or after `at`."""
    tx.execute(
        "INSERT INTO notice (person_id, case_id, at) VALUES (:person, :case_id, :at)"
        " ON CONFLICT (person_id, case_id) DO UPDATE SET at = excluded.at, told_at = NULL",
        person=person_id,
        case_id=case_id,
        at=at,
    )
    tx.wake("notices")


def was_told(tx: ReadTx, person_id: PersonId, case_id: CaseId, since: Instant) -> bool:
    """Whether this person has been told of a case at or after `since`."""
    row = tx.one(
        "SELECT 1 FROM notice WHERE person_id = :person AND case_id = :case_id AND told_at >= :since",
        person=person_id,
        case_id=case_id,
        since=since,
    )
    return row is not None


def tell(tx: Tx, person_id: PersonId, case_id: CaseId) -> None:
    """A letter tells this person of a case, whether that was to be or not."""
    tx.execute(
        "INSERT INTO notice (person_id, case_id, at, told_at) VALUES (:person, :case_id, :now, :now)"
        " ON CONFLICT (person_id, case_id) DO UPDATE SET told_at = excluded.told_at",
        person=person_id,
        case_id=case_id,
        now=tx.now,
    )


def forget(tx: Tx, case_id: CaseId) -> None:
    """The decision was taken back before anybody was told."""
    tx.execute("DELETE FROM notice WHERE case_id = :case_id AND told_at IS NULL", case_id=case_id)


def told(tx: Tx, person_id: PersonId, case_id: CaseId | None = None) -> None:
    """This person has been told, of one case or of all."""
    tx.execute(
        "UPDATE notice SET told_at = :now WHERE person_id = :person AND told_at IS NULL"
        " AND (:case_id IS NULL OR case_id = :case_id)",
        now=tx.now,
        person=person_id,
        case_id=case_id,
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """One decision that somebody is to be told of."""

    person_id: PersonId
    case_id: CaseId
    at: Instant


def waiting(tx: ReadTx, before: Instant) -> list[Notice]:
    """What is to be told of decisions up to `before`, by person."""
    rows = tx.all(
        "SELECT person_id, case_id, at FROM notice WHERE told_at IS NULL AND at <= :before ORDER BY person_id, case_id",
        before=before,
    )
    return [Notice(PersonId(row["person_id"]), CaseId(row["case_id"]), Instant(row["at"])) for row in rows]


def oldest(tx: ReadTx) -> Instant | None:
    """When the first decision was taken that somebody is still to be told of."""
    row = tx.one("SELECT min(at) AS at FROM notice WHERE told_at IS NULL")
    return row["at"] if row else None
