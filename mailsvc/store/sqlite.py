"""SQLite behind `Database`: one batching writer, a few readers, each connection in its own thread (aiosqlite).

Brief units run in the event loop's thread instead (docs/decisions/0028).
"""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar, cast

import aiosqlite

from mailsvc.clock import Clock, Instant
from mailsvc.errors import StoreCorrupt, StoreUnavailable
from mailsvc.ids import Randomness
from mailsvc.store.database import ReadTx, Row, Tx

T = TypeVar("T")

BATCH_UNITS: Final = 64
BATCH_SECONDS: Final = 0.010
QUEUE_UNITS: Final = 4096
READERS: Final = 4
BUSY_MILLISECONDS: Final = 10_000

# Primary result codes (sqlite.org/rescode.html) after which nothing is wrong with the data, only with the moment.
_PASSING = {5, 6, 7, 8, 10, 13, 14, 15}  # BUSY LOCKED NOMEM READONLY IOERR FULL CANTOPEN PROTOCOL
_BROKEN = {11, 26}  # CORRUPT NOTADB

# After a failed fsync nobody knows what of the file is on the disk: later syncs would say yes for pages that the kernel
# has given up (reliability.md §5). Nothing more is written through this handle; the process ends and is started anew.
_UNSYNCED = {1034, 1290}  # IOERR_FSYNC IOERR_DIR_FSYNC


class _Connection(sqlite3.Connection):
    """A connection that runs a whole function in aiosqlite's thread: its public API hops once per statement."""

    def create_function(
        self, name: str, narg: int, func: Callable[..., Any] | None, *, deterministic: bool = False
    ) -> None:
        """Run `func` here when asked for by the name "run"."""
        if name == "run" and func is not None:
            func(self)
        else:
            super().create_function(name, narg, func, deterministic=deterministic)


async def _in_thread(connection: aiosqlite.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    results: list[T] = []

    def run(raw: sqlite3.Connection) -> None:
        try:
            results.append(_no_coroutine(work(raw)))
        except BaseException as error:  # noqa: BLE001 - raised again, as its caller gets it
            _raise(error)

    await connection.create_function("run", 1, run)
    return results[0]


class _Transaction:
    """`Tx` on one sqlite3 connection."""

    def __init__(self, raw: sqlite3.Connection, now: Instant, randomness: Randomness) -> None:
        self._raw = raw
        self._randomness = randomness
        self.now = now
        self.topics: set[str] = set()

    def one(self, sql: str, **params: object) -> Row | None:
        return cast("Row | None", self._raw.execute(sql, params).fetchone())

    def all(self, sql: str, **params: object) -> list[Row]:
        return cast("list[Row]", self._raw.execute(sql, params).fetchall())

    def execute(self, sql: str, **params: object) -> int:
        return self._raw.execute(sql, params).rowcount

    def insert(self, sql: str, **params: object) -> int:
        return int(self._raw.execute(sql, params).lastrowid or 0)

    def random_bytes(self, count: int) -> bytes:
        return self._randomness.random_bytes(count)

    def wake(self, topic: str) -> None:
        self.topics.add(topic)


@dataclass(slots=True)
class _Unit:
    run: Callable[[Tx], object]
    durable: bool
    brief: bool
    future: asyncio.Future[object]
    result: object = None
    error: Exception | None = None
    topics: set[str] = field(default_factory=set)


class SqliteDatabase:
    """A database file served by this process. `rehearse` (tests) runs every unit twice, the first time rolled back."""

    def __init__(self, path: Path, clock: Clock, randomness: Randomness, *, rehearse: bool = False) -> None:
        self.path = path
        self._clock = clock
        self._randomness = randomness
        self._rehearse = rehearse
        self._topics: dict[str, asyncio.Event] = {}
        self._waiting: deque[_Unit] = deque()
        self._room = asyncio.Semaphore(QUEUE_UNITS)
        self._arrived = asyncio.Event()
        self._closing = False
        self._writer: aiosqlite.Connection | None = None
        self._raw_writer: sqlite3.Connection | None = None
        self._writing = asyncio.Lock()  # one thread at a time
        self._waits_for_lock = True  # whether the writer's connection does
        self._at_hand: sqlite3.Connection | None = None  # for brief reads, in the event loop's thread
        self._readers: asyncio.Queue[aiosqlite.Connection | None] = asyncio.Queue()
        self._all_readers: list[aiosqlite.Connection] = []
        self._loop_task: asyncio.Task[None] | None = None
        self._data_version = 0
        self.failed = asyncio.Event()  # set when this process may not write any more and has to be started anew

    async def open(self) -> None:
        """Open writer and readers. The file must exist (see migrate). Raises StoreUnavailable, StoreCorrupt."""
        sys.setswitchinterval(0.0005)
        self._writer = await self._connect(readonly=False)
        # a restored copy may have come out of WAL mode; without it readers would block the writer
        await _in_thread(self._writer, lambda raw: raw.execute("PRAGMA journal_mode=WAL").fetchone())
        for _ in range(READERS):
            reader = await self._connect(readonly=True)
            self._all_readers.append(reader)
            self._readers.put_nowait(reader)
        self._raw_writer = await _in_thread(self._writer, lambda raw: raw)
        self._data_version = await _in_thread(self._writer, _data_version)
        self._at_hand = sqlite3.connect(self._address, uri=True, isolation_level=None, cached_statements=512)
        configure(self._at_hand, readonly=True)
        self._at_hand.execute("PRAGMA busy_timeout=0")
        self._loop_task = asyncio.create_task(self._write_loop(), name="writer")

    async def close(self) -> None:
        """Finish what was asked for, then close every connection."""
        self._closing = True
        self._arrived.set()
        if self._loop_task:
            await self._loop_task
        for _ in self._all_readers:  # reads that are under way come to their end
            await self._readers.get()
        for connection in [*self._all_readers, self._writer]:
            if connection is not None:
                await connection.close()
        if self._at_hand is not None:
            self._at_hand.close()
        for _ in self._all_readers:  # reads that came too late are told so
            self._readers.put_nowait(None)

    @property
    def _address(self) -> str:
        return f"file:{self.path}?mode=rw"

    async def _connect(self, *, readonly: bool) -> aiosqlite.Connection:
        try:
            connection = await aiosqlite.connect(
                self._address,
                uri=True,
                factory=_Connection,
                isolation_level=None,
                cached_statements=512,
                check_same_thread=False,  # the writer's is used by two, one after the other (see _run_brief)
            )
        except sqlite3.Error as error:
            raise translate(error) from error
        try:
            await _in_thread(connection, lambda raw: configure(raw, readonly=readonly))
        except BaseException:
            await connection.close()
            raise
        return connection

    def topic(self, name: str) -> asyncio.Event:
        """The event of `name`; see Database.topic."""
        return self._topics.setdefault(name, asyncio.Event())

    async def read(self, unit: Callable[[ReadTx], T], *, brief: bool = False) -> T:
        """See Database.read."""
        if brief and self._at_hand is not None and not self._closing:
            try:
                return self._look(self._at_hand, unit)
            except sqlite3.Error:  # somebody stands in the way, or it is broken: the other way waits, and tells
                pass
            except BaseException as error:  # noqa: BLE001 - raised again, as its caller gets it
                _raise(error)
        reader = await self._readers.get()
        if reader is None:
            self._readers.put_nowait(None)
            raise StoreUnavailable("the database is closed")
        reading = asyncio.ensure_future(self._give_back(reader, lambda raw: self._look(raw, unit)))
        reading.add_done_callback(_look_at)
        return await asyncio.shield(reading)

    def _look(self, raw: sqlite3.Connection, unit: Callable[[ReadTx], T]) -> T:
        now, randomness = self._clock.now(), self._randomness
        raw.execute("BEGIN")
        try:
            return _no_coroutine(unit(_Transaction(raw, now, randomness)))
        finally:
            if raw.in_transaction:  # SQLite ends it itself on some errors
                raw.execute("COMMIT")

    async def _give_back(self, reader: aiosqlite.Connection, run: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await _in_thread(reader, run)
        finally:
            self._readers.put_nowait(reader)

    async def write(self, unit: Callable[[Tx], T], *, durable: bool = False, brief: bool = False) -> T:
        """See Database.write."""
        await self._room.acquire()
        if self._closing or self._loop_task is None:
            self._room.release()
            raise StoreUnavailable("the database is closed")
        waiting = _Unit(unit, durable, brief, asyncio.get_running_loop().create_future())
        waiting.future.add_done_callback(_look_at)
        self._waiting.append(waiting)
        self._arrived.set()
        return cast("T", await asyncio.shield(waiting.future))

    async def changed_elsewhere(self) -> bool:
        """Whether another process (the command line) has committed since the last call."""
        assert self._writer is not None
        async with self._writing:
            version = await _in_thread(self._writer, _data_version)
        changed = version != self._data_version
        self._data_version = version
        return changed

    def wake_all(self) -> None:
        """Wake everybody who waits for anything."""
        for event in self._topics.values():
            event.set()

    async def _write_loop(self) -> None:
        assert self._writer is not None
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH_UNITS, len(self._waiting)))]
                async with self._writing:
                    await self._run_batch(self._writer, batch)
            if self._closing and not self._waiting:
                return

    async def _run_batch(self, writer: aiosqlite.Connection, batch: list[_Unit]) -> None:
        now = self._clock.now()
        failure: Exception | None = None
        done = len(batch)
        try:
            if self.failed.is_set():
                raise StoreUnavailable("a write could not be synced to the disk; the service has to be started anew")
            if all(unit.brief for unit in batch):
                done = await self._run_brief(writer, batch, now)
            else:
                done = await _in_thread(writer, lambda raw: self._transact(raw, batch, now))
        except Exception as error:  # noqa: BLE001 - whatever it is, the callers are told and the writer goes on
            failure = error
            if getattr(error.__cause__, "sqlite_errorcode", 0) in _UNSYNCED:
                self.failed.set()
        for later in reversed(batch[done:]):
            self._waiting.appendleft(later)
        for unit in batch[:done]:
            self._room.release()
            problem = failure or unit.error
            if problem is not None:
                unit.future.set_exception(problem)
            else:
                unit.future.set_result(unit.result)
                for topic in unit.topics:
                    self.topic(topic).set()

    async def _run_brief(self, writer: aiosqlite.Connection, batch: list[_Unit], now: Instant) -> int:
        """As `_transact`, but only what may have to wait is done in the writer's thread: a lock, and the commit.

        Each statement in another thread gives Python's lock away and waits for it to come back, which takes longer
        than the statement.
        """
        raw = self._raw_writer
        assert raw is not None
        try:
            self._begin(raw, batch, wait=False)
        except sqlite3.OperationalError:
            await _in_thread(writer, lambda raw: self._begin(raw, batch, wait=True))
        try:
            done = self._run_units(raw, batch, now)
        except BaseException as error:  # noqa: BLE001 - raised again, as its caller gets it
            _take_back(raw)
            _raise(error)
        await _in_thread(writer, _commit)
        return done

    def _transact(self, raw: sqlite3.Connection, batch: list[_Unit], now: Instant) -> int:
        """One BEGIN … COMMIT in the writer's thread; the number of units that were run."""
        self._begin(raw, batch, wait=True)
        try:
            done = self._run_units(raw, batch, now)
        except BaseException:
            _take_back(raw)
            raise
        _commit(raw)
        return done

    def _begin(self, raw: sqlite3.Connection, batch: list[_Unit], *, wait: bool) -> None:
        if raw.in_transaction:  # left over from a rollback that failed
            raw.execute("ROLLBACK")
        if wait is not self._waits_for_lock:
            raw.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS if wait else 0}")
            self._waits_for_lock = wait
        raw.execute("PRAGMA synchronous=FULL" if any(unit.durable for unit in batch) else "PRAGMA synchronous=NORMAL")
        raw.execute("BEGIN IMMEDIATE")

    def _run_units(self, raw: sqlite3.Connection, batch: list[_Unit], now: Instant) -> int:
        started = time.monotonic()
        done = 0
        for unit in batch:
            self._run_unit(raw, unit, now)
            done += 1
            if time.monotonic() - started > BATCH_SECONDS:
                break
        return done

    def _run_unit(self, raw: sqlite3.Connection, unit: _Unit, now: Instant) -> None:
        raw.execute("SAVEPOINT unit")
        try:
            if self._rehearse:
                _no_coroutine(unit.run(_Transaction(raw, now, self._randomness)))
                raw.execute("ROLLBACK TO unit")
            tx = _Transaction(raw, now, self._randomness)
            unit.result = _no_coroutine(unit.run(tx))
            unit.topics = tx.topics
        except BaseException as error:  # whatever it is: a unit's bug is its caller's matter
            if not raw.in_transaction:  # SQLite rolled everything back (FULL, IOERR): nobody's unit happened
                raise StoreUnavailable(str(error)) from error
            raw.execute("ROLLBACK TO unit")
            unit.error = _of_caller(error)
        raw.execute("RELEASE unit")


def _commit(raw: sqlite3.Connection) -> None:
    try:
        raw.execute("COMMIT")
    except BaseException:
        _take_back(raw)
        raise


def _take_back(raw: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):  # what went wrong first is what is told
        if raw.in_transaction:
            raw.execute("ROLLBACK")


def _look_at(future: asyncio.Future[Any]) -> None:
    """Nobody may wait any more for what became of a unit; its error then must not cause a warning."""
    if not future.cancelled():
        future.exception()


def configure(raw: sqlite3.Connection, *, readonly: bool) -> None:
    """The settings of every connection (sqlite.org/pragma.html)."""
    raw.row_factory = sqlite3.Row
    raw.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA trusted_schema=OFF")
    raw.execute("PRAGMA cell_size_check=ON")
    raw.execute("PRAGMA secure_delete=ON")
    raw.execute("PRAGMA cache_size=-65536" if not readonly else "PRAGMA cache_size=-16384")
    raw.execute("PRAGMA temp_store=MEMORY")
    if readonly:
        raw.execute("PRAGMA query_only=ON")
    else:
        raw.execute("PRAGMA journal_size_limit=67108864")
        raw.execute("PRAGMA wal_autocheckpoint=1000")


def translate(error: sqlite3.Error) -> Exception:
    """An engine's error as one of ours, or itself when it is a bug (a constraint, a wrong statement)."""
    code = getattr(error, "sqlite_errorcode", 1) & 0xFF
    if code in _BROKEN:
        return StoreCorrupt(f"the database is damaged: {error}")
    if code in _PASSING:
        return StoreUnavailable(str(error))
    return error


def _no_coroutine(result: T) -> T:
    """A unit runs in the writer's thread, from its beginning to its end: it cannot await anything."""
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError("a unit of work is a plain function, not a coroutine")
    return result


def _raise(error: BaseException) -> NoReturn:
    """As its caller gets it."""
    ours = _of_caller(error)
    if ours is error:
        raise error
    raise ours from error


def _of_caller(error: BaseException) -> Exception:
    """What a unit raised, as its caller gets it; what would end a thread or a generator becomes a RuntimeError."""
    if isinstance(error, sqlite3.Error):
        return translate(error)
    if isinstance(error, StopIteration) or not isinstance(error, Exception):
        return RuntimeError(repr(error))
    return error


def _data_version(raw: sqlite3.Connection) -> int:
    return int(raw.execute("PRAGMA data_version").fetchone()[0])
