"""What is shown of a post, and which posts are in confidence: pure functions on mails."""

from __future__ import annotations

import pytest

from lists.archive.showing import author_name, beginning_of, file_name, shown, subject_of, without_addresses
from lists.posts.confidence import is_confidential, subject_says_so
from mailsvc.message.parsing import Message, parse


def mail(body: str, *headers: str, kind: str = "text/plain") -> Message:
    head = ["From: Anna <anna@example.org>", f"Content-Type: {kind}; charset=utf-8", *headers]
    return parse("\r\n".join([*head, "", body]).encode())


def text(message: Message, *, addresses: bool = True) -> str:
    return "\n".join(one.text for block in shown(message, (), addresses=addresses).new for one in block.pieces)


@pytest.mark.parametrize(
    "subject",
    [
        "Confidential: salaries",
        "Re: SV: [förtroligt] Hur vi har det",
        "[Talk] I förtroende – läget",
        "(fortrolig) Møtet",
        "Fortruleg: møtet",
        "In confidence",
        "Konfidentiellt",
    ],
)
def test_a_subject_asks_for_confidence(subject: str) -> None:
    assert subject_says_so(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Confidential waste",
        "How confidential: a talk",
        "Fortrolighed i praksis",
        "",
        "Re: förtroligt samtal i dag",
        "[Talk] Maps",
    ],
)
def test_others_only_speak_of_it(subject: str) -> None:
    assert not subject_says_so(subject)


def test_a_mail_program_marks_it() -> None:
    assert is_confidential(mail("x", "Sensitivity: Company-Confidential"))
    assert not is_confidential(mail("This message is confidential.", "Subject: Maps", "Sensitivity: Normal"))


def test_html_becomes_text() -> None:
    message = mail("<p>One<script>alert(1)</script><style>p{}</style></p><p>Two &lt;b&gt;</p>", kind="text/html")
    assert text(message).split() == ["One", "Two", "<b>"]


def test_numbers_and_tokens_are_no_part_of_it() -> None:
    token = "reply+" + "abcdefghijklmnopqrstuvwxyz"
    message = mail(f"811228-9874\n{token}@networks.example.org", f"Subject: 811228-9874 {token}")
    assert "811228" not in text(message) + subject_of(message)
    assert "abcdefghij" not in text(message) + subject_of(message)


def test_letters_that_turn_or_hide_others_are_gone() -> None:
    message = parse(
        "From: =?utf-8?q?Anna_=E2=80=AEgreB?= <a@example.org>\r\nSubject: x\u202ey\r\n\r\n\u202etxet".encode()
    )
    assert "\u202e" not in author_name(message) + subject_of(message) + text(message)


def test_an_address_is_no_name() -> None:
    assert author_name(parse(b'From: "anna@example.org" <anna@example.org>\r\n\r\nx')) == ""
    assert author_name(parse(b"From: anna@example.org\r\n\r\nx")) == ""


def test_only_pages_are_links() -> None:
    message = mail('See https://example.org/a_(b), javascript:alert(1) or https://example.org/?q="><script>.')
    links = [one.url for block in shown(message, (), addresses=True).new for one in block.pieces if one.url]
    assert links == ["https://example.org/a_(b)", "https://example.org/?q="]


def test_addresses_are_unreadable_for_the_public() -> None:
    assert (
        without_addresses("Write to <anna.berg@example.org>, or mailto:bo@example.net!")
        == "Write to <…@…>, or mailto:…@…"
    )
    assert "@example" not in text(mail("bo@example.net"), addresses=False)


def test_a_long_beginning_ends_between_words() -> None:
    short = beginning_of("word " * 100)
    assert short.endswith("word …")
    assert len(short) < 170


def test_a_file_has_a_name() -> None:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx\r\n"
        '--b\r\nContent-Type: text/html; name="../../x\u202elmth.exe"\r\nContent-Disposition: attachment\r\n\r\nx\r\n'
        "--b--\r\n"
    )
    message = parse(("From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + body).encode())
    assert [file_name(one) for one in message.attachments] == ["2.bin", "mail.eml", "_.._xlmth.exe"]
