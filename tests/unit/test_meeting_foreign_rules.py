"""Callers' RRULEs worked out (RFC 5545 §3.3.10): the standard's own examples, real programs' rules, hostile ones."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from workflows.meeting.foreign.rules import read_rule, times

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST = datetime(2026, 12, 3, 13, 0, tzinfo=STOCKHOLM)  # a Thursday


def days(rule: str, first: datetime = FIRST, most: int = 6) -> list[str]:
    read = read_rule(rule)
    assert read is not None
    return [f"{at:%Y-%m-%d}" for at in islice(times(read, first), most)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;WKST=SU;COUNT=3;INTERVAL=1", ["2026-12-03", "2026-12-04", "2026-12-05"]),
        ("FREQ=DAILY;UNTIL=20261208T120000Z;INTERVAL=1;BYDAY=MO, TU, WE, TH, FR ;WKST=SU",
         ["2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4", ["2026-12-03", "2026-12-15", "2026-12-17", "2026-12-29"]),
        ("FREQ=WEEKLY;UNTIL=20261217", ["2026-12-03", "2026-12-10", "2026-12-17"]),
        ("FREQ=WEEKLY;UNTIL=20261217T115959Z", ["2026-12-03", "2026-12-10"]),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", ["2026-12-03", "2026-12-07"]),
        ("FREQ=MONTHLY;BYDAY=1TH;COUNT=3", ["2026-12-03", "2027-01-07", "2027-02-04"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", ["2026-12-03", "2026-12-31", "2027-01-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["2026-12-03", "2026-12-31", "2027-01-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", ["2026-12-03", "2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=YEARLY;COUNT=3", ["2026-12-03", "2027-12-03", "2028-12-03"]),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=-1FR;COUNT=2", ["2026-12-03", "2027-06-25"]),
    ],
)  # fmt: skip
def test_a_rule_is_followed(rule: str, expected: list[str]) -> None:
    assert days(rule) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "", "FREQ=HOURLY;COUNT=3", "FREQ=SECONDLY;COUNT=999999999", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;BYHOUR=1,2",
        "RSCALE=CHINESE;FREQ=YEARLY", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYDAY=20MO", "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=x", "FREQ=DAILY;UNTIL=soon", "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;WKST=X", "FREQ=MONTHLY;BYMONTH=-1",
        "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 200),
    ],
)  # fmt: skip
def test_what_is_not_followed_is_asked_about(rule: str) -> None:
    assert read_rule(rule) is None


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"])
def test_a_rule_without_any_day_comes_to_an_end(rule: str) -> None:
    assert days(rule) == ["2026-12-03"]


def test_the_hour_stays_when_the_clocks_change() -> None:
    rule = read_rule("FREQ=MONTHLY;COUNT=6")
    assert rule is not None
    assert {f"{at:%H:%M}" for at in times(rule, FIRST)} == {"13:00"}
    assert [f"{at.astimezone(UTC):%H}" for at in times(rule, FIRST)] == ["12", "12", "12", "12", "11", "11"]


def test_only_what_has_no_end_goes_on_for_ever() -> None:
    endless = {text: read_rule(text) for text in ("FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=2", "FREQ=WEEKLY;UNTIL=20270101")}
    assert [rule is not None and rule.endless for rule in endless.values()] == [True, False, False]


@given(
    unit=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    every=st.integers(1, 5),
    weekdays=st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), unique=True, max_size=4),
    month_days=st.lists(st.integers(-31, 31).filter(bool), unique=True, max_size=3),
    months=st.lists(st.integers(1, 12), unique=True, max_size=3),
    start=st.sampled_from(["MO", "SU"]),
)
def test_as_another_library_works_it_out(
    unit: str, every: int, weekdays: list[str], month_days: list[int], months: list[int], start: str
) -> None:
    if unit == "YEARLY" and not months:
        weekdays, month_days = [], []
    if unit == "WEEKLY":
        month_days = []  # RFC 5545 forbids it there
    parts = [f"FREQ={unit}", f"INTERVAL={every}", f"WKST={start}"]
    parts += [f"{name}={','.join(map(str, found))}" for name, found in
              (("BYDAY", weekdays), ("BYMONTHDAY", month_days), ("BYMONTH", months)) if found]  # fmt: skip
    rule = read_rule(";".join(parts))
    assert rule is not None
    end = datetime(2034, 1, 1)
    first = FIRST.replace(tzinfo=None)
    theirs = list(islice(rrulestr(";".join([*parts, "UNTIL=20340101T000000"]), dtstart=first), 40))
    ours = [at.replace(tzinfo=None) for at in islice(times(rule, FIRST), 41)]
    later = [at for at in ours if at > first and at < end][: 40 - (first in theirs)]
    assert later == [at for at in theirs if at > first][: len(later)]
    assert len(later) >= len([at for at in theirs if at > first]) - 1
