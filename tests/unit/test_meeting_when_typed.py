"""`When:` as people really type it: read as a colleague would read it, or asked about, never read as another time."""

from __future__ import annotations

import pytest

from tests.unit.meeting_kit import STOCKHOLM, at
from tests.unit.test_meeting_when import problems, span, spans
from workflows.meeting.plan import House
from workflows.meeting.when.model import Problem, WhenReading
from workflows.meeting.when.reading import read_when

NOW = at("2026-11-02T09:00")  # a Monday
THIRD = "2026-12-03 13:00-14:30"
ONE, TWO = "2026-12-03 13:00-14:00", "2026-12-03 13:00-15:00"


def read(text: str, language: str = "", repeat: str = "") -> WhenReading:
    return read_when(text, NOW, STOCKHOLM, language, 90, House("Europe/Stockholm", "SE").free, repeat)


def one(text: str, language: str) -> str:
    """The one time that was read, or what is asked."""
    reading = read(text, language)
    return " | ".join([*spans(reading), *problems(reading)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sv Torsdag 3 december 2026 (v.49), kl 13-14:30", THIRD),
        ("sv 3/12 kl halv två till halv tre", "2026-12-03 13:30-14:30"),
        ("sv 3/12 kvart i två till tre", "2026-12-03 13:45-15:00"),
        ("sv 3/12 fem över halv två", "2026-12-03 13:35-15:05?"),
        ("sv 3/12 tio i två", "2026-12-03 13:50-15:20?"),
        ("sv 3/12 från tio till elva", "2026-12-03 10:00-11:00"),
        ("sv 3/12 klockan tretton", THIRD + "?"),
        ("sv 3/12 start kl 13:00 slut kl 14:30", THIRD),
        ("sv Start: 3/12 kl 13:00\nSlut: 3/12 kl 14:30", THIRD),
        ("sv 3/12 kl 13:00 → 14:30", THIRD),
        ("sv 3/12 kl 13:00->14:30", THIRD),
        ("sv 3/12 kl 1 em", THIRD + "?"),
        ("sv 3/12 kl 9 fm", "2026-12-03 09:00-10:30?"),
        ("sv 3/12 kl 7 på kvällen", "2026-12-03 19:00-20:30?"),
        ("sv 3/12 1-3 på eftermiddagen", TWO),
        ("sv 3/12 13h", THIRD + "?"),
        ("sv 3/12 1330-1430", "2026-12-03 13:30-14:30"),
        ("sv 3/12 1330", "2026-12-03 13:30-15:00?"),
        ("sv 3/12 kl 13, en timma", ONE),
        ("sv 3/12 kl 13 tre kvart", "2026-12-03 13:00-13:45"),
        ("sv 3/12 kl 13 (1h 30m)", THIRD),
        ("sv 3/12 kl 13 i max 2 timmar", TWO),
        ("sv 3 dec kl 13-15 inkl. fika", TWO),
        ("sv 3/12 kl 13 prick", THIRD + "?"),
        ("sv 261203 kl 13", THIRD + "?"),
        ("sv 26-12-03 13:00-14:30", THIRD),
        ("sv den tredje december kl 13", THIRD + "?"),
        ("sv första måndagen i december kl 13-14", "2026-12-07 13:00-14:00"),
        ("sv torsdag nästa vecka kl 13", "2026-11-12 13:00-14:30?"),
        ("sv nästa vecka, på torsdag kl 13-14", "2026-11-12 13:00-14:00"),
        ("sv torsdag den här veckan kl 13-14", "2026-11-05 13:00-14:00"),
        ("sv på torsdag kl 13-14", "2026-11-05 13:00-14:00"),
        ("sv nu på torsdag kl 13-14", "2026-11-05 13:00-14:00"),
        ("sv på torsdag v. 49 kl 13", THIRD + "?"),
        ("sv i eftermiddag kl 15", "2026-11-02 15:00-16:30?"),
        ("sv ikväll 19-20", "2026-11-02 19:00-20:00"),
        ("sv i morgon bitti 8-9", "2026-11-03 08:00-09:00"),
        ("sv w49 torsdag kl 13", THIRD + "?"),
        ("sv 3-4/12 kl 9-16", "2026-12-03 09:00-12-04 16:00"),
        ("sv torsdag 3 - fredag 4 december", "2026-12-03 00:00-12-05 00:00 day"),
        ("sv torsdag-fredag 3-4 december kl 9-16", "2026-12-03 09:00-12-04 16:00"),
        ("sv 28/12 kl 9 - 30/12 2026 kl 12", "2026-12-28 09:00-12-30 12:00"),
        ("sv 3/12 13:00 svensk tid", THIRD + "?"),
        ("da torsdag den 03.12.2026 kl. 13.00 - 14.30", THIRD),
        ("da d. 3/12-26 kl 13", THIRD + "?"),
        ("da den 3.12. kl. 13-14.30", THIRD),
        ("da første torsdag i december kl. 13", THIRD + "?"),
        ("da 3/12 kl. 8 om morgenen", "2026-12-03 08:00-09:30?"),
        ("da 3/12 kl. 1 om eftermiddagen", THIRD + "?"),
        ("da torsdag i næste uge kl. 13", "2026-11-12 13:00-14:30?"),
        ("da førstkommende torsdag kl. 13", "2026-11-05 13:00-14:30?"),
        ("da 3/12 kl. tretten", THIRD + "?"),
        ("da 3/12 kl. 13, tre kvarter", "2026-12-03 13:00-13:45"),
        ("da i aften kl. 19", "2026-11-02 19:00-20:30?"),
        ("nb 3/12 kl. halv to til halv fire", "2026-12-03 13:30-15:30"),
        ("nb 3/12 ti over halv to", "2026-12-03 13:40-15:10?"),
        ("nb 3/12 kl. 19 om kvelden", "2026-12-03 19:00-20:30?"),
        ("nb 3/12 kl. 13, en times tid", ONE),
        ("nb torsdag neste uke kl. 13", "2026-11-12 13:00-14:30?"),
        ("nb i morgen tidlig kl. 8", "2026-11-03 08:00-09:30?"),
        ("nb 031226 kl. 13", THIRD + "?"),
        ("nb 3.12.2026 1300-1430", THIRD),
        ("nb 3/12 fra to til tre", "2026-12-03 14:00-15:00"),
        ("nn torsdag neste veke kl. 13", "2026-11-12 13:00-14:30?"),
        ("nn 3/12 kl. halv to til kvart over tre", "2026-12-03 13:30-15:15"),
        ("nn 3/12 kl. 1 om ettermiddagen", THIRD + "?"),
        ("nn førstkomande torsdag kl 13", "2026-11-05 13:00-14:30?"),
        ("nn torsdag den 3. desember frå klokka 13 til 14.30", THIRD),
        ("en 3rd of December at 1pm for 90 minutes", THIRD),
        ("en 3rd of December at 1pm for an hour and a half", THIRD),
        ("en 3 Dec 1 p.m. to 2.30 p.m.", THIRD),
        ("en 3 Dec at one o'clock", THIRD + "?"),
        ("en 3 Dec 1 in the afternoon", THIRD + "?"),
        ("en 3 Dec noon-1pm", "2026-12-03 12:00-13:00"),
        ("en 3 Dec 1300 hrs", THIRD + "?"),
        ("en Starts: Thursday, 3 December 2026 13:00\nEnds: Thursday, 3 December 2026 14:30", THIRD),
        ("en Thursday next week at 1pm", "2026-11-12 13:00-14:30?"),
        ("en on Thursday at 1pm", "2026-11-05 13:00-14:30?"),
        ("en tonight at 7pm", "2026-11-02 19:00-20:30?"),
        ("en the first Thursday in December at 13", THIRD + "?"),
        ("en 3 Dec 13:00 CET", THIRD + "?"),
        ("en 3 Dec 14:00 Helsinki time", THIRD + "?"),
        ("en 2026-12-03T12:00Z", THIRD + "?"),
        ("en 3 July 2027 13:00 CEST", "2027-07-03 13:00-14:30?"),
    ],
)
def test_what_a_colleague_would_read(text: str, expected: str) -> None:
    assert one(text[3:], text[:2]) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sv 3/12 9.5-11", Problem.NO_SUCH_TIME),  # no meeting on the ninth of May besides
        ("sv 3/12 kl 13 på förmiddagen", Problem.WHICH_HOUR),
        ("sv 3/12 på förmiddagen", Problem.WHICH_HOUR),
        ("sv 3/12 midnatt", Problem.WHICH_HOUR),
        ("sv 3/12 8h", Problem.NO_TIME),  # eight hours, or at eight
        ("sv 3/12 kl 13-14, 15 personer", Problem.NOT_UNDERSTOOD),
        ("sv 3/12 13-14 och 15-16", Problem.NOT_UNDERSTOOD),  # two meetings, or a choice
        ("sv 271128 kl 13", Problem.NOT_UNDERSTOOD),  # 2027 or 2028
        ("sv 101112 kl 13", Problem.NOT_UNDERSTOOD),
        ("sv på måndag kl 13", Problem.WHICH_DAY),  # today, or in a week
        ("sv torsdag kl 13", Problem.WHICH_DAY),
        ("sv nästa torsdag kl 13", Problem.WHICH_DAY),
        ("sv torsdag om två veckor kl 13", Problem.WHICH_DAY),
        ("sv den 3 kl 13", Problem.WHICH_DAY),
        ("sv nästa vecka", Problem.WEEK_WITHOUT_DAY),
        ("sv fredag-lördag 3-4 december kl 9-16", Problem.WEEKDAY_DIFFERS),
        ("sv torsdag-fredag v 49 kl 9-16", Problem.WHICH_DAY),
        ("sv mån-fre v 49", Problem.NOT_UNDERSTOOD),
        ("sv 9-10/12 kl 13", Problem.NOT_UNDERSTOOD),
        ("sv 3/12 kl 13-14 utom 7/1", Problem.NOT_UNDERSTOOD),
        ("sv kl 24 3/12", Problem.NO_SUCH_TIME),
        ("sv 3/12 22-02", Problem.ENDS_BEFORE),
        ("da d. 12. kl. 13", Problem.WHICH_DAY),
        ("da næstkommende torsdag kl. 13", Problem.WHICH_DAY),
        ("nb 3/12 ti til elleve", Problem.NOT_UNDERSTOOD),
        ("nn v. 49 kl 13", Problem.WEEK_WITHOUT_DAY),
        ("en 3 Dec ten to eleven", Problem.NOT_UNDERSTOOD),  # 10:50, or an hour
        ("en 3 Dec 12am", Problem.WHICH_HOUR),
        ("en 3 Dec at half two", Problem.WHICH_HOUR),
        ("en the 3rd at 1pm", Problem.WHICH_DAY),
        ("en 3 Dec 13:00 CEST", Problem.NO_SUCH_TIME),
        ("en 3 Dec 13:00 EST", Problem.NOT_UNDERSTOOD),
        ("en 3 Dec 13:00 CET (12:00 GMT)", Problem.NOT_UNDERSTOOD),
        ("en 12/3/2026 13:00", Problem.PAST),
        ("en Thursday 12/3 1pm", Problem.WEEKDAY_DIFFERS),
    ],
)
def test_what_may_mean_another_time_is_asked(text: str, problem: Problem) -> None:
    reading = read(text[3:], text[:2])
    assert problem in problems(reading)
    assert not reading.settled
    assert all(doubt.part in text for doubt in reading.doubts)
    assert len(reading.doubts) == len(set(reading.doubts))


def test_the_days_that_were_perhaps_meant_are_named() -> None:
    def proposed(text: str, language: str = "sv") -> list[str]:
        return [span(slot) for doubt in read(text, language).doubts for slot in doubt.proposals]

    assert proposed("om 14 dagar kl 13-14") == ["2026-11-16 13:00-14:00"]
    assert proposed("torsdag om två veckor kl 13-14") == ["2026-11-19 13:00-14:00"]
    assert proposed("den 3 kl 13-14") == ["2026-11-03 13:00-14:00", "2026-12-03 13:00-14:00"]
    assert proposed("på måndag kl 13-14") == ["2026-11-02 13:00-14:00", "2026-11-09 13:00-14:00"]
    # An American's numbers are never taken, but shown (words.md §6).
    assert proposed("12/3/2026 13-14", "en") == ["2026-12-03 13:00-14:00"]
    assert proposed("12/13/2026 13-14", "en") == ["2026-12-13 13:00-14:00"]
    assert "2026-12-03 13:00-14:00" in proposed("Thursday 12/3 13-14", "en")
    assert proposed("3 Dec 12am-1pm", "en") == ["2026-12-03 12:00-13:00"]


def test_a_year_that_is_written_once_is_for_all_days_of_the_line() -> None:
    assert [text[:10] for text in spans(read("17/12 och 14/1 2027 kl 13-14"))] == ["2026-12-17", "2027-01-14"]
    assert [text[:10] for text in spans(read("3/12, 10/12 2027 kl 13-14"))] == ["2027-12-03", "2027-12-10"]
    assert [text[:10] for text in spans(read("3/12 2026, 14/1 kl 13-14"))] == ["2026-12-03", "2027-01-14"]
    assert spans(read("3/12 - 4/12 2027 kl 9-16")) == ["2027-12-03 09:00-12-04 16:00"]


CHOICE = [ONE, "2026-12-04 09:00-10:00"]


@pytest.mark.parametrize(
    "text",
    [
        "Alt 1: tors 3/12 kl 13-14\nAlt 2: fre 4/12 kl 9-10",
        "Alternativ 1: 3. desember kl. 13-14\nAlternativ 2: 4. desember kl. 9-10",
        "Förslag 1: tors 3/12 kl 13-14\nFörslag 2: fre 4/12 kl 9-10",
        "Forslag 1: torsdag d. 3. december kl. 13-14\nForslag 2: fredag d. 4. december kl. 9-10",
        "Option 1: Thu 3 Dec 1-2pm\nOption 2: Fri 4 Dec 9-10am",
        "A. tors 3/12 kl 13-14\nB. fre 4/12 kl 9-10",
        "#1 3/12 kl 13-14\n#2 4/12 kl 9-10",
        "1 tors 3/12 kl 13-14\n2 fre 4/12 kl 9-10",
        "o tors 3/12 kl 13-14\no fre 4/12 kl 9-10",
        "— tors 3/12 kl 13-14\n— fre 4/12 kl 9-10",
        "3/12 kl 13-14, eller\n4/12 kl 9-10",
        "antingen 3/12 kl 13-14\neller 4/12 kl 9-10",
        "3/12 kl. 13-14\neller\n4/12 kl. 9-10",
        "3/12 kl 13-14 / 4/12 kl 9-10",
        "3/12 kl 13-14 | 4/12 kl 9-10",
        "tors 3/12:\n13-14\nfre 4/12:\n9-10",
    ],
)
def test_ways_to_write_two_times_to_choose_from(text: str) -> None:
    reading = read(text)
    assert (spans(reading), problems(reading)) == (CHOICE, [])
    assert reading.is_poll


@pytest.mark.parametrize(
    "text",
    [
        "3/12 kl 13-14 eller 15-16",
        "3 december:\n13-14\n15-16",
        "3/12 13-14\n15-16",
        "tors 3/12: 13-14, 15-16\ntors 3/12: 13-14",
    ],
)
def test_two_times_on_one_day_to_choose_from(text: str) -> None:
    reading = read(text)
    assert (spans(reading), problems(reading)) == ([ONE, "2026-12-03 15:00-16:00"], [])
    assert reading.is_poll


def test_days_to_choose_from_with_the_month_behind_the_last() -> None:
    reading = read("3, 4 eller 8 december kl 13-14")
    assert [text[:10] for text in spans(reading)] == ["2026-12-03", "2026-12-04", "2026-12-08"]
    assert reading.is_poll
    assert [text[:10] for text in spans(read("3/12\n4/12\nalla kl 13-14"))] == ["2026-12-03", "2026-12-04"]
