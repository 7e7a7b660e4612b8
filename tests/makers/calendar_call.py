"""Living cases of calls from a calendar, in each of their open states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lists import store as lists_store
from lists.values import group_values
from mailsvc.clock import Instant
from tests.makers.meeting import TOLD
from workflows.meeting.call import CONFIRM, MODERATORS
from workflows.meeting.outside import outside_store
from workflows.meeting.outside.call import KIND, CalendarCall
from workflows.meeting.outside.reading import as_plan
from workflows.meeting.outside.series import Wanted
from workflows.meeting.plan import House, Question

if TYPE_CHECKING:
    from tests.cases_kit import House as TestHouse
    from tests.cases_kit import Made


def _calls(house: TestHouse) -> Made:
    people, config = house.people, house.site.config
    group = house.do(lambda tx: group_values(lists_store.group(tx, people.group), config))
    wanted = (Wanted(TOLD.starts, TOLD),)
    made: Made = []
    for uid, right, asks in (
        ("first", CONFIRM, ()),
        ("second", MODERATORS, ()),
        ("third", CONFIRM, (Question("when", "how_often"),)),
    ):
        number = house.do(
            lambda tx, uid=uid: outside_store.insert(  # type: ignore[misc]
                tx, people.group, people.anna, uid, "anna@example.org", "maps@networks.example.org", 0, Instant(0)
            )
        )
        data = CalendarCall(
            people.group,
            group,
            people.anna,
            "Anna Berg",
            "en",
            right,
            3,
            House(),
            "Maps",
            "",
            asks=asks,
            plan=None if asks else as_plan(wanted, House()),
            outside=number,
            wanted=wanted,
            there=(people.anna,),
        )
        made.append((data, people.group, "call"))
    return made


MAKERS: Final = {KIND: _calls}
