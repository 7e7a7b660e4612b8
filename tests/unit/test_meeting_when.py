"""`When:` in five languages: what words.md §7.5 names is read, what is unclear is asked about by its name."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import to_datetime
from tests.unit.meeting_kit import STOCKHOLM, at
from workflows.meeting.when.model import Problem, Repeat, Slot, Unit, WhenReading
from workflows.meeting.when.reading import read_length, read_when
from workflows.meeting.when.repeat import expand
from workflows.meeting.when.saying import say_slot

NOW = at("2026-11-02T09:00")  # a Monday
JULY = (((7, 1), (7, 31)),)


def free(day: date) -> bool:
    return is_working_day(day, JULY, "SE")


def read(text: str, language: str = "", repeat: str = "", zone: ZoneInfo = STOCKHOLM) -> WhenReading:
    return read_when(text, NOW, zone, language, 90, free, repeat)


def span(slot: Slot) -> str:
    start, end = to_datetime(slot.start, STOCKHOLM), to_datetime(slot.end, STOCKHOLM)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}-{until}" + (" day" if slot.whole_day else "") + ("?" if slot.length_assumed else "")


def spans(reading: WhenReading) -> list[str]:
    return [span(slot) for slot in reading.slots]


def problems(reading: WhenReading) -> list[Problem]:
    return [doubt.problem for doubt in reading.doubts]


THIRD = "2026-12-03 13:00-14:30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-03 13:00-14:30", THIRD),
        ("2026-12-03T13:00-14:30", THIRD),
        ("20261203 13.00-14.30", THIRD),
        ("3/12 13-14.30", THIRD),
        ("3/12 -26 kl 13-14.30", THIRD),
        ("3/12/2026 13.00–14.30", THIRD),
        ("3.12. kl 13", THIRD + "?"),
        ("3.12.2026 kl. 13", THIRD + "?"),
        ("3.12 13-14.30", THIRD),
        ("den 3 dec 2026 kl. 13–14.30", THIRD),
        ("den 3:e december klockan 13 till 14.30", THIRD),
        ("to 3/12 kl 13", THIRD + "?"),
        ("tors 3 dec kl. 13.00", THIRD + "?"),
        ("Tor. 3. des. kl. 13:00-14:30", THIRD),
        ("torsdag d. 3. december kl. 13", THIRD + "?"),
        ("torsdag den 3. desember klokka 13 til 14.30", THIRD),
        ("torsdagen den 3 december, kl 13", THIRD + "?"),
        ("3 december, torsdag, kl 13", THIRD + "?"),
        ("torsdag uke 49 kl 13", THIRD + "?"),
        ("v. 49 torsdag kl 13", THIRD + "?"),
        ("Torsdag veke 49, kl. 13", THIRD + "?"),
        ("2026-W49-4 13:00", THIRD + "?"),
        ("torsdag 3/12 (v. 49) kl 13", THIRD + "?"),
        ("3/12 kl 13 i 1,5 timme(ar)", THIRD),
        ("3/12 kl 13, 1½ time", THIRD),
        ("3/12 kl 13 i en og en halv time", THIRD),
        ("3/12 kl 13 90 min", THIRD),
        ("3/12 kl 13 i 1 timme 30 minuter", THIRD),
        ("3/12 kl 13 halvannen time", THIRD),
        ("3/12 kl 13 i en halv timme", "2026-12-03 13:00-13:30"),
        ("3/12 kl 1300-1430", THIRD),
        ("3/12 mellan 13 och 14.30", THIRD),
        ("Thursday 3 December, 1 pm to 2:30 pm", THIRD),
        ("December 3rd, 2026, 1pm-2:30pm", THIRD),
        ("3 Dec 1-2.30 pm", THIRD),
        ("3 Dec 11-1 pm", "2026-12-03 11:00-13:00"),
        ("3/12 halv två", "2026-12-03 13:30-15:00?"),
        ("3/12 kl. halv to", "2026-12-03 13:30-15:00?"),
        ("3/12 kl halv nio", "2026-12-03 08:30-10:00?"),
        ("3/12 klockan två", "2026-12-03 14:00-15:30?"),
        ("3/12 kvart över tio", "2026-12-03 10:15-11:45?"),
        ("3/12 kvart på to", "2026-12-03 13:45-15:15?"),
        ("3/12 22-24", "2026-12-03 22:00-12-04 00:00"),
        ("3/12 heldag", "2026-12-03 00:00-12-04 00:00 day"),
        ("hele dagen torsdag 3. desember", "2026-12-03 00:00-12-04 00:00 day"),
        ("3-4 december", "2026-12-03 00:00-12-05 00:00 day"),
        ("3/12 - 4/12 heldag", "2026-12-03 00:00-12-05 00:00 day"),
        ("3/12 13:00 - 4/12 12:00", "2026-12-03 13:00-12-04 12:00"),
        ("i morgon kl 13-14", "2026-11-03 13:00-14:00"),
        ("idag kl 13-14", "2026-11-02 13:00-14:00"),
        ("14/1 kl 13-14", "2027-01-14 13:00-14:00"),  # the next such date
        ("- 3/12 13-14.30", THIRD),
        ("tors. 3/12, kl. 13.00-14.30.", THIRD),
        ("3/12 kl 13-14.10.", "2026-12-03 13:00-14:10"),
        ("mellan 3/12 kl 13 och 4/12 kl 12", "2026-12-03 13:00-12-04 12:00"),
        ("Thursday, December 3, 2026 1:00 PM - 2:30 PM", THIRD),
        ("13-14.30 den 3/12 (90 min)", THIRD),
        ("3-12-2026 kl 13", THIRD + "?"),
        ("12/3 2027 13-14", "2027-03-12 13:00-14:00"),  # day before month, always
    ],
)
def test_one_time(text: str, expected: str) -> None:
    reading = read(text)
    assert (spans(reading), problems(reading)) == ([expected], [])
    assert reading.settled
    assert not reading.is_poll


WEEKDAYS = [
    "måndag mån mandag man Monday Mon",
    "tisdag tis tirsdag tirs tir tysdag tys Tuesday Tue ti",
    "onsdag ons Wednesday Wed",
    "torsdag tors tor Thursday Thu to",
    "fredag fre Friday Fri fr",
    "lördag lör lørdag lør laurdag lau Saturday lø",
    "söndag sön søndag søn sundag sun Sunday sø",
]
MONTHS = [
    "januari januar January jan",
    "februari februar February feb",
    "mars marts March",
    "april apr",
    "maj mai May",
    "juni June",
    "juli July",
    "augusti august aug",
    "september sep",
    "oktober October okt",
    "november nov",
    "december desember dec des",
]


@pytest.mark.parametrize(("number", "names"), list(enumerate(WEEKDAYS)))
def test_weekdays_in_all_languages(number: int, names: str) -> None:
    day = 7 + number  # Monday is the seventh of December
    for name in names.split():
        reading = read_when(f"{name} {day}/12 kl 10-11", NOW, STOCKHOLM, "", 60)
        assert spans(reading) == [f"2026-12-{day:02} 10:00-11:00"], name
        wrong = read_when(f"{name} {day + 1}/12 kl 10-11", NOW, STOCKHOLM, "", 60)
        assert problems(wrong) == [Problem.WEEKDAY_DIFFERS], name


@pytest.mark.parametrize(("number", "names"), list(enumerate(MONTHS, 1)))
def test_months_in_all_languages(number: int, names: str) -> None:
    for name in names.split():
        reading = read_when(f"12 {name} 2027 kl 10-11", NOW, STOCKHOLM, "", 60)
        assert spans(reading) == [f"2027-{number:02}-12 10:00-11:00"], name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.EMPTY),
        (" - ", Problem.EMPTY),
        ("snart", Problem.NOT_UNDERSTOOD),
        ("3/12 kl 13 i sal B", Problem.NOT_UNDERSTOOD),
        ("3/12 kl 13 14.30", Problem.NOT_UNDERSTOOD),
        ("3/12 kl 13-", Problem.NOT_UNDERSTOOD),
        ("3/12 kl 9-10 t.o.m. 11", Problem.NOT_UNDERSTOOD),
        ("3/12 13-14 (60 min, 2 h)", Problem.NOT_UNDERSTOOD),
        ("13-14.30", Problem.NO_DAY),
        ("v. 49", Problem.WEEK_WITHOUT_DAY),
        ("v49 kl 13", Problem.WEEK_WITHOUT_DAY),
        ("vecka 49", Problem.WEEK_WITHOUT_DAY),
        ("uge 49", Problem.WEEK_WITHOUT_DAY),
        ("veke 49", Problem.WEEK_WITHOUT_DAY),
        ("v. 54 torsdag kl 13", Problem.NO_SUCH_DAY),
        ("torsdag kl 13", Problem.WHICH_DAY),
        ("nästa torsdag kl 13", Problem.WHICH_DAY),
        ("neste torsdag kl 13", Problem.WHICH_DAY),
        ("næste torsdag kl 13", Problem.WHICH_DAY),
        ("next Thursday at 13", Problem.WHICH_DAY),
        ("om 14 dagar kl 13", Problem.WHICH_DAY),
        ("31/2 kl 13", Problem.NO_SUCH_DAY),
        ("3/13 kl 13", Problem.NO_SUCH_DAY),
        ("fredag 3/12 kl 13", Problem.WEEKDAY_DIFFERS),
        ("3/12 v. 50 kl 13", Problem.WEEK_DIFFERS),
        ("1/10 kl 13", Problem.FAR_AHEAD),
        ("1/11 kl 13", Problem.FAR_AHEAD),  # yesterday, so it may be meant
        ("3/12 2031 kl 13", Problem.FAR_AHEAD),
        ("3/12 2025 kl 13", Problem.PAST),
        ("idag kl 8", Problem.PAST),
        ("24/12 kl 10", Problem.CLOSED),
        ("lördag 5/12 kl 10", Problem.CLOSED),
        ("1/7 2027 kl 10", Problem.CLOSED),
        ("3/12", Problem.NO_TIME),
        ("3/12 kl 2", Problem.WHICH_HOUR),
        ("3/12 9-3", Problem.WHICH_HOUR),
        ("3/12 half two", Problem.WHICH_HOUR),
        ("3/12 halv sju", Problem.WHICH_HOUR),
        ("3/12 på eftermiddagen", Problem.WHICH_HOUR),
        ("3/12 middag", Problem.WHICH_HOUR),
        ("3/12 kl 25", Problem.NO_SUCH_TIME),
        ("3/12 13.75", Problem.NO_SUCH_TIME),
        ("3/12 13 pm", Problem.NO_SUCH_TIME),
        ("3/12 14-13", Problem.ENDS_BEFORE),
        ("3/12 13-13", Problem.ENDS_BEFORE),
        ("3/12 07-24", Problem.TOO_LONG),
        ("3/12 kl 13 dagligen", Problem.HOW_OFTEN),
        ("3/12 kl 13 var 99:e vecka, 4 gånger", Problem.HOW_OFTEN),
        ("3/12 kl 13 varannan vecka", Problem.HOW_MANY),
        ("varannan vecka kl 13, 4 gånger", Problem.NO_DAY),
        ("fredag 3/12 kl 13 varannan vecka, 4 gånger", Problem.WEEKDAY_DIFFERS),
        ("3/12 kl 13 varannan tisdag, 4 gånger", Problem.WEEKDAY_DIFFERS),
    ],
)
def test_what_is_asked_about(text: str, problem: Problem) -> None:
    reading = read(text)
    assert problem in problems(reading)
    assert not reading.settled
    assert all(doubt.text in text for doubt in reading.doubts)
    assert all(doubt.part in text for doubt in reading.doubts)


def test_what_may_have_been_meant_is_proposed() -> None:
    def proposed(text: str) -> list[str]:
        return [span(slot) for doubt in read(text).doubts for slot in doubt.proposals]

    assert proposed("nästa torsdag kl 13-14") == ["2026-11-05 13:00-14:00", "2026-11-12 13:00-14:00"]
    assert proposed("torsdag 13-14") == ["2026-11-05 13:00-14:00", "2026-11-12 13:00-14:00"]
    assert proposed("fredag 3/12 kl 13-14") == ["2026-12-03 13:00-14:00", "2026-12-04 13:00-14:00"]
    assert proposed("1/10 kl 13-14") == ["2027-10-01 13:00-14:00"]
    assert proposed("3/12 kl 2") == ["2026-12-03 14:00-15:30?"]
    assert proposed("24/12 kl 10-11") == ["2026-12-24 10:00-11:00"]
    assert proposed("v. 49") == []


def test_english_on_and_to_are_no_weekdays() -> None:
    assert spans(read("on 3/12 at 13", "en")) == [THIRD + "?"]
    assert problems(read("on 3/12 kl 13", "nb")) == [Problem.WEEKDAY_DIFFERS]
    assert spans(read("on 2/12 kl 13", "nb")) == ["2026-12-02 13:00-14:30?"]


def test_clocks_that_change() -> None:
    everyday = {"free": lambda _: True, "default_length": 30}
    gap = read_when("28/3 2027 kl 02:30", NOW, STOCKHOLM, "", **everyday)  # type: ignore[arg-type]
    assert problems(gap) == [Problem.NO_SUCH_TIME]
    twice = read_when("31/10 2027 kl 02:30", NOW, STOCKHOLM, "", **everyday)  # type: ignore[arg-type]
    first = datetime(2027, 10, 31, 2, 30, fold=0, tzinfo=STOCKHOLM)
    assert to_datetime(twice.slots[0].start, STOCKHOLM).utcoffset() == first.utcoffset()


# ---- several


def test_lines_are_times_to_choose_from() -> None:
    reading = read("3/12 13-14.30\n\n- fredag 4/12 kl 9-10.30\n8/12 13-14.30\n3/12 13-14.30")
    assert spans(reading) == [THIRD, "2026-12-04 09:00-10:30", "2026-12-08 13:00-14:30"]
    assert reading.is_poll


@pytest.mark.parametrize(
    "text",
    [
        "3/12 13-14.30 eller 4/12 13-14.30",
        "3/12 13-14.30; 4/12 13-14.30",
        "1. 3/12 13-14.30\n2. 4/12 13-14.30",
        "tors 3/12 13-14.30 el. fre 4/12 13-14.30",
        "3/12 kl. 13-14.30 Alt. 4/12 kl. 13-14.30",
        "1) 3/12 13-14.30\n2) 4/12 13-14.30",
        "torsdag 3 december\nfredag 4 december\nkl 13-14.30",
    ],
)
def test_other_ways_to_write_a_choice(text: str) -> None:
    reading = read(text)
    assert (spans(reading), problems(reading)) == ([THIRD, "2026-12-04 13:00-14:30"], [])
    assert reading.is_poll


def test_hours_said_once_around_an_or() -> None:
    reading = read("2 december, 3 december eller 8 december kl 13-14")
    assert [one[:10] for one in spans(reading)] == ["2026-12-02", "2026-12-03", "2026-12-08"]
    assert reading.is_poll
    assert problems(read("2/12 eller 3/12 kl 13-14 eller 8/12 kl 9-10")) == [Problem.NO_TIME]
    assert problems(read("2/12\n3/12 kl 13-14")) == [Problem.NO_TIME]  # in lines of their own it may be forgotten


@pytest.mark.parametrize(
    "text",
    [
        "tirsdag d. 8. eller onsdag d. 9. december kl. 10-11",
        "tisdag den 8 eller onsdag den 9 december kl 10-11",
        "Antingen 8 eller 9 dec kl 10-11",
        "8. or 9. December 2026 at 10-11",
    ],
)
def test_a_day_before_an_or_is_of_the_month_behind_it(text: str) -> None:
    assert spans(read(text)) == ["2026-12-08 10:00-11:00", "2026-12-09 10:00-11:00"]
    assert read(text).series is None


def test_the_day_after_tomorrow() -> None:
    for text in ("i övermorgon kl 10-11", "overmorgen kl. 10-11", "the day after tomorrow 10-11"):
        assert spans(read(text)) == ["2026-11-04 10:00-11:00"], text


def test_a_sentence_is_one_question() -> None:
    (doubt,) = read("Så snart som möjligt, helst").doubts
    assert (doubt.problem, doubt.part) == (Problem.NOT_UNDERSTOOD, "Så snart som möjligt, helst")
    (doubt,) = read("3 december kl 13 om salen är ledig").doubts
    assert doubt.part == "salen är ledig"


def test_several_meetings_in_one_of_several_lines_are_asked_about() -> None:
    assert Problem.NOT_UNDERSTOOD in problems(read("2/12 kl 13-14, 9/12 kl 13-14\n3/12 kl 13-14"))


def test_a_bad_line_is_named_and_the_others_are_kept() -> None:
    reading = read("3/12 13-14.30\nnågon gång nästa vecka\n4/12 9-10")
    assert len(reading.slots) == 2
    assert {doubt.text for doubt in reading.doubts} == {"någon gång nästa vecka"}
    assert not reading.settled


@pytest.mark.parametrize(
    "text",
    ["13/1, 24/2 och 7/4 kl 13-14", "kl 13-14: 13/1, 24/2, 7/4", "13/1 13-14, 24/2 13-14 og 7. april 13-14"],
)
def test_several_days_in_a_line_are_a_series(text: str) -> None:
    reading = read(text)
    assert spans(reading) == ["2027-01-13 13:00-14:00", "2027-02-24 13:00-14:00", "2027-04-07 13:00-14:00"]
    assert reading.series is not None
    assert reading.series.repeat is None


def test_days_of_one_month() -> None:
    reading = read("3, 10 och 17 december kl 13-14")
    assert [one[:10] for one in spans(reading)] == ["2026-12-03", "2026-12-10", "2026-12-17"]


# ---- series

SIX_WEEKS = ["2026-12-03", "2027-01-14", "2027-02-25", "2027-04-08"]


@pytest.mark.parametrize(
    "every",
    [
        "every 6 weeks, 4 times",
        "every sixth week, four times",
        "var sjätte vecka, 4 gånger",
        "var 6:e vecka, fyra gånger",
        "hver 6. uge, 4 gange",
        "hver sjette uge, 4 møder",
        "hver 6. uke, 4 ganger",
        "hver sjette uke, 4 møter",
        "kvar 6. veke, 4 gonger",
        "kvar sjette veke, 4 gonger",
        "every 42 days, 4 times",
        "every 6 weeks until 2027-04-08",
        "var sjätte vecka t.o.m. 8 april 2027",
        "var sjätte vecka till den 8 april",
        "hver 6. uge til og med 8/4 2027",
        "var sjätte vecka t.o.m. vecka 14",
        "därefter var sjätte vecka, 4 gånger",
    ],
)
def test_every_six_weeks(every: str) -> None:
    for reading in (
        read(f"3/12 13-14.30 {every}"),
        read("3/12 13-14.30", repeat=every),
        read(f"3/12 13-14.30\n{every}"),
    ):
        assert problems(reading) == []
        assert [one[:10] for one in spans(reading)] == SIX_WEEKS
        assert reading.series is not None
        assert (reading.series.skipped, reading.series.more) == ((), False)


@pytest.mark.parametrize(
    "every",
    [
        "varannan vecka tills vidare",
        "every other week until further notice",
        "every second Thursday until further notice",
        "varannan torsdag tills vidare",
        "hver anden uge indtil videre",
        "hver anden torsdag indtil videre",
        "annenhver uke inntil videre",
        "annenhver torsdag inntil videre",
        "annakvar veke inntil vidare",
        "fortnightly until further notice",
        "varannan vecka på torsdagar tills vidare",
        "every second week on Thursdays until further notice",
    ],
)
def test_until_further_notice_leaves_out_holidays_and_closures(every: str) -> None:
    reading = read(f"3/12 kl 13-14.30 {every}")
    assert problems(reading) == []
    assert reading.series is not None
    assert reading.series.more
    assert [one[:10] for one in spans(reading)][:3] == ["2026-12-03", "2026-12-17", "2027-01-14"]
    assert [str(day) for day in reading.series.skipped] == [
        "2026-12-31", "2027-05-06", "2027-07-01", "2027-07-15", "2027-07-29",
    ]  # fmt: skip


def test_a_day_left_out_does_not_count() -> None:
    reading = read("17/12 kl 13-14 varje vecka, 4 gånger")
    assert [one[:10] for one in spans(reading)] == ["2026-12-17", "2027-01-07", "2027-01-14", "2027-01-21"]
    assert reading.series is not None
    assert [str(day) for day in reading.series.skipped] == ["2026-12-24", "2026-12-31"]


def test_a_rule_that_names_its_weekday_needs_no_first_day() -> None:
    reading = read("every second Tuesday at 13:00-14:00 until further notice", "en")
    assert [one[:10] for one in spans(reading)][:2] == ["2026-11-03", "2026-11-17"]
    third = read("tredje torsdagen i månaden kl 13-14, 3 gånger")
    assert [one[:10] for one in spans(third)] == ["2026-11-19", "2026-12-17", "2027-01-21"]


@pytest.mark.parametrize("every", ["varje månad", "hver måned", "kvar månad", "every month", "monthly"])
def test_monthly_is_the_same_weekday_of_the_month(every: str) -> None:
    reading = read(f"3/12 kl 13-14 {every}, 4 ganger")
    assert [one[:10] for one in spans(reading)] == ["2026-12-03", "2027-01-07", "2027-02-04", "2027-03-04"]


def test_the_same_wall_clock_when_the_clocks_change() -> None:
    reading = read("18/3 2027 kl 13-14 varannan vecka, 2 gånger")
    assert spans(reading) == ["2027-03-18 13:00-14:00", "2027-04-01 13:00-14:00"]
    assert reading.slots[1].start - reading.slots[0].start == at("2027-04-01T13:00") - at("2027-03-18T13:00")


@pytest.mark.parametrize(
    "words",
    [
        "alternating Staff meeting and Reflection meeting",
        "växelvis Staff meeting och Reflection meeting",
        "skiftevis: Staff meeting / Reflection meeting",
        "vekselvis Staff meeting og Reflection meeting",
    ],
)
def test_meetings_that_take_turns(words: str) -> None:
    reading = read(f"3/12 kl 13-14 varje vecka, 3 gånger, {words}")
    assert problems(reading) == []
    assert reading.series is not None
    assert [reading.series.title(n) for n in range(3)] == ["Staff meeting", "Reflection meeting", "Staff meeting"]


def test_going_on_with_a_series_gives_later_days_only() -> None:
    rule = Repeat(Unit.WEEK, 2, further=True)
    first = expand(rule, date(2026, 12, 3), lambda _: True)
    assert first.more
    then = expand(rule, date(2026, 12, 3), lambda _: True, after=first.kept[-1])
    assert (then.kept[0] - first.kept[-1]).days == 14
    assert not set(first.kept) & set(then.kept)


def test_a_closed_site_ends_the_search() -> None:
    days = expand(Repeat(Unit.WEEK, 1, count=4), date(2026, 12, 3), lambda _: False)
    assert (days.kept, days.more) == ((), False)
    assert len(days.skipped) < 1000


# ---- lengths, bounds, saying


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 min", 90), ("1,5 timme", 90), ("1½ time", 90), ("1 h 30 min", 90), ("two hours", 120),
        ("90", 90), ("1:30", 90), ("tre kvart", 45), ("an hour and a half", 90), ("2", None), ("1.30", None),
        ("2 timmar", 120), ("en halv time", 30), ("halvanden time", 90), ("1.5 hours", 90),
        ("lenge", None), ("", None), ("40 timmar", None),
    ],
)  # fmt: skip
def test_length(text: str, expected: int | None) -> None:
    assert read_length(text) == expected


def test_too_much_is_refused_whole() -> None:
    assert problems(read("3/12 13-14\n" * 100)) == [Problem.TOO_MANY]
    assert problems(read("3/12 13-14 " + "x" * 5000)) == [Problem.TOO_MANY]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Thursday 3 December 2026 (week 49) at 13:00–14:30"),
        ("sv", "torsdag 3 december 2026 (v. 49) kl. 13.00–14.30"),
        ("da", "torsdag den 3. december 2026 (uge 49) kl. 13.00–14.30"),
        ("nb", "torsdag 3. desember 2026 (uke 49) kl. 13.00–14.30"),
        ("nn", "torsdag 3. desember 2026 (veke 49) kl. 13.00–14.30"),
    ],
)
def test_saying(language: str, expected: str) -> None:
    slot = Slot(at("2026-12-03T13:00"), at("2026-12-03T14:30"))
    assert say_slot(slot, STOCKHOLM, language) == expected
