"""Values and events with which the table of proposals is walked, for its picture and the tests of all kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from mailsvc.cases.model import Examples
from mailsvc.ids import PersonId
from workflows.proposal.model import Asked, Checked, Entering, Met, Named
from workflows.proposal.steps import DECIDE, ESTABLISH

GROUPS: Final = (Named(1, "collections", "Collections"), Named(2, "services", "Services"))
VALUES: Final = {
    "name": "Maps",
    "address": "maps",
    "motivation": "Maps are catalogued in three ways.",
    "work_questions": "- Rules\n- Scanning",
    "moderator": "Anna Berg <anna@example.org>",
    "deputy": "Bo Ek <bo@example.org>",
}
ROUTE: Final = (
    "leadership assign",
    "preparation prepare",
    "leadership hear",
    "leadership decide",
    "preparation establish",
)
"""One route with every kind of step."""
FORM: Final = (
    "Name: Maps\nAddress: maps\nMotivation: Many ask.\nWork questions: Rules\n"
    "Moderator: a@example.org\nDeputy: b@example.org\n"
)


def _facts(*values: msgspec.Struct) -> list[dict[str, str]]:
    return [{"facts": msgspec.json.encode(one).decode()} for one in values]


def _texts(facts: Sequence[Mapping[str, str]], *texts: str) -> list[dict[str, object]]:
    return [{**one, "text": text} for one in facts for text in texts]


_CHECKED: Final = _facts(Checked(preparations=GROUPS), Checked(member=False))
_WRONG: Final = _facts(Checked(address="taken", free=("-2",), similar=GROUPS[:1], member=False))
_PEOPLE: Final = _facts(Asked((PersonId(1),)), Asked((PersonId(1), PersonId(2))))
_ADVICE: Final = {
    f"advice:{one}": [{**facts, "text": ""} for facts in _PEOPLE]
    for one in ("recommend", "advise-against", "abstain", "conflict")
}

EXAMPLES: Final = Examples(
    data={
        "proposer": [PersonId(3)],
        "values": [VALUES],
        "proven": [True, False],
        "which": [True, False],
        "kind": ["network", "circle"],
        "steps": [ROUTE],
        "language": ["en"],
        "member": [True],
        "whole": [True],
        "approved": [False],
        "at": [-1],
        "until": [0],
        "late": [0],
        "group": [0],
        "preparation": [0],
        "wished": [0],
        "presenter": [""],
        "why_who": [""],
        "why_text": [""],
        "remind_days": [3],
        "next_days": [3],
        "form_days": [30],
        "prepare_days": [10],
        "decision": [""],
        "decision_why": [""],
        "decided_by": [""],
    },
    events={
        "opened": [*_CHECKED, *_WRONG],
        "which:said": [*_texts(_CHECKED, "idea", "proposal", "hm")],
        "fill:filled": [*_texts(_CHECKED, FORM, FORM + "For whom: initiative\n"), *_texts(_WRONG, FORM)],
        "timer:known": _facts(Met(PersonId(3), PersonId(3)), Met(PersonId(1), PersonId(2))),
        "timer:next": _facts(
            Entering(1, "Board", (PersonId(1),), GROUPS),
            Entering(1, "Board", (PersonId(1),), GROUPS[:1]),
            Entering(),
            Entering(address="taken", free=("-2",)),
            Entering(gone=("deputy",), audience=(PersonId(2),)),
        ),
        "timer:chase": _PEOPLE[:1],
        "timer:late": _PEOPLE[:1],
        "timer:half": _PEOPLE[1:],
        "timer:deadline": _PEOPLE[:1],
        "assign:said": [{"text": "1"}, {"text": "hm"}],
        "answer:said": [{"text": "It costs nothing."}],
        "hear:yes": list(DECIDE.examples().events["decide:yes"]),
        **_ADVICE,
        **DECIDE.examples().events,
        **ESTABLISH.examples().events,
    },
)
