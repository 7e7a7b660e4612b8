"""What the caller's own calendar does not know of: merging what it says, and the proposal of a new time to it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
import pytest
from icalendar import Calendar

from tests.unit.meeting_kit import BO, STAMP, US, at, meeting
from workflows.meeting.calendar import invitation
from workflows.meeting.outside.own import differing, merged
from workflows.meeting.store import Told

SAID = Told("Maps", 1_000, 2_000, "Europe/Stockholm", place="Room 4", link="https://a.example.org", agenda="Old")
CHANGES: dict[str, dict[str, object]] = {
    "when": {"starts": 5_000, "ends": 6_000},
    "where": {"place": "Room 9"},
    "link": {"link": ""},
    "title": {"title": "Charts"},
    "agenda": {"agenda": "New"},
}


def changed(told: Told, *names: str, mark: str = "") -> Told:
    """`told` with these changed; `mark` makes texts of this change differ from the other's."""
    given = {key: value for name in names for key, value in CHANGES[name].items()}
    marked = {key: value + mark if isinstance(value, str) and mark else value for key, value in given.items()}
    return msgspec.structs.replace(told, **marked)


@pytest.mark.parametrize("mail", [(), *itertools.combinations(CHANGES, 1), *itertools.combinations(CHANGES, 2)])
@pytest.mark.parametrize("calendar", [(), ("when",), ("where", "link"), ("title", "agenda")])
def test_each_keeps_what_only_it_has_changed_and_the_calendar_is_newer(
    mail: tuple[str, ...], calendar: tuple[str, ...]
) -> None:
    ours = changed(SAID, *mail)
    now = changed(SAID, *calendar, mark=" (in the calendar)")
    found = merged(SAID, now, ours)
    assert set(differing(found, ours)) <= set(calendar)
    for name in CHANGES:
        expected = now if name in differing(SAID, now) else ours
        assert name not in differing(found, expected), name
    assert merged(now, now, found) == found, "the same message again changes nothing"


def test_a_zone_that_is_called_otherwise_is_no_other_time() -> None:
    assert differing(SAID, msgspec.structs.replace(SAID, zone="Europe/Oslo", how="online")) == ()


def lines(content: bytes) -> dict[str, str]:
    """Name with parameters -> value of the event's lines."""
    text = content.replace(b"\r\n ", b"").decode().partition("BEGIN:VEVENT")[2]
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def test_a_proposal_echoes_the_callers_event_and_says_both_times() -> None:
    entry = meeting(uid="theirs@example.com", sequence=3, recurrence_id=at("2026-12-03T13:00"))
    proposed = replace(entry, start=at("2026-12-04T09:00"), end=at("2026-12-04T10:30"))
    content = invitation.counter(entry, proposed, BO, US, STAMP, "A new time")
    found = lines(content)
    assert b"\r\nMETHOD:COUNTER\r\n" in content
    assert (found["UID"], found["SEQUENCE"]) == ("theirs@example.com", "3")
    assert found["DTSTART;TZID=Europe/Stockholm"] == "20261204T090000"
    assert found["RECURRENCE-ID;TZID=Europe/Stockholm"] == "20261203T130000"
    assert (found["X-MS-OLK-ORIGINALSTART"], found["X-MS-OLK-ORIGINALEND"]) == ("20261203T120000Z", "20261203T133000Z")
    event = next(iter(Calendar.from_ical(content.decode()).walk("VEVENT")))
    assert event["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"
    assert "STATUS" not in event


def test_a_whole_day_is_proposed_as_days() -> None:
    entry = meeting(whole_day=True, start=at("2026-12-03T00:00"), end=at("2026-12-04T00:00"))
    proposed = replace(entry, start=at("2026-12-07T00:00"), end=at("2026-12-08T00:00"))
    content = invitation.counter(entry, proposed, BO, US, STAMP)
    assert lines(content)["DTSTART;VALUE=DATE"] == "20261207"
    assert lines(content)["X-MS-OLK-ORIGINALSTART;VALUE=DATE"] == "20261203"
    assert lines(content)["X-MS-OLK-ORIGINALEND;VALUE=DATE"] == "20261204"
