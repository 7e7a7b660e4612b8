"""An operator's stop: of one mail for good, of a group's posts for a while; the courier forgets them at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailsvc.clock import DAY
from mailsvc.deliver import store
from mailsvc.ids import OutgoingId
from mailsvc.store import outgoing as posts
from mailsvc.store.database import Tx
from tests.outgoing_kit import Bench, bench, courier_for, eventually, letter, running
from tests.sink import SILENT, Moment, Sink


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


def _users(count: int) -> list[str]:
    return [f"u{number}@example.org" for number in range(count)]


async def _cancel(on: Bench, outgoing: OutgoingId) -> int | None:
    return await on.db.write(lambda tx: store.queue_cancel(tx, outgoing))


@pytest.mark.parametrize("state", ["ready", "composing", "paused"])
async def test_what_waits_is_suppressed_for_good_and_its_bytes_are_erased(on: Bench, state: str) -> None:
    outgoing = await on.add(letter(1), _users(3), state=state)
    other = await on.add(letter(2), _users(2), state=state)
    await on.db.write(lambda tx: tx.execute("UPDATE delivery SET state = 'failed', reply = '550 no' WHERE id = 2"))
    assert await _cancel(on, outgoing) == 2
    assert await on.column("SELECT state FROM delivery ORDER BY id") == [
        "suppressed",
        "failed",
        "suppressed",
        "todo",
        "todo",
    ]
    assert await on.column("SELECT final_at FROM delivery WHERE state = 'suppressed'") == [on.clock.now()] * 2
    assert await on.column("SELECT state FROM outgoing ORDER BY id") == ["done", state]
    assert await on.column("SELECT bytes IS NULL FROM raw ORDER BY id") == [1, 0]
    assert await _cancel(on, outgoing) is None
    assert await _cancel(on, OutgoingId(other + 7)) is None


async def test_nobody_is_told_of_a_cancelled_mail(on: Bench) -> None:
    told: list[OutgoingId] = []
    async with Sink(lambda moment: "450 4.2.0 later" if moment.verb == "RCPT" else None) as sink:
        outgoing = await on.add(letter(1), _users(5))
        async with running(courier_for(on, sink.port, lambda _tx, one: told.append(one))):
            await on.until("SELECT sum(attempts) = 5 FROM delivery")
            assert await _cancel(on, outgoing) == 5
            on.clock.advance(timedelta(days=6))
            on.db.wake_all()
            await on.add(letter(2), [])
            await on.until("SELECT count(*) = 2 FROM outgoing WHERE state = 'done'")
    assert told == [2, 2]  # each unit runs twice here; of the cancelled one nothing was said
    assert set((await on.states(outgoing)).values()) == {"suppressed"}


@pytest.mark.parametrize("shape", ["personal", "shared"])
async def test_the_courier_drops_what_it_has_in_memory(on: Bench, shape: str) -> None:
    hold = [True]

    def script(moment: Moment) -> str | None:
        return SILENT if moment.verb == "DOT" and hold[0] else None

    async with Sink(script) as sink:
        outgoing = await on.add(letter(1), _users(300), shape=shape)
        courier = courier_for(on, sink.port, connections=2, recipients=10, final=0.2)
        async with running(courier):
            await eventually(lambda: len(sink.accepted) == 2)
            assert len(courier._pool) > 100
            await _cancel(on, outgoing)
            await eventually(lambda: len(courier._pool) == 0)
            hold[0] = False
            # What was on its way and what went ahead behind it ends; nothing else is ever sent.
            await eventually(lambda: courier.idle)
            await on.add(letter(2), _users(1))
            await on.all_final(step=timedelta(seconds=5))
    sent = sum(len(one.recipients) for one in sink.accepted)
    assert sent <= (4 if shape == "personal" else 40) + 1
    assert set((await on.states(outgoing)).values()) == {"suppressed"}


async def test_a_cancelled_mail_is_forgotten_also_while_every_relay_is_paused(on: Bench) -> None:
    async with Sink() as sink:
        port = sink.port
    outgoing = await on.add(letter(1), _users(20))
    courier = courier_for(on, port)
    async with running(courier):
        await eventually(lambda: courier.paused)
        await eventually(lambda: len(courier._pool) == 20)
        await _cancel(on, outgoing)
        await eventually(lambda: len(courier._pool) == 0)
        async with Sink(port=port) as back:
            on.clock.advance(timedelta(minutes=10))
            await on.add(letter(2), _users(1))
            await on.all_final(step=timedelta(minutes=1))
    assert len(back.accepted) == 1


async def test_a_groups_posts_wait_and_go_on_with_the_time_that_they_had(on: Bench) -> None:
    async with Sink() as sink:
        post = await on.add(letter(1), _users(4), days=1)
        other = await on.add(letter(2), _users(1))
        note = await on.add(letter(3), _users(1))

        def of_group(tx: Tx) -> None:
            tx.execute("UPDATE outgoing SET group_id = CASE id WHEN :other THEN 8 ELSE 7 END", other=other)
            tx.execute("UPDATE outgoing SET kind = 'letter' WHERE id = :id", id=note)

        await on.db.write(of_group)
        since = on.clock.now()
        assert await on.db.write(lambda tx: posts.hold_posts(tx, 7)) == 1
        async with running(courier_for(on, sink.port)):
            await on.until("SELECT count(*) = 2 FROM outgoing WHERE state = 'done'")
            on.clock.advance(timedelta(days=9))
            on.db.wake_all()
            await asyncio.sleep(0.01)
            assert len(sink.accepted) == 2
            assert await on.db.write(lambda tx: posts.let_go_posts(tx, 7, since)) == 1
            await on.all_final()
    assert set((await on.states(post)).values()) == {"delivered"}
    (expires,) = await on.column(f"SELECT expires_at FROM outgoing WHERE id = {post}")
    assert expires == on.clock.now() + DAY


async def test_no_retry_lets_go_what_a_group_holds(on: Bench) -> None:
    post = await on.add(letter(1), _users(1), state="paused")

    def held(tx: Tx) -> None:
        tx.execute(
            'INSERT INTO groups (id, name, kind, title, language, post, "join", settings, state, created_at, held_at)'
            " VALUES (7, 'talk', 'network', 'Talk', 'en', 'members', 'open', '{}', 'open', 0, 5)"
        )
        tx.execute("UPDATE outgoing SET group_id = 7")

    await on.db.write(held)
    for which in (None, post):
        assert await on.db.write(lambda tx, which=which: store.queue_retry(tx, which, restored=True)) == 0  # type: ignore[misc]
    await on.db.write(lambda tx: tx.execute("UPDATE groups SET held_at = NULL"))
    assert await on.db.write(lambda tx: store.queue_retry(tx, restored=True)) == 1
