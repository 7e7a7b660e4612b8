"""docs/people: every answer and every command that the pages name is read as what it is, in the page's language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lists.words.reading import read as read_commands
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import VOCABULARIES
from mailsvc.clock import to_instant
from mailsvc.letters.answer_hints import HINTS
from mailsvc.people.stand_in_words import StandIn, read_stand_in
from tests.tools import ROOT
from workflows.meeting.changes import cancels
from workflows.meeting.plan import House, read_call

PAGES = sorted((ROOT / "docs" / "people").glob("*.md"))
NEW_ITEMS = 4  # in the lists that the pages speak of
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def language(page: Path) -> str:
    return page.name.split(".")[1]


def blocks(page: Path, kind: str) -> list[tuple[str, list[str]]]:
    """What stands behind `<!-- kind: name -->`: the name, and the code at the start of each row or list item."""
    found = []
    for match in re.finditer(rf"<!-- {kind}(?:: (\S+))? -->\n(.*?)(?:\n\n|\Z)", page.read_text("utf-8"), re.DOTALL):
        found.append((match[1] or "", re.findall(r"^(?:\| |- )`([^`]+)`", match[2], re.MULTILINE)))
    return found


def test_each_page_is_there_in_two_languages() -> None:
    assert {page.name for page in PAGES} == {
        f"{who}.{language}.md"
        for who in ("leader", "meetings", "member", "moderator", "secretary")
        for language in ("en", "sv")
    }


@each_page
def test_each_answer_is_read(page: Path) -> None:
    tables = blocks(page, "answers")
    assert tables
    for name, answers in tables:
        assert len(answers) > 0
        for answer in answers:
            items = NEW_ITEMS if answer[0].isdigit() else 1
            reading = read(answer, VOCABULARIES[name], language(page), items)
            assert len(reading.answers) == 1, answer
            assert not reading.undecided, answer


@each_page
def test_each_row_says_something_else(page: Path) -> None:
    for name, answers in blocks(page, "answers"):
        items = [NEW_ITEMS if answer[0].isdigit() else 1 for answer in answers]
        read_as = [
            read(answer, VOCABULARIES[name], language(page), count).answers[0]
            for answer, count in zip(answers, items, strict=True)
        ]
        assert len({(one.number, one.meaning, one.argument) for one in read_as}) == len(answers)


@each_page
def test_each_line_of_a_list_is_read(page: Path) -> None:
    for name, answers in blocks(page, "list"):
        for answer in answers:
            reading = read(answer, VOCABULARIES[name], language(page), NEW_ITEMS)
            assert reading.answers, answer
            assert not reading.undecided, answer


@each_page
def test_each_command_is_read(page: Path) -> None:
    for _, lines in blocks(page, "commands"):
        for line in lines:
            (command,) = read_commands("", line, language(page))
            assert command.command is not None, line


@each_page
def test_the_line_that_names_a_stand_in_is_read(page: Path) -> None:
    lines = re.findall(r"`((?:stand-in|ersättare) [^`]+)`", page.read_text("utf-8").replace("\n", " "))
    assert lines or page.name.startswith(("meetings", "member"))
    for line in lines:
        assert isinstance(read_stand_in(line, date(2026, 6, 1), language(page)), StandIn), line


@pytest.mark.parametrize("name", ["leader", "meetings", "member", "moderator", "secretary"])
def test_both_languages_name_the_same_answers(name: str) -> None:
    folder = ROOT / "docs" / "people"
    meanings = []
    for tongue in ("en", "sv"):
        page = folder / f"{name}.{tongue}.md"
        meanings.append(
            [
                (vocabulary, read(answer, VOCABULARIES[vocabulary], tongue, NEW_ITEMS if answer[0].isdigit() else 1))
                for vocabulary, answers in blocks(page, "answers")
                for answer in answers
            ]
        )
    english, swedish = ([(kind, one.answers[0].meaning) for kind, one in page] for page in meanings)
    assert english == swedish
    assert {kind for kind, _ in english} <= set(HINTS)


@pytest.mark.parametrize("tongue", ["en", "sv"])
def test_the_call_of_the_page_about_meetings_calls_a_meeting(tongue: str) -> None:
    page = (ROOT / "docs" / "people" / f"meetings.{tongue}.md").read_text("utf-8")
    (call,) = re.findall(r"```\n(.*?)```", page, re.DOTALL)
    now = to_instant(datetime(2026, 11, 20, 9, tzinfo=UTC))
    read_as = read_call(call, "Maps", House("Europe/Stockholm", "SE"), now, tongue)
    assert read_as.plan is not None, read_as.questions
    assert (len(read_as.plan.times), read_as.plan.capacity) == (1, 20)
    assert read_as.plan.link.startswith("https://meet.example.org/")
    assert read_as.plan.answer_by
    assert read_as.plan.agenda.startswith("1. ")
    off = re.search(r"(?:or with|eller med) `([^`]+)`", page)
    assert off is not None
    assert cancels(off[1])[0]
