"""`mailsvc organisation …`, `person set`, the organisations of a group, and what ends when a group is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_kit import Cli, made

TOWN = ("organisation", "add", "Example Town", "--domain", "Example.COM", "--domain", "@town.example.net")


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return made(tmp_path)


def test_an_organisation_is_added_shown_changed_removed(cli: Cli) -> None:
    assert "example.com, town.example.net" in cli.run(*TOWN, "--until", "2030-12-31")
    assert cli.json("organisation", "list") == [
        {
            "name": "Example Town",
            "domains": ["example.com", "town.example.net"],
            "since": None,
            "until": "2030-12-31",
            "member": True,
        }
    ]
    cli.run("organisation", "set", "example  town", "domains", "example.com")
    cli.run("organisation", "set", "Example Town", "since", "2030-12-31")
    shown = cli.json("organisation", "show", "EXAMPLE TOWN")
    assert (shown["domains"], shown["since"], shown["member"]) == (["example.com"], "2030-12-31", False)
    cli.run("organisation", "set", "Example Town", "since", "")
    assert "yes" in cli.run("organisation", "list")
    cli.run("organisation", "remove", "Example Town")
    assert cli.json("organisation", "list") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "example town", "--domain", "example.org"], "already"),
        (["add", "Other", "--domain", "EXAMPLE.com"], "belongs to Example Town already"),
        (["add", "Other", "--domain", "networks.example.org"], "a domain of this service"),
        (["add", "Other", "--domain", "a@b"], "is none"),
        (["add", "members", "--domain", "example.org"], "is a word of the command line"),
        (["add", "One, two", "--domain", "example.org"], "cannot hold a comma"),
        (["add", "Other", "--domain", "example.org", "--since", "soon"], "is a day such as"),
        (["add", "Other", "--domain", "example.org", "--since", "2027-01-02", "--until", "2027-01-01"], "is before"),
        (["set", "Example Town", "domains", ""], "at least one domain"),
        (["show", "Example Twon"], 'did you mean "Example Town"?'),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(cli: Cli, words: list[str], said: str) -> None:
    cli.run(*TOWN)
    before = cli.json("organisation", "list")
    assert said in cli.refused("organisation", *words)
    assert cli.json("organisation", "list") == before


def test_groups_name_organisations_that_exist(cli: Cli) -> None:
    add = ("group", "add", "talk", "--kind", "circle", "--allow-organisation")
    assert "no organisation" in cli.refused(*add, "Example Town")
    cli.run(*TOWN)
    cli.run(*add, "example town")
    assert cli.json("group", "show", "talk")["settings"]["allow_organisations"] == ["Example Town"]
    assert "no organisation" in cli.refused("group", "set", "talk", "allow-organisations", "members, Nobody")
    cli.run("organisation", "set", "Example Town", "name", "Example City")
    assert cli.json("group", "show", "talk")["settings"]["allow_organisations"] == ["Example City"]
    assert cli.json("organisation", "show", "Example City")["groups"] == ["talk"]
    assert "talk takes its people" in cli.refused("organisation", "remove", "Example City")
    cli.run("group", "set", "talk", "allow-organisations", "Members")
    assert cli.json("group", "show", "talk")["settings"]["allow_organisations"] == ["members"]
    cli.run("organisation", "remove", "Example City")


def test_a_person_belongs_by_address_or_by_word(cli: Cli) -> None:
    cli.run(*TOWN)
    cli.run("organisation", "add", "Example Firm", "--domain", "example.org")
    cli.run("group", "add", "talk", "--kind", "circle", "--moderator", "eva@lib.example.com")
    assert cli.json("person", "show", "eva@lib.example.com")["organisation"] == "Example Town"
    cli.run("person", "set", "eva@lib.example.com", "--organisation", "Example Firm")
    assert cli.json("person", "show", "eva@lib.example.com")["organisation"] == "Example Firm"
    cli.run("organisation", "set", "Example Firm", "until", "2020-01-01")
    assert cli.json("person", "show", "eva@lib.example.com")["organisation"] is None
    cli.run("person", "set", "eva@lib.example.com", "--organisation", "none")
    assert cli.json("person", "show", "eva@lib.example.com")["organisation"] == "Example Town"
    assert "nobody is known" in cli.refused("person", "set", "no@example.org", "--organisation", "Example Firm")
