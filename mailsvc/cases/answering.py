"""The handler of answers: find the letter, weigh the evidence, read the words, let the cases move, send a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailsvc import arriving
from mailsvc.cases import (
    absences,
    ask_store,
    digest_letter,
    question_store,
    store,
)
from mailsvc.cases.carrying_out import CarryingOut
from mailsvc.cases.confirmation import KIND as CONFIRMATION
from mailsvc.cases.confirmation import Confirmation, HeldAnswer
from mailsvc.cases.demands import demanded
from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.free_answers import free_reading, takes
from mailsvc.cases.judge import Act, AnswerFacts, Verdict, judge
from mailsvc.cases.model import Cause, Question, Takes
from mailsvc.cases.reading.answers import find_case_number, read, read_subject
from mailsvc.cases.reading.model import RECEIPT, VOCABULARIES, AskKind, Item, ItemAnswer, Meaning, Reading
from mailsvc.cases.receipts import Line
from mailsvc.clock import DAY, Instant
from mailsvc.errors import Reason
from mailsvc.ids import CaseId, PersonId, QuestionId
from mailsvc.message.address import Address
from mailsvc.message.automatic import Verdict as Automatic
from mailsvc.message.automatic import classify
from mailsvc.message.evidence import lacking
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import without_tokens
from mailsvc.people import presence_store
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values

LONGEST_SHOWN: Final = 2000  # characters of somebody's text that a letter shows back


@dataclass(frozen=True, slots=True)
class Weighed:
    """The letter that a mail answers, its questions by their numbers, and whether the answer counts."""

    ask: ask_store.AskRow
    questions: list[tuple[int, Question]]
    verdict: Verdict


class Answering:
    """Handles mail to `reply+TOKEN@` and `cases@`."""

    def __init__(self, registry: Registry, engine: Engine, carrying: CarryingOut) -> None:
        self._registry = registry
        self._engine = engine
        self._carrying = carrying
        self._config = registry.site.config

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler."""
        letter = self.weigh(tx, mail, target)
        if letter is None:
            return self._no_letter(tx, mail, target, automatic=self._automatic(mail))
        verdict = letter.verdict
        if verdict.act is Act.IGNORE:
            return Handled(
                Reason.ABSENCE if absences.note(tx, self._engine, mail) else verdict.reason, quarantined=True
            )
        if verdict.act is Act.REFUSE:
            return self._refuse(tx, mail, letter.ask, verdict)
        return self._read(tx, mail, letter.ask, letter.questions, verdict, mail.message.from_address)

    def weigh(self, tx: ReadTx, mail: Incoming, target: Target) -> Weighed | None:
        """The letter that a mail answers, by token or thread, and whether the answer counts; None without a letter."""
        ask = ask_store.ask_by_token(tx, target.argument) if target.argument else None
        ask = ask or ask_store.ask_by_message_ids(tx, mail.message.references)
        if ask is None or not ask.live:
            return None
        questions = [(number, question_store.question(tx, question)) for number, question in ask.items]
        if all(self._forgotten(tx, question) for _, question in questions):
            return None
        author = mail.message.from_address
        known = people.by_address(tx, author.folded) if author else None
        facts = AnswerFacts(
            asked=ask.person_id,
            sender=known.id if known else None,
            from_ok=author is not None,
            d=str(mail.evidence.d),
            automatic=self._automatic(mail),
            confirmation=all(self._engine.case(tx, q.case_id).kind == CONFIRMATION for _, q in questions),
            signed=mail.evidence.signed,
            on_behalf=mail.evidence.sender_differs,
            demand=demanded(tx, self._registry, [question for _, question in questions]),
        )
        return Weighed(ask, questions, judge(facts))

    def _was_asked(self, tx: ReadTx, target: Target) -> bool:
        """Whether the token is that of a question, which is then forgotten by now."""
        return bool(target.argument) and ask_store.ask_by_token(tx, target.argument) is not None

    def _forgotten(self, tx: ReadTx, question: Question) -> bool:
        """A token lives as long as its question, and is remembered for some time after (5-quality, "Limits")."""
        closed_at = self._engine.case(tx, question.case_id).closed_at
        return closed_at is not None and closed_at + self._config.limits.old_question_days * DAY <= tx.now

    def _automatic(self, mail: Incoming) -> bool:
        sign = classify(mail.message, mail.envelope.reverse_path, self._config.domains)
        return sign.verdict is not Automatic.NONE or mail.message.receipt or mail.message.recall

    def explain(self, tx: ReadTx, mail: Incoming, target: Target) -> list[str]:
        """What `mailsvc explain` says of an answer: the letter, whether the answer counts, how it is read."""
        letter = self.weigh(tx, mail, target)
        if letter is None:
            number = find_case_number(mail.message.subject)
            by_number = f"; the subject names case #{number}" if number is not None else ""
            return [f"it answers no letter of ours that is known by its token or its thread{by_number}"]
        asked = people.by_id(tx, letter.ask.person_id)
        cases = ", ".join(
            f"#{case} {state}" for case, state in sorted({(q.case_id, q.state) for _, q in letter.questions})
        )
        lines = [
            f"it answers our letter to {asked.address} ({cases})",
            f"the verdict on its evidence: {letter.verdict.act} ({letter.verdict.reason})",
        ]
        if letter.verdict.act not in (Act.IGNORE, Act.REFUSE):
            reading = self._reading(mail, letter.questions, tx)
            lines += [f"read as: item {one.number} {one.meaning} ({one.words!r})" for one in reading.answers]
            if not reading.answers:
                lines.append("nothing newly written" if reading.nothing_said else "read as: no clear answer")
        return lines

    # ---- letters that are no answer to a living letter

    def _no_letter(self, tx: Tx, mail: Incoming, target: Target, *, automatic: bool) -> Handled:
        """An unknown token is answered only to a known person, once a day; `[#142]` alone leads to a challenge."""
        author = mail.message.from_address
        known = self._proven(tx, author)
        if automatic and absences.note(tx, self._engine, mail):
            return Handled(Reason.ABSENCE, quarantined=True)
        if automatic or known is None or str(mail.evidence.d) == "fail":
            return Handled(Reason.AUTOMATIC if automatic else Reason.UNKNOWN_TOKEN, quarantined=True)
        number = find_case_number(mail.message.subject)
        waiting = [
            q for q in question_store.open_questions(tx, known.id, None) if number is not None and q.case_id == number
        ]
        if waiting:
            return self._by_number(tx, mail, known.id, waiting[0])
        unasked = self._unasked(tx, mail, known.id, number)
        if unasked is not None:
            return unasked
        if self._undo_too_late(tx, mail, known.id):
            return Handled(Reason.ALREADY_DECIDED)
        if ask_store.wrote_this(tx, mail.message.references) and not self._was_asked(tx, target):
            return Handled(Reason.NOTHING_SAID)  # "Thanks!" to a receipt needs no letter
        if allow(tx, self._registry.site.key, "unknown-question", known.folded, DAY, 1):
            self._engine.receipt(tx, known.id, "case/unknown-question", {}, arriving.cause_of(mail, known.id))
        return Handled(Reason.UNKNOWN_TOKEN)

    def _unasked(self, tx: Tx, mail: Incoming, person: PersonId, number: int | None) -> Handled | None:
        """An answer to what was announced to many: whoever may answer is asked by it, and it counts where D is pass."""
        case_id = ask_store.case_of_announcement(tx, mail.message.references)
        case = store.load(tx, self._registry.kinds, case_id or CaseId(number or 0))
        kind = self._registry.kinds[case.kind] if case is not None else None
        if case is None or kind is None or case.closed_at is not None or kind.open_to is None:
            return None
        name = kind.open_to(tx, case, person)
        if not name:
            return None
        question = question_store.question(
            tx, question_store.insert_question(tx, case.id, name, kind.questions[name].rule, person)
        )
        reading = self._reading(mail, [(1, question)], tx)
        held = self._held(tx, [(1, question)], reading.answers)
        if not held:
            return self._undecided(tx, mail, person, [(1, question)], reading)
        if str(mail.evidence.d) != "pass" or lacking(mail.evidence, strict=self._config.security.strict):
            return self._hold_back(tx, mail, person, "challenge", held, "")
        lines = self._carrying.carry_out(tx, held, person, arriving.cause_of(mail, person))
        self._carrying.send_receipt(tx, person, lines, reading, arriving.cause_of(mail, person))
        return Handled(Reason.ANSWERED)

    def _proven(self, tx: ReadTx, author: Address | None) -> Person | None:
        """The author, when the address has ever been proven to be theirs; a forged request to join proves nothing."""
        known = people.address(tx, author.folded) if author else None
        return people.by_id(tx, known.person_id) if known is not None and known.verified else None

    def _undo_too_late(self, tx: Tx, mail: Incoming, person: PersonId) -> bool:
        """`undo` to a receipt that offers none any more: say that it is too late, and how the matter stands."""
        text = newly_written(mail.message, self._config.reading.banners).text
        if not read(text, RECEIPT, people.by_id(tx, person).language).answers:
            return False
        case_id = ask_store.case_of_letter(tx, mail.message.references, person)
        if case_id is None:
            return False
        self._say_too_late(tx, case_id, person, arriving.cause_of(mail, person))
        return True

    def _say_too_late(self, tx: Tx, case_id: CaseId, person: PersonId, cause: Cause) -> None:
        case = self._engine.case(tx, case_id)
        about = self._engine.title(case)
        answer = HeldAnswer(QuestionId(0), int(case_id), Meaning.UNDO, "", "", "", about)
        self._carrying.send_receipt(tx, person, [Line(answer, "too-late")], Reading(), cause)

    def _by_number(self, tx: Tx, mail: Incoming, person: PersonId, question: Question) -> Handled:
        """Without token and thread the case is found by its number, but the answer counts only after a yes."""
        reading = self._reading(mail, [(1, question)], tx)
        held = self._held(tx, [(1, question)], reading.answers)
        if not held:
            return self._undecided(tx, mail, person, [(1, question)], reading)
        return self._hold_back(tx, mail, person, "challenge", held, "")

    def _refuse(self, tx: Tx, mail: Incoming, ask: ask_store.AskRow, verdict: Verdict) -> Handled:
        """It does not count. Who answered somebody else's letter is told so, and who was asked, once a day."""
        if verdict.reason is Reason.OTHERS_ADDRESS:
            self._ask_sender(tx, mail, ask)
        owner = people.by_id(tx, ask.person_id)
        if allow(tx, self._registry.site.key, "refused", owner.folded, DAY, 1):
            values: Values = {"why": str(verdict.reason), "address": str(mail.message.from_address or "")}
            self._engine.receipt(tx, ask.person_id, "case/refused", values, arriving.cause_of(mail, ask.person_id))
        return Handled(verdict.reason, quarantined=True)

    def _ask_sender(self, tx: Tx, mail: Incoming, ask: ask_store.AskRow) -> None:
        """With the same role they get an own letter for it; without, they are told once that it was not theirs."""
        author = mail.message.from_address
        sender = self._proven(tx, author)
        first = question_store.question(tx, ask.items[0][1])
        if sender is None or not store.remember(tx, f"not-yours:{sender.id}:{first.id}", first.case_id, 0):
            return
        cause = arriving.cause_of(mail, sender.id)
        case = self._engine.case(tx, first.case_id)
        same = [question_store.open_question(tx, question_store.question(tx, one), sender.id) for _, one in ask.items]
        own = [one for one in same if one is not None]
        if outgoing.load(tx, ask.outgoing_id).template == digest_letter.LETTER:
            told = digest_letter.again(tx, self._engine, sender.id, own, cause)
        elif told := sender.id in question_store.open_people(tx, first.case_id, first.kind):
            values = self._engine.question_values(tx, case, first.kind)
            self._engine.ask_person(tx, case, first.kind, sender.id, values, cause)
        if not told:
            self._engine.receipt(tx, sender.id, "case/not-yours", {}, cause)

    # ---- reading

    def _reading(self, mail: Incoming, questions: Sequence[tuple[int, Question]], tx: ReadTx) -> Reading:
        vocabularies = [VOCABULARIES[self._vocabulary(tx, question)] for _, question in questions]
        language = people.by_id(tx, questions[0][1].person_id).language
        if len(questions) == 1:
            counts = takes(tx, self._engine, questions[0][1])
            if counts is not Takes.WORDS:
                return free_reading(mail.message, counts, vocabularies[0], language, self._config.reading.banners)
            case_number = int(questions[0][1].case_id)
            text = newly_written(mail.message, self._config.reading.banners).text
            if not text.strip() or read(text, vocabularies[0], language).nothing_said:
                by_subject = read_subject(mail.message.subject, case_number, vocabularies[0], language)
                if by_subject is not None and by_subject.answers:
                    return by_subject
            return read(text, vocabularies[0], language, [Item(questions[0][0], None, case_number)])
        # an own question goes before one of the same case on somebody's behalf: `#142 yes` is one's own answer
        own = {question.case_id for _, question in questions if question.behalf is None}
        items = [
            Item(
                number,
                vocabulary,
                int(question.case_id) if question.behalf is None or question.case_id not in own else None,
            )
            for (number, question), vocabulary in zip(questions, vocabularies, strict=True)
        ]
        text = newly_written(mail.message, self._config.reading.banners).text
        # words about all items are known where some item can be answered by yes
        common = next((one for one in vocabularies if Meaning.ALL in one.meanings), vocabularies[0])
        return read(text, common, language, items)

    def _vocabulary(self, tx: ReadTx, question: Question) -> str:
        if question.kind == UNDO:
            return "receipt"
        case = self._engine.case(tx, question.case_id)
        return self._registry.kinds[case.kind].questions[question.kind].vocabulary

    def _read(
        self,
        tx: Tx,
        mail: Incoming,
        ask: ask_store.AskRow,
        questions: Sequence[tuple[int, Question]],
        verdict: Verdict,
        author: Address | None,
    ) -> Handled:
        reading = self._reading(mail, questions, tx)
        if reading.ask_back is not None and reading.ask_back.kind is AskKind.ALL:
            yes = [ItemAnswer(n, Meaning.YES, words=reading.ask_back.words) for n in reading.ask_back.yes]
            approvable = self._approvable(tx, questions, yes)
            every = sorted([*reading.answers, *approvable], key=lambda one: one.number)
            held = self._held(tx, questions, every, ask.issued_at)
            if not held:
                return self._undecided(tx, mail, ask.person_id, questions, reading)
            address = str(author) if verdict.act is Act.CLAIM else ""
            return self._hold_back(tx, mail, ask.person_id, "claim" if address else "all", held, address)
        held = self._held(tx, questions, reading.answers, ask.issued_at)
        if not held:
            return self._undecided(tx, mail, ask.person_id, questions, reading)
        if verdict.act is Act.CLAIM:
            return self._hold_back(tx, mail, ask.person_id, "claim", held, str(author))
        if verdict.act is Act.CHALLENGE:
            return self._hold_back(tx, mail, ask.person_id, "challenge", held, "")
        presence_store.end_absence(tx, ask.person_id)  # whoever answers is back
        lines = self._carrying.carry_out(tx, held, ask.person_id, arriving.cause_of(mail, ask.person_id))
        self._carrying.send_receipt(tx, ask.person_id, lines, reading, arriving.cause_of(mail, ask.person_id))
        acted = not lines or any(line.result in ("done", "delegated") for line in lines)
        return Handled(Reason.ANSWERED if acted else Reason.ALREADY_DECIDED)

    def _held(
        self,
        tx: ReadTx,
        questions: Sequence[tuple[int, Question]],
        answers: Sequence[ItemAnswer],
        asked_at: Instant | None = None,
    ) -> tuple[HeldAnswer, ...]:
        by_number = dict(questions)
        held = []
        for answer in answers:
            # the only question is meant, whatever its number: a receipt's `undo` has that of the digest
            question = questions[0][1] if len(questions) == 1 else by_number[answer.number]
            case = self._engine.case(tx, question.case_id)
            held.append(
                HeldAnswer(
                    question.id,
                    int(case.id),
                    str(answer.meaning),
                    answer.argument,
                    without_tokens(answer.reason),
                    answer.words,
                    self._engine.title(case),
                    answer.number if len(questions) > 1 else 0,
                    asked_at,
                )
            )
        return tuple(held)

    def _approvable(
        self, tx: ReadTx, questions: Sequence[tuple[int, Question]], yes: Sequence[ItemAnswer]
    ) -> list[ItemAnswer]:
        """Of "yes to all": what is open and can be answered with a yes. Advice is not asked for by yes and no."""
        by_number = dict(questions)
        return [
            one
            for one in yes
            if by_number[one.number].state == "open"
            and Meaning.YES in VOCABULARIES[self._vocabulary(tx, by_number[one.number])].meanings
        ]

    def _hold_back(
        self, tx: Tx, mail: Incoming, person: PersonId, variant: str, held: tuple[HeldAnswer, ...], address: str
    ) -> Handled:
        """Keep the answers until the registered address has said yes."""
        cause = arriving.cause_of(mail, person)
        data = Confirmation(variant, person, held, int(mail.inbox_id), address)
        self._engine.open(tx, CONFIRMATION, data, cause, subject=f"{variant}:{person}", started_by=person)
        return Handled(Reason.CHALLENGED)

    def _undecided(
        self, tx: Tx, mail: Incoming, person: PersonId, questions: Sequence[tuple[int, Question]], reading: Reading
    ) -> Handled:
        """Nothing happens; the words are kept and shown to who waits, and their writer is told once what would work."""
        cause = arriving.cause_of(mail, person)
        several = len(questions) > 1
        # of a digest what is open still can be answered, whatever became of its first matter
        questions = [(number, one) for number, one in questions if one.state == "open"] or questions
        first = questions[0][1]
        text = without_tokens((reading.comment or "").strip()[:LONGEST_SHOWN])
        if first.state != "open" and first.kind != UNDO and reading.comment and read(text, RECEIPT, None).answers:
            self._say_too_late(tx, first.case_id, person, cause)
            return Handled(Reason.ALREADY_DECIDED)
        if first.state != "open" and reading.comment and self._wrote_anew(tx, mail, questions, person):
            return Handled(Reason.OLD_QUESTION)
        if first.state != "open":
            line = self._carrying.already(
                tx, HeldAnswer(first.id, int(first.case_id), "", "", "", "", self._about(tx, first))
            )
            self._carrying.send_receipt(tx, person, [line], reading, cause)
            return Handled(Reason.ALREADY_DECIDED)
        if not several and not reading.nothing_said:
            self._engine.comment(tx, first.case_id, person, text, cause)
        told = store.remember(tx, f"unclear:{person}:{first.id}", first.case_id, 0)
        if told:
            values: Values = {
                "text": text,
                "nothing_said": reading.nothing_said,
                "why": str(reading.why) if reading.why else "",
                "ask_back": str(reading.ask_back.kind) if reading.ask_back else "",
                "about": self._about(tx, first),
                "items": [self._about(tx, question) for _, question in questions],
                "case": int(first.case_id) if len(questions) == 1 else None,
                "vocabulary": self._vocabulary(tx, first),
                "kinds": [self._vocabulary(tx, question) for _, question in questions],
            }
            self._engine.ask_again(tx, person, [q.id for _, q in questions], "case/unclear", values, cause)
        return Handled(Reason.NOTHING_SAID if reading.nothing_said else Reason.UNDECIDED)

    def _wrote_anew(self, tx: Tx, mail: Incoming, questions: Sequence[tuple[int, Question]], person: PersonId) -> bool:
        """Whether a mail to closed questions is a new one, as address books make them, and somebody took it."""
        if mail.message.references or find_case_number(mail.message.subject) is not None:
            return False
        if any(question.state == "open" for _, question in questions):
            return False
        case = self._engine.case(tx, questions[0][1].case_id)
        return any(take(tx, mail, case, person) for take in self._registry.old_answers)

    def _about(self, tx: ReadTx, question: Question) -> str:
        return self._engine.title(self._engine.case(tx, question.case_id))
