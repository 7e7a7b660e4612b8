"""What the idea box brings to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.idea.case import KIND, ToProposals, idea_kind
from workflows.idea.desk import DESK, Desk
from workflows.idea.week import IDEA_LIST, LETTER, Weekly

LETTERS: Final = Path(__file__).parent / "letters"


def register(registry: Registry, engine: Engine) -> None:
    """The kinds, the desk, the letters, the weekly list, and what is forgotten when a nameless letter has gone."""
    desk = Desk(registry, engine)
    registry.kinds[KIND] = idea_kind(engine)
    weekly = Weekly(engine)
    registry.kinds[IDEA_LIST.name] = IDEA_LIST
    registry.daily.append(weekly.look)
    registry.enclosers[LETTER] = weekly.write
    registry.effects[ToProposals] = desk.to_proposals
    registry.handlers[DESK] = desk
    registry.finishers.append(desk.finished)
    registry.letter_folders["idea"] = str(LETTERS)
