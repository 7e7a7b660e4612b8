"""RFC 2047 encoded words to text, in linear time, tolerant of what clients really send."""

from __future__ import annotations

import base64
import binascii
import re

from mailsvc.message.charsets import decode

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*(?:\?(?!=)[^?\r\n]*)*)\?=")
_LONGEST = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def unfold(value: str) -> str:
    """A folded header value as one line (RFC 5322 §2.2.3), outer blanks removed."""
    return re.sub(r"\r?\n(?=[ \t])", "", value).strip(" \t\r\n")


def decode_words(value: str) -> str:
    """Unfolded header text with its encoded words decoded (RFC 2047 §6); never raises.

    Adjacent words are joined without the blank between them; those of one charset are joined as bytes first, since many
    clients split inside a character. Control and direction characters become blanks: nobody's text may act.
    """
    text = unfold(value[:_LONGEST])
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    position = 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        if between.strip(" \t\r\n") or not pending:
            out.append(_flush(pending))
            pending = []
            out.append(between)
        charset = match[1].partition("*")[0]  # RFC 2231 §5: charset*language
        pending.append((charset.lower(), _payload(match[2], match[3])))
        position = match.end()
    out.append(_flush(pending))
    out.append(text[position:])
    return _CONTROL.sub(" ", "".join(out)).replace("\n", " ").strip()


def _payload(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b" ", b"_"), header=True)
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(raw) % 4 == 1:
        raw = raw[:-1]
    return base64.b64decode(raw + b"=" * (-len(raw) % 4))


def _flush(words: list[tuple[str, bytes]]) -> str:
    out: list[str] = []
    run: list[bytes] = []
    current = ""
    for charset, data in words:
        # ISO-2022 starts each word in ASCII again, so joining its bytes is as right as joining its text.
        if run and charset != current:
            out.append(decode(b"".join(run), current))
            run = []
        current = charset
        run.append(data)
    if run:
        out.append(decode(b"".join(run), current))
    return "".join(out)
