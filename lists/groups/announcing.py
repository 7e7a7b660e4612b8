"""Announcements: a letter of ours to everybody in a group, rendered once per language, one copy per member."""

from __future__ import annotations

from lists import store
from lists.groups import announce_store
from lists.groups.effects import Announce
from lists.values import group_values
from mailsvc.cases.model import Case, Cause
from mailsvc.ids import GroupId
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import Tx


class Announcing:
    """Runs the effect."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def announce(self, tx: Tx, case: Case, effect: Announce, cause: Cause) -> None:
        """One letter per language; To is the group's address, so members' rules and folders know it."""
        group = store.group(tx, effect.group)
        values = {"group": group_values(group, self._registry.site.config), **effect.values, "case": case.id}
        for language in announce_store.languages(tx, group.id, effect.roles, effect.but):
            number = outgoing.letter_to_many(
                tx,
                self._registry.site,
                language,
                effect.letter,
                {**values, "to_group": f"{group.name}@{self._registry.site.config.site.domain}"},
                cause=cause.inbox_id,
                case_id=case.id,
                group_id=group.id,
            )
            announce_store.address_to(tx, number, GroupId(effect.group), language, effect.roles, effect.but)
