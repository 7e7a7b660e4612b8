"""mailsvc.message.build: fields, names with addresses, the check of what was built, whole letters."""

from __future__ import annotations

import email
import email.policy
from email.header import decode_header, make_header

import pytest

from mailsvc.message.build import (
    BuildBug,
    check_headers,
    clean,
    field,
    letter,
    mailbox,
    message_ids,
    phrase,
)
from mailsvc.message.flowed import flowed, quoted_printable


def decoded(raw: bytes) -> str:
    """A field's value as a mail client shows it."""
    value = raw.split(b":", 1)[1].decode().replace("\r\n", "").strip()
    return str(make_header(decode_header(value)))


def test_plain_subject_stands_as_it_is() -> None:
    assert field("Subject", "Minutes of the meeting") == b"Subject: Minutes of the meeting\r\n"


def test_subject_of_another_language_is_an_encoded_word() -> None:
    assert field("Subject", "Möte på fredag") == b"Subject: =?utf-8?q?M=C3=B6te_p=C3=A5_fredag?=\r\n"
    assert field("Subject", "会議") == b"Subject: =?utf-8?b?5Lya6K2w?=\r\n"


def test_text_that_looks_encoded_is_shown_literally() -> None:
    text = "=?utf-8?q?=0ABcc:_x@example.org?="
    assert decoded(field("Subject", text)) == text


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@example.org", "a\nBcc: x", "a\rBcc: x", "a\0\x0b\x0c\x85\u2028b"])
def test_line_breaks_become_blanks(evil: str) -> None:
    raw = field("Subject", evil)
    assert raw.count(b"\r\n") == 1
    assert raw.endswith(b"\r\n")
    check_headers(raw + b"\r\n", ["Subject"])


def test_long_lines_are_folded_at_blanks() -> None:
    text = " ".join(f"word{n}" for n in range(100))
    raw = field("Subject", text)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.replace(b"\r\n", b"") == b"Subject: " + text.encode()


def test_one_endless_word_still_folds() -> None:
    raw = field("Subject", "x" * 5000)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert decoded(raw) == "x" * 5000


def test_encoded_words_split_between_characters() -> None:
    text = "Årsmöte " * 40 + "🙂" * 30
    raw = field("Subject", text)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    for word in raw.split(b":", 1)[1].split():
        ((octets, charset),) = decode_header(word.decode())
        assert charset == "utf-8"
        assert isinstance(octets, bytes)
        octets.decode("utf-8")
    assert decoded(raw) == clean(text)


@pytest.mark.parametrize("name", ["", "Sub ject", "Subject:", "Sub\r\nject", "Ämne", "X" * 41, "-X"])
def test_names_are_constants(name: str) -> None:
    with pytest.raises(BuildBug):
        field(name, "text")


def test_a_structured_word_that_cannot_fold_is_a_bug() -> None:
    with pytest.raises(BuildBug):
        field("References", "<" + "x" * 1000 + ">")


@pytest.mark.parametrize(
    ("name", "address", "value"),
    [
        ("", "anna@example.org", "anna@example.org"),
        ("Anna Berg", "anna@example.org", "Anna Berg <anna@example.org>"),
        ("Berg, Anna", "anna@example.org", '"Berg, Anna" <anna@example.org>'),
        ('Anna "B" Berg\\', "anna@example.org", '"Anna \\"B\\" Berg\\\\" <anna@example.org>'),
        ("Åsa", "asa@example.org", "=?utf-8?q?=C3=85sa?= <asa@example.org>"),
        ("Åsa", "åsa@example.org", "=?utf-8?q?=C3=85sa?= <åsa@example.org>"),
        ("x\r\nBcc: y", "anna@example.org", '"x Bcc: y" <anna@example.org>'),
        ("\u202egro.elpmaxe", "anna@example.org", '"gro.elpmaxe" <anna@example.org>'),
    ],
)
def test_mailbox(name: str, address: str, value: str) -> None:
    assert mailbox(name, address) == value


@pytest.mark.parametrize(
    "address", ["", "anna", "a b@example.org", "a@example.org\r\nBcc: x", "a@b>, <c@d", "<a@b>", "a,b@c", "a@b@c"]
)
def test_what_is_no_address_is_a_bug(address: str) -> None:
    with pytest.raises(BuildBug):
        mailbox("Anna", address)


def test_a_very_long_name_is_cut() -> None:
    assert len(str(make_header(decode_header(phrase("n" * 9999))))) == 200


def test_message_ids_keep_the_first_and_the_last() -> None:
    ids = [f"<{n}@example.org>" for n in range(50)]
    kept = message_ids([" ".join(ids)]).split()
    assert kept[0] == ids[0]
    assert kept[1:] == ids[-19:]


def test_message_ids_leave_out_what_is_none() -> None:
    assert message_ids(["<<<<", "<a@b>\r\n\t<a@b> junk <" + "x" * 300 + ">", "<å@b>", "<c d>"]) == "<a@b>"


def test_check_headers_accepts_what_was_meant() -> None:
    check_headers(b"Subject: x\r\n y\r\nTo: a@example.org\r\n\r\nBody: z", ["Subject", "to"])


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\r\nBcc: y\r\n\r\n",
        b"To: x\r\n\r\n",
        b"Subject: x\nBcc: y\r\n\r\n",
        b"Subject: x\rBcc: y\r\n\r\n",
        b"Subject: x\0\r\n\r\n",
        b"Subject: x\r\n",
        b" x\r\nSubject: x\r\n\r\n",
        b"Subject: x\r\n \r\n\r\n",
        b"Subject: x\r\nnonsense\r\n\r\n",
        b"Subject: " + b"x" * 999 + b"\r\n\r\n",
        b"\r\n\r\nSubject: x\r\n\r\n",
    ],
)
def test_check_headers_refuses_the_rest(content: bytes) -> None:
    with pytest.raises(BuildBug):
        check_headers(content, ["Subject"])


def unflowed(wire: str) -> str:
    """What a reader of format=flowed makes of it (RFC 3676 §4.1-4.4), written apart from the code under test."""
    out: list[str] = []
    join_depth: int | None = None
    for line in wire.removesuffix("\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if join_depth == depth and content != "-- ":
            out[-1] += content
        else:
            out.append(">" * depth + (" " if depth and content else "") + content)
        join_depth = depth if content.endswith(" ") and content != "-- " else None
    return "\n".join(out) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "short\n",
        "one\n\ntwo\n",
        "word " * 60 + "end\n",
        "  indented line that is long enough to be broken " * 3 + "x\n",
        "From here on\nFrom there\n",
        "> quoted " + "and long " * 20 + "end\n>> deeper\n>\n",
        "text\n-- \nAnna\n",
        "a " * 35 + "x -- " + "b " * 40 + "c\n",
        "x" * 300 + " tail\n",
        "two  blanks   three " * 10 + "x\n",
    ],
)
def test_flowed_text_reads_back(text: str) -> None:
    wire = flowed(text)
    assert unflowed(wire) == text
    for line in wire.split("\n"):
        assert len(line) <= 76 or " " not in line.rstrip()
        assert not line.startswith("From ")
    assert wire.split("\n").count("-- ") == text.split("\n").count("-- ")


def test_flowed_drops_controls_and_trailing_blanks() -> None:
    assert flowed("a\x00b  \r\nc\rd\x1b[0m") == "ab\nc\nd[0m\n"


def test_quoted_printable_hides_from_at_line_starts() -> None:
    wire = quoted_printable("From å\n" + "x" * 74 + " From y" * 30)
    assert not any(line.startswith(b"From ") for line in wire.split(b"\r\n"))
    assert max(map(len, wire.split(b"\r\n"))) <= 76


HEADERS = [
    ("From", mailbox("Question · nätverk", "cases@networks.example.org")),
    ("To", mailbox("Åsa", "asa@example.org")),
    ("Subject", "Väntar på dig [#142]"),
    ("Message-ID", "<x@networks.example.org>"),
    ("References", ""),
]


def test_letter_of_plain_ascii_is_7bit() -> None:
    content = letter(HEADERS, "Hello\n")
    assert content.endswith(b"Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n")
    assert b"References" not in content


def test_letter_reads_back() -> None:
    text = "Hej Åsa!\n\n" + "En lång mening som måste brytas. " * 10 + "\n"
    html = "<p>Hej Åsa!</p>\n" + "<p>" + "lång " * 500 + "</p>\n"
    content = letter(HEADERS, text, html)
    assert content == letter(HEADERS, text, html)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 78
    read = email.message_from_bytes(content, policy=email.policy.default)
    assert read["Subject"] == "Väntar på dig [#142]"
    assert read["From"].addresses[0].display_name == "Question · nätverk"
    assert read.get_content_type() == "multipart/alternative"
    plain, rich = read.iter_parts()
    assert plain["Content-Type"].params == {"charset": "utf-8", "format": "flowed"}
    assert unflowed(plain.get_content().replace("\r\n", "\n")) == text.replace(" \n", "\n")
    assert rich.get_content().replace("\r\n", "\n") == html
    assert not read.defects


def test_a_letter_cannot_smuggle_a_mime_header() -> None:
    content = letter([("Subject", "x\r\nContent-Type: text/html\r\n\r\n<b>")], "y")
    assert email.message_from_bytes(content).get_content_type() == "text/plain"
    assert email.message_from_bytes(content)["Subject"] == "x Content-Type: text/html <b>"
