"""Receipts: how each answer of a mail was read, what came of it, and until when it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailsvc.cases.confirmation import HeldAnswer
from mailsvc.cases.model import Cause
from mailsvc.cases.reading.model import Reading
from mailsvc.ids import PersonId, QuestionId
from mailsvc.message.reply_text import new_from_plain
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Values

if TYPE_CHECKING:
    from mailsvc.cases.engine import Engine


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a receipt: an answer and what came of it.

    `stands` is how a body's matter stands now: its decision, `settled`, or `awaited` while others are asked.
    """

    answer: HeldAnswer
    result: str  # done, already, not-now
    undo: QuestionId | None = None
    undo_until: int | None = None
    by: str = ""
    by_answer: str = ""
    at: int | None = None
    stands: str = ""


def send(tx: Tx, engine: Engine, person: PersonId, lines: Sequence[Line], reading: Reading, cause: Cause) -> None:
    """Write the receipt of these lines; what can be taken back stands under the numbers of the letter answered."""
    undone = [line for line in lines if line.undo is not None]
    undo = [line.undo for line in undone if line.undo is not None]
    numbers = [line.answer.number for line in undone]
    if len(set(numbers)) < len(numbers) or 0 in numbers:
        numbers = []
    until = [line.undo_until for line in undone if line.undo_until is not None]
    values: Values = {
        "lines": [_values(line) for line in lines],
        "unread": [item.text for item in reading.undecided],
        "undo_until": min(until) if until else None,
        "case": lines[0].answer.case if len(lines) == 1 else None,
        "vocabulary": "receipt",
    }
    engine.receipt(tx, person, "case/receipt", values, cause, undo, numbers)


def _values(line: Line) -> Values:
    return {
        "number": line.answer.number,
        "case": line.answer.case,
        "about": line.answer.about,
        "meaning": line.answer.meaning,
        "words": line.answer.words,
        # of a form the whole mail is read, and what it quotes is nobody's answer
        "reason": new_from_plain(line.answer.reason).text if line.answer.meaning == "filled" else line.answer.reason,
        "result": line.result,
        "by": line.by,
        "by_answer": line.by_answer,
        "at": line.at,
        "stands": line.stands,
        "undo": line.undo is not None,
    }
