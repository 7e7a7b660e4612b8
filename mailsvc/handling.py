"""Handling stored mail: each (mail, recipient) once, in one transaction; what kills its handler twice is put aside."""

from __future__ import annotations

import asyncio
import faulthandler
from collections.abc import Sequence
from typing import Final

import msgspec
import structlog

from mailsvc.clock import SECOND, Instant
from mailsvc.errors import Reason, Refusal, StoreCorrupt, StoreUnavailable
from mailsvc.ids import InboxId
from mailsvc.message.evidence import Evidence
from mailsvc.receive.inbox import read
from mailsvc.registry import Handled, Incoming, Registry
from mailsvc.routing import OPERATORS, route
from mailsvc.store import inbox as store
from mailsvc.store.database import Database, Tx
from mailsvc.work import BETWEEN_ATTEMPTS

log = structlog.get_logger()

BATCH: Final = 32
READING_SECONDS: Final = 60


class Handling:
    """Takes what is due out of the inbox and gives it to its handler."""

    def __init__(self, db: Database, registry: Registry) -> None:
        self._db = db
        self._registry = registry
        self._config = registry.site.config

    async def work(self) -> Instant | None:
        """One batch; when the next is due."""
        batch = await self._db.read(lambda tx: store.due(tx, BATCH))
        if not batch:
            return await self._db.read(store.next_due)
        poison = [unit for unit in batch if unit.attempts >= self._config.limits.handling_attempts]
        for unit in poison:
            await self._put_in_quarantine(unit.inbox_id)
        units = [unit for unit in batch if unit not in poison]
        ids = [unit.inbox_id for unit in units]
        await self._db.write(lambda tx: store.count_attempt(tx, ids))
        await self._handle_all(units)
        return Instant(0)

    async def _handle_all(self, units: Sequence[store.Due]) -> None:
        tasks = []
        for unit in units:
            try:
                faulthandler.dump_traceback_later(READING_SECONDS, exit=False)
                incoming = await self._read(unit)
            except (LookupError, StoreCorrupt) as error:
                log.error("unreadable", inbox=unit.inbox_id, reason=str(error))
                await self._put_in_quarantine(unit.inbox_id)
                continue
            finally:
                faulthandler.cancel_dump_traceback_later()
            tasks.append(asyncio.create_task(self._handle(incoming)))
            await asyncio.sleep(0)  # units reach the writer in the order the mail came
        if tasks:
            await asyncio.gather(*tasks)

    async def _read(self, unit: store.Due) -> Incoming:
        content = await self._db.read(lambda tx: store.raw(tx, unit.raw_id))
        return Incoming(
            unit.inbox_id,
            unit.raw_id,
            unit.recipient,
            unit.envelope(content),
            await read(content, self._config),
            msgspec.json.decode(unit.evidence, type=Evidence),
            unit.digest,
            unit.received_at,
            unit.released,
        )

    async def _handle(self, mail: Incoming) -> None:
        try:
            handled = await self._db.write(lambda tx: handle(tx, self._registry, mail), durable=True)
            log.info("handled", inbox=mail.inbox_id, reason=str(handled.reason))
        except StoreUnavailable as error:
            log.error("handling-put-off", inbox=mail.inbox_id, reason=str(error))
            await self._again_later(mail.inbox_id, 5 * SECOND, attempts_back=1)
        except Exception:  # a handler's bug: tried once more, then put aside; the rest flows (promise 10)
            log.exception("handler-failed", inbox=mail.inbox_id)
            await self._again_later(mail.inbox_id, BETWEEN_ATTEMPTS)

    async def _again_later(self, inbox_id: InboxId, delay: int, attempts_back: int = 0) -> None:
        try:
            await self._db.write(lambda tx: store.put_off(tx, inbox_id, tx.now + delay, attempts_back=attempts_back))
        except StoreUnavailable:
            await asyncio.sleep(1)  # it is due still and will be found again

    async def _put_in_quarantine(self, inbox_id: InboxId) -> None:
        def unit(tx: Tx) -> None:
            if store.finish(tx, inbox_id, Reason.POISON, quarantined=True):
                for told in self._registry.alarms:
                    told(tx, Reason.POISON, f"inbox {inbox_id}")

        await self._db.write(unit)
        log.error("quarantined", inbox=inbox_id, reason=Reason.POISON)


def handle(tx: Tx, registry: Registry, mail: Incoming) -> Handled:
    """Route one mail and let its handler act; everything it changes and `handled` are one transaction."""
    target = route(tx, registry, mail.recipient)
    if isinstance(target, Refusal):  # the group went away after RCPT
        handled = Handled(target.reason, quarantined=True)
    elif target.handler != OPERATORS and _is_spam(registry, mail):
        handled = Handled(Reason.SPAM_HEADER, quarantined=True)
    else:
        handled = registry.handlers[target.handler](tx, mail, target)
    if not store.finish(tx, mail.inbox_id, handled.reason, quarantined=handled.quarantined):
        raise AssertionError(f"inbox {mail.inbox_id} was handled already")
    return handled


def _is_spam(registry: Registry, mail: Incoming) -> bool:
    """`[smtp] spam_header`, e.g. "X-Spam-Flag: YES"; what an operator let through by hand is not asked again."""
    name, _, value = registry.site.config.smtp.spam_header.partition(":")
    if not name or mail.released:
        return False
    return any(v.strip().lower().startswith(value.strip().lower()) for v in mail.message.get_all(name))
