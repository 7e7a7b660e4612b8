"""The command line as processes: init, serve beside other commands, signals, the demo that starts a crash again."""

from __future__ import annotations

import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.installation import PATIENCE, free_port

CONFIG = """
[site]
domain = "networks.example.org"
operators = ["operator@example.org"]
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
GROUP = "cataloguing@networks.example.org"


def until(seen: Callable[[], bool], what: str) -> None:
    """Wait until `seen` is true."""
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, f"it did not happen: {what}"
        time.sleep(0.05)


@dataclass(slots=True)
class Place:
    """A folder with a configuration on free ports, and processes in it."""

    folder: Path
    smtp: int = field(default_factory=free_port)
    web: int = field(default_factory=free_port)

    def configure(self) -> None:
        (self.folder / "config.toml").write_text(CONFIG.format(smtp=self.smtp, web=self.web), encoding="utf-8")

    def run(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """`python -m mailsvc` to its end."""
        command = [sys.executable, "-m", "mailsvc", *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, f"{words}: {done.returncode} {done.stdout} {done.stderr}"
        return done

    def json(self, *words: str) -> Any:
        """What a command shows for programs."""
        return json.loads(self.run(*words, "--json").stdout)

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """`python -m mailsvc` in the background, its output in files; killed with its children at the end."""
        command = [sys.executable, "-m", "mailsvc", *words]
        with (self.folder / "out").open("a") as out, (self.folder / "err").open("a") as err:
            process = subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=err, text=True, process_group=0)
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def said(self, name: str = "out") -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def answers(self) -> bool:
        """Whether SMTP greets and the pages are there."""
        try:
            with smtplib.SMTP("127.0.0.1", self.smtp, timeout=5):
                pass
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/healthz", timeout=5) as page:
                return int(page.status) == 200
        except OSError:
            return False

    def knows(self, address: str) -> bool:
        """Whether RCPT takes an address."""
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=5) as client:
            client.ehlo("client.example.org")
            client.mail("a@example.org")
            return client.rcpt(address)[0] == 250

    def post(self, sender: str, to: str) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, "A question"
        message["Message-ID"] = "<one@example.net>"
        message.set_content("Which rules?")
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=10) as client:
            client.send_message(message)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and not waited for."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_from_nothing_to_a_service_that_ends_cleanly(place: Place, number: signal.Signals) -> None:
    place.run("init", "--domain", "networks.example.org")
    text = (place.folder / "config.toml").read_text()
    text = text.replace("127.0.0.1:2525", f"127.0.0.1:{place.smtp}").replace("127.0.0.1:8025", f"127.0.0.1:{place.web}")
    (place.folder / "config.toml").write_text(text)
    place.run("group", "add", "early", "--kind", "network")
    with place.running("serve") as service:
        until(place.answers, "the service answers")
        assert f"127.0.0.1:{place.smtp}" in place.said()
        assert place.knows("early@networks.example.org")
        place.run("group", "add", "late", "--kind", "network", "--moderator", "karin@example.org")
        assert place.knows("late@networks.example.org")
        assert "already" in place.run("serve", code=1).stderr
        place.run("upgrade", code=1)
        assert "the service runs" in place.run("check").stdout
        service.send_signal(number)
        assert service.wait(timeout=PATIENCE) == 0
    assert "event=stopped" in place.said("err")
    assert "Traceback" not in place.said("err")
    assert place.run("check").stdout.count("free") >= 2


def test_what_an_operator_does_beside_the_service(place: Place) -> None:
    place.configure()
    place.run("init")
    place.run("group", "add", "cataloguing", "--kind", "network", "--moderator", "karin@example.org")
    with place.running("serve", "--log", "json") as service:
        until(place.answers, "the service answers")
        place.post("mailer-daemon@example.net", GROUP)
        until(lambda: len(place.json("quarantine", "list")) == 1, "the notice is put aside")
        place.post("robin@example.net", GROUP)
        until(lambda: bool(place.json("case", "list", "--open")), "the post is held")
        explained = place.folder / "mail.eml"
        explained.write_text("From: robin@example.net\nSubject: x\n\nx\n")
        assert "held-not-member" in place.run("explain", str(explained), "--to", GROUP).stdout
        place.run("quarantine", "drop", str(place.json("quarantine", "list")[0]["id"]))
        service.terminate()
        assert service.wait(timeout=PATIENCE) == 0
    lines = [json.loads(line) for line in place.said("err").splitlines()]
    assert {"accepted", "handled", "stopped"} <= {line["event"] for line in lines}
    assert "robin@example.net" not in place.said("err")


def test_what_stops_the_start(place: Place) -> None:
    place.configure()
    assert "there is no" in place.run("serve", code=1).stderr
    place.run("init")
    with socket.socket() as other:
        other.bind(("127.0.0.1", place.web))
        other.listen()
        for words in (["serve"], ["demo"]):
            said = place.run(*words, code=1).stderr
            assert said.splitlines()[-1].startswith("mailsvc: ")
            assert str(place.web) in said
            assert "Traceback" not in said
    text = (place.folder / "config.toml").read_text()
    (place.folder / "config.toml").write_text(text.replace(f'listen = "127.0.0.1:{place.web}"', 'listen = "0.0.0.0:0"'))
    assert "mailroom" in place.run("serve", code=1).stderr


def test_the_demo(place: Place) -> None:
    place.configure()
    with place.running("demo") as demo:
        until(lambda: "swaks" in place.said(), "the demo says what to try")
        assert place.answers()
        assert re.search(r"^ +swaks --server ", place.said(), re.MULTILINE)
        names = {one["name"] for one in place.json("group", "list")}
        assert names == {"cataloguing", "digital-learning", "leadership", "preparation", "everyone"}
        place.post("robin@example.net", GROUP)
        until(lambda: bool(place.json("case", "list")), "the post is held")
        asked = place.json("case", "show", "1")["questions"]
        assert {one["person"] for one in asked} == {"karin@example.org", "per@example.org"}
        (child,) = children(demo.pid)
        os.kill(child, signal.SIGKILL)
        until(lambda: children(demo.pid) not in ([], [child]), "the service is started again")
        until(place.answers, "the new service answers")
        assert "signal 9" in place.said("err")
        assert place.run("demo", code=1).stderr.count("\n") == 1
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=PATIENCE) == 0
        assert not place.answers()
    assert "Traceback" not in place.said("err")
    with place.running("demo") as demo:
        until(place.answers, "the demo answers again")
        assert len(place.json("case", "list")) == 1
        assert place.said().count("example organisation.") == 1
        os.killpg(demo.pid, signal.SIGINT)  # as Ctrl-C in a terminal: to both processes
        assert demo.wait(timeout=PATIENCE) == 0
        until(lambda: not place.answers(), "nobody serves any more")


def test_the_demo_gives_up_on_what_cannot_be_started(place: Place) -> None:
    place.configure()
    text = (place.folder / "config.toml").read_text()
    (place.folder / "config.toml").write_text(text.replace('transport = "mailroom"', 'transport = "smtp"'))
    assert "mailroom" in place.run("demo", code=1).stderr
    assert not (place.folder / "var").exists()
