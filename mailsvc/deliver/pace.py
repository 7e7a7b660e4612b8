"""How many copies may go in a time: a token bucket over all connections, counted on the given clock."""

from __future__ import annotations

from typing import Final

from mailsvc.clock import SECOND, Clock

# What a timer may be late without costing any of the rate; also all that can be saved up.
SLACK: Final = SECOND // 20


class Pace:
    """At most `count` copies in any `period` (microseconds), evenly: time without mail is not saved up for later, and
    neither is a restart. A transaction may go with more recipients than are due; what follows waits so much longer."""

    def __init__(self, count: int, period: int, clock: Clock) -> None:
        self.count = count
        self._period = period
        self._clock = clock
        self._free_at = 0  # in microseconds times `count`, so that nothing is ever rounded

    def wait(self) -> int:
        """Microseconds until the next copy may go; 0 when it may now."""
        early = self._free_at - (self._clock.now() + SLACK) * self.count
        return max(0, -(-early // self.count))

    def spend(self, copies: int) -> None:
        """So many go now."""
        self._free_at = max(self._free_at, self._clock.now() * self.count) + copies * self._period

    def refund(self, copies: int) -> None:
        """So many did not go after all."""
        self._free_at -= copies * self._period
