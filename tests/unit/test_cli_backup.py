"""`mailsvc backup`, `restore` and `upgrade` on sites in folders; nothing is served here."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mailsvc.clock import DAY
from mailsvc.errors import CommandError
from mailsvc.operating import backup as archives
from mailsvc.store import migrate
from tests.cli_kit import CONFIG, Cli, made, mail

GROUP = "reading@networks.example.org"
MEMBERS = ["karin@example.org", "anna@example.org", "per@example.org"]


def rows(cli: Cli, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(cli.config.database_path)) as raw:
        return raw.execute(sql).fetchall()


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """A site with a group of three, and a post to it that has not gone out."""
    folder = tmp_path / "first"
    folder.mkdir()
    cli = made(folder)
    cli.run("group", "add", "reading", "--kind", "network", "--moderator", MEMBERS[0])
    for address in MEMBERS[1:]:
        cli.run("member", "add", "reading", address)
    assert cli.receive(mail("anna@example.org"), GROUP) == "posted"
    return cli


@pytest.fixture
def file(cli: Cli, tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    assert "checked" in cli.run("backup", str(path))
    return path


@pytest.fixture
def other(tmp_path: Path) -> Cli:
    """A folder with nothing in it."""
    folder = tmp_path / "second"
    folder.mkdir()
    return Cli(folder)


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def rewrite(file: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """The same archive with other contents."""
    found = members(file)
    change(found)
    with tarfile.open(file, "w") as archive:
        for name, content in found.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


# ---- backup


def test_what_a_backup_holds(cli: Cli, file: Path) -> None:
    found = members(file)
    assert list(found) == ["backup.json", "config.toml", "site.key", "mailsvc.db"]
    assert found["config.toml"] == cli.path.read_bytes()
    assert found["site.key"] == (cli.folder / "site.key").read_bytes()
    assert json.loads(found["backup.json"])["schema"] == migrate.newest()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir() if "backup" in one.name] == ["backup.tar"]


def test_the_copy_is_one_file_with_everything_committed(cli: Cli, file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(members(file)["mailsvc.db"])
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("SELECT count(*) FROM delivery").fetchone() == (3,)
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_nothing_is_written_over(cli: Cli, file: Path) -> None:
    before = file.read_bytes()
    assert cli.refused("backup", str(file)) == f"{file} exists already; nothing was written"
    assert file.read_bytes() == before


def test_not_even_what_appears_meanwhile(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "late.tar"

    def appear(what: str, _done: int, _all: int) -> None:
        if what.startswith("packed") and not path.exists():
            path.write_text("somebody else's")

    with pytest.raises(CommandError, match="exists already"):
        archives.take(cli.config, cli.path, path, appear)
    assert path.read_text() == "somebody else's"
    assert [one.name for one in tmp_path.iterdir() if "late" in one.name] == ["late.tar"]


def test_progress_comes_to_its_end(cli: Cli, tmp_path: Path) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    archives.take(cli.config, cli.path, tmp_path / "a.tar", lambda *one: seen.setdefault(one[0], []).append(one[1:]))
    assert set(seen) == {"copied", "packed config.toml", "packed site.key", "packed mailsvc.db"}
    for steps in seen.values():
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0


def test_too_little_room(cli: Cli, tmp_path: Path) -> None:
    cli.path.write_text(CONFIG.replace("disk_floor = 0", f"disk_floor = {2**62}"))
    assert "a backup needs" in cli.refused("backup", str(tmp_path / "a.tar"))
    assert not (tmp_path / "a.tar").exists()


def test_a_folder_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    assert "No such file" in cli.refused("backup", str(tmp_path / "none" / "a.tar"))


def test_no_backup_without_the_key(cli: Cli, tmp_path: Path) -> None:
    (cli.folder / "site.key").unlink()
    assert "key file" in cli.refused("backup", str(tmp_path / "a.tar"))


def test_no_backup_of_a_damaged_database(cli: Cli, tmp_path: Path) -> None:
    with closing(sqlite3.connect(cli.config.database_path, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'delivery'").fetchone()[0]
    content = bytearray(cli.config.database_path.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    cli.config.database_path.write_bytes(content)
    assert "damaged" in cli.refused("backup", str(tmp_path / "a.tar"))
    assert [one.name for one in tmp_path.iterdir()] == ["first"]


# ---- restore


def test_on_a_new_machine(cli: Cli, file: Path, other: Cli) -> None:
    said = other.run("restore", str(file))
    assert "which may have left since: 1." in said
    assert other.path.read_bytes() == cli.path.read_bytes()
    assert (other.folder / "site.key").stat().st_mode & 0o777 == 0o600
    assert other.config.database_path.stat().st_mode & 0o777 == 0o600
    assert {one["address"] for one in other.json("member", "list", "reading")} == set(MEMBERS)
    assert sorted(one.name for one in other.folder.iterdir()) == ["config.toml", "mail.db", "mail.db.lock", "site.key"]


def test_into_the_paths_of_the_configuration(cli: Cli, file: Path, other: Cli) -> None:
    text = CONFIG.replace("sqlite:///mail.db", "sqlite:///var/other.db").replace('"site.key"', '"var/other.key"')
    other.path.write_text(text)
    assert "the backup's differs" in other.run("restore", str(file))
    assert other.path.read_text() == text
    assert other.json("group", "list")[0]["members"] == 3
    assert (other.folder / "var" / "other.key").read_bytes() == (cli.folder / "site.key").read_bytes()


def test_everything_unsent_waits(file: Path, other: Cli) -> None:
    other.run("restore", str(file))
    assert rows(other, "SELECT DISTINCT state FROM outgoing") == [("paused",)]
    assert rows(other, "SELECT state, count(*) FROM delivery GROUP BY 1") == [("todo", 3)]
    listed = other.invoke("queue", "list")
    assert "mailsvc queue retry --restored" in listed.stderr
    assert "paused" in listed.stdout
    found = {one["check"]: one for one in json.loads(other.invoke("check", "--json").stdout)}
    assert not found["restore"]["ok"]
    assert "until `mailsvc queue retry --restored`" in found["restore"]["text"]


def test_the_release(file: Path, other: Cli) -> None:
    other.run("restore", str(file))
    (before,) = rows(other, "SELECT expires_at FROM outgoing WHERE kind = 'post'")
    with closing(sqlite3.connect(other.config.database_path, isolation_level=None)) as raw:
        raw.execute(f"UPDATE meta SET value = CAST(value AS INTEGER) - {3 * DAY} WHERE key = 'restored_at'")
    other.run("queue", "retry", "--restored")
    (after,) = rows(other, "SELECT expires_at FROM outgoing WHERE kind = 'post'")
    assert int(str(after[0])) - int(str(before[0])) >= 3 * DAY  # what waited does not expire for that
    assert rows(other, "SELECT state FROM outgoing WHERE kind = 'post'") == [("composing",)]
    assert rows(other, "SELECT key FROM meta WHERE key LIKE 'restored%'") == []
    assert other.invoke("queue", "list").stderr == ""
    assert "restore" not in {one["check"] for one in other.json("check")}
    assert other.refused("queue", "retry", "--restored") == "nothing waits after a restore"


def test_one_mail_is_let_go_alone(file: Path, other: Cli) -> None:
    other.run("restore", str(file))
    number = other.json("queue", "list")[0]["id"]
    other.run("queue", "retry", str(number))
    assert rows(other, f"SELECT state FROM outgoing WHERE id = {number}") == [("composing",)]
    assert "0 mails wait until" in other.invoke("queue", "list").stderr
    assert "single one" in other.misused("queue", "retry", "--restored", str(number))


@pytest.mark.parametrize("there", ["mail.db", "mail.db-wal"])
def test_nothing_is_restored_over(file: Path, other: Cli, there: str) -> None:
    (other.folder / there).write_text("precious")
    sentence = other.refused("restore", str(file))
    assert str(other.folder / there) in sentence
    assert "move it away" in sentence
    assert sorted(one.name for one in other.folder.iterdir() if not one.name.endswith(".lock")) == [there]
    (other.folder / there).rename(other.folder / "aside")
    other.run("restore", str(file))


def test_another_sites_key_stays(file: Path, other: Cli) -> None:
    (other.folder / "site.key").write_text("another")
    assert "move it away" in other.refused("restore", str(file))
    assert (other.folder / "site.key").read_text() == "another"
    assert not (other.folder / "mail.db").exists()


def test_what_is_refused_leaves_no_folder_behind(file: Path, other: Cli) -> None:
    """Into the backup's own paths, where there was nothing."""
    other.path.write_text(
        CONFIG.replace('"site.key"', '"keys/site.key"').replace("sqlite:///mail.db", "sqlite:///a/b/mail.db")
    )
    rewrite(file, lambda found: found.update({"mailsvc.db": found["mailsvc.db"][:-1] + b"x"}))
    assert "not what was written" in other.refused("restore", str(file))
    assert [one.name for one in other.folder.iterdir()] == ["config.toml"]
    (other.folder / "a").mkdir()
    assert "not what was written" in other.refused("restore", str(file))
    assert [one.name for one in (other.folder / "a").iterdir()] == []


def test_after_the_disk_was_lost_the_same_key_is_no_obstacle(cli: Cli, file: Path) -> None:
    cli.config.database_path.rename(cli.folder / "broken.db")
    assert "kept" in cli.run("restore", str(file))
    assert cli.json("group", "list")[0]["members"] == 3


def test_not_beside_a_service(cli: Cli, file: Path) -> None:
    with migrate.only_server(cli.config.database_path):
        assert "another mailsvc serves" in cli.refused("restore", str(file))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: found.update({"mailsvc.db": found["mailsvc.db"][:-1] + b"x"}), "not what was written"),
        (lambda found: found.update({"mailsvc.db": found["mailsvc.db"][:-1]}), "not what backup.json says"),
        (lambda found: found.pop("site.key"), "site.key is missing"),
        (lambda found: found.update({"../evil": b"x"}), "evil is not what"),
        (lambda found: found.pop("backup.json"), "is not its first file"),
        (lambda found: found.update({"backup.json": b"{}"}), "not a whole backup"),
        (lambda found: found.update({"config.toml": b"[site]"}), "config.toml is not what was written"),
    ],
)
def test_a_damaged_backup(file: Path, other: Cli, change: Callable[[dict[str, bytes]], object], said: str) -> None:
    rewrite(file, change)
    assert said in other.refused("restore", str(file))
    assert [one.name for one in other.folder.iterdir() if not one.name.endswith(".lock")] == []


def test_a_torn_backup(file: Path, other: Cli) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    assert re.search("damaged|not a whole backup", other.refused("restore", str(file)))
    file.write_bytes(b"From: nobody\n\n")
    assert "not a whole backup" in other.refused("restore", str(file))
    assert "No such file" in other.refused("restore", str(file.with_name("none.tar")))


def test_a_backup_of_a_newer_program(file: Path, other: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "newest", lambda: 0)
    assert "newer than this program" in other.refused("restore", str(file))


# ---- upgrade


def older(cli: Cli) -> None:
    """Make the site's database anew as the first version made it, with a group and an unsent letter."""
    path = cli.config.database_path
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    site_id = (cli.folder / "site.key").read_text().split()[1]
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute(f"PRAGMA application_id={migrate.APPLICATION_ID}")
        raw.executescript(f"BEGIN;{migrate.migrations()[0][2]};PRAGMA user_version=1;COMMIT;")
        raw.execute("INSERT INTO meta VALUES ('site_id', ?)", (site_id,))
        raw.execute(
            "INSERT INTO groups VALUES"
            " (1, 'old', 'network', 'Old', 'sv', NULL, 'members', 'open', '{}', 'open', 0, NULL)"
        )
        raw.execute(
            "INSERT INTO outgoing (kind, message_id, sender, priority, state, created_at, expires_at)"
            " VALUES ('letter', 'x@example.org', 'null', 0, 'ready', 0, 9)"
        )


def test_an_upgrade_makes_a_backup_first(cli: Cli, other: Cli) -> None:
    older(cli)
    assert "run `mailsvc upgrade`" in cli.refused("group", "list")
    said = cli.run("upgrade").splitlines()
    assert said[0].startswith("backup   ")
    assert said[1:] == [f"applied  {number:04} {name}" for number, name, _ in migrate.migrations()[1:]]
    assert cli.json("group", "list")[0]["name"] == "old"
    file = Path(said[0].split()[1])
    assert file.parent == cli.folder / "backups"
    assert "nothing was changed" in cli.run("upgrade")
    assert list(file.parent.iterdir()) == [file]
    assert "mailsvc upgrade" in other.run("restore", str(file))  # it can be gone back to
    assert rows(other, "PRAGMA user_version") == [(1,)]
    assert rows(other, "SELECT state FROM outgoing") == [("paused",)]
    other.run("upgrade")
    assert other.json("group", "list")[0]["name"] == "old"


def test_a_failing_upgrade_leaves_everything_as_it_was(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    older(cli)
    with closing(sqlite3.connect(cli.config.database_path)) as raw:
        before = list(raw.iterdump())
    broken = [*migrate.migrations(), (99, "broken", "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);")]
    monkeypatch.setattr(migrate, "migrations", lambda: broken)
    assert "the database is as it was: no such table: nowhere" in cli.refused("upgrade")
    with closing(sqlite3.connect(cli.config.database_path)) as raw:
        assert list(raw.iterdump()) == before
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
    assert len(list((cli.folder / "backups").iterdir())) == 1


def test_without_room_for_the_backup_nothing_is_upgraded(cli: Cli) -> None:
    older(cli)
    cli.path.write_text(CONFIG.replace("disk_floor = 0", f"disk_floor = {2**62}"))
    assert "a backup needs" in cli.refused("upgrade")
    assert rows(cli, "PRAGMA user_version") == [(1,)]


def test_no_upgrade_beside_a_service(cli: Cli) -> None:
    older(cli)
    with migrate.only_server(cli.config.database_path):
        assert "another mailsvc serves" in cli.refused("upgrade")
    assert rows(cli, "PRAGMA user_version") == [(1,)]
