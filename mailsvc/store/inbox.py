"""The SQL of mail in: raw bytes, transactions, units of handling, duplicates, quarantine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from mailsvc.clock import DAY, Instant
from mailsvc.errors import Reason, StoreCorrupt
from mailsvc.ids import InboxId, MailId, RawId
from mailsvc.message.envelope import Envelope
from mailsvc.store.database import ReadTx, Row, Tx


def insert_raw(tx: Tx, content: bytes) -> RawId:
    """Keep bytes, with the hash they are checked against on reading."""
    return RawId(
        tx.insert(
            "INSERT INTO raw (sha256, size, bytes) VALUES (:sha256, :size, :bytes)",
            sha256=hashlib.sha256(content).digest(),
            size=len(content),
            bytes=content,
        )
    )


def raw(tx: ReadTx, raw_id: RawId) -> bytes:
    """The bytes; LookupError when they were erased, StoreCorrupt when they are not those that were written."""
    row = tx.one("SELECT sha256, bytes FROM raw WHERE id = :id", id=raw_id)
    if row is None or row["bytes"] is None:
        raise LookupError(f"raw {raw_id}")
    content = bytes(row["bytes"])
    if hashlib.sha256(content).digest() != bytes(row["sha256"]):
        raise StoreCorrupt(f"message {raw_id} is not the one that was stored; restore a backup")
    return content


def small_raws(tx: ReadTx, raw_ids: Sequence[RawId], most: int) -> dict[RawId, bytes]:
    """The bytes of several mails at once, of those with at most `most` octets that are there and undamaged."""
    rows = tx.all(
        "SELECT id, sha256, bytes FROM raw WHERE id IN (SELECT value FROM json_each(:ids)) AND size <= :most"
        " AND bytes IS NOT NULL",
        ids=json.dumps(list(raw_ids)),
        most=most,
    )
    found = {RawId(row["id"]): (bytes(row["bytes"]), bytes(row["sha256"])) for row in rows}
    return {raw_id: content for raw_id, (content, sha) in found.items() if hashlib.sha256(content).digest() == sha}


@dataclass(frozen=True, slots=True)
class Kept:
    """What `keep_mail` has written."""

    mail_id: MailId
    raw_id: RawId


def insert_mail(tx: Tx, envelope: Envelope, message_id: str, digest: bytes, evidence: str) -> MailId:
    """As `keep_mail`."""
    return keep_mail(tx, envelope, message_id, digest, evidence).mail_id


def keep_mail(tx: Tx, envelope: Envelope, message_id: str, digest: bytes, evidence: str) -> Kept:
    """Keep one SMTP transaction and one unit of handling per recipient."""
    raw_id = insert_raw(tx, envelope.content)
    mail_id = MailId(
        tx.insert(
            "INSERT INTO mail (raw_id, reverse_path, peer, helo, protocol, trusted, internal, message_id, digest,"
            " evidence, received_at) VALUES (:raw_id, :reverse_path, :peer, :helo, :protocol, :trusted, :internal,"
            " :message_id, :digest, :evidence, :now)",
            raw_id=raw_id,
            reverse_path=envelope.reverse_path,
            peer=envelope.peer,
            helo=envelope.helo,
            protocol=envelope.protocol,
            trusted=int(envelope.trusted),
            internal=int(envelope.internal),
            message_id=message_id,
            digest=digest,
            evidence=evidence,
            now=tx.now,
        )
    )
    for recipient in dict.fromkeys(envelope.recipients):
        tx.execute(
            "INSERT INTO inbox (mail_id, recipient, state, next_at) VALUES (:mail, :recipient, 'new', :now)",
            mail=mail_id,
            recipient=recipient,
            now=tx.now,
        )
    tx.wake("inbox")
    return Kept(mail_id, raw_id)


@dataclass(frozen=True, slots=True)
class Due:
    """One unit of handling, with everything stored about its mail but the bytes."""

    inbox_id: InboxId
    recipient: str
    attempts: int
    raw_id: RawId
    reverse_path: str
    peer: str
    helo: str
    protocol: str
    trusted: bool
    internal: bool
    digest: bytes
    evidence: str
    received_at: Instant
    released: bool

    def envelope(self, content: bytes) -> Envelope:
        """The envelope again."""
        return Envelope(
            self.reverse_path,
            (self.recipient,),
            self.peer,
            self.helo,
            self.protocol,
            content,
            self.trusted,
            self.internal,
        )


_UNIT = """
SELECT i.id, i.recipient, i.attempts, i.reason, m.raw_id, m.reverse_path, m.peer, m.helo, m.protocol, m.trusted,
  m.internal, m.digest, m.evidence, m.received_at
FROM inbox i JOIN mail m ON m.id = i.mail_id
"""


def due(tx: ReadTx, limit: int) -> list[Due]:
    """What waits to be handled and was never tried, in the order it came."""
    rows = tx.all(
        f"{_UNIT} WHERE i.state = 'new' AND i.next_at <= :now AND i.attempts = 0 ORDER BY i.next_at, i.id LIMIT :limit",
        now=tx.now,
        limit=limit,
    )
    return [_due(row) for row in rows]


def due_again(tx: ReadTx) -> Due | None:
    """The one that was tried before and has waited longest: it is tried alone, because it may be what failed."""
    row = tx.one(
        f"{_UNIT} WHERE i.state = 'new' AND i.attempts > 0 AND i.next_at <= :now ORDER BY i.next_at, i.id LIMIT 1",
        now=tx.now,
    )
    return _due(row) if row else None


def unit(tx: ReadTx, inbox_id: InboxId) -> Due | None:
    """One unit, whatever its state."""
    row = tx.one(f"{_UNIT} WHERE i.id = :id", id=inbox_id)
    return _due(row) if row else None


def _due(row: Row) -> Due:
    return Due(
        InboxId(row["id"]),
        row["recipient"],
        row["attempts"],
        RawId(row["raw_id"]),
        row["reverse_path"],
        row["peer"],
        row["helo"],
        row["protocol"],
        bool(row["trusted"]),
        bool(row["internal"]),
        bytes(row["digest"]),
        row["evidence"],
        Instant(row["received_at"]),
        row["reason"] == "released",
    )


def next_due(tx: ReadTx) -> Instant | None:
    """When the next unit may be tried."""
    row = tx.one("SELECT min(next_at) AS at FROM inbox WHERE state = 'new'")
    return row["at"] if row else None


def count_attempt(tx: Tx, ids: Sequence[InboxId]) -> None:
    """Counted before the attempt, so that a mail that kills the process is known by its number."""
    tx.execute(
        "UPDATE inbox SET attempts = attempts + 1 WHERE id IN (SELECT value FROM json_each(:ids))",
        ids=json.dumps(list(ids)),
    )


def put_off(tx: Tx, inbox_id: InboxId, until: int, *, attempts_back: int = 0) -> None:
    """Try again later; `attempts_back` takes back an attempt that was nobody's fault."""
    tx.execute(
        "UPDATE inbox SET next_at = :until, attempts = max(0, attempts - :back) WHERE id = :id AND state = 'new'",
        until=until,
        back=attempts_back,
        id=inbox_id,
    )


def finish(tx: Tx, inbox_id: InboxId, reason: Reason, *, quarantined: bool) -> bool:
    """Handled exactly once: False when somebody did it already."""
    return bool(
        tx.execute(
            "UPDATE inbox SET state = :state, reason = :reason, handled_at = :now WHERE id = :id AND state = 'new'",
            state="quarantined" if quarantined else "handled",
            reason=reason,
            now=tx.now,
            id=inbox_id,
        )
    )


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """An earlier arrival at the same target with the same Message-ID."""

    inbox_id: InboxId
    same: bool


def seen(tx: Tx, target: str, message_id: str, digest: bytes, inbox_id: InboxId, days: int) -> SeenBefore | None:
    """Remember an arrival; the earlier one at that target within `days`, when there is one.

    It is found by its Message-ID, and by what it says: a forwarder that gives mails new ids must not make a loop.
    """
    keys = dict.fromkeys((message_id, digest.hex()))
    for key in keys:
        row = tx.one(
            "SELECT digest, inbox_id, at FROM seen WHERE target = :target AND message_id = :message_id",
            target=target,
            message_id=key,
        )
        if row is not None and row["inbox_id"] != inbox_id and row["at"] > tx.now - days * DAY:
            return SeenBefore(InboxId(row["inbox_id"]), bytes(row["digest"]) == digest)
    for key in keys:
        tx.execute(
            "INSERT INTO seen (target, message_id, digest, inbox_id, at) VALUES (:target, :message_id, :digest, :inbox,"
            " :now) ON CONFLICT (target, message_id) DO UPDATE SET digest = excluded.digest,"
            " inbox_id = excluded.inbox_id, at = excluded.at",
            target=target,
            message_id=key,
            digest=digest,
            inbox=inbox_id,
            now=tx.now,
        )
    return None


# ---- quarantine: mail that was not used, listed until its time is over


def quarantine(tx: ReadTx) -> list[Row]:
    """Rows for `quarantine list`: id, recipient, reverse_path, reason, handled_at, size."""
    return tx.all(
        "SELECT i.id, i.recipient, m.reverse_path, i.reason, i.handled_at, r.size FROM inbox i"
        " JOIN mail m ON m.id = i.mail_id JOIN raw r ON r.id = m.raw_id WHERE i.state = 'quarantined'"
        " ORDER BY i.handled_at, i.id"
    )


def release(tx: Tx, inbox_id: InboxId) -> bool:
    """Handle a quarantined mail as if it had just come in; False when there is none of that id."""
    done = tx.execute(
        "UPDATE inbox SET state = 'new', attempts = 0, next_at = :now, reason = 'released', handled_at = NULL"
        " WHERE id = :id AND state = 'quarantined'",
        now=tx.now,
        id=inbox_id,
    )
    tx.execute("DELETE FROM seen WHERE inbox_id = :id", id=inbox_id)
    tx.wake("inbox")
    return bool(done)


def drop(tx: Tx, inbox_id: InboxId) -> bool:
    """Take a mail out of quarantine for good; False when there is none of that id."""
    return bool(tx.execute("UPDATE inbox SET state = 'handled' WHERE id = :id AND state = 'quarantined'", id=inbox_id))


def put_aside_for(tx: ReadTx, reason: Reason) -> list[tuple[InboxId, str]]:
    """What lies in quarantine for this reason, oldest first: id and recipient."""
    rows = tx.all(
        "SELECT id, recipient FROM inbox WHERE state = 'quarantined' AND reason = :reason ORDER BY id", reason=reason
    )
    return [(InboxId(row["id"]), row["recipient"]) for row in rows]


def handle_again(tx: Tx, inbox_id: InboxId) -> None:
    """Handle a quarantined mail as any that comes in: what put it aside is over. (`release` is a person's decision.)"""
    tx.execute(
        "UPDATE inbox SET state = 'new', attempts = 0, next_at = :now, reason = '', handled_at = NULL"
        " WHERE id = :id AND state = 'quarantined'",
        now=tx.now,
        id=inbox_id,
    )
    tx.wake("inbox")


def put_aside(tx: Tx, inbox_id: InboxId, reason: Reason) -> None:
    """Move a handled mail to quarantine (a discarded post)."""
    tx.execute(
        "UPDATE inbox SET state = 'quarantined', reason = :reason, handled_at = :now WHERE id = :id",
        reason=reason,
        now=tx.now,
        id=inbox_id,
    )


def forget_old(tx: Tx, seen_days: int, quarantine_days: int) -> None:
    """What is over its time: duplicates' marks and quarantined mail; but not what only waits for its group."""
    tx.execute("DELETE FROM seen WHERE at < :before", before=tx.now - seen_days * DAY)
    tx.execute(
        "UPDATE inbox SET state = 'handled' WHERE state = 'quarantined' AND handled_at < :before AND reason <> :waits",
        before=tx.now - quarantine_days * DAY,
        waits=Reason.HELD_GROUP,
    )
