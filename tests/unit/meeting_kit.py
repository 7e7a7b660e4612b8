"""A meeting and its people, for the tests of calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mailsvc.clock import Instant, to_instant
from workflows.meeting.calendar.event import Meeting, Party

STOCKHOLM = ZoneInfo("Europe/Stockholm")
US = Party("meeting+k7@networks.example.org", "Anna Berg via school-buildings")
BO = Party("bo@example.com", "Bo Åström")


def at(text: str, zone: str = "Europe/Stockholm") -> Instant:
    """A local time written in ISO as an Instant."""
    return to_instant(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


STAMP = at("2026-11-01T12:00")


def meeting(**changes: Any) -> Meeting:
    """A meeting of the forum for school buildings, changed as told."""
    one = Meeting(
        uid="m1@networks.example.org",
        sequence=0,
        start=at("2026-12-03T13:00"),
        end=at("2026-12-03T14:30"),
        zone="Europe/Stockholm",
        summary="School buildings: acoustics",
        location="Town hall, room 3",
        online="https://meet.example.org/abc",
        url="https://networks.example.org/g/school-buildings",
        description="Agenda:\n1. Introduction: Bo; 2. Cases\nBEGIN:VEVENT",
    )
    return replace(one, **changes)
