"""A living case of what a person asks about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lists.members.own_data import OwnData

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def _own_data(house: House) -> Made:
    items = ({"what": "log"}, {"what": "others"}, {"what": "backups"})
    return [
        (OwnData("export", house.people.anna), None, ""),
        (OwnData("erase", house.people.anna, ("Cataloguing network",), items), None, ""),
        (OwnData("export", house.people.anna, two=True, seconds=(house.people.karin, house.people.per)), None, ""),
    ]


MAKERS = {"own-data": _own_data}
