"""Who sees what of a group, on pages and in answers: one rule for the audiences of `model.AUDIENCES`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lists.directory import entry_store
from lists.model import AUDIENCES, MODERATING, Group
from mailsvc.config import Config
from mailsvc.ids import PersonId
from mailsvc.message.address import fold
from mailsvc.people import store as people
from mailsvc.people.organisations import organisation_of, site_day
from mailsvc.registry import Visitor
from mailsvc.store.database import ReadTx


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see: whether as staff, and their roles by group."""

    staff: bool
    roles: Mapping[int, str]

    def sees(self, group: Group, *audiences: str) -> bool:
        """Whether the group's entry, and what has the further `audiences`, is for them."""
        return all(self._reaches(group, one) for one in (group.settings.audience, *audiences))

    def documents(self, group: Group) -> bool:
        """Whether its documents are for them."""
        return self.sees(group, group.settings.documents)

    def moderates(self, group: Group) -> bool:
        """Whether they are moderator or deputy there."""
        return self.roles.get(group.id) in MODERATING

    def _reaches(self, group: Group, audience: str) -> bool:
        if group.settings.party_of:  # a party's group is its own members' alone, whatever its settings say
            return group.id in self.roles and (audience != "moderators" or self.moderates(group))
        if audience == "public" or self.moderates(group):
            return True
        if audience not in AUDIENCES or audience == "moderators":
            return False
        return group.id in self.roles or (audience == "staff" and self.staff)


def of_visitor(tx: ReadTx, visitor: Visitor) -> Sight:
    """What somebody at a page may see."""
    return Sight(visitor.staff, entry_store.roles_of(tx, visitor.person) if visitor.person is not None else {})


def of_person(tx: ReadTx, config: Config, person: PersonId) -> Sight:
    """What somebody may see who is known by mail."""
    return Sight(is_staff(tx, config, person), entry_store.roles_of(tx, person))


NOTHING = Sight(staff=False, roles={})


def is_staff(tx: ReadTx, config: Config, person: PersonId) -> bool:
    """Whether somebody belongs to the site's people.

    Where organisations have been entered: one of them that is a member today. Where none has: a place in any group.
    The operators always.
    """
    operators = {fold(one) for one in config.site.operators}
    if any(one.folded in operators for one in people.addresses(tx, person)):
        return True
    if entry_store.has_organisations(tx):
        return organisation_of(tx, person, site_day(tx.now, config)) is not None
    return bool(entry_store.roles_of(tx, person))
