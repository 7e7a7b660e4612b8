"""`mailsvc group` and `mailsvc person`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from lists.groups.settings import KEYS
from lists.model import KINDS, Settings
from tests.cli_kit import Cli, made


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return made(tmp_path)


def test_a_network_with_everything(cli: Cli) -> None:
    cli.run("group", "add", "preparation", "--kind", "preparation")
    cli.run(
        *("group", "add", "Cataloguing", "--kind", "network", "--title", "Katalogisatörer", "--language", "sv"),
        *("--moderator", "karin@example.org", "--deputy", "per@example.org", "--deputy", "lars@example.com"),
        *("--established-by", "preparation", "--post", "moderated", "--join", "confirm"),
    )
    shown = cli.json("group", "show", "cataloguing")
    created = shown.pop("created_at")
    assert created.endswith("Z")
    assert shown == {
        "name": "cataloguing",
        "address": "cataloguing@networks.example.org",
        "kind": "network",
        "title": "Katalogisatörer",
        "language": "sv",
        "established_by": "preparation",
        "post": "moderated",
        "join": "confirm",
        "state": "open",
        "members": 3,
        "aliases": [],
        "moderators": ["karin@example.org"],
        "deputies": ["per@example.org", "lars@example.com"],
        "settings": msgspec.json.decode(msgspec.json.encode(Settings())),
    }
    human = cli.run("group", "show", "cataloguing")
    assert "karin@example.org" in human
    assert "skip_copied" in human


@pytest.mark.parametrize("kind", KINDS)
def test_how_each_kind_is_joined(cli: Cli, kind: str) -> None:
    cli.run("group", "add", "some-group", "--kind", kind)
    shown = cli.json("group", "show", "some-group")
    assert shown["join"] == {"network": "moderated", "circle": "confirm"}.get(kind, "closed")
    assert (shown["post"], shown["title"], shown["language"]) == ("members", "Some group", "en")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("two words", "not a group name"),
        ("-x", "not a group name"),
        ("å", "not a group name"),
        ("x" * 41, "at most 40"),
        ("postmaster", "word of the service"),
        ("forslag", "word of the service"),
        ("owner-x", "word of the service"),
        ("one", "already a group"),
        ("one-join", 'address of the group "one"'),
        ("one-anmalan", 'address of the group "one"'),
    ],
)
def test_names_that_cannot_be(cli: Cli, name: str, why: str) -> None:
    cli.run("group", "add", "one", "--kind", "network")
    assert why in cli.refused("group", "add", "--kind", "network", "--", name)
    assert len(cli.json("group", "list")) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--kind", "party"],
        [],
        ["--kind", "network", "--post", "nobody"],
        ["--kind", "network", "--join", "daily"],
        ["--kind", "network", "--language", "fi"],
        ["--kind", "network", "--capacity", "many"],
    ],
)
def test_what_is_unknown_is_wrong_usage(cli: Cli, words: list[str]) -> None:
    assert "Error" in cli.misused("group", "add", "one", *words)


def test_capacity_and_allowed_domains_of_a_new_group(cli: Cli) -> None:
    words = ("--capacity", "12", "--allow-domain", "Example.ORG", "--allow-domain", "@lib.example.net")
    cli.run("group", "add", "one", "--kind", "circle", *words)
    settings = cli.json("group", "show", "one")["settings"]
    assert (settings["capacity"], settings["allow_domains"]) == (12, ["example.org", "lib.example.net"])
    assert "is none" in cli.refused("group", "add", "two", "--kind", "circle", "--allow-domain", "a@b")


def test_nobody_at_our_own_addresses(cli: Cli) -> None:
    said = cli.refused("group", "add", "one", "--kind", "network", "--moderator", "x@Networks.Example.ORG")
    assert "cannot be members" in said
    assert "not a mail address" in cli.refused("group", "add", "one", "--kind", "network", "--deputy", "x")
    assert cli.json("group", "list") == []


def test_one_person_has_one_role(cli: Cli) -> None:
    words = ("--moderator", "a@example.org", "--deputy", "A@example.org")
    assert "already, as moderator" in cli.refused("group", "add", "one", "--kind", "network", *words)


def test_established_by_must_exist(cli: Cli) -> None:
    said = cli.refused("group", "add", "one", "--kind", "network", "--established-by", "nobody")
    assert said == 'there is no group "nobody"'


def test_the_list(cli: Cli) -> None:
    for name in ("two", "one"):
        cli.run("group", "add", name, "--kind", "network", "--moderator", f"{name}@example.org")
    cli.run("member", "add", "two", "one@example.org")
    listed = cli.json("group", "list")
    assert [(one["name"], one["members"]) for one in listed] == [("one", 1), ("two", 2)]
    lines = cli.run("group", "list").splitlines()
    assert lines[0].split() == ["NAME", "KIND", "TITLE", "LANGUAGE", "POST", "JOIN", "MEMBERS", "STATE"]
    assert len({line.index("network") for line in lines[1:]}) == 1


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("title", " Katalog\N{NO-BREAK SPACE}A ", "Katalog A"),
        ("language", "NB", "nb"),
        ("post", "anyone", "anyone"),
        ("join", "open", "open"),
        ("purpose", "First.\nSecond.", "First.\nSecond."),
        ("purpose", "", ""),
        ("audience", "public", "public"),
        ("reply", "list", "list"),
        ("delivery", "Shared", "shared"),
        ("subject_prefix", "[cat] ", "[cat] "),
        ("footer", "Do not print", "Do not print"),
        ("max-size", "5 MiB", 5 * 1024 * 1024),
        ("max_size", "1000", 1000),
        ("skip_copied", "off", False),
    ],
)
def test_keys_are_set(cli: Cli, key: str, text: str, value: object) -> None:
    cli.run("group", "add", "one", "--kind", "network")
    cli.run("group", "set", "one", key, text)
    shown = cli.json("group", "show", "one")
    found = shown["settings"] | shown
    assert found[key.replace("-", "_")] == value


def test_every_setting_can_be_set() -> None:
    assert set(Settings.__struct_fields__) < set(KEYS)


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("titel", "x", 'did you mean "title"'),
        ("colour", "x", "known are title language"),
        ("title", "", "cannot be empty"),
        ("title", "a\nb", "several lines"),
        ("subject_prefix", "a\nBcc: x", "several lines"),
        ("title", "a\x1b[2J", "control characters"),
        ("title", "x" * 201, "longer than 200"),
        ("post", "all", "one of members moderated moderators anyone"),
        ("language", "fi", "one of en sv da nb nn"),
        ("delivery", "each", "one of personal shared"),
        ("max_size", "big", "number of octets"),
        ("max_size", "-1", "number of octets"),
        ("skip_copied", "perhaps", "yes or no"),
        ("capacity", "-3", 'from 0 to 999999999, not "-3"'),
        ("quorum", "9999999999", "from 0 to 999999999"),
        ("minutes_signed_by", "chair, boss", '"boss" is no role; known are member moderator'),
    ],
)
def test_values_that_cannot_be(cli: Cli, key: str, text: str, why: str) -> None:
    cli.run("group", "add", "one", "--kind", "network")
    before = cli.json("group", "show", "one")
    assert why in cli.refused("group", "set", "one", key, "--", text)
    assert why in cli.refused("group", "set", "one", key, text)
    assert cli.json("group", "show", "one") == before


def test_a_value_may_begin_as_an_option_does(cli: Cli) -> None:
    cli.run("group", "add", "one", "--kind", "network")
    cli.run("group", "set", "one", "footer", "-- \nThe readers")
    cli.run("group", "set", "one", "subject_prefix", "-r ")
    shown = cli.json("group", "show", "one")["settings"]
    assert (shown["footer"], shown["subject_prefix"]) == ("-- \nThe readers", "-r ")
    assert "Missing argument" in cli.misused("group", "set", "one", "--jsno")


def test_roles_that_sign(cli: Cli) -> None:
    cli.run("group", "add", "one", "--kind", "network")
    cli.run("group", "set", "one", "minutes_signed_by", "Chair,secretary , chair")
    assert cli.json("group", "show", "one")["settings"]["minutes_signed_by"] == "chair, secretary"
    cli.run("group", "set", "one", "minutes_signed_by", "")
    assert cli.json("group", "show", "one")["settings"]["minutes_signed_by"] == ""


def test_the_nearest_group_is_named(cli: Cli) -> None:
    cli.run("group", "add", "cataloguing", "--kind", "network")
    cli.run("group", "alias", "cataloguing", "old_records")
    assert "did you mean cataloguing?" in cli.refused("group", "show", "Cataloging")
    assert "did you mean old_records?" in cli.refused("member", "list", "old-records")


def test_a_group_that_is_not_there(cli: Cli) -> None:
    assert cli.refused("group", "show", "one") == 'there is no group "one"'
    assert cli.refused("group", "set", "one", "title", "x") == 'there is no group "one"'
    assert cli.refused("member", "list", "one") == 'there is no group "one"'


def test_a_person(cli: Cli) -> None:
    cli.run("group", "add", "one", "--kind", "network", "--moderator", "Karin@example.org")
    cli.run("group", "add", "two", "--kind", "network", "--title", "Two")
    cli.run("member", "add", "two", "karin@Example.org", "--name", "Karin Lind", "--delivery", "none")
    assert cli.json("person", "show", "KARIN@example.org") == {
        "name": "Karin Lind",
        "language": "en",
        "organisation": None,
        "addresses": [{"address": "Karin@example.org", "primary": True, "verified": True}],
        "memberships": [
            {"group": "one", "title": "One", "role": "moderator", "delivery": "each"},
            {"group": "two", "title": "Two", "role": "member", "delivery": "none"},
        ],
        "waiting": [],
    }
    assert "Karin Lind" in cli.run("person", "show", "karin@example.org")
    assert "nobody is known" in cli.refused("person", "show", "per@example.org")


def test_a_network_without_leaders_is_told_the_command_that_gives_it_some(tmp_path: Path) -> None:
    said = made(tmp_path).run("group", "add", "alone", "--kind", "network")
    assert "mailsvc member add alone ADDRESS --role" in said
