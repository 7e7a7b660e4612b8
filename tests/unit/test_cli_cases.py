"""`mailsvc case`, `queue` and `quarantine`, after mails that were handled as the service handles them."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from mailsvc import keys
from mailsvc.errors import Reason
from mailsvc.keys import encode
from mailsvc.operating.cli_tools import without_tokens, write
from mailsvc.store.database import Tx
from tests.cli_kit import Cli, made, mail

GROUP = "one@networks.example.org"
TOKEN = re.compile(r"[a-z2-7]{26}")


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    cli.run(
        "group", "add", "one", "--kind", "network", "--moderator", "karin@example.org", "--deputy", "per@example.org"
    )
    cli.run("member", "add", "one", "anna@example.org")
    return cli


@pytest.fixture
def held(cli: Cli) -> Cli:
    """A stranger's post waits."""
    assert cli.receive(mail("Robin <robin@example.net>"), GROUP) is Reason.HELD
    return cli


def tokens(cli: Cli) -> list[str]:
    """The tokens of all letters that ask."""
    key = keys.load(cli.folder / "site.key")

    def unit(tx: Tx) -> list[str]:
        return [key.token(bytes(row["nonce"])) for row in tx.all("SELECT nonce FROM ask ORDER BY id")]

    return write(cli.config, unit)


def test_a_case_in_the_lists(held: Cli) -> None:
    (case,) = held.json("case", "list")
    opened = case.pop("opened_at")
    assert opened.endswith("Z")
    assert case == {
        "number": 1,
        "kind": "held-post",
        "state": "waiting",
        "open": True,
        "group": "one",
        "title": "A question",
        "closed_at": None,
    }
    assert [one["number"] for one in held.json("case", "list", "--open")] == [1]
    assert [one["number"] for one in held.json("case", "find", "ROBIN@example.net")] == [1]
    assert [one["number"] for one in held.json("case", "find", "per@example.org")] == [1]
    assert held.json("case", "find", "anna@example.org") == []
    assert "#1" in held.run("case", "list")
    assert "not a mail address" in held.refused("case", "find", "anna")


def test_a_case_with_its_log(held: Cli) -> None:
    token = tokens(held)[0]
    words = f"Nej tack\n\nreply+{token}@networks.example.org\n"
    answer = mail("karin@example.org", "Re: A question [#1]", words)
    assert held.receive(answer, f"reply+{token}@networks.example.org", "karin@example.org") is Reason.ANSWERED
    shown = held.json("case", "show", "#1")
    assert (shown["number"], shown["open"], shown["log_broken_at"]) == (1, False, None)
    assert [(one["event"], one["who"], one["mail"]) for one in shown["log"]][:2] == [
        ("opened", None, 1),
        ("moderate:no", "karin@example.org", 2),
    ]
    assert shown["log"][1]["evidence"]["d"] == "unknown"
    asked = {one["person"]: (one["question"], one["state"], one["answer"]) for one in shown["questions"]}
    assert asked["karin@example.org"] == ("moderate", "answered", "no")
    assert asked["per@example.org"] == ("moderate", "closed", "")
    human = held.run("case", "show", "1")
    assert "moderate:no" in human
    assert "unknown" in human


def test_no_token_is_shown(held: Cli) -> None:
    token = tokens(held)[0]
    said = mail("karin@example.org", "Re: [#1]", f"Hmm, what is this about?\nSee reply+{token}@networks.example.org")
    held.receive(said, f"reply+{token}@networks.example.org", "karin@example.org")
    shown = [held.run("case", "show", "1"), held.run("case", "show", "1", "--json"), held.run("quarantine", "list")]
    shown += [held.run("queue", "show", str(number), "--json") for number in (1, 2)]
    assert "what is this about" in shown[0]
    for text in shown:
        assert not TOKEN.search(text)
        assert not any(one in text for one in tokens(held))


@pytest.mark.parametrize(
    "form", ["{}", "reply+{}@x", "REPLY+{}", "<{}@networks.example.org>", "one-leave+1f-{}", "={}="]
)
def test_tokens_are_taken_out_of_any_text(form: str) -> None:
    token = encode(bytes(range(16)))
    assert len(token) == 26
    assert token not in without_tokens(form.format(token)).lower()
    assert token.upper() not in without_tokens(form.format(token.upper()))


def test_a_changed_log_is_noticed(held: Cli) -> None:
    write(held.config, lambda tx: tx.execute("UPDATE event SET state = 'done' WHERE seq = 1"))
    assert held.json("case", "show", "1")["log_broken_at"] == 1
    assert "line 1 does not fit" in held.run("case", "show", "1")
    result = held.invoke("check")
    assert result.exit_code == 1
    assert re.search(r"^BAD +logs +.*#1", result.stdout, re.MULTILINE)


def test_what_is_no_case(held: Cli) -> None:
    assert held.refused("case", "show", "2") == "there is no case #2"
    for word in ("one", "-1", "1" * 30, "²"):
        assert "case" in held.misused("case", "show", "--", word)


# ---- mail


def test_the_queue(held: Cli) -> None:
    listed = held.json("queue", "list")
    assert {one["kind"] for one in listed} == {"letter"}
    assert {one["group"] for one in listed} == {"one"}
    assert {one["case"] for one in listed} == {1}
    number = listed[0]["id"]
    assert [one["state"] for one in listed] == ["composing"] * len(listed)
    shown = held.json("queue", "show", str(number))
    (copy,) = shown["deliveries"]
    assert (copy["address"], copy["state"], copy["attempts"]) == ("karin@example.org", "todo", 0)
    assert "karin@example.org" in held.run("queue", "show", str(number))
    assert "letter" in held.run("queue", "list")
    assert held.refused("queue", "show", "99") == "there is no outgoing mail 99"
    assert held.refused("queue", "retry", "99") == "there is no outgoing mail 99"
    assert "Invalid value" in held.misused("queue", "show", "0")


def test_what_was_set_aside_is_tried_again(held: Cli) -> None:
    later = "UPDATE delivery SET next_at = next_at + 1000000000"
    write(held.config, lambda tx: tx.execute("UPDATE outgoing SET state = 'paused' WHERE id = 1"))
    write(held.config, lambda tx: tx.execute("UPDATE outgoing SET state = 'ready' WHERE id = 2"))
    write(held.config, lambda tx: tx.execute(later))
    held.run("queue", "retry")
    assert [one["state"] for one in held.json("queue", "list")][:2] == ["paused", "ready"]
    held.run("queue", "retry", "1")
    assert held.json("queue", "show", "1")["state"] == "composing"


def test_quarantine(cli: Cli) -> None:
    notice = mail("mailer-daemon@example.net", "Undelivered")
    assert cli.receive(notice, GROUP, "") is Reason.AUTOMATIC
    other = notice.replace(b"<one@", b"<two@").replace(b"Undelivered", b"Not delivered")
    assert cli.receive(other, GROUP, "") is Reason.AUTOMATIC
    first, second = cli.json("quarantine", "list")
    assert {key: first[key] for key in ("recipient", "reverse_path", "reason")} == {
        "recipient": GROUP,
        "reverse_path": "",
        "reason": "automatic",
    }
    assert first["at"].endswith("Z")
    assert "<>" in cli.run("quarantine", "list")
    cli.run("quarantine", "release", str(first["id"]))
    cli.run("quarantine", "drop", str(second["id"]))
    assert cli.json("quarantine", "list") == []
    assert f"no mail {first['id']} in quarantine" in cli.refused("quarantine", "release", str(first["id"]))
    assert f"no mail {second['id']} in quarantine" in cli.refused("quarantine", "drop", str(second["id"]))


def test_a_terminal_is_not_steered(cli: Cli) -> None:
    cli.receive(mail("Robin <robin@example.net>", "=?utf-8?q?A=1B[2Jquestion?="), GROUP)
    assert "\x1b" not in cli.run("case", "list") + cli.run("case", "show", "1")


# ---- what the commands stand on


def test_a_damaged_database_is_refused_in_a_sentence(held: Cli) -> None:
    (held.folder / "mail.db").write_bytes(b"this is no database" * 1000)
    for words in (["group", "list"], ["case", "list"], ["upgrade"]):
        assert "mail.db" in held.refused(*words)


def test_a_missing_database_is_refused_in_a_sentence(held: Cli) -> None:
    (held.folder / "mail.db").unlink()
    assert "there is no database" in held.refused("queue", "list")
    assert not (held.folder / "mail.db").exists()


def test_a_newer_database_is_refused_in_a_sentence(held: Cli) -> None:
    import sqlite3

    with closing(sqlite3.connect(held.folder / "mail.db")) as raw:
        raw.execute("PRAGMA user_version=999")
    assert "newer" in held.refused("quarantine", "list")
