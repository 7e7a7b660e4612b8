"""The web server: uvicorn inside our own loop, and the application with all its pages."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mailsvc.clock import Clock
from mailsvc.config import Config
from mailsvc.errors import ConfigError, StoreUnavailable
from mailsvc.ids import Randomness, SystemRandomness
from mailsvc.net import ListenAddress, parse_listen
from mailsvc.registry import Registry
from mailsvc.store.database import Database
from mailsvc.web.accounts import Accounts
from mailsvc.web.desk import MailroomDesk
from mailsvc.web.edge import Edge
from mailsvc.web.health import Health
from mailsvc.web.http import SafeHeaders
from mailsvc.web.mailroom import Mailroom
from mailsvc.web.metrics import Metrics
from mailsvc.web.own_cases import OwnCases
from mailsvc.web.public import Public

CONNECTIONS: Final = 200
HEADER_BYTES: Final = 32 * 1024
GRACE_SECONDS: Final = 5


def check_loopback(config: Config) -> None:
    """ConfigError when the mailroom could not work, or would let other machines in, where everybody acts as anybody."""
    listen = parse_listen(config.web.listen, "web.listen")
    if config.delivery.transport == "mailroom" and not listen.loopback:
        raise ConfigError(
            f"the mailroom lets everybody act as anybody, so it listens on this machine only, not on {listen}; "
            'use "127.0.0.1:8025", or `[delivery] transport = "smtp"`',
            "web.listen",
        )
    if config.delivery.transport == "mailroom" and not config.smtp.listen:
        raise ConfigError(
            'the mailroom sends what is written in it by SMTP; name "127.0.0.1:2525" here, beside lmtp', "smtp.listen"
        )


class WebServer:
    """Serves the pages from `start` to `stop`; `address` is what it is bound to (port 0 takes a free one)."""

    def __init__(
        self,
        config: Config,
        db: Database,
        registry: Registry,
        clock: Clock,
        mailroom: MailroomDesk | None = None,
        metrics: Metrics | None = None,
        *,
        randomness: Randomness | None = None,
    ) -> None:
        check_loopback(config)
        self._config = config
        self.application = application(
            config, db, registry, clock, mailroom, metrics or Metrics(), randomness or SystemRandomness()
        )
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.address: tuple[str, int] = ("", 0)

    async def start(self) -> None:
        """Bind and answer; ConfigError names the address when it cannot be had."""
        listen = parse_listen(self._config.web.listen, "web.listen")
        try:
            listener = _bind(listen)
        except OSError as error:
            raise ConfigError(f"cannot listen on {listen}: {error.strerror or error}", "web.listen") from error
        self.address = (listen.host, int(listener.getsockname()[1]))
        self._server = _Server(
            uvicorn.Config(
                self.application,
                loop="none",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                # A reverse proxy on this machine may say who its client is; nobody else may.
                proxy_headers=True,
                forwarded_allow_ips=["127.0.0.1", "::1"],
                limit_concurrency=CONNECTIONS,
                h11_max_incomplete_event_size=HEADER_BYTES,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]), name="web")
        started = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({self._task, started}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():  # it failed before it was ready
            started.cancel()
            await self._task

    async def stop(self) -> None:
        """Take no new requests, finish the running ones within GRACE_SECONDS."""
        if self._server is None or self._task is None:
            return
        self._server.should_exit = True
        await self._task
        self._server = self._task = None


def application(
    config: Config,
    db: Database,
    registry: Registry,
    clock: Clock,
    mailroom: MailroomDesk | None,
    metrics: Metrics,
    randomness: Randomness,
) -> ASGIApp:
    """The ASGI application; the mailroom's pages exist only under its transport."""
    edge = Edge(config, db, registry, clock)
    routes = [*Health(config, db, metrics).routes(), *Accounts(edge, randomness).routes(), *OwnCases(edge).routes()]
    routes += Public(edge).routes()
    if edge.rehearsal and mailroom is not None:
        routes += Mailroom(edge, mailroom, randomness).routes()
    routes.append(Route("/{path:path}/", _without_slash))

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return edge.problem(error.status_code, error.headers, request)

    async def unavailable(request: Request, __: Exception) -> Response:
        return edge.problem(503, {"Retry-After": "60"}, request)

    async def failed(request: Request, __: Exception) -> Response:
        return edge.problem(500, None, request)

    # Starlette's own type of the keys is Any: status codes and exception classes.
    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        HTTPException: refused,
        StoreUnavailable: unavailable,
        Exception: failed,
    }
    pages = Starlette(routes=routes, exception_handlers=handlers)
    pages.router.redirect_slashes = False
    return SafeHeaders(pages)


async def _without_slash(request: Request) -> Response:
    """`/g/NAME/` is `/g/NAME`; told by the path alone, for what Host and scheme a proxy passes on may be another's."""
    path = "/" + request.path_params["path"].strip("/\\")
    return RedirectResponse(f"{quote(path)}?{request.url.query}" if request.url.query else quote(path), 307)


class _Server(uvicorn.Server):
    """uvicorn's server without its signal handlers: the composition root owns the signals."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell `start` so."""
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing."""
        yield


def _bind(listen: ListenAddress) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    listener.settimeout(0)
    return listener
