"""Saying when a meeting is: weekday, date, ISO week and the 24-hour clock, in five languages; we read it back too."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from mailsvc.clock import to_datetime
from mailsvc.letters import dates
from workflows.meeting.when_model import Slot

_WEEK: Final = {"en": "week", "sv": "v.", "da": "uge", "nb": "uke", "nn": "veke"}
_WHOLE: Final = {"en": "all day", "sv": "hela dagen", "da": "hele dagen", "nb": "hele dagen", "nn": "heile dagen"}
_AT: Final = {"en": "at"}
_NORDIC_AT: Final = "kl."


def say_slot(slot: Slot, zone: ZoneInfo, language: str) -> str:
    """`torsdag 3 december 2026 (v. 49) kl. 13.00–14.30`; a whole day has words instead of a time.

    `language` is en, sv, da, nb or nn (KeyError for others). A meeting over several days names both ends.
    """
    start, end = to_datetime(slot.start, zone), to_datetime(slot.end, zone)
    last = to_datetime(slot.end - 1, zone) if slot.end > slot.start else start
    if slot.whole_day:
        until = "" if last.date() == start.date() else f" – {say_day(last, language)}"
        return f"{say_day(start, language)}{until}, {_WHOLE[language]}"
    at = _AT.get(language, _NORDIC_AT)
    if end.date() != start.date() and last.date() != start.date():
        ends = [f"{say_day(one, language)} {at} {_clock(one, language)}" for one in (start, end)]
        return " – ".join(ends)
    midnight = "24.00" if language != "en" else "24:00"
    finish = midnight if end.date() != start.date() else _clock(end, language)
    return f"{say_day(start, language)} {at} {_clock(start, language)}–{finish}"


def say_day(at: datetime, language: str) -> str:
    """`torsdag 3 december 2026 (v. 49)`."""
    return f"{dates.day(at, language)} ({_WEEK[language]} {at.isocalendar().week})"


def _clock(at: datetime, language: str) -> str:
    return f"{at:%H:%M}" if language == "en" else f"{at:%H.%M}"
