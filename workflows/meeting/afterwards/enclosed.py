"""Files that come with notes: texts are read as notes, others are named to whoever sent them and not passed on.

What members shall have as a file goes to the network's documents, where it is scanned and kept (`N-docs@`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailsvc.config import Config
from mailsvc.message.parsing import parse
from mailsvc.message.parts import part_data
from mailsvc.message.reply_text import whole_text
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx

LONGEST: Final = 50_000  # characters of one text
MOST_NAMED: Final = 10
_LONGEST_NAME: Final = 100
_TEXTS: Final = (".txt", ".md", ".text")
_NO_FILES: Final = frozenset(
    {"text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature", "application/pkcs7-signature",
     "application/x-pkcs7-signature", "application/ms-tnef", "text/html"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What came along: `text` of the files that are texts, and the `names` of the others."""

    text: str = ""
    names: tuple[str, ...] = ()


def look(tx: ReadTx, inbox_id: int | None, config: Config) -> Enclosed:
    """The files of the mail that is handled; none where it is not known any more."""
    unit = inbox.unit(tx, inbox_id) if inbox_id is not None else None  # type: ignore[arg-type]
    if unit is None:
        return Enclosed()
    try:
        message = parse(inbox.raw(tx, unit.raw_id), config.limits)
    except LookupError:
        return Enclosed()
    texts: list[str] = []
    names: list[str] = []
    known = " ".join(whole_text(message).split())
    for one in message.attachments:
        if one.content_type in _NO_FILES or one.size == 0 or (one.inline and one.content_type.startswith("image/")):
            continue
        if one.content_type == "text/plain" or one.name.lower().endswith(_TEXTS):
            text = _decoded(part_data(message.content, message.parts[one.part]))
            texts += [text] if text and " ".join(text.split()) not in known else []
        else:
            names.append(" ".join(one.name.split())[:_LONGEST_NAME] or one.content_type)
    return Enclosed("\n\n".join(texts)[:LONGEST], tuple(names[:MOST_NAMED]))


def _decoded(content: bytes) -> str:
    """UTF-8, or what Windows writes."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").strip()
        except UnicodeDecodeError:
            continue
    return ""
