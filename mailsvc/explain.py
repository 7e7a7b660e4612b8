"""What would happen to a mail, step by step: the service's own functions, run in a transaction that is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.errors import Reason, Refusal
from mailsvc.handling import handle
from mailsvc.message import evidence
from mailsvc.message.address import fold
from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.dkim_check import DkimResult, Dns, results
from mailsvc.message.envelope import Envelope
from mailsvc.message.evidence import Evidence
from mailsvc.message.parsing import Message, digest, parse
from mailsvc.message.prescan import prescan
from mailsvc.net import parse_networks
from mailsvc.receive.content_rules import admit
from mailsvc.receive.inbox import FORGED, forged, reaches_operators
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.routing import route
from mailsvc.store import inbox, overview
from mailsvc.store.database import ReadTx, Row, Tx

HELO: Final = "explain.invalid"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would be looked at or done; `reason` where the mail's way ends with it."""

    name: str
    text: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A mail as it lies in a file, and what has to be assumed of how it would come.

    `reverse_path` None: the author's address, as most programs use it. `verified` are the mail's signatures, looked at
    before the transaction because it takes the DNS (strict mode; see `verified`).
    """

    content: bytes
    recipient: str
    reverse_path: str | None
    peer: str
    verified: tuple[DkimResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """The steps of a mail's way, and the reason at their end; `refused`: it would not have been accepted."""

    steps: tuple[Step, ...]
    reason: Reason
    refused: bool = False


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A mail as it is stored; `discreet`: explained to its author, who is told of nobody else."""

    envelope: Envelope
    message: Message
    found: Evidence
    discreet: bool = False


def explain(tx: Tx, registry: Registry, question: Question) -> list[Step]:
    """The steps in their order, up to what ends the mail's way. Changes what the mail would change: take it back."""
    return list(_steps(tx, registry, question))


def verified(config: Config, content: bytes, now: Instant, dns: Dns) -> tuple[DkimResult, ...]:
    """The signatures of a mail as strict mode looks at them before the 250; none in default mode. Blocking."""
    if not config.security.strict:
        return ()
    author = parse(content, config.limits).from_address
    domain = author.ascii_domain if author else ""
    return tuple(results(on_the_wire(content), dns, config.limits, now, domain, aligned_only=True)) if domain else ()


def on_the_wire(content: bytes) -> bytes:
    """A file as this machine writes it, with lines that end in CR LF."""
    return content if b"\r" in content else content.replace(b"\n", b"\r\n")


def _steps(tx: Tx, registry: Registry, question: Question) -> Iterator[Step]:
    config = registry.site.config
    trusted = question.peer in parse_networks(config.smtp.trusted_relays)
    internal = question.peer in parse_networks(config.smtp.internal_networks)
    content = on_the_wire(question.content)
    guess = parse(content, config.limits).from_address
    reverse_path = question.reverse_path if question.reverse_path is not None else str(guess or "")
    yield Step(
        "assumed",
        f"it comes from {question.peer} ({'a trusted relay' if trusted else 'not a trusted relay'}"
        f"{', in internal_networks' if internal else ''}), reverse path <{reverse_path}>",
    )
    target = route(tx, registry, question.recipient)
    if isinstance(target, Refusal):
        yield _refused("recipient", target)
        return
    yield Step("recipient", f"{question.recipient}: {_target(tx, target)}")
    admitted = admit(content, config.limits, normalise=trusted)
    refusal = admitted if isinstance(admitted, Refusal) else prescan(admitted, config.limits)
    if isinstance(admitted, Refusal) or (
        refusal is not None and not reaches_operators(config, (question.recipient,), refusal)
    ):
        yield _refused("content", refusal or FORGED)
        return
    yield Step("content", f"{len(admitted)} octets, within the limits")
    message = parse(admitted, config.limits)
    yield Step("author", f"{message.from_address or 'cannot be told'} (From is {message.from_.outcome})")
    if forged(config, message, reverse_path) and not reaches_operators(config, (question.recipient,), FORGED):
        yield _refused("author", FORGED)
        return
    envelope = Envelope(reverse_path, (question.recipient,), question.peer, HELO, "ESMTP", admitted, trusted, internal)
    found = evidence.compute(envelope, message, config.smtp)
    if config.security.strict and found.from_domain:
        found = evidence.with_signatures(found, question.verified)
    yield from _handled(tx, registry, _Accepted(envelope, message, found), target)


def explain_accepted(tx: Tx, registry: Registry, mail: Incoming, recipient: str) -> Explained:
    """The same for a mail that was accepted for another address, with the evidence that was stored with it.

    Says nothing of anybody but its author. Changes what the mail would change: take it back.
    """
    envelope = replace(mail.envelope, recipients=(recipient,))
    target = route(tx, registry, recipient)
    accepted = _Accepted(envelope, mail.message, mail.evidence, discreet=True)
    if isinstance(target, Refusal):
        return Explained((_refused("recipient", target),), target.reason, refused=True)
    result: list[Handled] = []
    steps = [Step("recipient", f"{recipient}: {_target(tx, target)}")]
    steps += _handled(tx, registry, accepted, target, result.append)
    return Explained(tuple(steps), result[0].reason if result else Reason.POISON)


def explain_author(registry: Registry, mail: Incoming) -> list[Step]:
    """What holds of an accepted mail wherever it is sent."""
    return list(_read(registry, _Accepted(mail.envelope, mail.message, mail.evidence)))


def _read(registry: Registry, mail: _Accepted) -> Iterator[Step]:
    """What is seen of a mail before anybody handles it."""
    found = mail.found
    yield Step("evidence", f"D is {found.d}: {found.detail}{_border(found)}")
    if found.own_dkim:
        enough = "enough" if found.signed else "not enough"
        yield Step("signature", f"{enough} for strict mode: {found.own_dkim}")
    if found.sender_differs:
        counts = "does not count in strict mode" if registry.site.config.security.strict else "counts for its author"
        yield Step("sender", f"the Sender field names somebody else, on behalf of the author: it {counts}")
    sign = classify(mail.message, mail.envelope.reverse_path, registry.site.config.domains)
    written = "by a person, as far as can be told" if sign.verdict is Verdict.NONE else f"{sign.verdict} ({sign.sign})"
    yield Step("automatic", written if sign.verdict is Verdict.NONE else f"written by a program: {written}")


def _handled(
    tx: Tx,
    registry: Registry,
    accepted: _Accepted,
    target: Target,
    done: Callable[[Handled], None] = lambda _: None,
) -> Iterator[Step]:
    """From the 250 on: what is stored with the mail, what its handler sees, what it does."""
    yield from _read(registry, accepted)
    mail = _kept(tx, accepted.envelope, accepted.message, accepted.found)
    last = overview.last_outgoing(tx)
    explainer = registry.explainers.get(target.handler)
    for line in explainer(tx, mail, target) if explainer else ():
        yield Step(target.handler, line)
    try:
        handled = handle(tx, registry, mail)
    except Exception as error:  # noqa: BLE001 - a handler's bug is an answer too: the mail would go to quarantine
        why = "" if accepted.discreet else f" ({type(error).__name__}: {error})"
        yield Step("result", f"{Reason.POISON}: its handler fails{why}; report this", Reason.POISON)
        return
    for event in overview.events_by(tx, mail.inbox_id):
        yield Step("case", f"{event['case_kind']}: {event['kind']}, then {event['state']}")
    for row in overview.outgoing_after(tx, last):
        yield Step("outgoing", f"{row['kind']} {row['template']} to {_recipients(row, accepted)}")
    done(handled)
    kept = ", and kept in quarantine" if handled.quarantined else ""
    yield Step("result", f"{handled.reason}{kept}", handled.reason)


def _recipients(row: Row, mail: _Accepted) -> str:
    if not mail.discreet:
        return str(row["address"]) if row["copies"] == 1 else f"{row['copies']} recipients"
    if row["kind"] == "post":
        return "the members"
    author = mail.message.from_address
    return "you" if author is not None and fold(row["address"] or "") == author.folded else "somebody else"


def _kept(tx: Tx, envelope: Envelope, message: Message, found: Evidence) -> Incoming:
    """The mail as it would be stored and read again."""
    checked = digest(message)
    message_id = message.message_id or checked.hex()
    stored = msgspec.json.encode(found).decode()
    unit = inbox.unit(tx, overview.unit_of(tx, inbox.insert_mail(tx, envelope, message_id, checked, stored)))
    assert unit is not None
    return Incoming(unit.inbox_id, unit.raw_id, unit.recipient, envelope, message, found, unit.digest, unit.received_at)


def _refused(step: str, refusal: Refusal) -> Step:
    private = f" ({refusal.private})" if refusal.private else ""
    return Step(step, f"refused with {refusal.line()}: {refusal.reason}{private}", refusal.reason)


def _target(tx: ReadTx, target: Target) -> str:
    names = overview.group_names(tx)
    group = next((name for number, name in names.items() if number == target.group), "")
    return f"{target.handler}{f' of {group}' if group else ''}"


def _border(found: Evidence) -> str:
    said = ", ".join(f"{name} {words}" for name, words in (("spf", found.spf), ("dkim", found.dkim)) if words)
    return f" (the border said: {said})" if said else ""
