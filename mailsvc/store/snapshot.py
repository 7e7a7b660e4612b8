"""A whole copy of the database of a moment, taken beside its service, and a copy made ready to be served again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from mailsvc.clock import SystemClock
from mailsvc.errors import StoreCorrupt, StoreUnavailable
from mailsvc.store import meta, restored
from mailsvc.store.rehearsal import commit
from mailsvc.store.sqlite import configure, translate

PAGES: Final = 1024  # copied at a time, between two reports of progress
Progress = Callable[[int, int], None]
"""Told how much is done of how much, in octets."""


def copy(source: Path, target: Path, progress: Progress) -> None:
    """Write the database as it is now to the new file `target` and check every page of the copy.

    The service goes on meanwhile: one reading transaction holds the moment, and in WAL mode nobody waits for that.
    Raises StoreUnavailable, and StoreCorrupt when the copy is not sound.
    """
    with _opened(source, "rw", readonly=True) as reading, _opened(target, "rwc") as writing:
        page = int(reading.execute("PRAGMA page_size").fetchone()[0])
        reading.execute("BEGIN")
        reading.execute("SELECT key FROM meta LIMIT 1").fetchone()  # only a read begins the transaction
        # sqlite.org/c3ref/backup_finish.html: a copy begins anew when the source changes between two steps; it does
        # not while the source's own connection sees one unchanging moment.
        reading.backup(writing, pages=PAGES, progress=lambda _, left, all_: progress((all_ - left) * page, all_ * page))
        reading.execute("COMMIT")
        writing.execute("PRAGMA journal_mode=DELETE")  # one file alone, without a WAL beside it
        _check(writing, target)


def prepare(path: Path, age: int, *, rehearsal: bool) -> int:
    """Check a copy that is `age` microseconds old and pause all that it has not sent; how many mails that is.

    `path` is served by nobody and under a name of its own; a `rehearsal` has moved its clock.
    Raises StoreUnavailable, StoreCorrupt.
    """
    with _opened(path, "rw") as raw:
        _check(raw, path)
        row = raw.execute("SELECT value FROM meta WHERE key = :key", {"key": meta.CLOCK_OFFSET}).fetchone()
        clock = SystemClock(int(row[0]) if row and rehearsal else 0)
        return commit(raw, clock, lambda tx: restored.hold(tx, age))


def _check(raw: sqlite3.Connection, path: Path) -> None:
    verdict = str(raw.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if verdict != "ok":
        raise StoreCorrupt(f"the copy {path} is damaged ({verdict})")
    strays = raw.execute("PRAGMA foreign_key_check").fetchall()
    if strays:
        raise StoreCorrupt(f"the copy {path} has {len(strays)} rows that belong to nothing")


@contextmanager
def _opened(path: Path, mode: str, *, readonly: bool = False) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode={mode}", uri=True, isolation_level=None)) as raw:
            configure(raw, readonly=readonly)
            raw.execute("PRAGMA synchronous=FULL")
            yield raw
    except sqlite3.Error as error:
        ours = translate(error)
        if isinstance(ours, StoreUnavailable | StoreCorrupt):
            raise ours from error
        raise
