"""docs/letters.md names every letter, and no other; what it says of asking is what the code does."""

from __future__ import annotations

import re

from tests.golden.samples import SAMPLES
from tests.tools import ROOT

FOLDERS = (ROOT / "lists" / "letters", ROOT / "templates" / "letters")
PAGE = (ROOT / "docs" / "letters.md").read_text("utf-8")


def rows() -> dict[str, str]:
    """Letter -> the last cell of its row: "", "asks", "can be undone …"."""
    found: dict[str, str] = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`([a-z_]+/[a-z-]+)`", cells[0])
        if line.startswith("|") and name:
            assert name[1] not in found, f"{name[1]} stands twice"
            assert all(cells[:3]), line
            found[name[1]] = cells[3]
    return found


def templates() -> set[str]:
    return {
        f"{path.parent.name}/{path.stem}"
        for folder in FOLDERS
        for path in folder.glob("*/*.j2")
        if not path.stem.startswith("_")
    } | {
        f"{path.parent.parent.name}/{path.stem}"
        for path in (ROOT / "workflows").glob("*/letters/*.j2")
        if not path.stem.startswith("_")
    }


def test_every_letter_is_on_the_page() -> None:
    assert set(rows()) == templates()


def test_what_asks_is_called_so() -> None:
    told = rows()
    asking = {sample.template for sample in SAMPLES if sample.asked and sample.vocabulary != "receipt"}
    undoable = {sample.template for sample in SAMPLES if sample.vocabulary == "receipt"} - asking
    assert {name for name, answer in told.items() if answer.startswith("asks")} == asking
    assert {name for name, answer in told.items() if answer.startswith("can be undone")} == undoable
