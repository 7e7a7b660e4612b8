"""A letter as somebody would see it in a mail program: text, safe HTML, attachments, and the links that answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

import lxml.etree
import lxml.html
import nh3

from mailsvc.clock import Instant
from mailsvc.message.address import Address, parse_address
from mailsvc.message.encoded_words import decode_words
from mailsvc.message.html_text import html_text
from mailsvc.message.parsing import Message, parse, read_addresses
from mailsvc.message.parts import Attachment, part_data

MOST_ANSWERS: Final = 100
SHOWN_SOURCE: Final = 256 * 1024
ROOM_LINES: Final = (8, 14, 22, 32)

_TAGS_WRITTEN = """a abbr b blockquote br caption center code col colgroup dd div dl dt em font h1 h2 h3 h4 h5 h6 hr i
    img li ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr tt u ul"""
_TAGS = set(_TAGS_WRITTEN.split())
_ATTRIBUTES = {
    "*": {"align", "bgcolor", "dir", "lang", "style", "valign", "width"},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "role"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Nothing that leaves its place on the page or fetches anything.
_STYLES_WRITTEN = """background background-color border border-bottom border-collapse border-color border-left
    border-radius border-right border-spacing border-style border-top border-width color display font-family font-size
    font-style font-weight height line-height list-style list-style-type margin margin-bottom margin-left margin-right
    margin-top max-width min-width overflow-wrap padding padding-bottom padding-left padding-right padding-top
    text-align text-decoration text-indent vertical-align white-space width"""
_STYLES = set(_STYLES_WRITTEN.split())
# What could fetch inside a style, plainly or behind an escape; the frame's policy would stop it as well.
_FETCHING = re.compile(r"url|image|src|element|[\\@<]|/\*", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailLink:
    """A `mailto:` link of the HTML part (RFC 6068): what it says, and the mail that it makes."""

    label: str
    address: Address
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of text quoted equally often; 0 is what the letter itself says."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, read. `text` is made from the HTML where there is no text part; `html` is not safe to show yet."""

    message: Message
    sender: str
    text: str
    text_from_html: bool
    text_cut: bool
    html: str | None

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return self.message.subject

    @property
    def date(self) -> Instant | None:
        """When it says it was written."""
        return self.message.date

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The attached files."""
        return self.message.attachments

    @property
    def reply_to(self) -> Address | None:
        """Where a reply goes (RFC 5322 §3.6.2)."""
        named = read_addresses(self.message.raw_all("reply-to")[:1])
        return named[0] if named else self.message.from_address

    @property
    def room(self) -> int:
        """How much room its frame gets, from 1 to 5: no script may measure it, so it is guessed from the text."""
        buttons = 2 * (self.html or "").count('href="mailto:')
        lines = buttons + sum(1 + len(line) // 90 for line in self.text.split("\n"))
        return 1 + sum(lines > step for step in ROOM_LINES)

    @property
    def language(self) -> str:
        """The language that its HTML says it is in, "" when it says none."""
        match = re.search(r"<html\b[^>]*\blang=[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", (self.html or "")[:2000])
        return match[1] if match else ""

    def blocks(self) -> tuple[Block, ...]:
        """The text by quoting depth."""
        return tuple(_blocks(self.text))

    def attached(self, number: int) -> tuple[str, bytes] | None:
        """(name, bytes) of the attachment with that part number."""
        for one in self.attachments:
            if one.part == number:
                return one.name, part_data(self.message.content, self.message.parts[number])
        return None


def read(content: bytes) -> Letter:
    """Read a whole letter; never raises."""
    message = parse(content)
    plain = [part for part in message.parts if part.text is not None and part.content_type != "text/html"]
    rich = [part for part in message.parts if part.text is not None and part.content_type == "text/html"]
    html = "\n<hr>\n".join(part.text or "" for part in rich) if rich else None
    text = "\n\n".join(part.text or "" for part in plain)
    return Letter(
        message=message,
        sender=sender_of(message),
        text=text if plain or html is None else html_text(html).strip(),
        text_from_html=not plain and html is not None,
        text_cut=any(part.text_cut for part in plain or rich),
        html=html,
    )


def sender_of(message: Message) -> str:
    """Who wrote it, as a list of letters shows it: the name, the address, or whatever stands there."""
    if message.from_.address is not None:
        return message.from_.display_name or str(message.from_.address)
    return decode_words(message.get("from") or "")[:200]


def safe_html(html: str, mail_link: Callable[[str], str | None]) -> str:
    """HTML that fetches nothing and runs nothing; `mail_link` says what takes the place of a `mailto:` address."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("a", "href"):
            scheme = value.strip().partition(":")[0].lower()
            if scheme == "mailto":
                return mail_link(value.strip())
            return value if scheme in ("http", "https") else None
        if (tag, name) == ("img", "src"):
            return value if _PICTURE.fullmatch(value) else None
        if name == "style":
            return None if _FETCHING.search(value) else value
        return value

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "head", "template", "noscript"},
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"mailto", "http", "https", "data"},
        filter_style_properties=_STYLES,
        set_tag_attribute_values={"a": {"target": "_top"}},
    )


def mail_links(html: str | None, domains: tuple[str, ...]) -> tuple[MailLink, ...]:
    """The links that write to one of `domains`, each once, in order: the letter's answer buttons."""
    found: dict[tuple[str, str, str], MailLink] = {}
    for href, label in _anchors(html or ""):
        link = mail_link(href, label)
        if link and link.address.ascii_domain in domains and len(found) < MOST_ANSWERS:
            found.setdefault((link.address.folded, link.subject, link.body), link)
    return tuple(found.values())


def mail_link(href: str, label: str = "") -> MailLink | None:
    """A `mailto:` address read (RFC 6068 §2): one recipient, subject and body; `+` is a plus. None for other links."""
    parts = urlsplit(href.strip())
    address = parse_address(unquote(parts.path)) if parts.scheme.lower() == "mailto" else None
    if address is None:
        return None
    # parse_qsl would read + as a blank, which RFC 6068 does not.
    try:
        fields = parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return None
    given = {name.lower(): value for name, value in fields}
    subject = " ".join(given.get("subject", "").split())
    body = given.get("body", "").replace("\r\n", "\n").replace("\r", "\n")
    return MailLink(label or subject or str(address), address, subject, body)


def one_click(letter: Letter, base_url: str) -> str | None:
    """The path on our own site that the letter's one-click unsubscribing posts to (RFC 8058), if it has one."""
    if "one-click" not in (letter.message.get("list-unsubscribe-post") or "").lower():
        return None
    base = base_url.rstrip("/")
    for match in re.finditer(r"<([^<>\s]+)>", letter.message.get("list-unsubscribe") or ""):
        url = match[1]
        path = url.removeprefix(base)
        if path != url and re.fullmatch(r"/unsubscribe/[A-Za-z0-9._~-]{1,200}", path):
            return path
    return None


def _anchors(html: str) -> Iterator[tuple[str, str]]:
    if not html.strip():
        return
    try:
        tree = lxml.html.fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser=_parser())
    except (lxml.etree.ParserError, ValueError):
        return
    for anchor in tree.iter("a"):
        yield anchor.get("href") or "", " ".join(str(anchor.text_content()).split())[:200]


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)


def _blocks(text: str) -> Iterator[Block]:
    waiting: list[str] = []
    waiting_depth = 0
    for line in text.strip("\n").split("\n"):
        marks = re.match(r"(?:> ?)*", line)
        depth = marks[0].count(">") if marks else 0
        if depth != waiting_depth and waiting:
            yield Block(waiting_depth, "\n".join(waiting))
            waiting = []
        waiting_depth = depth
        waiting.append(line[marks.end() :] if marks and depth else line)
    if waiting:
        yield Block(waiting_depth, "\n".join(waiting))
