"""The SQL of the directory: when entries changed, who stands in them, and what a person sees of it."""

from __future__ import annotations

from mailsvc.ids import GroupId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx

_TIMES = (
    "SELECT g.id, g.created_at, coalesce(e.changed_at, g.created_at) AS changed_at, e.confirmed_at"
    " FROM groups g LEFT JOIN group_entry e ON e.group_id = g.id"
)


def times(tx: ReadTx, group_id: int) -> Row:
    """When a group was made, when its entry last changed, and when a moderator last said that it is true (or None)."""
    row = tx.one(f"{_TIMES} WHERE g.id = :id", id=group_id)
    if row is None:
        raise LookupError(f"group {group_id}")
    return row


def all_times(tx: ReadTx) -> dict[int, Row]:
    """The same of every group, by id."""
    return {row["id"]: row for row in tx.all(_TIMES)}


def confirm(tx: Tx, group_id: int) -> None:
    """A moderator has said that the entry is true."""
    tx.execute(
        "INSERT INTO group_entry (group_id, changed_at, confirmed_at)"
        " SELECT id, created_at, :now FROM groups WHERE id = :id"
        " ON CONFLICT (group_id) DO UPDATE SET confirmed_at = excluded.confirmed_at",
        id=group_id,
        now=tx.now,
    )


def all_moderators(tx: ReadTx) -> list[Row]:
    """group_id, name, address and role of every moderator and deputy who is not hidden."""
    return tx.all(
        "SELECT m.group_id, m.role, p.name, a.address FROM membership m JOIN person p ON p.id = m.person_id"
        " JOIN address a ON a.id = m.address_id WHERE m.role IN ('moderator', 'deputy') AND m.hidden = 0"
        " AND m.state = 'active' AND m.ended_at IS NULL ORDER BY m.group_id, m.role = 'deputy', p.name"
    )


def member_names(tx: ReadTx) -> list[Row]:
    """group_id and name of everybody who is in a group, has a name and is not hidden."""
    return tx.all(
        "SELECT m.group_id, p.name FROM membership m JOIN person p ON p.id = m.person_id"
        " WHERE m.hidden = 0 AND m.state = 'active' AND m.ended_at IS NULL AND p.name <> ''"
        " ORDER BY m.group_id, p.name"
    )


def shown_people(tx: ReadTx) -> list[Row]:
    """person_id, name, address and group_id of everybody in every group who is not hidden there."""
    return tx.all(
        "SELECT m.person_id, p.name, a.address, m.group_id FROM membership m JOIN person p ON p.id = m.person_id"
        " JOIN address a ON a.id = m.address_id WHERE m.hidden = 0 AND m.state = 'active' AND m.ended_at IS NULL"
        " AND p.erased_at IS NULL ORDER BY p.name, m.person_id"
    )


def member_counts(tx: ReadTx) -> dict[int, int]:
    """How many are in each group, the hidden ones too, without waiting lists."""
    rows = tx.all(
        "SELECT group_id, count(*) AS n FROM membership WHERE state = 'active' AND ended_at IS NULL GROUP BY group_id"
    )
    return {row["group_id"]: row["n"] for row in rows}


def roles_of(tx: ReadTx, person: PersonId) -> dict[int, str]:
    """The groups in which a person is now, and as what."""
    rows = tx.all(
        "SELECT group_id, role FROM membership WHERE person_id = :id AND state = 'active' AND ended_at IS NULL",
        id=person,
    )
    return {row["group_id"]: row["role"] for row in rows}


def has_organisations(tx: ReadTx) -> bool:
    """Whether anybody has entered the organisations that take part."""
    return tx.one("SELECT 1 FROM organisation") is not None


# ---- documents


def documents(tx: ReadTx, group_id: int) -> list[Row]:
    """A group's documents by name, each in its newest version."""
    return tx.all(
        "SELECT d.id, d.group_id, d.name, d.look_again, d.outdated, f.id AS file_id, f.version, f.size, f.content_type,"
        " f.at FROM document d JOIN document_file f ON f.document_id = d.id"
        " WHERE d.group_id = :id AND d.removed_at IS NULL AND f.version ="
        " (SELECT max(version) FROM document_file v WHERE v.document_id = d.id) ORDER BY d.folded",
        id=group_id,
    )


def document(tx: ReadTx, number: int) -> Row | None:
    """A document that is there, in its newest version."""
    row = tx.one("SELECT group_id FROM document WHERE id = :id AND removed_at IS NULL", id=number)
    found = documents(tx, row["group_id"]) if row is not None else []
    return next((one for one in found if one["id"] == number), None)


def named(tx: ReadTx, group_id: int, folded: str) -> int | None:
    """The document of this name in a group."""
    row = tx.one(
        "SELECT id FROM document WHERE group_id = :group_id AND folded = :folded AND removed_at IS NULL",
        group_id=group_id,
        folded=folded,
    )
    return int(row["id"]) if row is not None else None


def content(tx: ReadTx, number: int, version: int) -> Row | None:
    """name, content_type, bytes, sha256 of one version of a document that is there."""
    return tx.one(
        "SELECT d.group_id, d.name, f.content_type, f.bytes, f.sha256 FROM document d"
        " JOIN document_file f ON f.document_id = d.id"
        " WHERE d.id = :id AND f.version = :version AND d.removed_at IS NULL AND f.bytes IS NOT NULL",
        id=number,
        version=version,
    )


def insert_file(
    tx: Tx, group_id: GroupId, name: str, content_type: str, data: bytes, sha256: bytes, person: PersonId, inbox_id: int
) -> int:
    """Keep what was sent in; it is nobody's document until `publish`."""
    return tx.insert(
        "INSERT INTO document_file (group_id, name, content_type, size, sha256, person_id, inbox_id, at, bytes)"
        " VALUES (:group_id, :name, :kind, :size, :sha256, :person, :inbox, :now, :data)",
        group_id=group_id,
        name=name,
        kind=content_type,
        size=len(data),
        sha256=sha256,
        person=person,
        inbox=inbox_id,
        now=tx.now,
        data=data,
    )


def drop_file(tx: Tx, file_id: int) -> None:
    """What was sent in is not wanted; nothing to do when it is a document's version."""
    tx.execute("DELETE FROM document_file WHERE id = :id AND document_id IS NULL", id=file_id)


def publish(tx: Tx, file_id: int, folded: str, look_again: str) -> int:
    """A file becomes a document, or the next version of the one with its name; the document's id."""
    row = tx.one("SELECT group_id, name, document_id FROM document_file WHERE id = :id", id=file_id)
    if row is None:
        raise LookupError(f"file {file_id}")
    if row["document_id"] is not None:
        return int(row["document_id"])
    number = named(tx, row["group_id"], folded)
    if number is None:
        number = tx.insert(
            "INSERT INTO document (group_id, name, folded, look_again, created_at)"
            " VALUES (:group_id, :name, :folded, :look_again, :now)",
            group_id=row["group_id"],
            name=row["name"],
            folded=folded,
            look_again=look_again,
            now=tx.now,
        )
    tx.execute(
        "UPDATE document_file SET document_id = :number, at = :now,"
        " version = 1 + coalesce((SELECT max(version) FROM document_file WHERE document_id = :number), 0)"
        " WHERE id = :file",
        number=number,
        now=tx.now,
        file=file_id,
    )
    set_look_again(tx, number, look_again)
    return number


def set_look_again(tx: Tx, number: int, day: str, *, outdated: bool = False) -> None:
    """When a document is asked about next (an ISO day, "" for never), and whether its moderators find it outdated."""
    tx.execute(
        "UPDATE document SET look_again = :day, outdated = :outdated WHERE id = :id",
        id=number,
        day=day,
        outdated=int(outdated),
    )


def remove(tx: Tx, number: int) -> bool:
    """A document is gone, with the bytes of all its versions; False when it was already."""
    done = tx.execute(
        "UPDATE document SET removed_at = :now WHERE id = :id AND removed_at IS NULL", id=number, now=tx.now
    )
    if done:
        tx.execute("UPDATE document_file SET bytes = NULL WHERE document_id = :id", id=number)
    return bool(done)


def to_look_at(tx: ReadTx, day: str) -> list[Row]:
    """Documents of groups that are open whose day has come: id, group_id, name, look_again."""
    return tx.all(
        "SELECT d.id, d.group_id, d.name, d.look_again FROM document d JOIN groups g ON g.id = d.group_id"
        " WHERE d.removed_at IS NULL AND d.look_again <> '' AND d.look_again <= :day AND g.state = 'open'"
        " ORDER BY d.group_id, d.folded",
        day=day,
    )


def brought_by(tx: ReadTx, person: PersonId) -> list[Row]:
    """What a person sent in: name, group, version, at."""
    return tx.all(
        'SELECT f.name, g.title AS "group", f.version, f.at FROM document_file f JOIN groups g ON g.id = f.group_id'
        " WHERE f.person_id = :id ORDER BY f.id",
        id=person,
    )


def forget_person(tx: Tx, person: PersonId) -> None:
    """What was never published goes; documents stay with their group, and the blanked person with them."""
    tx.execute("DELETE FROM document_file WHERE person_id = :id AND document_id IS NULL", id=person)
