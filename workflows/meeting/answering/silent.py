"""Before the day of `Answer by:` whoever has not said whether they come is asked once more; nobody else is.

Meetings that were called in one mail have one such day: they are asked about in one letter, answered by number.
"""

from __future__ import annotations

from typing import Final

from mailsvc.cases import ask_store
from mailsvc.cases.model import Case, Cause
from mailsvc.ids import PersonId
from mailsvc.people import choice_store
from mailsvc.site import Site
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import BULK, SMALL, Recipient, Values
from workflows.meeting import invitee_store, store
from workflows.meeting.case import AskSilent, Meeting
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.mailing import FEW, RSVP, Mailing, told_values
from workflows.meeting.store import MeetingRow

LETTER: Final = "meeting/silent"


class Silent:
    """Runs the effect `AskSilent`."""

    def __init__(self, site: Site, mailing: Mailing) -> None:
        self._site = site
        self._mailing = mailing

    def ask(self, tx: Tx, case: Case, _effect: AskSilent, cause: Cause) -> None:
        """One letter to each who has not answered, with every meeting that was called in the same mail."""
        assert isinstance(case.data, Meeting)
        row = store.meeting(tx, case.data.meeting)
        together = self._together(tx, row)
        if together[0].id != row.id or row.answer_by is None or row.answer_by <= tx.now:
            return  # the first of them asks about all; the service may have been off until it was too late
        waiting: dict[PersonId, list[tuple[MeetingRow, Invitee]]] = {}
        for meeting in together:
            for one in invitee_store.invitees(tx, meeting.id):
                if one.partstat == "NEEDS-ACTION" and not one.silent and not self._told(tx, meeting, one):
                    waiting.setdefault(one.person, []).append((meeting, one))
        for asked in waiting.values():
            self._letter(tx, case, asked, cause, many=len(waiting) > FEW)

    def _together(self, tx: ReadTx, row: MeetingRow) -> list[MeetingRow]:
        """The meetings of the same mail whose answers are wanted by the same day, the first one first."""
        if row.series_id is None:
            return [row]
        rows = store.of_series(tx, row.series_id)
        return [one for one in rows if one.state == "called" and one.answer_by == row.answer_by] or [row]

    def _told(self, tx: ReadTx, row: MeetingRow, one: Invitee) -> bool:
        """Whether this week's Monday letter has asked them, and the meeting is still as it was then."""
        question = self._mailing.known_question(tx, row.case_id, one)
        sent = choice_store.week_sent(tx, one.person)
        return (
            question is not None
            and sent is not None
            and row.changed_at <= sent
            and choice_store.week_told(tx, one.person, f"question:{question}")
        )

    def _letter(self, tx: Tx, case: Case, asked: list[tuple[MeetingRow, Invitee]], cause: Cause, *, many: bool) -> None:
        assert isinstance(case.data, Meeting)
        row, to = asked[0]
        values: Values = {
            "group": case.data.group,
            "until": row.answer_by,
            "meetings": [told_values(one.told) for one, _ in asked],
            "vocabulary": RSVP,
        }
        single = len(asked) == 1
        sent = outgoing.letter(
            tx,
            self._site,
            Recipient(to.address, to.language, to.person),
            LETTER,
            {**values, "case": row.case_id} if single else values,
            cause=cause.inbox_id,
            case_id=row.case_id if single else None,
            group_id=row.group_id,
            sender="bounces",
            priority=BULK if many else SMALL,
        )
        questions = [self._mailing.question(tx, one.case_id, invitee) for one, invitee in asked]
        ask_store.insert_ask(tx, self._site.key, sent, to.person, questions)
