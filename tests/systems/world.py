"""A whole service in this process on a virtual clock, and people who write to it over real SMTP."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import smtplib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from lists import store as lists_store
from lists.model import Settings
from lists.words.addresses import name_problem
from mailsvc import config as config_module
from mailsvc import keys
from mailsvc.app import Service
from mailsvc.clock import VirtualClock
from mailsvc.ids import GroupId, SeededRandomness
from mailsvc.message.address import parse_address
from mailsvc.message.dkim_check import Dns
from mailsvc.people import store as people
from mailsvc.store import migrate
from mailsvc.store.database import Tx

T = TypeVar("T")

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
DOMAIN = "networks.example.org"

CONFIG = """
[site]
name = "Example University Library"
domain = "networks.example.org"
operators = ["operator@example.org"]
key_file = "site.key"
[database]
url = "sqlite:///mail.db"
[smtp]
listen = ["127.0.0.1:0"]
[web]
listen = "127.0.0.1:0"
[moderation]
undo = "0 min"
[limits]
disk_floor = 0
message_size = 2000000
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in somebody's mailroom inbox."""

    number: int
    owner: str
    reverse_path: str
    message: EmailMessage
    raw: bytes

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()).replace(" \n", " ") if part is not None else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part is not None else ""

    @property
    def reply_to(self) -> str:
        value = self.message["Reply-To"] or self.message["From"]
        return str(value.addresses[0].addr_spec)

    @property
    def case(self) -> int:
        match = re.search(r"\[#(\d+)\]", self.subject)
        assert match, self.subject
        return int(match[1])


@dataclass(slots=True)
class World:
    """The service and the time."""

    service: Service
    clock: VirtualClock
    folder: Path
    sent: int = 0
    refusals: list[str] = field(default_factory=list)
    signing: Callable[[bytes], bytes] = lambda content: content  # what the senders' mail systems do to a mail

    async def write(self, unit: Callable[[Tx], T]) -> T:
        return await self.service.db.write(unit, durable=True)

    async def group(self, name: str, **more: str) -> GroupId:
        assert name_problem(name, set()) is None
        members = {key: more.pop(key) for key in ("moderator", "deputy") if key in more}
        settings = Settings(purpose=more.pop("purpose", ""))

        def unit(tx: Tx) -> GroupId:
            return lists_store.insert_group(
                tx,
                name,
                kind=more.get("kind", "network"),
                title=more.get("title", name.capitalize()),
                language=more.get("language", "en"),
                post=more.get("post", "members"),
                join=more.get("join", "moderated"),
                settings=settings,
                established_by=None,
            )

        group = await self.write(unit)
        for role, address in members.items():
            await self.member(group, address, role=role, language=more.get("language", "en"))
        return group

    async def member(self, group: GroupId, who: str, *, role: str = "member", language: str = "en") -> None:
        name, address = split(who)

        def unit(tx: Tx) -> None:
            parsed = parse_address(address)
            assert parsed is not None
            person = people.ensure(tx, parsed, name=name, language=language, verified=True)
            known = people.address(tx, parsed.folded)
            assert known is not None
            lists_store.insert_membership(tx, group, person.id, known.id, role, "each")

        await self.write(unit)

    # ---- people writing

    async def send(
        self,
        sender: str,
        to: str | list[str],
        subject: str = "",
        text: str = "",
        *,
        html: str = "",
        headers: dict[str, str] | None = None,
        reverse_path: str | None = None,
    ) -> None:
        """Write a mail and wait until all that follows from it has happened."""
        self.sent += 1
        recipients = [to] if isinstance(to, str) else to
        name, address = split(sender)
        message = EmailMessage(policy=email.policy.SMTP.clone(cte_type="8bit"))
        message["From"] = f'"{name}" <{address}>' if name else address
        message["To"] = ", ".join(recipients)
        message["Subject"] = subject
        message["Date"] = datetime(2026, 11, 23, 9, 0, self.sent % 60, tzinfo=UTC)
        message["Message-ID"] = f"<mail-{self.sent}@example.org>"
        for key, value in (headers or {}).items():
            del message[key]
            message[key] = value
        if html and not text:
            message.set_content(html, subtype="html")
        else:
            message.set_content(text)
            if html:
                message.add_alternative(html, subtype="html")
        await self.submit(message.as_bytes(), address if reverse_path is None else reverse_path, recipients)

    async def submit(self, content: bytes, reverse_path: str, recipients: list[str]) -> None:
        """Hand over bytes by SMTP and wait until all that follows has happened."""
        address = self.service.smtp.addresses[0]
        content = self.signing(content)

        def session() -> None:
            with smtplib.SMTP(address.host, address.port, timeout=20) as client:
                client.ehlo("client.example.org")
                client.sendmail(reverse_path, recipients, content)

        await asyncio.to_thread(session)
        await self.settle()

    async def reply(
        self,
        letter: Letter,
        text: str,
        *,
        sender: str | None = None,
        quote: bool = True,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer a letter as a mail client does: above the quoted letter, in its thread."""
        quoted = "\n".join(f"> {line}" for line in letter.text.splitlines()) if quote else ""
        body = f"{text}\n\nOn Mon, 23 Nov 2026 at 10:00, {letter.message['From']} wrote:\n{quoted}\n" if quote else text
        thread = f"{letter.message['References'] or ''} {letter.message['Message-ID']}".strip()
        fields = {"In-Reply-To": str(letter.message["Message-ID"]), "References": thread, **(headers or {})}
        await self.send(
            sender or letter.owner,
            letter.reply_to,
            f"Re: {letter.subject}",
            body,
            headers=fields,
        )

    # ---- what arrived

    async def inbox(self, who: str) -> list[Letter]:
        """Everything that somebody has got, oldest first."""
        address = parse_address(split(who)[1])
        assert address is not None
        rows = await self.service.db.read(
            lambda tx: tx.all("SELECT * FROM mailroom WHERE folded = :folded ORDER BY id", folded=address.folded)
        )
        return [_letter(row["id"], str(address), row["reverse_path"], bytes(row["bytes"])) for row in rows]

    async def letter(self, who: str, subject: str = "") -> Letter:
        """The newest letter of somebody whose subject holds these words."""
        found = [letter for letter in await self.inbox(who) if subject.lower() in letter.subject.lower()]
        assert found, f"{who} got no letter about {subject!r}, only {[one.subject for one in await self.inbox(who)]}"
        return found[-1]

    async def rows(self, sql: str, **params: object) -> list[dict[str, object]]:
        return await self.service.db.read(
            lambda tx: [{key: row[key] for key in row.keys()} for row in tx.all(sql, **params)]  # noqa: SIM118
        )

    async def reasons(self) -> list[str]:
        """What became of each mail that came in, in order."""
        return [str(row["reason"]) for row in await self.rows("SELECT reason FROM inbox ORDER BY id")]

    # ---- time

    async def pass_time(self, **delta: float) -> None:
        """Let the clock of the service move, and what is due happen."""
        self.clock.advance(timedelta(**delta))
        self.service.db.wake_all()
        await self.settle()

    async def settle(self) -> None:
        async with asyncio.timeout(30):
            await self.service.idle()


def split(who: str) -> tuple[str, str]:
    """`Anna Berg <anna@example.org>` as name and address."""
    match = re.fullmatch(r"(.*?)\s*<(.+)>", who)
    return (match[1], match[2]) if match else ("", who)


def _letter(number: int, owner: str, reverse_path: str, raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Letter(number, owner, reverse_path, message, raw)


@asynccontextmanager
async def running(folder: Path, text: str = CONFIG, dns: Dns | None = None) -> AsyncIterator[World]:
    """A new service in `folder`, started; stopped at the end. Every unit of work runs twice (rehearsed).

    `dns` answers for TXT records; only strict mode asks.
    """
    config = config_module.parse(text, base=str(folder))
    randomness = SeededRandomness(1)
    if not config.database_path.exists():
        key = keys.create(config.path(config.site.key_file), randomness)
        migrate.create(config.database_path, key.site_id)
    clock = VirtualClock(START)
    service = Service(config, clock=clock, randomness=randomness, rehearse=True, dns=dns)
    await service.start()
    try:
        yield World(service, clock, folder)
    finally:
        await service.stop()
