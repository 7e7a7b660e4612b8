"""A site in a folder, and the command line run on it in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from click.testing import CliRunner, Result

from mailsvc import app, config, keys
from mailsvc.cli import main
from mailsvc.config import Config
from mailsvc.errors import Reason
from mailsvc.handling import handle
from mailsvc.message import evidence
from mailsvc.message.envelope import Envelope
from mailsvc.message.parsing import digest, parse
from mailsvc.operating import cli_tools
from mailsvc.registry import Incoming
from mailsvc.site import Site
from mailsvc.store import inbox, overview
from mailsvc.store.database import Tx

CONFIG = """
[site]
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
message_size = 100000
"""


@dataclass(frozen=True, slots=True)
class Cli:
    """Commands on one site."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "config.toml"

    def invoke(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(self.path), *words])

    def run(self, *words: str) -> str:
        """Standard output of a command that must work."""
        result = self.invoke(*words)
        assert result.exit_code == 0, f"{words}: {result.stderr} {result.exception!r}"
        return result.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json"))

    def refused(self, *words: str) -> str:
        """The one sentence of a command that must be refused."""
        result = self.invoke(*words)
        assert result.exit_code == 1, f"{words}: {result.exit_code} {result.output}"
        lines = result.stderr.splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("mailsvc: ")
        return lines[0].removeprefix("mailsvc: ")

    def misused(self, *words: str) -> str:
        """What a wrong usage is told."""
        result = self.invoke(*words)
        assert result.exit_code == 2, f"{words}: {result.exit_code} {result.output}"
        return result.stderr

    @property
    def config(self) -> Config:
        return config.load(self.path)

    def receive(self, content: bytes, to: str, reverse_path: str = "anna@example.org") -> Reason:
        """Accept and handle one mail, as the running service would."""
        settings = self.config
        registry = app.build_registry(Site(settings, keys.load(settings.path(settings.site.key_file))))[0]
        content = content.replace(b"\n", b"\r\n")
        message = parse(content, settings.limits)
        envelope = Envelope(reverse_path, (to,), "127.0.0.1", "client.example.org", "ESMTP", content, trusted=True)
        found = evidence.compute(envelope, message, settings.smtp)
        checked = digest(message)

        def unit(tx: Tx) -> Reason:
            stored = msgspec.json.encode(found).decode()
            mail_id = inbox.insert_mail(tx, envelope, message.message_id or checked.hex(), checked, stored)
            due = inbox.unit(tx, overview.unit_of(tx, mail_id))
            assert due is not None
            mail = Incoming(due.inbox_id, due.raw_id, to, envelope, message, found, checked, due.received_at)
            return handle(tx, registry, mail).reason

        return cli_tools.write(settings, unit)


def made(folder: Path) -> Cli:
    """A site with key and database."""
    cli = Cli(folder)
    cli.path.write_text(CONFIG, encoding="utf-8")
    cli.run("init")
    return cli


def mail(sender: str, subject: str = "A question", text: str = "Which rules?", *fields: str) -> bytes:
    """A mail in plain text, with LF alone."""
    head = [f"From: {sender}", f"Subject: {subject}", "Message-ID: <one@example.org>", *fields]
    return "\n".join([*head, "", text, ""]).encode()
