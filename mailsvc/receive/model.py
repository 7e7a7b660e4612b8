"""What a conversation needs from around it, as values and interfaces: who decides, who is there, what is shared."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mailsvc.errors import Refusal
from mailsvc.limits import Limits
from mailsvc.message.envelope import Envelope
from mailsvc.receive.session_limits import DataInFlight
from mailsvc.receive.wire import DataBlock

# None: taken for everybody. A Refusal: for nobody. A mapping: refused for these recipients, taken for all others; that
# can only be told to an LMTP client, so it may only be said of an envelope that came by LMTP.
Verdict = Refusal | Mapping[str, Refusal] | None


class Acceptor(Protocol):
    """Who decides about mail. Each method returns None for yes; what it raises becomes 451 and a line in the log."""

    async def recipient(self, address: str, smtputf8: bool) -> Refusal | None:
        """At RCPT: may mail for `address` (`local@domain`, or `postmaster`) come in?"""
        ...

    async def room(self) -> Refusal | None:
        """At MAIL: can anything be kept now?"""
        ...

    async def accept(self, envelope: Envelope) -> Verdict:
        """After the final dot: returns after the durable commit. Never cancelled because the client went away."""
        ...


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end; `ip` as `Envelope.peer`, `unix` for whoever came through a socket of this machine.

    `client` is what limits per client count by.
    """

    ip: str
    trusted: bool
    internal: bool
    client: str = ""


class House(Protocol):
    """What all conversations share; the server."""

    name: str
    limits: Limits
    acceptor: Acceptor
    in_flight: DataInFlight
    stopping: bool

    def commit(self, envelope: Envelope, block: DataBlock) -> Awaitable[Verdict]:
        """Hand a mail over; goes on when nobody waits for it. Releases `block` at its end and never raises."""
        ...

    def trouble(self, error: Exception) -> Refusal:
        """Log a failure of ours and make it a temporary refusal that tells nothing."""
        ...


class Line(Protocol):
    """The way to the client."""

    @property
    def secured(self) -> bool:
        """Whether TLS protects it."""
        ...

    @property
    def can_be_secured(self) -> bool:
        """Whether `start_tls` can be asked for now."""
        ...

    async def send(self, data: bytes) -> None:
        """Send it; ConnectionError when the client has gone, TimeoutError when it does not read."""
        ...

    def hold(self) -> None:
        """Take nothing more from the client until `start_tls`."""
        ...

    async def start_tls(self) -> None:
        """Go on in TLS; ConnectionError when that fails."""
        ...

    def send_end(self) -> None:
        """Tell the client that nothing more will be sent."""
        ...


@dataclass(slots=True)
class Transaction:
    """From MAIL to the final dot. `promised` has a recipient for each RCPT that was answered with 250."""

    reverse_path: str
    smtputf8: bool
    size: int
    recipients: list[str] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    refused: int = 0
