"""`mailsvc explain`: the way of a mail, step by step, and nothing is changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mailsvc import keys
from mailsvc.errors import Reason
from mailsvc.operating.cli_tools import write
from mailsvc.receive import dkim_dns
from tests import signing
from tests.cli_kit import CONFIG, Cli, made, mail
from tests.unit.test_cli_cases import tokens

DOMAIN = "networks.example.org"
GROUP = f"one@{DOMAIN}"


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    cli.run(
        "group", "add", "one", "--kind", "network", "--moderator", "karin@example.org", "--deputy", "per@example.org"
    )
    cli.run("member", "add", "one", "anna@example.org")
    return cli


def steps(cli: Cli, content: bytes, to: str = GROUP, *words: str) -> dict[str, list[str]]:
    """Name of a step -> its lines."""
    file = cli.folder / "mail.eml"
    file.write_bytes(content)
    found: dict[str, list[str]] = {}
    for one in cli.json("explain", str(file), "--to", to, *words):
        found.setdefault(one["step"], []).append(one["text"])
    return found


def state(cli: Cli) -> str:
    return hashlib.sha256((cli.folder / "mail.db").read_bytes()).hexdigest()


def test_a_members_post(cli: Cli) -> None:
    before = state(cli)
    found = steps(cli, mail("Anna <anna@example.org>"))
    assert state(cli) == before
    assert found["post"] == ["anna@example.org is in one as member; the group's post is members",
                             "decision: send it to the members"]  # fmt: skip
    assert found["outgoing"] == ["post lists/post to 3 recipients"] or "to 3 recipients" in found["outgoing"][0]
    assert found["result"] == ["posted"]


def test_a_strangers_post(cli: Cli) -> None:
    before = state(cli)
    found = steps(cli, mail("Robin <robin@example.net>"))
    assert found["post"][-1] == "decision: hold it for the moderators (held-not-member)"
    assert found["case"] == ["held-post: opened, then waiting"]
    assert "letter moderation/question to karin@example.org" in found["outgoing"]
    assert found["result"] == ["held"]
    assert state(cli) == before
    assert cli.json("case", "list") == []
    assert cli.receive(mail("Robin <robin@example.net>"), GROUP) is Reason.HELD


def test_explain_says_what_then_happens(cli: Cli) -> None:
    for content, to in [
        (mail("anna@example.org"), GROUP),
        (mail("robin@example.net"), GROUP),
        (mail("robin@example.net"), f"one-join@{DOMAIN}"),
        (mail("anna@example.org", "help"), f"one-request@{DOMAIN}"),
        (mail("anna@example.org"), f"one-leave@{DOMAIN}"),
        (mail("robin@example.net"), f"one-owner@{DOMAIN}"),
        (mail("robin@example.net"), f"postmaster@{DOMAIN}"),
        (mail("robin@example.net"), f"bounces+1-{'a' * 26}@{DOMAIN}"),
        (mail("robin@example.net"), f"cases@{DOMAIN}"),
    ]:
        said = steps(cli, content, to)["result"][0]
        assert said.partition(",")[0] == str(cli.receive(content, to))


def test_findings_are_named(cli: Cli) -> None:
    found = steps(cli, mail("anna@example.org", "Hej", "Mitt nummer: 19811218-9876", "Precedence: list"))
    assert "found: automatic" in found["post"]
    assert "found: identity number" in found["post"]
    assert found["result"] == ["held"]


def test_commands_as_they_are_read(cli: Cli) -> None:
    found = steps(cli, mail("anna@example.org", "hej", "hjälp\nspråk da\nblubb"), f"one-request@{DOMAIN}")
    assert any("help" in line for line in found["request"])
    assert any("language" in line and "'da'" in line for line in found["request"])
    assert any("unknown" in line for line in found["request"])


def test_an_answer(cli: Cli) -> None:
    cli.receive(mail("robin@example.net"), GROUP)
    token = tokens(cli)[0]
    to = f"reply+{token}@{DOMAIN}"
    found = steps(cli, mail("karin@example.org", "Re: x", "Ja tack"), to)
    assert found["answer"][0] == "it answers our letter to karin@example.org (#1 open)"
    assert found["answer"][1] == "the verdict on its evidence: accept (answered)"
    assert found["answer"][2].startswith("read as: item 1 yes")
    assert found["result"] == ["answered"]
    assert token not in str(found)
    other = steps(cli, mail("per@example.org", "Re: x", "Ja tack"), to)
    assert other["answer"][1] == "the verdict on its evidence: refuse (others-address)"
    unknown = steps(cli, mail("per@example.org", "Re: x [#1]", "Ja tack"), f"reply+{'a' * 26}@{DOMAIN}")
    assert unknown["answer"] == [
        "it answers no letter of ours that is known by its token or its thread; the subject names case #1"
    ]
    assert [one["state"] for one in cli.json("case", "list")] == ["waiting"]


@pytest.mark.parametrize(
    ("content", "to", "step", "why"),
    [
        (mail("a@example.org"), f"nobody@{DOMAIN}", "recipient", "refused with 550 5.1.1"),
        (mail("a@example.org"), "a@example.com", "recipient", "not-our-domain"),
        (mail("a@example.org", "x", "\0"), GROUP, "content", "refused with 5"),
        (mail("a@example.org", "x", "x" * 3000), GROUP, "content", "bad-line"),
        (mail("a@example.org", "x", "x\n" * 60_000), GROUP, "content", "too-big"),
        (mail("a@example.org", "x", "x", "From: b@example.org"), GROUP, "content", "bad-from"),
        (mail(f"a@{DOMAIN}"), GROUP, "author", "forged"),
    ],
)
def test_what_would_be_refused(cli: Cli, content: bytes, to: str, step: str, why: str) -> None:
    found = steps(cli, content, to)
    assert why in found[step][-1]
    assert found[step][-1].startswith(("refused", "refused with"))
    assert list(found)[-1] == step
    assert "result" not in found


def test_programs_find_the_reason_in_the_last_step(cli: Cli) -> None:
    """The exit status is that of the command, which has done what was asked."""
    file = cli.folder / "mail.eml"

    def reasons(content: bytes, to: str) -> list[str | None]:
        file.write_bytes(content)
        return [one["reason"] for one in cli.json("explain", str(file), "--to", to)]

    refused = reasons(mail("a@example.org"), f"nobody@{DOMAIN}")
    posted = reasons(mail("anna@example.org"), GROUP)
    assert (refused[-1], posted[-1]) == ("unknown-address", "posted")
    assert not any((*refused[:-1], *posted[:-1]))


def test_what_is_assumed_can_be_told(cli: Cli) -> None:
    cli.path.write_text(
        CONFIG.replace("[smtp]", '[smtp]\nauthserv_id = "mx.example.org"\ninternal_networks = ["192.0.2.0/24"]')
    )
    ordinary = mail("anna@example.org")
    assert "D is weak" in steps(cli, ordinary)["evidence"][0]
    assert "D is pass" in steps(cli, ordinary, GROUP, "--ip", "192.0.2.7")["evidence"][0]
    assert "not a trusted relay" in steps(cli, ordinary, GROUP, "--ip", "198.51.100.1")["assumed"][0]
    found = steps(cli, ordinary, GROUP, "--from", "<>")
    assert found["automatic"] == ["written by a program: certain (null sender)"]
    assert found["result"] == ["automatic, and kept in quarantine"]


def test_wrong_usage(cli: Cli) -> None:
    assert "--to" in cli.misused("explain", str(cli.path))
    assert "not an IP address" in cli.misused("explain", str(cli.path), "--to", GROUP, "--ip", "here")
    assert "not a mail address" in cli.misused("explain", str(cli.path), "--to", GROUP, "--from", "me")
    assert "absent.eml" in cli.refused("explain", str(cli.folder / "absent.eml"), "--to", GROUP)


def test_for_people(cli: Cli) -> None:
    file = cli.folder / "mail.eml"
    file.write_bytes(mail("robin@example.net"))
    lines = cli.run("explain", str(file), "--to", GROUP).splitlines()
    assert lines[0].startswith("assumed    it comes from 127.0.0.1")
    assert lines[-1] == "result     held"


def test_a_leave_address_is_explained_without_its_key(cli: Cli) -> None:
    membership = write(cli.config, lambda tx: tx.one("SELECT max(id) AS id FROM membership"))
    assert membership is not None
    key = keys.load(cli.folder / "site.key").key_for("unsubscribe", membership["id"])
    found = steps(cli, mail("robin@example.net"), f"one-leave+{key}@{DOMAIN}")
    assert found["result"] == ["left"]
    assert key not in str(found)
    assert len(cli.json("member", "list", "one")) == 3


def test_signatures_in_strict_mode(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are looked at as the service would, before the transaction that is taken back."""
    monkeypatch.setattr(dkim_dns, "TxtLookup", lambda _seconds: signing.dns)
    content = mail("Anna <anna@example.org>", "A question", "Which rules?", "Date: Mon, 23 Nov 2026 09:00:00 +0000")
    assert "signature" not in steps(cli, content)
    cli.path.write_text(f'{CONFIG}\n[security]\nmode = "strict"\n', encoding="utf-8")
    found = steps(cli, content)
    assert found["signature"] == ["not enough for strict mode: no signature of the author's organisation"]
    assert found["post"][-1] == "decision: hold it for the moderators (held-unproven)"
    signed = signing.signed(content.replace(b"\n", b"\r\n"))
    found = steps(cli, signed)
    assert found["signature"] == ["enough for strict mode: pass example.org"]
    assert found["evidence"] == ["D is pass: aligned DKIM signature, verified by us"]
    assert found["result"] == ["posted"]
    found = steps(cli, b"Sender: karin@example.org\r\n" + signed)
    assert found["sender"] == [
        "the Sender field names somebody else, on behalf of the author: it does not count in strict mode"
    ]
    assert found["post"][-1] == "decision: hold it for the moderators (held-on-behalf)"
