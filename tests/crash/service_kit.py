"""A service as a real process, the people who write to it, and what kills it."""

from __future__ import annotations

import asyncio
import os
import signal
import smtplib
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lists import store as lists_store
from lists.model import Settings
from mailsvc import config as configuration
from mailsvc import keys
from mailsvc.clock import SystemClock
from mailsvc.ids import SystemRandomness
from mailsvc.message.address import parse_address
from mailsvc.people import store as people
from mailsvc.store import migrate
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import SqliteDatabase
from tests import tools
from tests.crash.disk import Disk
from tests.e2e.installation import free_port

MEMBERS = 1000
FEW = 3
CONNECTIONS = 4
DOMAIN = "networks.example.org"
CONFIG = """
[site]
domain = "{domain}"
operators = ["operator@example.org"]
key_file = "site.key"
[database]
url = "sqlite:///mail.db"
[smtp]
listen = ["127.0.0.1:{smtp}"]
[delivery]
transport = "smtp"
relay = "smtp://127.0.0.1:{relay}"
connections = {connections}
[web]
listen = "127.0.0.1:0"
[limits]
disk_floor = 0
message_size = 1000000
"""


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.002)


@dataclass
class Place:
    """A folder with a service, and the process that brings services to life."""

    folder: Path
    relay: int
    poison: bool = False
    faulty: bool = False  # `disk` is below the database
    hurry: bool = False
    smtp: int = field(default_factory=free_port)
    nursery: asyncio.subprocess.Process | None = None
    pid: int = 0
    disk: Disk = field(init=False)

    @property
    def path(self) -> Path:
        return self.folder / "config.toml"

    async def furnish(self) -> None:
        text = CONFIG.format(domain=DOMAIN, smtp=self.smtp, relay=self.relay, connections=CONNECTIONS)
        self.path.write_text(text)
        config = configuration.load(self.path)
        key = keys.create(config.path(config.site.key_file), SystemRandomness())
        migrate.create(config.database_path, key.site_id)
        db = SqliteDatabase(config.database_path, SystemClock(), SystemRandomness())
        await db.open()
        await db.write(_furnish, durable=True)
        await db.close()
        environment = dict(os.environ)
        if self.faulty:
            self.disk = Disk(config.database_path)
            environment |= self.disk.environment
        self.nursery = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.nursery",
            str(self.path),
            *(["poison"] if self.poison else []),
            *(["hurry"] if self.hurry else []),
            cwd=tools.ROOT,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )

    async def start(self) -> None:
        assert self.nursery is not None
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(b"start\n")
        lines = {await self.line(), await self.line()}  # "ready" may come before the process id
        assert "ready" in lines, lines
        (pid,) = lines - {"ready"}
        self.pid = int(pid)

    async def line(self) -> str:
        assert self.nursery is not None
        assert self.nursery.stdout is not None
        async with asyncio.timeout(60):
            return (await self.nursery.stdout.readline()).decode().strip()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database says, beside whoever serves it."""
        raw = sqlite3.connect(self.folder / "mail.db", timeout=30)
        try:
            return raw.execute(sql).fetchall()
        finally:
            raw.close()

    async def end(self, number: signal.Signals) -> str:
        os.kill(self.pid, number)
        self.pid = 0
        return await self.line()

    async def died(self) -> str:
        """Wait for the service to end by itself, or by its disk; whatever it has started ends with it."""
        line = await self.line()
        group, self.pid = self.pid, 0
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        await until(lambda: not _living(group))
        return line

    async def clear_away(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        if self.nursery is not None and self.nursery.stdin is not None:
            self.nursery.stdin.close()
            await self.nursery.wait()


def _living(group: int) -> list[str]:
    """The processes of a group that can still do something."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has gone meanwhile
            state, _parent, of = path.read_text().rpartition(")")[2].split()[:3]
            if of == str(group) and state not in "ZX":
                found.append(path.parent.name)
    return found


def _furnish(tx: Tx) -> None:
    for name, count in (("everybody", MEMBERS), ("few", FEW)):
        group = lists_store.insert_group(
            tx,
            name,
            kind="network",
            title=name,
            language="en",
            post="members",
            join="closed",
            settings=Settings(),
            established_by=None,
        )
        for number in range(count):
            address = parse_address(f"u{number}@example.org")
            assert address is not None
            person = people.ensure(tx, address, name="", language="en", verified=True)
            own = people.address(tx, address.folded)
            assert own is not None
            lists_store.insert_membership(tx, group, person.id, own.id, "member", "each")


class Clients:
    """Write posts to the small group, each until it was taken."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[str] = []
        self.stopping = False

    def send(self, group: str, name: str) -> bool:
        content = (
            f"From: u1@example.org\r\nTo: {group}@{DOMAIN}\r\nSubject: {name}\r\nMessage-ID: <{name}@example.org>\r\n"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nThis is {name}.\r\n"
        )
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
                client.sendmail("u1@example.org", [f"{group}@{DOMAIN}"], content)
        except (OSError, smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPHeloError):
            return False
        self.taken.append(name)
        return True

    async def write(self, group: str, name: str) -> None:
        while not await asyncio.to_thread(self.send, group, name):  # noqa: ASYNC110 - as mail servers do
            await asyncio.sleep(0.05)

    async def write_all(self, group: str, names: list[str]) -> None:
        for name in names:
            await self.write(group, name)
