"""Somebody's mail program answers that they do not work there any more: the moderators are asked for a successor."""

from __future__ import annotations

from lists import store
from lists.values import group_values
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Audience
from mailsvc.ids import PersonId
from mailsvc.message.absence import Absence
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient, Values

LETTER = "delivery/departed"


class Departed:
    """See Registry.departed. Nothing is changed: a notice is information, and may be wrong."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine

    def register(self) -> None:
        """What it hears of."""
        self._registry.departed.append(self.tell)

    def tell(self, tx: Tx, person_id: PersonId, absence: Absence) -> None:
        """One letter to the moderators of each of their groups, with what the notice says and the lines that help."""
        person = people.by_id(tx, person_id)
        own = [one.id for one in people.addresses(tx, person_id)]
        contact = absence.contact
        if contact is not None and people.by_address(tx, contact.folded) == person:
            contact = None
        for group_id in store.groups_of_addresses(tx, own):
            group = store.group(tx, group_id)
            values: Values = {
                "group": group_values(group, self._registry.site.config),
                "who": person.shown,
                "address": person.address,
                "said": absence.words,
                "contact": str(contact) if contact is not None else "",
                "leads": person_id in store.with_roles(tx, group_id, ("moderator", "deputy")),
            }
            for moderator in self._engine.resolve(tx, Audience(group_id)):
                if moderator != person_id:
                    to = people.by_id(tx, moderator)
                    recipient = Recipient(to.address, to.language, to.id)
                    outgoing.letter(tx, self._registry.site, recipient, LETTER, values, group_id=group_id)
