"""Counts the votes of a group on one matter: pure, from who may vote and what they said to what is decided.

**Who takes part.** The electors of a ballot. Votes of others do not count, nor do answers that are no votes (`wait`,
`ask`); the last vote of each elector does. An elector with a *conflict* of interest leaves the electorate for this
matter: counts neither for nor against, nor towards the quorum. An *absent* elector (away, no stand-in) is not awaited,
but a vote that comes all the same counts. Who *abstains* takes part and counts towards the quorum, and no more.

**The chair** is the first elector marked so; where that one has a conflict, or is absent and silent, the next one
marked. A chair who abstains or is silent keeps the chair: a deputy never decides over a chair who is there.

**Rules**, as they decide when the ballot closes:

- `any`: the first yes, no or postpone that came decides.
- `chair`: what the chair says decides; an abstaining or silent chair, or nobody to take the chair, decides nothing.
- `majority`: the answer (yes, no, postpone) that has more than half of the votes cast; abstaining casts none. When no
  answer has, and the chair has the casting vote, the chair's own answer decides if no other has more votes; else a tie.
- `unanimous`: one no is a no. Without a no, one postpone postpones. A yes needs a yes, and that no elector who is
  there has been silent: silence is no consent; who abstains stands aside and hinders nothing.
- `each-party`: every party votes by majority among its own (with its own chair's casting vote). One party's no is a no;
  else one party's tie is a tie; else one party's postpone postpones; yes needs every party's yes. While a party has not
  answered (its majority may still change, or nobody of it voted), nothing is decided, and no tally is told.

**Quorum** is how many electors must have taken part, at least, by `majority`, `unanimous` and `each-party`; the other
two rules need one. It is a number and does not shrink with conflicts: a body too small to decide has to be told so.

**Before closing** a ballot is decided as soon as no votes of those still awaited can change the decision, whatever they
say; it is open while they can. When nobody is awaited any more it is decided as if closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Rule(StrEnum):
    """How a group decides."""

    ANY = "any"
    CHAIR = "chair"
    MAJORITY = "majority"
    UNANIMOUS = "unanimous"
    EACH_PARTY = "each-party"


class Decision(StrEnum):
    """What the votes have decided."""

    OPEN = "open"
    YES = "yes"
    NO = "no"
    POSTPONE = "postpone"
    NO_QUORUM = "no-quorum"  # too few, or not those without whom nothing is decided
    TIE = "tie"


class VoteWhy(StrEnum):
    """Why it is decided so, or not yet."""

    FIRST = "first"  # the first who answered decided
    CHAIR = "chair"
    MAJORITY = "majority"
    CASTING = "casting"  # the chair's casting vote
    ALL_AGREE = "all-agree"
    ONE_AGAINST = "one-against"
    ONE_POSTPONES = "one-postpones"
    PARTY_AGAINST = "party-against"
    PARTY_POSTPONES = "party-postpones"
    NO_MAJORITY = "no-majority"
    PARTY_TIED = "party-tied"
    TOO_FEW = "too-few"  # the quorum
    NOBODY_VOTED = "nobody-voted"
    NOT_ALL_ANSWERED = "not-all-answered"
    NO_CHAIR = "no-chair"
    CHAIR_SILENT = "chair-silent"
    CHAIR_ABSTAINED = "chair-abstained"
    PARTY_SILENT = "party-silent"
    AWAITED = "awaited"  # open: somebody's vote can still change it
    PARTY_AWAITED = "party-awaited"  # open: a party has not answered yet


YES: Final = "yes"
NO: Final = "no"
POSTPONE: Final = "postpone"
ABSTAIN: Final = "abstain"
CONFLICT: Final = "conflict"

_CAST: Final = (YES, NO, POSTPONE)
MEANINGS: Final = (YES, NO, ABSTAIN, CONFLICT, POSTPONE)
_WITH_QUORUM: Final = frozenset({Rule.MAJORITY, Rule.UNANIMOUS, Rule.EACH_PARTY})


@dataclass(frozen=True, slots=True)
class Elector:
    """Who may vote; `chair` marks the chair and, in order, the deputies; `absent`: away without a stand-in."""

    person: int
    chair: bool = False
    party: str = ""
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer; `meaning` is one of MEANINGS (the values of `answer_model.Meaning`), others are no votes."""

    person: int
    meaning: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One matter to decide. ValueError: somebody twice, a quorum below 1, an elector without party by `each-party`."""

    rule: Rule
    electors: tuple[Elector, ...]
    quorum: int | None = None
    casting: bool = False  # the chair's vote decides a tie

    def __post_init__(self) -> None:
        if len({one.person for one in self.electors}) != len(self.electors):
            raise ValueError("an elector stands twice in the ballot")
        if self.quorum is not None and self.quorum < 1:
            raise ValueError("a quorum is at least 1")
        if self.rule is Rule.EACH_PARTY and not all(one.party for one in self.electors):
            raise ValueError("by each-party every elector belongs to a party")


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of one party, or of all (`party` is ""); the six numbers together are its electors."""

    party: str = ""
    yes: int = 0
    no: int = 0
    postponed: int = 0
    abstained: int = 0
    conflicted: int = 0
    silent: int = 0  # absent ones included


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is decided and why; `tallies` is empty while nothing may be told (each-party before all have answered).

    `person` is whose answer decided, where one person's did (any, chair, casting vote).
    """

    decision: Decision
    why: VoteWhy
    tallies: tuple[Tally, ...] = ()
    person: int | None = None


def count(ballot: Ballot, votes: Iterable[Vote], *, closing: bool) -> Outcome:
    """The outcome of the votes, which are in order of arrival; `closing`: nobody is awaited any more."""
    said = _last_of_each(ballot, votes)
    awaited = [] if closing else [one.person for one in ballot.electors if _awaited(one, said)]
    now = _decide(ballot, said)
    if ballot.rule is Rule.EACH_PARTY:
        if awaited and _party_awaited(ballot, said):
            return Outcome(Decision.OPEN, VoteWhy.PARTY_AWAITED)
        if Decision.NO_QUORUM in _answers_of_sides(ballot, said):
            return now
    told = replace(now, tallies=_tallies(ballot, said))
    if awaited and _may_change(ballot, said, awaited, now.decision):
        return replace(told, decision=Decision.OPEN, why=VoteWhy.AWAITED, person=None)
    return told


def _last_of_each(ballot: Ballot, votes: Iterable[Vote]) -> dict[int, str]:
    """What each elector said last, in order of arrival of that last word."""
    electors = {one.person for one in ballot.electors}
    said: dict[int, str] = {}
    for vote in votes:
        if vote.person in electors and vote.meaning in MEANINGS:
            said.pop(vote.person, None)
            said[vote.person] = str(vote.meaning)
    return said


def _awaited(elector: Elector, said: Mapping[int, str]) -> bool:
    return not elector.absent and elector.person not in said


def _may_change(ballot: Ballot, said: dict[int, str], awaited: list[int], decision: Decision) -> bool:
    """Whether those awaited can bring another decision than their silence does.

    If any votes can, then votes that are all alike can: what harms an answer most is that all go to one other answer,
    and what helps it most is that all go to it (docs/decisions/0022); the tests try all mixed ones in small bodies.
    """
    return any(
        _decide(ballot, {**said, **dict.fromkeys(awaited, meaning)}).decision is not decision for meaning in MEANINGS
    )


# --- the rules, as they decide at closing ------------------------------------------------------------------------
def _decide(ballot: Ballot, said: Mapping[int, str]) -> Outcome:
    """The outcome if nobody says more."""
    taking_part = sum(1 for meaning in said.values() if meaning != CONFLICT)
    if ballot.rule in _WITH_QUORUM and taking_part < (ballot.quorum or 0):
        return Outcome(Decision.NO_QUORUM, VoteWhy.TOO_FEW)
    if ballot.rule is Rule.ANY:
        return _first(said)
    if ballot.rule is Rule.CHAIR:
        return _by_chair(ballot, said)
    if ballot.rule is Rule.UNANIMOUS:
        return _unanimous(ballot, said)
    if ballot.rule is Rule.EACH_PARTY:
        return _each_party(ballot, said)
    return _majority(ballot, said)


def _first(said: Mapping[int, str]) -> Outcome:
    for person, meaning in said.items():
        if meaning in _CAST:
            return Outcome(Decision(meaning), VoteWhy.FIRST, person=person)
    return Outcome(Decision.NO_QUORUM, VoteWhy.NOBODY_VOTED)


def chair_of(ballot: Ballot, said: Mapping[int, str]) -> int | None:
    """The person who has the chair, given what each elector said; None where nobody marked can take it."""
    for one in ballot.electors:
        if one.chair and said.get(one.person) != CONFLICT and not (one.absent and one.person not in said):
            return one.person
    return None


def _by_chair(ballot: Ballot, said: Mapping[int, str]) -> Outcome:
    chair = chair_of(ballot, said)
    if chair is None:
        return Outcome(Decision.NO_QUORUM, VoteWhy.NO_CHAIR)
    meaning = said.get(chair)
    if meaning is None:
        return Outcome(Decision.NO_QUORUM, VoteWhy.CHAIR_SILENT)
    if meaning == ABSTAIN:
        return Outcome(Decision.NO_QUORUM, VoteWhy.CHAIR_ABSTAINED)
    return Outcome(Decision(meaning), VoteWhy.CHAIR, person=chair)


def _majority(ballot: Ballot, said: Mapping[int, str]) -> Outcome:
    cast = [meaning for meaning in said.values() if meaning in _CAST]
    if not cast:
        return Outcome(Decision.NO_QUORUM, VoteWhy.NOBODY_VOTED)
    numbers = {meaning: cast.count(meaning) for meaning in _CAST}
    for meaning, number in numbers.items():
        if 2 * number > len(cast):
            return Outcome(Decision(meaning), VoteWhy.MAJORITY)
    chair = chair_of(ballot, said) if ballot.casting else None
    if chair is not None and numbers.get(said.get(chair, ""), 0) == max(numbers.values()):
        return Outcome(Decision(said[chair]), VoteWhy.CASTING, person=chair)
    return Outcome(Decision.TIE, VoteWhy.NO_MAJORITY)


def _unanimous(ballot: Ballot, said: Mapping[int, str]) -> Outcome:
    meanings = set(said.values())
    if NO in meanings:
        return Outcome(Decision.NO, VoteWhy.ONE_AGAINST)
    if POSTPONE in meanings:
        return Outcome(Decision.POSTPONE, VoteWhy.ONE_POSTPONES)
    if YES not in meanings:
        return Outcome(Decision.NO_QUORUM, VoteWhy.NOBODY_VOTED)
    if any(_awaited(one, said) for one in ballot.electors):
        return Outcome(Decision.NO_QUORUM, VoteWhy.NOT_ALL_ANSWERED)
    return Outcome(Decision.YES, VoteWhy.ALL_AGREE)


def _each_party(ballot: Ballot, said: Mapping[int, str]) -> Outcome:
    sides = _answers_of_sides(ballot, said)
    if Decision.NO_QUORUM in sides or not sides:
        return Outcome(Decision.NO_QUORUM, VoteWhy.PARTY_SILENT)
    for decision, why in (
        (Decision.NO, VoteWhy.PARTY_AGAINST),
        (Decision.TIE, VoteWhy.PARTY_TIED),
        (Decision.POSTPONE, VoteWhy.PARTY_POSTPONES),
    ):
        if decision in sides:
            return Outcome(decision, why)
    return Outcome(Decision.YES, VoteWhy.ALL_AGREE)


def _sides(ballot: Ballot) -> list[Ballot]:
    """Each party as a body of its own that votes by majority, in order of first mention."""
    parties = dict.fromkeys(one.party for one in ballot.electors)
    return [
        Ballot(Rule.MAJORITY, tuple(one for one in ballot.electors if one.party == party), casting=ballot.casting)
        for party in parties
    ]


def _answers_of_sides(ballot: Ballot, said: Mapping[int, str]) -> set[Decision]:
    """What the parties say; no-quorum for one of which nobody voted."""
    return {
        _majority(side, {one.person: said[one.person] for one in side.electors if one.person in said}).decision
        for side in _sides(ballot)
    }


def _party_awaited(ballot: Ballot, said: Mapping[int, str]) -> bool:
    """Whether a party's own majority may still change."""
    votes = [Vote(person, meaning) for person, meaning in said.items()]
    return any(count(side, votes, closing=False).decision is Decision.OPEN for side in _sides(ballot))


# --- what is told ------------------------------------------------------------------------------------------------
def _tallies(ballot: Ballot, said: Mapping[int, str]) -> tuple[Tally, ...]:
    """One for all electors, or one for each party."""
    if ballot.rule is Rule.EACH_PARTY:
        return tuple(_tally(side.electors, side.electors[0].party, said) for side in _sides(ballot))
    return (_tally(ballot.electors, "", said),)


def _tally(electors: tuple[Elector, ...], party: str, said: Mapping[int, str]) -> Tally:
    meanings = [said.get(one.person) for one in electors]
    return Tally(
        party,
        yes=meanings.count(YES),
        no=meanings.count(NO),
        postponed=meanings.count(POSTPONE),
        abstained=meanings.count(ABSTAIN),
        conflicted=meanings.count(CONFLICT),
        silent=meanings.count(None),
    )
