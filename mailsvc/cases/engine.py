"""The one engine that moves every case: event in, transition looked up, state and effects out, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

import msgspec

from mailsvc.cases import agenda, ask_store, digest_letter, ladder, notice_store, question_store, store, timer_store
from mailsvc.cases.asking import Asking
from mailsvc.cases.model import (
    LADDER,
    Answered,
    AnyEvent,
    Applied,
    Ask,
    Audience,
    CancelTimer,
    Case,
    CaseKind,
    Cause,
    Close,
    Commented,
    Delegated,
    Fired,
    NotNow,
    OfferUndo,
    Opened,
    PutToBody,
    Reopen,
    Result,
    Rule,
    SeenBefore,
    SetTimer,
    Settle,
    Step,
    Tell,
    Withdrawn,
)
from mailsvc.clock import Instant
from mailsvc.ids import CaseId, PersonId, QuestionId
from mailsvc.people import store as people
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values

UNDO = "undo"  # the question that a receipt asks


class Engine(Asking):
    """Opens cases, applies events to them, and runs their effects."""

    def open(
        self,
        tx: Tx,
        kind: str,
        data: msgspec.Struct,
        cause: Cause,
        *,
        group: int | None = None,
        subject: str = "",
        started_by: PersonId | None = None,
    ) -> CaseId:
        """Begin a case of `kind` and run its first transition."""
        case_id = store.insert_case(tx, self.registry.kinds[kind], data, group, subject, started_by)
        result = self.apply(tx, case_id, Opened(), cause)
        assert isinstance(result, Applied), result
        return case_id

    def apply(self, tx: Tx, case_id: CaseId, event: AnyEvent, cause: Cause) -> Result:
        """Let `event` happen to a case: transition, log, compare-and-set, effects. Replays change nothing."""
        case = store.load(tx, self.registry.kinds, case_id)
        if case is None:
            raise LookupError(f"case {case_id}")
        kind = self.registry.kinds[case.kind]
        transition = kind.transitions.get((case.state, event.trigger))
        if transition is None:
            return NotNow(case.state)
        if not store.remember(tx, f"{cause.key}/{case_id}/{event.trigger}", case_id, case.version + 1):
            return SeenBefore()
        event = self._with_facts(tx, kind, case, event)
        step = transition(case.data, event, self.context(tx, case_id, cause.actor))
        self._log(tx, case, step.state, event, cause)
        store.save(tx, case, step.state, step.data, closed=step.state in kind.final)
        moved = replace(case, state=step.state, data=step.data, version=case.version + 1)
        undo_until = self._run(tx, moved, kind, step, cause)
        if step.state in kind.final:
            for told in self.registry.closers:
                told(tx, moved, cause)
        return Applied(step.state, undo_until)

    def _with_facts(self, tx: ReadTx, kind: CaseKind, case: Case, event: AnyEvent) -> AnyEvent:
        """The event with what it meets in the database, where its kind looks something up."""
        facts = kind.facts.get(event.trigger)
        if facts is None or not isinstance(event, (Opened, Answered, Fired, Withdrawn)):
            return event
        return msgspec.structs.replace(event, facts=msgspec.json.encode(facts(tx, case.data, event)).decode())

    def answer(self, tx: Tx, question_id: QuestionId, answered: Answered, cause: Cause) -> Result:
        """A decision on one question: NotNow when the question is not open any more.

        Where everybody's last answer counts until closing (`collect`), an answered question can be answered anew.
        """
        question = question_store.question(tx, question_id)
        case = self.case(tx, question.case_id)
        kind = self.registry.kinds[case.kind]
        asked = kind.questions.get(question.kind)
        collects = asked is not None and asked.rule is Rule.COLLECT
        if question.state != "open" and not (collects and question.state == "answered"):
            return NotNow(question.state)
        if (case.state, answered.trigger) not in kind.transitions:
            return NotNow(case.state)
        keeps_open = asked is not None and answered.meaning in asked.keeps_open
        if not keeps_open and question.kind in (UNDO, *kind.questions):
            # recorded first: an undo's effects may open questions of the same person again
            question_store.answer_question(tx, question_id, answered.meaning, answered.text, cause.inbox_id)
            if not collects:
                question_store.close_others(tx, question.case_id, question.kind)
        answered = msgspec.structs.replace(answered, behalf=question.behalf)
        result = self.apply(tx, question.case_id, answered, cause)
        if isinstance(result, Applied) and asked is not None and not collects and not keeps_open:
            notice_store.remember(tx, question.case_id, question.kind, answered.person)
        return result

    def comment(self, tx: Tx, case_id: CaseId, person: PersonId, text: str, cause: Cause) -> None:
        """Keep words that decided nothing, and show them to the person who waits."""
        case = self.case(tx, case_id)
        if case.closed_at is not None or not store.remember(tx, f"{cause.key}/{case_id}/comment", case_id, 0):
            return
        self.note(tx, case, Commented(person, text), cause)
        waiting = self.registry.kinds[case.kind].waits(case.data)
        if waiting and text:
            values: Values = {"about": self.title(case), "who": people.by_id(tx, person).shown, "text": text}
            self.tell(tx, case, Tell(waiting, "case/comment", values), cause)

    def delegate(self, tx: Tx, question_id: QuestionId, to: PersonId, cause: Cause) -> bool:
        """Ask `to` instead of the person who was asked; False when the question is open no more."""
        question = question_store.question(tx, question_id)
        if question.state != "open":
            return False
        case = self.case(tx, question.case_id)
        question_store.close_question(tx, question_id)
        case = self.note(tx, case, Delegated(question.kind, question.person_id, to), cause)
        self.ask_new(tx, case, question.kind, to, cause, behalf=question.behalf or question.person_id)
        return True

    def ask_new(
        self, tx: Tx, case: Case, question: str, person: PersonId, cause: Cause, *, behalf: PersonId | None = None
    ) -> None:
        """Put a question to one more person in its own letter, or in a digest of one item where it has none."""
        kind = self.registry.kinds[case.kind].questions[question]
        if not kind.letter:
            asked = question_store.question(
                tx, question_store.insert_question(tx, case.id, question, kind.rule, person, behalf)
            )
            if digest_letter.again(tx, self, person, [asked], cause):
                return
        self.ask_person(tx, case, question, person, self.question_values(tx, case, question), cause, behalf=behalf)

    def repeat(self, tx: Tx, ask: ask_store.AskRow, cause: Cause) -> None:
        """Ask what is still open in an earlier letter again, in new letters with new tokens."""
        letter = outgoing.load(tx, ask.outgoing_id)
        if letter.template == digest_letter.LETTER:
            digest_letter.again(
                tx, self, ask.person_id, [question_store.question(tx, one) for _, one in ask.items], cause
            )
            return
        for _, question_id in ask.items:
            question = question_store.question(tx, question_id)
            if question.state != "open":
                continue
            case = self.case(tx, question.case_id)
            kind = self.registry.kinds[case.kind].questions.get(question.kind)
            if kind is not None and kind.letter:
                self.ask_person(
                    tx, case, question.kind, ask.person_id, self.question_values(tx, case, question.kind), cause
                )
            else:  # only letters with one question have no letter of their own per question
                self._asking_letter(
                    tx,
                    ask.person_id,
                    [question_id],
                    letter.template,
                    letter.values,
                    cause,
                    letter.case_id,
                    letter.group_id,
                )

    def ask_undo(self, tx: Tx, case_id: CaseId, person: PersonId, behalf: PersonId | None = None) -> QuestionId:
        """The question behind a receipt's `undo`; `behalf` is whose answer it takes back, if not the person's own."""
        return question_store.insert_question(tx, case_id, UNDO, Rule.FIRST, person, behalf)

    # ---- effects

    def _run(self, tx: Tx, case: Case, kind: CaseKind, step: Step, cause: Cause) -> Instant | None:
        undo_until = None
        for effect in step.effects:
            match effect:
                case Ask():
                    self._ask(tx, case, kind, effect, cause)
                case Tell():
                    self.tell(tx, case, effect, cause)
                case SetTimer():
                    timer_store.set_timer(tx, case.id, effect.name, effect.due_at, case.version)
                case CancelTimer():
                    timer_store.cancel_timer(tx, case.id, effect.name)
                case OfferUndo():
                    undo_until = effect.until
                case Reopen() | PutToBody() | Settle():
                    self._change_questions(tx, case, effect)
                case Close():
                    pass  # done below, for every final state
                case _:
                    self.registry.effects[type(effect)](tx, case, effect, cause)
        if case.state in kind.final:
            question_store.void_open(tx, case.id)
            timer_store.cancel_timer(tx, case.id)
            agenda.settle(tx, self, case.id, None)
        return undo_until

    def _change_questions(self, tx: Tx, case: Case, effect: Reopen | PutToBody | Settle) -> None:
        match effect:
            case Reopen():
                self._reopen(tx, case, effect)
            case PutToBody():
                agenda.put(tx, self, case.id, effect)
            case Settle():
                self._settle(tx, case, effect)
            case _:
                assert_never(effect)

    def _settle(self, tx: Tx, case: Case, effect: Settle) -> None:
        question_store.close_others(tx, case.id, effect.question)
        if effect.void:
            question_store.void_answered(tx, case.id, effect.question)
        agenda.settle(tx, self, case.id, effect.question)

    def _reopen(self, tx: Tx, case: Case, effect: Reopen) -> None:
        question_store.reopen(tx, case.id, effect.question, effect.person)
        notice_store.forget(tx, case.id)
        if agenda.unsettle(tx, self, case.id, effect.question):
            return  # its next digest asks again
        at_step = timer_store.ladder_step(tx, case.id, effect.question) or LADDER[0]
        ladder.begin(self, tx, case, effect.question, at_step)

    def _ask(self, tx: Tx, case: Case, kind: CaseKind, effect: Ask, cause: Cause) -> None:
        question = kind.questions[effect.question]
        if isinstance(effect.to, Audience):
            step, asked = self.resolve_step(tx, effect.to)
            ladder.begin(self, tx, case, effect.question, step)
        else:
            asked = [effect.to]
        for person in asked:
            question_id = question_store.insert_question(tx, case.id, effect.question, question.rule, person)
            if self._told_on_monday(tx, person, question_id, effect.values):
                continue
            values = {**effect.values, "vocabulary": question.vocabulary}
            self._asking_letter(tx, person, [question_id], effect.letter, values, cause, case.id, case.group)
