"""Parties of joint groups: made on the command line, unseen by others, spoken for by their spokespersons."""

from __future__ import annotations

from pathlib import Path

import pytest

from lists import store
from lists.directory.seeing import Sight
from lists.groups import parties
from lists.groups.bodies import Bodies
from mailsvc.cases.body import Body
from mailsvc.operating import cli_tools
from mailsvc.store.database import ReadTx
from tests.cli_kit import Cli, made

EVA, BO, LIV, KIM = "eva@example.org", "bo@example.net", "liv@example.net", "kim@example.com"


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    cli.run("group", "add", "coop", "--kind", "joint")
    for name, members in (("coop-employer", (EVA,)), ("coop-union", (BO, LIV))):
        cli.run("group", "add", name, "--kind", "circle", "--party-of", "coop")
        for one in members:
            cli.run("member", "add", name, one)
    for one, role in ((EVA, "spokesperson"), (BO, "spokesperson"), (LIV, "member"), (KIM, "spokesperson")):
        cli.run("member", "add", "coop", one, "--role", role)
    return cli


def body(cli: Cli) -> Body:
    def unit(tx: ReadTx) -> Body:
        group = store.group_named(tx, "coop")
        assert group is not None
        found = Bodies(cli.config)(tx, group.id)
        assert found is not None
        return found

    return cli_tools.read(cli.config, unit)


def test_spokespersons_vote_for_the_party_that_they_belong_to(cli: Cli) -> None:
    found = body(cli)
    assert found.rule == "each-party"
    assert sorted(seat.party for seat in found.seats if seat.votes) == ["coop-employer", "coop-union"]
    assert len(found.seats) == 4  # a member, and a spokesperson of no party, sit there without a vote


def test_whoever_belongs_to_two_parties_speaks_for_none(cli: Cli) -> None:
    cli.run("member", "add", "coop-union", EVA)
    assert [seat.party for seat in body(cli).seats if seat.votes] == ["coop-union"]


def test_another_rule_can_be_set(cli: Cli) -> None:
    cli.run("group", "set", "coop", "decision_rule", "unanimous")
    assert body(cli).rule == "unanimous"


def test_without_parties_it_decides_as_other_groups(cli: Cli) -> None:
    for name in ("coop-employer", "coop-union"):
        cli.run("group", "set", name, "party_of", "")
    found = body(cli)
    assert found.rule == "any"
    assert all(seat.votes and not seat.party for seat in found.seats)


@pytest.mark.parametrize("audience", ["public", "staff", "members", "moderators"])
def test_nobody_else_sees_a_partys_group(cli: Cli, audience: str) -> None:
    cli.run("group", "set", "coop-union", "audience", audience)

    def unit(tx: ReadTx) -> list[bool]:
        group = store.group_named(tx, "coop-union")
        assert group is not None
        roles: list[dict[int, str]] = [{}, {group.id: "member"}, {group.id: "moderator"}]
        return [Sight(staff=True, roles=one).sees(group) for one in roles]

    assert cli_tools.read(cli.config, unit) == [False, audience != "moderators", True]


def test_only_a_joint_group_has_parties(cli: Cli) -> None:
    cli.run("group", "add", "maps", "--kind", "network")
    assert "no joint group" in cli.refused("group", "set", "coop-union", "party_of", "maps")
    assert "there is no group" in cli.refused("group", "set", "coop-union", "party_of", "nowhere")
    assert "there is no group" in cli.refused("group", "add", "x", "--kind", "circle", "--party-of", "nowhere")
    assert "itself" in cli.refused("group", "set", "coop", "next_level", "coop")


def test_the_next_level_is_named_or_the_group_above(cli: Cli) -> None:
    cli.run("group", "add", "central", "--kind", "joint")
    cli.run("group", "add", "local", "--kind", "joint", "--established-by", "central")

    def above(name: str) -> str:
        def unit(tx: ReadTx) -> str:
            group = store.group_named(tx, name)
            assert group is not None
            found = parties.next_level(tx, group)
            return found.name if found is not None else ""

        return cli_tools.read(cli.config, unit)

    assert (above("coop"), above("local"), above("central")) == ("", "central", "")
    cli.run("group", "set", "coop", "next_level", "LOCAL")
    assert above("coop") == "local"
