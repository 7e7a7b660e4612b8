"""What `status 142` says: how a matter stands or ended, when, and by whom, as far as its reader may know."""

from __future__ import annotations

from typing import Final

from mailsvc.cases import agenda_store, question_store, settled
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Rule
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Values

# A discarded post's author is not told (4-workflows, Moderation): to them it is closed, no more.
UNTOLD: Final = frozenset({"discarded"})


def described(tx: ReadTx, engine: Engine, case: Case, *, decides: bool) -> Values:
    """The values of the transcript's line; `decides` for who was asked or may be, so sees everything of it."""
    hidden = case.state in UNTOLD and not decides
    found = None if hidden else _decided(tx, engine, case)
    return {
        "did": "status",
        "number": int(case.id),
        "kind": case.kind,
        "state": "" if hidden else case.state,
        "about": engine.title(case),
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "open": case.closed_at is None,
        "by": found[0] if found else "",
        "reason": found[1] if found else "",
    }


def _decided(tx: ReadTx, engine: Engine, case: Case) -> tuple[str, str] | None:
    """Who decided and why, where one person's answer did; a person's own confirmation is no decision.

    Where everybody's answer counts, nobody's is told: a body's decision is, when there is one.
    """
    for name, question in engine.registry.kinds[case.kind].questions.items():
        if question.vocabulary == "confirm":
            continue
        if question.rule is Rule.COLLECT:
            matter = agenda_store.matter(tx, case.id, name)
            how = settled.how(tx, engine, matter) if matter is not None and matter.settled_at is not None else None
            if how is not None and how.by:
                return how.by, "\n".join(_reasons(case, name))
            continue
        row = question_store.decided_by(tx, case.id, name)
        if row is not None and row["answer"] not in question.keeps_open:
            return row["name"] or row["address"], row["reason"]
    return None


def _reasons(case: Case, question: str) -> tuple[str, ...]:
    decision = settled.decision_of(case, question)
    return decision.reasons if decision is not None else ()
