"""Routes of proposals, and how forms, choices and languages of proposals are read."""

from __future__ import annotations

import pytest

from mailsvc.config import parse
from mailsvc.errors import ConfigError
from mailsvc.ids import PersonId
from mailsvc.proposal_routes import SHIPPED, route_problem
from workflows.proposal import fields
from workflows.proposal.languages import language_of_mail
from workflows.proposal.model import Checked, Named, Proposal

GROUPS = (Named(7, "collections", "Collections"), Named(9, "services", "Services and spaces"))
VALUES = {
    "name": "Maps",
    "address": "maps",
    "motivation": "Many ask.",
    "work_questions": "Rules",
    "moderator": "Anna <anna@example.org>",
    "deputy": "Bo <bo@example.org>",
}


def proposal(**more: object) -> Proposal:
    known: dict[str, object] = {
        "proposer": PersonId(1),
        "proposer_name": "Anna",
        "address": "anna@example.org",
        "language": "sv",
        "domain": "networks.example.org",
        "inbox_id": 1,
        "steps": SHIPPED["library"],
        "choices": GROUPS,
        "wished": 9,
        "values": VALUES,
    }
    return Proposal(**{**known, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_routes_are_sound(name: str) -> None:
    assert route_problem(SHIPPED[name]) is None


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "at least one step"),
        (("leadership",), "is not a step"),
        (("leadership dicide",), 'did you mean "decide"'),
        (("preparation prepare", "leadership decide"), 'needs a step with "assign"'),
        (("leadership assign", "leadership assign", "leadership decide"), "only once"),
        (("board establish", "board decide"), "the last step"),
        (("leadership hear",), "somebody has to decide"),
        (("preparation assign", "board decide"), "cannot assign itself"),
    ],
)
def test_what_is_wrong_with_a_route_is_named(steps: tuple[str, ...], words: str) -> None:
    assert words in str(route_problem(steps))


def test_a_wrong_route_stops_the_start() -> None:
    with pytest.raises(ConfigError, match=r"proposals\.routes"):
        parse('[proposals]\nroutes = { own = ["board vote"] }\n')
    with pytest.raises(ConfigError, match='there is no route "lbrary"'):
        parse('[proposals]\nroute = "lbrary"\n')
    assert parse('[proposals]\nroute = "own"\nroutes = { own = ["board decide"] }\n').proposals.steps == (
        "board decide",
    )


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("2", 9),
        ("2, tack", 9),
        ("nr 1", 7),
        ("collections", 7),
        ("Det blir Services and spaces.", 9),
        ("ja", 9),
        ("Ja, gärna!", 9),
        ("3", 0),
        ("collections eller services", 0),
        ("hm", 0),
    ],
)
def test_which_group_an_answer_means(text: str, group: int) -> None:
    assert fields.chosen(text, proposal()) == group


@pytest.mark.parametrize(
    ("text", "said"),
    [("nätverk", "proposal"), ("Idé", "idea"), ("en idé om nätverk", ""), ("framlegg", "proposal"), ("vet inte", "")],
)
def test_proposal_or_idea(text: str, said: str) -> None:
    assert fields.idea_or_proposal(text) == said


def test_what_is_missing_or_wrong() -> None:
    whole = proposal()
    assert fields.problems(whole, VALUES, Checked()) == {}
    assert fields.problems(whole, {**VALUES, "deputy": ""}, Checked()) == {"deputy": "missing"}
    assert fields.problems(whole, {**VALUES, "deputy": "anna@example.org"}, Checked()) == {"deputy": "same"}
    assert fields.problems(whole, VALUES, Checked(moderator=4, deputy=4)) == {"deputy": "same"}
    assert fields.problems(whole, VALUES, Checked(address="taken", same_title=True)) == {
        "address": "taken",
        "name": "taken",
    }
    circle = proposal(kind="circle")
    assert fields.problems(circle, {"name": "Yards", "address": "yards"}, Checked()) == {"motivation": "missing"}


def test_the_presenter_is_named_on_a_line_of_its_own() -> None:
    assert fields.presenter_in("Bra.\nFöredragande: Per Alm") == ("Per Alm", "Bra.")
    assert fields.presenter_in("Bra.") == ("", "Bra.")


def test_the_address_is_read_with_or_without_domain() -> None:
    assert fields.local_part("Maps@Networks.example.org", "networks.example.org") == "maps"
    assert fields.local_part(" maps ", "networks.example.org") == "maps"
    assert fields.local_part("maps@example.com", "networks.example.org") == "maps@example.com"


@pytest.mark.parametrize(
    ("local", "text", "language"),
    [
        ("natverksforslag", "Hello", "sv"),
        ("proposals", "Vi vill ha ett nätverk för kartor och är många som frågar", "sv"),
        ("proposals", "Vi vil gerne have et netværk af mange, hvad siger I", "da"),
        ("proposals", "Eg vil ha eit nettverk frå i dag, ikkje seinare", "nn"),
        ("proposals", "We would like a network for the maps", "en"),
        ("proposals", "Kartor", "nb"),
    ],
)
def test_the_language_of_somebody_unknown(local: str, text: str, language: str) -> None:
    assert language_of_mail(local, text, "nb") == language
