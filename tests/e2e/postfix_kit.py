"""Postfix as the howto sets it up: its files filled in with ports and paths of a test, a milter, and its processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.installation import free_port
from tests.tools import ROOT, require_tool

HOWTO = ROOT / "docs" / "howto" / "behind-postfix.md"
MASTER_CF = ("/usr/share/postfix/master.cf.dist", "/etc/postfix/master.cf.proto")
PATIENCE = 30

# What every instance of its own needs: where it keeps things, and that it listens and speaks on loopback only.
OF_THE_TEST = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
relayhost = {world}
"""


@dataclass(frozen=True, slots=True)
class Howto:
    """The blocks of the howto: files by their name below /etc/postfix, and the keys of config.toml."""

    files: dict[str, str]
    relay: str
    config: dict[str, dict[str, Any]]


def read_howto() -> Howto:
    """Take the blocks out of the page."""
    text = HOWTO.read_text(encoding="utf-8")
    files = dict(re.findall(r"`/etc/postfix/([a-z_.]+)`[^\n]*:\n\n```\n(.*?)```", text, re.DOTALL))
    relay = re.search(r"One of its own has\s+in `main\.cf`:\n\n```\n(.*?)```", text, re.DOTALL)
    assert relay is not None
    config: dict[str, dict[str, Any]] = {}
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        for section, keys in tomllib.loads(block).items():
            known = config.setdefault(section, {})
            # A block that says otherwise than one above it is a variant.
            if all(known.get(key, value) == value for key, value in keys.items()):
                known.update(keys)
    return Howto(files, relay[1], config)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Put a test's ports and paths in place of the howto's."""
    for old, new in values.items():
        text = text.replace(old, new)
    return text


@dataclass(slots=True)
class Postfix:
    """One instance with a folder of its own; its processes end with `stop`."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def conf(self) -> Path:
        return self.folder / "conf"

    def write(self, main_cf: str, files: Mapping[str, str], world: str) -> None:
        """Its configuration; `world` is where mail for everybody else goes."""
        for name in ("conf", "queue", "data"):
            (self.folder / name).mkdir(parents=True)
        for part in (self.folder, *self.folder.iterdir()):
            part.chmod(0o755)
        shutil.chown(self.folder / "data", "postfix")
        (self.conf / "main.cf").write_text(OF_THE_TEST.format(folder=self.folder, world=world) + main_cf)
        for name, text in files.items():
            (self.conf / name).write_text(text)
            if f"hash:{self.conf / name}" in main_cf:
                self.run("postmap", f"hash:{self.conf / name}")
        shipped = next(Path(name) for name in MASTER_CF if Path(name).is_file()).read_text()
        ours, count = re.subn(r"^smtp( +inet )", rf"127.0.0.1:{self.port}\1", shipped, flags=re.MULTILINE)
        assert count == 1
        (self.conf / "master.cf").write_text(ours)

    def run(self, name: str, *words: str) -> str:
        """A program of Postfix, on this instance."""
        command = [require_tool(name), "-c", str(self.conf), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Make its queue, and start its master as a child of ours, whose number is known."""
        self.run("postfix", "check")
        master = Path(self.run("postconf", "-h", "daemon_directory").strip()) / "master"
        with (self.folder / "out").open("ab") as out:
            self.process = subprocess.Popen(
                [str(master), "-c", str(self.conf), "-d"], stdout=out, stderr=out, start_new_session=True
            )

    def listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """End master by its number, and wait for its children, which it ends and which are in its group."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE)
        for _ in range(100 * PATIENCE):
            if not self.alive():
                return
            time.sleep(0.01)
        os.killpg(self.process.pid, signal.SIGKILL)
        raise AssertionError("processes of Postfix did not end with their master")

    def alive(self) -> bool:
        """Whether any process of it is there."""
        try:
            os.killpg(self.process.pid if self.process else 0, 0)
        except ProcessLookupError:
            return False
        return True

    def waiting(self) -> bool:
        """Whether mail is in its queue."""
        return self.run("postqueue", "-j") != ""

    def log(self) -> str:
        """What it has to say."""
        parts = [self.folder / "out", self.folder / "log"]
        return "\n".join(part.read_text(errors="replace") for part in parts if part.exists())[-8000:]


class Milter:
    """Vouches for the author of every mail with an Authentication-Results field, as OpenDKIM and OpenDMARC would.

    The protocol is that of Sendmail's libmilter: a length of four octets, a letter, data.
    """

    VERSION = 6
    ADD_HEADERS = 0x01
    UNANSWERED = b"DAK"  # macros, the mail was given up, another session follows

    def __init__(self, authserv_id: str) -> None:
        self.authserv_id = authserv_id
        self.port = 0

    @contextmanager
    def running(self) -> Iterator[Milter]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = listening.getsockname()[1]
            thread = threading.Thread(target=self._accept, args=(listening,), name="milter")
            thread.start()
            try:
                yield self
            finally:
                listening.shutdown(socket.SHUT_RDWR)
                thread.join(PATIENCE)

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        domain = ""
        with closing(connection), connection.makefile("rb") as stream:
            while head := stream.read(4):
                (length,) = struct.unpack(">I", head)
                packet = stream.read(length)
                letter = packet[:1]
                if letter == b"Q":
                    return
                if letter == b"L" and packet[1:].lower().startswith(b"from\0"):
                    domain = packet.rpartition(b"@")[2].rstrip(b"\0> ").decode()
                if letter == b"E":
                    value = f"{self.authserv_id}; dmarc=pass (p=reject) header.from={domain}"
                    name_and_value = b"Authentication-Results\0" + value.encode() + b"\0"
                    self._say(connection, b"i", struct.pack(">I", 1) + name_and_value)
                if letter == b"O":
                    self._say(connection, b"O", struct.pack(">III", self.VERSION, self.ADD_HEADERS, 0))
                elif letter not in self.UNANSWERED:
                    self._say(connection, b"c", b"")

    @staticmethod
    def _say(connection: socket.socket, letter: bytes, data: bytes) -> None:
        connection.sendall(struct.pack(">I", len(data) + 1) + letter + data)
