"""The SQL of bounces: what came back for which copy, what counts against an address, and its probes."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.bounces.report import Failure
from mailsvc.bounces.verdict import LONGEST_TEXT
from mailsvc.clock import DAY, Instant
from mailsvc.ids import AddressId, DeliveryId, InboxId, OutgoingId, PersonId
from mailsvc.message.address import parse_address
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Row, Tx

KEPT_TEXT = 300  # characters
KEPT_DAYS = 180


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a mail of ours, and the reply of the next server."""

    id: DeliveryId
    outgoing_id: OutgoingId
    address: str
    message_id: str
    reply: str


@dataclass(frozen=True, slots=True)
class Watched:
    """An address against which something counts; `score` is 1 for the first bounce and one more for each probe lost."""

    id: AddressId
    person_id: PersonId
    address: str
    folded: str
    score: int
    since: Instant
    disabled: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """Of one message's copies: how many there are and how many nobody has got, in all and by domain."""

    total: int
    gone: int
    by_domain: dict[str, tuple[int, int]]


_COPY = """
SELECT d.id, d.outgoing_id, d.address, d.reply, o.message_id FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id
"""


def _copy(row: Row) -> Copy:
    return Copy(
        DeliveryId(row["id"]), OutgoingId(row["outgoing_id"]), row["address"], row["message_id"] or "", row["reply"]
    )


def copy(tx: ReadTx, delivery: DeliveryId) -> Copy | None:
    """The copy of this number."""
    row = tx.one(f"{_COPY} WHERE d.id = :id", id=delivery)
    return _copy(row) if row else None


def copy_to(tx: ReadTx, outgoing: OutgoingId, address: str) -> Copy | None:
    """The copy of a shared message that went to this address, however it is written."""
    known = parse_address(address)
    person = people.address(tx, known.folded) if known is not None else None
    row = tx.one(
        f"{_COPY} WHERE d.outgoing_id = :id AND (d.address = :address OR d.address = :written)",
        id=outgoing,
        address=address,
        written=person.address if person is not None else address,
    )
    return _copy(row) if row else None


def lost_copies(tx: ReadTx, outgoing: OutgoingId) -> list[Copy]:
    """The copies of a message that the next server refused, or that were given up."""
    found = tx.all(f"{_COPY} WHERE d.outgoing_id = :id AND d.state IN ('failed', 'expired') ORDER BY d.id", id=outgoing)
    return [_copy(row) for row in found]


def record(tx: Tx, copy: Copy, failure: Failure, inbox_id: InboxId | None) -> Watched | None:
    """Keep a bounce, once for a copy; whose address it is about, None when it was kept before or nobody has it."""
    address = parse_address(copy.address)
    known = people.address(tx, address.folded) if address is not None else None
    new = tx.execute(
        "INSERT INTO bounce (delivery_id, outgoing_id, address_id, domain, verdict, status, text, inbox_id, at)"
        " VALUES (:copy, :outgoing, :address, :domain, :verdict, :status, :text, :inbox, :now) ON CONFLICT DO NOTHING",
        copy=copy.id,
        outgoing=copy.outgoing_id,
        address=known.id if known is not None else None,
        domain=address.ascii_domain if address is not None else "",
        verdict=str(failure.verdict),
        status=failure.status,
        text=" ".join(failure.text[:LONGEST_TEXT].split())[:KEPT_TEXT],
        inbox=inbox_id,
        now=tx.now,
    )
    return watched(tx, known.id) if new and known is not None else None


def watched(tx: ReadTx, address_id: AddressId) -> Watched:
    """An address as bounces see it."""
    row = tx.one("SELECT * FROM address WHERE id = :id", id=address_id)
    assert row is not None
    return _watched(row)


def _watched(row: Row) -> Watched:
    return Watched(
        AddressId(row["id"]),
        PersonId(row["person_id"]),
        row["address"],
        row["folded"],
        row["bounce_score"],
        Instant(row["bounced_at"] or 0),
        row["state"] == "disabled",
    )


def all_watched(tx: ReadTx) -> list[Watched]:
    """Every address against which something counts and that still gets mail."""
    found = tx.all("SELECT * FROM address WHERE bounced_at IS NOT NULL AND state = 'ok' ORDER BY id")
    return [_watched(row) for row in found]


def count(tx: Tx, one: Watched, copy: Copy) -> None:
    """One more against an address: the first bounce, or a probe that is lost."""
    tx.execute(
        "UPDATE address SET bounce_score = bounce_score + 1, bounced_at = coalesce(bounced_at, :now) WHERE id = :id",
        id=one.id,
        now=tx.now,
    )
    tx.execute("UPDATE bounce SET counted = 1 WHERE delivery_id = :copy", copy=copy.id)


def clear(tx: Tx, address_id: AddressId) -> bool:
    """Nothing counts against an address any more, and it gets mail again; False when nothing did."""
    changed = tx.execute(
        "UPDATE address SET bounce_score = 0, bounced_at = NULL, state = 'ok'"
        " WHERE id = :id AND (bounced_at IS NOT NULL OR state <> 'ok')",
        id=address_id,
    )
    tx.execute("DELETE FROM probe WHERE address_id = :id", id=address_id)
    return bool(changed)


def heard_from(tx: Tx, folded: str) -> None:
    """Somebody writes from an address: it is alive."""
    row = tx.one("SELECT id FROM address WHERE folded = :folded AND bounced_at IS NOT NULL", folded=folded)
    if row is not None:
        clear(tx, AddressId(row["id"]))


def disable(tx: Tx, address_id: AddressId) -> None:
    """An address gets no posts any more."""
    tx.execute("UPDATE address SET state = 'disabled' WHERE id = :id", id=address_id)


def alike(tx: ReadTx, outgoing: OutgoingId) -> Alike:
    """How many copies of a message nobody has got."""
    gone = tx.all(
        "SELECT domain, count(*) AS n FROM bounce WHERE outgoing_id = :id AND verdict = 'gone' GROUP BY domain",
        id=outgoing,
    )
    total = tx.one("SELECT count(*) AS n FROM delivery WHERE outgoing_id = :id", id=outgoing)
    sent = "SELECT count(*) AS n FROM delivery WHERE outgoing_id = :id AND lower(address) LIKE '%@' || :domain"
    domains = {
        row["domain"]: (int(row["n"]), int(tx.all(sent, id=outgoing, domain=row["domain"])[0]["n"])) for row in gone
    }
    return Alike(int(total["n"]) if total else 0, sum(n for n, _ in domains.values()), domains)


def counted_of(tx: ReadTx, outgoing: OutgoingId) -> list[Watched]:
    """The addresses against which a bounce of this message counts."""
    found = tx.all(
        "SELECT a.* FROM bounce b JOIN address a ON a.id = b.address_id WHERE b.outgoing_id = :id AND b.counted = 1",
        id=outgoing,
    )
    return [_watched(row) for row in found]


def set_aside(tx: Tx, outgoing: OutgoingId) -> None:
    """No bounce of this message counts."""
    tx.execute("UPDATE bounce SET counted = 0 WHERE outgoing_id = :id", id=outgoing)


# ---- probes


def probe_sent(tx: Tx, address_id: AddressId, number: int, outgoing: OutgoingId) -> None:
    """The first or second probe went out."""
    tx.execute(
        "INSERT INTO probe (address_id, number, outgoing_id, sent_at) VALUES (:id, :number, :outgoing, :now)",
        id=address_id,
        number=number,
        outgoing=outgoing,
        now=tx.now,
    )


def probe_of(tx: ReadTx, outgoing: OutgoingId) -> int:
    """Which probe a letter is; 0 for any other mail."""
    row = tx.one("SELECT number FROM probe WHERE outgoing_id = :id", id=outgoing)
    return int(row["number"]) if row else 0


def probes(tx: ReadTx, address_id: AddressId) -> int:
    """How many probes have gone to an address since the bounce that began it."""
    row = tx.one("SELECT count(*) AS n FROM probe WHERE address_id = :id", id=address_id)
    return int(row["n"]) if row else 0


# ---- what is known, and forgetting


def counts(tx: ReadTx, since: Instant) -> list[Row]:
    """How many copies did not arrive since then: domain, verdict, status, n; the most first."""
    return tx.all(
        "SELECT domain, verdict, status, count(*) AS n FROM bounce WHERE at >= :since GROUP BY domain, verdict, status"
        " ORDER BY n DESC, domain, status LIMIT 1000",
        since=since,
    )


def not_reached(tx: ReadTx) -> list[Row]:
    """Every address against which something counts: address, score, since, state, and what was said last."""
    return tx.all(
        "SELECT a.address, a.bounce_score AS score, a.bounced_at AS since, a.state,"
        " (SELECT trim(b.status || ' ' || b.text) FROM bounce b WHERE b.address_id = a.id ORDER BY b.id DESC LIMIT 1)"
        " AS said FROM address a WHERE a.bounced_at IS NOT NULL ORDER BY a.bounced_at, a.id"
    )


def last_said(tx: ReadTx, address_id: AddressId) -> str:
    """What the last bounce of an address said."""
    row = tx.one("SELECT status, text FROM bounce WHERE address_id = :id ORDER BY id DESC", id=address_id)
    return f"{row['status']} {row['text']}".strip() if row else ""


def of_person(tx: ReadTx, person: PersonId) -> list[Row]:
    """Everything that is kept of mail that did not reach somebody."""
    return tx.all(
        "SELECT a.address, b.verdict, b.status, b.text, b.at FROM bounce b JOIN address a ON a.id = b.address_id"
        " WHERE a.person_id = :id ORDER BY b.id",
        id=person,
    )


def forget_old(tx: Tx) -> None:
    """What came back long ago and counts against nobody."""
    tx.execute(
        "DELETE FROM bounce WHERE at < :before AND (address_id IS NULL OR address_id NOT IN"
        " (SELECT id FROM address WHERE bounced_at IS NOT NULL))",
        before=tx.now - KEPT_DAYS * DAY,
    )


def forget(tx: Tx, person: PersonId) -> None:
    """What servers said of somebody's addresses names them."""
    own = "SELECT id FROM address WHERE person_id = :id"
    tx.execute(f"UPDATE bounce SET text = '', address_id = NULL, domain = '' WHERE address_id IN ({own})", id=person)
    tx.execute(f"DELETE FROM probe WHERE address_id IN ({own})", id=person)


def reached(tx: ReadTx, case_id: int, kind: str, person: PersonId) -> bool:
    """Whether a letter that asks somebody this question has left and is not known to be lost."""
    row = tx.one(
        "SELECT 1 FROM question q JOIN ask_item i ON i.question_id = q.id JOIN ask a ON a.id = i.ask_id"
        " JOIN delivery d ON d.outgoing_id = a.outgoing_id LEFT JOIN bounce b ON b.delivery_id = d.id"
        " WHERE q.case_id = :case_id AND q.kind = :kind AND q.person_id = :person AND b.id IS NULL"
        " AND d.state NOT IN ('failed', 'expired')",
        case_id=case_id,
        kind=kind,
        person=person,
    )
    return row is not None
