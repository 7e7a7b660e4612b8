"""`test@` and `test+N@`: the author is told what would have happened, and nothing has."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mailsvc.errors import Reason
from tests.cli_kit import CONFIG, Cli, made, mail

ANNA = "anna@example.org"


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    cli.run("group", "add", "reading", "--kind", "network", "--moderator", "karin@example.org")
    cli.run("group", "add", "news", "--kind", "circle", "--moderator", "karin@example.org", "--post", "moderators")
    cli.run("member", "add", "reading", ANNA)
    cli.run("member", "add", "reading", "per@example.org")
    cli.run("member", "add", "news", "per@example.org")
    return cli


def content(cli: Cli) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, by table."""
    with closing(sqlite3.connect(cli.config.database_path)) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: raw.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def letters(cli: Cli) -> list[tuple[str, dict[str, Any]]]:
    with closing(sqlite3.connect(cli.config.database_path)) as raw:
        rows = raw.execute(
            "SELECT d.address, o.data FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id"
            " WHERE o.template = 'command/explained' ORDER BY o.id"
        ).fetchall()
    return [(address, json.loads(data)) for address, data in rows]


def tried(cli: Cli, what: str, sender: str = ANNA, *fields: str, text: str = "Which rules?") -> dict[str, Any]:
    """What the letter to the author says."""
    sent = mail(sender, "A question", text, *fields)
    assert cli.receive(sent, f"test+{what}@networks.example.org", sender) is Reason.EXPLAINED
    address, values = letters(cli)[-1]
    assert address == sender
    return values


def said(values: dict[str, Any], name: str) -> list[str]:
    return [one["text"] for one in values["steps"] if one["name"] == name]


def test_a_member(cli: Cli) -> None:
    values = tried(cli, "reading")
    assert (values["outcome"], values["why"]) == ("posted", "")
    assert values["address"] == "reading@networks.example.org"
    assert said(values, "post")[-1] == "decision: send it to the members"
    assert (
        said(values, "outgoing") == ["post lists/post to the members"]
        or "to the members" in said(values, "outgoing")[0]
    )
    assert said(values, "result") == ["posted"]


def test_a_post_that_would_be_held(cli: Cli) -> None:
    values = tried(cli, "news")
    assert values["outcome"] == "held"
    assert values["why"] == Reason.HELD_ANNOUNCE
    assert said(values, "case") == ["held-post: opened, then waiting"]
    assert said(values, "result") == ["held"]


@pytest.mark.parametrize("what", ["reading", "news", "reading-request", "news-join", "reading-leave", "reading-owner"])
def test_nothing_happens_but_the_letter(cli: Cli, what: str) -> None:
    before = content(cli)
    tried(cli, what, ANNA, text="leave")
    after = content(cli)
    letter = {"outgoing": 1, "delivery": 1, "raw": 1, "mail": 1, "inbox": 1, "rate": 1, "seen": 2}
    assert {name: len(after[name]) - len(before[name]) for name in after if after[name] != before[name]} == letter
    assert cli.json("case", "list") == []


@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        ("reading-request", "answered"),
        ("news-join", "answered"),
        ("reading-leave", "answered"),
        ("reading-owner", "forwarded"),
        ("postmaster", "forwarded"),
        ("nothing", "refused"),
        ("reading-meeting", "answered"),
        ("cases", "nothing"),
        ("test", "nothing"),
        ("test+reading", "nothing"),
        ("reply+aaaaaaaaaaaaaaaaaaaaaaaaaa", "nothing"),
    ],
)
def test_other_addresses(cli: Cli, what: str, outcome: str) -> None:
    assert tried(cli, what, ANNA, text="leave")["outcome"] == outcome


def test_no_token_stands_in_the_letter(cli: Cli) -> None:
    token = "k4qx7m2vphw3zt6yrb5ncdl2ae"
    values = tried(cli, f"reply+{token}")
    assert token not in json.dumps(values["steps"])


def test_nobody_else_is_named(cli: Cli) -> None:
    for what in ("reading", "news", "reading-owner", "news-join"):
        values = tried(cli, what)
        text = json.dumps(values["steps"])
        assert "karin@" not in text
        assert "per@" not in text
        assert " recipients" not in text  # nor how many there are


def test_a_closed_group(cli: Cli) -> None:
    cli.run("group", "close", "reading")
    values = tried(cli, "reading")
    assert values["outcome"] == "refused"
    assert "reading is closed" in said(values, "recipient")[0]


def test_without_a_group(cli: Cli) -> None:
    assert cli.receive(mail(ANNA), "TEST@networks.example.org", ANNA) is Reason.EXPLAINED
    (_, values), *_ = letters(cli)
    assert values["address"] == ""
    assert [one["name"] for one in values["steps"]] == ["evidence", "automatic"]
    assert values["desk"] == "test+NAME@networks.example.org"


@pytest.mark.parametrize("word", ["explain", "prova", "pröva", "förklara", "prøv", "forklar", "prov"])
def test_the_words_of_all_languages(cli: Cli, word: str) -> None:
    assert cli.receive(mail(ANNA), f"{word}+reading@networks.example.org", ANNA) is Reason.EXPLAINED


def test_only_a_plus_stands_before_the_name(cli: Cli) -> None:
    file = cli.folder / "mail.eml"
    file.write_bytes(mail(ANNA))
    steps = cli.json("explain", str(file), "--to", "test-reading@networks.example.org")
    assert "550 5.1.1" in steps[-1]["text"]


@pytest.mark.parametrize(
    ("sender", "fields", "reason"),
    [
        ("robin@example.net", (), Reason.UNKNOWN_SENDER),
        (ANNA, ("Auto-Submitted: auto-replied",), Reason.AUTOMATIC),
        (ANNA, ("Precedence: bulk",), Reason.AUTOMATIC),
    ],
)
def test_who_gets_no_answer(cli: Cli, sender: str, fields: tuple[str, ...], reason: Reason) -> None:
    sent = mail(sender, "A question", "Which rules?", *fields)
    assert cli.receive(sent, "test+reading@networks.example.org", sender) is reason
    assert letters(cli) == []
    assert cli.json("quarantine", "list")[0]["reason"] == reason


def test_a_forged_author_gets_no_answer(cli: Cli) -> None:
    cli.path.write_text(CONFIG.replace("[smtp]", '[smtp]\nauthserv_id = "mx.example.org"\ntrusted_hops = 0'))
    verdict = "Authentication-Results: mx.example.org; dmarc=fail (p=reject) header.from=example.org"
    sent = verdict.encode() + b"\n" + mail(ANNA)
    assert cli.receive(sent, "test+reading@networks.example.org") is Reason.FORGED
    assert letters(cli) == []


def test_not_more_than_the_days_letters(cli: Cli) -> None:
    cli.path.write_text(CONFIG + "person_letters_per_day = 1\n")
    tried(cli, "reading")
    again = mail(ANNA).replace(b"<one@", b"<two@").replace(b"Subject: ", b"Subject: Again: ")
    assert cli.receive(again, "test+reading@networks.example.org") is Reason.LIMIT
    assert len(letters(cli)) == 1


def test_it_is_explained_too(cli: Cli) -> None:
    """`explain` of a mail to `test+N@` is a rehearsal in a rehearsal."""
    file = cli.folder / "mail.eml"
    file.write_bytes(mail(ANNA))
    before = content(cli)
    steps = cli.json("explain", str(file), "--to", "test+reading@networks.example.org")
    assert steps[-1] == {"step": "result", "text": "explained", "reason": "explained"}
    assert content(cli) == before


def test_a_handler_that_fails_is_told_without_its_words(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from lists.posts.posting import Posting

    def broken(*_: object) -> None:
        raise ValueError("secret")

    monkeypatch.setattr(Posting, "facts", broken)
    monkeypatch.setattr("lists.posts.explaining.Explaining.post", lambda *_: [])
    values = tried(cli, "reading")
    assert values["outcome"] == "aside"
    assert "poison" in said(values, "result")[0]
    assert "secret" not in json.dumps(values)
