"""The statements of delivery: final once, indexed, and a queue that shows nothing it should not."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from mailsvc.clock import DAY, MINUTE, to_instant
from mailsvc.deliver import store
from mailsvc.deliver.model import Copy, Result, prepare
from mailsvc.errors import Deferred, Delivered, Failed, Outcome
from mailsvc.ids import DeliveryId, OutgoingId
from mailsvc.limits import Limits
from tests.outgoing_kit import KEY, START, Bench, bench, letter


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


def _result(number: int, outcome: Outcome, attempts: int = 0) -> Result:
    message = prepare(OutgoingId(1), letter(1))
    return Result(Copy(DeliveryId(number), message, "anna@example.org", "", "", attempts), outcome)


async def _settle(on: Bench, *results: Result) -> store.Settled:
    return await on.db.write(lambda tx: store.settle(tx, results, Limits()))


async def test_a_final_result_never_changes(on: Bench) -> None:
    await on.add(letter(1), ["anna@example.org", "bo@example.org", "carl@example.org"])
    first = await _settle(on, _result(1, Delivered("250 ok")), _result(2, Failed("550 no")))
    assert first.states == {"delivered": 1, "failed": 1}
    assert first.complete == ()
    again = await _settle(on, _result(1, Failed("550 no")), _result(2, Delivered("250")), _result(2, Deferred("4")))
    assert again.states == {}
    last = await _settle(on, _result(3, Delivered("250 ok")))
    assert last.complete == (1,)
    assert await on.column("SELECT state || ' ' || attempts FROM delivery") == [
        "delivered 1",
        "failed 1",
        "delivered 1",
    ]


async def test_a_deferred_copy_waits_longer_each_time_and_expires_with_its_message(on: Bench) -> None:
    await on.add(letter(1), ["anna@example.org"], days=1)
    for attempts, minutes in ((0, 5), (1, 10), (4, 70)):
        await _settle(on, _result(1, Deferred("451 later\r\n"), attempts))
        assert await on.column("SELECT next_at FROM delivery") == [to_instant(START) + minutes * MINUTE]
    assert await on.column("SELECT reply FROM delivery") == ["451 later"]
    on.clock.advance(timedelta(days=1))
    settled = await _settle(on, _result(1, Deferred("451 later"), 9))
    assert settled == store.Settled({"expired": 1}, (OutgoingId(1),))
    assert await on.column("SELECT final_at FROM delivery") == [to_instant(START) + DAY]


async def test_an_end_for_all_spares_what_is_being_sent_and_keeps_replies(on: Bench) -> None:
    outgoing = await on.add(letter(1), ["a@example.org", "b@example.org", "c@example.org"])
    await _settle(on, _result(2, Deferred("450 greylisted")))
    assert await on.db.write(lambda tx: store.expire(tx, outgoing, [DeliveryId(3)])) == 2
    assert await on.column("SELECT state FROM delivery ORDER BY id") == ["expired", "expired", "todo"]
    assert await on.column("SELECT reply FROM delivery ORDER BY id") == [
        "given up: it was never tried",
        "450 greylisted",
        "",
    ]


async def test_a_message_is_closed_once(on: Bench) -> None:
    outgoing = await on.add(letter(1), ["a@example.org"])
    assert not await on.db.write(lambda tx: store.finish(tx, outgoing, None))
    await _settle(on, _result(1, Delivered("250 ok")))
    assert await on.db.read(lambda tx: store.without_copies(tx, 10)) == [outgoing]
    assert await on.db.write(lambda tx: store.finish(tx, outgoing, None))
    assert not await on.db.write(lambda tx: store.finish(tx, outgoing, None))
    assert await on.db.read(lambda tx: store.content(tx, outgoing)) is None


async def test_what_is_next(on: Bench) -> None:
    assert await on.db.read(store.next_moment) is None
    await on.add(letter(1), ["a@example.org"], days=2)
    assert await on.db.read(store.next_moment) == to_instant(START) + 2 * DAY
    await _settle(on, _result(1, Deferred("450 later")))
    assert await on.db.read(store.next_moment) == to_instant(START) + 5 * MINUTE
    on.clock.advance(timedelta(days=3))
    assert await on.db.read(store.next_moment) is None
    assert await on.db.read(lambda tx: store.overdue(tx, 10)) == [1]


async def test_the_queue_is_shown_without_keys_and_contents(on: Bench) -> None:
    content = letter(1, keyed=True, body=b"the secret body\r\n")
    outgoing = await on.add(content, ["anna@example.org", "bo@example.org"], membership=True)
    await on.add(letter(2), ["carl@example.org"], priority=0)
    await _settle(on, _result(1, Failed(f"550 5.7.1 https://n.example.org/u/{KEY.key_for('unsubscribe', 1)} blocked")))
    listed = await on.db.read(store.queue_list)
    assert [(item.id, item.copies, item.todo, item.failed, item.priority) for item in listed] == [
        (2, 1, 1, 0, 0),
        (outgoing, 2, 1, 1, 2),
    ]
    entry = await on.db.read(lambda tx: store.queue_show(tx, outgoing))
    assert entry is not None
    shown = repr(entry)
    assert "secret" not in shown
    assert KEY.key_for("unsubscribe", 1).partition("-")[2] not in shown
    assert [copy.address for copy in entry.deliveries] == ["anna@example.org", "bo@example.org"]
    assert not {"content", "bytes", "raw", "data", "token", "message_id"} & {
        field.name for kind in (store.QueueItem, store.QueueCopy) for field in fields(kind)
    }
    assert await on.db.read(lambda tx: store.queue_show(tx, OutgoingId(99))) is None
    short = await on.db.read(lambda tx: store.queue_show(tx, outgoing, 1))
    assert short is not None
    assert len(short.deliveries) == 1
    assert short.item.copies == 2


async def test_a_done_message_leaves_the_list_but_can_be_shown(on: Bench) -> None:
    outgoing = await on.add(letter(1), [])
    await on.db.write(lambda tx: store.finish(tx, outgoing, None))
    assert await on.db.read(store.queue_list) == []
    entry = await on.db.read(lambda tx: store.queue_show(tx, outgoing))
    assert entry is not None
    assert entry.item.state == "done"


async def test_retry_makes_waiting_copies_due_and_wakes_the_courier(on: Bench) -> None:
    first = await on.add(letter(1), ["a@example.org"])
    await on.add(letter(2), ["b@example.org"])
    await _settle(on, _result(1, Deferred("450 later")), _result(2, Deferred("450 later")))
    topic = on.db.topic("outgoing")
    topic.clear()
    assert await on.db.write(lambda tx: store.queue_retry(tx, first)) == 1
    assert topic.is_set()
    assert await on.column("SELECT next_at FROM delivery ORDER BY id") == [
        to_instant(START),
        to_instant(START) + 5 * MINUTE,
    ]
    assert await on.db.write(store.queue_retry) == 1
    assert await on.db.write(store.queue_retry) == 0


async def test_retry_after_a_restore_releases_what_was_paused(on: Bench) -> None:
    await on.add(letter(1), ["a@example.org"], state="paused")
    await on.add(letter(2), ["b@example.org"], state="paused")
    await on.db.write(lambda tx: tx.execute("UPDATE outgoing SET composed_raw_id = NULL WHERE id = 2"))
    assert await on.db.write(store.queue_retry) == 0
    assert await on.column("SELECT state FROM outgoing") == ["paused", "paused"]
    assert await on.db.write(lambda tx: store.queue_retry(tx, restored=True)) == 2
    assert await on.column("SELECT state FROM outgoing ORDER BY id") == ["ready", "composing"]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (store._WAITING, "outgoing_waiting (state=?)"),
        (store._WAITING, "delivery_due (outgoing_id=? AND next_at<?)"),
        (store._DUE, "delivery_due (outgoing_id=? AND next_at<?)"),
        (store._NEXT_DUE, "delivery_next (next_at>?)"),
        (store._OVERDUE, "outgoing_waiting (state=?)"),
        (store._EMPTY, "outgoing_waiting (state=?)"),
        (store._EMPTY, "delivery_due (outgoing_id=? AND next_at>?)"),
        (store._SETTLE, "delivery USING INTEGER PRIMARY KEY"),
        (store._COMPLETE, "delivery_due (outgoing_id=? AND next_at>?)"),
        (store._END_ALL, "delivery_due (outgoing_id=? AND next_at>?)"),
        (store._CLOSE, "delivery_due (outgoing_id=? AND next_at>?)"),
    ],
)
def test_hot_statements_use_their_indexes(on: Bench, statement: str, index: str) -> None:
    raw = sqlite3.connect(on.path)
    try:
        names = ("now", "most", "outgoing", "held", "room", "results", "ids", "state", "reply")
        values = dict.fromkeys(names, 1) | {"held": "[]", "results": "[]", "ids": "[]"}
        plan = [row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + statement, values)]
    finally:
        raw.close()
    assert any(index in line for line in plan), plan
    assert not any(line in ("SCAN delivery", "SCAN d", "SCAN outgoing", "SCAN o", "SCAN raw") for line in plan), plan
