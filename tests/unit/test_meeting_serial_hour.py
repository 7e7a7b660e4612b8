"""Another time of day for a whole series: what the caller writes behind `When:`, read purely."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from mailsvc.clock import Instant, to_datetime, to_instant
from workflows.meeting.plan import House, Time
from workflows.meeting.series.serial import Coming, Wish, read_wish

ZONE = ZoneInfo("Europe/Stockholm")
HOUSE = House("Europe/Stockholm", "SE")
MINUTE = 60_000_000


def at(text: str) -> Instant:
    return to_instant(datetime.fromisoformat(text).replace(tzinfo=ZONE))


NOW = at("2026-11-23T10:00")
# On both sides of the day when summer time begins, and on a holiday that the caller insisted on.
COMING = tuple(
    Coming(number, int(at(day)), int(at(day)) + 90 * MINUTE)
    for number, day in enumerate(("2027-01-06T13:00", "2027-03-18T13:00", "2027-04-01T13:00"), 1)
)
FIRST = Time(int(at("2026-11-04T13:00")), int(at("2026-11-04T14:30")))  # long over


def read(text: str, now: Instant = NOW, coming: tuple[Coming, ...] = COMING) -> Wish:
    return read_wish(text, coming, {"where": "Room 4"}, HOUSE, now, "en", FIRST)


def shown(wish: Wish) -> list[tuple[int, str, int]]:
    found = []
    for deed in wish.deeds:
        assert deed.time is not None
        length = (deed.time.ends - deed.time.starts) // MINUTE
        found.append((deed.meeting.case, f"{to_datetime(deed.time.starts, ZONE):%Y-%m-%d %H:%M}", length))
    return found


@pytest.mark.parametrize(
    ("written", "hour", "length"),
    [("13:30", "13:30", 90), ("kl. 9", "09:00", 90), ("14-15.30", "14:00", 90), ("2pm-3pm", "14:00", 60)],
)
def test_all_move_to_that_hour_on_their_own_day(written: str, hour: str, length: int) -> None:
    wish = read(f"When: {written}\n")
    days = ("2027-01-06", "2027-03-18", "2027-04-01")
    assert shown(wish) == [(number, f"{day} {hour}", length) for number, day in enumerate(days, 1)]
    assert wish.questions == ()
    assert wish.first is not None
    assert f"{to_datetime(wish.first.starts, ZONE):%Y-%m-%d %H:%M}" == f"2026-11-04 {hour}"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2", "which_hour"),
        ("half two", "which_hour"),
        ("afternoon", "which_hour"),
        ("25:00", "no_such_time"),
        ("15-14", "ends_before"),
        ("Thursdays 13:30", "only_hour"),
        ("14 January 13:30", "only_hour"),
        ("2027-01-14 13:30", "only_hour"),
        ("13:30 every week", "only_hour"),
        ("one hour later", "only_hour"),
        ("13:30, 14:30", "only_hour"),
    ],
)
def test_anything_else_is_asked_about_and_moves_nothing(written: str, problem: str) -> None:
    wish = read(f"When: {written}\n")
    assert wish.deeds == ()
    assert wish.first is None
    assert [(one.field, one.problem, one.text) for one in wish.questions] == [("when", problem, written)]


def test_lines_about_single_meetings_come_first() -> None:
    wish = read("cancel 6 January: no time\nWhen: 15:00\n")
    assert [(deed.what, deed.meeting.case) for deed in wish.deeds] == [("cancel", 1), ("move", 2), ("move", 3)]


def test_an_hour_that_the_clocks_leave_out_is_asked_about() -> None:
    night = (Coming(1, int(at("2027-03-27T01:00")), int(at("2027-03-27T01:30"))),
             Coming(2, int(at("2027-03-28T01:00")), int(at("2027-03-28T01:30"))))  # fmt: skip
    wish = read("When: 02:30\n", coming=night)
    assert wish.deeds == ()
    assert [one.problem for one in wish.questions] == ["no_such_time"]


def test_a_meeting_that_has_begun_stays_and_one_later_today_cannot_move_into_the_past() -> None:
    begun = read("When: 15:00\n", now=at("2027-01-06T13:30"))
    assert [deed.meeting.case for deed in begun.deeds] == [2, 3]
    late = read("When: 09:00\n", now=at("2027-01-06T11:00"))
    assert late.deeds == ()
    assert [one.problem for one in late.questions] == ["past"]


def test_the_same_hour_moves_nothing() -> None:
    assert read("When: 13:00\n").deeds == ()
