"""A rate of sending: copies are counted on the given clock, over all connections; no test waits for time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.clock import MINUTE, SECOND, VirtualClock, to_instant
from mailsvc.config import parse, parse_rate
from mailsvc.deliver.pace import SLACK, Pace
from mailsvc.errors import ConfigError
from tests.outgoing_kit import START, Bench, bench, courier_for, eventually, letter, running
from tests.sink import Moment, Sink


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("30/min", (30, MINUTE)),
        ("5/s", (5, SECOND)),
        ("1000 / h", (1000, 60 * MINUTE)),
        ("10000/D", (10000, 24 * 60 * MINUTE)),
        ("", None),
        ("30", None),
        ("0/min", None),
        ("-1/min", None),
        ("30/fortnight", None),
        ("1.5/s", None),
    ],
)
def test_a_rate_is_a_number_and_a_time(text: str, rate: tuple[int, int] | None) -> None:
    assert parse_rate(text) == rate


def test_a_rate_that_is_none_is_refused_with_its_line() -> None:
    assert parse('[delivery]\nrate = "30/min"\n').delivery.rate == "30/min"
    with pytest.raises(ConfigError, match=r"delivery.rate \(line 2\)"):
        parse('[delivery]\nrate = "often"\n')


# ---- the count, as plain data


def _going(pace: Pace, clock: VirtualClock, steps: list[float], copies: int = 1) -> Iterator[int]:
    """The moments at which a courier that never rests sends, looking at the clock after each step."""
    for step in steps:
        clock.advance(timedelta(seconds=step))
        while pace.wait() == 0:
            pace.spend(copies)
            yield clock.now()


@given(
    st.integers(1, 2000),
    st.sampled_from([SECOND, MINUTE]),
    st.lists(st.floats(0, 40), max_size=60),
    st.integers(1, 5),
)
def test_no_time_sees_more_than_its_share(count: int, period: int, steps: list[float], copies: int) -> None:
    clock = VirtualClock(START)
    moments = list(_going(Pace(count, period, clock), clock, steps, copies))
    # What a window may have: its share, the slack's, and the transaction that it began with.
    for first, start in enumerate(moments):
        sent = sum(moment < start + period for moment in moments[first:]) * copies
        assert sent <= count + SLACK * count / period + copies


def test_a_steady_clock_sends_at_exactly_the_rate() -> None:
    clock = VirtualClock(START)
    pace = Pace(30, MINUTE, clock)
    moments = list(_going(pace, clock, [0.0] + [0.1] * 6000))
    assert len(moments) == 301
    assert [(moment - to_instant(START)) // SECOND for moment in moments[:4]] == [0, 2, 4, 6]


def test_time_without_mail_is_not_saved_up() -> None:
    clock = VirtualClock(START)
    pace = Pace(30, MINUTE, clock)
    clock.advance(timedelta(days=7))
    assert len(list(_going(pace, clock, [0.0]))) == 1


def test_what_did_not_go_is_given_back() -> None:
    clock = VirtualClock(START)
    pace = Pace(60, MINUTE, clock)
    pace.spend(10)
    assert pace.wait() == 10 * SECOND - SLACK
    pace.refund(4)
    assert pace.wait() == 6 * SECOND - SLACK
    assert list(_going(pace, clock, [5.9])) == []
    assert len(list(_going(pace, clock, [0.1]))) == 1


# ---- the courier


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


def _sent(sink: Sink, copies: int) -> bool:
    return sum(len(one.recipients) for one in sink.accepted) >= copies


async def _pass(on: Bench, seconds: float) -> None:
    on.clock.advance(timedelta(seconds=seconds))
    on.db.wake_all()


async def test_all_connections_together_keep_the_rate(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), [f"u{number}@example.org" for number in range(40)])
        async with running(courier_for(on, sink.port, connections=4, rate=(30, MINUTE))):
            for second in range(20):
                # One every two seconds: each of these waits ends because it goes, and none goes earlier.
                await eventually(partial(_sent, sink, second + 1))
                await _pass(on, 1.9)
                await asyncio.sleep(0.003)
                assert not _sent(sink, second + 2)
                await _pass(on, 0.1)


async def test_urgent_mail_goes_before_what_waits_for_its_turn(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), [f"u{number}@example.org" for number in range(20)])
        async with running(courier_for(on, sink.port, connections=2, rate=(1, SECOND))):
            await eventually(partial(_sent, sink, 1))
            await on.add(letter(2), ["anna@example.org"], priority=0)
            await asyncio.sleep(0.01)
            await _pass(on, 1)
            await eventually(partial(_sent, sink, 2))
    assert sink.accepted[1].recipients == ("anna@example.org",)


async def test_recipients_of_a_shared_transaction_count_each(on: Bench) -> None:
    async with Sink() as sink:
        await on.add(letter(1), [f"u{number}@example.org" for number in range(60)], shape="shared")
        async with running(courier_for(on, sink.port, connections=3, rate=(20, MINUTE))):
            for transaction in range(3):
                await eventually(partial(_sent, sink, 20 * transaction + 20))
                await _pass(on, 59)
                await asyncio.sleep(0.003)
                assert not _sent(sink, 20 * transaction + 21)
                await _pass(on, 1)
            await on.all_final()
    assert [len(one.recipients) for one in sink.accepted] == [20, 20, 20]


async def test_a_relay_that_refuses_us_costs_nothing_of_the_rate(on: Bench) -> None:
    refusals = ["421 4.3.2 not now"] * 3

    def script(moment: Moment) -> str | None:
        return refusals.pop() if moment.verb == "EHLO" and refusals else None

    async with Sink(script) as sink:
        await on.add(letter(1), ["anna@example.org"])
        async with running(courier_for(on, sink.port, rate=(1, 24 * 60 * MINUTE))):
            await on.all_final(step=timedelta(seconds=5))
        assert on.clock.now() - to_instant(START) < 60 * MINUTE
    assert len(sink.accepted) == 1
