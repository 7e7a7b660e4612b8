"""The SQL of what is kept about one person outside groups: their mails, matters, words, letters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from mailsvc.ids import CaseId, PersonId
from mailsvc.store.database import ReadTx, Row

HEAD: Final = 64 * 1024
"""How much of a mail is read to see who wrote it."""


def person(tx: ReadTx, person_id: PersonId) -> Row:
    """Their own row; LookupError when there is none."""
    row = tx.one("SELECT * FROM person WHERE id = :id", id=person_id)
    if row is None:
        raise LookupError(f"person {person_id}")
    return row


def addresses(tx: ReadTx, person_id: PersonId) -> list[Row]:
    """All addresses with what is known of each."""
    return tx.all("SELECT * FROM address WHERE person_id = :id ORDER BY is_primary DESC, id", id=person_id)


def mails_after(tx: ReadTx, mail_id: int, most: int) -> list[Row]:
    """The next mails that are still there, with their beginnings: id, raw_id, reverse_path, head, size, at."""
    return tx.all(
        "SELECT m.id, m.raw_id, m.reverse_path, m.received_at AS at, r.size, substr(r.bytes, 1, :head) AS head,"
        " (SELECT group_concat(i.recipient, ' ') FROM inbox i WHERE i.mail_id = m.id) AS recipient"
        " FROM mail m JOIN raw r ON r.id = m.raw_id WHERE m.id > :after AND r.bytes IS NOT NULL"
        " ORDER BY m.id LIMIT :most",
        head=HEAD,
        after=mail_id,
        most=most,
    )


def written(tx: ReadTx, person_id: PersonId) -> list[Row]:
    """What they answered and wrote in matters: case_id, at, kind, state, text."""
    return tx.all(
        "SELECT e.case_id, e.at, e.kind, e.state, t.text FROM event e"
        " JOIN event_text t ON t.case_id = e.case_id AND t.seq = e.seq"
        " WHERE e.actor_id = :id ORDER BY e.at, e.case_id, e.seq",
        id=person_id,
    )


def questions(tx: ReadTx, person_id: PersonId) -> list[Row]:
    """What they were asked and what they answered."""
    return tx.all("SELECT * FROM question WHERE person_id = :id ORDER BY id", id=person_id)


def letters(tx: ReadTx, person_id: PersonId) -> list[Row]:
    """What was written to them: at, template, kind, data, address, state."""
    return tx.all(
        "SELECT o.created_at AS at, o.kind, o.template, CASE o.kind WHEN 'letter' THEN o.data ELSE '{}' END AS data,"
        " d.address, d.state FROM outgoing o CROSS JOIN delivery d ON d.outgoing_id = o.id AND d.person_id = :id"
        " ORDER BY o.id",
        id=person_id,
    )


def presence(tx: ReadTx, person_id: PersonId) -> dict[str, list[Row]]:
    """When they were away, and who stood in for whom."""
    return {
        "absences": tx.all("SELECT until, noted_at FROM absence WHERE person_id = :id", id=person_id),
        "stand_ins": tx.all(
            "SELECT person_id, stand_in_id, from_at, until FROM stand_in WHERE person_id = :id OR stand_in_id = :id",
            id=person_id,
        ),
    }


def matters(tx: ReadTx, person_id: PersonId, folded: Sequence[str], mails: Iterable[int] = ()) -> list[Row]:
    """Cases they began, are the subject of, were asked in, acted in, or wrote (one of `mails`) in.

    `own` is 1 for those that they began or that are about them; `held` and `removed` say what the records do.
    """
    return tx.all(
        """
        SELECT c.*, g.name AS group_name,
          (c.started_by IS :person OR c.subject_ref IN (SELECT value FROM json_each(:folded))) AS own,
          EXISTS (SELECT 1 FROM legal_hold h WHERE h.case_id = c.id) AS held,
          EXISTS (SELECT 1 FROM disposal d WHERE d.case_id = c.id) AS removed
        FROM cases c LEFT JOIN groups g ON g.id = c.group_ref
        WHERE c.started_by = :person OR c.subject_ref IN (SELECT value FROM json_each(:folded))
          OR c.id IN (SELECT case_id FROM question WHERE person_id = :person)
          OR c.id IN (SELECT case_id FROM event WHERE actor_id = :person)
          OR c.id IN (SELECT e.case_id FROM event e JOIN inbox i ON i.id = e.inbox_id
                      WHERE i.mail_id IN (SELECT value FROM json_each(:mails)))
        ORDER BY c.id
        """,
        person=person_id,
        folded=json.dumps(list(folded)),
        mails=json.dumps(list(mails)),
    )


def open_cases(tx: ReadTx, person_id: PersonId, folded: Sequence[str]) -> list[CaseId]:
    """Open cases that they began or that are about them."""
    return [CaseId(row["id"]) for row in matters(tx, person_id, folded) if row["own"] and row["closed_at"] is None]
