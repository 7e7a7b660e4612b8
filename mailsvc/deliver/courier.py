"""Sends what is due: fills a bounded window from the database, lets connections carry the copies, commits results.

Three promises are kept here (5-quality). *Complete*: a copy leaves memory only with a committed result or given back.
*Few duplicates*: a connection waits for the commit of its last copy before it ends the next one. *Same bytes*: a retry
sends what was composed. Everything that waits here waits for the network or the database, never for a clock alone:
times are those of the given clock, and whoever moves it wakes the topic `outgoing`.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import structlog

from mailsvc.clock import SECOND, Clock, Instant
from mailsvc.deliver import store, verp
from mailsvc.deliver.failover import Failover
from mailsvc.deliver.model import Copy, Message, Result, Transport, prepare
from mailsvc.deliver.pace import Pace
from mailsvc.deliver.pool import Pool
from mailsvc.deliver.recorder import Recorder, Report, waited
from mailsvc.errors import Deferred, Failed, StoreUnavailable
from mailsvc.ids import DeliveryId, OutgoingId
from mailsvc.message.dkim_sign import Signer
from mailsvc.site import Site
from mailsvc.store.database import Database, ReadTx

log = structlog.get_logger("mailsvc.deliver")

WINDOW_COPIES: Final = 512
WINDOW_MESSAGES: Final = 64
WINDOW_OCTETS: Final = 64 * 1024 * 1024
# The longest sleep: a clock that jumped, a change made by another process, a wake that was missed.
LONGEST_SLEEP: Final = 10.0
STORE_RETRY_SECONDS: Final = 1.0
CLOSE_RETRY: Final = 300 * SECOND
SMALL: Final = 64 * 1024  # octets of a composed message up to which it is read together with what is due
REST: Final = 0.005  # seconds from one look at the queue to the next: under load, what comes within shares one


@dataclass(slots=True)
class Counts:
    """What has happened since the start, for the metrics."""

    delivered: int = 0
    failed: int = 0
    expired: int = 0
    deferred: int = 0
    pauses: int = 0


class Courier:
    """Runs deliveries until it is stopped. `finished` is called once per message, in the transaction that closes it.

    `free_disk` says how many octets are free where the database is; sending rests below `[limits] disk_floor`, since a
    full disk cannot record what was sent.
    """

    def __init__(
        self,
        db: Database,
        site: Site,
        clock: Clock,
        transport: Transport,
        finished: store.Finished | None = None,
        *,
        free_disk: Callable[[], int] | None = None,
        window: store.Window | None = None,
        signer: Signer | None = None,
    ) -> None:
        self.counts = Counts()
        self._db = db
        self._site = site
        self._clock = clock
        self._transport = transport
        self._finished = finished
        self._free_disk = free_disk or partial(_free_octets, site)
        self._window = window or store.Window(WINDOW_COPIES, WINDOW_MESSAGES, WINDOW_OCTETS)
        self._signer = signer
        self._pool = Pool()
        self._messages: dict[OutgoingId, Message] = {}
        self._recorder = Recorder(db, site.config.limits, self._settled)
        self._ready = asyncio.Event()
        self._wake = asyncio.Event()
        self._stopping = False
        self._running = False
        self._stopped = asyncio.Event()
        self._more = False
        self._failover = Failover(len(transport.names), clock)
        self._pace = Pace(*transport.rate, clock) if transport.rate else None
        self._slowed = asyncio.Event()
        self._clock_moved = asyncio.Event()
        self._low_disk = False
        self._complete: set[OutgoingId] = set()
        self._close_again: dict[OutgoingId, int] = {}
        self._look_again = 0.0
        self._lines: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """True when nothing is in memory to be sent or being sent."""
        return not self._pool.held

    @property
    def stopping(self) -> bool:
        """True when no new copy is to be taken."""
        return self._stopping

    @property
    def paused(self) -> bool:
        """True while every relay is left alone or the disk is too full to send."""
        return self._low_disk or self._failover.paused

    async def run(self) -> None:
        """Send what is due, and what becomes due, until `stop`."""
        self._running = True
        helpers = [
            asyncio.create_task(self._recorder.run(), name="courier results"),
            asyncio.create_task(self._listen(), name="courier topic"),
            asyncio.create_task(self._plan_always(), name="courier plan"),
            asyncio.create_task(self._slow_down(), name="courier rate"),
        ]
        self._lines = {
            asyncio.create_task(self._line(number), name=f"courier {number}")
            for number in range(self._transport.connections)
        }
        try:
            await asyncio.gather(*self._lines, return_exceptions=True)
            await self._recorder.drained()
        finally:
            for task in (*self._lines, *helpers):
                task.cancel()
            await asyncio.gather(*self._lines, *helpers, return_exceptions=True)
            self._stopped.set()

    async def stop(self, grace: float) -> None:
        """Take no new copy, let those being sent end and be committed, within `grace` seconds; return when it is over.

        What is still on its way after that is cut off: it stays due, at most one copy per connection.
        """
        self._stopping = True
        self._ready.set()
        self._wake.set()
        if not self._running:
            return
        try:
            async with asyncio.timeout(grace):
                await self._stopped.wait()
        except TimeoutError:
            log.warning("courier.cut", copies=len(self._pool.held) - len(self._pool))
            for line in self._lines:
                line.cancel()
            self._recorder.give_up()
            await self._stopped.wait()

    # --- filling the window

    async def _listen(self) -> None:
        topic = self._db.topic(store.TOPIC)
        while True:
            await topic.wait()
            topic.clear()
            self._look_again = 0.0
            self._wake.set()
            self._clock_moved.set()

    async def _slow_down(self) -> None:
        """Wake the connections when the rate allows the next copy."""
        while self._pace is not None:
            await self._slowed.wait()
            while pause := self._pace.wait():
                self._clock_moved.clear()
                await waited(self._clock_moved, min(pause / SECOND, LONGEST_SLEEP))
            self._slowed.clear()
            self._ready.set()

    async def _plan_always(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self._wake.clear()
            begun = loop.time()
            pause = LONGEST_SLEEP
            try:
                pause = await self._plan()
            except StoreUnavailable as error:
                log.warning("courier.store", error=str(error))
                pause = STORE_RETRY_SECONDS
            except Exception:
                log.exception("courier.plan")  # a bug must not stop the mail that it does not concern
            await waited(self._wake, pause)
            rest = begun + REST - loop.time()
            if rest > 0:
                await asyncio.sleep(rest)

    async def _plan(self) -> float:
        """Give up and close what is over, fill the window; seconds until there may be something to do again."""
        await self._close()
        self._look_at_disk()
        moment = await self._fill()
        if len(self._pool) and not self.paused:
            self._ready.set()
        now = self._clock.now()
        moments = [at for at in (moment, *self._failover.moments) if at is not None and at > now]
        return min([LONGEST_SLEEP, *((at - now) / SECOND for at in moments)])

    async def _close(self) -> None:
        """Close messages without a copy left; now and then look for those that nobody closed, and expire the old."""
        loop = asyncio.get_running_loop()
        complete, self._complete = self._complete, set()
        if loop.time() >= self._look_again:
            self._look_again = loop.time() + LONGEST_SLEEP
            await self._expire()
            complete.update(await self._db.read(partial(store.without_copies, most=100)))
        now = self._clock.now()
        closing = [outgoing for outgoing in sorted(complete) if self._close_again.get(outgoing, 0) <= now]
        # together they share a commit; a store that is unavailable is told when none of them is under way any more
        ended = await asyncio.gather(*(self._finish(outgoing) for outgoing in closing), return_exceptions=True)
        for failure in ended:
            if failure is not None:
                raise failure

    async def _expire(self) -> None:
        for outgoing in await self._db.read(partial(store.overdue, most=100)):
            self._pool.drop(outgoing)
            expired = await self._db.write(partial(store.expire, outgoing=outgoing, held=self._pool.held))
            self.counts.expired += expired
            if expired:
                log.info("delivery.expired", outgoing=outgoing, copies=expired)

    async def _finish(self, outgoing: OutgoingId) -> None:
        self._messages.pop(outgoing, None)
        try:
            await self._db.write(partial(store.finish, outgoing=outgoing, finished=self._finished), brief=True)
        except StoreUnavailable:
            raise
        except Exception:
            # Whoever wanted to be told failed. The results are safe; the closing is tried again later.
            log.exception("courier.finish", outgoing=outgoing)
            self._close_again[outgoing] = self._clock.now() + CLOSE_RETRY
        else:
            self._close_again.pop(outgoing, None)
            log.info("outgoing.done", outgoing=outgoing)

    def _look_at_disk(self) -> None:
        limits = self._site.config.limits
        low = self._free_disk() < max(limits.disk_floor, 2 * limits.message_size)
        if low != self._low_disk:
            self._low_disk = low
            log.warning("courier.disk", low=low)

    async def _fill(self) -> Instant | None:
        """Take what is due into memory; when the next is due that is not due yet."""
        window = replace(self._window, held=self._pool.held, queued=self._pool.waiting)

        def look(tx: ReadTx) -> tuple[store.Plan, dict[OutgoingId, bytes], Instant | None]:
            plan = store.due(tx, window)
            new = [batch.message for batch in plan.batches if batch.due and batch.message.id not in self._messages]
            small = [message.id for message in new if message.size <= SMALL]
            return plan, {one: found for one in small if (found := store.content(tx, one))}, store.next_moment(tx)

        plan, contents, moment = await self._db.read(look, brief=True)
        self._more = plan.more
        wanted = {batch.message.id for batch in plan.batches}
        self._pool.keep_only(wanted)
        self._messages = {outgoing: kept for outgoing, kept in self._messages.items() if outgoing in wanted}
        for batch in plan.batches:
            if not batch.due:
                continue
            message = await self._message(batch.message, contents.get(batch.message.id))
            if message is not None:
                copies = self._copies(message, batch)
                self._pool.offer(batch.message.id, batch.message.priority, copies)
                self._ready.set()
        return moment

    async def _message(self, waiting: store.Waiting, content: bytes | None) -> Message | None:
        """The message of a batch, read once; None when it cannot be sent, which ends its copies.

        `content` are its bytes where they are small and were read already.
        """
        known = self._messages.get(waiting.id)
        if known is not None:
            return known
        problem = "554 5.6.0 the composed message is gone or damaged"

        def load(tx: ReadTx) -> Message | None:
            content = store.content(tx, waiting.id)
            return None if content is None else prepare(waiting.id, content, shared=waiting.shared, signer=self._signer)

        if content is not None:
            message: Message | None = prepare(waiting.id, content, shared=waiting.shared, signer=self._signer)
        else:
            message = await self._db.read(load)
        if message is not None and not message.problem:
            self._messages[waiting.id] = message
            return message
        reply = message.problem if message is not None else problem
        log.error("outgoing.unsendable", outgoing=waiting.id, problem=reply)
        self.counts.failed += await self._db.write(partial(store.fail_all, outgoing=waiting.id, reply=reply))
        self._complete.add(waiting.id)
        self._wake.set()
        return None

    def _copies(self, message: Message, batch: store.Batch) -> list[Copy]:
        key, domain = self._site.key, self._site.config.site.domain
        together = verp.shared_reverse_path(key, message.id, domain) if message.shared else ""
        return [
            Copy(
                id=due.id,
                message=message,
                address=due.address,
                reverse_path="" if batch.message.null_sender else together or verp.reverse_path(key, due.id, domain),
                member_key=verp.member_key(key, due.membership_id) if message.keyed and due.membership_id else "",
                attempts=due.attempts,
            )
            for due in batch.due
        ]

    # --- the connections

    async def _line(self, number: int) -> None:
        """One connection; a bug in it costs its copies one attempt and nobody else anything."""
        while not self._stopping:
            desk = _Desk(self, number)
            try:
                await self._transport.carry(desk)
            except Exception:
                # A bug in carrying one copy: what the line had taken waits for its next attempt, and the line goes on.
                log.exception("courier.line", line=number)
                why = Deferred("451 4.3.0 an error of this service; it will try again")
                desk.report([Result(copy, why) for copy in desk.taken.values()])
                self._failover.leave(number)
                self._ready.set()
                await asyncio.sleep(STORE_RETRY_SECONDS)

    def next_copies(self, desk: _Desk, most: int, *, stay: bool) -> tuple[Copy, ...]:
        """For connections: what to send now, if there is anything. See Desk.take."""
        copies: tuple[Copy, ...] = ()
        if len(self._pool) and not self._stopping and not self._low_disk:
            hop = self._hop(desk.line)
            if hop is not None and stay and hop != desk.hop:
                return ()
            if hop is not None and self._in_pace():
                desk.hop = hop
                copies = self._pool.take(min(most, self._pace.count) if self._pace else most)
                if self._pace is not None:
                    self._pace.spend(len(copies))
        if not copies and not stay:
            self._failover.leave(desk.line)
            if not self._stopping:
                self._ready.clear()
        if self._more and self._pool.filled < self._window.copies // 2:
            self._more = False
            self._wake.set()
        return copies

    def _hop(self, line: int) -> int | None:
        if not self._failover.doubts:
            return self._failover.choose(line)
        copy = self._pool.peek()
        return self._failover.choose(line, careful=copy is not None and copy.attempts > 0)

    def _in_pace(self) -> bool:
        if self._pace is None or not self._pace.wait():
            return True
        self._slowed.set()
        return False

    def given_back(self, copies: Sequence[Copy]) -> None:
        """For connections: these were not tried."""
        self._pool.release(copies)
        if self._pace is not None:
            self._pace.refund(len(copies))
        self._wake.set()

    def record(self, results: Sequence[Result]) -> Report:
        """For connections: commit these."""
        return self._recorder.add(results)

    async def copies_ready(self, seconds: float) -> bool:
        """For connections: wait until there may be a copy, or the end; False after `seconds`."""
        return await waited(self._ready, seconds)

    def works(self, hop: int, *, delivered: bool) -> None:
        """For connections: this relay takes mail from us."""
        if self._failover.works(hop, delivered=delivered):
            log.info("relay.works", relay=self._transport.names[hop])
            self._ready.set()

    def pause(self, hop: int, why: str) -> None:
        """For connections: this relay refuses or is not there."""
        pause = self._failover.pause(hop)
        if pause is None:
            return
        self.counts.pauses += 1
        self._wake.set()
        self._ready.set()  # another relay may be there for those who wait
        log.warning("relay.paused", relay=self._transport.names[hop], seconds=pause // SECOND, why=why)

    def _settled(self, results: Sequence[Result], settled: store.Settled) -> None:
        """Results are committed."""
        self._pool.release([result.copy for result in results])
        self.counts.delivered += settled.states.get("delivered", 0)
        self.counts.failed += settled.states.get("failed", 0)
        self.counts.expired += settled.states.get("expired", 0)
        self.counts.deferred += settled.states.get("todo", 0)
        if settled.complete:
            self._complete.update(settled.complete)
            self._wake.set()
        for result in results:
            if isinstance(result.outcome, Failed):
                log.info("delivery.failed", delivery=result.copy.id, outgoing=result.copy.message.id)


class _Desk:
    """One connection's view of the courier; see Desk."""

    def __init__(self, courier: Courier, line: int) -> None:
        self._courier = courier
        self.line = line
        self.hop = 0
        self.taken: dict[DeliveryId, Copy] = {}

    @property
    def stopping(self) -> bool:
        return self._courier.stopping

    def take(self, most: int = 1, *, stay: bool = False) -> tuple[Copy, ...]:
        copies = self._courier.next_copies(self, most, stay=stay)
        for copy in copies:
            self.taken[copy.id] = copy
        return copies

    async def wait(self, seconds: float) -> bool:
        return await self._courier.copies_ready(seconds)

    def give_back(self, copies: Sequence[Copy]) -> None:
        for copy in copies:
            del self.taken[copy.id]
        self._courier.given_back(copies)

    def report(self, results: Sequence[Result]) -> Report:
        for result in results:
            del self.taken[result.copy.id]
        return self._courier.record(results)

    def works(self, *, delivered: bool = False) -> None:
        self._courier.works(self.hop, delivered=delivered)

    def pause(self, why: str) -> None:
        self._courier.pause(self.hop, why)


def _free_octets(site: Site) -> int:
    return shutil.disk_usage(site.config.database_path.parent).free
