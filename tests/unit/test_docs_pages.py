"""The pages hang together: links lead somewhere, named files, keys, commands, tests and states are there."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from mailsvc import config
from mailsvc.cli import main
from mailsvc.store import migrate
from tests.tools import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
FLOW = (DOCS / "flow.md").read_text("utf-8")
PICTURE_BYTES = 300 * 1000
PICTURE_WIDTH = 1280

each_page = pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])


def blocks(page: Path, language: str = "") -> list[str]:
    """The fenced blocks of a page that are marked with `language`, also inside a list."""
    text = page.read_text("utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)


def command_lines(page: Path) -> list[list[str]]:
    """What a page says to type that begins with `mailsvc`, as words."""
    found = []
    for block in blocks(page):
        for line in block.replace("\\\n", " ").splitlines():
            if re.match(r"\s*(?:\S*/)?mailsvc [a-z]", line):
                found.append(shlex.split(line)[1:])
    for inline in re.findall(r"`mailsvc ([^`]+)`", page.read_text("utf-8")):
        found.append(shlex.split(inline))
    return found


def walk(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that `words` name, and the words behind its name."""
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    return command, rest


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert [one for one in targets if not (page.parent / one.partition("#")[0]).exists()] == []


@each_page
def test_named_files_are_there(page: Path) -> None:
    named = re.findall(
        r"`((?:mailsvc|lists|tests|docs|templates|requirements)/[a-z0-9_./-]*)`", page.read_text("utf-8")
    )
    letters = {f"{one.parent.name}/{one.stem}" for one in (ROOT / "lists" / "letters").glob("docs/*.j2")}
    assert [one for one in named if one not in letters and not (ROOT / one).exists()] == []


@each_page
def test_named_keys_are_there(page: Path) -> None:
    sections = {one.name: one.type for one in msgspec.structs.fields(config.Config) if one.name != "base"}
    known = {f"{name}.{key.name}" for name, kind in sections.items() for key in msgspec.structs.fields(kind)}
    named = re.findall(rf"`((?:{'|'.join(sections)})\.[a-z_]+)`", page.read_text("utf-8"))
    files = re.compile(r"\.(?:md|py|toml|key|j2|db)$")
    assert [one for one in named if one not in known and not files.search(one)] == []


@each_page
def test_settings_are_accepted(page: Path) -> None:
    for block in blocks(page, "toml"):
        config.parse(block)


@each_page
def test_commands_are_there_with_their_options(page: Path) -> None:
    for words in command_lines(page):
        command, rest = walk(words)
        if isinstance(command, click.Group):
            assert not rest or rest[0].startswith("-") or not rest[0].islower(), words
            continue
        context = click.Context(command, info_name="mailsvc")
        _, _, order = command.make_parser(context).parse_args(rest)
        assert order is not None, words


def test_options_that_are_unknown_are_seen() -> None:
    command, rest = walk(["group", "add", "x", "--kind", "network", "--colour", "red"])
    with pytest.raises(click.NoSuchOption):
        command.make_parser(click.Context(command)).parse_args(rest)


# ---- the way of a mail


def state_tables() -> Iterator[tuple[str, set[str]]]:
    """Each table of states of flow.md: the name in bold above it, and its first cells."""
    for match in re.finditer(
        r"^\*\*(\w+)\*\*.*?\n\n\| state \|.*?\n\|[-|]+\n(.*?)\n\n", FLOW, re.MULTILINE | re.DOTALL
    ):
        yield match[1], set(re.findall(r"^\| `(\w+)` \|", match[2], re.MULTILINE))


def test_states_are_those_of_the_schema() -> None:
    schema = "\n".join(sql for _, _, sql in migrate.migrations())
    told = dict(state_tables())
    assert set(told) == {"inbox", "outgoing", "delivery", "question", "ask"}
    for table, states in told.items():
        body = re.search(rf"CREATE TABLE {table} \((.*?)\n\) STRICT", schema, re.DOTALL)
        assert body
        checked = re.search(r"CHECK \(state IN \(([^)]*)\)\)", body[1])
        assert checked
        assert states == set(re.findall(r"'(\w+)'", checked[1])), table


def test_each_guarantee_names_a_test_that_is_there() -> None:
    rows = re.findall(r"^\| ([A-Z][^|]+\.) \| `([^`]+)` \|$", FLOW, re.MULTILINE)
    assert len(rows) >= 20
    for sentence, named in rows:
        file, _, function = named.partition("::")
        tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
        functions = {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert function in functions, sentence


# ---- decisions


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_says_status_context_and_decision(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    title = re.fullmatch(r"# (\d+)\. (.+)", lines[0])
    assert title
    assert int(title[1]) == int(path.name[:4])
    starts = [
        line.partition("**")[2].partition(".**")[0].partition(":**")[0] for line in lines if line.startswith("**")
    ]
    assert starts[:3] == ["Status", "Context", "Decision"]
    index = (DOCS / "decisions" / "README.md").read_text("utf-8")
    assert f"- [{lines[0][2:]}]({path.name})" in index


# ---- the picture


def test_the_picture_is_there_and_light() -> None:
    picture = (DOCS / "images" / "mailroom.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(picture[16:20], "big") == PICTURE_WIDTH
    assert len(picture) < PICTURE_BYTES
