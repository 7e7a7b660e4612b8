"""The SQL of absences and stand-ins."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Tx


def note_absence(tx: Tx, person_id: PersonId, until: Instant, inbox_id: int | None) -> None:
    """A person is away until then; a later mail says it anew."""
    tx.execute(
        "INSERT INTO absence (person_id, until, inbox_id, noted_at) VALUES (:person, :until, :inbox, :now)"
        " ON CONFLICT (person_id) DO UPDATE SET until = excluded.until, inbox_id = excluded.inbox_id,"
        " noted_at = excluded.noted_at",
        person=person_id,
        until=until,
        inbox=inbox_id,
        now=tx.now,
    )


def end_absence(tx: Tx, person_id: PersonId) -> None:
    """Whoever writes a mail of their own is back."""
    tx.execute("DELETE FROM absence WHERE person_id = :person", person=person_id)


def absent_until(tx: ReadTx, person_id: PersonId) -> Instant | None:
    """Until when a person is away, None when present."""
    row = tx.one("SELECT until FROM absence WHERE person_id = :person AND until > :now", person=person_id, now=tx.now)
    return Instant(row["until"]) if row else None


def set_stand_in(tx: Tx, person_id: PersonId, stand_in: PersonId, from_at: Instant, until: Instant) -> None:
    """From `from_at` until `until` questions to a person go to somebody else; the newest word counts."""
    tx.execute(
        "DELETE FROM stand_in WHERE person_id = :person AND until > :from_at AND from_at < :until",
        person=person_id,
        from_at=from_at,
        until=until,
    )
    tx.execute(
        "INSERT INTO stand_in (person_id, stand_in_id, from_at, until) VALUES (:person, :stand_in, :from_at, :until)",
        person=person_id,
        stand_in=stand_in,
        from_at=from_at,
        until=until,
    )


def end_stand_in(tx: Tx, person_id: PersonId) -> None:
    """Nobody stands in for a person any more."""
    tx.execute("DELETE FROM stand_in WHERE person_id = :person AND until > :now", person=person_id, now=tx.now)


def stand_in_for(tx: ReadTx, person_id: PersonId) -> PersonId | None:
    """Who answers for a person now, when somebody does."""
    row = tx.one(
        "SELECT stand_in_id FROM stand_in WHERE person_id = :person AND from_at <= :now AND until > :now"
        " ORDER BY id DESC",
        person=person_id,
        now=tx.now,
    )
    return PersonId(row["stand_in_id"]) if row else None


def present(tx: ReadTx, people: Sequence[PersonId]) -> list[PersonId]:
    """Whoever can be asked now: stand-ins instead of those they stand in for, and nobody who is away."""
    found: list[PersonId] = []
    away = {
        row["person_id"]
        for row in tx.all(
            "SELECT person_id FROM absence WHERE until > :now AND person_id IN (SELECT value FROM json_each(:people))",
            now=tx.now,
            people=json.dumps(list(people)),
        )
    }
    for person in people:
        asked = stand_in_for(tx, person)
        if asked is None and person in away:
            continue
        one = asked if asked is not None else person
        if one not in found:
            found.append(one)
    return found
