"""What vacancies bring to the service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.vacancy.case import KIND
from workflows.vacancy.watch import Watch


def register(registry: Registry, engine: Engine) -> None:
    """The kind, and the look at all networks."""
    watch = Watch(engine)
    registry.kinds[KIND.name] = replace(KIND, facts={"fill:nominate": watch.problem})
    registry.daily.append(watch.look)
    registry.closers.append(watch.ended)
    registry.letter_folders["vacancy"] = str(Path(__file__).parent / "letters")
