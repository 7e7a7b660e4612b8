"""Random lives of cases: whatever comes, in whatever order and how often, nothing raises and nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsvc.cases import ask_store, log, question_store, timer_store
from mailsvc.cases.engine import UNDO
from mailsvc.cases.model import Answered, Applied, Case, Cause, NotNow, Question, Result, Takes, Withdrawn
from mailsvc.cases.reading.model import VOCABULARIES
from mailsvc.cases.timers import fire
from mailsvc.clock import Instant
from mailsvc.ids import CaseId, PersonId, QuestionId
from mailsvc.store.database import Tx
from tests import tools
from tests.cases_kit import MAKERS, House, config


@dataclass(frozen=True)
class Move:
    """Something that may happen: `who` and `pick` choose among the people and questions that there are then."""

    what: str
    who: int = 0
    pick: int = 0
    replay: bool = False


MOVES = st.builds(
    Move,
    st.sampled_from(["answer", "answer", "answer", "undo", "time", "late", "timers", "withdraw", "comment", "ask"]),
    st.integers(0, 3),
    st.integers(0, 11),
    st.booleans(),
)


class Life:
    """One case in one house, and what was done to it."""

    def __init__(self, kind: str, variant: int, undo: str, house: House | None = None, key: str = "test") -> None:
        self.house = house or House(config(undo))
        self.case_id = self.house.open(kind, variant, key)
        self.ends = 0
        self.mails = 0
        self.done: list[Callable[[Tx], Result]] = []

    def case(self) -> Case:
        return self.house.do(lambda tx: self.house.engine.case(tx, self.case_id))

    def new_cause(self, person: PersonId | None) -> Cause:
        self.mails += 1
        return Cause(f"mail:{self.mails}", None, person)

    def move(self, move: Move) -> None:
        before = self.case()
        getattr(self, move.what)(move)
        after = self.case()
        for unit in self.done[-1:] if move.replay else ():
            again = self.house.do(unit)  # the same mail once more finds nothing to do
            assert not isinstance(again, Applied)
            assert self.case() == after
        if before.closed_at is not None:
            assert (after.state, after.data, after.closed_at) == (before.state, before.data, before.closed_at)
        self.ends += int(before.closed_at is None and after.closed_at is not None)
        self.check(after)

    # ---- what may happen

    def answer(self, move: Move) -> None:
        asked = self.house.do(lambda tx: question_store.questions_of(tx, self.case_id))
        asked = [one for one in asked if one.kind != UNDO]
        if not asked:
            return
        one = asked[move.who % len(asked)]
        kind = self.house.registry.kinds[self.case().kind]
        asked_so = kind.questions[one.kind]
        own = {Takes.WORDS: (), Takes.TEXT: ("said",), Takes.FORM: ("filled",)}[asked_so.takes]
        meanings = (*VOCABULARIES[asked_so.vocabulary].meanings, *own)
        meaning = str(meanings[move.pick % len(meanings)])
        answered = Answered(one.kind, meaning, one.person_id, text="Because.")
        self.decide(one.id, answered)

    def undo(self, move: Move) -> None:
        asked = [q for q in self.house.do(lambda tx: question_store.questions_of(tx, self.case_id)) if q.kind == UNDO]
        if not asked:
            return
        one = asked[move.who % len(asked)]
        self.decide(one.id, Answered(UNDO, UNDO, one.person_id))

    def decide(self, question: QuestionId, answered: Answered) -> None:
        cause = self.new_cause(answered.person)

        def unit(tx: Tx) -> Result:
            result = self.house.engine.answer(tx, question, answered, cause)
            if isinstance(result, Applied) and result.undo_until is not None:
                self.house.engine.ask_undo(tx, question_store.question(tx, question).case_id, answered.person)
            return result

        self.done.append(unit)
        self.house.do(unit)

    def time(self, move: Move) -> None:
        self.house.pass_time(minutes=1 << move.pick)
        self.timers(move)

    def late(self, move: Move) -> None:
        """The clock was stopped for weeks; then everything is due at once."""
        self.house.pass_time(days=3 * move.pick)
        self.timers(move)

    def timers(self, _move: Move) -> None:
        due = self.house.do(timer_store.due_timers)
        for timer in (*due, *due):  # each fires twice: after a restart nobody knows which did
            self.house.do(lambda tx, timer=timer: fire(self.house.engine, tx, timer))  # type: ignore[misc]

    def withdraw(self, move: Move) -> None:
        if move.pick == 0:  # rarely, since it ends most cases
            cause = self.new_cause(None)
            self.done.append(lambda tx: self.house.engine.apply(tx, self.case_id, Withdrawn(), cause))
            self.house.do(self.done[-1])

    def comment(self, move: Move) -> None:
        who = [self.house.people.karin, self.house.people.per][move.who % 2]
        cause = self.new_cause(who)
        self.house.do(lambda tx: self.house.engine.comment(tx, self.case_id, who, "Hm.", cause))

    def ask(self, move: Move) -> None:
        """A letter is sent again."""
        rows = self.house.raw.execute("SELECT outgoing_id FROM ask ORDER BY id").fetchall()
        letter = rows[move.pick % len(rows)][0] if rows else None
        if letter is not None:

            def unit(tx: Tx) -> None:
                ask = ask_store.ask_of_letter(tx, letter)
                assert ask is not None
                self.house.engine.repeat(tx, ask, self.new_cause(None))

            self.house.do(unit)

    # ---- what must hold, always

    def check(self, case: Case) -> None:
        house = self.house
        kind = house.registry.kinds[case.kind]
        assert self.ends <= 1
        assert (case.closed_at is not None) == (case.state in kind.final)
        assert house.do(lambda tx: log.problem(tx, kind, case, house.working_days)) is None
        count = house.count
        if case.closed_at is not None:
            mine = {"case": int(self.case_id)}
            assert count("SELECT count(*) FROM question WHERE case_id = :case AND state = 'open'", **mine) == 0
            assert count("SELECT count(*) FROM timer WHERE case_id = :case", **mine) == 0
        else:
            assert count("SELECT count(*) FROM timer WHERE case_id = :case", case=int(self.case_id)) > 0
        assert count("SELECT count(*) FROM outgoing WHERE kind = 'post'") <= 1
        for subject in ("sven", "anna"):
            assert (
                count(
                    "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM membership m JOIN address a"
                    " ON a.id = m.address_id WHERE a.folded = :who AND m.ended_at IS NULL GROUP BY m.group_id)",
                    who=f"{subject}@example.net",
                )
                <= 1
            )
        assert (
            count(
                "SELECT count(*) FROM event WHERE state IN ('posted', 'rejected', 'discarded', 'joined', 'declined')"
                " GROUP BY case_id ORDER BY 1 DESC"
            )
            if count("SELECT count(*) FROM event WHERE state IN ('posted', 'rejected', 'discarded', 'joined')")
            else 0
        ) <= 1


@pytest.mark.parametrize("kind", sorted(MAKERS))
@settings(max_examples=2_000 if tools.SOAK else 50)
@given(variant=st.integers(0, 3), undo=st.sampled_from(["0 min", "5 min"]), moves=st.lists(MOVES, max_size=25))
def test_random_lives(kind: str, variant: int, undo: str, moves: list[Move]) -> None:
    life = Life(kind, variant, undo)
    try:
        life.check(life.case())
        for move in moves:
            life.move(move)
    finally:
        life.house.close()


def test_every_kind_has_an_example() -> None:
    house = House()
    assert set(MAKERS) == set(house.registry.kinds), "tests/cases_kit.py needs a maker for every kind of case"
    house.close()


def both_asked(life: Life) -> list[Question]:
    return life.house.do(lambda tx: [q for q in question_store.questions_of(tx, life.case_id) if q.kind == "moderate"])


@pytest.mark.parametrize("undo", ["0 min", "5 min"])
@pytest.mark.parametrize(("kind", "variant"), [("held-post", 0), ("join-request", 2)])
def test_two_moderators_at_the_same_moment(kind: str, variant: int, undo: str) -> None:
    """Both answers are handled in one batch: the first decides, the second is told so."""
    life = Life(kind, variant, undo)
    first, second = both_asked(life)
    engine = life.house.engine

    def unit(tx: Tx) -> tuple[Result, Result]:
        return (
            engine.answer(tx, first.id, Answered("moderate", "yes", first.person_id), Cause("mail:1")),
            engine.answer(tx, second.id, Answered("moderate", "no", second.person_id), Cause("mail:2")),
        )

    one, two = life.house.do(unit)
    assert isinstance(one, Applied)
    assert two == NotNow("closed")
    life.check(life.case())
    decided = life.house.do(lambda tx: question_store.decided_by(tx, life.case_id, "moderate"))
    assert decided is not None
    assert (decided["answer"], decided["person_id"]) == ("yes", first.person_id)
    life.house.close()


def test_the_same_mail_twice_decides_once() -> None:
    life = Life("held-post", 0, "0 min")
    first, _ = both_asked(life)
    answered, cause = Answered("moderate", "wait", first.person_id), Cause("mail:1")
    results = [life.house.do(lambda tx: life.house.engine.answer(tx, first.id, answered, cause)) for _ in range(2)]
    assert [type(one).__name__ for one in results] == ["Applied", "SeenBefore"]
    assert life.house.count("SELECT count(*) FROM event WHERE kind = 'moderate:wait'") == 1
    life.house.close()


def test_a_timer_that_was_moved_does_not_fire_at_its_old_time() -> None:
    life = Life("held-post", 0, "5 min")
    first, _ = both_asked(life)
    life.house.do(lambda tx: timer_store.set_timer(tx, life.case_id, "end", life.house.clock.now(), 1))
    old = life.house.do(timer_store.due_timers)
    later = Instant(life.house.clock.now() + 10)
    life.house.do(lambda tx: timer_store.set_timer(tx, life.case_id, "end", later, 1))
    assert [life.house.do(lambda tx, one=one: fire(life.house.engine, tx, one)) for one in old] == [False]  # type: ignore[misc]
    assert life.case().state == "waiting"
    assert first.state == "open"
    life.house.close()


def test_a_timer_after_its_case_ended_does_no_harm() -> None:
    life = Life("leave", 0, "0 min")
    life.house.do(lambda tx: life.house.engine.apply(tx, life.case_id, Withdrawn(), Cause("w")))
    life.house.do(lambda tx: timer_store.set_timer(tx, CaseId(life.case_id), "unconfirmed", life.house.clock.now(), 1))
    (timer,) = life.house.do(timer_store.due_timers)
    assert life.house.do(lambda tx: fire(life.house.engine, tx, timer))
    assert life.case().state == "stayed"
    assert life.house.do(timer_store.next_timer) is None
    life.house.close()
