"""The SQL of the web edge: figures for the metrics, the probe of readiness, and the inboxes of the mailroom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mailsvc.clock import Instant
from mailsvc.store import meta
from mailsvc.store.database import ReadTx, Row, Tx

HEAD_BYTES: Final = 16 * 1024
"""How much of a letter is read for a list of letters; fields beyond are not shown there."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the metrics show of the database at one moment; `inbox_age` in microseconds."""

    received: int
    inbox_waiting: int
    inbox_age: int
    outbox: int
    open_cases: int
    quarantined: int
    unreached: int


@dataclass(frozen=True, slots=True)
class Box:
    """One inbox: an address, the person behind it if known, how many letters, how many after a given one."""

    folded: str
    address: str
    name: str
    letters: int
    newer: int

    @property
    def shown(self) -> str:
        """The person's name, or the address where nobody is known."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Copy:
    """One letter as it lies in an inbox; `content` is whole, or only the first HEAD_BYTES in lists."""

    id: int
    folded: str
    address: str
    at: Instant
    size: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail that came in for one recipient, and what became of it."""

    sender: str
    recipient: str
    state: str
    reason: str
    at: Instant


def figures(tx: ReadTx) -> Figures:
    """One consistent look at the queues; every statement reads an index or one row."""
    oldest = _one(
        tx,
        "SELECT min(mail.received_at) AS at, count(*) AS n"
        " FROM inbox JOIN mail ON mail.id = inbox.mail_id WHERE inbox.state = 'new'",
    )
    return Figures(
        received=int(_one(tx, "SELECT coalesce(max(id), 0) AS n FROM mail")["n"]),
        inbox_waiting=int(oldest["n"]),
        inbox_age=max(0, tx.now - int(oldest["at"])) if oldest["at"] is not None else 0,
        outbox=int(_one(tx, "SELECT count(*) AS n FROM outgoing WHERE state IN ('composing', 'ready')")["n"]),
        open_cases=int(_one(tx, "SELECT count(*) AS n FROM cases WHERE closed_at IS NULL")["n"]),
        quarantined=int(_one(tx, "SELECT count(*) AS n FROM inbox WHERE state = 'quarantined'")["n"]),
        unreached=int(_one(tx, "SELECT count(*) AS n FROM address WHERE bounced_at IS NOT NULL")["n"]),
    )


def settled_deliveries(tx: ReadTx, after: int) -> tuple[int, Mapping[str, int], Mapping[str, int]]:
    """Counts of final deliveries by result with id > `after`.

    Gives (mark, up to the mark, beyond it): below the mark nothing waits any more, so those need no second count.
    """
    # +id and next_at: else SQLite walks over all that is final to the first copy that waits, not over those that wait
    mark = int(
        _one(
            tx,
            "SELECT coalesce((SELECT min(+id) - 1 FROM delivery WHERE state = 'todo' AND next_at >= 0),"
            " (SELECT max(id) FROM delivery), 0) AS n",
        )["n"]
    )
    count = (
        "SELECT state, count(*) AS n FROM delivery WHERE id > :low AND id <= :high AND state <> 'todo' GROUP BY state"
    )
    final = {str(row["state"]): int(row["n"]) for row in tx.all(count, low=after, high=mark)}
    moving = {str(row["state"]): int(row["n"]) for row in tx.all(count, low=max(after, mark), high=1 << 62)}
    return mark, final, moving


def probe(tx: Tx) -> None:
    """A real write, so that readiness is what was tried and not what is hoped."""
    meta.put(tx, "probed_at", str(tx.now))


def boxes(tx: ReadTx, newer_than: int, find: str = "", limit: int = 200) -> list[Box]:
    """The inboxes of everybody known and of every stranger who got a letter, by name; `find` in name or address."""
    # Every address of a living person, then the recipients that are nobody's address.
    rows = tx.all(
        "WITH box AS ("
        " SELECT address.folded AS folded, address.address AS address, person.name AS name"
        "  FROM address JOIN person ON person.id = address.person_id WHERE person.erased_at IS NULL"
        " UNION ALL"
        " SELECT folded, folded, '' FROM mailroom"
        "  WHERE NOT EXISTS (SELECT 1 FROM address WHERE address.folded = mailroom.folded) GROUP BY folded)"
        " SELECT folded, address, name,"
        "  (SELECT count(*) FROM mailroom WHERE mailroom.folded = box.folded) AS letters,"
        "  (SELECT count(*) FROM mailroom WHERE mailroom.folded = box.folded AND mailroom.id > :newer_than) AS newer"
        " FROM box WHERE :find = '' OR instr(lower(name), :find) > 0 OR instr(folded, :find) > 0"
        " ORDER BY name = '', lower(name), folded LIMIT :limit",
        newer_than=newer_than,
        find=find.lower(),
        limit=limit,
    )
    return [
        Box(str(row["folded"]), str(row["address"]), str(row["name"]), int(row["letters"]), int(row["newer"]))
        for row in rows
    ]


def owner(tx: ReadTx, folded: str) -> tuple[str, str, str] | None:
    """(name, address, language) of the person with that address, or None for a stranger."""
    row = tx.one(
        "SELECT person.name AS name, address.address AS address, person.language AS language"
        " FROM address JOIN person ON person.id = address.person_id"
        " WHERE address.folded = :folded AND person.erased_at IS NULL",
        folded=folded,
    )
    return (str(row["name"]), str(row["address"]), str(row["language"])) if row else None


def letters(tx: ReadTx, folded: str, before: int, limit: int) -> list[Copy]:
    """The newest letters of an inbox with id < `before`, only their beginnings."""
    rows = tx.all(
        "SELECT mailroom.id AS id, folded, delivery.address AS address, at, length(bytes) AS size,"
        " substr(bytes, 1, :head) AS content"
        " FROM mailroom JOIN delivery ON delivery.id = mailroom.delivery_id"
        " WHERE folded = :folded AND mailroom.id < :before ORDER BY mailroom.id DESC LIMIT :limit",
        folded=folded,
        before=before,
        limit=limit,
        head=HEAD_BYTES,
    )
    return [_copy(row) for row in rows]


def letter(tx: ReadTx, number: int) -> Copy | None:
    """One letter, whole."""
    row = tx.one(
        "SELECT mailroom.id AS id, folded, delivery.address AS address, at, length(bytes) AS size, bytes AS content"
        " FROM mailroom JOIN delivery ON delivery.id = mailroom.delivery_id WHERE mailroom.id = :number",
        number=number,
    )
    return _copy(row) if row else None


def newest_letter(tx: ReadTx) -> int:
    """The id of the last letter that was put into any inbox, 0 for none."""
    return int(_one(tx, "SELECT coalesce(max(id), 0) AS n FROM mailroom")["n"])


def arrivals(tx: ReadTx, limit: int) -> list[Arrival]:
    """What came in last, newest first."""
    rows = tx.all(
        "SELECT mail.reverse_path AS sender, inbox.recipient AS recipient, inbox.state AS state,"
        " inbox.reason AS reason, mail.received_at AS at"
        " FROM inbox JOIN mail ON mail.id = inbox.mail_id ORDER BY inbox.id DESC LIMIT :limit",
        limit=limit,
    )
    return [
        Arrival(
            str(row["sender"]), str(row["recipient"]), str(row["state"]), str(row["reason"]), Instant(int(row["at"]))
        )
        for row in rows
    ]


def _copy(row: Row) -> Copy:
    return Copy(
        int(row["id"]),
        str(row["folded"]),
        str(row["address"]),
        Instant(int(row["at"])),
        int(row["size"]),
        bytes(row["content"]),
    )


def _one(tx: ReadTx, sql: str, **params: object) -> Row:
    row = tx.one(sql, **params)
    assert row is not None  # an aggregate without GROUP BY has exactly one row
    return row
