"""The site's key file, and the words derived from it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailsvc import keys
from mailsvc.errors import ConfigError
from mailsvc.ids import SeededRandomness

KEY = keys.SiteKey("k1", "site", bytes(range(32)))
OTHER = keys.SiteKey("k1", "site", bytes(32))
numbers = st.integers(0, (1 << 63) - 1)
purposes = st.sampled_from(["unsubscribe", "bounce", "calendar"])


@given(purposes, numbers)
def test_a_word_gives_its_number_back(purpose: str, number: int) -> None:
    word = KEY.key_for(purpose, number)
    assert KEY.number_in(purpose, word) == number
    assert KEY.number_in(purpose, word.upper()) == number  # local parts may be case-folded or shouted
    assert len(word) <= 16 + 1 + 26
    assert set(word) <= set("0123456789abcdefghijklmnopqrstuvwxyz-")


@given(purposes, purposes, numbers)
def test_a_word_is_for_one_purpose_of_one_site(purpose: str, other: str, number: int) -> None:
    word = KEY.key_for(purpose, number)
    assert OTHER.number_in(purpose, word) is None
    assume(purpose != other)
    assert KEY.number_in(other, word) is None


@given(purposes, numbers, numbers)
def test_a_words_tag_is_for_its_number(purpose: str, number: int, other: int) -> None:
    assume(number != other)
    tag = KEY.key_for(purpose, number).partition("-")[2]
    assert KEY.number_in(purpose, f"{other:x}-{tag}") is None


@given(st.text(max_size=60))
def test_any_text_is_no_word(text: str) -> None:
    assert KEY.number_in("unsubscribe", text) is None


@pytest.mark.parametrize(
    "change", ["0{}", "+{}", " {}", "{} ", "{}\n", "0x{}", "{}a", "-{}", "{}=", "\udc80{}", "\u212a{}"]
)
def test_a_word_has_one_spelling(change: str) -> None:
    assert KEY.number_in("bounce", change.format(KEY.key_for("bounce", 0x1F))) is None


def test_a_number_that_no_row_has_is_none() -> None:
    assert KEY.number_in("bounce", KEY.key_for("bounce", 1 << 64)) is None


@given(st.lists(st.text(alphabet="ab\0", max_size=3), min_size=1, max_size=3))
def test_tags_are_bound_to_every_part(parts: list[str]) -> None:
    assert KEY.tag("rate", *parts) != KEY.tag("ask", *parts)
    assert KEY.tag("rate", *parts) != KEY.tag("rate", *parts, "more")
    assert len(KEY.tag("rate", *parts)) == 16


def test_a_letters_token() -> None:
    token = KEY.token(b"nonce")
    assert token == KEY.token(b"nonce") != KEY.token(b"other")
    assert len(token) == 26
    assert keys.hash_token(token) == keys.hash_token(token.upper())
    assert token.encode() not in keys.hash_token(token)


def test_the_key_file_is_private_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "var" / "site.key"
    made = keys.create(path, SeededRandomness(3))
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load(path) == made
    with pytest.raises(FileExistsError):
        keys.create(path, SeededRandomness(4))
    assert keys.load(path) == made


@pytest.mark.parametrize("content", [b"", b"k1 site", b"k1 site zz", b"k1 site 00ff", b"\xff\xfe", b"k1"])
def test_what_is_no_key_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "site.key"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is not a key file"):
        keys.load(path)


def test_a_missing_key_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"site\.key_file.*there is no key file"):
        keys.load(tmp_path / "site.key")


def test_words_are_base32() -> None:
    for length in range(40):
        data = SeededRandomness(length).random_bytes(length)
        assert keys.encode(data) == base64.b32encode(data).decode("ascii").rstrip("=").lower()
