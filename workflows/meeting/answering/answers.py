"""Answers that calendars send: to `meeting+KEY@`, and to any other address of ours where a program has put them.

The key names the membership, the UID the meeting; who answers is told by ATTENDEE or From (3-mail "Answers as clients
really send them"). What cannot be matched is nobody's answer and records nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from mailsvc import arriving
from mailsvc.cases import ask_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Case, Tell
from mailsvc.clock import DAY
from mailsvc.errors import Reason
from mailsvc.ids import PersonId
from mailsvc.message.address import Address, parse_address
from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.rates import allow
from mailsvc.registry import Handled, Handler, Incoming, Registry, Target
from mailsvc.routing import ANSWER
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import invitee_store, store
from workflows.meeting.answering import counter
from workflows.meeting.answering.arrived import CALENDAR, OTHER, Arrived
from workflows.meeting.answering.delegating import Delegating
from workflows.meeting.answering.proposed import proposed
from workflows.meeting.answering.to_organizer import token_meant
from workflows.meeting.answering.written import written
from workflows.meeting.case import Meeting
from workflows.meeting.foreign.reading import CalendarMessage, read_mail
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.mailing import PURPOSE, Mailing, told_values
from workflows.meeting.meetings import Meetings
from workflows.meeting.store import MeetingRow

HANDLER: Final = "calendar"
_KEYED: Final = re.compile(r"meeting\+([0-9a-f]{1,16}-[a-z2-7]{26})")
_MEANINGS: Final = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "maybe", "DELEGATED": "delegated"}
TAKEN: Final = ("REPLY", "COUNTER", "REFRESH")
"""The methods (RFC 5546 §3.2) with which whoever is invited writes to us."""
LONGEST_COMMENT: Final = 2000
MOST_ANSWERS: Final = 10
MOST_SENT_AGAIN: Final = 2


def route(_tx: ReadTx, local: str) -> Target | None:
    """`meeting+KEY@`: accepted when it is well formed, so that the reply at RCPT tells nothing."""
    match = _KEYED.fullmatch(local)
    return Target(HANDLER, argument=match[1]) if match else None


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer, matched: the meeting, whose invitation it answers, and who wrote."""

    row: MeetingRow
    invitee: Invitee
    message: CalendarMessage
    way: str


class CalendarAnswers:
    """Handles `meeting+KEY@`, and looks at what comes to `reply+TOKEN@` and `cases@` before anybody reads its text."""

    def __init__(self, registry: Registry, engine: Engine, meetings: Meetings, delegating: Delegating) -> None:
        self._registry = registry
        self._engine = engine
        self._site = registry.site
        self._config = registry.site.config
        self._meetings = meetings
        self._delegating = delegating

    # ---- handlers

    def __call__(self, tx: Tx, mail: Incoming, target: Target) -> Handled:
        """See registry.Handler: mail to a member's ORGANIZER address."""
        number = self._site.key.number_in(PURPOSE, target.argument)
        owner = invitee_store.person_of_membership(tx, number) if number is not None else None
        messages = self.messages(mail)
        if messages and messages[0].method in TAKEN:
            return self.take(tx, mail, owner, messages)
        if messages and not self._enclosed(tx, mail, messages):
            # a REQUEST or CANCEL to an address that only takes answers, a free/busy question, ...
            return Handled(Reason.UNKNOWN_TOKEN, quarantined=True)
        token = token_meant(tx, self._site.key, number, mail) if number is not None else ""
        return self._registry.handlers[ANSWER](tx, mail, Target(ANSWER, argument=token))

    def before(self, handler: Handler) -> Handler:
        """`handler` (of answers in words), with calendars' answers taken out first."""

        def first(tx: Tx, mail: Incoming, target: Target) -> Handled:
            messages = self.messages(mail)
            if messages and messages[0].method in TAKEN:
                ask = ask_store.ask_by_token(tx, target.argument) if target.argument else None
                owner = ask.person_id if ask is not None and ask.live else None
                return self.take(tx, mail, owner, messages)
            return handler(tx, mail, target)

        return first

    def messages(self, mail: Incoming) -> tuple[CalendarMessage, ...]:
        """The events of the calendar that a mail carries; () for none."""
        return mail.once(lambda one: read_mail(one.message, self._config.site.timezone)) if self._may_be(mail) else ()

    def _may_be(self, mail: Incoming) -> bool:
        """A bounce that carries an invitation, or what a mail system made of it, is nobody's answer."""
        kinds = {part.content_type for part in mail.message.parts}
        if mail.message.content_type == "multipart/report" or not kinds & _CALENDARS:
            return any(part.name.lower().endswith(".ics") for part in mail.message.parts)
        return True

    def _enclosed(self, tx: ReadTx, mail: Incoming, messages: tuple[CalendarMessage, ...]) -> bool:
        """An answer in words to a letter of ours whose invitation the program has sent back along with it."""
        return bool(mail.message.references) and store.meeting_with_uid(tx, messages[0].uid) is not None

    # ---- one answer

    def take(self, tx: Tx, mail: Incoming, owner: PersonId | None, messages: tuple[CalendarMessage, ...]) -> Handled:
        """Count an answer, ask the caller about a proposed time, send an invitation again: what TAKEN ask for.

        `owner` is whose key the mail came to; without one the author counts only for themselves.
        """
        if mail.message.content_type == "multipart/report" or self._machine(mail):
            return Handled(Reason.AUTOMATIC, quarantined=True)
        if str(mail.evidence.d) == "fail" and owner is None:
            return Handled(Reason.FORGED, quarantined=True)
        done = Reason.UNKNOWN_TOKEN
        for message in self._of_ours(tx, messages):
            if message.method == "REFRESH":
                return self._refresh(tx, mail, owner, message)
            found = self._match(tx, mail, owner, message)
            if found is None:
                continue
            done = Reason.ANSWERED
            if found.row.state != "called":
                done = Reason.ALREADY_DECIDED
            elif message.method == "COUNTER":
                self._counter(tx, mail, found)
            else:
                self._reply(tx, mail, found)
        return Handled(done, quarantined=done is Reason.UNKNOWN_TOKEN)

    def _of_ours(self, tx: ReadTx, messages: tuple[CalendarMessage, ...]) -> tuple[CalendarMessage, ...]:
        """Of several events of one answer the one about the time at which ours is: all of ours are single ones."""
        row = store.meeting_with_uid(tx, messages[0].uid) if len(messages) > 1 else None
        if row is None:
            return messages
        named = [one for one in messages if one.recurrence_id is not None]
        own = [one for one in named if one.recurrence_id == row.told.starts]
        return tuple(own or [one for one in messages if one.recurrence_id is None] or named)[:1]

    def _machine(self, mail: Incoming) -> bool:
        """Our own mail coming back, and what mail systems write; clients' answers may carry marks of machines."""
        sign = classify(mail.message, mail.envelope.reverse_path, self._config.domains)
        author = mail.message.from_address
        ours = author is not None and author.ascii_domain in self._config.domains
        return ours or (sign.verdict is Verdict.CERTAIN and not mail.envelope.reverse_path)

    def _match(self, tx: Tx, mail: Incoming, owner: PersonId | None, message: CalendarMessage) -> _Found | None:
        """Whose answer to which meeting it is; without a key it must come from one of the member's own addresses."""
        row = store.meeting_with_uid(tx, message.uid)
        if row is None:
            return None
        author = mail.message.from_address
        message = self._as_said(tx, author, message)
        named = message.answering.address if message.answering is not None else ""
        for address in (named, str(author) if author is not None else ""):
            person = self._person(tx, address)
            invitee = invitee_store.invitee(tx, row.id, person) if person is not None else None
            own = self._person(tx, str(author)) if author is not None else None
            if invitee is None or not invitee.invited:
                continue
            if owner is None and own != person:
                continue  # anybody can write a name into a calendar: without the key the author counts alone
            if owner not in (None, person) and own != person:
                continue
            return _Found(row, invitee, message, CALENDAR)
        if owner is None:
            return None
        return self._by_key(tx, mail, row, owner, author, message)

    def _as_said(self, tx: ReadTx, author: Address | None, message: CalendarMessage) -> CalendarMessage:
        """With the author as the only attendee, where several have an answer.

        A delegate's answer names who sends them too, with DELEGATED (RFC 5546 §4.2.6): that is not its author's.
        """
        said = [one for one in message.attendees if one.partstat not in ("", "NEEDS-ACTION")]
        if author is None or not 1 < len(said) <= MOST_ANSWERS:
            return message
        person = self._person(tx, str(author))
        own = [one for one in said if one.address.casefold() == str(author).casefold()]
        own = own or [one for one in said if person is not None and self._person(tx, one.address) == person]
        return replace(message, attendees=(own[0],)) if len(own) == 1 else message

    def _by_key(
        self, tx: Tx, mail: Incoming, row: MeetingRow, owner: PersonId, author: Address | None, message: CalendarMessage
    ) -> _Found | None:
        """With the member's key, but from an address that is not theirs: another person, or nobody we know."""
        invitee = invitee_store.invitee(tx, row.id, owner)
        if invitee is None or not invitee.invited:
            return None
        known = self._person(tx, str(author)) if author is not None else None
        if known == owner:
            return _Found(row, invitee, message, CALENDAR)
        partstat = message.answering.partstat if message.answering is not None else ""
        said: Values = {"partstat": partstat, "text": self._comment(mail, message, row.told.title)}
        if self._delegating.of_stand_in(tx, row, invitee, author, said, arriving.cause_of(mail, owner)):
            return _Found(row, invitee, _shown_only(message), OTHER)
        named = self._person(tx, message.answering.address) if message.answering is not None else None
        if known is None and named not in (None, owner):
            return None  # a stranger in the name of somebody else of us, with a third one's key
        case = self._engine.case(tx, row.case_id)
        who, text = str(author or ""), self._comment(mail, message, row.told.title)
        sent_by = message.answering.delegated_from if message.answering is not None else ""
        theirs = sent_by and self._person(tx, sent_by) == owner
        if known is None and (theirs or self._delegating.stands_in(tx, invitee, sent_by)):
            # who comes instead of them, as the caller decides: no answer of theirs
            said = {
                "what": "stand-in",
                "who": who,
                "partstat": partstat,
                "text": text,
                "then": 0,
            }
            self._tell_caller(tx, case, row, said, mail)
            return _Found(row, invitee, _shown_only(message), OTHER)
        if known is not None:  # somebody else of us, who is not invited: shown, and not counted
            said = {
                "what": "not-invited",
                "who": who,
                "partstat": partstat,
                "text": text,
                "then": 0,
            }
            self._tell_caller(tx, case, row, said, mail)
            return _Found(row, invitee, _shown_only(message), OTHER)
        counts = invitee.answered_by in ("", OTHER)
        values = {"address": who, "partstat": partstat, "counted": counts, "invited": invitee.address}
        if allow(tx, self._site.key, f"other-address:{row.id}", invitee.address.lower(), DAY, 1):
            to = Recipient(invitee.address, invitee.language, invitee.person)
            group = {"group": _meeting(case).group}
            letter = Tell(to, "meeting/other-address", {**group, **told_values(row.told), **values})
            self._engine.tell(tx, case, letter, arriving.cause_of(mail, owner))
        return _Found(row, invitee, message if counts else _shown_only(message), OTHER)

    def _reply(self, tx: Tx, mail: Incoming, found: _Found) -> None:
        who = found.message.answering
        partstat = who.partstat if who is not None else ""
        text = self._comment(mail, found.message, found.row.told.title)
        cause = arriving.cause_of(mail, found.invitee.person)
        if who is None or partstat not in _MEANINGS:
            return
        stamp = found.message.dtstamp if found.message.dtstamp is not None else mail.message.date
        guests = who.guests if partstat != "DELEGATED" else 0
        how = Arrived(found.way, found.message.sequence, stamp, guests)
        event = Answered("rsvp", _MEANINGS[partstat], found.invitee.person, how.write(), text)
        self._meetings.answered(tx, found.row.case_id, event, cause)
        after = invitee_store.invitee_by_id(tx, found.invitee.id)
        if after.partstat == "DELEGATED" and after.mark != found.invitee.mark:
            self._delegating.delegated(tx, found.row, after, who.delegated_to, text, cause)

    def _counter(self, tx: Tx, mail: Incoming, found: _Found) -> None:
        """Another time is proposed: the caller decides. What is answered for the time that there is counts as well."""
        self._reply(tx, mail, found)
        told = found.row.told
        other = proposed(found.message, told, self._config.site.timezone)
        if other is None or other.starts <= tx.now or found.way != CALENDAR:
            return
        case = self._engine.case(tx, found.row.case_id)
        data = counter.Counter(
            found.row.id,
            int(found.row.group_id),
            _meeting(case).group,
            _meeting(case).caller,
            found.invitee.id,
            found.invitee.shown,
            told,
            int(other.starts),
            int(other.ends),
            self._comment(mail, found.message, found.row.told.title),
            int(found.row.case_id),
            whole=other.whole,
        )
        cause = arriving.cause_of(mail, found.invitee.person)
        self._engine.open(
            tx,
            counter.KIND,
            data,
            cause,
            group=found.row.group_id,
            subject=f"counter:{found.invitee.id}:{other.starts}",
            started_by=found.invitee.person,
        )

    def _refresh(self, tx: Tx, mail: Incoming, owner: PersonId | None, message: CalendarMessage) -> Handled:
        """Whoever asks for it (RFC 5546 §3.2.6) gets the invitation as it is now, at their own address."""
        row = store.meeting_with_uid(tx, message.uid)
        author = mail.message.from_address
        person = owner if owner is not None else self._person(tx, str(author or ""))
        one = invitee_store.invitee(tx, row.id, person) if row is not None and person is not None else None
        if row is None or one is None or not one.invited or row.state == "held":
            return Handled(Reason.UNKNOWN_TOKEN, quarantined=True)
        if not one.silent and allow(tx, self._site.key, f"refresh:{row.id}", one.address, DAY, MOST_SENT_AGAIN):
            who = people.by_id(tx, row.caller).shown if row.caller is not None else ""
            Mailing(self._site).again(tx, row, one, arriving.cause_of(mail, one.person), who=who)
        return Handled(Reason.ANSWERED)

    # ---- small things

    def _tell_caller(self, tx: Tx, case: Case, row: MeetingRow, said: Values, mail: Incoming) -> None:
        values = {"group": _meeting(case).group, **told_values(row.told), **said}
        to = _meeting(case).caller
        self._engine.tell(tx, case, Tell(to, "meeting/told", values), arriving.cause_of(mail, to))

    def _person(self, tx: ReadTx, address: str) -> PersonId | None:
        parsed = parse_address(address) if address else None
        person = people.by_address(tx, parsed.folded) if parsed is not None else None
        return person.id if person is not None else None

    def _comment(self, mail: Incoming, message: CalendarMessage, title: str) -> str:
        """What is said with an answer, in the calendar or, by programs that leave it there, in the mail alone."""
        text = message.comment.strip()
        if not text:
            names = (title, message.summary, *(one.name for one in message.attendees))
            new = newly_written(mail.message, self._config.reading.banners).text
            text = written(new, message.product, (*names, mail.message.from_.display_name))
        return without_tokens(text[:LONGEST_COMMENT])


_CALENDARS: Final = frozenset({"text/calendar", "application/ics", "application/calendar"})


def _shown_only(message: CalendarMessage) -> CalendarMessage:
    """The message without what it answers: it was shown, and counts nothing."""
    return replace(message, attendees=())


def _meeting(case: Case) -> Meeting:
    assert isinstance(case.data, Meeting)
    return case.data
