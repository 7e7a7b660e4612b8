"""Letters as the mailroom shows them: safe HTML, answer links, quoted text, files; and mail written as somebody."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.clock import to_instant
from mailsvc.message.address import parse_address
from mailsvc.web import compose, reading
from mailsvc.web.reading import Block, MailLink
from mailsvc.web.words import words
from tests.browser.rehearsal import DOMAIN, START, plain, question, with_attachment

REPLY = f"reply+abc@{DOMAIN}"


def reread(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def draft(**changes: object) -> compose.Draft:
    sender, to = parse_address("karin@example.org"), parse_address(REPLY)
    assert sender is not None
    assert to is not None
    values: dict[str, object] = {"name": "Karin", "sender": sender, "to": (to,), "subject": "Hi", "text": "Yes\n"}
    return compose.Draft(**{**values, **changes})  # type: ignore[arg-type]


# ---- links that answer


def test_answer_links_are_found_with_label_address_subject_and_body() -> None:
    links = reading.mail_links(reading.read(question()).html, (DOMAIN,))
    assert [(one.label, str(one.address), one.subject, one.body) for one in links] == [
        ("Approve", REPLY, "approve [#12]", ""),
        ("Reject with a reason", REPLY, "reject [#12]", "reject: "),
        ("Discard", REPLY, "discard [#12]", ""),
    ]


def test_links_to_others_and_second_ones_are_no_answers() -> None:
    html = (
        f'<a href="mailto:{REPLY}?subject=yes">Yes</a> <a href="MAILTO:{REPLY}?subject=yes">Yes again</a>'
        '<a href="mailto:anna@example.org">Anna</a> <a href="https://example.org">web</a> <a>nothing</a>'
    )
    assert [one.label for one in reading.mail_links(html, (DOMAIN,))] == ["Yes"]


@pytest.mark.parametrize(
    ("href", "subject", "body"),
    [
        (f"mailto:{REPLY}?subject=a%20b+c%2Bd", "a b+c+d", ""),
        (f"mailto:reply%2Babc@{DOMAIN}?SUBJECT=x&Body=one%0D%0Atwo", "x", "one\ntwo"),
        (f"mailto:{REPLY}", "", ""),
        (f"mailto:{REPLY}?subject=two%0D%0ABcc:%20x@example.com", "two Bcc: x@example.com", ""),
    ],
)
def test_mailto_is_read_after_rfc_6068(href: str, subject: str, body: str) -> None:
    link = reading.mail_link(href)
    assert link is not None
    assert (str(link.address), link.subject, link.body) == (REPLY, subject, body)


@pytest.mark.parametrize("href", ["", "mailto:", "mailto:a@x,b@x", "http://x/", "javascript:alert(1)", "mailto:%00@x"])
def test_what_is_no_mail_link(href: str) -> None:
    assert reading.mail_link(href) is None


@given(st.text(max_size=200))
def test_reading_html_and_links_never_raises(text: str) -> None:
    reading.mail_link(text)
    reading.mail_links(text, (DOMAIN,))
    reading.mail_links(f'<a href="mailto:{text}">{text}</a>', (DOMAIN,))
    reading.safe_html(text, lambda href: None)


@given(st.binary(max_size=300))
def test_reading_any_bytes_never_raises(content: bytes) -> None:
    letter = reading.read(content)
    letter.blocks()
    reading.mail_links(letter.html, (DOMAIN,))


# ---- safe HTML


def test_nothing_is_run_fetched_or_lifted_out_of_its_place() -> None:
    shown = reading.safe_html(reading.read(question()).html or "", lambda href: "/go")
    for bad in ("script", "changed by", "tracker.example.com", "onerror", "position", "mailto:"):
        assert bad not in shown
    approve = re.search(r"<a ([^>]*)>Approve</a>", shown)
    assert approve
    attributes = {'href="/go"', 'style="color:#0b5560"', 'target="_top"', 'rel="noopener', 'noreferrer"'}
    assert set(approve[1].split()) == attributes


@pytest.mark.parametrize(
    "html",
    [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<img src="https://example.com/a.png">',
        '<img src="data:image/svg+xml;base64,AAAA">',
        '<div style="background:url(https://example.com/a)">x</div>',
        '<p style="list-style:u\\72l(https://example.com/a)">x</p>',
        "<p style=\"background:image-set('https://example.com/a' 1x)\">x</p>",
        '<iframe src="https://example.com"></iframe>',
        '<form action="https://example.com"><input name=a></form>',
        '<link rel=stylesheet href="https://example.com/x.css">',
        '<base href="https://example.com/">',
        '<meta http-equiv=refresh content="0;url=https://example.com">',
        '<style>@import "https://example.com/x.css"</style>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_hostile_html_is_harmless(html: str) -> None:
    shown = reading.safe_html(html, lambda href: None)
    for bad in ("alert", "example.com", "svg", "<form", "<iframe", "<base", "<meta", "<link", "<style"):
        assert bad not in shown


def test_web_links_and_pictures_inside_the_letter_stay() -> None:
    html = '<a href="https://example.org/x">x</a><img alt="a" src="data:image/png;base64,iVBORw0KGgo=">'
    shown = reading.safe_html(html, lambda href: None)
    assert 'href="https://example.org/x"' in shown
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in shown


# ---- text, files, unsubscribing


def test_flowed_text_is_joined_and_quotes_are_blocks() -> None:
    text = "One long line that goes on and on, so that it has to be folded on the wire somewhere in the middle.\n"
    letter = reading.read(plain("Anna <anna@example.org>", "x@example.org", "Hi", text + "> one\n> two\n>> deep\n"))
    assert letter.blocks() == (Block(0, text.strip()), Block(1, "one\ntwo"), Block(2, "deep"))


def test_a_letter_of_html_alone_has_text_too() -> None:
    content = b"From: a@example.org\r\nContent-Type: text/html\r\n\r\n<p>One</p><ol><li>first</li></ol>"
    letter = reading.read(content)
    assert letter.text_from_html
    assert "One" in letter.text
    assert "1. first" in letter.text


def test_attachments_are_read_by_number() -> None:
    letter = reading.read(question(attachment=True))
    (one,) = letter.attachments
    assert (one.name, one.size) == ("notes å.html", 25)
    assert letter.attached(one.part) == ("notes å.html", b"<script>alert(1)</script>")
    assert letter.attached(0) is None
    assert letter.attached(99) is None


def test_a_letter_says_how_much_room_it_needs() -> None:
    rooms = [reading.read(plain("A <a@example.org>", "b@example.org", "s", "x\n" * n)).room for n in (3, 13, 60)]
    assert rooms == [1, 2, 5]
    assert reading.read(question()).room == 3


def test_a_letter_says_its_language() -> None:
    content = b"From: a@example.org\r\nContent-Type: text/html\r\n\r\n"
    assert reading.read(content + b'<!DOCTYPE html>\n<html class="x" lang="sv">').language == "sv"
    assert reading.read(content + b"<html lang='\"><script>'>").language == ""
    assert reading.read(question()).language == ""


def test_buttons_keep_their_colours() -> None:
    shown = reading.safe_html('<a href="https://x/" style="background:#0b4f75;color:#fff;list-style:none">x</a>', str)
    assert "background:#0b4f75" in shown
    assert "color:#fff" in shown


def test_one_click_is_offered_for_our_own_address_only() -> None:
    letter = reading.read(question())
    assert reading.one_click(letter, "http://127.0.0.1:8025") == "/unsubscribe/good-key"
    assert reading.one_click(letter, "http://127.0.0.1:8025/") == "/unsubscribe/good-key"
    assert reading.one_click(letter, "https://networks.example.org") is None
    without = question().replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b"")
    assert reading.one_click(reading.read(without), "http://127.0.0.1:8025") is None


def test_who_wrote_is_shown_even_when_it_is_unclear() -> None:
    assert reading.read(question()).sender == "Question · Cataloguing"
    assert reading.read(b"From: a@example.org\r\n\r\n").sender == "a@example.org"
    assert reading.read(b"From: a@example.org, b@example.org\r\n\r\n").sender == "a@example.org, b@example.org"
    assert reading.read(b"\r\n").sender == ""


# ---- writing


def test_a_sender_is_a_name_and_an_address() -> None:
    for text in ("Robin Ek <robin@example.net>", ' "Robin Ek" < robin@example.net >'):
        read = compose.read_sender(text)
        assert read is not None
        assert (read[0], str(read[1])) == ("Robin Ek", "robin@example.net")
    assert str((compose.read_sender("robin@example.net") or ("", ""))[1]) == "robin@example.net"
    for bad in ("", "robin", "<>", "a <b@c> d <e@f>", "a@b\r\nBcc: x@example.org", "Robin <robin>"):
        assert compose.read_sender(bad) is None


def test_recipients_are_split_and_bounded() -> None:
    read = compose.read_recipients(f"a@{DOMAIN}; B <b@{DOMAIN}>,\n a@{DOMAIN.upper()}, ")
    assert [str(one) for one in read or ()] == [f"a@{DOMAIN}", f"b@{DOMAIN}"]
    assert compose.read_recipients(",".join(f"a{n}@{DOMAIN}" for n in range(20))) is not None
    assert compose.read_recipients(",".join(f"a{n}@{DOMAIN}" for n in range(21))) is None
    assert compose.read_recipients("") is None
    assert compose.read_recipients(f"a@{DOMAIN}, b") is None


@pytest.mark.parametrize(
    ("language", "subject", "wanted"),
    [
        ("en", "Hello", "Re: Hello"),
        ("sv", "Hej", "SV: Hej"),
        ("nn", "", "SV:"),
        ("en", "SV: Hej", "SV: Hej"),
        ("sv", "RE : Hello", "RE : Hello"),
        ("en", "Results", "Re: Results"),
    ],
)
def test_the_reply_mark_is_put_once(language: str, subject: str, wanted: str) -> None:
    assert compose.reply_subject(subject, words(language)) == wanted


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", "On Mon, 23 Nov 2026 at 09:00, Question · Cataloguing <cases@networks.example.org> wrote:"),
        ("sv", "Den 23 november 2026 kl. 09:00 skrev Question · Cataloguing <cases@networks.example.org>:"),
        ("da", "Den 23. november 2026 kl. 09.00 skrev Question · Cataloguing <cases@networks.example.org>:"),
        ("nb", "Den 23. november 2026 kl. 09:00 skrev Question · Cataloguing <cases@networks.example.org>:"),
        ("nn", "Den 23. november 2026 kl. 09:00 skreiv Question · Cataloguing <cases@networks.example.org>:"),
    ],
)
def test_the_letter_is_quoted_as_mail_programs_do(language: str, wanted: str) -> None:
    letter = reading.read(question())
    quoted = compose.quoting(letter, to_instant(START), "Europe/Stockholm", words(language)).split("\n")
    assert quoted[:2] == [wanted, "> -- Write your answer above this line --"]
    assert all(line.startswith(">") for line in quoted[1:])
    assert ">>> What did you decide about the hours?" in quoted


def test_what_is_built_is_what_was_meant() -> None:
    content = compose.build(draft(name='Åse, "the" Haugen', thread=("q@x", "first@x")), to_instant(START), b"\1\2")
    mail = reread(content)
    assert mail["From"] == '"Åse, \\"the\\" Haugen" <karin@example.org>'
    assert (mail["To"], mail["Subject"]) == (REPLY, "Hi")
    assert mail["Message-ID"] == "<0102@example.org>"
    assert mail["In-Reply-To"] == "<q@x>"
    assert mail["References"] == "<first@x> <q@x>"
    assert mail["Date"] == "Mon, 23 Nov 2026 08:00:00 +0000"


@given(name=st.text(max_size=60), subject=st.text(max_size=200), text=st.text(max_size=300))
def test_nobodys_text_becomes_a_header(name: str, subject: str, text: str) -> None:
    content = compose.build(draft(name=name, subject=subject, text=text), to_instant(START), b"\1")
    names = [one.lower() for one in reread(content)]
    assert sorted(set(names) - {"subject"}) == [
        "content-transfer-encoding", "content-type", "date", "from", "message-id", "mime-version", "to",
    ]  # fmt: skip
    assert len(names) == len(set(names))


def test_mail_link_is_a_value() -> None:
    address = parse_address(REPLY)
    assert address is not None
    assert MailLink("a", address, "", "") == MailLink("a", address, "", "")


def test_the_fixture_keeps_its_body() -> None:
    assert reading.read(with_attachment(question())).html == reading.read(question()).html
