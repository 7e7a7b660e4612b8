"""Making groups and members by the operator's word: what is checked before anything is written."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Final

import msgspec

from lists import store
from lists.alias_store import group_at
from lists.groups import parties
from lists.groups.organising import checked_all
from lists.groups.settings import line
from lists.model import Group, Settings
from lists.words.addresses import name_problem
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.ids import GroupId
from mailsvc.message.address import Address, parse_address
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.store.database import ReadTx, Tx

# How one joins when nothing else is said: a network's moderator decides, a circle takes whoever confirms, the others'
# members are appointed.
JOIN_OF_KIND: Final = {"network": "moderated", "circle": "confirm"}
JOIN_OTHERWISE: Final = "closed"
DEFAULTS: Final = Settings()


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to be made; "" where the default of its kind or of the site holds."""

    name: str
    kind: str
    title: str = ""
    language: str = ""
    post: str = "members"
    join: str = ""
    moderators: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    established_by: str = ""
    settings: Settings = DEFAULTS


def found(tx: Tx, config: Config, new: NewGroup) -> GroupId:
    """Make the group with its moderators and deputies; CommandError where it cannot be."""
    name = new.name.lower()
    problem = name_problem(name, store.names(tx))
    if problem:
        raise CommandError(problem)
    language = new.language or config.site.language
    names = checked_all(tx, new.settings.allow_organisations)
    group_id = store.insert_group(
        tx,
        name,
        kind=new.kind,
        title=line("title", new.title) if new.title else name.replace("-", " ").replace(".", " ").capitalize(),
        language=language,
        post=new.post,
        join=new.join or JOIN_OF_KIND.get(new.kind, JOIN_OTHERWISE),
        settings=parties.checked(tx, msgspec.structs.replace(new.settings, allow_organisations=names), name=name),
        established_by=group_named(tx, new.established_by).id if new.established_by else None,
    )
    for role, addresses in (("moderator", new.moderators), ("deputy", new.deputies)):
        for text in addresses:
            enrol(tx, group_id, outside(config, text), name="", role=role, delivery="each", language=language)
    return group_id


def enrol(tx: Tx, group_id: GroupId, address: Address, *, name: str, role: str, delivery: str, language: str) -> Person:
    """Make the person of an address a member; the operator vouches for the address. CommandError when one already."""
    shown = line("name", name) if name else ""
    person = people.ensure(tx, address, name=shown, language=language, verified=True)
    present = store.membership(tx, group_id, person.id)
    if present is not None and not present.active:  # the operator opens the door to who stands before it
        store.activate(tx, present.id)
        store.set_role(tx, present.id, role)
        return person
    if present is not None:
        raise CommandError(f"{address} is in that group already, as {present.role}")
    known = people.address(tx, address.folded)
    assert known is not None
    store.insert_membership(tx, group_id, person.id, known.id, role, delivery)
    return person


def outside(config: Config, text: str) -> Address:
    """`text` as an address of a person; CommandError when it is none or one of the service's own (5-quality)."""
    address = parse_address(text.strip())
    if address is None:
        raise CommandError(f'"{text}" is not a mail address')
    if address.ascii_domain in config.domains:
        raise CommandError(f"{address} is an address of this service, and those cannot be members")
    return address


def group_named(tx: ReadTx, name: str) -> Group:
    """The group of this name or alias; CommandError when there is none."""
    group = group_at(tx, name.lower())
    if group is None:
        near = difflib.get_close_matches(name.lower(), sorted(store.names(tx)), n=1)
        raise CommandError(f'there is no group "{name}"{f"; did you mean {near[0]}?" if near else ""}')
    return group
