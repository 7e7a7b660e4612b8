"""Trying a mail in a process of its own: whether it kills its handler, or was only near when the process was killed.

A process that dies leaves no word of what it died of. A mail that was being handled at two deaths may have caused both,
or stood in two power cuts. So before it is put in quarantine it is handled once more, by `mailsvc.trial_run` in another
process, and taken back there; a mail that does no harm then is handled like any other.
"""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from typing import Final

import msgspec

from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.ids import InboxId

SECONDS: Final = 60.0

HARMLESS: Final = 0
NOT_NOW: Final = 75  # EX_TEMPFAIL of sysexits.h


class Verdict(StrEnum):
    """What a trial says."""

    HARMLESS = "harmless"
    POISON = "poison"
    UNKNOWN = "unknown"


class Task(msgspec.Struct, frozen=True):
    """What the other process is told. `build` names the function that makes a registry, `module:function`."""

    build: str
    config: Config
    inbox_id: InboxId
    now: Instant


async def verdict(task: Task) -> Verdict:
    """Handle a mail in another process and take it back there; what takes longer than a minute is poison too."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "mailsvc.trial_run",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            await process.communicate(msgspec.json.encode(task))
    except TimeoutError:
        return Verdict.POISON
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    match process.returncode:
        case code if code == HARMLESS:
            return Verdict.HARMLESS
        case code if code == NOT_NOW:
            return Verdict.UNKNOWN
        case _:
            return Verdict.POISON
