"""`mailsvc records …`, `person export`, `person erase`, `case set`: on the command line."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from mailsvc.operating import cli_tools
from tests.cli_kit import CONFIG, Cli, made, mail


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """A network with a moderator, a member, and one held post of a stranger: case #1."""
    place = made(tmp_path)
    place.run("group", "add", "talk", "--kind", "network", "--moderator", "karin@example.org")
    place.run("member", "add", "talk", "anna@example.org", "--name", "Anna Berg")
    place.receive(mail("Sven Ek <sven@example.net>", "A question"), "talk@networks.example.org", "sven@example.net")
    return place


def today(cli: Cli) -> str:
    return str(cli.json("case", "show", "1")["opened_at"])[:10]


def test_a_day_lists_what_came_in_was_decided_and_exported(cli: Cli) -> None:
    cli.run("case", "set", "1", "dnr", "LIB-2026-12")
    cli.run("case", "withdraw", "1")
    found: dict[str, list[dict[str, object]]] = {}
    for day in (today(cli),):  # the site's day may have begun before UTC's
        found = cli.json("records", "list", "--day", day)
    assert list(found) == ["came_in", "decided", "exported", "removed", "held"]
    assert [(one["from"], one["case"]) for one in found["came_in"]] in ([("sven@example.net", 1)], [])
    assert [(one["case"], one["record_number"]) for one in found["decided"]] in ([(1, "LIB-2026-12")], [])
    assert found["exported"] == found["removed"] == []
    assert cli.json("records", "list", "--day", "2020-02-29")["came_in"] == []
    assert "came in: 0" in cli.run("records", "list", "--day", "2020-02-29")
    assert "is not a day" in cli.misused("records", "list", "--day", "yesterday")


@pytest.mark.parametrize("day", ["2026-13-01", "today", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none(cli: Cli, day: str) -> None:
    assert day in cli.misused("records", "list", "--day", day)


def test_a_record_number_is_shown(cli: Cli) -> None:
    assert "LIB-2026-12" in cli.run("case", "set", "1", "dnr", " LIB-2026-12 ")
    assert cli.json("case", "show", "1")["record_number"] == "LIB-2026-12"
    assert "LIB-2026-12" in cli.run("case", "show", "1")
    assert "at most" in cli.refused("case", "set", "1", "dnr", "x" * 61)
    assert "no case #9" in cli.refused("case", "set", "9", "dnr", "x")
    assert "no dnr" in cli.run("case", "set", "1", "dnr", "")


def test_a_whole_log_is_called_so_and_a_broken_one_too(cli: Cli) -> None:
    assert "The log is whole: its only line fits the chain." in cli.run("case", "show", "1")
    cli_tools.write(cli.config, lambda tx: tx.execute("UPDATE event SET state = 'posted' WHERE seq = 1"))
    assert "line 1 does not fit its chain" in cli.run("case", "show", "1")
    found = json.loads(cli.invoke("check", "--json").stdout)
    logs = next(one for one in found if one["check"] == "logs")
    assert not logs["ok"]
    assert "line 1 of #1" in logs["text"]


def test_a_log_without_its_end_is_broken(cli: Cli) -> None:
    cli.run("case", "withdraw", "1")
    cli_tools.write(cli.config, lambda tx: tx.execute("DELETE FROM event WHERE seq = 2"))
    assert cli.json("case", "show", "1")["log_broken_at"] == 2


def test_the_file_of_a_case_is_written_with_its_checksums(cli: Cli, tmp_path: Path) -> None:
    cli.run("records", "export", "1", str(tmp_path / "out"))
    folder = tmp_path / "out" / "case-1"
    assert {path.name for path in folder.iterdir()} == {"case.html", "mail-1.eml", "metadata.csv"}
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == ["case.html", "mail-1.eml"]
    for row in rows:
        assert row["sha256"] == hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest()
    assert rows[1]["sha256"] == rows[1]["original_sha256"]
    assert "exists already" in cli.refused("records", "export", "1", str(tmp_path / "out"))
    assert "no case #7" in cli.refused("records", "export", "7", str(tmp_path / "other"))


def test_holds(cli: Cli) -> None:
    cli.run("records", "hold", "1", "--reason", "a complaint")
    assert "already" in cli.run("records", "hold", "1")
    held = cli.json("records", "list", "--day", "2020-02-29")["held"]
    assert [(one["case"], one["reason"]) for one in held] == [(1, "a complaint")]
    assert "a complaint" in cli.run("records", "list", "--day", "2020-02-29")
    cli.run("records", "release", "1")
    assert cli.json("records", "list", "--day", "2020-02-29")["held"] == []
    assert "not held" in cli.refused("records", "release", "1")
    assert "no case" in cli.refused("records", "hold", "8")


def test_a_person_is_exported_and_erased(cli: Cli, tmp_path: Path) -> None:
    cli.receive(mail("Anna Berg <anna@example.org>", "Hello", "Words of hers"), "talk@networks.example.org")
    data = json.loads(cli.run("person", "export", "anna@example.org"))
    assert data["person"]["name"] == "Anna Berg"
    assert [one["subject"] for one in data["mails"]] == ["Hello"]
    cli.run("person", "export", "anna@example.org", "--to", str(tmp_path / "anna"))
    assert {path.name for path in (tmp_path / "anna").iterdir()} == {"my-data.html", "my-data.json", "mail-1.eml"}
    assert "backups" in cli.run("person", "erase", "anna@example.org", "--dry-run")
    assert cli.json("person", "show", "anna@example.org")["memberships"]
    assert "is erased" in cli.run("person", "erase", "anna@example.org")
    assert "nobody is known" in cli.refused("person", "show", "anna@example.org")
    assert "nobody is known" in cli.refused("person", "erase", "anna@example.org")
    assert [one["address"] for one in cli.json("member", "list", "talk")] == ["karin@example.org"]


def test_an_operator_is_not_erased(cli: Cli) -> None:
    cli.run("member", "add", "talk", "operator@example.org")
    assert "take it out there first" in cli.refused("person", "erase", "operator@example.org")
    assert cli.json("person", "show", "operator@example.org")["memberships"]


@pytest.mark.parametrize("line", ["proposal", "proposal ten REF", "proposal 0 REF", "Proposal 10 REF", "proposal 10"])
def test_a_class_says_kind_days_and_decision(cli: Cli, line: str) -> None:
    cli.path.write_text(f'{CONFIG}[records]\nretention = ["{line}"]\n')
    assert "records.retention" in cli.refused("case", "list")
