"""Reply tokens of ours anywhere in a mail, however it was forwarded, quoted, encoded or attached. Bounded.

What is found are words that could be tokens; whether one was ever ours the database knows, so that looking at too much
costs a look into an index and nothing else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from mailsvc.message.encoded_words import decode_words
from mailsvc.message.parsing import Message, parse
from mailsvc.message.parts import Part, part_data
from mailsvc.message.uuencoded import blocks, decoded

MOST_PARTS: Final = 200
MOST_OCTETS: Final = 4 * 1024 * 1024  # decoded, of one part
MOST_TOKENS: Final = 100
MOST_LAYERS: Final = 3  # mails saved as files in mails
LENGTH: Final = 26  # of a token
MOST_WORDS: Final = 200  # encoded words in headers
_SMALL: Final = 256 * 1024  # text that is looked through for bare tokens too

# What mail programs put between two letters: ends of lines with quoting, soft breaks, marks without width, HTML tags.
JUNK: Final = rb"(?:=\r?\n|[\s>|]|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad|<[^<>]{0,80}>)"
_PLUS: Final = rb"(?:\+|=2B|%2B|&#43;|&#x2b;|&plus;)"
_LETTERS: Final = rb"((?:" + JUNK + rb"{0,12}[a-z2-7]){26})"
_ANCHORED: Final = re.compile(rb"reply" + JUNK + rb"{0,12}" + _PLUS + _LETTERS, re.IGNORECASE)
_JUNK: Final = re.compile(JUNK)
_BARE: Final = re.compile(rb"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])")  # in lower case: ignoring case costs the double
_WORDS: Final = re.compile(
    rb"=\?[^?\s]{1,60}\?[bq]\?[^?\r\n]{0,1000}\?=(?:\s+=\?[^?\s]{1,60}\?[bq]\?[^?\r\n]{0,1000}\?=)*", re.I
)
_A_MAIL: Final = re.compile(
    rb"^(?:content-transfer-encoding|content-type|message-id)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_IN_TEXT: Final = re.compile(
    r"reply(?:\+|=2B|%2B|&#43;|&#x2b;|&plus;)(?:(?:[\s>|\u200b-\u200f\u2060\ufeff\u00ad]{0,4}[a-z2-7])){26}(?![a-z2-7])",
    re.IGNORECASE,
)


def reply_tokens(message: Message) -> frozenset[str]:
    """Every word that could be a token, in lower case; whether one lives the database knows."""
    found: set[str] = set()
    _look(message, found, MOST_LAYERS)
    return frozenset(found)


def without_tokens(text: str) -> str:
    """Text that others will read, with what looks like a token cut out."""
    return _IN_TEXT.sub("reply+…", text)


def is_mail(data: bytes) -> bool:
    """Whether an attached file looks like a mail that was saved."""
    return _A_MAIL.search(data, 0, 64 * 1024) is not None


def to_decode(part: Part) -> bool:
    """Whether what stands in the mail is not what the part holds."""
    return part.leaf and part.encoding not in ("", "7bit", "8bit", "binary")


def encoded_words(content: bytes) -> Iterator[re.Match[bytes]]:
    """The runs of encoded words (RFC 2047) in headers of the mail and of those in it, the first of them."""
    for count, match in enumerate(_WORDS.finditer(content)):
        if count >= MOST_WORDS:
            return
        yield match


def _look(message: Message, found: set[str], layers: int) -> None:
    content = message.content
    _search(content, found)
    _bare(content[: message.body], found)
    for words in encoded_words(content):
        _text(decode_words(words[0].decode("ascii", "replace")), found)
    for block in blocks(content):
        _octets(decoded(block[1]), found)
    for part in message.parts[:MOST_PARTS]:
        if len(found) >= MOST_TOKENS:
            return
        _text(part.name, found)
        if part.text is not None:  # in the part's own character set, which may be UTF-16
            _text(part.text, found)
        elif part.leaf:
            _file(content, part, found, layers)
        if part.text is not None and to_decode(part):
            _search(part_data(content, part, MOST_OCTETS), found)


def _file(content: bytes, part: Part, found: set[str], layers: int) -> None:
    data = part_data(content, part, MOST_OCTETS)
    _octets(data, found)
    if layers > 1 and is_mail(data):
        _look(parse(data), found, layers - 1)


def _octets(data: bytes, found: set[str]) -> None:
    """A file, whatever it is."""
    _search(data, found)
    if len(data) <= _SMALL:
        _text(data.decode("utf-8", "replace"), found)
    if b"\0" in data[:4096]:  # UTF-16, as in Outlook's .msg
        _search(data.replace(b"\0", b""), found)


def _text(text: str, found: set[str]) -> None:
    """Text that a person could read: as it is, and with entities and %-signs read."""
    views = {text}
    if "&" in text or "%" in text:
        views.add(unquote(unquote(html.unescape(text))))
    if not text.isascii():
        views |= {_INVISIBLE.sub("", view) for view in views}
    for view in views:
        data = view.encode("utf-8", "replace")
        _search(data, found)
        _bare(data[:_SMALL], found)


def _search(data: bytes, found: set[str]) -> None:
    for match in _ANCHORED.finditer(data):
        found.add(_JUNK.sub(b"", match[1]).decode("ascii").lower())
        if len(found) >= MOST_TOKENS:
            return


def _bare(data: bytes, found: set[str]) -> None:
    if len(data) >= LENGTH and max(map(len, data.split()), default=0) < LENGTH:
        return  # nearly always
    for match in _BARE.finditer(data.lower()):
        found.add(match[0].decode("ascii"))
        if len(found) >= MOST_TOKENS:
            return
