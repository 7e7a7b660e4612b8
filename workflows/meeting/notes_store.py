"""The SQL of what stands around meetings: notes, introductions, items for the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Row, Tx


@dataclass(frozen=True, slots=True)
class Notes:
    """A version of the notes of a meeting; `secret` is what only those get who were there.

    `person` has written them (None: erased since), `signed` are the names of those who signed them.
    """

    text: str
    confidential: bool
    secret: str
    at: Instant
    person: PersonId | None = None
    signed: str = ""


def keep_notes(tx: Tx, meeting: int, person: PersonId, text: str, *, confidential: bool, secret: str = "") -> None:
    """One more version; the last one is what counts."""
    tx.execute(
        "INSERT INTO meeting_notes (meeting_id, person_id, text, confidential, secret, at)"
        " VALUES (:meeting, :person, :text, :confidential, :secret, :now)",
        meeting=meeting,
        person=person,
        text=text,
        confidential=int(confidential),
        secret=secret,
        now=tx.now,
    )


def set_signed(tx: Tx, meeting: int, names: str) -> None:
    """Who has signed the newest version."""
    tx.execute(
        "UPDATE meeting_notes SET signed = :names"
        " WHERE id = (SELECT max(id) FROM meeting_notes WHERE meeting_id = :id)",
        names=names,
        id=meeting,
    )


def notes(tx: ReadTx, meeting: int) -> Notes | None:
    """The newest version."""
    row = tx.one("SELECT * FROM meeting_notes WHERE meeting_id = :id ORDER BY id DESC LIMIT 1", id=meeting)
    return _notes(row) if row else None


def _notes(row: Row) -> Notes:
    confidential = bool(row["confidential"])
    return Notes(row["text"], confidential, row["secret"], row["at"], row["person_id"], row["signed"])


def set_shared(tx: Tx, meeting: int) -> None:
    """The newest version has gone to the members: from now on they can read it again."""
    tx.execute(
        "UPDATE meeting_notes SET shared_at = :now"
        " WHERE id = (SELECT max(id) FROM meeting_notes WHERE meeting_id = :id)",
        now=tx.now,
        id=meeting,
    )


def shared_notes(tx: ReadTx, meeting: int) -> Notes | None:
    """The newest version that has gone to the members."""
    row = tx.one(
        "SELECT * FROM meeting_notes WHERE meeting_id = :id AND shared_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        id=meeting,
    )
    return _notes(row) if row else None


def noted(tx: ReadTx, group: int) -> list[int]:
    """The meetings of a group whose notes have gone to the members, the latest first."""
    rows = tx.all(
        "SELECT id FROM meeting m WHERE group_id = :id AND EXISTS (SELECT 1 FROM meeting_notes n"
        " WHERE n.meeting_id = m.id AND n.shared_at IS NOT NULL) ORDER BY starts DESC, id DESC",
        id=group,
    )
    return [int(row["id"]) for row in rows]


def numbered(tx: ReadTx, group: int, number: int) -> int | None:
    """The meeting whose number this is, or the number of the letters with its notes."""
    row = tx.one(
        "SELECT id FROM meeting WHERE group_id = :id AND case_id = :number UNION ALL"
        " SELECT m.id FROM cases c JOIN meeting m ON c.subject_ref = 'notes:' || m.id"
        " WHERE c.id = :number AND c.kind = 'meeting-notes' AND m.group_id = :id",
        id=group,
        number=number,
    )
    return int(row["id"]) if row else None


# ---- introductions


@dataclass(frozen=True, slots=True)
class Turn:
    """How often somebody has introduced a group's meetings, when last, and how many of them they have been to."""

    person: PersonId
    count: int
    last: Instant | None
    been: int


def turns(tx: ReadTx, group: int, but: int) -> dict[PersonId, Turn]:
    """The turns of everybody who was ever invited in a group; `but` is the meeting that is looked for."""
    rows = tx.all(
        "SELECT i.person_id, sum(coalesce(n.state = 'yes', 0)) AS n,"
        " max(CASE WHEN n.state = 'yes' THEN m.starts END) AS last,"
        " sum(m.starts < (SELECT starts FROM meeting WHERE id = :but) AND i.state = 'invited'"
        " AND coalesce(i.present, i.partstat <> 'DECLINED')) AS been"
        " FROM invitee i JOIN meeting m ON m.id = i.meeting_id AND m.state <> 'cancelled'"
        " LEFT JOIN introduction n ON n.meeting_id = m.id AND n.person_id = i.person_id"
        " WHERE m.group_id = :id AND m.id <> :but GROUP BY i.person_id",
        id=group,
        but=but,
    )
    return {
        PersonId(row["person_id"]): Turn(PersonId(row["person_id"]), row["n"] or 0, row["last"], row["been"] or 0)
        for row in rows
    }


def introductions(tx: ReadTx, meeting: int) -> dict[PersonId, str]:
    """Who was asked to introduce a meeting, and how it stands."""
    rows = tx.all("SELECT person_id, state FROM introduction WHERE meeting_id = :id", id=meeting)
    return {PersonId(row["person_id"]): row["state"] for row in rows}


def set_introduction(tx: Tx, meeting: int, person: PersonId, state: str) -> None:
    """How it stands with somebody from now on."""
    tx.execute(
        "INSERT INTO introduction (meeting_id, person_id, state, at) VALUES (:meeting, :person, :state, :now)"
        " ON CONFLICT (meeting_id, person_id) DO UPDATE SET state = excluded.state, at = excluded.at",
        meeting=meeting,
        person=person,
        state=state,
        now=tx.now,
    )


def introducer(tx: ReadTx, meeting: int) -> str:
    """The name of whoever introduces a meeting, "" for nobody yet."""
    row = tx.one(
        "SELECT coalesce(nullif(p.name, ''), a.address, '') AS shown FROM introduction n"
        " JOIN person p ON p.id = n.person_id LEFT JOIN address a ON a.person_id = p.id AND a.is_primary = 1"
        " WHERE n.meeting_id = :id AND n.state = 'yes' ORDER BY n.at DESC",
        id=meeting,
    )
    return str(row["shown"]) if row else ""


def turns_to_come(tx: ReadTx, person: PersonId, group: int) -> list[int]:
    """The coming meetings of a group that somebody has said yes to introduce, the next one first."""
    rows = tx.all(
        "SELECT m.id FROM introduction n JOIN meeting m ON m.id = n.meeting_id WHERE n.person_id = :person"
        " AND n.state = 'yes' AND m.group_id = :id AND m.state = 'called' AND m.starts > :now ORDER BY m.starts",
        person=person,
        id=group,
        now=tx.now,
    )
    return [row["id"] for row in rows]


def introduces(tx: ReadTx, person: PersonId, meeting: int) -> bool:
    """Whether somebody has said yes to introduce a meeting."""
    row = tx.one(
        "SELECT 1 FROM introduction WHERE meeting_id = :id AND person_id = :person AND state = 'yes'",
        id=meeting,
        person=person,
    )
    return row is not None


# ---- agendas


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What somebody wants on the agenda."""

    person: PersonId
    name: str
    text: str


def set_standing(tx: Tx, meeting: int, text: str) -> None:
    """The items of every agenda of its series."""
    tx.execute("UPDATE meeting SET standing = :text WHERE id = :id", text=text, id=meeting)


def standing(tx: ReadTx, meeting: int) -> str:
    """The items of every agenda of its series, one in each line."""
    row = tx.one("SELECT standing FROM meeting WHERE id = :id", id=meeting)
    return str(row["standing"]) if row else ""


def keep_item(tx: Tx, meeting: int, person: PersonId, text: str) -> None:
    """The last answer counts."""
    tx.execute(
        "INSERT INTO meeting_item (meeting_id, person_id, text, at) VALUES (:meeting, :person, :text, :now)"
        " ON CONFLICT (meeting_id, person_id) DO UPDATE SET text = excluded.text, at = excluded.at",
        meeting=meeting,
        person=person,
        text=text,
        now=tx.now,
    )


def items(tx: ReadTx, meeting: int) -> Sequence[AgendaItem]:
    """What has come in, in that order."""
    rows = tx.all(
        "SELECT i.person_id, i.text, coalesce(nullif(p.name, ''), a.address, '') AS shown FROM meeting_item i"
        " JOIN person p ON p.id = i.person_id LEFT JOIN address a ON a.person_id = p.id AND a.is_primary = 1"
        " WHERE i.meeting_id = :id AND i.text <> '' ORDER BY i.at, i.person_id",
        id=meeting,
    )
    return [AgendaItem(PersonId(row["person_id"]), row["shown"], row["text"]) for row in rows]


def forget_person(tx: Tx, person: PersonId) -> None:
    """What somebody wanted to talk about goes with them; minutes stay, as the group's own."""
    tx.execute("DELETE FROM meeting_item WHERE person_id = :id", id=person)
    tx.execute("UPDATE meeting_notes SET person_id = NULL WHERE person_id = :id", id=person)


def known_of(tx: ReadTx, person: PersonId) -> list[dict[str, object]]:
    """What somebody wanted on agendas, and what they have introduced."""
    rows = tx.all(
        "SELECT m.title, i.text AS item, '' AS introduction, i.at FROM meeting_item i"
        " JOIN meeting m ON m.id = i.meeting_id WHERE i.person_id = :id"
        " UNION ALL SELECT m.title, '', n.state, n.at FROM introduction n"
        " JOIN meeting m ON m.id = n.meeting_id WHERE n.person_id = :id ORDER BY 4",
        id=person,
    )
    return [{key: row[key] for key in row.keys()} for row in rows]  # noqa: SIM118
