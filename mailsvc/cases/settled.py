"""What others are told of a matter that a body has settled: the body's decision, once to each person.

Where one answer decides (the rule `any`), it is told who gave it; else the decision is the body's, and no vote is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailsvc.cases import agenda_store as rows
from mailsvc.cases import notice_store, question_store
from mailsvc.cases.agenda_store import Matter
from mailsvc.cases.body_decision import Decidable
from mailsvc.cases.looking import Looking
from mailsvc.cases.model import Case
from mailsvc.cases.voting import VoteWhy
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values

ONE_ANSWER: Final = (VoteWhy.FIRST, VoteWhy.CHAIR)  # decided by what one person said, who is named


@dataclass(frozen=True, slots=True)
class How:
    """How a matter came off the agenda: `by` a person's or the body's name, "" for nobody; `answer` "" for none."""

    by: str = ""
    answer: str = ""


def how(tx: ReadTx, engine: Looking, matter: Matter) -> How:
    """By whom a matter was settled, and with which answer."""
    case = engine.case(tx, matter.case_id)
    decision = decision_of(case, matter.question)
    if decision is not None:
        by = decision.decided_by if decision.decision_why in ONE_ANSWER else ""
        return How(by or engine.body(tx, matter.group).title, decision.decision)
    last = question_store.decided_by(tx, case.id, matter.question)
    if last is None:
        return How()
    if isinstance(case.data, Decidable):  # an earlier decision of a kind with several: votes are nobody's to know
        return How(engine.body(tx, matter.group).title)
    return How(last["name"] or last["address"], last["answer"])


def what_is_told(tx: ReadTx, engine: Looking, matter: Matter, person: PersonId) -> Values | None:
    """What a letter tells `person` of it; None for whoever has said the last word, or knows it already."""
    case = engine.case(tx, matter.case_id)
    if matter.settled_at is None or notice_store.was_told(tx, person, case.id, matter.settled_at):
        return None
    found = how(tx, engine, matter)
    if not found.by and person not in _asked(tx, matter):
        return None  # withdrawn, or its time is over: of interest to whoever has seen it
    last = question_store.decided_by(tx, case.id, matter.question)
    decision = decision_of(case, matter.question)
    if last is not None and last["person_id"] == person and (decision is None or decision.decided_by):
        return None  # their receipt has said it
    about = engine.title(case)
    return {"case": int(case.id), "about": about, "at": matter.settled_at, "by": found.by, "answer": found.answer}


def decision_of(case: Case, question: str) -> Decidable | None:
    """The body's decision on this question, where the case has one."""
    data = case.data
    if isinstance(data, Decidable) and data.decision and data.decided_on == question:
        return data
    return None


def settled_before(tx: ReadTx, engine: Looking, group: int) -> list[Matter]:
    """What a group has settled since its last digest, and what was too new to be told then.

    What can still be taken back is told later.
    """
    undo = engine.site.config.body_undo_microseconds
    since = Instant(rows.last_slot(tx, group, tx.now) - undo)
    return [one for one in rows.settled_since(tx, group, since) if _final(one, undo) <= tx.now]


def remember(tx: Tx, engine: Looking, matter: Matter, person: PersonId) -> None:
    """The evening's letter tells this person, unless something else has by then."""
    if what_is_told(tx, engine, matter, person) is not None:
        at = max(tx.now, _final(matter, engine.site.config.body_undo_microseconds))
        notice_store.remember_person(tx, matter.case_id, person, Instant(at))


def for_evening(tx: Tx, engine: Looking, group: int) -> None:
    """No digest is due that could tell what a group has settled: whoever was asked learns it in the evening."""
    since = Instant(rows.last_slot(tx, group, tx.now) - engine.site.config.body_undo_microseconds)
    for matter in rows.settled_since(tx, group, since):
        for person in sorted(_asked(tx, matter)):
            remember(tx, engine, matter, person)


def _final(matter: Matter, undo: int) -> int:
    """From when on a decision cannot be taken back."""
    return (matter.settled_at or 0) + undo


def _asked(tx: ReadTx, matter: Matter) -> set[PersonId]:
    return {one.person_id for one in question_store.questions_of(tx, matter.case_id) if one.kind == matter.question}
