"""How long matters are kept: classes with days and the decision behind them; what is over its time is removed."""

from __future__ import annotations

import json
from typing import Final

from mailsvc.clock import DAY, HOUR, Instant
from mailsvc.config import RetentionClass, parse_retention
from mailsvc.ids import CaseId
from mailsvc.records import blanking, erasing_store, store
from mailsvc.registry import Registry
from mailsvc.store import overview
from mailsvc.store.database import Database, Tx

BATCH: Final = 20


class Retention:
    """Once an hour: removes what is over its time, a few matters in one unit of work."""

    def __init__(self, db: Database, registry: Registry) -> None:
        self._db = db
        self._registry = registry
        self._classes = classes(registry)

    async def work(self) -> Instant | None:
        """One batch; when the next is due."""
        return await self._db.write(self._unit)

    def _unit(self, tx: Tx) -> Instant:
        removed = 0
        for one in self._classes.values():
            for case_id in store.over(tx, one.kind, tx.now - one.days * DAY, BATCH - removed):
                dispose(tx, self._registry, case_id, one)
                removed += 1
            other = self._registry.retention.get(one.kind)  # what is no matter, by the name of its class
            if other is not None and removed < BATCH:
                removed += other(tx, Instant(tx.now - one.days * DAY), BATCH - removed)
        return Instant(tx.now if removed == BATCH else tx.now + HOUR)


def classes(registry: Registry) -> dict[str, RetentionClass]:
    """The classes of `[records] retention` by kind of case."""
    found = [parse_retention(text) for text in registry.site.config.records.retention]
    return {one.kind: one for one in found if one is not None}


def dispose(tx: Tx, registry: Registry, case_id: CaseId, rule: RetentionClass) -> None:
    """Remove what people wrote in a matter, its mails and letters; number, states, log and decisions' dates stay.

    Nothing happens to a matter that is held.
    """
    if store.held(tx, case_id):
        return
    row = overview.case(tx, case_id)
    assert row is not None
    mails = erasing_store.mails_only_of(tx, [case_id])
    kind = registry.kinds.get(row["kind"])
    erasing_store.empty_case(tx, case_id, blanking.blank(json.loads(row["data"]), kind.data) if kind else row["data"])
    for letter in store.letters_of(tx, case_id):
        erasing_store.set_letter(tx, letter, "{}")
    erasing_store.erase_mails(tx, mails, ())
    store.note_disposal(tx, case_id, rule.kind, rule.decision)
