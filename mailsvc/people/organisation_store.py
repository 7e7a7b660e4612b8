"""The SQL of organisations, their domains, and who was said to belong to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mailsvc.errors import CommandError
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Row, Tx


@dataclass(frozen=True, slots=True)
class Organisation:
    """An employer that takes part. `since` and `until` are the first and the last day of its membership, if any."""

    id: int
    name: str
    since: date | None
    until: date | None
    domains: tuple[str, ...]

    def member_on(self, day: date) -> bool:
        """Whether it is a member on that day; both its first and its last day count."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def fold_name(name: str) -> str:
    """Names that only differ in case and blanks are the same name."""
    return " ".join(name.split()).casefold()


def of_domain(tx: ReadTx, domain: str) -> Organisation | None:
    """The organisation of a mail domain (ASCII, lower case): its own, or that of the nearest domain above it."""
    while domain:
        row = tx.one("SELECT organisation_id AS id FROM organisation_domain WHERE domain = :domain", domain=domain)
        if row is not None:
            return by_id(tx, row["id"])
        domain = domain.partition(".")[2]
    return None


def set_for(tx: ReadTx, person: PersonId) -> Organisation | None:
    """The organisation that an operator has set for a person, member or not."""
    row = tx.one("SELECT organisation_id AS id FROM person WHERE id = :id", id=person)
    return by_id(tx, row["id"]) if row is not None and row["id"] is not None else None


_ORGANISATION = """
SELECT o.*, (SELECT group_concat(domain, ' ') FROM organisation_domain d WHERE d.organisation_id = o.id) AS domains
FROM organisation o
"""


def _organisation(row: Row) -> Organisation:
    return Organisation(
        row["id"],
        row["name"],
        date.fromisoformat(row["since"]) if row["since"] else None,
        date.fromisoformat(row["until"]) if row["until"] else None,
        tuple(sorted((row["domains"] or "").split())),
    )


def by_id(tx: ReadTx, number: int) -> Organisation:
    """The organisation of this id; LookupError when there is none."""
    row = tx.one(f"{_ORGANISATION} WHERE o.id = :id", id=number)
    if row is None:
        raise LookupError(f"organisation {number}")
    return _organisation(row)


def named(tx: ReadTx, name: str) -> Organisation | None:
    """The organisation of this name, whatever its case."""
    row = tx.one(f"{_ORGANISATION} WHERE o.folded = :folded", folded=fold_name(name))
    return _organisation(row) if row is not None else None


def every(tx: ReadTx) -> list[Organisation]:
    """All of them by name."""
    return [_organisation(row) for row in tx.all(f"{_ORGANISATION} ORDER BY o.folded")]


def insert(tx: Tx, name: str, domains: Sequence[str], since: date | None, until: date | None) -> int:
    """A new organisation; CommandError when its name or one of its domains is taken."""
    if named(tx, name) is not None:
        raise CommandError(f'there is an organisation "{name}" already')
    number = tx.insert(
        "INSERT INTO organisation (name, folded, since, until, created_at)"
        " VALUES (:name, :folded, :since, :until, :now)",
        name=name,
        folded=fold_name(name),
        since=_text(since),
        until=_text(until),
        now=tx.now,
    )
    set_domains(tx, number, domains)
    return number


def set_domains(tx: Tx, number: int, domains: Sequence[str]) -> None:
    """The domains of an organisation, instead of those it had; CommandError when another has one of them."""
    tx.execute("DELETE FROM organisation_domain WHERE organisation_id = :id", id=number)
    for domain in dict.fromkeys(domains):
        row = tx.one("SELECT organisation_id AS id FROM organisation_domain WHERE domain = :domain", domain=domain)
        if row is not None:
            raise CommandError(f"{domain} belongs to {by_id(tx, row['id']).name} already")
        tx.execute(
            "INSERT INTO organisation_domain (domain, organisation_id) VALUES (:domain, :id)", domain=domain, id=number
        )


def set_term(tx: Tx, number: int, since: date | None, until: date | None) -> None:
    """From when to when an organisation is a member."""
    tx.execute(
        "UPDATE organisation SET since = :since, until = :until WHERE id = :id",
        since=_text(since),
        until=_text(until),
        id=number,
    )


def rename(tx: Tx, number: int, name: str) -> None:
    """Another name; CommandError when it is taken."""
    taken = named(tx, name)
    if taken is not None and taken.id != number:
        raise CommandError(f'there is an organisation "{taken.name}" already')
    tx.execute(
        "UPDATE organisation SET name = :name, folded = :folded WHERE id = :id",
        name=name,
        folded=fold_name(name),
        id=number,
    )


def remove(tx: Tx, number: int) -> None:
    """It is gone; people for whom it was set belong to none, until a domain of theirs tells otherwise."""
    tx.execute("UPDATE person SET organisation_id = NULL WHERE organisation_id = :id", id=number)
    tx.execute("DELETE FROM organisation_domain WHERE organisation_id = :id", id=number)
    tx.execute("DELETE FROM organisation WHERE id = :id", id=number)


def set_person(tx: Tx, person: PersonId, number: int | None) -> None:
    """An operator's word on where a person belongs; None: their addresses tell."""
    tx.execute("UPDATE person SET organisation_id = :number WHERE id = :id", number=number, id=person)


def _text(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
