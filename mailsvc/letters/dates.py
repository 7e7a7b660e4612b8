"""Dates and times as people write them: weekday, date and 24-hour clock, in the five languages."""

from __future__ import annotations

from datetime import datetime
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


def day(at: datetime, language: str) -> str:
    """A day: `fredag 11 december 2026`."""
    return format_datetime(at, _DAY[language], locale=language)


def moment(at: datetime, language: str) -> str:
    """A moment: `fredag 11 december 2026 kl. 14.05`."""
    return format_datetime(at, f"{_DAY[language]} {_TIME.get(language, _NORDIC_TIME)}", locale=language)
