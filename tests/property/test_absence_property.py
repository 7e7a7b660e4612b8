"""Whatever a notice holds: reading it ends, raises nothing and believes nothing absurd."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsvc.clock import DAY, Instant
from mailsvc.message import absence_words, said_date_words
from mailsvc.message.absence import LONGEST_AHEAD, LONGEST_WORDS, read_absence
from mailsvc.message.parsing import parse
from mailsvc.message.said_dates import LONGEST_TEXT, MOST, find_dates, plain
from tests.tools import SOAK

WORDS = """
jag är på semester t.o.m. till och med tillbaka åter den måndag 12 augusti 31/12 1/7-31/7 2026-08-07 v. 28-31 uke 53
uge 99 veke 0 29 februari 29/2 back on from to until the 12th july 1-31 31.12. 99.99. 00/00 2027 hela juli i dag
nästa vecka efter nyår not before ej inte anna@example.org kontakta slutat no longer . , ; - – ( ) kl 24/7 260230
"""
FRAGMENTS = [*WORDS.split(), "\n", "\n\n"]
NOTICES = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(FRAGMENTS), max_size=60).map(" ".join))
# From the year 1 to 9999 minus what a notice may add.
MOMENTS = st.integers(-1_000 * 365 * DAY, 7_000 * 365 * DAY).map(Instant)


@given(NOTICES, MOMENTS, st.sampled_from([None, "sv", "da"]), st.sampled_from(["x", "Frånvaro: x", "Åter 10/8"]))
@settings(max_examples=2000 if SOAK else 300, deadline=None)
def test_reading_never_raises(text: str, moment: Instant, language: str | None, subject: str) -> None:
    message = parse(f"From: anna@example.org\nSubject: {subject}\n\n".encode())
    absence = read_absence(message, text, moment, "Europe/Oslo", language)
    if absence:
        assert len(absence.words) <= LONGEST_WORDS
        today = date(1970, 1, 1) + timedelta(days=moment // DAY)
        if absence.until:
            assert today <= absence.until <= today + LONGEST_AHEAD + timedelta(days=1)
            assert not absence.left


@given(NOTICES, st.dates(date(1990, 1, 1), date(2190, 1, 1)))
@settings(max_examples=2000 if SOAK else 300, deadline=None)
def test_dates_stand_in_order_and_apart(text: str, today: date) -> None:
    found = find_dates(plain(text), today)
    assert len(found) <= MOST
    for one in found:
        assert one.first <= one.last
        assert 0 <= one.start < one.end <= len(plain(text))
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.dates(date(2026, 1, 1), date(2029, 12, 31)))
def test_a_date_without_a_year_is_the_next_such(today: date, said: date) -> None:
    (found,) = find_dates(f"åter {said.day}/{said.month}", today) or (None,)
    if found is None:
        assert (said.month, said.day) == (2, 29)
        return
    assert (found.first.month, found.first.day) == (said.month, said.day)
    assert timedelta(days=-92) <= found.first - today <= timedelta(days=274) or said.month == 2


def test_every_pattern_is_linear() -> None:
    """The patterns have no repetition inside a repetition that could match the same text in many ways."""
    for module in (absence_words, said_date_words):
        for value in vars(module).values():
            for pattern in value if isinstance(value, tuple) else (value,):
                if isinstance(pattern, re.Pattern):
                    assert not re.search(r"[+*]\)[+*]", pattern.pattern), pattern.pattern


@pytest.mark.parametrize("piece", [*FRAGMENTS, "1 ", "v 1,", "den ", "a@", "n't ", "t.o.m. ", "1-", "12/8-"])
def test_repetition_is_bounded(piece: str) -> None:
    text = plain(piece * (LONGEST_TEXT // max(1, len(piece)) + 1))
    assert len(text) <= LONGEST_TEXT
    assert len(find_dates(text, date(2026, 7, 1))) <= MOST
