"""docs/promises.md names tests that exist, and every promise of the first twelve."""

from __future__ import annotations

import re

from tests.tools import ROOT

PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")


def test_every_test_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 20
    for path, name in named:
        assert re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), (path, name)


def test_every_promise_has_a_row() -> None:
    assert {int(number) for number in re.findall(r"^\| (\d+) ", PAGE, re.MULTILINE)} == set(range(1, 13))
