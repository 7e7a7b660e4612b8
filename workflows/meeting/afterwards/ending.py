"""The end of circles, done: noticed after the last meeting, and its members asked."""

from __future__ import annotations

from lists import api
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Event
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx
from workflows.meeting import store
from workflows.meeting.afterwards import circle_end
from workflows.meeting.afterwards.circle_end import AskMembers, CircleEnd, Looked
from workflows.meeting.store import MeetingRow


class Ending:
    """Opens the ends of circles and asks their members."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._engine = engine
        self._config = registry.site.config

    def held(self, tx: Tx, row: MeetingRow, cause: Cause) -> None:
        """A meeting is over: if it was a circle's last, its end begins."""
        group = api.group(tx, row.group_id)
        if group.kind != "circle" or not group.open or row.caller is None or store.coming(tx, int(group.id)):
            return
        number, subject = int(group.id), f"circle:{group.id}"
        if cases.find_open(tx, self._engine.registry.kinds, circle_end.KIND, number, subject):
            return
        data = CircleEnd(number, api.group_values(group, self._config), row.caller)
        part = Cause(f"{cause.key}/circle-end", cause.inbox_id, cause.actor, cause.evidence)
        self._engine.open(tx, circle_end.KIND, data, part, group=number, subject=subject, started_by=row.caller)

    def look(self, tx: ReadTx, data: CircleEnd, _event: Event) -> Looked:
        """See CaseKind.facts."""
        return Looked(bool(store.coming(tx, data.group_id)))

    def ask(self, tx: Tx, case: Case, _effect: AskMembers, cause: Cause) -> None:
        """Every member, in a letter of their own."""
        data = case.data
        assert isinstance(data, CircleEnd)
        for one in api.members(tx, api.group(tx, data.group_id).id):
            if one.active and one.person_id != data.leader and people.addresses(tx, one.person_id):
                self._engine.ask_person(tx, case, "again", one.person_id, circle_end.values(data), cause)
