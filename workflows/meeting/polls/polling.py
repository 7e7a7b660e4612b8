"""What polls of dates ask for, done: letters with numbered dates, answers kept, the table of results, the booking."""

from __future__ import annotations

from collections.abc import Sequence

from lists import api
from mailsvc.cases import ask_store, question_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Ask, Case, Cause, Fired, Rule, Tell
from mailsvc.cases.working_days import add_working_days
from mailsvc.clock import Instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.keys import encode
from mailsvc.people import store as people
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import BULK, SMALL, Recipient, Values
from workflows.meeting import plan as plans
from workflows.meeting.mailing import FEW
from workflows.meeting.meetings import Meetings
from workflows.meeting.plan import Plan
from workflows.meeting.polls import date_store, poll
from workflows.meeting.polls.date_store import Choice
from workflows.meeting.polls.poll import AskDates, Book, Choose, Looked, Poll, ShowResult


class Polling:
    """Runs the effects of polls."""

    def __init__(self, registry: Registry, engine: Engine, meetings: Meetings) -> None:
        self._engine = engine
        self._site = registry.site
        self._config = registry.site.config
        self._meetings = meetings

    def open(self, tx: Tx, group: int, caller: PersonId, plan: Plan, cause: Cause) -> None:
        """Ask everybody in the group for the dates that suit them."""
        found = api.group(tx, group)
        person = people.by_id(tx, caller)
        first = min(one.starts for one in plan.times)
        deadline = plan.answer_by or self._working_days(tx, self._config.meetings.poll_working_days)
        if deadline >= first:  # a poll is over before its first date
            deadline = max(tx.now + (first - tx.now) // 2, tx.now)
        remind = min(self._working_days(tx, 2), tx.now + (deadline - tx.now) * 2 // 3)
        members = tuple(one.person_id for one in api.members(tx, found.id) if one.active)
        data = Poll(
            group,
            api.group_values(found, self._config),
            caller,
            person.shown,
            person.language,
            plan,
            int(deadline),
            int(remind),
            members,
            encode(tx.random_bytes(8)),
        )
        self._engine.open(tx, poll.KIND, data, cause, group=group, subject=data.ident, started_by=caller)

    def _working_days(self, tx: ReadTx, days: int) -> Instant:
        site = self._config.site
        return add_working_days(tx.now, days, site.timezone, self._config.closed_periods, site.country)

    def ask(self, tx: Tx, case: Case, effect: AskDates, cause: Cause) -> None:
        """A letter with a token of its own to everybody, or to the silent."""
        data = _data(case)
        told = {one.person for one in date_store.choices(tx, case.id)} if effect.again else set()
        members = set(self._members(tx, data))
        to = [person for person in effect.to or data.people if person not in told and person in members]
        for person_id in to:
            question = self._question(tx, case, person_id)
            values: Values = {**poll.values(data), "vocabulary": "text", "reminder": effect.again}
            person = people.by_id(tx, person_id)
            if not people.addresses(tx, person_id):
                continue
            sent = outgoing.letter(
                tx,
                self._site,
                Recipient(person.address, person.language, person.id),
                "meeting/poll",
                {**values, "own": person_id == data.caller},
                cause=cause.inbox_id,
                case_id=case.id,
                group_id=case.group,
                sender="bounces",
                priority=BULK if len(to) > FEW else SMALL,
            )
            ask_store.insert_ask(tx, self._site.key, sent, person.id, [question])

    def _question(self, tx: Tx, case: Case, person: PersonId) -> QuestionId:
        return question_store.insert_question(tx, case.id, "dates", Rule.COLLECT, person)

    def choose(self, tx: Tx, case: Case, effect: Choose, cause: Cause) -> None:
        """Keep what was understood, and show it; lines that were not come back once with the words that work."""
        data = _data(case)
        for number, answer, comment in effect.said:
            date_store.choose(tx, case.id, effect.person, number, answer, comment)
        known = {one.number: one for one in date_store.choices(tx, case.id) if one.person == effect.person}
        values: Values = {
            **poll.values(data),
            "said": [_said(number, known.get(number)) for number in range(1, len(data.plan.times) + 1)],
            "counted": bool(effect.said),
            "late": effect.late,
            "unread": list(effect.unread),
        }
        self._engine.tell(tx, case, Tell(effect.person, "meeting/poll-read", values), cause)

    def show(self, tx: Tx, case: Case, effect: ShowResult, cause: Cause) -> None:
        """The table of results to the caller; where a choice is needed, it is asked for."""
        data = _data(case)
        people_now = self._members(tx, data)
        made = [one for one in date_store.choices(tx, case.id) if one.person in people_now]
        count = len(data.plan.times)
        equal = effect.best or (poll.best(*_sums(made, count)) if effect.why in ("late", "past") else ())
        values: Values = {
            **poll.values(data),
            "booked": effect.booked,
            "best": list(equal),
            "why": effect.why,
            "rows": rows(made, count),
            "sums": sums(data.plan, made, len(people_now)),
        }
        if effect.booked:
            self._engine.tell(tx, case, Tell(data.caller, "meeting/poll-result", values), cause)
            return
        ask = Ask("choose", data.caller, "meeting/poll-result", values)
        self._engine.ask_person(tx, case, ask.question, data.caller, ask.values, cause)

    def book(self, tx: Tx, case: Case, effect: Book, cause: Cause) -> None:
        """The date becomes a meeting; who could come is asked anew, in their calendar."""
        data = _data(case)
        plan = data.plan
        single = Plan(
            plan.title,
            (plan.times[effect.number - 1],),
            place=plan.place,
            link=plan.link,
            agenda=plan.agenda,
            how=plan.how,
            capacity=plan.capacity,
            zone=plan.zone,
        )
        self._meetings.open(tx, data.group_id, data.caller, single, cause)

    # ---- facts

    def look(self, tx: ReadTx, data: Poll, event: Answered | Fired) -> Looked:
        """See CaseKind.facts: who may book, who has answered, how many can."""
        found = cases.find_open(tx, self._engine.registry.kinds, poll.KIND, data.group_id, data.ident)
        now = self._members(tx, data)
        made = [one for one in date_store.choices(tx, found[0].id) if one.person in now] if found else []
        can, maybe = _sums(made, len(data.plan.times))
        answered = tuple(dict.fromkeys(one.person for one in made))
        people_now = tuple(now)
        if not isinstance(event, Answered):
            return Looked(answered=answered, can=can, maybe=maybe, people=people_now)
        member = api.membership(tx, api.group(tx, data.group_id).id, event.voter)
        books = event.voter == data.caller or (member is not None and member.moderates)
        language = people.by_id(tx, event.voter).language
        return Looked(language, books, answered, can, maybe, people_now)

    def _members(self, tx: ReadTx, data: Poll) -> list[PersonId]:
        """Who is a member now, in the order in which they have become one."""
        return [one.person_id for one in api.members(tx, api.group(tx, data.group_id).id) if one.active]

    def members_changed(self, tx: Tx, group: int, cause: Cause) -> None:
        """See Registry.members_changed: who joins while a poll is open is asked too."""
        for case in cases.find_open(tx, self._engine.registry.kinds, poll.KIND, group):
            if case.state == "asking" and set(_data(case).people) != set(self._members(tx, _data(case))):
                part = Cause(f"{cause.key}/poll-{case.id}", cause.inbox_id, cause.actor, cause.evidence)
                self._engine.apply(tx, case.id, Fired(poll.JOINED), part)


def _data(case: Case) -> Poll:
    assert isinstance(case.data, Poll)
    return case.data


def _count(made: Sequence[Choice], number: int, answer: str) -> int:
    return sum(1 for one in made if one.number == number and one.answer == answer)


def _sums(made: Sequence[Choice], count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many can, and may, on each date."""
    numbers = range(1, count + 1)
    can = tuple(_count(made, number, "can") for number in numbers)
    return can, tuple(_count(made, number, "maybe") for number in numbers)


def _said(number: int, choice: Choice | None) -> Values:
    if choice is None:
        return {"number": number, "answer": "", "text": ""}
    return {"number": number, "answer": choice.answer, "text": choice.comment}


def rows(made: Sequence[Choice], count: int) -> list[Values]:
    """One row for each who has answered: the name, what they say of each date, and their comments."""
    found: dict[PersonId, list[Choice]] = {}
    for one in made:
        found.setdefault(one.person, []).append(one)
    out: list[Values] = []
    for choices in found.values():
        known = {one.number: one.answer for one in choices}
        texts = [{"number": one.number, "text": one.comment} for one in choices if one.comment]
        answers = [known.get(number, "") for number in range(1, count + 1)]
        out.append({"who": choices[0].name, "answers": answers, "texts": texts})
    return out


def sums(plan: Plan, made: Sequence[Choice], people_asked: int) -> list[Values]:
    """For each date: how many can, may, cannot and have not said."""
    out: list[Values] = []
    for number, at in enumerate(plan.times, 1):
        can, maybe, cannot = (_count(made, number, answer) for answer in ("can", "maybe", "cannot"))
        silent = max(0, people_asked - can - maybe - cannot)
        out.append({"at": plans.time_values(at), "can": can, "maybe": maybe, "cannot": cannot, "silent": silent})
    return out
