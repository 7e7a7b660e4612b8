"""Long random histories of proposals: late, double, forged, out of order, with people away and the process dying
between any two steps; no decision is lost, doubled or contradicted, and the log of each case folds to its state."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsvc.cases import agenda_store, digests, question_store
from mailsvc.cases.engine import UNDO
from mailsvc.cases.model import Answered, Applied, Case, NotNow, Question, Result
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.people import presence_store
from mailsvc.store.database import Tx
from tests import tools
from tests.cases_kit import House, config
from tests.makers.proposal import VALUES
from tests.property.test_cases_property import Life, Move
from workflows.proposal.kind import FINAL
from workflows.proposal.model import Proposal

STEPS = 2_000 if tools.SOAK else 150
OPEN_AT_ONCE = 3
TEXTS = ("1", "2", "no", "It costs nothing.", "Deputy: karin@example.net", "Address: cataloguing", "")
TAKES = {"fill": "filled", "assign": "said", "answer": "said", "which": "said"}
# What people would say who want it to go on; the others say anything.
KEEN = {"accept": "yes", "advice": "recommend", "hear": "yes", "decide": "yes", "establish": "yes"}
WHAT = (
    *("keen", "keen", "keen", "keen", "answer", "said", "digest", "digest", "forged", "undo", "time", "time", "late"),
    *("timers", "away", "ask", "comment", "withdraw", "restart", "restart"),
)


def moves(seed: int) -> list[Move]:
    """What happens: drawn from a seed, because a list of thousands is more than one example can be made of."""
    dice = Random(seed)
    return [
        Move(dice.choice(WHAT), dice.randrange(8), dice.randrange(12), replay=dice.random() < 0.3) for _ in range(STEPS)
    ]


class Proposed(Life):
    """One proposal with digests, texts, forged answers and absences."""

    number = 0

    def questions(self) -> list[Question]:
        return self.house.do(lambda tx: question_store.questions_of(tx, self.case_id))

    def form(self) -> str:
        """A form with everything in it, for an address that nobody else asks for."""
        whole = {**VALUES, "address": f"maps-{self.number}", "name": f"Maps {self.number}"}
        labels = {"name": "Name", "address": "Address", "motivation": "Motivation", "work_questions": "Work questions"}
        labels |= {"moderator": "Moderator", "deputy": "Deputy"}
        return "\n".join(f"{label}: {whole[key]}" for key, label in labels.items()) + "\n"

    def keen(self, move: Move) -> None:
        """Somebody who is asked and wants it to go on answers so."""
        asked = [q for q in self.questions() if q.state == "open" and q.kind != UNDO]
        if not asked:
            self.time(Move("time", move.who, 9 + move.pick % 3))
            return
        one = asked[move.who % len(asked)]
        texts = {"fill": self.form(), "which": "proposal", "assign": "1", "answer": "It costs nothing."}
        meaning = KEEN.get(one.kind) or TAKES[one.kind]
        self.decide(one.id, Answered(one.kind, meaning, one.person_id, text=texts.get(one.kind, "")))

    def said(self, move: Move) -> None:
        """A form or a text comes back, whatever it says."""
        asked = [q for q in self.questions() if q.kind in TAKES]
        if asked:
            one = asked[move.who % len(asked)]
            said = (self.form(), *TEXTS)[move.pick % (1 + len(TEXTS))]
            self.decide(one.id, Answered(one.kind, TAKES[one.kind], one.person_id, text=said))

    def digest(self, move: Move) -> None:
        """The next digest goes out; a second run writes none."""
        waiting = self.house.do(agenda_store.all_due)
        if not waiting:
            return
        group, due = waiting[move.pick % len(waiting)]
        if due > self.house.clock.now():
            self.house.pass_time(microseconds=int(due - self.house.clock.now()))
        self.house.do(lambda tx: digests.send(tx, self.house.engine, group, due))
        self.house.restart()
        assert self.house.do(lambda tx: digests.send(tx, self.house.engine, group, due)) == 0

    def forged(self, move: Move) -> None:
        """A yes to a question that is settled or was never open changes nothing that was decided."""
        closed = [q for q in self.questions() if q.state == "void"]
        if closed:
            one = closed[move.who % len(closed)]
            word = Answered(one.kind, "yes", one.person_id)
            cause = self.new_cause(one.person_id)
            assert isinstance(self.house.do(lambda tx: self.house.engine.answer(tx, one.id, word, cause)), NotNow)

    def voted(self, asked: Question) -> Result:
        """A yes."""
        word, cause = Answered(asked.kind, "yes", asked.person_id), self.new_cause(asked.person_id)
        return self.house.do(lambda tx: self.house.engine.answer(tx, asked.id, word, cause))

    def away(self, move: Move) -> None:
        """Karin or Per is away for some days."""
        who = [self.house.people.karin, self.house.people.per][move.who % 2]
        until = Instant(self.house.clock.now() + (move.pick + 1) * 24 * 3600 * 1_000_000)
        self.house.do(lambda tx: absent(tx, who, until))

    def restart(self, move: Move) -> None:
        """The process dies; nothing is different, and the next thing that happens is another mail."""
        before = self.case()
        self.house.restart()
        assert self.case() == before
        self.keen(move)


def absent(tx: Tx, who: PersonId, until: Instant) -> None:
    presence_store.note_absence(tx, who, until, None)


class History:
    """A house in which one proposal follows another, a few at a time."""

    def __init__(self, variant: int, undo: str) -> None:
        self.house = House(config(undo))
        self.variant = variant
        self.lives: list[Proposed] = []
        self.ended: Counter[str] = Counter()
        self.seen: set[str] = set()
        self.closed: dict[int, Case] = {}

    def living(self) -> list[Proposed]:
        """Those that are open; new ones come as others end."""
        found = [one for one in self.lives if int(one.case_id) not in self.closed]
        while len(found) < OPEN_AT_ONCE:
            number = len(self.lives)
            life = Proposed("proposal", self.variant + number, "", self.house, key=f"history-{number}")
            life.number = number
            self.lives.append(life)
            found.append(life)
        return found

    def play(self, move: Move) -> None:
        living = self.living()
        before = {one.case_id: one.case() for one in living}
        # now and then to one that has ended: late answers, forged ones, the same mail again
        touched = self.lives[move.pick % len(self.lives)] if move.who == 7 else living[(move.who + move.pick) % 3]
        touched.move(move)
        for life in living:
            self.compare(before[life.case_id], life.case())
        self.established()

    def compare(self, before: Case, after: Case) -> None:
        assert isinstance(before.data, Proposal)
        assert isinstance(after.data, Proposal)
        assert after.data.at >= before.data.at, "a step that was done is not done again"
        assert not (before.data.approved and not after.data.approved), "a yes stands"
        votes = {(one.person, one.meaning) for one in before.data.votes}
        same = before.state == after.state and before.data.at == after.data.at and before.version == after.version
        assert not same or votes == {(one.person, one.meaning) for one in after.data.votes}, "a vote is not lost"
        self.seen.add(after.state)
        if after.closed_at is not None:
            self.ended[after.state] += 1
            self.closed[int(after.id)] = after

    def established(self) -> None:
        """As many networks as decisions for one, whatever came twice."""
        made = self.house.count("SELECT count(*) FROM groups WHERE kind = 'network'")
        assert made == 1 + self.ended["established"]

    def finish(self) -> None:
        """In the end everything that had ended is as it was then, and every log tells how."""
        self.house.restart()
        for life in self.lives:
            case = life.case()
            life.check(case)
            ended = self.closed.get(int(case.id))
            if ended is not None:
                assert (case.state, case.data, case.closed_at) == (ended.state, ended.data, ended.closed_at)
                assert case.state in FINAL


@pytest.mark.parametrize("variant", [0, 1, 2, 3])
@settings(max_examples=8 if tools.SOAK else 2, deadline=None)
@given(seed=st.integers(0, 1_000_000), undo=st.sampled_from(["0 min", "5 min"]))
def test_a_long_history(variant: int, seed: int, undo: str) -> None:
    history = History(variant, undo)
    try:
        for move in moves(seed):
            history.play(move)
        history.finish()
    finally:
        history.house.close()


def test_histories_get_everywhere() -> None:
    """A history that never came to a decision would prove nothing about decisions."""
    seen: set[str] = set()
    ended: Counter[str] = Counter()
    for seed in (1, 2):
        history = History(0, "5 min")
        for move in moves(seed)[:400]:
            history.play(move)
        history.finish()
        seen |= history.seen
        ended += history.ended
        history.house.close()
    assert ended["established"] > 0
    assert len(ended) > 1
    assert {"form", "nominating", "assigning", "preparing", "hearing", "deciding", "decided", "establishing"} <= seen


def test_both_outcomes_are_reached() -> None:
    """The shortest way to a network: the table leads there, and only a yes makes it."""
    life = Proposed("proposal", 2, "5 min")
    for one in life.questions():
        if one.kind == "accept":
            life.decide(one.id, Answered("accept", "yes", one.person_id))
    assert life.case().state == "deciding"
    life.digest(Move("digest"))
    for one in life.questions():
        if one.kind == "decide":
            assert isinstance(life.voted(one), Applied)
    assert life.case().state == "decided"
    life.house.restart()
    life.house.pass_time(hours=1)
    life.timers(Move("timers"))
    assert life.case().state == "established"
    life.house.close()
