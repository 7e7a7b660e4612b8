"""The day until which somebody wants no posts, read from what they wrote behind `pause`. Pure.

`till DATE` names the first day back, `t.o.m. DATE` the last day away (words.md §6); a stretch of days is away whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mailsvc.message.said_dates import Kind, find_dates, plain

LONGEST: Final = timedelta(days=2 * 366)
_DAY: Final = timedelta(days=1)
_THROUGH: Final = re.compile(r"\b(?:through|thru|including|t\.?\s?o\.?\s?m|(?:och|og) med)\b")
_WRONG_SIDE: Final = re.compile(r"\b(?:from|since|after|från|efter|fra|frå|etter|fr\.?o\.?m)\W*$")


@dataclass(frozen=True, slots=True)
class Pause:
    """`back` is the first day with posts again; the day before it is the last without."""

    back: date

    @property
    def last(self) -> date:
        """The last day without posts."""
        return self.back - _DAY


class NotUnderstood(ValueError):
    """There is no one day in what was written."""


class Passed(ValueError):
    """The day is today or over, or so far away that it must be a mistake."""


class Later(ValueError):
    """It is a stretch that begins only later."""


def read_pause(argument: str, today: date, language: str) -> Pause:
    """The pause that `argument` asks for. Raises NotUnderstood, Passed or Later."""
    text = plain(argument)
    found = find_dates(text, today, language)
    if len(found) != 1:
        raise NotUnderstood
    said = found[0]
    before = text[: said.start]
    stretch = said.kind is Kind.RANGE
    if not stretch and _WRONG_SIDE.search(before):
        raise NotUnderstood
    if stretch and said.first > today + _DAY:
        raise Later
    back = said.last + _DAY if stretch or _THROUGH.search(before) else said.first
    if not today < back <= today + LONGEST:
        raise Passed
    return Pause(back)
