"""The SQL of those who come to a meeting instead of somebody who is invited, without being invited themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Row, Tx

COMES: Final = "comes"
WAITS: Final = "waits"
GONE: Final = "gone"


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who comes in the place `invitee`; `seq_sent` is the highest SEQUENCE that was sent to this address."""

    invitee: int
    folded: str
    address: str
    state: str
    seq_sent: int


def _stand_in(row: Row) -> StandIn:
    return StandIn(row["invitee_id"], row["folded"], row["address"], row["state"], row["seq_sent"])


def of_place(tx: ReadTx, invitee: int) -> StandIn | None:
    """Who comes, or would, in this place; there is one at most."""
    row = tx.one("SELECT * FROM meeting_stand_in WHERE invitee_id = :id AND state <> 'gone'", id=invitee)
    return _stand_in(row) if row is not None else None


def known(tx: ReadTx, invitee: int, folded: str) -> StandIn | None:
    """This address in this place, also where they come no more."""
    row = tx.one(
        "SELECT * FROM meeting_stand_in WHERE invitee_id = :id AND folded = :folded", id=invitee, folded=folded
    )
    return _stand_in(row) if row is not None else None


def of_meeting(tx: ReadTx, meeting: int) -> list[StandIn]:
    """Everybody who comes, or would, in somebody's place."""
    rows = tx.all(
        "SELECT s.* FROM invitee i JOIN meeting_stand_in s ON s.invitee_id = i.id"
        " WHERE i.meeting_id = :id AND s.state <> 'gone' ORDER BY s.invitee_id",
        id=meeting,
    )
    return [_stand_in(row) for row in rows]


def of_those_who_left(tx: ReadTx, group: int) -> list[StandIn]:
    """Those in the places of people who are invited no more to a group's meetings."""
    rows = tx.all(
        "SELECT s.* FROM meeting_stand_in s JOIN invitee i ON i.id = s.invitee_id JOIN meeting m ON m.id = i.meeting_id"
        " WHERE m.group_id = :group_id AND i.state <> 'invited' AND s.state <> 'gone' ORDER BY s.invitee_id",
        group_id=group,
    )
    return [_stand_in(row) for row in rows]


def remember(tx: Tx, one: StandIn) -> None:
    """How it is with somebody from now on."""
    tx.execute(
        "INSERT INTO meeting_stand_in (invitee_id, folded, address, state, seq_sent)"
        " VALUES (:invitee, :folded, :address, :state, :seq_sent) ON CONFLICT (invitee_id, folded)"
        " DO UPDATE SET address = excluded.address, state = excluded.state, seq_sent = excluded.seq_sent",
        invitee=one.invitee,
        folded=one.folded,
        address=one.address,
        state=one.state,
        seq_sent=one.seq_sent,
    )


def give_up_seat(tx: Tx, invitee: int) -> None:
    """Nobody comes in this place, which is still delegated."""
    tx.execute("UPDATE invitee SET guests = 0 WHERE id = :id AND partstat = 'DELEGATED'", id=invitee)


def forget_meeting(tx: Tx, meeting: int) -> None:
    """It is over, or off: addresses of people who are not ours are kept no longer."""
    tx.execute(
        "DELETE FROM meeting_stand_in WHERE invitee_id IN (SELECT id FROM invitee WHERE meeting_id = :id)", id=meeting
    )


def forget_person(tx: Tx, person: PersonId, folded: Sequence[str]) -> None:
    """Somebody is erased: who they are to others, and who came for them."""
    tx.execute(
        "DELETE FROM meeting_stand_in WHERE invitee_id IN (SELECT id FROM invitee WHERE person_id = :id)", id=person
    )
    for one in folded:
        tx.execute("DELETE FROM meeting_stand_in WHERE folded = :folded", folded=one)
