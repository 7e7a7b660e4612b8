"""The kind of case "vacancy": a network without a moderator or a deputy stands as overdue until the task is filled."""

from __future__ import annotations

from typing import Final

import msgspec

from lists.api import GROUP_CLOSED, MODERATING, Announce
from mailsvc.cases.body_decision import postponed_to
from mailsvc.cases.model import (
    Answered,
    Ask,
    Audience,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    PutToBody,
    QuestionKind,
    Reopen,
    Rule,
    SetTimer,
    Settle,
    Step,
    Tell,
)
from mailsvc.cases.starting import SUCCESSION, WIND_DOWN, Start
from mailsvc.clock import DAY, Instant
from mailsvc.store.outgoing import Values

NAME: Final = "vacancy"
FILLED: Final = "filled"
FELL_THROUGH: Final = "fell-through"
AGAIN_DAYS: Final = 40  # whatever was begun has ended by then, or it is asked again
FINE: Final = "begun"


class Vacancy(msgspec.Struct, frozen=True):
    """`role` is the task that nobody has. `body` decides who is asked: its digest, or with 0 the operators' letter.

    `others`: somebody still has the other task, and is told how to name somebody.
    """

    group_id: int
    group: Values
    role: str
    body: int = 0
    others: bool = False


def _values(data: Vacancy) -> Values:
    return {"group": data.group, "role": data.role, "others": data.others}


def _ask(data: Vacancy, ctx: Context) -> tuple[object, ...]:
    """It is overdue from the first day: a network must have both."""
    again = SetTimer("again", Instant(ctx.now + AGAIN_DAYS * DAY))
    if data.body:
        return (PutToBody("fill", data.body, overdue_at=ctx.now), again)
    return (Ask("fill", Audience(data.group_id, "operators"), "vacancy/question", _values(data)), again)


def opened(data: Vacancy, _event: Event, ctx: Context) -> Step:
    """Whoever decides gets it in the next digest; whoever still has the other task is told at once."""
    told = (Announce(data.group_id, "vacancy/told", _values(data), roles=MODERATING),) if data.others else ()
    return Step("open", data, (*_ask(data, ctx), *told))


def named(data: Vacancy, event: Answered, ctx: Context) -> Step:
    """Somebody was named, who is asked; what is wrong with the name is told, and it stays open."""
    problem = msgspec.json.decode(event.facts, type=str)
    if problem != FINE:
        values = {**_values(data), "problem": problem, "text": (event.argument or event.text)[:300]}
        return Step("open", data, (Reopen("fill", event.voter), Tell(event.person, "vacancy/unclear", values)))
    said = event.argument or event.text
    start = Start(SUCCESSION, data.group_id, event.person, said, data.role)
    again = SetTimer("again", Instant(ctx.now + AGAIN_DAYS * DAY))
    return Step("named", data, (Settle("fill"), start, again))


def winding_down(data: Vacancy, event: Answered, ctx: Context) -> Step:
    """Rather an end: whoever said so confirms it."""
    start = Start(WIND_DOWN, data.group_id, event.person, event.text)
    again = SetTimer("again", Instant(ctx.now + AGAIN_DAYS * DAY))
    return Step("named", data, (Settle("fill"), start, again))


def postponed(data: Vacancy, event: Answered, ctx: Context) -> Step:
    """Next time, or on a day."""
    day = postponed_to(f"{event.argument} {event.text}", ctx.now)
    put = (PutToBody("fill", data.body, not_before=day, overdue_at=ctx.now),) if data.body else ()
    return Step("open", data, put)


def waits(data: Vacancy, _event: Event, _ctx: Context) -> Step:
    """Seen; it comes back."""
    return Step("open", data)


def again(data: Vacancy, _event: Event, ctx: Context) -> Step:
    """The nominee said no, nothing came of it, or nobody has answered for long: it is asked anew."""
    return Step("open", data, (Settle("fill", void=True), *_ask(data, ctx)))


def filled(data: Vacancy, _event: Event, _ctx: Context) -> Step:
    """Somebody has the task."""
    return Step("filled", data, (Close(),))


def over(data: Vacancy, _event: Event, _ctx: Context) -> Step:
    """The network is closed, or an operator ended the matter."""
    return Step("dropped", data, (Close(),))


def _fact(text: str) -> dict[str, object]:
    return {"facts": msgspec.json.encode(text).decode(), "argument": "anna@example.org"}


KIND: Final = CaseKind(
    name=NAME,
    data=Vacancy,
    states=("new", "open", "named", "filled", "dropped"),
    start="new",
    final=frozenset({"filled", "dropped"}),
    transitions={
        ("new", "opened"): opened,
        ("open", "fill:nominate"): named,
        ("open", "fill:wind-down"): winding_down,
        ("open", "fill:wait"): waits,
        ("open", "fill:postpone"): postponed,
        ("open", "timer:again"): again,
        ("named", "timer:again"): again,
        ("named", f"timer:{FELL_THROUGH}"): again,
        ("open", f"timer:{FILLED}"): filled,
        ("named", f"timer:{FILLED}"): filled,
        ("open", f"timer:{GROUP_CLOSED}"): over,
        ("named", f"timer:{GROUP_CLOSED}"): over,
        ("open", "withdraw"): over,
        ("named", "withdraw"): over,
    },
    questions={
        "fill": QuestionKind(
            "vacancy",
            rule=Rule.COLLECT,
            keeps_open=frozenset({"wait", "postpone"}),
            letter="vacancy/question",
            values=_values,
            item="vacancy/_item",
        )
    },
    effects=(Announce, Start),
    letters=("vacancy/question", "vacancy/told", "vacancy/unclear"),
    title=lambda data: str(data.group.get("title", "")),
    examples=Examples(
        events={
            trigger: [_fact(one) for one in (FINE, "no-address", "own-address", "has-task", "nominated-already")]
            for trigger in ("fill:nominate",)
        }
    ),
)
