"""Answers to a meeting arrive in any order and more than once; what counts in the end is always the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailsvc.cases.model import Answered, Cause
from mailsvc.clock import SECOND, Instant
from tests.cases_kit import House
from workflows.meeting import invitee_store, store
from workflows.meeting.answering.arrived import CALENDAR, Arrived
from workflows.meeting.mailing import Mailing
from workflows.meeting.meetings import Meetings
from workflows.meeting.plan import Plan, Time

STARTS: Final = 1_796_299_200_000_000
FIRST: Final = 1_795_000_000_000_000

answers = st.lists(
    st.tuples(
        st.sampled_from(("yes", "no", "maybe")),
        st.sampled_from((None, 0, 1, 7)),
        st.integers(0, 3),
        st.sampled_from(("", "late", "soon")),
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    made = House()
    yield made
    made.close()


@given(said=answers, data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_repetition_gives_the_same_answer(
    house: House, said: list[tuple[str, int | None, int, str]], data: st.DataObject
) -> None:
    again = data.draw(st.permutations(said + said[:2]))
    assert _counted(house, said) == _counted(house, list(again)) == _counted(house, sorted(said, key=repr))


def _counted(house: House, said: list[tuple[str, int | None, int, str]]) -> tuple[str, str]:
    """PARTSTAT and comment of Per after these answers to a new meeting; each is a mail of its own."""
    meetings = Meetings(house.registry, house.engine, Mailing(house.site))
    person = house.people.per
    made = house.count("SELECT count(*) FROM meeting")
    plan = Plan("Maps", (Time(STARTS, STARTS + 5_400 * SECOND),))
    (number,) = house.do(
        lambda tx: meetings.open(tx, house.people.group, house.people.anna, plan, Cause(f"test:{made}"))
    )
    case = house.do(lambda tx: store.meeting(tx, number).case_id)
    for place, (meaning, sequence, second, text) in enumerate(said):
        how = Arrived(CALENDAR, sequence, Instant(FIRST + second * SECOND)).write()
        event = Answered("rsvp", meaning, person, how, text)
        cause = Cause(f"test:{made}:{place}", None, person)
        house.do(lambda tx, event=event, cause=cause: meetings.answered(tx, case, event, cause))  # type: ignore[misc]
    found = house.do(lambda tx: invitee_store.invitee(tx, number, person))
    assert found is not None
    return found.partstat, found.comment
