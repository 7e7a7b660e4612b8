"""Reply tokens of ours anywhere in a mail: in its raw bytes, in every decoded part, in decoded header text. Bounded."""

from __future__ import annotations

import re
from typing import Final

from mailsvc.message.parsing import Message
from mailsvc.message.parts import part_data

MOST_PARTS: Final = 200
MOST_OCTETS: Final = 4 * 1024 * 1024  # decoded, of one part
MOST_TOKENS: Final = 100

_PLUS: Final = r"\s{0,4}(?:\+|=2B|%2B|&#43;|&#x2b;|&plus;)\s{0,4}"
_PATTERN: Final = rf"reply{_PLUS}([a-z2-7]{{26}})(?![a-z2-7])"
_TOKEN: Final = re.compile(_PATTERN.encode(), re.IGNORECASE)
_IN_TEXT: Final = re.compile(_PATTERN, re.IGNORECASE)


def reply_tokens(message: Message) -> frozenset[str]:
    """Every word after `reply+` that could be a token, in lower case; whether one lives the database knows."""
    found: set[str] = set()
    _search(message.content, found)
    _search(message.subject.encode("utf-8", "replace"), found)
    for part in message.parts[:MOST_PARTS]:
        if len(found) >= MOST_TOKENS:
            break
        if part.text is not None:  # in the part's own character set, which may be UTF-16
            _search(part.text.encode("utf-8", "replace"), found)
        if part.leaf and part.encoding not in ("", "7bit", "8bit", "binary"):
            _search(part_data(message.content, part, MOST_OCTETS), found)
    return frozenset(found)


def without_tokens(text: str) -> str:
    """Text that others will read, with what looks like a token cut out."""
    return _IN_TEXT.sub("reply+…", text)


def _search(data: bytes, found: set[str]) -> None:
    for match in _TOKEN.finditer(data):
        found.add(match[1].decode("ascii").lower())
        if len(found) >= MOST_TOKENS:
            return
