"""Every `.dialog` script is played against the real server on a real socket, on asyncio and on uvloop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import uvloop

from tests.dialog.script import load, play

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.dialog"))


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_dialog(path: Path, loop: type[asyncio.AbstractEventLoop]) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play(load(path)))


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) > 30
