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
_COMMENT: Final = re.compile(r"@[^()@]{1,300}\(([^()@]{1,80})\)")
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


def mailbox(text: str) -> Forwarded | None:
    """The mailbox of a line that people type: `Bo Ek <bo@…>`, `bo@… (Bo Ek)`, `mailto:bo@…`; None for two or none."""
    if len({one.rpartition(":")[2].casefold() for one in _BARE.findall(text)}) > 1:
        return None
    found = _mailbox(text.strip())
    behind = _COMMENT.search(text)
    if found is None or found.name or not behind:
        return found
    return Forwarded(found.address, behind[1].strip())


def _mailbox(text: str) -> Forwarded | None:
    angle = _ANGLE.search(text)
    bare = _BARE.search(text)
    written = angle[2] if angle else bare[0] if bare else ""
    address = parse_address(re.sub(r"(?i)\Amailto:", "", written).rstrip(".,"))
    if address is None:
        return None
    name = (angle[1] or "").strip(" \"'*") if angle else ""
    return Forwarded(address, "" if "@" in name else name)
