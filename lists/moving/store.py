"""The SQL of moving in and out: hidden members, and the posts of a group as they went out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mailsvc.ids import GroupId
from mailsvc.store.database import ReadTx, Row, Tx


def hide(tx: Tx, group_id: GroupId, folded: Sequence[str]) -> None:
    """Who was hidden on the list they come from is hidden here."""
    tx.execute(
        "UPDATE membership SET hidden = 1 WHERE group_id = :id AND ended_at IS NULL AND address_id IN"
        " (SELECT id FROM address WHERE folded IN (SELECT value FROM json_each(:folded)))",
        id=group_id,
        folded=json.dumps(list(folded)),
    )


def posts(tx: ReadTx, group_id: GroupId) -> list[Row]:
    """The posts that went out in a group and are still kept, oldest first: raw id, when, and the author's address."""
    return tx.all(
        "SELECT o.source_raw_id AS raw_id, o.created_at AS at, m.reverse_path FROM outgoing o"
        " JOIN raw r ON r.id = o.source_raw_id AND r.bytes IS NOT NULL"
        " LEFT JOIN inbox i ON i.id = o.cause_inbox_id LEFT JOIN mail m ON m.id = i.mail_id"
        " WHERE o.kind = 'post' AND o.group_id = :id ORDER BY o.id",
        id=group_id,
    )


def members(tx: ReadTx, group_id: GroupId) -> list[Row]:
    """Every living membership with the columns of `member import`, and what that does not know."""
    return tx.all(
        "SELECT a.address, p.name, m.role, m.delivery, p.language, m.hidden, m.own_copy, m.posting, m.state,"
        " m.joined_at FROM membership m JOIN address a ON a.id = m.address_id JOIN person p ON p.id = m.person_id"
        " WHERE m.group_id = :id AND m.ended_at IS NULL ORDER BY m.id",
        id=group_id,
    )
