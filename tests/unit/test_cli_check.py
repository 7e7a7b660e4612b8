"""`mailsvc check` and what the service logs."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from mailsvc import logs
from mailsvc.store import migrate
from tests.cli_kit import CONFIG, Cli, made


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return made(tmp_path)


def findings(cli: Cli) -> dict[str, tuple[bool, str]]:
    result = cli.invoke("check", "--json")
    found = {one["check"]: (one["ok"], one["text"]) for one in json.loads(result.stdout)}
    assert result.exit_code == (0 if all(ok for ok, _ in found.values()) else 1)
    return found


def bad(cli: Cli) -> dict[str, str]:
    return {name: text for name, (ok, text) in findings(cli).items() if not ok}


def test_all_is_well(cli: Cli) -> None:
    assert list(findings(cli)) == [
        *("configuration", "key", "database", "logs", "disk", "smtp.listen", "web.listen"),
        *("clock", "evidence", "forged evidence", "relay", "DNS"),
    ]
    assert bad(cli) == {}
    assert all(line.startswith("OK ") for line in cli.run("check").splitlines())


def test_a_wrong_configuration_ends_it(cli: Cli) -> None:
    cli.path.write_text(CONFIG.replace("[web]\nlisten", "[web]\nlisten_on"))
    assert list(bad(cli)) == ["configuration"]
    assert "not well: configuration" in cli.refused("check")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("letters.my_week", "mon 25:00", "25:00 is no time of day."),
        ("letters.my_week", "moonday 07:00", '"moonday" is no day of the week.'),
        ("digests.leadership", "weekly", '"weekly" has no time of day'),
        ("digests.preparation", "5th mon 08:00", '"5th mon" is no day of the week.'),
        ("digests.others", "08.61", "08:61 is no time of day."),
    ],
)
def test_a_time_of_the_week_that_is_none(cli: Cli, key: str, value: str, said: str) -> None:
    section, _, name = key.partition(".")
    line = f'{name} = "{value}"'
    text = f"{CONFIG}\n[{section}]\n{line}\n"
    cli.path.write_text(text)
    expected = f"{key} (line {text.splitlines().index(line) + 1}): {said}"
    assert bad(cli)["configuration"].startswith(expected)
    assert expected in cli.refused("queue", "list")


def test_what_may_be_written_and_lacks_something(cli: Cli) -> None:
    """Tests and drills start with it; a site should not stay so."""
    text = CONFIG.replace('["operator@example.org"]', "[]").replace('["127.0.0.1:0"]', "[]")
    text += '[docs]\nscan_command = ["/nowhere/scan", "-"]\n'
    cli.path.write_text(text)
    assert "smtp.listen: the mailroom sends" in bad(cli)["configuration"]
    cli.path.write_text(text + '[delivery]\ntransport = "smtp"\nrelay = "smtp://127.0.0.1:1"\n')
    said = bad(cli)
    assert list(said)[:3] == ["operators", "mail in", "scan"]
    assert "/nowhere/scan" in said["scan"]


def test_a_mailroom_for_everybody(cli: Cli) -> None:
    cli.path.write_text(CONFIG.replace('[web]\nlisten = "127.0.0.1:0"', '[web]\nlisten = "0.0.0.0:0"'))
    assert "mailroom" in bad(cli)["configuration"]


def test_an_address_that_is_none(cli: Cli) -> None:
    cli.path.write_text(CONFIG.replace('listen = ["127.0.0.1:0"]', 'listen = ["127.0.0.1"]'))
    assert "smtp.listen" in bad(cli)["configuration"]


def test_a_key_that_others_can_read(cli: Cli) -> None:
    (cli.folder / "site.key").chmod(0o644)
    assert "chmod 600" in bad(cli)["key"]


def test_a_missing_key(cli: Cli) -> None:
    (cli.folder / "site.key").unlink()
    found = bad(cli)
    assert list(found) == ["key"]
    assert "backup" in found["key"]
    assert "logs" not in findings(cli)


def test_a_damaged_database(cli: Cli) -> None:
    content = (cli.folder / "mail.db").read_bytes()
    (cli.folder / "mail.db").write_bytes(content[:4096] + b"x" * (len(content) - 4096))
    assert "damaged" in bad(cli)["database"]


def test_a_missing_database(cli: Cli) -> None:
    (cli.folder / "mail.db").unlink()
    assert "there is no database" in bad(cli)["database"]


def test_too_little_disk(cli: Cli) -> None:
    cli.path.write_text(CONFIG.replace("disk_floor = 0", f"disk_floor = {2**62}"))
    assert "less than the floor" in bad(cli)["disk"]


def test_a_port_that_is_taken(cli: Cli) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        cli.path.write_text(CONFIG.replace('listen = ["127.0.0.1:0"]', f'listen = ["127.0.0.1:{port}"]'))
        assert f"127.0.0.1:{port}" in bad(cli)["smtp.listen"]
        with migrate.only_server(cli.config.database_path):
            assert "the service runs" in findings(cli)["smtp.listen"][1]
            assert bad(cli) == {}


# ---- logs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("550 5.1.1 <anna.berg@example.org>: unknown", "550 5.1.1 <…@example.org>: unknown"),
        ("a@example.org,b@example.com", "…@example.org,…@example.com"),
        ("[#142] at home", "[#142] at home"),
        ("127.0.0.1:2525", "127.0.0.1:2525"),
    ],
)
def test_the_log_names_nobody(text: str, shown: str) -> None:
    event: dict[str, Any] = {"event": "x", "reply": text, "inbox": 3}
    assert dict(logs.without_addresses(None, "info", event)) == {"event": "x", "reply": shown, "inbox": 3}
