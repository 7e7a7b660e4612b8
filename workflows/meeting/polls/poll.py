"""The kind of case "date-poll": numbered dates to every member, until the deadline, all answers, or `book`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from lists.api import GROUP_CLOSED
from mailsvc.cases.answer_model import POLL, Item, Meaning, Reading, Undecided
from mailsvc.cases.answers import read
from mailsvc.cases.model import (
    Answered,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    Facts,
    Fired,
    QuestionKind,
    Rule,
    SetTimer,
    Step,
    Takes,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting import plan as plans
from workflows.meeting.plan import Plan
from workflows.meeting.polls.poll_all import read_all

KIND: Final = "date-poll"
ANSWERS: Final = {Meaning.CAN: "can", Meaning.MAYBE: "maybe", Meaning.CANNOT: "cannot"}
LETTERS: Final = ("meeting/poll", "meeting/poll-read", "meeting/poll-result", "meeting/state")
CHOOSE_DAYS: Final = 14
_NUMBERED: Final = re.compile(r"\s*#?(?P<number>\d{1,2})\s*[.):–-]?\s*(?P<rest>.+)", re.DOTALL)
_LONGEST_MAYBE: Final = 4  # words


class Poll(msgspec.Struct, frozen=True):
    """A poll: the plan whose times are the dates; `deadline` when it closes, `people` who were asked.

    `ident` is a word of its own, by which its case is found.
    """

    group_id: int
    group: Values
    caller: PersonId
    caller_name: str
    language: str
    plan: Plan
    deadline: int
    remind_at: int
    people: tuple[PersonId, ...]
    ident: str = ""


class Looked(msgspec.Struct, frozen=True):
    """What an event meets: the language of whoever answers, who has answered, and how many can, may and cannot."""

    language: str = ""
    books: bool = False
    answered: tuple[PersonId, ...] = ()
    can: tuple[int, ...] = ()
    maybe: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AskDates:
    """Put the dates to everybody who is asked, or once more to those who have not answered."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """What somebody answered: (number, can | maybe | cannot, comment); `unread` are lines that said nothing clear."""

    person: PersonId
    said: tuple[tuple[int, str, str], ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowResult:
    """The result to the caller: what was booked, or (`best`, several) which dates are equally good."""

    booked: int = 0
    best: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """The number-th date becomes the invitation."""

    number: int


def title(data: Poll) -> str:
    """What the dates are for."""
    return data.plan.title


def values(data: Poll) -> Values:
    """What the letters say."""
    return {
        "group": data.group,
        "who": data.caller_name,
        "about": data.plan.title,
        "times": [plans.time_values(one) for one in data.plan.times],
        "place": data.plan.place,
        "link": data.plan.link,
        "agenda": data.plan.agenda,
        "until": data.deadline,
    }


def read_dates(text: str, count: int, language: str) -> Reading:
    """`1 yes 2 maybe 3 no`, a sentence per numbered line, `book 2`, `all except 2`: words.md §2.3."""
    reading = read(text, POLL, language or None, [Item(number) for number in range(1, count + 1)])
    if reading.answers or count < 2:
        return reading
    every = read_all(text, count, language)
    return Reading(every) if every else reading


def perhaps(line: Undecided, language: str) -> tuple[int, str] | None:
    """`2 maybe if the train runs`: what stands behind a maybe cannot make it less, so it is its comment."""
    match = _NUMBERED.match(line.text)
    if len(line.numbers) != 1 or match is None or int(match["number"]) != line.numbers[0]:
        return None
    words = match["rest"].split()
    for count in range(1, min(len(words), _LONGEST_MAYBE) + 1):
        decided = read(" ".join(words[:count]).rstrip(",.:;–-"), POLL, language or None).decided
        if decided is not None and decided.meaning is Meaning.MAYBE:
            return line.numbers[0], " ".join(words[count:])
    return None


def best(can: Sequence[int], maybe: Sequence[int]) -> tuple[int, ...]:
    """The dates on which most can come; of equals those with most perhaps; () when nobody can come on any."""
    if not can or not any((*can, *maybe)):
        return ()
    score = [(yes, perhaps) for yes, perhaps in zip(can, maybe, strict=True)]
    top = max(score)
    return tuple(number for number, one in enumerate(score, 1) if one == top)


def opened(data: Poll, _event: Event, ctx: Context) -> Step:
    """Everybody is asked, the caller too."""
    remind = (SetTimer("remind", Instant(data.remind_at)),) if ctx.now < data.remind_at < data.deadline else ()
    return Step("asking", data, (AskDates(), SetTimer("end", Instant(data.deadline)), *remind))


def said(data: Poll, event: Answered, ctx: Context) -> Step:
    """An answer; the last one to each date counts. When all have answered it closes."""
    known = msgspec.json.decode(event.facts or "{}", type=Looked)
    reading = read_dates(event.text, len(data.plan.times), known.language)
    booked = next((one for one in reading.answers if one.meaning is Meaning.BOOK), None)
    if booked is not None and known.books:
        return book(data, booked.number, ())
    maybe = {one.text: perhaps(one, known.language) for one in reading.undecided}
    found = (
        *((one.number, ANSWERS[one.meaning], one.reason) for one in reading.answers if one.meaning in ANSWERS),
        *((one[0], "maybe", one[1]) for one in maybe.values() if one is not None),
    )
    unread = tuple(text for text, one in maybe.items() if one is None)
    if not found and not unread:
        unread = (event.text[:200],)
    choose = Choose(event.voter, found, unread)
    complete = bool(found) and set(data.people) <= {*known.answered, event.voter}
    if complete:  # what they all say is looked up after this answer has been kept
        return Step("asking", data, (choose, SetTimer("end", ctx.now), CancelTimer("remind")))
    return Step("asking", data, (choose,))


def book(data: Poll, number: int, _effects: tuple[object, ...]) -> Step:
    """The caller has chosen, or the answers have."""
    shown = ShowResult(booked=number, why="booked")
    return Step("booked", data, (CancelTimer("remind"), CancelTimer("end"), shown, Book(number), Close()))


def remind(data: Poll, _event: Fired, _ctx: Context) -> Step:
    """Once more, only to the silent."""
    return Step("asking", data, (AskDates(again=True),))


def ended(data: Poll, event: Fired, ctx: Context) -> Step:
    """The deadline, or all have answered: the best date is booked; equally good ones the caller chooses from."""
    known = msgspec.json.decode(event.facts or "{}", type=Looked)
    found = best(known.can, known.maybe)
    if len(found) == 1 and data.plan.times[found[0] - 1].starts > ctx.now:
        return book(data, found[0], ())
    end = Instant(min(ctx.now + CHOOSE_DAYS * DAY, max(ctx.now + DAY, data.plan.times[-1].starts)))
    return Step("choosing", data, (ShowResult(best=found, why="tie" if found else "none"), SetTimer("lapse", end)))


def chosen(data: Poll, event: Answered, _ctx: Context) -> Step:
    """The caller answers the result."""
    known = msgspec.json.decode(event.facts or "{}", type=Looked)
    reading = read_dates(event.text, len(data.plan.times), known.language)
    booked = [one.number for one in reading.answers if one.meaning in (Meaning.BOOK, Meaning.CAN)]
    bare = event.text.strip().strip(".!#")
    if not booked and bare.isdecimal() and 1 <= int(bare[:4]) <= len(data.plan.times):
        booked = [int(bare)]
    if len(booked) == 1:
        return book(data, booked[0], ())
    return Step("choosing", data, (ShowResult(why="unclear"),))


def lapsed(data: Poll, _event: Event, _ctx: Context) -> Step:
    """Nobody chose: no meeting is called."""
    told = Tell(
        data.caller, "meeting/state", {**values(data), "state": "lapsed", "reason": "", "by": "", "shape": "poll"}
    )
    return Step("lapsed", data, (told, Close()))


def withdrawn(data: Poll, _event: Event, _ctx: Context) -> Step:
    """Taken back by the caller, or an operator; the group is closed."""
    return Step("lapsed", data, (Close(),))


def result_values(data: Poll) -> Values:
    """The result when it is asked for once more."""
    return {**values(data), "booked": 0, "best": [], "why": "unclear", "rows": [], "sums": []}


_PLAN: Final = Plan(
    "Maps", tuple(plans.Time(1_900_000_000_000_000 + day, 1_900_003_600_000_000 + day) for day in (0, 1))
)
_ALL: Final[Mapping[str, object]] = {"text": "1 yes 2 no", "facts": '{"answered": [1], "books": true}'}
DATE_POLL: Final = CaseKind(
    name=KIND,
    data=Poll,
    states=("new", "asking", "choosing", "booked", "lapsed"),
    start="new",
    final=frozenset({"booked", "lapsed"}),
    transitions={
        ("new", "opened"): opened,
        ("asking", "dates:said"): said,
        ("asking", "timer:remind"): remind,
        ("asking", "timer:end"): ended,
        ("choosing", "choose:said"): chosen,
        ("choosing", "dates:said"): chosen,
        ("choosing", "timer:lapse"): lapsed,
        **{(state, "withdraw"): withdrawn for state in ("asking", "choosing")},
        **{(state, f"timer:{GROUP_CLOSED}"): withdrawn for state in ("asking", "choosing")},
    },
    questions={
        "dates": QuestionKind("text", rule=Rule.COLLECT, letter="meeting/poll", values=values, takes=Takes.TEXT),
        "choose": QuestionKind(
            "text", keeps_open=frozenset({"said"}), letter="meeting/poll-result", values=result_values, takes=Takes.TEXT
        ),
    },
    effects=(AskDates, Choose, ShowResult, Book),
    letters=LETTERS,
    title=title,
    examples=Examples(
        data={"plan": [_PLAN], "people": [(PersonId(1),), (PersonId(1), PersonId(2))], "remind_at": [0]},
        events={
            "dates:said": [{"text": "1 yes 2 no"}, _ALL, {"text": "book 2", "facts": '{"books": true}'}],
            "choose:said": [{"text": "book 2"}, {"text": "hm"}],
            "timer:end": [{"facts": '{"can": [2, 1], "maybe": [0, 0]}'}, {"facts": '{"can": [1, 1], "maybe": [0, 0]}'}],
        },
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with what is looked up when somebody answers, and when it closes."""
    facts = dict.fromkeys(("dates:said", "choose:said", "timer:end"), look)
    return replace(DATE_POLL, facts=facts)
