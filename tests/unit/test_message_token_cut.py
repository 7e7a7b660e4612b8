"""Cutting tokens out of mails: nothing else changes, and every length stays."""

from __future__ import annotations

import base64
import binascii

from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message.parsing import parse
from mailsvc.message.token_cut import cut, hidden
from mailsvc.message.tokens import reply_tokens

TOKEN = "abcdefghijklmnopqrstuvwx27"
HEAD = b"From: a@example.org\r\nSubject: s\r\n"


def mail(body: bytes, encoding: bytes = b"8bit") -> bytes:
    kind = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    return HEAD + kind + encoding + b"\r\n\r\n" + body


def test_only_the_token_changes() -> None:
    content = mail(b"See reply+" + TOKEN.encode() + b"@n.example.org, abc2 and reply+nothing.\r\n")
    assert cut(content, [TOKEN]) == content.replace(TOKEN.encode(), b"x" * 26)
    assert cut(content, []) == content


def test_base64_keeps_its_lines() -> None:
    text = f"Hälsningar reply+{TOKEN}@n.example.org slut\r\n".encode() * 3
    content = mail(base64.encodebytes(text).replace(b"\n", b"\r\n"), b"base64")
    edited = cut(content, [TOKEN])
    assert edited is not None
    assert [len(line) for line in edited.split(b"\r\n")] == [len(line) for line in content.split(b"\r\n")]
    assert parse(edited).parts[0].text == text.decode().replace("\r\n", "\n").replace(TOKEN, "x" * 26)


def test_quoted_printable_keeps_its_breaks() -> None:
    content = mail(b"=C3=A5 reply=2Babc=64ef=\r\n" + TOKEN[6:].encode() + b" slut\r\n", b"quoted-printable")
    edited = cut(content, [TOKEN])
    assert edited is not None
    assert edited.endswith(b"\r\n\r\n=C3=A5 reply=2Bxxx=78xx=\r\n" + b"x" * 20 + b" slut\r\n")


def test_what_is_in_an_encoding_that_cannot_be_edited_is_told() -> None:
    line = binascii.b2a_uu(f"reply+{TOKEN}@n".encode())
    content = mail(b"begin 644 a\r\n" + line.replace(b"\n", b"\r\n") + b"end\r\n", b"x-uuencode")
    assert TOKEN in reply_tokens(parse(content))
    assert cut(content, [TOKEN]) is None


def test_hidden_text_says_the_rest() -> None:
    assert hidden(f"Answer reply+{TOKEN.upper()}@n, please", [TOKEN]) == f"Answer reply+{'x' * 26}@n, please"


@given(st.binary(max_size=300), st.sampled_from([b"8bit", b"base64", b"quoted-printable", b"x-uuencode", b""]))
def test_any_bytes_are_cut_without_harm(body: bytes, encoding: bytes) -> None:
    content = mail(body.replace(b"\n", b"\r\n") + b" reply+" + TOKEN.encode(), encoding)
    edited = cut(content, [TOKEN])
    if edited is not None:
        assert len(edited) == len(parse(content).content)
        assert TOKEN not in reply_tokens(parse(edited))
