"""The morning's look for networks without moderator: its work for a site with very many of them."""

from __future__ import annotations

import pytest

from lists import store as lists_store
from lists.model import Settings
from mailsvc.store.database import Tx
from tests.cases_kit import House
from workflows.vacancy import watch as module
from workflows.vacancy.watch import Watch


def networks(house: House, count: int, kind: str = "network") -> None:
    """So many groups that nobody moderates."""

    def unit(tx: Tx) -> None:
        for number in range(count):
            lists_store.insert_group(
                tx,
                f"{kind}-{count}-{number}",
                kind=kind,
                title="A group",
                language="en",
                post="members",
                join="closed",
                settings=Settings(),
                established_by=None,
            )

    house.do(unit)


def statements(house: House) -> int:
    """How many statements one look runs."""
    lines: list[str] = []
    watch = Watch(house.engine)
    house.raw.set_trace_callback(lines.append)
    house.raw.execute("BEGIN")
    watch.look(house._tx())
    house.raw.execute("COMMIT")
    house.raw.set_trace_callback(None)
    return len(lines)


def test_a_site_without_leadership_is_looked_at_in_a_few_statements() -> None:
    house = House()
    few = statements(house)
    networks(house, 200)
    assert statements(house) == few
    house.close()


def test_a_look_asks_about_no_more_than_its_most(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    networks(house, 1, kind="leadership")
    networks(house, 8)
    monkeypatch.setattr(module, "MOST", 5)
    for expected in (5, 10, 15, 16, 16):  # a moderator and a deputy for each of the eight
        house.do(Watch(house.engine).look)
        assert house.count("SELECT count(*) FROM cases WHERE kind = 'vacancy'") == expected
    house.close()
