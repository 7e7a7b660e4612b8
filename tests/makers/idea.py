"""Living ideas: with a name and without, before a group and before the operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workflows.idea.case import Idea
from workflows.idea.week import IdeaList

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def _ideas(house: House) -> Made:
    who = house.people
    idea = Idea(
        title="Lamps",
        text="More light.",
        anonymous=False,
        person=who.anna,
        name="Anna",
        address="anna@example.net",
        language="en",
        group_id=int(who.group),
        body=False,
        operators=(),
        inbox_id=0,
        maybe_proposal=False,
        follow_up_days=120,
    )
    nameless: dict[str, object] = {"anonymous": True, "person": None, "name": "", "address": ""}
    changes: list[dict[str, object]] = [{}, {"body": True}, nameless, {"maybe_proposal": True}, {"follow_up_days": 0}]
    made: Made = [(msgspec.structs.replace(idea, **change), int(who.group), "") for change in changes]
    return [*made, (msgspec.structs.replace(idea, group_id=None, operators=(who.sven,)), None, "")]


def _lists(house: House) -> Made:
    return [(IdeaList((1, 2), house.clock.now(), (int(house.people.group),)), None, "")]


MAKERS = {"idea": _ideas, "idea-list": _lists}
