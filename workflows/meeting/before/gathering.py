"""What agendas ask for, done: items asked for, kept, and put together with what stands on every agenda."""

from __future__ import annotations

from typing import Final

import msgspec

from lists import api
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Event, Fired, Tell, Withdrawn
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting.before import agenda
from workflows.meeting.before.agenda import MOVED, Agenda, CallItems, KeepItem, Looked, SendAgenda
from workflows.meeting.case import KIND as MEETING
from workflows.meeting.case import Meeting
from workflows.meeting.plan import House, Plan
from workflows.meeting.spoken import is_nothing, together, without_greeting
from workflows.meeting.store import MeetingRow

CASE_DAYS: Final = 3  # working days for a question from one's own cases, where the group has set none for items
LONGEST: Final = 4000


class Gathering:
    """Opens agendas and runs their effects."""

    def __init__(self, registry: Registry, engine: Engine, house: House) -> None:
        self._engine = engine
        self._config = registry.site.config
        self._house = house

    def called(self, tx: Tx, row: MeetingRow, plan: Plan, cause: Cause) -> None:
        """A meeting has been called: it gets an agenda where the group or its series wants one."""
        settings = api.group(tx, row.group_id).settings
        standing = "\n".join(filter(None, (settings.standing_items.strip(), plan.standing.strip())))
        data = self._data(tx, row, standing)
        if data is not None:
            notes_store.set_standing(tx, row.id, standing)
            self._open(tx, data, cause)

    def _data(self, tx: ReadTx, row: MeetingRow, standing: str) -> Agenda | None:
        """What leads to an agenda; None where nobody wants one."""
        group = api.group(tx, row.group_id)
        settings = group.settings
        days = settings.agenda_call or (CASE_DAYS if settings.case_question else 0)
        if row.caller is None or not (standing or days):
            return None
        values = api.group_values(group, self._config)
        return Agenda(
            row.id,
            int(group.id),
            values,
            row.caller,
            row.told,
            self._house,
            days,
            settings.case_question,
            standing,
        )

    def _open(self, tx: Tx, data: Agenda, cause: Cause) -> None:
        part = Cause(f"{cause.key}/agenda-{data.meeting}", cause.inbox_id, cause.actor, cause.evidence)
        subject = f"agenda:{data.meeting}"
        self._engine.open(tx, agenda.KIND, data, part, group=data.group_id, subject=subject, started_by=data.caller)

    def moved(self, tx: Tx, _before: MeetingRow, row: MeetingRow, cause: Cause) -> None:
        """See Meetings.on_moved. An agenda that has gone out already goes out once more before a later day."""
        kinds = self._engine.registry.kinds
        found = cases.find_open(tx, kinds, agenda.KIND, int(row.group_id), f"agenda:{row.id}")
        for case in found:
            part = Cause(f"{cause.key}/moved-agenda-{row.id}", cause.inbox_id, cause.actor, cause.evidence)
            self._engine.apply(tx, case.id, Fired(MOVED), part)
        data = self._data(tx, row, notes_store.standing(tx, row.id)) if not found else None
        if data is not None and agenda.sends_at(data) > tx.now:
            self._open(tx, msgspec.structs.replace(data, days=0), cause)

    def look(self, tx: ReadTx, data: Agenda, _event: Event) -> Looked:
        """See CaseKind.facts."""
        row = store.meeting(tx, data.meeting)
        return Looked(row.told.starts, row.told.ends, row.state == "called")

    def ask(self, tx: Tx, case: Case, _effect: CallItems, cause: Cause) -> None:
        """Every member, in a letter of their own."""
        data = _data(case)
        for one in api.members(tx, api.group(tx, data.group_id).id):
            if one.active:
                self._engine.ask_person(tx, case, "items", one.person_id, agenda.values(data), cause)

    def keep(self, tx: Tx, case: Case, effect: KeepItem, cause: Cause) -> None:
        """Who answers once more has one more item, or says it better; "nothing from me" takes off what they had."""
        data = _data(case)
        before = next((one.text for one in notes_store.items(tx, data.meeting) if one.person == effect.person), "")
        text = "" if is_nothing(effect.text) else without_greeting(effect.text)
        if text and before:
            text = together(before, text)
        notes_store.keep_item(tx, data.meeting, effect.person, text[:LONGEST])
        told = {
            **agenda.values(data),
            "text": text[:LONGEST],
            "late": effect.late,
            "who": "",
            "taken_off": bool(before),
        }
        caller = people.by_id(tx, data.caller)
        self._engine.tell(tx, case, Tell(effect.person, "meeting/item", {**told, "caller": caller.shown}), cause)
        if effect.late and text and effect.person != data.caller and people.addresses(tx, data.caller):
            who = people.by_id(tx, effect.person).shown
            new = {**told, "text": without_greeting(effect.text)[:LONGEST], "who": who}
            self._engine.tell(tx, case, Tell(data.caller, "meeting/item", {**new, "caller": ""}), cause)

    def send(self, tx: Tx, case: Case, _effect: SendAgenda, cause: Cause) -> None:
        """To everybody who may come: what was written in the call, what stands on every agenda, what has come in."""
        data = _data(case)
        row = store.meeting(tx, data.meeting)
        items = [{"who": one.name, "text": one.text} for one in notes_store.items(tx, row.id)]
        told = agenda.values(data)
        letter = {
            **told,
            "place": row.told.place,
            "link": row.told.link,
            "agenda": row.told.agenda,
            "items": items,
            "introducer": notes_store.introducer(tx, row.id),
        }
        reminds = api.group(tx, row.group_id).settings.meeting_reminder == 1
        for one in invitee_store.invitees(tx, row.id):
            if one.partstat != "DECLINED" and not one.waiting and people.addresses(tx, one.person):
                to = Recipient(one.address, one.language, one.person)
                self._engine.tell(tx, case, Tell(to, "meeting/agenda", letter), cause)
                own = one.partstat == "NEEDS-ACTION" or notes_store.introduces(tx, one.person, row.id)
                if reminds and not own:
                    invitee_store.remind(tx, one.id)  # the same day and the same meeting: one letter is enough

    def closed(self, tx: Tx, case: Case, cause: Cause) -> None:
        """See Registry.closers: a meeting that is off needs no agenda."""
        if case.kind == MEETING and case.state == "cancelled" and isinstance(case.data, Meeting):
            subject = f"agenda:{case.data.meeting}"
            kinds = self._engine.registry.kinds
            for found in cases.find_open(tx, kinds, agenda.KIND, case.data.group_id, subject):
                part = Cause(f"{cause.key}/off-agenda", cause.inbox_id, cause.actor, cause.evidence)
                self._engine.apply(tx, found.id, Withdrawn(), part)


def _data(case: Case) -> Agenda:
    assert isinstance(case.data, Agenda)
    return case.data
