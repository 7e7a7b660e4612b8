"""What the cases of other packages do to groups: make and close them, give roles, change entries. Run in the deciding
transaction, so that a decision and what it means are there together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from lists import store
from lists.arrivals import members_changed
from lists.groups import closing, closing_store
from lists.groups.founding import JOIN_OF_KIND, JOIN_OTHERWISE
from lists.members.admission import Admission
from lists.model import Settings
from lists.values import group_values
from mailsvc.cases import question_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.ids import GroupId, PersonId
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient, Values


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """Make a group with its people. `entry` are settings of its directory entry (purpose, work_questions, channels).

    `members` beside moderator and deputy join at once; everybody gets the letter `letter` of their new role.
    """

    name: str
    kind: str
    title: str
    language: str
    moderator: PersonId
    deputy: PersonId | None = None
    members: tuple[PersonId, ...] = ()
    established_by: int | None = None
    join: str = ""
    entry: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CloseGroup:
    """The group is closed: its address says so, its archive and history stay."""

    group: int


@dataclass(frozen=True, slots=True)
class StateOf:
    """The group rests, or is open again; a resting group takes posts, and nothing is asked of it."""

    group: int
    state: str


@dataclass(frozen=True, slots=True)
class SetRole:
    """A person has this role in a group from now on, as a member if they were none.

    `instead_of`: whoever had the role becomes a member.
    """

    group: int
    person: PersonId
    role: str
    instead_of: PersonId | None = None


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A person becomes a member, or comes on the waiting list, and is welcomed."""

    group: int
    person: PersonId


@dataclass(frozen=True, slots=True)
class SetEntry:
    """Settings of a group's directory entry."""

    group: int
    entry: Values


@dataclass(frozen=True, slots=True)
class Announce:
    """Write a letter of the case to everybody in a group, in each one's language; it takes no answer by token."""

    group: int
    letter: str
    values: Values = field(default_factory=dict)
    roles: tuple[str, ...] = ()  # none: everybody
    but: tuple[PersonId, ...] = ()  # who has a letter of their own about it


class GroupEffects:
    """Runs them."""

    def __init__(self, registry: Registry, engine: Engine, admission: Admission) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config
        self._admission = admission

    def create(self, tx: Tx, case: Case, effect: CreateGroup, cause: Cause) -> None:
        """The group exists at once, with its roles, its tie and its entry; each of its people gets a letter."""
        group_id = store.insert_group(
            tx,
            effect.name,
            kind=effect.kind,
            title=effect.title,
            language=effect.language,
            post="members",
            join=effect.join or JOIN_OF_KIND.get(effect.kind, JOIN_OTHERWISE),
            settings=msgspec.convert(dict(effect.entry), Settings),
            established_by=GroupId(effect.established_by) if effect.established_by else None,
        )
        group = store.group(tx, group_id)
        roles = [(effect.moderator, "moderator")]
        roles += [(effect.deputy, "deputy")] if effect.deputy is not None else []
        roles += [(person, "member") for person in effect.members]
        for person_id, role in roles:
            if store.membership(tx, group_id, person_id) is not None:
                continue
            person = people.by_id(tx, person_id)
            known = people.address(tx, person.folded)
            assert known is not None
            store.insert_membership(tx, group_id, person_id, known.id, role, "each")
            values = {"group": group_values(group, self._config), "role": role, "name": person.name}
            self._letter(tx, person_id, "join/new-group", values, case, cause, group_id)
        members_changed(self._registry, tx, int(group_id), cause)

    def close(self, tx: Tx, _case: Case, effect: CloseGroup, cause: Cause) -> None:
        """Its address says so from now on; what waited for its moderators ends."""
        closing.close(tx, self._engine, store.group(tx, effect.group), cause)

    def set_state(self, tx: Tx, _case: Case, effect: StateOf, _cause: Cause) -> None:
        """Resting, or open again."""
        closing_store.set_state(tx, GroupId(effect.group), effect.state)

    def set_role(self, tx: Tx, _case: Case, effect: SetRole, cause: Cause) -> None:
        """Whoever loses a moderating role is asked nothing in it any more."""
        group_id = GroupId(effect.group)
        person = people.by_id(tx, effect.person)
        known = people.address(tx, person.folded)
        assert known is not None
        membership = store.insert_membership(tx, group_id, effect.person, known.id, effect.role, "each")
        store.activate(tx, membership) if _waits(tx, group_id, effect.person) else None
        store.set_role(tx, membership, effect.role)
        before = store.membership(tx, group_id, effect.instead_of) if effect.instead_of is not None else None
        if before is not None and before.person_id != effect.person:
            store.set_role(tx, before.id, "member")
            question_store.void_of_person(tx, before.person_id, group_id, "moderate")
        members_changed(self._registry, tx, effect.group, cause)

    def add(self, tx: Tx, case: Case, effect: AddPerson, cause: Cause) -> None:
        """As after any other yes to joining."""
        person = people.by_id(tx, effect.person)
        known = people.address(tx, person.folded)
        assert known is not None
        self._admission.admit(tx, store.group(tx, effect.group), effect.person, known.id, cause, case)

    def set_entry(self, tx: Tx, _case: Case, effect: SetEntry, _cause: Cause) -> None:
        """Keys are those of `group set`."""
        group = store.group(tx, effect.group)
        merged = {**msgspec.to_builtins(group.settings), **effect.entry}
        store.set_settings(tx, group.id, msgspec.convert(merged, Settings))

    def _letter(
        self, tx: Tx, person: PersonId, letter: str, values: Values, case: Case, cause: Cause, group: GroupId
    ) -> None:
        to = people.by_id(tx, person)
        recipient = Recipient(to.address, to.language, to.id)
        outgoing.letter(
            tx,
            self._registry.site,
            recipient,
            letter,
            {**values, "case": case.id},
            cause=cause.inbox_id,
            case_id=case.id,
            group_id=group,
        )


def _waits(tx: Tx, group_id: GroupId, person: PersonId) -> bool:
    known = store.membership(tx, group_id, person)
    return known is not None and not known.active
