"""Shared delivery: one transaction for many, a reply for each, and one envelope sender that names the message."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from mailsvc.deliver import store, verp
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.mailroom import MailroomTransport
from mailsvc.ids import DeliveryId, OutgoingId
from tests.outgoing_kit import DOMAIN, FREE, KEY, Bench, bench, courier_for, eventually, letter, running
from tests.sink import CLOSE_AFTER, DROP, EXTENSIONS, Moment, Sink

MINUTES = timedelta(minutes=1)


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


def _users(count: int) -> list[str]:
    return [f"u{number}@example.org" for number in range(count)]


def _accepted(sink: Sink, least: int) -> bool:
    return len(sink.accepted) >= least


def test_a_shared_sender_names_the_message_and_no_delivery() -> None:
    path = verp.shared_reverse_path(KEY, OutgoingId(7), DOMAIN)
    local = path.partition("@")[0]
    assert verp.outgoing_of(KEY, local) == 7
    assert verp.outgoing_of(KEY, local.upper()) == 7
    assert verp.delivery_of(KEY, local) is None
    personal = verp.reverse_path(KEY, DeliveryId(7), DOMAIN).partition("@")[0]
    assert verp.outgoing_of(KEY, personal) is None
    assert personal != local
    assert verp.outgoing_of(KEY, "bounces") is None


@pytest.mark.parametrize("extensions", [EXTENSIONS, ()])
async def test_many_recipients_go_in_one_transaction(on: Bench, extensions: tuple[str, ...]) -> None:
    content = letter(1, body=b".\r\n..\r\n")
    async with Sink(extensions=extensions) as sink:
        outgoing = await on.add(content, _users(250), shape="shared", membership=True)
        async with running(courier_for(on, sink.port, connections=2)):
            await on.all_final()
    assert sorted(len(one.recipients) for one in sink.accepted) == [50, 100, 100]
    assert sink.copies() == Counter({("<m1@networks.example.org>", user): 1 for user in _users(250)})
    assert {one.content for one in sink.accepted} == {content}
    assert {one.sender for one in sink.accepted} == {verp.shared_reverse_path(KEY, outgoing, DOMAIN)}
    assert set((await on.states()).values()) == {"delivered"}
    assert await on.column("SELECT state FROM outgoing") == ["done"]


async def test_each_recipient_has_its_own_end(on: Bench) -> None:
    said = {
        "u1@example.org": "450 4.2.1 later",
        "u3@example.org": "550 5.1.1 unknown",
        "u5@example.org": "552 5.2.2 full",
    }

    def script(moment: Moment) -> str | None:
        return said.get(moment.argument) if moment.verb == "RCPT" else None

    async with Sink(script) as sink:
        outgoing = await on.add(letter(1), [*_users(8), "no address", "ånna@example.org"], shape="shared")
        async with running(courier_for(on, sink.port)):
            await on.until("SELECT count(*) = 9 FROM delivery WHERE state <> 'todo'")
            await on.until("SELECT attempts = 1 FROM delivery WHERE address = 'u1@example.org'")
            said.clear()
            await on.all_final(step=MINUTES)
    entry = await on.db.read(lambda tx: store.queue_show(tx, outgoing))
    assert entry is not None
    ends = {one.address: (one.state, one.reply[:9], one.attempts) for one in entry.deliveries}
    assert ends["u0@example.org"] == ("delivered", "250 2.0.0", 1)
    assert ends["u1@example.org"] == ("delivered", "250 2.0.0", 2)
    assert ends["u3@example.org"] == ("failed", "550 5.1.1", 1)
    assert ends["u5@example.org"] == ("failed", "552 5.2.2", 1)
    assert ends["no address"] == ("failed", "553 5.1.3", 1)
    assert ends["ånna@example.org"] == ("delivered", "250 2.0.0", 1)
    assert Counter(sink.copies().values()) == {1: 7}


@pytest.mark.parametrize("reply", ["452 4.5.3 too many recipients", "552 too many"])
async def test_a_relay_that_takes_fewer_gets_fewer_and_nobody_waits(on: Bench, reply: str) -> None:
    taken: Counter[tuple[int, int]] = Counter()

    def script(moment: Moment) -> str | None:
        if moment.verb != "RCPT":
            return None
        taken[moment.connection, moment.transaction] += 1
        return reply if taken[moment.connection, moment.transaction] > 30 else None

    async with Sink(script) as sink:
        await on.add(letter(1), _users(200), shape="shared")
        async with running(courier_for(on, sink.port, connections=1)):
            await on.all_final()  # the clock stands still
    assert sink.copies() == Counter({("<m1@networks.example.org>", user): 1 for user in _users(200)})
    assert await on.column("SELECT DISTINCT attempts FROM delivery") == [1]
    assert len(sink.accepted) <= 9
    # What went ahead behind the first one was as long; after that it is known.
    assert max(list(taken.values())[2:]) == 30


async def test_a_lost_reply_repeats_one_transaction_per_connection(on: Bench) -> None:
    lost: list[int] = []

    def script(moment: Moment) -> str | None:
        if moment.verb == "DOT" and len(lost) < 2 and moment.transaction == 2:
            lost.append(moment.connection)
            return DROP
        return None

    async with Sink(script) as sink:
        await on.add(letter(1), _users(120), shape="shared")
        async with running(courier_for(on, sink.port, connections=2, recipients=10)):
            await on.all_final(step=MINUTES)
    copies = sink.copies()
    assert len(copies) == 120
    extra = sum(copies.values()) - 120
    assert extra == 10 * len(lost)
    assert copies - sink.lost_replies() <= Counter(dict.fromkeys(copies, 1))


@pytest.mark.parametrize("said", ["421 4.3.2 overloaded", CLOSE_AFTER + "421 4.7.0 bye"])
async def test_a_relay_that_stops_in_the_middle_of_recipients(on: Bench, said: str) -> None:
    stopped = [False]

    def script(moment: Moment) -> str | None:
        if moment.argument == "u7@example.org" and not stopped[0]:
            stopped[0] = True
            return said
        return None

    async with Sink(script) as sink:
        await on.add(letter(1), _users(20), shape="shared")
        async with running(courier_for(on, sink.port)):
            await on.all_final(step=MINUTES)
    assert sink.copies() == Counter({("<m1@networks.example.org>", user): 1 for user in _users(20)})


async def test_a_stop_sends_nothing_twice(on: Bench) -> None:
    async with Sink(delay=0.001) as sink:
        await on.add(letter(1), _users(200), shape="shared")
        for count in (1, 2, 3):
            async with running(courier_for(on, sink.port, recipients=9)):
                await eventually(partial(_accepted, sink, 4 * count))
            delivered = await on.column("SELECT count(*) FROM delivery WHERE state = 'delivered'")
            assert delivered == [sum(len(one.recipients) for one in sink.accepted)]
        async with running(courier_for(on, sink.port, recipients=9)):
            await on.all_final()
    assert sink.copies() == Counter({("<m1@networks.example.org>", user): 1 for user in _users(200)})


async def test_a_personal_place_in_a_shared_message_is_never_sent(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1, keyed=True), _users(3), shape="shared", membership=True)
        async with running(courier_for(on, sink.port)):
            await on.all_final()
    assert not sink.accepted
    assert set((await on.states()).values()) == {"failed"}


async def test_urgent_mail_and_other_posts_have_their_turn_between_transactions(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(300), shape="shared")
        await on.add(letter(2), _users(5))
        await on.add(letter(3), _users(1), priority=0)
        async with running(courier_for(on, sink.port, connections=1, recipients=20)):
            await on.all_final()
    order = [int(one.content.partition(b"<m")[2][:1]) for one in sink.accepted]
    assert order[0] == 3
    assert 2 not in order[13:]
    assert len(order) == 21


async def test_memory_stays_bounded(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), _users(2000), shape="shared")
        window = store.Window(copies=32, messages=2, octets=10_000)
        courier = courier_for(on, sink.port, connections=2, recipients=50)
        courier._window = window
        held: list[int] = []

        def looked() -> bool:
            held.append(len(courier._pool.held))
            return sum(len(one.recipients) for one in sink.accepted) == 2000

        async with running(courier):
            await eventually(looked)
            await on.all_final()
    assert 50 < max(held) <= 32 * 8 + 4 * 50


async def test_the_mailroom_keeps_a_shared_copy_for_everybody(on: Bench) -> None:
    outgoing = await on.add(letter(1), _users(70), shape="shared")
    courier = Courier(on.db, on.site, on.clock, MailroomTransport(), free_disk=lambda: FREE)
    async with running(courier):
        await on.all_final()
    rows = await on.db.read(lambda tx: tx.all("SELECT DISTINCT reverse_path, bytes FROM mailroom"))
    assert [(row["reverse_path"], row["bytes"]) for row in rows] == [
        (verp.shared_reverse_path(KEY, outgoing, DOMAIN), letter(1))
    ]
    assert await on.column("SELECT count(*) FROM mailroom") == [70]
