"""The loops: woken by commits, called again when due, and ended by no failure of what they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from mailsvc import work
from mailsvc.clock import Instant, VirtualClock
from mailsvc.errors import StoreCorrupt, StoreUnavailable
from mailsvc.handling import Handling
from mailsvc.ids import InboxId
from mailsvc.store import inbox
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import SqliteDatabase
from mailsvc.work import Loop
from tests.contract.kit import START, sqlite
from tests.systems.world import DOMAIN, running

ANNA = "Anna Berg <anna@example.com>"


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    async with sqlite(tmp_path) as opened:
        yield opened


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)


async def test_a_loop_works_at_its_start_and_when_woken(db: SqliteDatabase) -> None:
    calls: list[int] = []

    async def once() -> Instant | None:
        calls.append(1)
        return None

    loop = Loop("test", db, VirtualClock(START), "mail", once)
    loop.start()
    await eventually(lambda: len(calls) == 1)
    await asyncio.sleep(0.01)
    assert len(calls) == 1
    await db.write(lambda tx: tx.wake("other"))
    await db.write(lambda tx: tx.wake("mail"))
    await eventually(lambda: len(calls) == 2)
    await loop.stop()
    assert len(calls) == 2


async def test_a_wake_while_it_works_is_not_lost(db: SqliteDatabase) -> None:
    calls: list[int] = []
    go_on = asyncio.Event()

    async def slow() -> Instant | None:
        calls.append(1)
        await go_on.wait()
        return None

    loop = Loop("test", db, VirtualClock(START), "mail", slow)
    loop.start()
    await eventually(lambda: len(calls) == 1)
    db.topic("mail").set()
    go_on.set()
    await eventually(lambda: len(calls) == 2)
    await loop.stop()


async def test_what_is_due_is_done_at_once(db: SqliteDatabase) -> None:
    calls: list[int] = []
    clock = VirtualClock(START)

    async def due() -> Instant | None:
        calls.append(1)
        return clock.now() if len(calls) < 5 else None

    loop = Loop("test", db, clock, "mail", due)
    loop.start()
    await eventually(lambda: len(calls) == 5)
    await loop.stop()


@pytest.mark.parametrize("error", [StoreUnavailable("full"), StoreCorrupt("damaged"), ZeroDivisionError("a bug")])
async def test_no_failure_ends_a_loop(db: SqliteDatabase, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(work, "AFTER_FAILURE", 0.001)
    calls: list[int] = []

    async def failing() -> Instant | None:
        calls.append(1)
        if len(calls) < 4:
            raise error
        return None

    loop = Loop("test", db, VirtualClock(START), "mail", failing)
    loop.start()
    await eventually(lambda: len(calls) == 4)
    await loop.stop()


async def test_stopping_waits_for_what_is_being_done(db: SqliteDatabase) -> None:
    done: list[int] = []
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> Instant | None:
        began.set()
        await go_on.wait()
        done.append(1)
        return Instant(0)

    loop = Loop("test", db, VirtualClock(START), "mail", slow)
    loop.start()
    await began.wait()
    stopping = asyncio.create_task(loop.stop())
    await asyncio.sleep(0.01)
    assert not stopping.done()
    go_on.set()
    await stopping
    assert done == [1]


# ---- handling, when the database says no


async def test_a_full_disk_makes_nobodys_mail_poison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handling fails again and again for want of room, and so does writing that down; later it is done."""
    full = True
    original = SqliteDatabase.write

    async def write(
        self: SqliteDatabase, unit: Callable[[Tx], object], *, durable: bool = False, brief: bool = False
    ) -> object:
        name = getattr(unit, "__qualname__", "")
        if full and ("_handle" in name or "_pay_back" in name):
            raise StoreUnavailable("database or disk is full")
        return await original(self, unit, durable=durable, brief=brief)

    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=ANNA)
        await world.member(group, ANNA)
        monkeypatch.setattr(SqliteDatabase, "write", write)
        monkeypatch.setattr(work, "AFTER_FAILURE", 0.001)
        sending = asyncio.create_task(world.send(ANNA, f"cataloguing@{DOMAIN}", "patience"))
        while not await world.rows("SELECT 1 FROM inbox WHERE attempts > 0"):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        for _ in range(20):
            world.service.db.wake_all()
            await asyncio.sleep(0.005)
        (row,) = await world.rows("SELECT state, attempts FROM inbox")
        assert row["state"] == "new"
        full = False
        await asyncio.sleep(0.02)
        await world.pass_time(seconds=10)
        await sending
        (row,) = await world.rows("SELECT state, reason, attempts FROM inbox")
        assert (row["state"], row["reason"], row["attempts"]) == ("handled", "posted", 1)
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["patience"]


async def test_attempts_are_given_back_once(db: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[InboxId] = []

    def put_off(_tx: Tx, inbox_id: InboxId, _until: int, *, attempts_back: int = 0) -> None:
        assert attempts_back == 1
        given.append(inbox_id)

    monkeypatch.setattr(inbox, "put_off", put_off)
    handling = Handling.__new__(Handling)
    handling._db = db
    handling._owed = {}
    from mailsvc.handling import Delay

    ids = [InboxId(n) for n in range(32)]
    await asyncio.gather(*(handling._again_later(one, Delay(1, attempts_back=1)) for one in ids))
    assert sorted(given) == ids
