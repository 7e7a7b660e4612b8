"""A service that does not rest after trouble with its database, so that thousands of faults can be tried."""

from __future__ import annotations

from mailsvc import handling, work
from mailsvc.clock import SECOND
from mailsvc.deliver import courier, recorder
from mailsvc.store import sqlite

SECONDS = 0.02


def install() -> None:
    """From now on every service of this process is in a hurry."""
    work.AFTER_FAILURE = SECONDS  # type: ignore[misc]
    courier.STORE_RETRY_SECONDS = SECONDS  # type: ignore[misc]
    recorder.RETRY_SECONDS = SECONDS  # type: ignore[misc]
    sqlite.BUSY_MILLISECONDS = 5  # type: ignore[misc]
    handling.SECOND = SECOND // 1000  # type: ignore[attr-defined]
