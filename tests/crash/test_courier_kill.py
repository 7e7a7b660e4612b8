"""Promise 4 with a real process: killed in the middle of a fan-out, it loses nothing and repeats almost nothing."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from mailsvc.clock import VirtualClock
from mailsvc.ids import SeededRandomness
from mailsvc.store import migrate
from mailsvc.store.sqlite import SqliteDatabase
from tests.outgoing_kit import KEY, eventually, insert, letter, site
from tests.sink import Sink

RECIPIENTS = 1000
CONNECTIONS = 4
KILLS = 40 if os.environ.get("MAILSVC_SOAK") else 4
ROOT = Path(__file__).parents[2]


async def _fill(folder: Path) -> Path:
    path = site(folder).config.database_path
    migrate.create(path, KEY.site_id)
    # Due long ago and for long: the process that sends has the machine's clock.
    db = SqliteDatabase(path, VirtualClock(datetime(2020, 1, 1, tzinfo=UTC)), SeededRandomness(1))
    await db.open()
    addresses = [f"u{number}@example.org" for number in range(RECIPIENTS)]
    content = letter(1, keyed=True)
    await db.write(lambda tx: insert(tx, content, addresses, membership=True, days=36500), durable=True)
    await db.close()
    return path


async def _start(sink: Sink, folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "tests" / "crash" / "courier_process.py"),
        str(sink.port),
        str(folder),
        str(CONNECTIONS),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
    )


async def test_a_kill_loses_nothing_and_repeats_at_most_one_copy_per_connection(tmp_path: Path) -> None:
    path = await _fill(tmp_path)
    moments = SeededRandomness(7).random_bytes(KILLS)
    repeated = []
    async with Sink() as sink:
        for kill, moment in enumerate(moments, 1):
            before = len(sink.accepted)
            process = await _start(sink, tmp_path)
            # Somewhere in this part of the fan-out, at whatever the process is doing then.
            target = min(before + 1 + moment % (RECIPIENTS // (KILLS + 1)), RECIPIENTS - 1)
            await eventually(lambda target=target: len(sink.accepted) >= target)  # type: ignore[misc]
            process.kill()
            await process.wait()
            await eventually(lambda: sink.open == 0)
            repeated.append(sum(sink.copies().values()) - len(sink.copies()))
            assert repeated[-1] <= CONNECTIONS * (kill - 1), repeated
        process = await _start(sink, tmp_path)
        assert await process.wait() == 0
    assert len(sink.copies()) == RECIPIENTS
    assert sum(sink.copies().values()) - RECIPIENTS <= CONNECTIONS * KILLS
    assert not sink.junk
    raw = sqlite3.connect(path)
    try:
        assert raw.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall() == [
            ("delivered", RECIPIENTS)
        ]
        assert raw.execute("SELECT state FROM outgoing").fetchall() == [("done",)]
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        raw.close()
    contents = {one.content for one in sink.accepted}
    assert len(contents) == RECIPIENTS  # each copy has its own key, and every retry had the same bytes
