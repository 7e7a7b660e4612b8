"""Becoming and ceasing to be a member: capacity, the waiting list that moves by itself, the letters that say so."""

from __future__ import annotations

from lists import store
from lists.model import Group, Membership
from lists.values import group_values
from mailsvc.cases import store as cases
from mailsvc.cases.model import Case, Cause
from mailsvc.ids import AddressId, PersonId
from mailsvc.message.address import Address
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient


class Admission:
    """Lets people in and out of groups."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._config = registry.site.config

    def admit(
        self, tx: Tx, group: Group, person_id: PersonId, address_id: AddressId, cause: Cause, case: Case | None
    ) -> bool:
        """Make a person a member, or put them on the waiting list of a full group; whether they are in."""
        if store.membership(tx, group.id, person_id) is not None:
            return True
        capacity = group.settings.capacity
        full = bool(capacity) and store.count_members(tx, group.id) >= capacity
        store.insert_membership(
            tx, group.id, person_id, address_id, "member", "each", state="waiting" if full else "active"
        )
        person = people.by_id(tx, person_id)
        if full:
            place = store.count_waiting(tx, group.id)
            self._letter(tx, group, person, "join/waiting-list", cause, case, place=place)
        else:
            self._letter(tx, group, person, "join/welcome", cause, case, name=person.name)
        return not full

    def leave(self, tx: Tx, membership: Membership, cause: Cause) -> None:
        """End a membership; who has waited longest takes the place."""
        store.end_membership(tx, membership.id)
        if membership.moderates:
            cases.void_of_person(tx, membership.person_id, membership.group_id, "moderate")
        self.promote(tx, store.group(tx, membership.group_id), cause)

    def promote(self, tx: Tx, group: Group, cause: Cause) -> None:
        """Move the waiting list up as far as there is room."""
        capacity = group.settings.capacity
        while (waiting := store.longest_waiting(tx, group.id)) is not None:
            if capacity and store.count_members(tx, group.id) >= capacity:
                return
            store.activate(tx, waiting.id)
            person = people.by_id(tx, waiting.person_id)
            self._letter(tx, group, person, "join/welcome", cause, None, name=person.name)

    def allowed(self, _tx: ReadTx, group: Group, address: Address) -> bool:
        """Whether the address is in one of the group's allowed domains, or a part of one; no list allows all."""
        domains = [domain.lower() for domain in group.settings.allow_domains]
        domain = address.ascii_domain
        return not domains or any(domain == one or domain.endswith(f".{one}") for one in domains)

    def _letter(
        self, tx: Tx, group: Group, person: Person, letter: str, cause: Cause, case: Case | None, **values: object
    ) -> None:
        outgoing.letter(
            tx,
            self._registry.site,
            Recipient(person.address, person.language, person.id),
            letter,
            {"group": group_values(group, self._config), **values},
            cause=cause.inbox_id,
            case_id=case.id if case else None,
            group_id=group.id,
        )
