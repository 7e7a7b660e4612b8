"""What is looked at every morning, and whenever somebody's role in a group has changed (topic `daily`).

Packages put functions into `registry.daily`; each looks at the whole site in one transaction, so it has to be cheap,
and it does a thing once however often it is called.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.errors import Reason, StoreCorrupt, StoreUnavailable
from mailsvc.registry import Registry
from mailsvc.store.database import Database, Tx

log = structlog.get_logger()

MORNING: Final = time(7)


class Daily:
    """Runs them all; a failing one is told to the operators and holds up no other."""

    def __init__(self, db: Database, registry: Registry) -> None:
        self._db = db
        self._registry = registry
        self._zone = ZoneInfo(registry.site.config.site.timezone)

    async def work(self) -> Instant | None:
        """One round; when the next is due."""
        for look in self._registry.daily:
            try:
                await self._db.write(lambda tx, look=look: look(tx), durable=True)  # type: ignore[misc]
            except (StoreUnavailable, StoreCorrupt):
                raise
            except Exception:  # a bug of one look must not keep the others from looking
                log.exception("daily-failed", look=getattr(look, "__qualname__", ""))
                await self._db.write(self._alarm, durable=True)
        return await self._db.read(lambda tx: next_morning(tx.now, self._zone))

    def _alarm(self, tx: Tx) -> None:
        for told in self._registry.alarms:
            told(tx, Reason.INTERNAL, "what is looked at every morning")


def next_morning(now: Instant, zone: ZoneInfo) -> Instant:
    """The first morning after `now`, by the site's clock."""
    here = to_datetime(now, zone)
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return to_instant(datetime.combine(day, MORNING, zone))
