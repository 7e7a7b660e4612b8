"""The SQL of people and their addresses."""

from __future__ import annotations

from dataclasses import dataclass

from mailsvc.ids import AddressId, PersonId
from mailsvc.message.address import Address
from mailsvc.store.database import ReadTx, Row, Tx


@dataclass(frozen=True, slots=True)
class Person:
    """A person as letters need one: where to write, in what language."""

    id: PersonId
    name: str
    language: str
    address: str
    folded: str

    @property
    def shown(self) -> str:
        """The name, or the address of somebody whose name is unknown."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """One address of a person."""

    id: AddressId
    person_id: PersonId
    address: str
    folded: str
    primary: bool
    verified: bool


_PERSON = """
SELECT p.id, p.name, p.language, a.address, a.folded
FROM person p JOIN address a ON a.person_id = p.id AND a.is_primary = 1
"""


def by_id(tx: ReadTx, person_id: PersonId) -> Person:
    """The person of this id; LookupError when there is none."""
    row = tx.one(f"{_PERSON} WHERE p.id = :id", id=person_id)
    if row is None:
        raise LookupError(f"person {person_id}")
    return _person(row)


def by_address(tx: ReadTx, folded: str) -> Person | None:
    """The person who has this address among theirs."""
    row = tx.one(f"{_PERSON} WHERE p.id = (SELECT person_id FROM address WHERE folded = :folded)", folded=folded)
    return _person(row) if row else None


def _person(row: Row) -> Person:
    return Person(PersonId(row["id"]), row["name"], row["language"], row["address"], row["folded"])


def addresses(tx: ReadTx, person_id: PersonId) -> list[KnownAddress]:
    """All addresses of a person, the primary one first."""
    rows = tx.all("SELECT * FROM address WHERE person_id = :id ORDER BY is_primary DESC, id", id=person_id)
    return [_known(row) for row in rows]


def address(tx: ReadTx, folded: str) -> KnownAddress | None:
    """The address of this key."""
    row = tx.one("SELECT * FROM address WHERE folded = :folded", folded=folded)
    return _known(row) if row else None


def _known(row: Row) -> KnownAddress:
    return KnownAddress(
        AddressId(row["id"]),
        PersonId(row["person_id"]),
        row["address"],
        row["folded"],
        bool(row["is_primary"]),
        row["verified_at"] is not None,
    )


def ensure(tx: Tx, address: Address, *, name: str, language: str, verified: bool) -> Person:
    """The person of `address`, made when unknown; a name fills an empty one, a proof is remembered."""
    known = by_address(tx, address.folded)
    if known is None:
        person_id = tx.insert(
            "INSERT INTO person (name, language, created_at) VALUES (:name, :language, :now)",
            name=name,
            language=language,
            now=tx.now,
        )
        add_address(tx, PersonId(person_id), address, primary=True, verified=verified)
        return by_id(tx, PersonId(person_id))
    if name and not known.name:
        tx.execute("UPDATE person SET name = :name WHERE id = :id", name=name, id=known.id)
    if verified:
        verify(tx, address.folded)
    return by_id(tx, known.id)


def add_address(tx: Tx, person_id: PersonId, address: Address, *, primary: bool, verified: bool) -> AddressId:
    """Give a person one more address; its key must be free."""
    return AddressId(
        tx.insert(
            "INSERT INTO address (person_id, address, folded, is_primary, verified_at)"
            " VALUES (:person, :address, :folded, :is_primary, :verified_at)",
            person=person_id,
            address=str(address),
            folded=address.folded,
            is_primary=int(primary),
            verified_at=tx.now if verified else None,
        )
    )


def verify(tx: Tx, folded: str) -> None:
    """Remember that mail from this address has been proven to be its owner's."""
    tx.execute(
        "UPDATE address SET verified_at = :now WHERE folded = :folded AND verified_at IS NULL",
        now=tx.now,
        folded=folded,
    )


def set_language(tx: Tx, person_id: PersonId, language: str) -> None:
    """The language of everything we write to this person."""
    tx.execute("UPDATE person SET language = :language WHERE id = :id", language=language, id=person_id)


def forget_unproven(tx: Tx, person_id: PersonId) -> bool:
    """Delete a person who never proved an address and is nowhere else mentioned; whether it was done."""
    in_use = tx.one(
        """
        SELECT 1 FROM address WHERE person_id = :id AND verified_at IS NOT NULL
        UNION ALL SELECT 1 FROM membership WHERE person_id = :id
        UNION ALL SELECT 1 FROM question WHERE person_id = :id AND state = 'open'
        UNION ALL SELECT 1 FROM legal_hold CROSS JOIN cases ON cases.id = case_id WHERE started_by = :id
        """,
        id=person_id,
    )
    if in_use:
        return False
    tx.execute("DELETE FROM address WHERE person_id = :id", id=person_id)
    tx.execute("UPDATE person SET name = '', erased_at = :now WHERE id = :id", now=tx.now, id=person_id)
    return True
