"""Whether somebody asks, anywhere in what they write, that their name is not kept: "Jag vill vara anonym." Pure."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 120  # characters of a sentence that only says this
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]*")
_WORDS: Final = re.compile(r"[^\W\d_]+")
# Whoever speaks of an anonymous survey uses other words as well, and asks for nothing.
_ABOUT_ONESELF: Final = frozenset(
    _WORDS.findall(
        "jag jeg eg i vi we mig mej meg me mitt mit min my vårt vores our namn navn name navnet namnet och og and"
        " men but vill vil önskar ønsker ønskjer föredrar foretrekker foretrækker føretrekkjer want wish prefer"
        " would like skulle ville vilja gärna gerne gjerne helst rather to at att å vara være vere bli blive"
        " förbli forbli forblive stay remain be keep håll hold halde hålla holde this it det detta dette den som"
        " as please tack tak takk thanks thank you vänligen vennligst venligst skriv skrive nämn nämna nevn nevne"
        " nævn nævne print use mention send skickar sender sendar är er am do don t här her in utan uden uten"
        " without inte ikke ikkje not så kan du ni can ok"
    )
)
_NAMED: Final = frozenset({"namn", "navn", "name", "navnet", "namnet"})
_NOT: Final = frozenset({"inte", "ikke", "ikkje", "not", "don"})
_WITHOUT: Final = frozenset({"utan", "uden", "uten", "without"}) | _NOT


def wish_in(text: str) -> tuple[int, int] | None:
    """Where the sentence stands that asks for it: the places before and behind it; None where none does."""
    for match in _SENTENCE.finditer(text):
        said = match[0].strip()
        if 0 < len(said) <= LONGEST and not said.endswith("?") and _asks(said.lower()):
            return match.start(), match.end()
    return None


def _asks(sentence: str) -> bool:
    words = set(_WORDS.findall(sentence))
    anonymous = {one for one in words if one.startswith("anonym")}
    if not (words - anonymous) <= _ABOUT_ONESELF:
        return False
    if anonymous:
        return not words & _NOT
    return bool(words & _NAMED and words & _WITHOUT)
