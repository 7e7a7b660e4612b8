"""Becoming and ceasing to be a member: capacity, the waiting list that moves by itself, the letters that say so."""

from __future__ import annotations

from lists import store
from lists.arrivals import members_changed
from lists.model import ANY_MEMBER, Group, Membership
from lists.values import group_values
from mailsvc.cases import question_store
from mailsvc.cases.model import Case, Cause
from mailsvc.ids import AddressId, PersonId
from mailsvc.message.address import Address
from mailsvc.people import store as people
from mailsvc.people.choice_store import calendar_address
from mailsvc.people.organisation_store import fold_name
from mailsvc.people.organisations import organisation_at, site_day
from mailsvc.people.store import Person
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values


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
            self._letter(tx, group, person, "join/welcome", cause, case, **self._welcome(tx, person))
            members_changed(self._registry, tx, group.id, cause)
        return not full

    def leave(self, tx: Tx, membership: Membership, cause: Cause) -> None:
        """End a membership; who has waited longest takes the place."""
        store.end_membership(tx, membership.id)
        if membership.moderates:
            question_store.void_of_person(tx, membership.person_id, membership.group_id, "moderate")
            tx.wake("daily")
        self.promote(tx, store.group(tx, membership.group_id), cause)
        members_changed(self._registry, tx, membership.group_id, cause)

    def promote(self, tx: Tx, group: Group, cause: Cause) -> None:
        """Move the waiting list up as far as there is room."""
        capacity = group.settings.capacity
        while (waiting := store.longest_waiting(tx, group.id)) is not None:
            if capacity and store.count_members(tx, group.id) >= capacity:
                return
            store.activate(tx, waiting.id)
            person = people.by_id(tx, waiting.person_id)
            self._letter(tx, group, person, "join/welcome", cause, None, **self._welcome(tx, person))
            members_changed(self._registry, tx, group.id, cause)

    def allowed(self, tx: ReadTx, group: Group, address: Address) -> bool:
        """Whether whoever writes from an address may join today.

        One of the allowed domains, or a part of one, is enough, and so is one of the allowed organisations while it is
        a member; where neither is set, everybody may.
        """
        domains, names = group.settings.allow_domains, group.settings.allow_organisations
        if not domains and not names:
            return True
        domain = address.ascii_domain
        if any(domain == one.lower() or domain.endswith(f".{one.lower()}") for one in domains):
            return True
        found = organisation_at(tx, address, site_day(tx.now, self._config)) if names else None
        return found is not None and (ANY_MEMBER in names or fold_name(found.name) in {fold_name(one) for one in names})

    def refusal(self, group: Group) -> Values:
        """What the letter to somebody who may not join says: the group, and whose people may."""
        names = group.settings.allow_organisations
        return {
            "group": group_values(group, self._config),
            "any_member": ANY_MEMBER in names,
            "organisations": [one for one in names if one != ANY_MEMBER],
        }

    def _welcome(self, tx: ReadTx, person: Person) -> Values:
        return {"name": person.name, "calendar": calendar_address(tx, self._registry.site, person.id)}

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
