"""The many shapes in which careless people show a token of theirs to others, and how to see one in any of them."""

from __future__ import annotations

import base64
import email
import email.policy
import html
import quopri
import re
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage
from urllib.parse import quote, unquote

from tests.systems.world import DOMAIN, Letter

Shape = Callable[[Letter, EmailMessage], None]


def plain(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Answer to {letter.reply_to} please")


def upper(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Answer to {letter.reply_to.upper()} please")


def quoted_letter(letter: Letter, mail: EmailMessage) -> None:
    lines = "\n".join(f"> {line}" for line in [f"Reply-To: {letter.reply_to}", *letter.text.splitlines()])
    mail.set_content(f"What do you think?\n\nOn Monday Karin wrote:\n{lines}\n")


def forwarded_text(letter: Letter, mail: EmailMessage) -> None:
    mail.replace_header("Subject", f"VB: {letter.subject}")
    mail.set_content(f"Titta!\n\n-----Ursprungligt meddelande-----\nSvara till: {letter.reply_to}\n\n{letter.text}")


def html_link(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(letter.html, subtype="html")


def html_beside_text(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("Look at this")
    mail.add_alternative(letter.html, subtype="html")


def base64_text(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Svara till {letter.reply_to} åäö", cte="base64")


def quoted_printable(letter: Letter, mail: EmailMessage) -> None:
    body = quopri.encodestring(f"Svara till {letter.reply_to} åäö".encode(), quotetabs=True)
    mail.set_payload(body.decode().replace("+", "=2B"))
    mail["Content-Type"] = "text/plain; charset=utf-8"
    mail["Content-Transfer-Encoding"] = "quoted-printable"


def percent_encoded(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"mailto:{quote(letter.reply_to, safe='')}?subject=approve")


def in_cc(letter: Letter, mail: EmailMessage) -> None:
    mail["Cc"] = letter.reply_to
    mail.set_content("Reply-all")


def in_references(letter: Letter, mail: EmailMessage) -> None:
    mail["X-Original-Reply-To"] = letter.reply_to
    mail.set_content("In a header")


def in_subject(letter: Letter, mail: EmailMessage) -> None:
    mail.replace_header("Subject", f"Fwd: {letter.reply_to}")
    mail.set_content("In the subject")


def attached_whole(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the letter")
    mail.add_attachment(letter.message)


def attached_eml_base64(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    mail.add_attachment(letter.raw, maintype="application", subtype="octet-stream", filename="letter.eml")


def attached_text_file(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    mail.add_attachment(f"token: {letter.reply_to}", filename="note.txt")


def twice_encoded(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content(f"Reply to {letter.reply_to}", cte="base64")
    mail.add_attachment(inner)


def token(letter: Letter) -> str:
    return letter.reply_to.partition("@")[0].partition("+")[2]


def text_part(mail: EmailMessage, body: str, encoding: str, subtype: str = "plain") -> None:
    """A body as it stands, with its headers."""
    mail.set_payload(body)
    mail["MIME-Version"] = "1.0"
    mail["Content-Type"] = f"text/{subtype}; charset=utf-8"
    mail["Content-Transfer-Encoding"] = encoding


def reply_all(letter: Letter, mail: EmailMessage) -> None:
    mail.replace_header("To", f"{letter.reply_to}, talk@{DOMAIN}")
    mail.set_content("I said yes.")


def inline_forward(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See below")
    mail.add_attachment(letter.message, disposition="inline")


def forwarded_twice(letter: Letter, mail: EmailMessage) -> None:
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer.set_content("Fwd")
    outer.add_attachment(letter.message)
    mail.set_content("Fwd of a Fwd")
    mail.add_attachment(outer)


def html_only(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f'<a href="mailto:{quote(letter.reply_to)}?subject=yes">Yes</a>', subtype="html")


def html_alternative(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("Look at the picture")
    mail.add_alternative(f"<p title='{letter.reply_to}'>Look</p>", subtype="html")


def entity_plus(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"<p>{letter.reply_to.replace('+', '&#43;')}</p>", subtype="html")


def all_entities(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("<p>" + "".join(f"&#{ord(one)};" for one in letter.reply_to) + "</p>", subtype="html")


def hex_entities(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("<p>" + "".join(f"&#x{ord(one):x};" for one in letter.reply_to) + "</p>", subtype="html")


def all_percent(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("mailto:" + "".join(f"%{ord(one):02X}" for one in letter.reply_to))


def twice_percent(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"https://safe.example.com/?url=mailto%3A{quote(quote(letter.reply_to, safe=''), safe='')}")


def soft_break(letter: Letter, mail: EmailMessage) -> None:
    at = letter.reply_to
    text_part(mail, f"Answer to {at[:15]}=\r\n{at[15:]} please\r\n", "quoted-printable")


def every_letter_quoted(letter: Letter, mail: EmailMessage) -> None:
    text_part(
        mail,
        "".join(f"={ord(one):02X}" for one in letter.reply_to[:24]) + f"=\r\n{letter.reply_to[24:]}",
        "quoted-printable",
    )


def broken_line(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"> Answer to {letter.reply_to[:20]}\n> {letter.reply_to[20:]}\n")


def flowed(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(
        f"> Answer to {letter.reply_to[:18]} \n> {letter.reply_to[18:]}\n", params={"format": "flowed", "delsp": "yes"}
    )


def zero_width(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("Answer to " + "\u200b".join(letter.reply_to))


def soft_hyphens(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("Answer to " + "\u00ad".join(letter.reply_to), cte="base64")


def word_breaks(letter: Letter, mail: EmailMessage) -> None:
    at = letter.reply_to
    mail.set_content(f"<p>{at[:6]}<wbr>{at[6:14]}<b>{at[14:20]}</b>{at[20:]}</p>", subtype="html")


def display_name(letter: Letter, mail: EmailMessage) -> None:
    mail["Cc"] = f'"{letter.reply_to}" <somebody@example.net>'
    mail.set_content("In a name")


def encoded_name(letter: Letter, mail: EmailMessage) -> None:
    del mail["Cc"]
    mail["X-Cc"] = f"=?utf-8?B?{base64.b64encode(letter.reply_to.encode()).decode()}?= <somebody@example.net>"
    mail.set_content("In an encoded name")


def own_name(letter: Letter, mail: EmailMessage) -> None:
    mail.replace_header("From", f'"Karin {token(letter)}" <karin@example.org>')
    mail.set_content("In my name")


def subject_base64(letter: Letter, mail: EmailMessage) -> None:
    words = base64.b64encode(f"Sv: {letter.reply_to} åäö".encode()).decode()
    mail._headers = [(k, v) for k, v in mail._headers if k != "Subject"]  # type: ignore[attr-defined]
    mail._headers.append(("Subject", f"=?utf-8?B?{words}?="))  # type: ignore[attr-defined]
    mail.set_content("In the subject")


def subject_in_two_words(letter: Letter, mail: EmailMessage) -> None:
    at = letter.reply_to
    mail._headers = [(k, v) for k, v in mail._headers if k != "Subject"]  # type: ignore[attr-defined]
    mail._headers.append(("Subject", f"=?utf-8?Q?{at[:12].replace('+', '=2B')}?= =?utf-8?Q?{at[12:]}?="))  # type: ignore[attr-defined]
    mail.set_content("In the subject")


def header_comment(letter: Letter, mail: EmailMessage) -> None:
    mail["X-Via"] = f"somebody@example.net (for {letter.reply_to})"
    mail.set_content("In a comment")


def folded_header(letter: Letter, mail: EmailMessage) -> None:
    mail._headers.append(("X-Reply", f"<{letter.reply_to[:8]}\r\n {letter.reply_to[8:]}>"))  # type: ignore[attr-defined]
    mail.set_content("In a folded header")


def html_file(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    mail.add_attachment(letter.html.encode(), maintype="text", subtype="html", filename="letter.html")


def file_name(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"{letter.reply_to}.pdf")


def encoded_file_name(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"åäö {letter.reply_to}.pdf")


def utf16_text(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Svara till {letter.reply_to}", charset="utf-16", cte="base64")


def outlook_file(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    data = b"\xd0\xcf\x11\xe0" + f"Reply-To: {letter.reply_to}".encode("utf-16-le")
    mail.add_attachment(data, maintype="application", subtype="vnd.ms-outlook", filename="letter.msg")


def calendar(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    text = f"BEGIN:VCALENDAR\r\nATTENDEE:mailto:{letter.reply_to[:20]}\r\n {letter.reply_to[20:]}\r\nEND:VCALENDAR\r\n"
    mail.add_attachment(text.encode(), maintype="application", subtype="ics", filename="card.ics")


def base64_html(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"<p>åäö <a href='mailto:{letter.reply_to}'>Ja</a></p>", subtype="html", cte="base64")


def file_with_base64_inside(letter: Letter, mail: EmailMessage) -> None:
    inner = EmailMessage()
    inner["Subject"] = "saved"
    inner.set_content(f"<p>{letter.reply_to}</p>", subtype="html", cte="base64")
    mail.set_content("See the file")
    mail.add_attachment(inner.as_bytes(), maintype="application", subtype="octet-stream", filename="saved.eml")


def preamble(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("Two parts")
    mail.make_mixed()
    mail.preamble = f"For old programs: {letter.reply_to}\n"
    mail.epilogue = "The end\n"


def epilogue(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("Two parts")
    mail.make_mixed()
    mail.epilogue = f"For old programs: {letter.reply_to}\n"


def token_alone(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"The code is {token(letter)}, I think.")


def pasted_source(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(letter.raw.decode("ascii", "replace").replace("\r\n", "\n"))


def capital_name(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Answer to Reply+{token(letter).capitalize()}@{DOMAIN.upper()}")


SHAPES: list[Shape] = [
    plain, upper, quoted_letter, forwarded_text, html_link, html_beside_text, base64_text, quoted_printable,
    percent_encoded, in_cc, in_references, in_subject, attached_whole, attached_eml_base64, attached_text_file,
    twice_encoded, reply_all, inline_forward, forwarded_twice, html_only, html_alternative, entity_plus, all_entities,
    hex_entities, all_percent, twice_percent, soft_break, every_letter_quoted, broken_line, flowed, zero_width,
    soft_hyphens, word_breaks, display_name, encoded_name, own_name, subject_base64, subject_in_two_words,
    header_comment, folded_header, html_file, file_name, encoded_file_name, utf16_text, outlook_file, calendar,
    base64_html, file_with_base64_inside, preamble, epilogue, token_alone, pasted_source, capital_name,
]  # fmt: skip

_BETWEEN = re.compile(r"[\s>|\u200b-\u200f\u2060\ufeff\u00ad\x00]")
_TAGS = re.compile(r"<[^<>]*>")


def views(raw: bytes, layers: int = 3) -> Iterator[str]:
    """All that somebody could read in a mail who looks for something, not by the code under test."""
    yield raw.decode("utf-8", "replace")
    yield quopri.decodestring(raw).decode("utf-8", "replace")
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    for part in message.walk():
        for value in part.values():
            yield str(make_header(decode_header(str(value))))
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        for charset in ("utf-8", "utf-16-le", part.get_content_charset() or "ascii"):
            yield data.decode(charset, "replace")
        if layers and b"Content-Transfer-Encoding:" in data:
            yield from views(data, layers - 1)


def shows(raw: bytes, secret: str) -> bool:
    """Whether the token can be seen in a mail."""
    for view in views(raw):
        for text in (view, unquote(unquote(html.unescape(view)))):
            if any(secret in _BETWEEN.sub("", one).lower() for one in (text, _TAGS.sub("", text))):
                return True
    return False
