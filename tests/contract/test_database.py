"""What every engine keeps of the contract in mailsvc.store.database."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mailsvc.errors import StoreUnavailable
from mailsvc.store import meta
from mailsvc.store.database import Database, ReadTx, Tx
from tests.contract.kit import ENGINES, Maker


@pytest.fixture(params=sorted(ENGINES))
def opened(request: pytest.FixtureRequest) -> Maker:
    maker: Maker = ENGINES[request.param]
    return maker


@pytest.fixture(params=[name for name in sorted(ENGINES) if not name.endswith("brief")])
def unhurried(request: pytest.FixtureRequest) -> Maker:
    """Where a unit may wait for something in the middle."""
    maker: Maker = ENGINES[request.param]
    return maker


def put(key: str, text: str = "x") -> Callable[[Tx], None]:
    return lambda tx: meta.put(tx, key, text)


def put_and_get(key: str, text: str) -> Callable[[Tx], str | None]:
    def unit(tx: Tx) -> str | None:
        meta.put(tx, key, text)
        return meta.get(tx, key)

    return unit


async def get(db: Database, key: str) -> str | None:
    return await db.read(lambda tx: meta.get(tx, key))


async def test_what_is_written_is_read(opened: Maker, tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        assert await db.write(put_and_get("a", "1"), durable=True) == "1"
        assert await get(db, "a") == "1"
        assert await get(db, "b") is None
    async with opened(tmp_path) as db:
        assert await get(db, "a") == "1"


async def test_statements_say_what_they_did(opened: Maker, tmp_path: Path) -> None:
    def unit(tx: Tx) -> tuple[int, int, int]:
        first = tx.insert("INSERT INTO raw (sha256, size, bytes) VALUES (:hash, 1, :bytes)", hash=b"h", bytes=b"\0\xff")
        second = tx.insert("INSERT INTO raw (sha256, size) VALUES (:hash, 2)", hash=b"h")
        return first, second, tx.execute("UPDATE raw SET size = 3 WHERE size < :most", most=9)

    async with opened(tmp_path) as db:
        first, second, changed = await db.write(unit)
        assert second > first
        assert changed == 2
        rows = await db.read(lambda tx: tx.all("SELECT * FROM raw ORDER BY id"))
        assert [(bytes(rows[0]["bytes"]), rows[1]["bytes"])] == [(b"\0\xff", None)]
        assert rows[0].keys() == ["id", "sha256", "size", "bytes"]


async def test_many_writers_are_all_answered_with_their_own(opened: Maker, tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        results = await asyncio.gather(*(db.write(put_and_get(f"k{n}", str(n))) for n in range(500)))
        assert results == [str(n) for n in range(500)]
        count = await db.read(lambda tx: tx.one("SELECT count(*) AS n FROM meta WHERE key LIKE 'k%'"))
        assert count is not None
        assert count["n"] == 500


async def test_units_run_in_the_order_they_were_asked_for(opened: Maker, tmp_path: Path) -> None:
    def append(n: int) -> Callable[[Tx], None]:
        return lambda tx: meta.put(tx, "order", f"{meta.get(tx, 'order') or ''}{n},")

    async with opened(tmp_path) as db:
        await asyncio.gather(*(db.write(append(n)) for n in range(200)))
        assert await get(db, "order") == "".join(f"{n}," for n in range(200))


async def test_a_units_error_takes_back_only_that_unit(opened: Maker, tmp_path: Path) -> None:
    def bad(tx: Tx) -> None:
        meta.put(tx, "bad", "1")
        raise ValueError("a bug")

    def wrong(tx: Tx) -> None:
        meta.put(tx, "wrong", "1")
        tx.execute("INSERT INTO meta (key, value) VALUES ('wrong', 'again')")

    async with opened(tmp_path) as db:
        results = await asyncio.gather(
            db.write(put("before")),
            db.write(bad),
            db.write(wrong),
            db.write(put("after")),
            return_exceptions=True,
        )
        assert isinstance(results[1], ValueError)
        assert isinstance(results[2], Exception)
        assert not isinstance(results[2], StoreUnavailable)  # a constraint is a bug, not the moment's trouble
        found = [await get(db, key) for key in ("before", "bad", "wrong", "after")]
        assert found == ["x", None, None, "x"]


@pytest.mark.parametrize("error", [StopIteration("s"), SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
async def test_whatever_a_unit_raises_the_writer_and_readers_go_on(
    opened: Maker, tmp_path: Path, error: BaseException
) -> None:
    def bad(tx: ReadTx) -> None:
        raise error

    async with opened(tmp_path) as db:
        for _ in range(6):  # more often than there are readers
            with pytest.raises(RuntimeError):
                await db.write(bad)
            with pytest.raises(RuntimeError):
                await db.read(bad)
        await db.write(put("after"))
        assert await get(db, "after") == "x"


async def test_a_unit_cannot_await(opened: Maker, tmp_path: Path) -> None:
    async def unit(tx: Tx) -> None:
        meta.put(tx, "a", "1")

    async with opened(tmp_path) as db:
        with pytest.raises(TypeError, match="plain function"):
            await db.write(unit)  # type: ignore[unused-coroutine]
        with pytest.raises(TypeError, match="plain function"):
            await db.read(unit)  # type: ignore[arg-type,unused-coroutine]


async def test_a_reader_cannot_write(opened: Maker, tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        with pytest.raises(Exception):  # noqa: B017 - the engine's own
            await db.read(put("a"))  # type: ignore[arg-type]
        assert await get(db, "a") is None
        await db.write(put("a"))


async def test_a_reader_sees_one_moment(unhurried: Maker, tmp_path: Path) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(tx: ReadTx) -> tuple[str | None, str | None]:
        first = meta.get(tx, "a")
        began.set()
        assert go_on.wait(20)
        return first, meta.get(tx, "a")

    async with unhurried(tmp_path) as db:
        await db.write(put("a", "1"))
        reading = asyncio.create_task(db.read(slow))
        assert await asyncio.to_thread(began.wait, 20)
        await db.write(put("a", "2"))
        go_on.set()
        assert await reading == ("1", "1")
        assert await get(db, "a") == "2"


async def test_a_cancelled_caller_does_not_cancel_its_unit(unhurried: Maker, tmp_path: Path) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        began.set()
        assert go_on.wait(20)
        meta.put(tx, "slow", "done")

    async with unhurried(tmp_path) as db:
        slow_one = asyncio.create_task(db.write(slow))
        assert await asyncio.to_thread(began.wait, 20)
        waiting = asyncio.create_task(db.write(put("waiting")))
        await asyncio.sleep(0)
        for task in (slow_one, waiting):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        go_on.set()
        await db.write(put("last"))
        assert [await get(db, key) for key in ("slow", "waiting", "last")] == ["done", "x", "x"]


async def test_a_cancelled_reader_gives_its_place_back(unhurried: Maker, tmp_path: Path) -> None:
    go_on = threading.Event()
    async with unhurried(tmp_path) as db:
        tasks = [asyncio.create_task(db.read(lambda _tx: go_on.wait(20))) for _ in range(8)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        go_on.set()
        assert await asyncio.gather(*(get(db, "a") for _ in range(8))) == [None] * 8


async def test_waking_follows_the_commit(unhurried: Maker, tmp_path: Path) -> None:
    began, go_on = threading.Event(), threading.Event()

    def unit(tx: Tx) -> None:
        meta.put(tx, "a", "1")
        tx.wake("mail")
        began.set()
        assert go_on.wait(20)

    def bad(tx: Tx) -> None:
        tx.wake("nothing")
        raise ValueError("a bug")

    async with unhurried(tmp_path) as db:
        event = db.topic("mail")
        assert db.topic("mail") is event
        writing = asyncio.create_task(db.write(unit))
        assert await asyncio.to_thread(began.wait, 20)
        await asyncio.sleep(0.01)
        assert not event.is_set()
        go_on.set()
        async with asyncio.timeout(20):
            await event.wait()
            assert await get(db, "a") == "1"
            await writing
        with pytest.raises(ValueError, match="a bug"):
            await db.write(bad)
        assert not db.topic("nothing").is_set()


async def test_a_rehearsed_unit_runs_twice_and_counts_once(opened: Maker, tmp_path: Path) -> None:
    runs = []

    def unit(tx: Tx) -> str:
        runs.append(1)
        meta.put(tx, "n", f"{meta.get(tx, 'n') or ''}x")
        tx.wake("mail")
        return str(meta.get(tx, "n"))

    async with opened(tmp_path, rehearse=True) as db:
        assert await db.write(unit) == "x"
        assert len(runs) == 2
        assert await get(db, "n") == "x"
        assert db.topic("mail").is_set()


async def test_closing_finishes_what_was_asked_for(opened: Maker, tmp_path: Path) -> None:
    async with opened(tmp_path) as db:
        writes = [asyncio.create_task(db.write(put(f"k{n}"))) for n in range(300)]
        reads = [asyncio.create_task(get(db, "k")) for _ in range(20)]
        await asyncio.sleep(0)
        await db.close()
        assert await asyncio.gather(*writes) == [None] * 300
        done = await asyncio.gather(*reads, return_exceptions=True)
        assert all(one is None or isinstance(one, StoreUnavailable) for one in done)
        with pytest.raises(StoreUnavailable):
            await db.write(put("late"))
        with pytest.raises(StoreUnavailable):
            await get(db, "late")
    async with opened(tmp_path) as db:
        count = await db.read(lambda tx: tx.one("SELECT count(*) AS n FROM meta WHERE key LIKE 'k%'"))
        assert count is not None
        assert count["n"] == 300
        assert await get(db, "late") is None
