"""What series ask for, done: their meetings called, changed and cancelled through the cases that follow them."""

from __future__ import annotations

import msgspec

from lists import api
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Case, Cause, Event
from mailsvc.ids import CaseId, PersonId
from mailsvc.keys import encode
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx
from workflows.meeting import store
from workflows.meeting.meetings import Meetings
from workflows.meeting.plan import Plan
from workflows.meeting.series import series
from workflows.meeting.series.serial import Coming
from workflows.meeting.series.series import CallTimes, ChangeOne, Looked, Serial


class Serving:
    """Opens series and runs their effects."""

    def __init__(self, registry: Registry, engine: Engine, meetings: Meetings) -> None:
        self._engine = engine
        self._config = registry.site.config
        self._meetings = meetings

    def open(self, tx: Tx, group: int, caller: PersonId, plan: Plan, cause: Cause) -> None:
        """Call a series: one case for all of it, and one for each of its meetings."""
        found = api.group(tx, group)
        data = Serial(
            group,
            api.group_values(found, self._config),
            caller,
            people.by_id(tx, caller).language,
            plan,
            self._meetings.house(),
            api.count_members(tx, found.id),
            self._config.meetings.ahead,
            ident=encode(tx.random_bytes(8)),
        )
        self._engine.open(tx, series.KIND, data, cause, group=group, subject=data.ident, started_by=caller)

    def call(self, tx: Tx, case: Case, effect: CallTimes, cause: Cause) -> None:
        """Each is a meeting of its own (docs/decisions/0024); the series is known by its case."""
        data = _data(case)
        plan = msgspec.structs.replace(data.plan, times=effect.times, titles=effect.titles, more=False, skipped=())
        self._meetings.open(tx, data.group_id, data.caller, plan, cause, series=int(case.id))

    def change(self, tx: Tx, case: Case, effect: ChangeOne, cause: Cause) -> None:
        """As if the caller had written it about that meeting alone."""
        deed = effect.deed
        person = _data(case).caller
        if deed.what == "move" and deed.time is not None:
            event = Answered("counter", "yes", person, argument=f"{deed.time.starts} {deed.time.ends}")
        elif deed.what == "cancel":
            event = Answered("change", "filled", person, text=f"cancel: {deed.reason}" if deed.reason else "cancel")
        else:
            time = f"{deed.time.starts} {deed.time.ends}" if deed.time is not None else ""
            event = Answered("change", "filled", person, text=deed.text, argument=time)
        key = f"{cause.key}/{deed.what}-{deed.meeting.case}"
        part = Cause(key, cause.inbox_id, cause.actor, cause.evidence)
        self._engine.apply(tx, CaseId(deed.meeting.case), event, part)

    def look(self, tx: ReadTx, data: Serial, _event: Event) -> Looked:
        """See CaseKind.facts: the meetings of this series that are still to come."""
        found = cases.find_open(tx, self._engine.registry.kinds, series.KIND, data.group_id, data.ident)
        number = int(found[0].id) if found else 0
        rows = [row for row in store.coming(tx, data.group_id) if row.series_id == number]
        return Looked(
            tuple(Coming(int(row.case_id), row.told.starts, row.told.ends, row.told.whole_day) for row in rows)
        )


def _data(case: Case) -> Serial:
    assert isinstance(case.data, Serial)
    return case.data
