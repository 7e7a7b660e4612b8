"""Whether an answer counts: every combination of the facts, against what the design promises of all of them."""

from __future__ import annotations

import itertools

import pytest

from mailsvc.cases.judge import Act, AnswerFacts, Demand, judge
from mailsvc.ids import PersonId

ASKED, OTHER = PersonId(1), PersonId(2)
FLAGS = (False, True)
ALL = [
    AnswerFacts(ASKED, sender, from_ok, d, automatic, confirmation, signed, on_behalf, demand)
    for sender, from_ok, d, automatic, confirmation, signed, on_behalf, demand in itertools.product(
        (ASKED, OTHER, None), FLAGS, ("pass", "unknown", "weak", "fail"), FLAGS, FLAGS, FLAGS, FLAGS, Demand
    )
]


def accepted() -> list[AnswerFacts]:
    return [facts for facts in ALL if judge(facts).act is Act.ACCEPT]


def test_only_the_person_who_was_asked_is_counted() -> None:
    for facts in accepted():
        assert facts.sender == ASKED
        assert facts.from_ok
        assert not facts.automatic
        assert facts.d != "fail"


@pytest.mark.parametrize("demand", list(Demand))
def test_what_is_demanded_is_there(demand: Demand) -> None:
    counted = [facts for facts in accepted() if facts.demand is demand]
    assert counted
    for facts in counted:
        assert facts.confirmation or demand is not Demand.USUAL or facts.d != "weak"
        assert demand is not Demand.SIGNED or facts.signed
        assert demand is not Demand.PROVEN or facts.d == "pass"
        assert demand is Demand.USUAL or not facts.on_behalf


def test_what_is_asked_back_would_count_once_it_is_confirmed() -> None:
    """A claim or challenge never opens for a mail that lacks what its question demands."""
    for facts in ALL:
        if judge(facts).act in (Act.CLAIM, Act.CHALLENGE):
            assert facts.demand is not Demand.SIGNED or facts.signed
            assert facts.demand is not Demand.PROVEN or facts.d == "pass"
            assert facts.from_ok


def test_more_is_never_demanded_for_less() -> None:
    """What counts where a signature is demanded, and is D pass, counts where less is."""
    for facts in accepted():
        if facts.demand is Demand.SIGNED and facts.d == "pass":
            for less in (Demand.USUAL, Demand.PROVEN):
                again = AnswerFacts(
                    facts.asked,
                    facts.sender,
                    facts.from_ok,
                    facts.d,
                    facts.automatic,
                    facts.confirmation,
                    facts.signed,
                    facts.on_behalf,
                    less,
                )
                assert judge(again).act is Act.ACCEPT
