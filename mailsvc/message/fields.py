"""Header blocks and structured field values as bytes and small values: RFC 5322 §2.2, RFC 2045 §5, RFC 2231."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from mailsvc.message.charsets import decode, decode_header_bytes
from mailsvc.message.encoded_words import decode_words, unfold

Field = tuple[str, bytes]

# Blanks before the colon are obsolete syntax (RFC 5322 §4.5), but some programs read "From : x" as a From field:
# it has to count as one here too.
_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]+)[ \t]*:")
_MOST_PARAMETERS = 60
_LONGEST_VALUE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Block:
    """One header block: its fields, where they end, where the body starts, and whether a blank line was between."""

    fields: tuple[Field, ...]
    end: int
    body_start: int
    separated: bool


def read_block(content: bytes, start: int, end: int) -> Block:
    """The header fields from `start`; the body starts after the first blank line or at the first line that is no field.

    Work is linear in the block; values keep their folding, without the last line end.
    """
    fields: list[Field] = []
    position = start
    while position < end:
        line_end = content.find(b"\n", position, end)
        stop = end if line_end < 0 else line_end + 1
        line = content[position:stop]
        if not line.strip(b"\r\n"):
            return Block(tuple(fields), position, stop, separated=True)
        name = _NAME.match(line)
        if not name:
            return Block(tuple(fields), position, position, separated=False)
        value_start = position + name.end()
        while stop < end and content[stop : stop + 1] in (b" ", b"\t"):
            line_end = content.find(b"\n", stop, end)
            stop = end if line_end < 0 else line_end + 1
        fields.append((name[1].decode("ascii"), content[value_start:stop].rstrip(b"\r\n")))
        position = stop
    return Block(tuple(fields), end, end, separated=True)


def text_of(value: bytes) -> str:
    """A raw field value unfolded, as text, encoded words left as they are."""
    return unfold(decode_header_bytes(value[: 4 * _LONGEST_VALUE]))


@dataclass(frozen=True, slots=True)
class Parameterised:
    """`value; name=value …` (Content-Type, Content-Disposition): value and parameter names in lower case."""

    value: str
    parameters: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The first parameter of that name; "" when there is none."""
        for key, value in self.parameters:
            if key == name:
                return value
        return ""


_PARAMETER = re.compile(
    r""";?\s*([^\s=;"*]{1,60}(?:\*\d{1,3})?\*?)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)|;|[^;]+""", re.DOTALL
)


def read_parameters(value: bytes) -> Parameterised:
    """A field with parameters (RFC 2045 §5.1), with RFC 2231 continuations and charsets, tolerant of encoded words."""
    text = text_of(value[:_LONGEST_VALUE])
    head, _, rest = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    count = 0
    for match in _PARAMETER.finditer(rest):
        if not match[1]:
            continue
        count += 1
        if count > _MOST_PARAMETERS:
            break
        _keep(match[1].lower(), _unquote(match[2]), plain, pieces)
    for name, numbered in pieces.items():
        plain[name] = _join(numbered)
    # Clients write encoded words into file names (forbidden, universal); a boundary is compared as it stands.
    shown = (
        (name, decode_words(text) if "=?" in text and name != "boundary" else text) for name, text in plain.items()
    )
    return Parameterised(head.strip().lower(), tuple(shown))


def _keep(key: str, text: str, plain: dict[str, str], pieces: dict[str, dict[int, tuple[str, bool]]]) -> None:
    encoded = key.endswith("*")
    name, star, number = key.rstrip("*").partition("*")
    if star and number.isdigit():
        pieces.setdefault(name, {}).setdefault(int(number), (text, encoded))
    elif encoded:
        pieces.setdefault(name, {}).setdefault(0, (text, True))
    else:
        plain.setdefault(name, text)


def _unquote(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:].removesuffix('"'))
    return text


def _join(numbered: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231 §3 and §4: pieces in order, the charset named in the first; a missing number ends it."""
    charset = ""
    data = b""
    for number in range(len(numbered)):
        if number not in numbered:
            break
        text, encoded = numbered[number]
        if encoded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "surrogateescape")
    return decode(data, charset)
