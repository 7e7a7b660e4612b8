"""Tokens cut out of a mail: each letter becomes an `x`, so that every length stays and no structure is touched."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from typing import Final

from mailsvc.limits import Limits
from mailsvc.message.encoded_words import decode_words
from mailsvc.message.parsing import parse
from mailsvc.message.parts import Part, part_data
from mailsvc.message.tokens import JUNK, MOST_LAYERS, MOST_PARTS, encoded_words, is_mail, reply_tokens, to_decode
from mailsvc.message.uuencoded import blocks, decoded, encoded_like

_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]")
_WORD: Final = re.compile(rb"=\?([^?\s]{1,60})\?([bq])\?([^?\r\n]{0,1000})\?=", re.IGNORECASE)
_QUOTED: Final = re.compile(rb"=[0-9a-f]{2}|=[ \t]*\r\n|.", re.IGNORECASE | re.DOTALL)
_SOFT: Final = (b"=\r", b"= ", b"=\t")
_LETTER: Final = re.compile(rb"=[0-9a-f]{2}|[a-z2-7]", re.IGNORECASE)
_UNIT: Final = re.compile(rb"(=[0-9a-f]{2}|%[0-9a-f]{2}|&#x[0-9a-f]{2};|&#[0-9]{2,3};|[a-z2-7])|" + JUNK, re.IGNORECASE)


def cut(content: bytes, tokens: Collection[str], limits: Limits | None = None) -> bytes | None:
    """The mail with these tokens (lower case) made unreadable, as long as before; None where one is still there.

    Whoever signed it did not sign that: an author's DKIM signature over the body breaks.
    """
    edited = _cut(content, [_pattern(token) for token in sorted(tokens)], limits, MOST_LAYERS)
    return None if reply_tokens(parse(edited, limits)) & set(tokens) else edited


def hidden(text: str, tokens: Collection[str]) -> str:
    """Text that others will read with these tokens made unreadable."""
    data = text.encode("utf-8", "surrogatepass")
    return _dead(data, [_pattern(token) for token in tokens]).decode("utf-8", "replace")


def _cut(content: bytes, patterns: list[re.Pattern[bytes]], limits: Limits | None, layers: int) -> bytes:
    message = parse(content, limits)
    out = bytearray(_dead(message.content, patterns))
    for part in message.parts[:MOST_PARTS]:
        if not to_decode(part):
            continue
        data = part_data(message.content, part)
        edited = _dead(data, patterns)
        if layers > 1 and part.text is None and is_mail(edited):
            inner = _cut(edited, patterns, limits, layers - 1)
            inner = inner if b"\r\n" in edited else inner.replace(b"\r\n", b"\n")  # reading gave its lines CRLF
            edited = inner if len(inner) == len(edited) else edited
        if edited != data:
            out[part.start : part.end] = _encoded(message.content, part, edited)
    for block in blocks(bytes(out)):
        held = decoded(block[1])
        edited = _dead(held, patterns)
        if edited != held:
            out[block.start(1) : block.end(1)] = encoded_like(block[1], edited)
    for run in encoded_words(bytes(out)):
        if _holds(run[0], patterns):
            out[run.start() : run.end()] = _dead_words(run[0], patterns)
    return bytes(out)


def _holds(run: bytes, patterns: list[re.Pattern[bytes]]) -> bool:
    text = decode_words(run.decode("ascii", "replace")).encode("utf-8", "replace")
    return any(pattern.search(text) for pattern in patterns)


def _dead_words(run: bytes, patterns: list[re.Pattern[bytes]]) -> bytes:
    """A run of encoded words without the token; where it goes over the end of a word, all words become unreadable."""
    edited = _WORD.sub(lambda word: _in_word(word, patterns), run)
    return _WORD.sub(lambda word: _in_word(word, [_LETTER]), run) if _holds(edited, patterns) else edited


def _in_word(word: re.Match[bytes], patterns: list[re.Pattern[bytes]]) -> bytes:
    charset, kind, text = word[1], word[2], word[3]
    if kind in b"qQ":
        edited = _dead(text, patterns)
    else:
        try:
            edited = _base64_like(text, _dead(base64.b64decode(text + b"=" * (-len(text) % 4)), patterns))
        except (binascii.Error, ValueError):
            edited = text
    return b"=?%s?%s?%s?=" % (charset, kind, edited)


def _pattern(token: str) -> re.Pattern[bytes]:
    """The token's letters, each as it is or encoded, with what mail programs put between; or with a NUL after each."""
    units = []
    for letter in token.lower():
        codes = [f"{ord(one):02x}" for one in sorted({letter, letter.upper()})]
        numbers = [str(ord(one)) for one in sorted({letter, letter.upper()})]
        hexed = "|".join(codes)
        units.append(rf"(?:{letter}|[=%](?:{hexed})|&\#x(?:{hexed});|&\#(?:{'|'.join(numbers)});)".encode())
    wide = b"\0".join(letter.encode() for letter in token.lower())
    return re.compile((JUNK + rb"{0,12}").join(units) + rb"|" + wide, re.IGNORECASE)


def _dead(data: bytes, patterns: list[re.Pattern[bytes]]) -> bytes:
    for pattern in patterns:
        data = pattern.sub(lambda match: _UNIT.sub(_dead_unit, match[0]), data)
    return data


def _dead_unit(match: re.Match[bytes]) -> bytes:
    unit = match[1]
    if unit is None:
        return match[0]  # between the letters
    if len(unit) == 1:
        return b"x"
    if unit[:2] == b"&#":
        return {5: b"&#88;", 6: b"&#120;"}[len(unit)] if unit[2:3] not in b"xX" else b"&#x78;"
    return unit[:1] + b"78"


def _encoded(content: bytes, part: Part, data: bytes) -> bytes:
    """`data` in the place of what the part held, every line as long as it was; other encodings stay as they are."""
    raw = content[part.start : part.end]
    if part.encoding == "base64":
        return _base64_like(raw, data)
    return _quoted_like(raw, data) if part.encoding == "quoted-printable" else raw


def _quoted_like(raw: bytes, data: bytes) -> bytes:
    """Quoted-printable whose octets are those of `data`, each as it was written; `raw` where they do not fit."""
    units = [match[0] for match in _QUOTED.finditer(raw)]
    if sum(unit[:2] not in _SOFT for unit in units) != len(data):
        return raw
    octets = iter(data)
    return b"".join(unit if unit[:2] in _SOFT else _octet(unit, next(octets)) for unit in units)


def _octet(unit: bytes, octet: int) -> bytes:
    return b"=%02X" % octet if len(unit) == 3 else bytes([octet])


def _base64_like(raw: bytes, data: bytes) -> bytes:
    letters = iter(base64.b64encode(data).rstrip(b"="))
    return _BASE64.sub(lambda match: bytes([next(letters, match[0][0])]), raw)
