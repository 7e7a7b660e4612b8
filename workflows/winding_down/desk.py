"""Beginning a wind-down: the command `wind down`, or an answer that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lists import api
from lists.api import MODERATING, Group
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.cases.starting import BEGUN, WIND_DOWN, Start
from mailsvc.ids import GroupId
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.registry import CommandLine
from mailsvc.store.database import ReadTx, Tx
from workflows.winding_down.case import WindDown

KINDS: Final = ("network", "circle")
LEADERSHIP: Final = "leadership"
LONGEST_REASON: Final = 2000


class Desk:
    """Opens cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config

    def command(self, tx: Tx, line: CommandLine) -> Mapping[str, object]:
        """`wind down`, the reason behind it or below: for the network's moderators and those of its establishers."""
        group = api.group(tx, line.group)
        establishers = api.with_roles(tx, GroupId(group.established_by), MODERATING) if group.established_by else []
        if line.role not in MODERATING and line.person not in establishers:
            return {"did": "moderators-only"}
        if group.kind not in KINDS:
            return {"did": "networks-only"}
        reason = "\n".join(one for one in (line.argument, line.below) if one)
        said = self.begin(tx, Start(WIND_DOWN, group.id, line.person, reason), line.cause)
        return {"did": "asked" if said == BEGUN else said}

    def begin(self, tx: Tx, start: Start, cause: Cause) -> str:
        """See registry.Starter. Whoever says so gets a letter that lists what it means, and confirms it."""
        assert start.person is not None
        group = api.group(tx, start.group)
        running = cases.find_open(tx, self._engine.registry.kinds, WIND_DOWN, group.id)
        if any(case.state != "confirming" or case.started_by == start.person for case in running):
            return "begun-already"
        body, hears = self._body(tx, group)
        config = self._config
        data = WindDown(
            group_id=group.id,
            group=api.group_values(group, config),
            by=start.person,
            by_name=people.by_id(tx, start.person).shown,
            members=api.count_members(tx, group.id),
            page=f"{config.web.base_url.rstrip('/')}/g/{group.name}",
            reason=without_tokens(start.argument.strip()[:LONGEST_REASON]),
            body=body.id if body else 0,
            body_title=body.title if body else "",
            hears=hears,
            hearing_days=config.networks.hearing_working_days,
            objection_days=config.networks.objection_working_days,
            reopen_days=config.networks.reopen_days,
        )
        again = Cause(f"{cause.key}/{WIND_DOWN}", cause.inbox_id, cause.actor, cause.evidence)
        self._engine.open(tx, WIND_DOWN, data, again, group=group.id, started_by=start.person)
        return BEGUN

    def _body(self, tx: ReadTx, group: Group) -> tuple[Group | None, bool]:
        """Which leadership hears of it, else which group decides; one in which nobody sits does neither."""
        named = self._config.networks.leadership
        for one in sorted(api.open_groups(tx, LEADERSHIP), key=lambda one: (one.name != named, one.id)):
            if self._seated(tx, one.id):
                return one, True
        if group.established_by and self._seated(tx, group.established_by):
            return api.group(tx, group.established_by), False
        return None, False

    def _seated(self, tx: ReadTx, group: int) -> bool:
        return any(seat.votes for seat in self._engine.body(tx, group).seats)
