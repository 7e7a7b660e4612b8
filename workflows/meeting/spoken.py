"""What stands around what people mean: the greeting above it, and an answer that says that there is nothing."""

from __future__ import annotations

import re
from typing import Final

_GREETING: Final = re.compile(
    r"\s*(?:hejsan|hejsa|hej|heisann|hei|hallå|hallo|tjena|hello|hi|dear|kära|kjære|kære|god (?:morgon|morgen|dag))"
    r"(?: [^\W\d_][\w'’-]*){0,3}\s*[,.!:]*\s*(?:\n|$)",
    re.IGNORECASE,
)
_NONE: Final = re.compile(
    r"(?:nej|nei|no|nope|nix|niks|næ|nä)\b|(?:jag har |jeg har |eg har |i have |har )?"
    r"(?:inte något|inte någon|ikke noe|ikke noen|ikke noget|ikke nogen|ikkje noko|ikkje nokon|inget|inga|ingen"
    r"|ingenting|intet|nothing|none)\b",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 14


def without_greeting(text: str) -> str:
    """A text without the line that greets its readers, and without blank lines around it."""
    found = _GREETING.match(text)
    return (text[found.end() :] if found else text).strip()


def is_nothing(text: str) -> bool:
    """Whether somebody who was asked for something says that they have nothing: "Nej, ingen fråga den här gången".

    Short, and without a question: "Nej? Hur gör ni?" and "Ingen vet hur man gör. Vet ni?" ask something.
    """
    said = without_greeting(text)
    short = len(said.split()) <= _MOST_WORDS and len(said.splitlines()) <= 2
    return not said or (short and "?" not in said and ":" not in said and _NONE.match(said) is not None)
