"""Living actions, and a mail that notes some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from mailsvc.cases.actions import moments
from workflows.action.case import Action
from workflows.action.listing import ActionList, Listed

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def _actions(house: House) -> Made:
    who = house.people
    given = Action(
        text="Book a room",
        person=who.anna,
        name="Anna",
        moments=moments(None, house.clock.now(), house.site.config),
        group_id=who.group,
        group=house.group_values,
        body=False,
        overdue_days=2,
        again_days=10,
        giver=who.karin,
        giver_name="Karin",
        giver_address="karin@example.net",
        giver_language="en",
    )
    own = msgspec.structs.replace(given, group_id=None, group={}, giver=who.anna)
    in_digest = msgspec.structs.replace(given, body=True)
    return [(given, who.group, "case:1"), (own, None, "case:1"), (in_digest, who.group, "case:1")]


def _lists(house: House) -> Made:
    who = house.people
    items = (Listed("Book a room", who.anna, "Anna", "2026-12-20"), Listed("Write", who.karin, "Karin", "2026-12-21"))
    return [
        (ActionList(who.group, house.group_values, who.karin, proven, items), who.group, "") for proven in (False, True)
    ]


MAKERS = {"action": _actions, "action-list": _lists}
