"""Reading the line by which somebody names who answers for them: `stand-in Karin 1/7–12/8`, in five languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from mailsvc.message.said_dates import Kind, Said, find_dates, plain, shown
from mailsvc.people.naming import cleaned_name

LONGEST_LINE = 300

_DAY: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=396)  # thirteen months: more is likelier a slip than a plan
_WORD: Final = re.compile(
    r"(?:stand-?\s?in|substitute"
    r"|ersättare|vikarie|ställföreträdare|ersattare|stallforetradare"
    r"|stedfortræder|vikar|afløser|stedfortraeder|afloeser"
    r"|stedfortreder|vara|varamedlem|stedfortredar|varamoderator|avløysar|avløser)(?=[\s:=]|$)"
)
_OFF: Final = r"(?:off|none|stop|end|ends|av|af|fra|slut|slutt|ingen|inga|inget|stopp|avsluta|avslut|afslut|avslutt)"
_NONE: Final = re.compile(rf"(?:no|ingen|inga|end|stop|avsluta|afslut|avslutt)\s+{_WORD.pattern}\s*[.!]?$")
_ENDED: Final = re.compile(rf"[\s:=]*{_OFF}\s*[.!]?$")
# What stands between a name and its dates.
_LEAD: Final = re.compile(
    r"[\s,:(]+(?:(?:from|starting|during|between|in|on|for|under|mellan|mellem|mellom|imellem|i|den|d\.|the|perioden"
    r"|from the|från(?:\s+och\s+med)?|fra(?:\s+og\s+med)?|frå(?:\s+og\s+med)?|fr\.?o\.?m\.?"
    r"|f\.?o\.?m\.?|uke|uge|vecka|veke|week|until|through|to|till(?:\s+och\s+med)?|til(?:\s+og\s+med)?|tills|t\.?o\.?m\.?|tom"
    r"|fram\s+till?|frem\s+til|indtil|inntil)[\s,]*){1,4}$"
)
_THROUGH: Final = re.compile(
    r"(?:through|to|till\s+och\s+med|til\s+og\s+med|t\.?o\.?m\.?|tom)[\s,]*(?:(?:den|d\.|the)\s*)?$"
)
_UNTIL: Final = re.compile(r"(?:until|tills?|til|indtil|inntil)[\s,]*(?:(?:den|d\.|the)\s*)?$")
_FROM: Final = re.compile(
    r"(?:from|starting|från|fra|frå|med|fr\.?o\.?m\.?|f\.?o\.?m\.?)[\s,]*(?:(?:den|d\.|the)\s*)?$"
)
_MED: Final = re.compile(r"ti?ll?\s+o(?:ch|g)\s+med[\s,]*(?:(?:den|d\.|the)\s*)?$")


class Doubt(StrEnum):
    """Why a line could not be carried out; the reply asks for what is missing.

    DATE_PASSED is also a date without a year that would be more than nine months ahead (words.md §7.5): which year?
    """

    NO_NAME = "no_name"
    DATE_PASSED = "date_passed"
    FAR_AHEAD = "far_ahead"


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who answers instead: `who` is a name or an address as written, from `first` to `last`, both included.

    `last` is None where no end is named. With `who` "" nobody stands in any more from `first` on.
    """

    who: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class StandInDoubt:
    """A line about a stand-in that must be asked back; `who` as far as it was found."""

    doubt: Doubt
    who: str = ""


Reading: TypeAlias = StandIn | StandInDoubt | None


def read_stand_in(line: str, today: date, language: str | None = None) -> Reading:
    """What a line says about a stand-in, None where it is no such line; never raises.

    Days come before months. `till DATE` ends the day before, `t.o.m. DATE` and the end of a range with that day
    (words.md §6). A year not written is the next such date. Without a beginning it is today; a beginning in the past
    with an end to come is fine.
    """
    original = shown(line[:LONGEST_LINE].strip())
    text = plain(line[:LONGEST_LINE].strip())
    if _NONE.match(text):
        return StandIn("", today, None)
    word = _WORD.match(text)
    if not word:
        return None
    if _ENDED.fullmatch(text, word.end()):
        return StandIn("", today, None)
    dates = [said for said in find_dates(text, today, language) if said.start >= word.end()]
    who = _who(original, text, word.end(), dates[:2])
    if not who:
        return StandInDoubt(Doubt.NO_NAME)
    first, last = _days(text, dates, today)
    if (last or first) < today:
        return StandInDoubt(Doubt.DATE_PASSED, who)
    if (last or first) - today > _AHEAD:
        return StandInDoubt(Doubt.FAR_AHEAD, who)
    return StandIn(who, max(first, today), last)


def _who(original: str, text: str, start: int, dates: list[Said]) -> str:
    """What is left of the line without the word and the dates."""
    kept = []
    place = start
    for said in dates:
        lead = _LEAD.search(text, place, said.start)
        kept.append(original[place : lead.start() if lead else said.start])
        place = said.end
    kept.append(original[place:])
    return next((name for part in kept if (name := cleaned_name(part))), "")


def _days(text: str, dates: list[Said], today: date) -> tuple[date, date | None]:
    """From when until when; `last` None without an end."""
    first, last = today, None
    for said in dates[:2]:
        before = text[max(0, said.start - 30) : said.start]
        if said.kind is Kind.RANGE:
            return said.first, said.last
        if _MED.search(before) or _THROUGH.search(before):
            last = said.last
        elif _UNTIL.search(before):
            last = said.first - _DAY
        elif _FROM.search(before):
            first = said.first
        elif len(dates) == 1:
            first, last = said.first, said.last
    return first, last
