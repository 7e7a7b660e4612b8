"""A form that came back, as rows: quote marks counted, what clients put between mails and our own text cut.

The whole body is looked at, since people write their answers into the quoted form (3-mail "What is read").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from mailsvc.message.banners import without_banners
from mailsvc.message.lines import Line, State, clean
from mailsvc.message.quotes import Start, start_at
from mailsvc.message.signatures import without_signature

LONGEST: Final = 64 * 1024
"""Characters of a body that are read."""

_OURS: Final = 16 * 1024  # characters of a letter of ours that are compared
_DEPTH: Final = 9
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MARKS: Final = re.compile(r" {0,3}(?:> ?)+")
_WINDOW: Final = 10  # lines that show what begins here
_HEADER: Final = re.compile(r"[\s*_]{0,4}[^\W\d_][^\W\d_]*(?:[ -][^\W\d_]+){0,2}[ *_]{0,3}[:：]")
# Words of header blocks (words.md §7.6) that are labels too; any other label ends a block.
_HEADER_WORDS: Final = frozenset(
    {"to", "till", "til", "date", "datum", "dato", "emne", "ämne", "rubrik", "tittel", "titel"}
)
_SEPARATED: Final = re.compile(r"[-_=*–—]{2}")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its text without quote marks, how deep it was quoted, and how many mails stand above it."""

    text: str
    depth: int = 0
    mail: int = 0

    @property
    def blank(self) -> bool:
        """True for a line without anything visible."""
        return not self.text.strip(" |*_")

    @property
    def level(self) -> tuple[int, int]:
        """What is newer comes first."""
        return self.mail, self.depth


def rows(text: str, is_label: Callable[[str], str], ours: str = "", keep: Collection[str] = ()) -> list[Row]:
    """The rows of a body, of at most LONGEST characters.

    `is_label` gives the key of the label with which a line begins, or "". `ours` is the text of the letter that is
    answered, whose sentences are left out; `keep` are values printed in it, which are not.
    """
    plain = clean(_CONTROLS.sub("", unicodedata.normalize("NFC", text[:LONGEST])).replace("\t", "  "))
    marked = _mended([_unmarked(line) for line in without_banners(plain).split("\n")])
    found = _without_headers(marked, is_label)
    if not ours:
        return found
    known = _Ours(ours, keep)
    return [row for row in found if is_label(row.text) or not known.holds(row.text)]


def signs_off(text: str) -> bool:
    """True for a line that is a sign-off, a signature mark or a phone's footer by itself."""
    return bool(text.strip()) and len(text) <= 120 and not without_signature([text])


def _unmarked(line: str) -> tuple[int, str]:
    match = _MARKS.match(line)
    if match is None:
        return 0, line.strip()
    return min(match.group().count(">"), _DEPTH), line[match.end() :].strip()


def _mended(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The end of a quoted line that a relay or client wrapped once more belongs to the quote around it."""
    out = list(lines)
    for place in range(1, len(lines) - 1):
        (above, before), (depth, text), (below, after) = lines[place - 1 : place + 2]
        if depth == 0 < above == below and len(before) >= 63 and after and 0 < len(text) < 40:
            out[place] = (above, text)
    return out


def _without_headers(lines: list[tuple[int, str]], is_label: Callable[[str], str]) -> list[Row]:
    """Each line with the number of its mail; attribution lines, header blocks and separators left out."""
    out: list[Row] = []
    passed = [0] * (_DEPTH + 2)  # by depth: how many earlier mails began there
    place = 0
    while place < len(lines):
        depth, text = lines[place]
        begun = _begins(lines, place, is_label)
        if begun is None:
            out.append(Row(text, depth, sum(passed[: depth + 1])))
            place += 1
            continue
        kind, length = begun
        if kind is Start.BLOCK:
            length = _block_length(lines, place, is_label)
        place += length
        below = next((line[0] for line in lines[place : place + 4] if line[1]), depth)
        if (
            kind is Start.SEPARATOR
            and below == depth
            and (_begins(lines, place, is_label) or (None,))[0] is Start.BLOCK
        ):
            continue  # "-----Original Message-----" and its header block announce one mail
        at = depth + 1 if below > depth else depth
        passed[at] += 1
        passed[at + 1 :] = [0] * (len(passed) - at - 1)
    return out


def _begins(lines: list[tuple[int, str]], place: int, is_label: Callable[[str], str]) -> tuple[Start, int] | None:
    """What announces an earlier mail here, seen from this line's own depth."""
    window = lines[place : place + _WINDOW]
    if not window or not window[0][1]:
        return None
    depth, text = window[0]
    if not _SEPARATED.search(text) and not any(":" in line or "：" in line for _, line in window[:4]):
        return None
    begun = start_at([Line(line, _state(at, depth)) for at, line in window], 0)
    if begun is not None and begun[0] is Start.WROTE and any(is_label(line) for _, line in window[: begun[1]]):
        return None  # "2026-12-03 13:00⏎Var:" is a date in a form
    return begun


def _state(at: int, depth: int) -> State:
    if at == depth:
        return State.OPEN
    return State.QUOTED if at > depth else State.REST


def _block_length(lines: list[tuple[int, str]], place: int, is_label: Callable[[str], str]) -> int:
    """How many lines the header block takes that begins here: to the empty line, or to a label of the form."""
    depth = lines[place][0]
    seen: set[str] = set()
    for count in range(1, _WINDOW):
        if place + count >= len(lines):
            return count
        at, text = lines[place + count]
        named = is_label(text)
        if at != depth or (named and (named not in _HEADER_WORDS or named in seen)):
            return count
        seen.add(named or "-")
        if not text:
            below = lines[place + count + 1][1] if place + count + 1 < len(lines) else ""
            # Some turn each header field into a paragraph of its own.
            if not (count < 3 and _HEADER.match(below) and (is_label(below) or "-") in _HEADER_WORDS | {"-"}):
                return count
    return _WINDOW


class _Ours:
    """The sentences of the letter that is answered, found again however they were wrapped."""

    def __init__(self, letter: str, keep: Collection[str]) -> None:
        self._lines = {_flat(line) for line in letter[:_OURS].split("\n")}
        self._text = f" {_flat(letter[:_OURS])} "
        self._keep = " | ".join(f" {_flat(value)} " for value in keep)

    def holds(self, line: str) -> bool:
        flat = _flat(line)
        if not flat or f" {flat} " in self._keep:
            return False
        return flat in self._lines or (len(flat) >= 12 and f" {flat} " in self._text)


def _flat(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
