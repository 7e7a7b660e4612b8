"""The days on which public offices of a country are closed although the week says otherwise.

Public holidays come from the library `holidays`; the eves on which offices close as a custom are chosen here
(docs/decisions/working-days.md). Half days are working days: somebody reads mail on them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

from holidays import HolidayBase
from holidays.constants import DE_FACTO, PUBLIC
from holidays.countries import Denmark, Finland, Norway, Sweden

# The library knows these as well, mixed with days on which offices are open: month and day, the same every year.
_CHRISTMAS_EVE: Final = (12, 24)
_NEW_YEARS_EVE: Final = (12, 31)
_CONSTITUTION_DAY: Final = (6, 5)

_PUBLIC: Final[dict[str, Callable[[int], HolidayBase]]] = {
    "SE": lambda year: Sweden(years=year, categories=(PUBLIC, DE_FACTO), include_sundays=False),
    "DK": lambda year: Denmark(years=year, categories=(PUBLIC,)),
    "NO": lambda year: Norway(years=year, categories=(PUBLIC,), include_sundays=False),
    "FI": lambda year: Finland(years=year, categories=(PUBLIC,)),
}
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
    public = _PUBLIC[country](year)
    return frozenset(public) | {date(year, month, day) for month, day in _CUSTOM[country]}
