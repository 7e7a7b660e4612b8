"""When a post or letter could not be delivered: one letter to the person who can do something about it."""

from __future__ import annotations

from lists import store
from lists.values import group_values
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Audience
from mailsvc.ids import OutgoingId
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient


class Undelivered:
    """Called once when the last copy of an outgoing message is final."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine

    def finished(self, tx: Tx, outgoing_id: OutgoingId) -> None:
        """Tell the moderators which members did not get a post, and the next in line when a question was lost.

        Letters with a null sender are not told about: nobody could do anything, and a notice about a notice is a loop.
        """
        lost = outgoing.lost(tx, outgoing_id)
        if not lost.copies or lost.group_id is None:
            return
        group = store.group(tx, lost.group_id)
        values = {
            "group": group_values(group, self._registry.site.config),
            "subject": lost.template if lost.kind == "letter" else "",
            "kind": lost.kind,
            "total": lost.total,
            "lost": [{"address": one.address, "reply": one.reply} for one in lost.copies[:50]],
            "more": max(0, len(lost.copies) - 50),
        }
        gone = {one.address for one in lost.copies}
        for person_id in self._engine.resolve(tx, Audience(group.id)):
            person = people.by_id(tx, person_id)
            if person.address not in gone:
                to = Recipient(person.address, person.language, person.id)
                outgoing.letter(tx, self._registry.site, to, "delivery/undelivered", values, group_id=group.id)
