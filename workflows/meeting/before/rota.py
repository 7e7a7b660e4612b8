"""What introductions ask for, done: whose turn it is, fairly; asked, swapped, shown; another when one leaves."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lists import api
from mailsvc.cases import question_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Case, Cause, Event, Fired, Rule, Tell, Withdrawn
from mailsvc.cases.working_days import is_working_day
from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.people import store as people
from mailsvc.people.naming import One, cleaned_name, match_person
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values
from workflows.meeting import invitee_store, notes_store, store
from workflows.meeting.before import introduction
from workflows.meeting.before.introduction import (
    AWAY,
    GONE,
    MOVED,
    AskTurn,
    GiveTurn,
    Introduction,
    Looked,
    SetTurn,
    TellAway,
    TellMoved,
    TellTurn,
)
from workflows.meeting.case import KIND as MEETING
from workflows.meeting.case import Meeting
from workflows.meeting.invitee_store import Invitee
from workflows.meeting.plan import House, Plan
from workflows.meeting.store import MeetingRow

DAYS_BEFORE: Final = 10  # working days in which whoever is asked can prepare, or somebody else be found
AWAY_STATS: Final = ("DECLINED", "DELEGATED")
_MORNING: Final = time(8)
_LONGEST: Final = 60


def morning_before(starts: int, zone: str, days: int, house: House) -> Instant:
    """Eight in the morning, so many working days before the day of a meeting."""
    where = ZoneInfo(zone)
    day = to_datetime(starts, where).date()
    left = days
    for _ in range(_LONGEST):
        if left == 0:
            break
        day -= timedelta(days=1)
        left -= is_working_day(day, house.closed, house.country)
    return to_instant(datetime.combine(day, _MORNING, where))


class Rota:
    """Opens introductions and runs their effects."""

    def __init__(self, registry: Registry, engine: Engine, house: House) -> None:
        self._engine = engine
        self._config = registry.site.config
        self._house = house

    def called(self, tx: Tx, row: MeetingRow, _plan: Plan, cause: Cause) -> None:
        """A meeting has been called: somebody will be asked to introduce it, where the group wants that."""
        group = api.group(tx, row.group_id)
        if not group.settings.introductions or row.caller is None:
            return
        ask_at = morning_before(row.told.starts, row.told.zone, DAYS_BEFORE, self._house)
        values = api.group_values(group, self._config)
        data = Introduction(row.id, int(group.id), values, row.caller, row.told, int(ask_at))
        part = Cause(f"{cause.key}/introduction-{row.id}", cause.inbox_id, cause.actor, cause.evidence)
        subject = f"introduction:{row.id}"
        self._engine.open(
            tx, introduction.KIND, data, part, group=int(group.id), subject=subject, started_by=row.caller
        )

    # ---- facts

    def look(self, tx: ReadTx, data: Introduction, event: Event) -> Looked:
        """See CaseKind.facts."""
        called = store.meeting(tx, data.meeting).state == "called"
        named = 0
        if isinstance(event, Answered) and event.meaning == "swap":
            known = self._engine.colleagues(tx, data.group_id, but=event.voter)
            found = match_person(cleaned_name(event.argument), known)
            named = int(found.person.key) if isinstance(found, One) else 0
        passed = {PersonId(data.asked)} if data.asked else set()
        if isinstance(event, Fired) and event.name == MOVED:
            told = store.meeting(tx, data.meeting).told
            ask_at = morning_before(told.starts, told.zone, DAYS_BEFORE, self._house)
            return Looked(0, 0, called, starts=told.starts, ends=told.ends, ask_at=int(ask_at))
        away = data.asked in _staying_away(tx, data.meeting)
        return Looked(self._next(tx, data, passed), named, called, away)

    def _next(self, tx: ReadTx, data: Introduction, passed: set[PersonId]) -> int:
        """Fewest turns, longest ago, longest a member; who is new from their second meeting.

        Nobody twice, and nobody who has said that they do not come.
        """
        tried = set(notes_store.introductions(tx, data.meeting)) | passed | _staying_away(tx, data.meeting)
        turns = notes_store.turns(tx, data.group_id, data.meeting)
        members = [one for one in api.members(tx, api.group(tx, data.group_id).id) if one.active]
        able = [one for one in members if one.person_id not in tried and one.person_id != data.caller]
        known = [one for one in able if one.person_id in turns and turns[one.person_id].been > 0]
        if not known and any(turn.been for turn in turns.values()):
            return 0
        ordered = sorted(
            ((turns.get(one.person_id), one) for one in known or able),
            key=lambda pair: (pair[0].count if pair[0] else 0, (pair[0].last if pair[0] else 0) or 0, pair[1].id),
        )
        return int(ordered[0][1].person_id) if ordered else 0

    # ---- effects

    def set(self, tx: Tx, case: Case, effect: SetTurn, _cause: Cause) -> None:
        """How it stands with somebody."""
        notes_store.set_introduction(tx, _data(case).meeting, effect.person, effect.state)

    def give(self, tx: Tx, case: Case, effect: GiveTurn, cause: Cause) -> None:
        """A turn in return, if there is one: that meeting's own case knows of it too."""
        data = _data(case)
        coming = [one for one in notes_store.turns_to_come(tx, effect.giver, data.group_id) if one != data.meeting]
        if coming:
            notes_store.set_introduction(tx, coming[0], effect.giver, "swapped")
            notes_store.set_introduction(tx, coming[0], effect.taker, "yes")
            other = self._case(tx, data.group_id, coming[0])
            if other is not None:
                part = Cause(f"{cause.key}/given-{coming[0]}", cause.inbox_id, cause.actor, cause.evidence)
                self._engine.apply(tx, other.id, Answered("given", "yes", effect.taker), part)

    def ask(self, tx: Tx, case: Case, effect: AskTurn, cause: Cause) -> None:
        """A letter with the other one's name in it."""
        data = _data(case)
        if not people.addresses(tx, effect.person):
            return
        other = people.by_id(tx, PersonId(effect.other)).shown if effect.other else ""
        letter = {**introduction.values(data), "other": other, "why": effect.why}
        if effect.why == "reminder":
            letter["reminder"] = True
        self._engine.ask_person(tx, case, effect.question, effect.person, letter, cause)

    def tell(self, tx: Tx, case: Case, effect: TellTurn, cause: Cause) -> None:
        """To the caller; after a swap also to whoever is free of it now."""
        data = _data(case)
        who, left = (people.by_id(tx, PersonId(one)).shown if one else "" for one in (effect.person, effect.left))
        letter = {**introduction.values(data), "who": who, "left": left}
        told = {PersonId(effect.to) if effect.to else data.caller}
        if effect.person and not effect.to:  # whoever else has been asked hears that it is not theirs
            states = notes_store.introductions(tx, data.meeting)
            told |= {one for one, state in states.items() if state in ("swapped", "asked")} - {PersonId(effect.person)}
        for person in sorted(told):
            if people.addresses(tx, person):
                self._engine.tell(tx, case, Tell(person, "meeting/introduces", letter), cause)

    def tell_moved(self, tx: Tx, case: Case, effect: TellMoved, cause: Cause) -> None:
        """Not asked anew, since they have answered; the letter can be answered all the same."""
        if people.addresses(tx, effect.person):
            question = self._turn(tx, case, effect.person)
            values = {**introduction.values(_data(case)), "vocabulary": "rota"}
            self._engine.ask_again(tx, effect.person, [question], "meeting/turn-moved", values, cause, case.id)

    def tell_away(self, tx: Tx, case: Case, effect: TellAway, cause: Cause) -> None:
        """They may mean to prepare it all the same; nobody waits for an answer."""
        if people.addresses(tx, effect.person):
            question = self._turn(tx, case, effect.person)
            values = {**introduction.values(_data(case)), "vocabulary": "rota"}
            self._engine.ask_again(tx, effect.person, [question], "meeting/turn-away", values, cause, case.id)

    def _turn(self, tx: Tx, case: Case, person: PersonId) -> QuestionId:
        """The question that somebody who has said yes answers when they take it back; it waits for nobody."""
        known = [
            one for one in question_store.questions_of(tx, case.id) if (one.kind, one.person_id) == ("turn", person)
        ]
        if known and known[-1].state in ("open", "answered"):
            return known[-1].id
        number = question_store.insert_question(tx, case.id, "turn", Rule.COLLECT, person)
        question_store.answer_question(tx, number, "yes", "", None)
        return number

    def remind(self, tx: Tx, row: MeetingRow, invitee: Invitee, values: Values, cause: Cause) -> bool:
        """See Meetings.on_remind: whoever introduces the meeting can take that back by answering its reminder."""
        case = self._case(tx, int(row.group_id), row.id)
        if case is None or case.state != "settled" or _data(case).asked != int(invitee.person):
            return False
        question = self._turn(tx, case, invitee.person)
        said = {**values, "vocabulary": "rota", "introduces": True}
        self._engine.ask_again(tx, invitee.person, [question], "meeting/reminder", said, cause, case.id)
        return True

    # ---- what happens to meetings and members

    def moved(self, tx: Tx, _before: MeetingRow, row: MeetingRow, cause: Cause) -> None:
        """See Meetings.on_moved: whoever is asked, or will be, is asked about the new time."""
        case = self._case(tx, int(row.group_id), row.id)
        if case is not None:
            part = Cause(f"{cause.key}/moved-{row.id}", cause.inbox_id, cause.actor, cause.evidence)
            self._engine.apply(tx, case.id, Fired(MOVED), part)

    def answered(self, tx: Tx, row: MeetingRow, invitee: Invitee, cause: Cause) -> None:
        """See Meetings.on_answered: who does not come does not introduce, whichever way they have said so."""
        if invitee.partstat not in AWAY_STATS:
            return
        case = self._case(tx, int(row.group_id), row.id)
        if case is not None and case.state in ("asking", "settled") and _data(case).asked == int(invitee.person):
            part = Cause(f"{cause.key}/away-{row.id}", cause.inbox_id, cause.actor, cause.evidence)
            self._engine.apply(tx, case.id, Fired(AWAY), part)

    def members_changed(self, tx: Tx, group: int, cause: Cause) -> None:
        """See Registry.members_changed: whose turn it is has left the group."""
        for row in store.coming(tx, group):
            case = self._case(tx, group, row.id)
            if case is None or not _data(case).asked:
                continue
            state = notes_store.introductions(tx, row.id)
            for person in [one for one, how in state.items() if how in ("asked", "yes")]:
                member = api.membership(tx, api.group(tx, group).id, person)
                if member is None or not member.active:
                    notes_store.set_introduction(tx, row.id, person, "gone")
                    part = Cause(f"{cause.key}/gone-{row.id}", cause.inbox_id, cause.actor, cause.evidence)
                    self._engine.apply(tx, case.id, Fired(GONE), part)

    def closed(self, tx: Tx, case: Case, cause: Cause) -> None:
        """See Registry.closers: a meeting that is off needs no introduction."""
        if case.kind == MEETING and case.state == "cancelled" and isinstance(case.data, Meeting):
            found = self._case(tx, case.data.group_id, case.data.meeting)
            if found is not None:
                part = Cause(f"{cause.key}/off", cause.inbox_id, cause.actor, cause.evidence)
                self._engine.apply(tx, found.id, Withdrawn(), part)

    def _case(self, tx: ReadTx, group: int, meeting: int) -> Case | None:
        found = cases.find_open(tx, self._engine.registry.kinds, introduction.KIND, group, f"introduction:{meeting}")
        return found[0] if found else None


def _staying_away(tx: ReadTx, meeting: int) -> set[PersonId]:
    """Who has said that they do not come."""
    return {one.person for one in invitee_store.invitees(tx, meeting) if one.partstat in AWAY_STATS}


def _data(case: Case) -> Introduction:
    assert isinstance(case.data, Introduction)
    return case.data
