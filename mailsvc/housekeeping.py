"""Once an hour: what is over its time is forgotten."""

from __future__ import annotations

from mailsvc.clock import HOUR, Instant
from mailsvc.limits import Limits
from mailsvc.store import inbox, rates
from mailsvc.store.database import Database, Tx


class Housekeeping:
    """Duplicates' marks, quarantined mail and limits that nobody looks at any more."""

    def __init__(self, db: Database, limits: Limits) -> None:
        self._db = db
        self._limits = limits

    async def work(self) -> Instant | None:
        """One round; when the next is due."""

        def unit(tx: Tx) -> Instant:
            inbox.forget_old(tx, self._limits.duplicate_days, self._limits.quarantine_days)
            rates.forget_old(tx)
            return Instant(tx.now + HOUR)

        return await self._db.write(unit)
