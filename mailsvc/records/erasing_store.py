"""The SQL of erasing a person: in steps that are each a unit of work; asked again, every step does nothing more."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from mailsvc.ids import CaseId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx
from mailsvc.store.outgoing import NOBODY

# Copies are found by what they are copies of: there is no index by person on the largest table.
_NO_LETTERS: Final = """
UPDATE delivery SET state = 'suppressed', final_at = :now WHERE state = 'todo' AND id IN
  (SELECT d.id FROM outgoing o CROSS JOIN delivery d ON d.outgoing_id = o.id AND d.person_id = :id
   WHERE o.state <> 'done')
"""
_FORGET_COPIES: Final = """
UPDATE delivery SET address = 'erased-' || id || :nobody, reply = '' WHERE state <> 'todo' AND id IN
  (SELECT d.id FROM outgoing o CROSS JOIN delivery d ON d.outgoing_id = o.id AND d.person_id = :person
   UNION ALL SELECT d.id FROM outgoing o CROSS JOIN delivery d ON d.outgoing_id = o.id AND d.person_id IS NULL
   WHERE lower(d.address) IN (SELECT lower(value) FROM json_each(:words)))
"""
_NO_ADDRESS: Final = (
    "UPDATE address SET address = 'erased-' || id || :nobody, folded = 'erased-' || id || :nobody,"
    " verified_at = NULL, state = 'disabled' WHERE person_id = :id"
)

# ---- where the erasing of somebody has come


def begin(tx: Tx, person_id: PersonId, words: Collection[str], address: str, language: str) -> None:
    """Remember what is to be looked for; it is forgotten when all is gone through."""
    tx.execute(
        "INSERT INTO erasure (person_id, words, address, language, asked_at, next_at)"
        " VALUES (:person, :words, :address, :language, :now, :now) ON CONFLICT DO NOTHING",
        person=person_id,
        words=json.dumps(list(words)),
        address=address,
        language=language,
        now=tx.now,
    )


def due(tx: ReadTx) -> Row | None:
    """The erasing that is to go on now."""
    return tx.one("SELECT * FROM erasure WHERE next_at <= :now ORDER BY next_at, person_id", now=tx.now)


def next_due(tx: ReadTx) -> int | None:
    """When the next one goes on."""
    row = tx.one("SELECT min(next_at) AS at FROM erasure WHERE next_at IS NOT NULL")
    return row["at"] if row else None


def went_through(tx: Tx, person_id: PersonId, mail_id: int, theirs: Iterable[int]) -> None:
    """All mails up to this one were looked at; `theirs` are the person's."""
    tx.execute("UPDATE erasure SET next_mail = :mail WHERE person_id = :person", mail=mail_id, person=person_id)
    for one in theirs:
        tx.execute(
            "INSERT INTO erasure_mail (person_id, mail_id) VALUES (:person, :mail) ON CONFLICT DO NOTHING",
            person=person_id,
            mail=one,
        )


def mails(tx: ReadTx, person_id: PersonId) -> list[int]:
    """The person's mails that were found."""
    return [row["mail_id"] for row in tx.all("SELECT mail_id FROM erasure_mail WHERE person_id = :id", id=person_id)]


def told(tx: Tx, person_id: PersonId) -> None:
    """The last letter was asked for."""
    tx.execute("UPDATE erasure SET told_at = :now WHERE person_id = :id", now=tx.now, id=person_id)


def again(tx: Tx, person_id: PersonId, at: int) -> None:
    """Something is still on its way: look again then."""
    tx.execute("UPDATE erasure SET next_at = :at WHERE person_id = :id", at=at, id=person_id)


def done(tx: Tx, person_id: PersonId) -> None:
    """Nothing is left to do, and nothing to be looked for is kept."""
    tx.execute(
        "UPDATE erasure SET words = '[]', address = '', language = '', next_at = NULL, done_at = :now"
        " WHERE person_id = :id",
        now=tx.now,
        id=person_id,
    )
    tx.execute("DELETE FROM erasure_mail WHERE person_id = :id", id=person_id)


# ---- at once: nothing is done with the person any more


def stop(tx: Tx, person_id: PersonId) -> None:
    """No question, no letter, no absence, no address: whoever writes from there is a stranger."""
    for sql in (
        "UPDATE question SET state = 'void' WHERE person_id = :id AND state = 'open'",
        "UPDATE ask SET state = 'revoked' WHERE person_id = :id AND state = 'live'",
        _NO_LETTERS,
        "DELETE FROM absence WHERE person_id = :id",
        "DELETE FROM stand_in WHERE person_id = :id OR stand_in_id = :id",
        "DELETE FROM notice WHERE person_id = :id",
        _NO_ADDRESS,
        "UPDATE person SET name = '', timezone = '', organisation_id = NULL, erased_at = :now WHERE id = :id",
    ):
        tx.execute(sql, id=person_id, now=tx.now, nobody=f"@{NOBODY}")


# ---- matters


def empty_case(tx: Tx, case_id: CaseId, data: str) -> None:
    """Take all that people wrote out of a closed case; its log stays, and stays whole."""
    tx.execute("DELETE FROM event_text WHERE case_id = :id", id=case_id)
    tx.execute("UPDATE question SET reason = '' WHERE case_id = :id", id=case_id)
    tx.execute("UPDATE cases SET data = :data, subject_ref = '' WHERE id = :id", data=data, id=case_id)


def silence(tx: Tx, case_id: CaseId, person_id: PersonId, words: Sequence[str]) -> None:
    """Take one person's words, and texts that hold one of `words`, out of a case that is not theirs."""
    tx.execute(
        "DELETE FROM event_text WHERE case_id = :case_id AND (seq IN"
        " (SELECT seq FROM event WHERE case_id = :case_id AND actor_id = :person)"
        "  OR EXISTS (SELECT 1 FROM json_each(:words) w WHERE instr(lower(event_text.text), lower(w.value)) > 0))",
        case_id=case_id,
        person=person_id,
        words=json.dumps(list(words)),
    )
    tx.execute(
        "UPDATE question SET reason = '' WHERE case_id = :case_id AND person_id = :person",
        case_id=case_id,
        person=person_id,
    )


def texts_of(tx: ReadTx, case_id: CaseId, person_id: PersonId) -> set[str]:
    """What one person wrote in a case."""
    rows = tx.all(
        "SELECT t.text FROM event e JOIN event_text t ON t.case_id = e.case_id AND t.seq = e.seq"
        " WHERE e.case_id = :case_id AND e.actor_id = :person AND e.kind <> 'opened'",
        case_id=case_id,
        person=person_id,
    )
    return {row["text"] for row in rows}


def set_data(tx: Tx, case_id: CaseId, data: str) -> None:
    """The data of a case without somebody's name."""
    tx.execute("UPDATE cases SET data = :data WHERE id = :id", data=data, id=case_id)


def naming(tx: ReadTx, words: Sequence[str]) -> list[Row]:
    """Cases whose data hold one of these words: id, kind, data."""
    return tx.all(
        "SELECT id, kind, data FROM cases c WHERE EXISTS"
        " (SELECT 1 FROM json_each(:words) w WHERE instr(lower(c.data), lower(w.value)) > 0) ORDER BY id",
        words=json.dumps(list(words)),
    )


# ---- what was sent


def letters(
    tx: ReadTx, person_id: PersonId, words: Sequence[str], mails: Sequence[int], cases: Sequence[int]
) -> list[Row]:
    """Everything sent to them, because of their mails, about these cases, or naming them: id, state, asks, data."""
    return tx.all(
        """
        SELECT o.id, o.state, o.kind, o.data,
          EXISTS (SELECT 1 FROM ask a JOIN ask_item i ON i.ask_id = a.id JOIN question q ON q.id = i.question_id
                  WHERE a.outgoing_id = o.id AND q.state = 'open') AS asks
        FROM outgoing o WHERE o.data <> '{}' AND (
          o.case_id IN (SELECT value FROM json_each(:cases))
          OR o.cause_inbox_id IN (SELECT id FROM inbox WHERE mail_id IN (SELECT value FROM json_each(:mails)))
          OR (o.kind = 'letter' AND EXISTS
            (SELECT 1 FROM delivery d WHERE d.outgoing_id = o.id AND d.person_id = :person))
          OR EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = o.id AND d.person_id IS NULL
                     AND lower(d.address) IN (SELECT lower(value) FROM json_each(:words)))
          OR EXISTS (SELECT 1 FROM json_each(:words) w WHERE instr(lower(o.data), lower(w.value)) > 0))
        ORDER BY o.id
        """,
        person=person_id,
        words=json.dumps(list(words)),
        mails=json.dumps(list(mails)),
        cases=json.dumps(list(cases)),
    )


def case_of(tx: ReadTx, outgoing_id: int) -> int | None:
    """The case that a letter is about."""
    row = tx.one("SELECT case_id FROM outgoing WHERE id = :id", id=outgoing_id)
    return row["case_id"] if row else None


def set_letter(tx: Tx, outgoing_id: int, data: str) -> None:
    """What is kept of a letter that was sent; its copies in a rehearsal's inboxes go."""
    tx.execute("UPDATE outgoing SET data = :data WHERE id = :id", data=data, id=outgoing_id)
    tx.execute(
        "DELETE FROM mailroom WHERE delivery_id IN (SELECT id FROM delivery WHERE outgoing_id = :id)", id=outgoing_id
    )


def forget_copies(tx: Tx, person_id: PersonId, words: Sequence[str]) -> None:
    """Where copies went that were sent to them, and what the next hop said of it."""
    known = {"person": person_id, "words": json.dumps(list(words)), "nobody": f"@{NOBODY}"}
    tx.execute(_FORGET_COPIES, **known)
    tx.execute("DELETE FROM mailroom WHERE folded IN (SELECT value FROM json_each(:words))", **known)


def waiting(tx: ReadTx, person_id: PersonId, words: Sequence[str], mails: Sequence[int]) -> bool:
    """Whether anything to them or from them is still on its way."""
    return (
        tx.one(
            "SELECT 1 FROM outgoing o WHERE o.state <> 'done' AND ("
            " o.cause_inbox_id IN (SELECT id FROM inbox WHERE mail_id IN (SELECT value FROM json_each(:mails)))"
            " OR EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = o.id AND d.person_id = :person)"
            " OR EXISTS (SELECT 1 FROM delivery d WHERE d.outgoing_id = o.id AND d.person_id IS NULL"
            "   AND lower(d.address) IN (SELECT lower(value) FROM json_each(:words))))",
            person=person_id,
            words=json.dumps(list(words)),
            mails=json.dumps(list(mails)),
        )
        is not None
    )


# ---- mails

_INBOXES: Final = "SELECT id FROM inbox WHERE mail_id IN (SELECT value FROM json_each(:mails))"
_FORGET_MAILS: Final = (
    (
        "UPDATE raw SET bytes = NULL WHERE id IN"
        " (SELECT raw_id FROM mail WHERE id IN (SELECT value FROM json_each(:mails)))"
    ),
    (
        "DELETE FROM mailroom WHERE delivery_id IN (SELECT d.id FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id"
        " WHERE o.source_raw_id IN (SELECT raw_id FROM mail WHERE id IN (SELECT value FROM json_each(:mails))))"
    ),
    (
        "UPDATE outgoing SET message_id = 'erased-' || id WHERE kind = 'post' AND source_raw_id IN"
        " (SELECT raw_id FROM mail WHERE id IN (SELECT value FROM json_each(:mails)))"
    ),
    "DELETE FROM seen WHERE inbox_id IN (SELECT id FROM inbox WHERE mail_id IN (SELECT value FROM json_each(:mails)))",
    # posts in archives; one that went out without a token has bytes of its own
    f"UPDATE raw SET bytes = NULL WHERE id IN (SELECT raw_id FROM archive WHERE inbox_id IN ({_INBOXES}))",
    (
        f"DELETE FROM archive_word WHERE archive_id IN (SELECT id FROM archive WHERE inbox_id IN ({_INBOXES}))"
        f" AND group_id IN (SELECT group_id FROM archive WHERE inbox_id IN ({_INBOXES}))"
    ),
    (
        "UPDATE archive SET state = 'removed', thread_id = coalesce(thread_id, id), author = '', subject = '',"
        f" beginning = '', files = 0, message_id = 'erased-' || id WHERE inbox_id IN ({_INBOXES})"
    ),
    (
        "UPDATE mail SET reverse_path = '', helo = '', message_id = 'erased-' || id"
        " WHERE id IN (SELECT value FROM json_each(:mails))"
    ),
)


def erase_mails(tx: Tx, mails: Sequence[int], kept: Sequence[int]) -> None:
    """The bytes of these mails, and what names their sender; not of those that a case in `kept` rests on.

    What is still being sent keeps its bytes until it is sent.
    """
    gone = [
        row["id"]
        for row in tx.all(
            """
            SELECT m.id FROM mail m WHERE m.id IN (SELECT value FROM json_each(:mails))
              AND NOT EXISTS (SELECT 1 FROM event e JOIN inbox i ON i.id = e.inbox_id
                WHERE i.mail_id = m.id AND e.case_id IN (SELECT value FROM json_each(:kept)))
              AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.mail_id = m.id AND i.state = 'new')
              AND NOT EXISTS (SELECT 1 FROM outgoing o WHERE o.state <> 'done'
                AND (o.source_raw_id = m.raw_id OR o.composed_raw_id = m.raw_id))
            """,
            mails=json.dumps(list(mails)),
            kept=json.dumps(list(kept)),
        )
    ]
    known = {"mails": json.dumps(gone)}
    for sql in _FORGET_MAILS:
        tx.execute(sql, **known)


def mails_only_of(tx: ReadTx, emptied: Sequence[int]) -> list[int]:
    """Mails that no case rests on but these and those that were removed already: posts, and answers quoting them."""
    rows = tx.all(
        """
        SELECT DISTINCT i.mail_id FROM event e JOIN inbox i ON i.id = e.inbox_id
        WHERE e.case_id IN (SELECT value FROM json_each(:emptied))
          AND NOT EXISTS (SELECT 1 FROM inbox o JOIN event f ON f.inbox_id = o.id
            WHERE o.mail_id = i.mail_id AND f.case_id NOT IN (SELECT value FROM json_each(:emptied))
              AND NOT EXISTS (SELECT 1 FROM disposal d WHERE d.case_id = f.case_id))
        """,
        emptied=json.dumps(list(emptied)),
    )
    return [int(row["mail_id"]) for row in rows]
