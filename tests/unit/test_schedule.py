"""Digest schedules: what a text names, and which moment comes next, over fifty years of Nordic clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.cases.schedule import EVERY, LAST, OFF, Schedule, next_slot, parse
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import DAY, Instant, to_datetime, to_instant

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ALL = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon 08:00", Schedule((0,), 8)),
        ("Monday 8.00", Schedule((0,), 8)),
        ("mondays at 8", Schedule((0,), 8)),
        ("måndag 08:00", Schedule((0,), 8)),
        ("mån kl. 08.30", Schedule((0,), 8, 30)),
        ("man 08:00", Schedule((0,), 8)),
        ("mandager kl 8", Schedule((0,), 8)),
        ("maandag 08:00", Schedule((0,), 8)),
        ("tysdag 07:15", Schedule((1,), 7, 15)),
        ("tirsdage kl. 9", Schedule((1,), 9)),
        ("lördag 10:00", Schedule((5,), 10)),
        ("loerdag 10:00", Schedule((5,), 10)),
        ("laurdag 10:00", Schedule((5,), 10)),
        ("mon,thu 08:00", Schedule((0, 3), 8)),
        ("tors, mån 08:00", Schedule((0, 3), 8)),
        ("måndag och torsdag kl 8:05", Schedule((0, 3), 8, 5)),
        ("hver mandag og torsdag 08:00", Schedule((0, 3), 8)),
        ("mon-fri 08:00", Schedule((0, 1, 2, 3, 4), 8)),
        ("fri–mon 08:00", Schedule((0, 4, 5, 6), 8)),
        ("daily 07:30", Schedule(ALL, 7, 30)),
        ("varje dag 07:30", Schedule(ALL, 7, 30)),
        ("kvar dag kl 7", Schedule(ALL, 7)),
        ("weekdays 08:00", Schedule((0, 1, 2, 3, 4), 8)),
        ("vardagar 08:00", Schedule((0, 1, 2, 3, 4), 8)),
        ("hverdage 08:00", Schedule((0, 1, 2, 3, 4), 8)),
        ("1st mon 09:00", Schedule((0,), 9, nth=1)),
        ("första måndagen i månaden kl 9", Schedule((0,), 9, nth=1)),
        ("1:a mån 09:00", Schedule((0,), 9, nth=1)),
        ("1. mandag i måneden 09:00", Schedule((0,), 9, nth=1)),
        ("den 2. tirsdag 09:00", Schedule((1,), 9, nth=2)),
        ("fyrste måndagen 09:00", Schedule((0,), 9, nth=1)),
        ("third thursday of the month 23:59", Schedule((3,), 23, 59, nth=3)),
        ("siste fredag 00:00", Schedule((4,), 0, nth=LAST)),
        ("last fri 14:00", Schedule((4,), 14, nth=LAST)),
        ("off", OFF),
        ("Av.", OFF),
        ("fra", OFF),
    ],
)
def test_texts(text: str, expected: Schedule) -> None:
    assert parse(text) == expected
    assert parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no time of day"),
        ("mon", "no time of day"),
        ("mon 24:00", "24:00 is no time"),
        ("mon 08:60", "08:60 is no time"),
        ("08:00", "The day is missing"),
        ("moonday 08:00", '"moonday" is no day'),
        ("mon,,thu 08:00", '"" is no day'),
        ("mon-tue-wed 08:00", "is no day"),
        ("1st 08:00", '"1st" is no day'),
        ("1st mon,thu 08:00", "one day of the week"),
        ("5th mon 08:00", "is no day"),
        ("mon 08:00 sharp", "no time of day"),
        ("mon 08:00:00 ", "is no day"),
    ],
)
def test_wrong_texts_get_a_sentence_with_examples(text: str, said: str) -> None:
    found = parse(text)
    assert isinstance(found, str)
    assert said in found
    assert "mon,thu 08:00" in found
    assert "\n" not in found


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["mon", "tue", "-", ",", "1st", "last", "08:00", "kl", "och", "daily", ":", "8"])).map(
        " ".join
    )
)
def test_any_text_is_a_schedule_or_a_sentence(text: str) -> None:
    found = parse(text)
    if isinstance(found, Schedule):
        assert parse(str(found)) == found


schedules = st.builds(
    lambda days, hour, minute, nth: Schedule(tuple(sorted(days)) if nth == EVERY else (min(days),), hour, minute, nth),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from([EVERY, EVERY, 1, 2, 3, 4, LAST]),
)


@given(schedules)
def test_a_schedule_is_written_as_it_is_read(schedule: Schedule) -> None:
    assert parse(str(schedule)) == schedule


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> Instant:
    return to_instant(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC))


def slots(text: str, start: str, number: int, **named: object) -> list[str]:
    schedule = parse(text)
    assert isinstance(schedule, Schedule)
    after, found = at(start), []
    for _ in range(number):
        slot = next_slot(schedule, after, STOCKHOLM, **named)  # type: ignore[arg-type]
        assert slot is not None
        found.append(f"{to_datetime(slot, STOCKHOLM):%Y-%m-%d %H:%M%z}")
        after = slot
    return found


def test_slots() -> None:
    assert slots("mon,thu 08:00", "2026-12-01 12:00", 3) == [
        "2026-12-03 08:00+0100", "2026-12-07 08:00+0100", "2026-12-10 08:00+0100",
    ]  # fmt: skip
    assert slots("thu 08:00", "2026-12-03 07:59", 1) == ["2026-12-03 08:00+0100"]
    assert slots("thu 08:00", "2026-12-03 08:00", 1) == ["2026-12-10 08:00+0100"]
    assert slots("1st mon 09:00", "2026-12-07 09:00", 2) == ["2027-01-04 09:00+0100", "2027-02-01 09:00+0100"]
    assert slots("last fri 09:00", "2027-02-01 09:00", 2) == ["2027-02-26 09:00+0100", "2027-03-26 09:00+0100"]
    assert next_slot(OFF, at("2026-12-01 12:00"), STOCKHOLM) is None


def test_days_off_move_a_slot_and_merge_two() -> None:
    def free(day: date) -> bool:
        return not is_working_day(day, [((12, 21), (1, 6))], "SE")

    assert slots("mon,thu 08:00", "2026-12-17 08:00", 3, free=free) == [
        "2027-01-07 08:00+0100",  # four Mondays and Thursdays in one, on a Thursday that is a slot of its own
        "2027-01-11 08:00+0100",
        "2027-01-14 08:00+0100",
    ]
    assert slots("daily 07:30", "2026-12-11 07:30", 2, free=free) == ["2026-12-14 07:30+0100", "2026-12-15 07:30+0100"]
    assert slots("1st mon 09:00", "2026-12-28 09:00", 1, free=free) == ["2027-01-07 09:00+0100"]
    # asked in the middle of the days off, what they hold back still comes
    assert slots("1st mon 09:00", "2027-01-05 12:00", 1, free=free) == ["2027-01-07 09:00+0100"]
    assert next_slot(Schedule((0,), 8), at("2026-12-01 12:00"), STOCKHOLM, lambda day: True) is None


def test_changes_of_clocks() -> None:
    assert slots("daily 02:30", "2026-03-28 03:00", 2) == ["2026-03-29 03:30+0200", "2026-03-30 02:30+0200"]
    assert slots("daily 02:30", "2026-10-24 03:00", 2) == ["2026-10-25 02:30+0200", "2026-10-26 02:30+0100"]


@pytest.mark.parametrize("hour", ["00:00", "02:30", "12:00", "23:30"])
@pytest.mark.parametrize(
    "zone",
    ["Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki", "Atlantic/Reykjavik",
     "Atlantic/Faroe", "America/Nuuk"],
)  # fmt: skip
def test_one_slot_a_day_for_fifty_years(zone: str, hour: str) -> None:
    """Never skipped, never doubled: one for each day, at its time or, where clocks leave that out, an hour later."""
    schedule = parse(f"daily {hour}")
    assert isinstance(schedule, Schedule)
    where = ZoneInfo(zone)
    first, last = date(1996, 1, 1), date(2046, 1, 1)
    after = at(f"{first} {hour}", where)
    day = first
    while day < last:
        day += timedelta(days=1)
        slot = next_slot(schedule, after, where)
        assert slot is not None
        assert abs(slot - after - DAY) <= DAY // 12  # a day, give or take two hours
        meant = datetime(day.year, day.month, day.day, schedule.hour, schedule.minute)
        shown = to_datetime(slot, where).replace(tzinfo=None)
        assert timedelta(0) <= shown - meant <= timedelta(hours=1)
        if slot - after != DAY:
            assert next_slot(schedule, Instant(slot - 1), where) == slot
        after = slot


@given(
    schedule=schedules,
    start=st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)),
    closed=st.sets(st.integers(0, 120)),
    step=st.integers(0, 40 * DAY),
)
def test_slots_are_those_of_the_days(schedule: Schedule, start: datetime, closed: set[int], step: int) -> None:
    """Against every day's own slot, moved by hand; and asking later never finds an earlier one."""
    first = start.date()

    def free(day: date) -> bool:
        return (day - first).days in closed

    after = to_instant(start.replace(tzinfo=UTC))
    moved: set[date] = set()
    for offset in range(-40, 160):
        day = first + timedelta(days=offset)
        if schedule.on(day):
            while free(day):
                day += timedelta(days=1)
            moved.add(day)
    moments = sorted(at(f"{day} {schedule.hour:02}:{schedule.minute:02}") for day in moved)
    found = next_slot(schedule, after, STOCKHOLM, free)
    assert found == next(moment for moment in moments if moment > after)
    later = next_slot(schedule, Instant(after + step), STOCKHOLM, free)
    assert later is not None
    assert later >= found
