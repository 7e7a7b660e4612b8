"""A letter with other mails behind its text, byte for byte, as a digest (RFC 2046 §5.1.5). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from mailsvc.message.build import boundary_for, check_headers, field, multipart, text_part
from mailsvc.message.flowed import clean_text, flowed

PLAIN = "text/plain; charset=utf-8; format=flowed"
HTML = "text/html; charset=utf-8"


def digest_mail(headers: Sequence[tuple[str, str]], text: str, html: str, messages: Sequence[bytes]) -> bytes:
    """The whole message: `headers` (name, value), a readable text in two forms, and `messages` in a multipart/digest.

    Without messages it is the text alone. Raises BuildBug when what was built does not read back as meant.
    """
    readable = _whole("alternative", [text_part(PLAIN, flowed(text)), text_part(HTML, clean_text(html))])
    whole = readable
    if messages:
        whole = _whole("mixed", [readable, _whole("digest", [_enclosed(one) for one in messages])])
    fields = b"".join(field(name, value) for name, value in (*headers, ("MIME-Version", "1.0")))
    own = ["Content-Type", *(["Content-Transfer-Encoding"] if not whole.isascii() else [])]
    content = fields + whole
    check_headers(content, [*(name for name, _ in headers), "MIME-Version", *own])
    return content


def _whole(kind: str, parts: Sequence[bytes]) -> bytes:
    """A multipart with its own fields; it says 8bit when a part of it is (RFC 2045 §6.4)."""
    boundary = boundary_for(parts)
    fields = field("Content-Type", f'multipart/{kind}; boundary="{boundary}"')
    if not all(part.isascii() for part in parts):
        fields += field("Content-Transfer-Encoding", "8bit")
    return fields + b"\r\n" + multipart(parts, boundary)


def _enclosed(message: bytes) -> bytes:
    fields = field("Content-Type", "message/rfc822")
    if not message.isascii():
        fields += field("Content-Transfer-Encoding", "8bit")
    return fields + b"\r\n" + message
