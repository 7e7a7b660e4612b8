"""A real SMTP server for tests: it writes down every transaction before it answers 250, and answers as it is told."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 30000000", "ENHANCEDSTATUSCODES")

DROP = "drop"  # close without an answer
CLOSE_AFTER = "close-after:"  # answer, then close
SILENT = "silent"  # never answer
RESET = "reset"  # close without an answer, and throw away what is on its way
HALF = "half:"  # send the first half of an answer, then close
SLOW = "slow:"  # answer one byte a second


@dataclass(frozen=True)
class Moment:
    """What the sink is about to answer, and what that is about.

    `verb` is one of CONNECT EHLO HELO STARTTLS AUTH MAIL RCPT DATA DOT RSET QUIT.
    """

    verb: str
    argument: str
    connection: int
    transaction: int
    message_id: str = ""


@dataclass(frozen=True)
class Accepted:
    """A transaction that the sink took responsibility for."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    connection: int
    secure: bool = False
    user: str = ""


# Gives the whole reply line, one of the words above, or None for the ordinary reply.
Script = Callable[[Moment], str | None]


@dataclass
class Sink:
    """Start with `async with`; `port` is set then. Everything it saw stays readable after its end.

    `tls`: it offers STARTTLS, or speaks TLS from the start with `implicit`; `users` (name -> password) must log in.
    `behind` is sent in clear text together with the 220 to STARTTLS, as somebody between might.
    """

    script: Script = lambda _moment: None
    extensions: tuple[str, ...] = EXTENSIONS
    delay: float = 0.0
    chunk: int = 65536
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    behind: bytes = b""
    users: dict[str, str] = field(default_factory=dict)
    mechanisms: str = "PLAIN LOGIN"
    port: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    lost: list[Accepted] = field(default_factory=list)  # taken, but the 250 did not (surely) arrive
    commands: list[str] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)
    early: int = 0  # bytes that came while a non-pipelining server had not answered yet
    connections: int = 0
    open: int = 0
    most_open: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Sink:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, limit=1 << 26, ssl=self.tls if self.implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def copies(self) -> Counter[tuple[str, str]]:
        """How often each (Message-ID, recipient) was taken."""
        return Counter((message_id(one.content), to) for one in self.accepted for to in one.recipients)

    def lost_replies(self) -> Counter[tuple[str, str]]:
        """How often the 250 for each (Message-ID, recipient) was lost."""
        return Counter((message_id(one.content), to) for one in self.lost for to in one.recipients)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await _Session(self, reader, writer, self.connections).run()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):  # ssl.SSLError is an OSError
            pass
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.transport.abort()


class _Session:
    def __init__(self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        self.sink = sink
        self.reader = reader
        self.writer = writer
        self.number = number
        self.transaction = 0
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.over = False
        self.secure = sink.implicit
        self.user = ""

    async def run(self) -> None:
        await self.answer("CONNECT", "", "220 sink.example.net ESMTP")
        while not self.over:
            line = await self.reader.readuntil(b"\r\n")
            text = line[:-2].decode("utf-8", "backslashreplace")
            self.sink.commands.append(text)
            await self.command(text)

    async def command(self, text: str) -> None:
        verb = text.partition(" ")[0].upper()
        if verb == "EHLO":
            await self.answer("EHLO", text, self.hello())
        elif verb == "HELO":
            await self.answer("HELO", text, "250 sink.example.net")
        elif verb == "STARTTLS":
            await self.starttls()
        elif verb == "AUTH":
            await self.auth(text)
        elif verb == "MAIL":
            await self.mail(text)
        elif verb == "RCPT":
            await self.rcpt(text)
        elif verb == "DATA":
            await self.data()
        elif verb == "RSET":
            self.clear()
            await self.answer("RSET", "", "250 2.0.0 reset")
        elif verb == "QUIT":
            await self.answer("QUIT", "", "221 2.0.0 bye")
            self.over = True
        else:
            self.sink.junk.append(text)
            await self.write("500 5.5.2 what?")

    async def starttls(self) -> None:
        if self.sink.tls is None or self.secure:
            await self.write("503 5.5.1 no")
            return
        said = self.sink.script(self.moment("STARTTLS", ""))
        if said is not None:
            await self.say(said)
            return
        self.writer.write(b"220 2.0.0 go on\r\n" + self.sink.behind)
        await self.writer.drain()
        await self.writer.start_tls(self.sink.tls)
        self.secure = True

    async def auth(self, text: str) -> None:
        _, mechanism, *initial = text.split(" ")
        if mechanism == "PLAIN":
            _, user, password = base64.b64decode(initial[0]).decode().split("\0")
        else:
            user, password = [await self.prompt(word) for word in ("Username:", "Password:")]
        good = self.secure and self.sink.users.get(user) == password
        if await self.answer("AUTH", user, "235 2.7.0 welcome" if good else f"535 5.7.8 {text} is wrong"):
            self.user = user

    async def prompt(self, word: str) -> str:
        await self.write("334 " + base64.b64encode(word.encode()).decode())
        line = (await self.reader.readuntil(b"\r\n"))[:-2]
        self.sink.commands.append(line.decode())
        return base64.b64decode(line).decode()

    def hello(self) -> str:
        lines = ["sink.example.net", *self.sink.extensions]
        if self.sink.tls is not None and not self.secure:
            lines.append("STARTTLS")
        if self.sink.users and self.secure:
            lines.append("AUTH " + self.sink.mechanisms)
        return "\r\n".join(f"250{'-' if index < len(lines) - 1 else ' '}{line}" for index, line in enumerate(lines))

    def clear(self) -> None:
        self.sender, self.recipients = None, []

    async def mail(self, text: str) -> None:
        if self.sender is not None:
            await self.write("503 5.5.1 nested MAIL")
            return
        if self.sink.users and not self.user:
            await self.write("530 5.7.0 log in first")
            return
        self.transaction += 1
        self.recipients = []
        if await self.answer("MAIL", text, "250 2.1.0 ok"):
            self.sender = _path(text)

    async def rcpt(self, text: str) -> None:
        if self.sender is None:
            await self.write("503 5.5.1 MAIL first")
        elif await self.answer("RCPT", _path(text), "250 2.1.5 ok"):
            self.recipients.append(_path(text))

    async def data(self) -> None:
        if not self.recipients:
            # As the script says, or refused: RFC 2920 allows both.
            if not await self.answer("DATA", "no recipient", "503 5.5.1 RCPT first"):
                return
        elif not await self.answer("DATA", "", "354 go on"):
            return
        content = await self.content()
        one = Accepted(self.sender or "", tuple(self.recipients), content, self.number, self.secure, self.user)
        self.clear()
        if not one.recipients:
            await self.write("554 5.5.1 no recipients")
            return
        moment = self.moment("DOT", "", message_id(content))
        said = self.sink.script(moment)
        if said is None or said in (DROP, SILENT, RESET) or _bare(said).startswith("250"):
            self.sink.accepted.append(one)
        if said in (DROP, SILENT, RESET) or (said or "").startswith((CLOSE_AFTER + "250", HALF + "250")):
            # A close with commands unread resets the connection, which may overtake the reply.
            self.sink.lost.append(one)
        await self.say(said or "250 2.0.0 taken")

    async def content(self) -> bytes:
        lines: list[bytes] = []
        while True:
            line = await self.reader.readuntil(b"\r\n")
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    def moment(self, verb: str, argument: str, identity: str = "") -> Moment:
        return Moment(verb, argument, self.number, self.transaction, identity)

    async def answer(self, verb: str, argument: str, ordinary: str) -> bool:
        """Say what the script says, else `ordinary`; True when it was a yes."""
        said = self.sink.script(self.moment(verb, argument)) or ordinary
        await self.say(said)
        return not self.over and _bare(said)[:1] in "23"

    async def say(self, said: str) -> None:
        if said == DROP:
            raise ConnectionError
        if said == SILENT:
            while await self.reader.read(65536):
                pass
            raise ConnectionError
        if said == RESET:
            self.reset()
        if said.startswith(HALF):
            self.writer.write(_bare(said).encode()[: len(said) // 2])
            await self.writer.drain()
            raise ConnectionError
        if said.startswith(SLOW):
            for byte in f"{_bare(said)}\r\n".encode():
                self.writer.write(bytes([byte]))
                await self.writer.drain()
                await asyncio.sleep(1)
            return
        await self.write(_bare(said))
        self.over = said.startswith(CLOSE_AFTER)

    def reset(self) -> None:
        """End the connection by RST: with this option closing a socket does that (socket(7), SO_LINGER)."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionError

    async def write(self, line: str) -> None:
        if self.sink.delay:
            await asyncio.sleep(self.sink.delay)
        if "PIPELINING" not in self.sink.extensions:
            self.sink.early += len(getattr(self.reader, "_buffer", b""))
        data = line.encode() + b"\r\n"
        for start in range(0, len(data), self.sink.chunk):
            self.writer.write(data[start : start + self.sink.chunk])
            if self.sink.chunk < len(data):
                await self.writer.drain()
                await asyncio.sleep(0)
        await self.writer.drain()


def _bare(said: str) -> str:
    """The reply itself, without the word for how it is said."""
    for word in (CLOSE_AFTER, HALF, SLOW):
        said = said.removeprefix(word)
    return said


def _path(text: str) -> str:
    return text.partition("<")[2].partition(">")[0]


def message_id(content: bytes) -> str:
    """The Message-ID of a message, or ""."""
    for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        if line.lower().startswith(b"message-id:"):
            return line.partition(b":")[2].strip().decode("ascii", "replace")
    return ""
