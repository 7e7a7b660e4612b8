"""What lifted questions bring to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.raised.case import RAISED, Lift
from workflows.raised.desk import FUNCTION, Desk
from workflows.raised.lifted import lifted_kind

LETTERS: Final = Path(__file__).parent / "letters"


def register(registry: Registry, engine: Engine) -> None:
    """The kinds, the address of every group, the letters."""
    desk = Desk(registry, engine)
    for kind in (RAISED, lifted_kind(engine)):
        registry.kinds[kind.name] = kind
    registry.effects[Lift] = desk.lift
    registry.handlers[FUNCTION] = desk
    registry.letter_folders["raised"] = str(LETTERS)
