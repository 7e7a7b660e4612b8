"""Places in a composed message that differ per copy. They hold a NUL, which no accepted mail can contain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

MEMBER_KEY: Final = b"\0member-key\0"  # the personal key of List-Unsubscribe: HMAC of the membership's id
RECIPIENT: Final = b"\0recipient\0"  # the address this copy goes to

Filler = Callable[[str, str], bytes]


def filler(content: bytes) -> Filler:
    """A function (member key, recipient) -> the copy's bytes; splits `content` once, so each copy is one join."""
    head, separator, body = content.partition(b"\r\n\r\n")
    pieces = _pieces(head)
    if len(pieces) == 1:
        return lambda _key, _recipient: content
    rest = separator + body
    values = {MEMBER_KEY: 0, RECIPIENT: 1}

    def fill(member_key: str, recipient: str) -> bytes:
        given = (member_key.encode(), recipient.encode())
        return b"".join([piece if piece not in values else given[values[piece]] for piece in pieces]) + rest

    return fill


def _pieces(head: bytes) -> list[bytes]:
    pieces = [head]
    for slot in (MEMBER_KEY, RECIPIENT):
        cut: list[bytes] = []
        for piece in pieces:
            if piece == MEMBER_KEY:
                cut.append(piece)
                continue
            parts = piece.split(slot)
            for index, part in enumerate(parts):
                if index:
                    cut.append(slot)
                if part:
                    cut.append(part)
        pieces = cut
    return pieces
