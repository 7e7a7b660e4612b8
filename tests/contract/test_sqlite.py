"""SQLite's own part of the contract: batches, syncs, and a disk that is full, locked, read-only or broken."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mailsvc.errors import StoreCorrupt, StoreUnavailable
from mailsvc.store import inbox, meta
from mailsvc.store import sqlite as module
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import SqliteDatabase
from tests.contract.kit import sqlite

FULL, NORMAL = 2, 1


async def trace(db: SqliteDatabase) -> list[str]:
    """Every statement that the writer runs from now on."""
    lines: list[str] = []
    await on_writer(db, lambda raw: raw.set_trace_callback(lines.append))
    return lines


async def on_writer(db: SqliteDatabase, work: Callable[[sqlite3.Connection], object]) -> None:
    """Do something to the writer's connection, outside of any transaction."""
    assert db._writer is not None
    await module._in_thread(db._writer, work)


def put(key: str, value: str = "x") -> Callable[[Tx], None]:
    return lambda tx: meta.put(tx, key, value)


def synchronous(tx: Tx) -> int:
    row = tx.one("PRAGMA synchronous")
    assert row is not None
    return int(row["synchronous"])


async def get(db: SqliteDatabase, key: str) -> str | None:
    return await db.read(lambda tx: meta.get(tx, key))


async def blocked(db: SqliteDatabase) -> tuple[asyncio.Task[None], threading.Event]:
    """Keep the writer busy until the event is set."""
    began, go_on = threading.Event(), threading.Event()

    def unit(tx: Tx) -> None:
        began.set()
        assert go_on.wait(20)

    task = asyncio.create_task(db.write(unit))
    assert await asyncio.to_thread(began.wait, 20)
    return task, go_on


async def test_what_queues_while_a_batch_runs_is_one_commit(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        lines = await trace(db)
        first, go_on = await blocked(db)
        tasks = [asyncio.create_task(db.write(put(f"k{n}"))) for n in range(module.BATCH_UNITS)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, *tasks)
        assert lines.count("COMMIT") == 2
        assert lines.count("SAVEPOINT unit") == module.BATCH_UNITS + 1


async def test_a_batch_ends_after_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_SECONDS", -1.0)
    async with sqlite(tmp_path) as db:
        lines = await trace(db)
        first, go_on = await blocked(db)
        tasks = [asyncio.create_task(db.write(put("k", str(n)))) for n in range(5)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, *tasks)
        assert lines.count("COMMIT") == 6
        assert await get(db, "k") == "4"


async def test_one_durable_unit_syncs_its_batch(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        assert await db.write(synchronous) == NORMAL
        assert await db.write(synchronous, durable=True) == FULL
        first, go_on = await blocked(db)
        plain, durable = (
            asyncio.create_task(db.write(synchronous)),
            asyncio.create_task(db.write(synchronous, durable=True)),
        )
        await asyncio.sleep(0)
        go_on.set()
        assert [await plain, await durable] == [FULL, FULL]
        await first
        assert await db.write(synchronous) == NORMAL


async def test_the_file_is_in_wal_mode_whatever_it_came_from(tmp_path: Path) -> None:
    async with sqlite(tmp_path):
        pass
    raw = sqlite3.connect(tmp_path / "mail.db", isolation_level=None)
    assert raw.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
    raw.close()
    async with sqlite(tmp_path) as db:
        row = await db.read(lambda tx: tx.one("PRAGMA journal_mode"))
        assert row is not None
        assert row["journal_mode"] == "wal"


async def test_connections_are_strict(tmp_path: Path) -> None:
    wanted = {"foreign_keys": 1, "trusted_schema": 0, "cell_size_check": 1, "secure_delete": 1}

    async with sqlite(tmp_path) as db:
        for run in (db.write, db.read):
            found = await run(lambda tx: {name: dict(tx.one(f"PRAGMA {name}") or {})[name] for name in wanted})
            assert found == wanted
        with pytest.raises(sqlite3.IntegrityError):
            await db.write(lambda tx: tx.execute("INSERT INTO timer VALUES (77, 'end', 1, 1)"))


async def test_the_queue_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_UNITS", 8)
    async with sqlite(tmp_path) as db:
        first, go_on = await blocked(db)
        tasks = [asyncio.create_task(db.write(put(f"k{n}"))) for n in range(50)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(db._waiting) == 7  # and the one that runs
        go_on.set()
        await asyncio.gather(first, *tasks)
        for n in range(50):
            assert await get(db, f"k{n}") == "x"
        await asyncio.gather(*(db.write(put("again")) for _ in range(50)))


# ---- faults


def big(tx: Tx) -> None:
    inbox.insert_raw(tx, bytes(200_000))


async def limit_pages(db: SqliteDatabase, more: int | None) -> None:
    """Let the file grow by so many pages at most: a full disk, as SQLite sees it."""

    def unit(tx: Tx) -> None:
        count = dict(tx.one("PRAGMA page_count") or {})["page_count"]
        tx.one(f"PRAGMA max_page_count={count + more if more is not None else 1 << 30}")

    await db.write(unit)


async def test_a_full_disk_is_told_and_passes(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        await db.write(put("before"))
        await limit_pages(db, 10)
        for durable in (False, True):
            results = await asyncio.gather(
                db.write(put("small")), db.write(big, durable=durable), return_exceptions=True
            )
            assert isinstance(results[1], StoreUnavailable)
            assert results[0] is None or isinstance(results[0], StoreUnavailable)
        assert await get(db, "before") == "x"
        count = await db.read(lambda tx: tx.one("SELECT count(*) AS n FROM raw"))
        assert count is not None
        assert count["n"] == 0
        await limit_pages(db, None)
        await db.write(big, durable=True)
    raw = sqlite3.connect(tmp_path / "mail.db")
    assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    raw.close()


async def test_when_sqlite_takes_the_whole_batch_back_every_caller_is_told(tmp_path: Path) -> None:
    def rolled_back(tx: Tx) -> None:
        meta.put(tx, "own", "x")
        tx.execute("ROLLBACK")  # what SQLite may do by itself on FULL and IOERR
        raise sqlite3.OperationalError("disk I/O error")

    async with sqlite(tmp_path) as db:
        first, go_on = await blocked(db)
        tasks = [asyncio.create_task(db.write(unit)) for unit in (put("a"), rolled_back, put("b"))]
        await asyncio.sleep(0)
        go_on.set()
        results = await asyncio.gather(first, *tasks, return_exceptions=True)
        assert results[0] is None
        assert [type(one) for one in results[1:]] == [StoreUnavailable] * 3
        assert [await get(db, key) for key in ("a", "own", "b")] == [None, None, None]
        await db.write(put("a"))
        assert await get(db, "a") == "x"


async def test_a_lock_held_by_another_is_told_and_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_MILLISECONDS", 20)
    async with sqlite(tmp_path) as db:
        other = sqlite3.connect(tmp_path / "mail.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO meta VALUES ('other', 'x')")
        with pytest.raises(StoreUnavailable):
            await db.write(put("a"))
        assert await get(db, "other") is None  # readers go on meanwhile
        other.execute("COMMIT")
        other.close()
        await db.write(put("a"))
        assert [await get(db, key) for key in ("a", "other")] == ["x", "x"]


async def test_a_brief_unit_waits_for_a_lock_and_holds_up_nobody(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        other = sqlite3.connect(tmp_path / "mail.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(db.write(put("a"), durable=True, brief=True))
        seen = [await db.read(lambda tx: meta.get(tx, "a"), brief=True) for _ in range(20)]
        assert (seen, waiting.done()) == ([None] * 20, False)
        other.execute("COMMIT")
        other.close()
        await waiting
        assert await db.read(lambda tx: meta.get(tx, "a"), brief=True) == "x"


async def test_brief_units_and_others_share_a_batch_in_their_order(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        lines = await trace(db)
        first, go_on = await blocked(db)
        tasks = [asyncio.create_task(db.write(put("k", str(n)), brief=n % 2 == 0)) for n in range(9)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, *tasks)
        assert lines.count("COMMIT") == 2
        assert await get(db, "k") == "8"


async def test_a_brief_units_threads_are_two(tmp_path: Path) -> None:
    """What it does is done where it is asked for; only the commit, which waits for the disk, is not."""
    async with sqlite(tmp_path) as db:
        where = []

        def unit(tx: Tx) -> None:
            where.append(threading.current_thread())
            meta.put(tx, "a", "x")

        await db.write(unit, durable=True, brief=True)
        await db.write(unit, durable=True)
        assert where[0] is threading.current_thread()
        assert where[1] is not threading.current_thread()


async def test_a_read_only_file_is_told_and_passes(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        await on_writer(db, lambda raw: raw.execute("PRAGMA query_only=ON"))
        with pytest.raises(StoreUnavailable):
            await db.write(put("a"), durable=True)
        assert await get(db, "site_id") == "site"
        await on_writer(db, lambda raw: raw.execute("PRAGMA query_only=OFF"))
        await db.write(put("a"), durable=True)


async def test_another_processes_commit_is_noticed(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        assert not await db.changed_elsewhere()
        await db.write(put("own"))
        assert not await db.changed_elsewhere()
        other = sqlite3.connect(tmp_path / "mail.db", isolation_level=None)
        other.execute("INSERT INTO meta VALUES ('other', 'x')")
        other.close()
        assert await db.changed_elsewhere()
        assert not await db.changed_elsewhere()
        event = db.topic("mail")
        db.wake_all()
        assert event.is_set()


async def test_a_damaged_page_is_told_as_damage(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:
        pages = dict(await db.read(lambda tx: tx.one("PRAGMA page_count")) or {})["page_count"]
        for _ in range(5):
            await db.write(big)
    path = tmp_path / "mail.db"
    content = bytearray(path.read_bytes())
    for start in range(pages * 4096, len(content), 4096):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(content)
    async with sqlite(tmp_path) as db:
        with pytest.raises(StoreCorrupt):
            await db.read(lambda tx: tx.all("SELECT hex(bytes) FROM raw"))
        with pytest.raises(StoreCorrupt):
            await db.write(lambda tx: tx.execute("UPDATE raw SET bytes = NULL"))


class Disk:
    """A disk whose commits can be made to fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: tuple[str, int] | None = None
        original = module._Connection.execute

        def execute(connection: sqlite3.Connection, sql: str, *parameters: object) -> sqlite3.Cursor:
            if self.error is not None and sql == "COMMIT" and not connection.execute("PRAGMA query_only").fetchone()[0]:
                error = sqlite3.OperationalError(self.error[0])
                error.sqlite_errorcode = self.error[1]
                raise error
            return original(connection, sql, *parameters)  # type: ignore[arg-type]

        monkeypatch.setattr(module._Connection, "execute", execute)


async def test_a_commit_that_fails_is_nobodys_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    async with sqlite(tmp_path) as db:
        disk.error = ("disk I/O error", 778)  # IOERR_WRITE
        results = await asyncio.gather(*(db.write(put(f"k{n}")) for n in range(3)), return_exceptions=True)
        assert [type(one) for one in results] == [StoreUnavailable] * 3
        assert not db.failed.is_set()
        disk.error = None
        assert await get(db, "k0") is None
        await db.write(put("k0"))
        assert await get(db, "k0") == "x"


async def test_after_a_failed_sync_nothing_is_written_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    async with sqlite(tmp_path) as db:
        disk.error = ("disk I/O error", 1034)  # IOERR_FSYNC
        with pytest.raises(StoreUnavailable):
            await db.write(put("a"), durable=True)
        assert db.failed.is_set()
        disk.error = None
        with pytest.raises(StoreUnavailable, match="started anew"):
            await db.write(put("a"), durable=True)
        assert await get(db, "a") is None
    async with sqlite(tmp_path) as db:
        await db.write(put("a"), durable=True)
