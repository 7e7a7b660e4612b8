"""The values of sending, and what a transport and the courier want of each other; no database and no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from mailsvc.deliver.slots import MEMBER_KEY, Filler, filler
from mailsvc.errors import Outcome
from mailsvc.ids import DeliveryId, OutgoingId

LONGEST_REPLY: Final = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
# 128 bits in base32, as keys.encode writes them: a content filter's reply may quote a link of ours.
_SECRET = re.compile(r"[a-z2-7]{26,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """What all copies of one outgoing mail share, once in memory: header and body, as they are and as SMTP sends them.

    `size` is the number of octets before the slots are filled. `problem` is an SMTP-like reply that says why these
    bytes must not be sent, else "".
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


@dataclass(frozen=True, slots=True)
class Copy:
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


@dataclass(frozen=True, slots=True)
class Result:
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

    def take(self) -> Copy | None:
        """The next copy, or None when there is none now, the relay is paused, or the courier stops."""
        ...

    async def wait(self, seconds: float) -> bool:
        """Wait until `take` may have a copy or the courier stops; False after `seconds` without."""
        ...

    def give_back(self, copy: Copy) -> None:
        """This copy was not tried; it stays due and its attempts are not counted."""
        ...

    def report(self, results: Sequence[Result]) -> Committed:
        """Have `results` committed, together with those of other connections."""
        ...

    def pause(self, why: str) -> None:
        """The relay refuses or is not there: leave it alone for a while."""
        ...


class Transport(Protocol):
    """A way for copies to leave."""

    @property
    def connections(self) -> int:
        """How many connections may work at the same time."""
        ...

    async def carry(self, desk: Desk) -> None:
        """Serve one connection until `desk.stopping`."""
        ...


def prepare(outgoing: OutgoingId, content: bytes) -> Message:
    """Make a composed message ready for many copies: looked at, dot-stuffed and cut at its slots once.

    `content` has CRLF line ends (RFC 5321 §2.3.8); bytes that an SMTP server could take for the end of the message,
    or slots that nobody fills, give a Message with a `problem`.
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
    return Message(
        id=outgoing,
        head=fill,
        body=body,
        wire_head=filler(stuff(head)),
        # Only at its start can a body have a dot that follows a line end which is not its own: that of the header.
        wire_body=stuff(body),
        keyed=MEMBER_KEY in head,
        eight_bit=not content.isascii(),
        size=len(content),
        problem=problem,
    )


def stuff(data: bytes) -> bytes:
    """Double the dot that begins a line (RFC 5321 §4.5.2); the same object where there is none."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def kept_reply(text: str) -> str:
    """A next hop's words as they may be stored and shown: one line, bounded, nothing that looks like a key of ours."""
    return _SECRET.sub("…", _CONTROL.sub(" ", text)).strip()[:LONGEST_REPLY]
