"""What records bring to the service."""

from __future__ import annotations

from mailsvc.cases.engine import Engine
from mailsvc.clock import Clock
from mailsvc.records.erasing import TOPIC, Erasing, go_on
from mailsvc.records.retention import Retention
from mailsvc.records.sending import LETTER, Sending
from mailsvc.registry import Registry
from mailsvc.resources import templates_dir
from mailsvc.store.database import Database
from mailsvc.work import Loop


def register(registry: Registry) -> None:
    """Letters, and what happens when a matter is decided."""
    sending = Sending(registry)
    registry.letter_folders["records"] = str(templates_dir() / "letters" / "records")
    registry.enclosers[LETTER] = sending.write
    registry.closers.append(sending.closed)
    registry.finishers.append(sending.finished)


def loops(db: Database, clock: Clock, registry: Registry, engine: Engine) -> list[Loop]:
    """What goes on in the running service."""
    erasing = Erasing(registry, engine)
    return [
        Loop("erasing", db, clock, TOPIC, lambda: go_on(db, erasing)),
        Loop("retention", db, clock, "retention", Retention(db, registry).work),
    ]
