"""How often, as people type it: `måndagar 9-10 tills vidare`, even weeks; an end that is missing is asked for."""

from __future__ import annotations

import pytest

from mailsvc.clock import to_datetime
from tests.unit.meeting_kit import STOCKHOLM
from tests.unit.test_meeting_when import problems
from tests.unit.test_meeting_when_typed import read
from workflows.meeting.when.model import Problem, WhenReading


def days(reading: WhenReading, count: int = 4) -> list[str]:
    return [f"{to_datetime(slot.start, STOCKHOLM):%m-%d}" for slot in reading.slots[:count]]


@pytest.mark.parametrize(
    "text",
    [
        "sv måndagar 9-10 tills vidare", "sv Måndagar kl 9-10 t.v.", "sv alla måndagar kl 9-10 tills vidare",
        "sv varje måndag 9-10 tillsvidare", "sv en gång i veckan, måndagar 9-10, tills vidare",
        "da mandage kl. 9-10 indtil videre", "da alle mandage kl. 9-10 indtil videre",
        "da hver mandag kl. 9-10 indtil videre", "nb mandager kl. 9-10 inntil videre",
        "nb hver mandag kl. 9-10 inntil videre", "nn måndagar kl. 9-10 inntil vidare",
        "nn kvar måndag kl. 9-10 inntil vidare", "en Mondays 9-10 until further notice",
        "en on Mondays 9-10, weekly, until further notice",
    ],
)  # fmt: skip
def test_a_weekday_in_the_plural_is_every_week(text: str) -> None:
    reading = read(text[3:], text[:2])
    assert problems(reading) == []
    assert reading.series is not None
    assert reading.series.more
    assert days(reading) == ["11-09", "11-16", "11-23", "11-30"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sv tisdagar jämna veckor kl 10-11 tills vidare", ["11-10", "11-24", "12-08", "12-22", "01-12"]),
        ("sv varannan tisdag (udda veckor) kl 10-11 tills vidare", ["11-03", "11-17", "12-01", "12-15", "12-29"]),
        ("sv tisdag udda veckor kl 10-11, 6 gånger", ["11-03", "11-17", "12-01", "12-15", "12-29"]),
        ("da tirsdage i lige uger kl. 10-11 indtil videre", ["11-10", "11-24", "12-08", "12-22", "01-12"]),
        ("da tirsdage i ulige uger kl. 10-11 indtil videre", ["11-03", "11-17", "12-01", "12-15", "12-29"]),
        ("nb tirsdager i partallsuker kl. 10-11 inntil videre", ["11-10", "11-24", "12-08", "12-22", "01-12"]),
        ("nb tirsdager i oddetallsuker kl. 10-11 inntil videre", ["11-03", "11-17", "12-01", "12-15", "12-29"]),
        ("nn tysdagar i partalsveker kl. 10-11 inntil vidare", ["11-10", "11-24", "12-08", "12-22", "01-12"]),
        ("en Tuesdays in even weeks 10-11 until further notice", ["11-10", "11-24", "12-08", "12-22", "01-12"]),
    ],
)
def test_even_and_odd_weeks(text: str, expected: list[str]) -> None:
    """2026 has 53 weeks, so that after an even one in December come two odd ones."""
    reading = read(text[3:], text[:2])
    assert problems(reading) == []
    assert days(reading, 5) == expected


FROM_JANUARY = ["01-11", "01-18", "01-25", "02-01"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("sv varje måndag kl 9-10 11/1 - 24/5", 19),
        ("sv måndagar 11/1-24/5 kl 9-10", 19),
        ("sv varje måndag kl 9-10 fr.o.m. 11/1 t.o.m. maj", 20),
        ("sv måndagar kl 9-10, första gången 11/1, sista gången 24/5", 19),
        ("sv varje vecka i fyra veckor, start 11/1 kl 9-10", 4),
        ("sv varje måndag kl 9-10, 5 ggr, med början 11/1", 5),
        ("da hver mandag kl. 9-10 fra 11/1 til og med maj", 20),
        ("da hver mandag kl. 9-10, første gang 11/1, sidste gang d. 24/5", 19),
        ("nb hver mandag kl. 9-10 fra 11/1 ut mai", 20),
        ("nb mandager kl. 9-10 fra 11/1, til sammen 5 ganger", 5),
        ("nn kvar måndag kl. 9-10 frå 11/1 til og med mai", 20),
        ("en Mondays 9-10 from 11 January until 24 May", 19),
        ("en every Monday 9-10 from 11 January through May", 20),
    ],
)
def test_the_end_of_a_series(text: str, count: int) -> None:
    reading = read(text[3:], text[:2])
    assert problems(reading) == []
    assert days(reading) == FROM_JANUARY
    assert len(reading.slots) + len(reading.series.skipped if reading.series else ()) in (count, count + 1)
    assert reading.series is not None
    assert not reading.series.more


@pytest.mark.parametrize(
    ("text", "repeat"),
    [
        ("3/12 kl 13-14", "varje vecka, 4 gånger"),
        ("3/12 kl 13-14 varje vecka", "4 gånger"),
        ("3/12 kl 13-14\nvarje vecka\n4 gånger", ""),
        ("Första gången: 3/12 kl 13-14\nSedan varje vecka\n4 gånger totalt", "-"),
        ("torsdagar 13-14\nstart 3/12", "fire ganger"),
    ],
)
def test_lines_and_labels_are_one_sentence(text: str, repeat: str) -> None:
    reading = read(text, "", repeat)
    assert problems(reading) == []
    assert days(reading) == ["12-03", "12-10", "12-17", "01-07"]


@pytest.mark.parametrize(
    "repeat",
    ["nej", "Nej, bara en gång", "-", "no", "none", "once", "ikke", "Nei", "ikkje", "kun en gang", "bare en gang."],
)
def test_who_writes_that_it_is_not_repeated_is_not_asked_how_often(repeat: str) -> None:
    reading = read("3/12 kl 13-14", "", repeat)
    assert problems(reading) == []
    assert reading.series is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("torsdagar kl 13-14", Problem.HOW_MANY),
        ("varje måndag kl 9-10 under våren", Problem.HOW_MANY),
        ("varje vecka i 3 månader från 3/12 kl 13", Problem.HOW_MANY),
        ("first Thursday of every month at 13:00, until June", Problem.HOW_MANY),
        ("tisdagar och torsdagar kl 9 tills vidare", Problem.HOW_OFTEN),
        ("varje tisdag och torsdag kl 9-9.30, 4 gånger", Problem.HOW_OFTEN),
        ("Thursdays 13-14, biweekly, 4 times", Problem.HOW_OFTEN),  # twice a week, or every second one
        ("varje vardag kl 9 tills vidare", Problem.HOW_OFTEN),
        ("måndagar 7/12, 14/12 kl 9", Problem.HOW_OFTEN),
        ("varje torsdag kl 13-14 utom lov, tills vidare", Problem.NOT_UNDERSTOOD),
        ("3/12 kl 13 varje vecka tills vidare\nutom jul", Problem.NOT_UNDERSTOOD),
        ("every Thursday 13:00 UTC, 4 times", Problem.NOT_UNDERSTOOD),  # another hour in summer
        ("jämna veckor kl 9 tills vidare", Problem.NO_DAY),
        ("tors 3/12 kl 9 jämna veckor, 4 gånger", Problem.WEEK_DIFFERS),
    ],
)
def test_what_is_asked_about_a_series(text: str, problem: Problem) -> None:
    reading = read(text)
    assert problem in problems(reading)
    assert not reading.slots
    parts = [doubt.part for doubt in reading.doubts]
    assert len(parts) == len(set(parts))


def test_until_further_notice_alone_says_not_how_often() -> None:
    assert problems(read("3/12 kl 13-14", "", "tills vidare")) == [Problem.HOW_OFTEN]
