"""The sentences of the pages in five languages: one module each, English is the source that the others are held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from mailsvc.clock import Instant, to_datetime
from mailsvc.web.words import da, en, nb, nn, sv

_CATALOGUE: Final[Mapping[str, Mapping[str, str]]] = {
    "en": en.WORDS,
    "sv": sv.WORDS,
    "da": da.WORDS,
    "nb": nb.WORDS,
    "nn": nn.WORDS,
}
# Babel's plain "en" is American: month before day, and am/pm.
_LOCALES: Final = {"en": "en_GB", "sv": "sv", "da": "da", "nb": "nb", "nn": "nn"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; `language` is also the page's `lang`."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """The sentence `key` with its values filled in; KeyError for an unknown key (a bug)."""
        return _CATALOGUE[self.language][key].format(**values)

    def maybe(self, key: str) -> str | None:
        """The sentence `key`, or None where there is none: for names that packages bring."""
        return _CATALOGUE[self.language].get(key)

    def count(self, key: str, number: int) -> str:
        """`key_one` or `key_many` for `number` of something; all five languages have these two forms."""
        return self(f"{key}_one" if number == 1 else f"{key}_many", n=number)

    def moment(self, at: Instant, zone: str, pattern: str = "EEE d MMM y, HH:mm") -> str:
        """A time in a zone as people write it (Babel's patterns)."""
        moment = to_datetime(at, ZoneInfo(zone))
        return str(format_datetime(moment, pattern, locale=_LOCALES[self.language]))

    def day(self, day: date, pattern: str = "d MMMM y") -> str:
        """A day as people write it."""
        return str(format_date(day, pattern, locale=_LOCALES[self.language]))

    def size(self, octets: int) -> str:
        """A file's size in words."""
        if octets < 1000:
            return self("size_bytes", n=octets)
        if octets < 1_000_000:
            return self("size_kb", n=round(octets / 1000))
        return self("size_mb", n=f"{octets / 1_000_000:.1f}".replace(".", "." if self.language == "en" else ","))


def words(language: str, otherwise: str = "en") -> Words:
    """The words of `language`, else those of `otherwise`, else English."""
    return Words(next((one for one in (language, otherwise) if one in _CATALOGUE), "en"))
