"""What wind-downs bring to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from lists.api import Announce, CloseGroup, StateOf
from mailsvc.cases.ballots import Electorate, Seated, electorate
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import CaseKind, Examples, QuestionKind, Rule, Takes
from mailsvc.cases.starting import WIND_DOWN
from mailsvc.ids import PersonId
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx
from workflows.winding_down.case import DECIDING, TABLE, WindDown, values
from workflows.winding_down.desk import Desk

LETTERS: Final = ("confirm", "progress", "explain", "members", "closed", "goes-on")


def register(registry: Registry, engine: Engine) -> None:
    """The kind, the command `wind down`, and the way other workflows begin one."""
    desk = Desk(engine)
    registry.kinds[WIND_DOWN] = kind(engine)
    registry.commands["wind down"] = desk.command
    registry.starters[WIND_DOWN] = desk.begin
    registry.letter_folders["winding_down"] = str(Path(__file__).parent / "letters")


def kind(engine: Engine) -> CaseKind:
    """The kind with its facts: who has to hear of it."""

    def seats(tx: ReadTx, data: WindDown, _event: object) -> Electorate:
        return electorate(tx, engine, data.body)

    return CaseKind(
        name=WIND_DOWN,
        data=WindDown,
        states=(
            *("new", "confirming", "hearing", "deciding", "decided", "told", "closed"),
            *("done", "kept", "declined", "dropped"),
        ),
        start="new",
        final=frozenset({"done", "kept", "declined", "dropped"}),
        transitions=TABLE,  # type: ignore[arg-type]
        questions={
            "confirm": QuestionKind("confirm"),
            "hear": QuestionKind(
                "hearing",
                rule=Rule.COLLECT,
                keeps_open=frozenset({"ask", "postpone"}),
                values=values,
                item="winding_down/_item",
            ),
            "decide": QuestionKind(
                "decision",
                rule=Rule.COLLECT,
                keeps_open=frozenset({"wait", "ask"}),
                values=values,
                item="winding_down/_item",
            ),
            "explain": QuestionKind("text", takes=Takes.TEXT),
            "reopen": QuestionKind("receipt"),
        },
        facts={**DECIDING.facts(engine), "hear:yes": seats},
        effects=(Announce, CloseGroup, StateOf),
        letters=tuple(f"winding_down/{name}" for name in LETTERS),
        title=lambda data: str(data.group.get("title", "")),
        examples=examples(),
        recorded=True,
    )


def examples() -> Examples:
    """One who has to hear of it, and two."""
    seats = [tuple(Seated(PersonId(number)) for number in range(1, count + 1)) for count in (1, 2)]
    told = [{"facts": msgspec.json.encode(Electorate("any", 0, True, one)).decode()} for one in seats]  # noqa: FBT003
    return Examples(
        data={"body": [0, 1], "decision": [""], "reasons": [()], "heard": [()]},
        events={**DECIDING.examples().events, "hear:yes": told},
    )
