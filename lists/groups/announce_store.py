"""The SQL of announcements: one letter to all members of a group who read the same language."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mailsvc.ids import GroupId, OutgoingId, PersonId
from mailsvc.store.database import ReadTx, Tx


def languages(tx: ReadTx, group_id: GroupId, roles: Sequence[str], but: Sequence[PersonId] = ()) -> list[str]:
    """The languages that the members of a group read (those with one of `roles`, or all), `but` those people."""
    rows = tx.all(
        "SELECT DISTINCT p.language FROM membership m JOIN person p ON p.id = m.person_id"
        " WHERE m.group_id = :id AND m.state = 'active' AND m.ended_at IS NULL"
        " AND (:roles = '[]' OR m.role IN (SELECT value FROM json_each(:roles)))"
        " AND m.person_id NOT IN (SELECT value FROM json_each(:but)) ORDER BY p.language",
        id=group_id,
        roles=json.dumps(list(roles)),
        but=json.dumps(list(but)),
    )
    return [row["language"] for row in rows]


def address_to(
    tx: Tx, outgoing: OutgoingId, group_id: GroupId, language: str, roles: Sequence[str], but: Sequence[PersonId] = ()
) -> int:
    """One delivery of a letter per member who reads that language, in one statement; how many."""
    count = tx.execute(
        "INSERT INTO delivery (outgoing_id, person_id, membership_id, address, next_at)"
        " SELECT :outgoing, m.person_id, m.id, a.address, :now"
        " FROM membership m JOIN address a ON a.id = m.address_id JOIN person p ON p.id = m.person_id"
        " WHERE m.group_id = :id AND m.state = 'active' AND m.ended_at IS NULL AND a.state = 'ok'"
        " AND p.language = :language AND (:roles = '[]' OR m.role IN (SELECT value FROM json_each(:roles)))"
        " AND m.person_id NOT IN (SELECT value FROM json_each(:but))",
        outgoing=outgoing,
        id=group_id,
        language=language,
        roles=json.dumps(list(roles)),
        but=json.dumps(list(but)),
        now=tx.now,
    )
    tx.wake("composing")
    return count
