"""What a call asks for and what the caller writes back, read from mails in five languages."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from lists.words.commands import Command, phrases
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import POLL, RSVP, Item, Meaning
from mailsvc.cases.reading.text import words_of
from mailsvc.clock import to_datetime, to_instant
from mailsvc.letters.translation import catalogue
from workflows.meeting import plan
from workflows.meeting.changes import CANCEL, cancels, read_change
from workflows.meeting.plan import House, read_call
from workflows.meeting.polls.poll import best, read_dates
from workflows.meeting.store import Told

NOW = to_instant(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
HOUSE = House("Europe/Stockholm", "SE", (((7, 1), (8, 7)),), 90)
STARTS = to_instant(datetime(2026, 12, 3, 12, 0, tzinfo=UTC))
ENDS = to_instant(datetime(2026, 12, 3, 13, 30, tzinfo=UTC))
TOLD = Told("Maps", STARTS, ENDS, "Europe/Stockholm", place="Room 4", agenda="old maps")
LANGUAGES = ("en", "sv", "da", "nb", "nn")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "When: 3 December 13:00-14:30\nWhere: Room 4\nAgenda: maps\nRoom for: 20\nAnswer by: 30 November"),
        ("sv", "När: 3 dec 13–14.30\nVar: Room 4\nDagordning: maps\nPlatser: 20\nSvara senast: 30 november"),
        ("da", "Hvornår: torsdag d. 3. december kl. 13-14.30\nHvor: Room 4\nDagsorden: maps\nPladser: 20\nS.U.: 30/11"),
        ("nb", "Når: torsdag 3. desember kl. 13-14.30\nHvor: Room 4\nSaksliste: maps\nPlasser: 20\nSvarfrist: 30.11."),
        ("nn", "Når: torsdag 3. desember kl. 13-14.30\nKvar: Room 4\nSakliste: maps\nPlassar: 20\nSvarfrist: 30.11."),
    ],
)
def test_a_call_in_five_languages(language: str, text: str) -> None:
    found = read_call(text, "SV: Maps", HOUSE, NOW, language)
    assert found.questions == ()
    made = found.plan
    assert made is not None
    assert (made.title, made.place, made.agenda, made.capacity, made.shape) == ("Maps", "Room 4", "maps", 20, "one")
    assert [(one.starts, one.ends) for one in made.times] == [(STARTS, ENDS)]
    assert made.answer_by == to_instant(datetime(2026, 11, 30, 22, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ("Shall we meet?", "when", "empty"),
        ("When: 2026-12-24 13:00", "when", "closed"),
        ("When: 2027-07-05 13:00", "when", "closed"),
        ("When: 2026-11-20 13:00", "when", "past"),
        ("When: 3/12", "when", "no_time"),
        ("When: 3/12 13-14\nRoom for: the whole team", "room_for", "not_understood"),
        ("When: 3/12 13-14\nLength: long", "length", "not_understood"),
        ("When: 3/12 13-14\nAnswer by: 10 December", "rsvp", "after"),
        ("When: 3/12 13-14\nAnswer by: when you can", "rsvp", "not_understood"),
    ],
)
def test_what_is_asked_about(text: str, field: str, problem: str) -> None:
    found = read_call(text, "Maps", HOUSE, NOW, "en")
    assert found.plan is None
    assert [(one.field, one.problem) for one in found.questions] == [(field, problem)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("senast 1 december", "12-01"), ("tirsdag d. 1/12 kl. 12", "12-01"), ("tisdag", "11-24"), ("v. 48", "11-29"),
        ("24-28 november", "11-28"), ("nästa tisdag", None), ("fredag 28/11", None), ("1/12 eller 2/12", None),
        ("dagen innan", None), ("31/11", None),
    ],
)  # fmt: skip
def test_answer_by(text: str, day: str | None) -> None:
    found = plan.answer_day(text, NOW, "Europe/Stockholm")
    assert (f"{to_datetime(found, ZoneInfo('Europe/Stockholm')):%m-%d}" if found is not None else None) == day


@pytest.mark.parametrize("text", ["nej", "-", "Nei", "no", "none"])
def test_answers_need_not_be_waited_for(text: str) -> None:
    found = read_call(f"When: 3/12 13-14\nAnswer by: {text}\nRoom for: no limit", "Maps", HOUSE, NOW, "en").plan
    assert found is not None
    assert (found.answer_by, found.capacity) == (0, 0)


def test_a_length_alone_moves_the_end_and_says_so() -> None:
    found = read_change("Length: 60", TOLD, 0, 0, {}, HOUSE, NOW, "en")
    assert found.told is not None
    assert (found.changed, found.told.ends - found.told.starts) == (("when",), 3_600_000_000)
    for nothing in ("How: whatever", "Repeat: every week", "Length: 90"):
        assert [one.problem for one in read_change(nothing, TOLD, 0, 0, {}, HOUSE, NOW, "en").questions] == ["nothing"]


def test_a_form_that_comes_back_keeps_what_was_known() -> None:
    first = read_call("When: soon\nWhere: Room 4\n", "Maps", HOUSE, NOW, "en")
    back = read_call("When: 3/12 13-14", "x", HOUSE, NOW, "en", before=first.values, first=False)
    assert back.plan is not None
    assert (back.plan.place, back.plan.title) == ("Room 4", "Maps")


def test_several_lines_are_a_poll_and_days_in_one_line_a_series() -> None:
    poll = read_call("When:\n3/12 13-14\n4/12 13-14\n", "Maps", HOUSE, NOW, "en").plan
    series = read_call("When: every 2 weeks, 3 times, from 3/12 13-14", "Maps", HOUSE, NOW, "en").plan
    assert poll is not None
    assert (poll.shape, len(poll.times)) == ("poll", 2)
    assert series is not None
    assert (series.shape, len(series.times)) == ("series", 3)


@pytest.mark.parametrize(
    ("text", "place", "link", "how"),
    [
        ("Room 4", "Room 4", "", "on-site"),
        ("https://meet.example.com/a?b=1.", "", "https://meet.example.com/a?b=1", "online"),
        ("Sal 4, eller <https://meet.example.com/a>", "Sal 4", "https://meet.example.com/a", "both"),
        ("Room 4 and https://meet.example.com/a", "Room 4", "https://meet.example.com/a", "both"),
        ("Teams", "Teams", "", "online"),
        ("", "", "", ""),
        ("Sal 4 & Zoom https://z.example.com/j/1?pwd=ab", "Sal 4 & Zoom", "https://z.example.com/j/1?pwd=ab", "both"),
        ("Sal 4 eller digitalt", "Sal 4 eller digitalt", "", "both"),
        (
            "Digitalt via Teams, länk kommer senare i veckan",
            "Digitalt via Teams, länk kommer senare i veckan",
            "",
            "online",
        ),
        ("Digitala verkstaden", "Digitala verkstaden", "", "on-site"),
        ("Hybrid: Sal 4", "Hybrid: Sal 4", "", "both"),
        ("Anslut till mötet <https://t.example.com/a(1)>", "", "https://t.example.com/a(1)", "online"),
        ("Rom 4, Bli med i møtet <https://t.example.com/a>", "Rom 4", "https://t.example.com/a", "both"),
    ],
)
def test_where(text: str, place: str, link: str, how: str) -> None:
    assert plan.place_and_link(text) == (place, link)
    assert plan.how("", place, link) == how


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_cancels_does_so_with_or_without_a_reason(language: str) -> None:
    for word in CANCEL[language]:
        assert cancels(f"{word}\n") == (True, "")
        assert cancels(f"{word.capitalize()}: no room\n") == (True, "no room")
    printed = catalogue(language).gettext("cancel the meeting")
    assert cancels(printed)[0], printed


@pytest.mark.parametrize("text", ["Can we cancel?", "cancel?", "cancellation of maps", "inställning", "", "Tack!"])
def test_what_cancels_nothing(text: str) -> None:
    assert cancels(text) == (False, "")


def test_a_change_says_what_differs_and_keeps_the_length() -> None:
    sent = {"when": "Thursday 3 December 2026 (week 49) at 13:00–14:30", "where": "Room 4", "agenda": "old maps"}
    found = read_change("When: 4/12 14:00\nWhere: Room 4\n", TOLD, 5, 0, sent, HOUSE, NOW, "en")
    assert found.changed == ("when",)
    assert found.told is not None
    assert found.told.ends - found.told.starts == ENDS - STARTS
    assert (found.told.place, found.capacity) == ("Room 4", 5)
    nothing = read_change("Thanks!", TOLD, 5, 0, sent, HOUSE, NOW, "en")
    assert [one.problem for one in nothing.questions] == ["nothing"]
    several = read_change("When:\n4/12 14:00\n5/12 14:00", TOLD, 5, 0, sent, HOUSE, NOW, "en")
    assert several.told is None


def test_an_own_spelling_of_an_earlier_value_is_no_change() -> None:
    before = (("where", "Room 9"),)
    found = read_change("Where: Room 9", TOLD, 0, 0, {"where": "Room 4"}, HOUSE, NOW, "en", before=before)
    assert found.told is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_letters_print_are_understood(language: str) -> None:
    say = catalogue(language).gettext
    online = read(say("yes, online"), RSVP, language).decided
    assert online is not None
    assert online.meaning is Meaning.ONLINE
    booked = read_dates(say("book 2"), 3, language).answers
    assert [(one.number, one.meaning) for one in booked] == [(2, Meaning.BOOK)]
    example = read(say("1 yes, 2 maybe, 3 no"), POLL, language, [Item(1), Item(2), Item(3)])
    assert [one.meaning for one in example.answers] == [Meaning.CAN, Meaning.MAYBE, Meaning.CANNOT]
    assert phrases()[words_of(say("who is coming"))] is Command.COMING
    example_text = "Please answer this letter with the day that you choose, for example “book 2”."
    assert say("book 2") in say(example_text)


@pytest.mark.parametrize(
    ("can", "maybe", "expected"),
    [((2, 1), (0, 5), (1,)), ((2, 2), (0, 1), (2,)), ((2, 2), (1, 1), (1, 2)), ((0, 0), (0, 0), ()), ((), (), ())],
)
def test_the_best_dates(can: tuple[int, ...], maybe: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert best(can, maybe) == expected
