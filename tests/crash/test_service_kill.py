"""Promises 1, 3 and 4 of the whole service: killed while it takes mail in and fans it out, it keeps every word given.

The service is a real process that is ended by SIGKILL; the clients and the next hop live here. A client that got no 250
sends again, as mail servers do.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

from mailsvc.ids import SeededRandomness
from tests import tools
from tests.crash.service_kit import CONNECTIONS, FEW, MEMBERS, Clients, Place, until
from tests.sink import Sink

KILLS = 300 if tools.SOAK else 30
POSTS = 60
COPIES = "SELECT state, count(*) FROM delivery GROUP BY state"


async def kill_again_and_again(place: Place, sink: Sink) -> None:
    """Kill at random moments: after so many copies more, or after a while where none went out, whatever is sooner."""
    moments = SeededRandomness(11).random_bytes(2 * KILLS)
    for kill in range(KILLS):
        copies = 1 + moments[2 * kill] * (MEMBERS // KILLS) // 256
        target = len(sink.accepted) + copies
        wait = moments[2 * kill + 1] / 256 * 0.4
        with suppress(TimeoutError):
            await until(lambda target=target: len(sink.accepted) >= target, wait)  # type: ignore[misc]
        assert await place.end(signal.SIGKILL) == "ended -9"
        await until(lambda: sink.open == 0)
        await place.start()


async def test_killed_at_random_moments_nothing_is_lost_and_little_repeated(tmp_path: Path) -> None:
    async with Sink() as sink:
        place = Place(tmp_path, sink.port)
        try:
            await place.furnish()
            await place.start()
            clients = Clients(place.smtp)
            posts = [f"post{number}" for number in range(POSTS)]
            writing = [
                asyncio.create_task(clients.write("everybody", "big")),
                *(asyncio.create_task(clients.write_all("few", posts[n::3])) for n in range(3)),
            ]
            await kill_again_and_again(place, sink)
            await asyncio.gather(*writing)
            wanted = MEMBERS + POSTS * FEW
            await until(lambda: place.rows(COPIES) == [("delivered", wanted)])
            assert await place.end(signal.SIGTERM) == "ended 0"
        finally:
            await place.clear_away()
        check(sink, clients, place)


def check(sink: Sink, clients: Clients, place: Place) -> None:
    assert set(clients.taken) == {"big", *(f"post{number}" for number in range(POSTS))}
    copies = Counter((identity.partition("@")[0].lstrip("<"), to) for identity, to in sink.copies().elements())
    expected = {("big", f"u{n}@example.org") for n in range(MEMBERS)}
    expected |= {(f"post{post}", f"u{n}@example.org") for post in range(POSTS) for n in range(FEW)}
    assert set(copies) == expected  # nobody without a copy, nothing that nobody wrote
    assert copies.total() - len(copies) <= CONNECTIONS * KILLS
    assert not sink.junk
    found = dict(place.rows("SELECT reason, count(*) FROM inbox GROUP BY reason"))  # type: ignore[arg-type,var-annotated]
    assert found.pop("posted") == POSTS + 1
    assert set(found) <= {"duplicate"}, found
    assert place.rows("SELECT DISTINCT state FROM inbox") == [("handled",)]
    assert place.rows("SELECT count(*) FROM outgoing WHERE state <> 'done'") == [(0,)]
    assert place.rows("SELECT count(*) FROM delivery WHERE final_at IS NULL") == [(0,)]
    assert place.rows("PRAGMA integrity_check") == [("ok",)]
