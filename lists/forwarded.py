"""Who wrote the mail inside a forwarded mail: an enclosed message, or the header block that clients write. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mailsvc.limits import Limits
from mailsvc.message.address import Address, parse_address
from mailsvc.message.parsing import Message, parse
from mailsvc.message.parts import part_data
from mailsvc.message.reply_text import whole_text

_FORWARD: Final = re.compile(
    r"\s*(fwd?|vb|vs|videresendt|vidarebefordrat|vidaresend|wg|tr)\s*:|.*\(fwd\)\s*\Z", re.IGNORECASE
)
_FROM: Final = re.compile(r"^[>\s*]*(?:From|Från|Fra|Frå|Von|De)\s*:\*?\s*(.{3,300})$", re.IGNORECASE | re.MULTILINE)
_ANGLE: Final = re.compile(r"(?:(.*?)\s*)?(?:<|\[mailto:|\()\s*(?:mailto:)?([^<>\s()\[\]]+@[^<>\s()\[\]]+?)\s*[>\])]")
_BARE: Final = re.compile(r"[^<>\s()\[\],;\"']+@[^<>\s()\[\],;\"']+")
_HIDDEN: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The author of the enclosed mail."""

    address: Address
    name: str


def inner_author(message: Message) -> Forwarded | None:
    """The author of the mail that `message` forwards, or None when it forwards nothing that can be read."""
    for part in message.parts:
        if part.content_type == "message/rfc822":
            inner = parse(part_data(message.content, part, _HIDDEN), Limits())
            if inner.from_address is not None:
                return Forwarded(inner.from_address, inner.from_.display_name)
    if not _FORWARD.match(message.subject):
        return None
    match = _FROM.search(whole_text(message))
    return _mailbox(match[1]) if match else None


def _mailbox(text: str) -> Forwarded | None:
    angle = _ANGLE.search(text)
    bare = _BARE.search(text)
    written = angle[2] if angle else bare[0] if bare else ""
    address = parse_address(written)
    if address is None:
        return None
    return Forwarded(address, (angle[1] or "").strip(" \"'*") if angle else "")
