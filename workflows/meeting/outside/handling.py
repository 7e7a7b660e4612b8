"""Calling from a calendar: an invitation to a network's own address becomes real ones, and the caller's is followed.

Whoever may call meetings invites the network in Outlook, Google or Apple; our invitations have a UID of our own and go
to the members, none to the caller nor to who is an attendee of the caller's already. Updates and cancellations of the
same event (RFC 5546 §3.2.2, §3.2.5), of all of a series or of one time, change our meetings; Outlook's recall calls
them off. Who may not call asks the moderators; strangers' invitations wait like their posts (3-mail "Invitations").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from lists import api
from mailsvc import arriving
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.clock import DAY, Instant
from mailsvc.errors import Reason
from mailsvc.message.address import Address, parse_address
from mailsvc.message.automatic import Verdict, classify
from mailsvc.message.evidence import lacking
from mailsvc.message.header_edit import is_looping
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.rates import allow
from mailsvc.registry import Handled, Handler, Incoming, Registry, Target
from mailsvc.store import inbox, outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient
from workflows.meeting import store
from workflows.meeting.answering.answers import TAKEN, CalendarAnswers
from workflows.meeting.call import CONFIRM, MODERATORS, NOW, Begin
from workflows.meeting.desk import CALLING, Desk
from workflows.meeting.foreign.reading import CalendarMessage
from workflows.meeting.mailing import Mailing
from workflows.meeting.meetings import Meetings
from workflows.meeting.outside import outside_store
from workflows.meeting.outside.call import CALENDAR_CALL, KIND, CalendarCall
from workflows.meeting.outside.following import Following
from workflows.meeting.outside.going import GoingOn
from workflows.meeting.outside.outside_store import Outside
from workflows.meeting.outside.own import OwnEntries
from workflows.meeting.outside.reading import Asked, as_plan, most, read_asked, read_files
from workflows.meeting.outside.series import (
    Wanted,
    coming,
    told_apart,
)
from workflows.meeting.outside.tally import Tallies

RECALLED_DAYS: Final = 30
_ANSWERS: Final = (*TAKEN, "DECLINECOUNTER")
_NAMED: Final = 60


class OutsideCalls:
    """Takes calendars' invitations out of what comes to a network, and keeps to them."""

    def __init__(
        self, registry: Registry, engine: Engine, meetings: Meetings, calendars: CalendarAnswers, desk: Desk
    ) -> None:
        self._engine = engine
        self._site = registry.site
        self._config = registry.site.config
        self._meetings = meetings
        self._calendars = calendars
        self._desk = desk
        self._going = GoingOn(registry, engine, meetings)
        self._tallies = Tallies(registry.site, meetings)
        self._following = Following(registry, engine, meetings, self._going, self._tallies)

    def register(self, registry: Registry, mailing: Mailing) -> None:
        """What it brings, over what the desk and the summaries are registered for."""
        registry.kinds[CALENDAR_CALL.name] = CALENDAR_CALL
        self._going.register(registry)
        registry.effects[Begin] = self.begin
        self._tallies.register(registry, mailing)
        for name in ("post", "meeting"):
            registry.handlers[name] = self.before(registry.handlers[name])
        OwnEntries(registry).register(registry, self._meetings)
        registry.erasers.append(lambda tx, person, _addresses: outside_store.forget_person(tx, person))

    def before(self, handler: Handler) -> Handler:
        """`handler` (of posts, of calls by mail), with invitations from calendars and their recalls taken out first."""

        def first(tx: Tx, mail: Incoming, target: Target) -> Handled:
            found = self._look(tx, mail, target)
            return found if found is not None else handler(tx, mail, target)

        return first

    def _look(self, tx: Tx, mail: Incoming, target: Target) -> Handled | None:
        """What was done with it; None for what is the handler's own."""
        if target.group is None:
            return None
        if mail.message.recall:
            return self._recalled(tx, mail, target.group)
        messages = self._calendars.messages(mail)
        if messages and messages[0].method in _ANSWERS:
            return self._answered(tx, mail, target.group, messages)
        if not messages or messages[0].method not in ("REQUEST", "ADD", "CANCEL"):
            return None
        group = api.group(tx, target.group)
        invited = self._invited(tx, group, messages)
        if not invited and messages[0].method != "REQUEST":
            # What is only added or called off need not name all who are invited (RFC 5546 §3.2.4, §3.2.5).
            known = outside_store.with_uid(tx, group.id, messages[0].uid)
            invited = known[0].invited if known else ""
        if not invited and messages[0].method == "ADD":
            return Handled(Reason.UNKNOWN_TOKEN, quarantined=True)
        return self._take(tx, mail, group, invited, messages) if invited else None

    def _answered(self, tx: Tx, mail: Incoming, group: int, messages: tuple[CalendarMessage, ...]) -> Handled | None:
        """A calendar's answer is never a post: to one of our meetings it counts, to what the network sends it ends.

        Somebody may show the others a file, which is a post.
        """
        uid, method = messages[0].uid, messages[0].method
        if method in TAKEN and store.meeting_with_uid(tx, uid) is not None:
            return self._calendars.take(tx, mail, None, messages)
        if not any(part.content_type == "text/calendar" and not part.enclosed for part in mail.message.parts):
            return None
        author = mail.message.from_address
        person = people.by_address(tx, author.folded) if author is not None else None
        callers = {one.caller for one in outside_store.with_uid(tx, group, uid)}
        if method == "DECLINECOUNTER" and person is not None and person.id in callers:
            return Handled(Reason.ANSWERED)  # the caller keeps their own entry as it is, and has been told of ours
        return Handled(Reason.UNKNOWN_TOKEN, quarantined=True)

    def _invited(self, tx: ReadTx, group: api.Group, messages: Sequence[CalendarMessage]) -> str:
        """The address of the network among the attendees; "" where somebody only passes an invitation on."""
        for user in (user for one in messages for user in one.attendees):
            address = parse_address(user.address) if user.address else None
            if address is None or address.ascii_domain not in self._config.domains:
                continue
            local = address.folded.rpartition("@")[0]
            named = api.group_at(tx, local) or api.group_at(tx, local.removesuffix("-meeting"))
            if named is not None and named.id == group.id:
                return user.address
        return ""

    # ---- one message of a calendar

    def _take(
        self, tx: Tx, mail: Incoming, group: api.Group, invited: str, messages: Sequence[CalendarMessage]
    ) -> Handled | None:
        refused = self._refused(mail, group)
        author = mail.message.from_address
        if refused is not None or author is None:
            return refused
        person = people.by_address(tx, author.folded)
        member = api.membership(tx, group.id, person.id) if person is not None else None
        if person is None or member is None or not member.active:
            return None  # held as a stranger's post is, or answered as a stranger's call
        again = self._again(tx, mail, group, author)
        if again is not None:
            return again
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        if lacks is not None or (self._config.security.strict and not mail.evidence.signed):
            return self._unproven(tx, mail, group, person, lacks or Reason.NOT_SIGNED)
        known, asked = self._asked(tx, group, member, person, messages)
        needless = self._needless(tx, group, person, known, asked, messages[0])
        if needless is not None:
            return needless
        called = known is not None and outside_store.has_times(tx, known.id)
        if called and str(mail.evidence.d) == "weak":
            return self._unproven(tx, mail, group, person, Reason.UNPROVEN)
        if messages[0].method == "CANCEL" or messages[0].status == "CANCELLED":
            if known is None:
                return Handled(Reason.UNKNOWN_TOKEN, quarantined=True)
            self._following.called_off(tx, known, asked, arriving.cause_of(mail, known.caller))
            return Handled(Reason.ANSWERED)
        if known is not None and called:
            self._following.follow(tx, known, asked, read_files(mail.message), arriving.cause_of(mail, known.caller))
            return Handled(Reason.ANSWERED)
        if known is not None:
            self._following.drop(tx, known, arriving.cause_of(mail, person.id))
        if asked.single and not asked.wanted:
            return Handled(Reason.UNKNOWN_TOKEN, quarantined=True)
        self._call(tx, mail, group, member, person, invited, asked, messages[0])
        return Handled(Reason.MEETING_CALLED)

    def _needless(
        self, tx: Tx, group: api.Group, person: Person, known: Outside | None, asked: Asked, event: CalendarMessage
    ) -> Handled | None:
        """What says nothing new, or is about single times of what is not called yet, for which it is kept."""
        if known is None:
            return Handled(Reason.DUPLICATE) if self._passed_on(tx, group, person, event) else None
        if self._late(tx, known, asked):
            return Handled(Reason.DUPLICATE)
        return Handled(Reason.ANSWERED) if asked.single and self._waits_apart(tx, known, asked) else None

    def _refused(self, mail: Incoming, group: api.Group) -> Handled | None:
        """What is dropped as at every desk; a calendar program's own marks of machines are none."""
        author = mail.message.from_address
        sign = classify(mail.message, mail.envelope.reverse_path, self._config.domains)
        machine = sign.verdict is Verdict.CERTAIN and not mail.envelope.reverse_path
        if author is None or machine or mail.message.content_type == "multipart/report":
            return Handled(Reason.AUTOMATIC, quarantined=True)
        if str(mail.evidence.d) == "fail" or author.ascii_domain in self._config.domains:
            return Handled(Reason.FORGED, quarantined=True)
        if is_looping(mail.message.content, f"{group.name}@{self._config.site.domain}"):
            return Handled(Reason.LOOP, quarantined=True)
        return None

    def _again(self, tx: Tx, mail: Incoming, group: api.Group, author: Address) -> Handled | None:
        message_id = mail.message.message_id or mail.digest.hex()
        days = self._config.limits.duplicate_days
        before = inbox.seen(tx, f"outside:{group.id}", message_id, mail.digest, mail.inbox_id, days)
        if before is not None and before.same:
            return Handled(Reason.DUPLICATE)
        limit = self._config.limits.person_letters_per_day
        if not allow(tx, self._site.key, "person", author.folded, DAY, limit):
            return Handled(Reason.LIMIT, quarantined=True)
        return None

    def _known(self, tx: ReadTx, group: api.Group, uid: str, member: api.Membership, person: Person) -> Outside | None:
        """The event, when this is its caller, or a moderator who has it from them; nobody else moves it."""
        found = outside_store.with_uid(tx, group.id, uid)
        own = next((one for one in found if one.caller == person.id), None)
        return own or (found[0] if found and member.moderates else None)

    def _asked(
        self,
        tx: ReadTx,
        group: api.Group,
        member: api.Membership,
        person: Person,
        messages: Sequence[CalendarMessage],
    ) -> tuple[Outside | None, Asked]:
        """What is asked for, and the event that it is about, when it is known already."""
        house = self._meetings.house()
        asked = read_asked(messages, house, tx.now, self._config.meetings.ahead)
        known = self._known(tx, group, asked.uid, member, person)
        if known is not None and asked.single and not asked.added:
            asked = asked.as_known(self._names(tx, known), house.zone)
        return known, asked

    def _names(self, tx: ReadTx, known: Outside) -> frozenset[int]:
        """How the times that are called, and the next ones, are named."""
        series = outside_store.series(tx, known.id)
        later = coming(series, tx.now, _NAMED) if series is not None else ()
        called = (int(original) for original, _ in outside_store.coming_times(tx, known.id))
        return frozenset((*called, *(one.original for one in later)))

    def _late(self, tx: ReadTx, known: Outside, asked: Asked) -> bool:
        """Whether it is older than what was read; each time of a series counts its own SEQUENCE (RFC 5546 §2.1.4)."""
        mark = (asked.sequence, asked.stamp)
        if not asked.single:
            # Called off or over: some programs take the same identifier for a new event and count from 0 again.
            anew = outside_store.has_times(tx, known.id) and not outside_store.coming_times(tx, known.id)
            return mark < (known.sequence, known.stamp) and not (anew and asked.stamp > known.stamp)
        own = outside_store.mark(tx, known.id, asked.originals)
        if own is not None and mark < own:
            return True
        return asked.sequence <= known.sequence and asked.stamp < known.stamp

    def _passed_on(self, tx: ReadTx, group: api.Group, person: Person, event: CalendarMessage) -> bool:
        """Whether a member passes on what the network is invited to already, by the one who organizes it."""
        organizer = parse_address(event.organizer.address) if event.organizer is not None else None
        whose = people.by_address(tx, organizer.folded) if organizer is not None else None
        if whose is None or whose.id == person.id:
            return False
        found = outside_store.with_uid(tx, group.id, event.uid)
        return any(one.caller == whose.id and outside_store.coming_times(tx, one.id) for one in found)

    def _waits_apart(self, tx: Tx, known: Outside, asked: Asked) -> bool:
        """Of a series that waits for an answer single times are told: kept until it is called."""
        series = outside_store.series(tx, known.id)
        if series is None or known.case_id is None or outside_store.has_times(tx, known.id):
            return False
        if self._engine.case(tx, known.case_id).state in CALENDAR_CALL.final:
            return False
        outside_store.set_series(tx, known.id, told_apart(series, asked.wanted, asked.off, tx.now))
        self._following.read(tx, known, asked)
        return True

    def _unproven(self, tx: Tx, mail: Incoming, group: api.Group, person: Person, why: Reason) -> Handled:
        if allow(tx, self._site.key, f"meeting:{group.id}", person.folded, DAY, 1):
            values = {
                "group": api.group_values(group, self._config),
                "state": "unproven", "about": mail.message.subject[:200], "who": "", "by": "", "reason": "",
                "shape": "one", "times": [],
            }  # fmt: skip
            to = Recipient(person.address, person.language, person.id)
            outgoing.letter(tx, self._site, to, "meeting/state", values, cause=mail.inbox_id, group_id=group.id)
        return Handled(why, quarantined=True)

    # ---- calling

    def _call(
        self,
        tx: Tx,
        mail: Incoming,
        group: api.Group,
        member: api.Membership,
        person: Person,
        invited: str,
        asked: Asked,
        event: CalendarMessage,
    ) -> None:
        organizer = event.organizer.address if event.organizer is not None else ""
        own = {one.folded for one in people.addresses(tx, person.id)}
        # The answer goes to an address of the caller's alone: anybody can write an ORGANIZER.
        address = parse_address(organizer) if organizer else None
        to = organizer if address is not None and address.folded in own else str(mail.message.from_address)
        # Of one time alone nothing is known yet of the whole: whatever comes of that later is newer.
        mark = (0, Instant(0)) if asked.single else (asked.sequence, asked.stamp)
        number = outside_store.insert(tx, group.id, person.id, asked.uid, to, invited, *mark)
        files = read_files(mail.message)
        outside_store.set_files(tx, number, files.kept)
        there = self._following.there(tx, person, asked)
        series = msgspec.structs.replace(asked.series, there=there) if asked.series is not None else None
        outside_store.set_series(tx, number, series)
        right = NOW if str(mail.evidence.d) == "pass" else CONFIRM
        place = "\n".join(filter(None, (event.location, event.online)))
        given = {"title": asked.title, "where": place, "agenda": event.description.strip()}
        house = self._meetings.house()
        data = CalendarCall(
            int(group.id),
            api.group_values(group, self._config),
            person.id,
            person.shown,
            person.language,
            right if member.role in CALLING else MODERATORS,
            api.count_members(tx, group.id),
            house,
            mail.message.subject,
            "",
            values={key: value for key, value in given.items() if value},
            asks=asked.questions,
            plan=as_plan(asked.wanted, house, more=asked.goes_on(tx.now))
            if asked.wanted and not asked.questions
            else None,
            outside=number,
            wanted=asked.wanted,
            there=there,
            left_out=files.left_out,
        )
        cause = arriving.cause_of(mail, person.id)
        case_id = self._engine.open(tx, KIND, data, cause, group=group.id, subject="call", started_by=person.id)
        outside_store.set_case(tx, number, case_id)
        self._following.read(tx, outside_store.outside(tx, number), asked)

    def begin(self, tx: Tx, case: Case, effect: Begin, cause: Cause) -> None:
        """See `Begin`: what a calendar asked for is called, and the calendar answered; other calls as the desk does."""
        data = case.data
        if not isinstance(data, CalendarCall) or effect.plan.shape == "poll":
            self._desk.begin(tx, case, effect, cause)
            return
        wanted = data.wanted
        if "when" in data.values:  # the caller was asked when, and has answered in words
            times = range(len(effect.plan.times))
            wanted = tuple(Wanted(effect.plan.times[one].starts, effect.plan.told(one)) for one in times)
            outside_store.set_series(tx, data.outside, None)
        known = outside_store.outside(tx, data.outside)
        whole = outside_store.series(tx, known.id)
        if whole is not None:
            wanted = coming(whole, tx.now, most(whole, self._config.meetings.ahead))
        near = [one for one in wanted if one.told.starts > tx.now]
        series = int(case.id) if len(near) > 1 or whole is not None else None
        for one in near:
            self._going.open(tx, known, one, cause, data.there, series)
        told = near[0].told if near else effect.plan.told(0)
        self._tallies.answer(tx, known, told, 0, cause, meetings=len(near), case_id=case.id, left_out=data.left_out)

    def _recalled(self, tx: Tx, mail: Incoming, group: int) -> Handled | None:
        """Outlook's recall: the meeting whose title it names is off, when it is the caller who recalls it."""
        author = mail.message.from_address
        person = people.by_address(tx, author.folded) if author is not None else None
        if person is None or str(mail.evidence.d) in ("fail", "weak"):
            return None
        title = " ".join(mail.message.subject.partition(":")[2].split()).casefold()
        since = Instant(tx.now - RECALLED_DAYS * DAY)
        mine = outside_store.recent_of(tx, group, person.id, since)
        meetings = [number for number, known in mine if title and known.casefold() == title]
        for number in meetings:
            self._following.cancel(tx, number, person.id, arriving.cause_of(mail, person.id))
        return Handled(Reason.ANSWERED) if meetings else None
