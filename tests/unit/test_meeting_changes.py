"""What the caller of one meeting writes back in sentences, in five languages: moved, off, or only thanked for."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from mailsvc.clock import to_datetime
from tests.unit.test_meeting_plan import ENDS, HOUSE, NOW, STARTS, TOLD
from workflows.meeting.changes import Change, cancels, read_change
from workflows.meeting.spoken import content


def read(text: str) -> Change:
    return read_change(text, TOLD, 0, 0, {}, HOUSE, NOW, "")


def moved(change: Change) -> str:
    if change.told is None:
        return " ".join(one.problem for one in change.questions)
    at = to_datetime(change.told.starts, ZoneInfo("Europe/Stockholm"))
    return f"{at:%m-%d %H:%M}" if change.told.starts != STARTS else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When: 14:00", "12-03 14:00"),
        ("När: kl 14", "12-03 14:00"),
        ("Hvornår: 4. december", "12-04 13:00"),
        ("Når: fredag 4. desember", "12-04 13:00"),
        ("Move it to 4 December 14:00", "12-04 14:00"),
        ("Hej!\n\nVi flyttar mötet till fredag 4/12 kl 14\n\nMvh\nKarin", "12-04 14:00"),
        ("Vi må dessverre flytte møtet til 4. desember kl. 14.", "12-04 14:00"),
        ("Vi flytter mødet til kl. 14", "12-03 14:00"),
        ("When: on Friday 14-15", "which_day"),  # this week's, or that of the meeting
        ("När: på fredag kl 14", "which_day"),
        ("When: 24 December", "closed"),
        ("Kan vi flytta mötet till 4/12 kl 14?", "nothing"),
        ("Vi flyttar mötet till 4/12 kl 14 om salen är ledig", "not_understood"),
        ("När: 4 december kl 14 eller 15", "too_many"),
    ],
)
def test_another_time(text: str, expected: str) -> None:
    found = read(text)
    assert moved(found) == expected
    if found.told is not None:
        assert found.told.ends - found.told.starts == ENDS - STARTS
        assert found.changed == ("when",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Please cancel", ""),
        ("We have to cancel the meeting: no room", "no room"),
        ("Unfortunately, the meeting is cancelled because Karin is ill", "Karin is ill"),
        ("Hej!\n\nVi ställer in mötet, Karin är sjuk", "Karin är sjuk"),
        ("Vi måste tyvärr ställa in", ""),
        ("Mötet är tyvärr inställt.", ""),
        ("Vi er nødt til at aflyse mødet - Mette er syg", "Mette er syg"),
        ("Mødet er desværre aflyst", ""),
        ("Vi må dessverre avlyse møtet.", ""),
        ("Møtet vert avlyst: Gro er sjuk", "Gro er sjuk"),
    ],
)
def test_it_is_off(text: str, reason: str) -> None:
    assert cancels(text) == (True, reason)


@pytest.mark.parametrize(
    "text",
    [
        "Ställ in mötet om Karin är sjuk",
        "Ställ in, om ingen säger nej",
        "Vi ställer inte in mötet",
        "Mötet är inte inställt",
        "We will not cancel",
        "Skal vi aflyse mødet?",
        "Avlys, eller?",
        "Vi må kanskje avlyse",
        "Cancel unless somebody comes",
    ],
)
def test_it_is_not_off(text: str) -> None:
    assert cancels(text) == (False, "")


@pytest.mark.parametrize(
    "text", ["Thanks!", "Tack!", "Tak for det", "Takk!", "Hej!\nTack så mycket!", "OK", "Tusen takk!\n\nGro"]
)
def test_thanks_ask_for_nothing(text: str) -> None:
    assert content(text)
    assert [one.problem for one in read(text).questions] == ["nothing"]


@pytest.mark.parametrize(
    "text", ["", "Kan vi ta en annan sal?", "Byt sal", "Tack, men ta sal 7", "Tack!\nByt till sal sju sedan tack"]
)
def test_what_asks_for_something(text: str) -> None:
    assert not content(text)
