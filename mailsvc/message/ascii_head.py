"""A header block in ASCII, for a next hop that does not take other bytes in it (no SMTPUTF8, RFC 6531). Pure.

What people read is written as encoded words (RFC 2047), file names by RFC 2231, domains in their ASCII form. An address
whose local part has no ASCII form stands as the name of an empty group (RFC 6857 §3.1.8). ASCII stays as it is.
"""

from __future__ import annotations

import re
from email.utils import getaddresses
from typing import Final
from urllib.parse import quote

from mailsvc.message.address import fold_domain, parse_address
from mailsvc.message.build import BuildBug, clean, field, free_text, mailbox, phrase
from mailsvc.message.header_edit import RawField, scan

_ADDRESSES: Final = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-sender", "resent-to", "resent-cc"}
)
_PARAMETERS: Final = frozenset({"content-type", "content-disposition"})
_PARAMETER: Final = re.compile(r'([\w!#$&+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,38}\Z")


def ascii_head(head: bytes) -> bytes:
    """`head` (with or without the empty line at its end) with every field in ASCII; the same bytes every time."""
    mail = scan(head)
    end = b"\r\n" if head.endswith(b"\r\n\r\n") or head == b"\r\n" else b""
    rest = mail.body or end  # what follows a line that is no field: nobody reads it as a header
    fields = b"".join(one.raw if one.raw.isascii() else _in_ascii(one) for one in mail.fields)
    return fields + bytes(octet if octet < 128 else ord("?") for octet in rest)


def _in_ascii(one: RawField) -> bytes:
    name = one.raw.partition(b":")[0].strip().decode("ascii", "replace")
    text = clean(_text(one.value))
    try:
        shown = "-".join(part[:1].upper() + part[1:] for part in name.split("-"))
        if one.name in _ADDRESSES:
            return field(shown, _addresses(text))
        if one.name in _PARAMETERS:
            return field(shown, _PARAMETER.sub(_parameter, text).encode("ascii", "replace").decode())
        return _fielded(name, text)
    except BuildBug:
        return _fielded(name, text)


def _fielded(name: str, text: str) -> bytes:
    """Free text under a name that `field` may not know, folded at blanks."""
    if not _NAME.match(name):
        name = "X-Unnamed"
    words = free_text(text, first=76 - len(name) - 2).split(" ")
    return f"{name}: {(chr(13) + chr(10) + ' ').join(words)}\r\n".encode("ascii")


def _text(value: bytes) -> str:
    """The bytes as they were meant: UTF-8, else what Windows writes."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def _addresses(text: str) -> str:
    return ", ".join(_address(name, address) for name, address in getaddresses([text]) if name or address)


def _address(name: str, address: str) -> str:
    parsed = parse_address(address)
    local, _, domain = address.rpartition("@")
    ascii_domain = parsed.ascii_domain if parsed else fold_domain(domain)
    if local.isascii() and ascii_domain is not None:
        return mailbox(name, f"{local}@{ascii_domain}")
    return f"{phrase(f'{name} {address}'.strip())} :;"


def _parameter(match: re.Match[str]) -> str:
    """`name="räka.pdf"` as `name*=utf-8''r%C3%A4ka.pdf` (RFC 2231 §4)."""
    value = match[2] if match[2] is not None else match[3]
    if value.isascii():
        return match[0]
    plain = re.sub(r"\\(.)", r"\1", value)
    return f"{match[1]}*=utf-8''{quote(plain, safe='')}"
