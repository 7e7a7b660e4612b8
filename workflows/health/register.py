"""What the yearly letter brings to the service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.health.case import KIND
from workflows.health.yearly import Yearly


def register(registry: Registry, engine: Engine) -> None:
    """The kind, and the look at all networks."""
    yearly = Yearly(engine)
    registry.kinds[KIND.name] = replace(KIND, facts={"health:merge": yearly.other, "care:merge": yearly.other})
    registry.daily.append(yearly.look)
    registry.letter_folders["health"] = str(Path(__file__).parent / "letters")
