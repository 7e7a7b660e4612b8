"""The log of a case: folded again it gives the case, and what was changed in it is seen."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from mailsvc.cases import log, question_store, store
from mailsvc.cases.model import Answered, Applied, Cause, Fired
from mailsvc.ids import CaseId, PersonId, QuestionId
from mailsvc.store.database import Tx
from tests.cases_kit import MAKERS, House, config


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.close()


def problem(house: House, case_id: CaseId) -> str | None:
    def unit(tx: Tx) -> str | None:
        case = house.engine.case(tx, case_id)
        return log.problem(tx, house.registry.kinds[case.kind], case, house.working_days)

    return house.do(unit)


def question(house: House, case_id: CaseId, person: PersonId) -> QuestionId:
    asked = house.do(lambda tx: question_store.questions_of(tx, case_id))
    return next(one.id for one in asked if one.person_id == person)


def decided(house: House, meaning: str = "no", text: str = "Wrong network, Sven.") -> CaseId:
    """A held post that Karin has decided about."""
    case_id = house.open("held-post")
    karin = house.people.karin
    answered = Answered("moderate", meaning, karin, text=text)
    asked = question(house, case_id, karin)
    result = house.do(lambda tx: house.engine.answer(tx, asked, answered, Cause("mail:9", None, karin)))
    assert isinstance(result, Applied)
    return case_id


@pytest.mark.parametrize("undo", ["0 min", "5 min"])
@pytest.mark.parametrize("meaning", ["yes", "always", "no", "discard"])
def test_folding_gives_state_and_data(undo: str, meaning: str) -> None:
    house = House(config(undo))
    case_id = decided(house, meaning)
    house.do(lambda tx: house.engine.apply(tx, case_id, Fired("act"), Cause("late")))
    folded = house.do(lambda tx: log.fold(house.registry.kinds["held-post"], log.read(tx, case_id), house.working_days))
    case = house.do(lambda tx: house.engine.case(tx, case_id))
    assert folded.state == case.state
    assert folded.data == case.data
    assert getattr(folded.data, "decision_reason", None) == "Wrong network, Sven."
    assert problem(house, case_id) is None
    house.close()


def test_another_undo_since_then_changes_nothing(house: House) -> None:
    """The log tells what happened then, whatever the configuration says today."""
    case_id = decided(house)
    lines = house.do(lambda tx: log.read(tx, case_id))
    other = House(config("1 h"))
    assert log.fold(other.registry.kinds["held-post"], lines, other.working_days).state == "rejected"
    other.close()


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_new_case_of_every_kind_folds(kind: str) -> None:
    for variant in range(4):
        house = House()
        assert problem(house, house.open(kind, variant)) is None
        house.close()


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE event SET kind = 'moderate:yes' WHERE seq = 2", 2),
        ("UPDATE event SET state = 'posted' WHERE seq = 2", 2),
        ("UPDATE event SET actor_id = 3 WHERE seq = 2", 2),
        ("UPDATE event SET at = at + 1 WHERE seq = 1", 1),
        ('UPDATE event SET evidence = \'{"d":"pass"}\' WHERE seq = 2', 2),
        ("UPDATE event SET data = replace(data, '\"no\"', '\"yes\"') WHERE seq = 2", 2),
        ("UPDATE event SET inbox_id = 99 WHERE seq = 1", 1),
        ("UPDATE event SET prev_hash = x'00' WHERE seq = 2", 2),
        ("UPDATE event SET hash = x'00' WHERE seq = 1", 1),
        ("UPDATE event_text SET text = 'Welcome, Sven.' WHERE seq = 2", 2),
        ("UPDATE event_text SET salt = x'00' WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 1", 2),
    ],
)
def test_what_was_changed_breaks_the_chain(house: House, statement: str, line: int) -> None:
    case_id = decided(house)
    assert house.do(lambda tx: store.broken_at(tx, case_id)) is None
    house.do(lambda tx: tx.execute(statement))
    assert house.do(lambda tx: store.broken_at(tx, case_id)) == line
    assert problem(house, case_id) == f"the log was changed: line {line} does not fit its chain"


def test_a_line_cut_off_at_the_end_is_missed(house: House) -> None:
    case_id = decided(house)
    house.do(lambda tx: tx.execute("DELETE FROM event WHERE seq = 2"))
    assert house.do(lambda tx: store.broken_at(tx, case_id)) is None  # the chain alone cannot know
    assert problem(house, case_id) == "the log has 1 lines, the case says 2"


def test_a_case_that_was_moved_by_hand_is_seen(house: House) -> None:
    case_id = decided(house)
    house.do(lambda tx: tx.execute("UPDATE cases SET state = 'posted'"))
    assert problem(house, case_id) == "the log leads to rejected, the case says posted"


def test_data_changed_by_hand_is_seen(house: House) -> None:
    case_id = decided(house)
    house.do(lambda tx: tx.execute("UPDATE cases SET data = replace(data, 'Wrong', 'Right')"))
    assert problem(house, case_id) == "the log leads to other data than the case has"


def test_erasing_what_people_wrote_leaves_the_log_valid(house: House) -> None:
    case_id = decided(house)
    house.do(lambda tx: tx.execute("DELETE FROM event_text"))
    assert house.do(lambda tx: store.broken_at(tx, case_id)) is None
    assert problem(house, case_id) is None
    folded = house.do(lambda tx: log.fold(house.registry.kinds["held-post"], log.read(tx, case_id), house.working_days))
    assert (folded.state, folded.data) == ("rejected", None)


def test_the_log_itself_holds_nobodys_words(house: House) -> None:
    """Promise 13: personal text lies beside the log, not in it."""
    case_id = decided(house)
    karin, other = house.people.karin, house.open("held-post", key="other")
    house.do(lambda tx: house.engine.comment(tx, other, karin, "Sven?", Cause("c")))
    rows = house.raw.execute("SELECT * FROM event").fetchall()
    assert len(rows) >= 3
    everything = " ".join(str(value) for row in rows for value in tuple(row))
    for word in ("Sven", "sven", "Wrong network", "May I ask", "example.net", "Karin"):
        assert word not in everything
    assert case_id


def test_a_table_that_does_not_lead_there_is_told(house: House) -> None:
    case_id = decided(house)
    lines = house.do(lambda tx: log.read(tx, case_id))
    kind = house.registry.kinds["held-post"]
    wrong = [lines[0], changed(lines[1], "posted")]
    with pytest.raises(log.LogError, match=r"line 2: moderate:no does not lead to posted"):
        log.fold(kind, wrong, house.working_days)
    with pytest.raises(log.LogError, match=r"line 1: opened leads from new nowhere|line 2"):
        log.fold(kind, lines[1:], house.working_days)


def changed(line: log.Logged, state: str) -> log.Logged:
    return log.Logged(line.case_id, line.seq, line.at, line.event, state, line.actor_name, line.begun_with)


def test_events_are_kept_as_they_were() -> None:
    event = Answered("moderate", "no", PersonId(3), "", "")
    assert msgspec.json.decode(msgspec.json.encode(event), type=Answered) == event
