"""Somebody sends another person instead (PARTSTAT=DELEGATED, RFC 5546 §3.2.2.3), and what the caller says of it, done.

Who delegates does not come, whoever comes in their place. One who is invited is asked, and counts in their own place
alone; if they say no, who sends them is asked again. Of anybody else the caller decides, and they count in the place of
who sends them (`guests` of that place is 1); `standing_in.py` writes to them.
"""

from __future__ import annotations

from mailsvc.cases import ask_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Tell
from mailsvc.message.address import Address, parse_address
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import invitee_store, store
from workflows.meeting.answering import delegate_store
from workflows.meeting.answering.delegate import KIND, Delegate, RefuseDelegate, TakeDelegate
from workflows.meeting.answering.standing_in import StandingIn
from workflows.meeting.case import Meeting
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.mailing import RSVP, Mailing, told_values
from workflows.meeting.meetings import Meetings
from workflows.meeting.store import MeetingRow


class Delegating:
    """Acts on delegations that have been counted, and runs the effects of the caller's decision."""

    def __init__(self, engine: Engine, meetings: Meetings, mailing: Mailing) -> None:
        self._engine = engine
        self._site = engine.site
        self._meetings = meetings
        self._mailing = mailing
        self._standing_in = StandingIn(engine, meetings, mailing)

    def register(self, registry: Registry) -> None:
        """What it hears, and its effects; after the meetings have registered what they do."""
        registry.effects |= {TakeDelegate: self.take, RefuseDelegate: self.refuse}
        self._meetings.on_answered += [self.answered, self._standing_in.answered]
        self._standing_in.register(registry)

    def delegated(self, tx: Tx, row: MeetingRow, one: Invitee, other: str, text: str, cause: Cause) -> None:
        """`one` has just said that `other` (an address, "" where the calendar named nobody) comes instead."""
        case = self._engine.case(tx, row.case_id)
        data = _meeting(case)
        delegate_store.forget(tx, one.id)
        parsed = parse_address(other) if other else None
        person = people.by_address(tx, parsed.folded) if parsed is not None else None
        place = invitee_store.invitee(tx, row.id, person.id) if person is not None else None
        if self._standing_in.delegated(tx, row, one, parsed, cause):
            return
        if place is not None and place.invited:
            if place.id == one.id:
                return  # their own other address: nobody else comes
            delegate_store.remember(tx, one.id, place.id)
            if place.partstat != "ACCEPTED":
                self._ask(tx, case, row, place, {"what": "asked", "who": one.shown, "text": text}, cause)
        if parsed is None or (place is not None and place.invited):
            named = place.shown if place is not None else ""
            said: Values = {"what": "delegated", "who": one.shown, "other": named, "text": text, "then": 0}
            values = {"group": data.group, **told_values(row.told), **said, "partstat": "DELEGATED"}
            self._engine.tell(tx, case, Tell(data.caller, "meeting/told", values), cause)
            return
        asked = Delegate(
            row.id, int(row.group_id), data.group, data.caller, one.id, one.shown, str(parsed), row.told, text
        )
        stamp = one.mark.stamp if one.mark is not None else 0
        self._engine.open(
            tx,
            KIND,
            asked,
            cause,
            group=row.group_id,
            subject=f"delegate:{one.id}:{stamp}",
            started_by=one.person,
        )

    def answered(self, tx: Tx, row: MeetingRow, one: Invitee, cause: Cause) -> None:
        """See Meetings.on_answered: who sent somebody that says no is asked again (RFC 5546 §4.2.7)."""
        if one.partstat != "DELEGATED":
            delegate_store.forget(tx, one.id)
        if one.partstat != "DECLINED":
            return
        case = self._engine.case(tx, row.case_id)
        for number in delegate_store.sent_by(tx, one.id):
            delegate_store.forget(tx, number)
            said: Values = {"what": "declined", "who": one.shown, "text": one.comment}
            self._ask(tx, case, row, invitee_store.invitee_by_id(tx, number), said, cause)

    def take(self, tx: Tx, case: Case, _effect: TakeDelegate, cause: Cause) -> None:
        """They come in the place of who sends them, and get the meeting into their calendar."""
        data = _data(case)
        found = self._standing(tx, data)
        if found is None:
            return
        row, one = found
        other = parse_address(data.other)
        if other is not None:
            self._standing_in.take(tx, row, one, other, cause)

    def stands_in(self, tx: ReadTx, place: Invitee, address: str) -> bool:
        """Whether this address comes in that place, as the caller has agreed."""
        return bool(address) and self._standing_in.agreed(tx, place, parse_address(address))

    def of_stand_in(
        self, tx: Tx, row: MeetingRow, place: Invitee, author: Address | None, said: Values, cause: Cause
    ) -> bool:
        """An answer of somebody who stands in: the caller hears of it, and of a no also whose place it is.

        `said` is `partstat` and `text`. False where the author does not stand in there.
        """
        if not self._standing_in.agreed(tx, place, author):
            return False
        case = self._engine.case(tx, row.case_id)
        told: Values = {"what": "stand-in", "who": str(author), "then": 0, **said}
        data = _meeting(case)
        self._engine.tell(
            tx, case, Tell(data.caller, "meeting/told", {"group": data.group, **told_values(row.told), **told}), cause
        )
        if said["partstat"] == "DECLINED":
            self._standing_in.declines(tx, place)
            after = invitee_store.invitee_by_id(tx, place.id)
            self._meetings.seat(tx, case, row, place, cause)
            asked: Values = {"what": "declined", "who": str(author), "text": said["text"]}
            self._ask(tx, case, row, after, asked, cause)
        return True

    def refuse(self, tx: Tx, case: Case, effect: RefuseDelegate, cause: Cause) -> None:
        """Who wanted to send them is asked whether they come themselves."""
        data = _data(case)
        found = self._standing(tx, data)
        if found is None:
            return
        row, one = found
        said: Values = {"what": "refused", "who": self._engine.name(tx, data.caller), "other": data.other}
        self._ask(tx, self._engine.case(tx, row.case_id), row, one, {**said, "text": effect.reason}, cause)

    def _standing(self, tx: ReadTx, data: Delegate) -> tuple[MeetingRow, Invitee] | None:
        """The place of who delegates, as long as they still do and the meeting is to come."""
        row, one = store.meeting(tx, data.meeting), invitee_store.invitee_by_id(tx, data.invitee)
        stands = row.state == "called" and one.invited and one.partstat == "DELEGATED"
        return (row, one) if stands else None

    def _ask(self, tx: Tx, case: Case, row: MeetingRow, to: Invitee, said: Values, cause: Cause) -> None:
        values: Values = {"other": "", "group": _meeting(case).group, **told_values(row.told), **said}
        sent = outgoing.letter(
            tx,
            self._site,
            Recipient(to.address, to.language, to.person),
            "meeting/delegated",
            {**values, "vocabulary": RSVP, "case": row.case_id},
            cause=cause.inbox_id,
            case_id=row.case_id,
            group_id=row.group_id,
            sender="bounces",
        )
        ask_store.insert_ask(tx, self._site.key, sent, to.person, [self._mailing.question(tx, row.case_id, to)])


def _data(case: Case) -> Delegate:
    assert isinstance(case.data, Delegate)
    return case.data


def _meeting(case: Case) -> Meeting:
    assert isinstance(case.data, Meeting)
    return case.data
