"""The transport that sends to a relay by SMTP, and what the relay's replies mean for each recipient and for itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from mailsvc.config import Config
from mailsvc.deliver.model import Committed, Copy, Desk, Result
from mailsvc.deliver.smtp_client import (
    Attempt,
    ConnectionLost,
    Features,
    Parcel,
    Refused,
    Reply,
    SmtpClient,
    Timeouts,
    connect,
)
from mailsvc.errors import ConfigError, Deferred, Delivered, Failed, Outcome, Reason
from mailsvc.message.address import parse_address

IDLE_SECONDS: Final = 5.0
_KEY: Final = "delivery.relay"
_CLOSING: Final = 421
_MUST_LOG_IN: Final = 530
_OUT_OF_STEP: Final = 503
_TOO_MANY: Final = 552


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """Where the relay is."""

    host: str
    port: int


def parse_relay(url: str) -> RelayAddress:
    """`smtp://host:port` (port 25 when left out, IPv6 in brackets); ConfigError names delivery.relay."""
    scheme, found, _ = url.partition("://")
    if not found or scheme not in ("smtp", "smtps", "starttls"):
        raise ConfigError(f'"{url}" is not a relay such as smtp://127.0.0.1:25', _KEY)
    if scheme != "smtp":
        raise ConfigError(f"{scheme}:// is not known yet; only smtp:// is", _KEY)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigError(f'"{url}" is not a relay such as smtp://127.0.0.1:25', _KEY) from None
    if "@" in parts.netloc:
        raise ConfigError("a user name at the relay is not known yet", _KEY)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ConfigError(f'"{url}" has more than a host and a port', _KEY)
    host = parts.hostname or ""
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", host) or port == 0:
        raise ConfigError(f'"{url}" is not a relay such as smtp://127.0.0.1:25', _KEY)
    return RelayAddress(host, port or 25)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one transaction came to. `outcomes` has one per recipient, or is None when it was not tried at all.

    `close`: the connection is of no more use. `pause` is what the relay said about itself, or "".
    """

    outcomes: tuple[Outcome, ...] | None
    close: bool = False
    pause: str = ""


def judge(attempt: Attempt, lost: str = "") -> Verdict:
    """What the replies of one transaction mean; `lost` says how the connection ended, if it did.

    4yz: try again; 5yz: never (RFC 5321 §4.2.1). 421 anywhere, and 4.7.x or 530 in answer to MAIL, are about the
    relay: it is left alone, and a copy that got no further than MAIL does not count as tried.
    """
    if attempt.welcome and attempt.final is not None and attempt.final.positive:  # nearly always
        return Verdict((Delivered(str(attempt.final)),) * len(attempt.parcel.recipients), close=bool(lost))
    mail = attempt.mail
    if mail is None:
        return Verdict(None, close=True)
    if mail.code in (_CLOSING, _MUST_LOG_IN) or (mail.code < 500 and mail.enhanced.startswith("4.7.")):
        return Verdict(None, close=True, pause=str(mail))
    count = len(attempt.parcel.recipients)
    if not mail.positive:
        return Verdict((_refused(mail),) * count, close=bool(lost) or _breaks(mail))
    content = _content_outcome(attempt, lost)
    outcomes = []
    for index in range(count):
        reply = attempt.rcpt[index] if index < len(attempt.rcpt) else None
        if reply is None:
            outcomes.append(_unanswered(lost, "RCPT"))
        elif reply.positive:
            outcomes.append(content)
        elif reply.code == _TOO_MANY and index:
            outcomes.append(Deferred(str(reply)))  # RFC 5321 §4.5.3.1.10: one transaction's limit, not the recipient's
        else:
            outcomes.append(_refused(reply))
    seen = [reply for reply in (*attempt.rcpt, attempt.data, attempt.final) if reply is not None]
    closing = next((str(reply) for reply in seen if reply.code == _CLOSING), "")
    return Verdict(tuple(outcomes), close=bool(lost or closing) or _out_of_step(attempt), pause=closing)


def _content_outcome(attempt: Attempt, lost: str) -> Outcome:
    """What became of the recipients that were taken."""
    if attempt.data is None:
        return _unanswered(lost, "DATA")
    if not attempt.open_data:
        return _refused(attempt.data)
    if attempt.final is None:
        return _unanswered(lost, "the final dot")
    return Delivered(str(attempt.final)) if attempt.final.positive else _refused(attempt.final)


def _refused(reply: Reply) -> Outcome:
    """A reply that is not the hoped one; what makes no sense here is tried again."""
    if reply.code >= 500 and not _breaks(reply):
        return Failed(str(reply))
    return Deferred(str(reply))


def _unanswered(lost: str, command: str) -> Outcome:
    return Deferred(f"no reply to {command}: {lost}", Reason.RELAY_UNREACHABLE)


def _breaks(reply: Reply) -> bool:
    """Whether a refusal shows that we and the server are out of step."""
    return reply.code < 400 or reply.code == _OUT_OF_STEP


def _out_of_step(attempt: Attempt) -> bool:
    """Whether a reply came that the dialogue does not know."""
    strange = any(not reply.positive and _breaks(reply) for reply in attempt.rcpt)
    if attempt.data is not None and attempt.accepted and not attempt.open_data:
        strange = strange or _breaks(attempt.data)
    if attempt.final is not None and attempt.accepted and not attempt.final.positive:
        strange = strange or _breaks(attempt.final)
    return strange


class RelayTransport:
    """Sends to one relay over up to `connections` connections."""

    def __init__(
        self,
        relay: RelayAddress,
        name: str,
        connections: int,
        timeouts: Timeouts,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.relay = relay
        self.name = name
        self._connections = connections
        self.timeouts = timeouts
        self.idle_seconds = idle_seconds

    @property
    def connections(self) -> int:
        """See Transport."""
        return self._connections

    async def carry(self, desk: Desk) -> None:
        """See Transport."""
        await _Line(self, desk).run()


def relay_transport(config: Config) -> RelayTransport:
    """The transport that the configuration asks for; ConfigError names delivery.relay."""
    return RelayTransport(
        parse_relay(config.delivery.relay),
        config.site.domain,
        max(1, config.delivery.connections),
        Timeouts(final=config.limits.final_reply_seconds),
    )


class _Line:
    """One connection to the relay: made when there is something to send, closed when there is nothing for a while."""

    def __init__(self, transport: RelayTransport, desk: Desk) -> None:
        self._transport = transport
        self._desk = desk
        self._client: SmtpClient | None = None
        self._progress = False
        self._uncommitted: Committed | None = None

    async def run(self) -> None:
        """Serve until the courier stops."""
        try:
            while not self._desk.stopping:
                copy = self._desk.take()
                if copy is not None:
                    await self._send(copy)
                elif not await self._desk.wait(self._transport.idle_seconds):
                    await self._hang_up()
            await self._committed()
            await self._hang_up()
        except BaseException:
            if self._client is not None:
                self._client.abort()
            raise

    async def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.quit()

    async def _connected(self) -> SmtpClient | None:
        """The connection, made if need be; None when the relay does not want us, which pauses it."""
        if self._client is not None and self._client.usable:
            return self._client
        if self._client is not None:
            self._client.abort()
            self._client = None
        transport = self._transport
        self._progress = False
        try:
            self._client = await connect(transport.relay.host, transport.relay.port, transport.name, transport.timeouts)
        except (ConnectionLost, Refused) as error:
            self._desk.pause(str(error))
        return self._client

    async def _send(self, first: Copy) -> None:
        """Send `first`, and over the same stretch of pipeline whatever is due."""
        client = await self._connected()
        if client is None:
            self._desk.give_back(first)
            return
        current = self._attempt(first, client.features)
        if current is None:
            return
        client.begin(current[1])
        ahead: tuple[Copy, Attempt] | None = None
        lost = ""
        while current is not None:
            copy, attempt = current
            ahead = None
            try:
                await client.envelope(attempt)
                if attempt.welcome or not judge(attempt).close:
                    # One copy per connection may be sent and not committed: this waits for the one before.
                    await self._committed()
                    ahead = self._next(client.features)
                    await client.content(attempt, ahead[1] if ahead else None)
            except ConnectionLost as error:
                lost = str(error)
            if self._conclude(copy, judge(attempt, lost), lost):
                self._abandon(ahead)
                return
            current = ahead

    def _conclude(self, copy: Copy, verdict: Verdict, lost: str) -> bool:
        """Report what became of `copy`; True when the connection is of no more use."""
        if verdict.outcomes is None:
            self._desk.give_back(copy)
        else:
            self._progress = True
            self._uncommitted = self._desk.report([Result(copy, verdict.outcomes[0])])
        if verdict.pause:
            self._desk.pause(verdict.pause)
        elif lost and not self._progress:
            self._desk.pause(lost)  # else a relay that hangs up at once would be called again at once, for ever
        return verdict.close

    def _abandon(self, ahead: tuple[Copy, Attempt] | None) -> None:
        if ahead is not None:
            self._desk.give_back(ahead[0])
        if self._client is not None:
            self._client.abort()
            self._client = None

    async def _committed(self) -> None:
        waiting, self._uncommitted = self._uncommitted, None
        if waiting is not None:
            await waiting.wait()

    def _next(self, features: Features) -> tuple[Copy, Attempt] | None:
        """The copy whose envelope may travel with this one's content, if the server can take that and one is due."""
        while features.pipelining:
            copy = self._desk.take()
            if copy is None:
                return None
            prepared = self._attempt(copy, features)
            if prepared is not None:
                return prepared
        return None

    def _attempt(self, copy: Copy, features: Features) -> tuple[Copy, Attempt] | None:
        """`copy` ready to be sent; None when it cannot be and was reported as failed."""
        parcel = parcel_of(copy, features)
        if isinstance(parcel, Failed):
            self._desk.report([Result(copy, parcel)])
            return None
        return copy, Attempt(parcel)


def parcel_of(copy: Copy, features: Features) -> Parcel | Failed:
    """One copy as a transaction with a server that has `features`, or why it cannot go there: nothing is ever mangled.

    The addresses are parsed once more here, so that nothing in the database can end a command or begin another.
    """
    recipient = parse_address(copy.address)
    if recipient is None:
        return Failed("553 5.1.3 this is not an address that mail can be sent to")
    message = copy.message
    head = message.wire_head(copy.member_key, copy.address)
    eight_bit = message.eight_bit or not head.isascii()
    size = len(head) + len(message.wire_body)
    if recipient.needs_smtputf8 and not features.smtputf8:
        return Failed("553 5.6.7 the next hop does not take addresses with other than ASCII letters (SMTPUTF8)")
    if eight_bit and not features.eight_bit:
        return Failed("554 5.6.3 the message has 8-bit bytes and the next hop does not take them (8BITMIME)")
    if features.size and size > features.size:
        return Failed("552 5.3.4 the message is larger than the next hop takes")
    return Parcel(
        reverse_path=copy.reverse_path,
        recipients=(f"{recipient.local}@{recipient.ascii_domain}",),
        head=head,
        body=message.wire_body,
        size=size,
        eight_bit=eight_bit,
        smtputf8=recipient.needs_smtputf8,
    )
