"""The SQL of meetings: what is called, and every version of it that was sent."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from mailsvc.clock import SECOND, Instant
from mailsvc.ids import CaseId, GroupId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx


class Told(msgspec.Struct, frozen=True):
    """What a meeting is, as its letters and calendars tell it; kept for every version that was sent.

    `starts` and `ends` (exclusive) are instants, `zone` is the tz name in which they are meant. `place` is a text,
    `link` the address of the online meeting, `how` one of "", on-site, online, both.
    """

    title: str
    starts: int
    ends: int
    zone: str
    whole_day: bool = False
    place: str = ""
    link: str = ""
    agenda: str = ""
    how: str = ""

    @property
    def when(self) -> tuple[int, int, str, bool]:
        """What an answer is about; see `sequence.revised`. A calendar writes whole seconds."""
        return (self.starts // SECOND, self.ends // SECOND, self.zone, self.whole_day)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as stored; `stamp` is the last DTSTAMP that was given out, `revision` the newest version."""

    id: int
    group_id: GroupId
    case_id: CaseId
    series_id: int | None
    uid: str
    state: str
    caller: PersonId | None
    told: Told
    capacity: int
    answer_by: Instant | None
    sequence: int
    revision: int
    stamp: Instant
    created_at: Instant
    changed_at: Instant


def insert_meeting(
    tx: Tx,
    group: int,
    uid: str,
    told: Told,
    *,
    caller: PersonId | None,
    capacity: int = 0,
    answer_by: int | None = None,
    series: int | None = None,
) -> int:
    """A new meeting, without its case; see `set_case`."""
    number = tx.insert(
        "INSERT INTO meeting (group_id, series_id, uid, state, caller_id, title, starts, ends, whole_day, zone, place,"
        " link, agenda, how, capacity, answer_by, stamp, created_at, changed_at) VALUES (:group_id, :series, :uid,"
        " 'called', :caller, :title, :starts, :ends, :whole_day, :zone, :place, :link, :agenda, :how, :capacity,"
        " :answer_by, :stamp, :now, :now)",
        group_id=group,
        series=series,
        uid=uid,
        caller=caller,
        capacity=capacity,
        answer_by=answer_by,
        stamp=tx.now // SECOND * SECOND,
        now=tx.now,
        **_told_values(told),
    )
    _keep_revision(tx, number, 0, told)
    return number


def set_case(tx: Tx, meeting_id: int, case_id: CaseId) -> None:
    """The case that follows the meeting."""
    tx.execute("UPDATE meeting SET case_id = :case_id WHERE id = :id", case_id=case_id, id=meeting_id)


def set_series(tx: Tx, meeting_id: int, series: int) -> None:
    """The series that a meeting belongs to."""
    tx.execute("UPDATE meeting SET series_id = :series WHERE id = :id", series=series, id=meeting_id)


def _told_values(told: Told) -> dict[str, str | int]:
    return {
        key: int(value) if isinstance(value, bool) else value for key, value in msgspec.structs.asdict(told).items()
    }


def _meeting(row: Row) -> MeetingRow:
    return MeetingRow(
        row["id"],
        GroupId(row["group_id"]),
        CaseId(row["case_id"] or 0),
        row["series_id"],
        row["uid"],
        row["state"],
        row["caller_id"],
        Told(
            row["title"],
            row["starts"],
            row["ends"],
            row["zone"],
            bool(row["whole_day"]),
            row["place"],
            row["link"],
            row["agenda"],
            row["how"],
        ),
        row["capacity"],
        row["answer_by"],
        row["sequence"],
        row["revision"],
        row["stamp"],
        row["created_at"],
        row["changed_at"],
    )


def meeting(tx: ReadTx, meeting_id: int) -> MeetingRow:
    """The meeting of this id; LookupError when there is none."""
    row = tx.one("SELECT * FROM meeting WHERE id = :id", id=meeting_id)
    if row is None:
        raise LookupError(f"meeting {meeting_id}")
    return _meeting(row)


def meeting_of_group(tx: ReadTx, meeting_id: int, group: int) -> MeetingRow | None:
    """The meeting of this id, where it is one of that group's."""
    row = tx.one("SELECT * FROM meeting WHERE id = :id AND group_id = :group_id", id=meeting_id, group_id=group)
    return _meeting(row) if row else None


def meeting_of_case(tx: ReadTx, case_id: int) -> MeetingRow | None:
    """The meeting that a case follows."""
    row = tx.one("SELECT * FROM meeting WHERE case_id = :id", id=case_id)
    return _meeting(row) if row else None


def meeting_with_uid(tx: ReadTx, uid: str) -> MeetingRow | None:
    """The meeting that a calendar names; ours compare without case, because some programs change it."""
    row = tx.one("SELECT * FROM meeting WHERE uid = :uid", uid=uid.strip().lower())
    return _meeting(row) if row else None


def coming(tx: ReadTx, group: int) -> list[MeetingRow]:
    """The meetings of a group that are called and not over, the next one first."""
    rows = tx.all(
        "SELECT * FROM meeting WHERE group_id = :id AND state = 'called' AND ends > :now ORDER BY starts, id",
        id=group,
        now=tx.now,
    )
    return [_meeting(row) for row in rows]


def held(tx: ReadTx, group: int) -> list[MeetingRow]:
    """The meetings that a group has held, the first one first."""
    rows = tx.all("SELECT * FROM meeting WHERE group_id = :id AND state = 'held' ORDER BY starts, id", id=group)
    return [_meeting(row) for row in rows]


def begun(tx: ReadTx, group: int) -> list[MeetingRow]:
    """The meetings of a group that have begun, whether they are over or not, the first one first."""
    rows = tx.all(
        "SELECT * FROM meeting WHERE group_id = :id AND state IN ('called', 'held') AND starts <= :now"
        " ORDER BY starts, id",
        id=group,
        now=tx.now,
    )
    return [_meeting(row) for row in rows]


def of_series(tx: ReadTx, series: int) -> list[MeetingRow]:
    """Every meeting of a series, in the order of their dates."""
    rows = tx.all("SELECT * FROM meeting WHERE series_id = :id ORDER BY starts, id", id=series)
    return [_meeting(row) for row in rows]


def of_person(tx: ReadTx, person: PersonId, since: Instant, until: Instant) -> list[MeetingRow]:
    """The called meetings that somebody is invited to and that touch the time from `since` to `until`."""
    rows = tx.all(
        "SELECT m.* FROM invitee i JOIN meeting m ON m.id = i.meeting_id WHERE i.person_id = :person"
        " AND i.state = 'invited' AND m.state = 'called' AND m.ends > :since AND m.starts < :until"
        " ORDER BY m.starts, m.id",
        person=person,
        since=since,
        until=until,
    )
    return [_meeting(row) for row in rows]


def change(tx: Tx, before: MeetingRow, told: Told, sequence: int, *, capacity: int, answer_by: int | None) -> None:
    """A new version of a meeting; its number is one more than that of `before`."""
    tx.execute(
        "UPDATE meeting SET title = :title, starts = :starts, ends = :ends, whole_day = :whole_day, zone = :zone,"
        " place = :place, link = :link, agenda = :agenda, how = :how, capacity = :capacity, answer_by = :answer_by,"
        " sequence = :sequence, revision = :revision, changed_at = :now WHERE id = :id",
        id=before.id,
        capacity=capacity,
        answer_by=answer_by,
        sequence=sequence,
        revision=before.revision + 1,
        now=tx.now,
        **_told_values(told),
    )
    _keep_revision(tx, before.id, before.revision + 1, told)


def set_state(tx: Tx, meeting_id: int, state: str, sequence: int) -> None:
    """Called, cancelled or held, with the SEQUENCE that goes with it."""
    tx.execute(
        "UPDATE meeting SET state = :state, sequence = :sequence, changed_at = :now WHERE id = :id",
        state=state,
        sequence=sequence,
        now=tx.now,
        id=meeting_id,
    )


def next_stamp(tx: Tx, meeting_id: int) -> Instant:
    """A DTSTAMP for the next calendars of a meeting: now, and always later than the one before, in whole seconds."""
    now = tx.now // SECOND * SECOND
    tx.execute(
        "UPDATE meeting SET stamp = max(:now, stamp + :second) WHERE id = :id", now=now, second=SECOND, id=meeting_id
    )
    row = tx.one("SELECT stamp FROM meeting WHERE id = :id", id=meeting_id)
    assert row is not None
    return Instant(row["stamp"])


def told_at(tx: ReadTx, row: MeetingRow, at: Instant) -> Told:
    """The meeting as letters told it that were written at this moment."""
    kept = tx.one(
        "SELECT data FROM meeting_revision WHERE meeting_id = :id AND at <= :at ORDER BY revision DESC LIMIT 1",
        id=row.id,
        at=at,
    )
    return row.told if kept is None else msgspec.json.decode(kept["data"], type=Told)


def _keep_revision(tx: Tx, meeting_id: int, revision: int, told: Told) -> None:
    tx.execute(
        "INSERT INTO meeting_revision (meeting_id, revision, data, at) VALUES (:id, :revision, :data, :now)",
        id=meeting_id,
        revision=revision,
        data=msgspec.json.encode(told).decode(),
        now=tx.now,
    )


def revision(tx: ReadTx, meeting_id: int, number: int) -> Told:
    """A meeting as it was told then."""
    row = tx.one(
        "SELECT data FROM meeting_revision WHERE meeting_id = :id AND revision = :number", id=meeting_id, number=number
    )
    if row is None:
        raise LookupError(f"meeting {meeting_id} revision {number}")
    return msgspec.json.decode(row["data"], type=Told)


def forget_person(tx: Tx, person: PersonId) -> None:
    """What somebody answered stays as a number; their words, address and name do not."""
    tx.execute(
        "UPDATE invitee SET comment = '', address = 'erased-' || id || '@erased.invalid' WHERE person_id = :id",
        id=person,
    )
    tx.execute("UPDATE date_choice SET comment = '' WHERE person_id = :id", id=person)


def known_of(tx: ReadTx, person: PersonId) -> list[Row]:
    """Every invitation that somebody has had, with what they answered."""
    return tx.all(
        'SELECT g.name AS "group", m.title, m.starts, m.ends, m.state, i.address, i.partstat, i.mode, i.comment,'
        " i.answered_at, i.answered_by, i.present FROM invitee i JOIN meeting m ON m.id = i.meeting_id"
        " JOIN groups g ON g.id = m.group_id WHERE i.person_id = :id ORDER BY m.starts, m.id",
        id=person,
    )


def count_since(tx: ReadTx, group: int, since: Instant) -> int:
    """How many meetings of a group were held since then."""
    row = tx.one(
        "SELECT count(*) AS n FROM meeting WHERE group_id = :id AND state = 'held' AND starts >= :since",
        id=group,
        since=since,
    )
    return int(row["n"]) if row else 0
