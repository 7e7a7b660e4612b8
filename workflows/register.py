"""What the workflows bring to the service: each has a folder of its own with a `register(registry, engine)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry

WORKFLOWS: Final[tuple[Callable[[Registry, Engine], None], ...]] = ()


def register(registry: Registry, engine: Engine) -> None:
    """All of them."""
    for workflow in WORKFLOWS:
        workflow(registry, engine)
