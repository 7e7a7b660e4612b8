"""Commits what became of copies: whatever arrives while one commit runs goes into the next as one statement."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import structlog

from mailsvc.deliver import store
from mailsvc.deliver.model import Result
from mailsvc.errors import StoreCorrupt, StoreUnavailable
from mailsvc.limits import Limits
from mailsvc.store.database import Database

log = structlog.get_logger("mailsvc.deliver")

# Results are committed without a sync, and synced together this often: a power loss repeats what came after the last.
SYNC_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 1.0
# A commit costs the same for one result as for many: it waits so long for others, or for so many.
REST: Final = 0.002
ENOUGH: Final = 8

Settled = Callable[[Sequence[Result], store.Settled], None]


class Report:
    """Results of one connection, and the future that their commit fulfils."""

    __slots__ = ("done", "results")

    def __init__(self, results: Sequence[Result], done: asyncio.Future[None]) -> None:
        self.results = results
        self.done = done

    async def wait(self) -> None:
        """Return after the commit, which goes on if its waiter does not wait for it."""
        await self.done


class Recorder:
    """The one place where results are written. While the database is not available everybody waits here, so that
    nothing more is sent than can be recorded."""

    def __init__(self, db: Database, limits: Limits, settled: Settled) -> None:
        self._db = db
        self._limits = limits
        self._settled = settled
        self._reports: list[Report] = []
        self._arrived = asyncio.Event()
        self._many = asyncio.Event()
        self._gave_up = asyncio.Event()
        self._sync_due = False
        self._timer: asyncio.TimerHandle | None = None

    def add(self, results: Sequence[Result]) -> Report:
        """Have `results` committed; await the report's `wait` for it."""
        report = Report(results, asyncio.get_running_loop().create_future())
        self._reports.append(report)
        self._arrived.set()
        if len(self._reports) >= ENOUGH:
            self._many.set()
        return report

    def give_up(self) -> None:
        """Do not insist on results that the database does not take: the process has to end."""
        self._gave_up.set()

    async def drained(self) -> None:
        """Return when everything added before is committed and synced."""
        self._sync_soon()
        self._sync_due = True
        await self.add([]).wait()

    async def run(self) -> None:
        """Commit what arrives; until cancelled."""
        try:
            while True:
                await self._arrived.wait()
                if len(self._reports) < ENOUGH and not self._sync_due:
                    await waited(self._many, REST)
                self._arrived.clear()
                self._many.clear()
                reports, self._reports = self._reports, []
                if self._sync_due or reports:
                    await self._record(reports)
        finally:
            if self._timer is not None:
                self._timer.cancel()

    async def _record(self, reports: list[Report]) -> None:
        try:
            await self._commit([result for report in reports for result in report.results])
        except Exception:  # one result that cannot be written must not keep back the others: they are tried one by one
            log.exception("courier.record")
            if len(reports) == 1:
                # Never resolved: its connection sends no more, since nothing that it sent could be recorded.
                return
            for report in reports:
                await self._record([report])
            return
        for report in reports:
            if not report.done.done():
                report.done.set_result(None)

    async def _commit(self, results: list[Result]) -> None:
        durable, self._sync_due = self._sync_due, False
        if durable:
            self._timer = None
        while results or durable:
            try:
                if results:
                    settle = partial(store.settle, results=results, limits=self._limits)
                    brief = all(result.kept is None for result in results)
                    settled = await self._db.write(settle, durable=durable, brief=brief)
                    self._settled(results, settled)
                else:
                    await self._db.write(store.mark_synced, durable=True)
                break
            except (StoreUnavailable, StoreCorrupt) as error:
                log.error("courier.record", error=str(error), copies=len(results))
                if self._gave_up.is_set() or await waited(self._gave_up, RETRY_SECONDS):
                    return
        if results and not durable:
            self._sync_soon()

    def _sync_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SYNC_SECONDS, self._sync_now)

    def _sync_now(self) -> None:
        self._sync_due = True
        self._arrived.set()


async def waited(event: asyncio.Event, seconds: float) -> bool:
    """Wait for `event`; False when it has not come within `seconds`."""
    if event.is_set():
        return True
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
