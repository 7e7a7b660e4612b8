"""Beginning a succession: the command `nominate` of a moderator, or an answer that names somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lists import api
from lists.api import MODERATING, Group
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.cases.reading.text import words_of
from mailsvc.cases.starting import BEGUN, SUCCESSION, Start
from mailsvc.ids import GroupId, PersonId
from mailsvc.message import form_labels
from mailsvc.people import store as people
from mailsvc.people.naming import cleaned_name
from mailsvc.registry import CommandLine
from mailsvc.store.database import ReadTx, Tx
from workflows.succession.case import Prove, Succession

MODERATOR: Final = "moderator"
DEPUTY: Final = "deputy"
KINDS: Final = ("network", "circle")


class Desk:
    """Opens cases, and runs the one effect of theirs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config

    def command(self, tx: Tx, line: CommandLine) -> Mapping[str, object]:
        """`nominate [deputy] ADDRESS`: for both tasks the moderator and those who established the network may.

        A deputy names the next deputy, and a moderator where there is none.
        """
        group = api.group(tx, line.group)
        role = role_in(line.argument)
        free = not api.with_roles(tx, group.id, [role])
        established = line.person in _establishers(tx, group)
        if not (established or line.role == MODERATOR or (line.role == DEPUTY and (role == DEPUTY or free))):
            return {"did": "moderators-only" if line.role not in MODERATING else "moderator-names"}
        if group.kind not in KINDS:
            return {"did": "networks-only"}
        start = Start(SUCCESSION, group.id, line.person, line.argument, role)
        said = self._begin(tx, start, line.cause, confirmed=False)
        return {"did": "asked" if said == BEGUN else said}

    def begin(self, tx: Tx, start: Start, cause: Cause) -> str:
        """See registry.Starter: the answer to a letter of ours named somebody."""
        return self._begin(tx, start, cause, confirmed=True)

    def _begin(self, tx: Tx, start: Start, cause: Cause, *, confirmed: bool) -> str:
        assert start.person is not None
        group = api.group(tx, start.group)
        role = start.role or role_in(start.argument)
        found = api.mailbox(start.argument)
        if found is None:
            return "no-address"
        if found.address.ascii_domain in self._config.domains:
            return "own-address"
        person = people.ensure(
            tx, found.address, name=cleaned_name(found.name), language=group.language, verified=False
        )
        there = api.membership(tx, group.id, person.id)
        if there is not None and there.active and there.role in (role, MODERATOR):
            return "has-task"
        if cases.find_open(tx, self._engine.registry.kinds, SUCCESSION, group.id, role):
            return "nominated-already"
        instead = _holder(tx, group, role, start.person)
        data = Succession(
            group_id=group.id,
            group=api.group_values(group, self._config),
            role=role,
            by=start.person,
            by_name=people.by_id(tx, start.person).shown,
            person=person.id,
            name=person.name,
            address=person.address,
            instead_of=instead,
            instead_name=people.by_id(tx, instead).shown if instead is not None else "",
            establishers=group.established_by or 0,
            confirmed=confirmed,
            days=self._config.networks.nomination_working_days,
        )
        again = Cause(f"{cause.key}/{SUCCESSION}/{role}", cause.inbox_id, cause.actor, cause.evidence)
        self._engine.open(tx, SUCCESSION, data, again, group=group.id, subject=role, started_by=start.person)
        return BEGUN

    def prove(self, tx: Tx, case: Case, _effect: Prove, _cause: Cause) -> None:
        """The letter went to the person's first address, and was answered."""
        assert isinstance(case.data, Succession)
        people.verify(tx, people.by_id(tx, case.data.person).folded)


def role_in(argument: str) -> str:
    """Which task a nomination is for: one of the labels of the deputy in front of the address, or the moderator's."""
    said = words_of(argument.partition("@")[0])
    for label, field in form_labels.lookup((DEPUTY,)).items():
        words = words_of(label)
        if field == DEPUTY and said[: len(words)] == words:
            return DEPUTY
    return MODERATOR


def _establishers(tx: ReadTx, group: Group) -> list[PersonId]:
    return api.with_roles(tx, GroupId(group.established_by), MODERATING) if group.established_by else []


def _holder(tx: ReadTx, group: Group, role: str, by: PersonId) -> PersonId | None:
    """Whom the nominee follows: the nominator, or the one person who has the task."""
    holders = api.with_roles(tx, group.id, [role])
    if by in holders:
        return by
    return holders[0] if len(holders) == 1 else None
