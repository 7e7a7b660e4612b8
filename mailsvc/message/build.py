"""Safe building of header fields and whole letters: nobody's text can become a header, a line or a part of its own.

The email package is not used to write (its serialiser has let decoded text inject fields); it is used to read back.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from email import errors
from email.parser import BytesHeaderParser
from email.policy import compat32

from mailsvc.message.flowed import clean_text, flowed, quoted_printable

LINE = 78
"""Preferred longest header line without CRLF (RFC 5322 §2.1.1)."""
HARD_LINE = 998
"""Longest line that mail systems must take (RFC 5322 §2.1.1)."""
ENCODED_LINE = 76
"""Longest header line that holds an encoded word (RFC 2047 §2)."""
NAME_LENGTH = 200
"""Display names longer than this are cut: nobody reads more, and a line must stay under HARD_LINE."""

_FIELD_NAME = re.compile(r"[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*\Z")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LOCAL_CHARS = r"[^\s\x00-\x1f\x7f-\x9f\"(),:;<>@\[\\\]]+"
_ADDRESS = re.compile(rf"(?:{_LOCAL_CHARS}|\"{_LOCAL_CHARS}\")@[^\s\x00-\x1f\x7f-\x9f\"(),:;<>@\\]+\Z")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_Q_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")

# Fields that are not free text: their values are made by the functions below (or by the caller from constants), so
# they are folded and never encoded as a whole; what is not ASCII in them is an address and stays UTF-8 (RFC 6532).
_STRUCTURED_NAMES = """archived-at auto-submitted bcc cc content-disposition content-id content-transfer-encoding
    content-type date delivered-to from in-reply-to list-archive list-help list-id list-owner list-post list-subscribe
    list-unsubscribe list-unsubscribe-post message-id mime-version original-recipient precedence received references
    reply-to resent-date resent-from resent-message-id resent-to return-path sender to x-auto-response-suppress x-loop
    """
_STRUCTURED = frozenset(_STRUCTURED_NAMES.split())


_HEADER_DEFECTS = (
    errors.FirstHeaderLineIsContinuationDefect,
    errors.MalformedHeaderDefect,
    errors.MissingHeaderBodySeparatorDefect,
    errors.MisplacedEnvelopeHeaderDefect,
)


class BuildBug(Exception):
    """What was built is not what was meant; it must not leave. No input can cause it, only a mistake in the code."""


def clean(text: str) -> str:
    """`text` as one line: controls, line and paragraph separators become a blank, runs of blanks become one.

    Direction overrides are dropped (they make a name read as another), lone surrogates become U+FFFD.
    """
    text = _SURROGATE.sub("\ufffd", _BIDI.sub("", _UNSAFE.sub(" ", text)))
    return " ".join(part for part in text.split(" ") if part)


def field(name: str, value: str) -> bytes:
    """One header field with its CRLF, folded (RFC 5322 §2.2.3), ASCII unless an address in it is not.

    Free text (`Subject` and every name that is not known as structured) that is not ASCII is written as encoded
    words (RFC 2047). Raises BuildBug for a bad name or for a structured value with a word of over 900 characters.
    """
    if not _FIELD_NAME.match(name) or len(name) > 40:
        raise BuildBug(f"not a field name: {name!r}")
    if name.lower() not in _STRUCTURED:
        return _fold(f"{name}:", free_text(value, first=ENCODED_LINE - len(name) - 2))
    value = clean(value)
    if any(len(word.encode()) > 900 for word in value.split(" ")):
        raise BuildBug(f"a word that cannot be folded in {name}")
    return _fold(f"{name}:", value)


def free_text(text: str, *, first: int = ENCODED_LINE - 14) -> str:
    """Unstructured text (RFC 5322 §3.2.5) as it stands when it is plain ASCII that folds, else as encoded words."""
    text = clean(text)
    if text.isascii() and "=?" not in text and all(len(word) <= 200 for word in text.split(" ")):
        return text
    return " ".join(_encoded_words(text, first))


def phrase(text: str, *, first: int = ENCODED_LINE - 14) -> str:
    """`text` as an RFC 5322 phrase: bare words, a quoted string, or encoded words; "" for nothing.

    `first` is how many octets fit on the line where it starts.
    """
    text = clean(text)
    if len(text) > NAME_LENGTH:
        text = text[: NAME_LENGTH - 1].rstrip(" ") + "…"
    if not text.isascii() or "=?" in text:
        return " ".join(_encoded_words(text, first))
    if not text or _ATOMS.match(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def mailbox(display_name: str, address: str) -> str:
    """`name <address>` as a structured value (RFC 5322 §3.4) for `field`; the address alone when there is no name.

    A UTF-8 address stays as it is (RFC 6532). Raises BuildBug for an address that is not plainly one: people's
    addresses were checked when they came in.
    """
    if not _ADDRESS.match(address) or clean(address) != address or len(address) > 320:
        raise BuildBug("not an address")
    name = phrase(display_name)
    return f"{name} <{address}>" if name else address


def message_ids(values: Iterable[str], keep: int = 20) -> str:
    """A value for References or In-Reply-To out of foreign text: only well-formed ids, the first and the last ones.

    Ids that somebody else wrote may be of any length and shape; those that are not plain ASCII `<...>` of at most
    250 characters are left out. "" when none is left.
    """
    found = list(dict.fromkeys(one for value in values for one in _MESSAGE_ID.findall(value)))
    if len(found) > keep:
        found = found[:1] + found[1 - keep :]
    return " ".join(found)


def header_names(content: bytes, *, foreign: bool = False) -> list[str]:
    """The field names of the header block as a plain reader of lines sees them; BuildBug when it is not clean.

    Clean: CRLF line ends only, no NUL, every line a field or its continuation; unless `foreign` fields are among
    them also: no line over HARD_LINE octets and no blank continuation line.
    """
    end = content.find(b"\r\n\r\n")
    if end < 0:
        raise BuildBug("no end of the header block")
    names: list[str] = []
    for line in content[:end].split(b"\r\n"):
        if b"\r" in line or b"\n" in line or b"\0" in line:
            raise BuildBug("a bare CR, LF or NUL in the header block")
        if len(line) > HARD_LINE and not foreign:
            raise BuildBug("a header line that is too long")
        if line[:1] in (b" ", b"\t"):
            if not names or not (foreign or line.strip()):
                raise BuildBug("a continuation of nothing, or an empty one")
            continue
        name, colon, _ = line.partition(b":")
        if not colon or not name or not name.isascii() or any(octet < 33 or octet > 126 for octet in name):
            raise BuildBug("a header line that is no field")
        names.append(name.decode())
    return names


def check_headers(content: bytes, intended: Sequence[str], *, foreign: bool = False) -> None:
    """Read `content` back, with our scanner and with the email package: the fields must be exactly `intended`.

    Names are compared in order and without case; `foreign` says that other people's fields are among them, whose
    long lines are let be. Raises BuildBug; the mail must then not be sent.
    """
    wanted = [name.lower() for name in intended]
    if [name.lower() for name in header_names(content, foreign=foreign)] != wanted:
        raise BuildBug("the header fields are not the intended ones")
    block = content[: content.index(b"\r\n\r\n") + 4]
    read = BytesHeaderParser(policy=compat32).parsebytes(block)
    # Some versions of the package parse the (absent) body even here and call a multipart without one defective.
    broken = any(isinstance(defect, _HEADER_DEFECTS) for defect in read.defects)
    if [name.lower() for name in read.keys()] != wanted or broken:  # noqa: SIM118 - keys() has repeated names
        raise BuildBug("the header fields read back are not the intended ones")


def letter(headers: Sequence[tuple[str, str]], text: str, html: str | None = None) -> bytes:
    """A whole message (RFC 5322, MIME) from header (name, value) pairs and its text, the same bytes every time.

    `text`: lines end in LF, one paragraph is one line; it is sent as text/plain; format=flowed (RFC 3676). With
    `html` the message is multipart/alternative. Everything is ASCII (7bit or quoted-printable) except UTF-8
    addresses in header fields; CRLF everywhere. A structured field with an empty value is left out. Raises BuildBug
    when what was built does not read back as meant.
    """
    headers = [(name, value) for name, value in headers if value.strip() or name.lower() not in _STRUCTURED]
    fields = [field(name, value) for name, value in headers]
    mime: list[tuple[str, str]] = [("MIME-Version", "1.0")]
    plain_type = "text/plain; charset=utf-8; format=flowed"
    if html is None:
        encoding, body = _encoded_body(flowed(text))
        mime += [("Content-Type", plain_type), ("Content-Transfer-Encoding", encoding)]
    else:
        parts = [text_part(plain_type, flowed(text)), text_part("text/html; charset=utf-8", clean_text(html))]
        boundary = boundary_for(parts)
        mime.append(("Content-Type", f'multipart/alternative; boundary="{boundary}"'))
        body = multipart(parts, boundary)
    content = b"".join([*fields, *(field(name, value) for name, value in mime), b"\r\n", body])
    check_headers(content, [name for name, _ in headers] + [name for name, _ in mime])
    return content


def text_part(content_type: str, text: str) -> bytes:
    """One whole MIME part (RFC 2045) of `text` with LF line ends: its fields, a blank line, its encoded body."""
    encoding, body = _encoded_body(text)
    return field("Content-Type", content_type) + field("Content-Transfer-Encoding", encoding) + b"\r\n" + body


def boundary_for(parts: Sequence[bytes]) -> str:
    """A boundary that stands in none of the parts, made from them so that a repeated build gives the same bytes."""
    # It would have to stand in a part that contains its own hash; no other part has it.
    return f"=_{hashlib.sha256(b'--'.join(parts)).hexdigest()[:32]}"


def multipart(parts: Sequence[bytes], boundary: str) -> bytes:
    """The body of a multipart message out of whole parts (RFC 2046 §5.1.1)."""
    mark = f"--{boundary}".encode("ascii")
    return b"".join([piece for part in parts for piece in (mark, b"\r\n", part, b"\r\n")] + [mark, b"--\r\n"])


def _fold(head: str, value: str) -> bytes:
    """`head` and the words of `value`, broken at blanks so that lines stay short where words allow."""
    longest = ENCODED_LINE if "=?" in value else LINE
    lines = [head]
    width = len(head)
    for number, word in enumerate(value.split(" ")):
        size = len(word.encode())
        if number and width + 1 + size > longest:
            lines.append("")
            width = 0
        lines[-1] += " " + word
        width += 1 + size
    return "\r\n".join(lines).encode() + b"\r\n"


def _encoded_words(text: str, first: int) -> Iterator[str]:
    """RFC 2047 encoded words for `text`: the first of at most `first` octets, the others of 75.

    No word splits a character. Q or B, whichever is shorter for the whole; Q when equal: people look at sources.
    """
    octets = text.encode()
    use_q = _encoded_size(octets, use_q=True) <= _encoded_size(octets, use_q=False)
    start = "=?utf-8?q?" if use_q else "=?utf-8?b?"
    room = min(first, 75) - len(start) - 2
    chunk = b""
    used = 0
    for char in text:
        more = char.encode()
        # Q grows by the character alone; B's padding depends on the whole chunk's length.
        size = used + _encoded_size(more, use_q) if use_q else _encoded_size(chunk + more, use_q)
        if size > room and chunk:
            yield f"{start}{_encode(chunk, use_q)}?="
            chunk, room = b"", 75 - len(start) - 2
            size = _encoded_size(more, use_q)
        chunk += more
        used = size
    if chunk:
        yield f"{start}{_encode(chunk, use_q)}?="


def _encoded_size(octets: bytes, use_q: bool) -> int:
    """How long the inner text of an encoded word for `octets` is."""
    if use_q:
        return sum(1 if octet in _Q_PLAIN or octet == 32 else 3 for octet in octets)
    return (len(octets) + 2) // 3 * 4


def _encode(chunk: bytes, use_q: bool) -> str:
    """The inner text of one encoded word, fit for a phrase too (RFC 2047 §5 rule 3)."""
    if not use_q:
        return base64.b64encode(chunk).decode("ascii")
    return "".join("_" if octet == 32 else chr(octet) if octet in _Q_PLAIN else f"={octet:02X}" for octet in chunk)


def _encoded_body(text: str) -> tuple[str, bytes]:
    """(Content-Transfer-Encoding, body) of a text with LF line ends: 7bit where it can be, else quoted-printable."""
    lines = text.split("\n")
    if text.isascii() and not any(len(line) > HARD_LINE or line.startswith("From ") for line in lines):
        return "7bit", text.replace("\n", "\r\n").encode("ascii")
    return "quoted-printable", quoted_printable(text)
