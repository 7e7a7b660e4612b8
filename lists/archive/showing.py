"""A post as it is read again: its author's name, what was newly written, what it quotes, its files. Pure.

Nothing of its HTML is kept: it is turned to text first. Tokens are cut out and personal numbers masked, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.message.identity_numbers import mask
from mailsvc.message.lines import clean
from mailsvc.message.parsing import Message
from mailsvc.message.parts import Attachment
from mailsvc.message.reply_text import newly_written, whole_text
from mailsvc.message.tokens import without_tokens

LONGEST_SUBJECT: Final = 300
LONGEST_NAME: Final = 100
LONGEST_BEGINNING: Final = 160
LONGEST_URL: Final = 1500

_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\",;:]{1,100}@[^\s<>()\[\]\",;:]{1,200}")
_URL: Final = re.compile(r"https?://[^\s<>\"'`{}|\\^]{1,1500}", re.IGNORECASE)
_QUOTE: Final = re.compile(r"((?:> ?)+)")
_ENDS: Final = ".,;:!?…"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a text; `url` is where they lead, "" for nowhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines quoted equally often; 0 is what the author wrote."""

    depth: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A post's text: `new` to be read, `quoted` behind a button. Between quotes all of it is `new`."""

    new: tuple[Block, ...]
    quoted: tuple[Block, ...]


def safe(text: str) -> str:
    """Text that others read: no token, no personal number, no character that hides or turns others."""
    return without_tokens(mask(clean(text)))


def author_name(message: Message) -> str:
    """The name that the author goes by in the mail, "" for none; never an address."""
    name = " ".join(safe(message.from_.display_name).split())[:LONGEST_NAME].strip("\"' ")
    return "" if "@" in name else name


def subject_of(message: Message) -> str:
    """The subject as lists show it."""
    return " ".join(safe(message.subject).split())[:LONGEST_SUBJECT]


def new_text(message: Message, banners: Sequence[str]) -> str:
    """What the author wrote; all of the body where nothing was found that they did."""
    return safe(newly_written(message, banners).text or whole_text(message)).strip()


def beginning_of(text: str) -> str:
    """The first line or so of a text."""
    found = " ".join(text.split())
    if len(found) <= LONGEST_BEGINNING:
        return found
    return found[:LONGEST_BEGINNING].rsplit(" ", 1)[0].rstrip(_ENDS) + " …"


def without_addresses(text: str) -> str:
    """Text for readers who are nobody here: every mail address made unreadable."""
    return _ADDRESS.sub("…@…", text)


def shown(message: Message, banners: Sequence[str], *, addresses: bool) -> Shown:
    """The text of a post; `addresses` is False for readers who may not see any."""
    found = newly_written(message, banners)

    def made(text: str) -> tuple[Block, ...]:
        text = safe(text).strip("\n")
        return tuple(_blocks(text if addresses else without_addresses(text)))

    if found.below or not found.text.strip():
        return Shown(made(whole_text(message)), ())
    return Shown(made(found.text), made(found.quoted))


def _blocks(text: str) -> Iterator[Block]:
    """Runs of lines with the same number of `>` in front."""
    depth, lines = 0, list[str]()
    for line in text.split("\n") if text.strip() else ():
        marks = _QUOTE.match(line)
        deep = marks[1].count(">") if marks else 0
        if deep != depth and lines:
            yield _block(depth, lines)
            lines = []
        depth = deep
        lines.append(line[marks.end() :] if marks else line)
    if lines:
        yield _block(depth, lines)


def _block(depth: int, lines: Sequence[str]) -> Block:
    return Block(depth, tuple(_pieces("\n".join(lines).strip("\n"))))


def _pieces(text: str) -> Iterator[Piece]:
    """Addresses of pages as links that lead there and nowhere else."""
    place = 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(_ENDS)
        if url.endswith(")") and "(" not in url:
            url = url.rstrip(")")
        if match.start() > place:
            yield Piece(text[place : match.start()])
        yield Piece(url, url)
        place = match.start() + len(url)
    if place < len(text):
        yield Piece(text[place:])


def file_name(file: Attachment) -> str:
    """What an attached file is called when it is saved: without what turns or hides letters, never empty."""
    name = " ".join(safe(file.name).split()).strip(". ")
    if name:
        return name
    return "mail.eml" if file.content_type.startswith("message/") else f"{file.part}.bin"
