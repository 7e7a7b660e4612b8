"""The days on which public offices of a country are closed although the week says otherwise.

Public holidays come from the library `holidays`; the eves on which offices close as a custom are chosen here
(docs/decisions/working-days.md). Half days are working days: somebody reads mail on them.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from holidays import HolidayBase

# The library knows these as well, mixed with days on which offices are open: month and day, the same every year.
_CHRISTMAS_EVE: Final = (12, 24)
_NEW_YEARS_EVE: Final = (12, 31)
_CONSTITUTION_DAY: Final = (6, 5)

_CUSTOM: Final = {
    "SE": (_CHRISTMAS_EVE, _NEW_YEARS_EVE),
    "DK": (_CONSTITUTION_DAY, _CHRISTMAS_EVE, _NEW_YEARS_EVE),
    "NO": (_CHRISTMAS_EVE, _NEW_YEARS_EVE),
    "FI": (_CHRISTMAS_EVE, _NEW_YEARS_EVE),
}


def is_holiday(day: date, country: str) -> bool:
    """Whether offices in `country` (SE, DK, NO, FI) are closed on `day` for a holiday; "" knows none.

    KeyError for other countries. Weekends are no holidays unless a holiday falls on them.
    """
    return bool(country) and day in _of_year(day.year, country)


@lru_cache(maxsize=64)
def _of_year(year: int, country: str) -> frozenset[date]:
    return frozenset(_public(year, country)) | {date(year, month, day) for month, day in _CUSTOM[country]}


@cache
def prepare() -> None:
    """Load the library: it takes as long as everything else that a command of the command line needs, so late."""
    import holidays.countries  # noqa: F401 - as said


def _public(year: int, country: str) -> HolidayBase:
    prepare()
    from holidays.constants import DE_FACTO, PUBLIC
    from holidays.countries import Denmark, Finland, Norway, Sweden

    match country:
        case "SE":
            return Sweden(years=year, categories=(PUBLIC, DE_FACTO), include_sundays=False)
        case "DK":
            return Denmark(years=year, categories=(PUBLIC,))
        case "NO":
            return Norway(years=year, categories=(PUBLIC,), include_sundays=False)
        case "FI":
            return Finland(years=year, categories=(PUBLIC,))
    raise KeyError(country)
