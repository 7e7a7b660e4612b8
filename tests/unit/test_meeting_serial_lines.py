"""What the caller of a series writes about single meetings, in five languages; a question cancels nothing."""

from __future__ import annotations

import pytest

from mailsvc.clock import to_datetime
from tests.unit.test_meeting_serial_hour import HOUSE, MINUTE, ZONE, at
from workflows.meeting.changes import cancels
from workflows.meeting.series.serial import Coming, Wish, read_wish

NOW = at("2026-11-23T10:00")
COMING = tuple(
    Coming(number, int(at(day)), int(at(day)) + 90 * MINUTE)
    for number, day in enumerate(
        ("2027-01-07T13:00", "2027-01-14T13:00", "2027-01-21T13:00", "2027-01-28T13:00", "2027-03-04T13:00"), 1
    )
)


def read(text: str, language: str = "sv") -> Wish:
    return read_wish(text, COMING, {"where": "Room 4"}, HOUSE, NOW, language)


def done(wish: Wish) -> list[str]:
    """The meetings and what happens to them: `2 cancel: reason`, `2 move 01-15 09:00`, `2 change 01-15 09:00`."""
    out = []
    for deed in wish.deeds:
        when = f" {to_datetime(deed.time.starts, ZONE):%m-%d %H:%M}" if deed.time is not None else ""
        out.append(f"{deed.meeting.case} {deed.what}{when}" + (f": {deed.reason}" if deed.reason else ""))
    return out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancel 14 January: no room", ["2 cancel: no room"]),
        ("Skip 14 January", ["2 cancel"]),
        ("No meeting on 14 January", ["2 cancel"]),
        ("Vi ställer in 14/1: Karin är sjuk", ["2 cancel: Karin är sjuk"]),
        ("Mötet den 14 januari utgår", ["2 cancel"]),
        ("14/1 ställs in, Karin är sjuk", ["2 cancel: Karin är sjuk"]),
        ("Ställ in 14/1, 21/1 och 28/1", ["2 cancel", "3 cancel", "4 cancel"]),
        ("Ställ in 14/1-28/1", ["2 cancel", "3 cancel", "4 cancel"]),
        ("Ställ in v. 2", ["2 cancel"]),
        ("Vi aflyser torsdag d. 14. januar", ["2 cancel"]),
        ("Aflys 14. januar, vi prøver igen i marts", ["2 cancel: vi prøver igen i marts"]),
        ("Vi avlyser 14. januar: Kari kan ikke", ["2 cancel: Kari kan ikke"]),
        ("Dropp 14. januar", ["2 cancel"]),
        ("14. januar er avlyst", ["2 cancel"]),
        ("Møtet 14. januar vert avlyst", ["2 cancel"]),
        ("move 14 January to 15 January 9:00", ["2 move 01-15 09:00"]),
        ("Vi flyttar 14 januari till 15 januari", ["2 move 01-15 13:00"]),
        ("Flytt møtet 14. januar til kl. 9", ["2 move 01-14 09:00"]),
        ("Ændr 14. januar til 15. januar kl. 9", ["2 move 01-15 09:00"]),
        ("Flytt 14/1 til fredag 15. januar kl. 9-11", ["2 move 01-15 09:00"]),
    ],
)
def test_one_meeting(text: str, expected: list[str]) -> None:
    wish = read(f"Hej!\n{text}\nMvh Karin")
    assert (done(wish), wish.questions) == (expected, ())


@pytest.mark.parametrize(
    "text",
    [
        "Cancel 14 January?",
        "Don't cancel 14 January",
        "Kan vi ställa in 14/1?",
        "Ställ inte in 14/1",
        "Avlys ikke 14. januar",
        "Aflys måske 14. januar",
        "Ställ in 14/1 men inte 21/1",
        "Vi ses 21/1 men 14/1 ställs in",
        "Ställ in 14/1 om Karin är sjuk 21/1",
        "Ställ in 14/1 och 3/2",
        "Ställ in mötet",
        "14/1 blir en timme senare",
        "Kan vi flytte 14. januar til 15. januar kl. 9?",
        "Ikke flytt 14. januar til 15. januar",
        "Flytt 14/1 og 21/1 til 15. januar kl. 9",
        "Flytta 14/1 till v. 5",
    ],
)
def test_what_may_mean_something_else_is_asked(text: str) -> None:
    wish = read(f"Hej!\n{text}\nMvh Karin")
    assert wish.deeds == ()
    assert len(wish.questions) == 1
    assert not wish.stops


def test_a_line_that_is_not_understood_is_asked_beside_one_that_is() -> None:
    wish = read("Ställ in 14/1\n21/1 blir kl 15 i stället")
    assert done(wish) == ["2 cancel"]
    assert [one.text for one in wish.questions] == ["21/1 blir kl 15 i stället"]


def test_time_and_place_for_all_are_one_change_for_each() -> None:
    wish = read("När: 14.00\nVar: Sal 7\nFlytta 21/1 till 22/1 kl 9")
    assert sorted(done(wish)) == [
        "1 change 01-07 14:00", "2 change 01-14 14:00", "3 change 01-22 09:00", "4 change 01-28 14:00",
        "5 change 03-04 14:00",
    ]  # fmt: skip
    assert {deed.text for deed in wish.deeds} == {"Var:\nSal 7"}


@pytest.mark.parametrize("text", ["Ställ in mötet?", "Cancel, or what do you think?", "Aflys, eller?"])
def test_a_question_about_one_meeting_cancels_nothing(text: str) -> None:
    assert cancels(text) == (False, "")
