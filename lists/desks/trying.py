"""The desk `test@`, `test+N@`: what would have become of a mail at another address, told to its author alone."""

from __future__ import annotations

import re
from typing import Final

from mailsvc import arriving
from mailsvc.errors import Reason
from mailsvc.explain import Explained, Step, explain_accepted, explain_author
from mailsvc.keys import without_tokens
from mailsvc.people import store as people
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.routing import OPERATORS, route
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient
from mailsvc.store.rehearsal import taken_back

LETTER: Final = "command/explained"
MOST_STEPS: Final = 60
LONGEST_STEP: Final = 300
_HELD: Final = re.compile(r"\((held-[a-z-]+)\)")
_ASIDE: Final = frozenset(
    [
        *(Reason.AUTOMATIC, Reason.OWN_MAIL, Reason.SPAM_HEADER, Reason.FORGED, Reason.LOOP, Reason.DUPLICATE),
        *(Reason.BANNED, Reason.LIMIT, Reason.POISON, Reason.HELD_GROUP, Reason.CLOSED_GROUP),
    ]
)


class Trying:
    """Answers a registered person whose address is not forged; nobody else hears anything."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._site = registry.site
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        refused = arriving.unwritten(self._registry, mail)
        if refused is not None:
            return refused
        person = people.by_address(tx, arriving.author_of(mail).folded)
        if person is None:
            return Handled(Reason.UNKNOWN_SENDER, quarantined=True)
        if not arriving.may_write(tx, self._registry, mail):
            return Handled(Reason.LIMIT, quarantined=True)
        address = f"{target.argument}@{self._config.site.domain}" if target.argument else ""
        steps, outcome = self._explained(tx, mail, address) if address else (explain_author(self._registry, mail), "")
        held = next((found[1] for step in steps if (found := _HELD.search(step.text))), "")
        values = {
            "address": address,
            "outcome": outcome,
            "why": held,
            "desk": f"test+NAME@{self._config.site.domain}",
            "steps": [
                {"name": step.name, "text": without_tokens(" ".join(step.text.split()))[:LONGEST_STEP]}
                for step in steps[:MOST_STEPS]
            ],
        }
        to = Recipient(person.address, person.language, person.id)
        outgoing.letter(tx, self._site, to, LETTER, values, cause=mail.inbox_id)
        return Handled(Reason.EXPLAINED)

    def _explained(self, tx: Tx, mail: Incoming, address: str) -> tuple[list[Step], str]:
        if not self._may_be_tried(tx, address):
            return [Step("recipient", f"{address}: only the addresses of groups can be tried")], "nothing"
        found = taken_back(tx, lambda inner: explain_accepted(inner, self._registry, mail, address))
        return list(found.steps), _outcome(found)

    def _may_be_tried(self, tx: ReadTx, address: str) -> bool:
        """A group's address, the operators', or one that is refused; answers to questions are nobody's to try."""
        target = route(tx, self._registry, address)
        return not isinstance(target, Target) or target.group is not None or target.handler == OPERATORS


def _outcome(found: Explained) -> str:
    """What the letter says in the reader's language."""
    if found.refused:
        return "refused"
    if found.reason in _ASIDE:
        return "aside"
    words = {Reason.POSTED: "posted", Reason.HELD: "held", Reason.FORWARDED: "forwarded"}
    return words.get(found.reason, "answered")
