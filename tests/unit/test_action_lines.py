"""Lines that give somebody something to do, as people write them in five languages."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.cases.action_lines import LONGEST_TEXT, MOST, ActionLine, read_actions
from mailsvc.ids import PersonId
from mailsvc.people.naming import Named, Nobody, One, Several

TODAY: Final = date(2026, 11, 23)
WRITER: Final = Named(PersonId(9), "Eva Ström", ("eva@example.org",))
PEOPLE: Final = [
    Named(PersonId(1), "Anna Berg", ("anna@example.org",)),
    Named(PersonId(2), "Karin Lind", ("karin.lind@example.org",)),
    Named(PersonId(3), "Karin Holm", ("karin.holm@example.org",)),
    Named(PersonId(4), "Ola Nordmann", ("ola@example.net",)),
]


def read(text: str) -> list[ActionLine]:
    return read_actions(text, PEOPLE, TODAY, WRITER)


def one(text: str) -> tuple[str, date | None, str]:
    """Name, day and text of the only line."""
    (line,) = read(text)
    who = line.who.person.name if isinstance(line.who, One) else "" if line.who is None else type(line.who).__name__
    return who, line.due, line.text


@pytest.mark.parametrize(
    ("line", "who", "due", "text"),
    [
        ("TODO Anna 2026-12-20: write to the supplier", "Anna Berg", date(2026, 12, 20), "write to the supplier"),
        ("todo: Anna writes to the town by 20/12", "Anna Berg", date(2026, 12, 20), "writes to the town"),
        ("Åtgärd Anna Berg, 20 dec: ring 08:30", "Anna Berg", date(2026, 12, 20), "ring 08:30"),
        ("Att göra: ring leverantören. Ansvarig: Anna", "Anna Berg", None, "ring leverantören."),
        ("Att göra: ring. Ansvarig: Anna. Senast 20/12", "Anna Berg", date(2026, 12, 20), "ring."),
        ("* Opgave Karin Holm den 3. december: book lokalet", "Karin Holm", date(2026, 12, 3), "book lokalet"),
        ("Oppgave: Ola bestiller rom (innen fredag)", "Ola Nordmann", date(2026, 11, 27), "bestiller rom"),
        ("- [ ] Handling: ring leverandøren (Ola, 1/12)", "Ola Nordmann", date(2026, 12, 1), "ring leverandøren"),
        ("Oppgåve: eg ringjer i morgon", "Eva Ström", date(2026, 11, 24), "ringjer"),
        ("TODO me 1/12: send it", "Eva Ström", date(2026, 12, 1), "send it"),
        ("ACTION @Anna: book a room", "Anna Berg", None, "book a room"),
        ("TODO karin.holm@example.org 1/12: book", "Karin Holm", date(2026, 12, 1), "book"),
        ("TODO write the minutes", "", None, "write the minutes"),
        ("TODO Sven 2026-12-01: nothing", "Nobody", date(2026, 12, 1), "nothing"),
        ("TODO Karin: a new plan", "Several", None, "a new plan"),
        (
            "TODO Anna: book the meeting on 12 December at 10",
            "Anna Berg",
            None,
            "book the meeting on 12 December at 10",
        ),
        ("TODO Anna 20/12:\nwrite a letter", "Anna Berg", date(2026, 12, 20), "write a letter"),
        ("> TODO Anna 20/12: quoted", "Anna Berg", date(2026, 12, 20), "quoted"),
    ],
)
def test_line(line: str, who: str, due: date | None, text: str) -> None:
    assert one(line) == (who, due, text)


@pytest.mark.parametrize(
    "line",
    [
        "Handling krävs senast 20/12: ring",
        "Åtgärder",
        "Att göra något åt det är svårt",
        "We discussed what TODO Anna has",
        "Tiltak mot støv er viktige: vi må snakke",
        "Actions speak louder than words",
        "",
    ],
)
def test_sentences_are_no_actions(line: str) -> None:
    assert read(line) == []


def test_a_wrapped_line_goes_on_and_a_list_does_not() -> None:
    lines = read(
        "Tiltak Ola Nordmann innen 15. januar: skrive en lang tekst som går\nover to linjer\n"
        "- TODO Anna: one\n- TODO Anna: two\n\nWith kind regards\nEva"
    )
    assert [line.text for line in lines] == ["skrive en lang tekst som går over to linjer", "one", "two"]
    assert lines[0].due == date(2027, 1, 15)


def test_a_day_that_has_passed_is_no_day() -> None:
    assert one("TODO Anna 2026-11-01: write")[1] is None


def test_there_is_an_end() -> None:
    assert len(read("TODO Anna: write\n" * 200)) == MOST
    assert len(read("TODO Anna: " + "x" * 5000)[0].text) <= LONGEST_TEXT


@given(
    st.lists(st.sampled_from(["TODO", "Åtgärd", ":", "Anna", "Karin", "20/12", "senast", "\n", "(", ")", "- ", "x"]))
)
def test_any_mixture_is_read_without_a_guess(words: list[str]) -> None:
    for line in read(" ".join(words)):
        assert isinstance(line.who, One | Several | Nobody | None)
        assert line.due is None or line.due >= TODAY
        if isinstance(line.who, One):
            assert line.name.casefold() in line.who.person.name.casefold()


@pytest.mark.parametrize(
    ("line", "who", "due", "text"),
    [
        ("Opgave Ola 1. feb - lav udkast", "Ola Nordmann", date(2027, 2, 1), "lav udkast"),
        ("Opgave Karin 1. feb - lav udkast", "Several", date(2027, 2, 1), "lav udkast"),
        ("TODO @Ola: ring", "Ola Nordmann", None, "ring"),
        ("to do: Anna: boka", "Anna Berg", None, "boka"),
        ("Att-göra: Anna bokar lokal", "Anna Berg", None, "bokar lokal"),
        ("ATT GÖRA Anna 20/12 boka lokal", "Anna Berg", date(2026, 12, 20), "boka lokal"),
        ("TODO alla: läs dokumentet", "Nobody", None, "läs dokumentet"),
        ("TODO Anna snarast: boka", "Anna Berg", None, "boka (snarast)"),
        ("TODO Anna i januari: boka", "Anna Berg", None, "boka (i januari)"),
        ("TODO Ola 31/11: ring", "Ola Nordmann", None, "ring (31/11)"),
        ("Oppgåver: Ola: ring", "Ola Nordmann", None, "ring"),
    ],
)
def test_careless_lines_lose_nothing(line: str, who: str, due: date | None, text: str) -> None:
    assert one(line) == (who, due, text)


def test_two_who_are_named_have_it_each() -> None:
    found = read("TODO Anna och Ola 20/12: skriv protokoll")
    assert [(item.name, item.text, item.due) for item in found] == [
        ("Anna", "skriv protokoll", date(2026, 12, 20)),
        ("Ola", "skriv protokoll", date(2026, 12, 20)),
    ]
    assert len(read("TODO Anna och Wilhelmina: skriv protokoll")) == 1, "one of them is nobody"


def test_a_list_below_a_label_is_read_where_it_names_somebody() -> None:
    text = (
        "Vi träffades.\n\nAtt göra till nästa gång:\n- Anna: boka lokal till 20/12\n2. Ola ringer leverantören\n"
        "- köpa kaffe\n\nNästa möte i mars.\n- Anna var sjuk\nTODO Ola: sjung\n"
    )
    assert [(item.name, item.text, item.due) for item in read(text)] == [
        ("Anna", "boka lokal", date(2026, 12, 20)),
        ("Ola", "ringer leverantören", None),
        ("Ola", "sjung", None),
    ]
    assert [item.line for item in read("TODO\n\n* Anna skriver (senast 15 januari)\n")] == [
        "* Anna skriver (senast 15 januari)"
    ]
    assert read("Att göra:\n- köpa kaffe\n") == [] or not read("Att göra:\n- köpa kaffe\n")[0].text
