"""/healthz, /readyz and /metrics: for monitoring, without any personal data."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from mailsvc.config import Config
from mailsvc.errors import StoreCorrupt, StoreUnavailable
from mailsvc.store import restored
from mailsvc.store.database import Database
from mailsvc.web import store
from mailsvc.web.metrics import CONTENT_TYPE, Metrics

PATIENCE: Final = 2.0
"""Seconds that a check may take before it counts as failed."""

_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Health:
    """What the health pages look at."""

    config: Config
    db: Database
    metrics: Metrics

    def routes(self) -> list[Route]:
        """The three paths."""
        return [
            Route("/healthz", self.live),
            Route("/readyz", self.ready),
            Route("/metrics", self.figures),
        ]

    async def live(self, _: Request) -> Response:
        """200 as long as the loop answers at all."""
        return PlainTextResponse("ok\n")

    async def ready(self, _: Request) -> Response:
        """Each check with its result, 503 when one fails."""
        checks = {"database": await self._database(), "disk": self._disk()}
        if self.config.delivery.transport == "smtp":
            checks["relay"] = await self._relay()
        checks |= await self._restore()
        good = all(result == "ok" for result in checks.values())
        return JSONResponse({"ready": good, "checks": checks}, 200 if good else 503)

    async def figures(self, _: Request) -> Response:
        """Prometheus' text format."""
        text = await self.metrics.text(self.db, self.config.database_path.parent)
        return Response(text, media_type=CONTENT_TYPE)

    async def _database(self) -> str:
        try:
            await asyncio.wait_for(self.db.write(store.probe, durable=True), PATIENCE)
        except TimeoutError:
            return f"no write within {PATIENCE:g} s"
        except (StoreUnavailable, StoreCorrupt) as error:
            return str(error)
        return "ok"

    async def _restore(self) -> dict[str, str]:
        """Only while a restored site sends nothing: for whom its mail waits must hear of it."""
        try:
            held = await self.db.read(restored.sentence)
        except (StoreUnavailable, StoreCorrupt):
            return {}  # the check of the database has said it
        return {"restore": held} if held else {}

    def _disk(self) -> str:
        limits = self.config.limits
        floor = max(limits.disk_floor, 2 * limits.message_size)
        try:
            free = shutil.disk_usage(self.config.database_path.parent).free
        except OSError as error:
            return str(error.strerror)
        return "ok" if free >= floor else f"{free} bytes free, {floor} needed"

    async def _relay(self) -> str:
        """One reachable relay is enough: the others are for failover."""
        said = []
        for url in self.config.delivery.relays:
            result = await _reachable(url)
            if result == "ok":
                return "ok"
            said.append(result)
        return "; ".join(said) or "no relay"


async def _reachable(url: str) -> str:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 25)
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), PATIENCE)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        return f"{parts.hostname}: {getattr(error, 'strerror', None) or 'cannot be reached'}"
    writer.close()
    return "ok"
