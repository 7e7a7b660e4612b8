"""Dates and times as people write them: weekday, date, ISO week and 24-hour clock, in the five languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_datetime

_DAY: Final = {
    "en": "EEEE d MMMM y",
    "sv": "EEEE d MMMM y",
    "da": "EEEE 'den' d. MMMM y",
    "nb": "EEEE d. MMMM y",
    "nn": "EEEE d. MMMM y",
}
_TIME: Final = {"en": "'at' HH:mm"}
_NORDIC_TIME: Final = "'kl.' HH.mm"
_WEEK: Final = {"en": "week", "sv": "v.", "da": "uge", "nb": "uke", "nn": "veke"}
_WHOLE: Final = {"en": "all day", "sv": "hela dagen", "da": "hele dagen", "nb": "hele dagen", "nn": "heile dagen"}
_AT: Final = {"en": "at"}
_NORDIC_AT: Final = "kl."


def day(at: datetime, language: str) -> str:
    """A day: `fredag 11 december 2026`."""
    return format_datetime(at, _DAY[language], locale=language)


def moment(at: datetime, language: str) -> str:
    """A moment: `fredag 11 december 2026 kl. 14.05`."""
    return format_datetime(at, f"{_DAY[language]} {_TIME.get(language, _NORDIC_TIME)}", locale=language)


def day_and_week(at: datetime, language: str) -> str:
    """`torsdag 3 december 2026 (v. 49)`."""
    return f"{day(at, language)} ({_WEEK[language]} {at.isocalendar().week})"


def span(start: datetime, end: datetime, language: str, whole_day: bool = False) -> str:
    """`torsdag 3 december 2026 (v. 49) kl. 13.00–14.30`, both local, `end` exclusive; a whole day has words for times.

    What goes over several days names both ends. KeyError for a language that is none of the five.
    """
    last = end - timedelta(microseconds=1) if end > start else start
    if whole_day:
        until = "" if last.date() == start.date() else f" – {day_and_week(last, language)}"
        return f"{day_and_week(start, language)}{until}, {_WHOLE[language]}"
    at = _AT.get(language, _NORDIC_AT)
    if last.date() != start.date():
        return " – ".join(f"{day_and_week(one, language)} {at} {_clock(one, language)}" for one in (start, end))
    midnight = "24.00" if language != "en" else "24:00"
    finish = midnight if end.date() != start.date() else _clock(end, language)
    return f"{day_and_week(start, language)} {at} {_clock(start, language)}–{finish}"


def _clock(at: datetime, language: str) -> str:
    return f"{at:%H:%M}" if language == "en" else f"{at:%H.%M}"
