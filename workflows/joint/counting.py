"""What the parties of a joint body have said, and what comes of it. Pure.

Each party speaks by its spokespersons: what more than half of those have said who have answered is its position; where
they are of several minds it is `divided`. A party is awaited while those who are there have not all answered and their
majority can still change. Nothing is told of any position before all parties have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from mailsvc.cases.ballots import Cast, Seated

AGREED: Final = "agreed"
NOT_AGREED: Final = "not-agreed"
DISCUSSED: Final = "discussed"
INFORMED: Final = "informed"
LIFT: Final = "lift"
POSTPONE: Final = "postpone"
DIVIDED: Final = "divided"
MEANINGS: Final = (AGREED, NOT_AGREED, DISCUSSED, INFORMED, LIFT, POSTPONE)
# Where no party disagrees the outcome is what all of them can be said to have done, at least.
_LEAST_FIRST: Final = (INFORMED, DISCUSSED, AGREED)


class Party(msgspec.Struct, frozen=True):
    """One side: `name` is the party's group, known to nobody else; `title` is how letters call it."""

    name: str
    title: str


class Position(msgspec.Struct, frozen=True):
    """What a party has said, with its note; shown when all have answered."""

    party: str
    title: str
    meaning: str
    note: str = ""


def position(party: str, seats: Sequence[Seated], votes: Sequence[Cast]) -> str:
    """A party's position, "" while it is awaited."""
    own = {one.person for one in seats if one.party == party}
    said = {one.person: one.meaning for one in votes if one.person in own}
    if not said:
        return ""
    awaited = sum(1 for one in seats if one.party == party and not one.absent and one.person not in said)
    counts = {meaning: list(said.values()).count(meaning) for meaning in said.values()}
    most = max(counts, key=lambda meaning: counts[meaning])
    if 2 * counts[most] > len(said) + awaited:
        return most
    if awaited:
        return ""
    return DIVIDED


def positions(parties: Sequence[Party], seats: Sequence[Seated], votes: Sequence[Cast]) -> tuple[Position, ...] | None:
    """All parties' positions; None while one is awaited."""
    found = []
    for party in parties:
        meaning = position(party.name, seats, votes)
        if not meaning:
            return None
        found.append(Position(party.name, party.title, meaning, _note(party.name, meaning, seats, votes)))
    return tuple(found) or None


def outcome(found: Sequence[Position]) -> str:
    """The outcome of all parties' positions: one of AGREED, NOT_AGREED, DISCUSSED, INFORMED, LIFT, POSTPONE.

    One party's wish to lift it lifts it; else one's disagreement (or division) is one; else one's postponing
    postpones.
    """
    said = {one.meaning for one in found}
    if LIFT in said:
        return LIFT
    if said & {NOT_AGREED, DIVIDED}:
        return NOT_AGREED
    if POSTPONE in said:
        return POSTPONE
    return next(one for one in _LEAST_FIRST if one in said)


def _note(party: str, meaning: str, seats: Sequence[Seated], votes: Sequence[Cast]) -> str:
    """What a party's spokespersons wrote with the answer that counts; all they wrote where they are divided."""
    own = {one.person for one in seats if one.party == party}
    counts = (one.reason for one in votes if one.person in own and (one.meaning == meaning or meaning == DIVIDED))
    return "\n\n".join(one for one in counts if one)
