"""Those who come instead of somebody, although they are not invited: told of the meeting and of all that changes.

They get what an invited person gets, and nobody else gets their address: a calendar with the ORGANIZER and UID that
their delegator's program has passed on to them (RFC 5546 §3.2.2.3), with themselves as the only ATTENDEE. Letters are
answered to whose place it is. When that one is asked anew, or answers otherwise, they hear of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lists import api
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.clock import DAY, Instant
from mailsvc.message import build
from mailsvc.message.address import Address, parse_address
from mailsvc.people import store as people
from mailsvc.rates import allow
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import invitee_store, store
from workflows.meeting.answering import stand_in_store
from workflows.meeting.answering.stand_in_store import COMES, GONE, WAITS, StandIn
from workflows.meeting.calendar import invitation
from workflows.meeting.calendar.event import PartStat, Party
from workflows.meeting.calendar.mail import invitation_mail
from workflows.meeting.case import CancelMeeting, Meeting
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.mailing import Mailing, as_calendar, told_values
from workflows.meeting.meetings import Meetings
from workflows.meeting.store import MeetingRow

if TYPE_CHECKING:
    from mailsvc.letters.compose import Composer, LetterSpec

LETTER: Final = "meeting/stand-in"
MOST_A_DAY: Final = 4
TAKEN, CHANGED, MOVED, OFF, BACK = "taken", "changed", "moved", "off", "back"


class StandingIn:
    """Hears what happens to meetings and places, and writes to those who stand in."""

    def __init__(self, engine: Engine, meetings: Meetings, mailing: Mailing) -> None:
        self._engine = engine
        self._site = engine.site
        self._meetings = meetings
        self._mailing = mailing

    def register(self, registry: Registry) -> None:
        """What it hears, and its letter; after the meetings have registered what they do."""
        registry.enclosers[LETTER] = self.enclose
        registry.members_changed.append(self.members_changed)
        registry.erasers.append(stand_in_store.forget_person)
        self._meetings.on_changed.append(self.changed)
        self._meetings.on_held.append(lambda tx, row, _cause: stand_in_store.forget_meeting(tx, row.id))
        cancel = registry.effects[CancelMeeting]

        def cancelled(tx: Tx, case: Case, effect: CancelMeeting, cause: Cause) -> None:
            cancel(tx, case, effect, cause)
            self.cancelled(tx, case, effect, cause)

        registry.effects[CancelMeeting] = cancelled

    # ---- who comes

    def take(self, tx: Tx, row: MeetingRow, place: Invitee, other: Address, cause: Cause) -> None:
        """They come from now on in this place, as the caller agrees, and get the meeting."""
        before = stand_in_store.known(tx, place.id, other.folded)
        sent = before.seq_sent + (before.state == GONE) if before is not None else 0
        one = StandIn(place.id, other.folded, str(other), COMES, max(sent, row.sequence, place.seq_sent))
        stand_in_store.remember(tx, one)
        invitee_store.set_stand_in(tx, place.id)
        self._meetings.seat(tx, self._engine.case(tx, row.case_id), row, place, cause)
        if allow(tx, self._site.key, f"stand-in:{row.id}", other.folded, DAY, MOST_A_DAY):
            self._write(tx, row, place, one, TAKEN, cause)

    def agreed(self, tx: ReadTx, place: Invitee, other: Address | None) -> bool:
        """Whether the caller has agreed to them in this place, and they have not given it up since."""
        one = stand_in_store.of_place(tx, place.id)
        return one is not None and other is not None and one.folded == other.folded

    def delegated(self, tx: Tx, row: MeetingRow, place: Invitee, other: Address | None, cause: Cause) -> bool:
        """A place is delegated (again), to `other` or to nobody that is said; True when it is known that they come."""
        one = stand_in_store.of_place(tx, place.id)
        if one is None:
            return False
        if other is None or one.folded != other.folded:
            self._back(tx, row, place, one, cause)
            return False
        if one.state == COMES:  # said once more: they know it already
            invitee_store.set_stand_in(tx, place.id)
            self._meetings.seat(tx, self._engine.case(tx, row.case_id), row, place, cause)
        else:
            self.take(tx, row, place, other, cause)
        return True

    def declines(self, tx: Tx, place: Invitee) -> None:
        """Their own program has said no: the place is empty."""
        one = stand_in_store.of_place(tx, place.id)
        if one is not None:
            stand_in_store.remember(tx, replace(one, state=GONE))
            stand_in_store.give_up_seat(tx, place.id)

    # ---- what is heard

    def answered(self, tx: Tx, row: MeetingRow, place: Invitee, cause: Cause) -> None:
        """See Meetings.on_answered: whose place it is comes themselves, or nobody does."""
        if place.partstat == "DELEGATED":
            return
        one = stand_in_store.of_place(tx, place.id)
        if one is not None:
            self._back(tx, row, place, one, cause)

    def changed(self, tx: Tx, before: MeetingRow, row: MeetingRow, cause: Cause) -> None:
        """See Meetings.on_changed."""
        moved = before.told.when != row.told.when
        for one in stand_in_store.of_meeting(tx, row.id):
            place = invitee_store.invitee_by_id(tx, one.invitee)
            if place.partstat != "DELEGATED":
                what, state = (MOVED if moved else CHANGED), WAITS
            else:
                what, state = (TAKEN if moved else CHANGED), COMES
            number = max(row.sequence, place.seq_sent, one.seq_sent + moved)
            self._write(tx, row, place, replace(one, state=state, seq_sent=number), what, cause)

    def cancelled(self, tx: Tx, case: Case, effect: CancelMeeting, cause: Cause) -> None:
        """The meeting is off, with the caller's reason."""
        assert isinstance(case.data, Meeting)
        row = store.meeting(tx, case.data.meeting)
        for one in stand_in_store.of_meeting(tx, row.id):
            place = invitee_store.invitee_by_id(tx, one.invitee)
            gone = replace(one, state=GONE, seq_sent=max(row.sequence, one.seq_sent + 1))
            self._write(tx, row, place, gone, OFF, cause, reason=effect.reason)
        stand_in_store.forget_meeting(tx, row.id)

    def members_changed(self, tx: Tx, group: int, cause: Cause) -> None:
        """See Registry.members_changed: whose place it was has left."""
        for one in stand_in_store.of_those_who_left(tx, group):
            place = invitee_store.invitee_by_id(tx, one.invitee)
            self._back(tx, store.meeting(tx, place.meeting_id), place, one, cause)

    # ---- letters

    def _back(self, tx: Tx, row: MeetingRow, place: Invitee, one: StandIn, cause: Cause) -> None:
        """They are not expected any more."""
        gone = replace(one, state=GONE, seq_sent=max(row.sequence, one.seq_sent) + 1)
        self._write(tx, row, place, gone, BACK, cause)

    def _write(
        self, tx: Tx, row: MeetingRow, place: Invitee, one: StandIn, what: str, cause: Cause, *, reason: str = ""
    ) -> None:
        stand_in_store.remember(tx, one)
        known = people.by_address(tx, one.folded)
        language = known.language if known is not None else place.language
        partstat = PartStat.ACCEPTED if one.state == COMES else PartStat.TENTATIVE
        values: Values = {
            "group": api.group_values(api.group(tx, row.group_id), self._site.config),
            "meeting": row.id,
            "revision": row.revision,
            "key_of": place.key_of,
            "sequence": one.seq_sent,
            "stamp": store.next_stamp(tx, row.id),
            "partstat": str(partstat),
            "what": what,
            "who": place.shown,
            "instead": place.address,
            "by": people.by_id(tx, row.caller).shown if row.caller is not None else "",
            "reason": reason,
        }
        outgoing.letter(
            tx,
            self._site,
            Recipient(one.address, language, known.id if known is not None else None),
            LETTER,
            values,
            cause=cause.inbox_id,
            case_id=row.case_id,
            group_id=row.group_id,
            sender="bounces",
        )

    def enclose(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See registry.Encloser: with the calendar of their delegator's invitation."""
        values = spec.values
        if "meeting" not in values:
            return composer.letter(spec)
        number = int(str(values["meeting"]))
        row = store.meeting(tx, number)
        told = store.revision(tx, number, int(str(values["revision"])))
        spec = replace(spec, values={**told_values(told), **values})
        headers, text, html = composer.pieces(spec)
        by, who, instead = (str(values[name]) for name in ("by", "who", "instead"))
        name = f"{by} via {spec.group[1]}" if by else spec.group[1]
        organizer = Party(self._mailing.address(int(str(values["key_of"]))), name)
        kept = [(key, value) for key, value in headers if key not in ("From", "Reply-To")]
        headers = [("From", build.mailbox(name, organizer.address)), *kept]
        headers += [("Reply-To", build.mailbox(who, instead))] if parse_address(instead) else []
        meeting = as_calendar(row.uid, int(str(values["sequence"])), told)
        attendee, stamp = Party(spec.to_address, spec.to_name), Instant(int(str(values["stamp"])))
        if values["what"] in (OFF, BACK):
            content = invitation.cancel(meeting, organizer, attendee, stamp, str(values["reason"]))
            return invitation_mail(headers, text, html, content, "CANCEL")
        partstat = PartStat(str(values["partstat"]))
        content = invitation.request(meeting, organizer, attendee, stamp, partstat, instead_of=instead)
        return invitation_mail(headers, text, html, content, "REQUEST")
