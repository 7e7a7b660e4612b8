"""Answers in people's own words: questions that take a text, and forms that are filled in and sent back."""

from __future__ import annotations

from collections.abc import Sequence

from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.model import Question, Takes
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import ItemAnswer, Meaning, Reading, Vocabulary
from mailsvc.message.parsing import Message
from mailsvc.message.reply_text import newly_written, whole_text
from mailsvc.store.database import ReadTx


def takes(tx: ReadTx, engine: Engine, question: Question) -> Takes:
    """What counts as an answer to a question; an undo is a word."""
    if question.kind == UNDO:
        return Takes.WORDS
    case = engine.case(tx, question.case_id)
    return engine.registry.kinds[case.kind].questions[question.kind].takes


def free_reading(
    message: Message, takes: Takes, vocabulary: Vocabulary, language: str | None, banners: Sequence[str]
) -> Reading:
    """What a mail answers to a question that takes a text or a form: one of its words, or SAID or FILLED.

    A text is what is newly written; of a form the whole mail is read, quoted lines too, because people write between
    the lines that they were sent (3-mail "What is read").
    """
    new = newly_written(message, banners).text
    if vocabulary.rows and new.strip():
        by_word = read(new, vocabulary, language)
        if by_word.answers:
            return by_word
    if takes is Takes.FORM:
        whole = whole_text(message)
        return _answer(Meaning.FILLED, whole) if whole.strip() else Reading(nothing_said=True)
    if not new.strip():
        return Reading(nothing_said=True)
    return _answer(Meaning.SAID, new)


def _answer(meaning: Meaning, text: str) -> Reading:
    return Reading((ItemAnswer(1, meaning, reason=text.strip()),))
