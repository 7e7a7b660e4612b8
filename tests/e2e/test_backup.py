"""A backup of a service under load is whole; a restored site sends nothing until it is let go, then each copy once."""

from __future__ import annotations

import json
import smtplib
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.installation import DOMAIN, PATIENCE, Installation, free_port

pytestmark = pytest.mark.e2e

GROUP = f"reading@{DOMAIN}"
MEMBERS = [f"member{number}@example.org" for number in range(8)]


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Installation]:
    site = Installation(tmp_path / "first", swaks="")
    site.set_up()
    site.run("group", "add", "reading", "--kind", "network", "--moderator", "karin@example.org")
    rows = "\n".join(["address", *MEMBERS])
    (tmp_path / "members.csv").write_text(rows)
    site.run("member", "import", "reading", str(tmp_path / "members.csv"))
    yield site
    if site.process is not None:
        site.process.kill()
        site.process.wait()


def post(smtp: int, number: int) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = MEMBERS[0], GROUP, f"Post {number}"
    message["Message-ID"] = f"<post-{number}@example.org>"
    message.set_content("Which rules do you follow?\n" * 50)
    with smtplib.SMTP("127.0.0.1", smtp, timeout=PATIENCE) as client:
        client.send_message(message)


def ready(web: int) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/readyz", timeout=PATIENCE) as page:
            return page.status, json.load(page)["checks"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["checks"]


def moved(folder: Path, smtp: int, web: int, new: Installation) -> None:
    """The restored configuration on other ports, so that both sites can be served."""
    text = (folder / "config.toml").read_text().replace(str(smtp), str(new.smtp)).replace(str(web), str(new.web))
    (folder / "config.toml").write_text(text)


def test_under_load(first: Installation, tmp_path: Path) -> None:
    first.start()
    accepted: list[int] = []
    stop = threading.Event()

    def load(offset: int) -> None:
        for number in range(offset, offset + 1000):
            if stop.is_set():
                return
            post(first.smtp, number)
            accepted.append(number)

    threads = [threading.Thread(target=load, args=(1000 * one,)) for one in range(1, 4)]
    for one in threads:
        one.start()
    try:
        first.until(lambda: len(accepted) > 20, "posts are accepted")
        backups = []
        for number in range(3):
            before = set(accepted)
            file = tmp_path / f"backup-{number}.tar"
            first.run("backup", str(file))
            backups.append((file, before))
    finally:
        stop.set()
        for one in threads:
            one.join()
    assert first.stop() == 0
    for number, (file, before) in enumerate(backups):
        folder = tmp_path / f"restored-{number}"
        folder.mkdir()
        restored = Installation(folder, swaks="")
        restored.run("restore", str(file))
        assert restored.rows("PRAGMA integrity_check") == [("ok",)]
        assert restored.rows("PRAGMA foreign_key_check") == []
        ids = {str(row[0]) for row in restored.rows("SELECT message_id FROM mail")}
        assert {f"post-{one}@example.org" for one in before} <= {one.strip("<>") for one in ids}
        # a post and its copies are there together or not at all
        halves = restored.rows(
            "SELECT o.id FROM outgoing o LEFT JOIN delivery d ON d.outgoing_id = o.id WHERE o.kind = 'post'"
            " GROUP BY o.id HAVING count(d.id) <> 9"
        )
        assert halves == []


def test_restored_and_let_go(first: Installation, tmp_path: Path) -> None:
    mailroom = (first.folder / "config.toml").read_text()
    to_nobody = f'transport = "smtp"\nrelay = "smtp://127.0.0.1:{free_port()}"'
    (first.folder / "config.toml").write_text(mailroom.replace('transport = "mailroom"', to_nobody))
    first.start()
    post(first.smtp, 1)
    first.until(lambda: first.rows("SELECT state FROM outgoing") == [("ready",)], "the first post is composed")
    assert first.stop() == 0
    file = tmp_path / "backup.tar"
    first.run("backup", str(file))
    folder = tmp_path / "second"
    folder.mkdir()
    second = Installation(folder, swaks="")
    second.run("restore", str(file))
    (folder / "config.toml").write_text(mailroom)
    moved(folder, first.smtp, first.web, second)
    second.start()
    try:
        post(second.smtp, 2)  # mail comes in and is handled; what it asks for waits as well
        second.until(
            lambda: second.rows("SELECT count(*) FROM inbox WHERE state = 'handled'") == [(2,)], "it is handled"
        )
        status, checks = ready(second.web)
        assert status == 503
        assert "queue retry --restored" in checks["restore"]
        assert checks["database"] == "ok"
        assert second.rows("SELECT count(*) FROM mailroom") == [(0,)]
        assert second.rows("SELECT state, count(*) FROM delivery GROUP BY 1") == [("todo", 18)]
        second.run("queue", "retry")  # is not the word
        assert second.rows("SELECT state FROM outgoing ORDER BY id") == [("paused",), ("composing",)]
        assert "retry --restored" in (folder / "serve.log").read_text()
        refused = subprocess.run(
            [sys.executable, "-m", "mailsvc", "restore", str(file), "--config", str(folder / "config.toml")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert "another mailsvc serves" in refused.stderr
        assert second.rows("SELECT count(*) FROM mailroom") == [(0,)]
        second.run("queue", "retry", "--restored")
        second.until(second.idle, "everything is out")
        assert second.rows("SELECT count(*), count(DISTINCT folded) FROM mailroom") == [(18, 9)]
        assert second.rows("SELECT state, count(*) FROM delivery GROUP BY 1") == [("delivered", 18)]
        assert ready(second.web)[0] == 200
        assert second.stop() == 0
    finally:
        if second.process is not None:
            second.process.kill()
            second.process.wait()
