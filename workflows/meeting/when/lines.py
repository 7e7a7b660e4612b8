"""What stands behind `When:` cut into the lines to read: bullets and numbers gone, `or` and `;` a line of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mailsvc.message.said_date_words import MONTH
from mailsvc.message.said_dates import shown
from workflows.meeting.when import often, words

_BULLET: Final = re.compile(r"\A\s*(?:[-*•·–●▪◦‣►>§✓]|o(?=\s)|[a-h]\))\s*", re.IGNORECASE)
_CHOICE: Final = r"(?:alternative?|alt\.?|förslag|forslag|framlegg|option|choice|suggestion|proposal|val|valg)"
_NUMBERED: Final = re.compile(rf"\s*(?:{_CHOICE}\s?)?#?(?P<number>\d{{1,2}})\s?[.):-]\s+", re.IGNORECASE)
# Without a mark behind it a number counts where a weekday follows: `1 tors 3/12`, but not `1 december`.
_BARE_NUMBER: Final = re.compile(
    rf"\s*(?:(?:{_CHOICE}\s?|#)(?P<named>\d{{1,2}})|(?P<number>\d{{1,2}})(?=\s+(?:{words.ANY_DAY})\b))\s+",
    re.IGNORECASE,
)
_LETTERED: Final = re.compile(r"\s*(?P<letter>[a-h])\s?[.):]\s+", re.IGNORECASE)
_BARE_DAY: Final = re.compile(
    rf"(?:(?:antingen|enten|anten|either)\s+)?(?:{words.WEEKDAY}\w{{0,2}}\.?,?\s+)?(?:den\s+|d\.\s?|the\s+)?"
    rf"(?:\d{{1,2}}{words.ORD}\s?,\s?){{0,10}}\d{{1,2}}{words.ORD}",
    re.IGNORECASE,
)
_OWN_MONTH: Final = re.compile(
    rf"(?<![\d/.-])\d{{1,2}}{words.ORD}(?P<behind>\s*{MONTH}\.?(?:,?\s*20\d\d(?!\d))?)", re.IGNORECASE
)
_OR: Final = re.compile(
    r"\s(?:eller|or|el\.|alt\.|alternativt|alternatively)\s|;|\s?\|\s?|(?<=[.:]\d\d)\s/\s|(?<=\D)\s/\s|\s/\s(?=[^\W\d]|\d{1,2}/\d)",
    re.IGNORECASE,
)
_OR_AT_END: Final = re.compile(r"[\s,]*\b(?:eller|or)\s*\Z", re.IGNORECASE)
_OR_AT_START: Final = re.compile(r"\A\s*(?:eller|or)\b[\s:]*", re.IGNORECASE)
_ENDS: Final = re.compile(r"\s*(?:slut(?:ar|er|tid)?|slutter|sluttar|slutt|ends?|till|til)\b\s*:?\s", re.IGNORECASE)
_SIGNS: Final = " .,-*|"


@dataclass(frozen=True, slots=True)
class Cut:
    """A line to read; `group` is the same for what stood around an `or` in one line."""

    text: str
    group: int


def cut(text: str) -> list[Cut]:
    """The lines, in order. A line that says when it ends belongs to the one above."""
    found: list[Cut] = []
    for group, line in enumerate(shown(text).split("\n")):
        if _ENDS.match(line) and found:
            found[-1] = Cut(f"{found[-1].text} - {_ENDS.sub('', line, count=1)}", found[-1].group)
            continue
        pieces = [line] if often.ALTERNATING.search(line.lower()) else _OR.split(line)
        found += [Cut(piece, group) for piece in pieces]
    # A full stop at the end would make a day of `14.10.`
    bare = [Cut(_bare(one.text), one.group) for one in found]
    bare = [one for one in bare if one.text.strip(_SIGNS)]
    return _unnumbered([Cut(_OR_AT_START.sub("", one.text), one.group) for one in _with_months(bare)])


def _bare(piece: str) -> str:
    piece = _OR_AT_END.sub("", _OR_AT_START.sub("", piece.strip()))
    return _BULLET.sub("", piece, count=1).strip().rstrip(" .!")


def _with_months(found: list[Cut]) -> list[Cut]:
    """`8. or 9. December`: the day before the `or` is of the month behind it."""
    out = list(found)
    for place in range(len(out) - 2, -1, -1):
        one, after = out[place], out[place + 1]
        month = _OWN_MONTH.search(after.text) if one.group == after.group else None
        if month and _BARE_DAY.fullmatch(one.text):
            out[place] = Cut(f"{one.text}{month['behind']}", one.group)
    return out


def _unnumbered(found: list[Cut]) -> list[Cut]:
    """Without numbers or letters that stand before all of them in order."""
    if len(found) < 2:
        return found
    for pattern in (_NUMBERED, _BARE_NUMBER, _LETTERED):
        marks = [pattern.match(one.text) for one in found]
        if all(mark is not None and _number(mark) == at for at, mark in enumerate(marks, 1)):
            return [Cut(one.text[mark.end() :], one.group) for one, mark in zip(found, marks, strict=True) if mark]
    return found


def _number(mark: re.Match[str]) -> int:
    groups = mark.groupdict()
    if groups.get("letter"):
        return ord(groups["letter"].lower()) - ord("a") + 1
    return int(groups.get("number") or groups["named"])
