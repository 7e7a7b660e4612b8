"""Promise 1 when the power fails: what was answered 250 is there afterwards, though nothing unsynced survived.

The service is a real process above the disk of tests/crash/disk.py. It takes mail in from real clients and sends it on;
then it is killed just before some write or sync, everything that no sync made safe is taken back (every second time a
part of it stays, out of order and torn), and it is started on what is left.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mailsvc.ids import SeededRandomness
from tests import tools
from tests.crash.disk import SYNC, WRITE, Cut
from tests.crash.service_kit import CONNECTIONS, FEW, Clients, Place, until
from tests.sink import Moment, Sink

CUTS = 300 if tools.SOAK else 8
LANES = 4
COPIES = "SELECT count(*) FROM delivery WHERE state <> 'delivered'"


@dataclass
class Writers:
    """People who write one post after another, each until it was taken."""

    clients: Clients
    begun: int = 0
    over: bool = False

    async def write(self) -> None:
        while not self.over:
            self.begun += 1
            await self.clients.write("few", f"post{self.begun}")


@dataclass
class Watch:
    """When the next hop took each copy (CLOCK_MONOTONIC, nanoseconds)."""

    times: list[int] = field(default_factory=list)

    def __call__(self, moment: Moment) -> None:
        if moment.verb == "DOT":
            self.times.append(time.monotonic_ns())

    def since(self, moment: int) -> int:
        return sum(one >= moment for one in self.times)


async def cut_again_and_again(place: Place, sink: Sink, writers: Writers, watch: Watch) -> tuple[list[Cut], int]:
    """The cuts, and how many copies may have gone out twice: one of each connection, and all since the last sync."""
    moments = SeededRandomness(5).random_bytes(2 * CUTS)
    cuts: list[Cut] = []
    allowed = 0
    for number in range(CUTS):
        some, more = moments[2 * number : 2 * number + 2]
        target = len(writers.clients.taken) + 1 + some % 16
        await until(lambda target=target: len(writers.clients.taken) >= target)  # type: ignore[misc]
        place.disk.kill((WRITE, SYNC)[number // 2 % 2], at=1 + more % (40, 6)[number // 2 % 2])
        assert await place.died() == "ended -9"
        place.disk.heal()
        await until(lambda: sink.open == 0)
        cuts.append(place.disk.cut(number if number % 2 else None))
        allowed += CONNECTIONS + watch.since(cuts[-1].synced_at)
        await place.start()  # it reads the whole database first, and would refuse a damaged one
    return cuts, allowed


async def test_nothing_that_was_taken_is_lost_when_the_power_fails(tmp_path: Path) -> None:
    watch = Watch()
    async with Sink(watch) as sink:
        place = Place(tmp_path, sink.port, faulty=True)
        try:
            await place.furnish()
            await place.start()
            writers = Writers(Clients(place.smtp))
            writing = [asyncio.create_task(writers.write()) for _ in range(LANES)]
            cuts, allowed = await cut_again_and_again(place, sink, writers, watch)
            writers.over = True
            await asyncio.gather(*writing)
            await until(lambda: place.rows("SELECT 1 FROM inbox WHERE state = 'new' LIMIT 1") == [])
            await until(lambda: place.rows("SELECT 1 FROM outgoing WHERE state <> 'done' LIMIT 1") == [])
            assert place.rows(COPIES) == [(0,)]
            assert await place.end(signal.SIGTERM) == "ended 0"
        finally:
            await place.clear_away()
        assert sum(cut.unsafe > 0 for cut in cuts) > CUTS // 2, "the cuts took nothing: this tested nothing"
        assert any(cut.stayed for cut in cuts)
        taken = set(writers.clients.taken)
        assert len(taken) == writers.begun
        copies = Counter((identity.partition("@")[0].lstrip("<"), to) for identity, to in sink.copies().elements())
        assert set(copies) == {(post, f"u{n}@example.org") for post in taken for n in range(FEW)}
        assert copies.total() - len(copies) <= allowed
        assert not sink.junk
        assert place.rows("PRAGMA integrity_check") == [("ok",)]
        assert place.rows("SELECT DISTINCT state FROM inbox") == [("handled",)]
