"""Promise 10: a mail that kills its handler twice is put in quarantine, the operators are told once, the rest flows."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from mailsvc import app
from tests.crash import poison
from tests.crash.service_kit import FEW, Clients, Place, until
from tests.sink import Sink, message_id
from tests.systems.world import DOMAIN, World, running

ANNA = "Anna Berg <anna@example.com>"
OPERATOR = "operator@example.org"
WAITING = "SELECT 1 FROM inbox WHERE state = 'new' UNION ALL SELECT 1 FROM outgoing WHERE state <> 'done'"
TAKEN = ("<one@example.org>", "<two@example.org>", "<three@example.org>")


@pytest.fixture
def bad_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "build_registry", poison.build)
    monkeypatch.setattr(app, "BUILD", poison.BUILD)


async def alarms(world: World) -> int:
    return len([letter for letter in await world.inbox(OPERATOR) if "inbox" in letter.text])


async def mail(world: World) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in await world.rows("SELECT state, reason, attempts FROM inbox ORDER BY id")]


@pytest.mark.usefixtures("bad_handler")
async def test_a_mail_that_fails_twice_is_put_aside_and_the_rest_flows(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=ANNA)
        await world.member(group, ANNA)
        await world.send(ANNA, f"cataloguing@{DOMAIN}", "raise")
        await world.send(ANNA, f"cataloguing@{DOMAIN}", "harmless")
        assert await mail(world) == [("new", "", 1), ("handled", "posted", 1)]
        await world.pass_time(minutes=2)
        assert (await mail(world))[0] == ("new", "", 2)
        assert await alarms(world) == 0
        await world.pass_time(minutes=2)
        assert (await mail(world))[0] == ("quarantined", "poison", 2)
        assert await alarms(world) == 1
        await world.send(ANNA, f"cataloguing@{DOMAIN}", "raise again")
        for _ in range(2):
            await world.pass_time(minutes=2)
        assert (await mail(world))[2] == ("quarantined", "poison", 2)
        assert await alarms(world) == 1  # at most one an hour for one reason
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["harmless"]
        assert await world.rows("SELECT 1 FROM outgoing WHERE kind = 'post' AND state <> 'done'") == []


async def test_a_mail_that_was_only_near_is_handled_after_all(tmp_path: Path) -> None:
    """It was being handled at two deaths of the process, but does no harm when tried."""
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=ANNA)
        await world.member(group, ANNA)
        await world.service._loops[0].stop()
        async with asyncio.timeout(20):
            sending = asyncio.create_task(world.send(ANNA, f"cataloguing@{DOMAIN}", "innocent"))
            while not await world.rows("SELECT 1 FROM inbox"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await world.write(lambda tx: tx.execute("UPDATE inbox SET attempts = 2"))
        loop = world.service._loops[0]
        loop._stopping = False
        loop.start()
        await sending
        assert await mail(world) == [("handled", "posted", 3)]
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["innocent"]
        assert await alarms(world) == 0


async def test_a_mail_that_ends_the_process_twice_is_put_aside(tmp_path: Path) -> None:
    async with Sink() as sink:
        place = Place(tmp_path, sink.port, poison=True)
        try:
            await place.furnish()
            await place.start()
            clients = Clients(place.smtp)
            names = ["one", "exit", "two", "three"]
            writing = [asyncio.create_task(clients.write("few", name)) for name in names]
            assert await place.line() == f"ended {poison.EXIT}"
            deaths = 1
            while True:
                await place.start()
                died = asyncio.create_task(place.line())
                done = asyncio.create_task(
                    until(lambda: place.rows("SELECT 1 FROM inbox WHERE reason = 'poison'") != [])
                )
                await asyncio.wait((died, done), return_when=asyncio.FIRST_COMPLETED)
                if not died.done():
                    break
                done.cancel()
                assert died.result() == f"ended {poison.EXIT}"
                deaths += 1
            assert deaths == 2
            await asyncio.gather(*writing)
            await until(lambda: place.rows(WAITING) == [])
            told = [one for one in sink.accepted if "operator@example.org" in one.recipients]
            assert len({message_id(one.content) for one in told}) == 1
            assert {(one, to) for one, to in sink.copies() if one in TAKEN} == {
                (one, f"u{number}@example.org") for one in TAKEN for number in range(FEW)
            }
            assert not [one for one, _ in sink.copies() if "exit" in one]
            died.cancel()
            await asyncio.gather(died, return_exceptions=True)
            assert await place.end(signal.SIGTERM) == "ended 0"
            assert place.rows("SELECT state, reason, attempts FROM inbox WHERE reason = 'poison'") == [
                ("quarantined", "poison", 2)
            ]
        finally:
            await place.clear_away()
