"""Looks for networks without a moderator or a deputy: every morning, and when somebody's role has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lists import api
from lists.api import MODERATING, Group
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Case, Cause, Fired
from mailsvc.cases.starting import SUCCESSION, WIND_DOWN
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Tx
from workflows.vacancy.case import FELL_THROUGH, FILLED, FINE, NAME, Vacancy

LEADERSHIP: Final = "leadership"
MOST: Final = 1_000  # tasks that one look can ask about; mail waits as long as it takes, and there is another tomorrow


class Watch:
    """Opens a case for each task that nobody has, and closes it when somebody has it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kinds = engine.registry.kinds
        self._config = engine.site.config

    def look(self, tx: Tx) -> None:
        """Once for the whole site; a second look finds nothing to do."""
        vacant = set(api.without_role(tx, "network", MODERATING))
        known = {_key(case): case for case in self._open(tx)}
        for key, case in known.items():
            if key not in vacant:
                self._fire(tx, case, FILLED, Cause(f"vacancy:{case.id}:{case.version}"))
        leadership = self._leadership(tx)
        # without leadership there is nobody to ask about a network that no group established
        asked = vacant if leadership else set(api.without_role(tx, "network", MODERATING, established=True))
        for group_id, role in sorted(asked - known.keys())[:MOST]:
            self._begin(tx, api.group(tx, group_id), role, leadership)

    def _open(self, tx: ReadTx) -> list[Case]:
        return [case for case in cases.open_of_kind(tx, self._kinds, NAME) if isinstance(case.data, Vacancy)]

    def _begin(self, tx: Tx, group: Group, role: str, leadership: Sequence[int]) -> None:
        body = self._body(tx, group, leadership)
        if not body and not (group.established_by or leadership):
            return  # a site without such groups: its operators get what nobody answers anyway
        data = Vacancy(
            group_id=group.id,
            group=api.group_values(group, self._config),
            role=role,
            body=body,
            others=bool(api.with_roles(tx, group.id, MODERATING)),
        )
        cause = Cause(f"vacancy:{group.id}:{role}:{tx.now}")
        self._engine.open(tx, NAME, data, cause, group=group.id, subject=role)

    def _body(self, tx: ReadTx, group: Group, leadership: Sequence[int]) -> int:
        """The group that established it, else leadership; 0 where nobody sits there."""
        for one in (group.established_by, *leadership):
            if one and one != group.id and any(seat.votes for seat in self._engine.body(tx, one).seats):
                return int(one)
        return 0

    def _leadership(self, tx: ReadTx) -> list[int]:
        named = self._config.networks.leadership
        every = api.open_groups(tx, LEADERSHIP)
        return [int(one.id) for one in sorted(every, key=lambda one: (one.name != named, one.id))][:1]

    def _fire(self, tx: Tx, case: Case, name: str, cause: Cause) -> None:
        self._engine.apply(tx, case.id, Fired(name), cause)

    def ended(self, tx: Tx, case: Case, cause: Cause) -> None:
        """A case has come to its end (registry.closers): a nomination that filled the task, or fell through."""
        if case.kind not in (SUCCESSION, WIND_DOWN) or case.group is None:
            return
        vacant = set(api.without_role(tx, "network", MODERATING))
        for one in self._open(tx):
            if one.group == case.group and one.state == "named":
                data = one.data
                assert isinstance(data, Vacancy)
                name = FELL_THROUGH if (data.group_id, data.role) in vacant else FILLED
                again = Cause(f"{cause.key}/vacancy", cause.inbox_id, cause.actor, cause.evidence)
                self._fire(tx, one, name, again)

    def problem(self, tx: ReadTx, data: Vacancy, event: Answered) -> str:
        """What is wrong with whom an answer names; FINE when that person can be asked."""
        found = api.mailbox(event.argument or event.text)
        if found is None:
            return "no-address"
        if found.address.ascii_domain in self._config.domains:
            return "own-address"
        person = people.by_address(tx, found.address.folded)
        there = api.membership(tx, api.group(tx, data.group_id).id, person.id) if person is not None else None
        if there is not None and there.active and there.role in (data.role, "moderator"):
            return "has-task"
        if cases.find_open(tx, self._kinds, SUCCESSION, data.group_id, data.role):
            return "nominated-already"
        return FINE


def _key(case: Case) -> tuple[int, str]:
    assert isinstance(case.data, Vacancy)
    return case.data.group_id, case.data.role
