"""The SQL of meetings that were called from somebody's own calendar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from mailsvc.clock import Instant
from mailsvc.ids import CaseId, PersonId
from mailsvc.message.attach import Attached
from mailsvc.store.database import ReadTx, Row, Tx
from workflows.meeting.outside.series import Series
from workflows.meeting.store import Told

_OFF = "off"


@dataclass(frozen=True, slots=True)
class Outside:
    """An event of somebody's own calendar to which a network was invited. `sequence` and `stamp` are the newest read
    about all of it (of single times of a series see `mark`).

    `organizer` is where the network's answer goes, `invited` the address of the network that the event names.
    """

    id: int
    group: int
    caller: PersonId
    case_id: CaseId | None
    uid: str
    organizer: str
    invited: str
    sequence: int
    stamp: Instant


def _outside(row: Row) -> Outside:
    return Outside(
        row["id"],
        row["group_id"],
        PersonId(row["caller_id"]),
        CaseId(row["case_id"]) if row["case_id"] is not None else None,
        row["uid"],
        row["organizer"],
        row["invited"],
        row["sequence"],
        Instant(row["stamp"]),
    )


def outside(tx: ReadTx, number: int) -> Outside:
    """The event of this id; LookupError when there is none."""
    row = tx.one("SELECT * FROM outside_call WHERE id = :id", id=number)
    if row is None:
        raise LookupError(f"outside call {number}")
    return _outside(row)


def with_uid(tx: ReadTx, group: int, uid: str) -> list[Outside]:
    """The events of this UID to which a group was invited; two people may have one each."""
    rows = tx.all("SELECT * FROM outside_call WHERE group_id = :group_id AND uid = :uid", group_id=group, uid=uid)
    return [_outside(row) for row in rows]


def of_meeting(tx: ReadTx, meeting: int) -> tuple[Outside, Instant] | None:
    """The caller's event that a meeting came from, and which one of a series it is."""
    row = tx.one(
        "SELECT c.*, t.original FROM outside_time t JOIN outside_call c ON c.id = t.outside_id"
        " WHERE t.meeting_id = :id",
        id=meeting,
    )
    return (_outside(row), Instant(row["original"])) if row else None


def insert(
    tx: Tx, group: int, caller: PersonId, uid: str, organizer: str, invited: str, sequence: int, stamp: Instant
) -> int:
    """A new event, or one that was invited anew after it came to nothing; its id."""
    return int(
        tx.all(
            "INSERT INTO outside_call (group_id, caller_id, uid, organizer, invited, sequence, stamp, changed_at)"
            " VALUES (:group_id, :caller, :uid, :organizer, :invited, :sequence, :stamp, :now)"
            " ON CONFLICT (group_id, caller_id, uid) DO UPDATE SET organizer = excluded.organizer,"
            " invited = excluded.invited, sequence = excluded.sequence, stamp = excluded.stamp,"
            " changed_at = excluded.changed_at RETURNING id",
            group_id=group,
            caller=caller,
            uid=uid,
            organizer=organizer,
            invited=invited,
            sequence=sequence,
            stamp=stamp,
            now=tx.now,
        )[0]["id"]
    )


def set_case(tx: Tx, number: int, case_id: CaseId) -> None:
    """The case in which it is decided whether it becomes a meeting."""
    tx.execute("UPDATE outside_call SET case_id = :case_id WHERE id = :id", case_id=case_id, id=number)


def follow(tx: Tx, number: int, sequence: int, stamp: Instant) -> None:
    """A newer message of the caller's calendar has been read."""
    tx.execute(
        "UPDATE outside_call SET sequence = :sequence, stamp = :stamp, changed_at = :now WHERE id = :id",
        sequence=sequence,
        stamp=stamp,
        now=tx.now,
        id=number,
    )


def mark(tx: ReadTx, number: int, originals: Collection[int]) -> tuple[int, Instant] | None:
    """SEQUENCE and DTSTAMP of the newest message about these single times; None where there was none."""
    found = [
        (row["sequence"], Instant(row["stamp"]))
        for row in tx.all("SELECT original, sequence, stamp FROM outside_mark WHERE outside_id = :id", id=number)
        if row["original"] in originals
    ]
    return max(found, default=None)


def sequence(tx: ReadTx, known: Outside, original: int) -> int:
    """The SEQUENCE that answers are about: that of one time of a series, or with 0 that of all of it."""
    found = mark(tx, known.id, (original,)) if original else None
    return known.sequence if found is None else found[0]


def set_mark(tx: Tx, number: int, original: int, sequence: int, stamp: Instant) -> None:
    """A newer message about one time has been read."""
    tx.execute(
        "INSERT INTO outside_mark (outside_id, original, sequence, stamp) VALUES (:id, :original, :sequence, :stamp)"
        " ON CONFLICT (outside_id, original) DO UPDATE SET sequence = excluded.sequence, stamp = excluded.stamp",
        id=number,
        original=original,
        sequence=sequence,
        stamp=stamp,
    )


def series(tx: ReadTx, number: int) -> Series | None:
    """What is known of all its times; None where it is not a series, or not one any more."""
    row = tx.one("SELECT series FROM outside_call WHERE id = :id", id=number)
    return msgspec.json.decode(row["series"], type=Series) if row is not None and row["series"] else None


def set_series(tx: Tx, number: int, told: Series | None) -> None:
    """What the caller's calendar tells of all its times now; None ends it, and nothing more is called."""
    written = msgspec.json.encode(told).decode() if told is not None else ""
    tx.execute("UPDATE outside_call SET series = :series WHERE id = :id", series=written, id=number)


def called(tx: ReadTx, number: int) -> frozenset[int]:
    """Its times that have become meetings, without those that were called off."""
    rows = tx.all(
        "SELECT t.original FROM outside_time t JOIN meeting m ON m.id = t.meeting_id"
        " WHERE t.outside_id = :id AND m.state <> 'cancelled'",
        id=number,
    )
    return frozenset(row["original"] for row in rows)


def said(tx: ReadTx, meeting: int) -> Told | None:
    """What the caller's calendar said last of a meeting that was called from it; None for others, and where it is off.

    A Told without `starts` stands for what it said at first, which is the meeting's first version.
    """
    row = tx.one("SELECT said FROM outside_time WHERE meeting_id = :id", id=meeting)
    if row is None or row["said"] == _OFF:
        return None
    return msgspec.json.decode(row["said"], type=Told) if row["said"] else Told("", 0, 0, "UTC")


def set_said(tx: Tx, meeting: int, told: Told | None) -> None:
    """What it says from now on; None: that the meeting is off."""
    written = msgspec.json.encode(told).decode() if told is not None else _OFF
    tx.execute("UPDATE outside_time SET said = :said WHERE meeting_id = :id", said=written, id=meeting)


def all_times(tx: ReadTx, number: int) -> list[int]:
    """Every meeting that an event has become."""
    rows = tx.all("SELECT meeting_id FROM outside_time WHERE outside_id = :id ORDER BY original", id=number)
    return [int(row["meeting_id"]) for row in rows]


def insert_time(tx: Tx, number: int, meeting: int, original: int) -> None:
    """One of its times has become a meeting."""
    tx.execute(
        "INSERT INTO outside_time (meeting_id, outside_id, original) VALUES (:meeting, :id, :original)",
        meeting=meeting,
        id=number,
        original=original,
    )


def set_original(tx: Tx, meeting: int, original: int) -> None:
    """The caller's calendar has moved all of a series: this is how it names the meeting now."""
    tx.execute("UPDATE outside_time SET original = :original WHERE meeting_id = :id", original=original, id=meeting)


def coming_times(tx: ReadTx, number: int) -> list[tuple[Instant, int]]:
    """Its meetings that are called and not over, with how the caller's calendar names each."""
    rows = tx.all(
        "SELECT t.original, t.meeting_id FROM outside_time t JOIN meeting m ON m.id = t.meeting_id"
        " WHERE t.outside_id = :id AND m.state = 'called' AND m.ends > :now ORDER BY t.original",
        id=number,
        now=tx.now,
    )
    return [(Instant(row["original"]), row["meeting_id"]) for row in rows]


def has_times(tx: ReadTx, number: int) -> bool:
    """Whether it has ever become a meeting."""
    return tx.one("SELECT 1 FROM outside_time WHERE outside_id = :id LIMIT 1", id=number) is not None


def recent_of(tx: ReadTx, group: int, caller: PersonId, since: Instant) -> list[tuple[int, str]]:
    """The coming meetings that somebody called since then in a group, with their titles, the newest first."""
    rows = tx.all(
        "SELECT id, title FROM meeting WHERE group_id = :group_id AND caller_id = :caller AND state = 'called'"
        " AND created_at >= :since AND ends > :now ORDER BY id DESC",
        group_id=group,
        caller=caller,
        since=since,
        now=tx.now,
    )
    return [(row["id"], row["title"]) for row in rows]


# ---- files


def set_files(tx: Tx, number: int, files: Sequence[Attached]) -> None:
    """The files that came with the newest invitation."""
    tx.execute("DELETE FROM outside_file WHERE outside_id = :id", id=number)
    for place, one in enumerate(files):
        tx.execute(
            "INSERT INTO outside_file (outside_id, number, name, content_type, content)"
            " VALUES (:id, :number, :name, :content_type, :content)",
            id=number,
            number=place,
            name=one.name,
            content_type=one.content_type,
            content=one.content,
        )


def unknown_files(tx: ReadTx, number: int, found: Sequence[Attached]) -> bool:
    """Whether any of these files differs in its content from all that came before."""
    rows = tx.all("SELECT content FROM outside_file WHERE outside_id = :id", id=number)
    known = {bytes(row["content"]) for row in rows}
    return any(one.content not in known for one in found)


def files(tx: ReadTx, meeting: int) -> list[Attached]:
    """The files that go with a meeting's invitations."""
    rows = tx.all(
        "SELECT f.name, f.content_type, f.content FROM outside_time t"
        " JOIN outside_file f ON f.outside_id = t.outside_id WHERE t.meeting_id = :id ORDER BY f.number",
        id=meeting,
    )
    return [Attached(row["name"], row["content_type"], bytes(row["content"])) for row in rows]


def forget_person(tx: Tx, person: PersonId) -> None:
    """Of somebody who is erased no address stays here, and their calendar's series ends."""
    tx.execute("UPDATE outside_call SET organizer = '', series = '' WHERE caller_id = :id", id=person)
