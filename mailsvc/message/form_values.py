"""What stands behind one label of a form: which lines belong to it, without hints, prefill and signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.message.signatures import without_signature

_FULL: Final = 60  # a line this long may have been wrapped by a client
_WIDTH: Final = 68  # at which they wrap at the earliest
_MOST_LINES: Final = 6  # of a value that should have one
_MOST_BLANK: Final = 4  # lines between a label and its value
_EMPTY: Final = re.compile(r"[\s._…–—*|?-]*")
_MARK: Final = re.compile(r"(?:[-*•·▪◦‣–—o]|\(?\d{1,2}[.)])\s")
_DASHED: Final = re.compile(r"[-–—] ?\S")
_ITEM: Final = "•\0"  # no mail has it: control characters are gone by then
_CONTACT: Final = re.compile(r"[<(]?[^\s<>()@]{1,64}@[^\s<>()@]{1,190}[>)]?$")
_OPTIONAL: Final = (
    r"(?:optional|if any|valfritt|valfri|frivilligt|frivillig|om det finns|valgfrit|valgfritt|valgfri"
    r"|valfritt å fylle ut|valfri å fylle ut|om ønskelig|om ønskeleg)"
)
_HINTS: Final = re.compile(rf"^\(\s?{_OPTIONAL}\s?\)\s*|\s*\(\s?{_OPTIONAL}\s?\)$", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"^\([^()]{0,300}\)|\([^()]{0,300}\)$|^\[[^\[\]]{0,300}\]|\[[^\[\]]{0,300}\]$")
_WORDS: Final = re.compile(r"\S+")
_JOINED: Final = re.compile(r"(?:,|;|\b(?:och|og|and|&))$", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.!?]$|[.!?] ")


@dataclass(frozen=True, slots=True)
class Room:
    """Where a value may stand: `same`, the rest of the label's `line`, and the rows below with their numbers.

    `last`: no other label follows, so that closing words may come after the value.
    """

    same: str
    line: str
    below: tuple[tuple[int, str], ...]
    last: bool


def value_of(room: Room, *, lines: bool, sent: str) -> tuple[str, set[int]]:
    """The value ("" for none) and the rows it stands in. `sent` is what the form had there; left as it was, it is the
    value, word for word as sent."""
    value, used = _many(room) if lines else _one(room, sent)
    value = without_hints(value, sent)
    if _EMPTY.fullmatch(value):
        return "", set()
    prefill = written(sent)
    if prefill and matches(value, prefill):
        return prefill, used
    return value, used


def written(text: str, *, signature: bool = False) -> str:
    """A sent or free text as a value: without hints in brackets (and signature), without empty lines around it."""
    lines = text.split("\n")
    if signature:
        return _tidy(_unsigned(lines))
    return without_hints(text.strip(), text)


def matches(value: str, sent: str) -> bool:
    """The same words, however wrapped, marked as bold or bulleted."""
    return _flat(value) == _flat(sent)


def _flat(text: str) -> list[str]:
    return [word.strip("*_>|") for word in _WORDS.findall(text) if word.strip("*_>|•·-–")]


def without_hints(value: str, sent: str) -> str:
    """`value` without the hints in brackets that were sent with it, and without "(optional)" in any language."""
    sent_hints = [_flat(match.group()) for match in _BRACKETED.finditer(sent.strip())]
    for _ in range(2):
        value = _HINTS.sub("", value.strip()).strip()
        match = _BRACKETED.search(value)
        if match and sent_hints and _flat(match.group()) in sent_hints:
            value = value.replace(match.group(), "", 1).strip()
    return value


# ---- a value of one line


def _one(room: Room, sent: str) -> tuple[str, set[int]]:
    below = list(room.below)
    if room.same:
        end = _run(room.line, below)
        taken = [room.same, *(text for _, text in below[:end])]
        value = _joined(taken)
        rest = below[end:]
        # The prefill left standing and the answer written below it.
        if sent and matches(without_hints(value, sent), written(sent)) and rest and rest[0][1]:
            answer, used = _next(rest, last=room.last)
            if answer and (not room.last or not _SENTENCE.search(answer)):
                return answer, used
        if not _EMPTY.fullmatch(without_hints(value, sent)):
            return value, {at for at, _ in below[:end]}
        below = rest
    return _next(below, last=room.last)


def _run(first: str, below: Sequence[tuple[int, str]]) -> int:
    """How many of the next rows go on with a line: wrapped, an address of the name above, or after a comma."""
    above = first
    for count, (_, text) in enumerate(below[:_MOST_LINES]):
        goes_on = text and (_wrapped(above, text) or _CONTACT.match(text) or _JOINED.search(above))
        if not goes_on or signs_off_or_rule(text):
            return count
        above = text
    return min(len(below), _MOST_LINES)


def _next(below: Sequence[tuple[int, str]], *, last: bool) -> tuple[str, set[int]]:
    """The value on the lines below an empty label."""
    start = 0
    while start < len(below) and not below[start][1].strip(" |*_"):
        start += 1
    if start == len(below) or start > _MOST_BLANK:
        return "", set()
    first = below[start][1].strip(" |")
    if last and start and (len(first) > 100 or _SENTENCE.search(first)):
        return "", set()  # closing words, not an answer
    if signs_off_or_rule(first):
        return "", set()
    end = start + 1 + _run(first, below[start + 1 :])
    if not last:
        while end < min(len(below), start + _MOST_LINES) and below[end][1] and not signs_off_or_rule(below[end][1]):
            end += 1
    taken = below[start:end]
    return _joined([text.strip(" |") for _, text in taken]), {at for at, _ in taken}


def _joined(lines: Sequence[str]) -> str:
    text = " ".join(" ".join(lines).split())
    return _MARK.sub("", text, count=1) if _MARK.match(text) and text[0] in "-*•·▪◦‣–—" else text


def signs_off_or_rule(text: str) -> bool:
    """True for a line that a signature begins with, or that only divides."""
    return len(text) <= 120 and not without_signature([text])


# ---- a value of many lines


def _many(room: Room) -> tuple[str, set[int]]:
    rows = list(room.below)
    lines = [room.same, *(text for _, text in rows)]
    if room.last:
        lines = _unsigned(lines)
    return _tidy(lines, room.line), {at for at, _ in rows}


def _unsigned(lines: Sequence[str]) -> list[str]:
    """The lines without signature; of two or more items with a dash none is taken for the name that ends a letter."""
    dashed = [bool(_DASHED.match(line)) for line in lines]
    if sum(dashed) < 2:
        return without_signature(lines)
    kept = without_signature([_ITEM + line if item else line for line, item in zip(lines, dashed, strict=True)])
    return [line.removeprefix(_ITEM) for line in kept]


def _tidy(lines: Sequence[str], first: str = "") -> str:
    """Lines put together again where a client wrapped them; single empty lines between paragraphs.

    `first` is the first line with the label on it, as wide as it was.
    """
    out: list[str] = []
    above = ""
    for raw in lines:
        line = raw.strip(" |")
        if out and line and above and _wrapped(above, line):
            out[-1] = f"{out[-1]} {line}"
        elif line or (out and out[-1]):
            out.append(" ".join(line.split()))
        above = first if first and first.endswith(line) and len(out) == 1 and line else line
    return "\n".join(out).strip("\n")


def _wrapped(above: str, below: str) -> bool:
    """True where a line ends because the next word had no room."""
    first = below.partition(" ")[0]
    return _FULL <= len(above) <= 80 and len(above) + 1 + len(first) > _WIDTH and not _MARK.match(below)
