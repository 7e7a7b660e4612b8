"""Mail kept in memory a moment after it came: found by its number, bounded in octets; read once, before handling."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mailsvc.fresh import LARGEST, Fresh
from mailsvc.ids import RawId
from mailsvc.message.parsing import Message, parse
from mailsvc.message.reply_text import newly_written
from mailsvc.store import inbox
from mailsvc.store.database import Tx
from tests.contract.kit import sqlite
from tests.systems.world import DOMAIN, running


def mail(octets: int) -> Message:
    head = b"From: anna@example.org\r\n\r\n"
    return parse(head + b"x" * (octets - len(head)))


def test_the_newest_stay_and_the_oldest_go() -> None:
    fresh = Fresh(room=3000)
    mails = {RawId(number): mail(1000) for number in range(1, 5)}
    for number, message in mails.items():
        fresh.keep(number, message)
    assert fresh.get(RawId(1)) is None
    assert all(fresh.get(number) is mails[number] for number in (RawId(2), RawId(3), RawId(4)))


def test_room_is_counted_over_a_long_time() -> None:
    fresh = Fresh(room=10_000)
    for number in range(1, 500):
        fresh.keep(RawId(number), mail(100 + number))
        fresh.keep(RawId(number), mail(100 + number))  # once more is no second one
    kept = [message for number in range(1, 500) if (message := fresh.get(RawId(number)))]
    assert len(kept) == 10_000 // 600
    assert sum(len(message.content) for message in kept) <= 10_000


def test_large_mail_is_not_kept() -> None:
    fresh = Fresh()
    fresh.keep(RawId(1), mail(LARGEST + 1))
    fresh.keep(RawId(2), mail(LARGEST))
    assert fresh.get(RawId(1)) is None
    assert fresh.get(RawId(2)) is not None


async def test_several_mails_at_once_without_large_damaged_and_erased_ones(tmp_path: Path) -> None:
    async with sqlite(tmp_path) as db:

        def unit(tx: Tx) -> dict[RawId, bytes]:
            good, large, damaged, erased = (inbox.insert_raw(tx, size * b"x") for size in (10, 101, 12, 13))
            tx.execute("UPDATE raw SET bytes = :bytes WHERE id = :id", bytes=b"y", id=damaged)
            tx.execute("UPDATE raw SET bytes = NULL WHERE id = :id", id=erased)
            found = inbox.small_raws(tx, [good, large, damaged, erased, RawId(99)], 100)
            assert good in found
            return found

        assert list((await db.write(unit)).values()) == [10 * b"x"]


async def test_a_post_is_read_once_and_not_by_the_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    threads: list[threading.Thread] = []

    def counted(content: bytes, *more: object) -> Message:
        parsed.append(content)
        return parse(content, *more)  # type: ignore[arg-type]

    def watched(*given: object) -> object:
        threads.append(threading.current_thread())
        return newly_written(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("mailsvc.receive.inbox.parse", counted)
    monkeypatch.setattr("lists.posts.posting.newly_written", watched)
    async with running(tmp_path) as world:
        group = await world.group("talk", post="members")
        await world.member(group, "anna@example.com")
        await world.send("anna@example.com", f"talk@{DOMAIN}", "Hello", "Text")
        assert len(await world.inbox("anna@example.com")) == 1
    assert len(parsed) == 1
    assert threads == [threading.main_thread()]


async def test_a_held_groups_post_is_not_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    monkeypatch.setattr("lists.posts.posting.newly_written", looked.append)
    async with running(tmp_path) as world:
        group = await world.group("talk", post="members")
        await world.write(lambda tx: tx.execute("UPDATE groups SET held_at = 1 WHERE id = :id", id=group))
        await world.send("anna@example.com", f"talk@{DOMAIN}", "Hello", "Text")
        assert await world.reasons() == ["held-group"]
    assert looked == []
