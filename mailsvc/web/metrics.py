"""The service's figures in Prometheus' text format: read from the database when asked for, so that none can drift."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from mailsvc.clock import SECOND
from mailsvc.store.database import Database, ReadTx
from mailsvc.web import store

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
RESULTS: Final = ("delivered", "failed", "expired", "suppressed")


class Metrics:
    """The figures of one process. `registry` is our own; others may add metrics to it before serving."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._families: list[Metric] = []
        self._settled = dict.fromkeys(RESULTS, 0)
        self._mark = 0
        self._lock = asyncio.Lock()
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """What was read last (prometheus_client asks for it)."""
        return iter(self._families)

    async def text(self, db: Database, folder: Path) -> bytes:
        """The figures of now; `folder` is where the database lies. Raises StoreUnavailable."""
        # One scrape at a time: the sum of settled deliveries is carried over from one to the next.
        async with self._lock:
            mark, totals, figures = await db.read(self._read)
            self._mark, self._settled = mark, totals["settled"]
            free = shutil.disk_usage(folder).free
            self._families = list(_families(figures, totals["all"], free))
            return generate_latest(self.registry)

    def _read(self, tx: ReadTx) -> tuple[int, dict[str, dict[str, int]], store.Figures]:
        # Deliveries are millions: those below the oldest waiting one never change again and are counted once.
        mark, final, moving = store.settled_deliveries(tx, self._mark)
        mark = max(mark, self._mark)
        settled = {result: self._settled[result] + final.get(result, 0) for result in RESULTS}
        everything = {result: settled[result] + moving.get(result, 0) for result in RESULTS}
        return mark, {"settled": settled, "all": everything}, store.figures(tx)


def _families(figures: store.Figures, deliveries: dict[str, int], free: int) -> Iterator[Metric]:
    yield CounterMetricFamily("mailsvc_received", "Mails taken in with 250.", value=figures.received)
    counter = CounterMetricFamily("mailsvc_deliveries", "Copies that ended, by result.", labels=["result"])
    for result in RESULTS:
        counter.add_metric([result], deliveries[result])
    yield counter
    yield GaugeMetricFamily("mailsvc_inbox_messages", "Mails waiting to be handled.", value=figures.inbox_waiting)
    yield GaugeMetricFamily(
        "mailsvc_inbox_age_seconds", "Age of the oldest mail not handled yet.", value=figures.inbox_age / SECOND
    )
    yield GaugeMetricFamily("mailsvc_outbox_messages", "Mails not sent to all recipients yet.", value=figures.outbox)
    yield GaugeMetricFamily("mailsvc_open_cases", "Cases waiting for people.", value=figures.open_cases)
    yield GaugeMetricFamily("mailsvc_quarantined", "Mails put aside for the operators.", value=figures.quarantined)
    yield GaugeMetricFamily(
        "mailsvc_addresses_unreached", "Addresses that bounces count against.", value=figures.unreached
    )
    yield GaugeMetricFamily("mailsvc_disk_free_bytes", "Free disk where the database lies.", value=free)
