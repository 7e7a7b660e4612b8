"""`mailsvc group merge`: asks, does nothing by itself, and says why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_kit import Cli, made


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    for name in ("maps", "atlases"):
        moderator = f"{name}@example.org"
        cli.run("group", "add", name, "--kind", "network", "--moderator", moderator, "--deputy", "per@example.org")
    cli.run("group", "add", "lonely", "--kind", "network")
    cli.run("group", "add", "board", "--kind", "leadership")
    return cli


def test_both_are_asked_and_nothing_is_done(cli: Cli) -> None:
    assert "are asked whether maps becomes part of atlases" in cli.run("group", "merge", "maps", "atlases")
    assert cli.json("group", "show", "maps")["state"] == "open"
    assert [(one["kind"], one["state"]) for one in cli.json("case", "list")] == [("merging", "agreeing")]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("maps", "maps", "not two open networks"),
        ("maps", "board", "only networks"),
        ("maps", "lonely", "need a moderator"),
        ("maps", "nowhere", 'no group "nowhere"'),
    ],
)
def test_why_not(cli: Cli, one: str, other: str, why: str) -> None:
    assert why in cli.refused("group", "merge", one, other)
    assert cli.json("case", "list") == []


def test_not_twice(cli: Cli) -> None:
    cli.run("group", "merge", "maps", "atlases")
    assert "already" in cli.refused("group", "merge", "atlases", "maps")
