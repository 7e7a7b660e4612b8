"""Erasing a person: processing stops at once, what is kept about them goes in steps, one letter says what stays.

The steps are units of work of their own: looking whose every mail is takes longer than the writer may be held.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause, Withdrawn
from mailsvc.clock import HOUR, Instant
from mailsvc.ids import CaseId, PersonId
from mailsvc.people import store as people
from mailsvc.records import authors, blanking, erasing_store, keeping, personal_store
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import Database, ReadTx, Row, Tx
from mailsvc.store.outgoing import Recipient

LETTER: Final = "person/erased"
TOPIC: Final = "erasing"


@dataclass(frozen=True, slots=True)
class _Person:
    """Who is being erased: what to look for, and what was found of them so far."""

    id: PersonId
    words: tuple[str, ...]
    mails: tuple[int, ...]

    @property
    def folded(self) -> list[str]:
        """Their addresses, as keys."""
        return [word for word in self.words if "@" in word]


@dataclass(frozen=True, slots=True)
class _Page:
    """Some mails that were looked at: those behind `after` up to `last` (None: there are no more)."""

    person: PersonId
    after: int
    last: int | None
    theirs: tuple[int, ...]


class Erasing:
    """Carries out what a person has confirmed, or an operator has asked for."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine

    # ---- at once

    def begin(self, tx: Tx, person_id: PersonId, cause: Cause) -> None:
        """Take back what waits, leave groups, stop all letters, and note what is to be looked for. Once is enough."""
        person = people.by_id(tx, person_id)
        known = personal_store.addresses(tx, person_id)
        folded = [row["folded"] for row in known]
        if all(one.endswith(f"@{outgoing.NOBODY}") for one in folded):
            return
        for case_id in personal_store.open_cases(tx, person_id, folded):
            taken = Cause(f"{cause.key}/erase:{person_id}", cause.inbox_id, cause.actor, cause.evidence)
            self._engine.apply(tx, case_id, Withdrawn(person_id), taken)
        for more in self._registry.erasers:
            more(tx, person_id, folded)
        words = [*folded, *(row["address"] for row in known if row["address"] not in folded)]
        if " " in person.name.strip():  # a first name alone stands in too many other words
            words.append(person.name.strip())
        erasing_store.begin(tx, person_id, words, person.address, person.language)
        erasing_store.stop(tx, person_id)
        tx.wake(TOPIC)

    # ---- in steps

    def look(self, tx: ReadTx) -> _Page | None:
        """Whose the next mails are, for the erasing that is due: read beside the writer. None when none is due."""
        row = erasing_store.due(tx)
        if row is None:
            return None
        folded = [word for word in json.loads(row["words"]) if "@" in word]
        limits = self._registry.site.config.limits
        page = personal_store.mails_after(tx, row["next_mail"], authors.PAGE)
        theirs = tuple(one["id"] for one in page if authors.wrote(one, folded, limits))
        return _Page(PersonId(row["person_id"]), row["next_mail"], page[-1]["id"] if page else None, theirs)

    def step(self, tx: Tx, page: _Page | None) -> Instant | None:
        """One step of one erasing; when the next is due, None when there is none."""
        row = erasing_store.due(tx)
        # another process may have gone on meanwhile
        if row is not None and page is not None and (row["person_id"], row["next_mail"]) == (page.person, page.after):
            if page.last is not None:
                erasing_store.went_through(tx, page.person, page.last, page.theirs)
            else:
                self._finish(tx, row)
        at = erasing_store.next_due(tx)
        return Instant(at) if at is not None else None

    def _finish(self, tx: Tx, row: Row) -> None:
        """All mails were looked at: remove, tell, and look again later while something is on its way."""
        person_id = PersonId(row["person_id"])
        words = tuple(json.loads(row["words"]))
        person = _Person(person_id, words, tuple(erasing_store.mails(tx, person_id)))
        items = keeping.kept(tx, self._registry, person_id, person.folded, person.mails)
        self._remove(tx, person, keeping.cases_in(items))
        if row["told_at"] is None:
            to = Recipient(row["address"], row["language"])
            outgoing.letter(tx, self._registry.site, to, LETTER, {"items": items})
            erasing_store.told(tx, person_id)
        if erasing_store.waiting(tx, person_id, words, person.mails):
            erasing_store.again(tx, person_id, tx.now + HOUR)
        else:
            erasing_store.done(tx, person_id)

    def _remove(self, tx: Tx, person: _Person, kept: Sequence[int]) -> None:
        emptied = self._matters(tx, person, kept)
        self._names(tx, person, kept)
        for letter in erasing_store.letters(tx, person.id, person.words, person.mails, emptied):
            if letter["state"] != "done" or self._of_kept(tx, letter["id"], kept):
                continue
            again = blanking.without(json.loads(letter["data"]), person.words) if letter["asks"] else {}
            erasing_store.set_letter(tx, letter["id"], msgspec.json.encode(again).decode())
        erasing_store.forget_copies(tx, person.id, person.words)
        mails = {*person.mails, *erasing_store.mails_only_of(tx, emptied)}
        erasing_store.erase_mails(tx, sorted(mails), kept)

    def _of_kept(self, tx: ReadTx, outgoing_id: int, kept: Sequence[int]) -> bool:
        case = erasing_store.case_of(tx, outgoing_id)
        return case is not None and case in kept

    def _matters(self, tx: Tx, person: _Person, kept: Sequence[int]) -> list[int]:
        """Empty what is theirs and closed, silence them in the rest; the cases that were emptied."""
        emptied = []
        for row in personal_store.matters(tx, person.id, person.folded, person.mails):
            if row["id"] in kept or row["removed"]:
                continue
            kind = self._registry.kinds.get(row["kind"])
            if row["own"] and row["closed_at"] is not None and kind is not None:
                made = blanking.blank(json.loads(row["data"]), kind.data, person.words)
                erasing_store.empty_case(tx, CaseId(row["id"]), made)
                emptied.append(int(row["id"]))
            else:
                self._silence(tx, CaseId(row["id"]), json.loads(row["data"]), person)
        return emptied

    def _silence(self, tx: Tx, case_id: CaseId, data: object, person: _Person) -> None:
        """Take out what they wrote in somebody else's matter, also where its data repeat it."""
        texts = erasing_store.texts_of(tx, case_id, person.id)
        made = blanking.unsaid(data, texts)
        if made != data:
            erasing_store.set_data(tx, case_id, msgspec.json.encode(made).decode())
        erasing_store.silence(tx, case_id, person.id, person.words)

    def _names(self, tx: Tx, person: _Person, kept: Sequence[int]) -> None:
        """Cases of others that name them."""
        for row in erasing_store.naming(tx, person.words):
            if row["id"] in kept:
                continue
            made = blanking.without(json.loads(row["data"]), person.words)
            erasing_store.set_data(tx, CaseId(row["id"]), msgspec.json.encode(made).decode())
            erasing_store.silence(tx, CaseId(row["id"]), person.id, person.words)


async def go_on(db: Database, erasing: Erasing) -> Instant | None:
    """One step, the service's or a command's; when the next is due, None when there is none."""
    page = await db.read(erasing.look)
    return await db.write(lambda tx: erasing.step(tx, page), durable=page is not None)
