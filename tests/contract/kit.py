"""Databases for the contract tests: one maker per engine, so that another engine joins by one line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from mailsvc.clock import VirtualClock
from mailsvc.ids import SeededRandomness
from mailsvc.store import migrate
from mailsvc.store.database import Database, ReadTx, Tx
from mailsvc.store.sqlite import SqliteDatabase

T = TypeVar("T")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SITE = "site"


class Closable(Database, Protocol):
    """A database that can be closed before its end."""

    async def close(self) -> None: ...


class Maker(Protocol):
    """Opens a new, migrated database in a folder; an existing one is opened again."""

    def __call__(self, folder: Path, *, rehearse: bool = False) -> AbstractAsyncContextManager[Closable]: ...


@asynccontextmanager
async def sqlite(
    folder: Path, *, rehearse: bool = False, kind: type[SqliteDatabase] = SqliteDatabase
) -> AsyncIterator[SqliteDatabase]:
    path = folder / "mail.db"
    if not path.exists():
        migrate.create(path, SITE)
    database = kind(path, VirtualClock(START), SeededRandomness(), rehearse=rehearse)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


class Brief(SqliteDatabase):
    """All its units are brief, so that they run in the event loop's thread."""

    async def read(self, unit: Callable[[ReadTx], T], *, brief: bool = False) -> T:
        return await super().read(unit, brief=True)

    async def write(self, unit: Callable[[Tx], T], *, durable: bool = False, brief: bool = False) -> T:
        return await super().write(unit, durable=durable, brief=True)


def sqlite_brief(folder: Path, *, rehearse: bool = False) -> AbstractAsyncContextManager[SqliteDatabase]:
    """The same with brief units only."""
    return sqlite(folder, rehearse=rehearse, kind=Brief)


ENGINES: dict[str, Callable[..., AbstractAsyncContextManager[Closable]]] = {
    "sqlite": sqlite,
    "sqlite-brief": sqlite_brief,
}
