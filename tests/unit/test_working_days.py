"""The working-day clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.cases.holidays import is_holiday
from mailsvc.cases.working_days import add_working_days, is_working_day
from mailsvc.clock import to_datetime, to_instant
from mailsvc.config import COUNTRIES, parse_period

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


# Holidays of Monday to Friday, all there are, from printed calendars.
HOLIDAYS = {
    ("SE", 2026): "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    ("SE", 2027): "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31",
    ("SE", 2028): "01-06 04-14 04-17 05-01 05-25 06-06 06-23 12-25 12-26",
    ("DK", 2026): "01-01 04-02 04-03 04-06 05-14 05-25 06-05 12-24 12-25 12-31",
    ("DK", 2027): "01-01 03-25 03-26 03-29 05-06 05-17 12-24 12-31",
    ("DK", 2028): "04-13 04-14 04-17 05-25 06-05 12-25 12-26",
    ("NO", 2026): "01-01 04-02 04-03 04-06 05-01 05-14 05-25 12-24 12-25 12-31",
    ("NO", 2027): "01-01 03-25 03-26 03-29 05-06 05-17 12-24 12-31",
    ("NO", 2028): "04-13 04-14 04-17 05-01 05-17 05-25 06-05 12-25 12-26",
    ("FI", 2026): "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    ("FI", 2027): "01-01 01-06 03-26 03-29 05-06 06-25 12-06 12-24 12-31",
    ("FI", 2028): "01-06 04-14 04-17 05-01 05-25 06-23 12-06 12-25 12-26",
}


@pytest.mark.parametrize(("country", "year"), HOLIDAYS)
def test_holidays(country: str, year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    closed = [f"{day:%m-%d}" for day in days if day.year == year and day.weekday() < 5 and is_holiday(day, country)]
    assert closed == HOLIDAYS[country, year].split()


def test_sundays_alone_are_no_holidays() -> None:
    sunday = date(2026, 7, 5)
    assert [country for country in COUNTRIES if is_holiday(sunday, country)] == []


def test_without_a_country_there_are_none() -> None:
    assert not is_holiday(date(2026, 12, 25), "")
    assert is_working_day(date(2026, 12, 25))
    assert not is_working_day(date(2026, 12, 25), (), "DK")


@pytest.mark.parametrize(
    ("country", "start", "days", "end"),
    [
        ("SE", "2026-12-23T09:00", 1, "2026-12-28T09:00"),
        ("SE", "2026-12-30T09:00", 1, "2027-01-04T09:00"),
        ("SE", "2026-12-30T09:00", 3, "2027-01-07T09:00"),
        ("DK", "2026-12-30T09:00", 3, "2027-01-06T09:00"),
        ("SE", "2026-04-01T09:00", 2, "2026-04-07T09:00"),
        ("NO", "2026-04-01T09:00", 2, "2026-04-08T09:00"),
        ("FI", "2027-12-03T09:00", 1, "2027-12-07T09:00"),
    ],
)
def test_holidays_do_not_count(country: str, start: str, days: int, end: str) -> None:
    begun = to_instant(datetime.fromisoformat(start).replace(tzinfo=UTC))
    due = add_working_days(begun, days, "Europe/Stockholm", (), country)
    # Easter is in summer time, the table's hours are those of winter.
    assert to_datetime(due).date() == datetime.fromisoformat(end).date()


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)),
    st.integers(0, 60),
    st.sampled_from(["", *COUNTRIES]),
    st.sampled_from([(), (JULY,), (NEW_YEAR, JULY)]),
)
def test_more_days_are_later_and_end_on_a_working_day(
    start: datetime, days: int, country: str, closed: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
) -> None:
    begun = to_instant(start.replace(tzinfo=UTC))
    due = add_working_days(begun, days, "Europe/Stockholm", closed, country)
    later = add_working_days(begun, days + 1, "Europe/Stockholm", closed, country)
    assert begun <= due < later
    assert later >= add_working_days(begun, days + 1, "Europe/Stockholm", closed)
    assert is_working_day(to_datetime(later, ZoneInfo("Europe/Stockholm")).date(), closed, country)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)),
    st.integers(0, 60),
    st.integers(1, 30),
    st.sampled_from(COUNTRIES),
)
def test_who_begins_days_later_ends_no_earlier(start: datetime, days: int, later: int, country: str) -> None:
    ends = [
        add_working_days(to_instant(begun.replace(tzinfo=UTC)), days, "UTC", (JULY,), country)
        for begun in (start, start + timedelta(days=later))
    ]
    assert ends[0] <= ends[1]
