"""A real installation: made with the command line, served by its own process, written to with swaks."""

from __future__ import annotations

import email
import email.policy
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

DOMAIN = "networks.example.org"
PATIENCE = 30.0  # seconds until a test gives up; nothing is measured by it

CONFIG = """
[site]
name = "Example University Library"
domain = "networks.example.org"
language = "{language}"
operators = ["operator@example.org"]
key_file = "site.key"
[database]
url = "sqlite:///mail.db"
[smtp]
listen = ["127.0.0.1:{smtp}"]
[delivery]
transport = "mailroom"
[web]
listen = "127.0.0.1:{web}"
base_url = "http://127.0.0.1:{web}"
[moderation]
undo = "0 min"
"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in somebody's inbox."""

    owner: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()).replace(" \r\n", " ").replace(" \n", " ") if part is not None else ""

    @property
    def reply_to(self) -> str:
        value = self.message["Reply-To"] or self.message["From"]
        return str(value.addresses[0].addr_spec)


@dataclass(slots=True)
class Installation:
    """One folder with config, key and database, and the process that serves it."""

    folder: Path
    swaks: str
    smtp: int = field(default_factory=free_port)
    web: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    mails: int = 0

    def set_up(self, language: str = "en") -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = CONFIG.format(smtp=self.smtp, web=self.web, language=language)
        (self.folder / "config.toml").write_text(text, encoding="utf-8")
        self.run("init")

    def run(self, *words: str) -> str:
        """A command of `mailsvc`; its output."""
        command = [sys.executable, "-m", "mailsvc", *words, "--config", str(self.folder / "config.toml")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def start(self) -> None:
        command = [sys.executable, "-m", "mailsvc", "serve", "--config", str(self.folder / "config.toml")]
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.until(self._listens, "the service listens")

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "serve.log").read_text(encoding="utf-8")
        try:
            with socket.create_connection(("127.0.0.1", self.smtp), timeout=1):
                return True
        except OSError:
            return False

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)

    def until(self, seen: Callable[[], T], what: str) -> T:
        """Wait until `seen` gives something."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = seen()
            if found:
                return found
            time.sleep(0.05)
        log = (self.folder / "serve.log").read_text(encoding="utf-8", errors="replace")[-4000:]
        raise AssertionError(f"it did not happen: {what}\n{log}")

    # ---- mail

    def send(self, sender: str, to: str, message: EmailMessage, reverse_path: str | None = None) -> None:
        """One mail with swaks."""
        self.mails += 1
        del message["From"], message["To"]
        message["From"] = sender
        message["To"] = to
        message["Message-ID"] = f"<e2e-{self.mails}@example.org>"
        message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
        path = self.folder / f"mail-{self.mails}.eml"
        path.write_bytes(message.as_bytes(policy=email.policy.SMTP))
        address = sender.rpartition("<")[2].rstrip(">")
        command = [self.swaks, "--server", f"127.0.0.1:{self.smtp}", "--helo", "client.example.org", "--to", to]
        command += ["--from", address if reverse_path is None else reverse_path, "--data", f"@{path}", "--silent", "2"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        self.until(self.idle, "everything due is done")

    def write(self, sender: str, to: str, subject: str = "", text: str = "", **headers: str) -> None:
        """A new mail in plain text."""
        message = EmailMessage()
        message["Subject"] = subject
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        self.send(sender, to, message)

    def answer(self, sender: str, letter: Letter, text: str, **headers: str) -> None:
        """A reply above the quoted letter, as Gmail writes it."""
        quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
        body = f"{text}\n\nOn Mon, Nov 23, 2026 at 10:00 AM {letter.message['From']} wrote:\n\n{quoted}\n"
        thread = {"In_Reply_To": str(letter.message["Message-ID"])}
        self.write(sender, letter.reply_to, f"Re: {letter.subject}", body, **thread, **headers)

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'mail.db'}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def idle(self) -> bool:
        waiting = self.rows(
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'new') + (SELECT count(*) FROM outgoing WHERE state ="
            " 'composing') + (SELECT count(*) FROM delivery WHERE state = 'todo')"
        )
        return waiting == [(0,)]

    def inbox(self, address: str) -> list[Letter]:
        rows = self.rows("SELECT bytes FROM mailroom WHERE folded = ? ORDER BY id", address)
        return [Letter(address, _parsed(row[0])) for row in rows]

    def letter(self, address: str, words: str) -> Letter:
        """The newest letter of somebody whose subject or text holds these words."""
        pattern = re.compile(re.escape(words), re.IGNORECASE)
        found = [one for one in self.inbox(address) if pattern.search(one.subject) or pattern.search(one.text)]
        assert found, f"{address}: nothing with {words!r} among {[one.subject for one in self.inbox(address)]}"
        return found[-1]


def _parsed(raw: object) -> EmailMessage:
    assert isinstance(raw, bytes)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message
