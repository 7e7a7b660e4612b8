"""An event loop in whose world nobody waits: when nothing can happen before the next timer, it is that time at once.

Sockets and threads are real. While a unit of work is in a database's thread time stands still, so that a slow machine
does not look like a slow next hop.
"""

from __future__ import annotations

import asyncio
import os
import selectors
from collections.abc import Callable
from typing import Any, Final, TypeVar

from mailsvc.clock import Instant
from mailsvc.store import sqlite

T = TypeVar("T")

LONG: Final = 1.0  # a jump of so many seconds may be a time limit's: first see whether something was only late


class _Selector(selectors.DefaultSelector):
    """Waits for files as its parent does, but for time not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.busy = 0  # units of work in threads

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        while self.busy and timeout > 0 and not ready:
            ready = super().select(0.05)
        if timeout >= LONG and not ready:
            os.sched_yield()
            ready = super().select(0)
        if not ready and timeout > 0:
            self.now += timeout
            ready = super().select(0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop."""

    def __init__(self) -> None:
        self.selector = _Selector()
        super().__init__(self.selector)
        # Two times nearer than this are one, because after years of plays a float cannot tell them apart.
        self._clock_resolution = 1e-5

    def time(self) -> float:
        return self.selector.now

    def watch_database(self, replace: Callable[[object, str, object], None]) -> None:
        """Let time stand still while a database works; `replace` is pytest's monkeypatch.setattr or like it."""
        original = sqlite._in_thread

        async def counted(connection: Any, work: Callable[[Any], T]) -> T:
            self.selector.busy += 1
            try:
                return await original(connection, work)
            finally:
                self.selector.busy -= 1

        replace(sqlite, "_in_thread", counted)


class LoopClock:
    """The loop's time as the service's clock, so that there is one time only."""

    def __init__(self, loop: VirtualLoop, start: Instant) -> None:
        self._loop = loop
        self._start = start

    def now(self) -> Instant:
        return Instant(self._start + round(self._loop.time() * 1_000_000))
