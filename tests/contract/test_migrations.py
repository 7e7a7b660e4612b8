"""The database file: made whole, upgraded step by step, and refused in one sentence when it is not to be trusted."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mailsvc.errors import CommandError, StoreCorrupt, StoreUnavailable
from mailsvc.store import migrate
from mailsvc.store import sqlite as module
from tests.contract.kit import SITE

Schema = dict[str, tuple[str, ...]]


def schema(path: Path) -> Schema:
    """Everything that is declared: tables with their columns, indexes with theirs."""
    raw = sqlite3.connect(path)
    try:
        found: Schema = {}
        for kind, name, sql in raw.execute("SELECT type, name, sql FROM sqlite_schema").fetchall():
            if kind == "table":
                columns = [f"{row[1]} {row[2]}" for row in raw.execute(f"PRAGMA table_info({name})")]
            else:
                columns = [str(row[2]) for row in raw.execute(f"PRAGMA index_info({name})")]
            found[f"{kind} {name}"] = (*columns, re.sub(r"\s+", " ", sql or ""))
        return found
    finally:
        raw.close()


def made(folder: Path) -> Path:
    path = folder / "mail.db"
    migrate.create(path, SITE)
    return path


def change(path: Path, *statements: str) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        raw.execute(statement)
    raw.close()


def refusal(path: Path, site: str | None = SITE) -> str:
    with pytest.raises(StoreCorrupt) as caught:
        migrate.check(path, site)
    return str(caught.value)


# ---- making and upgrading


def test_migrations_are_one_sequence_from_1() -> None:
    numbers = [number for number, _name, _sql in migrate.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert migrate.newest() == numbers[-1]


def test_a_new_database_is_whole_private_and_accepted(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert migrate.check(path, SITE) == migrate.newest()
    assert path.stat().st_mode & 0o077 == 0
    raw = sqlite3.connect(path)
    tables = [
        row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'") if row[0][:7] != "sqlite_"
    ]
    strict = {row[1]: row[5] for row in raw.execute("PRAGMA table_list")}
    assert tables
    assert [name for name in tables if not strict[name]] == []
    assert raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.close()


def test_an_existing_file_is_never_made_anew(tmp_path: Path) -> None:
    path = made(tmp_path)
    before = path.read_bytes()
    with pytest.raises(CommandError, match="exists already; nothing was changed"):
        migrate.create(path, "other")
    assert path.read_bytes() == before


def test_the_schema_is_the_sum_of_its_migrations(tmp_path: Path) -> None:
    """However far a file was when it is upgraded, it ends with the same schema, and its rows are kept."""
    whole = schema(made(tmp_path))
    for last in range(1, migrate.newest() + 1):
        path = tmp_path / f"at-{last}.db"
        change(path, "PRAGMA journal_mode=WAL", f"PRAGMA application_id={migrate.APPLICATION_ID}")
        raw = sqlite3.connect(path, isolation_level=None)
        for number, _name, sql in migrate.migrations()[:last]:
            raw.executescript(f"BEGIN;{sql};PRAGMA user_version={number};COMMIT;")
        raw.execute("INSERT INTO meta VALUES ('site_id', ?)", (SITE,))
        raw.close()
        if last < migrate.newest():
            assert f"has schema {last}, this program needs {migrate.newest()}; run `mailsvc upgrade`" in refusal(path)
        assert len(migrate.upgrade(path)) == migrate.newest() - last
        assert schema(path) == whole
        assert migrate.check(path, SITE) == migrate.newest()
        assert migrate.upgrade(path) == []


def test_an_older_database_is_upgraded_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path)
    here = migrate.newest()
    steps = [*migrate.migrations(), (here + 1, "more", "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;")]
    broken = [*steps, (here + 2, "broken", "CREATE TABLE most (id INTEGER) STRICT; INSERT INTO nothing VALUES (1);")]
    monkeypatch.setattr(migrate, "migrations", lambda: broken)
    with pytest.raises(StoreCorrupt, match="run `mailsvc upgrade`"):
        migrate.check(path, SITE)
    before = schema(path)
    with pytest.raises(sqlite3.OperationalError):
        migrate.upgrade(path)
    assert schema(path) == before  # neither the broken step nor the whole one before it
    monkeypatch.setattr(migrate, "migrations", lambda: steps)
    assert migrate.upgrade(path) == [f"{here + 1:04} more"]
    assert migrate.check(path, SITE) == here + 1


# ---- safe start (promise 11)


def test_a_missing_database(tmp_path: Path) -> None:
    sentence = refusal(tmp_path / "mail.db")
    assert "there is no database" in sentence
    assert "mailsvc init" in sentence
    assert not (tmp_path / "mail.db").exists()


def test_an_emptied_file(tmp_path: Path) -> None:
    path = made(tmp_path)
    path.write_bytes(b"")
    assert "is empty (0 bytes)" in refusal(path)
    assert path.stat().st_size == 0


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    path.write_text("From: somebody@example.org\n\nThis is a mail and no database.\n" * 100)
    assert str(path) in refusal(path)


def test_somebody_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    change(path, "CREATE TABLE books (id INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    assert "is not a database of mailsvc" in refusal(path)
    assert path.read_bytes() == before


def test_a_newer_database(tmp_path: Path) -> None:
    path = made(tmp_path)
    change(path, f"PRAGMA user_version={migrate.newest() + 1}")
    assert f"has schema {migrate.newest() + 1}, newer than this program's {migrate.newest()}" in refusal(path)
    with pytest.raises(StoreCorrupt):
        migrate.upgrade(path)


@pytest.mark.parametrize("statement", ["DELETE FROM meta", "DROP TABLE meta"])
def test_an_emptied_database(tmp_path: Path, statement: str) -> None:
    path = made(tmp_path)
    change(path, statement)
    assert re.search("lost its site id|damaged", refusal(path))


def test_another_sites_database(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert "belongs to another site than the key file" in refusal(path, "other")
    assert migrate.check(path, None) == migrate.newest()


@pytest.mark.parametrize("where", [0, 1, 2, 3])
def test_a_damaged_page(tmp_path: Path, where: int) -> None:
    path = made(tmp_path)
    change(path, *[f"INSERT INTO raw (sha256, size, bytes) VALUES (x'00', {n}, zeroblob(9000))" for n in range(50)])
    change(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    start = (where * pages // 4) * 4096 + (100 if where == 0 else 0)
    content[start : start + 200] = b"\xa5" * 200
    path.write_bytes(content)
    assert "damaged" in refusal(path)


def test_a_torn_file(tmp_path: Path) -> None:
    path = made(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert "damaged" in refusal(path)


def test_a_lock_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_MILLISECONDS", 20)
    path = made(tmp_path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("INSERT INTO meta VALUES ('a', 'b')")
    with pytest.raises(StoreUnavailable):
        migrate.check(path, SITE)
    other.execute("ROLLBACK")
    other.close()
    assert migrate.check(path, SITE) == migrate.newest()


# ---- one serving process

HOLDER = """
import sys
from pathlib import Path
from mailsvc.store.migrate import only_server
with only_server(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_server_is_refused_and_a_killed_one_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CommandError, match="another mailsvc serves"), migrate.only_server(path):
            pass
    finally:
        holder.kill()
        holder.wait()
        for stream in (holder.stdin, holder.stdout):
            if stream is not None:
                stream.close()
    with migrate.only_server(path), pytest.raises(CommandError), migrate.only_server(path):
        pass
    assert (tmp_path / "mail.db.lock").exists()
