"""Writing mail as somebody in the rehearsal: replies and answers as mail programs make them, and sending by SMTP."""

from __future__ import annotations

import email.utils
import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.clock import Instant, to_datetime
from mailsvc.message.address import Address, parse_address
from mailsvc.message.build import letter, mailbox, message_ids
from mailsvc.web.reading import Letter
from mailsvc.web.words import Words

MOST_RECIPIENTS: Final = 20
PATIENCE: Final = 15.0
"""Seconds for each step of the SMTP session with ourselves."""

_REPLIED = re.compile(r"(?:re|sv|vs|aw|antw|ang)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail about to be sent. `thread` are message ids without brackets, the answered letter's first."""

    name: str
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    thread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """What the server said to a command it did not like."""

    reply: str


def read_sender(text: str) -> tuple[str, Address] | None:
    """(name, address) from `Robin Ek <robin.ek@example.net>` or a bare address."""
    match = re.fullmatch(r"\s*(?:([^<>]*?)\s*<\s*([^<>]*?)\s*>|([^<>]*?))\s*", text, re.DOTALL)
    if not match:
        return None
    address = parse_address(match[2] if match[2] is not None else match[3])
    return ((match[1] or "").strip(' "'), address) if address else None


def read_recipients(text: str) -> tuple[Address, ...] | None:
    """The addresses between commas or semicolons, each once; None when one of them is none, or none at all."""
    found: dict[str, Address] = {}
    for one in re.split(r"[,;\n]", text):
        if not one.strip():
            continue
        read = read_sender(one)
        if read is None:
            return None
        found.setdefault(read[1].folded, read[1])
    return tuple(found.values()) if 0 < len(found) <= MOST_RECIPIENTS else None


def reply_subject(subject: str, spoken: Words) -> str:
    """The subject with the reply mark of the writer's language, unless it has one."""
    return subject if _REPLIED.match(subject) else f"{spoken('reply_prefix')} {subject}".strip()


def quoting(answered: Letter, when: Instant, zone: str, spoken: Words) -> str:
    """What mail programs put below a reply: who wrote when, and every line behind `> `."""
    author = answered.message.from_
    name = f"{author.display_name} <{author.address}>".strip() if author.address else answered.sender
    time = spoken.moment(answered.date or when, zone, spoken("wrote_pattern"))
    lines = [f">{line}" if line.startswith(">") else f"> {line}" for line in answered.text.rstrip("\n").split("\n")]
    return "\n".join([spoken("wrote", time=time, name=name), *lines])


def thread_of(answered: Letter) -> tuple[str, ...]:
    """The ids that a reply refers to, the answered letter's own first (RFC 5322 §3.6.4)."""
    own = (answered.message.message_id,) if answered.message.message_id else ()
    return (*own, *(one for one in answered.message.references if one not in own))


def build(draft: Draft, now: Instant, unique: bytes) -> bytes:
    """The mail's bytes; `unique` makes its Message-ID."""
    headers = [
        ("From", mailbox(draft.name, str(draft.sender))),
        ("To", ", ".join(mailbox("", str(one)) for one in draft.to)),
        ("Subject", draft.subject),
        ("Date", email.utils.format_datetime(to_datetime(now))),
        ("Message-ID", f"<{unique.hex()}@{draft.sender.ascii_domain}>"),
    ]
    if draft.thread:
        ids = [f"<{one}>" for one in draft.thread]
        headers.append(("In-Reply-To", message_ids(ids[:1])))
        headers.append(("References", message_ids([*ids[1:], ids[0]])))
    return letter(headers, draft.text)


def send(server: tuple[str, int], sender: Address, recipients: Sequence[Address], content: bytes) -> Refused | None:
    """One SMTP transaction (RFC 5321), blocking; None when it was taken, for all recipients. Raises OSError."""
    wide = sender.needs_smtputf8 or any(one.needs_smtputf8 for one in recipients) or not content.isascii()
    options = ["SMTPUTF8", "BODY=8BITMIME"] if wide else []
    with smtplib.SMTP(timeout=PATIENCE, local_hostname="mailroom.localhost") as session:
        try:
            steps = [session.connect(*server), session.ehlo()]
            if _bad(steps) is None:
                steps.append(session.mail(_wire(sender), options))
            for one in recipients:
                if _bad(steps) is None:
                    steps.append(session.rcpt(_wire(one)))
            if _bad(steps) is None:
                steps.append(session.data(content))
        except smtplib.SMTPResponseException as error:
            steps.append((error.smtp_code, _octets(error.smtp_error)))
        return _bad(steps)


def _bad(steps: Sequence[tuple[int, bytes]]) -> Refused | None:
    for code, said in steps:
        if code >= 400 or code < 0:
            return Refused(f"{code} {said.decode('utf-8', 'replace')}".replace("\n", " "))
    return None


def _octets(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _wire(address: Address) -> str:
    return f"{address.local}@{address.domain if address.needs_smtputf8 else address.ascii_domain}"
