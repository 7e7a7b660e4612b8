"""Living matters of joint bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workflows.joint.counting import Position
from workflows.joint.model import Earlier, JointMatter

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def _matters(house: House) -> Made:
    who = house.people
    raised = JointMatter(
        body=who.group,
        group=house.group_values,
        title="Working hours in summer",
        text="Shall we begin at seven from June to August?",
        by=who.karin,
        by_name="Karin",
    )
    lifted = msgspec.structs.replace(
        raised,
        sort="development",
        responsible=who.per,
        responsible_name="Per",
        earlier=(Earlier("Department", 7, house.clock.now(), (Position("union", "Union", "lift", "Up."),)),),
    )
    return [(one, who.group, "") for one in (raised, lifted)]


MAKERS = {"joint-matter": _matters}
