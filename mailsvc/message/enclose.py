"""A mail enclosed in a letter of ours (RFC 2046 §5.2.1), for what cannot be passed on as it is. Pure."""

from __future__ import annotations

from mailsvc.message.build import boundary_for, check_headers, field, multipart
from mailsvc.message.header_edit import scan


def enclosing(letter: bytes, source: bytes, address: str) -> bytes:
    """`letter` with `source` behind its text, byte for byte, and `X-Loop: address` on top.

    Raises BuildBug when the header fields do not read back as meant.
    """
    read = scan(letter)
    outer = [one for one in read.fields if not one.name.startswith("content-")]
    inner = [one.raw for one in read.fields if one.name.startswith("content-")]
    text = b"".join([*inner, b"\r\n", read.body])
    parts = [text, _enclosed(source)]
    boundary = boundary_for(parts)
    top = field("X-Loop", address)
    kind = field("Content-Type", f'multipart/mixed; boundary="{boundary}"')
    whole = b"".join([top, *(one.raw for one in outer), kind, b"\r\n", multipart(parts, boundary)])
    check_headers(whole, ["x-loop", *(one.name for one in outer), "content-type"])
    return whole


def _enclosed(source: bytes) -> bytes:
    fields = (
        ("Content-Type", "message/rfc822"),
        ("Content-Transfer-Encoding", "7bit" if source.isascii() else "8bit"),
        ("Content-Disposition", 'attachment; filename="mail.eml"'),
    )
    return b"".join(field(name, value) for name, value in fields) + b"\r\n" + source
