"""The text of attached files and enclosed mails, as far as plain reading goes: what else a post hands to everybody."""

from __future__ import annotations

import re
from typing import Final

from mailsvc.message.charsets import decode
from mailsvc.message.parsing import Message
from mailsvc.message.parts import Part, part_data

_TEXT_FILE: Final = re.compile(
    r".{1,250}\.(?:csv|tsv|txt|tab|text|md|log|eml|json|xml|html?)\Z", re.IGNORECASE | re.DOTALL
)
_NOT_READ: Final = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "text/rfc822-headers"})


def attached_text(message: Message, most: int, parts: int) -> str:
    """At most about `most` characters of what stands in text files and enclosed mails; the first `parts` are looked at.

    Office files and PDFs are not opened. Pure; never raises.
    """
    texts: list[str] = []
    for part in message.parts[:parts]:
        if most <= 0:
            break
        if not part.leaf or part.text is not None or not _is_text(part):
            continue
        text = decode(part_data(message.content, part, most), part.parameters.get("charset"))
        texts.append(text)
        most -= len(text)
    return "\n".join(texts)


def _is_text(part: Part) -> bool:
    if part.content_type.startswith("text/"):
        return part.content_type not in _NOT_READ
    return _TEXT_FILE.match(part.name) is not None
