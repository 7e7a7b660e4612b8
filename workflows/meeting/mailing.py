"""Letters with a calendar: asked for in the deciding transaction, written off the writer with what was so then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from mailsvc.cases import ask_store, question_store
from mailsvc.cases.model import Cause, Rule
from mailsvc.clock import Instant
from mailsvc.ids import CaseId, OutgoingId, QuestionId
from mailsvc.message import build
from mailsvc.site import Site
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import BULK, SMALL, Recipient, Values
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting.calendar import invitation
from workflows.meeting.calendar.event import Meeting, PartStat, Party, Status
from workflows.meeting.calendar.mail import invitation_mail
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.outside import outside_store
from workflows.meeting.store import MeetingRow, Told

if TYPE_CHECKING:
    from mailsvc.letters.compose import Composer, LetterSpec

PURPOSE: Final = "meeting"
"""What the keys of `meeting+KEY@` are made for: one for each membership, never revoked, never changed."""
RSVP: Final = "rsvp"
INVITATION: Final = "meeting/invitation"
CANCELLED: Final = "meeting/cancelled"
DECLINED_COUNTER: Final = "meeting/declined-counter"
METHODS: Final = {INVITATION: "REQUEST", CANCELLED: "CANCEL", DECLINED_COUNTER: "DECLINECOUNTER"}
FEW: Final = 100


def told_values(told: Told) -> Values:
    """A meeting as templates take it."""
    return {
        "about": told.title,
        "at": {"starts": told.starts, "ends": told.ends, "whole": told.whole_day},
        "place": told.place,
        "link": told.link,
        "agenda": told.agenda,
        "how": told.how,
    }


def as_calendar(uid: str, sequence: int, told: Told, *, status: Status = Status.CONFIRMED, url: str = "") -> Meeting:
    """A meeting as calendars tell it."""
    return Meeting(
        uid,
        sequence,
        Instant(told.starts),
        Instant(told.ends),
        told.zone,
        told.title,
        whole_day=told.whole_day,
        location=told.place,
        online=told.link,
        url=url,
        description=told.agenda,
        status=status,
    )


class Mailing:
    """Asks for these letters, and is their encloser."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def address(self, key_of: int) -> str:
        """The ORGANIZER of a member's invitations, to which their answers come back."""
        return f"meeting+{self._site.key.key_for(PURPOSE, key_of)}@{self._site.config.site.domain}"

    def ask(
        self,
        tx: Tx,
        template: str,
        row: MeetingRow,
        invitee: Invitee,
        sequence: int,
        stamp: Instant,
        cause: Cause,
        *,
        who: str,
        partstat: str = "NEEDS-ACTION",
        many: bool = False,
        **more: object,
    ) -> OutgoingId:
        """One letter with a calendar; an invitation can be answered in words too. `who` calls the meeting."""
        values: Values = {
            "meeting": row.id,
            "revision": row.revision,
            "key_of": invitee.key_of,
            "sequence": sequence,
            "stamp": stamp,
            "partstat": partstat,
            "who": who,
            "until": row.answer_by,
            "room": row.capacity,
            **more,
        }
        asks = template == INVITATION
        sent = outgoing.letter(
            tx,
            self._site,
            Recipient(invitee.address, invitee.language, invitee.person),
            template,
            {**values, "vocabulary": RSVP} if asks else values,
            cause=cause.inbox_id,
            case_id=row.case_id,
            group_id=row.group_id,
            sender="bounces",
            priority=BULK if many else SMALL,
        )
        if asks:
            question = self.question(tx, row.case_id, invitee)
            if partstat == "NEEDS-ACTION":
                question_store.reopen_question(tx, question)
            elif row.caller == invitee.person and question_store.question(tx, question).state == "open":
                question_store.answer_question(
                    tx, question, "yes", "", None
                )  # whoever calls a meeting is not asked whether
            ask_store.insert_ask(tx, self._site.key, sent, invitee.person, [question])
        return sent

    def again(
        self,
        tx: Tx,
        row: MeetingRow,
        one: Invitee,
        cause: Cause,
        *,
        who: str,
        changed: Sequence[str] = (),
        many: bool = False,
    ) -> None:
        """What somebody has got already as it is now: the same SEQUENCE, their own answer, a later DTSTAMP."""
        stamp = store.next_stamp(tx, row.id)
        if row.state == "cancelled":
            self.ask(tx, CANCELLED, row, one, one.seq_sent, stamp, cause, who=who, why="off", reason="", comment="")
            return
        answered = "" if one.partstat == "NEEDS-ACTION" else one.partstat
        said: Values = {"changed": list(changed), "answered": answered, "again": False, "own": one.person == row.caller}
        self.ask(
            tx, INVITATION, row, one, one.seq_sent, stamp, cause, who=who, partstat=one.partstat, many=many, **said
        )

    def question(self, tx: Tx, case_id: CaseId, invitee: Invitee) -> QuestionId:
        """The question of somebody who is invited: the one there is, since the last answer counts, or a new one."""
        known = self.known_question(tx, case_id, invitee)
        if known is not None:
            return known
        return question_store.insert_question(tx, case_id, RSVP, Rule.COLLECT, invitee.person)

    def known_question(self, tx: ReadTx, case_id: CaseId, invitee: Invitee) -> QuestionId | None:
        """The question that somebody has been asked already."""
        known = invitee_store.rsvp_question(tx, case_id, invitee.person)
        return QuestionId(known) if known is not None else None

    def reply(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See registry.Encloser: the network's answer to the calendar of whoever invited it, the tally in COMMENT."""
        values = spec.values
        known = outside_store.outside(tx, int(str(values["outside"])))
        told = msgspec.convert(values["told"], Told)
        headers, text, html = composer.pieces(spec)
        name = spec.group[1]
        headers = [(key, build.mailbox(name, known.invited) if key == "From" else value) for key, value in headers]
        meeting = replace(
            as_calendar(known.uid, int(str(values["sequence"])), told),
            recurrence_id=Instant(int(str(values["original"]))) if values["original"] else None,
        )
        comment = " ".join(text.partition("\n\n")[0].split())
        stamp = Instant(int(str(values["stamp"])))
        partstat = PartStat(str(values["partstat"]))
        caller = Party(known.organizer or spec.to_address, spec.to_name)
        content = invitation.reply(meeting, caller, Party(known.invited, name), partstat, stamp, comment)
        return invitation_mail(headers, text, html, content, "REPLY")

    def enclose(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See registry.Encloser: the letter with its calendar; the question alone where it is put once more."""
        values = spec.values
        if "meeting" not in values:
            return composer.letter(spec)
        number = int(str(values["meeting"]))
        row = store.meeting(tx, number)
        told = store.revision(tx, number, int(str(values["revision"])))
        group = {"name": spec.group_name, "title": spec.group_title}
        introducer = notes_store.introducer(tx, number)
        spec = replace(spec, values={"group": group, **told_values(told), "introducer": introducer, **values})
        headers, text, html = composer.pieces(spec)
        name = f"{values['who']} via {spec.group[1]}" if values["who"] else spec.group[1]
        organizer = Party(self.address(int(str(values["key_of"]))), name)
        headers = [(key, build.mailbox(name, organizer.address) if key == "From" else value) for key, value in headers]
        content = self._calendar(spec, row.uid, told, organizer)
        files = outside_store.files(tx, number) if spec.template == INVITATION else ()
        return invitation_mail(headers, text, html, content, METHODS[spec.template], files)

    def _calendar(self, spec: LetterSpec, uid: str, told: Told, organizer: Party) -> bytes:
        values = spec.values
        attendee = Party(spec.to_address, spec.to_name)
        stamp = Instant(int(str(values["stamp"])))
        comment = str(values.get("comment", ""))
        meeting = as_calendar(uid, int(str(values["sequence"])), told)
        method = METHODS[spec.template]
        if method == "REQUEST":
            partstat = PartStat(str(values["partstat"]))
            return invitation.request(meeting, organizer, attendee, stamp, partstat, comment)
        make = invitation.cancel if method == "CANCEL" else invitation.decline_counter
        return make(meeting, organizer, attendee, stamp, comment)
