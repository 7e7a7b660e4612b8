"""What joint bodies bring to the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from lists.api import Announce
from mailsvc.cases.actions import OpenAction
from mailsvc.cases.ballots import Cast, Seated
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import CaseKind, Examples, QuestionKind, Rule, Takes
from mailsvc.ids import PersonId
from mailsvc.registry import Registry
from workflows.joint.case import TABLE
from workflows.joint.counting import MEANINGS, Party
from workflows.joint.desk import Desk
from workflows.joint.lookup import Lookup
from workflows.joint.model import DECIDE, KIND, JointMatter, Known, LiftMatter, about, values

LETTERS: Final = tuple(
    f"joint/{name}" for name in ("assign", "lapsed", "letter", "minutes", "note", "outcome", "sign", "signed")
)


def register(registry: Registry, engine: Engine) -> None:
    """The kind, the command `matter`, the effect that lifts a matter, the letters."""
    lookup = Lookup(engine)
    desk = Desk(engine, lookup)
    registry.kinds[KIND] = kind(lookup)
    registry.effects[LiftMatter] = desk.lift
    registry.commands["matter"] = desk.command
    registry.letter_folders["joint"] = str(Path(__file__).parent / "letters")


def kind(lookup: Lookup) -> CaseKind:
    """The kind with its facts. Nobody waits for it in particular: what decides nothing is shown to neither side."""
    triggers = {trigger for _, trigger in TABLE if trigger not in ("opened", "withdraw")}
    return CaseKind(
        name=KIND,
        data=JointMatter,
        states=(
            *("new", "asking", "answered", "noting", "assigning", "minuting", "signing"),
            *("done", "unsigned", "lapsed", "withdrawn"),
        ),
        start="new",
        final=frozenset({"done", "unsigned", "lapsed", "withdrawn"}),
        transitions=TABLE,
        questions={
            DECIDE: QuestionKind("joint-body", rule=Rule.COLLECT, values=about, item="joint/_item"),
            "note": QuestionKind("text", rule=Rule.COLLECT, letter="joint/note", values=about, takes=Takes.TEXT),
            "assign": QuestionKind("text", letter="joint/assign", values=values, takes=Takes.TEXT),
            "minutes": QuestionKind("minutes", letter="joint/minutes", values=values, takes=Takes.TEXT),
            "sign": QuestionKind("signature", rule=Rule.COLLECT, letter="joint/sign", values=values),
        },
        effects=(Announce, LiftMatter, OpenAction),
        letters=LETTERS,
        title=lambda data: data.title,
        facts={**dict.fromkeys(triggers, lookup.known), "assign:said": lookup.named},
        examples=examples(),
        recorded=True,
    )


def examples() -> Examples:
    """Two sides of one each: how far they are, and what is known when something happens."""
    sides = (Party("employer", "Employer"), Party("union", "Union"))
    known = Known(
        (Seated(PersonId(1), party="employer"), Seated(PersonId(2), party="union")),
        sides,
        (PersonId(3),),
        (1,),
        2,
        "Central committee",
        PersonId(4),
        1_800_000_000_000_000,
    )
    unread = msgspec.structs.replace(known, person=None, problem="nobody")
    alone = msgspec.structs.replace(known, writers=(), next=0, next_title="")
    events: dict[str, Sequence[Mapping[str, object]]] = {
        trigger: [_fact(known)] for _, trigger in TABLE if trigger not in ("opened", "withdraw")
    }
    events |= {f"{DECIDE}:{meaning}": [_fact(known), _fact(alone)] for meaning in MEANINGS}
    events["assign:said"] = [_fact(known), _fact(unread)]
    events["timer:assign"] = [_fact(known), _fact(alone)]
    events["sign:sign"] = [_fact(known), {**_fact(known), "person": PersonId(2)}]
    events["note:said"] = [_fact(known), {**_fact(known), "person": PersonId(2)}]
    return Examples(
        data={
            "votes": [(), (Cast(PersonId(2), "agreed"),), (Cast(PersonId(2), "not-agreed"),)],
            "decision": [""],
            "by": [None, PersonId(5)],
            "responsible": [None, PersonId(6)],
            **{key: [0] for key in ("due", "at")},
        },
        events=events,
    )


def _fact(known: Known) -> dict[str, object]:
    return {"facts": msgspec.json.encode(known).decode()}
