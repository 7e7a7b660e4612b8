"""Outgoing mail for tests of delivery: a real database with messages in it, and a courier that runs beside the test."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from mailsvc.clock import DAY, VirtualClock
from mailsvc.config import Config, DeliveryConfig, SiteConfig
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.next_hop import NextHop, RelayAddress
from mailsvc.deliver.relay import RelayTransport
from mailsvc.deliver.slots import MEMBER_KEY
from mailsvc.deliver.smtp_client import Timeouts
from mailsvc.ids import OutgoingId, SeededRandomness
from mailsvc.keys import SiteKey
from mailsvc.limits import Limits
from mailsvc.site import Site
from mailsvc.store import migrate
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import SqliteDatabase

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = SiteKey("k1", "site", bytes(range(32)))
DOMAIN = "networks.example.org"
FREE = 1 << 40


def site(base: Path | str = ".", limits: Limits | None = None) -> Site:
    """A site with a fixed key."""
    config = Config(
        site=SiteConfig(domain=DOMAIN), delivery=DeliveryConfig(), limits=limits or Limits(), base=str(base)
    )
    return Site(config, KEY)


def letter(number: int, *, keyed: bool = False, body: bytes = b"Hello\r\n") -> bytes:
    """A message whose Message-ID is `<m{number}@…>`."""
    unsubscribe = b"List-Unsubscribe: <https://n.example.org/u/" + MEMBER_KEY + b">\r\n" if keyed else b""
    return (
        b"From: Office <office@networks.example.org>\r\nTo: all@networks.example.org\r\n"
        b"Subject: Test\r\nMessage-ID: <m%d@networks.example.org>\r\n" % number + unsubscribe + b"\r\n" + body
    )


def insert(
    tx: Tx,
    content: bytes,
    addresses: Sequence[str],
    *,
    sender: str = "bounces",
    priority: int = 2,
    days: float = 5,
    state: str = "ready",
    membership: bool = False,
    shape: str = "personal",
) -> OutgoingId:
    """An outgoing message, composed, to `addresses`."""
    raw = tx.insert(
        "INSERT INTO raw (sha256, size, bytes) VALUES (:sha, :size, :bytes)",
        sha=hashlib.sha256(content).digest(),
        size=len(content),
        bytes=content,
    )
    outgoing = tx.insert(
        "INSERT INTO outgoing"
        " (kind, message_id, composed_raw_id, sender, priority, shape, state, created_at, expires_at)"
        " VALUES ('post', 'm', :raw, :sender, :priority, :shape, :state, :now, :expires)",
        raw=raw,
        sender=sender,
        priority=priority,
        shape=shape,
        state=state,
        now=tx.now,
        expires=tx.now + int(days * DAY),
    )
    for number, address in enumerate(addresses, 1):
        tx.insert(
            "INSERT INTO delivery (outgoing_id, membership_id, address, next_at) VALUES (:o, :m, :address, :now)",
            o=outgoing,
            m=number if membership else None,
            address=address,
            now=tx.now,
        )
    tx.wake("outgoing")
    return OutgoingId(outgoing)


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something in this process is so."""
    while not condition():  # noqa: ASYNC110 - the things waited for have no events
        await asyncio.sleep(0.002)


@cache
def _new_database() -> bytes:
    """An empty database of this site, made once for all tests of a process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        migrate.create(path, KEY.site_id)
        return path.read_bytes()


class Bench:
    """A database on a virtual clock."""

    def __init__(self, folder: Path, *, rehearse: bool = True) -> None:
        self.clock = VirtualClock(START)
        self.site = site(folder)
        self.path = self.site.config.database_path
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(_new_database())
        self.db = SqliteDatabase(self.path, self.clock, SeededRandomness(1), rehearse=rehearse)

    def limits(self, **changes: int) -> None:
        """Change limits of the site."""
        self.site = replace(self.site, config=site(self.site.config.base, Limits(**changes)).config)

    async def add(self, content: bytes, addresses: Sequence[str], **options: object) -> OutgoingId:
        """See `insert`."""
        return await self.db.write(lambda tx: insert(tx, content, addresses, **options))  # type: ignore[arg-type]

    async def states(self, outgoing: OutgoingId | None = None) -> dict[str, str]:
        """address -> state"""
        sql = "SELECT address, state FROM delivery WHERE :o IS NULL OR outgoing_id = :o"
        return {row["address"]: row["state"] for row in await self.db.read(lambda tx: tx.all(sql, o=outgoing))}

    async def column(self, sql: str) -> list[object]:
        """The first column of a query."""
        rows = await self.db.read(lambda tx: tx.all(sql))
        return [row[row.keys()[0]] for row in rows]

    async def until(self, sql: str, *, step: timedelta | None = None) -> None:
        """Wait until the query gives something true; with `step`, time passes meanwhile."""
        while True:
            found = await self.column(sql)
            if found and found[0]:
                return
            if step is not None:
                self.clock.advance(step)
                self.db.wake_all()
            await asyncio.sleep(0.002)

    async def all_final(self, *, step: timedelta | None = None) -> None:
        """Wait until every copy has reached its end and every message is closed."""
        await self.until(
            "SELECT NOT EXISTS (SELECT 1 FROM delivery WHERE state = 'todo')"
            " AND NOT EXISTS (SELECT 1 FROM outgoing WHERE state = 'ready')",
            step=step,
        )


@asynccontextmanager
async def bench(folder: Path, *, rehearse: bool = True) -> AsyncIterator[Bench]:
    """A new (or the existing) database in `folder`, open."""
    made = Bench(folder, rehearse=rehearse)
    await made.db.open()
    try:
        yield made
    finally:
        await made.db.close()


def relay(
    *ports: int,
    connections: int = 4,
    final: float = 5,
    idle: float = 0.2,
    recipients: int = 100,
    rate: tuple[int, int] | None = None,
) -> RelayTransport:
    """A transport to sinks of this machine, the preferred one first."""
    timeouts = Timeouts(connect=5, greeting=5, command=5, data=5, block=5, final=final)
    hops = [NextHop(RelayAddress("127.0.0.1", port)) for port in ports]
    return RelayTransport(hops, DOMAIN, connections, timeouts, idle_seconds=idle, recipients=recipients, rate=rate)


@asynccontextmanager
async def running(courier: Courier, grace: float = 5) -> AsyncIterator[asyncio.Task[None]]:
    """The courier at work."""
    task = asyncio.create_task(courier.run())
    try:
        yield task
    finally:
        await courier.stop(grace)
        await task


def courier_for(
    on: Bench,
    port: int | Sequence[int],
    finished: Callable[[Tx, OutgoingId], None] | None = None,
    **options: object,
) -> Courier:
    """A courier that sends to a sink, or to the first of several that is well."""
    ports = [port] if isinstance(port, int) else port
    transport = relay(*ports, **options)  # type: ignore[arg-type]
    return Courier(on.db, on.site, on.clock, transport, finished, free_disk=lambda: FREE)
