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
    Rule,
    SetTimer,
    Settle,
    Step,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting.mailing import told_values
from workflows.meeting.store import Told

KIND: Final = "introduction"
REMIND_DAYS: Final = 2
NEXT_DAYS: Final = 4
LETTERS: Final = ("meeting/turn", "meeting/swap", "meeting/introduces", "meeting/turn-moved", "meeting/turn-away")
GONE: Final = "gone"
MOVED: Final = "moved"
AWAY: Final = "away"
LAST: Final = 2 * DAY


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
    until: int = 0  # when the next one is asked, unless an answer has come; 0: nobody else would have time


class Looked(msgspec.Struct, frozen=True):
    """What an event meets: whose turn is next (0: nobody's), and whom a named person is (0: nobody, or several).

    `called`: the meeting is still to come. `away`: whoever is asked does not come to it. `starts`, `ends` and `ask_at`
    are its times where it has been moved.
    """

    next: int = 0
    named: int = 0
    called: bool = True
    away: bool = False
    starts: int = 0
    ends: int = 0
    ask_at: int = 0


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
    """The caller hears who introduces the meeting, that nobody does, or that `left` does not after all.

    `to`: only they hear it, since they have answered too late.
    """

    person: int = 0
    left: int = 0
    to: int = 0


@dataclass(frozen=True, slots=True)
class TellMoved:
    """Who prepares the introduction hears of the meeting's new time, and that they can still say no."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class TellAway:
    """Who does not come to the meeting hears that their turn has gone to the next one, and how to keep it."""

    person: PersonId


def values(data: Introduction) -> Values:
    """What the letters say."""
    until = data.until or None
    return {"group": data.group, **told_values(data.told), "other": "", "why": "", "until": until}


def _known(event: Event) -> Looked:
    return msgspec.json.decode(str(getattr(event, "facts", "")) or "{}", type=Looked)


def opened(data: Introduction, _event: Event, ctx: Context) -> Step:
    """Somebody is asked when the day comes."""
    over = SetTimer("over", Instant(max(ctx.now, data.told.starts)))
    return Step("waiting", data, (SetTimer("ask", Instant(max(ctx.now, data.ask_at))), over))


def begins(data: Introduction, event: Event, ctx: Context) -> Step:
    """The day has come."""
    return _ask_next(data, _known(event), ctx)


def _ask_next(data: Introduction, known: Looked, ctx: Context, *before: object, left: int = 0) -> Step:
    """Whose turn is next is asked; `left` had said yes before, which the caller knows."""
    stop = (CancelTimer("remind"), CancelTimer("next"))
    data = msgspec.structs.replace(data, asked=known.next, partner=0)
    if not known.called:
        return Step("over", data, (*before, *stop, Close()))
    if not known.next:
        return Step("nobody", msgspec.structs.replace(data, until=0), (*before, *stop, TellTurn()))
    person = PersonId(known.next)
    told = (TellTurn(left=left),) if left else ()
    data, *clock = _clock(data, ctx)
    return Step("asking", data, (*before, *told, SetTurn(person, "asked"), AskTurn("turn", person), *clock))


def _clock(data: Introduction, ctx: Context) -> tuple[Introduction, SetTimer | CancelTimer, SetTimer | CancelTimer]:
    """When they are reminded, and when the next one is asked, which the letter says: sooner where the meeting is near.

    Half of what is left is theirs; in the last two days nobody else could prepare anything, so they are waited for.
    """
    left = data.told.starts - ctx.now
    if left < LAST:
        return msgspec.structs.replace(data, until=0), CancelTimer("remind"), CancelTimer("next")
    following = min(ctx.in_working_days(NEXT_DAYS), Instant(ctx.now + left // 2))
    reminder = min(ctx.in_working_days(REMIND_DAYS), Instant(ctx.now + (following - ctx.now) // 2))
    data = msgspec.structs.replace(data, until=int(following))
    return data, SetTimer("remind", reminder), SetTimer("next", following)


def reminded(data: Introduction, _event: Event, _ctx: Context) -> Step:
    """Once more."""
    return Step("asking", data, (AskTurn("turn", PersonId(data.asked), why="reminder"),))


def accepted(data: Introduction, event: Answered, _ctx: Context) -> Step:
    """They do it; whoever was asked after them is not needed."""
    passed = (SetTurn(PersonId(data.asked), "silent"),) if data.asked not in (0, int(event.voter)) else ()
    data = msgspec.structs.replace(data, asked=int(event.voter), partner=0)
    stop = (Settle("turn"), CancelTimer("remind"), CancelTimer("next"))
    return Step("settled", data, (SetTurn(event.voter, "yes"), *stop, TellTurn(int(event.voter)), *passed))


def refused(data: Introduction, event: Answered, ctx: Context) -> Step:
    """Not they: the next one is asked; somebody else's late word changes nothing for who is asked now."""
    if int(event.voter) != data.asked:
        return Step("asking", data, (SetTurn(event.voter, "refused"),))
    return _ask_next(data, _known(event), ctx, SetTurn(event.voter, "refused"))


def backs_out(data: Introduction, event: Answered, ctx: Context) -> Step:
    """They had said yes and cannot after all: the next one is asked, and the caller told."""
    if int(event.voter) != data.asked:
        return Step("settled", data)
    return _ask_next(data, _known(event), ctx, SetTurn(event.voter, "refused"), left=data.asked)


def repeats(data: Introduction, event: Answered, _ctx: Context) -> Step:
    """Yes once more; from somebody who had refused it comes too late, and they are told who does it."""
    late = int(event.voter) != data.asked
    return Step("settled", data, (TellTurn(data.asked, to=int(event.voter)),) if late else ())


def swaps_later(data: Introduction, event: Answered, ctx: Context) -> Step:
    """They had said yes and name somebody now, who is asked."""
    if int(event.voter) != data.asked:
        return repeats(data, event, ctx)
    step = swaps(data, event, ctx)
    if step.state == "swapping":
        return step
    return Step("settled", data, (AskTurn("turn", event.voter, why="who"),))


def given(data: Introduction, event: Answered, _ctx: Context) -> Step:
    """Who owed a turn after a swap has got this one in return."""
    data = msgspec.structs.replace(data, asked=int(event.voter), partner=0)
    return Step("settled", data, (SetTurn(event.voter, "yes"), TellTurn(int(event.voter))))


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
        data, *clock = _clock(data, ctx)
        return Step("asking", data, (AskTurn("turn", event.voter, why="who"), *clock))
    data = msgspec.structs.replace(data, asked=int(event.voter), partner=known.named)
    data, *clock = _clock(data, ctx)
    ask = AskTurn("swap", PersonId(known.named), other=int(event.voter))
    return Step("swapping", data, (ask, *clock, CancelTimer("remind")))


def instead(data: Introduction, event: Answered, ctx: Context) -> Step:
    """Whoever waits for a swap does it themselves after all, cannot, or names somebody else: the first one is free."""
    if int(event.voter) != data.asked:
        return Step("swapping", data, (SetTurn(event.voter, "refused"),) if event.meaning == "not-me" else ())
    free = Settle("swap", void=True)
    if event.meaning == "swap":
        step = swaps(data, event, ctx)
        if step.state != "swapping":  # nobody, or several: the one who is asked stays asked
            return Step("swapping", data, (AskTurn("turn", event.voter, why="who"),))
    else:
        step = (accepted if event.meaning == "yes" else refused)(data, event, ctx)
    told = (TellTurn(data.asked, to=data.partner),) if event.meaning == "yes" else ()  # the other one need not answer
    return Step(step.state, step.data, (free, *step.effects, *told))


def late_swap(data: Introduction, event: Answered, ctx: Context) -> Step:
    """Who was asked to swap says yes when somebody else has been asked already: they do it."""
    return accepted(data, event, ctx)


def still_asking(data: Introduction, _event: Event, _ctx: Context) -> Step:
    """Who was asked to swap says no when it is settled that they do not."""
    return Step("asking", data)


def swapped(data: Introduction, event: Answered, _ctx: Context) -> Step:
    """The other one agrees, and gives a turn of their own in return if they have one."""
    first = PersonId(data.asked)
    effects = (SetTurn(first, "swapped"), GiveTurn(event.voter, first), SetTurn(event.voter, "yes"))
    data = msgspec.structs.replace(data, asked=int(event.voter), partner=0)
    return Step("settled", data, (*effects, Settle("turn"), CancelTimer("next"), TellTurn(int(event.voter))))


def not_swapped(data: Introduction, event: Event, ctx: Context) -> Step:
    """The other one does not, or does not answer: whose turn it is is asked again, unless they do not come at all."""
    other, first = data.partner, PersonId(data.asked)
    if _known(event).away:
        return absent(data, event, ctx)
    data = msgspec.structs.replace(data, partner=0)
    data, *clock = _clock(data, ctx)
    return Step("asking", data, (AskTurn("turn", first, other=other, why="refused"), *clock))


def absent(data: Introduction, event: Event, ctx: Context) -> Step:
    """Whoever is asked does not come to the meeting, so the next one is asked; they can still say that they do it."""
    first = PersonId(data.asked)
    return _ask_next(data, _known(event), ctx, SetTurn(first, "refused"), TellAway(first))


def absent_after_all(data: Introduction, event: Event, ctx: Context) -> Step:
    """The same of whoever had said yes, which the caller hears."""
    first = PersonId(data.asked)
    return _ask_next(data, _known(event), ctx, SetTurn(first, "refused"), TellAway(first), left=data.asked)


# ---- the meeting is moved


def _at(data: Introduction, event: Event, ctx: Context) -> tuple[Introduction, SetTimer]:
    """The data with the time that the meeting has now, and the end of it all."""
    known = _known(event)
    if known.starts:
        told = msgspec.structs.replace(data.told, starts=known.starts, ends=known.ends)
        data = msgspec.structs.replace(data, told=told, ask_at=known.ask_at)
    return data, SetTimer("over", Instant(max(ctx.now, data.told.starts)))


def moved_before(data: Introduction, event: Event, ctx: Context) -> Step:
    """Nobody has been asked yet: somebody is when the new day comes, or at once where that is past."""
    data, end = _at(data, event, ctx)
    return Step("waiting", data, (SetTimer("ask", Instant(max(ctx.now, data.ask_at))), end))


def moved_asking(data: Introduction, event: Event, ctx: Context) -> Step:
    """Who is asked now was asked about another day: they are asked about this one."""
    data, end = _at(data, event, ctx)
    data, *clock = _clock(data, ctx)
    return Step("asking", data, (AskTurn("turn", PersonId(data.asked), why="moved"), *clock, end))


def moved_swapping(data: Introduction, event: Event, ctx: Context) -> Step:
    """So is the one with whom they want to swap."""
    data, end = _at(data, event, ctx)
    data, *clock = _clock(data, ctx)
    ask = AskTurn("swap", PersonId(data.partner), other=data.asked)
    return Step("swapping", data, (ask, *clock, CancelTimer("remind"), end))


def moved_settled(data: Introduction, event: Event, ctx: Context) -> Step:
    """Who has said yes keeps their turn, and can say that the new day does not suit them."""
    data, end = _at(data, event, ctx)
    return Step("settled", data, (TellMoved(PersonId(data.asked)), end))


def moved_nobody(data: Introduction, event: Event, ctx: Context) -> Step:
    """Everybody has been asked; whoever finds the new day better can still say so."""
    data, end = _at(data, event, ctx)
    return Step("nobody", data, (end,))


def still_nobody(data: Introduction, event: Answered, _ctx: Context) -> Step:
    """One more who does not."""
    return Step("nobody", data, (SetTurn(event.voter, "refused"),))


def names_somebody(data: Introduction, event: Answered, ctx: Context) -> Step:
    """Where nobody does it: whom somebody names is asked."""
    step = swaps(data, event, ctx)
    return step if step.state == "swapping" else Step("nobody", data, (AskTurn("turn", event.voter, why="who"),))


def over(data: Introduction, _event: Event, _ctx: Context) -> Step:
    """The meeting begins, or is off."""
    return Step("over", data, (Close(),))


_TOLD: Final = Told("Maps", 1_800_000_000_000_000, 1_800_003_600_000_000, "Europe/Stockholm", place="Room 4")
_LIVING: Final = ("waiting", "asking", "swapping", "settled", "nobody")
_NEXT: Final = [{"facts": '{"next": 2}'}, {"facts": "{}"}]
_MOVED: Final = [
    {"facts": '{"starts": 1800600000000000, "ends": 1800603600000000, "ask_at": 1800500000000000}'},
    {"facts": '{"starts": 1700000000000000, "ends": 1700003600000000, "ask_at": 1699000000000000}'},
]
INTRODUCTION: Final = CaseKind(
    name=KIND,
    data=Introduction,
    states=("new", "waiting", "asking", "swapping", "settled", "nobody", "over"),
    start="new",
    final=frozenset({"over"}),
    transitions={
        ("new", "opened"): opened,
        ("waiting", "timer:ask"): begins,
        ("waiting", f"timer:{MOVED}"): moved_before,
        ("asking", f"timer:{MOVED}"): moved_asking,
        ("swapping", f"timer:{MOVED}"): moved_swapping,
        ("settled", f"timer:{MOVED}"): moved_settled,
        ("nobody", f"timer:{MOVED}"): moved_nobody,
        ("nobody", "turn:yes"): accepted,
        ("nobody", "turn:not-me"): still_nobody,
        ("nobody", "turn:swap"): names_somebody,
        ("asking", f"timer:{AWAY}"): absent,
        ("settled", f"timer:{AWAY}"): absent_after_all,
        ("settled", "turn:not-me"): backs_out,
        ("settled", "turn:yes"): repeats,
        ("settled", "turn:swap"): swaps_later,
        ("settled", "swap:no"): backs_out,
        ("settled", "given:yes"): given,
        ("asking", "turn:yes"): accepted,
        ("asking", "turn:not-me"): refused,
        ("asking", "turn:swap"): swaps,
        ("asking", "timer:remind"): reminded,
        ("asking", "timer:next"): silent,
        ("swapping", "swap:yes"): swapped,
        ("swapping", "turn:yes"): instead,
        ("swapping", "turn:not-me"): instead,
        ("swapping", "turn:swap"): instead,
        ("asking", "swap:yes"): late_swap,
        ("asking", "swap:no"): still_asking,
        ("nobody", "swap:yes"): accepted,
        ("settled", "swap:yes"): repeats,
        ("swapping", "swap:no"): not_swapped,
        ("swapping", "timer:next"): not_swapped,
        **{(state, f"timer:{GONE}"): gone for state in ("asking", "swapping", "settled")},
        **{(state, "timer:over"): over for state in _LIVING},
        **{(state, "withdraw"): over for state in _LIVING},
        **{(state, f"timer:{GROUP_CLOSED}"): over for state in _LIVING},
    },
    questions={
        "turn": QuestionKind(
            "rota", rule=Rule.COLLECT, keeps_open=frozenset({"swap"}), letter="meeting/turn", values=values
        ),
        "swap": QuestionKind("confirm", rule=Rule.COLLECT, letter="meeting/swap", values=values),
    },
    effects=(SetTurn, GiveTurn, AskTurn, TellTurn, TellMoved, TellAway),
    letters=LETTERS,
    title=lambda data: data.told.title,
    examples=Examples(
        data={"told": [_TOLD], "asked": [1], "partner": [0, 2]},
        events={
            "timer:ask": _NEXT,
            "timer:next": _NEXT,
            f"timer:{GONE}": _NEXT,
            f"timer:{AWAY}": _NEXT,
            f"timer:{MOVED}": _MOVED,
            "swap:no": [*_NEXT, {"facts": '{"next": 2, "away": true}'}],
            "turn:not-me": [*_NEXT, {"facts": '{"called": false}'}],
            "turn:swap": [{"facts": '{"named": 2}'}, {"facts": "{}"}],
        },
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with what is looked up: whose turn is next, whom a name means."""
    fired = ("ask", "next", GONE, MOVED, AWAY)
    looks = (*(f"timer:{one}" for one in fired), "turn:not-me", "turn:swap", "swap:no")
    return replace(INTRODUCTION, facts=dict.fromkeys(looks, look))
