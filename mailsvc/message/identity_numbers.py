"""Nordic personal identity numbers in text: found by date, form and checksum, so that a post with one is held.

Sweden, Norway and Finland have checksums; Denmark's no longer holds, there date and form must do. Forms that ordinary
numbers share (ten digits without a hyphen) count only beside a word that names what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Country(StrEnum):
    """Whose number it is; some Swedish and Danish ones have the same form."""

    SE = "SE"
    NO = "NO"
    FI = "FI"
    DK = "DK"


@dataclass(frozen=True, slots=True)
class Found:
    """text[start:end] is a personal identity number."""

    start: int
    end: int
    country: Country


_HYPHEN = "[-\u2010\u2011\u2012\u2013\u2212]"
_BEFORE = r"(?<![\w.,+/=@#-])"
_AFTER = r"(?![\w]|[-.,/][0-9])"
# Nordic numbers without their hyphen, or beginning like a telephone number, need such a word just before them.
_CUE = re.compile(
    r"(?:person(?:ligt?\s)?(?:nummer|numret|nummeret|nr)|p-?nr|pers\.?\s?nr|samordningsnummer|samordningsnr|cpr(?:-?n(?:umme)?r)?"
    r"|fødselsnummer|fødselsnr|fnr|d-nummer|henkilötunnus|hetu|sotu|identity\snumber|personal\snumber|ssn)"
    r"[\s.:(=er#–-]{0,12}$",
    re.IGNORECASE,
)
# After such a word the number is something else, whatever its checksum says.
_OTHER = re.compile(
    r"(?:isbn|issn|tel|tlf|tfn|telefon|mobil|mob|phone|fax|order|ordre|ordrenr|ordernr|faktura|fakturanr|invoice|ocr|kid"
    r"|bankgiro|plusgiro|bg|pg|konto|kontonr|kontonummer|iban|dnr|diarienr|diarienummer|ärende|sak|saksnr|sag|sagsnr"
    r"|journalnr|j\.?nr|org\.?\s?nr|orgnr|organisationsnummer|ref|referens|ean|artikel|artikelnr|version|kvitto|bokning)"
    r"[\s.:(#nr–-]{0,8}$",
    re.IGNORECASE,
)
_LOOK_BACK = 40

_SE = re.compile(rf"{_BEFORE}(?P<century>19|20)?(?P<y>[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})"
                 rf"(?P<sep>{_HYPHEN}|[+ ])?(?P<n>[0-9]{{4}}){_AFTER}")  # fmt: skip
_NO = re.compile(
    rf"{_BEFORE}(?P<d>[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<y>[0-9]{{2}})(?:{_HYPHEN}| )?(?P<n>[0-9]{{5}}){_AFTER}"
)
_FI = re.compile(
    rf"{_BEFORE}(?P<d>[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<y>[0-9]{{2}})(?P<sep>[-+A-FU-Y\u2010\u2011\u2013])"
    rf"(?P<n>[0-9]{{3}})(?P<check>[0-9A-FHJ-NPR-Y]){_AFTER}"
)
_DK = re.compile(
    rf"{_BEFORE}(?P<d>[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<y>[0-9]{{2}})(?P<sep>{_HYPHEN}| )?(?P<n>[0-9]{{4}}){_AFTER}"
)
_SIX_DIGITS = re.compile(r"[0-9]{6}")  # a date; every form above has one
_FI_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def find(text: str) -> tuple[Found, ...]:
    """All numbers in the order of the text, not overlapping; linear work."""
    if not _SIX_DIGITS.search(text):
        return ()
    candidates: list[Found] = []
    checks: tuple[tuple[Country, re.Pattern[str], Callable[[re.Match[str], bool], bool]], ...] = (
        (Country.SE, _SE, _is_swedish),
        (Country.NO, _NO, _is_norwegian),
        (Country.FI, _FI, _is_finnish),
        (Country.DK, _DK, _is_danish),
    )
    for country, pattern, check in checks:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
            cue = bool(_CUE.search(before))
            if (cue or not _OTHER.search(before)) and check(match, cue):
                candidates.append(Found(match.start(), match.end(), country))
    found: list[Found] = []
    for one in sorted(candidates, key=lambda one: one.start):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return tuple(found)


def mask(text: str) -> str:
    """`text` with every digit and letter of a found number replaced by `*`; its form stays visible."""
    out: list[str] = []
    place = 0
    for one in find(text):
        out.append(text[place : one.start])
        out.append(re.sub(r"[0-9A-Z]", "*", text[one.start : one.end]))
        place = one.end
    return "".join(out) + text[place:]


def _is_swedish(match: re.Match[str], cue: bool) -> bool:
    """Personnummer and samordningsnummer (day + 60): date and the Luhn digit over the last ten."""
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    digits = match["y"] + match["m"] + match["d"] + match["n"]
    day = day - 60 if day > 60 else day
    century = match["century"]
    years = [int(century + match["y"])] if century else [1900 + year, 2000 + year]
    if not any(_is_date(one, month, day) for one in years) or not _luhn(digits):
        return False
    if match["sep"] in ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2212", "+") or century:
        return True
    # Ten digits beginning with 0 are a telephone number far more often.
    return cue or not digits.startswith("0")


def _is_norwegian(match: re.Match[str], _cue: bool) -> bool:
    """Fødselsnummer, D-number (day + 40), H-number (month + 40): date and two digits modulo 11."""
    day, month, year = int(match["d"]), int(match["m"]), int(match["y"])
    day = day - 40 if day > 40 else day
    month = month - 40 if month > 40 else month
    if not any(_is_date(century + year, month, day) for century in (1800, 1900, 2000)):
        return False
    digits = [int(char) for char in match["d"] + match["m"] + match["y"] + match["n"]]
    first = 11 - sum(a * b for a, b in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), digits, strict=False)) % 11
    second = 11 - sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), digits, strict=False)) % 11
    return first % 11 == digits[9] and second % 11 == digits[10]


def _is_finnish(match: re.Match[str], _cue: bool) -> bool:
    """Henkilötunnus: date with the century's sign, and the letter that is the number modulo 31."""
    sign = match["sep"]
    century = 1800 if sign == "+" else 2000 if sign in "ABCDEF" else 1900
    if not _is_date(century + int(match["y"]), int(match["m"]), int(match["d"])) or match["n"] in ("000", "001"):
        return False
    return _FI_CHECK[int(match["d"] + match["m"] + match["y"] + match["n"]) % 31] == match["check"]


def _is_danish(match: re.Match[str], cue: bool) -> bool:
    """CPR: a date, a hyphen, four digits of which the first tells the century; without hyphen only beside a word."""
    if match["sep"] in (None, " ") and not cue:
        return False
    year, sign = int(match["y"]), int(match["n"][0])
    if sign <= 3:
        century = 1900
    elif sign in (4, 9):
        century = 2000 if year <= 36 else 1900
    else:
        century = 2000 if year <= 57 else 1800
    return _is_date(century + year, int(match["m"]), int(match["d"]))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    total = 0
    for place, char in enumerate(digits):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
