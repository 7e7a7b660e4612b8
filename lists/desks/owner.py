"""`N-owner@`: mail to a group's moderator and deputy as people, passed on as it is."""

from __future__ import annotations

from lists import store
from mailsvc.cases import exposed
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Audience
from mailsvc.errors import Reason
from mailsvc.forwarding import FORWARD, forward_values
from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.header_edit import is_looping
from mailsvc.people import store as people
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.store import inbox, outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient


class Owner:
    """Passes mail on to whoever is at the first step of the group's ladder."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        assert target.group is not None
        group = store.group(tx, target.group)
        address = f"{group.name}-owner@{self._config.site.domain}"
        if is_looping(mail.message.content, address):
            return Handled(Reason.LOOP, quarantined=True)
        sign = classify(mail.message, mail.envelope.reverse_path, self._config.domains)
        if sign.verdict is Verdict.CERTAIN or str(mail.evidence.d) == "fail":
            return Handled(Reason.AUTOMATIC if sign.verdict is Verdict.CERTAIN else Reason.FORGED, quarantined=True)
        message_id = mail.message.message_id or mail.digest.hex()
        days = self._config.limits.duplicate_days
        before = inbox.seen(tx, f"owner:{group.id}", message_id, mail.digest, mail.inbox_id, days)
        if before is not None and before.same:
            return Handled(Reason.DUPLICATE)
        exposed.revoke(tx, self._engine, mail.message, mail.inbox_id)
        asked = [people.by_id(tx, person) for person in self._engine.resolve(tx, Audience(group.id))]
        to = [Recipient(person.address, person.language, person.id) for person in asked]
        values = forward_values(address, mail)
        outgoing.forward(
            tx, self._registry.site, mail.raw_id, to, FORWARD, values, cause=mail.inbox_id, group_id=group.id
        )
        return Handled(Reason.FORWARDED)
