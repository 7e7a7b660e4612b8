"""Asking for mail to be sent: rows in the caller's transaction; composing and sending come later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.clock import DAY, Instant
from mailsvc.ids import CaseId, InboxId, OutgoingId, PersonId, RawId
from mailsvc.keys import encode
from mailsvc.site import Site
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.meta import MAY_COMPOSE

TOPIC: Final = "outgoing"
URGENT: Final = 0  # answers and questions
SMALL: Final = 1  # posts to few
BULK: Final = 2  # the rest
NOBODY: Final = "erased.invalid"
"""The domain (RFC 2606) of the address that stands in place of one that was erased; nothing is sent there."""

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a letter goes to: a person at an address, or a stranger at one."""

    address: str
    language: str
    person_id: PersonId | None = None


def new_message_id(tx: Tx, site: Site) -> str:
    """A Message-ID without its angle brackets, with 128 random bits: a letter's is as secret as its token."""
    return f"{encode(tx.random_bytes(16))}@{site.config.site.domain}"


def letter(
    tx: Tx,
    site: Site,
    to: Recipient,
    template: str,
    values: Values,
    *,
    cause: InboxId | None = None,
    case_id: CaseId | None = None,
    group_id: int | None = None,
    sender: str = "null",
    priority: int = URGENT,
) -> OutgoingId:
    """Ask for the letter `template` to be written to `to`; it is rendered by the composer in `to.language`.

    `sender` is "bounces" for letters whose loss matters (questions), "null" for receipts and transcripts. `priority` is
    lower where one event writes to many, so that answers to single people go first.
    """
    outgoing = OutgoingId(
        tx.insert(
            "INSERT INTO outgoing (kind, cause_inbox_id, case_id, group_id, message_id, template, data, language,"
            " sender, priority, state, created_at, expires_at) VALUES ('letter', :cause, :case_id, :group_id,"
            " :message_id, :template, :data, :language, :sender, :priority, 'composing', :now, :expires)",
            cause=cause,
            case_id=case_id,
            group_id=group_id,
            message_id=new_message_id(tx, site),
            template=template,
            data=msgspec.json.encode(values).decode(),
            language=to.language,
            sender=sender,
            priority=priority,
            now=tx.now,
            expires=tx.now + site.config.limits.give_up_days * DAY,
        )
    )
    _one_delivery(tx, outgoing, to.address, to.person_id)
    return outgoing


def letter_to_many(
    tx: Tx,
    site: Site,
    language: str,
    template: str,
    values: Values,
    *,
    cause: InboxId | None,
    case_id: CaseId | None,
    group_id: int,
) -> OutgoingId:
    """Ask for one letter that goes to many; the caller inserts its deliveries. `values["to_group"]` is its To.

    It carries no token: an answer to it is found by its case and weighed like any mail.
    """
    return OutgoingId(
        tx.insert(
            "INSERT INTO outgoing (kind, cause_inbox_id, case_id, group_id, message_id, template, data, language,"
            " sender, priority, state, created_at, expires_at) VALUES ('letter', :cause, :case_id, :group_id,"
            " :message_id, :template, :data, :language, 'bounces', :priority, 'composing', :now, :expires)",
            cause=cause,
            case_id=case_id,
            group_id=group_id,
            message_id=new_message_id(tx, site),
            template=template,
            data=msgspec.json.encode(values).decode(),
            language=language,
            priority=BULK,
            now=tx.now,
            expires=tx.now + site.config.limits.give_up_days * DAY,
        )
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """What was asked to be written."""

    template: str
    values: Values
    case_id: CaseId | None
    group_id: int | None


def load(tx: ReadTx, outgoing: OutgoingId) -> Letter:
    """A letter as it was asked for."""
    row = tx.one("SELECT template, data, case_id, group_id FROM outgoing WHERE id = :id", id=outgoing)
    if row is None:
        raise LookupError(f"outgoing {outgoing}")
    return Letter(row["template"], msgspec.json.decode(row["data"]), row["case_id"], row["group_id"])


def forward(
    tx: Tx,
    site: Site,
    source: RawId,
    to: list[Recipient],
    composer: str,
    values: Values,
    *,
    cause: InboxId,
    group_id: int | None = None,
) -> OutgoingId:
    """Ask for the mail `source` to be passed on as it is to `to`; `composer` names who makes its outer headers."""
    outgoing = OutgoingId(
        tx.insert(
            "INSERT INTO outgoing (kind, cause_inbox_id, group_id, message_id, source_raw_id, template, data, sender,"
            " priority, state, created_at, expires_at) VALUES ('forward', :cause, :group_id, '', :source, :template,"
            " :data, 'bounces', :priority, 'composing', :now, :expires)",
            cause=cause,
            group_id=group_id,
            source=source,
            template=composer,
            data=msgspec.json.encode(values).decode(),
            priority=URGENT,
            now=tx.now,
            expires=tx.now + site.config.limits.give_up_days * DAY,
        )
    )
    for recipient in to:
        _one_delivery(tx, outgoing, recipient.address, recipient.person_id)
    return outgoing


def post(
    tx: Tx,
    site: Site,
    source: RawId,
    composer: str,
    values: Values,
    *,
    group_id: int,
    message_id: str,
    cause: InboxId | None,
    case_id: CaseId | None = None,
    shape: str = "personal",
) -> OutgoingId:
    """Ask for a post to be sent; the caller inserts its deliveries with one INSERT … SELECT and then calls `filled`.

    `shape` is "personal", or "shared" when all copies are the same and may go in one transaction.
    """
    return OutgoingId(
        tx.insert(
            "INSERT INTO outgoing (kind, cause_inbox_id, case_id, group_id, message_id, source_raw_id, template, data,"
            " sender, shape, priority, state, created_at, expires_at) VALUES ('post', :cause, :case_id, :group_id,"
            " :message_id, :source, :template, :data, 'bounces', :shape, :priority, 'composing', :now, :expires)",
            shape=shape,
            cause=cause,
            case_id=case_id,
            group_id=group_id,
            message_id=message_id,
            source=source,
            template=composer,
            data=msgspec.json.encode(values).decode(),
            priority=BULK,
            now=tx.now,
            expires=tx.now + site.config.limits.give_up_days * DAY,
        )
    )


def filled(tx: Tx, outgoing: OutgoingId, copies: int, small: int = 100) -> None:
    """Say how many copies a post has: few go before many; none at all ends it here."""
    if copies == 0:
        tx.execute("UPDATE outgoing SET state = 'done' WHERE id = :id", id=outgoing)
        return
    if copies <= small:
        tx.execute("UPDATE outgoing SET priority = :priority WHERE id = :id", priority=SMALL, id=outgoing)
    tx.wake("composing")


def hold_posts(tx: Tx, group_id: int) -> int:
    """Stop the posts of a group that are not all sent; how many. Letters go on."""
    held = tx.execute(
        "UPDATE outgoing SET state = 'paused'"
        " WHERE state IN ('composing', 'ready') AND kind = 'post' AND group_id = :group_id",
        group_id=group_id,
    )
    tx.wake(TOPIC)
    return held


def let_go_posts(tx: Tx, group_id: int, since: Instant) -> int:
    """Send a group's posts after all; how many. The time for which they waited does not count towards giving up.

    What waits for the release of a restored backup goes on waiting for that.
    """
    released = tx.execute(
        "UPDATE outgoing SET state = CASE WHEN composed_raw_id IS NULL THEN 'composing' ELSE 'ready' END,"
        " expires_at = expires_at + :now - max(:since, created_at)"
        " WHERE state = 'paused' AND kind = 'post' AND group_id = :group_id"
        "  AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'restored_up_to')",
        now=tx.now,
        since=since,
        group_id=group_id,
    )
    tx.wake(TOPIC)
    tx.wake("composing")
    return released


def _one_delivery(tx: Tx, outgoing: OutgoingId, address: str, person_id: PersonId | None) -> None:
    tx.execute(
        "INSERT INTO delivery (outgoing_id, person_id, address, next_at, state, final_at)"
        " VALUES (:outgoing, :person, :address, :now, CASE WHEN :gone THEN 'suppressed' ELSE 'todo' END,"
        " CASE WHEN :gone THEN :now END) ON CONFLICT DO NOTHING",
        gone=int(address.endswith(f"@{NOBODY}")),
        outgoing=outgoing,
        person=person_id,
        address=address,
        now=tx.now,
    )
    tx.wake("composing")


@dataclass(frozen=True, slots=True)
class LostCopy:
    """One delivery that ended without success."""

    address: str
    reply: str


@dataclass(frozen=True, slots=True)
class Lost:
    """What did not arrive of one outgoing message."""

    kind: str
    template: str
    group_id: int | None
    case_id: CaseId | None
    total: int
    copies: tuple[LostCopy, ...]


def lost(tx: ReadTx, outgoing: OutgoingId) -> Lost:
    """The failed and expired copies of a message whose loss matters (its sender is not null); none for others."""
    row = tx.one("SELECT kind, template, group_id, case_id, sender FROM outgoing WHERE id = :id", id=outgoing)
    assert row is not None
    copies = tx.all(
        "SELECT address, reply FROM delivery WHERE outgoing_id = :id AND state IN ('failed', 'expired') ORDER BY id",
        id=outgoing,
    )
    count = tx.one("SELECT count(*) AS n FROM delivery WHERE outgoing_id = :id", id=outgoing)
    told = copies if row["sender"] == "bounces" else []
    return Lost(
        row["kind"],
        row["template"],
        row["group_id"],
        row["case_id"],
        int(count["n"]) if count else 0,
        tuple(LostCopy(one["address"], one["reply"]) for one in told),
    )


@dataclass(frozen=True, slots=True)
class ToCompose:
    """One outgoing message that waits to be rendered, with everything its composer needs."""

    id: OutgoingId
    kind: str
    template: str
    values: Values
    language: str
    message_id: str
    source_raw_id: RawId | None
    case_id: CaseId | None
    group_name: str
    group_title: str
    created_at: int
    address: str
    name: str
    person_id: PersonId | None


def to_compose(tx: ReadTx, limit: int) -> list[ToCompose]:
    """What waits to be rendered, the most urgent first."""
    # "state IN" says the same as the partial index, which SQLite takes only then
    rows = tx.all(
        "SELECT o.*, g.name AS group_name, g.title AS group_title, d.address, d.person_id, p.name AS person_name"
        " FROM outgoing o LEFT JOIN groups g ON g.id = o.group_id"
        " LEFT JOIN delivery d ON d.id = (SELECT min(id) FROM delivery WHERE outgoing_id = o.id)"
        " LEFT JOIN person p ON p.id = d.person_id"
        f" WHERE o.state IN ('composing', 'ready') AND o.state = 'composing' AND {MAY_COMPOSE}"
        " ORDER BY o.priority, o.id LIMIT :limit",
        limit=limit,
    )
    return [
        ToCompose(
            OutgoingId(row["id"]),
            row["kind"],
            row["template"],
            msgspec.json.decode(row["data"]),
            row["language"],
            row["message_id"],
            row["source_raw_id"],
            row["case_id"],
            row["group_name"] or "",
            row["group_title"] or "",
            row["created_at"],
            row["address"] or "",
            row["person_name"] or "",
            row["person_id"],
        )
        for row in rows
    ]


def composed(tx: Tx, outgoing: OutgoingId, raw_id: RawId) -> None:
    """The bytes are there: the courier may take it."""
    tx.execute(
        "UPDATE outgoing SET composed_raw_id = :raw, state = 'ready' WHERE id = :id AND state = 'composing'",
        raw=raw_id,
        id=outgoing,
    )
    tx.wake(TOPIC)


def set_aside(tx: Tx, outgoing: OutgoingId) -> None:
    """It cannot be rendered: kept for the operator, so that the rest flows."""
    tx.execute("UPDATE outgoing SET state = 'paused' WHERE id = :id", id=outgoing)
