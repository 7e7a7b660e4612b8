"""The SQL of digests of posts: which post is owed to which membership, and from when on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from mailsvc.clock import Instant
from mailsvc.ids import GroupId, MembershipId, OutgoingId, PersonId, RawId
from mailsvc.store.database import ReadTx, Row, Tx
from mailsvc.store.outgoing import Values


@dataclass(frozen=True, slots=True)
class SentPost:
    """A post that went out, as it was asked for: where its bytes are, what composing needs, and when."""

    raw_id: RawId
    values: Values
    sent_at: Instant


def anybody(tx: ReadTx, group_id: GroupId) -> bool:
    """Whether a group has members who get its posts gathered."""
    row = tx.one(
        "SELECT 1 FROM membership WHERE group_id = :id AND delivery IN ('daily', 'weekly') AND state = 'active'"
        " AND ended_at IS NULL LIMIT 1",
        id=group_id,
    )
    return row is not None


def owe(
    tx: Tx,
    outgoing: OutgoingId,
    group_id: GroupId,
    author: PersonId | None,
    skip: Sequence[str],
    daily: Instant,
    weekly: Instant,
) -> int:
    """One row per member who gets posts gathered, in one statement; how many. Left out are the same as of `fan_out`."""
    return tx.execute(
        """
        INSERT INTO digest_post (group_id, membership_id, outgoing_id, due_at)
        SELECT m.group_id, m.id, :outgoing, CASE m.delivery WHEN 'daily' THEN :daily ELSE :weekly END
        FROM membership m JOIN address a ON a.id = m.address_id
        WHERE m.group_id = :group_id AND m.delivery IN ('daily', 'weekly') AND m.state = 'active'
          AND m.ended_at IS NULL AND (m.paused_until IS NULL OR m.paused_until <= :now)
          AND (m.own_copy = 1 OR m.person_id IS NOT :author)
          AND a.folded NOT IN (SELECT value FROM json_each(:skip))
        """,
        outgoing=outgoing,
        group_id=group_id,
        author=author,
        skip=json.dumps(list(skip)),
        daily=daily,
        weekly=weekly,
        now=tx.now,
    )


def next_due(tx: ReadTx) -> Instant | None:
    """When the first of all that is owed is due."""
    row = tx.one("SELECT min(due_at) AS at FROM digest_post")
    return Instant(row["at"]) if row is not None and row["at"] is not None else None


def groups_due(tx: ReadTx) -> list[GroupId]:
    """The groups of which something is due now."""
    rows = tx.all("SELECT DISTINCT group_id FROM digest_post WHERE due_at <= :now ORDER BY group_id", now=tx.now)
    return [GroupId(row["group_id"]) for row in rows]


def due(tx: ReadTx, group_id: GroupId) -> list[Row]:
    """What is due of a group: membership_id, outgoing_id, size of the post, delivery, paused_until, language, reached.

    `reached` is 0 for whoever has left (not for those whose group has been closed or merged since), whose address has
    been given up, or who has had the post through another group. By membership, the oldest post first.
    """
    return tx.all(
        """
        SELECT d.membership_id, d.outgoing_id, coalesce(r.size, 0) AS size, m.delivery, m.paused_until, p.language,
          (m.ended_at IS NULL OR m.ended_at >= g.closed_at) AND m.state = 'active' AND a.state = 'ok' AND NOT EXISTS (
            SELECT 1 FROM outgoing x JOIN delivery y ON y.outgoing_id = x.id
            WHERE x.kind = 'post' AND x.message_id = o.message_id AND y.person_id = m.person_id) AS reached
        FROM digest_post d JOIN membership m ON m.id = d.membership_id JOIN person p ON p.id = m.person_id
          JOIN address a ON a.id = m.address_id JOIN groups g ON g.id = m.group_id
          JOIN outgoing o ON o.id = d.outgoing_id LEFT JOIN raw r ON r.id = o.source_raw_id
        WHERE d.group_id = :group_id AND d.due_at <= :now ORDER BY d.membership_id, d.outgoing_id
        """,
        group_id=group_id,
        now=tx.now,
    )


def settle(tx: Tx, group_id: GroupId) -> None:
    """What is due of a group is owed no more."""
    tx.execute("DELETE FROM digest_post WHERE group_id = :id AND due_at <= :now", id=group_id, now=tx.now)


def put_off(tx: Tx, group_id: GroupId, until: Instant, membership: int | None = None) -> None:
    """What is due of a group (and of one membership, when it is named) is due at another moment."""
    tx.execute(
        "UPDATE digest_post SET due_at = :until WHERE group_id = :id AND due_at <= :now"
        " AND (:membership IS NULL OR membership_id = :membership)",
        until=until,
        id=group_id,
        membership=membership,
        now=tx.now,
    )


def move(tx: Tx, group_id: GroupId, membership: MembershipId, to: Instant) -> int:
    """All that is owed to a membership is due at `to`; how much that is."""
    return tx.execute(
        "UPDATE digest_post SET due_at = :to WHERE group_id = :id AND membership_id = :membership",
        to=to,
        id=group_id,
        membership=membership,
    )


def drop(tx: Tx, group_id: GroupId, membership: MembershipId) -> None:
    """Nothing is owed to a membership any more."""
    tx.execute(
        "DELETE FROM digest_post WHERE group_id = :id AND membership_id = :membership",
        id=group_id,
        membership=membership,
    )


def address_to(tx: Tx, outgoing: OutgoingId, memberships: Sequence[int]) -> None:
    """One delivery of a letter for each of these memberships."""
    tx.execute(
        "INSERT INTO delivery (outgoing_id, person_id, membership_id, address, next_at)"
        " SELECT :outgoing, m.person_id, m.id, a.address, :now FROM json_each(:ids) j"
        " JOIN membership m ON m.id = j.value JOIN address a ON a.id = m.address_id",
        outgoing=outgoing,
        ids=json.dumps(list(memberships)),
        now=tx.now,
    )
    tx.wake("composing")


def sent_post(tx: ReadTx, outgoing: int) -> SentPost:
    """A post by the number under which it went out."""
    row = tx.one("SELECT source_raw_id, data, created_at FROM outgoing WHERE id = :id AND kind = 'post'", id=outgoing)
    if row is None:
        raise LookupError(f"post {outgoing}")
    return SentPost(RawId(row["source_raw_id"]), msgspec.json.decode(row["data"]), Instant(row["created_at"]))
