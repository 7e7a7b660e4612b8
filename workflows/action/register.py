"""What actions bring to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailsvc.cases.actions import OpenAction
from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.action.case import action_kind
from workflows.action.desk import DESK, Desk
from workflows.action.listing import ACTION_LIST
from workflows.action.opening import Opening
from workflows.action.week import ActionWeek

LETTERS: Final = Path(__file__).parent / "letters"


def register(registry: Registry, engine: Engine) -> None:
    """The kinds, the effect that any kind may ask for, the desk, the letters."""
    for kind in (action_kind(engine), ACTION_LIST):
        registry.kinds[kind.name] = kind
    registry.effects[OpenAction] = Opening(engine).run
    registry.week.append(ActionWeek(engine))
    registry.handlers[DESK] = Desk(registry, engine)
    registry.letter_folders["action"] = str(LETTERS)
