"""The SQL of cases, their log, questions, asks and timers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from mailsvc.cases.model import Case, CaseKind, Cause, Question, Rule
from mailsvc.clock import Instant
from mailsvc.ids import AskId, CaseId, OutgoingId, PersonId, QuestionId
from mailsvc.keys import SiteKey, hash_token
from mailsvc.store.database import ReadTx, Row, Tx


def insert_case(
    tx: Tx, kind: CaseKind, data: msgspec.Struct, group: int | None, subject: str, started_by: PersonId | None
) -> CaseId:
    """A new case in its start state, without any event yet."""
    return CaseId(
        tx.insert(
            "INSERT INTO cases (kind, state, version, data_version, data, group_ref, subject_ref, started_by,"
            " opened_at) VALUES (:kind, :state, 0, :data_version, :data, :group_ref, :subject, :started_by, :now)",
            kind=kind.name,
            state=kind.start,
            data_version=kind.version,
            data=msgspec.json.encode(data).decode(),
            group_ref=group,
            subject=subject,
            started_by=started_by,
            now=tx.now,
        )
    )


def load(tx: ReadTx, kinds: Mapping[str, CaseKind], case_id: CaseId) -> Case | None:
    """The case of this number."""
    row = tx.one("SELECT * FROM cases WHERE id = :id", id=case_id)
    return _case(row, kinds) if row else None


def _case(row: Row, kinds: Mapping[str, CaseKind]) -> Case:
    kind = kinds[row["kind"]]
    return Case(
        CaseId(row["id"]),
        kind.name,
        row["state"],
        row["version"],
        msgspec.json.decode(row["data"], type=kind.data),
        row["group_ref"],
        row["subject_ref"],
        row["started_by"],
        Instant(row["opened_at"]),
        row["closed_at"],
    )


def find_open(tx: ReadTx, kinds: Mapping[str, CaseKind], kind: str, group: int | None, subject: str = "") -> list[Case]:
    """Open cases of a kind and group, of one subject where given, oldest first."""
    rows = tx.all(
        "SELECT * FROM cases WHERE kind = :kind AND group_ref IS :group_ref AND closed_at IS NULL"
        " AND (:subject = '' OR subject_ref = :subject) ORDER BY id",
        kind=kind,
        group_ref=group,
        subject=subject,
    )
    return [_case(row, kinds) for row in rows]


def open_of_kind(tx: ReadTx, kinds: Mapping[str, CaseKind], kind: str) -> list[Case]:
    """All open cases of a kind, in any group, oldest first."""
    rows = tx.all("SELECT * FROM cases WHERE kind = :kind AND closed_at IS NULL ORDER BY id", kind=kind)
    return [_case(row, kinds) for row in rows]


def listed(tx: ReadTx, *, only_open: bool) -> list[Row]:
    """Rows for `case list`: number, kind, state, group name, title data, times."""
    return tx.all(
        "SELECT c.*, g.name AS group_name FROM cases c LEFT JOIN groups g ON g.id = c.group_ref"
        " WHERE :all OR c.closed_at IS NULL ORDER BY c.id",
        all=int(not only_open),
    )


def of_person(tx: ReadTx, person_id: PersonId, folded: str) -> list[Row]:
    """Cases that a person started, was asked in, or is the subject of."""
    return tx.all(
        "SELECT DISTINCT c.*, g.name AS group_name FROM cases c LEFT JOIN groups g ON g.id = c.group_ref"
        " LEFT JOIN question q ON q.case_id = c.id"
        " WHERE c.started_by = :person OR q.person_id = :person OR c.subject_ref = :folded ORDER BY c.id",
        person=person_id,
        folded=folded,
    )


def save(tx: Tx, case: Case, state: str, data: msgspec.Struct, *, closed: bool) -> None:
    """Compare-and-set the case one version on; AssertionError when somebody was faster (a bug)."""
    changed = tx.execute(
        "UPDATE cases SET state = :state, data = :data, version = version + 1,"
        " closed_at = CASE WHEN :closed THEN :now ELSE closed_at END WHERE id = :id AND version = :version",
        state=state,
        data=msgspec.json.encode(data).decode(),
        closed=int(closed),
        now=tx.now,
        id=case.id,
        version=case.version,
    )
    assert changed == 1, f"case {case.id} changed underneath"


# ---- the log


def remember(tx: Tx, key: str, case_id: CaseId, seq: int) -> bool:
    """Note that the cause `key` was applied; False when it was before."""
    return bool(
        tx.execute(
            "INSERT INTO event_key (key, case_id, seq) VALUES (:key, :case_id, :seq) ON CONFLICT DO NOTHING",
            key=key,
            case_id=case_id,
            seq=seq,
        )
    )


def append(tx: Tx, case: Case, state: str, kind: str, data: str, text: str, cause: Cause) -> None:
    """One more line of the log, chained to the one before over salted commitments."""
    seq = case.version + 1
    before = tx.one("SELECT hash FROM event WHERE case_id = :id AND seq = :seq", id=case.id, seq=seq - 1)
    prev = bytes(before["hash"]) if before else b""
    salt = tx.random_bytes(16)
    text_hash = hashlib.sha256(salt + text.encode()).digest()
    row = (case.id, seq, tx.now, kind, state, cause.actor, cause.inbox_id, cause.evidence, data, text_hash.hex())
    tx.execute(
        "INSERT INTO event (case_id, seq, at, kind, state, actor_id, inbox_id, evidence, data, text_hash, prev_hash,"
        " hash) VALUES (:case_id, :seq, :now, :kind, :state, :actor, :inbox, :evidence, :data, :text_hash, :prev,"
        " :hash)",
        case_id=case.id,
        seq=seq,
        now=tx.now,
        kind=kind,
        state=state,
        actor=cause.actor,
        inbox=cause.inbox_id,
        evidence=cause.evidence,
        data=data,
        text_hash=text_hash,
        prev=prev,
        hash=chain(prev, row),
    )
    if text:
        tx.execute(
            "INSERT INTO event_text (case_id, seq, salt, text) VALUES (:case_id, :seq, :salt, :text)",
            case_id=case.id,
            seq=seq,
            salt=salt,
            text=text,
        )


def chain(prev: bytes, row: Sequence[object]) -> bytes:
    """The hash of one line of the log over the one before."""
    return hashlib.sha256(prev + json.dumps(row, separators=(",", ":")).encode()).digest()


def events(tx: ReadTx, case_id: CaseId) -> list[Row]:
    """The log of a case, oldest first: `text` is what people wrote, `kept` also what the case began with (JSON)."""
    return tx.all(
        "SELECT e.*, CASE WHEN e.kind <> 'opened' THEN t.text END AS text, t.text AS kept, t.salt,"
        " coalesce(nullif(p.name, ''), a.address, '') AS actor_name FROM event e"
        " LEFT JOIN event_text t ON t.case_id = e.case_id AND t.seq = e.seq LEFT JOIN person p ON p.id = e.actor_id"
        " LEFT JOIN address a ON a.person_id = e.actor_id AND a.is_primary = 1"
        " WHERE e.case_id = :id ORDER BY e.seq",
        id=case_id,
    )


def broken_at(tx: ReadTx, case_id: CaseId) -> int | None:
    """The first line of the log that does not fit its chain, or None. An erased text leaves the chain whole."""
    prev = b""
    for row in events(tx, case_id):
        text_hash = bytes(row["text_hash"])
        if row["kept"] is not None and hashlib.sha256(row["salt"] + row["kept"].encode()).digest() != text_hash:
            return int(row["seq"])
        values = (row["case_id"], row["seq"], row["at"], row["kind"], row["state"], row["actor_id"], row["inbox_id"])
        expected = chain(prev, (*values, row["evidence"], row["data"], text_hash.hex()))
        if bytes(row["prev_hash"]) != prev or bytes(row["hash"]) != expected:
            return int(row["seq"])
        prev = bytes(row["hash"])
    return None


# ---- questions


def insert_question(
    tx: Tx, case_id: CaseId, kind: str, rule: Rule, person_id: PersonId, behalf: PersonId | None = None
) -> QuestionId:
    """Put a question to a person (for `behalf`); the open one of the same kind, when there is one already.

    Where everybody's answer counts, somebody can be asked twice: for themselves, and for whom they stand in.
    """
    behalf = behalf if behalf != person_id else None
    row = tx.one(
        "SELECT id FROM question WHERE case_id = :case_id AND person_id = :person AND kind = :kind AND state = 'open'"
        " AND (rule = 'first' AND kind <> 'undo' OR behalf_id IS :behalf)",
        case_id=case_id,
        person=person_id,
        kind=kind,
        behalf=behalf,
    )
    if row:
        return QuestionId(row["id"])
    return QuestionId(
        tx.insert(
            "INSERT INTO question (case_id, kind, person_id, rule, state, asked_at, behalf_id)"
            " VALUES (:case_id, :kind, :person, :rule, 'open', :now, :behalf)",
            case_id=case_id,
            kind=kind,
            person=person_id,
            rule=rule,
            now=tx.now,
            behalf=behalf,
        )
    )


def question(tx: ReadTx, question_id: QuestionId) -> Question:
    """The question of this id."""
    row = tx.one("SELECT * FROM question WHERE id = :id", id=question_id)
    assert row is not None
    return _question(row)


def _question(row: Row) -> Question:
    return Question(
        QuestionId(row["id"]),
        CaseId(row["case_id"]),
        row["kind"],
        PersonId(row["person_id"]),
        Rule(row["rule"]),
        row["state"],
        row["answer"],
        row["reason"],
        row["answered_at"],
        row["behalf_id"],
    )


def questions_of(tx: ReadTx, case_id: CaseId) -> list[Question]:
    """All questions of a case."""
    return [_question(r) for r in tx.all("SELECT * FROM question WHERE case_id = :id ORDER BY id", id=case_id)]


def open_questions(tx: ReadTx, person_id: PersonId, group: int | None) -> list[Question]:
    """What waits for this person, in one group where given, oldest first."""
    rows = tx.all(
        "SELECT q.* FROM question q JOIN cases c ON c.id = q.case_id WHERE q.person_id = :person AND q.state = 'open'"
        " AND c.closed_at IS NULL AND (:group_ref IS NULL OR c.group_ref = :group_ref) ORDER BY q.id",
        person=person_id,
        group_ref=group,
    )
    return [_question(row) for row in rows]


def open_question(tx: ReadTx, same: Question, person_id: PersonId) -> Question | None:
    """The open question to a person that is the same as another's, their own before one on somebody's behalf."""
    row = tx.one(
        "SELECT * FROM question WHERE case_id = :id AND kind = :kind AND person_id = :person AND state = 'open'"
        " ORDER BY behalf_id IS NOT NULL, id",
        id=same.case_id,
        kind=same.kind,
        person=person_id,
    )
    return _question(row) if row else None


def open_people(tx: ReadTx, case_id: CaseId, kind: str) -> list[PersonId]:
    """Who has been asked this question of a case and has not answered, in the order they were asked."""
    rows = tx.all(
        "SELECT person_id FROM question WHERE case_id = :id AND kind = :kind AND state = 'open' ORDER BY id",
        id=case_id,
        kind=kind,
    )
    return [PersonId(row["person_id"]) for row in rows]


def answer_question(tx: Tx, question_id: QuestionId, answer: str, reason: str, inbox_id: int | None) -> None:
    """Record an answer that decides; the last one counts."""
    tx.execute(
        "UPDATE question SET state = 'answered', answer = :answer, reason = :reason, answered_at = :now,"
        " inbox_id = :inbox WHERE id = :id AND state IN ('open', 'answered')",
        answer=answer,
        reason=reason,
        now=tx.now,
        inbox=inbox_id,
        id=question_id,
    )


def reopen_question(tx: Tx, question_id: QuestionId) -> None:
    """An answer is waited for again: what was answered is about something that has changed since."""
    tx.execute(
        "UPDATE question SET state = 'open', answer = '', reason = '', answered_at = NULL, inbox_id = NULL"
        " WHERE id = :id AND state = 'answered'",
        id=question_id,
    )


def asked_again(tx: ReadTx, question_id: QuestionId, inbox_id: int | None) -> bool:
    """Whether a question was put again because of this mail."""
    return (
        tx.one(
            "SELECT 1 FROM ask_item i JOIN ask a ON a.id = i.ask_id JOIN outgoing o ON o.id = a.outgoing_id"
            " WHERE i.question_id = :id AND o.cause_inbox_id = :inbox",
            id=question_id,
            inbox=inbox_id,
        )
        is not None
    )


def close_question(tx: Tx, question_id: QuestionId) -> None:
    """This person is not asked any more; nothing was decided."""
    tx.execute("UPDATE question SET state = 'closed' WHERE id = :id AND state = 'open'", id=question_id)


def close_others(tx: Tx, case_id: CaseId, kind: str) -> None:
    """One answer has closed the question for all."""
    tx.execute(
        "UPDATE question SET state = 'closed' WHERE case_id = :id AND kind = :kind AND state = 'open'",
        id=case_id,
        kind=kind,
    )


def reopen(tx: Tx, case_id: CaseId, kind: str, person: PersonId | None = None) -> None:
    """Undo of what `answer_question` (of one voter, where given) and `close_others` did."""
    tx.execute(
        "UPDATE question SET state = 'open', answer = '', reason = '', answered_at = NULL"
        " WHERE case_id = :id AND kind = :kind"
        " AND (state = 'closed'"
        "  OR (state = 'answered' AND (:person IS NULL OR coalesce(behalf_id, person_id) = :person)))"
        " AND id = (SELECT max(q.id) FROM question q WHERE q.case_id = question.case_id AND q.kind = question.kind"
        "  AND q.person_id = question.person_id AND q.behalf_id IS question.behalf_id)",
        id=case_id,
        kind=kind,
        person=person,
    )


def forget_texts(tx: Tx, case_id: CaseId, kind: str) -> None:
    """What people answered to this question of a case stays with nobody's name; the chain of the log stays whole."""
    tx.execute(
        "DELETE FROM event_text WHERE case_id = :id AND seq IN (SELECT seq FROM event WHERE case_id = :id"
        " AND kind LIKE :kind || ':%')",
        id=case_id,
        kind=kind,
    )
    tx.execute("UPDATE question SET reason = '' WHERE case_id = :id AND kind = :kind", id=case_id, kind=kind)


def void_open(tx: Tx, case_id: CaseId) -> None:
    """A closed case asks nothing any more."""
    tx.execute("UPDATE question SET state = 'void' WHERE case_id = :id AND state = 'open'", id=case_id)


def void_answered(tx: Tx, case_id: CaseId, kind: str) -> None:
    """What was answered, or closed by others' answers, is over: the question can be put to others anew."""
    tx.execute(
        "UPDATE question SET state = 'void' WHERE case_id = :id AND kind = :kind AND state IN ('answered', 'closed')",
        id=case_id,
        kind=kind,
    )


def void_of_person(tx: Tx, person_id: PersonId, group: int, kind: str) -> None:
    """Whoever lost the role is not asked any more."""
    tx.execute(
        "UPDATE question SET state = 'void' WHERE person_id = :person AND kind = :kind AND state = 'open'"
        " AND case_id IN (SELECT id FROM cases WHERE group_ref = :group_ref AND closed_at IS NULL)",
        person=person_id,
        kind=kind,
        group_ref=group,
    )


def decided_by(tx: ReadTx, case_id: CaseId, kind: str) -> Row | None:
    """Who answered a question of this kind in this case: answer, reason, answered_at, name, address."""
    return tx.one(
        "SELECT q.answer, q.reason, q.answered_at, q.person_id, p.name, a.address FROM question q"
        " JOIN person p ON p.id = q.person_id JOIN address a ON a.person_id = p.id AND a.is_primary = 1"
        " WHERE q.case_id = :id AND q.kind = :kind AND q.state = 'answered' ORDER BY q.answered_at DESC",
        id=case_id,
        kind=kind,
    )


# ---- asks: one letter to one person


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
