"""Promises 3 and 4 as a model: whatever the relay does and however often the courier is stopped or cut off, every
(message, recipient) ends exactly once, and nothing goes out twice but what a lost reply explains."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from mailsvc.ids import OutgoingId
from mailsvc.store.database import Tx
from tests.outgoing_kit import Bench, bench, courier_for, letter
from tests.sink import CLOSE_AFTER, DROP, EXTENSIONS, Moment, Sink

SOAK = bool(os.environ.get("MAILSVC_SOAK"))
VERBS = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT", "RSET", "QUIT")
SAID = (
    DROP,
    DROP,
    "421 4.3.2 overloaded",
    CLOSE_AFTER + "421 4.7.0 closing",
    "450 4.2.0 later",
    "451 4.7.1 slow down",
    "550 5.1.1 never",
    "554 5.7.1 never",
    "250 2.0.0 what?",
    "354 what?",
    CLOSE_AFTER + "250 2.0.0 yes and bye",
    "503 5.5.1 out of step",
)

# A row that has reached its end must not be touched again, by anybody.
ONCE = """
CREATE TRIGGER once BEFORE UPDATE OF state ON delivery WHEN OLD.state <> 'todo'
BEGIN SELECT RAISE(ABORT, 'a second end'); END
"""


@dataclass(frozen=True)
class Play:
    """What happens: to the `at`-th answer of a verb `said` is answered; the courier is stopped, or cut off, between."""

    faults: tuple[tuple[str, int, str], ...]
    messages: tuple[int, ...]
    connections: int
    extensions: tuple[str, ...]
    ends: tuple[tuple[int, bool], ...]  # after so many commands; True: cut off at once
    days: float


PLAYS = st.builds(
    Play,
    faults=st.lists(
        st.tuples(st.sampled_from(VERBS), st.integers(1, 25), st.sampled_from(SAID)), min_size=1, max_size=12
    ).map(tuple),
    messages=st.lists(st.integers(0, 8), min_size=1, max_size=3).map(tuple),
    connections=st.integers(1, 3),
    extensions=st.sampled_from([EXTENSIONS, EXTENSIONS, ()]),
    ends=st.lists(st.tuples(st.integers(2, 60), st.booleans()), max_size=3).map(tuple),
    days=st.sampled_from([365.0, 365.0, 365.0, 0.2]),
)


class Relay:
    """Answers as the play says, and then as a relay should."""

    def __init__(self, play: Play) -> None:
        self.faults = {(verb, at): said for verb, at, said in play.faults}
        self.seen: Counter[str] = Counter()

    def __call__(self, moment: Moment) -> str | None:
        self.seen[moment.verb] += 1
        said = self.faults.get((moment.verb, self.seen[moment.verb]))
        if said is not None and moment.verb == "DOT" and said.startswith("354"):
            return DROP
        if said is not None and moment.verb == "DATA" and said.startswith(("250", CLOSE_AFTER + "250")):
            return "451 4.3.0 later"  # a sink that says 250 and then waits for content would only test the sink
        return said


async def _run(on: Bench, play: Play, sink: Sink) -> int:
    """Let the courier work until all is over, ending it where the play says; how many copies may have been cut off."""
    cut = 0
    for commands, at_once in play.ends:
        courier = courier_for(on, sink.port, _told, connections=play.connections)
        task = asyncio.create_task(courier.run())
        target = len(sink.commands) + commands
        for _ in range(200):
            if len(sink.commands) >= target:
                break
            await asyncio.sleep(0.001)
        await courier.stop(0 if at_once else 5)
        await task
        cut += play.connections if at_once else 0
    courier = courier_for(on, sink.port, _told, connections=play.connections)
    task = asyncio.create_task(courier.run())
    await on.all_final(step=timedelta(minutes=3))
    await courier.stop(5)
    await task
    return cut


def _told(tx: Tx, outgoing: OutgoingId) -> None:
    tx.insert("INSERT INTO told VALUES (:o)", o=outgoing)


async def _play(play: Play) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with bench(Path(folder)) as on, Sink(Relay(play), play.extensions) as sink:
            await on.db.write(lambda tx: tx.execute(ONCE))
            await on.db.write(lambda tx: tx.execute("CREATE TABLE told (outgoing_id INTEGER PRIMARY KEY)"))
            for number, count in enumerate(play.messages, 1):
                users = [f"u{user}@example.org" for user in range(count)]
                await on.add(letter(number), users, days=play.days, priority=number % 3)
            async with asyncio.timeout(60):
                cut = await _run(on, play, sink)
            rows = await on.db.read(lambda tx: tx.all("SELECT outgoing_id, address, state, reply FROM delivery"))
            told = await on.column("SELECT outgoing_id FROM told ORDER BY 1")
            kept = await on.column("SELECT count(*) FROM raw WHERE bytes IS NOT NULL")
            contents = {one.content for one in sink.accepted}
            _check(
                play,
                sink,
                {(f"<m{r['outgoing_id']}@networks.example.org>", r["address"]): r["state"] for r in rows},
                cut,
            )
            assert told == list(range(1, len(play.messages) + 1))
            assert kept == [0]
            assert contents <= {letter(number) for number in range(1, len(play.messages) + 1)}


def _check(play: Play, sink: Sink, states: dict[tuple[str, str], str], cut: int) -> None:
    copies, lost = sink.copies(), sink.lost_replies()
    assert set(copies) <= set(states)
    unexplained = 0
    for pair, state in states.items():
        allowed = lost[pair] + (1 if state == "delivered" else 0)
        assert state in ("delivered", "failed", "expired")
        if state == "expired":
            assert play.days < 1
        if state == "delivered":
            assert copies[pair] >= 1, pair
        unexplained += max(0, copies[pair] - allowed)
    # A connection that is cut off leaves at most one copy whose fate nobody learned.
    assert unexplained <= cut
    assert not sink.junk
    assert sink.early == 0


@seed(20260302)
@settings(
    max_examples=10_000 if SOAK else 150,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(PLAYS)
def test_every_copy_ends_once_and_extra_ones_are_explained(play: Play) -> None:
    asyncio.run(_play(play))
