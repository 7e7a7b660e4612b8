"""Any bytes can be parsed, scanned and hashed; structure that is built is the structure that is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailsvc.limits import Limits
from mailsvc.message.encoded_words import decode_words
from mailsvc.message.parsing import digest, parse
from mailsvc.message.prescan import prescan

PIECES = st.sampled_from(
    [
        b"From: a@example.org\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b'Content-Type: multipart/alternative; boundary="b b"\r\n',
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: text/html; charset=",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Transfer-Encoding: uuencode\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"--b b\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b" ",
        b"=?utf-8?b?",
        b"?=",
        b"begin 644 x\r\n",
        b"=\r\n",
        b"\x00",
        b"\xff\xfe",
    ]
)
SOUP = st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40).map(b"".join)


@given(SOUP)
def test_no_bytes_raise(content: bytes) -> None:
    message = parse(content)
    prescan(content, Limits())
    assert len(digest(message)) == 32
    for part in message.parts:
        assert 0 <= part.start <= part.end <= len(message.content)
        if part.parent >= 0:
            assert message.parts[part.parent].depth + 1 == part.depth


@given(st.lists(st.text(alphabet="abcå\n", max_size=20), min_size=1, max_size=8), st.integers(0, 6))
def test_texts_come_back_from_any_nesting(wanted: list[str], depth: int) -> None:
    out = b"From: a@example.org\r\n"
    for level in range(depth):
        out += b"Content-Type: multipart/mixed; boundary=outer%d\r\n\r\n--outer%d\r\n" % (level, level)
    out += b"Content-Type: multipart/mixed; boundary=inner\r\n\r\n"
    for text in wanted:
        encoded = text.replace("\n", "\r\n").encode()
        out += b"--inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + encoded + b"\r\n"
    out += b"--inner--\r\n"
    for level in reversed(range(depth)):
        out += b"--outer%d--\r\n" % level
    message = parse(out)
    assert [part.text for part in message.parts if part.text is not None] == wanted
    assert message.defects == ()


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(["=?", "utf-8", "?q?", "?b?", "?=", " ", "=41", "w4U="])).map("".join),
    )
)
def test_decoded_words_never_hold_control_characters(value: str) -> None:
    assert not set(decode_words(value)) & set("\r\n\x00\x1b\u202e")
