"""Every command and every option is in docs/command-line.md, and every command has its help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lists.groups.settings import KEYS
from mailsvc.cli import main
from tests.cli_kit import Cli
from tests.tools import ROOT

PAGE = (ROOT / "docs" / "command-line.md").read_text("utf-8")


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = [(" ".join(path), command) for path, command in commands()]


def test_the_page_lists_the_commands_of_this_version() -> None:
    listed = set(re.findall(r"^\| `mailsvc ((?:[a-z]+ ?)+)", PAGE, re.MULTILINE))
    assert {name.strip() for name in listed} == {name for name, _ in ALL}


_TELLING = ("import", "export")  # what they have done is a list


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_option_is_on_the_page(name: str, command: click.Command) -> None:
    options = {word for one in command.params if isinstance(one, click.Option) for word in one.opts}
    assert "--config" in options
    assert [word for word in options if f"`{word}" not in PAGE] == []


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_json_is_there_wherever_something_is_listed_or_shown(name: str, command: click.Command) -> None:
    options = {word for one in command.params for word in one.opts}
    shows = name.rpartition(" ")[2] in ("list", "count", "show", "find", "check", "explain") or name in _TELLING
    assert ("--json" in options) == shows


@pytest.mark.parametrize(
    "name", [name for name, _ in ALL] + ["group", "member", "person", "case", "queue", "quarantine", "records"]
)
def test_every_command_has_help(tmp_path: Path, name: str) -> None:
    shown = Cli(tmp_path).run(*name.split(), "--help")
    assert "--config PATH" in shown
    assert shown.startswith(f"Usage: main {name}")


def test_every_key_of_a_group_is_on_the_page() -> None:
    assert [key for key in KEYS if f"`{key}`" not in PAGE] == []


@pytest.mark.parametrize(
    "words", [["nonsense"], ["group", "nonsense"], ["group", "list", "--nonsense"], ["case", "show"]]
)
def test_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    assert "Usage" in Cli(tmp_path).misused(*words)


def test_what_a_later_version_brings_is_unknown(tmp_path: Path) -> None:
    assert "No such" in Cli(tmp_path).misused("draw")
