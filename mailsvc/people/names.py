"""Finding the person that somebody names in an answer: `delegate to Karin`, `stand-in Per Holm`. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from mailsvc.people.store import Person

_LETTERS = str.maketrans({"ø": "o", "æ": "a", "å": "a", "ä": "a", "ö": "o", "ð": "d", "þ": "th", "ß": "ss"})


def matching(name: str, candidates: Sequence[Person]) -> list[Person]:
    """The candidates that `name` may mean: by address, by the whole name, else by every word of it.

    Case, accents and the order of the words do not matter. One means it is clear; several that it must be asked.
    """
    typed = name.strip().strip("<>\"'.,:;").casefold()
    by_address = [one for one in candidates if one.folded == typed or one.address.casefold() == typed]
    if by_address:
        return by_address
    words = _words(typed)
    if not words:
        return []
    whole = [one for one in candidates if _words(one.name) == words]
    return whole or [one for one in candidates if words <= _words(one.name)]


def _words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return frozenset(re.findall(r"\w+", plain))
