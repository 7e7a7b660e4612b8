"""Series in a caller's calendar, purely: which times come next, and what is told of all of it and of single times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.clock import Instant, to_datetime, to_instant
from workflows.meeting.outside.series import Series, Wanted, coming, told_anew, told_apart
from workflows.meeting.store import Told

ZONE = ZoneInfo("Europe/Stockholm")
HOUR = 3_600_000_000


def at(text: str) -> int:
    return int(to_instant(datetime.fromisoformat(text).replace(tzinfo=ZONE)))


NOW = Instant(at("2026-11-23T10:00"))
FIRST = Told("Maps", at("2026-12-03T13:00"), at("2026-12-03T14:30"), "Europe/Stockholm", place="Room 4")
WEEKLY = Series("FREQ=WEEKLY", "Europe/Stockholm", FIRST)


def shown(series: Series, most: int = 4, now: Instant = NOW) -> list[str]:
    return [f"{to_datetime(one.told.starts, ZONE):%m-%d %H:%M}" for one in coming(series, now, most)]


def moved(original: str, to: str) -> Wanted:
    return Wanted(at(original), msgspec.structs.replace(FIRST, starts=at(to), ends=at(to) + HOUR))


def test_the_next_ones_whenever_it_began() -> None:
    assert shown(WEEKLY, 2) == ["12-03 13:00", "12-10 13:00"]
    assert shown(WEEKLY, 2, Instant(at("2031-06-01T00:00"))) == ["06-05 13:00", "06-12 13:00"]


def test_the_length_and_the_hour_stay_over_the_change_of_clocks() -> None:
    found = coming(WEEKLY, Instant(at("2027-03-20T00:00")), 2)
    assert [(one.told.ends - one.told.starts) / HOUR for one in found] == [1.5, 1.5]
    assert shown(WEEKLY, 2, Instant(at("2027-03-20T00:00"))) == ["03-25 13:00", "04-01 13:00"]


def test_whole_days_end_at_midnight_also_when_one_has_23_hours() -> None:
    told = Told("Days", at("2027-03-21T00:00"), at("2027-03-22T00:00"), "Europe/Stockholm", whole_day=True)
    found = coming(Series("FREQ=WEEKLY", "Europe/Stockholm", told), NOW, 2)
    assert [one.told.ends for one in found] == [at("2027-03-22T00:00"), at("2027-03-29T00:00")]


def test_exceptions_are_in_their_place() -> None:
    series = told_apart(WEEKLY, (moved("2026-12-10T13:00", "2026-12-20T09:00"),), (at("2026-12-17T13:00"),), NOW)
    assert shown(series) == ["12-03 13:00", "12-20 09:00", "12-24 13:00", "12-31 13:00"]
    back = told_apart(series, (moved("2026-12-17T13:00", "2026-12-17T13:00"),), (), NOW)
    assert shown(back, 3) == ["12-03 13:00", "12-17 13:00", "12-20 09:00"]


def test_dates_left_out_and_added() -> None:
    series = msgspec.structs.replace(WEEKLY, excluded=(at("2026-12-10T13:00"),), added=(at("2026-12-11T15:00"),))
    assert shown(series, 3) == ["12-03 13:00", "12-11 15:00", "12-17 13:00"]


def test_all_of_it_told_anew_keeps_the_exceptions_until_it_moves() -> None:
    odd = told_apart(WEEKLY, (moved("2026-12-10T13:00", "2026-12-11T09:00"),), (at("2026-12-17T13:00"),), NOW)
    roomier = msgspec.structs.replace(WEEKLY, told=msgspec.structs.replace(FIRST, place="Room 9"))
    assert shown(told_anew(odd, roomier, NOW), 3) == ["12-03 13:00", "12-11 09:00", "12-24 13:00"]
    later = msgspec.structs.replace(FIRST, starts=FIRST.starts + HOUR, ends=FIRST.ends + HOUR)
    assert shown(told_anew(odd, msgspec.structs.replace(WEEKLY, told=later), NOW), 3) == [
        "12-03 14:00", "12-10 14:00", "12-17 14:00"]  # fmt: skip


def test_what_is_over_is_forgotten() -> None:
    odd = told_apart(WEEKLY, (moved("2026-12-10T13:00", "2026-12-11T09:00"),), (at("2026-12-17T13:00"),), NOW)
    after = told_apart(odd, (), (), Instant(at("2027-01-01T00:00")))
    assert (after.odd, after.off) == ((), ())


@given(
    rule=st.sampled_from(["FREQ=WEEKLY", "FREQ=DAILY;COUNT=9", "FREQ=MONTHLY;BYDAY=1TH", "FREQ=YEARLY", ""]),
    weeks=st.lists(st.integers(0, 20), max_size=6),
    off=st.lists(st.integers(0, 20), max_size=6),
    hours=st.integers(-500, 500),
    most=st.integers(1, 8),
)
def test_in_order_each_once_and_none_that_is_off(
    rule: str, weeks: list[int], off: list[int], hours: int, most: int
) -> None:
    series = msgspec.structs.replace(WEEKLY, rule=rule)
    wanted = [
        Wanted(FIRST.starts + week * 168 * HOUR, msgspec.structs.replace(FIRST, starts=FIRST.starts + hours * HOUR))
        for week in set(weeks)
    ]
    gone = tuple(FIRST.starts + week * 168 * HOUR for week in off)
    series = told_apart(series, wanted, gone, NOW)
    found = coming(series, NOW, most)
    assert len(found) <= most
    assert [one.told.starts for one in found] == sorted(one.told.starts for one in found)
    assert len({one.original for one in found}) == len(found)
    assert all(one.told.starts > NOW and one.original not in gone for one in found)
    assert coming(series, NOW, most + 3)[: len(found)] == found
