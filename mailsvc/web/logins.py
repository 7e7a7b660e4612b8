"""Mails the code to whoever asked for a login and is known, beside the page, whose time tells nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from mailsvc.clock import HOUR, MINUTE, Instant
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Registry
from mailsvc.resources import templates_dir
from mailsvc.store import outgoing
from mailsvc.store.database import Database, ReadTx, Row, Tx
from mailsvc.store.outgoing import Recipient
from mailsvc.web import session_store as store
from mailsvc.web.codes import code_of, hash_of, printed

TOPIC: Final = "logins"
LETTER: Final = "web/login"


class Logins:
    """The loop behind the page."""

    def __init__(self, db: Database, registry: Registry) -> None:
        self._db = db
        self._registry = registry
        self._site = registry.site

    async def work(self) -> Instant | None:
        """Answer all that waits; woken by the next request."""
        waiting = await self._db.read(store.requests)
        for row in waiting:
            await self._db.write(lambda tx, row=row: self._answer(tx, row), durable=True)  # type: ignore[misc]
        return None if not waiting else await self._db.read(lambda tx: tx.now)

    def _answer(self, tx: Tx, row: Row) -> None:
        limits = self._site.config.limits
        if not store.forget_request(tx, row["id"]) or row["at"] < tx.now - limits.login_minutes * MINUTE:
            return
        person = people.by_address(tx, row["folded"])
        if person is None or not self._may_log_in(tx, person, row["folded"]):
            return
        if not allow(tx, self._site.key, "login", row["folded"], HOUR, limits.logins_per_hour):
            return
        known = people.address(tx, row["folded"])
        assert known is not None
        nonce = tx.random_bytes(16)
        until = tx.now + limits.login_minutes * MINUTE
        code = code_of(self._site.key, nonce)
        store.insert_code(tx, hash_of(self._site.key, "code", code), person.id, row["folded"], until)
        to = Recipient(known.address, person.language, person.id)
        values = {"nonce": nonce.hex(), "minutes": limits.login_minutes, "until": until}
        outgoing.letter(tx, self._site, to, LETTER, values)

    def _may_log_in(self, tx: ReadTx, person: Person, folded: str) -> bool:
        """A proven address, or that of somebody of ours: the code proves it. Not who was only named to us."""
        known = people.address(tx, folded)
        return (known is not None and known.verified) or any(told(tx, person.id) for told in self._registry.staff)


def write_code(registry: Registry, _tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
    """See registry.Encloser: the code stands in the letter, and in no row."""
    code = code_of(registry.site.key, bytes.fromhex(str(spec.values["nonce"])))
    base = registry.site.config.web.base_url.rstrip("/")
    values = {**spec.values, "code": printed(code), "url": f"{base}/login/{code}"}
    return composer.letter(replace(spec, values=values))


def register(registry: Registry) -> None:
    """The letter with the code, and what is forgotten of an erased person."""
    registry.enclosers[LETTER] = partial(write_code, registry)
    registry.letter_folders["web"] = str(templates_dir() / "letters" / "web")
    registry.erasers.append(lambda tx, person, _folded: store.forget_person(tx, person))
