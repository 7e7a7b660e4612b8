"""Files put beside the text of a finished letter: multipart/mixed (RFC 2046 §5.1.3), the same bytes every time."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.message.build import BuildBug, boundary_for, check_headers, field, header_names, multipart

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LINE: Final = 76  # RFC 2045 §6.8


@dataclass(frozen=True, slots=True)
class Attached:
    """One file as it is enclosed. `name` is one of our own making: small ASCII letters, digits, `.`, `-`, `_`."""

    name: str
    content_type: str
    content: bytes


def with_files(letter: bytes, files: Sequence[Attached]) -> bytes:
    """`letter`, as `build.letter` makes it, with files behind its text; unchanged when there are none.

    The fields that describe its body go with it into the first part. Files are base64, whatever they hold, so that
    every octet arrives and a checksum can be told. Raises BuildBug for a name that is not plain.
    """
    if not files:
        return letter
    end = letter.index(b"\r\n\r\n")
    names = header_names(letter)
    outer: list[bytes] = []
    inner: list[bytes] = []
    for name, block in zip(names, _blocks(letter[: end + 2]), strict=True):
        (inner if name.lower().startswith("content-") else outer).append(block)
    parts = [b"".join(inner) + letter[end + 2 :], *(_part(one) for one in files)]
    boundary = boundary_for(parts)
    kind = field("Content-Type", f'multipart/mixed; boundary="{boundary}"')
    whole = b"".join([*outer, kind, b"\r\n", multipart(parts, boundary)])
    check_headers(whole, [*(name for name in names if not name.lower().startswith("content-")), "Content-Type"])
    return whole


def _blocks(head: bytes) -> list[bytes]:
    """The fields of a header block, each with its continuation lines."""
    return [piece for piece in re.split(rb"(?<=\r\n)(?![ \t])", head) if piece]


def _part(file: Attached) -> bytes:
    if not _NAME.fullmatch(file.name):
        raise BuildBug(f"not a file name: {file.name!r}")
    coded = base64.b64encode(file.content).decode("ascii")
    body = "\r\n".join(coded[start : start + _LINE] for start in range(0, len(coded), _LINE))
    fields = (
        ("Content-Type", file.content_type),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f'attachment; filename="{file.name}"'),
    )
    return b"".join(field(name, value) for name, value in fields) + b"\r\n" + body.encode("ascii")
