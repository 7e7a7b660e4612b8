"""What happens to meetings: called, answered, changed, cancelled, joined late and left, in the deciding transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lists import api
from mailsvc.cases import question_store, timer_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Applied, Case, Cause, Tell
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import DAY, SECOND, Instant, to_datetime, to_instant
from mailsvc.ids import CaseId, PersonId
from mailsvc.keys import encode
from mailsvc.people import choice_store
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting.answering.arrived import WORDS, Arrived
from workflows.meeting.before.agenda import KIND as AGENDA
from workflows.meeting.calendar import sequence
from workflows.meeting.case import (
    KIND,
    CancelMeeting,
    ChangeMeeting,
    CountAnswer,
    EndMeeting,
    InviteEverybody,
    Meeting,
    Remind,
    Summarise,
    rsvp_values,
)
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.mailing import CANCELLED, FEW, INVITATION, RSVP, Mailing, as_calendar, told_values
from workflows.meeting.plan import House, Plan
from workflows.meeting.store import MeetingRow, Told
from workflows.meeting.week import told_key

MORNING: Final = time(8)
AWAY: Final = ("DECLINED", "DELEGATED")
_MOST_BACK: Final = 30


class Meetings:
    """Runs the effects of meetings, and opens them."""

    def __init__(self, registry: Registry, engine: Engine, mailing: Mailing) -> None:
        self._engine = engine
        self._site = registry.site
        self._config = registry.site.config
        self._mailing = mailing
        self.on_called: list[Callable[[Tx, MeetingRow, Plan, Cause], None]] = []  # a meeting has been called
        self.on_changed: list[Callable[[Tx, MeetingRow, MeetingRow, Cause], None]] = []  # it was, and it is now
        self.on_cancelled: list[Callable[[Tx, MeetingRow, Cause], None]] = []
        self.on_moved: list[
            Callable[[Tx, MeetingRow, MeetingRow, Cause], None]
        ] = []  # the same, of those with a new time
        self.on_remind: list[Callable[[Tx, MeetingRow, Invitee, Values, Cause], bool]] = []  # True: has written instead
        self.on_answered: list[Callable[[Tx, MeetingRow, Invitee, Cause], None]] = []  # an answer has been counted
        self.on_held: list[Callable[[Tx, MeetingRow, Cause], None]] = []  # a meeting is over

    # ---- opening

    def house(self) -> House:
        """What times are read in at this site."""
        config = self._config
        return House(
            config.site.timezone,
            config.site.country,
            tuple(config.closed_periods),
            config.meetings.length_minutes,
            config.site.name,
        )

    def open(
        self,
        tx: Tx,
        group: int,
        caller: PersonId,
        plan: Plan,
        cause: Cause,
        *,
        silent: Collection[PersonId] = (),
        series: int | None = None,
    ) -> list[int]:
        """Call every time of a plan as a meeting of its own, and invite everybody; the ids of their rows.

        `silent` are people who have it in their calendar already: they are invited, and get no calendar. `series` is
        that of earlier meetings; a plan of several times makes a new one.
        """
        made: list[int] = []
        for number in range(len(plan.times)):
            told = plan.told(number)
            part = Cause(f"{cause.key}/meeting-{number}", cause.inbox_id, cause.actor, cause.evidence)
            made.append(self._open_one(tx, group, caller, told, plan, part, silent, series))
            if series is None and plan.shape == "series":
                series = made[0]
                store.set_series(tx, made[0], series)
        return made

    def _open_one(
        self,
        tx: Tx,
        group: int,
        caller: PersonId,
        told: Told,
        plan: Plan,
        cause: Cause,
        silent: Collection[PersonId],
        series: int | None,
    ) -> int:
        uid = f"{encode(tx.random_bytes(16))}@{self._config.site.domain}"
        number = store.insert_meeting(
            tx,
            group,
            uid,
            told,
            caller=caller,
            capacity=plan.capacity,
            answer_by=plan.answer_by or None,
            series=series,
        )
        found = api.group(tx, group)
        members = [one for one in api.members(tx, found.id) if one.active]
        for one in members:
            invitee_store.invite(tx, number, one.person_id, one.id, one.address, silent=one.person_id in silent)
        data = Meeting(
            number,
            group,
            api.group_values(found, self._config),
            caller,
            people.by_id(tx, caller).language,
            told,
            self.house(),
            plan.capacity,
            plan.answer_by,
            self._config.letters.bundle,
            len(members),
            self._first_reminder(tx, told, found.settings.meeting_reminder, number),
            series=series or 0,
        )
        self._engine.open(tx, KIND, data, cause, group=group, subject=f"meeting:{number}", started_by=caller)
        for hear in self.on_called:
            hear(tx, store.meeting(tx, number), plan, cause)
        return number

    # ---- invitations

    def invite_everybody(self, tx: Tx, case: Case, _effect: InviteEverybody, cause: Cause) -> None:
        """The first invitations; whoever calls a meeting comes to it."""
        data = _data(case)
        store.set_case(tx, data.meeting, case.id)
        row = store.meeting(tx, data.meeting)
        stamp = store.next_stamp(tx, row.id)
        invited = invitee_store.invitees(tx, row.id)
        for one in invited:
            if one.person == data.caller:
                mark = sequence.mark(None, None, tx.now, row.sequence, "ACCEPTED")
                invitee_store.answer(
                    tx, one.id, mark, partstat="ACCEPTED", mode="", comment="", guests=0, answered_by="caller"
                )
                invitee_store.tell(tx, [one.id])
                self._send(tx, row, one, row.sequence, stamp, cause, asks=False, partstat="ACCEPTED")
            else:
                self._send(tx, row, one, row.sequence, stamp, cause, many=len(invited) > FEW)

    def _send(
        self,
        tx: Tx,
        row: MeetingRow,
        invitee: Invitee,
        number: int,
        stamp: Instant,
        cause: Cause,
        *,
        asks: bool = True,
        partstat: str = "NEEDS-ACTION",
        many: bool = False,
        changed: Sequence[str] = (),
    ) -> None:
        invitee_store.sent(tx, invitee.id, number, asks=asks)
        if not invitee.silent:
            self._mailing.ask(
                tx,
                INVITATION,
                row,
                invitee,
                number,
                stamp,
                cause,
                who=self._caller(tx, row),
                partstat=partstat,
                many=many,
                changed=list(changed),
                answered="" if asks else partstat,
                again=asks and bool(changed),
                own=invitee.person == row.caller,
            )

    def _caller(self, tx: ReadTx, row: MeetingRow) -> str:
        return people.by_id(tx, row.caller).shown if row.caller is not None else ""

    # ---- answers

    def count(self, tx: Tx, case: Case, effect: CountAnswer, cause: Cause) -> None:
        """The newest answer counts (RFC 5546 §2.1.5); one to an older time is shown to the caller and not counted."""
        data = _data(case)
        row = store.meeting(tx, data.meeting)
        invitee = invitee_store.invitee(tx, row.id, effect.person)
        if invitee is None or not invitee.invited:
            return
        how = Arrived.read(effect.how)
        text = effect.text.strip()
        stamp = _stamp(how, invitee, tx.now)
        tie = f"{effect.partstat} {effect.mode} {how.guests} {text}"
        mark = sequence.mark(how.sequence, stamp, tx.now, invitee.seq_sent, tie)
        standing = sequence.standing(mark, invitee.mark, invitee.seq_asked)
        was = row.told if effect.asked_at is None else store.told_at(tx, row, effect.asked_at)
        if was.when != row.told.when:
            standing = sequence.Standing.OLDER_TIME
            self._ask_anew(tx, case, invitee, effect, was, cause)
        if standing is sequence.Standing.OLDER_TIME:
            said = {"what": "older", "who": invitee.shown, "partstat": effect.partstat, "text": text, "then": 0}
            self._tell_caller(tx, case, {**told_values(row.told), **said}, cause)
        if standing is not sequence.Standing.COUNTS:
            return
        invitee_store.answer(
            tx,
            invitee.id,
            mark,
            partstat=effect.partstat,
            mode=effect.mode,
            comment=text,
            guests=how.guests,
            answered_by=how.way,
        )
        self.seat(tx, case, row, invitee, cause)
        for hear in self.on_answered:
            hear(tx, row, invitee_store.invitee_by_id(tx, invitee.id), cause)

    def _ask_anew(self, tx: Tx, case: Case, invitee: Invitee, effect: CountAnswer, was: Told, cause: Cause) -> None:
        """Their words were about a time that is no more; they are told so, and asked about the one that is."""
        question = self._mailing.question(tx, case.id, invitee)
        if invitee.partstat == "NEEDS-ACTION":
            question_store.reopen_question(tx, question)
        values = {
            **rsvp_values(_data(case)),
            "vocabulary": RSVP,
            "was": told_values(was)["at"],
            "partstat": effect.partstat,
            "stands": "" if invitee.partstat == "NEEDS-ACTION" else invitee.partstat,
        }
        self._engine.ask_again(tx, invitee.person, [question], "meeting/older", values, cause, case.id)

    def _tell_caller(self, tx: Tx, case: Case, values: Values, cause: Cause) -> None:
        data = _data(case)
        self._engine.tell(tx, case, Tell(data.caller, "meeting/told", {"group": data.group, **values}), cause)

    # ---- room

    def seat(self, tx: Tx, case: Case, row: MeetingRow, invitee: Invitee, cause: Cause) -> None:
        """After an answer (`invitee` was so before): a seat, a place on the waiting list, or a seat for another."""
        after = invitee_store.invitee_by_id(tx, invitee.id)
        if not _needs_seat(row, after):
            invitee_store.set_waiting(tx, invitee.id, None)
        elif row.capacity and not invitee.waiting and not _needs_seat(row, invitee):
            self._take_seat(tx, case, row, after, cause)
        self.promote(tx, case, row, cause)

    def _take_seat(self, tx: Tx, case: Case, row: MeetingRow, invitee: Invitee, cause: Cause) -> None:
        """A seat where there is one, else the last place of the waiting list."""
        if invitee_store.seated(tx, row.id, online_too=row.told.how != "both", but=invitee.id) < row.capacity:
            return
        before = invitee_store.waiting(tx, row.id)
        after_all = [Instant((one.waiting_since or 0) + 1) for one in before]
        invitee_store.set_waiting(tx, invitee.id, max([tx.now, *after_all]))
        self._place(tx, case, row, invitee, cause, len(before) + 1)

    def promote(self, tx: Tx, case: Case, row: MeetingRow, cause: Cause) -> None:
        """Who has waited longest gets a seat that is free, and is told."""
        waiting = invitee_store.waiting(tx, row.id)
        if not waiting:
            return
        free = len(waiting)
        if row.capacity:
            free = row.capacity - invitee_store.seated(tx, row.id, online_too=row.told.how != "both")
        for one in waiting[: max(free, 0)]:
            invitee_store.set_waiting(tx, one.id, None)
            self._place(tx, case, row, one, cause, 0)

    def _place(self, tx: Tx, case: Case, row: MeetingRow, invitee: Invitee, cause: Cause, place: int) -> None:
        values = {"group": _data(case).group, **told_values(row.told), "place_number": place}
        self._engine.tell(tx, case, Tell(self._to(invitee), "meeting/place", values), cause)

    def _to(self, invitee: Invitee) -> Recipient:
        return Recipient(invitee.address, invitee.language, invitee.person)

    # ---- changes

    def change(self, tx: Tx, case: Case, effect: ChangeMeeting, cause: Cause) -> None:
        """A new version: asked anew where the time differs, else everybody keeps their answer (RFC 5546 §2.1.4)."""
        before = store.meeting(tx, _data(case).meeting)
        old = as_calendar(before.uid, before.sequence, before.told)
        revision = sequence.revised(old, as_calendar(before.uid, before.sequence, effect.told))
        store.change(
            tx,
            before,
            effect.told,
            revision.meeting.sequence,
            capacity=effect.capacity,
            answer_by=effect.answer_by or None,
        )
        row = store.meeting(tx, before.id)
        if effect.told != before.told:
            stamp = store.next_stamp(tx, row.id)
            invited = invitee_store.invitees(tx, row.id)
            for one in invited:
                number = max(row.sequence, one.seq_sent + revision.asks)
                own = one.person == row.caller
                asks = revision.asks and not own
                self._send(
                    tx,
                    row,
                    one,
                    number,
                    stamp,
                    cause,
                    asks=asks,
                    partstat="NEEDS-ACTION" if asks else one.partstat,
                    many=len(invited) > FEW,
                    changed=effect.changed,
                )
        self.promote(tx, case, row, cause)
        for hear in self.on_changed if effect.told != before.told else ():
            hear(tx, before, row, cause)
        if (row.told.starts, row.told.ends) != (before.told.starts, before.told.ends):
            self._moved(tx, case, before, row, cause)

    def _moved(self, tx: Tx, case: Case, before: MeetingRow, row: MeetingRow, cause: Cause) -> None:
        """What hangs on a meeting follows its new time; where its reminder is past, the invitation has just come."""
        invitee_store.remind_again(tx, row.id)
        days = api.group(tx, row.group_id).settings.meeting_reminder
        zones = {one.zone for one in invitee_store.invitees(tx, row.id)} | {""}
        coming = [at for zone in zones if days and (at := self._reminder(row.told, days, zone)) > tx.now]
        if coming:
            timer_store.set_timer(tx, case.id, "remind", min(coming), case.version)
        else:
            timer_store.cancel_timer(tx, case.id, "remind")
        for hear in self.on_moved:
            hear(tx, before, row, cause)

    def cancel(self, tx: Tx, case: Case, effect: CancelMeeting, cause: Cause) -> None:
        """CANCEL to everybody, with the caller's reason."""
        row = store.meeting(tx, _data(case).meeting)
        called_off = sequence.called_off(as_calendar(row.uid, row.sequence, row.told))
        store.set_state(tx, row.id, "cancelled", called_off.sequence)
        stamp = store.next_stamp(tx, row.id)
        invited = invitee_store.invitees(tx, row.id)
        for one in invited:
            number = max(called_off.sequence, one.seq_sent + 1)
            self._cancel_for(tx, row, one, number, stamp, cause, "off", effect.reason, many=len(invited) > FEW)
        for hear in self.on_cancelled:
            hear(tx, row, cause)

    def _cancel_for(
        self,
        tx: Tx,
        row: MeetingRow,
        invitee: Invitee,
        number: int,
        stamp: Instant,
        cause: Cause,
        why: str,
        reason: str = "",
        *,
        many: bool = False,
    ) -> None:
        invitee_store.sent(tx, invitee.id, number, asks=False)
        if not invitee.silent:
            said = {"why": why, "reason": reason, "comment": reason}
            who = self._caller(tx, row)
            self._mailing.ask(tx, CANCELLED, row, invitee, number, stamp, cause, who=who, many=many, **said)

    # ---- who comes and goes

    def members_changed(self, tx: Tx, group: int, cause: Cause) -> None:
        """See Registry.members_changed: who has joined gets the coming meetings, who has left their cancellation."""
        coming = store.coming(tx, group)
        if not coming:
            return
        members = {one.person_id: one for one in api.members(tx, api.group(tx, group).id) if one.active}
        missing: dict[PersonId, list[MeetingRow]] = {}
        for row in coming:
            invited = {one.person: one for one in invitee_store.invitees(tx, row.id)}
            for one in invited.values():
                if one.person not in members:
                    self._leave(tx, row, one, cause)
            for person in members:
                if person not in invited:
                    missing.setdefault(person, []).append(row)
        for person, rows in missing.items():
            self._join(tx, members[person], rows, cause)

    def _join(self, tx: Tx, member: api.Membership, coming: Sequence[MeetingRow], cause: Cause) -> None:
        person = people.by_id(tx, member.person_id)
        group = api.group_values(api.group(tx, member.group_id), self._config)
        values = {"group": group, "meetings": [told_values(row.told) for row in coming]}
        to = Recipient(member.address, person.language, person.id)
        group_id = int(member.group_id)
        outgoing.letter(
            tx, self._site, to, "meeting/coming", values, cause=cause.inbox_id, group_id=group_id, sender="bounces"
        )
        for row in coming:
            before = invitee_store.invitee(tx, row.id, member.person_id)
            number = invitee_store.invite(tx, row.id, member.person_id, member.id, member.address, silent=False)
            known = as_calendar(row.uid, row.sequence, row.told)
            sent = sequence.returned(known, before.seq_sent).sequence if before is not None else row.sequence
            self._send(tx, row, invitee_store.invitee_by_id(tx, number), sent, store.next_stamp(tx, row.id), cause)

    def _leave(self, tx: Tx, row: MeetingRow, one: Invitee, cause: Cause) -> None:
        number = sequence.left(as_calendar(row.uid, row.sequence, row.told), one.seq_sent).sequence
        self._cancel_for(tx, row, one, number, store.next_stamp(tx, row.id), cause, "left")
        invitee_store.withdraw(tx, one.id, number)
        invitee_store.close_rsvp(tx, row.case_id, one.person)
        self.promote(tx, self._engine.case(tx, row.case_id), row, cause)

    # ---- the clock

    def summarise(self, tx: Tx, case: Case, _effect: Summarise, cause: Cause) -> None:
        """Tell the caller of the new answers, with how many come; nothing new, no letter."""
        row = store.meeting(tx, _data(case).meeting)
        new = invitee_store.untold(tx, row.id)
        if not new:
            return
        everybody = invitee_store.invitees(tx, row.id)
        values = {
            "group": _data(case).group,
            **told_values(row.told),
            "capacity": row.capacity,
            "new": [answer_values(one) for one in everybody if one.id in new],
            "counts": counts(everybody),
        }
        self._engine.tell(tx, case, Tell(_data(case).caller, "meeting/summary", values), cause)
        invitee_store.tell(tx, sorted(new))

    def remind(self, tx: Tx, case: Case, _effect: Remind, cause: Cause) -> None:
        """On the working day before, at eight in each one's own zone; not to those who do not come."""
        row = store.meeting(tx, _data(case).meeting)
        days = api.group(tx, row.group_id).settings.meeting_reminder
        later: list[Instant] = []
        for one in invitee_store.invitees(tx, row.id):
            if one.partstat in AWAY or one.reminded_at is not None or one.waiting or not days:
                continue
            at = self._reminder(row.told, days, one.zone)
            if at > tx.now:
                later.append(at)
                continue
            invitee_store.remind(tx, one.id)
            if choice_store.week_told(tx, one.person, told_key(row)):
                continue  # their Monday letter was the reminder
            if days == 1 and self._agenda_reminds(tx, row, one):
                continue
            values = {"group": _data(case).group, **told_values(row.told), "answered": one.partstat != "NEEDS-ACTION"}
            values["introducer"] = notes_store.introducer(tx, row.id)
            if not any(write(tx, row, one, values, cause) for write in self.on_remind):
                self._engine.tell(tx, case, Tell(self._to(one), "meeting/reminder", values), cause)
        if later:
            timer_store.set_timer(tx, case.id, "remind", min(later), case.version)

    def _agenda_reminds(self, tx: ReadTx, row: MeetingRow, one: Invitee) -> bool:
        """Whether the agenda, which goes out on the same morning, says all that the reminder would say."""
        if one.partstat == "NEEDS-ACTION" or notes_store.introduces(tx, one.person, row.id):
            return False
        kinds, subject = self._engine.registry.kinds, f"agenda:{row.id}"
        return bool(cases.find_open(tx, kinds, AGENDA, int(row.group_id), subject))

    def _first_reminder(self, tx: ReadTx, told: Told, days: int, meeting: int) -> int:
        """The first moment at which somebody is reminded, 0 for none."""
        if not days:
            return 0
        zones = {one.zone for one in invitee_store.invitees(tx, meeting)} | {""}
        return min(self._reminder(told, days, zone) for zone in zones)

    def _reminder(self, told: Told, days: int, zone: str) -> Instant:
        where = ZoneInfo(zone or self._config.site.timezone)
        day = to_datetime(told.starts, where).date()
        return to_instant(datetime.combine(self._days_before(day, days), MORNING, where))

    def _days_before(self, day: date, days: int) -> date:
        for _ in range(_MOST_BACK):
            if days == 0:
                break
            day -= timedelta(days=1)
            days -= is_working_day(day, self._config.closed_periods, self._config.site.country)
        return day

    def end(self, tx: Tx, case: Case, _effect: EndMeeting, cause: Cause) -> None:
        """It has been held."""
        row = store.meeting(tx, _data(case).meeting)
        store.set_state(tx, row.id, "held", row.sequence)
        for told in self.on_held:
            told(tx, row, cause)

    def answered(self, tx: Tx, case_id: CaseId, event: Answered, cause: Cause) -> bool:
        """Let a calendar's answer happen to the case of a meeting, as a letter's does; False when it is over."""
        question = invitee_store.rsvp_question(tx, case_id, event.person)
        if question is not None:
            return isinstance(self._engine.answer(tx, question, event, cause), Applied)  # type: ignore[arg-type]
        return isinstance(self._engine.apply(tx, case_id, event, cause), Applied)


def _data(case: Case) -> Meeting:
    assert isinstance(case.data, Meeting)
    return case.data


def _stamp(how: Arrived, invitee: Invitee, now: Instant) -> Instant | None:
    """When an answer was given: by its calendar, whose clock may be a little ahead, or, in words, after all before."""
    if how.stamp is None and invitee.mark is not None and how.way == WORDS:
        return max(now, Instant(invitee.mark.stamp + SECOND))
    return None if how.stamp is None else how.stamp if how.stamp < now + DAY else now


def _needs_seat(row: MeetingRow, one: Invitee) -> bool:
    """Where a meeting is both online and on site, whoever takes part online needs no chair."""
    return one.comes and not (row.told.how == "both" and one.mode == "online")


def answer_values(one: Invitee) -> Values:
    """Somebody's answer as templates take it."""
    return {
        "who": one.shown,
        "partstat": one.partstat,
        "mode": one.mode,
        "text": one.comment,
        "guests": one.guests,
        "waiting": one.waiting,
    }


def counts(everybody: Sequence[Invitee]) -> Values:
    """How many come, do not, perhaps, have not answered, wait, and take part online."""
    number = {
        name: sum(1 for one in everybody if one.partstat == partstat and not one.waiting)
        for name, partstat in (
            ("no", "DECLINED"),
            ("maybe", "TENTATIVE"),
            ("silent", "NEEDS-ACTION"),
            ("delegated", "DELEGATED"),
        )
    }
    number["yes"] = sum(1 for one in everybody if one.comes and not one.waiting)
    waiting = sum(1 for one in everybody if one.waiting)
    online = sum(1 for one in everybody if one.partstat == "ACCEPTED" and one.mode == "online")
    return {**number, "waiting": waiting, "online": online, "all": len(everybody)}
