"""The working-day clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailsvc.cases.working_days import add_working_days
from mailsvc.clock import to_datetime, to_instant
from mailsvc.config import parse_period

JULY = ((7, 1), (8, 7))
NEW_YEAR = ((12, 24), (1, 6))


@pytest.mark.parametrize(
    ("start", "days", "closed", "end"),
    [
        ("2026-11-23T09:00", 14, (), "2026-12-11T09:00"),
        ("2026-11-27T09:00", 1, (), "2026-11-30T09:00"),
        ("2026-11-28T09:00", 1, (), "2026-11-30T09:00"),
        ("2026-06-30T09:00", 1, (JULY,), "2026-08-10T09:00"),
        ("2026-12-23T09:00", 2, (NEW_YEAR,), "2027-01-08T09:00"),
        # the local time of day stays when summer time ends (25 October 2026)
        ("2026-10-23T08:00", 1, (), "2026-10-26T09:00"),
        ("2026-11-23T09:00", 0, (), "2026-11-23T09:00"),
    ],
)
def test_working_days(start: str, days: int, closed: tuple[object, ...], end: str) -> None:
    begun = to_instant(datetime.fromisoformat(start).replace(tzinfo=UTC))
    due = add_working_days(begun, days, "Europe/Stockholm", closed)  # type: ignore[arg-type]
    assert to_datetime(due) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_a_site_that_is_always_closed_ends_the_search() -> None:
    begun = to_instant(datetime(2026, 11, 23, tzinfo=UTC))
    assert add_working_days(begun, 1, "Europe/Stockholm", [((1, 1), (12, 31))]) > begun


@pytest.mark.parametrize("text", ["07-01/08-07", "12-24/01-06", "02-29/02-29"])
def test_periods_are_read(text: str) -> None:
    assert parse_period(text) is not None


@pytest.mark.parametrize("text", ["", "07-01", "7-1/8-7", "13-01/01-01", "02-30/03-01", "a/b"])
def test_no_periods(text: str) -> None:
    assert parse_period(text) is None
