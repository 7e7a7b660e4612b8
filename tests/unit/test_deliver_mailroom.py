"""The rehearsal's transport: kept exactly once, as it would have been sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailsvc.deliver import verp
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.mailroom import MailroomTransport
from tests.outgoing_kit import FREE, KEY, Bench, bench, letter, running


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


def _courier(on: Bench) -> Courier:
    return Courier(on.db, on.site, on.clock, MailroomTransport(), free_disk=lambda: FREE)


async def test_copies_are_kept_with_their_results(on: Bench) -> None:
    content = letter(1, keyed=True, body=b".dot\r\n..two\r\n")
    await on.add(content, ["Anna@Example.org", "bo@example.org"], membership=True)
    await on.add(letter(2), ["anna@example.org"], sender="null")
    async with running(_courier(on)):
        await on.all_final()
    rows = await on.db.read(lambda tx: tx.all("SELECT * FROM mailroom ORDER BY delivery_id"))
    assert [row["folded"] for row in rows] == ["anna@example.org", "bo@example.org", "anna@example.org"]
    first = rows[0]
    assert first["bytes"] == content.replace(b"\0member-key\0", KEY.key_for("unsubscribe", 1).encode())
    assert verp.delivery_of(KEY, first["reverse_path"].partition("@")[0]) == first["delivery_id"]
    assert rows[2]["reverse_path"] == ""
    assert set((await on.states()).values()) == {"delivered"}


async def test_what_is_final_already_is_not_kept_again(on: Bench) -> None:
    outgoing = await on.add(letter(1), ["anna@example.org", "bo@example.org"])
    await on.db.write(
        lambda tx: tx.execute("UPDATE delivery SET state = 'suppressed', final_at = 1 WHERE address LIKE 'anna%'")
    )
    async with running(_courier(on)):
        await on.all_final()
    assert await on.column("SELECT folded FROM mailroom") == ["bo@example.org"]
    assert await on.states(outgoing) == {"anna@example.org": "suppressed", "bo@example.org": "delivered"}


async def test_an_address_that_is_none_fails_as_it_would_at_the_relay(on: Bench) -> None:
    await on.add(letter(1), ["nobody at all"])
    async with running(_courier(on)):
        await on.all_final()
    assert await on.column("SELECT count(*) FROM mailroom") == [0]
    assert await on.column("SELECT state FROM delivery") == ["failed"]


async def test_stopping_again_and_again_keeps_every_copy_once(on: Bench) -> None:
    await on.add(letter(1), [f"u{number}@example.org" for number in range(400)])
    for _ in range(4):
        async with running(_courier(on)):
            await asyncio.sleep(0.01)
    async with running(_courier(on)):
        await on.all_final()
    assert await on.column("SELECT count(*) FROM mailroom") == [400]
    assert await on.column("SELECT count(DISTINCT folded) FROM mailroom") == [400]
