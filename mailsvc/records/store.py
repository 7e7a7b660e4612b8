"""The SQL of records: numbers in the register, what was exported, what is held and what was removed."""

from __future__ import annotations

from mailsvc.ids import CaseId, OutgoingId, RawId
from mailsvc.store.database import ReadTx, Row, Tx

# ---- the number in the register


def set_number(tx: Tx, case_id: CaseId, number: str) -> bool:
    """Give a case its record number; False when there is no such case."""
    return bool(tx.execute("UPDATE cases SET record_number = :number WHERE id = :id", number=number, id=case_id))


def number_of(tx: ReadTx, case_id: int) -> str:
    """The record number of a case; "" where it has none."""
    row = tx.one("SELECT record_number FROM cases WHERE id = :id", id=case_id)
    return str(row["record_number"]) if row else ""


# ---- what goes to the records


def mails_of(tx: ReadTx, case_id: CaseId) -> list[Row]:
    """The mails that made something happen in a case, in that order: seq, raw_id, received_at, reverse_path, size.

    `raw_id` and `size` are of what came; `bytes` are not read.
    """
    return tx.all(
        "SELECT min(e.seq) AS seq, m.id AS mail_id, m.raw_id, m.received_at, m.reverse_path, i.recipient, r.size,"
        " r.bytes IS NULL AS erased FROM event e JOIN inbox i ON i.id = e.inbox_id JOIN mail m ON m.id = i.mail_id"
        " JOIN raw r ON r.id = m.raw_id WHERE e.case_id = :id GROUP BY m.id ORDER BY min(e.seq)",
        id=case_id,
    )


def raw_of(tx: ReadTx, raw_id: RawId) -> bytes | None:
    """The bytes of a mail; None where they were erased."""
    row = tx.one("SELECT bytes FROM raw WHERE id = :id", id=raw_id)
    return bytes(row["bytes"]) if row and row["bytes"] is not None else None


def note_export(tx: Tx, case_id: CaseId, outgoing: OutgoingId | None, address: str) -> None:
    """A case's file was sent to the records, or (without a letter) written by an operator."""
    tx.execute(
        "INSERT INTO record_export (case_id, outgoing_id, address, at) VALUES (:case_id, :outgoing, :address, :now)",
        case_id=case_id,
        outgoing=outgoing,
        address=address,
        now=tx.now,
    )


def exported(tx: ReadTx, case_id: CaseId) -> bool:
    """Whether the case's file has gone to the records."""
    return tx.one("SELECT 1 FROM record_export WHERE case_id = :id AND outgoing_id IS NOT NULL", id=case_id) is not None


# ---- one day


def came_in(tx: ReadTx, since: int, until: int) -> list[Row]:
    """Mails that came in between two moments: id, at, reverse_path, recipient, state, reason, case_id."""
    return tx.all(
        "SELECT i.id, m.received_at AS at, m.reverse_path, i.recipient, i.state, i.reason,"
        " (SELECT min(e.case_id) FROM event e WHERE e.inbox_id = i.id) AS case_id"
        " FROM mail m JOIN inbox i ON i.mail_id = m.id"
        " WHERE m.received_at >= :since AND m.received_at < :until ORDER BY i.id",
        since=since,
        until=until,
    )


def decided(tx: ReadTx, since: int, until: int) -> list[Row]:
    """Cases that came to their end between two moments, with the name of their group."""
    return tx.all(
        "SELECT c.*, g.name AS group_name FROM cases c LEFT JOIN groups g ON g.id = c.group_ref"
        " WHERE c.closed_at >= :since AND c.closed_at < :until ORDER BY c.closed_at, c.id",
        since=since,
        until=until,
    )


def exports(tx: ReadTx, since: int, until: int) -> list[Row]:
    """What went to the records between two moments: case_id, record_number, address, at, and whether it arrived."""
    return tx.all(
        "SELECT x.case_id, c.record_number, x.address, x.at,"
        " (SELECT d.state FROM delivery d WHERE d.outgoing_id = x.outgoing_id) AS state"
        " FROM record_export x JOIN cases c ON c.id = x.case_id WHERE x.at >= :since AND x.at < :until ORDER BY x.id",
        since=since,
        until=until,
    )


def disposed(tx: ReadTx, since: int, until: int) -> list[Row]:
    """What was removed because its time was over: case_id, class, decision, at."""
    return tx.all(
        "SELECT * FROM disposal WHERE at >= :since AND at < :until ORDER BY at, case_id", since=since, until=until
    )


# ---- what must not be removed


def hold(tx: Tx, case_id: CaseId, reason: str) -> bool:
    """Nothing of this case is removed from now on; False when that is so already."""
    return bool(
        tx.execute(
            "INSERT INTO legal_hold (case_id, reason, at) VALUES (:id, :reason, :now) ON CONFLICT DO NOTHING",
            id=case_id,
            reason=reason,
            now=tx.now,
        )
    )


def release(tx: Tx, case_id: CaseId) -> bool:
    """The hold is over; False when there was none."""
    return bool(tx.execute("DELETE FROM legal_hold WHERE case_id = :id", id=case_id))


def held(tx: ReadTx, case_id: int) -> bool:
    """Whether nothing of this case may be removed."""
    return tx.one("SELECT 1 FROM legal_hold WHERE case_id = :id", id=case_id) is not None


def holds(tx: ReadTx) -> list[Row]:
    """All cases that are held: case_id, reason, at, record_number."""
    return tx.all("SELECT h.*, c.record_number FROM legal_hold h JOIN cases c ON c.id = h.case_id ORDER BY h.case_id")


# ---- what may be removed


def over(tx: ReadTx, kind: str, before: int, most: int) -> list[CaseId]:
    """Cases of a kind that were closed before a moment, are not held, and were not gone through yet."""
    rows = tx.all(
        "SELECT c.id FROM cases c WHERE c.closed_at < :before AND c.kind = :kind"
        " AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.case_id = c.id)"
        " AND NOT EXISTS (SELECT 1 FROM disposal d WHERE d.case_id = c.id) ORDER BY c.id LIMIT :most",
        before=before,
        kind=kind,
        most=most,
    )
    return [CaseId(row["id"]) for row in rows]


def note_disposal(tx: Tx, case_id: CaseId, kind: str, decision: str) -> None:
    """Remember what was removed, and on which decision."""
    tx.execute(
        "INSERT INTO disposal (case_id, class, decision, at) VALUES (:id, :kind, :decision, :now)",
        id=case_id,
        kind=kind,
        decision=decision,
        now=tx.now,
    )


# ---- names for numbers


def mail_of(tx: ReadTx, inbox_id: int) -> int | None:
    """The mail that a unit of handling belongs to."""
    row = tx.one("SELECT mail_id FROM inbox WHERE id = :id", id=inbox_id)
    return int(row["mail_id"]) if row else None


def group_title(tx: ReadTx, group_ref: int | None) -> str:
    """The title of a group; "" for none."""
    row = tx.one("SELECT title FROM groups WHERE id = :id", id=group_ref)
    return str(row["title"]) if row else ""


def letters_of(tx: ReadTx, case_id: CaseId) -> list[int]:
    """What was sent about a case and is on its way no more."""
    rows = tx.all("SELECT id FROM outgoing WHERE case_id = :id AND state = 'done' ORDER BY id", id=case_id)
    return [int(row["id"]) for row in rows]
