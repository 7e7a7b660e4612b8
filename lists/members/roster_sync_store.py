"""The SQL of making a group's members those of a file: the difference first, then all of it in a few statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lists.members.roster_file import Entry
from mailsvc.ids import GroupId, MembershipId
from mailsvc.store.database import ReadTx, Row, Tx

# Whoever has one of the file's addresses is meant by it, whichever address they are in the group with.
_HERE: Final = """
WITH meant AS MATERIALIZED (
  SELECT DISTINCT a.person_id FROM json_each(:folded) e JOIN address a ON a.folded = e.value)
SELECT m.id, a.address, m.role, m.state, m.person_id IN (SELECT person_id FROM meant) AS stays
FROM membership m JOIN address a ON a.id = m.address_id
WHERE m.group_id = :id AND m.ended_at IS NULL ORDER BY a.folded
"""

# The file's addresses whose person is no member, and those that nobody has.
_NEW: Final = """
SELECT e.value AS folded FROM json_each(:folded) e
WHERE NOT EXISTS (
  SELECT 1 FROM address a JOIN membership m ON m.person_id = a.person_id
  WHERE a.folded = e.value AND m.group_id = :id AND m.ended_at IS NULL)
ORDER BY e.key
"""

_END: Final = """
UPDATE membership SET ended_at = :now WHERE ended_at IS NULL AND id IN (SELECT value FROM json_each(:ids))
"""

_ACTIVATE: Final = """
UPDATE membership SET state = 'active', joined_at = :now
WHERE state = 'waiting' AND id IN (SELECT value FROM json_each(:ids))
"""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in the group now."""

    id: MembershipId
    address: str
    role: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file would change. `kept`: not in the file, but with a role, which no file takes away."""

    added: tuple[Entry, ...]
    let_in: tuple[Present, ...]
    removed: tuple[Present, ...]
    kept: tuple[Present, ...]
    members: int

    @property
    def empty(self) -> bool:
        """Whether nothing would be changed."""
        return not (self.added or self.let_in or self.removed)


def difference(tx: ReadTx, group_id: GroupId, entries: Sequence[Entry]) -> Difference:
    """Compare the members of a group, waiting list included, with the entries of a file."""
    folded = json.dumps([entry.folded for entry in entries])
    rows = tx.all(_HERE, folded=folded, id=group_id)
    new = {row["folded"] for row in tx.all(_NEW, folded=folded, id=group_id)}
    gone = [row for row in rows if not row["stays"]]
    return Difference(
        added=tuple(entry for entry in entries if entry.folded in new),
        let_in=tuple(_present(row) for row in rows if row["stays"] and row["state"] == "waiting"),
        removed=tuple(_present(row) for row in gone if row["role"] == "member"),
        kept=tuple(_present(row) for row in gone if row["role"] != "member"),
        members=sum(row["state"] == "active" for row in rows),
    )


def _present(row: Row) -> Present:
    return Present(MembershipId(row["id"]), row["address"], row["role"])


def end(tx: Tx, gone: Sequence[Present]) -> int:
    """End these memberships; how many."""
    return tx.execute(_END, ids=json.dumps([one.id for one in gone]), now=tx.now)


def let_in(tx: Tx, waiting: Sequence[Present]) -> int:
    """Move these from the waiting list into the group; how many."""
    return tx.execute(_ACTIVATE, ids=json.dumps([one.id for one in waiting]), now=tx.now)
