"""Promise 2: the disk is full, read-only, broken or locked at the N-th call that writes, for every N of a mail's life.

The service is a real process above the disk of tests/crash/disk.py; a real client hands a mail over while the fault
comes. It is told 250 or 451/452; a mail that was refused has left nothing behind; as soon as the fault is gone the next
one is taken; and in the end everything that was taken is with everybody, exactly once.
"""

from __future__ import annotations

import asyncio
import errno
import signal
import smtplib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import tools
from tests.crash.disk import LOCK, SYNC, TRUNCATE, WRITE
from tests.crash.service_kit import CONNECTIONS, DOMAIN, FEW, Place, until
from tests.sink import Sink

SAMPLE = 5  # moments of each kind in `make check`; `make soak` tries them all, and each for one call and for many
FOR_ONE, FOR_MANY = 1, 1_000_000
FAULTS = {
    "io-error": (WRITE, errno.EIO),
    "full": (WRITE, errno.ENOSPC),
    "read-only": (WRITE | TRUNCATE, errno.EROFS),
    "locked": (LOCK, errno.EAGAIN),
}
WORK = (
    "SELECT 1 FROM inbox WHERE state = 'new' UNION ALL SELECT 1 FROM outgoing WHERE state <> 'done'"
    " UNION ALL SELECT 1 FROM delivery WHERE final_at IS NULL"
)


@dataclass
class Post:
    """Mails handed over, and what was said to them."""

    place: Place
    sink: Sink
    said: Counter[int] = field(default_factory=Counter)
    taken: list[str] = field(default_factory=list)

    def _say(self, name: str) -> int:
        content = (
            f"From: u1@example.org\r\nTo: few@{DOMAIN}\r\nSubject: {name}\r\nMessage-ID: <{name}@example.org>\r\n"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nThis is {name}.\r\n"
        )
        with smtplib.SMTP("127.0.0.1", self.place.smtp, timeout=30) as client:
            try:
                client.sendmail("u1@example.org", [f"few@{DOMAIN}"], content)
            except smtplib.SMTPResponseException as error:
                return error.smtp_code
            except smtplib.SMTPRecipientsRefused as error:
                return next(iter(error.recipients.values()))[0]
        return 250

    async def hand_over(self, name: str) -> int:
        """What was answered: 250, 451, 452; 0 when the connection was lost."""
        try:
            code = await asyncio.to_thread(self._say, name)
        except (OSError, smtplib.SMTPServerDisconnected):
            code = 0
        self.said[code] += 1
        if code == 250:
            self.taken.append(name)
        return code

    async def insist(self, name: str) -> None:
        while await self.hand_over(name) != 250:  # noqa: ASYNC110 - as mail servers do
            await asyncio.sleep(0.05)

    def stored(self, name: str) -> int:
        found = self.place.rows(f"SELECT count(*) FROM mail WHERE message_id LIKE '%{name}@%'")
        return int(str(found[0][0]))

    def arrived(self, name: str) -> bool:
        copies = self.sink.copies()
        return all(copies[f"<{name}@example.org>", f"u{number}@example.org"] for number in range(FEW))

    async def quiet(self) -> None:
        await until(lambda: self.place.rows(WORK) == [])


async def length(post: Post, kinds: int) -> int:
    """How many calls of these kinds a mail's whole life has."""
    await post.insist("warm")
    await post.quiet()
    post.place.disk.fail(kinds, errno.EIO, times=0)
    await post.insist("measured")
    await post.quiet()
    post.place.disk.heal()
    return post.place.disk.seen


async def one_fault(post: Post, name: str, kinds: int, error: int, at: int, times: int) -> bool:
    """Hand a mail over while the fault waits for its moment; whether it came."""
    disk = post.place.disk
    with disk.failing(kinds, error, at=at, times=times):
        code = await post.hand_over(name)
        assert code in (250, 451, 452), code
        if code != 250:
            assert disk.hits
        elif times == FOR_ONE:
            await until(lambda: disk.hits > 0 or post.arrived(name))
        else:
            await until(lambda: disk.hits > 3 or post.arrived(name))
        hit = disk.hits > 0
    if code != 250:
        assert post.stored(name) == 0
    assert await post.hand_over(f"{name}-after") == 250
    if code != 250:
        assert await post.hand_over(name) == 250
    return hit


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_a_fault_of_the_disk_is_told_and_passes(tmp_path: Path, fault: str) -> None:
    kinds, error = FAULTS[fault]
    async with Sink() as sink:
        place = Place(tmp_path, sink.port, faulty=True, hurry=True)
        try:
            await place.furnish()
            await place.start()
            post = Post(place, sink)
            total = await length(post, kinds)
            assert total > 5
            moments = range(1, total + 1) if tools.SOAK else range(1, total + 1, max(1, total // SAMPLE))
            hits = 0
            for at in moments:
                for times in (FOR_ONE, FOR_MANY) if tools.SOAK else ((FOR_ONE, FOR_MANY)[at % 2],):
                    hits += await one_fault(post, f"at{at}x{times}", kinds, error, at, times)
            assert hits > len(moments) // 2, "most faults came to nothing"
            assert post.said[451] + post.said[452] > 0
            await post.quiet()
            assert await place.end(signal.SIGTERM) == "ended 0"
        finally:
            await place.clear_away()
        check(post, allowed=0)


def check(post: Post, allowed: int) -> None:
    """Everything that was taken is with everybody, and nothing else."""
    copies = Counter((identity.partition("@")[0].lstrip("<"), to) for identity, to in post.sink.copies().elements())
    assert set(copies) == {(name, f"u{n}@example.org") for name in post.taken for n in range(FEW)}
    assert copies.total() - len(copies) <= allowed
    assert post.place.rows("SELECT DISTINCT state FROM inbox") == [("handled",)]
    assert post.place.rows("SELECT DISTINCT state FROM delivery") == [("delivered",)]
    assert post.place.rows("PRAGMA integrity_check") == [("ok",)]


async def test_a_sync_that_fails_ends_the_process_and_loses_nothing(tmp_path: Path) -> None:
    """What a failed sync left behind nobody knows (docs/decisions/0004), so the next process reads it anew."""
    async with Sink() as sink:
        place = Place(tmp_path, sink.port, faulty=True, hurry=True)
        try:
            await place.furnish()
            await place.start()
            post = Post(place, sink)
            total = await length(post, SYNC)
            deaths = 0
            for at in range(1, total + 1) if tools.SOAK else (1, 2):
                name = f"sync{at}"
                place.disk.fail(SYNC, errno.EIO, at=at)
                code = await post.hand_over(name)
                assert code in (0, 250, 451)
                assert await place.died() == "ended 1"
                deaths += 1
                place.disk.heal()
                await place.start()
                if code != 250:
                    await post.insist(name)
                assert await post.hand_over(f"{name}-after") == 250
            await post.quiet()
            assert await place.end(signal.SIGTERM) == "ended 0"
        finally:
            await place.clear_away()
        check(post, allowed=CONNECTIONS * deaths)
