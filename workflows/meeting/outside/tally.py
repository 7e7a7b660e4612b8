"""What a caller's own calendar is answered for the network: METHOD:REPLY (RFC 5546 §3.2.3), the tally in COMMENT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from lists import api
from mailsvc.cases.model import Case, Cause
from mailsvc.clock import SECOND
from mailsvc.ids import CaseId
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.site import Site
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import invitee_store, store
from workflows.meeting.case import Meeting, Summarise
from workflows.meeting.mailing import Mailing
from workflows.meeting.meetings import Meetings, counts
from workflows.meeting.outside import outside_store
from workflows.meeting.outside.call import AnswerCaller, CalendarCall
from workflows.meeting.outside.outside_store import Outside
from workflows.meeting.outside.series import coming
from workflows.meeting.store import Told

TALLY: Final = "meeting/tally"


def said_of(tx: ReadTx, meeting: int) -> Told:
    """What the caller's calendar said last of a meeting."""
    said = outside_store.said(tx, meeting)
    return said if said is not None and said.starts else store.revision(tx, meeting, 0)


class Tallies:
    """Writes to callers' calendars."""

    def __init__(self, site: Site, meetings: Meetings) -> None:
        self._site = site
        self._config = site.config
        self._meetings = meetings

    def register(self, registry: Registry, mailing: Mailing) -> None:
        """Its letter, and the effects after which a calendar is answered."""
        registry.effects |= {AnswerCaller: self.answer_caller, Summarise: self.summarise}
        registry.enclosers[TALLY] = mailing.reply

    def answer_caller(self, tx: Tx, case: Case, effect: AnswerCaller, cause: Cause) -> None:
        """See `AnswerCaller`."""
        data = case.data
        assert isinstance(data, CalendarCall)
        if data.plan is not None:
            known = outside_store.outside(tx, data.outside)
            self.answer(tx, known, data.plan.told(0), 0, cause, partstat=effect.partstat, case_id=case.id)

    def summarise(self, tx: Tx, case: Case, effect: Summarise, cause: Cause) -> None:
        """The caller's daily summary, and with it the tally in the answer to the caller's calendar."""
        data = case.data
        assert isinstance(data, Meeting)
        new = invitee_store.untold(tx, data.meeting)
        self._meetings.summarise(tx, case, effect, cause)
        found = outside_store.of_meeting(tx, data.meeting)
        if new and found is not None:
            known, original = found
            several = len(outside_store.coming_times(tx, known.id)) > 1
            said = counts([one for one in invitee_store.invitees(tx, data.meeting) if not one.silent])
            told = said_of(tx, data.meeting)
            self.answer(tx, known, told, int(original) if several else 0, cause, case_id=case.id, said=said)

    def answer(
        self,
        tx: Tx,
        known: Outside,
        told: Told,
        original: int,
        cause: Cause,
        *,
        case_id: CaseId | None,
        partstat: str = "ACCEPTED",
        meetings: int = 1,
        said: Values | None = None,
        left_out: Sequence[str] = (),
    ) -> None:
        """METHOD:REPLY to the caller for the network; `original` names one time of a series, 0 all of it.

        `said` is how many have answered what; None before anybody could.
        """
        caller = people.by_id(tx, known.caller)
        if not known.organizer:
            return
        there = {one.person for _, number in outside_store.coming_times(tx, known.id)
                 for one in invitee_store.invitees(tx, number) if not one.silent}  # fmt: skip
        series = outside_store.series(tx, known.id)
        values = {
            "group": api.group_values(api.group(tx, known.group), self._config),
            "outside": known.id,
            "told": msgspec.to_builtins(told),
            "about": told.title,
            "original": original,
            "sequence": outside_store.sequence(tx, known, original),
            "stamp": tx.now // SECOND * SECOND,
            "partstat": partstat,
            "meetings": meetings,
            "people": len(there),
            "again": said is not None,
            "counts": said or {},
            "goes_on": series is not None and len(coming(series, tx.now, meetings + 1)) > meetings,
            "left_out": list(left_out),
        }
        outgoing.letter(
            tx,
            self._site,
            Recipient(known.organizer, caller.language, caller.id),
            TALLY,
            values,
            cause=cause.inbox_id,
            case_id=case_id,
            group_id=known.group,
            sender="bounces",
        )
