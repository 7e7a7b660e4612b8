"""Other people's mail passed on with its bytes as they are: the header block cut into fields, kept, dropped, completed.

Nothing here decodes and writes again; a field that stays is the bytes that came in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from email.utils import format_datetime

from mailsvc.clock import Instant, to_datetime
from mailsvc.message.build import check_headers, field

# The reading of messages (fields.read_block) cuts at the same places; blanks before the colon are obsolete syntax.
_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]+)([ \t]*):")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_HELO = re.compile(r"[A-Za-z0-9_.:\[\]-]{1,255}\Z")
_PEER = re.compile(r"[0-9A-Fa-f.:]{2,45}\Z")
_WORD = re.compile(r"[A-Za-z0-9-]{1,40}\Z")

ONCE = frozenset({"from", "sender", "subject", "date", "message-id", "content-type", "content-transfer-encoding"})
"""Fields that may stand once (RFC 5322 §3.6): some programs read a second one, others refuse the mail; it is cut."""


@dataclass(frozen=True, slots=True)
class RawField:
    """One header field: `name` in lower case, and all its bytes with the final CRLF."""

    name: str
    raw: bytes

    @property
    def value(self) -> bytes:
        """What stands behind the colon, still folded, without the final CRLF."""
        return self.raw.partition(b":")[2].rstrip(b"\r\n")

    @property
    def empty(self) -> bool:
        """True when nothing but blanks stands behind the colon."""
        return not self.value.strip()


@dataclass(frozen=True, slots=True)
class Scanned:
    """A message cut open: its fields, and `content` from `body_start` on, which is the body byte for byte."""

    fields: tuple[RawField, ...]
    content: bytes
    body_start: int

    def all(self, name: str) -> list[RawField]:
        """The fields of that name (lower case), top to bottom."""
        return [one for one in self.fields if one.name == name]

    @property
    def body(self) -> bytes:
        """Everything behind the blank line."""
        return self.content[self.body_start :]


@dataclass(frozen=True, slots=True)
class Trace:
    """What our Received field tells (RFC 5321 §4.4): who said what from where, when, and under which id it is kept."""

    helo: str
    peer: str
    protocol: str
    received_at: Instant
    ident: str


def wire(content: bytes) -> bytes:
    """`content` with CRLF line ends only and no NUL. The SMTP side sees to that; this costs two counts when it has."""
    if b"\0" in content:
        content = content.replace(b"\0", b"")
    pairs = content.count(b"\r\n")
    if content.count(b"\n") != pairs or content.count(b"\r") != pairs:
        content = _LINE_END.sub(b"\r\n", content)
    return content


def scan(content: bytes) -> Scanned:
    """Cut `content` into header fields and body. Never raises; linear.

    The header block ends at the first blank line or at the first line that is no field (RFC 7103 §7.1), which then
    is the first of the body. A mailbox file's `From ` line on top is dropped, blanks before a colon too.
    """
    content = wire(content)
    position = content.find(b"\r\n") + 2 if content.startswith((b"From ", b">From ")) else 0
    if position == 1:  # one such line and nothing else
        return Scanned((), content, len(content))
    fields: list[RawField] = []
    while position < len(content):
        if content.startswith(b"\r\n", position):
            return Scanned(tuple(fields), content, position + 2)
        name = _NAME.match(content, position)
        if name is None:
            return Scanned(tuple(fields), content, position)
        end = _next_line(content, position)
        while content[end : end + 1] in (b" ", b"\t"):
            end = _next_line(content, end)
        raw = name[1] + content[name.end() - 1 : end] if name[2] else content[position:end]
        fields.append(RawField(name[1].decode("ascii").lower(), raw if raw.endswith(b"\r\n") else raw + b"\r\n"))
        position = end
    return Scanned(tuple(fields), content, len(content))


def keep(fields: Sequence[RawField], drop: Set[str] = frozenset()) -> list[RawField]:
    """The fields that go on: not those named in `drop`, of those that may stand once the first that says something."""
    kept: list[RawField] = []
    seen: set[str] = set()
    said = {one.name for one in fields if one.name in ONCE and not one.empty}
    for one in fields:
        if one.name in drop or one.name in seen or (one.name in said and one.empty):
            continue
        if one.name in ONCE:
            seen.add(one.name)
        kept.append(one)
    return kept


def received(trace: Trace, domain: str, recipient: str = "") -> bytes:
    """Our Received field (RFC 5321 §4.4). What the peer said of itself is named only where it is harmless."""
    words = []
    if _PEER.match(trace.peer):
        helo = trace.helo if _HELO.match(trace.helo) else "unknown"
        literal = f"IPv6:{trace.peer}" if ":" in trace.peer else trace.peer
        words.append(f"from {helo} ([{literal}])")
    protocol = trace.protocol if _WORD.match(trace.protocol) else "SMTP"
    words.append(f"by {domain} with {protocol}")
    if _WORD.match(trace.ident):
        words.append(f"id {trace.ident}")
    if recipient:
        words.append(f"for <{recipient}>")
    return field("Received", " ".join(words) + f"; {date_value(trace.received_at)}")


def date_value(moment: Instant) -> str:
    """A Date value (RFC 5322 §3.3), in UTC."""
    return format_datetime(to_datetime(moment))


def complete(
    mail: Scanned, kept: Sequence[RawField], address: str, moment: Instant
) -> tuple[list[RawField], list[tuple[str, str]]]:
    """`kept` without its empty fields that must say something, and what is added for them as (name, value).

    A mail without Message-ID or Date gets one, made from its content and from `moment`, when it came in: the same
    ones for the same mail. One without From, which only an address that refuses nothing takes, is from `address`.
    """
    said = {one.name for one in kept if not one.empty}
    values = (
        ("Message-ID", f"<{_digest(mail)[:32]}@{address.rpartition('@')[2]}>" if "message-id" not in said else ""),
        ("Date", date_value(moment)),
        ("From", address),
    )
    added = [(name, value) for name, value in values if name.lower() not in said]
    gone = {name.lower() for name, _ in added}
    return [one for one in kept if one.name not in gone], added


def forward_bytes(raw: bytes, address: str, trace: Trace) -> bytes:
    """A mail to `address` (`N-owner@D`, `postmaster@D`) as it is passed on to the people behind that address.

    Our Received and `X-Loop: address` on top (the loop protection: `is_looping`), Return-Path and Bcc dropped,
    a missing Message-ID, Date or From added; everything else byte for byte.
    """
    mail = scan(raw)
    kept, added = complete(mail, keep(mail.fields, {"return-path", "bcc"}), address, trace.received_at)
    own = [("X-Loop", address), *added]
    head = received(trace, address.rpartition("@")[2], address) + b"".join(field(name, value) for name, value in own)
    content = b"".join([head, *(one.raw for one in kept), b"\r\n", mail.body])
    check_headers(content, ["received", *(name for name, _ in own), *(one.name for one in kept)], foreign=True)
    return content


def is_looping(raw: bytes, address: str) -> bool:
    """True when `forward_bytes` has passed this very mail on for `address` before."""
    mark = address.lower().encode()
    return any(one.value.strip().lower() == mark for one in scan(raw).all("x-loop"))


def _next_line(content: bytes, position: int) -> int:
    end = content.find(b"\r\n", position)
    return len(content) if end < 0 else end + 2


def _digest(mail: Scanned) -> str:
    """SHA-256 over what makes two arrivals the same mail (5-quality, promise 5): trace fields do not count."""
    total = hashlib.sha256()
    for name in ("from", "to", "cc", "subject", "date"):
        for one in mail.all(name):
            text = b" ".join(one.value.split())
            total.update(b"%s:%d:" % (name.encode(), len(text)) + text)
    total.update(b"\n" + mail.body.rstrip(b"\r\n"))
    return total.hexdigest()
