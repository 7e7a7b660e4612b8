"""The letter of a digest: its numbered items from the cases as they are now, and who is asked on whose behalf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc.cases import agenda, question_store
from mailsvc.cases import agenda_store as rows
from mailsvc.cases.asking import Asking
from mailsvc.cases.body import Body
from mailsvc.cases.model import Cause, Question
from mailsvc.clock import Instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values

LETTER: Final = "case/digest"


@dataclass(frozen=True, slots=True)
class Told:
    """What a digest says besides its questions: decisions of others, and when what is open is sent again."""

    decided: Sequence[Values] = ()
    next: Instant | None = None


def write(
    tx: Tx,
    engine: Asking,
    body: Body,
    person: PersonId,
    questions: Sequence[QuestionId],
    cause: Cause,
    told: Told | None = None,
) -> None:
    """Ask a person all these questions of a body's matters in one letter, numbered from 1 in this order."""
    told = told or Told(next=agenda.slot_after(tx, engine, body.group, tx.now))
    asked = [question_store.question(tx, one) for one in questions]
    items = [_item(tx, engine, one) for one in asked]
    behalves = {str(item["behalf"]) for item in items}
    values: Values = {
        "body": {"name": body.name, "title": body.title},
        "group": {"name": body.name, "title": body.title},
        "items": items,
        "decided": list(told.decided),
        "vocabulary": items[0]["vocabulary"],
        "next": told.next,
        "behalf": behalves.pop() if len(behalves) == 1 else "",
    }
    engine.ask_again(tx, person, questions, LETTER, values, cause, asked[0].case_id if len(asked) == 1 else None)


def again(tx: Tx, engine: Asking, person: PersonId, questions: Sequence[Question], cause: Cause) -> bool:
    """Ask a person anew what is open of these questions and stands on agendas, one letter for each body.

    False when none does.
    """
    of_body: dict[int, list[QuestionId]] = {}
    for one in questions:
        group = rows.group_of(tx, one.case_id, one.kind)
        if group is not None and one.state == "open":
            of_body.setdefault(group, []).append(one.id)
    for group, found in of_body.items():
        write(tx, engine, engine.body(tx, group), person, found, cause)
    return bool(of_body)


def _item(tx: ReadTx, engine: Asking, question: Question) -> Values:
    case = engine.case(tx, question.case_id)
    kind = engine.registry.kinds[case.kind].questions[question.kind]
    matter = rows.matter(tx, question.case_id, question.kind)
    overdue = matter is not None and matter.overdue_at is not None and matter.overdue_at <= tx.now
    return {
        **kind.values(case.data),
        "template": kind.item,
        "vocabulary": kind.vocabulary,
        "case": int(case.id),
        "title": engine.title(case),
        "since": matter.since if matter is not None else tx.now,
        "overdue": overdue,
        "behalf": engine.name(tx, question.behalf) if question.behalf is not None else "",
    }
