"""What stands around what people mean: the greeting above it, and an answer that says that there is nothing."""

from __future__ import annotations

import difflib
import re
from typing import Final

from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import CONFIRM, Meaning

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
_MOST_OF_NAME: Final = 3  # words of a name below a line
_THANKS: Final = re.compile(
    r"(?:(?:ok|okej|fint|bra|toppen|perfekt|perfect|super|great|fine|good|flott|supert|fin)[ ,.!]*){0,2}"
    r"(?:(?:mange|tusen|många|stort|many) )?(?:tack|tak|takk|thanks|thank you)(?: so much| very much"
    r"| så mycket| för (?:det|hjälpen)| for (?:det|hjælpen|hjelpen|hjelpa|that)| skal du ha(?:ve)?)?[ .!]*",
    re.IGNORECASE,
)
NEARLY: Final = 0.6  # from here on two texts are one, written twice


def content(text: str) -> bool:
    """Whether somebody only thanks, or says that it is well: "Tack, det blir bra!"; nothing has to be done about it."""
    said, _, name = without_greeting(text).partition("\n")
    if len(name.split()) > _MOST_OF_NAME or "?" in name or any(char.isdigit() for char in name):
        return False
    decided = read(said, CONFIRM, None).decided
    return bool(_THANKS.fullmatch(said.strip())) or (decided is not None and decided.meaning is Meaning.YES)


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


def together(before: str, text: str) -> str:
    """What somebody wrote before and now: once where it is the same, or nearly."""
    if not before or text in before:
        return before or text
    reworded = before in text or difflib.SequenceMatcher(None, before.casefold(), text.casefold()).ratio() >= NEARLY
    return text if reworded else f"{before}\n\n{text}"
