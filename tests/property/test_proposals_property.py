"""Long random histories of proposals: late, double, forged, out of order; nothing is lost, doubled or contradicted."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsvc.cases import agenda_store, digests, store
from mailsvc.cases.model import Answered, Applied, NotNow, Result
from mailsvc.clock import Instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.people import presence_store
from mailsvc.store.database import Tx
from tests import tools
from tests.property.test_cases_property import Life, Move
from workflows.proposal.examples import FORM
from workflows.proposal.model import Proposal

WHAT = ("answer", "answer", "answer", "said", "digest", "digest", "forged", "undo", "time", "late", "away", "ask")
TEXTS = (FORM, FORM, FORM, "1", "2", "no", "It costs nothing.", "Deputy: karin@example.net", "Address: cataloguing", "")
STEPS = 2_000 if tools.SOAK else 60


def moves(seed: int) -> list[Move]:
    """What happens: drawn from a seed, because a list of thousands is more than one example can be made of."""
    dice = Random(seed)
    return [
        Move(dice.choice(WHAT), dice.randrange(8), dice.randrange(12), replay=dice.random() < 0.3) for _ in range(STEPS)
    ]


class LongLife(Life):
    """A proposal with digests, texts, forged answers and absences."""

    def said(self, move: Move) -> None:
        """A form or a text comes back, whatever it says."""
        asked = [q for q in self.house.do(lambda tx: store.questions_of(tx, self.case_id)) if q.kind in TAKES]
        if asked:
            one = asked[move.who % len(asked)]
            answered = Answered(one.kind, TAKES[one.kind], one.person_id, text=TEXTS[move.pick % len(TEXTS)])
            self.decide(one.id, answered)

    def digest(self, move: Move) -> None:
        """The next digest goes out; a second run writes none."""
        waiting = self.house.do(agenda_store.all_due)
        if not waiting:
            return
        group, due = waiting[move.pick % len(waiting)]
        if due > self.house.clock.now():
            self.house.pass_time(microseconds=int(due - self.house.clock.now()))
        self.house.do(lambda tx: digests.send(tx, self.house.engine, group, due))
        assert self.house.do(lambda tx: digests.send(tx, self.house.engine, group, due)) == 0

    def forged(self, move: Move) -> None:
        """A yes to a question that is settled or was never open changes nothing that was decided."""
        closed = [q for q in self.house.do(lambda tx: store.questions_of(tx, self.case_id)) if q.state == "void"]
        if closed:
            one = closed[move.who % len(closed)]
            word = Answered(one.kind, "yes", one.person_id)
            cause = self.new_cause(one.person_id)
            assert isinstance(self.house.do(lambda tx: self.house.engine.answer(tx, one.id, word, cause)), NotNow)

    def voted(self, question: QuestionId, person: PersonId) -> Result:
        """A yes."""
        cause = self.new_cause(person)
        return self.house.do(
            lambda tx: self.house.engine.answer(tx, question, Answered("decide", "yes", person), cause)
        )

    def away(self, move: Move) -> None:
        """Karin or Per is away for some days."""
        who = [self.house.people.karin, self.house.people.per][move.who % 2]
        until = Instant(self.house.clock.now() + (move.pick + 1) * 24 * 3600 * 1_000_000)
        self.house.do(lambda tx: absent(tx, who, until))


TAKES = {"fill": "filled", "assign": "said", "answer": "said", "which": "said"}


def absent(tx: Tx, who: PersonId, until: Instant) -> None:
    presence_store.note_absence(tx, who, until, None)


@pytest.mark.parametrize("variant", [0, 1, 2])
@settings(max_examples=3 if tools.SOAK else 6, deadline=None)
@given(seed=st.integers(0, 1_000_000))
def test_a_long_life(variant: int, seed: int) -> None:
    life = LongLife("proposal", variant, "5 min")
    try:
        for move in moves(seed):
            before = life.case()
            life.move(move)
            after = life.case()
            assert isinstance(before.data, Proposal)
            assert isinstance(after.data, Proposal)
            assert after.data.at >= before.data.at, "a step that was done is not done again"
            assert not (before.data.approved and not after.data.approved), "a yes stands"
            made = life.house.count("SELECT count(*) FROM groups WHERE kind = 'network'")
            assert made == 1 + int(after.state == "established")
    finally:
        life.house.close()


def test_both_outcomes_are_reached() -> None:
    """The shortest way to a network: the table leads there, and only a yes makes it."""
    life = LongLife("proposal", 2, "5 min")
    for kind in ("accept",):
        for one in life.house.do(lambda tx: store.questions_of(tx, life.case_id)):
            if one.kind == kind:
                life.decide(one.id, Answered(kind, "yes", one.person_id))
    assert life.case().state == "deciding"
    life.digest(Move("digest"))
    for one in life.house.do(lambda tx: store.questions_of(tx, life.case_id)):
        if one.kind == "decide":
            assert isinstance(life.voted(one.id, one.person_id), Applied)
    assert life.case().state == "decided"
    life.house.pass_time(hours=1)
    life.timers(Move("timers"))
    assert life.case().state == "established"
    life.house.close()
