"""The SQL of who is invited to a meeting, and of what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailsvc.clock import Instant
from mailsvc.ids import CaseId, MembershipId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx
from workflows.meeting.calendar.sequence import Mark


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


def coming_letters(tx: ReadTx, membership: int) -> list[tuple[str, bytes]]:
    """The coming meetings that this key invites to: title, and the nonce of the newest letter that asks about it."""
    rows = tx.all(
        "SELECT m.title, (SELECT a.nonce FROM question q JOIN ask_item t ON t.question_id = q.id"
        " JOIN ask a ON a.id = t.ask_id WHERE q.case_id = m.case_id AND q.person_id = i.person_id"
        " AND q.kind = 'rsvp' AND a.state = 'live' ORDER BY a.id DESC LIMIT 1) AS nonce"
        " FROM membership s JOIN invitee i ON i.person_id = s.person_id JOIN meeting m ON m.id = i.meeting_id"
        " WHERE s.id = :membership AND i.key_of = s.id AND i.state = 'invited' AND m.state = 'called' AND m.ends > :now"
        " ORDER BY m.starts, m.id",
        membership=membership,
        now=tx.now,
    )
    return [(row["title"], bytes(row["nonce"])) for row in rows if row["nonce"] is not None]


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
