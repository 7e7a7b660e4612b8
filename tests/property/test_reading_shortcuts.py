"""What is asked first because it is quick says no only where the whole question would find nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message import banners, identity_numbers, marker, quotes
from mailsvc.message.lines import Line

BANNERS = (
    "This email originated from outside of the organisation. Do not click links.",
    "[EXTERNAL] Denna e-post kommer från en avsändare utanför organisationen.",
    "Be careful with this message.",
    "var försiktig med det här meddelandet.",
    "You don't often get email from anna@example.org. Learn why this is important.",
    "Du får inte ofta e-post från bo@example.org. Varför detta är viktigt.",
)
WORDS = ("Hej", "I said: be careful", "", " ", "> *", "_|", "1990-01-01", "ja", ":", "\t")


@given(st.lists(st.sampled_from((*BANNERS, *WORDS, "\n", "\n> ", "\n\n")), max_size=12))
def test_no_banner_is_overlooked(pieces: list[str]) -> None:
    text = "".join(pieces)
    whole = text
    for pattern in banners._SHIPPED:
        whole = banners._cut_at_line_starts(pattern, whole)
    assert banners.without_banners(text) == whole


@pytest.mark.parametrize("banner", BANNERS)
def test_these_are_banners(banner: str) -> None:
    assert banners.without_banners(f"> {banner}\nHej").strip("> \n") == "Hej"


@given(st.text(max_size=60))
def test_letters_of_a_line(text: str) -> None:
    assert marker._letters(text) == "".join(char for char in text.casefold() if char.isalnum())


@given(st.text(alphabet="0123456789-+ A", max_size=30))
def test_every_identity_number_has_a_date(text: str) -> None:
    patterns = (identity_numbers._SE, identity_numbers._NO, identity_numbers._FI, identity_numbers._DK)
    if any(pattern.search(text) for pattern in patterns):
        assert identity_numbers._SIX_DIGITS.search(text)


LINES = st.sampled_from(
    (
        "On 3 Dec 2026, at 10:00, Anna Berg",
        "<anna@example.org> wrote:",
        "Anna Berg wrote",
        "Den 3 dec 2026 skrev Anna <anna@example.org>",
        "x" * 590,
        f"{'y' * 20}: {'z' * 1250}",
        f"{'y' * 608}:{'z' * 700}",
        "Hej",
        "så här:",
        "",
    )
)


@given(st.lists(LINES, min_size=1, max_size=7))
def test_no_beginning_of_a_quote_is_overlooked(texts: list[str]) -> None:
    lines = [Line(text) for text in texts]
    for place in range(len(lines)):
        joined = ""
        for line in lines[place : place + quotes._MOST_LINES]:
            joined = f"{joined} {line.text.strip()}"[: quotes._LONGEST * 2]
            if re.search(r"[:：]\s*\Z", joined):
                assert quotes._may_end(lines, place)
