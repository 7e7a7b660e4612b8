"""Dialog scripts: an SMTP conversation as it would be printed in a standard, played against the real server.

    # What the rule is and where it stands.
    set limits.recipients 2          configuration; before the first step
    hello                            connect, read the greeting, EHLO, read the offers
    C: MAIL FROM:<anna@example.net>  send a line; lines that follow each other are sent in one piece
    S: 250 2.1.0 ...                 the next reply line must be this; "..." at the end stands for anything

`C*3:` and `S*3:` say the line three times. `c:` sends without the line's end. `C2:`, `S2:`, `hello 2` are a second
client. `{x*600}` is 600 times x; `\\r \\n \\0 \\t \\\\ \\xNN` are octets.

Further steps (all take a client's number as last word): `connect`, `connect from 127.0.0.2`, `close`, `half-close`,
`reset` (a connection torn down), `closed` (the server must have closed, and have said nothing more), `secure` (go on in
TLS). `connect lmtp` and `hello lmtp` speak LMTP to the first of smtp.lmtp, `connect unix` and `hello unix` to its
socket. `set tls on` gives the server a certificate. About the server:
`kept 1` (mails kept so far); `kept from|to|content|helo|peer|protocol|flags VALUE` (of the last one); `committing`
(wait for the commit of a mail to `slow@`), `commit` (let it end), `stop` (begin to stop the server), `stopped`.

When a script is at its end no client may have an unread reply, and the server no session and no octet in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import msgspec

from mailsvc.clock import SystemClock
from mailsvc.config import Config, SmtpConfig
from mailsvc.message.envelope import Envelope
from mailsvc.net import ListenAddress, UnixAddress
from mailsvc.receive import replies
from mailsvc.receive.replies import wire_line
from mailsvc.receive.smtp import SmtpServer
from tests import certificates
from tests.dialog.house import DOMAIN, SmallHouse

PATIENCE = 20  # seconds after which a missing reply is a failure

_SPEECH = re.compile(r"(?P<who>[CScs])(?P<client>\d*)(?:\*(?P<times>\d+))?:(?: (?P<text>.*))?")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([rn0t\\]))")
_REPEAT = re.compile(r"\{([^{}*]+)\*(\d+)\}")
_PLAIN = {"r": "\r", "n": "\n", "0": "\0", "t": "\t", "\\": "\\"}
_STEPS = ("hello", "connect", "close", "half-close", "reset", "closed", "secure")
_WHERE = re.compile(r"(?:(?P<door>lmtp|unix)(?: |$))?(?:from (?P<source>\S+)(?: |$))?(?P<client>\d*)")
_FOR_STAGE = ("room", "tls")  # settings that are no keys of the configuration
_SERVER_STEPS = ("kept", "committing", "commit", "stop", "stopped")
# RFC 2034 §4: an enhanced code of the reply's class in every reply but greeting, EHLO, HELO and 3yz.
_WITH_CODE = re.compile(rb"([245])\d\d[ -]\1\.\d{1,3}\.\d{1,3} [\x21-\x7e][\x20-\x7e]*\r\n")
_OFFER = rf"250[- ]({DOMAIN}|[A-Z0-9]+( [0-9]+)?)\r\n"
_WITHOUT_CODE = re.compile(rf"220 {DOMAIN} (ESM|LM)TP\r\n|354 [ -~]+\r\n|{_OFFER}".encode())


class ScriptError(Exception):
    """A script that is badly written; names the line."""


class DialogFailed(AssertionError):
    """The server did something else than the script says; names the line."""


@dataclass(frozen=True, slots=True)
class Step:
    """`what` is "send", "expect", or the first word of any other step; `text` its expanded argument."""

    line: int
    what: str
    client: int = 1
    text: str = ""
    door: str = "smtp"


@dataclass(frozen=True, slots=True)
class Script:
    settings: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]


def expand(text: str) -> str:
    """Repetitions and escapes; each character of the result is one octet, or one character of UTF-8."""
    text = _REPEAT.sub(lambda match: match[1] * int(match[2]), text)
    # Octets above ASCII are carried as surrogates, as in decoding with surrogateescape.
    return _ESCAPE.sub(lambda match: _octet(match[1]) if match[1] else _PLAIN[match[2]], text)


def _octet(digits: str) -> str:
    return bytes([int(digits, 16)]).decode("utf-8", "surrogateescape")


def parse(text: str) -> Script:
    """Read a script; ScriptError names the line that cannot be understood."""
    settings: list[tuple[str, str]] = []
    steps: list[Step] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split()
        if words[0] == "set":
            if steps or len(words) < 3:
                raise ScriptError(f"line {number}: `set KEY VALUE`, before the first step")
            settings.append((words[1], line.split(maxsplit=2)[2]))
        else:
            steps.extend(_steps(number, line))
    return Script(tuple(settings), tuple(steps))


def _steps(number: int, line: str) -> list[Step]:
    speech = _SPEECH.fullmatch(line)
    if speech:
        what = "send" if speech["who"] in "Cc" else "expect"
        ending = "\r\n" if speech["who"] == "C" else ""
        step = Step(number, what, int(speech["client"] or 1), expand(speech["text"] or "") + ending)
        return [step] * int(speech["times"] or 1)
    word, _, rest = line.strip().partition(" ")
    if word in _STEPS:
        match = _WHERE.fullmatch(rest)
        if match and (word in ("connect", "hello") or not (match["source"] or match["door"])):
            return [Step(number, word, int(match["client"] or 1), match["source"] or "", match["door"] or "smtp")]
    elif word in _SERVER_STEPS:
        return [Step(number, word, text=expand(rest))]
    raise ScriptError(f"line {number}: not a step: {line}")


def configure(settings: tuple[tuple[str, str], ...]) -> Config:
    """The configuration of a dialog: nobody is trusted, any free port, and what the script sets."""
    sections: dict[str, msgspec.Struct] = {"smtp": SmtpConfig(listen=("127.0.0.1:0",), trusted_relays=())}
    for key, value in settings:
        section, _, name = key.partition(".")
        before = sections.get(section) or getattr(Config(), section)
        if not hasattr(before, name):
            raise ScriptError(f"no such setting: {key}")
        # Times may be fractions of a second here, so that no test needs to wait a second.
        plain = int(value) if value.isdigit() else tuple(value.split())
        new = float(value) if re.fullmatch(r"[0-9]+\.[0-9]+", value) else plain
        sections[section] = msgspec.structs.replace(before, **{name: new})
    return msgspec.structs.replace(Config(), **sections)


@dataclass(slots=True)
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    closed: bool = False
    unsent: bytearray = field(default_factory=bytearray)


class Stage:
    """A running server with its clients; `async with Stage(settings) as stage`."""

    def __init__(self, settings: tuple[tuple[str, str], ...] = ()) -> None:
        self.house = SmallHouse()
        self.house.full = ("room", "full") in settings
        self.folder = tempfile.TemporaryDirectory()
        config = configure(tuple(pair for pair in settings if pair[0] not in _FOR_STAGE))
        self.certificate: certificates.Certificate | None = None
        if ("tls", "on") in settings:
            self.certificate = made = certificates.make(Path(self.folder.name))
            smtp = msgspec.structs.replace(config.smtp, tls_certificate=str(made.path), tls_key=str(made.key))
            config = msgspec.structs.replace(config, smtp=smtp)
        self.config = msgspec.structs.replace(config, base=self.folder.name)
        self.server = SmtpServer(self.config, self.house, SystemClock())
        self.clients: dict[int, Client] = {}
        self.stopping: asyncio.Task[bool] | None = None
        self._port = 0

    async def __aenter__(self) -> Stage:
        await self.server.start()
        self._port = self.server.addresses[0].port
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.house.may_commit.set()
        for client in self.clients.values():
            # asyncio of Python 3.11.2 stumbles over a TLS connection that the other side has ended already
            with contextlib.suppress(ConnectionError, AttributeError):
                client.writer.close()
                await client.writer.wait_closed()
        if self.stopping is not None:
            await self.stopping
        await self.server.stop(PATIENCE)
        self.folder.cleanup()

    async def connect(self, source: str = "127.0.0.1", door: str = "smtp") -> Client:
        if door == "unix":
            (path,) = (one.path for one in self.server.lmtp_addresses if isinstance(one, UnixAddress))
            return Client(*await asyncio.open_unix_connection(path))
        port = self._port
        if door == "lmtp":
            port = next(one.port for one in self.server.lmtp_addresses if isinstance(one, ListenAddress))
        return Client(*await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0)))

    async def play(self, script: Script) -> None:
        """Take all steps, then see that nothing is left; DialogFailed names the line."""
        if script.steps and script.steps[0].what in ("send", "expect"):
            self.clients[1] = await self.connect()
        for step in script.steps:
            if step.what != "send":
                await self._send_all()
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._take(step)
            except DialogFailed as failure:
                raise DialogFailed(f"line {step.line}: {failure}") from None
            except TimeoutError:
                raise DialogFailed(f"line {step.line}: nothing came for `{step.what} {step.text}`") from None
        await self._send_all()
        await self._nothing_left()

    async def _send_all(self) -> None:
        for client in self.clients.values():
            if client.unsent:
                client.writer.write(bytes(client.unsent))
                client.unsent.clear()
                with contextlib.suppress(ConnectionError):
                    await client.writer.drain()

    async def _take(self, step: Step) -> None:
        if step.what in ("hello", "connect"):
            self.clients[step.client] = await self.connect(step.text or "127.0.0.1", step.door)
            if step.what == "hello":
                await self._hello(self.clients[step.client], lmtp=step.door != "smtp")
        elif step.what in _SERVER_STEPS:
            await self._about_server(step)
        else:
            client = self.clients.get(step.client)
            if client is None:
                raise DialogFailed(f"client {step.client} has not connected")
            await self._with_client(client, step)

    async def _hello(self, client: Client, *, lmtp: bool) -> None:
        await self._expect(client, f"220 {DOMAIN} {'LMTP' if lmtp else 'ESMTP'}")
        client.writer.write(b"%s client.example.net\r\n" % (b"LHLO" if lmtp else b"EHLO"))
        while (await self._reply(client)).startswith(b"250-"):
            pass

    async def _with_client(self, client: Client, step: Step) -> None:
        if step.what == "send":
            client.unsent += step.text.encode("utf-8", "surrogateescape")
        elif step.what == "expect":
            await self._expect(client, step.text)
        elif step.what == "secure":
            assert self.certificate is not None, "set tls on"
            await client.writer.start_tls(self.certificate.client_context(), server_hostname="127.0.0.1")
        elif step.what == "half-close":
            client.writer.write_eof()
        elif step.what == "closed":
            rest = await self._rest(client)
            if rest:
                raise DialogFailed(f"the server said more: {rest!r}")
            client.closed = True
        else:
            if step.what == "reset":
                linger = struct.pack("ii", 1, 0)
                client.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            client.closed = True
            client.writer.close()

    async def _reply(self, client: Client) -> bytes:
        try:
            line = await client.reader.readline()
        except ConnectionError:
            line = b""
        if not line.endswith(b"\r\n") or len(line) > 512:
            raise DialogFailed(f"not a reply line: {line!r}" if line else "the server has closed the connection")
        if not _WITH_CODE.fullmatch(line) and not _WITHOUT_CODE.fullmatch(line):
            raise DialogFailed(f"no enhanced code in {line!r}")
        return line

    async def _expect(self, client: Client, expected: str) -> None:
        line = (await self._reply(client)).decode("ascii").removesuffix("\r\n")
        wanted = expected.removesuffix("...")
        if not (line.startswith(wanted) if expected.endswith("...") else line == wanted):
            raise DialogFailed(f"expected `{expected}`, got `{line}`")

    async def _rest(self, client: Client) -> bytes:
        try:
            return await client.reader.read()
        except ConnectionError:
            return b""

    async def _about_server(self, step: Step) -> None:
        if step.what == "kept":
            self._kept(*step.text.partition(" ")[::2])
        elif step.what == "committing":
            await self.house.committing.wait()
        elif step.what == "commit":
            self.house.may_commit.set()
            # The commit of a client that has gone ends unseen; give it its turn of the loop.
            for _ in range(5):
                await asyncio.sleep(0)
        elif step.what == "stop":
            self.stopping = asyncio.create_task(self.server.stop(PATIENCE))
            await asyncio.sleep(0)
        elif self.stopping is None or not await self.stopping:
            raise DialogFailed("the server has not stopped in time")

    def _kept(self, what: str, value: str) -> None:
        if what.isdigit():
            found: object = len(self.house.kept)
            wanted: object = int(what)
        elif not self.house.kept:
            raise DialogFailed("no mail was kept")
        else:
            last = self.house.kept[-1]
            found, wanted = _facts(last).get(what), value.encode("utf-8", "surrogateescape").decode("latin-1")
            if found is None:
                raise DialogFailed(f"`{what}` is nothing that a kept mail has")
        if found != wanted:
            raise DialogFailed(f"kept {what}: expected {wanted!r}, got {found!r}")

    async def _nothing_left(self) -> None:
        for number, client in self.clients.items():
            if not client.closed:
                goodbye = b""
                with contextlib.suppress(OSError):
                    if client.writer.can_write_eof():
                        client.writer.write_eof()
                    else:  # TLS knows no half-closed connection
                        client.writer.write(b"QUIT\r\n")
                        goodbye = wire_line(replies.BYE)
                rest = await self._rest(client)
                if rest != goodbye:
                    raise DialogFailed(f"at the end: client {number} has unread {rest!r}")
            client.writer.close()
        try:
            async with asyncio.timeout(PATIENCE):
                await self.server.wait_sessions()
        except TimeoutError:
            raise DialogFailed(f"at the end: {self.server.sessions} sessions are open") from None
        if self.server.in_flight.held:
            raise DialogFailed(f"at the end: {self.server.in_flight.held} octets are counted as in flight")


def _facts(envelope: Envelope) -> dict[str, str]:
    flags = ("trusted", "internal", "smtputf8")
    return {
        "from": _octets(envelope.reverse_path),
        "to": _octets(" ".join(envelope.recipients)),
        "content": envelope.content.decode("latin-1"),
        "helo": envelope.helo,
        "peer": envelope.peer,
        "protocol": envelope.protocol,
        "flags": " ".join(flag for flag in flags if getattr(envelope, flag)),
    }


def _octets(text: str) -> str:
    return text.encode().decode("latin-1")


def load(path: Path) -> Script:
    """Read one `.dialog` file."""
    return parse(path.read_text(encoding="utf-8"))


async def play(script: Script) -> None:
    """Play a script against a server of its own."""
    async with Stage(script.settings) as stage:
        await stage.play(script)
