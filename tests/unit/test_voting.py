"""Counting votes: named constellations, all small ones against an oracle of its own, and properties of large ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.cases.reading.model import Meaning
from mailsvc.cases.voting import (
    MEANINGS,
    Ballot,
    Decision,
    Elector,
    Outcome,
    Rule,
    Tally,
    Vote,
    VoteWhy,
    chair_of,
    count,
)

LETTERS = {"y": "yes", "n": "no", "a": "abstain", "c": "conflict", "p": "postpone"}


def body(
    size: int, *, chairs: Sequence[int] = (), absent: Sequence[int] = (), parties: str = ""
) -> tuple[Elector, ...]:
    """Electors 1 to `size`."""
    return tuple(
        Elector(n, n in chairs, parties[(n - 1) % len(parties)] if parties else "", n in absent)
        for n in range(1, size + 1)
    )


def said(text: str) -> list[Vote]:
    """`yn-p`: elector 1 yes, 2 no, 3 silent, 4 postpone."""
    return [Vote(n, LETTERS[letter]) for n, letter in enumerate(text, 1) if letter != "-"]


def outcome(ballot: Ballot, text: str, *, closing: bool = False) -> tuple[str, str]:
    found = count(ballot, said(text), closing=closing)
    return str(found.decision), str(found.why)


@pytest.mark.parametrize(
    ("rule", "votes", "before", "closed"),
    [
        (Rule.ANY, "----", ("open", "awaited"), ("no-quorum", "nobody-voted")),
        (Rule.ANY, "-n--", ("no", "first"), ("no", "first")),
        (Rule.ANY, "ay--", ("yes", "first"), ("yes", "first")),
        (Rule.ANY, "aaca", ("no-quorum", "nobody-voted"), ("no-quorum", "nobody-voted")),
        (Rule.CHAIR, "-nnn", ("open", "awaited"), ("no-quorum", "chair-silent")),
        (Rule.CHAIR, "y---", ("yes", "chair"), ("yes", "chair")),
        (Rule.CHAIR, "cn--", ("no", "chair"), ("no", "chair")),
        (Rule.CHAIR, "ayyy", ("no-quorum", "chair-abstained"), ("no-quorum", "chair-abstained")),
        (Rule.CHAIR, "ccyy", ("no-quorum", "no-chair"), ("no-quorum", "no-chair")),
        (Rule.MAJORITY, "yy--", ("open", "awaited"), ("yes", "majority")),
        (Rule.MAJORITY, "yyy-", ("yes", "majority"), ("yes", "majority")),
        (Rule.MAJORITY, "yya-", ("yes", "majority"), ("yes", "majority")),
        (Rule.MAJORITY, "yyc-", ("yes", "majority"), ("yes", "majority")),
        (Rule.MAJORITY, "yn--", ("open", "awaited"), ("tie", "no-majority")),
        (Rule.MAJORITY, "yynn", ("tie", "no-majority"), ("tie", "no-majority")),
        (Rule.MAJORITY, "yynp", ("tie", "no-majority"), ("tie", "no-majority")),
        (Rule.UNANIMOUS, "yyy-", ("open", "awaited"), ("no-quorum", "not-all-answered")),
        (Rule.UNANIMOUS, "yyya", ("yes", "all-agree"), ("yes", "all-agree")),
        (Rule.UNANIMOUS, "yyyc", ("yes", "all-agree"), ("yes", "all-agree")),
        (Rule.UNANIMOUS, "n---", ("no", "one-against"), ("no", "one-against")),
        (Rule.UNANIMOUS, "yyp-", ("open", "awaited"), ("postpone", "one-postpones")),
        (Rule.EACH_PARTY, "n---", ("open", "party-awaited"), ("no-quorum", "party-silent")),
        (Rule.EACH_PARTY, "yy--", ("open", "party-awaited"), ("yes", "all-agree")),
        (Rule.EACH_PARTY, "yyyy", ("yes", "all-agree"), ("yes", "all-agree")),
        (Rule.EACH_PARTY, "ynyn", ("no", "party-against"), ("no", "party-against")),
        (Rule.EACH_PARTY, "yyny", ("tie", "party-tied"), ("tie", "party-tied")),
        (Rule.EACH_PARTY, "ypyp", ("postpone", "party-postpones"), ("postpone", "party-postpones")),
        (Rule.EACH_PARTY, "cyay", ("no-quorum", "party-silent"), ("no-quorum", "party-silent")),
    ],
)
def test_rules(rule: Rule, votes: str, before: tuple[str, str], closed: tuple[str, str]) -> None:
    ballot = Ballot(rule, body(4, chairs=(1, 2), parties="ab"))
    assert outcome(ballot, votes) == before
    assert outcome(ballot, votes, closing=True) == closed


def test_casting_vote() -> None:
    ballot = Ballot(Rule.MAJORITY, body(4, chairs=(1, 2)), casting=True)
    assert outcome(ballot, "yynn") == ("yes", "casting")
    assert outcome(ballot, "ynp-") == ("open", "awaited")
    assert outcome(ballot, "ynpa") == ("yes", "casting")
    assert outcome(ballot, "pyyn") == ("tie", "no-majority")  # two are more than the chair's one
    assert outcome(ballot, "cnya") == ("no", "casting")  # the deputy's
    assert outcome(ballot, "anya") == ("tie", "no-majority")  # a chair who abstains keeps the chair
    found = count(ballot, said("yynn"), closing=False)
    assert found.person == 1


def test_quorum_counts_who_takes_part() -> None:
    ballot = Ballot(Rule.MAJORITY, body(4), quorum=3)
    assert outcome(ballot, "yy--") == ("open", "awaited")
    assert outcome(ballot, "yy--", closing=True) == ("no-quorum", "too-few")
    assert outcome(ballot, "yya-") == ("yes", "majority")
    assert outcome(ballot, "yycc") == ("no-quorum", "too-few")
    assert outcome(ballot, "-cc-") == ("no-quorum", "too-few")  # cannot be reached any more
    assert outcome(Ballot(Rule.ANY, body(4), quorum=3), "y---") == ("yes", "first")


def test_the_absent_are_not_awaited_but_heard() -> None:
    ballot = Ballot(Rule.MAJORITY, body(3, absent=(3,)))
    assert outcome(ballot, "yn-") == ("tie", "no-majority")
    assert outcome(ballot, "ynn") == ("no", "majority")
    chaired = Ballot(Rule.CHAIR, body(3, chairs=(1, 3), absent=(1,)))
    assert outcome(chaired, "-yn") == ("no", "chair")
    assert outcome(chaired, "y--") == ("yes", "chair")
    assert chair_of(chaired, {}) == 3
    assert outcome(Ballot(Rule.UNANIMOUS, body(3, absent=(3,))), "yy-") == ("yes", "all-agree")
    assert outcome(Ballot(Rule.ANY, body(2, absent=(1, 2))), "--") == ("no-quorum", "nobody-voted")


def test_nothing_is_told_before_all_parties_have_answered() -> None:
    ballot = Ballot(Rule.EACH_PARTY, body(4, parties="ab"), quorum=2)
    assert count(ballot, said("n-n-"), closing=False).tallies == ()
    assert count(ballot, said("n-n-"), closing=True).tallies == ()
    assert count(ballot, said("n---"), closing=True).tallies == ()
    assert count(ballot, said("nyny"), closing=False).tallies == (Tally("a", no=2), Tally("b", yes=2))


def test_the_last_vote_of_each_elector_counts_and_no_other() -> None:
    ballot = Ballot(Rule.MAJORITY, body(2))
    votes = [Vote(1, "yes"), Vote(9, "no"), Vote(2, "no"), Vote(2, "wait"), Vote(2, Meaning.YES, "ändrat mig")]
    found = count(ballot, votes, closing=False)
    assert found == Outcome(Decision.YES, VoteWhy.MAJORITY, (Tally(yes=2),))
    changed = [Vote(1, "yes"), Vote(2, "no"), Vote(1, "conflict")]
    assert count(Ballot(Rule.ANY, body(2)), changed, closing=False).person == 2


def test_every_vote_meaning_can_be_answered() -> None:
    assert set(MEANINGS) <= {str(meaning) for meaning in Meaning}


@pytest.mark.parametrize(
    ("rule", "electors", "quorum", "said"),
    [
        (Rule.ANY, (Elector(1), Elector(1)), None, "twice"),
        (Rule.MAJORITY, (Elector(1),), 0, "at least 1"),
        (Rule.EACH_PARTY, (Elector(1, party="a"), Elector(2)), None, "belongs to a party"),
    ],
)
def test_a_ballot_without_sense_is_refused(
    rule: Rule, electors: tuple[Elector, ...], quorum: int | None, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Ballot(rule, electors, quorum)


# --- all small constellations against an oracle -------------------------------------------------------------------
STATES = "ynapc-"


class Oracle:
    """Says what each full set of votes decides, from the words of the rules; open is what can still end differently.

    Written without looking at the counting: it counts positions in strings like `yn-p` and tries every continuation.
    """

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot
        self.known: dict[str, str] = {}

    def closed(self, votes: str) -> str:
        if votes not in self.known:
            self.known[votes] = self._closed(votes)
        return self.known[votes]

    def _closed(self, votes: str) -> str:
        rule, quorum = self.ballot.rule, self.ballot.quorum
        present = [v for v in votes if v in "ynap"]
        if rule in ("majority", "unanimous", "each-party") and quorum and len(present) < quorum:
            return "no-quorum"
        if rule == "any":
            clear = [v for v in votes if v in "ynp"]
            return LETTERS[clear[0]] if clear else "no-quorum"
        if rule == "chair":
            voice = self._chair_says(votes, "")
            return LETTERS[voice] if voice in ("y", "n", "p") else "no-quorum"
        if rule == "unanimous":
            return self._together(votes)
        if rule == "majority":
            return self._most(votes, "")
        return self._parties(votes)

    def _chair_says(self, votes: str, party: str) -> str:
        for elector, vote in zip(self.ballot.electors, votes, strict=True):
            gone = vote == "c" or (vote == "-" and elector.absent)
            if elector.chair and elector.party in (party, party or elector.party) and not gone:
                return vote
        return ""

    def _together(self, votes: str) -> str:
        if "n" in votes:
            return "no"
        if "p" in votes:
            return "postpone"
        quiet = [e for e, v in zip(self.ballot.electors, votes, strict=True) if v == "-" and not e.absent]
        return "yes" if "y" in votes and not quiet else "no-quorum"

    def _most(self, votes: str, party: str) -> str:
        mine = [v for e, v in zip(self.ballot.electors, votes, strict=True) if not party or e.party == party]
        y, n, p = mine.count("y"), mine.count("n"), mine.count("p")
        if y + n + p == 0:
            return "no-quorum"
        if y > n + p:
            return "yes"
        if n > y + p:
            return "no"
        if p > y + n:
            return "postpone"
        voice = self._chair_says(votes, party) if self.ballot.casting else ""
        if (voice == "y" and y >= n and y >= p) or (voice == "n" and n >= y and n >= p):
            return LETTERS[voice]
        return "postpone" if voice == "p" and p >= y and p >= n else "tie"

    def _parties(self, votes: str) -> str:
        sides = [self._most(votes, party) for party in sorted({e.party for e in self.ballot.electors})]
        for strongest in ("no-quorum", "no", "tie", "postpone"):
            if strongest in sides:
                return strongest
        return "yes"

    def continuations(self, votes: str) -> Iterator[str]:
        choices = [STATES if v == "-" and not e.absent else v for e, v in zip(self.ballot.electors, votes, strict=True)]
        return ("".join(one) for one in product(*choices))

    def now(self, votes: str) -> str:
        """Before closing."""
        if self.ballot.rule == "each-party":
            parties = {e.party for e in self.ballot.electors}
            if any(len({self._most(one, party) for one in self.continuations(votes)}) > 1 for party in parties):
                return "open"
        reachable = {self._ends(one, votes) for one in self.continuations(votes)}
        return reachable.pop() if len(reachable) == 1 else "open"

    def _ends(self, full: str, votes: str) -> str:
        """Those who answered first decide by `any`: the string is in order of elector, so what was said stays first."""
        if self.ballot.rule != "any":
            return self.closed(full)
        first = [v for v in votes if v in "ynp"]
        return LETTERS[first[0]] if first else self.closed(full)


def small_ballots(size: int) -> Iterator[Ballot]:
    """Every kind of small body; of four electors those with a chair and a deputy, all present."""
    chairs: list[tuple[int, ...]] = [(), (1,), (1, 2)] if size < 4 else [(1, 2)]
    absences: list[tuple[int, ...]] = [(), (1,), (size,)] if size < 4 else [()]
    quorums = [None, 2, 3] if size < 4 else [None, 3]
    for rule, chair, absent in product(Rule, chairs, absences):
        counted = rule in (Rule.MAJORITY, Rule.UNANIMOUS, Rule.EACH_PARTY)
        cast = rule in (Rule.MAJORITY, Rule.EACH_PARTY)
        for quorum, casting in product(quorums if counted else [None], [False, True] if cast else [False]):
            yield Ballot(rule, body(size, chairs=chair, absent=absent, parties="ab"), quorum, casting)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_all_small_constellations(size: int) -> None:
    tried = 0
    for ballot in small_ballots(size):
        oracle = Oracle(ballot)
        for letters in product(STATES, repeat=size):
            votes = "".join(letters)
            assert str(count(ballot, said(votes), closing=True).decision) == oracle.closed(votes), (ballot, votes)
            assert str(count(ballot, said(votes), closing=False).decision) == oracle.now(votes), (ballot, votes)
            tried += 1
    assert tried >= 6**size * 5


# --- properties of bodies of any size -----------------------------------------------------------------------------
ballots = st.builds(
    lambda rule, marks, quorum, casting: Ballot(
        rule,
        tuple(Elector(n, chair, party, absent) for n, (chair, party, absent) in enumerate(marks, 1)),
        quorum,
        casting,
    ),
    st.sampled_from(Rule),
    st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.booleans()), min_size=1, max_size=12),
    st.none() | st.integers(1, 12),
    st.booleans(),
)
votes_of_some = st.lists(
    st.builds(Vote, st.integers(1, 13), st.sampled_from(MEANINGS)), max_size=14, unique_by=lambda vote: vote.person
)


def _silent(ballot: Ballot, votes: Sequence[Vote]) -> list[int]:
    voted = {vote.person for vote in votes}
    return [one.person for one in ballot.electors if one.person not in voted]


@given(ballot=ballots, votes=votes_of_some, closing=st.booleans(), pick=st.integers(0, 20))
def test_one_more_yes_never_takes_a_yes_away(ballot: Ballot, votes: list[Vote], closing: bool, pick: int) -> None:
    if count(ballot, votes, closing=closing).decision is not Decision.YES:
        return
    silent = _silent(ballot, votes)
    if silent:
        more = [*votes, Vote(silent[pick % len(silent)], "yes")]
        assert count(ballot, more, closing=closing).decision is Decision.YES
    against = [vote for vote in votes if vote.meaning == "no"]
    if against:  # somebody comes round
        changed = [Vote(v.person, "yes") if v is against[pick % len(against)] else v for v in votes]
        assert count(ballot, changed, closing=closing).decision is Decision.YES


@given(ballot=ballots, votes=votes_of_some, last=st.lists(st.sampled_from([*MEANINGS, ""]), min_size=12, max_size=12))
def test_what_is_decided_before_closing_stays_whatever_the_others_say(
    ballot: Ballot, votes: list[Vote], last: list[str]
) -> None:
    now = count(ballot, votes, closing=False)
    awaited = [p for p in _silent(ballot, votes) if not ballot.electors[p - 1].absent]
    after = [*votes, *(Vote(person, said) for person, said in zip(awaited, last, strict=False) if said)]
    if now.decision is not Decision.OPEN:
        assert count(ballot, after, closing=False).decision is now.decision
        assert count(ballot, after, closing=True).decision is now.decision
    assert count(ballot, after, closing=True).decision is not Decision.OPEN


@given(ballot=ballots, votes=votes_of_some)
def test_open_is_really_open(ballot: Ballot, votes: list[Vote]) -> None:
    now = count(ballot, votes, closing=False)
    if now.decision is not Decision.OPEN:
        return
    awaited = [p for p in _silent(ballot, votes) if not ballot.electors[p - 1].absent]
    assert awaited
    if now.why is VoteWhy.PARTY_AWAITED:
        return
    ends = {
        count(ballot, [*votes, *(Vote(person, meaning) for person in awaited)], closing=True).decision
        for meaning in MEANINGS
    }
    assert len({*ends, count(ballot, votes, closing=True).decision}) > 1


@given(ballot=ballots, votes=votes_of_some)
def test_tallies_are_of_the_electors(ballot: Ballot, votes: list[Vote]) -> None:
    found = count(ballot, votes, closing=True)
    for tally in found.tallies:
        size = tally.yes + tally.no + tally.postponed + tally.abstained + tally.conflicted + tally.silent
        assert size == sum(1 for one in ballot.electors if not tally.party or one.party == tally.party)
