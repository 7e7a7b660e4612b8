"""The SQL of whole rosters: groups with their numbers, and many members at once in a few statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lists.members.roster_file import Entry
from mailsvc.ids import GroupId
from mailsvc.store.database import ReadTx, Row, Tx


def numbers(tx: ReadTx) -> dict[GroupId, int]:
    """Group id -> how many members, without waiting lists; groups without members are left out."""
    rows = tx.all(
        "SELECT group_id, count(*) AS n FROM membership WHERE state = 'active' AND ended_at IS NULL GROUP BY group_id"
    )
    return {GroupId(row["group_id"]): row["n"] for row in rows}


def created_at(tx: ReadTx, group_id: GroupId) -> int:
    """When a group was made."""
    row = tx.one("SELECT created_at FROM groups WHERE id = :id", id=group_id)
    assert row is not None
    return int(row["created_at"])


def roster(tx: ReadTx, group_id: GroupId) -> list[Row]:
    """Everybody in a group by address: address, name, role, what they have chosen, language, state, joined_at."""
    return tx.all(
        "SELECT a.address, p.name, m.role, m.delivery, p.language, m.state, m.joined_at, m.hidden,"
        " m.own_copy, m.paused_until FROM membership m"
        " JOIN address a ON a.id = m.address_id JOIN person p ON p.id = m.person_id"
        " WHERE m.group_id = :id AND m.ended_at IS NULL ORDER BY a.folded",
        id=group_id,
    )


# ---- many members at once

# The entries of a file, a JSON array of arrays, as a table.
_ENTRY: Final = """
WITH entry AS MATERIALIZED (
  SELECT json_extract(value, '$[0]') AS address, json_extract(value, '$[1]') AS folded,
         json_extract(value, '$[2]') AS name, json_extract(value, '$[3]') AS role,
         json_extract(value, '$[4]') AS delivery, json_extract(value, '$[5]') AS language
  FROM json_each(:rows))
"""

# People and addresses that are new are numbered by the same order in both statements, which links them.
_NEW: Final = """, new AS (
  SELECT e.*, row_number() OVER (ORDER BY e.folded) AS n FROM entry e
  WHERE NOT EXISTS (SELECT 1 FROM address a WHERE a.folded = e.folded))
"""

# INSERT stands before WITH, so that the engine's driver counts the rows.
_PEOPLE: Final = (
    "INSERT INTO person (id, name, language, created_at)",
    "SELECT :base + n, name, language, :now FROM new",
)

_ADDRESSES: Final = (
    "INSERT INTO address (person_id, address, folded, is_primary, verified_at)",
    "SELECT :base + n, address, folded, 1, :now FROM new",
)

# The operator vouches for every address, and a name fills an empty one.
_VERIFY: Final = """
UPDATE address SET verified_at = :now WHERE verified_at IS NULL AND folded IN (SELECT folded FROM entry)
"""

_NAMES: Final = """
UPDATE person SET name = e.name FROM entry e JOIN address a ON a.folded = e.folded
WHERE person.id = a.person_id AND person.name = '' AND e.name <> ''
"""

# Two addresses of one person make one membership; who is a member already stays as they are.
_MEMBERS: Final = (
    "INSERT INTO membership (group_id, person_id, address_id, role, delivery, joined_at)",
    """SELECT :group_id, a.person_id, a.id, e.role, e.delivery, :now FROM entry e
    JOIN address a ON a.folded = e.folded WHERE true ON CONFLICT DO NOTHING""",
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: new memberships, entries whose person was a member already, people nobody knew before."""

    added: int
    already: int
    new_people: int


def add_all(tx: Tx, group_id: GroupId, entries: Sequence[Entry]) -> Imported:
    """Make every entry a member, in as many statements for a hundred thousand as for one."""
    rows = json.dumps([(e.address, e.folded, e.name, e.role, e.delivery, e.language) for e in entries])
    last = tx.one("SELECT coalesce(max(id), 0) AS id FROM person")
    assert last is not None
    new_people = tx.execute(_PEOPLE[0] + _ENTRY + _NEW + _PEOPLE[1], rows=rows, base=last["id"], now=tx.now)
    tx.execute(_ADDRESSES[0] + _ENTRY + _NEW + _ADDRESSES[1], rows=rows, base=last["id"], now=tx.now)
    if new_people < len(entries):
        tx.execute(f"{_ENTRY}{_VERIFY}", rows=rows, now=tx.now)
        tx.execute(f"{_ENTRY}{_NAMES}", rows=rows)
    added = tx.execute(_MEMBERS[0] + _ENTRY + _MEMBERS[1], rows=rows, group_id=group_id, now=tx.now)
    return Imported(added, len(entries) - added, new_people)
