"""Files beside a letter's text: every octet arrives, the letter is as it was, the same bytes every time."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message import build
from mailsvc.message.attach import Attached, with_files
from mailsvc.message.build import BuildBug

HEADERS = [
    ("From", "Talk <cases@networks.example.org>"),
    ("To", "registrator@example.org"),
    ("Subject", "Avgjort: en fråga om kartor och om mycket annat som hör till en ganska lång ämnesrad"),
    ("Date", "Mon, 23 Nov 2026 09:00:00 +0000"),
    ("Message-ID", "<one@networks.example.org>"),
]
CSV = "text/csv; charset=utf-8"


def letter(html: str | None = "<p>Hej på dig</p>") -> bytes:
    return build.letter(HEADERS, "Hej på dig\n\n-- \nTalk\n", html)


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=4))
def test_every_octet_arrives(contents: list[bytes]) -> None:
    files = [Attached(f"mail-{n}.eml", "application/octet-stream", one) for n, one in enumerate(contents)]
    made = with_files(letter(), files)
    message = read(made)
    parts = list(message.iter_attachments())
    assert [part.get_payload(decode=True) for part in parts] == contents
    assert [part.get_filename() for part in parts] == [one.name for one in files]
    assert made == with_files(letter(), files)
    assert all(len(line) <= 998 for line in made.split(b"\r\n"))


@pytest.mark.parametrize("html", [None, "<p>Hej på dig</p>"])
def test_the_letter_is_as_it_was(html: str | None) -> None:
    before, after = read(letter(html)), read(with_files(letter(html), [Attached("a.csv", CSV, b"x")]))
    for name, _value in HEADERS:
        assert after[name] == before[name]
    for kind in ("plain", "html"):
        one, other = before.get_body((kind,)), after.get_body((kind,))
        assert (one is None) == (other is None)
        assert one is None or other is None or one.get_content() == other.get_content()


def test_nothing_to_enclose_changes_nothing() -> None:
    assert with_files(letter(), []) == letter()


@pytest.mark.parametrize("name", ["", "../x", 'a"b', "å.txt", "a b", "A.TXT", "x" * 81, "a\r\nb", "a\n"])
def test_a_name_is_plain(name: str) -> None:
    with pytest.raises(BuildBug):
        with_files(letter(), [Attached(name, CSV, b"")])
