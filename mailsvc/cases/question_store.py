"""The SQL of questions: each to one person in one case, open until it is answered or settled."""

from __future__ import annotations

from mailsvc.cases.model import Question, Rule
from mailsvc.ids import CaseId, PersonId, QuestionId
from mailsvc.store.database import ReadTx, Row, Tx


def insert_question(
    tx: Tx, case_id: CaseId, kind: str, rule: Rule, person_id: PersonId, behalf: PersonId | None = None
) -> QuestionId:
    """Put a question to a person (for `behalf`); the open one of the same kind, when there is one already.

    Where everybody's answer counts, somebody can be asked twice: for themselves, and for whom they stand in.
    """
    behalf = behalf if behalf != person_id else None
    row = tx.one(
        "SELECT id FROM question WHERE case_id = :case_id AND person_id = :person AND kind = :kind AND state = 'open'"
        " AND (rule = 'first' AND kind <> 'undo' OR behalf_id IS :behalf)",
        case_id=case_id,
        person=person_id,
        kind=kind,
        behalf=behalf,
    )
    if row:
        return QuestionId(row["id"])
    return QuestionId(
        tx.insert(
            "INSERT INTO question (case_id, kind, person_id, rule, state, asked_at, behalf_id)"
            " VALUES (:case_id, :kind, :person, :rule, 'open', :now, :behalf)",
            case_id=case_id,
            kind=kind,
            person=person_id,
            rule=rule,
            now=tx.now,
            behalf=behalf,
        )
    )


def question(tx: ReadTx, question_id: QuestionId) -> Question:
    """The question of this id."""
    row = tx.one("SELECT * FROM question WHERE id = :id", id=question_id)
    assert row is not None
    return _question(row)


def _question(row: Row) -> Question:
    return Question(
        QuestionId(row["id"]),
        CaseId(row["case_id"]),
        row["kind"],
        PersonId(row["person_id"]),
        Rule(row["rule"]),
        row["state"],
        row["answer"],
        row["reason"],
        row["answered_at"],
        row["behalf_id"],
    )


def questions_of(tx: ReadTx, case_id: CaseId) -> list[Question]:
    """All questions of a case."""
    return [_question(r) for r in tx.all("SELECT * FROM question WHERE case_id = :id ORDER BY id", id=case_id)]


def open_questions(tx: ReadTx, person_id: PersonId, group: int | None) -> list[Question]:
    """What waits for this person, in one group where given, oldest first."""
    rows = tx.all(
        "SELECT q.* FROM question q JOIN cases c ON c.id = q.case_id WHERE q.person_id = :person AND q.state = 'open'"
        " AND c.closed_at IS NULL AND (:group_ref IS NULL OR c.group_ref = :group_ref) ORDER BY q.id",
        person=person_id,
        group_ref=group,
    )
    return [_question(row) for row in rows]


def open_question(tx: ReadTx, same: Question, person_id: PersonId) -> Question | None:
    """The open question to a person that is the same as another's, their own before one on somebody's behalf."""
    row = tx.one(
        "SELECT * FROM question WHERE case_id = :id AND kind = :kind AND person_id = :person AND state = 'open'"
        " ORDER BY behalf_id IS NOT NULL, id",
        id=same.case_id,
        kind=same.kind,
        person=person_id,
    )
    return _question(row) if row else None


def open_people(tx: ReadTx, case_id: CaseId, kind: str) -> list[PersonId]:
    """Who has been asked this question of a case and has not answered, in the order they were asked."""
    rows = tx.all(
        "SELECT person_id FROM question WHERE case_id = :id AND kind = :kind AND state = 'open' ORDER BY id",
        id=case_id,
        kind=kind,
    )
    return [PersonId(row["person_id"]) for row in rows]


def answer_question(tx: Tx, question_id: QuestionId, answer: str, reason: str, inbox_id: int | None) -> None:
    """Record an answer that decides; the last one counts."""
    tx.execute(
        "UPDATE question SET state = 'answered', answer = :answer, reason = :reason, answered_at = :now,"
        " inbox_id = :inbox WHERE id = :id AND state IN ('open', 'answered')",
        answer=answer,
        reason=reason,
        now=tx.now,
        inbox=inbox_id,
        id=question_id,
    )


def reopen_question(tx: Tx, question_id: QuestionId) -> None:
    """An answer is waited for again: what was answered is about something that has changed since."""
    tx.execute(
        "UPDATE question SET state = 'open', answer = '', reason = '', answered_at = NULL, inbox_id = NULL"
        " WHERE id = :id AND state = 'answered'",
        id=question_id,
    )


def asked_again(tx: ReadTx, question_id: QuestionId, inbox_id: int | None) -> bool:
    """Whether a question was put again because of this mail."""
    return (
        tx.one(
            "SELECT 1 FROM ask_item i JOIN ask a ON a.id = i.ask_id JOIN outgoing o ON o.id = a.outgoing_id"
            " WHERE i.question_id = :id AND o.cause_inbox_id = :inbox",
            id=question_id,
            inbox=inbox_id,
        )
        is not None
    )


def close_question(tx: Tx, question_id: QuestionId) -> None:
    """This person is not asked any more; nothing was decided."""
    tx.execute("UPDATE question SET state = 'closed' WHERE id = :id AND state = 'open'", id=question_id)


def close_others(tx: Tx, case_id: CaseId, kind: str) -> None:
    """One answer has closed the question for all."""
    tx.execute(
        "UPDATE question SET state = 'closed' WHERE case_id = :id AND kind = :kind AND state = 'open'",
        id=case_id,
        kind=kind,
    )


def reopen(tx: Tx, case_id: CaseId, kind: str, person: PersonId | None = None) -> None:
    """Undo of what `answer_question` (of one voter, where given) and `close_others` did."""
    tx.execute(
        "UPDATE question SET state = 'open', answer = '', reason = '', answered_at = NULL"
        " WHERE case_id = :id AND kind = :kind"
        " AND (state = 'closed'"
        "  OR (state = 'answered' AND (:person IS NULL OR coalesce(behalf_id, person_id) = :person)))"
        " AND id = (SELECT max(q.id) FROM question q WHERE q.case_id = question.case_id AND q.kind = question.kind"
        "  AND q.person_id = question.person_id AND q.behalf_id IS question.behalf_id)",
        id=case_id,
        kind=kind,
        person=person,
    )


def forget_texts(tx: Tx, case_id: CaseId, kind: str) -> None:
    """What people answered to this question of a case stays with nobody's name; the chain of the log stays whole."""
    tx.execute(
        "DELETE FROM event_text WHERE case_id = :id AND seq IN (SELECT seq FROM event WHERE case_id = :id"
        " AND kind LIKE :kind || ':%')",
        id=case_id,
        kind=kind,
    )
    tx.execute("UPDATE question SET reason = '' WHERE case_id = :id AND kind = :kind", id=case_id, kind=kind)


def void_open(tx: Tx, case_id: CaseId) -> None:
    """A closed case asks nothing any more."""
    tx.execute("UPDATE question SET state = 'void' WHERE case_id = :id AND state = 'open'", id=case_id)


def void_answered(tx: Tx, case_id: CaseId, kind: str) -> None:
    """What was answered, or closed by others' answers, is over: the question can be put to others anew."""
    tx.execute(
        "UPDATE question SET state = 'void' WHERE case_id = :id AND kind = :kind AND state IN ('answered', 'closed')",
        id=case_id,
        kind=kind,
    )


def void_of_person(tx: Tx, person_id: PersonId, group: int, kind: str) -> None:
    """Whoever lost the role is not asked any more."""
    tx.execute(
        "UPDATE question SET state = 'void' WHERE person_id = :person AND kind = :kind AND state = 'open'"
        " AND case_id IN (SELECT id FROM cases WHERE group_ref = :group_ref AND closed_at IS NULL)",
        person=person_id,
        kind=kind,
        group_ref=group,
    )


def decided_by(tx: ReadTx, case_id: CaseId, kind: str) -> Row | None:
    """Who answered a question of this kind in this case: answer, reason, answered_at, name, address."""
    return tx.one(
        "SELECT q.answer, q.reason, q.answered_at, q.person_id, p.name, a.address FROM question q"
        " JOIN person p ON p.id = q.person_id JOIN address a ON a.person_id = p.id AND a.is_primary = 1"
        " WHERE q.case_id = :id AND q.kind = :kind AND q.state = 'answered' ORDER BY q.answered_at DESC",
        id=case_id,
        kind=kind,
    )
