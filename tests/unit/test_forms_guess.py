"""What is understood of a proposal in anybody's own words, and what is left for the form to ask."""

from __future__ import annotations

import pytest

from mailsvc.message.form_guess import ADDRESS_LENGTH, guess_form, name_from_subject, suggest_address


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Förslag på nätverk: Talböcker", "Talböcker"),
        ("SV: Förslag till ett nytt nätverk för talböcker", "Talböcker"),
        ("VB: [Externt] Re: Nytt nätverk – Digitalt bevarande", "Digitalt bevarande"),
        ("Forslag om netværk: Læseklubben", "Læseklubben"),
        ("Forslag til netværk om læsning", "Læsning"),
        ("Forslag om nettverk: Skolebygg", "Skolebygg"),
        ("Framlegg om nettverk: Skulebygg", "Skulebygg"),
        ("Proposal for a network: Talking books", "Talking books"),
        ('Fwd: New network "Metadata"', "Metadata"),
        ("Initiativ till nätverksgrupp: Skolgårdar", "Skolgårdar"),
        ("Initiativ: nätverksgrupp om skolgårdar", "Skolgårdar"),
        ("Initiativ til en netværksgruppe om skolegårde", "Skolegårde"),
        ("Nettverksgruppe - Lys i klasserom", "Lys i klasserom"),
        ("New initiative: a circle about light", "Light"),
        ("Cirkelträning", "Cirkelträning"),
        ("Nytt initiativ", ""),
        ("Talboksnätverket", "Talboksnätverket"),
        ("Förslag på nätverk", ""),
        ("Förslag", ""),
        ("Hej!", ""),
        ("Kan vi få ett nätverk?", ""),
        ("", ""),
    ],
)
def test_the_name_in_a_subject(subject: str, name: str) -> None:
    assert name_from_subject(subject) == name


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Talböcker & läsning på nätet", "talbocker-lasning-pa-natet"),
        ("Læring på øya", "laering-pa-oya"),
        ("Systemägare 2.0", "systemagare-2-0"),
        ("2027", ""),
        ("!?", ""),
        ("Ett mycket långt namn på ett nätverk om bevarande", "ett-mycket-langt-namn-pa-ett-natverk-om"),
        ("x" * 60, "x" * ADDRESS_LENGTH),
    ],
)
def test_the_address_a_name_suggests(name: str, address: str) -> None:
    assert suggest_address(name) == address
    assert len(address) <= ADDRESS_LENGTH


def test_a_proposal_in_prose() -> None:
    text = """Hej!

Vi på Campusbiblioteket får många frågor om talböcker och vet inte vem som arbetar med dem.

Frågor vi vill ta upp:
- Inläsning
- Lån till
  skolor

Anna Berg <anna@example.org> kan vara moderator, Bo som biträdande.

Med vänlig hälsning
Cecilia Dahl
Bibliotekarie"""
    assert guess_form("Förslag på nätverk: Talböcker", text, "sv") == {
        "name": "Talböcker",
        "address": "talbocker",
        "motivation": "Vi på Campusbiblioteket får många frågor om talböcker och vet inte vem som arbetar med dem.",
        "work_questions": "- Inläsning\n- Lån till skolor",
        "moderator": "Anna Berg <anna@example.org>",
        "deputy": "Bo",
    }


def test_labels_win_over_prose() -> None:
    text = "Namn: Läsning\nModerator: Anna Berg\nMotivering: Många frågar.\n\nMvh\nBo"
    assert guess_form("Förslag på nätverk: Talböcker", text, "sv") == {
        "name": "Läsning",
        "address": "lasning",
        "motivation": "Många frågar.",
        "moderator": "Anna Berg",
    }


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("Moderator blir Anna Berg och Bo Ek biträdande.", "sv", {"moderator": "Anna Berg", "deputy": "Bo Ek"}),
        ("Jag föreslår Anna Berg som moderator.", "sv", {"moderator": "Anna Berg"}),
        ("Kari Li kan være moderator, med Ola Nes som vara.", "nb", {"moderator": "Kari Li", "deputy": "Ola Nes"}),
        ("Søren Bæk vil være moderator, Mette Lund er næstmoderator", "da",
         {"moderator": "Søren Bæk", "deputy": "Mette Lund"}),
        ("Ann Hill can be moderator, with Joe Ray as deputy.", "en", {"moderator": "Ann Hill", "deputy": "Joe Ray"}),
        ("Anna och Bo kan vara moderator och biträdande.", "sv", {}),
        ("Kanske kan Anna vara moderator.", "sv", {}),
        ("Kan Anna Berg vara moderator?", "sv", {}),
        ("Anna Berg vill inte vara moderator.", "sv", {}),
        ("Jag kan vara moderator.", "sv", {"moderator": "jag"}),
        ("Anna Berg eller Bo Ek blir moderator.", "sv", {}),
        ("Anna Berg blir moderator. Bo Ek blir moderator.", "sv", {}),
    ],
)  # fmt: skip
def test_who_takes_which_part(sentence: str, language: str, expected: dict[str, str]) -> None:
    guessed = guess_form("", sentence, language)
    assert {one: guessed[one] for one in ("moderator", "deputy") if one in guessed} == expected


def test_a_greeting_is_no_reason() -> None:
    text = "Hei Kari! Eg vil gjerne ha eit nettverk for talebøker.\n\nMvh Ola"
    assert guess_form("", text, "nn") == {"motivation": "Eg vil gjerne ha eit nettverk for talebøker."}


def test_nothing_is_invented() -> None:
    assert guess_form("Hej", "Hej!\n\nKan ni ringa mig?\n\nMvh Anna", "sv") == {}
    two_lists = "Vi vill:\n- a\n- b\n\nVi är:\n- c\n- d"
    assert "work_questions" not in guess_form("", two_lists, "sv")


def test_what_is_quoted_is_no_motivation() -> None:
    text = (
        "Vi vill gärna ha ett nätverk för frågor om talböcker.\n\nDen 3 dec. 2026 13:00 skrev Bo <bo@example.org>:\n"
        "> Kan inte du skriva till förslagslådan om saken någon gång?"
    )
    assert guess_form("", text, "sv") == {"motivation": "Vi vill gärna ha ett nätverk för frågor om talböcker."}


@pytest.mark.parametrize(
    ("language", "text", "moderator", "deputy"),
    [
        ("sv", "Jag kan vara moderator och Bo Ek kan vara biträdande moderator.", "jag", "Bo Ek"),
        (
            "sv",
            "Vi vill. Moderator: jag själv, ersättare Bo Ek (bo@example.org).",
            "jag själv",
            "Bo Ek <bo@example.org>",
        ),
        ("da", "Jeg vil gerne være moderator, og Jens Krag kan være næstmoderator.", "jeg", "Jens Krag"),
        ("nb", "Jeg stiller som moderator. Ola Li blir nestmoderator.", "jeg", "Ola Li"),
        ("nn", "Eg kan vere moderator, Nils Vik kan vere vara.", "eg", "Nils Vik"),
        ("en", "I can be the moderator and Ann Lee will be deputy.", "I", "Ann Lee"),
        ("sv", "Jag vet inte vem som kan vara moderator.", "", ""),
        ("sv", "Jag tycker att Bo Ek kan vara moderator.", "Bo Ek", ""),
    ],
)
def test_who_says_i_is_understood(language: str, text: str, moderator: str, deputy: str) -> None:
    found = guess_form("Förslag", text, language)
    assert (found.get("moderator", ""), found.get("deputy", "")) == (moderator, deputy)


def test_a_heading_above_a_list_is_no_form() -> None:
    text = (
        "Hej\n\nVi vil gerne oprette et netværk for e-ressourcer, fordi vi mangler et sted at tale om licenser.\n\n"
        "Arbejdsspørgsmål:\n* licenser\n* statistik\n\nMette Holm vil gerne være moderator, og Jens Krag kan være"
        " næstmoderator.\n\nVenlig hilsen\nMette Holm"
    )
    found = guess_form("Forslag om netværk for e-ressourcer", text, "da")
    assert found["work_questions"] == "- licenser\n- statistik"
    assert found["motivation"].startswith("Vi vil gerne oprette")
    assert (found["moderator"], found["deputy"]) == ("Mette Holm", "Jens Krag")


def test_a_purpose_says_why_where_nothing_else_does() -> None:
    assert guess_form("Förslag", "Namn: Kartor\nSyfte: samla alla", "sv")["motivation"] == "samla alla"
    assert guess_form("Förslag", "Syfte: samla\nMotivering: det behövs", "sv")["motivation"] == "det behövs"


def test_a_name_in_quotation_marks_is_one() -> None:
    found = guess_form("New network", 'I want to propose a network called "Digital preservation" for us all.', "en")
    assert (found["name"], found["address"]) == ("Digital preservation", "digital-preservation")
    assert "name" not in guess_form("Nytt", 'Ett nätverk som heter "A b c" eller som heter "D e f".', "sv")


def test_a_question_alone_and_a_closing_are_no_motivation() -> None:
    assert guess_form("Hej", "Hej, kan jag få starta ett nätverk om kartor?", "sv") == {}
    text = "We would like to have a network about maps, please.\n\nBest, Tom"
    assert guess_form("Maps", text, "en")["motivation"] == "We would like to have a network about maps, please."
