"""The SQL of the groups' other names."""

from __future__ import annotations

from lists import store
from lists.model import Group
from mailsvc.ids import GroupId
from mailsvc.store.database import ReadTx, Row, Tx


def group_at(tx: ReadTx, name: str) -> Group | None:
    """The group that a name or an alias means; the name of one that was merged means the one it has become."""
    group = store.group_named(tx, name)
    if group is not None and group.open:
        return group
    row = tx.one("SELECT group_id FROM alias WHERE name = :name", name=name)
    return store.group(tx, row["group_id"]) if row else group


def aliases(tx: ReadTx, group_id: GroupId | None = None) -> list[Row]:
    """name, group_name and created_at of the aliases of one group or of all, by group."""
    return tx.all(
        "SELECT a.name, g.name AS group_name, a.created_at FROM alias a JOIN groups g ON g.id = a.group_id"
        " WHERE :id IS NULL OR g.id = :id ORDER BY g.name, a.name",
        id=group_id,
    )


def insert(tx: Tx, group_id: GroupId, name: str) -> None:
    """A new alias."""
    tx.execute(
        "INSERT INTO alias (name, group_id, created_at) VALUES (:name, :id, :now)",
        name=name,
        id=group_id,
        now=tx.now,
    )


def delete(tx: Tx, group_id: GroupId, name: str) -> bool:
    """An alias less; False when the group had no such one."""
    return bool(tx.execute("DELETE FROM alias WHERE name = :name AND group_id = :id", name=name, id=group_id))
