"""The kind of case "date-poll": numbered dates to every member, until the deadline, all answers, or `book`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from lists.api import GROUP_CLOSED
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
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import POLL, Item, ItemAnswer, Meaning, Reading, Undecided, Why
from mailsvc.clock import DAY, Instant, to_datetime
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting import plan as plans
from workflows.meeting.plan import Plan
from workflows.meeting.polls.poll_all import read_all
from workflows.meeting.polls.poll_said import read_said

KIND: Final = "date-poll"
ANSWERS: Final = {Meaning.CAN: "can", Meaning.MAYBE: "maybe", Meaning.CANNOT: "cannot"}
LETTERS: Final = ("meeting/poll", "meeting/poll-read", "meeting/poll-result", "meeting/state")
CHOOSE_DAYS: Final = 14
JOINED: Final = "joined"
_NUMBERED: Final = re.compile(r"\s*#?(?P<number>\d{1,2})\s*[.):–-]?\s*(?P<rest>.+)", re.DOTALL)
_BOOK_SEVERAL: Final = re.compile(r"\d\s*(?:[,+&/]|och|og|and|eller|or)\s*#?\d", re.IGNORECASE)
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
    """What an event meets: the language of whoever answers, who has answered, and how many can, may and cannot.

    `people` are the members as they are now; only their answers count.
    """

    language: str = ""
    books: bool = False
    answered: tuple[PersonId, ...] = ()
    can: tuple[int, ...] = ()
    maybe: tuple[int, ...] = ()
    people: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class AskDates:
    """Put the dates to everybody who is asked, or once more to those who have not answered, or only to `to`."""

    again: bool = False
    to: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Choose:
    """What somebody answered: (number, can | maybe | cannot, comment); `unread` are lines that said nothing clear.

    `late`: the poll is over, and whoever chooses the day sees the answer.
    """

    person: PersonId
    said: tuple[tuple[int, str, str], ...]
    unread: tuple[str, ...] = ()
    late: bool = False


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


def days_of(plan: Plan) -> list[date]:
    """The day of each date, where the meeting is."""
    return [to_datetime(one.starts, ZoneInfo(plan.zone)).date() for one in plan.times]


def read_dates(text: str, count: int, language: str, days: Sequence[date] = ()) -> Reading:
    """`1 yes 2 maybe 3 no`, a sentence per numbered line, `book 2`, `all except 2`: words.md §2.3.

    What is left over is read as a sentence about `days`, the days of the dates ("Torsdagen passar bäst").
    """
    reading = read(text, POLL, language or None, [Item(number) for number in range(1, count + 1)])
    if count < 2:
        return reading
    whole = reading.answers and all(perhaps(one, language) for one in reading.undecided)
    said = {one.number: one for one in read_said(text, days, count, language)}
    if any(one.meaning is Meaning.BOOK for one in reading.answers) and _BOOK_SEVERAL.search(text):
        return Reading(undecided=(Undecided((), Why.WHICH_ITEM, text.strip()),))
    known = {one.number: one for one in reading.answers}
    agree = all(number in said and said[number].meaning is one.meaning for number, one in known.items())
    if said and agree and (len(said) > len(known) or not whole):
        return _one(said, reading)
    if whole:
        return reading
    every = () if reading.answers else read_all(text, count, language)
    return Reading(every) if every else reading


def _one(said: Mapping[int, ItemAnswer], reading: Reading) -> Reading:
    """What sentences say, with the comments of the numbered list."""
    more = {str(number) for number in said} - {str(one.number) for one in reading.answers}
    known = {one.number: one for one in reading.answers if not more & set(re.findall(r"\d+", one.reason))}
    return Reading(tuple(known.get(number, one) for number, one in sorted(said.items())))


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
    known = _known(event)
    reading = read_dates(event.text, len(data.plan.times), known.language, days_of(data.plan))
    booked = next((one for one in reading.answers if one.meaning is Meaning.BOOK), None)
    if booked is not None and known.books and not _past(data, booked.number, ctx):
        return book(data, booked.number, ())
    choose = _choice(event, known, reading)
    if choose.said and set(data.people) & set(known.people or data.people) <= {*known.answered, event.voter}:
        # what they all say is looked up after this answer has been kept
        return Step("asking", data, (choose, SetTimer("end", ctx.now), CancelTimer("remind")))
    return Step("asking", data, (choose,))


def _known(event: Event) -> Looked:
    return msgspec.json.decode(str(getattr(event, "facts", "")) or "{}", type=Looked)


def _past(data: Poll, number: int, ctx: Context) -> bool:
    return data.plan.times[number - 1].starts <= ctx.now


def _choice(event: Answered, known: Looked, reading: Reading, *, late: bool = False) -> Choose:
    """What an answer says of the dates; "book 2" of somebody who cannot book says that it suits them."""
    maybe = {one.text: perhaps(one, known.language) for one in reading.undecided}
    answers = {**ANSWERS, Meaning.BOOK: "can"}
    found = (
        *((one.number, answers[one.meaning], one.reason) for one in reading.answers if one.meaning in answers),
        *((one[0], "maybe", one[1]) for one in maybe.values() if one is not None),
    )
    unread = tuple(text for text, one in maybe.items() if one is None)
    if not found and not unread:
        unread = (event.text[:200],)
    return Choose(event.voter, found, unread, late)


def book(data: Poll, number: int, _effects: tuple[object, ...]) -> Step:
    """The caller has chosen, or the answers have."""
    shown = ShowResult(booked=number, why="booked")
    return Step("booked", data, (CancelTimer("remind"), CancelTimer("end"), shown, Book(number), Close()))


def joined(data: Poll, event: Fired, ctx: Context) -> Step:
    """Who is a member now is asked; where the last ones without an answer have left, it closes."""
    known = _known(event)
    new = tuple(one for one in known.people if one not in data.people)
    data = msgspec.structs.replace(data, people=(*data.people, *new))
    complete = known.answered and set(known.people) <= set(known.answered)
    end = (SetTimer("end", ctx.now), CancelTimer("remind")) if complete else ()
    return Step("asking", data, (*((AskDates(to=new),) if new else ()), *end))


def remind(data: Poll, _event: Fired, _ctx: Context) -> Step:
    """Once more, only to the silent."""
    return Step("asking", data, (AskDates(again=True),))


def ended(data: Poll, event: Fired, ctx: Context) -> Step:
    """The deadline, or all have answered: the best date is booked; equally good ones the caller chooses from."""
    known = _known(event)
    found = best(known.can, known.maybe)
    if len(found) == 1 and data.plan.times[found[0] - 1].starts > ctx.now:
        return book(data, found[0], ())
    end = Instant(min(ctx.now + CHOOSE_DAYS * DAY, max(ctx.now + DAY, data.plan.times[-1].starts)))
    return Step("choosing", data, (ShowResult(best=found, why="tie" if found else "none"), SetTimer("lapse", end)))


def chosen(data: Poll, event: Answered, ctx: Context) -> Step:
    """The caller answers the result: one day that is still to come."""
    known = _known(event)
    reading = read_dates(event.text, len(data.plan.times), known.language, days_of(data.plan))
    booked = [one.number for one in reading.answers if one.meaning in (Meaning.BOOK, Meaning.CAN)]
    bare = event.text.strip().strip(".!#")
    if not booked and bare.isdecimal() and 1 <= int(bare[:4]) <= len(data.plan.times):
        booked = [int(bare)]
    if len(booked) == 1:
        return _booked(data, booked[0], ctx)
    return Step("choosing", data, (ShowResult(why="unclear"),))


def _booked(data: Poll, number: int, ctx: Context) -> Step:
    if _past(data, number, ctx):
        return Step("choosing", data, (ShowResult(why="past"),))
    return book(data, number, ())


def late(data: Poll, event: Answered, ctx: Context) -> Step:
    """An answer to the poll when it is over: `book 2` of whoever may; anything else is shown to the caller."""
    known = _known(event)
    reading = read_dates(event.text, len(data.plan.times), known.language, days_of(data.plan))
    booked = [one.number for one in reading.answers if one.meaning is Meaning.BOOK]
    if len(booked) == 1 and known.books:
        return _booked(data, booked[0], ctx)
    choose = _choice(event, known, reading, late=True)
    return Step("choosing", data, (choose, *((ShowResult(why="late"),) if choose.said else ())))


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
        ("asking", f"timer:{JOINED}"): joined,
        ("choosing", "choose:said"): chosen,
        ("choosing", "dates:said"): late,
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
            f"timer:{JOINED}": [{"facts": '{"people": [1, 2, 3]}'}, {"facts": '{"answered": [1], "people": [1]}'}],
            "timer:end": [{"facts": '{"can": [2, 1], "maybe": [0, 0]}'}, {"facts": '{"can": [1, 1], "maybe": [0, 0]}'}],
        },
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with what is looked up when somebody answers, and when it closes."""
    facts = dict.fromkeys(("dates:said", "choose:said", "timer:end", f"timer:{JOINED}"), look)
    return replace(DATE_POLL, facts=facts)
