"""What a person typed, as tokens that can be compared (words.md §1.1), each knowing its place in the typed text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple


class Token(NamedTuple):
    """One word (`w`), number (`n`), sign or emoji (`e`), punctuation mark (`p`) or line end (`l`)."""

    text: str
    kind: str
    start: int
    end: int


_QUOTES: Final = "’‘´`ʼ′＇"
_LONG_DASHES: Final = "–—―−"
_SHORT_DASHES: Final = "‐‑⁃"
_SPACES: Final = re.compile(r"[^\S\n]")
# Signs that several characters make up, and runs of word characters; the rest is taken one character at a time.
_PIECE: Final = re.compile(
    r"""(?P<e>:\+1:|:-1:|\([yn]\)|[:;]-?[)d](?![a-z]))
      | (?P<n>[0-9]+)
      | (?P<w>[^\W\d_]+(?:['-](?=[^\W\d_])[^\W\d_]+)*)
      | (?P<l>\n\s*)
      | (?P<s>[^\S\n]+)
      | (?P<c>.)""",
    re.VERBOSE | re.DOTALL,
)
_EMPHASIS: Final = frozenset("*_~")


def clean(text: str) -> str:
    """The typed text in composed form with plain line ends; reasons are cut from it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """One character as it is compared; empty when it does not count (zero width, emoji variants, skin tones)."""
    if char == "\n" or "a" <= char <= "z":
        return char
    if char in _QUOTES:
        return "'"
    if char in "“”„‟«»":
        return '"'
    if char in _LONG_DASHES:
        return "–"
    if char in _SHORT_DASHES:
        return "-"
    if char in "\u2028\u2029\x85\x0b\x0c":
        return "\n"
    category = unicodedata.category(char)
    if category in ("Cf", "Me", "Mn", "Cc", "Cs", "Co", "Cn") and char != "\t":
        return ""
    if "\U0001f3fb" <= char <= "\U0001f3ff" or char == "\ufffc":
        return ""
    if category == "So":
        return char
    plain = unicodedata.normalize("NFKC", char).casefold()
    return _SPACES.sub(" ", plain)


def tokens(typed: str) -> list[Token]:
    """The tokens of a text in one pass; `typed` should come from `clean`, offsets are into it."""
    flat, places = _flat(typed)
    found: list[Token] = []
    for match in _PIECE.finditer(flat):
        kind = match.lastgroup or "c"
        word = match.group()
        if kind == "s" or word in _EMPHASIS:
            continue
        if kind == "c":
            kind = "e" if unicodedata.category(word) in ("So", "Sk") or word == "\N{HEAVY BLACK HEART}" else "p"
        elif kind == "l":
            word = "\n\n" if word.count("\n") > 1 else "\n"
        found.append(Token(word, kind, places[match.start()], places[match.end() - 1] + 1))
    return found


def _flat(typed: str) -> tuple[str, Sequence[int]]:
    """The text as it is compared, and where each of its characters stands in `typed`; the end is the last place."""
    folds = {char: _folded(char) for char in set(typed)}
    if all(len(one) == 1 for one in folds.values()):  # nearly always: each character is compared as one
        return typed.translate({ord(char): one for char, one in folds.items() if char != one}), range(len(typed) + 1)
    folded: list[str] = []
    places: list[int] = []
    for index, char in enumerate(typed):
        for one in folds[char]:
            folded.append(one)
            places.append(index)
    places.append(len(typed))
    return "".join(folded), places


def words_of(phrase: str) -> tuple[str, ...]:
    """A table phrase as the token texts it is compared with."""
    return tuple(token.text for token in tokens(clean(phrase)))


_ABBREVIATED: Final = frozenset(
    {"kl", "ex", "bl", "ev", "evt", "dvs", "nr", "no", "ca", "pga", "mm", "osv", "jf", "jfr", "iht", "resp", "inkl"}
)


class Stream:
    """The tokens of one text with the questions the reader asks about places in it; `end` moves as the tail is cut."""

    __slots__ = ("end", "tokens", "typed")

    def __init__(self, typed: str, found: list[Token] | None = None) -> None:
        self.typed = typed
        self.tokens = tokens(typed) if found is None else found
        self.end = len(self.tokens)

    def part(self, *ranges: tuple[int, int]) -> Stream:
        """A stream of its own over some of the tokens, in order (an item of a list, without its number)."""
        return Stream(self.typed, [token for low, high in ranges for token in self.tokens[low:high]])

    def text(self, low: int, high: int) -> str:
        """What was typed between two tokens, without blanks around it."""
        high = min(high, self.end)
        return self.typed[self.tokens[low].start : self.tokens[high - 1].end].strip() if low < high else ""

    def shown(self, index: int) -> str:
        """One token as typed."""
        token = self.tokens[index]
        return self.typed[token.start : token.end]

    def is_mark(self, index: int, marks: str) -> bool:
        """Whether a punctuation mark of `marks` stands here."""
        return 0 <= index < self.end and self.tokens[index].kind == "p" and self.tokens[index].text in marks

    def line_starts(self, index: int) -> bool:
        """Whether this is the first token of a line."""
        return index == 0 or self.tokens[index - 1].kind == "l"

    def line_end(self, index: int, most: int | None = None) -> int:
        """The line end at or after this place; looks no further than `most` tokens."""
        last = self.end if most is None else min(self.end, index + most)
        while index < last and self.tokens[index].kind != "l":
            index += 1
        return index

    def dash(self, index: int) -> bool:
        """A dash that separates: a long one, or a short one with a blank on a side (`ja-sägare` has none)."""
        if not self.is_mark(index, "-–"):
            return False
        token = self.tokens[index]
        if token.text == "–":
            return True
        before = self.tokens[index - 1].end if index else -1
        after = self.tokens[index + 1].start if index + 1 < self.end else -1
        return before != token.start or after != token.end

    def separates(self, index: int) -> bool:
        """Whether an answer word may end here and its reason begin behind: end, line end, or one of `. , ! : ; – (`."""
        if index < 0 or index >= self.end or self.tokens[index].kind == "l":
            return True
        return self.is_mark(index, ".,!:;(") or self.dash(index)

    def clause_ends(self, index: int) -> bool:
        """Whether a new clause may begin behind this token."""
        return self.separates(index) or self.is_mark(index, '?/)"&')

    def sentence_ends(self, index: int) -> bool:
        """Whether the sentence ends with this token: `. ! ?` or a line end, not inside numbers and abbreviations."""
        if index >= self.end:
            return True
        token = self.tokens[index]
        if token.kind == "l":
            return not self._wrapped(index)
        if token.kind != "p" or token.text not in ".!?":
            return False
        if token.text != ".":
            return True
        return not self._inner_dot(index)

    def _inner_dot(self, index: int) -> bool:
        """A dot that ends no sentence: glued to what follows, part of `...`, or behind an abbreviation."""
        token = self.tokens[index]
        following = self.tokens[index + 1] if index + 1 < self.end else None
        if following is not None and following.start == token.end and following.kind in "wn":
            return True
        before = self.tokens[index - 1] if index else None
        dots = (following is not None and following.text == ".") or (before is not None and before.text == ".")
        if dots:
            return following is not None and following.kind != "l"
        if before is None or following is None or following.kind == "l" or before.end != token.start:
            return False
        return before.text in _ABBREVIATED or (before.kind == "w" and len(before.text) == 1)

    def _wrapped(self, index: int) -> bool:
        """A line end that a mail program made: after a comma, or after a long line without a full stop."""
        if self.tokens[index].text == "\n\n" or index == 0:
            return False
        before = self.tokens[index - 1]
        if before.kind == "p" and before.text in ",;:–-":
            return True
        if before.kind in "pe":
            return False
        return self._line_length(index) >= _WRAPPED_LINE

    def _line_length(self, index: int) -> int:
        """How many characters the line has that ends here."""
        end = self.tokens[index].start
        return end - (self.typed.rfind("\n", max(0, end - _WRAPPED_LINE - 1), end) + 1) if end else 0

    def named(self, index: int) -> bool:
        """Whether a word stands here that is written like a name: a capital, then small letters (`Anna`, `A`)."""
        if index >= self.end or self.tokens[index].kind != "w":
            return False
        word = self.shown(index)
        return word[:1].isupper() and (len(word) == 1 or not word[1:].isupper())


_WRAPPED_LINE: Final = 55
