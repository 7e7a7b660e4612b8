"""The kind of case "introduction": who prepares the introduction to a meeting, asked beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

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
    QuestionKind,
    SetTimer,
    Step,
)
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting.mailing import told_values
from workflows.meeting.store import Told

KIND: Final = "introduction"
REMIND_DAYS: Final = 2
NEXT_DAYS: Final = 4
LETTERS: Final = ("meeting/turn", "meeting/swap", "meeting/introduces")
GONE: Final = "gone"


class Introduction(msgspec.Struct, frozen=True):
    """Whose turn it is: `asked` is who is asked now or has said yes (0: nobody), `partner` whom they swap with."""

    meeting: int
    group_id: int
    group: Values
    caller: PersonId
    told: Told
    ask_at: int
    asked: int = 0
    partner: int = 0


class Looked(msgspec.Struct, frozen=True):
    """What an event meets: whose turn is next (0: nobody's), and whom a named person is (0: nobody, or several).

    `called`: the meeting is still to come.
    """

    next: int = 0
    named: int = 0
    called: bool = True


@dataclass(frozen=True, slots=True)
class SetTurn:
    """How it stands with somebody: asked, yes, refused, swapped, silent, gone."""

    person: PersonId
    state: str


@dataclass(frozen=True, slots=True)
class GiveTurn:
    """Who swapped takes over the next turn that the other one had."""

    giver: PersonId
    taker: PersonId


@dataclass(frozen=True, slots=True)
class AskTurn:
    """Ask somebody with the name of the other one in the letter; `question` is turn or swap."""

    question: str
    person: PersonId
    other: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class TellTurn:
    """The caller hears who introduces the meeting, or that nobody does."""

    person: int = 0


def values(data: Introduction) -> Values:
    """What the letters say."""
    return {"group": data.group, **told_values(data.told), "other": "", "why": ""}


def _known(event: Event) -> Looked:
    return msgspec.json.decode(str(getattr(event, "facts", "")) or "{}", type=Looked)


def opened(data: Introduction, _event: Event, ctx: Context) -> Step:
    """Somebody is asked when the day comes."""
    over = SetTimer("over", Instant(max(ctx.now, data.told.starts)))
    return Step("waiting", data, (SetTimer("ask", Instant(max(ctx.now, data.ask_at))), over))


def begins(data: Introduction, event: Event, ctx: Context) -> Step:
    """The day has come."""
    return _ask_next(data, _known(event), ctx)


def _ask_next(data: Introduction, known: Looked, ctx: Context, *before: object) -> Step:
    stop = (CancelTimer("remind"), CancelTimer("next"))
    data = msgspec.structs.replace(data, asked=known.next, partner=0)
    if not known.called:
        return Step("over", data, (*before, *stop, Close()))
    if not known.next:
        return Step("over", data, (*before, *stop, TellTurn(), Close()))
    person = PersonId(known.next)
    return Step("asking", data, (*before, SetTurn(person, "asked"), AskTurn("turn", person), *_clock(ctx)))


def _clock(ctx: Context) -> tuple[SetTimer, SetTimer]:
    return SetTimer("remind", ctx.in_working_days(REMIND_DAYS)), SetTimer("next", ctx.in_working_days(NEXT_DAYS))


def reminded(data: Introduction, _event: Event, _ctx: Context) -> Step:
    """Once more."""
    return Step("asking", data, (AskTurn("turn", PersonId(data.asked), why="reminder"),))


def accepted(data: Introduction, event: Answered, _ctx: Context) -> Step:
    """They do it."""
    data = msgspec.structs.replace(data, asked=int(event.voter), partner=0)
    stop = (CancelTimer("remind"), CancelTimer("next"))
    return Step("settled", data, (SetTurn(event.voter, "yes"), *stop, TellTurn(int(event.voter))))


def refused(data: Introduction, event: Answered, ctx: Context) -> Step:
    """Not they: the next one is asked."""
    return _ask_next(data, _known(event), ctx, SetTurn(event.voter, "refused"))


def silent(data: Introduction, event: Event, ctx: Context) -> Step:
    """No answer in time: the next one is asked."""
    return _ask_next(data, _known(event), ctx, SetTurn(PersonId(data.asked), "silent"))


def gone(data: Introduction, event: Event, ctx: Context) -> Step:
    """They have left the group."""
    return _ask_next(data, _known(event), ctx, SetTurn(PersonId(data.asked), "gone"))


def swaps(data: Introduction, event: Answered, ctx: Context) -> Step:
    """They name somebody, who is asked; a name that means nobody is asked about."""
    known = _known(event)
    if not known.named or known.named == int(event.voter):
        return Step("asking", data, (AskTurn("turn", event.voter, why="who"), *_clock(ctx)))
    data = msgspec.structs.replace(data, asked=int(event.voter), partner=known.named)
    ask = AskTurn("swap", PersonId(known.named), other=int(event.voter))
    return Step("swapping", data, (ask, CancelTimer("remind"), SetTimer("next", ctx.in_working_days(NEXT_DAYS))))


def swapped(data: Introduction, event: Answered, _ctx: Context) -> Step:
    """The other one agrees, and gives a turn of their own in return if they have one."""
    first = PersonId(data.asked)
    effects = (SetTurn(first, "swapped"), GiveTurn(event.voter, first), SetTurn(event.voter, "yes"))
    data = msgspec.structs.replace(data, asked=int(event.voter), partner=0)
    return Step("settled", data, (*effects, CancelTimer("next"), TellTurn(int(event.voter))))


def not_swapped(data: Introduction, _event: Event, ctx: Context) -> Step:
    """The other one does not, or does not answer: whose turn it is is asked again."""
    other, first = data.partner, PersonId(data.asked)
    data = msgspec.structs.replace(data, partner=0)
    return Step("asking", data, (AskTurn("turn", first, other=other, why="refused"), *_clock(ctx)))


def over(data: Introduction, _event: Event, _ctx: Context) -> Step:
    """The meeting begins, or is off."""
    return Step("over", data, (Close(),))


_TOLD: Final = Told("Maps", 1_800_000_000_000_000, 1_800_003_600_000_000, "Europe/Stockholm", place="Room 4")
_LIVING: Final = ("waiting", "asking", "swapping", "settled")
_NEXT: Final = [{"facts": '{"next": 2}'}, {"facts": "{}"}]
INTRODUCTION: Final = CaseKind(
    name=KIND,
    data=Introduction,
    states=("new", "waiting", "asking", "swapping", "settled", "over"),
    start="new",
    final=frozenset({"over"}),
    transitions={
        ("new", "opened"): opened,
        ("waiting", "timer:ask"): begins,
        ("asking", "turn:yes"): accepted,
        ("asking", "turn:not-me"): refused,
        ("asking", "turn:swap"): swaps,
        ("asking", "timer:remind"): reminded,
        ("asking", "timer:next"): silent,
        ("swapping", "swap:yes"): swapped,
        ("swapping", "swap:no"): not_swapped,
        ("swapping", "timer:next"): not_swapped,
        **{(state, f"timer:{GONE}"): gone for state in ("asking", "swapping", "settled")},
        **{(state, "timer:over"): over for state in _LIVING},
        **{(state, "withdraw"): over for state in _LIVING},
        **{(state, f"timer:{GROUP_CLOSED}"): over for state in _LIVING},
    },
    questions={
        "turn": QuestionKind("rota", keeps_open=frozenset({"swap"}), letter="meeting/turn", values=values),
        "swap": QuestionKind("confirm", letter="meeting/swap", values=values),
    },
    effects=(SetTurn, GiveTurn, AskTurn, TellTurn),
    letters=LETTERS,
    title=lambda data: data.told.title,
    examples=Examples(
        data={"told": [_TOLD], "asked": [1], "partner": [0, 2]},
        events={
            "timer:ask": _NEXT,
            "timer:next": _NEXT,
            f"timer:{GONE}": _NEXT,
            "turn:not-me": [*_NEXT, {"facts": '{"called": false}'}],
            "turn:swap": [{"facts": '{"named": 2}'}, {"facts": "{}"}],
        },
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with what is looked up: whose turn is next, whom a name means."""
    looks = ("timer:ask", "timer:next", f"timer:{GONE}", "turn:not-me", "turn:swap")
    return replace(INTRODUCTION, facts=dict.fromkeys(looks, look))
