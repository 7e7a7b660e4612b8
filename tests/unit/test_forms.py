"""The tables of labels, and what reading and printing a form promise beside what people send back."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailsvc.message.form_guess import PROPOSAL
from mailsvc.message.form_labels import (
    FORM_FIELDS,
    LANGUAGES,
    MEETING_FIELDS,
    key,
    keys_of,
    label,
    lookup,
    spellings,
    words,
)
from mailsvc.message.form_source import LONGEST
from mailsvc.message.forms import Field, Form, FormLine, form_lines, form_text, read_form

PAGE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "words.md"


def test_no_two_labels_of_one_table_share_a_spelling() -> None:
    for fields in (FORM_FIELDS, MEETING_FIELDS):
        meaning = lookup(fields)
        assert set(meaning.values()) == set(fields)
        assert all(meaning[one] == field for field in fields for one in keys_of(field))


def test_a_form_whose_labels_clash_is_refused() -> None:
    with pytest.raises(ValueError, match="means both"):
        Form((Field("answer_by"), Field("rsvp")))
    with pytest.raises(KeyError):
        Form((Field("colour"),))


def test_three_spellings_and_dots() -> None:
    assert spellings("Målgrupp") == {"målgrupp", "malgrupp", "maalgrupp"}
    assert spellings("Næstmoderator") == {"næstmoderator", "nastmoderator", "naestmoderator"}
    assert key("*J.nr.*") == key("jnr") == "jnr"
    assert key("Work\u00a0 questions") == "work questions"


@pytest.mark.parametrize("field", [*FORM_FIELDS, *MEETING_FIELDS])
def test_every_field_has_a_label_in_every_language(field: str) -> None:
    assert set(words(field)) == set(LANGUAGES)
    assert all(label(field, language) == words(field)[language][0] for language in LANGUAGES)
    assert label(field, "fi") == label(field, "en")


def test_the_tables_say_what_the_page_says() -> None:
    if not PAGE.exists():
        pytest.skip("words.md is not here")
    page = PAGE.read_text("utf-8")
    for start, end, fields in (("### 7.3", "### 7.4", FORM_FIELDS), ("### 7.4", "### 7.5", MEETING_FIELDS)):
        table = page[page.index(start) : page.index(end)]
        rows = [line.strip("| \n").split(" | ") for line in table.splitlines() if line.startswith("| ")]
        for number, language in enumerate(LANGUAGES, 1):
            told = sorted(word for row in rows[1:] for word in row[number].strip().split(" · "))
            assert sorted(word for field in fields for word in words(field)[language]) == told


def test_a_form_is_printed_with_values_and_hints() -> None:
    lines = form_lines(
        PROPOSAL, "sv", {"name": "Talbok", "motivation": "Ett\nTvå"}, {"preparation_group": "(valfritt)"}
    )
    assert lines[0] == FormLine("Namn", "Talbok")
    assert lines[-1] == FormLine("Beredningsgrupp", "", "valfritt")
    assert form_text(lines) == (
        "Namn: Talbok\nAdress:\nMotivering:\nEtt\nTvå\nArbetsfrågor:\nModerator:\nBiträdande moderator:\n"
        "Beredningsgrupp (valfritt):"
    )


def test_what_is_missing_is_told_in_order() -> None:
    assert PROPOSAL.missing({"name": "x", "motivation": " "}) == (
        "address", "motivation", "work_questions", "moderator", "deputy",
    )  # fmt: skip


def test_unknown_labels_and_free_text() -> None:
    reading = read_form(
        "Hej, här är det.\n\nNamn: Talbok\nFärg: blå\nModerator: Anna Berg\n\nRing gärna!\n\nMvh Anna\nTel: 08-12",
        PROPOSAL,
    )
    assert reading.values == {"name": "Talbok", "moderator": "Anna Berg"}
    assert reading.unknown_labels == ("Färg",)
    assert reading.free == "Hej, här är det.\n\nFärg: blå\n\nRing gärna!"


def test_a_line_with_a_colon_inside_a_long_value_stays_there() -> None:
    reading = read_form("Motivering: Så här:\nOBS: viktigt\nModerator: Bo Ek", PROPOSAL)
    assert reading.values == {"motivation": "Så här:\nOBS: viktigt", "moderator": "Bo Ek"}
    assert reading.unknown_labels == ()


def test_a_mail_without_labels_is_free_text() -> None:
    reading = read_form("Moderator är jag gärna.\nNamn på nätverk är svårt.\n\nMvh\nAnna", PROPOSAL)
    assert reading.values == {}
    assert reading.free == "Moderator är jag gärna.\nNamn på nätverk är svårt."


def test_a_wrapped_prefill_is_given_back_as_it_was_sent() -> None:
    sent = {
        "motivation": "Vi behöver en plats för frågor om talböcker, om hur de läses in och hur de når ut.\n\nSnart."
    }
    text = (
        "> *Motivering*: Vi behöver en plats för frågor om talböcker, om hur de\n> läses in och hur\n> de når ut.\n>\n"
        "> Snart.\n> Moderator:"
    )
    assert read_form(text, PROPOSAL, sent).values == sent


def test_a_hint_that_was_sent_is_no_value() -> None:
    sent = {"deputy": "(namn och adress)", "moderator": "Bo Ek (ändra gärna)"}
    text = "Moderator: Bo Ek (ändra gärna)\nBiträdande moderator: (namn och\nadress)\nAdress: x"
    assert read_form(text, PROPOSAL, sent).values == {"moderator": "Bo Ek", "address": "x"}


def test_a_list_with_room_between_is_no_signature() -> None:
    text = "Arbetsfrågor:\n\n- Lån\n\n- Anna Berg\n\n- Inläsning\n\nMvh\n- Bo"
    assert read_form(text, PROPOSAL).values == {"work_questions": "- Lån\n\n- Anna Berg\n\n- Inläsning"}


def test_our_own_closing_words_are_nobodys_answer() -> None:
    letter = "Fyll i.\n\nModerator:\nBeredningsgrupp:\n\nSvara senast på fredag"
    assert read_form(letter, PROPOSAL, letter=letter).values == {}
    assert read_form(letter.replace("grupp:", "grupp: Service"), PROPOSAL, letter=letter).values == {
        "preparation_group": "Service"
    }


def test_an_end_of_a_quoted_line_that_was_broken_off_is_put_back() -> None:
    text = f"> Motivering: {'ordning ' * 8}ordning\nkvist\n> och mera\n> Moderator: Bo Ek"
    assert read_form(text, PROPOSAL).values["motivation"].split() == ["ordning"] * 9 + ["kvist", "och", "mera"]


@pytest.mark.parametrize(
    "piece",
    ["Namn:\n", "> ", "Namn: x\n> Namn: y\n", "(", "a ", "*", ":", "Moderator\n", "Den 3 dec 13:00\n", "a:(b\n"],
)
def test_reading_is_bounded(piece: str) -> None:
    many = piece * (4 * LONGEST // len(piece))
    reading = read_form(many, PROPOSAL, {"name": many[:500]}, letter=many)
    assert len(reading.free) <= LONGEST
    assert len(reading.unknown_labels) <= 20


def test_what_stands_beyond_the_bound_is_not_read() -> None:
    assert read_form("a\n" * (LONGEST // 2) + "Namn: x", PROPOSAL).values == {}
