"""Handling stored mail: each (mail, recipient) once, in one transaction; what kills its handler twice is put aside."""

from __future__ import annotations

import asyncio
import faulthandler
import time
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import msgspec
import structlog

from mailsvc import trial
from mailsvc.bounces import store as bounces
from mailsvc.clock import SECOND, Instant
from mailsvc.errors import Reason, Refusal, StoreCorrupt, StoreUnavailable
from mailsvc.fresh import LARGEST, Fresh
from mailsvc.ids import InboxId, RawId
from mailsvc.message.evidence import Evidence
from mailsvc.receive.inbox import read
from mailsvc.registry import Handled, Incoming, InThread, Reading, Registry, Target
from mailsvc.routing import OPERATORS, route
from mailsvc.store import inbox as store
from mailsvc.store.database import Database, ReadTx, Tx
from mailsvc.work import BETWEEN_ATTEMPTS

log = structlog.get_logger()

BATCH: Final = 32
READING_SECONDS: Final = 60
_EVIDENCE: Final = msgspec.json.Decoder(Evidence)


@dataclass(frozen=True, slots=True)
class Delay:
    """When a mail is tried again; `attempts_back` takes back an attempt that was not its fault."""

    microseconds: int
    attempts_back: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """Of a batch: the bytes of mail that is not in memory, what the handlers of its recipients will ask of it, and to
    which recipients it is handled in a moment."""

    contents: Mapping[RawId, bytes]
    readings: Mapping[str, Reading | None]
    brief: Set[str]


_NOTHING_KNOWN: Final = _Known({}, {}, frozenset())


@dataclass(frozen=True, slots=True)
class _Waiting:
    """New mail, one mail that was tried before, and when the next is due (0: look again at once)."""

    batch: list[store.Due]
    known: _Known
    again: store.Due | None
    next_at: Instant | None


class Watch:
    """Has tracebacks written should reading a mail never end. Arming starts a thread, so it serves a second's mails."""

    def __init__(self) -> None:
        self._armed_at = float("-inf")

    def arm(self) -> None:
        """Another mail is read from now on."""
        now = time.monotonic()
        if now - self._armed_at >= 1:
            self._armed_at = now
            faulthandler.dump_traceback_later(READING_SECONDS, exit=False)

    def disarm(self) -> None:
        """Nothing is read any more."""
        faulthandler.cancel_dump_traceback_later()


class Handling:
    """Takes what is due out of the inbox and gives it to its handler."""

    def __init__(self, db: Database, registry: Registry, build: str, fresh: Fresh | None = None) -> None:
        """`build` names the function that made `registry`, `module:function`, for the process that tries a mail."""
        self._fresh = fresh or Fresh()
        self._db = db
        self._build = build
        self._registry = registry
        self._config = registry.site.config
        self._owed: dict[InboxId, Delay] = {}  # could not be written down yet

    async def work(self) -> Instant | None:
        """One batch of new mail, and one mail that was tried before, alone; when the next is due."""
        await self._pay_back()
        waiting = await self._db.read(self._waiting, brief=True)
        if waiting.batch:
            await self._try(waiting.batch, waiting.known)
        if waiting.again is not None:
            await self._try_again(waiting.again)
        return waiting.next_at

    async def _try_again(self, unit: store.Due) -> None:
        """Alone; after two attempts that came to no end only if it did no harm in another process, and then once."""
        spent = unit.attempts - self._config.limits.handling_attempts
        if spent > 0:
            await self._put_in_quarantine(unit.inbox_id)
        elif spent < 0:
            await self._try([unit])
        else:
            now = await self._db.read(lambda tx: tx.now)
            found = await trial.verdict(trial.Task(self._build, self._config, unit.inbox_id, now))
            log.warning("tried", inbox=unit.inbox_id, verdict=str(found))
            if found is trial.Verdict.POISON:
                await self._put_in_quarantine(unit.inbox_id)
            elif found is trial.Verdict.HARMLESS:
                await self._try([unit])
            else:
                await self._again_later(unit.inbox_id, Delay(5 * SECOND))

    async def _try(self, units: Sequence[store.Due], known: _Known = _NOTHING_KNOWN) -> None:
        ids = [unit.inbox_id for unit in units]
        await self._db.write(lambda tx: store.count_attempt(tx, ids), brief=True)
        tasks = []
        watch = Watch()
        try:
            for unit in units:
                watch.arm()
                incoming = await self._read(unit, known)
                if incoming is not None:
                    brief = unit.recipient in known.brief and len(incoming.message.content) <= LARGEST
                    tasks.append(asyncio.create_task(self._handle(incoming, brief=brief)))
                    await asyncio.sleep(0)  # units reach the writer in the order the mail came
        finally:
            watch.disarm()
        if tasks:
            await asyncio.gather(*tasks)

    def _waiting(self, tx: ReadTx) -> _Waiting:
        """What is due, and what the new mail of it needs of the database: all in one look."""
        batch, again = store.due(tx, BATCH), store.due_again(tx)
        next_at = Instant(0) if batch or again else store.next_due(tx)
        wanted = sorted({unit.raw_id for unit in batch if self._fresh.get(unit.raw_id) is None})
        contents = store.small_raws(tx, wanted, LARGEST) if wanted else {}
        readings, brief = dict[str, Reading | None](), set[str]()
        for recipient in {unit.recipient for unit in batch}:
            with suppress(Exception):  # its own handling meets the same, alone, and is counted as an attempt
                target = route(tx, self._registry, recipient)
                if isinstance(target, Target):
                    to_read = self._registry.readings.get(target.handler)
                    readings[recipient] = to_read(tx, target) if to_read is not None else None
                    quick = self._registry.brief.get(target.handler)
                    if quick is not None and quick(tx, target):
                        brief.add(recipient)
        return _Waiting(batch, _Known(contents, readings, brief), again, next_at)

    async def _read(self, unit: store.Due, known: _Known) -> Incoming | None:
        """The mail, or None when it cannot be read now or ever, which is then written down."""
        try:
            return await self._incoming(unit, known)
        except (LookupError, StoreCorrupt) as error:
            log.error("unreadable", inbox=unit.inbox_id, reason=str(error))
            await self._put_in_quarantine(unit.inbox_id)
        except StoreUnavailable as error:
            log.error("handling-put-off", inbox=unit.inbox_id, reason=str(error))
            await self._again_later(unit.inbox_id, Delay(5 * SECOND, attempts_back=1))
        except Exception:  # a reader's bug is its mail's matter as a handler's is
            log.exception("reading-failed", inbox=unit.inbox_id)
            await self._again_later(unit.inbox_id, Delay(BETWEEN_ATTEMPTS))
        return None

    async def _incoming(self, unit: store.Due, known: _Known) -> Incoming:
        message = self._fresh.get(unit.raw_id)
        if message is None:
            content = known.contents.get(unit.raw_id)
            if content is None:
                content = await self._db.read(lambda tx: store.raw(tx, unit.raw_id))
            message = await read(content, self._config)
        mail = Incoming(
            unit.inbox_id,
            unit.raw_id,
            unit.recipient,
            unit.envelope(message.content),
            message,
            _EVIDENCE.decode(unit.evidence),
            unit.digest,
            unit.received_at,
            unit.released,
        )
        reading = known.readings.get(unit.recipient)
        if reading is not None:  # what takes long is found out here: in the transaction all others would wait for it
            if len(message.content) > LARGEST or isinstance(reading, InThread):
                await asyncio.to_thread(reading, mail)
            else:
                reading(mail)
        return mail

    async def _handle(self, mail: Incoming, *, brief: bool) -> None:
        try:
            handled = await self._db.write(lambda tx: handle(tx, self._registry, mail), durable=True, brief=brief)
            log.info("handled", inbox=mail.inbox_id, reason=str(handled.reason))
        except StoreUnavailable as error:
            log.error("handling-put-off", inbox=mail.inbox_id, reason=str(error))
            await self._again_later(mail.inbox_id, Delay(5 * SECOND, attempts_back=1))
        except Exception:  # a handler's bug: tried once more, then put aside; the rest flows (promise 10)
            log.exception("handler-failed", inbox=mail.inbox_id)
            await self._again_later(mail.inbox_id, Delay(BETWEEN_ATTEMPTS))

    async def _again_later(self, inbox_id: InboxId, delay: Delay) -> None:
        self._owed[inbox_id] = delay
        with suppress(
            StoreUnavailable
        ):  # then before the next attempt: a full disk must not make anybody's mail poison
            await self._pay_back()

    async def _pay_back(self) -> None:
        owed, self._owed = self._owed, {}
        if not owed:
            return

        def unit(tx: Tx) -> None:
            for inbox_id, delay in owed.items():
                store.put_off(tx, inbox_id, tx.now + delay.microseconds, attempts_back=delay.attempts_back)

        try:
            await self._db.write(unit)
        except BaseException:
            self._owed = {**owed, **self._owed}
            raise

    async def _put_in_quarantine(self, inbox_id: InboxId) -> None:
        def unit(tx: Tx) -> None:
            if store.finish(tx, inbox_id, Reason.POISON, quarantined=True):
                for told in self._registry.alarms:
                    told(tx, Reason.POISON, f"inbox {inbox_id}")

        try:
            await self._db.write(unit)
            log.error("quarantined", inbox=inbox_id, reason=Reason.POISON)
        except StoreUnavailable as error:
            log.error("handling-put-off", inbox=inbox_id, reason=str(error))
            await self._again_later(inbox_id, Delay(5 * SECOND))


def handle(tx: Tx, registry: Registry, mail: Incoming) -> Handled:
    """Route one mail and let its handler act; everything it changes and `handled` are one transaction."""
    target = route(tx, registry, mail.recipient)
    author = mail.message.from_address
    if author is not None and str(mail.evidence.d) != "fail":
        bounces.heard_from(tx, author.folded)
    if isinstance(target, Refusal):  # the group went away after RCPT
        handled = Handled(target.reason, quarantined=True)
    elif target.handler != OPERATORS and _is_spam(registry, mail):
        handled = Handled(Reason.SPAM_HEADER, quarantined=True)
    elif target.handler != OPERATORS and _is_repeated(tx, registry, mail, target):
        handled = Handled(Reason.DUPLICATE)
    else:
        handled = registry.handlers[target.handler](tx, mail, target)
    if not store.finish(tx, mail.inbox_id, handled.reason, quarantined=handled.quarantined):
        raise AssertionError(f"inbox {mail.inbox_id} was handled already")
    return handled


def _is_repeated(tx: Tx, registry: Registry, mail: Incoming, target: Target) -> bool:
    """The same mail once more at the same target, as its server sends it that got no 250: nothing follows from it."""
    key = f"{target.handler}:{target.group or ''}:{target.argument}"
    message_id = mail.message.message_id or mail.digest.hex()
    days = registry.site.config.limits.duplicate_days
    before = store.seen(tx, key, message_id, mail.digest, mail.inbox_id, days)
    return before is not None and before.same


def _is_spam(registry: Registry, mail: Incoming) -> bool:
    """`[smtp] spam_header`, e.g. "X-Spam-Flag: YES"; what an operator let through by hand is not asked again."""
    name, _, value = registry.site.config.smtp.spam_header.partition(":")
    if not name or mail.released:
        return False
    return any(v.strip().lower().startswith(value.strip().lower()) for v in mail.message.get_all(name))
