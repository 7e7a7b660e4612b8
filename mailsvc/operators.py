"""The operators: `postmaster@` and `abuse@`, alarms, and the last step of every ladder."""

from __future__ import annotations

from mailsvc.cases.model import Audience
from mailsvc.clock import HOUR
from mailsvc.errors import Reason
from mailsvc.forwarding import ENCLOSED, FORWARD, forward_values
from mailsvc.ids import PersonId
from mailsvc.message.address import parse_address
from mailsvc.message.header_edit import is_looping
from mailsvc.message.prescan import prescan
from mailsvc.people import store as people
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Target
from mailsvc.site import Site
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values


class Operators:
    """Mail for whoever runs the service."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._config = site.config

    def _recipients(self, tx: ReadTx) -> list[Recipient]:
        found = []
        for text in self._config.site.operators:
            address = parse_address(text)
            if address is not None and address.ascii_domain not in self._config.domains:
                person = people.by_address(tx, address.folded)
                found.append(Recipient(str(address), self._config.site.language, person.id if person else None))
        return found

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler: only loop protection, nothing else holds or refuses mail to postmaster and abuse."""
        address = f"{target.argument}@{self._config.site.domain}"
        if is_looping(mail.message.content, address):
            return Handled(Reason.LOOP, quarantined=True)
        why = self._unfit(mail)
        if why is not None:
            enclosed: Values = {
                "address": address,
                "why": str(why),
                "sender": mail.envelope.reverse_path,
                "peer": mail.envelope.peer,
                "raw_id": int(mail.raw_id),
            }
            for to in self._recipients(tx):
                outgoing.letter(tx, self._site, to, ENCLOSED, enclosed, cause=mail.inbox_id)
            return Handled(Reason.FORWARDED)
        values = forward_values(address, mail)
        outgoing.forward(tx, self._site, mail.raw_id, self._recipients(tx), FORWARD, values, cause=mail.inbox_id)
        return Handled(Reason.FORWARDED)

    def _unfit(self, mail: Incoming) -> Reason | None:
        """Why a mail cannot go on as it is: what we refuse at other addresses, the next server would refuse of us."""
        refusal = prescan(mail.message.content, self._config.limits)
        if refusal is not None:
            return refusal.reason
        author = mail.message.from_address
        if author is not None and author.ascii_domain in self._config.domains:
            return Reason.FORGED
        return Reason.BAD_FROM if author is None else None

    def alarm(self, tx: Tx, reason: Reason, detail: str) -> None:
        """Tell the operators that something needs them, at most once an hour for one reason."""
        if not allow(tx, self._site.key, "alarm", str(reason), HOUR, 1):
            return
        for to in self._recipients(tx):
            outgoing.letter(tx, self._site, to, "operator/alarm", {"reason": str(reason), "detail": detail})

    def resolve(self, tx: ReadTx, audience: Audience) -> list[PersonId]:
        """The last step of every ladder."""
        if audience.step != "operators":
            return []
        return [to.person_id for to in self._recipients(tx) if to.person_id is not None]


def ensure(tx: Tx, site: Site) -> None:
    """Make a person of every operator, so that questions can reach them."""
    for text in site.config.site.operators:
        address = parse_address(text)
        if address is not None and address.ascii_domain not in site.config.domains:
            people.ensure(tx, address, name="", language=site.config.site.language, verified=True)
