"""Reading all logs again, a page at a time: the first line that does not fit, whatever the size of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from mailsvc.cases import store as cases
from mailsvc.cases.store import chain
from mailsvc.ids import CaseId
from mailsvc.store.database import ReadTx, Row

PAGE: Final = 500
MOST_BREAKS: Final = 100
"""Broken logs that are named; whoever has more has another trouble, and memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first line of a case's log that is not what was written; `seq` may be one that is missing."""

    case_id: CaseId
    seq: int


@dataclass(frozen=True, slots=True)
class Place:
    """How far the reading has come: the last line looked at, its hash, and what was found on the way."""

    case_id: int = 0
    seq: int = 0
    hash: bytes = b""
    cases: int = 0
    broken: bool = False  # of this case; only its first break is told
    breaks: tuple[Break, ...] = field(default=())
    done: bool = False


def step(tx: ReadTx, place: Place, most: int = PAGE) -> Place:
    """Look at the next `most` lines of all logs; `done` when there were no more."""
    rows = tx.all(
        "SELECT e.*, t.salt, t.text FROM event e"
        " LEFT JOIN event_text t ON t.case_id = e.case_id AND t.seq = e.seq"
        " WHERE (e.case_id, e.seq) > (:case_id, :seq) ORDER BY e.case_id, e.seq LIMIT :most",
        case_id=place.case_id,
        seq=place.seq,
        most=most,
    )
    for row in rows:
        if row["case_id"] != place.case_id:
            place = replace(place, case_id=row["case_id"], seq=0, hash=b"", cases=place.cases + 1, broken=False)
        if not place.broken and not _fits(row, place):
            seq = min(int(row["seq"]), place.seq + 1)
            named = (*place.breaks, Break(CaseId(row["case_id"]), seq))[:MOST_BREAKS]
            place = replace(place, broken=True, breaks=named)
        place = replace(place, seq=row["seq"], hash=bytes(row["hash"]))
    if len(rows) == most:
        return place
    return replace(place, done=True, breaks=tuple(_with_lost_ends(tx, place.breaks))[:MOST_BREAKS])


def broken_at(tx: ReadTx, case_id: CaseId) -> int | None:
    """The first line of one log that does not fit or is missing, or None; the end may not be cut off either."""
    broken = cases.broken_at(tx, case_id)
    if broken is not None:
        return broken
    row = tx.one(
        "SELECT version, (SELECT count(*) FROM event WHERE case_id = c.id) AS lines FROM cases c WHERE id = :id",
        id=case_id,
    )
    return int(row["lines"]) + 1 if row and row["lines"] != row["version"] else None


def _fits(row: Row, place: Place) -> bool:
    text_hash = bytes(row["text_hash"])
    if row["text"] is not None and hashlib.sha256(row["salt"] + row["text"].encode()).digest() != text_hash:
        return False
    values = (row["case_id"], row["seq"], row["at"], row["kind"], row["state"], row["actor_id"], row["inbox_id"])
    expected = chain(place.hash, (*values, row["evidence"], row["data"], text_hash.hex()))
    follows = row["seq"] == place.seq + 1 and bytes(row["prev_hash"]) == place.hash
    return follows and bytes(row["hash"]) == expected


def _with_lost_ends(tx: ReadTx, breaks: tuple[Break, ...]) -> Iterator[Break]:
    """Cut off at its end a chain fits; the case itself says how many lines it has."""
    known = {one.case_id for one in breaks}
    yield from breaks
    for row in tx.all(
        "SELECT c.id, (SELECT coalesce(max(e.seq), 0) FROM event e WHERE e.case_id = c.id) AS lines FROM cases c"
        " WHERE c.version <> (SELECT coalesce(max(e.seq), 0) FROM event e WHERE e.case_id = c.id)"
        " ORDER BY c.id LIMIT :most",
        most=2 * MOST_BREAKS,
    ):
        if row["id"] not in known:
            yield Break(CaseId(row["id"]), int(row["lines"]) + 1)
