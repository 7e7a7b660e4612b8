"""The other process of `mailsvc.trial`: reads a task from standard input, handles the mail, takes everything back.

Ends with 0 when that went well, 75 when the database was not to be had, and with anything else, or not by itself, when
the mail is poison.
"""

from __future__ import annotations

import faulthandler
import importlib
import sys

import msgspec

from mailsvc import keys, trial
from mailsvc.clock import Instant
from mailsvc.errors import StoreUnavailable
from mailsvc.handling import handle
from mailsvc.ids import SystemRandomness
from mailsvc.message.evidence import Evidence
from mailsvc.message.parsing import parse
from mailsvc.registry import Incoming
from mailsvc.site import Site
from mailsvc.store import inbox
from mailsvc.store.database import Tx
from mailsvc.store.rehearsal import rehearse


class _Moment:
    """A clock that stands still."""

    def __init__(self, now: Instant) -> None:
        self._now = now

    def now(self) -> Instant:
        return self._now


def run(task: trial.Task) -> None:
    """Handle the mail and take it back. Raises whatever its reader or handler raises, and StoreUnavailable."""
    module, _, function = task.build.partition(":")
    site = Site(task.config, keys.load(task.config.path(task.config.site.key_file)))
    registry, _engine = getattr(importlib.import_module(module), function)(site)
    path, clock, randomness = task.config.database_path, _Moment(task.now), SystemRandomness()

    def load(tx: Tx) -> tuple[inbox.Due, bytes]:
        unit = inbox.unit(tx, task.inbox_id)
        assert unit is not None
        return unit, inbox.raw(tx, unit.raw_id)

    unit, content = rehearse(path, clock, randomness, load)
    mail = Incoming(
        unit.inbox_id,
        unit.raw_id,
        unit.recipient,
        unit.envelope(content),
        parse(content, task.config.limits),
        msgspec.json.decode(unit.evidence, type=Evidence),
        unit.digest,
        unit.received_at,
        unit.released,
    )
    rehearse(path, clock, randomness, lambda tx: handle(tx, registry, mail))


def main() -> None:
    """See the module."""
    faulthandler.enable()
    try:
        run(msgspec.json.decode(sys.stdin.buffer.read(), type=trial.Task))
    except StoreUnavailable:
        sys.exit(trial.NOT_NOW)


if __name__ == "__main__":
    main()
