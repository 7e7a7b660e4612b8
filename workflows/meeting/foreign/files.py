"""Files that a foreign calendar carries inside itself: ATTACH with inline data (RFC 5545 §3.8.1.1), read in one pass.

Outlook's and Apple's desktop programs put whole files there. They are larger than all the rest of an event, so the
rest is read without them (`without_files`).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

LARGEST: Final = 16 * 1024 * 1024
"""Octets of a calendar in which files are looked for."""
_MOST: Final = 40
_INLINE: Final = re.compile(r"ATTACH[^:]{0,2000}(?:VALUE=BINARY|ENCODING=BASE64)", re.IGNORECASE)
_PARAMETER: Final = re.compile(r';\s*([A-Za-z0-9-]{1,60})=("[^"]{0,500}"|[^;:"]{0,500})')
_NAMES: Final = ("FILENAME", "X-FILENAME", "X-APPLE-FILENAME", "X-ORACLE-FILENAME")
_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/plain": ".txt",
}
"""What a file without a name is called by."""


@dataclass(frozen=True, slots=True)
class InlineFile:
    """A file inside a calendar; `size` is in octets, `content` None where it was larger than asked for, or damaged."""

    name: str
    kind: str
    size: int
    content: bytes | None = field(repr=False)


def without_files(text: str) -> str:
    """The calendar without its inline files."""
    return "".join(line for line, inline in _marked(text) if not inline)


def files_in(text: str, most: int) -> tuple[InlineFile, ...]:
    """The inline files of a calendar; of one larger than `most` octets only what it is called."""
    found: list[InlineFile] = []
    lines: list[str] = []
    for line, inline in _marked(text):
        if inline and line[:1] in " \t":
            lines.append(line[1:].rstrip("\r\n"))
            continue
        if lines:
            found.append(_file("".join(lines), most))
            lines = []
        if len(found) == _MOST:
            break
        if inline:
            lines = [line.rstrip("\r\n")]
    if lines and len(found) < _MOST:
        found.append(_file("".join(lines), most))
    return tuple(found)


def _marked(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, with its end, and whether it belongs to an inline file."""
    inline = False
    lines = text[:LARGEST].splitlines(keepends=True) if "ATTACH" in text.upper() else [text]
    for number, line in enumerate(lines):
        if line[:1] not in (" ", "\t"):
            inline = line[:6].upper() == "ATTACH" and _INLINE.match(_head(lines, number)) is not None
        yield line, inline


def _head(lines: list[str], number: int) -> str:
    """The beginning of a property, unfolded: its parameters may go on for some lines."""
    head = lines[number].rstrip("\r\n")
    for line in lines[number + 1 : number + 30]:
        if line[:1] not in (" ", "\t"):
            break
        head += line[1:].rstrip("\r\n")
    return head


def _file(line: str, most: int) -> InlineFile:
    parameters: dict[str, str] = {}
    place = len("ATTACH")
    while match := _PARAMETER.match(line, place):
        parameters.setdefault(match[1].upper(), match[2].strip('"').strip())
        place = match.end()
    kind = parameters.get("FMTTYPE", "").lower()
    name = next((parameters[one] for one in _NAMES if parameters.get(one)), "")
    value = "".join(line[line.find(":", place) + 1 :].split())
    size = len(value) * 3 // 4 - value[-2:].count("=")
    if not name:
        name = f"file{_ENDINGS.get(kind, '')}"
    if size > most:
        return InlineFile(name, kind, size, None)
    try:
        return InlineFile(name, kind, size, binascii.a2b_base64(value))
    except (binascii.Error, ValueError):
        return InlineFile(name, kind, size, None)
