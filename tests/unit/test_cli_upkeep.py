"""Aliases, closing, taking back and `member sync`, on a site in a folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mailsvc.errors import Reason
from tests.cli_kit import Cli, made, mail

GROUP = "reading@networks.example.org"


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    cli.run("group", "add", "reading", "--kind", "network", "--moderator", "karin@example.org")
    for address in ("anna@example.org", "per@example.org"):
        cli.run("member", "add", "reading", address)
    return cli


def rows(cli: Cli, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(cli.config.database_path)) as raw:
        return raw.execute(sql).fetchall()


def recipient(cli: Cli, local: str) -> str:
    """What `explain` says of an address."""
    file = cli.folder / "mail.eml"
    file.write_bytes(mail("anna@example.org"))
    steps = cli.json("explain", str(file), "--to", f"{local}@networks.example.org")
    return str(next(one["text"] for one in steps if one["step"] == "recipient"))


# ---- aliases


def test_a_post_to_an_alias_goes_to_the_group(cli: Cli) -> None:
    assert "old_list@networks.example.org goes to reading" in cli.run("group", "alias", "add", "reading", "Old_List")
    assert cli.receive(mail("anna@example.org"), "OLD_list@networks.example.org") is Reason.POSTED
    assert rows(cli, "SELECT count(*) FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id WHERE kind = 'post'") == [
        (3,)
    ]


def test_the_same_mail_to_both_names_is_one_post(cli: Cli) -> None:
    cli.run("group", "alias", "add", "reading", "old")
    assert cli.receive(mail("anna@example.org"), GROUP) is Reason.POSTED
    assert cli.receive(mail("anna@example.org"), "old@networks.example.org") is Reason.DUPLICATE


@pytest.mark.parametrize(
    ("local", "handler"), [("old", "post"), ("old-join", "join"), ("old+leave", "leave"), ("old-owner", "owner")]
)
def test_an_alias_has_all_suffixes(cli: Cli, local: str, handler: str) -> None:
    assert "refused with 550 5.1.1" in recipient(cli, local)
    cli.run("group", "alias", "add", "reading", "old")
    assert recipient(cli, local).endswith(f"{handler} of reading")
    cli.run("group", "alias", "remove", "reading", "old")
    assert "refused with 550 5.1.1" in recipient(cli, local)


def test_aliases_are_listed(cli: Cli) -> None:
    cli.run("group", "add", "writing", "--kind", "circle")
    cli.run("group", "alias", "add", "reading", "old")
    cli.run("group", "alias", "add", "writing", "pens")
    assert [(one["alias"], one["group"]) for one in cli.json("group", "alias", "list")] == [
        ("old", "reading"),
        ("pens", "writing"),
    ]
    assert [one["alias"] for one in cli.json("group", "alias", "list", "writing")] == ["pens"]
    assert "pens" in cli.run("group", "alias", "list")
    assert cli.json("group", "show", "old")["name"] == "reading"
    assert cli.json("group", "show", "reading")["aliases"] == ["old"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reading", "already a group or alias"),
        ("old", "already a group or alias"),
        ("help", "a word of the service"),
        ("reading-join", "already an address of the group"),
        ("a b", "cannot be an alias"),
        ("-a", "cannot be an alias"),
        ("a" * 65, "cannot be an alias"),
    ],
)
def test_what_cannot_be_an_alias(cli: Cli, name: str, said: str) -> None:
    cli.run("group", "alias", "add", "reading", "old")
    assert said in cli.refused("group", "alias", "add", "reading", "--", name)
    assert len(cli.json("group", "alias", "list")) == 1


def test_no_group_takes_the_address_of_an_alias(cli: Cli) -> None:
    cli.run("group", "alias", "add", "reading", "old")
    cli.run("group", "alias", "add", "reading", "a" * 64)
    assert "already a group or alias" in cli.refused("group", "add", "old", "--kind", "circle")
    assert 'an address of the group "old"' in cli.refused("group", "add", "old-join", "--kind", "circle")
    cli.run("group", "alias", "add", "reading", "new-join")
    assert "stands where" in cli.refused("group", "add", "new", "--kind", "circle")


def test_an_alias_needs_no_word_for_adding(cli: Cli) -> None:
    """The design's `group alias NAME OLD`."""
    assert "old@" in cli.run("group", "alias", "reading", "old")
    assert [one["alias"] for one in cli.json("group", "alias", "list")] == ["old"]
    assert "OLD" in cli.misused("group", "alias", "reading")


def test_only_the_groups_own_alias_is_removed(cli: Cli) -> None:
    cli.run("group", "add", "writing", "--kind", "circle")
    cli.run("group", "alias", "add", "reading", "old")
    assert "not an alias of writing" in cli.refused("group", "alias", "remove", "writing", "old")
    assert "there is no group" in cli.refused("group", "alias", "add", "nothing", "old")


# ---- closing


def test_a_closed_group_says_so_at_rcpt(cli: Cli) -> None:
    cli.run("group", "alias", "add", "reading", "old")
    assert "3 members on record" in cli.run("group", "close", "reading")
    for local in ("reading", "reading-join", "reading-request", "old"):
        said = "reading is closed and takes no more mail; its archive is at http://127.0.0.1:8025/g/reading"
        assert recipient(cli, local) == f"refused with 550 5.1.1 {said}: closed"
    assert recipient(cli, "reading-leave").endswith("leave of reading")
    assert recipient(cli, "reading-owner").endswith("owner of reading")
    assert len(cli.json("member", "list", "reading")) == 3
    assert cli.json("group", "show", "reading")["state"] == "closed"
    assert rows(cli, "SELECT count(*) FROM groups WHERE closed_at IS NOT NULL") == [(1,)]
    assert "closed already" in cli.refused("group", "close", "reading")


def test_mail_that_came_before_the_closing_is_put_aside(cli: Cli) -> None:
    cli.run("group", "close", "reading")
    assert cli.receive(mail("anna@example.org"), GROUP) is Reason.CLOSED
    assert cli.json("quarantine", "list")[0]["reason"] == "closed"
    assert rows(cli, "SELECT count(*) FROM outgoing") == [(0,)]


def test_a_group_is_opened_again(cli: Cli) -> None:
    assert "open already" in cli.refused("group", "close", "reading", "--reopen")
    cli.run("group", "close", "reading")
    cli.run("group", "close", "reading", "--reopen")
    assert cli.receive(mail("anna@example.org"), GROUP) is Reason.POSTED


def test_what_waits_in_a_closed_group_ends(cli: Cli) -> None:
    cli.receive(mail("robin@example.net"), GROUP, "robin@example.net")
    said = cli.run("group", "close", "reading")
    assert "end with it: 1;" in said
    assert "still wait" not in said
    assert cli.json("case", "list", "--open") == []


def test_other_cases_of_a_closed_group_are_named(cli: Cli) -> None:
    leave = GROUP.replace("@", "-leave@")
    cli.receive(mail("anna@example.org"), leave, "anna@example.org")
    assert "1 of its cases" in cli.run("group", "close", "reading")


# ---- taking back


def test_a_case_is_taken_back(cli: Cli) -> None:
    cli.receive(mail("robin@example.net", "A question"), GROUP, "robin@example.net")
    assert "withdrawn; robin@example.net is told" in cli.run("case", "withdraw", "#1")
    shown = cli.json("case", "show", "1")
    assert (shown["state"], shown["open"]) == ("withdrawn", False)
    assert {one["state"] for one in shown["questions"]} == {"void"}
    assert shown["log"][-1]["evidence"] == {"by": "operator"}
    assert shown["log_broken_at"] is None
    assert rows(
        cli,
        "SELECT d.address, o.data LIKE '%A question%' FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id"
        " WHERE o.template = 'case/withdrawn'",
    ) == [("robin@example.net", 1)]
    assert "case #1 is closed" in cli.refused("case", "withdraw", "1")
    assert "there is no case #2" in cli.refused("case", "withdraw", "2")


def test_an_address_that_has_not_confirmed_gets_no_letter_more(cli: Cli) -> None:
    cli.receive(mail("robin@example.net", "join"), "reading-join@networks.example.org", "robin@example.net")
    assert "nobody is told" in cli.run("case", "withdraw", "1")
    assert rows(cli, "SELECT count(*) FROM outgoing WHERE template = 'case/withdrawn'") == [(0,)]


# ---- sync


def sync(cli: Cli, text: str, *options: str) -> list[str]:
    return cli.run("member", "sync", "reading", str(written(cli, text)), *options).splitlines()


def written(cli: Cli, text: str) -> Path:
    file = cli.folder / "members.csv"
    file.write_text(text)
    return file


def members(cli: Cli) -> dict[str, str]:
    return {one["address"]: one["role"] for one in cli.json("member", "list", "reading")}


def many(cli: Cli, number: int) -> list[str]:
    addresses = [f"m{one}@example.com" for one in range(number)]
    cli.run("member", "import", "reading", str(written(cli, "\n".join(["address", *addresses]))))
    return addresses


def test_the_difference_is_shown_and_done(cli: Cli) -> None:
    cli.run("member", "remove", "reading", "per@example.org")
    addresses = many(cli, 8)
    said = sync(cli, "\n".join(["address,role", "ANNA@example.org,deputy", "new@example.net,", *addresses[1:]]))
    assert said == [
        "+ new@example.net",
        "- m0@example.com",
        "  karin@example.org  stays as moderator: mailsvc member remove reading karin@example.org",
        "1 added, 1 removed.",
    ]
    assert (
        members(cli)
        == {
            "karin@example.org": "moderator",
            "anna@example.org": "member",  # roles are kept
            "new@example.net": "member",
            **dict.fromkeys(addresses[1:], "member"),
        }
    )
    assert rows(cli, "SELECT count(*) FROM membership WHERE ended_at IS NOT NULL") == [(2,)]


def test_the_same_file_again_changes_nothing(cli: Cli) -> None:
    text = "address\nanna@example.org\nper@example.org\nkarin@example.org\n"
    before = rows(cli, "SELECT * FROM membership")
    assert sync(cli, text) == ["The group and the file are alike.", "0 added, 0 removed."]
    assert rows(cli, "SELECT * FROM membership") == before


def test_who_is_in_the_file_with_another_address_of_theirs_stays(cli: Cli) -> None:
    with closing(sqlite3.connect(cli.config.database_path, isolation_level=None)) as raw:
        raw.execute(
            "INSERT INTO address (person_id, address, folded, is_primary)"
            " SELECT person_id, 'a.berg@example.org', 'a.berg@example.org', 0 FROM address WHERE folded LIKE 'anna@%'"
        )
    text = "address\na.berg@example.org\nper@example.org\nkarin@example.org\n"
    assert sync(cli, text) == ["The group and the file are alike.", "0 added, 0 removed."]


def test_more_than_a_fifth_go_only_with_yes(cli: Cli) -> None:
    addresses = many(cli, 12)  # 15 members with the three there are
    most = ["address", "anna@example.org", "per@example.org", *addresses]
    assert sync(cli, "\n".join(most[:-3]))[-1] == "0 added, 3 removed."  # exactly 20 %
    file = written(cli, "\n".join(most[:-6]))
    before = members(cli)
    assert "3 of 12 members would go" in cli.refused("member", "sync", "reading", str(file))
    assert members(cli) == before
    cli.run("member", "sync", "reading", str(file), "--yes")
    assert len(members(cli)) == 9


def test_only_looking(cli: Cli) -> None:
    before = members(cli)
    said = sync(cli, "address\nnew@example.net\n", "--dry-run")
    assert said[0] == "+ new@example.net"
    assert "- anna@example.org" in said
    assert said[-1] == "Nothing was changed."
    assert members(cli) == before


def test_a_bad_file_changes_nothing(cli: Cli) -> None:
    before = members(cli)
    file = written(cli, "address\nanna@example.org\nnot an address\n")
    assert "line 3" in cli.refused("member", "sync", "reading", str(file))
    assert "cannot read" in cli.refused("member", "sync", "reading", str(cli.folder / "none.csv"))
    assert "there is no group" in cli.refused("member", "sync", "nothing", str(file))
    assert members(cli) == before


def test_the_waiting_list(cli: Cli) -> None:
    """Who waits and is in the file gets in; who goes makes room for who has waited longest."""
    cli.run("group", "set", "reading", "capacity", "5")
    with closing(sqlite3.connect(cli.config.database_path, isolation_level=None)) as raw:
        for number, name in enumerate(("w0", "w1"), 100):
            raw.execute(f"INSERT INTO person (id, name, language, created_at) VALUES ({number}, '', 'en', 0)")
            raw.execute(
                "INSERT INTO address (id, person_id, address, folded, is_primary)"
                f" VALUES ({number}, {number}, '{name}@example.org', '{name}@example.org', 1)"
            )
            raw.execute(
                "INSERT INTO membership (group_id, person_id, address_id, role, state, joined_at)"
                f" VALUES (1, {number}, {number}, 'member', 'waiting', 0)"
            )
    text = "address\nanna@example.org\nper@example.org\nkarin@example.org\nw1@example.org\n"
    said = sync(cli, text, "--yes")
    assert said[:2] == ["+ w1@example.org  (from the waiting list)", "- w0@example.org"]
    assert rows(cli, "SELECT state FROM membership WHERE ended_at IS NULL AND person_id = 101") == [("active",)]
