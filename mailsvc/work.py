"""Loops that have done what is due; each wakes on a commit or at the next due time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from mailsvc.clock import MINUTE, SECOND, Clock, Instant
from mailsvc.errors import StoreCorrupt, StoreUnavailable
from mailsvc.store.database import Database

log = structlog.get_logger()

LONGEST_SLEEP: Final = 60.0
AFTER_FAILURE: Final = 5.0
REST: Final = 0.02
BETWEEN_ATTEMPTS: Final = MINUTE


class Loop:
    """Runs `work` whenever `topic` was woken or a due time has come; `work` returns when it wants to be called next.

    `work` returns an Instant (call me then), or None (call me when woken). A store that is unavailable stops nothing:
    the loop tries again after a pause. Who has come is served at once; under load what comes within `REST` seconds is
    served together, since every turn costs the same few looks and commits however much it does.
    """

    def __init__(
        self, name: str, db: Database, clock: Clock, topic: str, work: Callable[[], Awaitable[Instant | None]]
    ) -> None:
        self.name = name
        self._clock = clock
        self._event = db.topic(topic)
        self._work = work
        self._stopping = False
        self._asleep = False
        self._task: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether it waits, and nobody has woken it since it began to."""
        return self._asleep and not self._event.is_set()

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self) -> None:
        """Finish what is being done, then end."""
        self._stopping = True
        self._event.set()
        if self._task:
            await self._task

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self._event.clear()
            begun = loop.time()
            try:
                due = await self._work()
            except (StoreUnavailable, StoreCorrupt) as error:
                log.error("store-unavailable", loop=self.name, reason=str(error))
                await self._sleep(AFTER_FAILURE)
                continue
            except Exception:  # a bug in one piece of work must not end all others
                log.exception("loop-failed", loop=self.name)
                await self._sleep(AFTER_FAILURE)
                continue
            await self._sleep(LONGEST_SLEEP if due is None else (due - self._clock.now()) / SECOND)
            rest = begun + REST - loop.time()
            if rest > 0 and not self._stopping:
                await asyncio.sleep(rest)

    async def _sleep(self, seconds: float) -> None:
        if self._stopping or seconds <= 0:
            await asyncio.sleep(0)
            return
        self._asleep = True
        try:
            async with asyncio.timeout(min(seconds, LONGEST_SLEEP)):
                await self._event.wait()
        except TimeoutError:
            pass
        finally:
            self._asleep = False
