"""The commands `export my data`, `erase me` and `set dnr 142 LIB-2026-12`, for every desk that reads commands."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from lists.desks.requests import Request, Result, Roster
from lists.members.own_data import OwnDataDesk
from lists.words.commands import Command
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.ids import CaseId
from mailsvc.records import record_number
from mailsvc.store.database import Tx

Doing = Callable[[Tx, Request, str, Roster], Result]

_NUMBERED: Final = re.compile(r"#?([0-9]{1,15})\b[\s:,]*(.*)", re.DOTALL)


class OwnCommands:
    """What each of them does; every one is answered by one line of the transcript."""

    def __init__(self, engine: Engine, desk: OwnDataDesk) -> None:
        self._engine = engine
        self._desk = desk

    def table(self) -> dict[Command, Doing]:
        """The commands by name."""
        return {
            Command.EXPORT: partial(self._own, "export"),
            Command.ERASE: partial(self._own, "erase"),
            Command.DNR: self._dnr,
        }

    def _own(self, what: str, tx: Tx, request: Request, _argument: str, _roster: Roster) -> Result:
        """A letter to the registered address asks back, with the effect listed."""
        assert request.person is not None, "strangers are told so before"
        self._desk.ask(tx, request.person, what, request.cause)
        return {"did": "asked"}

    def _dnr(self, tx: Tx, request: Request, argument: str, _roster: Roster) -> Result:
        """Moderators of its group give a matter its number in the organisation's register."""
        if not request.moderates:
            return {"did": "moderators-only"}
        assert request.person is not None
        match = _NUMBERED.fullmatch(argument.strip())
        case = cases.load(tx, self._engine.registry.kinds, CaseId(int(match[1]))) if match else None
        if match is None or case is None or case.group != request.group.id:
            return {"did": "no-such-case"}
        number = record_number.checked(match[2])
        if number is None:
            return {"did": "number-too-long", "most": record_number.LONGEST}
        record_number.by_person(tx, self._engine, case, number, request.person.id, request.cause)
        return {"did": "number-set", "number": int(case.id), "record_number": number}
