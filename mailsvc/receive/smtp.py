"""The server of SMTP and LMTP: listens, admits connections, gives each its conversation. Alone imports aiosmtpd.

aiosmtpd gives a connection its life: transport, task, flow control. Its own loop over commands has no limits, answers
without enhanced codes and with the text of exceptions, cancels what is under way when a client closes its sending side,
and takes message lines one by one; so commands, replies and reading are ours (`conversation`, `wire`).
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import suppress
from functools import lru_cache, partial
from typing import cast

import aiosmtpd.smtp
import structlog
from structlog.typing import FilteringBoundLogger

from mailsvc.clock import SECOND, Clock
from mailsvc.config import Config
from mailsvc.errors import ConfigError, Refusal, StoreUnavailable
from mailsvc.message.envelope import Envelope
from mailsvc.net import ListenAddress, UnixAddress, client_key, parse_ip, parse_networks
from mailsvc.receive import replies
from mailsvc.receive.conversation import Conversation
from mailsvc.receive.listening import Address, Listener, lmtp_addresses, open_listener, smtp_addresses
from mailsvc.receive.model import Acceptor, Peer, Verdict
from mailsvc.receive.session_limits import Connections, DataInFlight
from mailsvc.receive.tls import server_context
from mailsvc.receive.wire import DataBlock, Wire

__all__ = ["Acceptor", "SmtpServer"]

# It would log the addresses of every connection and mail.
aiosmtpd.smtp.log.setLevel(logging.ERROR)


class _NoHooks:
    """aiosmtpd's handler, which it looks through for every connection: it has nothing to say."""

    def __dir__(self) -> list[str]:
        return []


_NO_HOOKS = _NoHooks()


class Session(aiosmtpd.smtp.SMTP):
    """One connection that came to `address`."""

    def __init__(
        self, server: SmtpServer, loop: asyncio.AbstractEventLoop, address: Address, *, lmtp: bool = False
    ) -> None:
        super().__init__(_NO_HOOKS, hostname=server.name, loop=loop)
        self._server = server
        self._address = address
        self._lmtp = lmtp
        self._secured = False
        self._in_handshake = False
        self._wire = Wire(self._pause_reading, self._resume_reading)
        self._socket: asyncio.Transport | None = None
        self._client: str | None = None
        self._admitted = False
        self._said_end = False
        self._conversation: Conversation | None = None

    def __dir__(self) -> list[str]:
        """Nothing: for every connection aiosmtpd looks through all that is here for its own kind of command methods."""
        return []

    # ---- what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a conversation, or say 421 where there are connections enough."""
        server = self._server
        # uvloop's transports have all methods of asyncio.Transport but are no subclass of it.
        self._socket = cast("asyncio.Transport", transport)
        peer = self._peer()
        if not peer.trusted:
            self._client = peer.client
        refusal = self._not_here(peer) or server.enter(self, self._client)
        if refusal:
            server.log.info("smtp.refused", code=refusal.code, enhanced=refusal.enhanced, reason=refusal.reason.value)
            self._socket.write(replies.wire_line(refusal.line()))
            self._socket.close()
            return
        self._admitted = True
        self._conversation = Conversation(server, peer, self._wire, self, server.log, lmtp=self._lmtp)
        super().connection_made(transport)
        # Its one timer would close the connection in the middle of a commit; the conversation has deadlines of its own.
        assert self._timeout_handle is not None
        self._timeout_handle.cancel()

    def _peer(self) -> Peer:
        assert self._socket is not None
        if isinstance(self._address, UnixAddress):
            # Whoever may open the file was let in by its owner; there is no address to ask for.
            return Peer("unix", trusted=True, internal=False, client="unix")
        name = self._socket.get_extra_info("peername")
        return self._server.peer(name[0] if name else "")

    def _not_here(self, peer: Peer) -> Refusal | None:
        """LMTP on an address that other machines can reach is for relays only."""
        public = isinstance(self._address, ListenAddress) and not self._address.loopback
        return replies.RELAYS_ONLY if self._lmtp and public and not peer.trusted else None

    def connection_lost(self, error: Exception | None) -> None:
        """The client has gone. What is being committed goes on without it."""
        self._wire.end()
        if self._admitted:
            self._admitted = False
            self._server.leave(self, self._client)
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Octets arrived."""
        self._wire.feed(data)

    def eof_received(self) -> bool:
        """The client sends no more, but may still read: what it asked for is answered first. TLS has no such state."""
        self._wire.end()
        return not self._secured

    # ---- the conversation

    async def _handle_client(self) -> None:
        """The task that aiosmtpd starts for a connection."""
        conversation = self._conversation
        assert conversation is not None
        started = self._server.clock.now()
        try:
            await conversation.talk()
        except (ConnectionError, TimeoutError):
            self.abort()
        finally:
            seconds = (self._server.clock.now() - started) // SECOND
            budget = conversation.budget
            self._server.log.info("smtp.closed", mails=budget.mails, errors=budget.errors, seconds=seconds)
            if self._socket is not None:
                self._socket.close()

    def task(self) -> asyncio.Task[None]:
        """The task of the conversation."""
        assert self._handler_coroutine is not None
        return self._handler_coroutine

    async def send(self, data: bytes) -> None:
        """Send replies; ConnectionError when the client has gone, TimeoutError when it does not read them."""
        self._writer.write(data)
        if self._socket is not None and self._socket.get_write_buffer_size():
            async with asyncio.timeout(self._server.limits.idle_seconds):
                await self._writer.drain()

    @property
    def secured(self) -> bool:
        """Whether TLS protects it."""
        return self._secured

    @property
    def can_be_secured(self) -> bool:
        """Whether there is a certificate; what passes through a Unix socket leaves the machine nowhere."""
        return self._server.tls is not None and not self._secured and isinstance(self._address, ListenAddress)

    def hold(self) -> None:
        """Take nothing more from the client until `start_tls`: what comes next belongs to the handshake."""
        self._pause_reading()

    async def start_tls(self) -> None:
        """Go on in TLS; ConnectionError when the client cannot, or takes longer than it may be idle."""
        server = self._server
        if server.tls is None or self._socket is None or self._socket.is_closing():
            raise ConnectionResetError
        self._in_handshake = True
        patience = server.limits.idle_seconds
        start = self.loop.start_tls
        try:
            secured = await start(self._socket, self, server.tls, server_side=True, ssl_handshake_timeout=patience)
        except OSError as error:  # ssl.SSLError is one
            # The loop calls connection_lost only for those whose handshake has succeeded.
            self.connection_lost(error)
            server.log.info("smtp.tls-failed", error=type(error).__name__, why=getattr(error, "reason", None))
            raise ConnectionResetError from None
        finally:
            self._in_handshake = False
        # A connection that was closed meanwhile is no failure for start_tls; only then there is no such object.
        if secured is None or secured.get_extra_info("ssl_object") is None:
            self.connection_lost(None)
            raise ConnectionResetError
        self._secured = True
        self._socket = secured
        # From Python 3.13 a writer that is thrown away closes its connection, and this one's carries the secured one.
        self._plain_writer = self._writer
        self._writer = asyncio.StreamWriter(secured, self, None, self.loop)

    def send_end(self) -> None:
        """Tell the client that nothing more will be sent."""
        self._said_end = True
        if self._socket is not None and self._socket.can_write_eof() and not self._socket.is_closing():
            self._socket.write_eof()

    def dismiss(self) -> None:
        """The service stops: say so and close, unless a message is under way; then its reply comes first."""
        if self._conversation is None or self._socket is None or self._conversation.in_data:
            return
        if not self._said_end and not self._in_handshake and not self._socket.is_closing():
            self._socket.write(self._conversation.last_words())
        self._socket.close()

    def abort(self) -> None:
        """Close without a word."""
        if self._socket is not None:
            # asyncio of Python 3.11.2 (Debian 12) raises for a secured connection that has ended already
            with suppress(AttributeError):
                self._socket.abort()

    def _pause_reading(self) -> None:
        if self._socket is not None and not self._socket.is_closing():
            self._socket.pause_reading()

    def _resume_reading(self) -> None:
        if self._socket is not None and not self._socket.is_closing():
            self._socket.resume_reading()


class SmtpServer:
    """Listens on `[smtp] listen` and `lmtp`, in the loop that `start` runs in, and hands mail to `acceptor`."""

    def __init__(
        self, config: Config, acceptor: Acceptor, clock: Clock, *, log: FilteringBoundLogger | None = None
    ) -> None:
        """ConfigError names what in `[smtp]` cannot be understood."""
        self.name = config.site.domain
        self.limits = config.limits
        self.acceptor = acceptor
        self.clock = clock
        self.log: FilteringBoundLogger = log if log is not None else structlog.get_logger("mailsvc.receive.smtp")
        self.trusted_relays = parse_networks(config.smtp.trusted_relays, "smtp.trusted_relays")
        self.internal_networks = parse_networks(config.smtp.internal_networks, "smtp.internal_networks")
        self.in_flight = DataInFlight(config.limits.data_in_flight)
        self.stopping = False
        self.tls: ssl.SSLContext | None = server_context(config)
        self._config = config
        self._smtp = smtp_addresses(config)
        self._lmtp = lmtp_addresses(config)
        self._connections = Connections(config.limits.connections, config.limits.connections_per_ip)
        self._listeners: list[Listener] = []
        self._lmtp_listeners: list[Listener] = []
        self._sessions: set[Session] = set()
        self._commits: set[asyncio.Task[Verdict]] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self.peer = lru_cache(maxsize=1024)(self._peer)  # relays come again and again

    async def start(self) -> None:
        """Begin to listen; ConfigError names the address that cannot be had, and then none is kept."""
        loop = asyncio.get_running_loop()
        try:
            for address in self._smtp:
                session = partial(Session, self, loop, address)
                self._listeners.append(await open_listener(address, session, "smtp.listen"))
            for place in self._lmtp:
                session = partial(Session, self, loop, place, lmtp=True)
                self._lmtp_listeners.append(await open_listener(place, session, "smtp.lmtp"))
        except ConfigError:
            await self.stop(0)
            raise
        self.log.info(
            "smtp.listening",
            addresses=[str(address) for address in self.addresses],
            lmtp=[str(address) for address in self.lmtp_addresses],
            tls=self.tls is not None,
        )

    @property
    def addresses(self) -> tuple[ListenAddress, ...]:
        """Where SMTP is spoken; port 0 of the configuration has become a real one."""
        found = [address for listener in self._listeners for address in listener.addresses]
        return tuple(address for address in found if isinstance(address, ListenAddress))

    @property
    def lmtp_addresses(self) -> tuple[Address, ...]:
        """Where LMTP is spoken, as `addresses`."""
        return tuple(address for listener in self._lmtp_listeners for address in listener.addresses)

    def reload_certificate(self) -> None:
        """Read certificate and key anew; handshakes from now on use them.

        ConfigError says why they cannot be used, and then those in use stay. Whether TLS is offered at all is decided
        at the start.
        """
        if self.tls is not None:
            self.tls = server_context(self._config)
            self.log.info("smtp.certificate-reloaded")

    @property
    def sessions(self) -> int:
        """How many connections are open."""
        return len(self._sessions)

    async def wait_sessions(self) -> None:
        """Wait until no connection is open."""
        await self._empty.wait()

    async def stop(self, grace: float) -> bool:
        """Listen no longer; dismiss who is idle with 421; let DATA and commits end within `grace` seconds.

        True when all of them did. A commit that takes longer is not cancelled, only no longer waited for.
        """
        self.stopping = True
        for listener in (*self._listeners, *self._lmtp_listeners):
            listener.close()
        for session in tuple(self._sessions):
            session.dismiss()
        tasks: set[asyncio.Task[None] | asyncio.Task[Verdict]] = {*self._commits}
        tasks.update(session.task() for session in self._sessions)
        late = (await asyncio.wait(tasks, timeout=grace))[1] if tasks else set()
        if late:
            self.log.warning("smtp.stopped-late", sessions=len(self._sessions), commits=len(self._commits))
        for session in tuple(self._sessions):
            session.abort()
        await self.wait_sessions()
        self._listeners.clear()
        self._lmtp_listeners.clear()
        return not late

    # ---- for sessions

    def _peer(self, name: str) -> Peer:
        """Who is at the other end, by the address that the socket tells."""
        ip = parse_ip(name)
        trusted, internal = ip in self.trusted_relays, ip in self.internal_networks
        return Peer(str(ip or "unknown"), trusted, internal, client_key(ip) if ip else "unknown")

    def enter(self, session: Session, client: str | None) -> Refusal | None:
        """A connection came; `client` is None for trusted relays, which have no limit."""
        if self.stopping:
            return replies.STOPPING
        if client is not None and not self._connections.enter(client):
            return replies.TOO_MANY_CONNECTIONS
        self._sessions.add(session)
        self._empty.clear()
        return None

    def leave(self, session: Session, client: str | None) -> None:
        """A connection that `enter` let in is closed."""
        self._sessions.discard(session)
        if client is not None:
            self._connections.leave(client)
        if not self._sessions:
            self._empty.set()

    def commit(self, envelope: Envelope, block: DataBlock) -> asyncio.Task[Verdict]:
        """Hand the mail over, in a task of its own that lives as long as it needs; it never raises."""
        task = asyncio.get_running_loop().create_task(self._accept(envelope, block))
        self._commits.add(task)
        task.add_done_callback(self._commits.discard)
        return task

    async def _accept(self, envelope: Envelope, block: DataBlock) -> Verdict:
        try:
            return await self.acceptor.accept(envelope)
        except Exception as error:  # noqa: BLE001 - nothing was promised yet; the peer shall try again
            return self.trouble(error)
        finally:
            block.release()

    def trouble(self, error: Exception) -> Refusal:
        """What the peer is told about a failure of ours: to try again. The log gets the rest."""
        if isinstance(error, StoreUnavailable):
            self.log.warning("smtp.store-unavailable", error=str(error))
            return replies.STORE_UNAVAILABLE
        self.log.error("smtp.failed", exc_info=error)
        return replies.INTERNAL
