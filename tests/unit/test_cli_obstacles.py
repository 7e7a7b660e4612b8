"""What stands in an operator's way (a lock, a folder, a file, a port): one sentence that names it, and an end."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from mailsvc import operators
from mailsvc.app import Service
from mailsvc.errors import StoreUnavailable
from mailsvc.store import sqlite
from tests.cli_kit import CONFIG, Cli, made, mail
from tests.tools import ROOT


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return made(tmp_path)


def test_a_locked_database_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 1)
    cli.run("group", "add", "one", "--kind", "network")
    file = cli.folder / "mail.eml"
    file.write_bytes(mail("anna@example.org"))
    with closing(sqlite3.connect(cli.config.database_path, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        said = cli.refused("group", "add", "two", "--kind", "network")
        assert said == f"{cli.config.database_path}: database is locked; nothing was changed"
        assert "locked" in cli.refused("explain", str(file), "--to", "one@networks.example.org")
        assert [one["name"] for one in cli.json("group", "list")] == ["one"]


def serve_refused(cli: Cli) -> str:
    """The sentence with which a process that should serve ends at once."""
    words = [sys.executable, "-m", "mailsvc", "--config", str(cli.path), "serve"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode == 1, done.stderr
    return done.stderr.splitlines()[-1].removeprefix("mailsvc: ")


@pytest.mark.parametrize("words", [["upgrade"], ["restore", "{backup}"], ["demo"]])
def test_a_folder_that_cannot_be_made(cli: Cli, words: list[str]) -> None:
    """A file where the database's folder should be stops root as well."""
    backup = cli.folder / "backup.tar"
    cli.run("backup", str(backup))
    cli.path.write_text(CONFIG.replace("sqlite:///mail.db", "sqlite:///data/deep/mail.db"))
    (cli.folder / "data").write_text("in the way")
    assert str(cli.folder / "data") in cli.refused(*(word.format(backup=backup) for word in words))
    assert str(cli.folder / "data") in serve_refused(cli)
    assert (cli.folder / "data").read_text() == "in the way"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_did_in_between_does_not_shut_the_service_out(cli: Cli) -> None:
    nobody = 65534
    os.chown(cli.folder, nobody, nobody)
    cli.run("upgrade")
    lock = cli.folder / "mail.db.lock"
    assert (lock.stat().st_uid, lock.stat().st_gid) == (nobody, nobody)
    backup = cli.folder / "backup.tar"
    cli.run("backup", str(backup))
    other = Cli(cli.folder / "other")
    other.folder.mkdir()
    os.chown(other.folder, nobody, nobody)
    other.path.write_text(CONFIG.replace("sqlite:///mail.db", "sqlite:///data/deep/mail.db"))
    other.run("restore", str(backup))
    made = ("data", "data/deep", "data/deep/mail.db", "data/deep/mail.db.lock", "site.key")
    assert {name: (other.folder / name).stat().st_uid for name in made} == dict.fromkeys(made, nobody)


def test_an_export_that_the_disk_has_no_room_for_leaves_no_half_of_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.run("group", "add", "one", "--kind", "network", "--moderator", "karin@example.org")
    whole = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.suffix == ".json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return whole(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    said = cli.refused("person", "export", "karin@example.org", "--to", str(cli.folder / "karin"))
    assert said.endswith(": No space left on device; nothing was written")
    assert not (cli.folder / "karin").exists()


def test_a_key_that_may_not_be_read(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.read_text

    def read_text(self: Path, encoding: str | None = None, errors: str | None = None) -> str:
        """As for somebody who is not root, who may read everything."""
        if self.name == "site.key":
            raise PermissionError(13, "Permission denied", str(self))
        return whole(self, encoding, errors)

    monkeypatch.setattr(Path, "read_text", read_text)
    assert "site.key cannot be read: Permission denied" in cli.refused("group", "list")


def test_a_port_of_the_pages_that_is_taken(cli: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        cli.path.write_text(CONFIG.replace('[web]\nlisten = "127.0.0.1:0"', f'[web]\nlisten = "127.0.0.1:{port}"'))
        assert serve_refused(cli).lower() == f"web.listen: cannot listen on 127.0.0.1:{port}: address already in use"


async def test_a_service_that_cannot_write_ends_before_it_has_listened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has to end, so that it is started anew; it once waited for connections that it had never taken."""
    cli = await asyncio.to_thread(made, tmp_path)

    def full(*_: object) -> NoReturn:
        raise StoreUnavailable("database or disk is full")

    monkeypatch.setattr(operators, "ensure", full)
    service = Service(cli.config)
    async with asyncio.timeout(60):
        with pytest.raises(StoreUnavailable, match="disk is full"):
            await service.start()
