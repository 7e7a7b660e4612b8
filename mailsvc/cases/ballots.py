"""A body's votes on a matter: who may vote is looked up when somebody answers, kept in the log, and counted purely."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mailsvc.cases.looking import Looking
from mailsvc.cases.model import Answered
from mailsvc.cases.voting import Ballot, Elector, Outcome, Rule, Vote, count
from mailsvc.ids import PersonId
from mailsvc.people import presence_store
from mailsvc.store.database import ReadTx


class Seated(msgspec.Struct, frozen=True):
    """One elector as the log keeps it: ids and words of ours, no names."""

    person: PersonId
    chair: bool = False
    party: str = ""
    absent: bool = False


class Electorate(msgspec.Struct, frozen=True):
    """Who decides on a matter, and by which rule, at the moment of an event."""

    rule: str
    quorum: int
    casting: bool
    seats: tuple[Seated, ...]


class Cast(msgspec.Struct, frozen=True):
    """One vote as a case keeps it; `reason` is what its voter wrote."""

    person: PersonId
    meaning: str
    reason: str = ""


def electorate(tx: ReadTx, engine: Looking, group: int) -> Electorate:
    """Who may vote in a group now; an elector who is away without a stand-in is not awaited."""
    body = engine.body(tx, group)
    seats = tuple(
        Seated(seat.person, seat.chair, seat.party, not presence_store.present(tx, [seat.person]))
        for seat in body.seats
        if seat.votes
    )
    return Electorate(body.rule, body.quorum, body.casting, seats)


def with_vote(votes: Sequence[Cast], answered: Answered) -> tuple[Cast, ...]:
    """The votes after one more answer: the last one of each voter counts, and stands last."""
    kept = [one for one in votes if one.person != answered.voter]
    return (*kept, Cast(answered.voter, answered.meaning, answered.text))


def without_vote(votes: Sequence[Cast], voter: PersonId) -> tuple[Cast, ...]:
    """The votes after one was taken back."""
    return tuple(one for one in votes if one.person != voter)


def outcome(known: Electorate, votes: Sequence[Cast], *, closing: bool = False) -> Outcome:
    """What the votes have decided (see `voting`)."""
    electors = tuple(Elector(one.person, one.chair, one.party, one.absent) for one in known.seats)
    ballot = Ballot(Rule(known.rule), electors, known.quorum or None, known.casting)
    return count(ballot, [Vote(one.person, one.meaning, one.reason) for one in votes], closing=closing)
