"""Lines of a body with what is known about each: the form in which plain text and HTML are searched for quotes."""

from __future__ import annotations

import re
from enum import Enum

import msgspec


class State(Enum):
    """What the mail's own marks say about a line."""

    OPEN = "open"  # nothing; the words decide
    QUOTED = "quoted"  # `>` or a quotation element of HTML
    REST = "rest"  # from here on everything is the earlier mail (a client's own mark)
    SIGNATURE = "signature"  # inside a client's signature element


class Line(msgspec.Struct, frozen=True):
    """One line of text, blanks at its end removed; quoted plain text keeps its `>` marks."""

    text: str
    state: State = State.OPEN

    @property
    def blank(self) -> bool:
        """True for a line without anything visible, quote marks aside."""
        return not self.text.strip(" \t>|")


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\x0b\x0c]")
_ASCII_BLANKS = dict.fromkeys(map(ord, "\t\x0b\x0c"), " ")
_QUOTED = re.compile(r" {0,2}>")


def clean(text: str) -> str:
    """Odd blanks as blanks, invisible and direction characters removed, line ends as LF."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text.translate(_ASCII_BLANKS)
    text = _INVISIBLE.sub("", text.replace("\u2028", "\n"))
    return _BLANKS.sub(" ", text)


def plain_lines(text: str) -> list[Line]:
    """Plain text as lines; those that begin with `>` are quoted (RFC 3676 §4.5)."""
    return [
        Line(line.rstrip(), State.QUOTED if _QUOTED.match(line) else State.OPEN) for line in clean(text).split("\n")
    ]
