"""Answers that count, carried out: each happens to its case, and one receipt shows what was understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailsvc.cases import (
    agenda_store,
    ask_store,
    notice_store,
    question_store,
    receipts,
    settled,
)
from mailsvc.cases.confirmation import KIND as CONFIRMATION
from mailsvc.cases.confirmation import AddAddress, CarryOut, Confirmation, HeldAnswer
from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.free_answers import takes
from mailsvc.cases.model import Answered, Applied, Case, Cause, NotNow, Question, Takes
from mailsvc.cases.reading.model import Meaning, Reading
from mailsvc.cases.receipts import Line
from mailsvc.ids import CaseId, PersonId
from mailsvc.message.address import parse_address
from mailsvc.people import store as people
from mailsvc.people.naming import Nobody, One, Several, cleaned_name, match_person
from mailsvc.store.database import ReadTx, Tx


class CarryingOut:
    """Lets answers act, at once or after the yes that they waited for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def carry_out(self, tx: Tx, held: Sequence[HeldAnswer], person: PersonId, cause: Cause) -> list[Line]:
        """Let each answer happen to its case."""
        lines = []
        for answer in held:
            question = question_store.question(tx, answer.question)
            if answer.meaning == Meaning.DELEGATE:
                lines.append(self._delegate(tx, answer, person, cause))
                continue
            answered = Answered(
                question.kind, answer.meaning, person, answer.argument, answer.reason, asked_at=answer.asked_at
            )
            # one mail can answer for two people in one case, and both count
            own = cause if question.behalf is None else replace(cause, key=f"{cause.key}/for:{question.behalf}")
            result = self._engine.answer(tx, answer.question, answered, own)
            match result:
                case Applied(undo_until=None):
                    # the next letter of a confirmation or a form shows at once what was read; a receipt would double it
                    if not self._told_otherwise(tx, question, person, answer, cause):
                        lines.append(Line(answer, "done", stands=self._stands(tx, question)))
                case Applied(undo_until=until):
                    undo = self._engine.ask_undo(tx, question.case_id, person, question.behalf)
                    lines.append(Line(answer, "done", undo, until, stands=self._stands(tx, question)))
                case NotNow():
                    lines.append(self.already(tx, answer))
                case _:
                    pass  # a replay: its receipt was sent the first time
        return lines

    def _stands(self, tx: ReadTx, question: Question) -> str:
        """How a body's matter stands after an answer: decided (and how), settled, or awaiting others; "" for others."""
        matter = agenda_store.matter(tx, question.case_id, question.kind)
        if matter is None:
            return ""
        if matter.settled_at is None:
            return "awaited"
        decision = settled.decision_of(self._engine.case(tx, question.case_id), question.kind)
        return decision.decision if decision is not None else "settled"

    def _told_otherwise(
        self, tx: ReadTx, question: Question, person: PersonId, answer: HeldAnswer, cause: Cause
    ) -> bool:
        """Whether another letter shows already how it was read: the case's next one, or the question put again."""
        if question_store.asked_again(tx, question.id, cause.inbox_id):
            return True
        if question.kind != "confirm" and takes(tx, self._engine, question) is Takes.WORDS:
            kinds = self._engine.registry.kinds[self._engine.case(tx, question.case_id).kind].questions
            if question.kind not in kinds or answer.meaning not in kinds[question.kind].own_letter:
                return False
        if self._engine.case(tx, question.case_id).kind == CONFIRMATION and answer.meaning == Meaning.YES:
            return True  # the answers that it carried out have their own receipt
        return ask_store.wrote_to(tx, question.case_id, person, cause.inbox_id)

    def _delegate(self, tx: Tx, answer: HeldAnswer, person: PersonId, cause: Cause) -> Line:
        """`delegate to Karin`: she is asked instead, when it is clear who is meant."""
        case = self._engine.case(tx, CaseId(answer.case))
        body = agenda_store.group_of(tx, case.id, question_store.question(tx, answer.question).kind)
        known = self._engine.colleagues(tx, case.group if body is None else body, but=person)
        match match_person(cleaned_name(answer.argument), known):
            case Nobody():
                return Line(answer, "nobody", by=answer.argument)
            case Several():
                return Line(answer, "several", by=answer.argument)
            case One(person=named):
                if not self._engine.delegate(tx, answer.question, named.key, cause):
                    return self.already(tx, answer)
                return Line(answer, "delegated", by=named.name)

    def already(self, tx: Tx, answer: HeldAnswer) -> Line:
        """The line of an answer that comes after the decision: whose it was, and which."""
        question = question_store.question(tx, answer.question)
        decided = question_store.decided_by(tx, question.case_id, question.kind)
        matter = agenda_store.matter(tx, question.case_id, question.kind)
        if matter is not None and matter.settled_at is not None:
            how = settled.how(tx, self._engine, matter)
            notice_store.tell(tx, question.person_id, question.case_id)
            if not how.by:
                return Line(answer, "closed")
            return Line(answer, "already", None, None, how.by, how.answer, matter.settled_at)
        notice_store.told(tx, question.person_id, question.case_id)
        if decided is None or question.kind == UNDO:
            return Line(answer, "closed")
        name = decided["name"] or decided["address"]
        return Line(answer, "already", None, None, name, decided["answer"], decided["answered_at"])

    def send_receipt(self, tx: Tx, person: PersonId, lines: Sequence[Line], reading: Reading, cause: Cause) -> None:
        """Show what was understood, and until when it can be taken back."""
        if lines and people.addresses(tx, person):  # whoever was just forgotten is not written to
            receipts.send(tx, self._engine, person, lines, reading, cause)

    def run_carry_out(self, tx: Tx, case: Case, _effect: CarryOut, cause: Cause) -> None:
        """The confirmed answers count now."""
        data = case.data
        assert isinstance(data, Confirmation)
        again = Cause(f"{cause.key}/carried", cause.inbox_id, data.person, cause.evidence)
        lines = self.carry_out(tx, data.answers, data.person, again)
        self.send_receipt(tx, data.person, lines, Reading(), again)

    def run_add_address(self, tx: Tx, case: Case, _effect: AddAddress, cause: Cause) -> None:
        """The claimed address becomes one of the person's, unless somebody else has it by now; all of them are told."""
        data = case.data
        assert isinstance(data, Confirmation)
        address = parse_address(data.address)
        if address is None or people.by_address(tx, address.folded) is not None:
            return
        told = [known.address for known in people.addresses(tx, data.person)]
        people.add_address(tx, data.person, address, primary=False, verified=True)
        for to in [*told, str(address)]:
            self._engine.notice(tx, data.person, to, "case/address-added", {"address": str(address)}, cause)
