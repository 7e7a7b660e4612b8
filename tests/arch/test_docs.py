"""The docs are tested: every reason, every key and every command stands in them."""

from __future__ import annotations

import importlib
import re

import click
import msgspec
import pytest

from mailsvc.config import Config
from mailsvc.errors import Reason
from tests.tools import ROOT

DOCS = ROOT / "docs"


def rows(page: str) -> dict[str, str]:
    """The tables of a page: what stands in backticks in the first cell -> the last cell."""
    found: dict[str, str] = {}
    for line in (DOCS / page).read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`([^`]+)`", cells[0])
        if line.startswith("|") and name:
            assert name[1] not in found, f"{name[1]} stands twice in {page}"
            found[name[1]] = cells[-1]
    return found


def keys() -> dict[str, object]:
    """Every key of config.toml, `section.key` -> its default."""
    found: dict[str, object] = {}
    for section in msgspec.structs.fields(Config):
        if section.name != "base":
            for key in msgspec.structs.fields(section.type):
                made = key.default_factory() if key.default is msgspec.NODEFAULT else key.default
                found[f"{section.name}.{key.name}"] = made
    return found


def commands() -> set[str]:
    """Every command of `mailsvc`, `group add`; empty while there is no command line."""
    if not (ROOT / "mailsvc" / "cli.py").exists():
        return set()
    found: set[str] = set()

    def walk(command: click.Command, path: str) -> None:
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                walk(inner, f"{path} {name}".strip())
        else:
            found.add(path)

    cli = importlib.import_module("mailsvc.cli")
    groups = [value for value in vars(cli).values() if isinstance(value, click.Group)]
    assert groups, "mailsvc.cli holds no click group"
    walk(cli.main if isinstance(cli.main, click.Group) else max(groups, key=lambda group: len(group.commands)), "")
    return found


def test_every_reason_is_explained() -> None:
    explained = rows("reasons.md")
    assert set(explained) == {reason.value for reason in Reason}
    assert [name for name, sentence in explained.items() if not re.fullmatch(r"[A-Z].{15,}\.", sentence)] == []


def test_every_key_is_explained() -> None:
    assert set(rows("configuration.md")) == set(keys())


@pytest.mark.parametrize(("key", "default"), [(key, keys()[key]) for key in sorted(keys())])
def test_defaults_are_told_as_they_are(key: str, default: object) -> None:
    (line,) = [
        line for line in (DOCS / "configuration.md").read_text("utf-8").splitlines() if line.startswith(f"| `{key}` ")
    ]
    told = line.split("|")[2].strip().strip("`")
    expected = list(default) if isinstance(default, tuple) else default
    assert told == msgspec.json.encode(expected).decode()


def test_every_command_is_in_the_docs() -> None:
    pages = "\n".join(path.read_text("utf-8") for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))])
    missing = [name for name in sorted(commands()) if not re.search(rf"\bmailsvc {re.escape(name)}\b", pages)]
    assert missing == []
