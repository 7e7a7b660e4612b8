"""When to try again: pure functions of how often it has been tried. Nothing here is random, so tests can name times."""

from __future__ import annotations

from typing import Final

from mailsvc.clock import SECOND
from mailsvc.limits import Limits

PAUSE_FIRST: Final = 5 * SECOND
PAUSE_LONGEST: Final = 300 * SECOND
_DOUBLINGS: Final = 32  # beyond this every delay has reached its longest; keeps the numbers small


def next_delay(attempts: int, limits: Limits) -> int:
    """Microseconds until a copy is tried again after `attempts` (1 or more) temporary failures: doubling, bounded."""
    return _doubled(limits.retry_first_seconds * SECOND, attempts, limits.retry_longest_seconds * SECOND)


def relay_pause(strikes: int) -> int:
    """Microseconds that the relay is left alone after `strikes` (1 or more) refusals of it in a row."""
    return _doubled(PAUSE_FIRST, strikes, PAUSE_LONGEST)


def _doubled(first: int, times: int, longest: int) -> int:
    exponent = min(max(times, 1) - 1, _DOUBLINGS)
    return int(min(first << exponent, longest))
