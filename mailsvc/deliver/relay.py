"""The transport that sends to relays by SMTP, and what a relay's replies mean for each recipient and for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from mailsvc.config import Config, parse_rate
from mailsvc.deliver.model import Committed, Copy, Desk, Result
from mailsvc.deliver.next_hop import NextHop, call, next_hops
from mailsvc.deliver.smtp_client import Attempt, ConnectionLost, Features, Parcel, Refused, Reply, SmtpClient, Timeouts
from mailsvc.errors import Deferred, Delivered, Failed, Outcome, Reason
from mailsvc.message.address import parse_address
from mailsvc.message.ascii_head import ascii_head

IDLE_SECONDS: Final = 5.0
NO_CONNECTION_SECONDS: Final = 3600.0  # there is nothing to hang up; whoever has copies wakes us
GREETING_SECONDS: Final = 30.0  # where another relay can be asked instead
_CLOSING: Final = 421
_MUST_LOG_IN: Final = 530
_OUT_OF_STEP: Final = 503
_TOO_MANY: Final = (452, 552)


class Verdict(msgspec.Struct, frozen=True):
    """What one transaction came to. `outcomes` has one per recipient, None for each that was not really tried.

    `close`: the connection is of no more use. `pause` is what the relay said about itself, or "".
    """

    outcomes: tuple[Outcome | None, ...]
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
    count = len(attempt.parcel.recipients)
    if mail is None:
        return Verdict((None,) * count, close=True)
    if mail.code in (_CLOSING, _MUST_LOG_IN) or (mail.code < 500 and mail.enhanced.startswith("4.7.")):
        return Verdict((None,) * count, close=True, pause=str(mail))
    if not mail.positive:
        return Verdict((_refused(mail),) * count, close=bool(lost) or _breaks(mail))
    outcomes = _recipients(attempt, lost)
    seen = [reply for reply in (*attempt.rcpt, attempt.data, attempt.final) if reply is not None]
    closing = next((str(reply) for reply in seen if reply.code == _CLOSING), "")
    return Verdict(tuple(outcomes), close=bool(lost or closing) or _out_of_step(attempt), pause=closing)


def _recipients(attempt: Attempt, lost: str) -> list[Outcome | None]:
    """What became of each recipient of a transaction whose MAIL was taken."""
    content = _content_outcome(attempt, lost)
    outcomes: list[Outcome | None] = []
    taken = False
    for index in range(len(attempt.parcel.recipients)):
        reply = attempt.rcpt[index] if index < len(attempt.rcpt) else None
        if reply is None:
            outcomes.append(_unanswered(lost, "RCPT"))
        elif reply.positive:
            taken = True
            outcomes.append(content)
        elif taken and _full(reply):
            outcomes.append(None)
        else:
            outcomes.append(_refused(reply))
    return outcomes


def _full(reply: Reply) -> bool:
    """Too many recipients for one transaction (RFC 5321 §4.5.3.1.10): they go in the next one, at once.

    452 and 552 about a mailbox (x.2.y, RFC 3463 §3.3) are about the recipient instead.
    """
    return reply.code in _TOO_MANY and not reply.enhanced[1:].startswith(".2.")


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
    """Sends to the first relay that is well, over up to `connections` connections; `recipients` go in one transaction
    of a shared message."""

    def __init__(
        self,
        hops: Sequence[NextHop],
        name: str,
        connections: int,
        timeouts: Timeouts,
        *,
        idle_seconds: float = IDLE_SECONDS,
        recipients: int = 100,
        rate: tuple[int, int] | None = None,
    ) -> None:
        self.hops = tuple(hops)
        self.names = tuple(str(hop.address) for hop in hops)
        self.name = name
        self.connections = connections
        self.timeouts = timeouts
        self.idle_seconds = idle_seconds
        self.recipients = recipients
        self.rate = rate

    async def carry(self, desk: Desk) -> None:
        """See Transport."""
        await _Line(self, desk).run()


def relay_transport(config: Config, environment: Mapping[str, str] | None = None) -> RelayTransport:
    """The transport that the configuration asks for; ConfigError names its key."""
    hops = next_hops(config, environment)
    final = config.limits.final_reply_seconds
    return RelayTransport(
        hops,
        config.site.domain,
        config.delivery.connections,
        Timeouts(final=final, greeting=GREETING_SECONDS) if len(hops) > 1 else Timeouts(final=final),
        recipients=config.limits.recipients,
        rate=parse_rate(config.delivery.rate),
    )


class _Load(msgspec.Struct, frozen=True):
    """What goes into one transaction, and how far that has got."""

    copies: tuple[Copy, ...]
    attempt: Attempt


class _Line:
    """One connection to a relay: made when there is something to send, closed when there is nothing for a while."""

    def __init__(self, transport: RelayTransport, desk: Desk) -> None:
        self._transport = transport
        self._desk = desk
        self._client: SmtpClient | None = None
        self._hop = 0
        self._most = transport.recipients
        self._proven = False
        self._uncommitted: Committed | None = None

    async def run(self) -> None:
        """Serve until the courier stops."""
        try:
            while not self._desk.stopping:
                copies = self._desk.take(self._most)
                if copies:
                    await self._send(copies)
                elif self._client is None:
                    await self._desk.wait(NO_CONNECTION_SECONDS)
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
        client = self._client
        if client is not None and client.usable and self._hop == self._desk.hop:
            return client
        if client is not None and not client.usable:
            client.abort()
        elif client is not None:
            await self._hang_up()  # another relay's turn has come
        self._client = None
        transport = self._transport
        self._hop, self._proven, self._most = self._desk.hop, False, transport.recipients
        try:
            self._client = await call(transport.hops[self._hop], transport.name, transport.timeouts)
        except (ConnectionLost, Refused) as error:
            self._desk.pause(str(error))
        return self._client

    async def _send(self, first: tuple[Copy, ...]) -> None:
        """Send `first`, and over the same stretch of pipeline whatever is due."""
        client = await self._connected()
        if client is None:
            self._desk.give_back(first)
            return
        current = self._loaded(first, client.features)
        if current is None:
            return
        client.begin(current.attempt)
        lost = ""
        while current is not None:
            attempt = current.attempt
            ahead: _Load | None = None
            try:
                await client.envelope(attempt)
                if attempt.open_data and not self._proven:
                    self._desk.works()  # the others need not wait for the end of what may be a large mail
                if attempt.welcome or not judge(attempt).close:
                    # One transaction per connection may be sent and not committed: this waits for the one before.
                    await self._committed()
                    ahead = self._next(client.features)
                    await client.content(attempt, ahead.attempt if ahead else None)
            except ConnectionLost as error:
                lost = str(error)
            if self._conclude(current, judge(attempt, lost), lost):
                self._abandon(ahead)
                return
            current = ahead

    def _conclude(self, load: _Load, verdict: Verdict, lost: str) -> bool:
        """Report what became of `load`; True when the connection is of no more use."""
        pairs = tuple(zip(load.copies, verdict.outcomes, strict=True))
        results = [Result(copy, outcome) for copy, outcome in pairs if outcome is not None]
        if len(results) < len(pairs):
            self._desk.give_back([copy for copy, outcome in pairs if outcome is None])
            if results:
                self._most = max(1, sum(reply.positive for reply in load.attempt.rcpt))
        if results:
            self._uncommitted = self._desk.report(results)
        if verdict.pause:
            self._desk.pause(verdict.pause)
        elif not lost:
            self._proven = True
            self._desk.works(delivered=any(isinstance(result.outcome, Delivered) for result in results))
        elif not self._proven:
            self._desk.pause(lost)  # else a relay that hangs up at once would be called again at once, for ever
        return verdict.close

    def _abandon(self, ahead: _Load | None) -> None:
        if ahead is not None:
            self._desk.give_back(ahead.copies)
        if self._client is not None:
            self._client.abort()
            self._client = None

    async def _committed(self) -> None:
        waiting, self._uncommitted = self._uncommitted, None
        if waiting is not None:
            await waiting.wait()

    def _next(self, features: Features) -> _Load | None:
        """What may travel ahead with this one's content, if the server can take that and something is due."""
        while features.pipelining:
            copies = self._desk.take(self._most, stay=True)
            if not copies:
                return None
            load = self._loaded(copies, features)
            if load is not None:
                return load
        return None

    def _loaded(self, copies: tuple[Copy, ...], features: Features) -> _Load | None:
        """`copies` ready to be sent, without those that cannot be and are reported as failed; None for none left."""
        packed = parcel_of(copies, features)
        if packed.refused:
            self._desk.report(packed.refused)
        return _Load(packed.copies, Attempt(packed.parcel)) if packed.parcel is not None else None


class Packed(msgspec.Struct, frozen=True):
    """A transaction for `copies`; those that cannot go to this server are `refused`. No parcel when all are."""

    parcel: Parcel | None
    copies: tuple[Copy, ...]
    refused: tuple[Result, ...] = ()


def parcel_of(copies: tuple[Copy, ...], features: Features) -> Packed:
    """Copies of one message as a transaction with a server that has `features`: nothing is ever mangled.

    Header fields in other than ASCII go as they are where the server takes them (SMTPUTF8), else they are encoded.

    The addresses are parsed once more here, so that nothing in the database can end a command or begin another.
    """
    message = copies[0].message
    head = message.wire_head(copies[0].member_key, copies[0].address)
    eight_bit = message.eight_bit
    wide = False
    if not head.isascii():
        wide = features.smtputf8 and _is_utf8(head)  # RFC 6531: other bytes in the header only where they are taken
        head = head if wide else ascii_head(head)
        eight_bit = not (head.isascii() and message.wire_body.isascii())
    size = len(head) + len(message.wire_body)
    problem = _problem(eight_bit=eight_bit, size=size, features=features)
    recipients: list[str] = []
    going: list[Copy] = []
    refused: list[Result] = []
    for copy in copies:
        recipient = parse_address(copy.address)
        if recipient is None:
            refused.append(Result(copy, Failed("553 5.1.3 this is not an address that mail can be sent to")))
        elif recipient.needs_smtputf8 and not features.smtputf8:
            text = "553 5.6.7 the next hop does not take addresses with other than ASCII letters (SMTPUTF8)"
            refused.append(Result(copy, Failed(text)))
        elif problem is not None:
            refused.append(Result(copy, problem))
        else:
            going.append(copy)
            recipients.append(f"{recipient.local}@{recipient.ascii_domain}")
            wide = wide or recipient.needs_smtputf8
    if not going:
        return Packed(None, (), tuple(refused))
    parcel = Parcel(
        reverse_path=copies[0].reverse_path,
        recipients=tuple(recipients),
        head=head,
        body=message.wire_body,
        size=size,
        eight_bit=eight_bit,
        smtputf8=wide,
    )
    return Packed(parcel, tuple(going), tuple(refused))


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError:
        return False
    return True


def _problem(*, eight_bit: bool, size: int, features: Features) -> Failed | None:
    """Why a server with `features` does not take the content, or None."""
    if eight_bit and not features.eight_bit:
        return Failed("554 5.6.3 the message has 8-bit bytes and the next hop does not take them (8BITMIME)")
    if features.size and size > features.size:
        return Failed("552 5.3.4 the message is larger than the next hop takes")
    return None
