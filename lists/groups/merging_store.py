"""The SQL of two groups that become one."""

from __future__ import annotations

from mailsvc.ids import GroupId
from mailsvc.store.database import Tx


def copy_members(tx: Tx, group: GroupId, into: GroupId) -> int:
    """Everybody of `group` is in `into` too, with their own settings; how many were not before.

    Whoever is in both keeps what they have chosen in `into`; whom its moderators have banned does not come.
    """
    return tx.execute(
        """
        INSERT INTO membership (group_id, person_id, address_id, role, state, delivery, hidden, own_copy, posting,
                                joined_at, paused_until)
        SELECT :into, m.person_id, m.address_id, 'member', m.state, m.delivery, m.hidden, m.own_copy, m.posting, :now,
               m.paused_until
        FROM membership m JOIN address a ON a.id = m.address_id
        WHERE m.group_id = :id AND m.ended_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.group_id = :into AND o.person_id = m.person_id
                          AND o.ended_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM sender s WHERE s.group_id = :into AND s.folded = a.folded
                          AND s.posting = 'banned')
        ORDER BY m.id
        """,
        into=into,
        id=group,
        now=tx.now,
    )


def end_all(tx: Tx, group: GroupId) -> int:
    """Every membership of a group is over; the rows stay as its history."""
    return tx.execute(
        "UPDATE membership SET ended_at = :now WHERE group_id = :id AND ended_at IS NULL", now=tx.now, id=group
    )


def move_aliases(tx: Tx, group: GroupId, into: GroupId, name: str) -> None:
    """All names of a group, its own one too, mean the other group from now on."""
    tx.execute("UPDATE alias SET group_id = :into WHERE group_id = :id", into=into, id=group)
    tx.execute(
        "INSERT INTO alias (name, group_id, created_at) VALUES (:name, :into, :now) ON CONFLICT DO NOTHING",
        name=name,
        into=into,
        now=tx.now,
    )
