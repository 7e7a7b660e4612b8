"""What successions bring to the service."""

from __future__ import annotations

from pathlib import Path

from mailsvc.cases.engine import Engine
from mailsvc.cases.judge import Demand
from mailsvc.cases.starting import SUCCESSION
from mailsvc.registry import Registry
from workflows.succession.case import KIND, Prove
from workflows.succession.desk import Desk


def register(registry: Registry, engine: Engine) -> None:
    """The kind, the command `nominate`, and the way other workflows begin one."""
    desk = Desk(engine)
    registry.kinds[KIND.name] = KIND
    registry.demands[KIND.name, "task"] = Demand.PROVEN  # whoever is nominated may be outside of the organisation
    registry.effects[Prove] = desk.prove
    registry.commands["nominate"] = desk.command
    registry.starters[SUCCESSION] = desk.begin
    registry.letter_folders["succession"] = str(Path(__file__).parent / "letters")
