"""Checks that every declared kind of case is whole; a gap stops the start instead of a case months later."""

from __future__ import annotations

from mailsvc.cases.model import ENGINE_EFFECTS, CaseKind
from mailsvc.cases.reading.model import VOCABULARIES
from mailsvc.registry import Registry


def check_kinds(registry: Registry) -> None:
    """AssertionError names what is missing: an effect without function, a question without vocabulary, a lost state."""
    for kind in registry.kinds.values():
        for problem in problems(kind, registry):
            raise AssertionError(f"kind {kind.name}: {problem}")


def problems(kind: CaseKind, registry: Registry) -> list[str]:
    """Everything that is wrong with a kind, each in a few words."""
    found = [f"no function for effect {e.__name__}" for e in kind.effects if e not in registry.effects]
    found += [f"{e.__name__} is the engine's own effect" for e in kind.effects if e in ENGINE_EFFECTS]
    found += [
        f"question {name} has no vocabulary {question.vocabulary}"
        for name, question in kind.questions.items()
        if question.vocabulary not in VOCABULARIES
    ]
    states = {state for state, _ in kind.transitions}
    found += [f"unknown state {state}" for state in states - set(kind.states)]
    found += [f"no way out of {state}" for state in set(kind.states) - set(kind.final) - states]
    found += [f"a way out of the end {state}" for state in states & kind.final]
    return found
