"""Forms of proposals that come back without their labels: a sentence above, a table, the one thing that was asked."""

from __future__ import annotations

import pytest

from mailsvc.ids import PersonId
from mailsvc.message.form_guess import names_a_person
from mailsvc.message.forms import read_form
from mailsvc.message.html_text import html_lines, html_text
from workflows.proposal.fields import READ, merged
from workflows.proposal.model import Proposal

BELOW = (
    "\n\nFrån: Förslag <cases@example.org>\nSkickat: den 23 november 2026 10:00\nTill: Anna\nÄmne: Kartor\n\n"
    "Tack för ditt mejl.\n\nModerator (namn och e-postadress):\nBiträdande moderator (namn och e-postadress):\n"
)
KNOWN = {"name": "Kartor", "address": "kartor", "motivation": "Vi vill enas.", "work_questions": "- Regler"}


def proposal(language: str, *asked: str) -> Proposal:
    """A proposal whose last letter asked for these fields."""
    values = {one: value for one, value in KNOWN.items() if one not in asked}
    return Proposal(
        proposer=PersonId(1),
        proposer_name="Anna Berg",
        address="anna@example.org",
        language=language,
        domain="networks.example.org",
        inbox_id=1,
        steps=(),
        values=values,
        wrong=dict.fromkeys(asked, "missing"),
    )


def roles(text: str, language: str, *asked: str) -> tuple[str, str]:
    values = merged(proposal(language, *(asked or ("moderator", "deputy"))), text)
    return values.get("moderator", ""), values.get("deputy", "")


@pytest.mark.parametrize(
    ("language", "text", "moderator"),
    [
        ("sv", "Jag kan vara moderator och Bo Ek (bo@example.org) kan vara biträdande moderator.", "jag"),
        ("da", "Jeg kan være moderator, og Bo Ek (bo@example.org) kan være næstmoderator.", "jeg"),
        ("nb", "Jeg kan være moderator og Bo Ek (bo@example.org) kan være nestmoderator.", "jeg"),
        ("nn", "Eg kan vere moderator og Bo Ek (bo@example.org) kan vere nestmoderator.", "eg"),
        ("en", "I can be moderator and Bo Ek (bo@example.org) can be deputy.", "I"),
    ],
)
def test_a_sentence_above_the_form_names_both(language: str, text: str, moderator: str) -> None:
    assert roles(text + BELOW, language) == (moderator, "Bo Ek <bo@example.org>")


@pytest.mark.parametrize(
    "text",
    ["Bo Ek <bo@example.org>", "bo@example.org", "Bo Ek, bo@example.org", "Bo Ek", "Bo Ek bo@example.org\n\nMvh Anna"],
)
def test_the_one_thing_asked_for_needs_no_label(text: str) -> None:
    assert roles(text + BELOW.replace("Moderator (namn och e-postadress):\n", ""), "sv", "deputy")[1].startswith(
        ("Bo Ek", "bo@example.org")
    )


@pytest.mark.parametrize(
    "text", ["Tack, jag återkommer.", "Kan det vara Bo Ek?", "Ja", "Vet inte än", "Vi pratar om det på måndag."]
)
def test_what_names_nobody_fills_in_nothing(text: str) -> None:
    assert roles(text + BELOW, "sv", "deputy") == ("", "")
    assert roles(text + BELOW, "sv") == ("", "")


def test_labels_go_before_sentences() -> None:
    text = "Jag kan vara moderator.\n\nModerator: Lena Ek <lena@example.org>\nErsättare: Bo Ek <bo@example.org>" + BELOW
    assert roles(text, "sv") == ("Lena Ek <lena@example.org>", "Bo Ek <bo@example.org>")


def test_a_motivation_alone_is_taken_and_a_delay_is_none() -> None:
    said = merged(proposal("sv", "motivation"), "Vi katalogiserar kartor på tre olika sätt." + BELOW)
    assert said["motivation"] == "Vi katalogiserar kartor på tre olika sätt."
    for text in ("Jag återkommer när jag har pratat med chefen.", "Tack för mejlet, jag tittar på det.", "Vet inte"):
        assert "motivation" not in merged(proposal("sv", "motivation"), text + BELOW), text


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Bo Ek", True),
        ("Bo Ek <bo@example.org>", True),
        ("bo@example.org", True),
        ("Ask Bo", True),
        ("jag tror det", False),
        ("Bo Ek och Lena Ek ska dela på det", False),
        ("", False),
    ],
)
def test_what_is_nothing_but_a_person(text: str, person: bool) -> None:
    assert names_a_person(text) is person


def test_a_table_is_a_form_too() -> None:
    html = (
        "<p>Hej!</p><table><tr><td><b>Moderator</b></td><td>jag</td></tr><tr><td>Biträdande moderator (namn)</td>"
        "<td>Bo Ek</td></tr><tr><td>Namn:</td><td>Kartor</td></tr></table>"
    )
    assert read_form(html_text(html), READ).values == {"moderator": "jag", "deputy": "Bo Ek", "name": "Kartor"}


def test_other_tables_stay_as_they_are() -> None:
    assert html_text("<table><tr><td>Ja</td><td>tack</td></tr></table>") == "Ja tack"
    row = "<table><tr><td>Moderator</td><td>jag</td><td>2026</td></tr></table>"
    assert html_text(row) == "Moderator jag 2026"
    answer = "<table><tr><td>Moderator</td><td>ja</td></tr></table>"
    assert [line.text for line in html_lines(answer) if line.text] == ["Moderator ja"]  # what answers are read from
