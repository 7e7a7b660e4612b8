"""The SQL of cases and their log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import msgspec

from mailsvc.cases.model import Case, CaseKind, Cause
from mailsvc.clock import Instant
from mailsvc.ids import CaseId, PersonId
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
