"""Promises 3 and 4 as a model: whatever the relays do and however often the courier is stopped or cut off, every
(message, recipient) ends exactly once, and nothing goes out twice but what a lost reply explains.

Everything is real but time (tests/property/virtual_loop.py): a relay may be silent for ten minutes or answer one byte a
second, and pauses and retries last as long as they do in service.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from mailsvc.clock import to_instant
from mailsvc.deliver import courier, store
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.next_hop import NextHop, RelayAddress
from mailsvc.deliver.relay import RelayTransport
from mailsvc.deliver.smtp_client import Timeouts
from mailsvc.ids import OutgoingId, SeededRandomness
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import SqliteDatabase
from tests import tools
from tests.outgoing_kit import DOMAIN, FREE, START, Bench, letter
from tests.property.virtual_loop import LoopClock, VirtualLoop
from tests.sink import CLOSE_AFTER, DROP, EXTENSIONS, HALF, RESET, SILENT, SLOW, Moment, Sink

COUNT = 10_000 if tools.SOAK else 2_000
PATIENT = 3600.0  # seconds that a courier may take to end in order, longer than any next hop here needs
TOGETHER = 4  # recipients in one transaction of a shared message
VERBS = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT", "RSET", "QUIT")
SAID = (
    DROP,
    DROP,
    "421 4.3.2 overloaded",
    CLOSE_AFTER + "421 4.7.0 closing",
    "450 4.2.0 later",
    "451 4.7.1 slow down",
    "452 4.5.3 too many",
    "550 5.1.1 never",
    "554 5.7.1 never",
    "250 2.0.0 what?",
    "354 what?",
    CLOSE_AFTER + "250 2.0.0 yes and bye",
    "503 5.5.1 out of step",
    RESET,
    SILENT,
    HALF + "250 2.0.0 yes",
    HALF + "451 4.3.0 later",
    SLOW + "250 2.0.0 at last",
    SLOW + "450 4.2.0 later",
    SLOW + "421 4.3.2 closing",
)

# A row that has reached its end must not be touched again, by anybody.
UNFINISHED = (
    "SELECT 1 FROM delivery WHERE state = 'todo' UNION ALL SELECT 1 FROM outgoing WHERE state = 'ready' LIMIT 1"
)
ONCE = """
CREATE TRIGGER once BEFORE UPDATE OF state ON delivery WHEN OLD.state <> 'todo'
BEGIN SELECT RAISE(ABORT, 'a second end'); END
"""

Fault = tuple[str, int, str]


@dataclass(frozen=True)
class Post:
    """A message to so many recipients."""

    recipients: int
    shared: bool


@dataclass(frozen=True)
class End:
    """The courier ends after so many more commands, or is cut off; then a message is cancelled, or none (0)."""

    commands: int
    cut: bool
    cancelled: int


@dataclass(frozen=True)
class Play:
    """What happens: each relay's faults say what is answered to the how-manieth of a verb."""

    relays: tuple[tuple[Fault, ...], ...]
    posts: tuple[Post, ...]
    connections: int
    extensions: tuple[str, ...]
    ends: tuple[End, ...]
    days: float


# Most faults early, and most at the dot, where a mail changes hands.
FAULTS = st.lists(
    st.tuples(
        st.sampled_from((*VERBS, "DOT", "DOT", "DOT")), st.integers(1, 5) | st.integers(1, 20), st.sampled_from(SAID)
    ),
    max_size=10,
).map(tuple)
PLAYS = st.builds(
    Play,
    relays=st.lists(FAULTS, min_size=1, max_size=3).map(tuple),
    posts=st.lists(st.builds(Post, st.integers(0, 11), st.booleans()), min_size=1, max_size=3).map(tuple),
    connections=st.integers(1, 3),
    extensions=st.sampled_from([EXTENSIONS, EXTENSIONS, ()]),
    ends=st.lists(st.builds(End, st.integers(2, 40), st.booleans(), st.integers(0, 3)), max_size=2).map(tuple),
    days=st.sampled_from([365.0, 365.0, 365.0, 0.2]),
)


class Relay:
    """Answers as the play says, and then as a relay should."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = {(verb, at): said for verb, at, said in faults}
        self.seen: Counter[str] = Counter()

    def __call__(self, moment: Moment) -> str | None:
        self.seen[moment.verb] += 1
        said = self.faults.get((moment.verb, self.seen[moment.verb]))
        if said is not None and moment.verb == "DOT" and said.startswith("354"):
            return DROP
        if moment.verb == "DATA" and "250" in (said or ""):
            return "451 4.3.0 later"  # a sink that says 250 and then waits for content would only test the sink
        return said


class Run:
    """One play on real sockets and a real database, and what is known of it afterwards."""

    def __init__(self, play: Play, on: Bench, sinks: Sequence[Sink]) -> None:
        self.play = play
        self.on = on
        self.sinks = sinks
        self.cut = 0  # copies whose fate nobody may have learned
        self.cancelled: dict[int, Counter[tuple[str, str]]] = {}

    @property
    def copies(self) -> Counter[tuple[str, str]]:
        return sum((sink.copies() for sink in self.sinks), Counter())

    @property
    def lost(self) -> Counter[tuple[str, str]]:
        return sum((sink.lost_replies() for sink in self.sinks), Counter())

    def _commands(self) -> int:
        return sum(len(sink.commands) for sink in self.sinks)

    def _courier(self) -> Courier:
        hops = [NextHop(RelayAddress("127.0.0.1", sink.port)) for sink in self.sinks]
        transport = RelayTransport(hops, DOMAIN, self.play.connections, Timeouts(), recipients=TOGETHER)
        return Courier(self.on.db, self.on.site, self.on.clock, transport, _told, free_disk=lambda: FREE)

    async def go(self) -> None:
        """Let the courier work until all is over, ending it where the play says."""
        for number, post in enumerate(self.play.posts, 1):
            users = [f"u{user}@example.org" for user in range(post.recipients)]
            shape = "shared" if post.shared else "personal"
            await self.on.add(letter(number), users, days=self.play.days, priority=number % 3, shape=shape)
        for end in self.play.ends:
            courier = self._courier()
            task = asyncio.create_task(courier.run())
            target = self._commands() + end.commands
            for _ in range(200):
                if self._commands() >= target:
                    break
                await asyncio.sleep(0.01)
            await courier.stop(0 if end.cut else PATIENT)
            await task
            self.cut += self.play.connections * TOGETHER if end.cut else 0
            await self._cancel(end.cancelled)
        courier = self._courier()
        task = asyncio.create_task(courier.run())
        pause = 1.0
        while await self.on.column(UNFINISHED):
            await asyncio.sleep(pause)
            pause = min(2 * pause, 3600.0)
        await courier.stop(PATIENT)
        await task

    async def _cancel(self, number: int) -> None:
        if 1 <= number <= len(self.play.posts) and number not in self.cancelled:
            if await self.on.db.write(partial(store.queue_cancel, outgoing=OutgoingId(number))) is None:
                return
            while any(sink.open for sink in self.sinks):  # noqa: ASYNC110 - what was sent before the cut arrives
                await asyncio.sleep(0.1)
            self.cancelled[number] = self._of(number)

    def _of(self, number: int) -> Counter[tuple[str, str]]:
        copies = self.copies
        return Counter({pair: copies[pair] for pair in copies if pair[0] == _identity(number)})

    async def check(self) -> None:
        """Every promise, looked at from the next hops and from the database."""
        rows = await self.on.db.read(lambda tx: tx.all("SELECT outgoing_id, address, state FROM delivery"))
        self._check_ends({(_identity(row["outgoing_id"]), row["address"]): row["state"] for row in rows})
        everything = set(range(1, len(self.play.posts) + 1))
        told = await self.on.column("SELECT outgoing_id FROM told ORDER BY 1")
        assert told == sorted(everything - set(self.cancelled))
        assert await self.on.column("SELECT count(*) FROM raw WHERE bytes IS NOT NULL") == [0]
        for number, before in self.cancelled.items():
            assert self._of(number) == before, "sent after it was cancelled"
        for sink in self.sinks:
            assert {one.content for one in sink.accepted} <= {letter(number) for number in everything}
            assert not sink.junk
            assert sink.early == 0
        if not self.play.relays[0]:
            assert not any(sink.connections for sink in self.sinks[1:]), "the first relay was well all the time"

    def _check_ends(self, states: dict[tuple[str, str], str]) -> None:
        copies, lost = self.copies, self.lost
        cancelled = {_identity(number) for number in self.cancelled}
        assert set(copies) <= set(states)
        unexplained = 0
        for pair, state in states.items():
            assert state in ("delivered", "failed", "expired", "suppressed")
            if state == "expired":
                assert self.play.days < 1
            if state == "suppressed":
                assert pair[0] in cancelled
            if state == "delivered":
                assert copies[pair] >= 1, pair
            unexplained += max(0, copies[pair] - lost[pair] - (state == "delivered"))
        # A connection that is cut off leaves at most one transaction whose fate nobody learned.
        assert unexplained <= self.cut


def _identity(number: int) -> str:
    return f"<m{number}@networks.example.org>"


def _told(tx: Tx, outgoing: OutgoingId) -> None:
    tx.insert("INSERT INTO told VALUES (:o)", o=outgoing)


def _empty(tx: Tx) -> None:
    for table in ("told", "delivery", "outgoing", "raw"):
        tx.execute(f"DELETE FROM {table}")
    tx.execute("DELETE FROM sqlite_sequence WHERE name IN ('delivery', 'outgoing', 'raw')")


class Theatre:
    """One database on one loop for all plays: each begins with nothing in it, at the same time."""

    def __init__(self, folder: Path, loop: VirtualLoop) -> None:
        self.loop = loop
        self.on = Bench(folder)
        self.on.clock = LoopClock(loop, to_instant(START))  # type: ignore[assignment]
        self.on.db = SqliteDatabase(self.on.path, self.on.clock, SeededRandomness(1), rehearse=True)

    async def open(self) -> None:
        await self.on.db.open()
        await self.on.db.write(lambda tx: tx.execute(ONCE))
        await self.on.db.write(lambda tx: tx.execute("CREATE TABLE told (outgoing_id INTEGER PRIMARY KEY)"))
        self.lasting = asyncio.all_tasks()

    async def play(self, play: Play) -> None:
        left = asyncio.all_tasks() - self.lasting - {asyncio.current_task()}  # of a play that failed
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self.on.db.write(_empty)
        async with AsyncExitStack() as stack:
            sinks = [await stack.enter_async_context(Sink(Relay(faults), play.extensions)) for faults in play.relays]
            run = Run(play, self.on, sinks)
            async with asyncio.timeout(400 * 86400):
                await run.go()
            await run.check()


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Theatre, asyncio.Runner]]:
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        loop.watch_database(patch.setattr)
        patch.setattr(courier, "LONGEST_SLEEP", 7200.0)  # it looks at a clock that others may move; nobody does here
        made = Theatre(tmp_path_factory.mktemp("theatre"), loop)
        runner.run(made.open())
        yield made, runner
        runner.run(made.on.db.close())


@pytest.mark.timeout(3600 if tools.SOAK else 600)  # a busy machine is no finding
@seed(20260302)
@settings(
    max_examples=COUNT,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(play=PLAYS)
def test_every_copy_ends_once_and_extra_ones_are_explained(theatre: tuple[Theatre, asyncio.Runner], play: Play) -> None:
    stage, runner = theatre
    runner.run(stage.play(play))
