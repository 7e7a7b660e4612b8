"""A letter that asks did not arrive: the next in line is asked at once, or whoever waits is told (3-mail)."""

from __future__ import annotations

from mailsvc.bounces import store
from mailsvc.cases import agenda_store, ask_store, ladder, question_store, timer_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Question, Rule, Tell
from mailsvc.ids import OutgoingId
from mailsvc.people import presence_store
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient


def not_reached(engine: Engine, tx: Tx, outgoing: OutgoingId, cause: Cause) -> None:
    """Every open question that the letter asks, where none of those who are asked was reached."""
    ask = ask_store.ask_of_letter(tx, outgoing)
    for _, question_id in ask.items if ask is not None else ():
        question = question_store.question(tx, question_id)
        case = engine.case(tx, question.case_id)
        if question.state != "open" or case.closed_at is not None or _somebody_else(tx, question):
            continue
        step = timer_store.ladder_step(tx, case.id, question.kind)
        handed_over = step is not None and ladder.hand_over(engine, tx, case, question.kind, step, cause)
        if not handed_over:
            _tell(engine, tx, case, question, cause)


def _somebody_else(tx: ReadTx, question: Question) -> bool:
    asked = question_store.open_people(tx, question.case_id, question.kind)
    here = presence_store.present(tx, asked)
    return any(store.reached(tx, question.case_id, question.kind, person) for person in here)


def _tell(engine: Engine, tx: Tx, case: Case, question: Question, cause: Cause) -> None:
    """Nobody is next: whoever waits hears that nobody was reached. Of many who are asked together one is no matter."""
    waiting = engine.registry.kinds[case.kind].waits(case.data) or case.started_by
    person = waiting.person_id if isinstance(waiting, Recipient) else waiting
    if waiting is None or question.rule is not Rule.FIRST or person == question.person_id:
        return
    if agenda_store.group_of(tx, case.id, question.kind) is not None:
        return
    if cases.remember(tx, f"not-reached:{question.id}", case.id, 0):
        who = people.by_id(tx, question.person_id).shown
        engine.tell(tx, case, Tell(waiting, "bounce/not-reached", {"about": engine.title(case), "who": who}), cause)
