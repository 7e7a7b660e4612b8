"""A service with one bad handler: posts whose subject says so raise, or end the process, whenever they are handled."""

from __future__ import annotations

import os

from mailsvc import app
from mailsvc.cases.engine import Engine
from mailsvc.registry import Handled, Incoming, Registry, Target
from mailsvc.site import Site
from mailsvc.store.database import Tx

BUILD = "tests.crash.poison:build"
EXIT = 7

_build = app.build_registry


def build(site: Site) -> tuple[Registry, Engine]:
    """The registry as always, but for the handler of posts."""
    registry, engine = _build(site)
    ordinary = registry.handlers["post"]

    def post(tx: Tx, mail: Incoming, target: Target) -> Handled:
        done = ordinary(tx, mail, target)
        if "raise" in mail.message.subject:
            raise ZeroDivisionError("a bug")
        if "exit" in mail.message.subject:
            os._exit(EXIT)
        return done

    registry.handlers["post"] = post
    return registry, engine


def install() -> None:
    """From now on every service of this process has the bad handler."""
    app.build_registry = build
    app.BUILD = BUILD  # type: ignore[misc]
