"""A mail's bytes as a value that every later stage reads: headers, addresses, parts, text, kind.

Nothing here raises on any bytes; what cannot be read is named in `Message.defects`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime

from mailsvc.clock import Instant, to_instant
from mailsvc.limits import Limits
from mailsvc.message.address import Address, FromResult, parse_address, strict_from
from mailsvc.message.encoded_words import decode_words
from mailsvc.message.fields import Field, text_of
from mailsvc.message.kinds import Unreadable, kinds_of
from mailsvc.message.mime_tree import Tree, read_tree
from mailsvc.message.parts import Attachment, Part, read_parts

_MOST_ADDRESSES = 500
_MOST_IDS = 50
_LONGEST_LIST = 64 * 1024
_ID = re.compile(r"<([^<>\s]{1,900})>")


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, read. Text is bounded by `[limits] read_text read_html read_parts`; `content` is what arrived.

    `headers` are all fields of the mail itself in their order, values as raw bytes with their folding. `from_` is the
    strict reading that evidence rests on; `sender` is the Sender field where it names one mailbox. `message_id`,
    `references` (In-Reply-To first, then References, newest last) are without angle brackets. `date` is None when the
    Date field is missing or unreadable. `depth` counts MIME nesting, 0 for a simple mail. `body` is where it starts.
    `calendar_method` is that of an iCalendar part in upper case, else "". `reaction`: Gmail's reaction mail; `receipt`:
    a read receipt; `recall`: Outlook's recall.
    """

    content: bytes = field(repr=False)
    headers: tuple[Field, ...]
    body: int
    subject: str
    from_: FromResult
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    message_id: str
    date: Instant | None
    references: tuple[str, ...]
    list_id: str
    parts: tuple[Part, ...]
    attachments: tuple[Attachment, ...]
    depth: int
    defects: tuple[str, ...]
    unreadable: Unreadable
    calendar_method: str
    reaction: bool
    receipt: bool
    recall: bool
    _index: dict[str, tuple[int, ...]] = field(repr=False, compare=False)

    def get(self, name: str) -> str | None:
        """The first field of that name as unfolded text (encoded words as they are), None where there is none."""
        found = self._index.get(name.lower())
        return text_of(self.headers[found[0]][1]) if found else None

    def get_all(self, name: str) -> list[str]:
        """All fields of that name from the top, each as unfolded text."""
        return [text_of(value) for value in self.raw_all(name)]

    def raw_all(self, name: str) -> list[bytes]:
        """All fields of that name from the top, each as raw bytes."""
        return [self.headers[place][1] for place in self._index.get(name.lower(), ())]

    def has(self, name: str) -> bool:
        """True when there is at least one field of that name."""
        return name.lower() in self._index

    @property
    def content_type(self) -> str:
        """The type of the mail itself, `multipart/report`."""
        return self.parts[0].content_type

    @property
    def from_address(self) -> Address | None:
        """The author's address where the strict reading found exactly one."""
        return self.from_.address


def parse(content: bytes, limits: Limits | None = None) -> Message:
    """Read a mail (RFC 5322, RFC 2045 ff.). Never raises; work is bounded by `limits` whatever the bytes are."""
    limits = limits or Limits()
    if b"\n" in content.replace(b"\r\n", b""):  # files that an operator hands over have LF alone
        content = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    tree = read_tree(content, limits.mime_parts, limits.mime_depth_refused)
    fields = tree.parts[0].fields
    index: dict[str, list[int]] = {}
    for place, (name, _) in enumerate(fields):
        index.setdefault(name.lower(), []).append(place)

    def raw(name: str) -> list[bytes]:
        return [fields[place][1] for place in index.get(name, ())]

    def first(name: str) -> str:
        return text_of(raw(name)[0]) if name in index else ""

    parts, attachments = read_parts(content, tree, limits)
    sender = read_addresses(raw("sender")[:1])
    subject = decode_words(first("subject"))
    kinds = kinds_of(content, parts, subject)
    return Message(
        content=content,
        headers=fields,
        body=tree.parts[0].start,
        subject=subject,
        from_=strict_from(raw("from")),
        sender=sender[0] if len(sender) == 1 else None,
        to=read_addresses(raw("to")),
        cc=read_addresses(raw("cc")),
        message_id=_message_id(first("message-id")),
        date=_date(first("date")),
        references=_references(first("in-reply-to"), first("references")),
        list_id=_list_id(first("list-id")),
        parts=parts,
        attachments=attachments,
        depth=tree.depth,
        defects=_defects(tree, index),
        unreadable=kinds.unreadable,
        calendar_method=kinds.calendar_method,
        reaction=kinds.reaction,
        receipt=kinds.receipt,
        recall=kinds.recall,
        _index={name: tuple(places) for name, places in index.items()},
    )


def digest(message: Message) -> bytes:
    """SHA-256 over From, To, Cc, Subject, Date and body: what makes a second arrival the same mail (promise 5).

    Trace fields and folding do not count, nor empty lines at the end, which some relays add.
    """
    total = hashlib.sha256()
    for name in ("from", "to", "cc", "subject", "date"):
        for value in message.raw_all(name):
            text = re.sub(rb"\s+", b" ", value).strip()
            total.update(b"%s:%d:" % (name.encode(), len(text)) + text)
    total.update(b"\n")
    total.update(message.content[message.body :].rstrip(b"\r\n"))
    return total.digest()


_ELEMENT = re.compile(r'"(?:[^"\\]|\\.)*"|<([^<>"]*)>|\(|\)|,|;|:|[^"<>(),;:\s]+|.', re.DOTALL)


def read_addresses(values: Sequence[bytes]) -> tuple[Address, ...]:
    """The addresses of To, Cc or Sender fields (RFC 5322 §3.4), in order, each once; groups are opened, work is linear.

    This is for recognising recipients only; who wrote a mail is `strict_from`'s business.
    """
    found: dict[str, Address] = {}
    for value in values:
        depth = 0
        for match in _ELEMENT.finditer(text_of(value[:_LONGEST_LIST])):
            token = match[0]
            depth = max(0, depth + (token == "(") - (token == ")"))  # noqa: S105 - parentheses, not a secret
            if depth or "@" not in token or token.startswith('"'):
                continue
            address = parse_address((match[1] or token).strip())
            if address:
                found.setdefault(address.folded, address)
            if len(found) >= _MOST_ADDRESSES:
                return tuple(found.values())
    return tuple(found.values())


def _message_id(value: str) -> str:
    match = _ID.search(value)
    return match[1] if match else value.strip("<> \t")[:900]


def _references(in_reply_to: str, references: str) -> tuple[str, ...]:
    ids = _ID.findall(in_reply_to[:8192])[:5]
    # The newest stand last: of an overlong thread those are worth having.
    ids += [one for one in _ID.findall(references[-32768:])[-_MOST_IDS:] if one not in ids]
    return tuple(ids)


def _list_id(value: str) -> str:
    match = re.search(r"<([^<>\s]{1,255})>", value)
    return (match[1] if match else value.strip()[:255]).lower()


def _date(value: str) -> Instant | None:
    if not value or len(value) > 200:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return to_instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError, LookupError):
        return None


_ONCE = ("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references")


def _defects(tree: Tree, index: dict[str, list[int]]) -> tuple[str, ...]:
    found = [f"several {name} fields" for name in _ONCE if len(index.get(name, ())) > 1]
    if tree.too_deep:
        found.append("MIME nesting too deep")
    if tree.too_many:
        found.append("too many MIME parts")
    if tree.unterminated:
        found.append("multipart without its closing line")
    if tree.unseparated:
        found.append("no blank line between header and body")
    return tuple(found)
