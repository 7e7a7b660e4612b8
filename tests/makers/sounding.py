"""Living questions to a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from mailsvc.clock import DAY
from workflows.sounding.case import Sounding

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def _soundings(house: House) -> Made:
    who, now = house.people, house.clock.now()
    asked = Sounding(
        group_id=who.group,
        group=house.group_values,
        asker_address="sven@example.net",
        asker_language="en",
        asker_person=who.sven,
        asker_name="Sven",
        subject="The new catalogue",
        text="What hinders you most?",
        until=now + 10 * DAY,
        remind_at=now + 5 * DAY,
    )
    shapes = (
        asked,
        msgspec.structs.replace(asked, way="confirm", anonymous=True),
        msgspec.structs.replace(asked, way="allow", share=True),
    )
    return [(one, who.group, "sven@example.net") for one in shapes]


MAKERS = {"sounding": _soundings}
