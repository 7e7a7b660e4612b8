"""Once an hour: what is over its time is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mailsvc.clock import HOUR, Instant
from mailsvc.limits import Limits
from mailsvc.store import inbox, rates
from mailsvc.store.database import Database, Tx


class Housekeeping:
    """Duplicates' marks, quarantined mail and limits that nobody looks at any more, and what others bring.

    `forget`: functions that delete what is over, each in the same transaction; cheap, and harmless when repeated.
    """

    def __init__(self, db: Database, limits: Limits, forget: Sequence[Callable[[Tx], None]] = ()) -> None:
        self._db = db
        self._limits = limits
        self._forget = tuple(forget)

    async def work(self) -> Instant | None:
        """One round; when the next is due."""

        def unit(tx: Tx) -> Instant:
            inbox.forget_old(tx, self._limits.duplicate_days, self._limits.quarantine_days)
            rates.forget_old(tx)
            for forget in self._forget:
                forget(tx)
            return Instant(tx.now + HOUR)

        return await self._db.write(unit)
