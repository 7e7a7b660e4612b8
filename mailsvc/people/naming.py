"""Finding the person whom somebody names: by address, full name, first name, with or without accents; never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from mailsvc.message.address import fold

T = TypeVar("T")

LONGEST_NAME = 200

_PLAIN: Final = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "þ": "th", "ł": "l", "ß": "ss"})
_DIGRAPHS: Final = str.maketrans({"å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "ß": "ss"})
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_BEFORE: Final = re.compile(
    r"(?:to|till|til|åt|for|för|is|är|er|blir|som|named|heter|hedder|heiter|(?:min|my|vår|our) (?:kollega|colleague))"
    r"[\s:]+",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"\s+(?:please|thanks|thank you|instead|tack|tak|takk|gärna|gerne|gjerne|i\s?stället|i\s?stedet|i\s?staden|så länge"
    r"|for me|för mig|for mig|for meg|för min del|for now|so long)$",
    re.IGNORECASE,
)
# A full stop ends the name unless it stands behind an initial.
_NAME_END: Final = re.compile(r"[,;!?\n|]|(?<!\s\w)(?<!^\w)\.(?=\s|$)|\s[-–—/]+\s|:(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """A person who may be meant: `key` is what the caller knows them by, `addresses` are all of theirs."""

    key: T
    name: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class One(Generic[T]):
    """Exactly this person."""

    person: Named[T]


@dataclass(frozen=True, slots=True)
class Several(Generic[T]):
    """All these could be meant, in the order of the candidates: ask which."""

    people: tuple[Named[T], ...]


@dataclass(frozen=True, slots=True)
class Nobody:
    """No candidate has this name."""


Match: TypeAlias = One[T] | Several[T] | Nobody


def cleaned_name(text: str) -> str:
    """The name or address at the beginning of an argument: `Karin Berg, please` -> `Karin Berg`, "" where is none.

    An address anywhere in it wins over the name beside it.
    """
    text = unicodedata.normalize("NFC", text[:LONGEST_NAME]).replace("\u00a0", " ").strip()
    address = _ADDRESS.search(text)
    if address:
        return address[0].removeprefix("mailto:").rstrip(".")
    # What stands before the name may end in a colon: "till: Karin".
    text = text.lstrip(" \t:=-–—*\"'“”»«<>()[]")
    for _ in range(3):
        text = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    end = _NAME_END.search(text)
    text = text[: end.start()] if end else text
    shorter = _BEHIND.sub("", text)
    while shorter != text:
        text, shorter = shorter, _BEHIND.sub("", shorter)
    return re.sub(r"\s+", " ", text).strip(" \t:=-–—*\"'“”»«<>()[]")


def match_person(text: str, candidates: Iterable[Named[T]]) -> Match[T]:
    """Whom `text` (a name or an address, see `cleaned_name`) means among `candidates`.

    The surest kind of likeness that anybody has decides: an address; the whole name in any order; some of its words, or
    their first letters beside a whole word; a part of a double name. Several alike are all returned. Accents do not
    count and `å ä ö ø æ` may be written in two letters. Near misses are never taken: a question to the wrong person
    would show them what is not theirs.
    """
    people: dict[T, Named[T]] = {}
    for person in candidates:
        people.setdefault(person.key, person)
    wanted = fold(text)
    if wanted is not None:
        return _found([one for one in people.values() if any(fold(own) == wanted for own in one.addresses)])
    tokens = _tokens(text)
    if not tokens or all(len(token) == 1 for token in tokens):
        return Nobody()
    tests: tuple[Callable[[Named[T]], bool], ...] = (
        lambda one: _same(tokens, _tokens(one.name)),
        lambda one: _within(tokens, _tokens(one.name)),
        lambda one: _within(tokens, [part for token in _tokens(one.name) for part in token.split("-")]),
        lambda one: any(_same(tokens, _tokens(own.partition("@")[0])) for own in one.addresses),
    )
    for test in tests:
        found = [one for one in people.values() if test(one)]
        if found:
            return _found(found)
    return Nobody()


def _found(people: Sequence[Named[T]]) -> Match[T]:
    if len(people) == 1:
        return One(people[0])
    return Several(tuple(people)) if people else Nobody()


def _tokens(text: str) -> list[str]:
    """The words of a name in lower case; `Berg, Karin`, `karin.berg` and `Karin Berg` have the same."""
    text = unicodedata.normalize("NFC", text[:LONGEST_NAME]).casefold()
    words = (word.strip("-'’") for word in re.split(r"[^\w\-'’]+|_", text))
    return [word for word in words if word]


def _spellings(word: str) -> frozenset[str]:
    """A word without its accents, and with its letters written in two."""
    spelled = []
    for table in (_PLAIN, _DIGRAPHS):
        parts = unicodedata.normalize("NFD", word.translate(table))
        spelled.append("".join(char for char in parts if not unicodedata.combining(char)).replace("’", "'"))
    return frozenset(spelled)


def _alike(one: str, other: str) -> bool:
    return bool(_spellings(one) & _spellings(other))


def _same(tokens: Sequence[str], name: Sequence[str]) -> bool:
    return len(tokens) == len(name) and _within(tokens, name, initials=False)


def _within(tokens: Sequence[str], name: Sequence[str], *, initials: bool = True) -> bool:
    """Whether every word stands for another word of the name; an initial for one that begins so."""
    left = list(name)
    for token in sorted(tokens, key=len, reverse=True):
        fits = (word for word in left if _alike(token, word) or (initials and len(token) == 1 and _begins(word, token)))
        word = next(fits, None)
        if word is None:
            return False
        left.remove(word)
    return True


def _begins(word: str, initial: str) -> bool:
    return any(spelled.startswith(tuple(_spellings(initial))) for spelled in _spellings(word))
