"""Reads a composed letter back the way a mail program does: header fields decoded, both parts as text."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import html as lxml_html

from mailsvc.message.unflow import unflow

MARKS = re.compile(r"^(?:> ?|\* |\d+\. )")


@dataclass(frozen=True, slots=True)
class Read:
    """A letter as received: `text` as it stands on the wire (flowed lines), `rich` the HTML source."""

    names: tuple[str, ...]
    message: Message
    text: str
    rich: str

    def header(self, name: str) -> str:
        """One field, decoded; "" when it is absent."""
        value = re.sub(r"\r?\n(?=[ \t])", "", self.message.get(name, ""))
        return str(make_header(decode_header(value)))

    @property
    def paragraphs(self) -> list[str]:
        """The text with its soft line breaks joined."""
        return [line.removeprefix(" ") for line in unflow(self.text).split("\n")]

    @property
    def document(self) -> lxml_html.HtmlElement:
        """The HTML part as a tree; raises for markup that is not well-formed enough for lxml."""
        return lxml_html.document_fromstring(self.rich)  # anew each time: readers cut it up

    @property
    def mailtos(self) -> list[tuple[str, str, str]]:
        """(label, address, subject) of every link, decoded as RFC 6068 says: a plus is a plus."""
        found = []
        for link in self.document.iter("a"):
            if link.text_content() == link.get("href"):  # a plain link, which shows where it leads
                continue
            parts = urlsplit(link.get("href", ""))
            assert parts.scheme == "mailto"
            (subject,) = parse_qs(parts.query.replace("+", "%2B"), strict_parsing=True)["subject"]
            found.append((link.text_content(), unquote(parts.path), subject))
        return found


def read_letter(content: bytes) -> Read:
    """Reads `content`; fails when it is not text/plain and text/html in one multipart/alternative."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    assert not message.defects
    whole = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(whole, EmailMessage)
    assert whole.get_content_type() == "multipart/alternative"
    plain, rich = whole.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_param("format") == "flowed"
    return Read(tuple(message.keys()), message, _lf(plain.get_content()), _lf(rich.get_content()))


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n")


def words_of_text(letter: Read) -> list[str]:
    """Every word of the text part in order, without bullets, numbers and quote marks at line starts."""
    lines = [MARKS.sub("", MARKS.sub("", line.strip())) for line in letter.paragraphs]
    return _words(" ".join(lines))


def words_of_html(letter: Read) -> list[str]:
    """Every word of the HTML body in order, without the buttons, whose words stand beside them again."""
    (body,) = letter.document.xpath("//body")
    for link in body.findall(".//a"):
        if not link.text_content().startswith("http"):  # a plain link says its address in both parts
            link.drop_tree()
    for line_break in body.findall(".//br"):
        line_break.tail = f" {line_break.tail or ''}"
    return _words(body.text_content())


def _words(text: str) -> list[str]:
    return [word.rstrip(":") for word in text.split() if any(char.isalnum() for char in word)]
