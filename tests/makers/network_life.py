"""Living cases of the life of a network: successions, vacancies, yearly letters, mergers, wind-downs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lists import store as lists_store
from lists.model import Settings
from mailsvc.ids import GroupId
from mailsvc.store.database import Tx
from workflows.health.case import Health
from workflows.merging.case import Merging
from workflows.succession.case import Succession
from workflows.vacancy.case import Vacancy
from workflows.winding_down.case import WindDown

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def group(house: House, name: str, kind: str) -> GroupId:
    """Another group, with Karin as chair and Per as member, or as moderator and deputy of a network."""

    def unit(tx: Tx) -> GroupId:
        made = lists_store.group_named(tx, name)
        if made is not None:
            return made.id
        new = lists_store.insert_group(
            tx,
            name,
            kind=kind,
            title=name.capitalize(),
            language="en",
            post="members",
            join="closed",
            settings=Settings(),
            established_by=None,
        )
        roles = ("moderator", "deputy") if kind == "network" else ("chair", "member")
        for person, role in zip((house.people.karin, house.people.per), roles, strict=True):
            row = tx.one("SELECT id FROM address WHERE person_id = :id", id=person)
            assert row is not None
            lists_store.insert_membership(tx, new, person, row["id"], role, "each")
        return new

    return house.do(unit)


def _successions(house: House) -> Made:
    who = house.people
    data = Succession(
        group_id=who.group,
        group=house.group_values,
        role="moderator",
        by=who.karin,
        by_name="Karin",
        person=who.anna,
        name="Anna",
        address="anna@example.net",
        instead_of=who.karin,
        instead_name="Karin",
        establishers=group(house, "preparation", "preparation"),
    )
    vacant = Succession(
        who.group,
        house.group_values,
        "deputy",
        who.karin,
        "Karin",
        who.anna,
        "Anna",
        "anna@example.net",
        confirmed=True,
    )
    return [(data, who.group, "moderator"), (vacant, who.group, "deputy")]


def _vacancies(house: House) -> Made:
    who = house.people
    body = group(house, "leadership", "leadership")
    asked = Vacancy(who.group, house.group_values, "deputy", body, others=True)
    return [(asked, who.group, "deputy"), (Vacancy(who.group, house.group_values, "moderator"), who.group, "moderator")]


def _health(house: House) -> Made:
    who = house.people
    data = Health(
        group_id=who.group,
        group=house.group_values,
        members=3,
        posts=12,
        meetings=0,
        unanswered=1,
        since=0,
        asked=(who.karin, who.per),
        body=group(house, "leadership", "leadership"),
        body_title="Leadership",
    )
    alone = Health(who.group, house.group_values, 3, 0, 0, 0, 0, resting=True)
    return [(data, who.group, ""), (alone, who.group, "")]


def _mergers(house: House) -> Made:
    who = house.people
    other = group(house, "serials", "network")
    data = Merging(
        group_id=who.group,
        group=house.group_values,
        into_id=other,
        into={**house.group_values, "name": "serials", "title": "Serials"},
        here=(who.karin,),
        there=(who.per,),
        members=3,
        into_members=2,
        by=who.karin,
        by_name="Karin",
        agreed=(who.karin,),
    )
    nobody = Merging(who.group, house.group_values, other, house.group_values, (), (who.per,), 3, 2)
    return [(data, who.group, ""), (nobody, who.group, "")]


def _wind_downs(house: House) -> Made:
    who = house.people
    body = group(house, "leadership", "leadership")
    made: Made = []
    for asked, hears in ((body, True), (body, False), (0, False)):
        data = WindDown(
            group_id=who.group,
            group=house.group_values,
            by=who.karin,
            by_name="Karin",
            members=3,
            page="https://networks.example.org/g/cataloguing",
            reason="Nobody writes any more.",
            body=asked,
            body_title="Leadership" if asked else "",
            hears=hears,
        )
        made.append((data, who.group, ""))
    return made


MAKERS = {
    "succession": _successions,
    "vacancy": _vacancies,
    "health": _health,
    "merging": _mergers,
    "wind-down": _wind_downs,
}
