"""Durable accept: what SMTP asks, answered from the database; 250 only after the fsynced commit."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence

import msgspec
import structlog

from mailsvc.config import Config
from mailsvc.errors import Reason, Refusal, StoreCorrupt, StoreUnavailable
from mailsvc.fresh import LARGEST, Fresh
from mailsvc.message import evidence
from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.envelope import Envelope
from mailsvc.message.parsing import Message, digest, parse
from mailsvc.message.prescan import prescan
from mailsvc.receive.own_evidence import OwnEvidence
from mailsvc.registry import Registry
from mailsvc.routing import is_for_operators, route
from mailsvc.store import inbox as store
from mailsvc.store.database import Database

log = structlog.get_logger()

STORE_UNAVAILABLE = Refusal(451, "4.3.0", Reason.STORE_UNAVAILABLE, "cannot store mail now, try again later")
DISK_FULL = Refusal(452, "4.3.1", Reason.DISK_FULL, "not enough storage now, try again later")
FORGED = Refusal(550, "5.7.1", Reason.FORGED, "mail from an address of this service did not come from it")


class Inbox:
    """The receiving side's Acceptor (see receive.smtp)."""

    def __init__(
        self, config: Config, db: Database, registry: Registry, own: OwnEvidence, fresh: Fresh | None = None
    ) -> None:
        self._fresh = fresh or Fresh()
        self._config = config
        self._db = db
        self._registry = registry
        self._own = own
        self._folder = config.database_path.parent

    async def recipient(self, address: str, smtputf8: bool) -> Refusal | None:  # noqa: ARG002 - the Acceptor's shape
        """Whether there is such an address (RCPT)."""
        try:
            target = await self._db.read(lambda tx: route(tx, self._registry, address), brief=True)
        except (StoreUnavailable, StoreCorrupt):
            return STORE_UNAVAILABLE
        return target if isinstance(target, Refusal) else None

    async def room(self) -> Refusal | None:
        """Whether the disk has room above its floor (MAIL)."""
        limits = self._config.limits
        floor = max(limits.disk_floor, 2 * limits.message_size)
        return DISK_FULL if shutil.disk_usage(self._folder).free < floor else None

    async def accept(self, envelope: Envelope) -> Refusal | None:
        """Check, weigh the evidence, store; returns after the durable commit."""
        refusal = prescan(envelope.content, self._config.limits)
        if refusal is not None and not reaches_operators(self._config, envelope.recipients, refusal):
            return refusal
        message = await read(envelope.content, self._config)
        if forged(self._config, message, envelope.reverse_path) and not reaches_operators(
            self._config, envelope.recipients, FORGED
        ):
            return FORGED
        found = evidence.compute(envelope, message, self._config.smtp)
        found = await self._own.add(found, envelope.content)
        stored = msgspec.json.encode(found).decode()
        checked = digest(message)
        message_id = message.message_id or checked.hex()
        try:
            kept = await self._db.write(
                lambda tx: store.keep_mail(tx, envelope, message_id, checked, stored),
                durable=True,
                brief=len(envelope.content) <= LARGEST,
            )
        except (StoreUnavailable, StoreCorrupt) as error:
            log.error("accept-failed", reason=str(error))
            return STORE_UNAVAILABLE
        self._fresh.keep(kept.raw_id, message)
        log.info("accepted", mail=kept.mail_id, recipients=len(envelope.recipients), size=len(envelope.content))
        return None


def reaches_operators(config: Config, recipients: Sequence[str], refusal: Refusal) -> bool:
    """Whether a mail goes to the operators alone, whom whatever may be stored reaches, however strange: not a loop."""
    return refusal.reason is not Reason.LOOP and all(is_for_operators(config, one) for one in recipients)


def forged(config: Config, message: Message, reverse_path: str) -> bool:
    """From at our own domain that we did not send; notices of a mail system that shares the name pass."""
    author = message.from_address
    if author is None or author.ascii_domain not in config.domains:
        return False
    return classify(message, reverse_path, config.domains).verdict is not Verdict.CERTAIN


async def read(content: bytes, config: Config) -> Message:
    """The bytes as a Message; large ones are read beside the event loop."""
    if len(content) > LARGEST:
        return await asyncio.to_thread(parse, content, config.limits)
    return parse(content, config.limits)
