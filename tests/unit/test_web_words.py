"""The pages' sentences: every language says everything, with the same values; templates ask for what is there."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime

import pytest

from mailsvc.clock import to_instant
from mailsvc.config import LANGUAGES
from mailsvc.errors import Reason
from mailsvc.resources import templates_dir
from mailsvc.web.words import da, en, nb, nn, sv, words

CATALOGUE = {"en": en.WORDS, "sv": sv.WORDS, "da": da.WORDS, "nb": nb.WORDS, "nn": nn.WORDS}


def holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_site_language_has_words() -> None:
    assert set(CATALOGUE) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_and_with_the_same_values(language: str) -> None:
    theirs = CATALOGUE[language]
    assert list(theirs) == list(en.WORDS)
    assert {key: holes(theirs[key]) for key in theirs} == {key: holes(en.WORDS[key]) for key in en.WORDS}


@pytest.mark.parametrize("language", ["sv", "da", "nb", "nn"])
def test_nothing_was_left_in_english(language: str) -> None:
    own = (
        "size_",
        "try_name",
        "view_",
        "find_button",
        "compose_text",
        "kind_",
        "outcome_left",
        "send",
        "wrote_pattern",
        "role_moderator",
    )
    same = [key for key, text in CATALOGUE[language].items() if text == en.WORDS[key] and not key.startswith(own)]
    assert same == []


def test_what_handling_can_end_with_has_words() -> None:
    """The reasons of receiving and delivery are told elsewhere; those of handling stand on the mailroom's front."""
    reasons = list(Reason)
    ends = reasons[reasons.index(Reason.DUPLICATE) : reasons.index(Reason.HELD_NOT_MEMBER)]
    assert [one.value for one in ends if f"outcome_{one.value}" not in en.WORDS] == []


def test_templates_ask_only_for_words_that_exist() -> None:
    asked = set()
    for path in (templates_dir() / "web").rglob("*.j2"):
        text = path.read_text("utf-8")
        asked |= set(re.findall(r'\bt\("([^"]+)"[,)]', text))
        asked |= {f"{key}_many" for key in re.findall(r't\.count\("([^"]+)"', text)}
    assert asked
    assert asked - set(en.WORDS) == set()


def test_an_unknown_language_falls_back() -> None:
    assert words("fi", "nn").language == "nn"
    assert words("", "tlh").language == "en"


def test_numbers_times_and_sizes_are_spoken() -> None:
    at = to_instant(datetime(2026, 11, 23, 8, 5, tzinfo=UTC))
    assert words("en").count("letters", 1) == "1 letter"
    assert words("da").count("letters", 2) == "2 breve"
    assert words("en").moment(at, "Europe/Stockholm") == "Mon 23 Nov 2026, 09:05"
    assert words("sv").moment(at, "Europe/Stockholm", "EEEE d MMMM y") == "måndag 23 november 2026"
    assert words("sv").size(2_500_000) == "2,5 MB"
    assert [words("en").size(n) for n in (0, 999, 1000, 2_500_000)] == ["0 bytes", "999 bytes", "1 kB", "2.5 MB"]
