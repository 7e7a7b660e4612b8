"""Limits that survive restarts, by keyed hashes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mailsvc.clock import DAY, HOUR
from mailsvc.rates import allow, used_up
from mailsvc.store import rates
from tests.cases_kit import KEY, House


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.close()


def asked(house: House, what: str = "join", whom: str = "anna@example.org", window: int = HOUR, limit: int = 2) -> bool:
    return house.do(lambda tx: allow(tx, KEY, what, whom, window, limit))


def test_up_to_the_limit_and_not_one_over(house: House) -> None:
    assert [asked(house) for _ in range(4)] == [True, True, False, False]


def test_each_thing_and_each_person_counts_alone(house: House) -> None:
    assert [asked(house, limit=1), asked(house, limit=1)] == [True, False]
    assert asked(house, what="leave", limit=1)
    assert asked(house, whom="eva@example.org", limit=1)


def test_a_new_window_begins_anew(house: House) -> None:
    assert [asked(house, limit=1), asked(house, limit=1)] == [True, False]
    house.pass_time(hours=1)
    assert asked(house, limit=1)


def test_the_table_tells_nobodys_address(house: House) -> None:
    asked(house)
    (row,) = house.raw.execute("SELECT key FROM rate").fetchall()
    assert "anna" not in row["key"]
    assert row["key"] == KEY.tag("rate", "join", "anna@example.org").hex()


def test_what_no_limit_looks_at_is_forgotten(house: House) -> None:
    asked(house, window=7 * DAY, limit=1)
    ends = house.count("SELECT window_at FROM rate") + 7 * DAY
    house.pass_time(microseconds=ends - house.clock.now() - 1)
    house.do(rates.forget_old)
    assert not asked(house, window=7 * DAY, limit=1)
    house.pass_time(days=2)
    house.do(rates.forget_old)
    assert house.count("SELECT count(*) FROM rate") == 0


def test_whether_it_is_used_up_can_be_asked_without_counting(house: House) -> None:
    def used() -> bool:
        return house.do(lambda tx: used_up(tx, KEY, "join", "anna@example.org", HOUR, 2))

    assert [used(), asked(house), used(), asked(house), used(), used()] == [False, True, False, True, True, True]
    house.pass_time(hours=1)
    assert not used()
