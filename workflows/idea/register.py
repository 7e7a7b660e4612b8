"""What the idea box brings to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.idea.case import KIND, ToProposals, idea_kind
from workflows.idea.desk import DESK, Desk

LETTERS: Final = Path(__file__).parent / "letters"


def register(registry: Registry, engine: Engine) -> None:
    """The kind, the desk, the letters, and what is forgotten when a letter without a name has gone."""
    desk = Desk(registry, engine)
    registry.kinds[KIND] = idea_kind(engine)
    registry.effects[ToProposals] = desk.to_proposals
    registry.handlers[DESK] = desk
    registry.finishers.append(desk.finished)
    registry.letter_folders["idea"] = str(LETTERS)
