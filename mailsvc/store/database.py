"""What the rest of the program knows of the database: units of work, and nothing of any engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from mailsvc.clock import Instant

T = TypeVar("T")


class Row(Protocol):
    """One row, by column name."""

    def __getitem__(self, column: str) -> Any:  # noqa: ANN401 - the engine's values
        ...

    def keys(self) -> list[str]:
        """The column names."""
        ...


class ReadTx(Protocol):
    """A consistent view inside one unit of work. Parameters are named (`:name`) and given as keywords."""

    @property
    def now(self) -> Instant:
        """The time of this unit."""
        ...

    def one(self, sql: str, **params: object) -> Row | None:
        """The first row, or None."""
        ...

    def all(self, sql: str, **params: object) -> list[Row]:
        """All rows."""
        ...


class Tx(ReadTx, Protocol):
    """A unit that may change things; it may be run more than once, so it touches nothing but this and its arguments."""

    def execute(self, sql: str, **params: object) -> int:
        """Run one statement; the number of rows changed."""
        ...

    def insert(self, sql: str, **params: object) -> int:
        """Run one INSERT; the new row's id."""
        ...

    def random_bytes(self, count: int) -> bytes:
        """Unguessable bytes."""
        ...

    def wake(self, topic: str) -> None:
        """After the commit, wake whoever waits for `topic`."""
        ...


class Database(Protocol):
    """Where everything is kept."""

    async def read(self, unit: Callable[[ReadTx], T], *, brief: bool = False) -> T:
        """Run `unit` on a consistent view, beside writers. Raises StoreUnavailable.

        `brief`: a few rows found by their keys, whatever the database holds. Nothing else goes on meanwhile.
        """
        ...

    async def write(self, unit: Callable[[Tx], T], *, durable: bool = False, brief: bool = False) -> T:
        """Run `unit` in a transaction and return after its commit; with `durable`, after the fsync; `brief` as above.

        Raises StoreUnavailable (nothing was changed) or what `unit` raised (nothing was changed). A cancelled
        caller does not cancel the unit.
        """
        ...

    def topic(self, name: str) -> asyncio.Event:
        """An event set after each commit that called `tx.wake(name)`; who waits clears it."""
        ...
