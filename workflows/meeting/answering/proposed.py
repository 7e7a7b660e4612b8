"""Another time that a calendar proposes (METHOD:COUNTER, RFC 5546 §3.2.7), read as a time of the meeting. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mailsvc.clock import SECOND, Instant, to_datetime, to_instant
from workflows.meeting.foreign.reading import CalendarMessage
from workflows.meeting.store import Told


@dataclass(frozen=True, slots=True)
class Proposed:
    """The time from `starts` to `ends` (exclusive); whole days from midnight to midnight in the meeting's zone."""

    starts: Instant
    ends: Instant
    whole: bool


def proposed(message: CalendarMessage, told: Told, zone: str) -> Proposed | None:
    """What is proposed instead of what `told` says; None where it is the same time, or none at all.

    Outlook writes a COUNTER also for whoever only wants to say something with the time that there is. `zone` is the
    site's. One without an end is as long as the meeting.
    """
    if message.start is None:
        return None
    if message.whole_day:
        where = ZoneInfo(message.zone or zone)
        first = to_datetime(message.start, where).date()
        after = to_datetime(message.end, where).date() if message.end is not None else first
        ours = ZoneInfo(told.zone)
        found = Proposed(_midnight(first, ours), _midnight(max(after, first + timedelta(days=1)), ours), whole=True)
    else:
        length = told.ends - told.starts
        end = message.end if message.end is not None and message.end > message.start else message.start + length
        found = Proposed(message.start, Instant(end), whole=False)
    same = (found.starts // SECOND, found.ends // SECOND, found.whole)
    return None if same == (told.starts // SECOND, told.ends // SECOND, told.whole_day) else found


def _midnight(day: date, zone: ZoneInfo) -> Instant:
    return to_instant(datetime.combine(day, time(), zone))
