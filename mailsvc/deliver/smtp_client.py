"""An SMTP client for one connection (RFC 5321) that pipelines (RFC 2920): the next message's envelope travels with the
last one's body. It knows nothing of queues; what it saw is left in an `Attempt`, however the connection ended."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, cast

import msgspec

CHUNK: Final = 64 * 1024  # bodies up to this leave in one write together with what follows
LONGEST_LINE: Final = 4096
ORDINARY_LINE: Final = 512  # RFC 5321 §4.5.3.1.5
LONGEST_REPLY: Final = 64 * 1024
_REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
# What a path may not have whatever checked it before: blanks, controls and angle brackets would end or extend it.
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")


class Reply(msgspec.Struct, frozen=True):
    """A server's reply; the lines of a long one are joined by a line feed."""

    code: int
    text: str

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 2034), or ""."""
        match = _ENHANCED.match(self.text)
        return match[1] if match else ""

    @property
    def positive(self) -> bool:
        """2yz"""
        return 200 <= self.code < 300

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip().replace("\n", " ")


@lru_cache(maxsize=256)  # to every copy a server says nearly the same
def _one_line(line: bytes) -> Reply | None:
    """A reply of one line; None for everything else."""
    match = _REPLY_LINE.fullmatch(line)
    if not match or match[2] == b"-":
        return None
    return Reply(int(match[1]), (match[3] or b"").decode("utf-8", "replace"))


class ConnectionLost(Exception):
    """The connection ended, spoke nonsense or was silent for too long; the message says what happened."""


class Refused(Exception):
    """The server does not want to talk to us: its greeting or its answer to EHLO."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply))
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait (RFC 5321 §4.5.3.2): to connect, for a greeting, a command's reply, DATA's, the final one."""

    connect: float = 30
    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    final: float = 600


@dataclass(frozen=True, slots=True)
class Features:
    """What the server offers (RFC 5321 §4.1.1.1).

    `size` is its largest message, 0 when it does not say; `auth` its ways to log in (RFC 4954), in upper case.
    """

    pipelining: bool = False
    eight_bit: bool = False
    smtputf8: bool = False
    sizes: bool = False
    size: int = 0
    starttls: bool = False
    auth: frozenset[str] = frozenset()


class Parcel(msgspec.Struct, frozen=True):
    """One mail transaction. `head` and `body` are dot-stuffed, with CRLF at the end; `size` in octets before that."""

    reverse_path: str
    recipients: tuple[str, ...]
    head: bytes
    body: bytes
    size: int
    eight_bit: bool = False
    smtputf8: bool = False


@dataclass(slots=True)
class Attempt:
    """How far one transaction has got: the replies that were seen, in the order of the commands."""

    parcel: Parcel
    mail: Reply | None = None
    rcpt: list[Reply] = field(default_factory=list)
    data: Reply | None = None
    final: Reply | None = None
    reset: bool = False

    @property
    def accepted(self) -> bool:
        """Whether at least one recipient was taken."""
        return any(reply.positive for reply in self.rcpt)

    @property
    def welcome(self) -> bool:
        """Whether the whole envelope was taken and the server waits for the content."""
        replies = [self.mail, *self.rcpt]
        return (
            self.open_data
            and len(self.rcpt) == len(self.parcel.recipients)
            and all(reply is not None and reply.positive for reply in replies)
        )

    @property
    def open_data(self) -> bool:
        """Whether the server waits for the content."""
        return self.data is not None and self.data.code == 354


def path(address: str) -> bytes:
    """`<address>` for MAIL and RCPT; ValueError for what could end the command or begin another."""
    if _UNSAFE.search(address):
        raise ValueError("an address with blanks, controls or angle brackets")
    return b"<" + address.encode() + b">"


class SmtpClient(asyncio.Protocol):
    """One connection. Make it with `connect`; only one task may use it."""

    def __init__(self, timeouts: Timeouts, *, secure: bool = False) -> None:
        self.features = Features()
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._secure = secure
        self._received = b""
        self._lines: list[bytes] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._end: str | None = None
        self._out: list[bytes] = []
        self._dirty = False
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    # --- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast("asyncio.Transport", transport)
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            # Without it the last piece of a message waits for the ACK of the one before it.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        """Bytes from the server; complete lines become replies."""
        self._received += data
        if b"\n" in data:
            lines = self._received.split(b"\n")
            self._received = lines.pop()
            for line in lines:
                self._line(line.rstrip(b"\r"))
        if len(self._received) > LONGEST_LINE:
            self._fail("a reply with a line without end")
        if self._waiter is not None and (self._replies or self._end is not None):
            _wake(self._waiter)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection ended."""
        self._fail(f"connection lost: {exc}" if exc else "connection closed by the server")

    def pause_writing(self) -> None:
        """The kernel takes no more for now."""
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        """It does again."""
        room, self._room = self._room, None
        _wake(room)

    def _line(self, line: bytes) -> None:
        whole = _one_line(line) if not self._lines and len(line) <= ORDINARY_LINE else None
        if whole is not None:
            self._replies.append(whole)
            return
        match = _REPLY_LINE.fullmatch(line)
        if not match:
            self._fail("a reply that is not SMTP")
            return
        self._lines.append(match[3] or b"")
        if sum(map(len, self._lines)) > LONGEST_REPLY or len(self._lines) > 1000:
            self._fail("a reply without end")
        elif match[2] != b"-":
            text = b"\n".join(self._lines).decode("utf-8", "replace")
            self._replies.append(Reply(int(match[1]), text))
            self._lines = []

    def _fail(self, why: str) -> None:
        if self._end is None:
            self._end = why
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None:
            self._transport.abort()
        _wake(self._waiter)
        _wake(self._room)

    # --- waiting

    @property
    def usable(self) -> bool:
        """Whether a new transaction can be begun: the connection stands and the server has not spoken unasked."""
        return self._end is None and not self._replies and not self._received

    def _watch(self, seconds: float) -> None:
        """End the connection when nothing has come `seconds` from now; one timer serves many waits."""
        self._deadline = deadline = self._loop.time() + seconds
        if self._timer is not None and self._timer.when() > deadline:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(deadline, self._alarm)

    def _alarm(self) -> None:
        self._timer = None
        if self._deadline is None:
            return
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._alarm)
        else:
            self._fail("no reply in time")

    async def reply(self, seconds: float) -> Reply:
        """The server's next reply; ConnectionLost when there is none in `seconds`."""
        while not self._replies:
            if self._end is not None:
                raise ConnectionLost(self._end)
            self._watch(seconds)
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = self._deadline = None
        return self._replies.popleft()

    def _put(self, data: bytes) -> None:
        self._out.append(data)

    def _flush(self) -> None:
        if self._end is not None:
            raise ConnectionLost(self._end)
        assert self._transport is not None
        data = b"".join(self._out)
        self._out = []
        self._transport.write(data)

    async def _drained(self) -> None:
        while self._room is not None and self._end is None:
            self._watch(self._timeouts.block)
            try:
                await self._room
            finally:
                self._deadline = None

    # --- the dialogue

    async def hello(self, name: str) -> None:
        """Wait for the greeting and say EHLO, or HELO to a server that knows no better; Refused, ConnectionLost."""
        greeting = await self.reply(self._timeouts.greeting)
        if greeting.code != 220:
            raise Refused(greeting)
        await self._introduce(name)

    async def _introduce(self, name: str) -> None:
        self.features = Features()
        reply = await self.exchange(b"EHLO " + name.encode("ascii"))
        if reply.code in (500, 501, 502, 504):
            reply = await self.exchange(b"HELO " + name.encode("ascii"))
            if not reply.positive:
                raise Refused(reply)
            return
        if not reply.positive:
            raise Refused(reply)
        self.features = features_in(reply.text)

    async def exchange(self, command: bytes, seconds: float | None = None) -> Reply:
        """Send one command, without its line end, and return the reply to it; raises ConnectionLost."""
        self._put(command + b"\r\n")
        self._flush()
        return await self.reply(self._timeouts.command if seconds is None else seconds)

    @property
    def secure(self) -> bool:
        """Whether everything that is said now is encrypted, and the server has shown who it is."""
        return self._secure

    async def start_tls(self, context: ssl.SSLContext, host: str, name: str) -> None:
        """STARTTLS (RFC 3207), then EHLO again: nothing that was said before counts. Raises Refused, ConnectionLost.

        `context` verifies that the server is `host`. What a server (or somebody between) sent behind its 220 came in
        clear text and must never be taken for what comes after: such a connection is of no use.
        """
        if not self.features.starttls:
            self._fail("the server does not offer STARTTLS")
            raise ConnectionLost(self._end)
        reply = await self.exchange(b"STARTTLS")
        if reply.code != 220:
            raise Refused(reply)
        if self._replies or self._received or self._lines:
            self._fail("the server sent more than a reply before TLS")
            raise ConnectionLost(self._end)
        assert self._transport is not None
        try:
            transport = await self._loop.start_tls(
                self._transport,
                self,
                context,
                server_hostname=host,
                ssl_handshake_timeout=self._timeouts.connect,
            )
        except OSError as error:  # ssl.SSLError is one
            self._fail(tls_problem(error))
            raise ConnectionLost(self._end) from None
        if transport is None or self._end is not None:
            self._fail("connection lost in the TLS handshake")
            raise ConnectionLost(self._end)
        self._transport = transport
        self._secure = True
        await self._introduce(name)

    def _commands(self, attempt: Attempt) -> list[bytes]:
        """MAIL and every RCPT, without line ends."""
        parcel = attempt.parcel
        mail = b"MAIL FROM:" + path(parcel.reverse_path)
        if self.features.sizes:
            mail += b" SIZE=%d" % parcel.size
        if parcel.eight_bit:
            mail += b" BODY=8BITMIME"
        if parcel.smtputf8:
            mail += b" SMTPUTF8"
        return [mail, *(b"RCPT TO:" + path(recipient) for recipient in parcel.recipients)]

    def begin(self, attempt: Attempt) -> None:
        """Put the envelope of `attempt` into what is sent next; without PIPELINING that is left to `envelope`."""
        commands = self._commands(attempt)  # before anything is sent: a bad address must leave no half transaction
        if not self.features.pipelining:
            return
        if self._dirty:
            self._put(b"RSET\r\n")
            attempt.reset, self._dirty = True, False
        self._put(b"\r\n".join(commands) + b"\r\nDATA\r\n")

    async def envelope(self, attempt: Attempt) -> bool:
        """See what the server says to the envelope; True when it waits for the content. Raises ConnectionLost.

        All replies of a pipelined group are read, also after a refusal (RFC 2920 §3.1).
        """
        if not self.features.pipelining:
            return await self._envelope_in_steps(attempt)
        if self._out:
            self._flush()
        if attempt.reset and not await self._was_reset(attempt):
            return False
        attempt.mail = await self.reply(self._timeouts.command)
        if attempt.mail.code == 421:
            return False
        for _ in attempt.parcel.recipients:
            attempt.rcpt.append(await self.reply(self._timeouts.command))
        attempt.data = await self.reply(self._timeouts.data)
        return attempt.open_data

    async def _envelope_in_steps(self, attempt: Attempt) -> bool:
        if self._dirty:
            self._dirty = False
            self._put(b"RSET\r\n")
            self._flush()
            if not await self._was_reset(attempt):
                return False
        mail, *recipients = self._commands(attempt)
        attempt.mail = await self.exchange(mail)
        if attempt.mail.positive:
            for recipient in recipients:
                attempt.rcpt.append(await self.exchange(recipient))
        if attempt.accepted:
            attempt.data = await self.exchange(b"DATA", self._timeouts.data)
        return attempt.open_data

    async def _was_reset(self, attempt: Attempt) -> bool:
        """False when the server closes the connection instead (421); any other refusal of RSET loses it."""
        reply = await self.reply(self._timeouts.command)
        if reply.code == 421:
            attempt.mail = reply
        elif not reply.positive:
            self._fail(f"RSET was answered {reply.code}")
            raise ConnectionLost(self._end)
        return reply.positive

    async def content(self, attempt: Attempt, ahead: Attempt | None = None) -> None:
        """Send the content and, in the same breath, the envelope of `ahead`; wait for the reply to the final dot.

        Without an accepted recipient only what closes the transaction is sent. Raises ConnectionLost; a refusal that
        came before the end is then in `attempt` as its final reply.
        """
        try:
            if attempt.open_data:
                await self._body(attempt)
            else:
                self._dirty = True
            if ahead is not None:
                self.begin(ahead)
            if self._out:
                self._flush()
            if attempt.open_data:
                attempt.final = await self.reply(self._timeouts.final)
        except ConnectionLost:
            if attempt.open_data and self._replies and self._replies[0].code >= 400:
                attempt.final = self._replies.popleft()
            raise

    async def _body(self, attempt: Attempt) -> None:
        """The content up to its final dot; the dot alone when no recipient was taken but DATA was (RFC 2920 §3.1)."""
        parcel = attempt.parcel
        if attempt.accepted:
            self._put(parcel.head)
            if len(parcel.body) <= CHUNK:
                self._put(parcel.body)
            else:
                await self._in_chunks(parcel.body)
        self._silent()
        self._put(b".\r\n")

    async def _in_chunks(self, body: bytes) -> None:
        view = memoryview(body)
        for start in range(0, len(view), CHUNK):
            self._put(bytes(view[start : start + CHUNK]))
            self._flush()
            await self._drained()
            self._silent()

    def _silent(self) -> None:
        """A server that speaks before the final dot is out of step: its words must not be taken for the final reply."""
        if self._replies:
            self._fail("the server spoke before the end of the message")
        if self._end is not None:
            raise ConnectionLost(self._end)

    async def quit(self) -> None:
        """Say goodbye and close; whatever happens, the connection is closed afterwards."""
        try:
            if self._end is None:
                await self.exchange(b"QUIT", min(self._timeouts.command, 5))
        except ConnectionLost:
            pass
        finally:
            self.abort()

    def abort(self) -> None:
        """Close at once."""
        self._fail("closed by us")


def features_in(text: str) -> Features:
    """What the lines of a reply to EHLO offer, the first one being a greeting."""
    words = [line.upper().replace("AUTH=", "AUTH ", 1).split() for line in text.split("\n")[1:]]
    keywords = {line[0]: line[1:] for line in words if line}
    size = keywords.get("SIZE", [])
    return Features(
        pipelining="PIPELINING" in keywords,
        eight_bit="8BITMIME" in keywords,
        smtputf8="SMTPUTF8" in keywords,
        sizes="SIZE" in keywords,
        size=int(size[0]) if size and size[0].isdecimal() and len(size[0]) < 20 else 0,
        starttls="STARTTLS" in keywords,
        auth=frozenset(keywords.get("AUTH", [])),
    )


async def connect(host: str, port: int, name: str, timeouts: Timeouts, tls: ssl.SSLContext | None = None) -> SmtpClient:
    """A connection that has said EHLO `name`; raises Refused, ConnectionLost.

    With `tls` it is encrypted from its first octet (RFC 8314 §3.3), to a server that `tls` has verified to be `host`.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeouts.connect):
            _, client = await loop.create_connection(
                lambda: SmtpClient(timeouts, secure=tls is not None),
                host,
                port,
                ssl=tls,
                server_hostname=host if tls else None,
            )
    except TimeoutError:
        raise ConnectionLost("no connection in time") from None
    except ssl.SSLError as error:
        raise ConnectionLost(tls_problem(error)) from None
    except OSError as error:
        raise ConnectionLost(f"cannot connect: {error.strerror or error}") from None
    try:
        await client.hello(name)
    except BaseException:
        client.abort()
        raise
    return client


def tls_problem(error: OSError) -> str:
    """Why there is no TLS connection, in words for an operator."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not good: {error.verify_message}"
    reason = error.reason if isinstance(error, ssl.SSLError) else error.strerror
    return f"no TLS connection: {reason or error}"


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)
