"""What one word says of every date of a poll: `all`, `all except 2`, `none`; pure, in five languages.

As in digests (words.md §2.3, §8) the dates that are excepted stay open, and the rest are answered. It is not asked back
here: a date is no decision, how the answer was read is shown at once, and the last answer counts.
"""

from __future__ import annotations

import re
from typing import Final

from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import POLL, ItemAnswer, Meaning
from mailsvc.cases.reading.text import clean
from mailsvc.cases.reading.words_phrases import EXCEPT

MOST_BEFORE: Final = 4  # lines: a greeting, a thank you
_BARE_NOT: Final = frozenset({"inte", "ikke", "ikkje", "not"})  # "alla kan inte 2" says too little
_ALL: Final = r"(?:all|alla|alle|allt|alt|samtliga|samtlige|any|ja alla)"
_DAYS: Final = (
    r"(?:(?:the |of the |de |dei )?(?:days?|dates?|times?|dagar|dagarna|datum|datumen|tider|tiderna|dage|dagene|datoer"
    r"|datoerne|dagane|datoene|datoane|dager|of them|tider)|together|tillsammans|sammen|saman)"
)
_NUMBERS: Final = r"(?:nr\.? |no\.? |den |the )?#?\d{1,2}(?:\s?(?:[+,&–-]|och|og|and)\s?#?\d{1,2})*"
_NONE: Final = re.compile(
    r"(?:none|none of them|ingen|inga|ingen av (?:dem|de|dagarna|dagene|dagane|dei)|inga av (?:dem|dagarna)"
    r"|(?:ingen|inga) (?:dagar |dage |dager )?(?:passar|passer|går|funkar|kan)|none works?)"
)
_TO: Final = re.compile(r"^(?:jag|jeg|eg|i) | (?:to|till|til|på|on)$")
_WITHIN: Final = re.compile(r"\d+|[–-]")


def _excepts() -> str:
    words = (one.strip().casefold() for one in EXCEPT.split("·"))
    kept = sorted({one for one in words if one and one not in _BARE_NOT}, key=lambda one: (-len(one), one))
    return "|".join(map(re.escape, kept))


_SAID: Final = re.compile(
    rf"(?P<before>[^\d]*?)(?<!\w){_ALL}(?!\w)(?: {_DAYS}(?!\w))?,? ?(?P<middle>[^\d]*?)"
    rf"(?:(?<!\w)(?:{_excepts()}) (?P<numbers>{_NUMBERS})(?P<after>[^\d]*))?"
)


def read_all(text: str, count: int, language: str) -> tuple[ItemAnswer, ...]:
    """The answers of a text with a line, after a greeting, that speaks of all `count` dates; () for any other text."""
    lines = [one for one in clean(text).split("\n") if one.strip()]
    for place, typed in enumerate(lines[:MOST_BEFORE]):
        line = " ".join(typed.casefold().split()).rstrip(".! ")
        found = _line(line, count, language)
        if found:
            harmless = _harmless(lines[:place], lines[place + 1 :], language)
            return tuple(ItemAnswer(one, said, words=typed.strip()) for one, said in found.items()) if harmless else ()
    return ()


def _line(line: str, count: int, language: str) -> dict[int, Meaning]:
    """What one line says of each date."""
    if _NONE.fullmatch(line):
        return dict.fromkeys(range(1, count + 1), Meaning.CANNOT)
    match = _SAID.fullmatch(line)
    if match is None:
        return {}
    meaning = _meaning([match[part] or "" for part in ("before", "middle", "after")], language)
    left = _numbers(match["numbers"] or "")
    if meaning is None or not left <= set(range(1, count + 1)):
        return {}
    return {number: meaning for number in range(1, count + 1) if number not in left}


def _meaning(parts: list[str], language: str) -> Meaning | None:
    """What is said of them all; nothing but "all" is that they suit."""
    said = [_TO.sub("", part.strip(" ,:;–-")).strip() for part in parts]
    words = [part for part in said if part and not read(part, POLL, language or None).nothing_said]  # a greeting
    if not words:
        return Meaning.CAN
    decided = [read(part, POLL, language or None).decided for part in words]
    found = {one.meaning if one is not None else None for one in decided}
    said_once = found.pop() if len(found) == 1 else None
    return said_once if said_once in (Meaning.CAN, Meaning.CANNOT, Meaning.MAYBE) else None


def _numbers(text: str) -> set[int]:
    """`2`, `2+3`, `2 och 4`, `2-4`."""
    found: set[int] = set()
    span = False
    for token in _WITHIN.findall(text):
        if not token.isdecimal():
            span = True
            continue
        number = int(token)
        found |= set(range(max(found), number + 1)) if span and found else {number}
        span = False
    return found


def _harmless(before: list[str], after: list[str], language: str) -> bool:
    """Whether the other lines say nothing against it: a greeting, a reason, a name."""
    decided = read("\n".join([*before, "ja", *after]), POLL, language or None).decided
    return decided is not None and decided.meaning is Meaning.CAN
