"""What strict mode demands of an answer: by its question, and for a confirmation by the answers that it would free."""

from __future__ import annotations

from collections.abc import Iterable

from mailsvc.cases import question_store, store
from mailsvc.cases.confirmation import Confirmation
from mailsvc.cases.judge import Demand
from mailsvc.cases.model import Question
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx


def demanded(tx: ReadTx, registry: Registry, questions: Iterable[Question]) -> Demand:
    """The most that one of the questions demands, since one mail answers them all. Default mode: the usual."""
    if not registry.site.config.security.strict:
        return Demand.USUAL
    return max((_of(tx, registry, question) for question in questions), default=Demand.SIGNED)


def _of(tx: ReadTx, registry: Registry, question: Question) -> Demand:
    case = store.load(tx, registry.kinds, question.case_id)
    assert case is not None
    if isinstance(case.data, Confirmation):
        return demanded(tx, registry, [question_store.question(tx, held.question) for held in case.data.answers])
    return registry.demands.get((case.kind, question.kind), Demand.SIGNED)
