"""Reading a mail: headers, text, attachments, kinds, and hostile structure in bounded work."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import pytest

from mailsvc.limits import Limits
from mailsvc.message import fields, mime_tree
from mailsvc.message.address import FromOutcome
from mailsvc.message.parsing import Message, digest, parse

HEAD = "From: Anna Berg <anna@example.org>\nTo: network@example.net\nSubject: Hello\n"
QP = "Content-Transfer-Encoding: quoted-printable"


def mail(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if part.text is not None]


def multipart(kind: str, parts: Iterable[str], boundary: str = "b") -> str:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{body}--{boundary}--\n"


def test_headers_are_found_without_case_and_kept_raw() -> None:
    message = parse(mail(HEAD + "X-Thing: one\nx-thing:  two\n  folded\n\nbody\n"))
    assert message.get("x-THING") == "one"
    assert message.get_all("X-Thing") == ["one", "two  folded"]
    assert message.raw_all("x-thing") == [b" one", b"  two\r\n  folded"]
    assert message.get("missing") is None
    assert message.has("subject")
    assert not message.has("x-other")
    assert [name for name, _ in message.headers] == ["From", "To", "Subject", "X-Thing", "x-thing"]
    assert message.content[message.body :] == b"body\r\n"


def test_the_common_fields_are_values() -> None:
    message = parse(
        mail(
            "From: =?utf-8?q?=C3=85sa?= <asa@example.org>\nSender: Karin <karin@example.org>\n"
            'To: "Net, Work" <net@example.net>, (c) b@example.org, Group: c@example.com, <d@example.com>;\n'
            "Cc: net@EXAMPLE.net\nSubject: =?utf-8?b?w4VyZXRz?=\n =?utf-8?b?IG3DtnRl?=\n"
            "Message-ID: <m1@example.org>\nDate: Tue, 1 Dec 2026 10:00:00 +0100\nIn-Reply-To: <r1@example.net> (x)\n"
            "References: <r0@example.net>\n <r1@example.net>\nList-Id: Some list <List.example.com>\n\nx\n"
        )
    )
    assert message.from_.display_name == "Åsa"
    assert str(message.from_address) == "asa@example.org"
    assert str(message.sender) == "karin@example.org"
    assert [str(one) for one in message.to] == ["net@example.net", "b@example.org", "c@example.com", "d@example.com"]
    assert [str(one) for one in message.cc] == ["net@example.net"]
    assert message.subject == "Årets möte"
    assert message.message_id == "m1@example.org"
    assert message.date == 1796115600 * 1_000_000
    assert message.references == ("r1@example.net", "r0@example.net")
    assert message.list_id == "list.example.com"
    assert message.defects == ()


def test_an_alternative_has_both_texts() -> None:
    message = parse(
        mail(
            HEAD
            + multipart(
                "alternative",
                [
                    "Content-Type: text/plain; charset=utf-8\n" + QP + "\n\nJ=C3=A5=\n!\n",
                    "Content-Type: text/html\n\n<p>Jå!</p>\n",
                ],
            )
        )
    )
    assert [text.strip() for text in texts(message)] == ["Jå!", "<p>Jå!</p>"]
    assert message.content_type == "multipart/alternative"
    assert message.attachments == ()


def test_attachments_have_name_type_and_decoded_size() -> None:
    data = base64.encodebytes(bytes(1000)).decode()
    name = "name*0*=utf-8''%C3%A5; name*1=rs.pdf"
    message = parse(
        mail(
            HEAD
            + multipart(
                "mixed",
                [
                    "\nthe text",
                    f"Content-Type: application/pdf; {name}\nContent-Transfer-Encoding: BASE64\n\n{data}",
                    'Content-Disposition: attachment; filename="../../=?utf-8?q?=C3=BC?=.txt"\n\nhello',
                    "Content-Type: image/png\nContent-ID: <a>\n\nxyz",
                    "Content-Type: message/rfc822\n\nSubject: inner\n\ninner text",
                ],
            )
        )
    )
    assert [(one.name, one.content_type, one.size, one.inline) for one in message.attachments] == [
        ("års.pdf", "application/pdf", 1000, False),
        (".._.._ü.txt", "text/plain", 5, False),
        ("", "image/png", 3, True),
        ("", "message/rfc822", 28, True),
    ]
    assert texts(message) == ["the text"]
    assert message.depth == 2


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("iso-8859-1", "Blåbär".encode(), "Blåbär"),
        ("us-ascii", "Blåbär".encode(), "Blåbär"),
        ("utf-8", "Blåbär".encode("latin-1"), "Blåbär"),
        ("windows-1252", "“Blåbär”".encode("cp1252"), "“Blåbär”"),
        ("iso-8859-1", "“Blåbär”".encode("cp1252"), "“Blåbär”"),
        ("gb2312", "外出".encode("gb18030"), "外出"),
        ("no-such-charset", "Blåbär".encode(), "Blåbär"),
        ("unicode_escape", b"\\u0041", "\\u0041"),
        ("zlib", b"plain", "plain"),
        ("utf-8", "Здравствуйте".encode() + b"\xff", "Здравствуйте?"),
        ("utf-16", "Ja".encode("utf-16"), "Ja"),
        ("koi8-r", "Да".encode("koi8-r"), "Да"),
    ],
)
def test_wrong_and_strange_charset_labels(charset: str, data: bytes, text: str) -> None:
    encoded = base64.b64encode(data)
    head = f"From: a@example.org\r\nContent-Type: text/plain; charset={charset}\r\n"
    message = parse(head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded)
    assert texts(message) == [text]


def test_flowed_text_is_joined() -> None:
    message = parse(
        mail(HEAD + "Content-Type: text/plain; format=flowed; delsp=no\n\nOne \nline\n> quo \n> ted\n-- \nAnna\n")
    )
    assert texts(message) == ["One line\n> quo ted\n-- \nAnna\n"]
    message = parse(mail(HEAD + "Content-Type: text/plain; format=flowed; delsp=yes\n\nDonau \ndampf\n"))
    assert texts(message) == ["Donaudampf\n"]


def test_text_is_read_up_to_the_limits() -> None:
    limits = Limits(read_text=1000, read_html=500, read_parts=3)
    long = "åäö\n" * 1000
    message = parse(mail(HEAD + "Content-Type: text/plain; charset=utf-8\n\n" + long), limits)
    assert len(texts(message)[0].encode()) <= 1000
    assert set(texts(message)[0]) == set("åäö\n")
    assert message.parts[0].text_cut
    many = parse(mail(HEAD + multipart("mixed", [f"\n{number}" for number in range(10)])), limits)
    assert texts(many) == ["0", "1"]


def test_unended_and_wrongly_bounded_parts_are_still_read() -> None:
    message = parse(mail(HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n"))
    assert texts(message) == ["one", "two\n"]
    assert "multipart without its closing line" in message.defects
    message = parse(mail(HEAD + "Content-Type: multipart/mixed; boundary=zzz\n\n--b\n\none\n--b--\n"))
    assert "one" in texts(message)[0]
    message = parse(mail(HEAD + "Content-Type: multipart/mixed\n\nJust text\n"))
    assert texts(message) == ["Just text\n"]


def test_an_outer_boundary_ends_inner_parts() -> None:
    inner = "Content-Type: multipart/alternative; boundary=in\n\n--in\n\ninner text\n"
    message = parse(mail(HEAD + multipart("mixed", [inner, "\nafter"])))
    assert texts(message) == ["inner text\n", "after"]
    assert [part.parent for part in message.parts] == [-1, 0, 1, 0]


def test_a_boundary_inside_an_enclosed_mail_belongs_to_the_outer_mail() -> None:
    message = parse(mail(HEAD + multipart("mixed", ["Content-Type: message/rfc822\n\nSubject: x\nTo: y", "\nafter"])))
    assert texts(message) == ["after"]


def test_a_line_that_is_no_field_ends_the_header() -> None:
    message = parse(b"From: a@example.org\r\nthis is no field\r\nTo: b@example.org\r\n\r\nx\r\n")
    assert not message.has("to")
    assert message.defects == ("no blank line between header and body",)


@pytest.mark.parametrize(
    "top", ["\n", "\n\n", "   \n", "From anna Tue Dec  1 10:00:00 2026\n", "\nFrom anna Tue Dec 1\n"]
)
def test_what_stands_above_the_header_is_passed_over(top: str) -> None:
    message = parse(mail(top + HEAD + "\nbody\n"))
    assert (message.subject, texts(message)) == ("Hello", ["body\n"])


def test_a_second_from_with_a_blank_before_its_colon_counts() -> None:
    message = parse(b"From: a@example.org\r\nFrom : b@example.org\r\n\r\nx")
    assert message.from_.outcome is FromOutcome.SEVERAL_FIELDS
    assert "several from fields" in message.defects


def test_a_from_field_with_blanks_is_no_mbox_line() -> None:
    message = parse(b"From  : b@example.org\r\nFrom: a@example.org\r\n\r\nx")
    assert message.from_.outcome is FromOutcome.SEVERAL_FIELDS


def test_line_feeds_alone_are_taken_as_line_ends() -> None:
    message = parse(b"From: a@example.org\nSubject: x\n\none\ntwo\n")
    assert message.content == b"From: a@example.org\r\nSubject: x\r\n\r\none\r\ntwo\r\n"
    assert texts(message) == ["one\ntwo\n"]


KINDS = [
    ("Content-Type: application/ms-tnef; name=winmail.dat\n\nx", "winmail.dat"),
    ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx", "encrypted-smime"),
    ("Content-Type: application/x-microsoft-rpmsg-message; name=message.rpmsg\n\nx", "rights-protected"),
    (multipart("encrypted", ["Content-Type: application/pgp-encrypted\n\nVersion: 1"]), "encrypted-pgp"),
    (multipart("mixed", ["\nI am here", "Content-Type: application/ms-tnef\n\nx"]), ""),
    (multipart("mixed", ["\n \n", "Content-Type: application/ms-tnef\n\nx"]), "winmail.dat"),
    (multipart("mixed", ["\nThis is protected", "Content-Type: x/y; name=message.rpmsg\n\nx"]), "rights-protected"),
    (multipart("signed", ["\nsigned text", "Content-Type: application/pkcs7-signature\n\nx"]), ""),
]


@pytest.mark.parametrize(("body", "unreadable"), KINDS)
def test_unreadable_mail_is_named(body: str, unreadable: str) -> None:
    assert parse(mail(HEAD + body)).unreadable == unreadable


def test_calendar_methods_with_and_without_parameter() -> None:
    assert parse(mail(HEAD + "Content-Type: text/calendar; method=reply\n\nBEGIN")).calendar_method == "REPLY"
    ics = base64.b64encode(b"BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\n").decode()
    part = f"Content-Type: application/octet-stream; name=a.ics\nContent-Transfer-Encoding: base64\n\n{ics}"
    assert parse(mail(HEAD + multipart("mixed", ["\nx", part]))).calendar_method == "COUNTER"
    assert parse(mail(HEAD + "\nMETHOD:REPLY\n")).calendar_method == ""


def test_reactions_receipts_and_recalls() -> None:
    reaction = multipart("alternative", ["\nx", "Content-Type: text/vnd.google.email-reaction+json\n\n{}"])
    assert parse(mail(HEAD + reaction)).reaction
    receipt = "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b--\n"
    assert parse(mail(HEAD + receipt)).receipt
    tnef = "Content-Type: application/ms-tnef\n\nx"
    assert parse(mail("From: a@example.org\nSubject: Läst: Möte\n" + tnef)).receipt
    assert not parse(mail("From: a@example.org\nSubject: Read: this book\n\nIt is good.")).receipt
    recall = 'From: a@example.org\nSubject: Recall: Budget\n\nAnna Berg would like to recall the message, "Budget".\n'
    assert parse(mail(recall)).recall
    swedish = "From: a@example.org\nSubject: Återkalla: Budget\n\nAnna Berg vill återkalla meddelandet Budget.\n"
    assert parse(mail(swedish)).recall
    assert not parse(mail("From: a@example.org\nSubject: Recall: the old archive\n\nDo you remember it?\n")).recall


def test_the_digest_sees_the_mail_and_not_its_way() -> None:
    base = mail(HEAD + "Date: Tue, 1 Dec 2026 10:00:00 +0100\n\nbody\n")
    same = b"Received: from x\r\nX-Spam: no\r\n" + base.replace(b"Subject: Hello", b"Subject:\r\n Hello") + b"\r\n"
    assert digest(parse(base)) == digest(parse(same))
    for other in (
        base.replace(b"body", b"bodY"),
        base.replace(b"Hello", b"Hallo"),
        base.replace(b"anna@", b"anne@"),
        base.replace(b"network@", b"networks@"),
        base.replace(b"10:00:00", b"10:00:01"),
        base.replace(b"Subject: Hello\r\n", b"Subject: Hello\r\nCc: c@example.org\r\n"),
    ):
        assert digest(parse(other)) != digest(parse(base))


def nested(levels: int) -> bytes:
    out = [b"From: a@example.org\r\n"]
    for level in range(levels):
        out.append(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level))
    out.append(b"\r\ntext\r\n")
    return b"".join(out)


BOMBS = {
    "nested multiparts": nested(3000),
    "nested mails": b"From: a@example.org\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "one boundary for all levels": b"From: a@example.org\r\n"
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 3000,
    "many parts": b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 50000,
    "parentheses": b"From: " + b"(" * 2000 + b"\r\nTo: " + b"(" * 15000 + b"\r\n\r\nx",
    "message-id": b"From: a@example.org\r\nMessage-ID: <<<<\r\nReferences: " + b"<" * 15000 + b"\r\n\r\nx",
    "encoded words": b"From: a@example.org\r\nSubject: " + b"=?utf-8?q?a?= " * 4000 + b"\r\n\r\nx",
    "broken words": b"From: a@example.org\r\nSubject: " + b"=?utf-8?q?" * 6000 + b"\r\n\r\nx",
    "many fields": b"From: a@example.org\r\n" + b"X-%d: y\r\n" * 20000 + b"\r\nx",
    "parameters": b"From: a@example.org\r\nContent-Type: text/plain; " + b"name*999=x;" * 3000 + b"\r\n\r\nx",
    "blank parameters": b"From: a@example.org\r\nContent-Type: text/plain;" + b" " * 15000 + b"x\r\n\r\nx",
    "quotes": b'From: "' + b'\\"' * 900 + b"\r\nTo: " + b'"' * 15001 + b"\r\n\r\nx",
    "lone hyphens": b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--\r\n" * 50000,
    "nothing": b"",
    "blank line": b"\r\n",
    "zero bytes": bytes(1000),
    "date": b"From: a@example.org\r\nDate: 99999999999999999999 Foo 99 99:99:99 +9999999999\r\n\r\n",
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bombs_are_read_without_an_exception(name: str) -> None:
    message = parse(BOMBS[name])
    assert len(message.parts) <= Limits().mime_parts + 1
    assert message.depth <= Limits().mime_depth_refused


@pytest.mark.parametrize("name", ["nested multiparts", "nested mails", "one boundary for all levels", "many parts"])
def test_bombs_cost_work_up_to_the_limit_only(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    real = fields.read_block

    def counted(content: bytes, start: int, end: int) -> fields.Block:
        nonlocal calls
        calls += 1
        return real(content, start, end)

    monkeypatch.setattr(mime_tree, "read_block", counted)
    parse(BOMBS[name])
    limits = Limits()
    assert calls <= limits.mime_parts + limits.mime_depth_refused + 5
