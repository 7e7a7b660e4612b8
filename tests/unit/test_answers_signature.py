"""Answers to a question that asks for a signature: every way in which people say that they sign, and none besides."""

from __future__ import annotations

import pytest

from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import SIGNATURE, Meaning

SIGNED = {
    "en": ("sign", "Signed.", "I have signed", "I've signed", "I hereby sign", "I sign the minutes", "Signed /Anna"),
    "sv": (
        *("signera", "signerat", "Jag signerar", "jag har signerat", "underskrivet", "jag skriver under", "Påskrivet!"),
        *("undertecknat", "Härmed undertecknar jag", "justeras", "justerat", "jag justerar protokollet"),
        "Hej Karin! Signerat.\n\nMvh Anna",
    ),
    "da": (
        *("underskriv", "underskrevet", "Jeg underskriver", "jeg har skrevet under", "signeret", "jeg signerer"),
        *("godkender referatet", "jeg godkender referatet", "Referatet er godkendt"),
    ),
    "nb": (
        *("signer", "signert", "jeg signerer", "Jeg har signert.", "underskrevet", "jeg skriver under", "undertegnet"),
        *("jeg undertegner", "skrevet under"),
    ),
    "nn": ("signer", "signert", "eg signerer", "eg signerar", "eg skriv under", "underteikna", "eg har skrive under"),
}


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in SIGNED for text in SIGNED[language]])
def test_who_says_that_they_sign_signs(language: str, text: str) -> None:
    for known in (language, None):
        decided = read(text, SIGNATURE, known).decided
        assert decided is not None, (text, known)
        assert decided.meaning is Meaning.SIGN


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I sign tomorrow, but not yet"),
        ("en", "Signed?"),
        ("sv", "jag signerar inte"),
        ("sv", "jag signerar när texten är rättad"),
        ("sv", "Undertecknad kan inte vara med"),
        ("sv", "ok"),
        ("da", "underskrevet, men punkt 3 er forkert"),
        ("da", "godkendt"),
        ("nb", "signert hvis punkt 3 rettes"),
        ("nb", "jeg har ikke signert"),
        ("nn", "eg signerer ikkje"),
        ("nn", "underskrift"),
    ],
)
def test_what_is_no_signature_decides_nothing(language: str, text: str) -> None:
    assert read(text, SIGNATURE, language).decided is None


@pytest.mark.parametrize("text", ["nej, jag skriver inte under", "nei: punkt 3 er feil", "no, the names are wrong"])
def test_a_no_has_its_reason(text: str) -> None:
    decided = read(text, SIGNATURE, None).decided
    assert decided is not None
    assert decided.meaning is Meaning.NO
    assert decided.reason
