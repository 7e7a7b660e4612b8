"""The stage between handling and courier: renders what was asked for, off the writer, once."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from mailsvc.cases import store as cases
from mailsvc.clock import Instant
from mailsvc.errors import Reason, StoreUnavailable
from mailsvc.ids import OutgoingId
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.registry import Registry
from mailsvc.store import inbox, outgoing
from mailsvc.store.database import Database, ReadTx, Tx
from mailsvc.store.outgoing import ToCompose

log = structlog.get_logger()

BATCH: Final = 16
OCTETS: Final = 4 * 1024 * 1024  # so much may wait for its commit, which several mails share


class Composing:
    """Takes what waits to be rendered and gives it to the courier."""

    def __init__(self, db: Database, registry: Registry, composer: Composer) -> None:
        self._db = db
        self._registry = registry
        self._composer = composer

    async def work(self) -> Instant | None:
        """One batch; at once again while there is more."""
        waiting = await self._db.read(lambda tx: outgoing.to_compose(tx, BATCH))
        writing: list[asyncio.Task[None]] = []
        octets = 0
        try:
            for one in waiting:
                content = await self._rendered(one)
                if content is not None:
                    writing.append(asyncio.create_task(self._keep(one.id, content)))
                    octets += len(content)
                if octets > OCTETS:
                    await asyncio.gather(*writing)
                    writing, octets = [], 0
        finally:
            await asyncio.gather(*writing)
        return Instant(0) if waiting else None

    async def _rendered(self, one: ToCompose) -> bytes | None:
        """The mail; None when it cannot be rendered, which is written down."""
        try:
            return await self._render(one)
        except StoreUnavailable:
            raise
        except Exception:  # one letter that cannot be rendered is a bug; all others must go out
            log.exception("composing-failed", outgoing=one.id, template=one.template)
            await self._db.write(lambda tx: self._set_aside(tx, one))
            return None

    async def _keep(self, number: OutgoingId, content: bytes) -> None:
        await self._db.write(lambda tx: outgoing.composed(tx, number, inbox.insert_raw(tx, content)))

    def _set_aside(self, tx: Tx, one: ToCompose) -> None:
        outgoing.set_aside(tx, one.id)
        if not one.template.startswith("operator/"):
            for told in self._registry.alarms:
                told(tx, Reason.INTERNAL, f"outgoing {one.id} ({one.template})")

    async def _render(self, one: ToCompose) -> bytes:
        encloser = self._registry.enclosers.get(one.template) if one.kind == "letter" else None
        if encloser is not None:
            return await self._db.read(lambda tx: encloser(tx, self.spec(tx, one), self._composer))
        if one.kind == "letter":
            spec = await self._db.read(lambda tx: self.spec(tx, one))
            return self._composer.letter(spec)
        assert one.source_raw_id is not None
        raw_id = one.source_raw_id
        source = await self._db.read(lambda tx: inbox.raw(tx, raw_id))
        compose = self._registry.composers[one.template]
        return await asyncio.to_thread(compose, source, one.values, self._registry.site.config)

    def spec(self, tx: ReadTx, one: ToCompose) -> LetterSpec:
        """Everything that goes into a letter, read from the database."""
        ask = cases.ask_of_letter(tx, one.id)
        key = self._registry.site.key
        case = one.case_id if one.case_id is not None else one.values.get("case")
        alone = one.case_id is None or "to_group" in one.values  # what goes to many continues nobody's own thread
        thread = [] if alone or one.case_id is None else cases.thread_of(tx, one.case_id, one.person_id, one.id)
        return LetterSpec(
            template=one.template,
            language=one.language,
            to_address=str(one.values.get("to_group") or one.address),
            to_name=one.group_title if "to_group" in one.values else one.name,
            message_id=one.message_id,
            created_at=one.created_at,
            values=one.values,
            case=int(case) if isinstance(case, int) else None,
            token=key.token(ask.nonce) if ask else "",
            vocabulary=str(one.values.get("vocabulary", "")),
            items=len(ask.items) if ask else 0,
            thread=thread,
            group_name=one.group_name,
            group_title=one.group_title,
        )
