"""How the hot statements are carried out: by the intended index, never by walking over a table that grows.

Each statement is taken from the function that runs it, so that a changed statement is a tested one. The plans are made
without ANALYZE, on an empty database: what holds there holds on a grown one, because nothing else tells SQLite more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lists import store as lists
from mailsvc.cases import ask_store, question_store, timer_store
from mailsvc.cases import store as cases
from mailsvc.deliver import store as deliver
from mailsvc.errors import Reason
from mailsvc.ids import CaseId, GroupId, InboxId, MembershipId, OutgoingId, PersonId, QuestionId, RawId
from mailsvc.people import store as people
from mailsvc.store import inbox, meta, outgoing, rates
from mailsvc.store.database import Row, Tx
from mailsvc.web import store as web
from tests.contract.kit import sqlite

# Tables whose rows are counted in thousands or millions; groups and migrations' meta are not.
BIG = frozenset(
    [
        *("raw", "mail", "inbox", "seen", "person", "address", "membership", "sender", "cases", "event", "event_text"),
        *("event_key", "question", "outgoing", "delivery", "ask", "ask_item", "timer", "slot", "rate", "mailroom"),
    ]
)
# These hold only the rows that are asked for, so walking over them is no waste.
PARTIAL = ("inbox_put_aside",)
WINDOW = deliver.Window(copies=100, messages=10, octets=1 << 20)

Statement = tuple[str, dict[str, object]]
Run = Callable[[Tx], object]


class Recording:
    """A Tx that writes down what it is asked, and asks it of the real one."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.now = tx.now
        self.statements: list[Statement] = []

    def one(self, sql: str, **params: object) -> Row | None:
        self.statements.append((sql, params))
        return self._tx.one(sql, **params)

    def all(self, sql: str, **params: object) -> list[Row]:
        self.statements.append((sql, params))
        return self._tx.all(sql, **params)

    def execute(self, sql: str, **params: object) -> int:
        self.statements.append((sql, params))
        return self._tx.execute(sql, **params)

    def insert(self, sql: str, **params: object) -> int:
        self.statements.append((sql, params))
        return self._tx.insert(sql, **params)

    def random_bytes(self, count: int) -> bytes:
        return self._tx.random_bytes(count)

    def wake(self, topic: str) -> None:
        self._tx.wake(topic)


async def plans(folder: Path, run: Run) -> list[list[str]]:
    """The plan of each statement that `run` runs, a list of steps each."""

    def unit(tx: Tx) -> list[list[str]]:
        recording = Recording(tx)
        run(recording)
        assert recording.statements
        return [
            [str(row["detail"]) for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", **params)]
            for sql, params in recording.statements
        ]

    async with sqlite(folder) as db:
        return await db.write(unit)


def statement(sql: str, **params: object) -> Run:
    return lambda tx: tx.all(sql, **params)


def aliases(sql: str) -> dict[str, str]:
    """What SQLite calls a table in a plan -> the table."""
    found = {}
    for table, alias in re.findall(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", sql, re.IGNORECASE):
        found[table] = table
        found[alias] = table
    return found


def scans(sql: str, plan: list[str]) -> list[str]:
    """Steps that walk over the whole of a big table, or of an index that holds all of its rows."""
    tables = aliases(sql)
    return [
        step
        for step in plan
        if (match := re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step))
        and tables.get(match[1], match[1]) in BIG
        and match[2] not in PARTIAL
    ]


P, G, C, LETTER = PersonId(1), GroupId(1), CaseId(1), OutgoingId(1)

# name -> (what runs it, the steps that must be in its plans, whether it may sort)
HOT: dict[str, tuple[Run, tuple[str, ...], bool]] = {
    "mail that is due": (lambda tx: inbox.due(tx, 32), ("SEARCH i USING INDEX inbox_due (next_at<?)",), False),
    "mail tried before": (inbox.due_again, ("SEARCH i USING INDEX inbox_again (next_at<?)",), False),
    "next mail": (inbox.next_due, ("SEARCH inbox USING INDEX inbox_due",), False),
    "mail of a batch": (
        lambda tx: inbox.small_raws(tx, [RawId(1)], 100),
        ("SEARCH raw USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "results for the metrics": (
        lambda tx: web.settled_deliveries(tx, 0),
        (
            "SEARCH delivery USING INDEX delivery_next (next_at>?)",
            "SEARCH delivery USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ),
        True,
    ),
    "count attempts": (
        lambda tx: inbox.count_attempt(tx, [InboxId(1)]),
        ("SEARCH inbox USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "finish": (
        lambda tx: inbox.finish(tx, InboxId(1), Reason.POSTED, quarantined=False),
        ("SEARCH inbox USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "seen before": (
        lambda tx: inbox.seen(tx, "t", "m", b"d", InboxId(1), 30),
        ("SEARCH seen USING PRIMARY KEY (target=? AND message_id=?)",),
        False,
    ),
    "old mail": (
        lambda tx: inbox.forget_old(tx, 30, 30),
        ("SEARCH seen USING COVERING INDEX seen_at (at<?)", "SEARCH inbox USING INDEX inbox_put_aside (handled_at<?)"),
        False,
    ),
    "quarantine": (inbox.quarantine, (), False),
    "letters to render": (
        lambda tx: outgoing.to_compose(tx, 16),
        ("SEARCH o USING INDEX outgoing_waiting (state=?)",),
        False,
    ),
    "is anything due": (
        meta.busy,
        ("SEARCH d USING INDEX delivery_next (next_at<?)", "SEARCH timer USING COVERING INDEX timer_due (due_at<?)"),
        False,
    ),
    "what is next": (
        meta.next_event,
        ("SEARCH timer USING COVERING INDEX timer_due", "SEARCH d USING INDEX delivery_next (next_at>?)"),
        False,
    ),
    "copies that are due": (
        lambda tx: deliver.due(tx, WINDOW),
        (
            "SEARCH o USING INDEX outgoing_waiting (state=?)",
            "SEARCH d USING INDEX delivery_due (outgoing_id=? AND next_at<?)",
        ),
        False,
    ),
    "copies of one message": (
        statement(deliver._DUE, outgoing=1, now=1, held="[]", room=5),
        ("SEARCH delivery USING INDEX delivery_due (outgoing_id=? AND next_at<?)",),
        False,
    ),
    "results of copies": (
        statement(deliver._SETTLE, results='[[1,"todo",0,""]]', now=1),
        ("SEARCH delivery USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "messages without copies": (
        statement(deliver._COMPLETE, ids="[1]"),
        ("SEARCH d USING INDEX delivery_due (outgoing_id=? AND next_at>?)",),
        False,
    ),
    "next copy": (deliver.next_moment, ("SEARCH delivery USING INDEX delivery_next (next_at>?)",), False),
    "messages to give up": (
        lambda tx: deliver.overdue(tx, 5),
        ("SEARCH outgoing USING INDEX outgoing_waiting (state=?)",),
        True,
    ),
    "messages to close": (
        lambda tx: deliver.without_copies(tx, 5),
        ("SEARCH d USING INDEX delivery_due (outgoing_id=? AND next_at>?)",),
        True,
    ),
    "give up a message": (
        lambda tx: deliver.expire(tx, LETTER, []),
        ("SEARCH delivery USING INDEX delivery_due (outgoing_id=? AND next_at>?)",),
        False,
    ),
    "close a message": (
        lambda tx: deliver.finish(tx, LETTER, None),
        ("SEARCH outgoing USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "fan-out": (
        lambda tx: lists.fan_out(tx, LETTER, G, P, ["a"], "key"),
        (
            "SEARCH m USING INDEX membership_fanout (group_id=? AND delivery=? AND state=?)",
            "SEARCH o USING INDEX outgoing_post (message_id=?)",
            "SEARCH d USING COVERING INDEX delivery_person (outgoing_id=? AND person_id=?)",
        ),
        False,
    ),
    "group by name": (
        lambda tx: lists.group_named(tx, "a"),
        ("SEARCH groups USING INDEX sqlite_autoindex_groups_1 (name=?)",),
        False,
    ),
    "place in a group": (
        lambda tx: lists.membership(tx, G, P),
        ("SEARCH m USING INDEX membership_once (group_id=? AND person_id=?)",),
        False,
    ),
    "membership by key": (
        lambda tx: lists.membership_by_id(tx, 1),
        ("SEARCH m USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "end of a membership": (
        lambda tx: lists.end_membership(tx, MembershipId(1)),
        ("SEARCH membership USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "moderators": (
        lambda tx: lists.with_roles(tx, G, ["moderator"]),
        ("SEARCH membership USING INDEX membership_once (group_id=?)",),
        True,
    ),
    "memberships of a person": (
        lambda tx: lists.memberships_of(tx, P),
        ("SEARCH m USING INDEX membership_of_person (person_id=?)",),
        True,
    ),
    "what was decided about a sender": (
        lambda tx: lists.sender_posting(tx, G, "a"),
        ("SEARCH sender USING PRIMARY KEY (group_id=? AND folded=?)",),
        False,
    ),
    "person by address": (
        lambda tx: people.by_address(tx, "a"),
        ("SEARCH address USING INDEX sqlite_autoindex_address_1 (folded=?)",),
        False,
    ),
    "addresses of a person": (
        lambda tx: people.addresses(tx, P),
        ("SEARCH address USING INDEX address_of_person (person_id=?)",),
        True,
    ),
    "forget a person": (lambda tx: people.forget_unproven(tx, P), (), False),
    "timers that are due": (timer_store.due_timers, ("SEARCH timer USING COVERING INDEX timer_due (due_at<?)",), False),
    "next timer": (timer_store.next_timer, ("SEARCH timer USING COVERING INDEX timer_due",), False),
    "end of a case's timers": (
        lambda tx: timer_store.cancel_timer(tx, C),
        ("SEARCH timer USING PRIMARY KEY (case_id=?)",),
        False,
    ),
    "applied before": (lambda tx: cases.remember(tx, "k", C, 1), (), False),
    "open cases": (
        lambda tx: cases.find_open(tx, {}, "held-post", 1, "a"),
        ("SEARCH cases USING INDEX cases_open (kind=? AND group_ref=?)",),
        True,
    ),
    "log of a case": (lambda tx: cases.events(tx, C), ("SEARCH e USING PRIMARY KEY (case_id=?)",), False),
    "what waits for a person": (
        lambda tx: question_store.open_questions(tx, P, None),
        ("SEARCH q USING INDEX question_waiting (person_id=?)",),
        True,
    ),
    "close a question for all": (
        lambda tx: question_store.close_others(tx, C, "q"),
        ("SEARCH question USING INDEX question_of_case (case_id=?)",),
        False,
    ),
    "answer": (
        lambda tx: question_store.answer_question(tx, QuestionId(1), "yes", "", None),
        ("SEARCH question USING INTEGER PRIMARY KEY (rowid=?)",),
        False,
    ),
    "letter by its token": (
        lambda tx: ask_store.ask_by_token(tx, "t"),
        ("SEARCH a USING INDEX sqlite_autoindex_ask_2 (token_hash=?)",),
        False,
    ),
    "letter by its thread": (
        lambda tx: ask_store.ask_by_message_ids(tx, ["a", "b"]),
        (
            "SEARCH o USING INDEX outgoing_message_id (message_id=?)",
            "SEARCH a USING INDEX sqlite_autoindex_ask_1 (outgoing_id=?)",
        ),
        True,
    ),
    "live tokens in a post": (
        lambda tx: ask_store.live_tokens(tx, ["00" * 32]),
        ("SEARCH a USING INDEX sqlite_autoindex_ask_2 (token_hash=?)",),
        True,
    ),
    "thread of a letter": (
        lambda tx: ask_store.thread_of(tx, C, P, OutgoingId(9)),
        (
            "SEARCH o USING INDEX outgoing_of_case (case_id=? AND rowid<?)",
            "SEARCH d USING COVERING INDEX delivery_person (outgoing_id=? AND person_id=?)",
        ),
        False,
    ),
    "letters of a case to a person": (
        lambda tx: ask_store.wrote_to(tx, C, P, 1),
        ("SEARCH o USING INDEX outgoing_of_case (case_id=?)",),
        False,
    ),
    "limits": (lambda tx: rates.count(tx, "k", 1), ("SEARCH rate USING PRIMARY KEY (key=? AND window_at=?)",), False),
}


@pytest.mark.parametrize("name", sorted(HOT))
async def test_hot_statements_take_their_index(tmp_path: Path, name: str) -> None:
    run, wanted, may_sort = HOT[name]
    texts: list[str] = []

    def listening(tx: Tx) -> object:
        result = run(tx)
        texts.extend(sql for sql, _ in tx.statements)  # type: ignore[attr-defined]
        return result

    found = await plans(tmp_path, listening)
    steps = [step for plan in found for step in plan]
    for step in wanted:
        assert step in steps
    assert [scans(sql, plan) for sql, plan in zip(texts, found, strict=True) if scans(sql, plan)] == []
    if not may_sort:
        assert [step for step in steps if "TEMP B-TREE" in step] == []


def test_a_scan_is_seen() -> None:
    assert scans("SELECT 1 FROM outgoing o", ["SCAN o"]) == ["SCAN o"]
    assert scans("SELECT 1 FROM delivery", ["SCAN delivery USING COVERING INDEX delivery_person"])
    assert scans("SELECT 1 FROM json_each('[]')", ["SCAN json_each VIRTUAL TABLE INDEX 1:"]) == []
    assert scans("SELECT 1 FROM groups g", ["SCAN g"]) == []


async def test_many_tokens_are_looked_up_in_one_statement(tmp_path: Path) -> None:
    def unit(tx: Tx) -> list[int]:
        person = tx.insert("INSERT INTO person (name, language, created_at) VALUES ('', 'en', 1)")
        hashes = []
        for number in range(40):
            letter = tx.insert(
                "INSERT INTO outgoing (kind, message_id, sender, priority, state, created_at, expires_at)"
                " VALUES ('letter', :id, 'null', 0, 'done', 1, 1)",
                id=f"m{number}",
            )
            hashes.append(tx.random_bytes(32))
            tx.insert(
                "INSERT INTO ask (person_id, outgoing_id, nonce, token_hash, issued_at, state)"
                " VALUES (:person, :letter, x'00', :hash, 1, :state)",
                person=person,
                letter=letter,
                hash=hashes[-1],
                state="live" if number % 2 else "revoked",
            )
        strange = [tx.random_bytes(32) for _ in range(2000)]
        found = ask_store.live_tokens(tx, [one.hex() for one in (*strange, *hashes, *hashes)])
        assert ask_store.live_tokens(tx, []) == []
        assert ask_store.live_tokens(tx, [strange[0].hex()]) == []
        return [int(ask.id) for ask in found]

    async with sqlite(tmp_path) as db:
        assert await db.write(unit) == list(range(2, 41, 2))
