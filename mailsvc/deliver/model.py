"""The values of sending, and what a transport and the courier want of each other; no database and no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

import msgspec

from mailsvc.deliver.slots import MEMBER_KEY, Filler, filler
from mailsvc.errors import Outcome
from mailsvc.ids import DeliveryId, OutgoingId
from mailsvc.message.dkim_sign import LONGEST as LONGEST_SIGNATURE
from mailsvc.message.dkim_sign import Signer

LONGEST_REPLY: Final = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
# 128 bits in base32, as keys.encode writes them: a content filter's reply may quote a link of ours.
_SECRET = re.compile(r"[a-z2-7]{26,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """What all copies of one outgoing mail share, once in memory: header and body, as they are and as SMTP sends them.

    `size` is the number of octets before the slots are filled. `problem` is an SMTP-like reply that says why these
    bytes must not be sent, else "". `shared`: all copies are the same, so one transaction may carry several.
    """

    id: OutgoingId
    head: Filler
    body: bytes
    wire_head: Filler
    wire_body: bytes
    keyed: bool
    eight_bit: bool
    size: int
    problem: str = ""
    shared: bool = False


class Copy(msgspec.Struct, frozen=True):
    """One message for one recipient. `attempts` counts those before this one; `reverse_path` is "" for `<>`."""

    id: DeliveryId
    message: Message
    address: str
    reverse_path: str
    member_key: str
    attempts: int

    def content(self) -> bytes:
        """The bytes of this copy, its slots filled."""
        return self.message.head(self.member_key, self.address) + self.message.body


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy for the mailroom, written together with its result."""

    reverse_path: str
    content: bytes


class Result(msgspec.Struct, frozen=True):
    """What became of one copy; `kept` is set by the transport that keeps mail instead of sending it."""

    copy: Copy
    outcome: Outcome
    kept: Kept | None = None


class Committed(Protocol):
    """Something to await until results are committed."""

    async def wait(self) -> None:
        """Return after the commit."""
        ...


class Desk(Protocol):
    """Where one connection gets its copies and says what became of them: each one taken is given back or reported."""

    @property
    def stopping(self) -> bool:
        """True when no new copy is to be taken."""
        ...

    @property
    def hop(self) -> int:
        """The number of the relay that what was taken last is to be sent to."""
        ...

    def take(self, most: int = 1, *, stay: bool = False) -> tuple[Copy, ...]:
        """The next copy; up to `most` of one message when it is shared.

        None when there are none now, no relay is to be tried, or the courier stops; with `stay` also when they would
        be for another relay than `hop`.
        """
        ...

    async def wait(self, seconds: float) -> bool:
        """Wait until `take` may have a copy or the courier stops; False after `seconds` without."""
        ...

    def give_back(self, copies: Sequence[Copy]) -> None:
        """These were not tried; they stay due and their attempts are not counted."""
        ...

    def report(self, results: Sequence[Result]) -> Committed:
        """Have `results` committed, together with those of other connections."""
        ...

    def works(self, *, delivered: bool = False) -> None:
        """The relay takes mail from us; `delivered`: it has just done so."""
        ...

    def pause(self, why: str) -> None:
        """The relay refuses or is not there: leave it alone for a while."""
        ...


class Transport(Protocol):
    """A way for copies to leave."""

    @property
    def names(self) -> Sequence[str]:
        """The relays, for the log; the number of one is its place here."""
        ...

    @property
    def rate(self) -> tuple[int, int] | None:
        """At most so many copies in so many microseconds; None: as many as there are."""
        ...

    @property
    def connections(self) -> int:
        """How many connections may work at the same time."""
        ...

    async def carry(self, desk: Desk) -> None:
        """Serve one connection until `desk.stopping`."""
        ...


def prepare(outgoing: OutgoingId, content: bytes, *, shared: bool = False, signer: Signer | None = None) -> Message:
    """Make a composed message ready for many copies: looked at, dot-stuffed and cut at its slots once.

    `content` has CRLF line ends (RFC 5321 §2.3.8); bytes that an SMTP server could take for the end of the message,
    or slots that nobody fills, give a Message with a `problem`. With `signer` every copy is signed as it is filled.
    """
    head, separator, body = content.partition(b"\r\n\r\n")
    head += separator
    if not content.endswith(b"\r\n"):
        # The end of data needs a line end before it (RFC 5321 §4.1.1.4), whatever is to be sent.
        if separator:
            body += b"\r\n"
        else:
            head += b"\r\n"
    fill = filler(head)
    shown = fill("k", "r@example.org")
    lines = content.count(b"\n")
    problem = ""
    if lines != content.count(b"\r\n") or lines != content.count(b"\r"):
        problem = "554 5.6.0 the composed message has a bare CR or LF; it was not sent"
    elif b"\0" in shown or b"\0" in body:
        problem = "554 5.6.0 the composed message has a NUL; it was not sent"
    if shared and shown != head:
        problem = "554 5.6.0 the composed message has places for one recipient and goes to many; it was not sent"
    wire_fill = filler(stuff(head))
    if signer is not None and not problem:
        fill, wire_fill = _signing(signer, fill, wire_fill, body)
    return Message(
        id=outgoing,
        head=fill,
        body=body,
        wire_head=wire_fill,
        # Only at its start can a body have a dot that follows a line end which is not its own: that of the header.
        wire_body=stuff(body),
        keyed=MEMBER_KEY in head,
        eight_bit=not content.isascii(),
        size=len(content) + (LONGEST_SIGNATURE * len(signer.keys) if signer is not None else 0),
        problem=problem,
        shared=shared,
    )


def _signing(signer: Signer, fill: Filler, wire_fill: Filler, body: bytes) -> tuple[Filler, Filler]:
    """Both fillers with signatures on top: those of the filled header as it is read, whatever dots SMTP doubles."""
    body_hash = signer.body_hash(body)

    def signed(member_key: str, recipient: str) -> bytes:
        head = fill(member_key, recipient)
        return signer.fields(head, body_hash) + head

    def signed_on_the_wire(member_key: str, recipient: str) -> bytes:
        return signer.fields(fill(member_key, recipient), body_hash) + wire_fill(member_key, recipient)

    return signed, signed_on_the_wire


def stuff(data: bytes) -> bytes:
    """Double the dot that begins a line (RFC 5321 §4.5.2); the same object where there is none."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


@lru_cache(maxsize=256)
def kept_reply(text: str) -> str:
    """A next hop's words as they may be stored and shown: one line, bounded, nothing that looks like a key of ours."""
    return _SECRET.sub("…", _CONTROL.sub(" ", text)).strip()[:LONGEST_REPLY]
