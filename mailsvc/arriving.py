"""What every desk asks of a mail before reading it: machines, forgeries, our own mail, loops, repeats do nothing."""

from __future__ import annotations

import msgspec

from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.clock import DAY
from mailsvc.errors import Reason
from mailsvc.ids import PersonId
from mailsvc.message.address import Address
from mailsvc.message.automatic import classify
from mailsvc.message.evidence import lacking
from mailsvc.message.header_edit import is_looping
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Registry
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values


def aside(tx: Tx, registry: Registry, mail: Incoming, desk: str) -> Handled | None:
    """Why a mail to the desk (the local part it is known by) is not read; None when it is."""
    return unread(registry, mail, desk) or repeated(tx, registry, mail, desk)


def unread(registry: Registry, mail: Incoming, desk: str) -> Handled | None:
    """What no person wrote to us: a machine's mail, a forgery, our own, a loop."""
    config = registry.site.config
    refused = unwritten(registry, mail)
    if refused is not None:
        return refused
    if author_of(mail).ascii_domain in config.domains:
        return Handled(Reason.FORGED, quarantined=True)
    if is_looping(mail.message.content, f"{desk}@{config.site.domain}"):
        return Handled(Reason.LOOP, quarantined=True)
    return None


def unwritten(registry: Registry, mail: Incoming) -> Handled | None:
    """What no person wrote: a machine's mail, or one in somebody else's name; None when a person did."""
    sign = classify(mail.message, mail.envelope.reverse_path, registry.site.config.domains)
    if sign.any or mail.message.from_address is None:
        return Handled(Reason.AUTOMATIC, quarantined=True)
    return Handled(Reason.FORGED, quarantined=True) if str(mail.evidence.d) == "fail" else None


def author_of(mail: Incoming) -> Address:
    """Who wrote a mail that is not `unwritten`."""
    author = mail.message.from_address
    assert author is not None
    return author


def repeated(tx: Tx, registry: Registry, mail: Incoming, desk: str) -> Handled | None:
    """The same mail once more: it was read the first time."""
    message_id = mail.message.message_id or mail.digest.hex()
    days = registry.site.config.limits.duplicate_days
    before = inbox.seen(tx, f"desk:{desk}", message_id, mail.digest, mail.inbox_id, days)
    return Handled(Reason.DUPLICATE) if before is not None and before.same else None


def refused(tx: Tx, registry: Registry, engine: Engine, mail: Incoming, desk: str) -> Handled | None:
    """As `aside`, and what lacks the proof that strict mode asks for: its registered author is told, once a day."""
    unread_for = unread(registry, mail, desk)
    if unread_for is not None:
        return unread_for
    missing = lacking(mail.evidence, strict=registry.site.config.security.strict)
    if missing is None:
        return repeated(tx, registry, mail, desk)
    author = author_of(mail)
    person = people.by_address(tx, author.folded)
    if person is not None and allow(tx, registry.site.key, "refused", person.folded, DAY, 1):
        values: Values = {"why": str(missing), "address": str(author)}
        engine.receipt(tx, person.id, "case/refused", values, cause_of(mail, person.id))
    return Handled(missing, quarantined=True)


def cause_of(mail: Incoming, person: PersonId | None = None) -> Cause:
    """A mail as the cause of what happens in cases: done by `person`, on the evidence that the log keeps."""
    return Cause(f"inbox:{mail.inbox_id}", mail.inbox_id, person, msgspec.json.encode(mail.evidence).decode())


def may_write(tx: Tx, registry: Registry, mail: Incoming) -> bool:
    """Whether the author's address may cause one more letter of ours today (5-quality, own answers)."""
    author = author_of(mail)
    limits = registry.site.config.limits
    if people.by_address(tx, author.folded) is not None:
        return allow(tx, registry.site.key, "person", author.folded, DAY, limits.person_letters_per_day)
    if str(mail.evidence.d) not in ("pass", "unknown"):
        return False
    return allow(tx, registry.site.key, "stranger", author.folded, DAY, limits.stranger_letters_per_day)


def may_ask(tx: Tx, registry: Registry, mail: Incoming, desk: str) -> bool:
    """Whether a desk that answers everybody answers this author: as `may_write`, a stranger once a day at each desk."""
    author = author_of(mail).folded
    if people.by_address(tx, author) is None:
        plausible = str(mail.evidence.d) in ("pass", "unknown")
        if not plausible or not allow(tx, registry.site.key, desk, author, DAY, 1):
            return False
    return may_write(tx, registry, mail)


def proven_for_many(registry: Registry, mail: Incoming) -> bool:
    """Whether it may go to many at once: D pass, in strict mode signed; else its author is asked (5-quality)."""
    strict = registry.site.config.security.strict
    return str(mail.evidence.d) == "pass" and (mail.evidence.signed or not strict)


def vouched_for(tx: ReadTx, mail: Incoming) -> bool:
    """Whether its author may be written to at all: nothing speaks against the mail, or the address is proven ours."""
    return str(mail.evidence.d) in ("pass", "unknown") or proven_author(tx, mail) is not None


def proven_author(tx: ReadTx, mail: Incoming) -> Person | None:
    """The person whose address wrote, when it has ever been proven to be theirs."""
    author = mail.message.from_address
    known = people.address(tx, author.folded) if author is not None else None
    return people.by_id(tx, PersonId(known.person_id)) if known is not None and known.verified else None
