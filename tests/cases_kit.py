"""Cases for tests: a small database in memory with people, a group and a mail, and one living case of every kind."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from lists import store as lists_store
from lists.members.join_request import JoinRequest
from lists.members.leave_request import Leaving
from lists.members.roster_change import RosterChange
from lists.model import Settings
from lists.posts.held_post import HeldPost
from lists.posts.old_question import OldQuestion
from lists.values import group_values
from mailsvc.app import build_registry
from mailsvc.cases import question_store
from mailsvc.cases.confirmation import Confirmation, HeldAnswer
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.cases.working_days import add_working_days
from mailsvc.clock import Instant, VirtualClock
from mailsvc.config import Config, parse
from mailsvc.errors import Reason
from mailsvc.ids import CaseId, GroupId, InboxId, PersonId, SeededRandomness
from mailsvc.keys import SiteKey
from mailsvc.message.address import parse_address
from mailsvc.message.envelope import Envelope
from mailsvc.message.evidence import D, Evidence
from mailsvc.message.parsing import digest
from mailsvc.message.parsing import parse as parse_message
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.site import Site
from mailsvc.store import inbox, migrate
from mailsvc.store.database import Tx
from mailsvc.store.sqlite import _Transaction, configure

T = TypeVar("T")

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
KEY = SiteKey("k", "site", bytes(range(32)))
POST = (
    b"From: Sven Ek <sven@example.net>\r\nTo: cataloguing@networks.example.org\r\nSubject: A question\r\n"
    b"Date: Mon, 23 Nov 2026 08:59:00 +0000\r\nMessage-ID: <one@example.net>\r\n\r\nMay I ask something?\r\n"
)


def config(undo: str = "0 min") -> Config:
    return parse(f'[moderation]\nundo = "{undo}"\n')


@dataclass(frozen=True)
class People:
    """Who lives in the house."""

    group: GroupId
    karin: PersonId  # moderator
    per: PersonId  # deputy
    anna: PersonId  # member
    sven: PersonId  # no member
    inbox: InboxId  # Sven's post
    raw: int


class House:
    """The database. `do` runs a unit as the service does: twice, the first time taken back, then committed."""

    def __init__(self, settings: Config | None = None) -> None:
        self.raw = sqlite3.connect(":memory:", isolation_level=None)
        configure(self.raw, readonly=False)
        for _number, _name, sql in migrate.migrations():
            self.raw.executescript(sql)
        self.clock = VirtualClock(START)
        self.randomness = SeededRandomness(7)
        self.site = Site(settings or config(), KEY)
        registry, engine = build_registry(self.site)
        self.registry: Registry = registry
        self.engine: Engine = engine
        self.people = self.do(self._furnish)

    def close(self) -> None:
        self.raw.close()

    def restart(self) -> None:
        """The process ends here and comes back: what was committed is all that it knows."""
        kept = self.raw.serialize()
        self.raw.close()
        self.raw = sqlite3.connect(":memory:", isolation_level=None)
        self.raw.deserialize(kept)
        configure(self.raw, readonly=False)
        self.registry, self.engine = build_registry(self.site)

    def do(self, unit: Callable[[Tx], T]) -> T:
        self.raw.execute("BEGIN IMMEDIATE")
        try:
            self.raw.execute("SAVEPOINT unit")
            unit(self._tx())
            self.raw.execute("ROLLBACK TO unit")
            result = unit(self._tx())
        except BaseException:
            self.raw.execute("ROLLBACK")
            raise
        self.raw.execute("COMMIT")
        return result

    def _tx(self) -> Tx:
        return _Transaction(self.raw, self.clock.now(), self.randomness)

    def pass_time(self, **delta: float) -> None:
        self.clock.advance(timedelta(**delta))

    def working_days(self, at: Instant, days: int) -> Instant:
        settings = self.site.config
        return add_working_days(at, days, settings.site.timezone, settings.closed_periods, settings.site.country)

    def count(self, sql: str, **params: object) -> int:
        return int(self.raw.execute(sql, params).fetchone()[0])

    def _furnish(self, tx: Tx) -> People:
        group = lists_store.insert_group(
            tx,
            "cataloguing",
            kind="network",
            title="Cataloguing network",
            language="en",
            post="members",
            join="moderated",
            settings=Settings(),
            established_by=None,
        )
        known = {}
        for name, role in (("karin", "moderator"), ("per", "deputy"), ("anna", "member"), ("sven", "")):
            address = parse_address(f"{name}@example.net")
            assert address is not None
            person = people.ensure(tx, address, name=name.capitalize(), language="en", verified=True)
            own = people.address(tx, address.folded)
            assert own is not None
            if role:
                lists_store.insert_membership(tx, group, person.id, own.id, role, "each")
            known[name] = person.id
        message = parse_message(POST, self.site.config.limits)
        envelope = Envelope(
            "sven@example.net", ("cataloguing@networks.example.org",), "192.0.2.1", "mx.example.net", "ESMTP", POST
        )
        evidence = msgspec.json.encode(Evidence(D.UNKNOWN)).decode()
        mail = inbox.insert_mail(tx, envelope, message.message_id, digest(message), evidence)
        row = tx.one("SELECT i.id, m.raw_id FROM inbox i JOIN mail m ON m.id = i.mail_id WHERE m.id = :id", id=mail)
        assert row is not None
        inbox.finish(tx, InboxId(row["id"]), Reason.HELD, quarantined=False)
        return People(group=group, inbox=InboxId(row["id"]), raw=row["raw_id"], **known)

    # ---- one living case of every kind

    def open(self, kind: str, variant: int = 0, key: str = "test") -> CaseId:
        """A case of `kind` with data of real people and mails; `variant` chooses among its shapes."""
        made = MAKERS[kind](self)
        data, group, subject = made[variant % len(made)]
        cause = Cause(f"{key}:{kind}:{variant}", self.people.inbox, self.people.sven)
        return self.do(
            lambda tx: self.engine.open(
                tx, kind, data, cause, group=group, subject=subject, started_by=self.people.sven
            )
        )

    @property
    def group_values(self) -> dict[str, object]:
        return dict(group_values(self.do(lambda tx: lists_store.group(tx, self.people.group)), self.site.config))


Made = list[tuple[msgspec.Struct, int | None, str]]


def _held_posts(house: House) -> Made:
    who = house.people
    waiting = HeldPost(
        group_id=who.group,
        group=house.group_values,
        inbox_id=who.inbox,
        raw_id=who.raw,
        message_id="one@example.net",
        reason="held-not-member",
        sender="sven@example.net",
        sender_folded="sven@example.net",
        sender_name="Sven Ek",
        subject="A question",
        text="May I ask something?",
        author_address="sven@example.net",
        author_language="en",
        author_person=who.sven,
    )
    silent = msgspec.structs.replace(waiting, author_address="", author_person=None)
    tomorrow = Instant(house.clock.now() + 24 * 3600 * 1_000_000)
    gathering = msgspec.structs.replace(silent, gather_at=tomorrow)
    return [(one, who.group, "sven@example.net") for one in (waiting, silent, gathering)]


def _join_requests(house: House) -> Made:
    who = house.people
    return [
        (
            JoinRequest(
                who.group, house.group_values, who.sven, "sven@example.net", "Sven Ek", "en", proven, moderated, "Hi"
            ),
            who.group,
            "sven@example.net",
        )
        for proven in (False, True)
        for moderated in (True, False)
    ]


def _leavings(house: House) -> Made:
    who = house.people
    member = house.do(lambda tx: lists_store.membership(tx, who.group, who.anna))
    assert member is not None
    return [
        (
            Leaving(who.group, house.group_values, member.id, who.anna, "anna@example.net", "en", proven),
            who.group,
            str(int(member.id)),
        )
        for proven in (False, True)
    ]


def _roster_changes(house: House) -> Made:
    who = house.people
    data = RosterChange(
        group_id=who.group,
        group=house.group_values,
        by=who.karin,
        add=("sven@example.net",),
        remove=("anna@example.net",),
    )
    return [(data, who.group, ""), (msgspec.structs.replace(data, two=True, seconds=(who.per,)), who.group, "")]


def _confirmations(house: House) -> Made:
    """Answers to a held post that wait for a yes."""
    held = house.open("held-post", key="confirmed")
    asked = next(
        q for q in house.do(lambda tx: question_store.questions_of(tx, held)) if q.person_id == house.people.karin
    )
    answer = HeldAnswer(asked.id, int(held), "yes", "", "", "yes", "A question")
    return [
        (Confirmation(variant, house.people.karin, (answer,), int(house.people.inbox), address), None, "")
        for variant, address in (("claim", "karin@example.com"), ("challenge", ""), ("all", ""))
    ]


def _old_questions(house: House) -> Made:
    who = house.people
    return [(OldQuestion(who.group, house.group_values, who.karin, int(who.inbox), "A question"), who.group, "")]


MAKERS: dict[str, Callable[[House], Made]] = {
    "held-post": _held_posts,
    "join-request": _join_requests,
    "leave": _leavings,
    "roster-change": _roster_changes,
    "old-question": _old_questions,
    "confirmation": _confirmations,
}
for _path in sorted((Path(__file__).parent / "makers").glob("*.py")):  # the workflows' own
    if _path.stem != "__init__":
        MAKERS |= importlib.import_module(f"tests.makers.{_path.stem}").MAKERS
