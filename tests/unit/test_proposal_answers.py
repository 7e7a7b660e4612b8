"""What proposals need of the engine: a role is followed by the operators, and delegating in a body's digest."""

from __future__ import annotations

from mailsvc.cases import agenda_store, ladder, question_store
from mailsvc.cases.model import Answered, Applied, Audience, Cause
from mailsvc.ids import CaseId
from mailsvc.store.database import Tx
from tests.cases_kit import House


def test_a_role_at_the_end_of_its_ladder_raises_nothing() -> None:
    """A question to a secretary that nobody answers goes to the operators, where there are any."""
    house = House()
    case_id = house.open("held-post")

    def unit(tx: Tx) -> bool:
        case = house.engine.case(tx, case_id)
        return ladder.hand_over(house.engine, tx, case, "moderate", "secretary", Cause("t"))

    assert house.do(unit) is False
    assert house.do(lambda tx: house.engine.resolve(tx, Audience(house.people.group, "secretary"))) == []
    house.close()


def test_a_matter_of_a_body_knows_whose_agenda_it_is_on() -> None:
    """Whom one can delegate to is found by the body, since a proposal belongs to no group yet."""
    house = House()
    case_id = house.open("proposal", 2)
    for one in house.do(lambda tx: question_store.questions_of(tx, case_id)):
        cause = Cause(f"yes:{one.id}", None, one.person_id)
        yes = Answered("accept", "yes", one.person_id)
        result = house.do(lambda tx, one=one, yes=yes, cause=cause: house.engine.answer(tx, one.id, yes, cause))  # type: ignore[misc]
        assert isinstance(result, Applied)
    group = house.do(lambda tx: agenda_store.group_of(tx, case_id, "decide"))
    assert group is not None
    assert house.do(lambda tx: agenda_store.group_of(tx, CaseId(case_id), "hear")) is None
    names = house.do(lambda tx: [one.name for one in house.engine.colleagues(tx, group, but=house.people.karin)])
    assert "Per" in names
    house.close()
