"""A matter before a joint body: each side answers unseen by the other, and all sides sign the minutes.

Its data, what letters say of it, and what is looked up when something happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.ballots import Seated
from mailsvc.cases.body_decision import Decidable
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.joint.counting import NOT_AGREED, Party, Position

KIND: Final = "joint-matter"
DECIDE: Final = "decide"
FORMAL: Final = "formal"
DEVELOPMENT: Final = "development"


class Earlier(msgspec.Struct, frozen=True):
    """How the matter ended at the level before."""

    body: str
    number: int
    at: int
    positions: tuple[Position, ...] = ()


class Note(msgspec.Struct, frozen=True):
    """What a party wants to have said; nobody of the other side sees it before all have written theirs."""

    party: str
    text: str


class Signature(msgspec.Struct, frozen=True):
    """Who has signed the minutes for a party."""

    party: str
    title: str
    name: str
    at: int


class Refusal(msgspec.Struct, frozen=True):
    """Why minutes were not signed."""

    title: str
    name: str
    reason: str


class Days(msgspec.Struct, frozen=True):
    """How long each step of a matter waits, in working days (section [joint] of the config when it was raised)."""

    answer: int = 120
    reminder: int = 5
    note: int = 10
    responsible: int = 10
    minutes: int = 10
    signature: int = 20


class JointMatter(Decidable, frozen=True, kw_only=True):
    """One matter. `decision` (of Decidable) is the outcome, "" until every party has answered.

    `sort` is formal (under an agreement) or development. `positions` are filled with the outcome; `notes` before they
    may be shown. `everybody`: the signed minutes go to all staff as a letter in both names.
    """

    body: int
    group: Values
    title: str
    text: str
    by_name: str
    by: PersonId | None = None
    sort: str = FORMAL
    responsible: PersonId | None = None
    responsible_name: str = ""
    due: int = 0
    earlier: tuple[Earlier, ...] = ()
    positions: tuple[Position, ...] = ()
    notes: tuple[Note, ...] = ()
    next_title: str = ""
    at: int = 0  # when it was decided
    minutes: str = ""
    everybody: bool = False
    refusal: Refusal | None = None
    signatures: tuple[Signature, ...] = ()
    days: Days = Days()


class Known(msgspec.Struct, frozen=True):
    """What the database says when something happens: who speaks for whom, who writes the minutes, what is above.

    `person`, `due` and `problem` are what was read in an answer that names who is responsible.
    """

    seats: tuple[Seated, ...]
    parties: tuple[Party, ...]
    writers: tuple[PersonId, ...] = ()
    everybody: tuple[int, ...] = ()
    next: int = 0
    next_title: str = ""
    person: PersonId | None = None
    due: int = 0
    problem: str = ""
    later: int = 0  # by when, where no day is said


@dataclass(frozen=True, slots=True)
class LiftMatter:
    """The matter goes on to the group `to`, with how it ended here."""

    to: int
    matter: JointMatter


def about(data: JointMatter) -> Values:
    """What everybody may know of a matter at any time."""
    return {
        "group": data.group,
        "title": data.title,
        "text": data.text,
        "by": data.by_name,
        "sort": data.sort,
        "earlier": [
            {"body": one.body, "number": one.number, "at": one.at, "positions": _shown(one.positions)}
            for one in data.earlier
        ],
    }


def values(data: JointMatter) -> Values:
    """What letters say of a matter that every party has answered."""
    return {
        **about(data),
        "outcome": data.decision,
        "at": data.at,
        "positions": _shown(data.positions),
        "next": data.next_title,
        "responsible": data.responsible_name,
        "due": data.due,
        "minutes": data.minutes,
        "everybody": data.everybody,
        "refusal": msgspec.to_builtins(data.refusal) if data.refusal is not None else None,
        "signatures": [{"party": one.title, "name": one.name, "at": one.at} for one in data.signatures],
    }


def with_notes(data: JointMatter) -> JointMatter:
    """The notes that were asked for stand beside their parties' positions, and may be shown."""
    said = {one.party: one.text for one in data.notes}
    shown = tuple(msgspec.structs.replace(one, note=said.get(one.party, one.note)) for one in data.positions)
    return msgspec.structs.replace(data, positions=shown, notes=())


def without_note(data: JointMatter) -> tuple[str, ...]:
    """The parties of a disagreement that have not written their note."""
    if data.decision != NOT_AGREED:
        return ()
    given = {one.party for one in data.notes}
    return tuple(one.party for one in data.positions if not one.note and one.party not in given)


def _shown(found: tuple[Position, ...]) -> list[dict[str, str]]:
    return [{"party": one.title, "meaning": one.meaning, "note": one.note} for one in found]
