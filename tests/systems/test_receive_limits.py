"""Every limit on receiving, as shipped: one row each, played at the limit and one over."""

from __future__ import annotations

import asyncio
import re
import smtplib
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
import structlog
from structlog.testing import CapturingLogger

from mailsvc.limits import KIB, MIB, Limits
from tests.dialog.script import Client, Stage
from tests.systems.world import CONFIG, DOMAIN, World, running
from tests.tools import ROOT

ANNA = "anna@example.com"
FROM = b"From: anna@example.com\r\n"
ENVELOPE = b"MAIL FROM:<anna@example.com>\r\nRCPT TO:<m1@networks.example.org>\r\nDATA\r\n"


def exactly(octets: int) -> bytes:
    """A message of so many octets, in lines of a thousand."""
    head = FROM + b"Subject: x\r\n\r\n"
    lines, rest = divmod(octets - len(head), 1000)
    return head + (b"x" * 998 + b"\r\n") * (lines - 1) + b"y" * (998 + rest) + b"\r\n"


# ---- a session


class Clocked(asyncio.SelectorEventLoop):
    """A loop whose time can be moved forward."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead

    async def move(self, seconds: float) -> None:
        """Let time pass, and what waits for it happen."""
        self.ahead += seconds
        for _ in range(20):
            await asyncio.sleep(0)


class Talk:
    """A client of a server as shipped; `say` gives the codes of the replies."""

    def __init__(self, stage: Stage, client: Client, loop: Clocked) -> None:
        self.stage, self.client, self.loop = stage, client, loop

    async def say(self, lines: bytes, replies: int = 1) -> list[str]:
        self.client.writer.write(lines)
        return [await self.reply() for _ in range(replies)]

    async def reply(self) -> str:
        """Code and enhanced code of the next reply, "" when the server has hung up."""
        line = b"250-"
        while line[3:4] == b"-":
            line = await self.client.reader.readline()
        found = re.match(rb"(\d\d\d)(?: (\d\.\d+\.\d+))?", line)
        return " ".join(part.decode() for part in found.groups() if part) if found else ""

    async def another(self, source: str = "127.0.0.1") -> str:
        """The greeting of one more client."""
        client = await self.stage.connect(source)
        self.stage.clients[len(self.stage.clients) + 2] = client
        return await Talk(self.stage, client, self.loop).reply()


async def message_size(talk: Talk, over: int) -> list[str]:
    size = 25 * MIB + over
    assert await talk.say(b"MAIL FROM:<> SIZE=%d\r\n" % size) == [["250 2.1.0"], ["552 5.3.4"]][over]
    await talk.say(b"RSET\r\n")
    await talk.say(ENVELOPE, 3)
    return await talk.say(exactly(size) + b".\r\n")


async def data_in_flight(talk: Talk, over: int) -> list[str]:
    content = FROM + b"\r\n.\r\n"
    talk.stage.server.in_flight.take(256 * MIB - len(content) + over)
    await talk.say(ENVELOPE, 3)
    replies = await talk.say(content)
    talk.stage.server.in_flight.give_back(256 * MIB - len(content) + over)
    return replies


async def recipients(talk: Talk, over: int) -> list[str]:
    lines = b"".join(b"RCPT TO:<m%d@networks.example.org>\r\n" % number for number in range(100 + over))
    return (await talk.say(b"MAIL FROM:<>\r\n" + lines, 101 + over))[-1:]


async def connections(talk: Talk, over: int) -> list[str]:
    greetings = [await talk.another(f"127.0.1.{number // 20 + 1}") for number in range(199 + over)]
    assert set(greetings[:199]) == {"220"}
    return greetings[-1:]


async def connections_per_ip(talk: Talk, over: int) -> list[str]:
    greetings = [await talk.another() for _ in range(19 + over)]
    assert await talk.another("127.0.0.2") == "220", "others are let in"
    return greetings[-1:]


async def errors_soft(talk: Talk, over: int) -> list[str]:
    """Only told in the log: a delay would keep connections occupied."""
    captured = CapturingLogger()
    log = structlog.wrap_logger(captured, processors=[lambda _logger, _name, event: ((), event)])
    talk.stage.server.log = log
    client = await talk.stage.connect()
    talk.stage.clients[2] = client
    other = Talk(talk.stage, client, talk.loop)
    await other.say(b"WHATEVER\r\n" * (9 + over), 10 + over)
    return [str(sum(call.kwargs["event"] == "smtp.errors" for call in captured.calls))]


async def errors_hard(talk: Talk, over: int) -> list[str]:
    return (await talk.say(b"WHATEVER\r\n" * (20 + over), 20 + over))[-1:]


async def junk_commands(talk: Talk, over: int) -> list[str]:
    return (await talk.say(b"NOOP\r\n" * (100 + over), 100 + over))[-1:]


async def commands(talk: Talk, over: int) -> list[str]:
    # EHLO was the first; RSET would be junk.
    lines = b"HELO x\r\n" * (499 + over)
    return (await talk.say(lines, 499 + over))[-1:]


async def idle_seconds(talk: Talk, over: int) -> list[str]:
    await talk.loop.move(119 + 2 * over)
    return await talk.say(b"" if over else b"NOOP\r\n")


async def data_seconds(talk: Talk, over: int) -> list[str]:
    await talk.say(ENVELOPE, 3)
    await talk.loop.move(100)
    talk.client.writer.write(FROM)
    await talk.loop.move(79 + 2 * over)
    return await talk.say(b"" if over else b".\r\n")


async def session_seconds(talk: Talk, over: int) -> list[str]:
    for _ in range(9):
        await talk.loop.move(99)
        await talk.say(b"NOOP\r\n")
    await talk.loop.move(8 + 2 * over)
    return await talk.say(b"" if over else b"NOOP\r\n")


async def command_line(talk: Talk, over: int) -> list[str]:
    assert (
        await talk.say(b"MAIL FROM:<>%s\r\n" % (b" " * (512 + 53 - 14 + over))) == [["250 2.1.0"], ["500 5.5.2"]][over]
    )
    return await talk.say(b"NOOP %s\r\n" % (b"x" * (505 + over)))


async def text_line(talk: Talk, over: int) -> list[str]:
    await talk.say(ENVELOPE, 3)
    return await talk.say(b"\r\n" + b"x" * (2048 + over) + b"\r\n.\r\n")


Play = Callable[[Talk, int], Awaitable[list[str]]]
IN_SESSION: dict[str, tuple[int, Play, str, str]] = {
    "message_size": (25 * MIB, message_size, "250 2.0.0", "552 5.3.4"),
    "data_in_flight": (256 * MIB, data_in_flight, "250 2.0.0", "452 4.3.1"),
    "recipients": (100, recipients, "250 2.1.5", "452 4.5.3"),
    "connections": (200, connections, "220", "421 4.7.0"),
    "connections_per_ip": (20, connections_per_ip, "220", "421 4.7.0"),
    "errors_soft": (10, errors_soft, "0", "1"),
    "errors_hard": (20, errors_hard, "500 5.5.1", "421 4.7.0"),
    "junk_commands": (100, junk_commands, "250 2.0.0", "421 4.7.0"),
    "commands": (500, commands, "250", "421 4.7.0"),
    "idle_seconds": (120, idle_seconds, "250 2.0.0", "421 4.4.2"),
    "data_seconds": (180, data_seconds, "250 2.0.0", "421 4.4.2"),
    "session_seconds": (900, session_seconds, "250 2.0.0", "421 4.4.2"),
    "command_line": (512, command_line, "250 2.0.0", "500 5.5.2"),
    "text_line": (2048, text_line, "250 2.0.0", "550 5.6.0"),
}


@pytest.mark.parametrize("over", [0, 1], ids=["at", "over"])
@pytest.mark.parametrize("name", IN_SESSION)
def test_a_limit_of_a_session(name: str, over: int) -> None:
    shipped, play, at_limit, one_over = IN_SESSION[name]
    assert getattr(Limits(), name) == shipped

    async def run() -> list[str]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Clocked)
        async with Stage() as stage:
            stage.clients[1] = client = await stage.connect()
            talk = Talk(stage, client, loop)
            assert [await talk.reply(), *await talk.say(b"EHLO client.example.net\r\n")] == ["220", "250"]
            return await play(talk, over)

    with asyncio.Runner(loop_factory=Clocked) as runner:
        assert runner.run(run()) == [one_over if over else at_limit]


# ---- what a message may be


def header_size(over: int) -> bytes:
    line = b"X: " + b"y" * 995 + b"\r\n"
    rest = 100 * KIB + over - len(FROM) - 101 * len(line)
    return FROM + line * 101 + b"X: " + b"y" * (rest - 5) + b"\r\n\r\nx\r\n"


def header_fields(over: int) -> bytes:
    return FROM + b"X: y\r\n" * (999 + over) + b"\r\nx\r\n"


def header_field_size(over: int) -> bytes:
    # The name, its colon and the value with its folds; 16 times 1,024 octets without the last line's end.
    value = b" " + b"y" * 1021 + b"\r\n" + (b" " + b"y" * 1021 + b"\r\n") * 14 + b" " + b"y" * (1021 + over)
    return FROM + b"X:" + value + b"\r\n\r\nx\r\n"


def nested(levels: int) -> bytes:
    out = FROM + b"To: talk@networks.example.org\r\nMIME-Version: 1.0\r\n"
    for level in range(levels):
        out += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    out += b"Content-Type: text/plain\r\n\r\ntext\r\n"
    for level in reversed(range(levels)):
        out += b"--b%d--\r\n" % level
    return out


def mime_depth_held(over: int) -> bytes:
    return nested(20 + over)


def mime_depth_refused(over: int) -> bytes:
    return nested(100 + over)


def mime_parts(over: int) -> bytes:
    out = FROM + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return out + b"--b\r\n\r\nx\r\n" * (500 + over) + b"--b--\r\n"


def received_fields(over: int) -> bytes:
    return b"Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0100\r\n" * (49 + over) + FROM + b"\r\nx\r\n"


def group_message_size(over: int) -> bytes:
    return exactly(5 * MIB + over)


IN_MESSAGE: dict[str, tuple[int, Callable[[int], bytes], str, str]] = {
    "header_size": (100 * KIB, header_size, "posted", "550 5.6.0"),
    "header_fields": (1000, header_fields, "posted", "550 5.6.0"),
    "header_field_size": (16 * KIB, header_field_size, "posted", "550 5.6.0"),
    "mime_depth_held": (20, mime_depth_held, "posted", "held held-mime-depth"),
    "mime_depth_refused": (100, mime_depth_refused, "held held-mime-depth", "550 5.6.0"),
    "mime_parts": (500, mime_parts, "posted", "550 5.6.0"),
    "received_fields": (50, received_fields, "posted", "554 5.4.6"),
    "group_message_size": (5 * MIB, group_message_size, "posted", "held held-too-big"),
}


@pytest.mark.parametrize("over", [0, 1], ids=["at", "over"])
@pytest.mark.parametrize("name", IN_MESSAGE)
async def test_a_limit_of_a_message(tmp_path: Path, name: str, over: int) -> None:
    shipped, make, at_limit, one_over = IN_MESSAGE[name]
    assert getattr(Limits(), name) == shipped
    text = CONFIG.replace("message_size = 2000000\n", "")
    async with running(tmp_path, text) as world:
        group = await world.group("talk", moderator="Karin Lind <karin@example.org>")
        await world.member(group, ANNA)
        assert await outcome(world, make(over)) == (one_over if over else at_limit)


async def outcome(world: World, content: bytes) -> str:
    """The refusal's codes, or what became of the post and why it is held."""
    try:
        await world.submit(content, ANNA, [f"talk@{DOMAIN}"])
    except smtplib.SMTPDataError as error:
        enhanced = str(error.smtp_error, "ascii", "replace").split()[0] if isinstance(error.smtp_error, bytes) else ""
        return f"{error.smtp_code} {enhanced}"
    (reason,) = await world.reasons()
    held = await world.rows("SELECT data FROM cases WHERE kind = 'held-post'")
    return " ".join([reason, *(str(row["data"]).split('"reason":"')[1].split('"')[0] for row in held)])


def test_every_limit_on_receiving_has_a_row() -> None:
    source = (ROOT / "mailsvc" / "limits.py").read_text(encoding="utf-8")
    part = source.partition("# one SMTP session")[2].partition("# reading")[0]
    names = re.findall(r"^    ([a-z_]+):", part, re.MULTILINE)
    assert {*IN_SESSION, *IN_MESSAGE} == set(names)
    assert set(names) <= {field.name for field in msgspec.structs.fields(Limits)}
