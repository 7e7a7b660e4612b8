"""A mailroom to look at before there is a service behind it: people, letters, an SMTP server that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from mailsvc import keys
from mailsvc.clock import HOUR, Instant, VirtualClock
from mailsvc.config import Config
from mailsvc.ids import SeededRandomness
from mailsvc.message.build import letter, mailbox
from mailsvc.registry import Page, Registry, Visitor
from mailsvc.site import Site
from mailsvc.store import migrate
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.sqlite import SqliteDatabase
from mailsvc.web.server import WebServer

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DOMAIN = "networks.example.org"
ROWS = (
    {
        "name": "cataloguing",
        "title": "Cataloguing",
        "address": f"cataloguing@{DOMAIN}",
        "join_address": f"cataloguing-join@{DOMAIN}",
        "kind": "network",
        "purpose": "Records, rules and the tools we use for them.",
    },
    {
        "name": "visitors",
        "title": "Meeting visitors",
        "address": f"visitors@{DOMAIN}",
        "join_address": f"visitors-join@{DOMAIN}",
        "kind": "network",
    },
    {
        "name": "schoolyards",
        "title": "School yards",
        "address": f"schoolyards@{DOMAIN}",
        "join_address": f"schoolyards-join@{DOMAIN}",
        "kind": "circle",
    },
)
PEOPLE = (
    ("Karin Lindqvist", "karin.lindqvist@example.org", "sv"),
    ("Mette Sørensen", "mette.sorensen@example.org", "da"),
    ("Anna Berg", "anna.berg@example.org", "en"),
    ("Åse Haugen", "ase.haugen@example.org", "nb"),
)
QUESTION_TEXT = """-- Write your answer above this line --
Robin Ek, who is not a member, has written to Cataloguing. Should the members get it? Answer by Friday 11 December \
with one of these words: approve, reject, discard, approve always.

From: Robin Ek <robin.ek@example.net>
Subject: New opening hours

> Hello,
> from Monday we open at eight.
>> What did you decide about the hours?
"""
QUESTION_HTML = f"""<p style="color:#555555">-- Write your answer above this line --</p>
<p><b>Robin Ek</b>, who is not a member, has written to Cataloguing. Should the members get it?</p>
<p><a href="mailto:reply%2Babc@{DOMAIN}?subject=approve%20%5B%2312%5D" style="color:#0b5560">Approve</a> ·
<a href="mailto:reply%2Babc@{DOMAIN}?subject=reject%20%5B%2312%5D&amp;body=reject:%20">Reject with a reason</a> ·
<a href="mailto:reply%2Babc@{DOMAIN}?subject=discard%20%5B%2312%5D">Discard</a></p>
<script>document.title = "changed by the letter"</script>
<img src="https://tracker.example.com/pixel.png" alt="Logo" onerror="alert(1)">
<p style="position:fixed;top:0">Answer by Friday 11 December.</p>"""


class Sink:
    """A small SMTP server that keeps what it gets and refuses other domains than ours."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.arrived: Callable[[], None] = lambda: None
        self.address = ("127.0.0.1", 0)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=1 << 22)
        self.address = ("127.0.0.1", int(self._server.sockets[0].getsockname()[1]))

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender, to = "", list[str]()
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                writer.write(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            elif verb == b"MAIL":
                sender, to = _path(line), []
                writer.write(b"250 2.1.0 ok\r\n")
            elif verb == b"RCPT" and not _path(line).endswith("@" + DOMAIN):
                writer.write(b"550 5.7.1 we do not take mail for that domain\r\n")
            elif verb == b"RCPT":
                to.append(_path(line))
                writer.write(b"250 2.1.5 ok\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append((sender, to, content[:-3].replace(b"\r\n..", b"\r\n.")))
                self.arrived()
                writer.write(b"250 2.0.0 kept\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 2.0.0 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
        await writer.drain()
        writer.close()


def _path(line: bytes) -> str:
    return line.decode().partition("<")[2].partition(">")[0]


@dataclass
class Rehearsal:
    """What the composition root would be: the desk, the server and all behind it."""

    config: Config
    db: SqliteDatabase
    registry: Registry
    clock: VirtualClock
    sink: Sink
    server: WebServer = field(init=False)
    left: list[str] = field(default_factory=list)
    advanced: list[int] = field(default_factory=list)
    next_at: Instant | None = None

    def smtp_address(self) -> tuple[str, int]:
        return self.sink.address

    async def advance(self, microseconds: int) -> None:
        self.advanced.append(microseconds)
        self.clock.advance(timedelta(microseconds=microseconds))

    async def next_event(self) -> Instant | None:
        return self.next_at

    @property
    def url(self) -> str:
        return f"http://{self.server.address[0]}:{self.server.address[1]}"

    async def put(self, address: str, content: bytes) -> int:
        """Lay a letter into an inbox, as delivery does; its number."""
        return await self.db.write(lambda tx: put(tx, address, content))


def put(tx: Tx, address: str, content: bytes) -> int:
    """One letter in one inbox."""
    outgoing = tx.insert(
        "INSERT INTO outgoing (kind, message_id, sender, priority, state, created_at, expires_at)"
        " VALUES ('letter', '', 'bounces', 0, 'done', :now, :now)",
        now=tx.now,
    )
    delivery = tx.insert(
        "INSERT INTO delivery (outgoing_id, address, state, next_at, final_at)"
        " VALUES (:outgoing, :address, 'delivered', :now, :now)",
        outgoing=outgoing,
        address=address,
        now=tx.now,
    )
    return tx.insert(
        "INSERT INTO mailroom (delivery_id, folded, reverse_path, bytes, at)"
        " VALUES (:delivery, :folded, '', :content, :now)",
        delivery=delivery,
        folded=address.lower(),
        content=content,
        now=tx.now,
    )


def arrive(tx: Tx, sender: str, recipient: str, state: str, reason: str) -> int:
    """One mail that came in, with what became of it."""
    raw = tx.insert("INSERT INTO raw (sha256, size, bytes) VALUES (x'00', 0, x'')")
    mail = tx.insert(
        "INSERT INTO mail (raw_id, reverse_path, peer, helo, protocol, trusted, internal, message_id, digest, evidence,"
        " received_at) VALUES (:raw, :sender, '127.0.0.1', 'h', 'ESMTP', 1, 0, '', x'00', '{}', :now)",
        raw=raw,
        sender=sender,
        now=tx.now,
    )
    return tx.insert(
        "INSERT INTO inbox (mail_id, recipient, state, next_at, reason, handled_at)"
        " VALUES (:mail, :recipient, :state, :now, :reason, :handled)",
        mail=mail,
        recipient=recipient,
        state=state,
        reason=reason,
        now=tx.now,
        handled=None if state == "new" else tx.now,
    )


def seed(tx: Tx) -> None:
    """The people of PEOPLE."""
    for name, address, language in PEOPLE:
        person = tx.insert(
            "INSERT INTO person (name, language, created_at) VALUES (:name, :language, :now)",
            name=name,
            language=language,
            now=tx.now,
        )
        tx.insert(
            "INSERT INTO address (person_id, address, folded, is_primary, verified_at)"
            " VALUES (:person, :address, :address, 1, :now)",
            person=person,
            address=address,
            now=tx.now,
        )


def question(attachment: bool = False) -> bytes:
    """A letter that asks, as the service writes them."""
    content = letter(
        [
            ("From", mailbox("Question · Cataloguing", f"cases@{DOMAIN}")),
            ("To", mailbox("Karin Lindqvist", "karin.lindqvist@example.org")),
            ("Reply-To", mailbox("Answer #12", f"reply+abc@{DOMAIN}")),
            ("Subject", "Approve Robin Ek's mail “New opening hours”? [#12]"),
            ("Date", "Mon, 23 Nov 2026 08:00:00 +0000"),
            ("Message-ID", f"<q12@{DOMAIN}>"),
            ("References", f"<first@{DOMAIN}>"),
            ("List-Unsubscribe", f"<http://127.0.0.1:8025/unsubscribe/good-key>, <mailto:x-leave+k@{DOMAIN}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ],
        QUESTION_TEXT,
        QUESTION_HTML,
    )
    return with_attachment(content) if attachment else content


def with_attachment(content: bytes) -> bytes:
    """The same mail with a file `notes.html` attached that would run a script if a browser showed it."""
    head, _, body = content.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    start = next(place for place, line in enumerate(lines) if line.lower().startswith(b"content-type:"))
    kind = [lines[start]] + [line for line in lines[start + 1 :] if line.startswith(b" ")]
    rest = lines[:start]
    return b"\r\n".join(
        [
            *rest,
            b'Content-Type: multipart/mixed; boundary="outer"',
            b"",
            b"--outer",
            *kind,
            b"",
            body,
            b"--outer",
            b'Content-Type: text/html; name="notes.html"',
            b'Content-Disposition: attachment; filename="notes \xc3\xa5.html"',
            b"",
            b"<script>alert(1)</script>",
            b"--outer--",
            b"",
        ]
    )


def plain(sender: str, to: str, subject: str, text: str) -> bytes:
    """A simple post."""
    name, _, address = sender.rpartition(" ")
    return letter(
        [
            ("From", mailbox(name, address.strip("<>"))),
            ("To", to),
            ("Subject", subject),
            ("Date", "Mon, 23 Nov 2026 07:30:00 +0000"),
            ("Message-ID", f"<{abs(len(subject))}.{len(text)}@example.net>"),
        ],
        text,
    )


def directory(tx: ReadTx, visitor: Visitor, parameters: Mapping[str, str]) -> Page | None:
    rows = ROWS if visitor.internal else ROWS[:1]
    return Page("directory", "Example University Library", {"groups": rows})


def build_config(tmp_path: Path, **sections: Mapping[str, object]) -> Config:
    """A config whose web server takes a free port."""
    raw: dict[str, Any] = {"site": {"domain": DOMAIN}, "web": {"listen": "127.0.0.1:0"}, "base": str(tmp_path)}
    for name, values in sections.items():
        raw[name] = {**raw.get(name, {}), **values}
    return msgspec.convert(raw, Config)


@asynccontextmanager
async def rehearsal(tmp_path: Path, **sections: Mapping[str, object]) -> AsyncIterator[Rehearsal]:
    """A running web server over a fresh database with PEOPLE in it."""
    config = build_config(tmp_path, **sections)
    randomness = SeededRandomness(7)
    key = keys.create(tmp_path / "var" / "site.key", randomness)
    migrate.create(config.database_path, key.site_id)
    clock = VirtualClock(START)
    db = SqliteDatabase(config.database_path, clock, randomness, rehearse=True)
    registry = Registry(Site(config, key))
    registry.pages["/"] = directory
    registry.key_actions["unsubscribe"] = (look_at_key, act_on_key)
    sink = Sink()
    room = Rehearsal(config, db, registry, clock, sink)
    room.next_at = Instant(clock.now() + 50 * HOUR)
    room.server = WebServer(config, db, registry, clock, room, randomness=randomness)
    await db.open()
    await sink.start()
    try:
        await db.write(seed)
        await room.server.start()
        yield room
    finally:
        await room.server.stop()
        await sink.stop()
        await db.close()


def look_at_key(tx: ReadTx, visitor: Visitor, parameters: Mapping[str, str]) -> Page | None:
    """What `good-key` would do."""
    if parameters["key"] != "good-key":
        return None
    values = {"group_title": "Cataloguing", "address_masked": "k…@example.org", "language": "sv"}
    return Page("unsubscribe", "", values)


def act_on_key(tx: Tx, key: str) -> bool:
    """Leaves a mark in the database for `good-key`."""
    if key == "good-key":
        tx.execute("INSERT INTO meta (key, value) VALUES ('left', 'yes') ON CONFLICT DO NOTHING")
    return key == "good-key"
