"""The SQL of meetings: what is called, who is invited, what they answer; and of the dates that a poll offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from mailsvc.clock import SECOND, Instant
from mailsvc.ids import CaseId, GroupId, MembershipId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx
from workflows.meeting.sequence import Mark


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


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody's place in a meeting, with their name, language, zone ("" for the site's) and what they answered.

    `key_of` is the membership whose key is ORGANIZER for them, `address` where the invitation went. `silent`: no
    calendar was sent, because they have the meeting in it already. `mark` is that of the answer that counts.
    """

    id: int
    meeting_id: int
    person: PersonId
    membership: MembershipId
    key_of: MembershipId
    address: str
    name: str
    language: str
    zone: str
    state: str
    silent: bool
    seq_sent: int
    seq_asked: int
    partstat: str
    mode: str
    comment: str
    guests: int
    answered_at: Instant | None
    answered_by: str
    mark: Mark | None
    waiting_since: Instant | None
    reminded_at: Instant | None
    present: bool | None

    @property
    def invited(self) -> bool:
        """Whether the invitation stands."""
        return self.state == "invited"

    @property
    def comes(self) -> bool:
        """Whether they come, or somebody in their place with whom the caller agrees."""
        return self.partstat == "ACCEPTED" or (self.partstat == "DELEGATED" and self.guests > 0)

    @property
    def waiting(self) -> bool:
        """Whether they said yes and there is no room yet."""
        return self.waiting_since is not None

    @property
    def shown(self) -> str:
        """How letters call them."""
        return self.name or self.address


# ---- meetings


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


# ---- who is invited

_INVITEE = "SELECT i.*, p.name, p.language, p.timezone FROM invitee i JOIN person p ON p.id = i.person_id"


def _invitee(row: Row) -> Invitee:
    marked = row["mark_sequence"] is not None
    return Invitee(
        row["id"],
        row["meeting_id"],
        PersonId(row["person_id"]),
        MembershipId(row["membership_id"]),
        MembershipId(row["key_of"]),
        row["address"],
        row["name"],
        row["language"],
        row["timezone"],
        row["state"],
        bool(row["silent"]),
        row["seq_sent"],
        row["seq_asked"],
        row["partstat"],
        row["mode"],
        row["comment"],
        row["guests"],
        row["answered_at"],
        row["answered_by"],
        Mark(row["mark_sequence"], Instant(row["mark_stamp"]), row["mark_tie"]) if marked else None,
        row["waiting_since"],
        row["reminded_at"],
        None if row["present"] is None else bool(row["present"]),
    )


def invite(tx: Tx, meeting_id: int, person: PersonId, membership: MembershipId, address: str, *, silent: bool) -> int:
    """Somebody is invited from now on; who was before keeps the key, and is asked anew. The id of their place.

    SEQUENCE is set by `sent`.
    """
    return int(
        tx.all(
            "INSERT INTO invitee (meeting_id, person_id, membership_id, key_of, address, silent)"
            " VALUES (:meeting, :person, :membership, :membership, :address, :silent)"
            " ON CONFLICT (meeting_id, person_id) DO UPDATE SET membership_id = excluded.membership_id,"
            " address = excluded.address, state = 'invited', silent = excluded.silent, partstat = 'NEEDS-ACTION',"
            " mode = '', comment = '', guests = 0, answered_at = NULL, answered_by = '', waiting_since = NULL,"
            " mark_sequence = NULL, mark_stamp = NULL, mark_tie = '' RETURNING id",
            meeting=meeting_id,
            person=person,
            membership=membership,
            address=address,
            silent=int(silent),
        )[0]["id"]
    )


def invitees(tx: ReadTx, meeting_id: int, *, all_of_them: bool = False) -> list[Invitee]:
    """Who is invited, in the order in which they were; also who was, with `all_of_them`."""
    rows = tx.all(
        f"{_INVITEE} WHERE i.meeting_id = :id AND (:everybody OR i.state = 'invited') ORDER BY i.id",
        id=meeting_id,
        everybody=int(all_of_them),
    )
    return [_invitee(row) for row in rows]


def invitee(tx: ReadTx, meeting_id: int, person: PersonId) -> Invitee | None:
    """Somebody's place in a meeting, also one that was withdrawn."""
    row = tx.one(f"{_INVITEE} WHERE i.meeting_id = :id AND i.person_id = :person", id=meeting_id, person=person)
    return _invitee(row) if row else None


def invitee_by_id(tx: ReadTx, invitee_id: int) -> Invitee:
    """A place by its id; LookupError when there is none."""
    row = tx.one(f"{_INVITEE} WHERE i.id = :id", id=invitee_id)
    if row is None:
        raise LookupError(f"invitee {invitee_id}")
    return _invitee(row)


def person_of_membership(tx: ReadTx, membership: int) -> PersonId | None:
    """Whose membership it is or was: a calendar's address keeps working when it has ended."""
    row = tx.one("SELECT person_id FROM membership WHERE id = :id", id=membership)
    return PersonId(row["person_id"]) if row else None


def sent(tx: Tx, invitee_id: int, sequence: int, *, asks: bool) -> None:
    """A calendar with this SEQUENCE went to somebody; one that asks forgets what they had answered."""
    tx.execute("UPDATE invitee SET seq_sent = :sequence WHERE id = :id", sequence=sequence, id=invitee_id)
    if asks:
        tx.execute(
            "UPDATE invitee SET seq_asked = :sequence, partstat = 'NEEDS-ACTION', mode = '', comment = '', guests = 0,"
            " answered_at = NULL, answered_by = '', told_at = NULL, reminded_at = NULL,"
            " waiting_since = NULL WHERE id = :id",
            sequence=sequence,
            id=invitee_id,
        )


def withdraw(tx: Tx, invitee_id: int, sequence: int) -> None:
    """Somebody is invited no more; `sequence` is that of their CANCEL."""
    tx.execute(
        "UPDATE invitee SET state = 'withdrawn', seq_sent = :sequence, waiting_since = NULL WHERE id = :id",
        sequence=sequence,
        id=invitee_id,
    )


def answer(
    tx: Tx, invitee_id: int, mark: Mark, *, partstat: str, mode: str, comment: str, guests: int, answered_by: str
) -> None:
    """The answer that counts from now on; `mark` says where it stands among others."""
    tx.execute(
        "UPDATE invitee SET partstat = :partstat, mode = :mode, comment = :comment, guests = :guests,"
        " answered_at = :now, answered_by = :answered_by, mark_sequence = :sequence, mark_stamp = :stamp,"
        " mark_tie = :tie WHERE id = :id",
        id=invitee_id,
        partstat=partstat,
        mode=mode,
        comment=comment,
        guests=guests,
        answered_by=answered_by,
        sequence=mark.sequence,
        stamp=mark.stamp,
        tie=mark.tie,
        now=tx.now,
    )


def set_stand_in(tx: Tx, invitee_id: int) -> None:
    """Somebody who is not invited comes in the place of this one, who has delegated it."""
    tx.execute("UPDATE invitee SET guests = 1 WHERE id = :id AND partstat = 'DELEGATED'", id=invitee_id)


def set_waiting(tx: Tx, invitee_id: int, since: Instant | None) -> None:
    """On the waiting list since then, or no more."""
    tx.execute("UPDATE invitee SET waiting_since = :since WHERE id = :id", since=since, id=invitee_id)


def waiting(tx: ReadTx, meeting_id: int) -> list[Invitee]:
    """Who waits for a seat, the longest first."""
    rows = tx.all(
        f"{_INVITEE} WHERE i.meeting_id = :id AND i.waiting_since IS NOT NULL ORDER BY i.waiting_since, i.id",
        id=meeting_id,
    )
    return [_invitee(row) for row in rows]


def seated(tx: ReadTx, meeting_id: int, *, online_too: bool, but: int = 0) -> int:
    """How many have a seat, without the place `but`; `online_too`: those who take part online need one as well."""
    row = tx.one(
        "SELECT count(*) AS n FROM invitee WHERE meeting_id = :id AND state = 'invited'"
        " AND (partstat = 'ACCEPTED' OR partstat = 'DELEGATED' AND guests > 0)"
        " AND waiting_since IS NULL AND (:online OR mode <> 'online') AND id <> :but",
        id=meeting_id,
        online=int(online_too),
        but=but,
    )
    return int(row["n"]) if row else 0


def tell(tx: Tx, invitee_ids: Sequence[int]) -> None:
    """The caller has been told of these answers."""
    for number in invitee_ids:
        tx.execute("UPDATE invitee SET told_at = answered_at WHERE id = :id", id=number)


def untold(tx: ReadTx, meeting_id: int) -> set[int]:
    """The places whose answer the caller has not been told of."""
    rows = tx.all(
        "SELECT id FROM invitee WHERE meeting_id = :id AND state = 'invited' AND answered_at IS NOT NULL"
        " AND (told_at IS NULL OR told_at < answered_at)",
        id=meeting_id,
    )
    return {int(row["id"]) for row in rows}


def remind(tx: Tx, invitee_id: int) -> None:
    """They have got the reminder."""
    tx.execute("UPDATE invitee SET reminded_at = :now WHERE id = :id", now=tx.now, id=invitee_id)


def remind_again(tx: Tx, meeting_id: int) -> None:
    """A meeting has another time: nobody has been reminded of that."""
    tx.execute("UPDATE invitee SET reminded_at = NULL WHERE meeting_id = :id", id=meeting_id)


def set_present(tx: Tx, meeting_id: int, person: PersonId, *, present: bool | None) -> None:
    """Whether somebody was there."""
    tx.execute(
        "UPDATE invitee SET present = :present WHERE meeting_id = :meeting AND person_id = :person",
        present=None if present is None else int(present),
        meeting=meeting_id,
        person=person,
    )


# ---- dates to choose from


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody says about one date; `answer` is can, maybe or cannot."""

    person: PersonId
    name: str
    number: int
    answer: str
    comment: str


def choose(tx: Tx, case_id: CaseId, person: PersonId, number: int, answer: str, comment: str) -> None:
    """The last answer to each date counts."""
    tx.execute(
        "INSERT INTO date_choice (case_id, person_id, number, answer, comment, at)"
        " VALUES (:case_id, :person, :number, :answer, :comment, :now)"
        " ON CONFLICT (case_id, person_id, number) DO UPDATE SET answer = excluded.answer,"
        " comment = excluded.comment, at = excluded.at",
        case_id=case_id,
        person=person,
        number=number,
        answer=answer,
        comment=comment,
        now=tx.now,
    )


def choices(tx: ReadTx, case_id: CaseId) -> list[Choice]:
    """What everybody has said, in the order in which they came."""
    rows = tx.all(
        "SELECT c.*, coalesce(nullif(p.name, ''), a.address, '') AS shown FROM date_choice c"
        " JOIN person p ON p.id = c.person_id LEFT JOIN address a ON a.person_id = p.id AND a.is_primary = 1"
        " WHERE c.case_id = :case_id ORDER BY c.person_id, c.number",
        case_id=case_id,
    )
    return [
        Choice(PersonId(row["person_id"]), row["shown"], row["number"], row["answer"], row["comment"]) for row in rows
    ]


# ---- people who are erased, and what is known of them


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


def rsvp_question(tx: ReadTx, case_id: CaseId, person: PersonId) -> int | None:
    """The question that asks somebody whether they come, answered already or not."""
    row = tx.one(
        "SELECT id FROM question WHERE case_id = :case_id AND person_id = :person AND kind = 'rsvp'"
        " AND state IN ('open', 'answered') ORDER BY id DESC",
        case_id=case_id,
        person=person,
    )
    return int(row["id"]) if row else None


def close_rsvp(tx: Tx, case_id: CaseId, person: PersonId) -> None:
    """Somebody who has left is not asked any more."""
    tx.execute(
        "UPDATE question SET state = 'void' WHERE case_id = :case_id AND person_id = :person AND kind = 'rsvp'",
        case_id=case_id,
        person=person,
    )
