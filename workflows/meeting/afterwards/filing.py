"""What comes after meetings, done: notes kept and shown, attendance, signatures, actions, the next meeting called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lists import api
from mailsvc.cases import question_store
from mailsvc.cases.action_lines import ActionLine, read_actions
from mailsvc.cases.actions import OpenAction
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Event, Rule, Tell
from mailsvc.clock import DAY, to_datetime, to_instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.people import store as people
from mailsvc.people.naming import Named, One
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting import plan as plans
from workflows.meeting.afterwards import after, attendance, enclosed, noted
from workflows.meeting.afterwards.after import (
    After,
    AskSigners,
    CallNext,
    CorrectAttendance,
    FileNotes,
    Looked,
    Share,
    There,
)
from workflows.meeting.meetings import Meetings
from workflows.meeting.plan import Time
from workflows.meeting.spoken import without_greeting
from workflows.meeting.store import MeetingRow

LONGEST: Final = 50_000
ATTENDED: Final = "meeting/attended"
_WEEKS: Final = 6
_MOST_TRIES: Final = 8
_YES: Final = frozenset({"yes", "x", "all", "everything", "ja", "jo", "allt", "alt"})


class Filing:
    """Opens what comes after a meeting, and runs its effects."""

    def __init__(self, registry: Registry, engine: Engine, meetings: Meetings) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config
        self._meetings = meetings

    def ended(self, tx: Tx, row: MeetingRow, cause: Cause) -> None:
        """A meeting has been held: its caller is asked how it went, where the group wants notes."""
        group = api.group(tx, row.group_id)
        if row.caller is None or not group.settings.notes or not people.addresses(tx, row.caller):
            return
        invited = invitee_store.invitees(tx, row.id)
        came = [one.shown for one in invited if one.partstat == "ACCEPTED" and not one.waiting]
        others = [one.shown for one in invited if one.partstat == "DECLINED"]
        data = After(
            row.id,
            int(row.group_id),
            api.group_values(group, self._config),
            row.caller,
            people.by_id(tx, row.caller).language,
            row.told,
            self._meetings.house(),
            ", ".join(came),
            ", ".join(others),
        )
        part = Cause(f"{cause.key}/notes", cause.inbox_id, cause.actor, cause.evidence)
        subject = f"notes:{row.id}"
        self._engine.open(tx, after.KIND, data, part, group=int(row.group_id), subject=subject, started_by=row.caller)

    # ---- facts

    def look(self, tx: ReadTx, data: After, _event: Event) -> Looked:
        """See CaseKind.facts: who signs, and when the next meeting could be if none is called."""
        group = api.group(tx, data.group_id)
        roles = {role.strip().lower() for role in group.settings.minutes_signed_by.split(",") if role.strip()}
        members = [one for one in api.members(tx, group.id) if one.active]
        signers = tuple(one.person_id for one in members if one.role in roles)
        return Looked(signers, self._proposed(tx, group, data), attendance.known(tx, data.meeting))

    def _proposed(self, tx: ReadTx, group: api.Group, data: After) -> Time | None:
        """As long after this meeting as it was after the one before, or six weeks; only where there have been two."""
        if not group.open or store.coming(tx, data.group_id):
            return None
        before = [one for one in store.held(tx, data.group_id) if one.told.starts < data.told.starts]
        if not before and group.kind != "circle":
            return None
        zone = ZoneInfo(data.told.zone)
        start = to_datetime(data.told.starts, zone)
        gap = round((data.told.starts - before[-1].told.starts) / (7 * DAY)) if before else _WEEKS
        weeks = gap if 1 <= gap <= 2 * _WEEKS else _WEEKS
        for number in range(_MOST_TRIES):
            day = start.date() + timedelta(weeks=weeks + number)
            at = to_instant(datetime.combine(day, start.time(), zone))
            if at > tx.now and data.house.free(day):
                return Time(at, at + data.told.ends - data.told.starts, data.told.whole_day)
        return None

    # ---- the notes

    def file(self, tx: Tx, case: Case, effect: FileNotes, cause: Cause) -> None:
        """Read and keep what the caller wrote; show how it was read; share it where nobody has to sign."""
        data = _data(case)
        before = notes_store.notes(tx, data.meeting)
        sent = attendance.printed(tx, data.meeting) if before is not None else after.printed(data)
        reading = attendance.read(effect.text, sent, invitee_store.invitees(tx, data.meeting))
        # "thank you" below a receipt does not replace the notes
        free = without_greeting(reading.free) if before is None else ""
        brought = enclosed.look(tx, cause.inbox_id, self._config)
        text = "\n\n".join(filter(None, (free, reading.values.get("notes", ""), brought.text))).strip()[:LONGEST]
        secret = reading.values.get("confidential", "").strip()
        word = secret.lower().strip(".!")
        all_secret = word in _YES or (before is not None and before.confidential and not secret)
        extra = secret if word not in _YES | attendance.NONE else ""
        first = before is None and attendance.known(tx, data.meeting) == There()  # else it was said by mail before
        there = attendance.keep(
            tx, data.meeting, reading, sent, old=after.printed(data), before=data.before, first=first
        )
        found = self._actions(tx, case, text, before.text if before else "", cause)
        new = bool(text or extra)
        text = text or (before.text if before else "")
        if new:
            notes_store.keep_notes(tx, data.meeting, data.caller, text, confidential=all_secret, secret=extra)
        shown = {**self._values(tx, data, text, all_secret), "secret": extra, "files": list(brought.names)}
        unread = [*there.unread, *(one.line for one in found if not isinstance(one.who, One) and one.who is not None)]
        self._receipt(tx, case, {**shown, "unread": unread, "new": new, "shared": new and effect.share}, cause)
        if new and effect.share:
            self._share(tx, case, {**shown, "again": before is not None}, all_secret, extra, cause)

    def correct(self, tx: Tx, case: Case, effect: CorrectAttendance, cause: Cause) -> None:
        """Who was there is corrected by a moderator or secretary, who sees it so; the caller too, if it has changed."""
        data = _data(case)
        member = api.membership(tx, api.group(tx, data.group_id).id, effect.person)
        if member is None or not member.active or member.role not in after.CORRECTING:
            return
        sent = attendance.printed(tx, data.meeting)
        reading = attendance.read(effect.text, sent, invitee_store.invitees(tx, data.meeting))
        there = attendance.keep(tx, data.meeting, reading, sent, old=after.printed(data), before=data.before)
        values = {**after.attended_values(data), "by": "", "unread": list(there.unread), "vocabulary": "text"}
        values["fields"] = self._fields(tx, data)
        question = self._correcting(tx, case, effect.person)
        self._engine.ask_again(tx, effect.person, [question], ATTENDED, values, cause, case.id)
        if attendance.printed(tx, data.meeting) != sent and people.addresses(tx, data.caller):
            told = {**values, "by": people.by_id(tx, effect.person).shown, "unread": []}
            asked = question_store.insert_question(tx, case.id, "notes", Rule.FIRST, data.caller)
            self._engine.ask_again(tx, data.caller, [asked], ATTENDED, told, cause, case.id)

    def _fields(self, tx: ReadTx, data: After) -> list[Values]:
        return plans.fields(attendance.printed(tx, data.meeting), ("present", "absent"))

    def _correcting(self, tx: Tx, case: Case, person: PersonId) -> QuestionId:
        """The question that a correction answers: nobody waits for one."""
        number = question_store.insert_question(tx, case.id, "attendance", Rule.COLLECT, person)
        question_store.answer_question(tx, number, "", "", None)
        return number

    def _receipt(self, tx: Tx, case: Case, values: Values, cause: Cause) -> None:
        """How the notes were read; answered, it corrects who was there, or the notes."""
        data = _data(case)
        fields = plans.fields(attendance.printed(tx, data.meeting), after.SHOWN)
        said = {**values, "form": True, "vocabulary": "text", "fields": fields}
        question = question_store.insert_question(tx, case.id, "notes", Rule.FIRST, data.caller)
        self._engine.ask_again(tx, data.caller, [question], "meeting/filed", said, cause, case.id)

    def _actions(self, tx: Tx, case: Case, text: str, before: str, cause: Cause) -> list[ActionLine]:
        """Lines such as `TODO Anna 2026-12-20: text` become actions, each of them once."""
        data = _data(case)
        known = self._named(tx, data)
        writer = next((one for one in known if one.key == data.caller), None)
        today = to_datetime(tx.now, ZoneInfo(self._config.site.timezone)).date()
        old = {one.line for one in read_actions(before, known, today, writer)}
        found = [one for one in read_actions(text, known, today, writer) if one.line not in old]
        for number, one in enumerate(found):
            person = one.who.person.key if isinstance(one.who, One) else data.caller if one.who is None else None
            if person is None or not one.text:
                continue
            effect = OpenAction(data.group_id, person, one.text, one.due, data.caller, data.told.title)
            part = Cause(f"{cause.key}/action-{number}", cause.inbox_id, cause.actor, cause.evidence)
            self._registry.effects[OpenAction](tx, case, effect, part)
        return found

    def _named(self, tx: ReadTx, data: After) -> list[Named[PersonId]]:
        found = self._engine.colleagues(tx, data.group_id, but=PersonId(0))
        return noted.named(found, invitee_store.invitees(tx, data.meeting))

    def _values(self, tx: ReadTx, data: After, text: str, confidential: bool) -> Values:
        row = store.meeting(tx, data.meeting)
        return noted.values(
            tx, row, self._named(tx, data), text, self._config, confidential=confidential, by=data.caller
        )

    def _share(self, tx: Tx, case: Case, values: Values, confidential: bool, secret: str, cause: Cause) -> None:
        """To every member; what is confidential only to those who were there. The writer has the receipt."""
        data = _data(case)
        notes_store.set_shared(tx, data.meeting)
        was_there = {one.person for one in invitee_store.invitees(tx, data.meeting) if one.present}
        for one in api.members(tx, api.group(tx, data.group_id).id):
            if not one.active or one.person_id == data.caller:
                continue
            inside = one.person_id in was_there
            if confidential and not inside:
                continue
            person = people.by_id(tx, one.person_id)
            to = Recipient(one.address, person.language, person.id)
            said = {**values, "secret": secret if inside else "", "you_were": inside}
            if case.state == "filed" and one.role in after.CORRECTING:
                self._share_to_correct(tx, case, person.id, said, cause)
                continue
            self._engine.tell(tx, case, Tell(to, "meeting/notes", said), cause)

    def _share_to_correct(self, tx: Tx, case: Case, person: PersonId, said: Values, cause: Cause) -> None:
        """The same letter to somebody who can say, by answering it, that others were there."""
        more = {"form": True, "vocabulary": "text", "shows_attendance": True, "corrects": True}
        values = {**said, **more, "fields": self._fields(tx, _data(case))}
        question = self._correcting(tx, case, person)
        self._engine.ask_again(tx, person, [question], "meeting/notes", values, cause, case.id)

    # ---- signatures

    def ask_signers(self, tx: Tx, case: Case, effect: AskSigners, cause: Cause) -> None:
        """The notes as they are now, to everybody who signs them."""
        data = _data(case)
        known = notes_store.notes(tx, data.meeting)
        values = self._values(tx, data, known.text if known else "", bool(known and known.confidential))
        for person in data.signers:
            if people.addresses(tx, person):
                again = {**values, "again": effect.again}
                self._engine.ask_person(tx, case, "sign", person, again, cause)

    def share(self, tx: Tx, case: Case, effect: Share, cause: Cause) -> None:
        """All have signed, or the time is over."""
        data = _data(case)
        known = notes_store.notes(tx, data.meeting)
        if known is None:
            return
        names = [people.by_id(tx, one).shown for one in effect.signed]
        notes_store.set_signed(tx, data.meeting, ", ".join(names))
        values = {**self._values(tx, data, known.text, known.confidential), "signed_by": names}
        self._share(tx, case, values, known.confidential, known.secret, cause)
        self._engine.tell(tx, case, Tell(data.caller, "meeting/notes", {**values, "you_were": True}), cause)

    def call_next(self, tx: Tx, case: Case, effect: CallNext, cause: Cause) -> None:
        """The meeting that was proposed."""
        data = _data(case)
        self._meetings.open(tx, data.group_id, data.caller, effect.plan, cause)


def _data(case: Case) -> After:
    assert isinstance(case.data, After)
    return case.data
