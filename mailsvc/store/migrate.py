"""Creating, checking and upgrading the database file: numbered migrations, forward only, all of them or none."""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

from mailsvc.errors import CommandError, StoreCorrupt, StoreUnavailable
from mailsvc.store.sqlite import configure, translate

APPLICATION_ID: Final = 0x6D73_7663  # "msvc", so that a foreign SQLite file is recognised
INTEGRITY_BYTES: Final = 1 << 30


def migrations() -> list[tuple[int, str, str]]:
    """(number, name, SQL) of every migration, in order."""
    found = []
    for entry in (files("mailsvc") / "store" / "migrations").iterdir():
        match = re.fullmatch(r"(\d{4})_(\w+)\.sql", entry.name)
        if match:
            found.append((int(match[1]), match[2], entry.read_text(encoding="utf-8")))
    return sorted(found)


def newest() -> int:
    """The schema number of this program."""
    return migrations()[-1][0]


def create(path: Path, site_id: str) -> None:
    """Make a new database for `site_id`; refuses to touch an existing file that is not empty of tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > 0:
        raise CommandError(f"{path} exists already; nothing was changed")
    with _opened(path) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
        _apply(raw, 0)
        raw.execute("INSERT INTO meta (key, value) VALUES ('site_id', ?)", (site_id,))
    os.chmod(path, 0o600)  # noqa: PTH101 - mail is nobody else's business


def upgrade(path: Path) -> list[str]:
    """Apply what is missing, all of it or none; the names of the migrations applied."""
    schema = check(path, site_id=None, allow_older=True)
    with _opened(path) as raw:
        return _apply(raw, schema)


def check(path: Path, site_id: str | None, *, allow_older: bool = False, thorough: bool = True) -> int:
    """Refuse a missing, emptied, foreign, damaged, newer or older database with StoreCorrupt; the schema number.

    Without `thorough` the pages are not read: enough for a command beside a service that has checked them.
    """
    if not path.exists():
        raise StoreCorrupt(f"there is no database {path}; `mailsvc init` makes one, `mailsvc restore` brings one back")
    if path.stat().st_size == 0:
        raise StoreCorrupt(f"{path} is empty (0 bytes): it was emptied or never made; restore a backup of it")
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            configure(raw, readonly=False)
            return _check_open(raw, path, site_id, allow_older=allow_older, thorough=thorough)
    except sqlite3.Error as error:
        ours = translate(error)
        if isinstance(ours, StoreUnavailable):  # locked or unreadable for the moment: nothing is wrong with its data
            raise ours from error
        raise StoreCorrupt(f"{path} is damaged ({error}); restore a backup of it") from error


def _check_open(raw: sqlite3.Connection, path: Path, site_id: str | None, *, allow_older: bool, thorough: bool) -> int:
    if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreCorrupt(f"{path} is not a database of mailsvc")
    schema = int(raw.execute("PRAGMA user_version").fetchone()[0])
    if schema > newest():
        raise StoreCorrupt(f"{path} has schema {schema}, newer than this program's {newest()}; upgrade the program")
    if schema < newest() and not allow_older:
        raise StoreCorrupt(f"{path} has schema {schema}, this program needs {newest()}; run `mailsvc upgrade`")
    pragma = "integrity_check" if path.stat().st_size < INTEGRITY_BYTES else "quick_check"
    verdict = str(raw.execute(f"PRAGMA {pragma}(1)").fetchone()[0]) if thorough else "ok"
    if verdict != "ok":
        raise StoreCorrupt(f"{path} is damaged ({verdict}); restore a backup of it")
    row = raw.execute("SELECT value FROM meta WHERE key = 'site_id'").fetchone()
    if row is None:
        raise StoreCorrupt(f"{path} has lost its site id: it was emptied; restore a backup of it")
    if site_id is not None and row[0] != site_id:
        raise StoreCorrupt(f"{path} belongs to another site than the key file; bring the two that belong together")
    return schema


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            configure(raw, readonly=False)
            yield raw
    except sqlite3.Error as error:
        ours = translate(error)
        if ours is error:
            raise
        raise ours from error


def _apply(raw: sqlite3.Connection, schema: int) -> list[str]:
    """All that is missing in one transaction: where one step fails, the database is as it was."""
    missing = [one for one in migrations() if one[0] > schema]
    if not missing:
        return []
    steps = "\n".join(f"{sql}\nPRAGMA user_version={number};" for number, _name, sql in missing)
    try:
        raw.executescript(f"BEGIN IMMEDIATE;\n{steps}\nCOMMIT;")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return [f"{number:04} {name}" for number, name, _sql in missing]


def hand_over(path: Path) -> None:
    """Give what root has just made to the owner of its folder, as SQLite does: it must not shut the service out."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def lock_file(path: Path) -> Path:
    """The file beside the database `path` that its one serving process holds."""
    return path.with_name(path.name + ".lock")


@contextmanager
def only_server(path: Path) -> Iterator[None]:
    """Hold the lock that makes this the one serving process; CommandError when another holds it."""
    lock = lock_file(path)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        opened = lock.open("w")
    except OSError as error:
        raise CommandError(f"cannot write {error.filename or lock}: {error.strerror or error}") from error
    with opened as handle:
        hand_over(lock)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(f"another mailsvc serves {path} already") from None
        yield
