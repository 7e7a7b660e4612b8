"""Asking not to be named, anywhere in an idea and in five languages; talking of anonymous things asks for nothing."""

from __future__ import annotations

import pytest

from workflows.idea.nameless import wish_in


@pytest.mark.parametrize(
    "sentence",
    [
        "Jag vill vara anonym.",
        "Jag vill gärna vara anonym!",
        "Anonymt, tack",
        "Jag föredrar att vara anonym",
        "Skriv inte mitt namn.",
        "Jeg vil gerne være anonym",
        "Jeg ønsker å være anonym.",
        "Nevn ikke navnet mitt",
        "Eg vil helst vere anonym",
        "I would like to remain anonymous.",
        "Please keep this anonymous",
        "Please don't print my name.",
        "Utan mitt namn, tack",
    ],
)
def test_a_wish_counts_wherever_it_stands(sentence: str) -> None:
    for text in (
        f"Ventilationen är dålig. {sentence}",
        f"Ventilationen är dålig.\n\n{sentence}\n\nLaga den.",
        sentence,
    ):
        found = wish_in(text)
        assert found is not None, text
        assert text[found[0] : found[1]].strip() == sentence.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Jag vill att enkäten ska vara anonym.",
        "Kan man vara anonym?",
        "Vi borde ha en anonym brevlåda.",
        "Jag vill inte vara anonym.",
        "Skriv inte namn på lådorna i magasinet.",
        "Anonymous borrowing would be good.",
        "",
    ],
)
def test_talking_of_it_asks_for_nothing(text: str) -> None:
    assert wish_in(text) is None
