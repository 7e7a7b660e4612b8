"""Living questions that a network lifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workflows.raised.bodies import Body
from workflows.raised.case import Raised
from workflows.raised.lifted import Lifted

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def _raised(house: House) -> Made:
    who = house.people
    body = Body(int(who.group), "cataloguing", "Cataloguing network", "preparation")
    question = Raised(
        group_id=int(who.group),
        group=house.group_values,
        person=who.karin,
        name="Karin",
        address="karin@example.net",
        language="en",
        title="Maps",
        text="Who pays?",
        known=(body,),
        to=(body,),
        people=3,
        moderates=True,
        proven=False,
    )
    changes: list[dict[str, object]] = [{}, {"proven": True}, {"to": ()}, {"moderates": False}]
    return [(msgspec.structs.replace(question, **change), int(who.group), "") for change in changes]


def _lifted(house: House) -> Made:
    who = house.people
    data = Lifted(
        network=int(who.group),
        group=house.group_values,
        body=int(who.group),
        body_title="Cataloguing network",
        person=who.karin,
        name="Karin",
        address="karin@example.net",
        language="en",
        title="Maps",
        text="Who pays?",
    )
    return [(data, int(who.group), "case:1")]


MAKERS = {"raised": _raised, "lifted": _lifted}
