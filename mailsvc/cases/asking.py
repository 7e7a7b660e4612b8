"""The letters of cases: one that asks, with its token; one that tells; a receipt. All are rows, composed later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from mailsvc.cases import ask_store, question_store, store
from mailsvc.cases.looking import Looking
from mailsvc.cases.model import (
    Answered,
    AnyEvent,
    Case,
    Cause,
    Commented,
    Opened,
    Tell,
)
from mailsvc.ids import CaseId, OutgoingId, PersonId, QuestionId
from mailsvc.people import choice_store
from mailsvc.people import store as people
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values


class Asking(Looking):
    """What cases write, and the line of the log that goes with it."""

    def ask_person(
        self,
        tx: Tx,
        case: Case,
        question: str,
        person: PersonId,
        values: Values,
        cause: Cause,
        *,
        behalf: PersonId | None = None,
    ) -> None:
        """Put a question of a case to one more person (for `behalf`), or to the same one again in a new letter."""
        kind = self.registry.kinds[case.kind].questions[question]
        question_id = question_store.insert_question(tx, case.id, question, kind.rule, person, behalf)
        if self._told_on_monday(tx, person, question_id, values):
            return
        values = {**values, "vocabulary": kind.vocabulary}
        self._asking_letter(tx, person, [question_id], kind.letter, values, cause, case.id, case.group)

    def ask_again(
        self,
        tx: Tx,
        person: PersonId,
        questions: Sequence[QuestionId],
        letter: str,
        values: Values,
        cause: Cause,
        case_id: CaseId | None = None,
    ) -> OutgoingId:
        """One letter with several questions of several cases, numbered from 1 in this order; `case_id` if all of one.

        A letter of one case has its number in the subject and buttons for the words.
        """
        return self._asking_letter(tx, person, questions, letter, values, cause, case_id, None)

    def _told_on_monday(self, tx: ReadTx, person: PersonId, question: QuestionId, values: Values) -> bool:
        """Whether it is a reminder of what the person's "my week" has told them, in whose week none follows."""
        return bool(values.get("reminder")) and choice_store.week_told(tx, person, f"question:{question}")

    def _asking_letter(
        self,
        tx: Tx,
        person_id: PersonId,
        questions: Sequence[QuestionId],
        letter: str,
        values: Values,
        cause: Cause,
        case_id: CaseId | None,
        group: int | None,
    ) -> OutgoingId:
        person = people.by_id(tx, person_id)
        sent = outgoing.letter(
            tx,
            self.site,
            Recipient(person.address, person.language, person.id),
            letter,
            {**values, "case": case_id} if case_id else values,
            cause=cause.inbox_id,
            case_id=case_id,
            group_id=group,
            sender="bounces",
        )
        ask_store.insert_ask(tx, self.site.key, sent, person_id, questions)
        return sent

    def tell(self, tx: Tx, case: Case, effect: Tell, cause: Cause) -> None:
        """Write a letter of a case to a person or a stranger."""
        if isinstance(effect.to, Recipient):
            to = effect.to
        else:
            person = people.by_id(tx, effect.to)
            to = Recipient(person.address, person.language, person.id)
        outgoing.letter(
            tx,
            self.site,
            to,
            effect.letter,
            {**effect.values, "case": case.id},
            cause=cause.inbox_id,
            case_id=case.id,
            group_id=case.group,
        )

    def receipt(
        self,
        tx: Tx,
        person_id: PersonId,
        letter: str,
        values: Values,
        cause: Cause,
        undo: Sequence[QuestionId] = (),
        numbers: Sequence[int] = (),
    ) -> OutgoingId:
        """A letter that shows what was understood; with `undo` questions, under these numbers, it can be undone."""
        person = people.by_id(tx, person_id)
        case = values.get("case")
        sent = outgoing.letter(
            tx,
            self.site,
            Recipient(person.address, person.language, person.id),
            letter,
            values,
            cause=cause.inbox_id,
            case_id=CaseId(case) if isinstance(case, int) else None,
        )
        if undo:
            ask_store.insert_ask(tx, self.site.key, sent, person_id, undo, numbers)
        return sent

    def notice(self, tx: Tx, person_id: PersonId, address: str, letter: str, values: Values, cause: Cause) -> None:
        """A letter to one particular address of a person."""
        to = Recipient(address, people.by_id(tx, person_id).language, person_id)
        outgoing.letter(tx, self.site, to, letter, values, cause=cause.inbox_id)

    def note(self, tx: Tx, case: Case, event: AnyEvent, cause: Cause) -> Case:
        """Add a line to the log that moves nothing; the case one version on."""
        self._log(tx, case, case.state, event, cause)
        store.save(tx, case, case.state, case.data, closed=False)
        return replace(case, version=case.version + 1)

    def _log(self, tx: Tx, case: Case, state: str, event: AnyEvent, cause: Cause) -> None:
        text = event.text if isinstance(event, (Answered, Commented)) else ""
        if isinstance(event, Opened):  # what the case began with: people's text too, so it lies beside the log
            text = msgspec.json.encode(case.data).decode()
        bare = replace_text(event)
        store.append(tx, case, state, event.trigger, msgspec.json.encode(bare).decode(), text, cause)


def replace_text(event: AnyEvent) -> AnyEvent:
    """The event as the log keeps it: what people wrote lies beside it, not in it."""
    if isinstance(event, (Answered, Commented)):
        return msgspec.structs.replace(event, text="")
    return event
