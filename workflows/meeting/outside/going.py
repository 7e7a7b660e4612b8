"""Times of a caller's calendar become meetings: those called at once, and those of a series as they come nearer."""

from __future__ import annotations

from collections.abc import Collection

from lists import api
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.ids import PersonId
from mailsvc.registry import Registry
from mailsvc.store.database import Tx
from workflows.meeting.case import KIND as MEETING
from workflows.meeting.case import Meeting
from workflows.meeting.meetings import Meetings
from workflows.meeting.outside import outside_store
from workflows.meeting.outside.outside_store import Outside
from workflows.meeting.outside.reading import most, one_plan
from workflows.meeting.outside.series import Wanted, coming, told_apart
from workflows.meeting.store import MeetingRow


class GoingOn:
    """Opens meetings of calendars' series, and keeps enough of them ahead (`[meetings] ahead`)."""

    def __init__(self, registry: Registry, engine: Engine, meetings: Meetings) -> None:
        self._engine = engine
        self._ahead = registry.site.config.meetings.ahead
        self._meetings = meetings

    def register(self, registry: Registry) -> None:
        """Heard first of all when a meeting is over: who proposes the next one has to see it."""
        self._meetings.on_held.insert(0, self.held)
        registry.closers.append(self.closed)

    def open(
        self, tx: Tx, known: Outside, wanted: Wanted, cause: Cause, there: Collection[PersonId], series: int | None
    ) -> None:
        """One of its times is called; `there` have it in a calendar already."""
        part = Cause(f"{cause.key}/at-{wanted.original}", cause.inbox_id, cause.actor, cause.evidence)
        plan = one_plan(wanted.told)
        for meeting in self._meetings.open(tx, known.group, known.caller, plan, part, silent=there, series=series):
            outside_store.insert_time(tx, known.id, meeting, wanted.original)

    def go_on(self, tx: Tx, known: Outside, cause: Cause) -> None:
        """Call what of a series is near enough and not called yet; without its caller it ends."""
        series = outside_store.series(tx, known.id)
        group = api.group(tx, known.group)
        if series is None or not group.open or known.case_id is None:
            return
        member = api.membership(tx, group.id, known.caller)
        if member is None or not member.active:
            outside_store.set_series(tx, known.id, None)
            return
        called = outside_store.called(tx, known.id)
        for one in coming(series, tx.now, most(series, self._ahead)):
            if one.original not in called:
                self.open(tx, known, one, cause, series.there, int(known.case_id))

    def held(self, tx: Tx, row: MeetingRow, cause: Cause) -> None:
        """See Meetings.on_held: the next one is called."""
        found = outside_store.of_meeting(tx, row.id)
        if found is not None:
            self.go_on(tx, found[0], cause)

    def closed(self, tx: Tx, case: Case, cause: Cause) -> None:
        """See Registry.closers: one time that somebody else than the caller's calendar called off stays off.

        When it was the last one ahead, no end of a meeting will call the next, so it is done now.
        """
        if case.kind != MEETING or case.state != "cancelled" or not isinstance(case.data, Meeting):
            return
        found = outside_store.of_meeting(tx, case.data.meeting)
        if found is None:
            return
        known, original = found
        series = outside_store.series(tx, known.id)
        if series is None:
            return
        near = coming(series, tx.now, most(series, self._ahead))
        if any(one.original == original for one in near):
            outside_store.set_series(tx, known.id, told_apart(series, (), (int(original),), tx.now))
        if not outside_store.coming_times(tx, known.id):
            self.go_on(tx, known, cause)
