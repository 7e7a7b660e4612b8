"""Files that old mail programs write into the text as uuencode (POSIX): found, read, and written back in place."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Final

MOST_BLOCKS: Final = 20
MOST_OCTETS: Final = 4 * 1024 * 1024  # encoded, of one block
# A line says in its first letter how many octets it holds; mail programs leave out blanks at its end.
_BLOCK: Final = re.compile(
    rb"^begin [0-7]{3,4} [^\r\n]{1,200}\r?\n((?:[\x20-\x4d\x60][\x20-\x60]{0,89}\r?\n)+)", re.MULTILINE
)
_LINE: Final = re.compile(rb"[\x20-\x4d\x60][\x20-\x60]*")


def blocks(content: bytes) -> Iterator[re.Match[bytes]]:
    """The first blocks in a text; group 1 holds their encoded lines."""
    if b"begin" not in content:  # nearly always
        return
    for count, match in enumerate(_BLOCK.finditer(content)):
        if count >= MOST_BLOCKS:
            return
        yield match


def decoded(lines: bytes) -> bytes:
    """What encoded lines hold; a line that is none is left out."""
    return b"".join(_octets(line[0]) for line in _LINE.finditer(lines[:MOST_OCTETS]))


def encoded_like(lines: bytes, data: bytes) -> bytes:
    """The same lines with `data` in them, as long as what they held; every line keeps its length."""
    place = 0

    def again(match: re.Match[bytes]) -> bytes:
        nonlocal place
        line = match[0]
        held = len(_octets(line))
        new = binascii.b2a_uu(data[place : place + held], backtick=b"`" in line).rstrip(b"\n")
        place += held
        if not held or new[len(line) :].strip(b" `"):
            return line
        return new[: len(line)] + line[len(new) :]

    return _LINE.sub(again, lines[:MOST_OCTETS]) + lines[MOST_OCTETS:]


def _octets(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except (binascii.Error, ValueError):
        return b""
