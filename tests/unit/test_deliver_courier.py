"""The courier: a real database, real sockets, a clock that moves when told to."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from mailsvc.clock import DAY, MINUTE, SECOND, to_instant
from mailsvc.deliver import relay as module
from mailsvc.deliver import store, verp
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.model import Copy, Result
from mailsvc.deliver.smtp_client import Features
from mailsvc.errors import StoreUnavailable
from mailsvc.ids import OutgoingId
from mailsvc.store.database import Tx
from tests.outgoing_kit import FREE, KEY, START, Bench, bench, courier_for, eventually, letter, relay, running
from tests.sink import CLOSE_AFTER, DROP, EXTENSIONS, SILENT, Moment, Sink

MINUTES = timedelta(minutes=1)


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


def _users(count: int) -> list[str]:
    return [f"u{number}@example.org" for number in range(count)]


def _accepted(sink: Sink, least: int) -> bool:
    return len(sink.accepted) >= least


async def test_every_recipient_gets_one_copy_with_its_own_sender_and_key(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1, keyed=True, body=b".\r\n..\r\n"), _users(30), membership=True)
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    assert sink.copies() == Counter({("<m1@networks.example.org>", user): 1 for user in _users(30)})
    rows = await on.db.read(lambda tx: tx.all("SELECT id, address, membership_id, reply, attempts FROM delivery"))
    by_address = {row["address"]: row for row in rows}
    for one in sink.accepted:
        row = by_address[one.recipients[0]]
        assert verp.delivery_of(KEY, one.sender.partition("@")[0]) == row["id"]
        key = KEY.key_for("unsubscribe", row["membership_id"])
        assert one.content == letter(1, keyed=True, body=b".\r\n..\r\n").replace(b"\0member-key\0", key.encode())
        assert row["reply"] == "250 2.0.0 taken"
        assert row["attempts"] == 1
    assert 1 < sink.connections <= 4


async def test_letters_without_a_bounce_have_the_null_sender(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), ["anna@example.org"], sender="null")
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    assert "MAIL FROM:<>" in " ".join(sink.commands)
    assert sink.accepted[0].sender == ""


async def test_a_message_is_closed_once_with_its_last_copy(on: Bench) -> None:
    await on.db.write(lambda tx: tx.execute("CREATE TABLE told (outgoing_id INTEGER, todo INTEGER)"))

    def finished(tx: Tx, outgoing: OutgoingId) -> None:
        row = tx.one("SELECT count(*) AS n FROM delivery WHERE outgoing_id = :o AND state = 'todo'", o=outgoing)
        assert row is not None
        tx.insert("INSERT INTO told VALUES (:o, :n)", o=outgoing, n=row["n"])

    async with Sink() as sink:
        first = await on.add(letter(1), _users(20))
        empty = await on.add(letter(2), [])
        async with running(courier_for(on, sink.port, finished)):
            await on.all_final()
    told = await on.db.read(lambda tx: tx.all("SELECT * FROM told ORDER BY outgoing_id"))
    assert [(row["outgoing_id"], row["todo"]) for row in told] == [(first, 0), (empty, 0)]
    assert await on.column("SELECT state FROM outgoing") == ["done", "done"]
    assert await on.column("SELECT bytes IS NULL FROM raw") == [1, 1]


async def test_a_source_mail_is_never_erased(on: Bench) -> None:
    async with Sink() as sink:
        outgoing = await on.add(letter(1), _users(1), state="paused")
        await on.db.write(
            lambda tx: tx.execute(
                "UPDATE outgoing SET source_raw_id = composed_raw_id, state = 'ready' WHERE id = :o", o=outgoing
            )
        )
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    assert await on.column("SELECT bytes IS NULL FROM raw") == [0]


async def test_a_hook_that_fails_does_not_undo_results_and_is_tried_again(on: Bench) -> None:
    failures = [True]

    def finished(_tx: Tx, _outgoing: OutgoingId) -> None:
        if failures[0]:
            raise ValueError("a bug")

    async with Sink() as sink:
        await on.add(letter(1), _users(3))
        async with running(courier_for(on, sink.port, finished)):
            await on.until("SELECT NOT EXISTS (SELECT 1 FROM delivery WHERE state = 'todo')")
            await on.add(letter(2), [])  # also refused by the hook; results of others still come through
            failures[0] = False
            await on.all_final(step=timedelta(minutes=5))
    assert sum(sink.copies().values()) == 3


async def test_replies_of_all_kinds_and_what_comes_of_them(on: Bench) -> None:
    def script(moment: Moment) -> str | None:
        if moment.verb == "RCPT":
            return {"u1@example.org": "450 4.2.0 later", "u2@example.org": "550 5.1.1 unknown"}.get(moment.argument)
        return None

    async with Sink(script) as sink:
        outgoing = await on.add(letter(1), _users(4))
        async with running(courier_for(on, sink.port)):
            await on.until("SELECT count(*) = 3 FROM delivery WHERE state <> 'todo'")
            await on.until("SELECT attempts = 1 FROM delivery WHERE address = 'u1@example.org'")
    entry = await on.db.read(lambda tx: store.queue_show(tx, outgoing))
    assert entry is not None
    states = {one.address: (one.state, one.reply, one.next_at - to_instant(START)) for one in entry.deliveries}
    assert states == {
        "u0@example.org": ("delivered", "250 2.0.0 taken", 0),
        "u1@example.org": ("todo", "450 4.2.0 later", 5 * MINUTE),
        "u2@example.org": ("failed", "550 5.1.1 unknown", 0),
        "u3@example.org": ("delivered", "250 2.0.0 taken", 0),
    }
    assert (entry.item.todo, entry.item.delivered, entry.item.failed, entry.item.state) == (1, 2, 1, "ready")


async def test_a_retry_sends_the_same_bytes_and_gives_up_at_the_end(on: Bench) -> None:
    seen: list[int] = []

    def script(moment: Moment) -> str | None:
        if moment.verb == "DOT":
            seen.append((on.clock.now() - to_instant(START)) // MINUTE)
        return "451 4.3.0 not now" if moment.verb == "DOT" and len(seen) <= 6 else None

    async with Sink(script) as sink:
        await on.add(letter(1, keyed=True), ["anna@example.org"], membership=True, days=1)
        first = await on.column("SELECT bytes FROM raw")
        async with running(courier_for(on, sink.port)):
            await on.all_final(step=MINUTES)
    assert len(sink.accepted) == 1
    assert isinstance(first[0], bytes)
    key = KEY.key_for("unsubscribe", 1).encode()
    assert sink.accepted[0].content == first[0].replace(b"\0member-key\0", key)
    waits = [after - before for before, after in itertools.pairwise(seen)]
    for wait, least in zip(waits, [5, 10, 20, 40, 70, 70], strict=True):
        assert wait >= least


async def test_what_cannot_be_delivered_in_time_expires_with_its_last_reply(on: Bench) -> None:
    async with Sink(lambda moment: "451 4.2.2 full" if moment.verb == "RCPT" else None) as sink:
        await on.add(letter(1), ["anna@example.org"], days=0.5)
        async with running(courier_for(on, sink.port)):
            await on.all_final(step=10 * MINUTES)
    rows = await on.db.read(lambda tx: tx.all("SELECT state, reply, final_at, attempts FROM delivery"))
    assert [(row["state"], row["reply"]) for row in rows] == [("expired", "451 4.2.2 full")]
    assert rows[0]["final_at"] >= to_instant(START) + DAY // 2
    assert 5 <= rows[0]["attempts"] <= 15
    assert await on.column("SELECT state FROM outgoing") == ["done"]


async def test_a_relay_that_is_not_there_is_left_alone_and_counts_no_attempts(on: Bench) -> None:
    async with Sink() as sink:
        port = sink.port
    await on.add(letter(1), _users(5), days=1)
    courier = courier_for(on, port)
    async with running(courier):
        await eventually(lambda: courier.paused)
        assert courier.counts.pauses == 1
        assert await on.column("SELECT DISTINCT attempts FROM delivery") == [0]
        for _ in range(8):
            before = courier.counts.pauses
            while courier.counts.pauses == before:
                on.clock.advance(timedelta(seconds=5))
                on.db.wake_all()
                await asyncio.sleep(0.002)
        assert await on.column("SELECT DISTINCT attempts FROM delivery") == [0]
        async with Sink(port=port) as back:
            await on.all_final(step=timedelta(minutes=1))
    assert sum(back.copies().values()) == 5
    assert set((await on.states()).values()) == {"delivered"}


async def test_a_relay_that_stays_away_does_not_keep_mail_for_ever(on: Bench) -> None:
    async with Sink() as sink:
        port = sink.port
    await on.add(letter(1), _users(3), days=0.1)
    async with running(courier_for(on, port)):
        await on.all_final(step=timedelta(minutes=10))
    assert set((await on.states()).values()) == {"expired"}


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL"])
@pytest.mark.parametrize("said", ["421 4.3.2 overloaded", "450 4.7.1 slow down", CLOSE_AFTER + "421 4.7.0 bye", DROP])
async def test_refusals_of_us_pause_the_relay_only(on: Bench, verb: str, said: str) -> None:
    refusals = [0]

    def script(moment: Moment) -> str | None:
        if moment.verb == verb and refusals[0] < 3:
            refusals[0] += 1
            return said
        return None

    async with Sink(script) as sink:
        await on.add(letter(1), _users(6))
        courier = courier_for(on, sink.port, connections=2)
        async with running(courier):
            await on.all_final(step=timedelta(seconds=1))
    assert courier.counts.pauses >= 1
    assert courier.counts.deferred == 0
    assert await on.column("SELECT DISTINCT attempts FROM delivery") == [1]
    assert set(sink.copies().values()) == {1}


@pytest.mark.parametrize("extensions", [EXTENSIONS, ()])
@pytest.mark.parametrize("verb", ["RCPT", "DATA", "DOT"])
async def test_a_connection_lost_on_the_way_repeats_only_what_was_lost(
    on: Bench, verb: str, extensions: tuple[str, ...]
) -> None:
    dropped: set[int] = set()

    def script(moment: Moment) -> str | None:
        if moment.verb == verb and moment.transaction == 3 and moment.connection <= 2:
            dropped.add(moment.connection)
            return DROP
        return None

    async with Sink(script, extensions) as sink:
        await on.add(letter(1), _users(40))
        async with running(courier_for(on, sink.port, connections=2)):
            await on.all_final(step=timedelta(seconds=30))
    assert dropped == {1, 2}
    assert set((await on.states()).values()) == {"delivered"}
    assert len(sink.copies()) == 40
    extra = sum(sink.copies().values()) - 40
    assert extra == (2 if verb == "DOT" else 0)
    # What had only gone ahead of its turn on the lost connection was not tried, and does not count as tried.
    attempts = await on.column("SELECT sum(attempts) FROM delivery")
    assert attempts[0] in (40, 41, 42)


async def test_no_reply_to_the_final_dot_is_a_temporary_failure(on: Bench) -> None:
    silent = [SILENT]

    async with Sink(lambda moment: silent.pop() if moment.verb == "DOT" and silent else None) as sink:
        await on.add(letter(1), ["anna@example.org"])
        courier = courier_for(on, sink.port, final=0.1)
        async with running(courier):
            await on.until("SELECT attempts = 1 FROM delivery")
            assert await on.column("SELECT reply FROM delivery") == ["no reply to the final dot: no reply in time"]
            await on.all_final(step=MINUTES)
    assert sum(sink.copies().values()) == 2


async def test_a_slow_relay_is_waited_for(on: Bench) -> None:
    async with Sink(delay=0.01, chunk=3) as sink:
        await on.add(letter(1), _users(8))
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    assert set(sink.copies().values()) == {1}


async def test_urgent_mail_overtakes_and_equals_share(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(300))
        await on.add(letter(2), _users(300))
        await on.add(letter(3), _users(5), priority=1)
        await on.add(letter(4), _users(1), priority=0)
        async with running(courier_for(on, sink.port, connections=1)):
            await on.all_final()
    order = [int(one.content.partition(b"<m")[2][:1]) for one in sink.accepted]
    assert order[:6] == [4, 3, 3, 3, 3, 3]
    assert abs(Counter(order[6:206])[1] - 100) <= 16


async def test_a_small_post_does_not_wait_for_a_huge_one(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(1500))
        courier = courier_for(on, sink.port, connections=1)
        async with running(courier):
            await eventually(lambda: len(sink.accepted) >= 200)
            await on.add(letter(2), _users(1), priority=0)
            await on.until("SELECT state = 'delivered' FROM delivery WHERE outgoing_id = 2")
            assert len(sink.accepted) < 1400
            await on.all_final()
    assert set(sink.copies().values()) == {1}


async def test_memory_holds_a_window_and_one_copy_of_the_bytes(on: Bench) -> None:
    async with Sink() as sink:
        for number in range(1, 6):
            await on.add(letter(number, body=b"x" * 998 + b"\r\n"), _users(60))
        window = store.Window(copies=32, messages=2, octets=1100)
        transport = relay(sink.port, connections=2)
        courier = Courier(on.db, on.site, on.clock, transport, free_disk=lambda: FREE, window=window)
        held: list[int] = []
        messages: list[int] = []

        def looked() -> bool:
            held.append(len(courier._pool.held))
            messages.append(len(courier._messages))
            return len(sink.accepted) == 300

        async with running(courier):
            await eventually(looked)
            await on.all_final()
    assert max(messages) == 1
    assert 16 <= max(held) <= 32 + 4
    assert set(sink.copies().values()) == {1}


async def test_sending_rests_while_the_disk_is_nearly_full(on: Bench) -> None:
    free = [on.site.config.limits.disk_floor - 1]
    async with Sink() as sink:
        await on.add(letter(1), _users(3))
        courier = Courier(on.db, on.site, on.clock, relay(sink.port), free_disk=lambda: free[0])
        async with running(courier):
            await eventually(lambda: courier.paused)
            await asyncio.sleep(0.02)
            assert sink.connections == 0
            free[0] = FREE
            on.db.wake_all()
            await on.all_final()
    assert set((await on.states()).values()) == {"delivered"}


async def test_nothing_more_is_sent_than_can_be_recorded(on: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsvc.deliver.recorder.RETRY_SECONDS", 0.02)
    broken = [True]
    real = store.settle

    def settle(*args: object, **options: object) -> store.Settled:
        if broken[0]:
            raise StoreUnavailable("database or disk is full")
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "settle", settle)
    async with Sink() as sink:
        await on.add(letter(1), _users(50))
        async with running(courier_for(on, sink.port, connections=3)):
            await eventually(lambda: len(sink.accepted) >= 3)
            await asyncio.sleep(0.1)
            assert len(sink.accepted) == 3
            broken[0] = False
            await on.all_final()
    assert len(sink.accepted) == 50


async def test_an_unrecordable_result_holds_its_own_connection_only(on: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = store.settle

    def settle(tx: Tx, results: list[Result], limits: object) -> store.Settled:
        if any(result.copy.address == "u5@example.org" for result in results):
            raise ValueError("a bug")
        return real(tx, results, limits)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "settle", settle)
    async with Sink() as sink:
        await on.add(letter(1), _users(30))
        async with running(courier_for(on, sink.port, connections=3), grace=0.05):
            # The copy itself, and the one whose envelope went ahead behind it, wait for the end.
            await on.until("SELECT count(*) = 28 FROM delivery WHERE state = 'delivered'")
    assert len(sink.accepted) == 29


async def test_a_stop_sends_nothing_twice(on: Bench) -> None:
    async with Sink(delay=0.001) as sink:
        await on.add(letter(1), _users(120))
        for count in (1, 2, 3, 4):
            courier = courier_for(on, sink.port)
            async with running(courier):
                await eventually(partial(_accepted, sink, 20 * count))
            assert courier.idle or len(courier._pool.held) == len(courier._pool)
            delivered = await on.column("SELECT count(*) FROM delivery WHERE state = 'delivered'")
            assert delivered == [len(sink.accepted)]
        assert 0 < len(sink.accepted) < 120
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    assert sink.copies() == Counter({("<m1@networks.example.org>", user): 1 for user in _users(120)})


async def test_a_stop_cuts_off_what_takes_too_long(on: Bench) -> None:
    async with Sink(lambda moment: SILENT if moment.verb == "DOT" else None) as sink:
        await on.add(letter(1), _users(20))
        courier = courier_for(on, sink.port, connections=3)
        task = asyncio.create_task(courier.run())
        await eventually(lambda: len(sink.accepted) >= 3)
        await courier.stop(grace=0.05)
        await task
    assert len(sink.accepted) == 3
    assert set((await on.states()).values()) == {"todo"}


async def test_a_stop_before_the_start_and_a_second_one_do_nothing(on: Bench) -> None:
    async with Sink() as sink:
        courier = courier_for(on, sink.port)
        await courier.stop(1)
        courier = courier_for(on, sink.port)
        async with running(courier):
            await courier.stop(1)
        await courier.stop(1)
    assert sink.connections == 0


async def test_idle_connections_say_goodbye(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(2))
        async with running(courier_for(on, sink.port, idle=0.02)):
            await on.all_final()
            await eventually(lambda: not sink.open)
            quits = sink.commands.count("QUIT")
            await on.add(letter(2), _users(2))
            await on.all_final()
    assert quits >= 1
    assert sink.commands.count("QUIT") == sink.connections
    assert len(sink.accepted) == 4


async def test_a_relay_that_hangs_up_while_idle_is_called_again(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(1))
        courier = courier_for(on, sink.port, connections=1, idle=5)
        async with running(courier):
            await on.all_final()
            for task in list(sink._tasks):
                task.cancel()
            await eventually(lambda: not sink.open)
            await on.add(letter(2), _users(1))
            await on.all_final()
    assert courier.counts.pauses == 0
    assert await on.column("SELECT DISTINCT attempts FROM delivery") == [1]


async def test_composed_bytes_that_are_gone_or_changed_are_not_sent(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(2), state="paused")
        await on.add(letter(2), _users(2), state="paused")
        await on.add(letter(3, body=b"smuggled\n.\r\n"), _users(2), state="paused")
        await on.db.write(lambda tx: tx.execute("UPDATE raw SET bytes = NULL WHERE id = 1"))
        await on.db.write(lambda tx: tx.execute("UPDATE raw SET bytes = x'41' WHERE id = 2"))
        await on.db.write(lambda tx: tx.execute("UPDATE outgoing SET state = 'ready'"))
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    assert not sink.accepted
    assert await on.column("SELECT DISTINCT state FROM delivery") == ["failed"]
    assert all(str(reply).startswith("554 5.6.0 ") for reply in await on.column("SELECT reply FROM delivery"))


async def test_what_a_server_cannot_take_fails_and_the_rest_goes(on: Bench) -> None:
    async with Sink(extensions=("PIPELINING",)) as sink:
        await on.add(letter(1, body="ö\r\n".encode()), _users(2))
        await on.add(letter(2), ["ånna@example.org", "anna@example.org", "no address", "bo@example.org"])
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    replies = await on.column("SELECT substr(reply, 1, 9) FROM delivery ORDER BY id")
    assert replies == ["554 5.6.3", "554 5.6.3", "553 5.6.7", "250 2.0.0", "553 5.1.3", "250 2.0.0"]
    assert not sink.junk


async def test_paused_and_composing_messages_stay(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(2), state="paused")
        await on.add(letter(2), _users(2), state="composing")
        ready = await on.add(letter(3), _users(2))
        async with running(courier_for(on, sink.port)):
            await on.until(f"SELECT state = 'done' FROM outgoing WHERE id = {ready}")
    assert await on.column("SELECT state FROM outgoing ORDER BY id") == ["paused", "composing", "done"]
    assert len(sink.accepted) == 2


async def test_an_error_in_a_connection_costs_one_attempt(on: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsvc.deliver.courier.STORE_RETRY_SECONDS", 0.01)
    real = module.parcel_of

    def parcel_of(copies: tuple[Copy, ...], features: Features) -> object:
        if copies[0].address == "u1@example.org" and copies[0].attempts == 0:
            raise ValueError("a bug")
        return real(copies, features)

    monkeypatch.setattr(module, "parcel_of", parcel_of)
    async with Sink() as sink:
        await on.add(letter(1), _users(6))
        async with running(courier_for(on, sink.port, connections=2)):
            await on.all_final(step=timedelta(seconds=30))
    attempts = await on.column("SELECT attempts FROM delivery WHERE address = 'u1@example.org'")
    assert attempts == [2]
    assert len(sink.copies()) == 6


async def test_results_are_synced_soon_after_they_are_committed(on: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsvc.deliver.recorder.SYNC_SECONDS", 0.01)
    async with Sink() as sink:
        await on.add(letter(1), _users(3))
        async with running(courier_for(on, sink.port)):
            await on.all_final()
            await on.until("SELECT 1 FROM meta WHERE key = 'delivery_synced_at'")


async def test_the_pause_is_told_by_the_clock_it_was_given(on: Bench) -> None:
    courier = courier_for(on, 1)
    courier.pause(0, "421 go away")
    courier.pause(0, "421 go away")
    assert courier.counts.pauses == 1
    on.clock.advance(timedelta(seconds=4.9))
    assert courier.paused
    on.clock.advance(timedelta(seconds=0.2))
    assert not courier.paused
    courier.pause(0, "421 go away")
    assert [moment - on.clock.now() for moment in courier._failover.moments] == [10 * SECOND]


async def test_a_window_never_reads_what_is_in_memory(on: Bench) -> None:
    await on.add(letter(1), _users(20))
    window = store.Window(copies=8, messages=4, octets=10_000)
    first = await on.db.read(lambda tx: store.due(tx, window))
    held = [due.id for due in first.batches[0].due]
    assert len(held) == 8
    assert first.more
    again = replace(window, held=held, queued={first.batches[0].message.id: 3})
    second = await on.db.read(lambda tx: store.due(tx, again))
    assert len(second.batches[0].due) == 5
    assert not set(held) & {due.id for due in second.batches[0].due}
