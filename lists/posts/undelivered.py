"""What could not be delivered: one letter to whoever can do something about it; one when an address is given up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from lists import store
from lists.model import Group
from lists.posts.digesting import LETTER as DIGEST
from lists.values import group_values
from mailsvc.bounces import store as bounces
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Audience
from mailsvc.ids import AddressId, OutgoingId
from mailsvc.message.address import parse_address
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values

MOST: Final = 50  # named in one letter


class Undelivered:
    """Called once when the last copy of an outgoing message is final."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine

    def register(self) -> None:
        """What it hears of."""
        self._registry.finishers.append(self.finished)
        self._registry.unreached.append(self.given_up)

    def finished(self, tx: Tx, outgoing_id: OutgoingId) -> None:
        """Tell the moderators which members did not get a post, and the next in line when a question was lost.

        Letters with a null sender are not told about: nobody could do anything, and a notice about a notice is a loop.
        """
        lost = outgoing.lost(tx, outgoing_id)
        # of whom it is known already the moderators hear when the address is given up
        kind = "post" if lost.template == DIGEST else lost.kind
        copies = [one for one in lost.copies if kind != "post" or not self._known(tx, one)]
        if not copies or lost.group_id is None:
            return
        group = store.group(tx, lost.group_id)
        values = {
            "group": group_values(group, self._registry.site.config),
            "subject": lost.template if kind == "letter" else "",
            "kind": kind,
            "total": lost.total,
            "lost": [{"address": one.address, "reply": one.reply} for one in copies[:MOST]],
            "more": max(0, len(copies) - MOST),
        }
        self._tell(tx, group, "delivery/undelivered", values, {one.address for one in lost.copies})

    def given_up(self, tx: Tx, addresses: Sequence[AddressId]) -> None:
        """See Registry.unreached: the moderators of each group learn who gets nothing any more."""
        gone = [bounces.watched(tx, one) for one in addresses]
        for group_id, ids in store.groups_of_addresses(tx, addresses).items():
            members = [one for one in gone if one.id in ids]
            group = store.group(tx, group_id)
            values = {
                "group": group_values(group, self._registry.site.config),
                "gone": [
                    {
                        "name": people.by_id(tx, one.person_id).name,
                        "address": one.address,
                        "since": one.since,
                        "said": bounces.last_said(tx, one.id),
                    }
                    for one in members[:MOST]
                ],
                "more": max(0, len(members) - MOST),
            }
            self._tell(tx, group, "delivery/unreached", values, {one.address for one in gone})

    def _known(self, tx: ReadTx, copy: outgoing.LostCopy) -> bool:
        address = parse_address(copy.address)
        known = people.address(tx, address.folded) if address is not None else None
        return known is not None and 0 < bounces.watched(tx, known.id).since < tx.now

    def _tell(self, tx: Tx, group: Group, letter: str, values: Values, but: Collection[str]) -> None:
        for person_id in self._engine.resolve(tx, Audience(group.id)):
            person = people.by_id(tx, person_id)
            if person.address not in but:
                to = Recipient(person.address, person.language, person.id)
                outgoing.letter(tx, self._registry.site, to, letter, values, group_id=group.id)
