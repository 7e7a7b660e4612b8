"""What bounces bring to the service."""

from __future__ import annotations

from mailsvc.bounces import store
from mailsvc.bounces.handling import Bounces
from mailsvc.bounces.watch import Watch
from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from mailsvc.resources import templates_dir
from mailsvc.routing import BOUNCE


def register(registry: Registry, engine: Engine) -> None:
    """The handler of bounces, the daily look at addresses, and what is kept of people."""
    bounces = Bounces(registry, engine)
    registry.handlers[BOUNCE] = bounces
    registry.finishers.append(bounces.finished)
    registry.daily.append(Watch(registry, engine).look)
    registry.own_data.append(lambda tx, person: {"bounces": [dict(row) for row in store.of_person(tx, person)]})
    registry.erasers.append(lambda tx, person, _folded: store.forget(tx, person))
    registry.letter_folders["bounce"] = str(templates_dir() / "letters" / "bounce")
