"""Cutting tokens out of mails: nothing else changes, and every length stays."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message.parsing import parse
from mailsvc.message.token_cut import cut, hidden
from mailsvc.message.tokens import reply_tokens
from mailsvc.message.uuencoded import blocks, decoded, encoded_like

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


def uuencoded(data: bytes, *, backtick: bool = False, trimmed: bool = False) -> bytes:
    lines = [binascii.b2a_uu(data[place : place + 45], backtick=backtick) for place in range(0, len(data), 45)]
    body = b"".join(line.rstrip(b" \n") + b"\r\n" if trimmed else line.replace(b"\n", b"\r\n") for line in lines)
    return b"begin 644 letter.txt\r\n" + body + b"`\r\nend\r\n"


@pytest.mark.parametrize("encoding", [b"x-uuencode", b"8bit"])
@pytest.mark.parametrize(("backtick", "trimmed"), [(False, False), (True, False), (False, True)])
def test_a_file_in_uuencode_keeps_its_lines(encoding: bytes, backtick: bool, trimmed: bool) -> None:
    text = f"Hälsningar från Åsa: reply+{TOKEN}@n.example.org slut.   \0\0\0\n".encode() * 3
    content = mail(uuencoded(text, backtick=backtick, trimmed=trimmed) + b"Hej!\r\n", encoding)
    assert TOKEN in reply_tokens(parse(content))
    edited = cut(content, [TOKEN])
    assert edited is not None
    assert [len(line) for line in edited.split(b"\r\n")] == [len(line) for line in content.split(b"\r\n")]
    blocks_of = list(blocks(edited))
    assert decoded(blocks_of[0][1]) == text.replace(TOKEN.encode(), b"x" * 26)


def test_what_is_in_an_encoding_that_cannot_be_edited_is_told() -> None:
    line = binascii.b2a_uu(f"reply+{TOKEN}@n".encode())  # no "begin", which the encoding's name makes up for
    content = mail(line.replace(b"\n", b"\r\n") + b"end\r\n", b"x-uuencode")
    assert TOKEN in reply_tokens(parse(content))
    assert cut(content, [TOKEN]) is None


def test_hidden_text_says_the_rest() -> None:
    assert hidden(f"Answer reply+{TOKEN.upper()}@n, please", [TOKEN]) == f"Answer reply+{'x' * 26}@n, please"


@given(st.binary(max_size=200), st.booleans(), st.booleans())
def test_any_uuencode_is_written_back_as_it_was(data: bytes, backtick: bool, trimmed: bool) -> None:
    (block,) = blocks(uuencoded(data, backtick=backtick, trimmed=trimmed))
    assert decoded(block[1]) == data
    assert encoded_like(block[1], data) == block[1]


@given(st.binary(max_size=200))
def test_what_only_looks_like_uuencode_keeps_its_length(lines: bytes) -> None:
    for block in blocks(b"begin 644 a\r\n" + lines + b"\r\n"):
        assert len(encoded_like(block[1], b"\xff" * len(decoded(block[1])))) == len(block[1])


@given(st.binary(max_size=300), st.sampled_from([b"8bit", b"base64", b"quoted-printable", b"x-uuencode", b""]))
def test_any_bytes_are_cut_without_harm(body: bytes, encoding: bytes) -> None:
    content = mail(body.replace(b"\n", b"\r\n") + b" reply+" + TOKEN.encode(), encoding)
    edited = cut(content, [TOKEN])
    if edited is not None:
        assert len(edited) == len(parse(content).content)
        assert TOKEN not in reply_tokens(parse(edited))
