"""The digest of decisions: one numbered letter per person and slot with everything that waits for a group's decision.

One reply answers many (words.md §2.3). Overdue matters come first; what others have decided since the last digest is
told in the same letter. Nothing pending, no letter.
"""

from __future__ import annotations

from typing import Final

from mailsvc.cases import agenda, notice_store, question_store, settled
from mailsvc.cases import agenda_store as rows
from mailsvc.cases.agenda_store import Matter
from mailsvc.cases.body import Body
from mailsvc.cases.digest_letter import LETTER, Told, write
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause, Question, Rule
from mailsvc.clock import Instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.people import presence_store
from mailsvc.store.database import Database, ReadTx, Tx

__all__ = ["LETTER", "Digests", "askers", "send"]
_DONE: Final = "answered"


class Digests:
    """Sends digests when their time has come."""

    def __init__(self, db: Database, engine: Engine) -> None:
        self._db = db
        self._engine = engine

    async def work(self) -> Instant | None:
        """One round; when the next is due."""
        # a schedule may have been changed by the configuration, a moderator's mail or the command line
        for group in await self._db.read(lambda tx: agenda.moved(tx, self._engine)):
            await self._db.write(lambda tx, group=group: agenda.plan(tx, self._engine, group), durable=True)  # type: ignore[misc]
        waiting = await self._db.read(rows.all_due)
        for group, due in waiting:
            if due > await self._db.read(lambda tx: tx.now):
                return due
            await self._db.write(lambda tx, group=group, due=due: send(tx, self._engine, group, due), durable=True)  # type: ignore[misc]
        return Instant(0) if waiting else None


def send(tx: Tx, engine: Engine, group: int, due: Instant) -> int:
    """Write a group's digests of the slot `due` and plan the next one; how many letters. A second run writes none."""
    if tx.now < due or rows.due(tx, group) != due:
        return 0
    count = 0
    news = settled.settled_before(tx, engine, group)
    if rows.take_slot(tx, group, due):
        body = engine.body(tx, group)
        asked: dict[PersonId, list[QuestionId]] = {}
        for matter in rows.waiting(tx, group):
            if matter.not_before <= tx.now:
                for person, question in _ask(tx, body, matter):
                    asked.setdefault(person, []).append(question)
        following = agenda.slot_after(tx, engine, group, due)
        for person in sorted({seat.person for seat in body.seats} | set(asked)):
            if person in asked:
                _write(tx, engine, body, person, asked[person], news, following, due)
                count += 1
            else:  # no digest for them now: they learn it from the evening's letter
                for matter in news:
                    settled.remember(tx, engine, matter, person)
    rows.set_due(tx, group, None)
    agenda.plan(tx, engine, group)
    if rows.due(tx, group) is None:
        settled.for_evening(tx, engine, group)
    return count


def _write(
    tx: Tx,
    engine: Engine,
    body: Body,
    person: PersonId,
    questions: list[QuestionId],
    news: list[Matter],
    following: Instant | None,
    due: Instant,
) -> None:
    told = [(one, what) for one in news if (what := settled.what_is_told(tx, engine, one, person)) is not None]
    for matter, _ in told:
        notice_store.tell(tx, person, matter.case_id)
    cause = Cause(f"digest:{body.group}:{due}:{person}")
    write(tx, engine, body, person, questions, cause, Told([what for _, what in told], following))


def _ask(tx: Tx, body: Body, matter: Matter) -> list[tuple[PersonId, QuestionId]]:
    """The question of a matter to everybody who has not answered it, whoever answers for them."""
    known = [one for one in question_store.questions_of(tx, matter.case_id) if one.kind == matter.question]
    voted = {one.behalf or one.person_id for one in known if one.state == _DONE}
    handed_on = _handed_on(tx, matter, known)
    found = []
    for voter, person in askers(tx, body):
        if voter in voted:
            continue
        to = handed_on.get(voter, person)
        question = question_store.insert_question(tx, matter.case_id, matter.question, Rule.COLLECT, to, voter)
        found.append((to, question))
    return found


def askers(tx: ReadTx, body: Body) -> list[tuple[PersonId, PersonId]]:
    """Whose vote is awaited now, and who is asked for it: themselves, or their stand-in; nobody for who is away."""
    found = []
    for seat in body.seats:
        here = presence_store.present(tx, [seat.person]) if seat.votes else []
        found += [(seat.person, person) for person in here]
    return found


def _handed_on(tx: ReadTx, matter: Matter, known: list[Question]) -> dict[PersonId, PersonId]:
    """Who answers for whom after `delegate to`, as long as they are there and have not handed it on themselves."""
    named = rows.delegates(tx, matter.case_id, matter.question)
    found: dict[PersonId, PersonId] = {}
    for one in known:
        waits = one.state == "open" and one.behalf is not None and one.person_id in named
        if waits and one.person_id in presence_store.present(tx, [one.person_id]):
            assert one.behalf is not None
            found[one.behalf] = one.person_id
    return found
