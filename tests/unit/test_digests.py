"""Agendas and digests: what waits for a group comes once per slot and person, until it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pytest

from lists import store as lists_store
from lists.model import Settings
from mailsvc.cases import agenda_store, digests, log, question_store
from mailsvc.cases.body_decision import BodyDecision, Decidable
from mailsvc.cases.model import (
    Answered,
    Applied,
    CaseKind,
    Cause,
    Close,
    Context,
    Event,
    NotNow,
    QuestionKind,
    Result,
    Rule,
    SetTimer,
    Step,
)
from mailsvc.clock import DAY, Instant, to_datetime
from mailsvc.config import parse
from mailsvc.ids import CaseId, GroupId, PersonId
from mailsvc.message.address import parse_address
from mailsvc.people import presence_store
from mailsvc.people import store as people
from mailsvc.store import outgoing
from mailsvc.store.database import Tx
from tests.cases_kit import House

NAMES: Final = ("astrid", "bo", "cecilie")


class Motion(Decidable, frozen=True):
    """Something that a body decides."""

    body: int
    title: str


def opened(data: Motion, _event: Event, _ctx: Context) -> Step:
    return Step("deciding", data, (DECIDING.put(data), SetTimer("end", Instant(2_000_000_000_000_000))))


def done(data: Motion, _event: Event, _ctx: Context) -> Step:
    return Step("done", data, (Close(),))


DECIDING: Final = BodyDecision("decide", "deciding", lambda data: int(data.body), done)


def motion(house: House) -> CaseKind:
    return CaseKind(
        name="motion",
        data=Motion,
        states=("new", "deciding", "decided", "done"),
        start="new",
        final=frozenset({"done"}),
        transitions={
            ("new", "opened"): opened,
            ("deciding", "timer:end"): done,
            **DECIDING.transitions(),
        },
        questions={
            "decide": QuestionKind(
                "decision",
                rule=Rule.COLLECT,
                keeps_open=frozenset({"wait"}),
                values=lambda data: {"title": data.title},
                item="case/motion",
            )
        },
        facts=DECIDING.facts(house.engine),
        title=lambda data: data.title,
    )


@dataclass
class Board:
    """A leadership group of three in a house."""

    house: House
    group: GroupId
    people: dict[str, PersonId]

    def open(self, title: str) -> CaseId:
        cause = Cause(f"open:{title}")
        data = Motion(body=self.group, title=title)
        return self.house.do(lambda tx: self.house.engine.open(tx, "motion", data, cause, group=self.group))

    def due(self) -> Instant | None:
        return self.house.do(lambda tx: agenda_store.due(tx, self.group))

    def send(self) -> int:
        due = self.due()
        assert due is not None
        self.house.clock.advance(timedelta(microseconds=due - self.house.clock.now()))
        return self.house.do(lambda tx: digests.send(tx, self.house.engine, self.group, due))

    def letters(self, who: str) -> list[list[str]]:
        """The digests to somebody: the titles of their items."""
        rows = self.house.raw.execute(
            "SELECT o.id FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id"
            " WHERE o.template = 'case/digest' AND d.person_id = ? ORDER BY o.id",
            (self.people[who],),
        ).fetchall()
        loaded = self.house.do(lambda tx: [outgoing.load(tx, row[0]) for row in rows])
        found: list[list[str]] = []
        for letter in loaded:
            items = letter.values["items"]
            assert isinstance(items, list)
            found.append([item["title"] for item in items])
        return found

    def answer(self, who: str, case: CaseId, meaning: str, argument: str = "") -> Result:
        def unit(tx: Tx) -> Result:
            kind = "undo" if meaning == "undo" else "decide"
            asked = [
                q for q in question_store.questions_of(tx, case) if q.person_id == self.people[who] and q.kind == kind
            ]
            word = Answered(asked[-1].kind, meaning, self.people[who], argument)
            return self.house.engine.answer(tx, asked[-1].id, word, Cause(f"{who}:{case}:{meaning}:{tx.now}"))

        return self.house.do(unit)

    def state(self, case: CaseId) -> str:
        return self.house.do(lambda tx: self.house.engine.case(tx, case)).state


def founded(rule: str = "any", undo: str = "0 min") -> Board:
    house = House(parse(f'[digests]\nundo = "{undo}"\n'))
    house.registry.kinds["motion"] = motion(house)

    def unit(tx: Tx) -> tuple[GroupId, dict[str, PersonId]]:
        group = lists_store.insert_group(
            tx,
            "board",
            kind="leadership",
            title="Board",
            language="en",
            post="members",
            join="closed",
            settings=Settings(decision_rule=rule),
            established_by=None,
        )
        found = {}
        for name in NAMES:
            address = parse_address(f"{name}@example.net")
            assert address is not None
            person = people.ensure(tx, address, name=name.capitalize(), language="en", verified=True)
            known = people.address(tx, address.folded)
            assert known is not None
            role = "chair" if name == "astrid" else "member"
            lists_store.insert_membership(tx, group, person.id, known.id, role, "each")
            found[name] = person.id
        return group, found

    group, found = house.do(unit)
    return Board(house, group, found)


@pytest.fixture
def board() -> Iterator[Board]:
    made = founded()
    yield made
    made.house.close()


def test_nothing_pending_no_digest(board: Board) -> None:
    assert board.due() is None


def test_one_letter_each_with_all_that_waits(board: Board) -> None:
    board.open("Books")
    board.open("Maps")
    assert board.send() == 3
    assert board.letters("astrid") == [["Books", "Maps"]] == board.letters("bo")


def test_a_slot_is_sent_once(board: Board) -> None:
    board.open("Books")
    due = board.due()
    assert due is not None
    assert board.send() == 3
    assert board.house.do(lambda tx: digests.send(tx, board.house.engine, board.group, due)) == 0
    again = board.due()
    assert again is not None
    assert again > due


def test_what_is_settled_comes_no_more(board: Board) -> None:
    books, maps = board.open("Books"), board.open("Maps")
    board.send()
    assert isinstance(board.answer("bo", books, "yes"), Applied)
    assert board.state(books) == "done"
    board.send()
    assert board.letters("bo")[1:] == [["Maps"]]
    assert isinstance(board.answer("astrid", books, "no"), NotNow)
    board.answer("astrid", maps, "no")
    assert board.due() is None or board.send() == 0


def test_whoever_has_voted_is_not_asked_again_and_may_change_it() -> None:
    board = founded("unanimous")
    case = board.open("Books")
    board.send()
    board.answer("bo", case, "yes")
    board.send()
    assert len(board.letters("bo")) == 1
    assert len(board.letters("astrid")) == 2
    board.answer("bo", case, "no")
    assert board.state(case) == "done"
    assert board.house.do(lambda tx: board.house.engine.case(tx, case)).data.decision == "no"  # type: ignore[attr-defined]


def test_a_decision_can_be_taken_back() -> None:
    board = founded(undo="30 min")
    case = board.open("Books")
    board.send()
    taken = board.answer("bo", case, "yes")
    assert isinstance(taken, Applied)
    assert taken.undo_until is not None
    board.house.do(lambda tx: board.house.engine.ask_undo(tx, case, board.people["bo"]))
    assert isinstance(board.answer("bo", case, "undo"), Applied)
    assert board.state(case) == "deciding"
    board.send()
    assert board.letters("bo")[-1] == ["Books"]
    assert isinstance(board.answer("bo", case, "no"), Applied)


def test_a_stand_in_votes_for_whom_they_stand_in() -> None:
    board = founded("unanimous")
    anna, bo = board.house.people.anna, board.people["bo"]
    now = board.house.clock.now()
    board.house.do(lambda tx: presence_store.set_stand_in(tx, bo, anna, now, Instant(now + 30 * DAY)))
    case = board.open("Books")
    board.people["anna"] = anna
    board.send()
    assert board.letters("bo") == []
    assert board.letters("anna") == [["Books"]]
    for name in ("astrid", "cecilie", "anna"):
        board.answer(name, case, "yes")
    assert board.state(case) == "done"
    votes = board.house.do(lambda tx: board.house.engine.case(tx, case)).data.votes  # type: ignore[attr-defined]
    assert {vote.person for vote in votes} == {board.people[name] for name in NAMES}


def test_the_log_folds_to_the_votes(board: Board) -> None:
    case = board.open("Books")
    board.send()
    board.answer("bo", case, "wait")
    board.answer("bo", case, "yes")

    def problem(tx: Tx) -> str | None:
        known = board.house.engine.case(tx, case)
        return log.problem(tx, board.house.registry.kinds["motion"], known, board.house.working_days)

    assert board.house.do(problem) is None


def test_a_second_thought_counts_until_it_acts() -> None:
    board = founded(undo="30 min")
    case = board.open("Books")
    board.send()
    board.answer("bo", case, "yes")
    assert isinstance(board.answer("bo", case, "no"), Applied)
    assert board.state(case) == "decided"
    assert board.house.do(lambda tx: board.house.engine.case(tx, case)).data.decision == "no"  # type: ignore[attr-defined]
    assert isinstance(board.answer("astrid", case, "yes"), NotNow)


def test_postponed_to_a_day_it_comes_back_on_that_day(board: Board) -> None:
    case = board.open("Books")
    board.send()
    sent = board.house.clock.now()
    board.answer("bo", case, "postpone", argument="14 december 2026")
    due = board.due()
    assert due is not None
    assert to_datetime(due).date() == date(2026, 12, 14)
    assert due > sent + 7 * DAY
    assert board.send() == 3


def test_postponed_without_a_day_everybody_is_asked_next_time() -> None:
    board = founded("unanimous")
    case = board.open("Books")
    board.send()
    board.answer("astrid", case, "yes")
    board.answer("bo", case, "postpone")
    board.answer("cecilie", case, "yes")
    assert board.state(case) == "deciding"
    assert board.send() == 3
