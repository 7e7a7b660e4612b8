"""The canonical forms of fields and bodies that DKIM signatures are made over (RFC 6376 §3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_CHUNK: Final = 1 << 20
_BLANKS: Final = re.compile(rb"[ \t]+")


def simple_field(name: str, value: bytes) -> bytes:
    """§3.4.1: as it is. (Blanks before the colon are lost in `Field`: such a field fails, which is safe.)"""
    return name.encode("ascii") + b":" + value


def relaxed_field(name: str, value: bytes) -> bytes:
    """§3.4.2: name in lower case, unfolded, blanks in between as one."""
    return name.lower().encode("ascii") + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def canonical_body(body: bytes, *, relaxed: bool) -> Iterator[bytes]:
    """§3.4.3, §3.4.4, in pieces of about 1 MiB, so that no single call holds the interpreter for long."""
    if not relaxed:
        yield body[: len(body.rstrip(b"\r\n"))]
        yield b"\r\n"
        return
    end = len(body.rstrip(b" \t\r\n"))
    start = 0
    while start < end:
        line_end = body.find(b"\r\n", min(start + _CHUNK, end), end)
        stop = end if line_end < 0 else line_end
        yield _relaxed_lines(body[start:stop])
        yield b"\r\n"
        start = stop + 2


def _relaxed_lines(lines: bytes) -> bytes:
    """Blanks as one, none before a line end; halving runs is linear and faster than a regular expression."""
    lines = lines.replace(b"\t", b" ")
    while b"  " in lines:
        lines = lines.replace(b"  ", b" ")
    return lines.replace(b" \r\n", b"\r\n").removesuffix(b" ")
