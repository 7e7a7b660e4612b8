"""Commands as strangers write them: in quotation marks, as a list, as a noun in the subject, and none at all."""

from __future__ import annotations

import pytest

from lists.words.addresses import language_of
from lists.words.commands import Command
from lists.words.reading import is_bare_command, read


@pytest.mark.parametrize("line", ['"who"', "“who”", "«who».", "”who”!", "1. who", "2) who", "- who", "* who", "'who'"])
def test_marks_around_a_command_do_no_harm(line: str) -> None:
    assert [one.command for one in read("", line, "en")] == [Command.WHO]


def test_a_list_of_commands() -> None:
    assert [one.command for one in read("", "1. who\n2. info\n3. “help”", "en")] == [
        Command.WHO,
        Command.INFO,
        Command.HELP,
    ]


@pytest.mark.parametrize(
    ("subject", "command"),
    [
        ("Avanmälan", Command.LEAVE),
        ("Afmelding", Command.LEAVE),
        ("Avmelding fra listen", Command.LEAVE),
        ("Anmälan", Command.JOIN),
        ("Tilmelding", Command.JOIN),
        ("Påmelding", Command.JOIN),
    ],
)
def test_the_noun_in_the_subject_asks_for_the_same(subject: str, command: Command) -> None:
    assert [one.command for one in read(subject, "", "sv")] == [command]
    assert is_bare_command(subject, "Hej!\n\nMvh Lena")


@pytest.mark.parametrize("line", ["1.who cares", '"who" is a good band', "Anmälan till kursen i maj", "2 info"])
def test_other_words_stay_unknown(line: str) -> None:
    assert [one.command for one in read("", line, "en") if one.command not in (Command.WHO, Command.INFO)] == [None]


def test_the_groups_language_says_which_norwegian_a_word_is() -> None:
    assert language_of("kart-meld-pa", "nn") == "nn"
    assert language_of("kart-meld-pa", "nb") == "nb"
    assert language_of("kart-meld-pa", "sv") == "nb"
    assert language_of("kart-anmal", "nn") == "sv"
    assert language_of("kart-join", "nn") is None


def shown(text: str) -> list[tuple[Command | None, str, str]]:
    return [(one.command, one.argument, one.text) for one in read("", text, "sv")]


@pytest.mark.parametrize(
    "text",
    [
        "add a@example.org, b@example.org",
        "add a@example.org; b@example.org",
        "add a@example.org b@example.org",
        "add a@example.org, b@example.org.",
    ],
)
def test_several_addresses_are_a_line_each(text: str) -> None:
    assert shown(text) == [
        (Command.ADD, "a@example.org", "add a@example.org"),
        (Command.ADD, "b@example.org", "add b@example.org"),
    ]


def test_several_people_keep_their_names() -> None:
    text = 'lägg till Ny Person <ny@example.org>, "Ek, Eva" <eva@example.org>'
    assert [(command, argument) for command, argument, _ in shown(text)] == [
        (Command.ADD, "Ny Person <ny@example.org>"),
        (Command.ADD, '"Ek, Eva" <eva@example.org>'),
    ]


def test_one_address_and_other_commands_stay_one_line() -> None:
    assert len(shown("add Eva Ek <eva@example.org>")) == 1
    assert len(shown("find a@example.org b@example.org")) == 1


@pytest.mark.parametrize("text", ["add me", "lägg till mig", "legg til meg", "tilføj mig"])
def test_whoever_adds_themselves_joins(text: str) -> None:
    assert [command for command, _, _ in shown(text)] == [Command.JOIN]


def test_no_near_word_leads_to_trusting_a_sender() -> None:
    (line,) = read("", "stoppa spam@example.com", "sv")
    assert line.command is None
    assert "lita på" not in line.nearest
