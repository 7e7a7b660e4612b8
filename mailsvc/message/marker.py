"""Our marker line: the first line of every letter that asks, and how it is found again in what comes back."""

from __future__ import annotations

from collections.abc import Sequence

MARKERS = {
    "en": "-- Write your answer above this line --",
    "sv": "-- Skriv ditt svar ovanför den här raden --",
    "da": "-- Skriv dit svar over denne linje --",
    "nb": "-- Skriv svaret ditt over denne linjen --",
    "nn": "-- Skriv svaret ditt over denne lina --",
}


_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}


def _letters(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_NO_LETTERS)
    return "".join(char for char in text.casefold() if char.isalnum())


_LETTERS = tuple(_letters(text) for text in MARKERS.values())


def find_marker(lines: Sequence[str]) -> tuple[int, int] | None:
    """The first and last line of the first marker in any language, or None.

    Only letters are compared, so quote marks, other dashes, bold signs and a break in the middle do no harm; it has to
    begin a line, so that nobody's own sentence is taken for it.
    """
    letters: list[str] = []
    starts: list[tuple[int, int]] = []  # offset of the line's first letter, line number
    offset = 0
    for number, line in enumerate(lines):
        kept = _letters(line)
        if kept:
            starts.append((offset, number))
            letters.append(kept)
            offset += len(kept)
    text = "".join(letters)
    line_of = dict(starts)
    best: tuple[int, int] | None = None
    for marker in _LETTERS:
        place = text.find(marker)
        while place >= 0 and place not in line_of:
            place = text.find(marker, place + 1)
        if place >= 0 and (best is None or place < best[0]):
            best = (place, place + len(marker) - 1)
    if best is None:
        return None
    last = max(number for start, number in starts if start <= best[1])
    return line_of[best[0]], last
