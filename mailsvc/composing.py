"""The stage between handling and courier: renders what was asked for, off the writer, once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog

from mailsvc.cases import ask_store
from mailsvc.clock import Instant
from mailsvc.errors import Reason, StoreUnavailable
from mailsvc.fresh import LARGEST, Fresh
from mailsvc.ids import OutgoingId, RawId
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

    def __init__(self, db: Database, registry: Registry, composer: Composer, fresh: Fresh | None = None) -> None:
        self._fresh = fresh or Fresh()
        self._db = db
        self._registry = registry
        self._composer = composer

    async def work(self) -> Instant | None:
        """One batch; at once again while there is more."""
        waiting, sources = await self._db.read(self._waiting, brief=True)
        writing: list[asyncio.Task[None]] = []
        octets = 0
        try:
            for one in waiting:
                content = await self._rendered(one, sources)
                if content is not None:
                    writing.append(asyncio.create_task(self._keep(one.id, content)))
                    octets += len(content)
                if octets > OCTETS:
                    await asyncio.gather(*writing)
                    writing, octets = [], 0
        finally:
            await asyncio.gather(*writing)
        return Instant(0) if waiting else None

    def _waiting(self, tx: ReadTx) -> tuple[list[ToCompose], dict[RawId, bytes]]:
        """A batch, and the mails that it is made from as far as they are small and not in memory."""
        waiting = outgoing.to_compose(tx, BATCH)
        numbers = {one.source_raw_id for one in waiting if one.source_raw_id is not None}
        wanted = sorted(number for number in numbers if self._fresh.get(number) is None)
        return waiting, inbox.small_raws(tx, wanted, LARGEST) if wanted else {}

    async def _rendered(self, one: ToCompose, sources: Mapping[RawId, bytes]) -> bytes | None:
        """The mail; None when it cannot be rendered, which is written down."""
        try:
            return await self._render(one, sources)
        except StoreUnavailable:
            raise
        except Exception:  # one letter that cannot be rendered is a bug; all others must go out
            log.exception("composing-failed", outgoing=one.id, template=one.template)
            await self._db.write(lambda tx: self._set_aside(tx, one))
            return None

    async def _keep(self, number: OutgoingId, content: bytes) -> None:
        small = len(content) <= LARGEST
        await self._db.write(lambda tx: outgoing.composed(tx, number, inbox.insert_raw(tx, content)), brief=small)

    def _set_aside(self, tx: Tx, one: ToCompose) -> None:
        outgoing.set_aside(tx, one.id)
        if not one.template.startswith("operator/"):
            for told in self._registry.alarms:
                told(tx, Reason.INTERNAL, f"outgoing {one.id} ({one.template})")

    async def _render(self, one: ToCompose, sources: Mapping[RawId, bytes]) -> bytes:
        encloser = self._registry.enclosers.get(one.template) if one.kind == "letter" else None
        if encloser is not None:
            return await self._db.read(lambda tx: encloser(tx, self.spec(tx, one), self._composer))
        if one.kind == "letter":
            spec = await self._db.read(lambda tx: self.spec(tx, one), brief=True)
            return self._composer.letter(spec)
        assert one.source_raw_id is not None
        raw_id = one.source_raw_id
        compose = self._registry.composers[one.template]
        fresh = self._fresh.get(raw_id)
        small = fresh.content if fresh is not None else sources.get(raw_id)
        if small is not None:
            return compose(small, one.values, self._registry.site.config)
        source = await self._db.read(lambda tx: inbox.raw(tx, raw_id))
        return await asyncio.to_thread(compose, source, one.values, self._registry.site.config)

    def spec(self, tx: ReadTx, one: ToCompose) -> LetterSpec:
        """Everything that goes into a letter, read from the database."""
        ask = ask_store.ask_of_letter(tx, one.id)
        key = self._registry.site.key
        case = one.case_id if one.case_id is not None else one.values.get("case")
        alone = one.case_id is None or "to_group" in one.values  # what goes to many continues nobody's own thread
        thread = [] if alone or one.case_id is None else ask_store.thread_of(tx, one.case_id, one.person_id, one.id)
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
