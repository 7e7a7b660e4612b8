"""What mergers bring to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lists.api import Announce, MergeGroups
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import CaseKind, Examples, QuestionKind, Rule, Takes
from mailsvc.cases.starting import MERGING
from mailsvc.ids import PersonId
from mailsvc.registry import Registry
from workflows.merging.case import OBJECTION, TABLE, Merging
from workflows.merging.desk import Desk

LETTERS: Final = ("agree", "confirm", "outcome", "members", "done", "off")

INTO: Final = {"title": "Serials", **{name: f"serials-{name}@example.org" for name in ("address", "leave", "owner")}}


def register(registry: Registry, engine: Engine) -> None:
    """The kind, and the way others begin one."""
    desk = Desk(engine)
    registry.kinds[MERGING] = CaseKind(
        name=MERGING,
        data=Merging,
        states=("new", "agreeing", "told", "confirming", "merged", "declined", "dropped"),
        start="new",
        final=frozenset({"merged", "declined", "dropped"}),
        transitions=TABLE,
        questions={
            "agree": QuestionKind("confirm", rule=Rule.COLLECT),
            "confirm": QuestionKind("confirm", rule=Rule.COLLECT),
            OBJECTION: QuestionKind("text", rule=Rule.COLLECT, takes=Takes.TEXT),
        },
        effects=(Announce, MergeGroups),
        letters=tuple(f"merging/{name}" for name in LETTERS),
        title=lambda data: f"{data.group.get('title', '')} + {data.into.get('title', '')}",
        facts={"timer:members": desk.both_open, "confirm:yes": desk.both_open},
        open_to=desk.may_object,
        examples=Examples(
            data={
                "here": [(), (PersonId(1),)],
                "there": [(PersonId(1),), (PersonId(2),)],
                "agreed": [(), (PersonId(2),)],
                "objections": [()],
                "into": [INTO],
            },
            events={trigger: [{"facts": "true"}, {"facts": "false"}] for trigger in ("timer:members", "confirm:yes")},
        ),
        recorded=True,
    )
    registry.starters[MERGING] = desk.begin
    registry.letter_folders["merging"] = str(Path(__file__).parent / "letters")
