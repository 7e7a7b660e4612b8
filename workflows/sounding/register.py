"""What the sounding board brings to the service."""

from __future__ import annotations

from pathlib import Path

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.sounding.case import SOUNDING, ForgetReplies
from workflows.sounding.desk import ROUND, Desk


def register(registry: Registry, engine: Engine) -> None:
    """The kind, its one effect, the handler of `N-round@`, the letters."""
    desk = Desk(registry, engine)
    registry.kinds[SOUNDING.name] = SOUNDING
    registry.effects[ForgetReplies] = desk.forget
    registry.handlers[ROUND] = desk
    registry.letter_folders["sounding"] = str(Path(__file__).parent / "letters")
