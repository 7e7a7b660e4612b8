"""Moving in from Mailman, Sympa and mlmmj, and out again: what their files say, and nothing half taken over."""

from __future__ import annotations

import csv
import mailbox
import os
import pickle
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lists.moving.found import FoundMember, group_name, language, merged
from tests.cli_kit import Cli, made


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    (tmp_path / "site").mkdir()
    return made(tmp_path / "site")


# ---- what each of them leaves behind


def mlmmj(folder: Path, name: str = "Kartor", **control: str) -> Path:
    files = {
        "control/listaddress": f"{name.lower()}@lists.example.org\n",
        "control/owner": "karin@example.org\nper@example.org\n",
        "control/subonlypost": "",
        "control/prefix": "[maps]\n",
        "subscribers.d/a": "anna@example.net\nåsa@example.net\nkarin@example.org\n",
        "digesters.d/b": "bo@example.net\n",
        "nomailsubs.d/c": "cecilia@example.net\n",
        **{f"control/{key}": value for key, value in control.items()},
    }
    for place, text in files.items():
        file = folder / name / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def sympa(folder: Path) -> Path:
    place = folder / "list_data" / "lists.example.org" / "kartor"
    place.mkdir(parents=True)
    (place / "config").write_text(
        "subject Kartor och planer\n\nlang sv\n\nsubscribe auth_owner\n\nsend privateoreditorkey\n\nowner\n"
        "email karin@example.org\ngecos Karin Holm\nprofile privileged\n\neditor\nemail per@example.org\n\n"
        "# a comment\nvisibility conceal\n",
        "utf-8",
    )
    (place / "members.dump").write_text(
        "email anna@example.net\ngecos Anna Berg\nreception mail\nvisibility noconceal\n\n"
        "email bo@example.net\nreception digest\nvisibility conceal\n\n"
        "email cecilia@example.net\nreception nomail\n\n",
        "utf-8",
    )
    return folder / "list_data"


def mailman2(folder: Path) -> Path:
    place = folder / "mailman" / "lists" / "kartor"
    place.mkdir(parents=True)
    data = {
        b"_internal_name": b"kartor",
        b"real_name": b"Kartor",
        b"description": "Kartor och planer på nätet".encode("latin-1"),
        b"preferred_language": b"sv",
        b"owner": [b"karin@example.org", b"per@example.org"],
        b"members": {b"anna@example.net": 0, b"cecilia@example.net": b"Cecilia@example.net"},
        b"digest_members": {b"bo@example.net": 0},
        b"usernames": {b"anna@example.net": "Anna Åberg".encode()},
        b"user_options": {b"bo@example.net": 16},
        b"delivery_status": {b"cecilia@example.net": (4, 1700000000.0)},
        b"subscribe_policy": 3,
        b"generic_nonmember_action": 1,
        b"default_member_moderation": False,
    }
    (place / "config.pck").write_bytes(pickle.dumps(data, protocol=3))
    return folder / "mailman"


_SCHEMA = """
CREATE TABLE mailinglist (id INTEGER PRIMARY KEY, list_name TEXT, mail_host TEXT, list_id TEXT, display_name TEXT,
  description TEXT, preferred_language TEXT, subject_prefix TEXT, subscription_policy INTEGER,
  default_member_action INTEGER, default_nonmember_action INTEGER, emergency BOOLEAN, autorespond_postings INTEGER);
CREATE TABLE preferences (id INTEGER PRIMARY KEY, hide_address BOOLEAN, preferred_language TEXT, delivery_mode INTEGER,
  delivery_status INTEGER);
CREATE TABLE user (id INTEGER PRIMARY KEY, display_name TEXT, _preferred_address_id INTEGER, preferences_id INTEGER);
CREATE TABLE address (id INTEGER PRIMARY KEY, email TEXT, display_name TEXT, user_id INTEGER, preferences_id INTEGER);
CREATE TABLE member (id INTEGER PRIMARY KEY, role INTEGER, list_id TEXT, address_id INTEGER, user_id INTEGER,
  preferences_id INTEGER);
INSERT INTO mailinglist VALUES (1, 'kartor', 'lists.example.org', 'kartor.lists.example.org', 'Kartor', 'Om kartor',
  'sv', '[maps] ', 3, 4, 0, 0, 0);
INSERT INTO preferences VALUES (1, NULL, NULL, NULL, NULL), (2, 1, NULL, 3, 1), (3, NULL, 'da', NULL, NULL),
  (4, NULL, NULL, NULL, 2);
INSERT INTO user VALUES (1, 'Anna Berg', 1, 1), (2, 'Bo Dahl', 2, 3);
INSERT INTO address VALUES (1, 'anna@example.net', '', 1, 1), (2, 'bo@example.net', '', 2, 1),
  (3, 'cecilia@example.net', 'Cecilia', NULL, 1), (4, 'karin@example.org', '', NULL, 1),
  (5, 'per@example.org', '', NULL, 1),
  (6, 'spam@example.com', '', NULL, 1);
INSERT INTO member VALUES (1, 1, 'kartor.lists.example.org', NULL, 1, 1),
  (2, 1, 'kartor.lists.example.org', 2, NULL, 2),
  (3, 1, 'kartor.lists.example.org', 3, NULL, 4), (4, 2, 'kartor.lists.example.org', 4, NULL, 1),
  (5, 3, 'kartor.lists.example.org', 5, NULL, 1), (6, 4, 'kartor.lists.example.org', 6, NULL, 1);
"""


def mailman3(folder: Path) -> Path:
    place = folder / "mailman" / "var" / "data"
    place.mkdir(parents=True)
    database = sqlite3.connect(place / "mailman.db")
    database.executescript(_SCHEMA)
    database.close()
    return folder / "mailman"


MAKERS: dict[str, Callable[[Path], Path]] = {
    "mlmmj": mlmmj,
    "sympa": sympa,
    "mailman2": mailman2,
    "mailman3": mailman3,
}


@pytest.mark.parametrize("what", MAKERS)
def test_a_list_becomes_a_group_with_everybody_on_it(cli: Cli, tmp_path: Path, what: str) -> None:
    (tmp_path / "theirs").mkdir()
    path = MAKERS[what](tmp_path / "theirs")
    before = sorted((file, file.stat().st_mtime_ns) for file in path.rglob("*"))
    (one,) = cli.json("import", what, str(path))
    assert one["name"] == "kartor"
    assert one["post"] == "members"
    assert one["join"] == ("confirm" if what == "mlmmj" else "confirm" if what == "sympa" else "moderated")
    assert one["moderators"] == ["karin@example.org"]
    assert one["deputies"] == ["per@example.org"]
    listed = {row["address"]: row for row in cli.json("member", "list", "kartor")}
    people = {"anna@example.net", "bo@example.net", "cecilia@example.net", "karin@example.org", "per@example.org"}
    assert {address.lower() for address in listed} - {"åsa@example.net"} == people
    assert listed["anna@example.net"]["delivery"] == "each"
    assert next(row for address, row in listed.items() if address.lower().startswith("cecilia"))["delivery"] == "none"
    if what == "mailman2":
        assert listed["anna@example.net"]["name"] == "Anna Åberg"
        assert "på nätet" in str(cli.json("group", "show", "kartor"))
    assert sorted((file, file.stat().st_mtime_ns) for file in path.rglob("*")) == before, "only read"


def test_who_was_hidden_is_hidden(cli: Cli, tmp_path: Path) -> None:
    for what in ("sympa", "mailman2", "mailman3"):
        folder = tmp_path / what
        folder.mkdir()
        (one,) = cli.json("import", what, str(MAKERS[what](folder)), "--dry-run")
        assert one["hidden"] == 1, what


def test_a_dry_run_shows_and_does_nothing(cli: Cli, tmp_path: Path) -> None:
    said = cli.run("import", "mlmmj", str(mlmmj(tmp_path / "spool")), "--dry-run")
    assert "karin@example.org" in said
    assert "Nothing was done." in said
    assert cli.json("group", "list") == []


def test_all_lists_or_none(cli: Cli, tmp_path: Path) -> None:
    spool = mlmmj(tmp_path / "spool")
    mlmmj(spool, "Planer", owner="karin@example.org\nno address\n")
    said = cli.refused("import", "mlmmj", str(spool))
    assert 'planer: "no address" is not a mail address' in said
    assert "nothing was done" in said
    assert cli.json("group", "list") == []
    assert [one["name"] for one in cli.json("import", "mlmmj", str(spool), "--only", "kartor")] == ["kartor"]
    assert "there is already a group" in cli.refused("import", "mlmmj", str(spool))
    (one,) = cli.json("import", "mlmmj", str(spool), "--only", "planer", "--leave-out-bad")
    assert one["bad"] == ['"no address" is not a mail address']
    assert "found are kartor, planer" in cli.refused("import", "mlmmj", str(spool), "--only", "planner")


@pytest.mark.parametrize(
    ("control", "post", "join"),
    [
        ({"moderated": ""}, "moderated", "confirm"),
        ({"modonlypost": ""}, "moderators", "confirm"),
        ({"closedlist": ""}, "members", "closed"),
        ({"submod": ""}, "members", "moderated"),
    ],
)
def test_who_may_is_kept(cli: Cli, tmp_path: Path, control: dict[str, str], post: str, join: str) -> None:
    (one,) = cli.json("import", "mlmmj", str(mlmmj(tmp_path / "spool", **control)))
    assert (one["post"], one["join"]) == (post, join)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("mlmmj", "holds no list of mlmmj"),
        ("sympa", "holds no list of Sympa"),
        ("mailman2", "holds no config.pck"),
        ("mailman3", "holds no mailman.db"),
    ],
)
def test_a_folder_that_holds_none_is_named(cli: Cli, tmp_path: Path, what: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    assert said in cli.refused("import", what, str(tmp_path / "empty"))
    assert "cannot read" in cli.refused("import", "mlmmj", str(tmp_path / "nowhere"))


class _Hostile:
    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.system, (f"touch {os.environ['MOVING_MARK']}",)


def test_a_hostile_pickle_runs_nothing(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "mark"
    monkeypatch.setenv("MOVING_MARK", str(mark))
    file = tmp_path / "config.pck"
    file.write_bytes(pickle.dumps({"members": {"anna@example.net": 0}, "owner": [], "x": _Hostile()}, protocol=2))
    (one,) = cli.json("import", "mailman2", str(file), "--dry-run")
    assert one["members"] == 1
    assert not mark.exists()
    file.write_bytes(b"\x80\x02rubbish")
    assert "cannot be read" in cli.refused("import", "mailman2", str(file))
    file.write_bytes(pickle.dumps([1, 2], protocol=2))
    assert "not the config.pck of a list" in cli.refused("import", "mailman2", str(file))


def test_a_file_that_is_no_database_is_named(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mailman.db"
    file.write_bytes(b"rubbish" * 100)
    assert "is not a database of Mailman 3" in cli.refused("import", "mailman3", str(file))


def test_names_languages_and_people_who_stand_there_twice() -> None:
    assert group_name("Kartor_och Planer ") == "kartor-och-planer"
    assert group_name("Blåbær.List") == "blabaer.list"
    assert [language(code) for code in ("sv", "nb_NO", "no", "pt-br", "en_GB", "")] == ["sv", "nb", "nb", "", "en", ""]
    anna = FoundMember("Anna@example.net", role="owner")
    assert merged([anna, FoundMember("anna@example.net", "Anna", delivery="none")]) == (
        FoundMember("Anna@example.net", "Anna", "owner", "none"),
    )


# ---- out again


def test_everything_is_exported_and_comes_back(cli: Cli, tmp_path: Path) -> None:
    cli.run("import", "mlmmj", str(mlmmj(tmp_path / "spool")))
    text = (
        "From: Anna <anna@example.net>\nSubject: Maps\nMessage-ID: <a@example.net>\n\nFrom the beginning.\n>From old\n"
    )
    assert str(cli.receive(text.encode(), "kartor@networks.example.org", "anna@example.net")) == "posted"
    out = tmp_path / "out"
    assert cli.json("export", str(out)) == [{"name": "kartor", "members": 6, "posts": 1}]
    settings = tomllib.loads((out / "kartor" / "group.toml").read_text("utf-8"))
    assert (settings["post"], settings["settings"]["subject_prefix"]) == ("members", "[maps]")
    with (out / "kartor" / "members.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["address"] for row in rows} >= {"anna@example.net", "åsa@example.net"}
    with closing(mailbox.mbox(out / "kartor" / "posts.mbox")) as box:
        (post,) = box
    assert post["Subject"] == "Maps"
    assert post.get_payload() == ">From the beginning.\n>>From old\n"
    assert "not empty" in cli.refused("export", str(out))
    cli.run("group", "add", "again", "--kind", "circle")
    cli.run("member", "import", "again", str(out / "kartor" / "members.csv"))
    assert len(cli.json("member", "list", "again")) == 6
