"""The kind of case "raised": a question on its way to those who can answer it; confirmed, let through, or addressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import (
    Answered,
    Ask,
    Audience,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    QuestionKind,
    SetTimer,
    Step,
    Takes,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Recipient, Values
from workflows.raised.bodies import Body, meant

KIND: Final = "raised"
LETTERS: Final = (
    "raised/confirm",
    "raised/where",
    "raised/question",
    "raised/waiting",
    "raised/received",
    "raised/rejected",
    "raised/expired",
)


@dataclass(frozen=True, slots=True)
class Lift:
    """Put the question to these groups, in a case of its own for each."""

    groups: tuple[int, ...]


class Raised(msgspec.Struct, frozen=True):
    """A question of a network. `known` are the groups that can be asked, `to` those that are.

    `moderates`: its writer is a moderator, else the moderators decide whether it goes on; `proven`: no confirmation.
    """

    group_id: int
    group: Values
    person: PersonId
    name: str
    address: str
    language: str
    title: str
    text: str
    known: tuple[Body, ...]
    to: tuple[Body, ...]
    people: int
    moderates: bool
    proven: bool
    confirm_days: int = 7
    end_days: int = 10


def values(data: Raised) -> Values:
    """What the letters say."""
    return {
        "group": data.group,
        "name": data.name,
        "title": data.title,
        "text": data.text,
        "to": [one.title for one in data.to],
        "known": [one.title for one in data.known],
        "people": data.people,
    }


def recipient(data: Raised) -> Recipient:
    """Who raised it."""
    return Recipient(data.address, data.language, data.person)


def opened(data: Raised, event: Event, ctx: Context) -> Step:
    """On at once, or after the one answer that is missing."""
    until = Instant(ctx.now + data.confirm_days * DAY)
    if not data.moderates:
        end = ctx.in_working_days(data.end_days)
        asked = Ask("let", Audience(data.group_id), "raised/question", {**values(data), "until": end})
        return Step(
            "asking", data, (asked, SetTimer("end", end), Tell(recipient(data), "raised/waiting", values(data)))
        )
    if not data.to:
        return _where(data, until, again=False)
    if not data.proven:
        ask = Ask("confirm", data.person, "raised/confirm", {**values(data), "until": until})
        return Step("confirming", data, (ask, SetTimer("end", until)))
    return lifted(data, event, ctx)


def _where(data: Raised, until: Instant, *, again: bool) -> Step:
    ask = Ask("where", data.person, "raised/where", {**values(data), "until": until, "again": again})
    return Step("choosing", data, (ask, SetTimer("end", until)))


def chosen(data: Raised, event: Answered, ctx: Context) -> Step:
    """The groups that were named; asked again where none is. The answer is a confirmation, too."""
    to = meant(event.text, data.known)
    if not to:
        return _where(data, Instant(ctx.now + data.confirm_days * DAY), again=True)
    return lifted(msgspec.structs.replace(data, to=to), event, ctx)


def lifted(data: Raised, _event: Event, _ctx: Context) -> Step:
    """It stands on their agendas from now on."""
    told = Tell(recipient(data), "raised/received", values(data))
    return Step("lifted", data, (Lift(tuple(one.group for one in data.to)), told, Close()))


def let_through(data: Raised, event: Event, ctx: Context) -> Step:
    """A moderator has said yes."""
    if not data.to:
        data = msgspec.structs.replace(data, to=data.known[:1])
    return lifted(data, event, ctx)


def rejected(data: Raised, event: Answered, ctx: Context) -> Step:
    """A moderator has said no; the reason goes to who raised it."""
    said = {**values(data), "by": ctx.actor_name, "reason": event.text}
    return Step("rejected", data, (Tell(recipient(data), "raised/rejected", said), Close()))


def waits(data: Raised, _event: Event, _ctx: Context) -> Step:
    """Seen; the clock goes on."""
    return Step("asking", data)


def expired(data: Raised, _event: Event, _ctx: Context) -> Step:
    """No moderator has answered."""
    return Step("expired", data, (Tell(recipient(data), "raised/expired", values(data)), Close()))


def cancelled(data: Raised, _event: Event, _ctx: Context) -> Step:
    """Not confirmed, or taken back: nobody was asked."""
    return Step("cancelled", data, (Close(),))


ONE: Final = Body(7, "leadership", "Leadership", "leadership")

RAISED: Final = CaseKind(
    name=KIND,
    data=Raised,
    states=("new", "confirming", "choosing", "asking", "lifted", "rejected", "expired", "cancelled"),
    start="new",
    final=frozenset({"lifted", "rejected", "expired", "cancelled"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): lifted,
        ("confirming", "confirm:no"): cancelled,
        ("confirming", "timer:end"): cancelled,
        ("confirming", "withdraw"): cancelled,
        ("choosing", "where:said"): chosen,
        ("choosing", "timer:end"): cancelled,
        ("choosing", "withdraw"): cancelled,
        ("asking", "let:yes"): let_through,
        ("asking", "let:no"): rejected,
        ("asking", "let:wait"): waits,
        ("asking", "timer:end"): expired,
        ("asking", "withdraw"): cancelled,
    },
    questions={
        "confirm": QuestionKind("confirm"),
        "where": QuestionKind("text", takes=Takes.TEXT),
        "let": QuestionKind("join", keeps_open=frozenset({"wait"}), letter="raised/question", values=values),
    },
    effects=(Lift,),
    letters=LETTERS,
    waits=lambda data: None if data.moderates else recipient(data),
    title=lambda data: data.title,
    examples=Examples(
        data={"known": [(ONE,)], "to": [(ONE,), ()], "group": [{"title": "Cataloguing network"}]},
        events={"where:said": [{"text": "leadership"}, {"text": "hm"}]},
    ),
)
