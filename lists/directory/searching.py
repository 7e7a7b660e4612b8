"""Finding groups and people by words in five languages: accents and small words do not matter. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

LONGEST_QUERY: Final = 300
MOST_WORDS: Final = 12
LONGEST_WORD: Final = 60
PREFIX: Final = 3  # from so many letters on, a word's beginning finds it
INSIDE: Final = 5  # and from so many, the parts of a compound: "katalog" in "ämneskatalogisering"
ENDING: Final = 2  # letters of an ending that may differ
TITLE, PURPOSE, QUESTIONS, CHANNELS = 6, 3, 3, 1

_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "þ": "th", "ł": "l", "ß": "ss", "đ": "d"})
_DIGRAPH: Final = re.compile(r"aa|ae|oe")

# Words of questions and between words; a query of nothing else is looked for as it stands.
STOP_WORDS: Final = """
    a an and are about anybody anyone be by can could do does find for from have help how i in is it know knows me my of
    on or our please search somebody someone that the there this to us we what where which who whom with works work you
    arbetar att av de del den det dig du eller en ett finns for fran från för gärna har hej hitta hjälp hos hur i inte
    jag jobba jobbar kan kunna med mig min nagon någon nagot något och om på sök soker söker till under vad var vem vet
    vi vilka vilken vilket är
    af arbejder at der det dig eller er et findes finde fra gerne ham har hedder hej hjælp hos hvad hvem hvilke hvilken
    hvor hvordan i ikke jeg kan kender med mig min nogen noget og om på søg søger til ved vi
    arbeider de deg dei dere det eg ein eit eller er ei finn finne finnes finst fra frå han hei hjelp ho hva hvem hvilke
    i ikke ikkje jeg jobber kan kjenner kor korleis kva kven kven med meg min noe noen noko nokon og om på søk søker til
    veit vet vi å
    nätverk nätverket netværk netværket nettverk nettverket network networks grupp gruppe group
"""


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Text as it is compared: small letters without accents; å, aa and a are alike, and so are ø, ö, oe and o."""
    return _folded(text)


def _folded(text: str) -> str:
    small = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(one for one in small if not unicodedata.combining(one)).translate(_LETTERS)
    return _DIGRAPH.sub(lambda match: match[0][0], plain)


_STOPS: Final = frozenset(folded(one) for one in STOP_WORDS.split())


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query that say something, as they are compared, each once."""
    found = list(dict.fromkeys(_WORD.findall(folded(query[:LONGEST_QUERY]))))
    telling = [one for one in found if one not in _STOPS]
    return tuple((telling or found)[:MOST_WORDS])


def keywords(text: str, most: int) -> tuple[str, ...]:
    """The words of a text by which it is found, as they are compared, each once; at most `most`."""
    found = dict.fromkeys(_WORD.findall(_folded(text)))  # a long text is not kept in memory
    return tuple(one for one in found if 1 < len(one) <= LONGEST_WORD and one not in _STOPS)[:most]


def score(words: Iterable[str], parts: Iterable[tuple[str, int]]) -> int:
    """How well texts with their weights fit the words: 0 for not at all; whoever has more of the words comes first."""
    texts = [(_WORD.findall(folded(text)), weight) for text, weight in parts if text]
    total = matched = 0
    for word in words:
        best = max((weight * _fit(word, known) for known, weight in texts), default=0)
        total += best
        matched += best > 0
    return total + 100 * matched if total else 0


def _fit(word: str, known: Iterable[str]) -> int:
    best = 0
    for one in known:
        if one == word:
            return 4
        if len(word) >= PREFIX and one.startswith(word):
            best = max(best, 3)
        elif len(word) >= INSIDE and (word in one or _shared(word, one) >= max(INSIDE, len(word) - ENDING)):
            best = max(best, 2)
    return best


def _shared(word: str, other: str) -> int:
    """How many letters two words begin with alike: "kataloger" finds "katalogisering"."""
    return next(
        (place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )


def fits_name(words: Iterable[str], name: str) -> int:
    """How many of the words begin a part of a person's name; 0 unless one of them does."""
    parts = _WORD.findall(folded(name))
    return sum(
        1 for word in words if any(one == word or (len(word) >= PREFIX and one.startswith(word)) for one in parts)
    )
