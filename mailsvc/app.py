"""The composition root: builds the whole service from its configuration, starts it and stops it in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Final

import structlog

import lists.register
import workflows.register
from lists.archive import preparing
from lists.posts import digesting
from mailsvc import forwarding, keys, operators
from mailsvc.bounces import register as bounces
from mailsvc.bounces import store as bounce_store
from mailsvc.cases import holidays, my_week
from mailsvc.cases.answering import Answering
from mailsvc.cases.carrying_out import CarryingOut
from mailsvc.cases.confirmation import CONFIRMATION, AddAddress, CarryOut
from mailsvc.cases.digests import Digests
from mailsvc.cases.engine import Engine
from mailsvc.cases.kinds import check_kinds
from mailsvc.cases.notices import Notices
from mailsvc.cases.starting import Start, Starting
from mailsvc.cases.timers import Timers
from mailsvc.clock import Clock, Instant, SystemClock
from mailsvc.composing import Composing
from mailsvc.config import Config
from mailsvc.daily import Daily
from mailsvc.deliver.courier import Courier
from mailsvc.deliver.mailroom import MailroomTransport
from mailsvc.deliver.model import Transport
from mailsvc.deliver.relay import relay_transport
from mailsvc.deliver.signing import signer
from mailsvc.errors import ConfigError, StoreCorrupt, StoreUnavailable
from mailsvc.fresh import Fresh
from mailsvc.handling import Handling
from mailsvc.housekeeping import Housekeeping
from mailsvc.ids import OutgoingId, Randomness, SystemRandomness
from mailsvc.letters.compose import Composer
from mailsvc.memory import collect_less_often, give_back_large_blocks
from mailsvc.message.dkim_check import Dns
from mailsvc.receive.inbox import Inbox
from mailsvc.receive.own_evidence import OwnEvidence
from mailsvc.receive.smtp import SmtpServer
from mailsvc.records import register as records
from mailsvc.registry import Registry
from mailsvc.resources import templates_dir
from mailsvc.routing import ANSWER, OPERATORS, core_route
from mailsvc.site import Site
from mailsvc.store import meta, migrate, restored
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import SqliteDatabase
from mailsvc.web import logins, session_store
from mailsvc.web.server import WebServer
from mailsvc.work import Loop

log = structlog.get_logger()

STOP_SECONDS: Final = 25.0
WATCH_SECONDS: Final = 1.0
BUILD: Final = f"{__name__}:build_registry"


def build_registry(site: Site) -> tuple[Registry, Engine]:
    """Everything that the packages bring, in one registry; an incomplete kind of case stops the start."""
    registry = Registry(site)
    engine = Engine(registry)
    carrying = CarryingOut(engine)
    answering = Answering(registry, engine, carrying)
    desk = operators.Operators(site)
    registry.routes.append(core_route)
    registry.handlers |= {ANSWER: answering, OPERATORS: desk}
    registry.explainers[ANSWER] = answering.explain
    registry.kinds[CONFIRMATION.name] = CONFIRMATION
    registry.effects |= {CarryOut: carrying.run_carry_out, AddAddress: carrying.run_add_address}
    registry.effects[Start] = Starting(registry.starters).run
    registry.composers[forwarding.FORWARD] = forwarding.compose_forward
    registry.enclosers[forwarding.ENCLOSED] = forwarding.enclose
    registry.alarms.append(desk.alarm)
    registry.commands[my_week.COMMAND] = my_week.command
    for name in ("case", "operator"):
        registry.letter_folders[name] = str(templates_dir() / "letters" / name)
    records.register(registry)
    bounces.register(registry, engine)
    logins.register(registry)
    lists.register.register(registry, engine)
    workflows.register.register(registry, engine)
    registry.resolvers.append(desk.resolve)
    check_kinds(registry)
    return registry, engine


class Service:
    """The running service."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock | None = None,
        randomness: Randomness | None = None,
        rehearse: bool = False,
        dns: Dns | None = None,
    ) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        site = Site(config, keys.load(config.path(config.site.key_file)))
        self.site = site
        self.db = SqliteDatabase(config.database_path, self.clock, randomness or SystemRandomness(), rehearse=rehearse)
        self.registry, self.engine = build_registry(site)
        self._own_evidence = OwnEvidence(config, self.clock, dns)
        fresh = Fresh()
        acceptor = Inbox(config, self.db, self.registry, self._own_evidence, fresh)
        self.smtp = SmtpServer(config, acceptor, self.clock)
        composer = Composer(site, self.registry.letter_folders)
        handling = Handling(self.db, self.registry, BUILD, fresh)
        composing = Composing(self.db, self.registry, composer, fresh)
        housekeeping = Housekeeping(self.db, config.limits, [session_store.forget_old, bounce_store.forget_old])
        archive = preparing.Preparing(self.db, self.registry)
        post_digests = digesting.PostDigests(self.db, self.registry)
        self._loops = [
            Loop("handling", self.db, self.clock, "inbox", handling.work),
            Loop("composing", self.db, self.clock, "composing", composing.work),
            Loop("timers", self.db, self.clock, "timers", Timers(self.db, self.engine).work),
            Loop("digests", self.db, self.clock, "digests", Digests(self.db, self.engine).work),
            Loop(my_week.TOPIC, self.db, self.clock, my_week.TOPIC, my_week.MyWeek(self.db, self.engine).work),
            Loop("notices", self.db, self.clock, "notices", Notices(self.db, self.engine).work),
            Loop("daily", self.db, self.clock, "daily", Daily(self.db, self.registry).work),
            Loop(logins.TOPIC, self.db, self.clock, logins.TOPIC, logins.Logins(self.db, self.registry).work),
            Loop(preparing.TOPIC, self.db, self.clock, preparing.TOPIC, archive.work),
            Loop(digesting.TOPIC, self.db, self.clock, digesting.TOPIC, post_digests.work),
            Loop("housekeeping", self.db, self.clock, "housekeeping", housekeeping.work),
            *records.loops(self.db, self.clock, self.registry, self.engine),
        ]
        self.courier = Courier(self.db, site, self.clock, self._transport(), self._finished, signer=signer(config))
        mailroom = config.delivery.transport == "mailroom"
        self.web = WebServer(config, self.db, self.registry, self.clock, Rehearsal(self) if mailroom else None)
        self._tasks: list[asyncio.Task[None]] = []

    def _transport(self) -> Transport:
        return MailroomTransport() if self.config.delivery.transport == "mailroom" else relay_transport(self.config)

    def _finished(self, tx: Tx, outgoing: OutgoingId) -> None:
        for finisher in self.registry.finishers:
            finisher(tx, outgoing)

    async def start(self) -> None:
        """Check the database, open it, and begin to work. Raises ConfigError, StoreCorrupt, StoreUnavailable."""
        await asyncio.to_thread(migrate.check, self.config.database_path, self.site.key.site_id)
        await asyncio.to_thread(holidays.prepare)  # now, rather than in the first transaction that counts working days
        await self.db.open()
        try:
            await self._recall_clock()
            held = await self.db.read(restored.sentence)
            if held:
                log.warning("restored", reason=held)
            await self.db.write(lambda tx: operators.ensure(tx, self.site), durable=True)
            await self.smtp.start()
            await self.web.start()
        except BaseException:
            await self.smtp.stop(0)
            await self.db.close()
            raise
        for loop in self._loops:
            loop.start()
        self._tasks = [
            asyncio.create_task(self.courier.run(), name="courier"),
            asyncio.create_task(self._watch_command_line(), name="watch"),
        ]
        log.info("started", domain=self.config.site.domain)

    async def _recall_clock(self) -> None:
        if isinstance(self.clock, SystemClock) and self.config.delivery.transport == "mailroom":
            offset = await self.db.read(lambda tx: meta.get(tx, meta.CLOCK_OFFSET))
            self.clock.offset = int(offset or 0)

    async def _watch_command_line(self) -> None:
        """What the command line changes wakes the loops: it commits through the same file, not through us."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                if await self.db.changed_elsewhere():
                    self.db.wake_all()
            except (StoreUnavailable, StoreCorrupt) as error:
                log.error("store-unavailable", loop="watch", reason=str(error))

    async def stop(self) -> None:
        """Listeners, then handlers, then courier, then the writer."""
        await self.smtp.stop(STOP_SECONDS / 2)
        self._own_evidence.close()
        await self.web.stop()
        for loop in self._loops:
            await loop.stop()
        # where nothing can be recorded any more, waiting only makes more copies that will go out again
        await self.courier.stop(0 if self.db.failed.is_set() else STOP_SECONDS / 2)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.db.close()
        log.info("stopped")

    def reload(self) -> None:
        """SIGHUP: the certificate of STARTTLS is read anew, and of the configuration nothing else.

        One that cannot be used is told in the log, and the one in use stays.
        """
        try:
            self.smtp.reload_certificate()
        except ConfigError as error:
            log.error("certificate-not-reloaded", reason=str(error))

    async def idle(self) -> None:
        """Return when nothing is due any more (tests and the rehearsal)."""
        while await self._busy():  # noqa: ASYNC110 - what is due is known to the database alone
            await asyncio.sleep(0.005)

    async def _busy(self) -> bool:
        awake = any(not loop.idle for loop in self._loops) or not self.courier.idle
        return awake or await self.db.read(meta.busy)


class Rehearsal:
    """The mailroom's desk (see web.desk): lets time pass."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def smtp_address(self) -> tuple[str, int]:
        """Where our own SMTP listener is bound."""
        address = self._service.smtp.addresses[0]
        return (address.host, address.port)

    async def advance(self, microseconds: int) -> None:
        """Move the clock forward for good, and wake everybody who waits for time."""
        clock = self._service.clock
        assert isinstance(clock, SystemClock)
        offset = clock.offset + max(0, microseconds)
        await self._service.db.write(lambda tx: meta.put(tx, meta.CLOCK_OFFSET, str(offset)), durable=True)
        clock.offset = offset
        self._service.db.wake_all()

    async def next_event(self) -> Instant | None:
        """When something is due next."""
        return await self._service.db.read(meta.next_event)


async def serve(config: Config, ready: Callable[[Service], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT; the database's lock makes this the only serving process.

    Raises StoreUnavailable when the disk has failed to sync: then only a new process can tell what is kept.
    """
    give_back_large_blocks()
    with migrate.only_server(config.database_path):
        service = Service(config)
        await service.start()
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ended.set)
        loop.add_signal_handler(signal.SIGHUP, service.reload)
        collect_less_often()
        if ready is not None:
            ready(service)
        watching = asyncio.create_task(service.db.failed.wait(), name="disk")
        watching.add_done_callback(lambda _: ended.set())
        await ended.wait()
        watching.cancel()
        await service.stop()
        if service.db.failed.is_set():
            raise StoreUnavailable(f"{config.database_path} could not be synced to the disk; start the service anew")
