"""Beginning a merger: an answer `merge with NAME`, or the operators' command; and who may answer its announcement."""

from __future__ import annotations

from lists import api
from lists.api import MODERATING
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.cases.starting import BEGUN, MERGING, Start
from mailsvc.ids import GroupId, PersonId
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Tx
from workflows.merging.case import OBJECTION, Merging


class Desk:
    """Opens cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config

    def begin(self, tx: Tx, start: Start, cause: Cause) -> str:
        """See registry.Starter: `start.group` becomes part of `start.other`; a moderator's word is their side's yes."""
        group, into = api.group(tx, start.group), api.group(tx, start.other)
        if group.id == into.id or not (group.open and into.open):
            return "no-such-network"
        if any(self._merges(tx, one) for one in (group.id, into.id)):
            return "begun-already"
        here, there = (tuple(api.with_roles(tx, one, MODERATING)) for one in (group.id, into.id))
        config = self._config
        data = Merging(
            group_id=group.id,
            group=api.group_values(group, config),
            into_id=into.id,
            into=api.group_values(into, config),
            here=here,
            there=there,
            members=api.count_members(tx, group.id),
            into_members=api.count_members(tx, into.id),
            by=start.person,
            by_name=people.by_id(tx, start.person).shown if start.person is not None else "",
            agreed=(start.person,) if start.person is not None and start.person in (*here, *there) else (),
            days=config.networks.objection_working_days,
            answer_days=config.networks.nomination_working_days,
        )
        again = Cause(f"{cause.key}/{MERGING}", cause.inbox_id, cause.actor, cause.evidence)
        self._engine.open(tx, MERGING, data, again, group=group.id, started_by=start.person)
        return BEGUN

    def _merges(self, tx: ReadTx, group: int) -> bool:
        """Whether a group takes part in a merger that is under way."""
        every = cases.open_of_kind(tx, self._engine.registry.kinds, MERGING)
        return any(isinstance(one.data, Merging) and group in (one.data.group_id, one.data.into_id) for one in every)

    def both_open(self, tx: ReadTx, data: Merging, _event: object) -> bool:
        """Whether neither has been closed meanwhile."""
        return all(api.group(tx, one).open for one in (data.group_id, data.into_id))

    def may_object(self, tx: ReadTx, case: Case, person: PersonId) -> str:
        """See CaseKind.open_to: the members of both, while they may object."""
        data = case.data
        assert isinstance(data, Merging)
        places = [api.membership(tx, GroupId(one), person) for one in (data.group_id, data.into_id)]
        member = any(one is not None and one.active for one in places)
        return OBJECTION if member and case.state == "told" else ""
