"""The kind of case "proposal": its table, its questions and what is looked up for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from lists.api import CreateGroup
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import CaseKind, QuestionKind, Rule, Takes, Transition
from workflows.proposal import case, steps
from workflows.proposal.examples import EXAMPLES
from workflows.proposal.lookups import Lookups
from workflows.proposal.model import (
    KIND,
    Alert,
    ForgetProposer,
    MeetNominees,
    Proceed,
    Proposal,
    Prove,
    StartInitiative,
    ToIdeas,
)

FINAL: Final = frozenset({"established", "rejected", "withdrawn", "lapsed", "forgotten", "moved", "refused"})
WAITING: Final = (
    *("which", "form", "nominating", "blocked", "assigning", "preparing"),
    *("hearing", "deciding", "decided", "establishing", "agreed"),
)
STATES: Final = ("new", *WAITING[:2], "meeting", WAITING[2], "moving", *WAITING[3:], *sorted(FINAL))
LETTERS: Final = tuple(
    f"proposal/{name}"
    for name in (
        *("form", "which", "accept", "replaced", "received", "assign", "prepare", "query", "answer", "late", "lapsed"),
        *("withdrawn", "rejected", "established", "not-member"),
    )
)
QUESTIONS: Final[Mapping[str, QuestionKind]] = {
    "which": QuestionKind("text", letter="proposal/which", values=case.which_values, takes=Takes.TEXT),
    "fill": QuestionKind("text", Rule.COLLECT, letter="proposal/form", values=case.form_values, takes=Takes.FORM),
    "accept": QuestionKind("confirm", Rule.COLLECT, letter="proposal/accept", values=case.accept_letter),
    "assign": QuestionKind("text", letter="proposal/assign", values=steps.assign_values, takes=Takes.TEXT),
    "advice": QuestionKind(
        "preparation", Rule.COLLECT, frozenset({"ask"}), letter="proposal/prepare", values=steps.prepare_values
    ),
    "answer": QuestionKind("text", letter="proposal/query", values=steps.query_values, takes=Takes.TEXT),
    "hear": QuestionKind("hearing", Rule.COLLECT, frozenset({"ask"}), values=steps.item_values, item="proposal/_item"),
    "decide": QuestionKind(
        "decision", Rule.COLLECT, frozenset({"wait", "ask"}), values=steps.item_values, item="proposal/_item"
    ),
    "establish": QuestionKind(
        "decision", Rule.COLLECT, frozenset({"wait", "ask"}), values=steps.item_values, item="proposal/_item"
    ),
}


def _table() -> dict[tuple[str, str], Transition]:
    table: dict[tuple[str, str], Transition] = {
        ("new", "opened"): case.opened,
        ("which", "which:said"): case.chosen,
        ("which", "timer:end"): case.lapsed,
        ("form", "fill:filled"): case.filled,
        ("form", "accept:yes"): case.noted,
        ("form", "accept:no"): case.noted,
        ("form", "timer:remind"): partial(case.remind_proposer, "form"),
        ("form", "timer:end"): case.lapsed,
        ("meeting", "timer:known"): case.met,
        ("nominating", "fill:filled"): case.filled,
        ("nominating", "accept:yes"): case.accepted,
        ("nominating", "accept:no"): case.declined,
        ("nominating", "timer:remind"): case.remind_nominees,
        ("nominating", "timer:silent"): case.silent,
        ("moving", "timer:next"): steps.enter,
        ("blocked", "timer:next"): steps.enter,
        ("assigning", "assign:said"): steps.assigned,
        ("assigning", "timer:chase"): steps.chase,
        ("preparing", "advice:ask"): partial(steps.asked, "preparing"),
        ("preparing", "timer:half"): steps.half,
        ("preparing", "timer:deadline"): steps.prepared,
        ("hearing", "hear:yes"): steps.heard,
        ("hearing", "hear:ask"): partial(steps.asked, "hearing"),
        ("hearing", "hear:postpone"): steps.put_off,
        ("hearing", "timer:deadline"): steps.hearing_over,
    }
    for meaning in ("recommend", "advise-against", "abstain", "conflict"):
        table["preparing", f"advice:{meaning}"] = steps.advised
    for state in ("preparing", "hearing"):
        table[state, "answer:said"] = partial(steps.replied, state)
        table[state, "timer:nudge"] = partial(steps.nudge, state)
    table |= steps.rows(steps.DECIDE) | steps.rows(steps.ESTABLISH)
    return table | {(state, "withdraw"): case.withdrawn for state in WAITING}


def proposal_kind(engine: Engine, lookups: Lookups) -> CaseKind:
    """The kind, with its look-ups in this service."""
    return CaseKind(
        name=KIND,
        data=Proposal,
        states=STATES,
        start="new",
        final=FINAL,
        transitions=_table(),
        questions=QUESTIONS,
        effects=(*(CreateGroup, MeetNominees, Proceed, Prove, ForgetProposer, StartInitiative, ToIdeas, Alert),),
        letters=LETTERS,
        waits=lambda data: data.recipient if data.proven else None,
        title=lambda data: data.title,
        facts={
            "opened": lookups.checked,
            "which:said": lookups.checked,
            "fill:filled": lookups.checked,
            "timer:known": lookups.met,
            "timer:next": lookups.entering,
            "timer:chase": lookups.chased,
            "timer:late": lookups.chased,
            **{f"advice:{one}": lookups.group_people for one in ("recommend", "advise-against", "abstain", "conflict")},
            "timer:half": lookups.group_people,
            "timer:deadline": lookups.group_people,
            "hear:yes": lookups.electorate,
            **steps.DECIDE.facts(engine),
            **steps.ESTABLISH.facts(engine),
        },
        examples=EXAMPLES,
        recorded=True,
    )
