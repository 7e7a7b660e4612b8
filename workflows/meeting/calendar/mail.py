"""A letter that carries a calendar: the MIME shape Outlook, Google and Apple show with buttons (RFC 6047)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Final

from mailsvc.message.attach import Attached
from mailsvc.message.build import BuildBug, boundary_for, check_headers, field, multipart, text_part
from mailsvc.message.flowed import clean_text, flowed

METHODS: Final = ("REQUEST", "CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER")
FILE: Final = "invite.ics"
_LINE: Final = 76


def invitation_mail(
    headers: Sequence[tuple[str, str]],
    text: str,
    html: str,
    calendar: bytes,
    method: str,
    files: Sequence[Attached] = (),
) -> bytes:
    """A whole mail: multipart/mixed of (plain, HTML and calendar as alternatives) and the calendar as a file.

    `headers`, `text` and `html` as for `mailsvc.message.build.letter`; `calendar` is sent as it is, `method` must be
    its METHOD (RFC 6047 §2.4); `files` come behind it. The calendar comes last among the alternatives and has no
    disposition, which is where clients look for it; as a file it is for those that show no calendars. Raises BuildBug
    when what was built is not what was meant.
    """
    if method not in METHODS or f"\r\nMETHOD:{method}\r\n".encode() not in calendar:
        raise BuildBug(f"not a calendar with METHOD {method}")
    alternatives = [
        text_part("text/plain; charset=utf-8; format=flowed", flowed(text)),
        text_part("text/html; charset=utf-8", clean_text(html)),
        _part(f"text/calendar; charset=UTF-8; method={method}", "", calendar),
    ]
    inner = boundary_for(alternatives)
    whole = field("Content-Type", f'multipart/alternative; boundary="{inner}"') + b"\r\n"
    # The name stands in both fields: Outlook reads the one, Apple Mail the other.
    file = _part(f'application/ics; name="{FILE}"', f'attachment; filename="{FILE}"', calendar)
    more = [
        _part(f'{one.content_type}; name="{one.name}"', f'attachment; filename="{one.name}"', one.content)
        for one in files
    ]
    parts = [whole + multipart(alternatives, inner), file, *more]
    outer = boundary_for(parts)
    mime = [("MIME-Version", "1.0"), ("Content-Type", f'multipart/mixed; boundary="{outer}"')]
    headers = [(name, value) for name, value in headers if value.strip()]
    fields = [field(name, value) for name, value in (*headers, *mime)]
    content = b"".join([*fields, b"\r\n", multipart(parts, outer)])
    check_headers(content, [name for name, _ in (*headers, *mime)])
    return content


def _part(content_type: str, disposition: str, content: bytes) -> bytes:
    """One part in base64: relays that rewrite 8-bit or long lines have broken calendars sent in any other way."""
    head = field("Content-Type", content_type)
    if disposition:
        head += field("Content-Disposition", disposition)
    encoded = base64.b64encode(content)
    lines = [encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE)]
    return head + field("Content-Transfer-Encoding", "base64") + b"\r\n" + b"\r\n".join(lines) + b"\r\n"
