"""How the word tables are cut up and spelled: cells, the three spellings of every word, and the item words of lists."""

from __future__ import annotations

import re
from typing import Final

SEPARATOR: Final = " · "

# words.md §1.2: as written, without the dots and rings, and with two letters for one; é is often left out too.
_STRIPPED: Final = str.maketrans("åäöøæéÅÄÖØÆÉ", "aaooaeAAOOAE")
_DOUBLED: Final = {"å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "é": "e"}

# A spelling that words.md §6 says is no word: sv `nä`/da `næ` without dots is nb/da/sv something else.
NOT_WORDS: Final = frozenset({"na", "nå", "naa"})

ITEM_WORDS: Final = frozenset(
    {"nr", "no", "nummer", "number", "punkt", "pkt", "sak", "p", "item", "point", "ärende", "sag"}
)
RANGE_WORDS: Final = frozenset({"till", "til"})
AND_WORDS: Final = frozenset({"och", "og", "and"})
BUT_WORDS: Final = frozenset({"men", "but", "samt"})
TO_WORDS: Final = frozenset({"till", "til", "to", "på", "pa", "paa", "for", "för"})

# Dictated numbers (words.md §2.3): the same spelling is the same number in every language.
NUMBER_WORDS: Final[dict[str, int]] = {
    "one": 1, "ett": 1, "en": 1, "et": 1, "ein": 1, "eitt": 1,
    "two": 2, "två": 2, "tva": 2, "tvaa": 2, "to": 2,
    "three": 3, "tre": 3,
    "four": 4, "fyra": 4, "fire": 4,
    "five": 5, "fem": 5,
}  # fmt: skip

# Those of them that are articles or English words too.
ARTICLES: Final = frozenset({"one", "ett", "en", "et", "ein", "eitt", "to", "fire"})

# `delegate 2 to Karin`: words that take the number between themselves and their "to".
DELEGATE_WORDS: Final = frozenset({"delegate", "delegera", "uddeleger", "deleger"})

# Months as they begin in all five languages: a number before one is a day, no item.
MONTHS: Final = (
    "jan", "feb", "mar", "apr", "maj", "mai", "may", "jun", "jul", "aug", "sep", "okt", "oct", "nov", "dec", "des",
)  # fmt: skip

CASE_WORDS: Final = ("ärende", "arende", "aerende", "sag", "sak", "case")


def cells(text: str) -> list[str]:
    """The words of one table cell, the printed one first."""
    return [word.strip() for word in text.split(SEPARATOR) if word.strip()]


def spellings(word: str) -> set[str]:
    """The three spellings of a table word (words.md §1.2), and each without its apostrophe."""
    doubled = "".join(_DOUBLED.get(char, char) for char in word.lower())
    found = {word, word.translate(_STRIPPED), doubled}
    found |= {re.sub(r"['’]", "", one) for one in found}
    return {one for one in found if one.lower() not in NOT_WORDS}
