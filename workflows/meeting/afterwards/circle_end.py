"""The kind of case "circle-end": after a circle's last meeting, its outcome, who wants to start again, and its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from lists.api import GROUP_CLOSED, Announce, CloseGroup
from mailsvc.cases.model import (
    Answered,
    Ask,
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
    Takes,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values
from workflows.meeting.spoken import together, without_greeting

KIND: Final = "circle-end"
WAIT_DAYS: Final = 7  # in which whoever leads the circle may call another meeting
ANSWER_DAYS: Final = 14
DECIDE_DAYS: Final = 14
LOOKS: Final = ("timer:ask", "timer:end", "timer:lapse")
LETTERS: Final = ("meeting/outcome", "meeting/again", "meeting/circle-end", "meeting/circle-over")


class CircleEnd(msgspec.Struct, frozen=True):
    """The end of a circle: what `leader` wrote of its `outcome`, and who wants to start again."""

    group_id: int
    group: Values
    leader: PersonId
    until: int = 0
    outcome: str = ""
    again: tuple[PersonId, ...] = ()
    enough: tuple[PersonId, ...] = ()


class Looked(msgspec.Struct, frozen=True):
    """Whether meetings are to come after all."""

    coming: bool = False


@dataclass(frozen=True, slots=True)
class AskMembers:
    """Ask every member but the leader whether they want to start again."""


def values(data: CircleEnd) -> Values:
    """What the letters say."""
    return {
        "group": data.group,
        "until": data.until,
        "outcome": data.outcome,
        "again": len(data.again),
        "enough": len(data.enough),
    }


def opened(data: CircleEnd, _event: Event, ctx: Context) -> Step:
    """Its last meeting is over; perhaps there will be another."""
    return Step("waiting", data, (SetTimer("ask", Instant(ctx.now + WAIT_DAYS * DAY)),))


def asks(data: CircleEnd, event: Event, ctx: Context) -> Step:
    """No other meeting was called: the leader is asked for the outcome, the members whether they want to go on."""
    if _coming(event):
        return Step("goes-on", data, (Close(),))
    data = msgspec.structs.replace(data, until=ctx.now + ANSWER_DAYS * DAY)
    ask = Ask("outcome", data.leader, "meeting/outcome", values(data))
    return Step("asking", data, (ask, AskMembers(), SetTimer("end", Instant(data.until))))


def _coming(event: Event) -> bool:
    return msgspec.json.decode(str(getattr(event, "facts", "")) or "{}", type=Looked).coming


def written(data: CircleEnd, event: Answered, _ctx: Context) -> Step:
    """What came of it; a second text is added, unless it says the same better."""
    text = without_greeting(event.text)
    return Step("asking", msgspec.structs.replace(data, outcome=together(data.outcome, text) if text else data.outcome))


def answered(data: CircleEnd, event: Answered, _ctx: Context) -> Step:
    """Somebody wants to start again, or has had enough."""
    again = tuple(one for one in data.again if one != event.voter)
    enough = tuple(one for one in data.enough if one != event.voter)
    if event.meaning == "yes":
        again = (*again, event.voter)
    else:
        enough = (*enough, event.voter)
    return Step("asking", msgspec.structs.replace(data, again=again, enough=enough))


def ended(data: CircleEnd, event: Event, ctx: Context) -> Step:
    """The leader decides, with the answers at hand; who has called another meeting has decided."""
    if _coming(event):
        return goes_on(data, event, ctx)
    data = msgspec.structs.replace(data, until=ctx.now + DECIDE_DAYS * DAY)
    ask = Ask("end", data.leader, "meeting/circle-end", values(data))
    effects = (Settle("again"), Settle("outcome"), ask, SetTimer("lapse", Instant(data.until)))
    return Step("deciding", data, effects)


def goes_on(data: CircleEnd, _event: Event, _ctx: Context) -> Step:
    """It starts again; its leader calls the next meeting."""
    return Step("goes-on", data, (_announce(data, goes_on=True), Close()))


def closes(data: CircleEnd, _event: Event, _ctx: Context) -> Step:
    """It is over: everybody gets the outcome, and its address says that it is closed."""
    return Step("closed", data, (_announce(data, goes_on=False), CloseGroup(data.group_id), Close()))


def lapsed(data: CircleEnd, event: Event, ctx: Context) -> Step:
    """The leader does not decide: another meeting that is called does, else most of those who answered."""
    return (goes_on if _coming(event) or len(data.again) > len(data.enough) else closes)(data, event, ctx)


def _announce(data: CircleEnd, *, goes_on: bool) -> Announce:
    return Announce(data.group_id, "meeting/circle-over", {**values(data), "goes_on": goes_on})


def withdrawn(data: CircleEnd, _event: Event, _ctx: Context) -> Step:
    """Taken back, or the group was closed otherwise."""
    return Step("goes-on", data, (Close(),))


_LIVING: Final = ("waiting", "asking", "deciding")
CIRCLE_END: Final = CaseKind(
    name=KIND,
    data=CircleEnd,
    states=("new", "waiting", "asking", "deciding", "goes-on", "closed"),
    start="new",
    final=frozenset({"goes-on", "closed"}),
    transitions={
        ("new", "opened"): opened,
        ("waiting", "timer:ask"): asks,
        ("asking", "outcome:said"): written,
        ("asking", "again:yes"): answered,
        ("asking", "again:no"): answered,
        ("asking", "timer:end"): ended,
        ("deciding", "end:yes"): goes_on,
        ("deciding", "end:no"): closes,
        ("deciding", "timer:lapse"): lapsed,
        **{(state, trigger): withdrawn for state in _LIVING for trigger in ("withdraw", f"timer:{GROUP_CLOSED}")},
    },
    questions={
        "outcome": QuestionKind(
            "text",
            keeps_open=frozenset({"said"}),
            letter="meeting/outcome",
            values=values,
            takes=Takes.TEXT,
            waits=lambda _state, data: not data.outcome,
        ),
        "again": QuestionKind("confirm", rule=Rule.COLLECT, letter="meeting/again", values=values),
        "end": QuestionKind("confirm", letter="meeting/circle-end", values=values),
    },
    effects=(AskMembers, Announce, CloseGroup),
    letters=LETTERS,
    title=lambda data: str(data.group.get("title", "")),
    recorded=True,
    examples=Examples(
        data={"again": [(), (PersonId(2),)], "enough": [()]},
        events={key: [{"facts": "{}"}, {"facts": '{"coming": true}'}] for key in LOOKS},
    ),
)


def with_facts(look: Facts) -> CaseKind:
    """The kind with the coming meetings, which are looked up before anybody is asked or anything is decided."""
    return replace(CIRCLE_END, facts=dict.fromkeys(LOOKS, look))
