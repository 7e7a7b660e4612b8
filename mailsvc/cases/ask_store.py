"""The SQL of asks: each one letter to one person, with the token that answers the questions it lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mailsvc.clock import Instant
from mailsvc.ids import AskId, CaseId, OutgoingId, PersonId, QuestionId
from mailsvc.keys import SiteKey, hash_token
from mailsvc.store.database import ReadTx, Row, Tx


@dataclass(frozen=True, slots=True)
class AskRow:
    """One letter that asked, when it was written, and the questions under its numbers."""

    id: AskId
    person_id: PersonId
    outgoing_id: OutgoingId
    nonce: bytes
    live: bool
    language: str
    items: tuple[tuple[int, QuestionId], ...]
    issued_at: Instant


def insert_ask(
    tx: Tx,
    key: SiteKey,
    outgoing: OutgoingId,
    person_id: PersonId,
    items: Sequence[QuestionId],
    numbers: Sequence[int] = (),
) -> AskId:
    """Give the letter `outgoing` a token of its own; `items`: its questions, numbered from 1 or as `numbers` says."""
    nonce = tx.random_bytes(16)
    ask_id = tx.insert(
        "INSERT INTO ask (person_id, outgoing_id, nonce, token_hash, issued_at)"
        " VALUES (:person, :outgoing, :nonce, :hash, :now)",
        person=person_id,
        outgoing=outgoing,
        nonce=nonce,
        hash=hash_token(key.token(nonce)),
        now=tx.now,
    )
    for number, question_id in zip(numbers or range(1, len(items) + 1), items, strict=True):
        tx.execute(
            "INSERT INTO ask_item (ask_id, number, question_id) VALUES (:ask, :number, :question)",
            ask=ask_id,
            number=number,
            question=question_id,
        )
    return AskId(ask_id)


_ASK = "SELECT a.*, o.language FROM ask a JOIN outgoing o ON o.id = a.outgoing_id"


def ask_by_token(tx: ReadTx, token: str) -> AskRow | None:
    """The letter whose token this is."""
    return _ask(tx, tx.one(f"{_ASK} WHERE a.token_hash = :hash", hash=hash_token(token)))


def ask_by_message_ids(tx: ReadTx, message_ids: Sequence[str]) -> AskRow | None:
    """The newest asking letter among these Message-IDs (In-Reply-To, References)."""
    return _ask(
        tx,
        tx.one(
            f"{_ASK} WHERE o.kind = 'letter' AND o.message_id IN (SELECT value FROM json_each(:ids))"
            " ORDER BY a.id DESC",
            ids=json.dumps(list(message_ids)),
        ),
    )


def letter_of_question(tx: ReadTx, question: QuestionId) -> OutgoingId | None:
    """The newest letter that asks this question alone."""
    row = tx.one(
        "SELECT a.outgoing_id FROM ask a JOIN ask_item i ON i.ask_id = a.id WHERE i.question_id = :id"
        " AND (SELECT count(*) FROM ask_item o WHERE o.ask_id = a.id) = 1 ORDER BY a.id DESC LIMIT 1",
        id=question,
    )
    return OutgoingId(row["outgoing_id"]) if row else None


def live_letters(tx: ReadTx, message_ids: Sequence[str]) -> list[AskRow]:
    """The living asking letters among these Message-IDs: each is as secret as its token."""
    rows = tx.all(
        f"{_ASK} WHERE o.kind = 'letter' AND a.state = 'live'"
        " AND o.message_id IN (SELECT value FROM json_each(:ids)) ORDER BY a.id",
        ids=json.dumps(list(message_ids)),
    )
    return [ask for row in rows if (ask := _ask(tx, row))]


def case_of_letter(tx: ReadTx, message_ids: Sequence[str], person_id: PersonId) -> CaseId | None:
    """The case of the newest letter to this person among these Message-IDs, whether it asked or not."""
    row = tx.one(
        "SELECT o.case_id FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id WHERE o.kind = 'letter'"
        " AND o.message_id IN (SELECT value FROM json_each(:ids)) AND d.person_id = :person"
        " AND o.case_id IS NOT NULL ORDER BY o.id DESC",
        ids=json.dumps(list(message_ids)),
        person=person_id,
    )
    return CaseId(row["case_id"]) if row else None


def case_of_announcement(tx: ReadTx, message_ids: Sequence[str]) -> CaseId | None:
    """The case of the newest letter among these Message-IDs that went to many, whoever got a copy."""
    row = tx.one(
        "SELECT case_id FROM outgoing WHERE kind = 'letter' AND case_id IS NOT NULL"
        " AND message_id IN (SELECT value FROM json_each(:ids))"
        " AND NOT EXISTS (SELECT 1 FROM ask WHERE ask.outgoing_id = outgoing.id) ORDER BY id DESC",
        ids=json.dumps(list(message_ids)),
    )
    return CaseId(row["case_id"]) if row else None


def wrote_this(tx: ReadTx, message_ids: Sequence[str]) -> bool:
    """Whether one of these Message-IDs is a letter of ours."""
    return (
        tx.one(
            "SELECT 1 FROM outgoing WHERE kind = 'letter' AND message_id IN (SELECT value FROM json_each(:ids))",
            ids=json.dumps(list(message_ids)),
        )
        is not None
    )


def ask_of_letter(tx: ReadTx, outgoing: OutgoingId) -> AskRow | None:
    """The ask that a letter carries, for the composer."""
    return _ask(tx, tx.one(f"{_ASK} WHERE a.outgoing_id = :id", id=outgoing))


def _ask(tx: ReadTx, row: Row | None) -> AskRow | None:
    if row is None:
        return None
    items = tx.all("SELECT number, question_id FROM ask_item WHERE ask_id = :id ORDER BY number", id=row["id"])
    return AskRow(
        AskId(row["id"]),
        PersonId(row["person_id"]),
        OutgoingId(row["outgoing_id"]),
        bytes(row["nonce"]),
        row["state"] == "live",
        row["language"],
        tuple((item["number"], QuestionId(item["question_id"])) for item in items),
        Instant(row["issued_at"]),
    )


def live_tokens(tx: ReadTx, hashes: Sequence[str]) -> list[AskRow]:
    """Which of these token hashes (hex) belong to living letters."""
    # All hashes travel as one blob that is cut into pieces of 32 octets: each is one look into the index.
    rows = tx.all(
        f"""
        WITH RECURSIVE piece (number) AS
          (SELECT 0 WHERE :count > 0 UNION ALL SELECT number + 1 FROM piece WHERE number + 1 < :count)
        {_ASK} WHERE a.state = 'live'
          AND a.token_hash IN (SELECT substr(:hashes, number * 32 + 1, 32) FROM piece) ORDER BY a.id
        """,
        hashes=b"".join(bytes.fromhex(one) for one in hashes),
        count=len(hashes),
    )
    return [ask for row in rows if (ask := _ask(tx, row))]


def revoke(tx: Tx, ask_id: AskId) -> None:
    """This letter's token counts no more."""
    tx.execute("UPDATE ask SET state = 'revoked' WHERE id = :id", id=ask_id)


def thread_of(tx: ReadTx, case_id: CaseId, person_id: PersonId | None, before: OutgoingId) -> list[str]:
    """Message-IDs of the earlier letters of this case to this person, oldest first: the thread of the next one."""
    rows = tx.all(
        "SELECT o.message_id FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id"
        " WHERE o.case_id = :case_id AND o.kind = 'letter' AND o.id < :before AND d.person_id IS :person ORDER BY o.id",
        case_id=case_id,
        before=before,
        person=person_id,
    )
    return [row["message_id"] for row in rows]


def wrote_to(tx: ReadTx, case_id: CaseId, person_id: PersonId, inbox_id: int | None) -> bool:
    """Whether a case has written to this person because of this mail."""
    return (
        tx.one(
            "SELECT 1 FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id WHERE o.case_id = :case_id"
            " AND o.kind = 'letter' AND o.cause_inbox_id = :inbox AND d.person_id = :person",
            case_id=case_id,
            inbox=inbox_id,
            person=person_id,
        )
        is not None
    )
