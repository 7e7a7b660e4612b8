"""Living cases of meetings: a call in each of its states, a meeting, a proposed time, a poll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from lists import store as lists_store
from lists.values import group_values
from workflows.meeting import invitee_store, store
from workflows.meeting.afterwards.after import After
from workflows.meeting.afterwards.attended import Attendance
from workflows.meeting.afterwards.circle_end import CircleEnd
from workflows.meeting.answering.counter import Counter
from workflows.meeting.answering.delegate import Delegate
from workflows.meeting.before.agenda import Agenda
from workflows.meeting.before.introduction import Introduction
from workflows.meeting.call import CONFIRM, MODERATORS, Call
from workflows.meeting.case import Meeting
from workflows.meeting.plan import House, Plan, Time
from workflows.meeting.polls.poll import Poll
from workflows.meeting.series.series import Serial
from workflows.meeting.store import Told
from workflows.meeting.when.model import Repeat, Unit

if TYPE_CHECKING:
    from mailsvc.store.database import Tx
    from mailsvc.store.outgoing import Values
    from tests.cases_kit import House as TestHouse
    from tests.cases_kit import Made

STARTS: Final = 1_796_299_200_000_000  # 3 December 2026, 12:00 UTC
ENDS: Final = STARTS + 5_400_000_000
WEEK: Final = 604_800_000_000
TOLD: Final = Told("Maps", STARTS, ENDS, "UTC", place="Room 4")


def _group(house: TestHouse) -> Values:
    settings = house.site.config
    return house.do(lambda tx: group_values(lists_store.group(tx, house.people.group), settings))


def _call(house: TestHouse) -> Made:
    group, people = _group(house), house.people
    start = (people.group, group, people.anna, "Anna Berg", "en")
    said = "When: 2026-12-03 13:00-14:30\n"
    return [
        (Call(*start, CONFIRM, 3, House(), "Maps", said), people.group, "call"),
        (Call(*start, MODERATORS, 3, House(), "Maps", said), people.group, "call"),
        (Call(*start, CONFIRM, 3, House(), "Maps", "When: soon\n"), people.group, "call"),
    ]


def _row(house: TestHouse, uid: str) -> int:
    people = house.people

    def unit(tx: Tx) -> int:
        number = store.insert_meeting(tx, people.group, uid, TOLD, caller=people.anna, capacity=1)
        for one in lists_store.members(tx, people.group):
            invitee_store.invite(tx, number, one.person_id, one.id, one.address, silent=False)
        return number

    return house.do(unit)


def _meeting(house: TestHouse) -> Made:
    people = house.people
    number = _row(house, "one@networks.example.org")
    data = Meeting(number, people.group, _group(house), people.anna, "en", TOLD, House(), capacity=1, people=3)
    return [(data, people.group, f"meeting:{number}")]


def _counter(house: TestHouse) -> Made:
    people = house.people
    number = _row(house, "two@networks.example.org")
    invitee = house.do(lambda tx: invitee_store.invitees(tx, number)[0].id)
    later = STARTS + 3_600_000_000
    known = (number, people.group, _group(house), people.anna, invitee, "Per Dahl", TOLD)
    return [(Counter(*known, later, later + 60_000_000, "Later?", 1), people.group, "counter")]


def _delegate(house: TestHouse) -> Made:
    people = house.people
    number = _row(house, "six@networks.example.org")
    invitee = house.do(lambda tx: invitee_store.invitees(tx, number)[0].id)
    known = (number, people.group, _group(house), people.anna, invitee, "Per Dahl", "eva@example.net", TOLD, "Ill")
    return [(Delegate(*known), people.group, "delegate")]


def _poll(house: TestHouse) -> Made:
    people = house.people
    plan = Plan("Maps", (Time(STARTS, ENDS), Time(STARTS + 86_400_000_000, ENDS + 86_400_000_000)))
    deadline = STARTS - 86_400_000_000
    asked = (people.karin, people.anna)
    start = (people.group, _group(house), people.anna, "Anna Berg", "en", plan, deadline, deadline - 86_400_000_000)
    return [(Poll(*start, asked, "word"), people.group, "word")]


def _series(house: TestHouse) -> Made:
    people = house.people
    weeks = tuple(Time(STARTS + number * WEEK, ENDS + number * WEEK) for number in range(3))
    plan = Plan("Maps", weeks, shape="series", place="Room 4", rule=Repeat(Unit.WEEK, 1, count=3))
    start = (people.group, _group(house), people.anna, "en")
    return [
        (Serial(*start, plan, House(), 3, ident="one"), people.group, "one"),
        (Serial(*start, replace(plan, more=True), House(), 3, ahead=2, ident="two"), people.group, "two"),
    ]


def _notes(house: TestHouse) -> Made:
    people = house.people
    number = _row(house, "three@networks.example.org")
    start = (number, people.group, _group(house), people.anna, "en", TOLD, House(), "Anna Berg", "Per Dahl")
    return [(After(*start), people.group, f"notes:{number}")]


def _attendance(house: TestHouse) -> Made:
    people = house.people
    number = _row(house, "seven@networks.example.org")
    start = (number, people.group, _group(house), people.anna, TOLD)
    return [
        (Attendance(*start), people.group, f"attendance:{number}"),
        (Attendance(*start, "Present: Anna Berg\n", proven=False), people.group, f"attendance:{number}"),
    ]


def _introduction(house: TestHouse) -> Made:
    people = house.people
    number = _row(house, "four@networks.example.org")
    data = Introduction(number, people.group, _group(house), people.anna, TOLD, STARTS - WEEK)
    return [(data, people.group, f"introduction:{number}")]


def _agenda(house: TestHouse) -> Made:
    people = house.people
    number = _row(house, "five@networks.example.org")
    data = Agenda(number, people.group, _group(house), people.anna, TOLD, House(), 3, standing="Rooms")
    return [(data, people.group, f"agenda:{number}")]


def _circle_end(house: TestHouse) -> Made:
    people = house.people
    return [(CircleEnd(people.group, _group(house), people.anna), people.group, f"circle:{people.group}")]


MAKERS = {
    "meeting-call": _call,
    "meeting": _meeting,
    "meeting-counter": _counter,
    "meeting-delegate": _delegate,
    "date-poll": _poll,
    "meeting-series": _series,
    "meeting-notes": _notes,
    "meeting-attendance": _attendance,
    "introduction": _introduction,
    "meeting-agenda": _agenda,
    "circle-end": _circle_end,
}
