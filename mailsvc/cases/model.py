"""What a kind of case is made of: states, a table of transitions, questions, effects. Values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import msgspec

from mailsvc.clock import Instant
from mailsvc.ids import CaseId, InboxId, PersonId, QuestionId
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Recipient, Values

LADDER: Final = ("moderators", "establishers", "operators")


@dataclass(frozen=True, slots=True)
class Audience:
    """A group's people at a step of the ladder, resolved when the letter is asked for."""

    group: int
    step: str = "moderators"


class Rule(StrEnum):
    """`first`: one answer closes the question for all. `collect`: everybody's last answer counts until closing."""

    FIRST = "first"
    COLLECT = "collect"


class Takes(StrEnum):
    """What counts as an answer: one of the vocabulary's words alone, or also a text, or a form that was filled in."""

    WORDS = "words"
    TEXT = "text"  # whatever is newly written and is none of the words: the meaning is `said`
    FORM = "form"  # the whole mail, quoted form and all: the meaning is `filled`


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """One kind of question: the vocabulary that answers it, its rule, and the answers that leave it open.

    `letter` asks it of one person; its values come from the case's data, for those who are asked later. `item` is the
    template of its lines in a digest, with the same values.
    """

    vocabulary: str
    rule: Rule = Rule.FIRST
    keeps_open: frozenset[str] = frozenset()
    letter: str = ""
    values: Callable[[Any], Values] = lambda _data: {}
    takes: Takes = Takes.WORDS
    item: str = ""
    own_letter: frozenset[str] = frozenset()  # after these the case's next letter shows how the answer was read
    waits: Callable[[str, Any], bool] = lambda _state, _data: True  # in that state somebody waits for the answer


# ---- events: what happened. They are kept in the log; free text is kept apart.


class Event(msgspec.Struct, frozen=True, tag=True):
    """Base of all events."""

    @property
    def trigger(self) -> str:
        """The word under which the transition table lists it."""
        raise AssertionError("a concrete event has a trigger")


class Opened(Event, frozen=True):
    """The case begins."""

    facts: str = ""

    @property
    def trigger(self) -> str:
        """See Event."""
        return "opened"


class Answered(Event, frozen=True):
    """A person answered a question with `meaning`; `text` is their reason, kept apart from the log.

    `behalf` is for whom: somebody who is away, or has handed the question on; None for oneself. `asked_at` is when the
    letter was written to which it is an answer; None where it came by another way.
    """

    question: str
    meaning: str
    person: PersonId
    argument: str = ""
    text: str = ""
    behalf: PersonId | None = None
    facts: str = ""
    asked_at: Instant | None = None

    @property
    def voter(self) -> PersonId:
        """Whose answer it is."""
        return self.person if self.behalf is None else self.behalf

    @property
    def trigger(self) -> str:
        """See Event."""
        return f"{self.question}:{self.meaning}"


class Fired(Event, frozen=True):
    """A timer is due."""

    name: str
    facts: str = ""

    @property
    def trigger(self) -> str:
        """See Event."""
        return f"timer:{self.name}"


class Withdrawn(Event, frozen=True):
    """Whoever started it, or an operator, takes it back."""

    person: PersonId | None = None
    facts: str = ""

    @property
    def trigger(self) -> str:
        """See Event."""
        return "withdraw"


class Commented(Event, frozen=True):
    """A person wrote something that decided nothing."""

    person: PersonId
    text: str = ""

    @property
    def trigger(self) -> str:
        """See Event."""
        return "comment"


class Reminded(Event, frozen=True):
    """Everybody at a step of the ladder who has not answered a question has got its letter again."""

    question: str
    step: str

    @property
    def trigger(self) -> str:
        """See Event."""
        return "reminded"


class HandedOver(Event, frozen=True):
    """A question has gone on to the next step of the ladder."""

    question: str
    step: str

    @property
    def trigger(self) -> str:
        """See Event."""
        return "handed-over"


class Delegated(Event, frozen=True):
    """Somebody who was asked has named another who is asked instead."""

    question: str
    person: PersonId
    to: PersonId

    @property
    def trigger(self) -> str:
        """See Event."""
        return "delegated"


AnyEvent = Opened | Answered | Fired | Withdrawn | Commented | Reminded | HandedOver | Delegated


# ---- effects: what a transition asks for. Any other frozen value is an effect of the package that defines it.


@dataclass(frozen=True, slots=True)
class Ask:
    """Put `question` to a person or an audience in the letter `letter`."""

    question: str
    to: Audience | PersonId
    letter: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tell:
    """Write `letter` to somebody."""

    to: PersonId | Recipient
    letter: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Fire `name` at `due_at`; setting it again moves it."""

    name: str
    due_at: Instant


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Forget the timer `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class OfferUndo:
    """Until then the decider may take the decision back; the receipt says so."""

    until: Instant


@dataclass(frozen=True, slots=True)
class Reopen:
    """The questions of this kind that a decision closed are open again (after an undo).

    With `person` only that answer is taken back, and the others' stay (the rule `collect`).
    """

    question: str
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class PutToBody:
    """Put `question` on the agenda of a group: it stands in its digests until it is settled.

    `not_before` leaves it out of digests until then; `overdue_at` marks it as overdue from then on (its moment may have
    passed already).
    """

    question: str
    group: int
    not_before: Instant | None = None
    overdue_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """The body has decided, or is not asked any more: nobody is asked this question now.

    `void`: the answers that were given count no more either, because the same question goes to another body next.
    """

    question: str
    void: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """The case is over; open questions end, timers go."""


ENGINE_EFFECTS: Final = (Ask, Tell, SetTimer, CancelTimer, OfferUndo, Reopen, PutToBody, Settle, Close)


@dataclass(frozen=True, slots=True)
class Context:
    """What a transition may know besides its data: the case's number, the time, and the site's clocks.

    `undo` and `body_undo` are the microseconds in which a moderator's and a body's decision can be taken back.
    """

    case_id: CaseId
    now: Instant
    undo: int
    actor_name: str
    in_working_days: Callable[[int], Instant]
    body_undo: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Where a transition leads: the next state, the case's data then, and what has to happen."""

    state: str
    data: msgspec.Struct
    effects: tuple[object, ...] = ()


# A transition's data and event are of the types that its kind declares for that place in the table.
Transition = Callable[[Any, Any, Context], Step]


@dataclass(frozen=True, slots=True)
class Examples:
    """What a kind's table can be walked with, for its picture and the tests of all kinds.

    `data`: values of fields of the data, where made-up ones would not do. `events`: by trigger, fields of the event
    (facts, text), one event for each.
    """

    data: Mapping[str, Sequence[object]] = field(default_factory=dict)
    events: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)


# What an event meets in the database (electors, names in use): looked up before the transition and kept in the log
# with the event, so that the log alone tells why the case moved. Ids, numbers and words of ours only, no names.
Facts = Callable[[ReadTx, Any, Any], object]


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A declared kind of case. `transitions` maps (state, trigger) to a function; `waits` says who is waiting."""

    name: str
    data: type[msgspec.Struct]
    states: tuple[str, ...]
    start: str
    final: frozenset[str]
    transitions: Mapping[tuple[str, str], Transition]
    questions: Mapping[str, QuestionKind]
    effects: tuple[type, ...] = ()
    letters: tuple[str, ...] = ()
    waits: Callable[[Any], Recipient | None] = lambda _data: None
    title: Callable[[Any], str] = lambda _data: ""
    facts: Mapping[str, Facts] = field(default_factory=dict)  # by trigger
    # which question somebody may answer who was never asked, "" for none: found by the case's number or its letter
    open_to: Callable[[ReadTx, Case, PersonId], str] | None = None
    examples: Examples = field(default_factory=Examples)
    recorded: bool = False  # a decision that goes to the records ([records] address) when the case closes
    version: int = 1


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is applied: a key that makes a replay harmless, who acted, and the mail with its evidence."""

    key: str
    inbox_id: InboxId | None = None
    actor: PersonId | None = None
    evidence: str = "{}"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as stored."""

    id: CaseId
    kind: str
    state: str
    version: int
    data: msgspec.Struct
    group: int | None
    subject: str
    started_by: PersonId | None
    opened_at: Instant
    closed_at: Instant | None


@dataclass(frozen=True, slots=True)
class Applied:
    """The event took effect; `undo_until` when the decider may still take it back."""

    state: str
    undo_until: Instant | None = None


@dataclass(frozen=True, slots=True)
class NotNow:
    """There is no transition for the event in this state; nothing was changed."""

    state: str


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """The same cause was applied already; nothing was changed."""


Result = Applied | NotNow | SeenBefore


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one person as stored."""

    id: QuestionId
    case_id: CaseId
    kind: str
    person_id: PersonId
    rule: Rule
    state: str
    answer: str
    reason: str
    answered_at: Instant | None
    behalf: PersonId | None = None
