"""`queue cancel` and `group hold`: the operator's brakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailsvc.errors import Reason
from tests.cli_kit import Cli, made, mail

GROUP = "one@networks.example.org"


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    cli.run("group", "add", "one", "--kind", "network", "--moderator", "karin@example.org")
    for name in ("anna", "bo"):
        cli.run("member", "add", "one", f"{name}@example.org")
    return cli


def test_a_mail_is_cancelled_once(cli: Cli) -> None:
    assert cli.receive(mail("anna@example.org"), GROUP) is Reason.POSTED
    (item,) = cli.json("queue", "list")
    number = str(item["id"])
    assert cli.run("queue", "cancel", number).startswith("3 deliveries suppressed")
    assert cli.json("queue", "list") == []
    shown = cli.json("queue", "show", number)
    assert (shown["state"], shown["suppressed"]) == ("done", 3)
    assert {one["state"] for one in shown["deliveries"]} == {"suppressed"}
    assert cli.refused("queue", "cancel", number) == f"mail {number} is over; nothing of it waits"
    assert cli.refused("queue", "cancel", "77") == "there is no outgoing mail 77"
    assert "Error" in cli.misused("queue", "cancel", "x")


def test_a_group_is_held_and_let_go(cli: Cli) -> None:
    assert cli.receive(mail("anna@example.org"), GROUP) is Reason.POSTED
    assert "1 on their way wait" in cli.run("group", "hold", "one")
    assert cli.json("group", "show", "one")["state"] == "held"
    assert [one["state"] for one in cli.json("group", "list")] == ["held"]
    assert cli.receive(mail("bo@example.org"), GROUP) is Reason.HELD_GROUP
    assert [one["reason"] for one in cli.json("quarantine", "list")] == ["held-group"]
    assert [one["state"] for one in cli.json("queue", "list")] == ["paused"]
    assert "1 go out, 1 that came in" in cli.run("group", "hold", "one", "--release")
    assert [one["state"] for one in cli.json("queue", "list")] == ["composing"]
    assert cli.json("quarantine", "list") == []
    assert cli.json("group", "show", "one")["state"] == "open"
    assert cli.refused("group", "hold", "one", "--release") == "one is not held"
    assert cli.refused("group", "hold", "two") == 'there is no group "two"'
