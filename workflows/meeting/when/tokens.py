"""A line of `When:` cut into what it says: days, hours, lengths, and the words between them. Everything is covered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from workflows.meeting.when import words

_BLANK: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\W_]+|\S")
_HALVES: Final = re.compile(r"½|1/2|halv|half")
_ONE_AND_HALF: Final = re.compile(r"halvann?[ae]n?|halvanna|halvannen|halvanden")
EARLIEST: Final = time(7)
LATEST: Final = time(18)


@dataclass(frozen=True, slots=True)
class Token:
    """`name` says what stands at [start:end]; `match` has the pieces (None for words that mean nothing here)."""

    name: str
    start: int
    end: int
    match: re.Match[str] | None = None

    def __getitem__(self, group: str) -> str:
        """A piece of it, "" where there is none."""
        return (self.match.groupdict().get(group) or "") if self.match else ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `sure` is False while it may as well be twelve hours later. `half` is am, pm or ""."""

    hour: int
    minute: int
    sure: bool = True
    half: str = ""

    @property
    def valid(self) -> bool:
        """There is such a time; 24:00 is one."""
        return 0 <= self.minute <= 59 and (0 <= self.hour <= 23 or (self.hour, self.minute) == (24, 0))


def scan(line: str) -> list[Token]:
    """All of `line` (made by `said_dates.plain`) as tokens, from the left, the first pattern that fits each time."""
    found: list[Token] = []
    place = 0
    while place < len(line):
        blank = _BLANK.match(line, place)
        if blank:
            place = blank.end()
            continue
        token = _at(line, place)
        found.append(token)
        place = token.end
    return found


def _at(line: str, place: int) -> Token:
    for name, pattern in words.TOKENS:
        match = pattern.match(line, place)
        if match and match.end() > place:
            return Token(name, place, match.end(), match)
    word = _WORD.match(line, place)
    return Token("unknown", place, word.end() if word else place + 1)


def minutes(token: Token) -> int:
    """How long a `length` token says: `1,5 timme`, `1½ time`, `en halv timme`, `90 min`."""
    groups = token.match.groupdict() if token.match is not None else {}
    if groups.get("half") is not None:
        return 30
    if groups.get("one_and_half") is not None:
        return 90
    if "quarters" in groups:
        return 15 * words.NUMBERS.get(token["quarters"] or "tre", 1)
    if "more" in groups:
        return int(token["count"]) * 60 + int(token["more"])
    return round(_count(token["count"]) * (60 if token["hours"] else 1))


def _count(text: str) -> float:
    if _ONE_AND_HALF.match(text):
        return 1.5
    number = re.match(r"\d{1,3}(?:[.,]\d{1,2})?", text)
    half = 0.5 if _HALVES.search(text) else 0.0
    if text == "1/2":
        return 0.5
    if number:
        return float(number[0].replace(",", ".")) + half
    if half and re.search(r"\b(?:och|og|and)\b", text):
        return 1.5
    return half or words.NUMBERS.get(text, 0)


def clock(token: Token) -> Clock:
    """The time of day of a `time`, `military`, `spoken`, `hour`, `half`, `half_past` or `quarter` token."""
    written = token["h"]
    spoken = not written.isdecimal()
    hour = words.NUMBERS.get(written, 0) if spoken else int(written)
    minute = int(token["mi"] or 0)
    if token.name == "half":
        hour, minute = hour - 1, 30
    elif token.name == "half_past":
        minute = 30
    elif token.name == "quarter":
        hour, minute = _around(hour, token)
    half = token["ap"].replace(".", "")
    if half:
        return _twelve(hour, minute, half)
    if token.name in ("time", "military"):
        # Nobody meets before seven, and half past one at night is written 01.30.
        return Clock(hour, minute, sure=hour >= EARLIEST.hour or hour == 0 or written.startswith("0"))
    return _working(hour, minute)


def _around(hour: int, token: Token) -> tuple[int, int]:
    """`kvart i två`, `ti over halv to`: so many minutes before or after the hour, or the half before it."""
    so_many = words.NUMBERS.get(token["minutes"], 15)
    before = token["side"] in ("i", "på", "to", "til")
    at = hour * 60 - (30 if token["half"] else 0) + (-so_many if before else so_many)
    return at // 60, at % 60


def _twelve(hour: int, minute: int, half: str) -> Clock:
    if not 1 <= hour <= 12:
        return Clock(99, minute, half=half)
    midnight = hour == 12 and half == "am"  # who writes 12 am may well mean noon
    return Clock(hour % 12 + (12 if half == "pm" else 0), minute, sure=not midnight, half=half)


def _working(hour: int, minute: int) -> Clock:
    """A time said with twelve hours: the one of the two within working hours, unsure when both or neither are."""
    if hour > 12:
        return Clock(hour, minute)
    both = [Clock(hour % 12, minute), Clock(hour % 12 + 12, minute)]
    within = [one for one in both if EARLIEST <= time(one.hour, one.minute) < LATEST]
    return within[0] if len(within) == 1 else Clock(both[1].hour - 12, minute, sure=False)


def later(at: Clock) -> Clock:
    """The same on the clock face, twelve hours later."""
    return Clock(at.hour % 12 + 12, at.minute)
