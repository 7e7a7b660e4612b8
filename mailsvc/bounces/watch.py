"""Every morning: probes to the addresses that bounced, and the end of those that nobody has (5-quality "Bounces")."""

from __future__ import annotations

from mailsvc.bounces import store
from mailsvc.bounces.handling import PROBES
from mailsvc.bounces.store import Watched
from mailsvc.cases.engine import Engine
from mailsvc.clock import DAY
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient

PROBE = "bounce/probe"
DISABLED = "bounce/disabled"


class Watch:
    """See Registry.daily. A probe that nothing comes back of for some days has arrived."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        limits = registry.site.config.limits
        self._days = (limits.bounce_probe_days, limits.bounce_second_probe_days)

    def look(self, tx: Tx) -> None:
        """What is due for each address that something counts against."""
        gone = []
        for one in store.all_watched(tx):
            sent = store.probes(tx, one.id)
            if one.score > PROBES:
                store.disable(tx, one.id)
                gone.append(one)
            elif tx.now >= self._due(one, sent):
                self._next(tx, one, sent)
        for one in gone:
            self._tell(tx, one)
        if gone:
            for told in self._registry.unreached:
                told(tx, [one.id for one in gone])

    def _due(self, one: Watched, sent: int) -> int:
        """When the next probe, or the end of waiting for the last one, is due."""
        first, second = self._days
        days = (first, second, second + first)[min(sent, PROBES)]
        return one.since + days * DAY

    def _next(self, tx: Tx, one: Watched, sent: int) -> None:
        if one.score <= sent:  # the last probe has not come back: the address takes mail
            store.clear(tx, one.id)
            return
        to = Recipient(one.address, people.by_id(tx, one.person_id).language, one.person_id)
        values = {"address": one.address, "said": store.last_said(tx, one.id), "number": sent + 1}
        letter = outgoing.letter(tx, self._registry.site, to, PROBE, values, sender="bounces")
        store.probe_sent(tx, one.id, sent + 1, letter)

    def _tell(self, tx: Tx, one: Watched) -> None:
        """Whoever has another address learns at it that the one is not written to any more."""
        person = people.by_id(tx, one.person_id)
        values = {"address": one.address, "said": store.last_said(tx, one.id)}
        for other in people.addresses(tx, person.id):
            if other.id != one.id and other.verified and not store.watched(tx, other.id).disabled:
                to = Recipient(other.address, person.language, person.id)
                outgoing.letter(tx, self._registry.site, to, DISABLED, values, sender="null")
