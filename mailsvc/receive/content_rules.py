"""Which octets a message may have when it comes in, and what becomes of line ends: CR LF only, no NUL, no endless line.

A CR or LF alone is read as a line end by some servers and not by others; passed on, it lets one mail become two
("SMTP smuggling"). A trusted relay's mail is normalised, for it may hand in what a local program wrote; everybody
else's is refused.
"""

from __future__ import annotations

import re

from mailsvc.errors import Refusal
from mailsvc.limits import Limits
from mailsvc.receive import replies

# Several CR before one LF are one line end: written by programs that translated line ends twice.
_LINE_END = re.compile(rb"\r+\n|\n|\r")


def admit(content: bytes, limits: Limits, *, normalise: bool) -> bytes | Refusal:
    """`content` (dot-unstuffed) with CR LF line ends only, or why it is refused (RFC 5321 §2.3.8, §4.5.3.1.6).

    `normalise` makes CR LF of bare CR and LF instead of refusing them. Lines longer than 998 octets pass unchanged
    up to `limits.text_line`, CR LF not counted: breaking them would break signatures.
    """
    if b"\0" in content:
        return replies.NUL_INSIDE
    if has_bare_line_end(content):
        if not normalise:
            return replies.BARE_INSIDE
        content = _LINE_END.sub(b"\r\n", content)
    if len(content) > limits.message_size:
        return replies.TOO_BIG
    if has_longer_line(content, limits.text_line):
        return replies.LONG_LINE
    return content


def has_bare_line_end(content: bytes) -> bool:
    """True when a CR or LF is not part of a CR LF."""
    pairs = content.count(b"\r\n")
    return content.count(b"\r") != pairs or content.count(b"\n") != pairs


def has_longer_line(content: bytes, octets: int) -> bool:
    """True when a line of `content` (CR LF line ends only) has more than `octets`, its line end not counted."""
    if content.find(b"\r", 0, octets + 1) < 0 and len(content) > octets:
        return True
    # Anchored at a line's beginning, so every octet is looked at once.
    return re.search(rb"\n[^\r]{%d}" % (octets + 1), content) is not None
