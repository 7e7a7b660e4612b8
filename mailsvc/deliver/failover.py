"""Which relay a connection talks to: the first one that is well; one that refused us is left alone and tried again.

Plain data on the given clock, without any waiting. A relay is *well*, *paused* until a moment, or *doubted* after
that: then one connection alone tries it, while the others stay with the next relay or wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailsvc.clock import Clock, Instant
from mailsvc.deliver.retry import relay_pause


@dataclass(slots=True)
class _Relay:
    strikes: int = 0
    until: int = 0
    doubted: bool = False
    tried_by: int | None = None


class Failover:
    """The relays by their number, the preferred one being 0; connections are numbers too."""

    def __init__(self, relays: int, clock: Clock) -> None:
        self._relays = [_Relay() for _ in range(relays)]
        self._clock = clock

    @property
    def paused(self) -> bool:
        """True while every relay is left alone."""
        now = self._clock.now()
        return all(now < relay.until for relay in self._relays)

    @property
    def moments(self) -> Sequence[Instant]:
        """When the pauses end that have not ended."""
        now = self._clock.now()
        return [Instant(relay.until) for relay in self._relays if now < relay.until]

    @property
    def doubts(self) -> bool:
        """Whether any relay is not known to be well."""
        return any(relay.doubted for relay in self._relays)

    def choose(self, connection: int, *, careful: bool = False) -> int | None:
        """The relay for this connection's next mail; None when there is none for it now.

        `careful`: a relay in doubt only when no other is well, because this mail has failed before: it must not be
        what every try of a relay is made with, again and again.
        """
        now = self._clock.now()
        if careful:
            for number, relay in enumerate(self._relays):
                if now >= relay.until and not relay.doubted:
                    return number
        for number, relay in enumerate(self._relays):
            if now < relay.until:
                continue
            if not relay.doubted:
                return number
            if relay.tried_by is None or relay.tried_by == connection:
                relay.tried_by = connection
                return number
        return None

    def leave(self, connection: int) -> None:
        """This connection does not try anything now: another one may."""
        for relay in self._relays:
            if relay.tried_by == connection:
                relay.tried_by = None

    def works(self, number: int, *, delivered: bool) -> bool:
        """This relay takes mail from us; True when that was in doubt. A delivery also ends its row of refusals."""
        relay = self._relays[number]
        if delivered:
            relay.strikes = 0
        if not relay.doubted or self._clock.now() < relay.until:
            return False
        relay.doubted, relay.tried_by = False, None
        return True

    def pause(self, number: int) -> int | None:
        """Leave this relay alone; for how many microseconds, or None when it is paused already."""
        relay, now = self._relays[number], self._clock.now()
        if now < relay.until:
            return None  # several connections saw the same
        relay.strikes += 1
        pause = relay_pause(relay.strikes)
        relay.until, relay.doubted, relay.tried_by = now + pause, True, None
        return pause
