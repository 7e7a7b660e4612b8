"""Telling a caller that some of those invited have another meeting at that time; never who, and never which one."""

from __future__ import annotations

from lists import api
from mailsvc.cases.model import Cause
from mailsvc.people import store as people
from mailsvc.site import Site
from mailsvc.store import outgoing
from mailsvc.store.database import Tx
from mailsvc.store.outgoing import Recipient
from workflows.meeting.feeds import feed_store
from workflows.meeting.mailing import told_values
from workflows.meeting.plan import Plan
from workflows.meeting.store import MeetingRow


class Clashes:
    """Heard of every meeting that is called or moved (`Meetings.on_called`, `Meetings.on_moved`)."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def called(self, tx: Tx, row: MeetingRow, _plan: Plan, cause: Cause) -> None:
        """One letter to the caller, where anybody has another network's meeting at the same time."""
        self._tell(tx, row, cause)

    def moved(self, tx: Tx, _before: MeetingRow, row: MeetingRow, cause: Cause) -> None:
        """The same of the new time alone."""
        self._tell(tx, row, cause)

    def _tell(self, tx: Tx, row: MeetingRow, cause: Cause) -> None:
        count = feed_store.clashing(tx, row.id)
        if not count or row.caller is None:
            return
        caller = people.by_id(tx, row.caller)
        group = api.group(tx, row.group_id)
        values = {
            "group": api.group_values(group, self._site.config),
            **told_values(row.told),
            "people": count,
        }
        to = Recipient(caller.address, caller.language, caller.id)
        outgoing.letter(
            tx, self._site, to, "meeting/clash", values, cause=cause.inbox_id, case_id=None, group_id=group.id
        )
