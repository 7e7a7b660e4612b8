"""Any text is read as a form without harm; any form, filled in and sent back by any client, gives its values back."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message.form_guess import guess_form
from mailsvc.message.form_labels import FORM_FIELDS, LANGUAGES, MEETING_FIELDS, label, words
from mailsvc.message.forms import Field, Form, form_lines, form_text, read_form

MANY = frozenset({"motivation", "work_questions", "purpose", "agenda", "notes", "standing_items", "goals", "wishes"})
HINTS = {"preparation_group": "optional", "channels": "om det finns", "agenda": "one line for each item"}
WORDS = ["Kvist", "Älv", "ögonblick", "måne", "Størkel", "bær", "7", "2026-12-03", "ordning", "Übersicht", "talbok"]
ONE_LINE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
LONG = st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(lambda found: "Kvist " + " ".join(found))
ATTRIBUTION = {
    "sv": "Den 3 dec. 2026 kl. 13:00 skrev Tjänsten <cases@example.org>:",
    "da": "Den tors. 3. dec. 2026 kl. 13.00 skrev Tjenesten <cases@example.org>:",
    "nb": "tor. 3. des. 2026 kl. 13:00 skrev Tjenesten <cases@example.org>:",
    "nn": "På 3. des. 2026 13:00 skreiv Tenesta <cases@example.org>:",
    "en": "On Thu, 3 Dec 2026 at 13:00, The service <cases@example.org> wrote:",
}
BLOCK = (
    "Från: Tjänsten <cases@example.org>\nSkickat: den 3 december 2026 13:00\nTill: Anna Berg\nÄmne: SV: Nätverk [#142]"
)
SIGNED = "\n\nMed vänlig hälsning\nAnna Berg\nModerator\nAdress: Box 12, 123 45 Staden\nTel: 08-123 45"

TEXTS = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "Namn:", "> Adress:", ">> Moderator", "*Syfte*:", "| Navn: | x |", "Mvh Anna", "-- ", BLOCK, "",
                "Hvorfor – derfor", "När: 3/12", ATTRIBUTION["en"], "-----Original Message-----", "1. ja", "(optional)",
                "\u00a0Navn\u200b:", "::::", "(((((", "Namn på nätverket: (((", "> > > Form :", "_____________",
            ]
        ),
    ),
    max_size=25,
).map("\n".join)  # fmt: skip


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Some fields of one of the two tables; no two that share a label."""
    table = draw(st.sampled_from([FORM_FIELDS, MEETING_FIELDS]))
    chosen = draw(st.lists(st.sampled_from(table), min_size=2, max_size=8, unique=True))
    return Form(tuple(Field(one, lines=one in MANY) for one in chosen))


@st.composite
def filled(draw: st.DrawFn) -> tuple[Form, str, dict[str, str]]:
    """A form, the language it is printed in, and what it is filled in with."""
    form = draw(forms())
    values = {}
    for field in form.fields:
        if draw(st.booleans()):
            many = st.lists(LONG.map(lambda one: f"- {one}"), min_size=1, max_size=4).map("\n".join)
            values[field.id] = draw(many if field.lines else ONE_LINE)
    return form, draw(st.sampled_from(LANGUAGES)), values


def quoted(text: str, mark: str = "> ") -> str:
    return "\n".join((mark + line).rstrip() for line in text.split("\n"))


def wrapped(text: str, width: int) -> str:
    return "\n".join(
        piece for line in text.split("\n") for piece in textwrap.wrap(line, width, break_on_hyphens=False) or [""]
    )


def below_labels(text: str) -> str:
    """Each value on the line below its label, as tables of HTML mail come out."""
    out = []
    for line in text.split("\n"):
        head, colon, rest = line.partition(":")
        out += [f"{head}:", rest.strip()] if colon and rest.strip() and not line.startswith("- ") else [line]
    return "\n".join(out)


CLIENTS: dict[str, Callable[[str, str], str]] = {
    "as it is": lambda text, language: text,
    "gmail": lambda text, language: f"{ATTRIBUTION[language]}\n\n{quoted(wrapped(text, 76))}\n",
    "gmail, twice quoted": lambda text, language: f"Se nedan\n\n{ATTRIBUTION[language]}\n\n{quoted(text, '> > ')}",
    "thunderbird": lambda text, language: f"{ATTRIBUTION[language]}\n{quoted(wrapped(text, 72), '>')}{SIGNED}",
    "apple": lambda text, language: f"Skickat från min iPhone\n\n> {ATTRIBUTION[language]}\n> \n{quoted(text, '> ')}",
    "outlook": lambda text, language: f"Hej!{SIGNED}\n\n{BLOCK}\n\n{text}\n",
    "outlook, separated": lambda text, language: f"-----Ursprungligt meddelande-----\n{BLOCK}\n\n{text}",
    "outlook, marked": lambda text, language: f"{SIGNED}\n\n{quoted(BLOCK)}\n> \n{quoted(wrapped(text, 74))}",
    "above the form": lambda text, language: f"{text}{SIGNED}\n\n{ATTRIBUTION[language]}\n> Hej\n> Svara gärna",
    "bold": lambda text, language: "\n".join(
        f"*{line.replace(':', '*:', 1)}" if ":" in line else line for line in text.split("\n")
    ),
    "bulleted": lambda text, language: "\n".join(f"• {line}" if ":" in line else line for line in text.split("\n")),
    "table": lambda text, language: below_labels(text),
    "nbsp": lambda text, language: text.replace(": ", "\u00a0:\u00a0\u00a0"),
    "tabs and crlf": lambda text, language: text.replace(": ", ":\t").replace("\n", "\r\n"),
    "empty lines": lambda text, language: text.replace("\n", "\n\n"),
    "samsung": lambda text, language: (
        f"Skickat från min Galaxy\n\n-------- Originalmeddelande --------\n{BLOCK}\n\n{text}"
    ),
}  # fmt: skip


def same(values: dict[str, str], expected: dict[str, str]) -> bool:
    """Equal but for how lines are broken."""
    return {one: text.split() for one, text in values.items()} == {one: text.split() for one, text in expected.items()}


@given(TEXTS, forms(), st.dictionaries(st.sampled_from(FORM_FIELDS), st.text(max_size=30), max_size=3))
def test_any_text_is_read(text: str, form: Form, sent: dict[str, str]) -> None:
    reading = read_form(text, form, sent, letter=text[::2])
    assert set(reading.values) <= set(form.ids)
    assert all(value.strip() for value in reading.values.values())


@given(st.text(max_size=80), TEXTS, st.sampled_from(LANGUAGES))
def test_any_text_is_guessed_at(subject: str, text: str, language: str) -> None:
    assert all(value.strip() for value in guess_form(subject, text, language).values())


@given(filled(), st.sampled_from(sorted(CLIENTS)))
def test_what_was_filled_in_comes_back_through_any_client(case: tuple[Form, str, dict[str, str]], client: str) -> None:
    form, language, values = case
    text = CLIENTS[client](form_text(form_lines(form, language, values, HINTS)), language)
    read = read_form(text, form).values
    assert same(read, values), (client, text, read)


@given(filled(), st.sampled_from(sorted(CLIENTS)))
def test_a_prefill_left_alone_comes_back_word_for_word(case: tuple[Form, str, dict[str, str]], client: str) -> None:
    form, language, values = case
    printed = form_text(form_lines(form, language, values, HINTS))
    read = read_form(CLIENTS[client](printed, language), form, values, letter=printed).values
    assert read == values, (client, read)


@given(filled(), st.data())
def test_labels_of_any_language_and_spelling_are_read(
    case: tuple[Form, str, dict[str, str]], data: st.DataObject
) -> None:
    form, _, values = case
    lines = []
    for one, value in values.items():
        cell = words(one)[data.draw(st.sampled_from(LANGUAGES))]
        word = data.draw(st.sampled_from(cell))
        lines.append(f"{data.draw(st.sampled_from([word, word.upper(), word.lower()]))}: {value}")
    assert same(read_form("\n".join(lines), form).values, values)


@given(filled())
def test_an_answer_above_wins_over_the_quoted_form(case: tuple[Form, str, dict[str, str]]) -> None:
    form, language, values = case
    first = form.ids[0]
    printed = form_text(form_lines(form, language, values, HINTS))
    text = f"{label(first, language)}: Alldeles nytt\n\n{ATTRIBUTION[language]}\n{quoted(printed)}"
    assert same(read_form(text, form, values).values, {**values, first: "Alldeles nytt"})
