"""`mailsvc init`: configuration, key and database; what is there is kept, what broke off is completed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mailsvc import keys
from mailsvc.cli import main
from mailsvc.errors import ConfigError
from mailsvc.store import migrate
from tests.cli_kit import CONFIG, Cli, made


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


def test_a_site_is_made(cli: Cli) -> None:
    shown = cli.run("init", "--domain", "natverk.example.se", "--name", 'Ö "bibliotek"', "--language", "sv")
    assert "group add" in shown
    site = cli.config.site
    assert (site.domain, site.name, site.language) == ("natverk.example.se", 'Ö "bibliotek"', "sv")
    assert site.operators == ("postmaster@example.se",)
    key = cli.folder / "var" / "site.key"
    database = cli.folder / "var" / "mailsvc.db"
    assert key.stat().st_mode & 0o777 == 0o600
    assert database.stat().st_mode & 0o777 == 0o600
    assert migrate.check(database, keys.load(key).site_id) == migrate.newest()
    assert cli.json("group", "list") == []


def test_nothing_is_written_over(cli: Cli) -> None:
    cli.run("init")
    before = {path: path.read_bytes() for path in cli.folder.rglob("*") if path.is_file()}
    assert "exist already" in cli.refused("init")
    assert "change it there" in cli.refused("init", "--name", "Another")
    assert {path: path.read_bytes() for path in cli.folder.rglob("*") if path.is_file()} == before


def test_a_configuration_of_ones_own_gets_key_and_database(cli: Cli) -> None:
    cli.path.write_text(CONFIG)
    shown = cli.run("init")
    assert cli.path.read_text() == CONFIG
    assert "kept" in shown
    assert (cli.folder / "mail.db").exists()


def test_an_init_that_broke_off_is_completed(cli: Cli) -> None:
    cli.run("init")
    key = (cli.folder / "var" / "site.key").read_bytes()
    cli.path.unlink()
    (cli.folder / "var" / "mailsvc.db").unlink()
    (cli.folder / "var" / "mailsvc.db.unfinished").write_bytes(b"half")
    cli.run("init")
    assert (cli.folder / "var" / "site.key").read_bytes() == key
    assert cli.json("group", "list") == []
    assert not list((cli.folder / "var").glob("*unfinished*"))


def test_an_empty_key_file_without_a_database_is_made_anew(cli: Cli) -> None:
    (cli.folder / "var").mkdir()
    (cli.folder / "var" / "site.key").touch(0o644)
    cli.run("init")
    assert (cli.folder / "var" / "site.key").stat().st_mode & 0o777 == 0o600


def test_a_database_without_its_key_is_left_alone(cli: Cli) -> None:
    cli.run("init")
    (cli.folder / "var" / "site.key").unlink()
    assert "key" in cli.refused("init")
    assert not (cli.folder / "var" / "site.key").exists()


def test_an_emptied_database_is_not_replaced(cli: Cli) -> None:
    cli.run("init")
    cli.path.unlink()
    (cli.folder / "var" / "mailsvc.db").write_bytes(b"")
    assert "emptied" in cli.refused("init")
    assert not cli.path.exists()


def test_anothers_key_is_noticed(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    cli = made(one)
    (one / "site.key").write_bytes((made(other).folder / "site.key").read_bytes())
    assert "another site" in cli.refused("group", "list")


def test_operators_are_outside(cli: Cli) -> None:
    assert "--operator" in cli.refused("init", "--domain", "example.org")
    assert "itself" in cli.refused("init", "--domain", "example.org", "--operator", "me@EXAMPLE.org")
    assert "not a mail address" in cli.misused("init", "--operator", "me")
    assert not cli.path.exists()
    cli.run("init", "--domain", "example.org", "--operator", "me@example.com", "--operator", "you@example.com")
    assert cli.config.site.operators == ("me@example.com", "you@example.com")


def test_a_bad_domain_makes_nothing(cli: Cli) -> None:
    assert "site.domain" in cli.refused("init", "--domain", "no domain.at.all")
    assert "none of" in cli.misused("init", "--language", "fi") or "not one of" in cli.misused(
        "init", "--language", "fi"
    )
    assert list(cli.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(cli: Cli) -> None:
    (cli.folder / "var").write_text("a file where the folder should be")
    assert str(cli.folder / "var") in cli.refused("init")


@pytest.mark.parametrize("place", ["before", "behind", "environment", "twice"])
def test_where_config_may_stand(tmp_path: Path, place: str) -> None:
    cli = made(tmp_path)
    cli.run("group", "add", "here", "--kind", "network")
    path = str(cli.path)
    words = {
        "before": ["--config", path, "group", "list", "--json"],
        "behind": ["group", "list", "--json", "--config", path],
        "environment": ["group", "list", "--json"],
        "twice": ["--config", "elsewhere.toml", "group", "--config", path, "list", "--json"],
    }[place]
    environment = {"MAILSVC_CONFIG": path if place == "environment" else "nowhere.toml"}
    result = CliRunner().invoke(main, words, env=environment)
    assert result.exit_code == 0, result.output
    assert '"here"' in result.stdout


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    cli = made(tmp_path)
    cli.path.write_text(CONFIG.replace("domain =", "domian ="))
    said = cli.refused("group", "list")
    assert "domian" in said
    assert '"domain"' in said
    assert "line 3" in said


def test_no_configuration_at_all(cli: Cli) -> None:
    assert "mailsvc init" in cli.refused("serve")
    with pytest.raises(ConfigError):
        assert cli.config


def test_upgrade_has_nothing_to_do(tmp_path: Path) -> None:
    cli = made(tmp_path)
    assert "nothing was changed" in cli.run("upgrade")


def test_upgrade_leaves_a_served_database_alone(tmp_path: Path) -> None:
    cli = made(tmp_path)
    with migrate.only_server(cli.config.database_path):
        assert "serves" in cli.refused("upgrade")
