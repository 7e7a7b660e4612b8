"""The SQL of logging in: requests, mailed codes, sessions. Codes and sessions are kept as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailsvc.clock import HOUR, Instant
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Row, Tx

MOST_REQUESTS: Final = 100


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in: the person as pages name them."""

    person: PersonId
    name: str
    address: str
    language: str
    created_at: Instant
    expires_at: Instant


# ---- requests: the same row whether the address is known or not


def insert_request(tx: Tx, folded: str, language: str) -> None:
    """Somebody asked for a login with this address."""
    tx.insert(
        "INSERT INTO login_request (folded, language, at) VALUES (:folded, :language, :now)",
        folded=folded,
        language=language,
        now=tx.now,
    )


def requests(tx: ReadTx) -> list[Row]:
    """The oldest that wait: id, folded, language, at."""
    return tx.all("SELECT id, folded, language, at FROM login_request ORDER BY id LIMIT :most", most=MOST_REQUESTS)


def forget_request(tx: Tx, number: int) -> bool:
    """It was dealt with; False when it was already."""
    return bool(tx.execute("DELETE FROM login_request WHERE id = :id", id=number))


# ---- codes


def insert_code(tx: Tx, code_hash: bytes, person: PersonId, address: str, expires_at: int) -> None:
    """A code was mailed to an address (folded) of a person."""
    tx.execute(
        "INSERT INTO login_code (hash, person_id, address, expires_at) VALUES (:hash, :person, :address, :expires)",
        hash=code_hash,
        person=person,
        address=address,
        expires=expires_at,
    )


def good_code(tx: ReadTx, code_hash: bytes) -> Row | None:
    """The person and address of a code that is neither used nor old."""
    return tx.one(
        "SELECT person_id, address FROM login_code WHERE hash = :hash AND used_at IS NULL AND expires_at > :now",
        hash=code_hash,
        now=tx.now,
    )


def use_code(tx: Tx, code_hash: bytes) -> bool:
    """The code is used up, once; False when it was already, or too old."""
    return bool(
        tx.execute(
            "UPDATE login_code SET used_at = :now WHERE hash = :hash AND used_at IS NULL AND expires_at > :now",
            hash=code_hash,
            now=tx.now,
        )
    )


# ---- sessions


def insert_session(tx: Tx, session_hash: bytes, person: PersonId, expires_at: int) -> None:
    """Somebody has logged in."""
    tx.execute(
        "INSERT INTO web_session (hash, person_id, created_at, expires_at) VALUES (:hash, :person, :now, :expires)",
        hash=session_hash,
        person=person,
        now=tx.now,
        expires=expires_at,
    )


def session(tx: ReadTx, session_hash: bytes) -> Session | None:
    """The living session with that hash, of a person who is not erased."""
    row = tx.one(
        "SELECT s.person_id, s.created_at, s.expires_at, p.name, p.language, a.address FROM web_session s"
        " JOIN person p ON p.id = s.person_id JOIN address a ON a.person_id = p.id AND a.is_primary = 1"
        " WHERE s.hash = :hash AND s.expires_at > :now AND p.erased_at IS NULL",
        hash=session_hash,
        now=tx.now,
    )
    if row is None:
        return None
    return Session(
        PersonId(row["person_id"]), row["name"], row["address"], row["language"], row["created_at"], row["expires_at"]
    )


def logged_in_since(tx: ReadTx, person: PersonId, since: Instant) -> bool:
    """Whether somebody has logged in since then and is logged in still."""
    row = tx.one(
        "SELECT 1 FROM web_session WHERE person_id = :id AND created_at >= :since AND expires_at > :now",
        id=person,
        since=since,
        now=tx.now,
    )
    return row is not None


def end_session(tx: Tx, session_hash: bytes) -> None:
    """Logged out."""
    tx.execute("DELETE FROM web_session WHERE hash = :hash", hash=session_hash)


def forget_person(tx: Tx, person: PersonId) -> None:
    """Nothing of this person's logging in stays."""
    tx.execute("DELETE FROM web_session WHERE person_id = :id", id=person)
    tx.execute("DELETE FROM login_code WHERE person_id = :id", id=person)


def forget_old(tx: Tx) -> None:
    """What is over: sessions, and codes an hour after their time."""
    tx.execute("DELETE FROM web_session WHERE expires_at <= :now", now=tx.now)
    tx.execute("DELETE FROM login_code WHERE expires_at <= :before", before=tx.now - HOUR)
