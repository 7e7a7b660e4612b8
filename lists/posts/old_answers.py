"""New mail to the address of a question that is closed: an address book's doing, offered to be sent as a post."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lists import store
from lists.posts.old_question import KIND, OldQuestion, PostInstead
from lists.values import group_values
from mailsvc import arriving
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.clock import DAY
from mailsvc.ids import InboxId, PersonId
from mailsvc.message.header_edit import scan
from mailsvc.message.parsing import digest, parse
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.rates import allow
from mailsvc.registry import Incoming, Registry
from mailsvc.store import inbox
from mailsvc.store.database import Tx

# The To of such a mail names its writer's old token: members must not see it, and no signature survives the change.
# Its display name goes too: address books keep "Answer #142".
_TOKEN: Final = rb"reply\+[a-z2-7]{26}@[A-Za-z0-9.-]+"
_MAILBOX: Final = re.compile(
    rb'(?:"(?:[^"\\\r\n]|\\.){0,200}"|[^",:<>\r\n]{0,200})\s{0,3}<' + _TOKEN + rb">|" + _TOKEN, re.IGNORECASE
)
_SIGNATURES: Final = frozenset({"dkim-signature", "domainkey-signature", "arc-seal", "arc-message-signature"})


class OldAnswers:
    """Asks the writer, and sends the mail on."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def take(self, tx: Tx, mail: Incoming, case: Case, person: PersonId) -> bool:
        """Offer to post a new mail to the closed `case` of `person`; False when there is no group to send it to."""
        author = mail.message.from_address
        writer = people.by_address(tx, author.folded) if author else None
        group = store.group(tx, case.group) if case.group is not None else None
        if writer is None or writer.id != person or group is None or not group.open:
            return False
        if not allow(tx, self._registry.site.key, "person", writer.folded, DAY, self._limit):
            return False
        subject = without_tokens(mail.message.subject)[:300]
        data = OldQuestion(group.id, group_values(group, self._config), person, int(mail.inbox_id), subject)
        cause = arriving.cause_of(mail, person)
        self._engine.open(tx, KIND, data, cause, group=group.id, started_by=person)
        return True

    @property
    def _limit(self) -> int:
        return self._config.limits.person_letters_per_day

    def post(self, tx: Tx, case: Case, _effect: PostInstead, _cause: Cause) -> None:
        """Keep the mail once more, addressed to the group: it is handled like every mail that comes there."""
        data = case.data
        assert isinstance(data, OldQuestion)
        unit = inbox.unit(tx, InboxId(data.inbox_id))
        assert unit is not None
        group = store.group(tx, data.group_id)
        address = f"{group.name}@{self._config.site.domain}"
        content = addressed(inbox.raw(tx, unit.raw_id), address)
        message = parse(content, self._config.limits)
        envelope = replace(unit.envelope(content), recipients=(address,))
        inbox.insert_mail(tx, envelope, message.message_id or digest(message).hex(), digest(message), unit.evidence)


def addressed(content: bytes, address: str) -> bytes:
    """The mail as its author would have sent it to `address`; everything but the address stays as it is."""
    mail = scan(content)
    fields = [_MAILBOX.sub(b" " + address.encode(), one.raw) for one in mail.fields if one.name not in _SIGNATURES]
    return b"".join(fields) + b"\r\n" + mail.body
