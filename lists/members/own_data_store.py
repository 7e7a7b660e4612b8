"""The SQL of what groups know of a person: places, past ones too, and what was decided about their posts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Row, Tx


def memberships(tx: ReadTx, person_id: PersonId) -> list[Row]:
    """Every membership there was: group, title, role, state, options, since, until."""
    return tx.all(
        'SELECT g.name AS "group", g.title, m.role, m.state, m.delivery, m.paused_until, m.hidden, m.own_copy,'
        " m.posting, m.joined_at, m.ended_at FROM membership m JOIN groups g ON g.id = m.group_id"
        " WHERE m.person_id = :id ORDER BY m.id",
        id=person_id,
    )


def living(tx: ReadTx, person_id: PersonId) -> list[int]:
    """The ids of the memberships that have not ended."""
    rows = tx.all("SELECT id FROM membership WHERE person_id = :id AND ended_at IS NULL ORDER BY id", id=person_id)
    return [int(row["id"]) for row in rows]


def senders(tx: ReadTx, folded: Sequence[str]) -> list[Row]:
    """What moderators decided about posts from these addresses: group, title, address, posting, at."""
    return tx.all(
        'SELECT g.name AS "group", g.title, s.folded AS address, s.posting, s.at FROM sender s'
        " JOIN groups g ON g.id = s.group_id WHERE s.folded IN (SELECT value FROM json_each(:folded))"
        " ORDER BY s.group_id, s.folded",
        folded=json.dumps(list(folded)),
    )


def forget_senders(tx: Tx, folded: Sequence[str]) -> None:
    """Trust and moderation go; a ban stays."""
    tx.execute(
        "DELETE FROM sender WHERE posting <> 'banned' AND folded IN (SELECT value FROM json_each(:folded))",
        folded=json.dumps(list(folded)),
    )
