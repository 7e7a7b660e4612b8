"""The digest of decisions: one numbered letter per person and slot with everything that waits for a group's decision.

One reply answers many (words.md §2.3). Overdue matters come first; what others have decided since the last digest is
told in the same letter. Nothing pending, no letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailsvc.cases import agenda, notice_store, store
from mailsvc.cases import agenda_store as rows
from mailsvc.cases.agenda_store import Matter
from mailsvc.cases.body import Body
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Rule
from mailsvc.clock import Instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.people import presence_store
from mailsvc.store.database import Database, ReadTx, Tx
from mailsvc.store.outgoing import Values

LETTER: Final = "case/digest"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who gets a digest, and for whom they answer."""

    person: PersonId
    behalf: PersonId | None = None


class Digests:
    """Sends digests when their time has come."""

    def __init__(self, db: Database, engine: Engine) -> None:
        self._db = db
        self._engine = engine
        self._planned = False

    async def work(self) -> Instant | None:
        """One round; when the next is due."""
        if not self._planned:  # a schedule in the configuration may be another than before the start
            await self._db.write(self._plan_all, durable=True)
            self._planned = True
        waiting = await self._db.read(rows.all_due)
        for group, due in waiting:
            if due > await self._db.read(lambda tx: tx.now):
                return due
            await self._db.write(lambda tx, group=group, due=due: send(tx, self._engine, group, due), durable=True)  # type: ignore[misc]
        return Instant(0) if waiting else None

    def _plan_all(self, tx: Tx) -> None:
        for group, due in rows.all_due(tx):
            if due > tx.now:
                agenda.plan(tx, self._engine, group)


def send(tx: Tx, engine: Engine, group: int, due: Instant) -> int:
    """Write a group's digests of the slot `due` and plan the next one; how many letters. A second run writes none."""
    if tx.now < due or rows.due(tx, group) != due:
        return 0
    count = 0
    if rows.take_slot(tx, group, due):
        body = engine.body(tx, group)
        matters = [one for one in rows.waiting(tx, group) if one.not_before <= tx.now]
        settled = rows.settled_since(tx, group, rows.last_slot(tx, group, due))
        for asked in members(tx, body):
            count += _write(tx, engine, body, asked, matters, settled, due)
    rows.set_due(tx, group, None)
    agenda.plan(tx, engine, group)
    return count


def members(tx: ReadTx, body: Body) -> list[Asked]:
    """Who is asked now: everybody with a vote who is present, and whoever stands in for those who are not."""
    found: dict[PersonId, Asked] = {}
    for seat in body.seats:
        if not seat.votes:
            continue
        here = presence_store.present(tx, [seat.person])
        if here and here[0] == seat.person:
            found[seat.person] = Asked(seat.person)  # an own seat goes before somebody else's
        elif here:
            found.setdefault(here[0], Asked(here[0], seat.person))
    return list(found.values())


def _write(
    tx: Tx, engine: Engine, body: Body, asked: Asked, matters: list[Matter], settled: list[Matter], due: Instant
) -> int:
    """One person's digest; 0 when nothing waits for them."""
    questions: list[QuestionId] = []
    items: list[Values] = []
    for matter in matters:
        case = engine.case(tx, matter.case_id)
        voter = asked.behalf or asked.person
        if has_answered(tx, case, matter.question, voter):
            continue
        kind = engine.registry.kinds[case.kind].questions[matter.question]
        questions.append(store.insert_question(tx, case.id, matter.question, Rule.COLLECT, asked.person, asked.behalf))
        overdue = matter.overdue_at is not None and matter.overdue_at <= tx.now
        items.append(
            {
                **kind.values(case.data),
                "template": kind.item,
                "vocabulary": kind.vocabulary,
                "case": int(case.id),
                "title": engine.title(case),
                "since": matter.since,
                "overdue": overdue,
            }
        )
    told = [one for matter in settled if (one := _settled(tx, engine, matter, asked)) is not None]
    if not questions:
        for matter in settled:  # no digest for them now: they learn it from the evening's letter
            notice_store.remember_person(tx, matter.case_id, asked.person)
        return 0
    values: Values = {
        "body": {"name": body.name, "title": body.title},
        "items": items,
        "decided": told,
        "vocabulary": items[0]["vocabulary"],
        "next": agenda.slot_after(tx, engine, body.group, due),
        "behalf": engine.name(tx, asked.behalf) if asked.behalf else "",
    }
    engine.ask_again(tx, asked.person, questions, LETTER, values, Cause(f"digest:{body.group}:{due}:{asked.person}"))
    for matter in settled:
        notice_store.told(tx, asked.person, matter.case_id)
    return 1


def has_answered(tx: ReadTx, case: Case, question: str, voter: PersonId) -> bool:
    """Whether the vote of this seat is given already."""
    return any(
        one.kind == question and one.state == "answered" and (one.behalf or one.person_id) == voter
        for one in store.questions_of(tx, case.id)
    )


def _settled(tx: ReadTx, engine: Engine, matter: Matter, asked: Asked) -> Values | None:
    """What a digest tells of a matter that is off the agenda: how it ended, and by whom the last word was said."""
    case = engine.case(tx, matter.case_id)
    decided = store.decided_by(tx, case.id, matter.question)
    if decided is None or decided["person_id"] == asked.person:
        return None
    return {
        "case": int(case.id),
        "about": engine.title(case),
        "by": decided["name"] or decided["address"],
        "answer": decided["answer"],
        "at": decided["answered_at"],
    }
