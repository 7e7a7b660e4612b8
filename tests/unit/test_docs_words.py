"""docs/addresses.md and docs/commands-by-mail.md are made from the tables that the service itself uses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lists import word_docs
from lists.words.addresses import DESKS, SERVICE, SUFFIXES
from lists.words.commands import WORDS
from mailsvc.cases.reading.words import cells
from tests.tools import ROOT


@pytest.mark.parametrize("name", sorted(word_docs.PAGES))
def test_the_page_is_the_one_that_the_tables_give(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == word_docs.PAGES[name](), "run `python -m lists.word_docs`"


def test_the_command_writes_the_pages(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "lists.word_docs", str(tmp_path)],
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    written = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir() if path.suffix == ".md"}
    assert written == {name: page() for name, page in word_docs.PAGES.items()}


def test_every_address_word_is_on_its_page() -> None:
    page = word_docs.addresses()
    shown = {f"N-{function}@" for function in SUFFIXES} | {f"{desk}@" for desk in DESKS} | set(SERVICE)
    for function, words in SUFFIXES.items():
        shown |= set(words.split()) - {str(function)}
    for desk, words in DESKS.items():
        shown |= set(words.split()) - {desk}
    assert [word for word in sorted(shown) if f"`{word}`" not in page] == []


def test_every_command_word_is_in_its_row() -> None:
    lines = word_docs.commands().splitlines()
    for command, languages in WORDS.items():
        does, row = (line for line in lines if line.startswith(f"| `{command}` |"))
        assert does.count("|") == 5
        assert [cells(text) for text in languages.values()] == [
            cell.strip().strip("`").split("` `") for cell in row.split("|")[2:-1]
        ]


def test_no_table_of_the_addresses_is_empty() -> None:
    lines = (ROOT / "docs" / "addresses.md").read_text("utf-8").splitlines()
    ruled = [at for at, line in enumerate(lines) if line.startswith("|---")]
    assert ruled
    assert [lines[at - 1] for at in ruled if not lines[at + 1].startswith("|")] == []
