"""Saying when a meeting is: weekday, date, ISO week and the 24-hour clock, in five languages; we read it back too."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mailsvc.clock import to_datetime
from mailsvc.letters.dates import day_and_week, span
from workflows.meeting.when.model import Slot

say_day = day_and_week


def say_slot(slot: Slot, zone: ZoneInfo, language: str) -> str:
    """See `mailsvc.letters.dates.span`; `language` is en, sv, da, nb or nn (KeyError for others)."""
    return span(to_datetime(slot.start, zone), to_datetime(slot.end, zone), language, slot.whole_day)
