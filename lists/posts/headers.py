"""What a fanned-out post looks like on the wire: composed once per post, with a few lines on top for each recipient.

Body and headers stay as they came, byte for byte, except for what 3-mail ("Posts") names. Pure functions on bytes.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from lists.posts.footer import with_footer
from lists.posts.from_policy import Author, Edits, FromDecision, Rewrite, decide, signed_names
from mailsvc.message.address import LONGEST_LOCAL
from mailsvc.message.build import check_headers, field, free_text, mailbox, phrase
from mailsvc.message.encoded_words import decode_words
from mailsvc.message.fields import text_of
from mailsvc.message.header_edit import RawField, Scanned, Trace, complete, keep, received, scan

_OURS = """archived-at list-archive list-help list-id list-owner list-post list-subscribe list-unsubscribe
    list-unsubscribe-post precedence x-auto-response-suppress"""
REPLACED = frozenset(_OURS.split())
"""Fields of other lists, in lower case: taken out of a post unless an aligned signature names them."""
REMOVED = frozenset(
    {"return-path", "bcc", "return-receipt-to", "disposition-notification-to", "x-confirm-reading-to", "approved"}
)
"""Fields that never go on: they would make members' programs answer, or give away what was meant for us."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z")
_BASE_URL = re.compile(r"https?://[A-Za-z0-9\[\]._:-]+(?:/[A-Za-z0-9._~-]+)*/?\Z")
_SUBJECT = re.compile(rb"subject:[ \t]*", re.IGNORECASE)


SITE_LEAVE = "leave"
"""`leave+KEY@D` does what `N-leave+KEY@D` does, for groups whose name leaves no room for a key."""

LONGEST_KEY = 35
"""Octets of a leave key (mailsvc.keys): 26 of its tag, a hyphen, and a number below 2^32 in hexadecimal."""


class ReplyTo(StrEnum):
    """Where a reply to a post goes."""

    AUTHOR = "author"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class PostGroup:
    """What composing needs to know of a group.

    `domain` is the site's, `base_url` the web server's ("" for none); links to it are written only where members can
    reach it (`web_links`). `announce`: members do not post. `subject_prefix` and `footer` are "" unless the group asked
    for them. `authserv_ids` are the names under which we (or our border) write Authentication-Results.
    """

    name: str
    title: str
    domain: str
    base_url: str = ""
    mailroom: bool = False
    reply_to: ReplyTo = ReplyTo.AUTHOR
    announce: bool = False
    subject_prefix: str = ""
    footer: str = ""
    authserv_ids: frozenset[str] = frozenset()

    @property
    def address(self) -> str:
        """`N@D`."""
        return f"{self.name}@{self.domain}"

    @property
    def list_id(self) -> str:
        """`N.D` (RFC 2919 §2)."""
        return f"{self.name}.{self.domain}"

    @property
    def web_links(self) -> str:
        """`base_url` without a final slash, or "" where no link to it may be written into mail."""
        reachable = is_public_https(self.base_url) or (self.mailroom and _BASE_URL.match(self.base_url))
        return self.base_url.rstrip("/") if reachable else ""


@dataclass(frozen=True, slots=True)
class ArchiveLinks:
    """Where the group's archive is, and this post in it; both whole URLs."""

    archive: str
    post: str


@dataclass(frozen=True, slots=True)
class PersonalLinks:
    """One member's leave key, as it stands in `/unsubscribe/KEY` and `N-leave+KEY@D` (mailsvc.keys)."""

    key: str

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError("not a leave key")


@dataclass(frozen=True, slots=True)
class ComposedPost:
    """A post as it goes out: a personal head (`personal_head`) followed by `common`, the same for everybody.

    `names` are the header names of a personal copy in order, in lower case. `eight_bit`: there is other than ASCII
    in it (BODY=8BITMIME). `pieces` are what stands before, between and after the two keys of a head.
    """

    common: bytes
    message_id: str
    decision: FromDecision
    names: tuple[str, ...]
    eight_bit: bool
    one_click: bool
    pieces: tuple[bytes, bytes, bytes]
    shared_head: bytes


def fits(name: str) -> bool:
    """Whether `N-leave+KEY` stays within the 64 octets of a local part (RFC 5321 §4.5.3.1.1)."""
    return len(f"{name}-leave+") + LONGEST_KEY <= LONGEST_LOCAL


def is_public_https(base_url: str) -> bool:
    """True for an https URL whose host everybody can reach by name: one-click links must work (RFC 8058 §3.1)."""
    if not _BASE_URL.match(base_url):
        return False
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "https":
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost", ".lan", ".home.arpa"))


def compose_post(
    raw: bytes, group: PostGroup, trace: Trace, author: Author, archive: ArchiveLinks | None = None
) -> ComposedPost:
    """The copy of `raw` that goes to the members of `group`. Linear in the size of `raw`, the same bytes every time.

    Raises BuildBug when what was built does not read back with exactly the intended header fields.
    """
    mail = scan(raw)
    now = trace.received_at
    signatures = [one.value for one in mail.all("dkim-signature")]
    kept = keep(_without_own_results(mail, group), REMOVED | (REPLACED - signed_names(signatures, author, now)))
    kept, missing = complete(mail, kept, group.address, now)
    own = [*list_fields(group, archive), *missing]
    kept, changed = _with_prefix(kept, group.subject_prefix)
    kept, body = with_footer(kept, mail.body, group.footer)
    if group.reply_to is ReplyTo.LIST:
        kept = [one for one in kept if one.name != "reply-to"]
        own.append(("Reply-To", group.address))
    edits = _edits(mail, kept, own, changed, body_same=not group.footer or body == mail.body)
    decision = decide(author, signatures, edits, now)
    if isinstance(decision, Rewrite):
        kept, own = _rewritten(kept, own, group, author)
    return _composed(group, trace, own, kept, body, decision)


def personal_head(composed: ComposedPost, recipient: PersonalLinks) -> bytes:
    """The lines on top of `composed.common` for one member: our Received, the List fields with the member's own key."""
    key = recipient.key.encode("ascii")
    before, between, after = composed.pieces
    if composed.one_click:
        return b"".join((before, key, between, key, after))
    return b"".join((before, key, after))


def list_fields(group: PostGroup, archive: ArchiveLinks | None) -> list[tuple[str, str]]:
    """The fields that make it a list's mail (RFC 2369, RFC 2919, RFC 5064), without the personal ones."""
    name, domain = group.name, group.domain
    title = phrase(group.title, first=60)
    fields = [
        ("List-Id", f"{title} <{group.list_id}>" if title else f"<{group.list_id}>"),
        ("List-Post", "NO" if group.announce else f"<mailto:{name}@{domain}>"),
        ("List-Help", f"<mailto:{name}-request@{domain}?subject=help>"),
        ("List-Owner", f"<mailto:{name}-owner@{domain}>"),
        ("List-Subscribe", f"<mailto:{name}-join@{domain}>"),
    ]
    if archive is not None:
        fields += [("List-Archive", f"<{archive.archive}>"), ("Archived-At", f"<{archive.post}>")]
    return [*fields, ("Precedence", "list"), ("X-Auto-Response-Suppress", "OOF, AutoReply, DR, RN, NRN")]


def unsubscribe_pieces(group: PostGroup) -> tuple[bytes, bytes, bytes]:
    """List-Unsubscribe and its Post (RFC 2369, RFC 8058): before, between and after a member's keys.

    Nothing is between them where there is only one, because no link to our web server may be written.
    """
    leave = f"mailto:{group.name}-leave" if fits(group.name) else f"mailto:{SITE_LEAVE}"
    post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    web = group.web_links
    if not web:
        return f"List-Unsubscribe: <{leave}+".encode(), b"", f"@{group.domain}>\r\n".encode()
    start, between = f"List-Unsubscribe: <{web}/unsubscribe/", f">,\r\n <{leave}+"
    return start.encode(), between.encode(), f"@{group.domain}>\r\n{post}".encode()


def _without_own_results(mail: Scanned, group: PostGroup) -> list[RawField]:
    """All fields but Authentication-Results under our own name: what members' servers read there must not be forged."""
    ours = {one.lower() for one in group.authserv_ids | {group.domain}}
    return [one for one in mail.fields if one.name != "authentication-results" or _authserv_id(one.value) not in ours]


def _authserv_id(value: bytes) -> str:
    """The name at the start of Authentication-Results (RFC 8601 §2.2), in lower case; comments before it skipped."""
    text = text_of(value).strip()
    while text.startswith("("):
        text = text.partition(")")[2].strip()
    words = text.partition(";")[0].split()
    return words[0].strip('"').lower() if words else ""


def _with_prefix(kept: list[RawField], prefix: str) -> tuple[list[RawField], frozenset[str]]:
    """The group's prefix before the Subject's own bytes, unless it stands there already; and what was changed."""
    written = free_text(prefix)
    for place, one in enumerate(kept):
        start = _SUBJECT.match(one.raw)
        if not written or start is None or prefix.lower() in decode_words(text_of(one.value)).lower():
            continue
        raw = b"Subject: " + written.encode("ascii") + b" " + one.raw[start.end() :]
        return [*kept[:place], RawField(one.name, raw), *kept[place + 1 :]], frozenset({"subject"})
    return kept, frozenset()


def _edits(
    mail: Scanned, kept: list[RawField], own: list[tuple[str, str]], changed: frozenset[str], *, body_same: bool
) -> Edits:
    """What became of the fields of `mail`, for the decision about From."""
    added = frozenset(name.lower() for name, _ in own) | {"received", "list-unsubscribe", "list-unsubscribe-post"}
    before, after = Counter(mail.fields), Counter(kept)
    removed = frozenset(one.name for one in before - after)
    return Edits(added, removed, changed | {one.name for one in after - before}, body_same)


def _rewritten(
    kept: list[RawField], own: list[tuple[str, str]], group: PostGroup, author: Author
) -> tuple[list[RawField], list[tuple[str, str]]]:
    """From is the group's address in the author's name; replies still find the author."""
    name = author.name or author.address.rpartition("@")[0]
    line = RawField("from", field("From", mailbox(f"{name} via {group.name}", group.address)))
    kept = [line if one.name == "from" else one for one in kept]
    if group.reply_to is ReplyTo.LIST:
        both = f"{group.address}, {mailbox(author.name, author.address)}"
        own = [(one, both if one == "Reply-To" else value) for one, value in own]
    elif all(one.empty for one in kept if one.name == "reply-to"):
        kept = [one for one in kept if one.name != "reply-to"]
        own = [*own, ("Reply-To", mailbox(author.name, author.address))]
    return kept, own


def _composed(
    group: PostGroup,
    trace: Trace,
    own: list[tuple[str, str]],
    kept: list[RawField],
    body: bytes,
    decision: FromDecision,
) -> ComposedPost:
    """The pieces put together, and a copy of them read back."""
    web = group.web_links
    start, between, end = unsubscribe_pieces(group)
    before = received(trace, group.domain, group.address)
    after = b"".join(field(name, value) for name, value in own)
    common = b"".join([*(one.raw for one in kept), b"\r\n", body])
    names = ["received", "list-unsubscribe", *(["list-unsubscribe-post"] if web else [])]
    names += [name.lower() for name, _ in own] + [one.name for one in kept]
    composed = ComposedPost(
        common=common,
        message_id=_message_id(own, kept),
        decision=decision,
        names=tuple(names),
        eight_bit=not (common.isascii() and after.isascii()),
        one_click=bool(web),
        pieces=(before + start, between, end + after),
        shared_head=before + f"List-Unsubscribe: <mailto:{group.name}-leave@{group.domain}>\r\n".encode() + after,
    )
    header = b"".join([*(one.raw for one in kept), b"\r\n"])
    check_headers(personal_head(composed, PersonalLinks("0")) + header, names, foreign=True)
    return composed


def _message_id(own: list[tuple[str, str]], kept: list[RawField]) -> str:
    values = [value for name, value in own if name == "Message-ID"]
    values += [text_of(one.value).strip() for one in kept if one.name == "message-id"]
    return values[0]
