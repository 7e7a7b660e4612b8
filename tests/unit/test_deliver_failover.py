"""Several relays: the first that is well is used, one that refuses is left alone, and gone back to when it is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailsvc.clock import SECOND, VirtualClock
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.failover import Failover
from mailsvc.deliver.next_hop import NextHop, RelayAddress, Security
from mailsvc.deliver.relay import RelayTransport
from tests import certificates
from tests.outgoing_kit import DOMAIN, FREE, START, Bench, bench, courier_for, eventually, letter, relay, running
from tests.sink import CLOSE_AFTER, DROP, SILENT, Moment, Sink

# ---- the choice, as plain data


def _later(clock: VirtualClock, seconds: float) -> None:
    clock.advance(timedelta(seconds=seconds))


def test_the_first_relay_that_is_well_is_chosen() -> None:
    clock = VirtualClock(START)
    relays = Failover(3, clock)
    assert [relays.choose(connection) for connection in range(4)] == [0, 0, 0, 0]
    assert relays.pause(0) == 5 * SECOND
    assert relays.pause(0) is None
    assert relays.choose(1) == 1
    relays.pause(1)
    assert relays.choose(1) == 2
    assert not relays.paused
    relays.pause(2)
    assert relays.paused
    assert relays.choose(1) is None
    assert [moment - clock.now() for moment in relays.moments] == [5 * SECOND] * 3


def test_after_its_pause_one_connection_alone_tries_a_relay() -> None:
    clock = VirtualClock(START)
    relays = Failover(2, clock)
    relays.pause(0)
    _later(clock, 5)
    assert [relays.choose(connection) for connection in (1, 2, 3, 1)] == [0, 1, 1, 0]
    assert relays.works(0, delivered=False)
    assert not relays.works(0, delivered=True)
    assert [relays.choose(connection) for connection in (1, 2, 3)] == [0, 0, 0]


def test_who_does_not_try_lets_another_one() -> None:
    clock = VirtualClock(START)
    relays = Failover(1, clock)
    relays.pause(0)
    _later(clock, 5)
    assert [relays.choose(1), relays.choose(2)] == [0, None]
    relays.leave(1)
    assert [relays.choose(2), relays.choose(1)] == [0, None]


def test_each_refusal_in_a_row_doubles_the_pause_and_a_delivery_ends_the_row() -> None:
    clock = VirtualClock(START)
    relays = Failover(1, clock)
    pauses = []
    for _ in range(9):
        pause = relays.pause(0)
        assert pause is not None
        pauses.append(pause // SECOND)
        _later(clock, pause / SECOND)
        relays.works(0, delivered=False)  # it talks to us, and then refuses again
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    relays.works(0, delivered=True)
    assert relays.pause(0) == 5 * SECOND


def test_mail_that_has_failed_is_not_what_a_relay_is_tried_with_while_another_is_well() -> None:
    clock = VirtualClock(START)
    relays = Failover(2, clock)
    assert not relays.doubts
    relays.pause(0)
    _later(clock, 5)
    assert relays.doubts
    assert relays.choose(1, careful=True) == 1
    assert relays.choose(2) == 0
    relays.pause(1)
    _later(clock, 5)
    assert relays.choose(2, careful=True) == 0


def test_what_still_works_on_an_old_connection_does_not_end_a_pause() -> None:
    clock = VirtualClock(START)
    relays = Failover(1, clock)
    relays.pause(0)
    assert not relays.works(0, delivered=True)
    assert relays.choose(1) is None


# ---- on real sockets


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


def _users(count: int) -> list[str]:
    return [f"u{number}@example.org" for number in range(count)]


async def _closed_port() -> int:
    async with Sink() as sink:
        return sink.port


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL"])
@pytest.mark.parametrize("said", ["421 4.3.2 overloaded", "450 4.7.1 slow down", CLOSE_AFTER + "421 4.7.0 bye", DROP])
async def test_a_relay_that_refuses_us_costs_no_attempt_and_no_time(on: Bench, verb: str, said: str) -> None:
    async with Sink(lambda moment: said if moment.verb == verb else None) as first, Sink() as second:
        await on.add(letter(1), _users(12))
        courier = courier_for(on, [first.port, second.port], connections=3)
        async with running(courier):
            await on.all_final()  # the clock stands still: nobody waited for anything
    assert not first.accepted
    assert second.copies() == Counter({("<m1@networks.example.org>", user): 1 for user in _users(12)})
    assert courier.counts.pauses == 1
    assert courier.counts.deferred == 0
    assert await on.column("SELECT DISTINCT attempts FROM delivery") == [1]


async def test_relays_that_are_not_there_are_passed_over(on: Bench) -> None:
    ports = [await _closed_port(), await _closed_port()]
    async with Sink() as third:
        await on.add(letter(1), _users(8))
        courier = courier_for(on, [*ports, third.port])
        async with running(courier):
            await on.all_final()
    assert len(third.accepted) == 8
    assert courier.counts.pauses == 2


async def test_a_relay_without_a_good_certificate_is_passed_over(on: Bench, tmp_path: Path) -> None:
    trusted = certificates.make(tmp_path, "127.0.0.1", file="trusted")
    async with Sink() as plain, Sink() as second:
        hops = [
            NextHop(RelayAddress("127.0.0.1", plain.port, Security.STARTTLS), trusted.client_context()),
            NextHop(RelayAddress("127.0.0.1", second.port)),
        ]
        transport = RelayTransport(hops, DOMAIN, 2, relay(1).timeouts, idle_seconds=0.2)
        await on.add(letter(1), _users(5))
        async with running(Courier(on.db, on.site, on.clock, transport, free_disk=lambda: FREE)):
            await on.all_final()
    assert not plain.accepted
    assert len(second.accepted) == 5


async def test_one_connection_goes_back_first_and_then_all_of_them(on: Bench) -> None:
    well = [False]

    def script(moment: Moment) -> str | None:
        return None if well[0] or moment.verb != "CONNECT" else "421 4.3.2 ill"

    async with Sink(script) as first, Sink() as second:
        await on.add(letter(1), _users(10))
        courier = courier_for(on, [first.port, second.port], connections=4, idle=5)
        async with running(courier):
            await on.all_final()
            assert (len(first.accepted), len(second.accepted)) == (0, 10)
            called = first.connections
            # Still ill after its pause: one connection finds out, and no copy suffers.
            on.clock.advance(timedelta(seconds=6))
            await on.add(letter(2), _users(40))
            await on.all_final()
            assert first.connections == called + 1
            assert len(second.accepted) == 50
            # Well again: the preferred relay has it all.
            well[0] = True
            on.clock.advance(timedelta(seconds=11))
            await on.add(letter(3), _users(10))
            await on.all_final()
            assert first.accepted
            before = len(second.accepted)
            first.delay = 0.001  # so that all connections are needed
            await on.add(letter(4), _users(60))
            await on.all_final()
    assert len(second.accepted) == before
    assert len({one.connection for one in first.accepted}) == 4
    assert set((first.copies() + second.copies()).values()) == {1}
    assert await on.column("SELECT DISTINCT attempts FROM delivery") == [1]


async def test_a_relay_in_doubt_holds_up_one_connection_only(on: Bench) -> None:
    ill = [True]

    def script(moment: Moment) -> str | None:
        if moment.verb != "CONNECT":
            return None
        return "421 4.3.2 ill" if ill[0] else SILENT

    async with Sink(script) as first, Sink() as second:
        await on.add(letter(1), _users(4))
        courier = courier_for(on, [first.port, second.port], connections=4)
        async with running(courier, grace=0.05):
            await on.all_final()
            ill[0] = False
            called = first.connections
            on.clock.advance(timedelta(seconds=6))
            await on.add(letter(2), _users(100))
            # All but the copy of the connection that waits for a greeting.
            await on.until("SELECT count(*) = 99 FROM delivery WHERE outgoing_id = 2 AND state = 'delivered'")
            assert first.connections == called + 1


async def test_all_relays_ill_is_a_pause_until_the_first_of_them_may_be_asked(on: Bench) -> None:
    ports = [await _closed_port(), await _closed_port()]
    await on.add(letter(1), _users(5), days=1)
    courier = courier_for(on, ports)
    async with running(courier):
        await eventually(lambda: courier.paused)
        assert courier.counts.pauses == 2
        async with Sink(port=ports[1]) as second:
            await on.all_final(step=timedelta(seconds=1))
    assert len(second.accepted) == 5
    assert await on.column("SELECT DISTINCT attempts FROM delivery") == [1]


async def test_a_relay_that_takes_the_envelope_and_hangs_up_is_not_asked_for_ever(on: Bench) -> None:
    async with Sink(lambda moment: DROP if moment.verb == "DATA" else None) as first, Sink() as second:
        await on.add(letter(1), _users(6))
        courier = courier_for(on, [first.port, second.port], connections=1)
        async with running(courier):
            # The copy that was lost on the way waits for its next attempt; the others go by the second relay.
            await on.until("SELECT count(*) = 5 FROM delivery WHERE state = 'delivered'")
            assert first.connections == 1
            # Its next attempt is not made with the relay that may be ill.
            await on.all_final(step=timedelta(minutes=1))
    assert first.connections == 1
    assert len(second.accepted) == 6
    assert await on.column("SELECT max(attempts) FROM delivery") == [2]


async def test_a_relay_that_breaks_down_in_the_middle_is_left_without_a_loss(on: Bench) -> None:
    def script(moment: Moment) -> str | None:
        return CLOSE_AFTER + "421 4.3.0 going down" if moment.verb == "MAIL" and moment.transaction > 5 else None

    async with Sink(script) as first, Sink() as second:
        await on.add(letter(1), _users(60))
        async with running(courier_for(on, [first.port, second.port], connections=2)):
            await on.all_final()
    assert len(first.accepted) <= 10
    assert set((first.copies() + second.copies()).values()) == {1}
    assert len(first.copies() + second.copies()) == 60
    assert await on.column("SELECT DISTINCT attempts FROM delivery") == [1]
