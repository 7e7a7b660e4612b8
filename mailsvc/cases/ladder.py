"""Reminders and hand-over: a question put to an audience is repeated, then goes on to the next step of the ladder.

Two timers a question: `remind/QUESTION/STEP`, then `hand-over/QUESTION/STEP`. They run on the site's working days; late
or double firing does no harm, because a question that was answered meanwhile is not open any more.
"""

from __future__ import annotations

from typing import Final

from mailsvc.cases import question_store, timer_store
from mailsvc.cases.asking import Asking
from mailsvc.cases.model import LADDER, Audience, Case, Cause, HandedOver, Reminded, Tell
from mailsvc.ids import CaseId, PersonId
from mailsvc.people import store as people
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Values

REMIND: Final = "remind"
HAND_OVER: Final = "hand-over"


def begin(engine: Asking, tx: Tx, case: Case, question: str, step: str) -> None:
    """The clock of a question starts when it is put to the people of a step."""
    days = engine.site.config.limits.reminder_working_days
    due = engine.context(tx, case.id, None).in_working_days(days)
    timer_store.set_timer(tx, case.id, f"{REMIND}/{question}/{step}", due, case.version)


def is_ours(timer: str) -> bool:
    """Whether a timer's name is one of the ladder's; a kind may have a `remind` of its own."""
    what, slash, _ = timer.partition("/")
    return bool(slash) and what in (REMIND, HAND_OVER)


def fire(engine: Asking, tx: Tx, case_id: CaseId, timer: str, cause: Cause) -> None:
    """What a timer of the ladder does, when its question is still open."""
    what, question, step = timer.split("/")
    case = engine.case(tx, case_id)
    if case.closed_at is not None or not question_store.open_people(tx, case_id, question):
        return
    if what == REMIND:
        _remind(engine, tx, case, question, step, cause)
    else:
        hand_over(engine, tx, case, question, step, cause)


def _remind(engine: Asking, tx: Tx, case: Case, question: str, step: str, cause: Cause) -> None:
    """The letter once more, to everybody who has been asked and has not answered."""
    case = engine.note(tx, case, Reminded(question, step), cause)
    for person in question_store.open_people(tx, case.id, question):
        engine.ask_person(tx, case, question, person, engine.question_values(tx, case, question, reminder=True), cause)
    days = engine.site.config.limits.hand_over_working_days
    due = engine.context(tx, case.id, None).in_working_days(days)
    timer_store.set_timer(tx, case.id, f"{HAND_OVER}/{question}/{step}", due, case.version)


def hand_over(engine: Asking, tx: Tx, case: Case, question: str, step: str, cause: Cause) -> bool:
    """Ask the next step of the ladder where somebody is who has not been asked; False at the end of the ladder."""
    assert case.group is not None
    asked = set(question_store.open_people(tx, case.id, question))
    # a role, such as secretary, is followed by the operators alone (Looking.resolve_step)
    for later in LADDER[LADDER.index(step) + 1 :] if step in LADDER else LADDER[-1:]:
        found, new = engine.resolve_step(tx, Audience(case.group, later))
        new = [person for person in new if person not in asked]
        if new:
            case = engine.note(tx, case, HandedOver(question, found), cause)
            _ask_next(engine, tx, case, question, found, new, cause)
            return True
    return False


def _ask_next(engine: Asking, tx: Tx, case: Case, question: str, step: str, new: list[PersonId], cause: Cause) -> None:
    for person in new:
        engine.ask_person(tx, case, question, person, engine.question_values(tx, case, question), cause)
    timer_store.cancel_timer(tx, case.id, f"{HAND_OVER}/{question}/{step}")
    for earlier in LADDER:
        timer_store.cancel_timer(tx, case.id, f"{REMIND}/{question}/{earlier}")
        timer_store.cancel_timer(tx, case.id, f"{HAND_OVER}/{question}/{earlier}")
    begin(engine, tx, case, question, step)
    waiting = engine.registry.kinds[case.kind].waits(case.data)
    if waiting is not None:
        names = ", ".join(people.by_id(tx, person).shown for person in new)
        values: Values = {"about": engine.title(case), "who": names}
        engine.tell(tx, case, Tell(waiting, "case/handed-over", values), cause)


def somebody_is_away(engine: Asking, tx: Tx, person: PersonId, cause: Cause) -> None:
    """A person who was asked is away: what nobody present has been asked goes on to the next in line at once."""
    for question in question_store.open_questions(tx, person, None):
        step = timer_store.ladder_step(tx, question.case_id, question.kind)
        if step is None:
            continue
        asked = question_store.open_people(tx, question.case_id, question.kind)
        if not engine.somebody_present(tx, asked):
            hand_over(engine, tx, engine.case(tx, question.case_id), question.kind, step, cause)
