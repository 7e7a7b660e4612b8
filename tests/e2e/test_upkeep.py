"""Aliases and the closing of a group, beside the running service: what a mail server is told at RCPT."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.installation import DOMAIN, PATIENCE, Installation

pytestmark = pytest.mark.e2e


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    site = Installation(tmp_path, swaks="")
    site.set_up()
    site.run("group", "add", "reading", "--kind", "network", "--moderator", "karin@example.org")
    site.start()
    yield site
    assert site.process is not None
    site.process.kill()
    site.process.wait()


def rcpt(site: Installation, local: str) -> tuple[int, str]:
    with smtplib.SMTP("127.0.0.1", site.smtp, timeout=PATIENCE) as client:
        client.ehlo("client.example.org")
        client.mail("anna@example.org")
        code, text = client.rcpt(f"{local}@{DOMAIN}")
        return code, text.decode()


def test_an_alias_while_serving(site: Installation) -> None:
    assert rcpt(site, "old")[0] == 550
    site.run("group", "alias", "add", "reading", "old")
    assert rcpt(site, "old")[0] == 250
    assert rcpt(site, "old-join")[0] == 250
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "karin@example.org", f"old@{DOMAIN}", "By the old name"
    message["Message-ID"] = "<one@example.org>"
    message.set_content("Hello.")
    with smtplib.SMTP("127.0.0.1", site.smtp, timeout=PATIENCE) as client:
        client.send_message(message)
    site.until(site.idle, "it is sent")
    letter = site.letter("karin@example.org", "By the old name")
    assert f"<reading.{DOMAIN}>" in letter.message["List-Id"]


def test_a_closed_group_while_serving(site: Installation) -> None:
    assert rcpt(site, "reading")[0] == 250
    site.run("group", "close", "reading")
    code, text = rcpt(site, "reading")
    assert (code, text.partition(";")[0]) == (550, "5.1.1 reading is closed and takes no more mail")
    assert text.endswith("/g/reading")
    assert rcpt(site, "reading-owner")[0] == 250
    site.run("group", "close", "reading", "--reopen")
    assert rcpt(site, "reading")[0] == 250


def test_what_would_happen_is_told_by_mail(site: Installation) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "karin@example.org", f"test+reading@{DOMAIN}", "A question"
    message["Message-ID"] = "<one@example.org>"
    message.set_content("Which rules?")
    with smtplib.SMTP("127.0.0.1", site.smtp, timeout=PATIENCE) as client:
        client.send_message(message)
    site.until(lambda: site.inbox("karin@example.org") and site.idle(), "it is answered")
    (letter,) = site.inbox("karin@example.org")
    assert f"reading@{DOMAIN}" in letter.subject
    assert "It would go to the members now." in letter.text
    assert site.rows("SELECT count(*) FROM outgoing WHERE kind = 'post'") == [(0,)]
