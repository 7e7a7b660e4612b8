"""Every `.dialog` script is played against the real server on a real socket, on asyncio and on uvloop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import uvloop

from tests.dialog.script import load, parse, play

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.dialog"))


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_dialog(path: Path, loop: type[asyncio.AbstractEventLoop]) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play(load(path)))


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) > 30


async def test_recipients_as_shipped() -> None:
    recipients = [f"C: RCPT TO:<m{number}@networks.example.org>" for number in range(101)]
    lines = ["hello", "C: MAIL FROM:<>", *recipients, "C: DATA", "S: 250 2.1.0 ...", "S*100: 250 2.1.5 ..."]
    await play(parse("\n".join([*lines, "S: 452 4.5.3 ...", "S: 354 ...", "C: .", "S: 250 2.0.0 ...", "kept 1"])))


async def test_connections_as_shipped() -> None:
    from_one = [f"hello {number}" for number in range(1, 21)]
    await play(parse("\n".join([*from_one, "connect 21", "S21: 421 4.7.0 ...", "closed 21"])))
    ten_clients = [f"hello from 127.0.1.{1 + number // 20} {1 + number}" for number in range(200)]
    await play(parse("\n".join([*ten_clients, "connect from 127.0.2.1 201", "S201: 421 4.7.0 ...", "closed 201"])))


async def test_size_as_shipped() -> None:
    lines = ["hello", f"C: MAIL FROM:<> SIZE={25 * 2**20 + 1}", f"C: MAIL FROM:<> SIZE={25 * 2**20}"]
    await play(parse("\n".join([*lines, "S: 552 5.3.4 ...", "S: 250 2.1.0 ..."])))
