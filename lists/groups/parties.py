"""Parties of joint bodies: groups of their own, whose addresses and letters the other side does not see.

A group is a party of a joint one when its setting `party_of` names it. A joint group's spokespersons speak for the
party that they belong to.
"""

from __future__ import annotations

from typing import Final

from lists import store
from lists.alias_store import group_at
from lists.model import Group, Settings
from mailsvc.errors import CommandError
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx

JOINT: Final = "joint"
SPOKESPERSON: Final = "spokesperson"
OF_JOINT: Final = ("party_of", "next_level")  # settings that name another group


def parties(tx: ReadTx, joint: Group) -> list[Group]:
    """The parties of a joint group, by name; none for any other group."""
    if joint.kind != JOINT:
        return []
    return [one for one in store.groups(tx) if one.open and one.settings.party_of == joint.name]


def parties_of_people(tx: ReadTx, joint: Group) -> dict[PersonId, Group]:
    """To which party of a joint group each person belongs; nobody who belongs to several of them speaks for any."""
    found: dict[PersonId, Group] = {}
    several: set[PersonId] = set()
    for party in parties(tx, joint):
        for one in store.members(tx, party.id):
            if one.active and found.setdefault(one.person_id, party) is not party:
                several.add(one.person_id)
    return {person: party for person, party in found.items() if person not in several}


def next_level(tx: ReadTx, group: Group) -> Group | None:
    """Where a group's matters go that are lifted: its setting `next_level`, else the group that established it."""
    named = group_at(tx, group.settings.next_level) if group.settings.next_level else None
    if named is None and group.established_by is not None:
        named = store.group(tx, group.established_by)
    return named if named is not None and named.open and named.id != group.id else None


def checked(tx: ReadTx, settings: Settings, *, name: str = "") -> Settings:
    """Settings whose groups are there, under the names they have now; CommandError says what is wrong."""
    changed = {key: _named(tx, key, getattr(settings, key), name) for key in OF_JOINT if getattr(settings, key)}
    return Settings(**{**{key: getattr(settings, key) for key in Settings.__struct_fields__}, **changed})


def _named(tx: ReadTx, key: str, text: str, own: str) -> str:
    group = group_at(tx, text.lower())
    if group is None or not group.open:
        raise CommandError(f'{key}: there is no group "{text}"')
    if key == "party_of" and group.kind != JOINT:
        raise CommandError(f"{key}: {group.name} is no joint group, and only those have parties")
    if group.name == own:
        raise CommandError(f"{key}: that is the group itself")
    return group.name
