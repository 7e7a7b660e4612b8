"""`mailsvc member`: one by one, and a whole file or nothing of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists.members import roster_file
from lists.members.roster_file import Entry
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.operating.cli_tools import write
from tests.cli_kit import Cli, made


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = made(tmp_path)
    cli.run("group", "add", "one", "--kind", "network", "--language", "da", "--moderator", "karin@example.org")
    return cli


def addresses(cli: Cli, group: str = "one") -> list[str]:
    return [one["address"] for one in cli.json("member", "list", group)]


def test_add_list_remove(cli: Cli) -> None:
    cli.run(
        "member", "add", "one", "Åsa.Öst@example.org", "--name", "Åsa Öst", "--role", "secretary", "--language", "nn"
    )
    shown = cli.json("member", "list", "one")
    joined = shown[1].pop("joined_at")
    assert joined.endswith("Z")
    assert shown[1] == {
        "address": "Åsa.Öst@example.org",
        "name": "Åsa Öst",
        "role": "secretary",
        "delivery": "each",
        "language": "nn",
        "state": "active",
        "hidden": False,
        "own_copy": True,
        "paused_until": None,
    }
    assert "Åsa Öst" in cli.run("member", "list", "one")
    assert "already, as secretary" in cli.refused("member", "add", "one", "åsa.öst@example.org")
    cli.run("member", "remove", "one", "åsa.öst@EXAMPLE.org")
    assert addresses(cli) == ["karin@example.org"]
    assert "is not in one" in cli.refused("member", "remove", "one", "åsa.öst@example.org")
    cli.run("member", "add", "one", "åsa.öst@example.org")
    assert len(addresses(cli)) == 2


def test_the_last_moderator_is_missed(cli: Cli) -> None:
    assert "has no moderator now" in cli.run("member", "remove", "one", "karin@example.org")


@pytest.mark.parametrize(
    "words",
    [["--role", "boss"], ["--delivery", "hourly"], ["--language", "fi"]],
)
def test_what_is_unknown_is_wrong_usage(cli: Cli, words: list[str]) -> None:
    assert "is not one of" in cli.misused("member", "add", "one", "a@example.org", *words)


@pytest.mark.parametrize("address", ["a", "a@", "x@networks.example.org", "a b@example.org", "a@example.org\nb"])
def test_who_cannot_be_a_member(cli: Cli, address: str) -> None:
    assert cli.refused("member", "add", "one", address)
    assert addresses(cli) == ["karin@example.org"]


def test_names_hold_no_control_characters(cli: Cli) -> None:
    assert "control characters" in cli.refused("member", "add", "one", "a@example.org", "--name", "a\x1b[2Jb")
    assert addresses(cli) == ["karin@example.org"]


def test_a_place_goes_to_who_waited(cli: Cli) -> None:
    cli.run("group", "set", "one", "capacity", "2")
    for name in ("a", "b", "c", "d"):
        cli.run("member", "add", "one", f"{name}@example.org")
    after_a = "(SELECT id FROM address WHERE folded = 'a@example.org')"
    waits = f"UPDATE membership SET state = 'waiting' WHERE address_id > {after_a}"
    write(cli.config, lambda tx: tx.execute(waits))

    def states() -> dict[str, str]:
        return {one["address"][0]: one["state"] for one in cli.json("member", "list", "one")}

    assert states() == {"a": "active", "b": "waiting", "c": "waiting", "d": "waiting", "k": "active"}
    assert cli.json("group", "show", "one")["members"] == cli.json("group", "list")[0]["members"] == 2
    cli.run("member", "remove", "one", "a@example.org")
    assert states() == {"b": "active", "c": "waiting", "d": "waiting", "k": "active"}
    cli.run("member", "add", "one", "d@example.org", "--role", "chair")
    assert states() == {"b": "active", "c": "waiting", "d": "active", "k": "active"}
    cli.run("group", "set", "one", "capacity", "4")
    assert set(states().values()) == {"active"}
    asked = [cli.json("queue", "show", str(one["id"]))["deliveries"][0]["address"] for one in cli.json("queue", "list")]
    assert asked == ["b@example.org", "c@example.org"]


# ---- import


def imported(cli: Cli, content: bytes) -> str:
    file = cli.folder / "members.csv"
    file.write_bytes(content)
    return cli.run("member", "import", "one", str(file))


def not_imported(cli: Cli, content: bytes) -> str:
    file = cli.folder / "members.csv"
    file.write_bytes(content)
    said = cli.refused("member", "import", "one", str(file))
    assert addresses(cli) == ["karin@example.org"]
    return said


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_as_spreadsheets_write_it(cli: Cli, separator: str, mark: str, end: str) -> None:
    lines = [
        ["Address", "Name", "Role", "Delivery", "Language"],
        ["a@example.org", '"Berg,\N{NO-BREAK SPACE}Anna; x "', "deputy", "none", "sv"],
        ["", "", "", "", ""],
        ["b@example.org", "", "", "", ""],
    ]
    text = mark + end.join(separator.join(line) for line in lines)
    assert "2 added, 0 already members, 0 repeated" in imported(cli, text.encode())
    rows = [
        (one["address"], one["name"], one["role"], one["delivery"], one["language"])
        for one in cli.json("member", "list", "one")
    ]
    assert rows[:2] == [
        ("a@example.org", "Berg, Anna; x", "deputy", "none", "sv"),
        ("b@example.org", "", "member", "each", "da"),
    ]


def test_columns_in_any_order_and_only_the_address_is_needed(cli: Cli) -> None:
    imported(cli, b"language;ADDRESS\nnb;a@example.org\n")
    assert cli.json("person", "show", "a@example.org")["language"] == "nb"
    imported(cli, b"address\nb@example.org\n")
    assert addresses(cli) == ["a@example.org", "b@example.org", "karin@example.org"]


def test_who_is_known_already(cli: Cli) -> None:
    cli.run("group", "add", "two", "--kind", "network", "--moderator", "anna@example.org")
    said = imported(
        cli,
        b"address,name,role\nKARIN@example.org,Karin Lind,member\n"
        b"anna@example.org,Anna Berg,chair\nANNA@example.org,,\n",
    )
    assert "1 added, 1 already members, 1 repeated" in said
    assert cli.json("person", "show", "karin@example.org")["name"] == "Karin Lind"
    anna = cli.json("person", "show", "anna@example.org")
    assert [(one["group"], one["role"]) for one in anna["memberships"]] == [("one", "chair"), ("two", "moderator")]
    (karin,) = cli.json("person", "show", "karin@example.org")["memberships"]
    assert karin["role"] == "moderator"


def test_twice_changes_nothing(cli: Cli) -> None:
    content = b"address,name\na@example.org,A\nb@example.org,B\n"
    imported(cli, content)
    before = cli.json("member", "list", "one")
    assert "0 added, 2 already members" in imported(cli, content)
    assert cli.json("member", "list", "one") == before


def test_who_left_comes_back(cli: Cli) -> None:
    imported(cli, b"address\na@example.org\n")
    cli.run("member", "remove", "one", "a@example.org")
    assert "1 added" in imported(cli, b"address\na@example.org\n")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"address\na@example.org\nb@\n", 'line 3: "b@" is not a mail address'),
        (b"address,role\na@example.org,member\n\nb@example.org,boss\n", 'line 4: role cannot be "boss"'),
        (b"address,delivery\nb@example.org,hourly\n", 'line 2: delivery cannot be "hourly"'),
        (b"address,language\nb@example.org,fi\n", "line 2: language"),
        (b"address\nx@networks.example.org\n", "line 2: x@networks.example.org is an address of this service"),
        (b"address,name\na@example.org,A,B\n", "line 2: 3 values for 2 columns"),
        (b"name\nA\n", 'line 1: no column "address"'),
        (b"a@example.org\nb@example.org\n", 'no column "address"'),
        (b"address,nam\na@example.org,A\n", 'did you mean "name"'),
        (b"address,address\na@example.org,b@example.org\n", "stands twice"),
        (b"address,name\na@example.org,A\nb@example.org,\xc5sa\n", "line 3: not UTF-8"),
        (b'address,name\na@example.org,"A\n', "line 2: a quotation mark is not closed"),
        (
            b'address,name\na@example.org,A\nb@example.org,"B\nc@example.org,C\n',
            "line 3: a quotation mark is not closed",
        ),
        (b'address,name\na@example.org,"A"x\n', "line 2: a quotation mark is not closed, or text follows it"),
        (b"address,name\na@example.org,A\x1b[2J\n", "line 2: the name holds control characters"),
        (b"address\n", "no row below its header"),
        (b"", "no row below its header"),
        (b"address\na@example.org\n;;;;\nb@example.org\x00\n", "line"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_imported(cli: Cli, content: bytes, why: str) -> None:
    said = not_imported(cli, content)
    assert why in said
    assert "nothing was imported" in said


def test_all_bad_rows_are_named_at_once_up_to_twenty(cli: Cli) -> None:
    said = not_imported(cli, b"address,role\na,\nb@example.org,\nc@example.org,boss\n")
    assert 'line 2: "a" is not a mail address; line 4: role cannot be "boss"' in said
    assert "line 3" not in said
    said = not_imported(cli, b"address\n" + b"nobody\n" * 25)
    assert "line 21:" in said
    assert "line 22:" not in said
    assert "and 5 more; nothing was imported" in said


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_line_with_which_excel_says_its_separator(cli: Cli, separator: str) -> None:
    said = imported(cli, f"\ufeffsep={separator}\r\naddress{separator}name\r\na@example.org{separator}A\r\n".encode())
    assert "1 added" in said
    bad = cli.folder / "bad.csv"
    bad.write_text(f"sep={separator}\naddress\nb\n", "utf-8")
    assert "line 3:" in cli.refused("member", "import", "one", str(bad))


def test_a_file_or_group_that_is_not_there(cli: Cli) -> None:
    assert "absent.csv" in cli.refused("member", "import", "one", str(cli.folder / "absent.csv"))
    assert "no group" in cli.refused("member", "import", "two", str(cli.path))


def test_many_at_once(cli: Cli) -> None:
    rows = "".join(f"p{number}@example.com,Person {number}\n" for number in range(20_000))
    assert "20000 added" in imported(cli, f"address,name\n{rows}".encode())
    assert cli.json("group", "show", "one")["members"] == 20_001
    assert cli.json("person", "show", "p12345@example.com")["name"] == "Person 12345"


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    with contextlib.suppress(CommandError):  # refused in a sentence, or read
        found = roster_file.parse(b"address,name\n" + content, Config(), "en")
        assert all(isinstance(one, Entry) for one in found.entries)
