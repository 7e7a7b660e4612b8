"""The kind of case "succession": somebody is nominated as moderator or deputy, and accepts by a reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from lists.api import GROUP_CLOSED, MODERATING, Announce, SetRole
from mailsvc.cases.model import Ask, CaseKind, Close, Context, Event, QuestionKind, SetTimer, Step, Tell
from mailsvc.cases.starting import SUCCESSION
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

CONFIRM_DAYS: Final = 7


class Succession(msgspec.Struct, frozen=True):
    """`by` nominates `person` as `role`; whoever `instead_of` is becomes a member (None: nobody has the task).

    `establishers` is the group that established the network, 0 for none. `confirmed`: the nomination was an answer to a
    letter of ours, which needs no second yes.
    """

    group_id: int
    group: Values
    role: str
    by: PersonId
    by_name: str
    person: PersonId
    name: str
    address: str
    instead_of: PersonId | None = None
    instead_name: str = ""
    establishers: int = 0
    confirmed: bool = False
    days: int = 10


@dataclass(frozen=True, slots=True)
class Prove:
    """The nominee has answered a letter that went to their address."""


def _values(data: Succession) -> Values:
    return {
        "group": data.group,
        "role": data.role,
        "by": data.by_name,
        "name": data.name,
        "address": data.address,
        "instead": data.instead_name,
        "myself": data.instead_of == data.by,
    }


def _outcome(data: Succession, outcome: str, reason: str = "") -> Tell:
    return Tell(data.by, "succession/outcome", {**_values(data), "outcome": outcome, "reason": reason})


def opened(data: Succession, _event: Event, ctx: Context) -> Step:
    """The nominator confirms what was asked for in their name; a letter of ours that they answered is enough."""
    if data.confirmed:
        return _nominate(data, ctx)
    timer = SetTimer("unconfirmed", Instant(ctx.now + CONFIRM_DAYS * DAY))
    ask = Ask("confirm", data.by, "succession/confirm", {**_values(data), "until": timer.due_at})
    return Step("confirming", data, (ask, timer))


def confirmed(data: Succession, _event: Event, ctx: Context) -> Step:
    """Yes."""
    return _nominate(data, ctx)


def _nominate(data: Succession, ctx: Context) -> Step:
    end, remind = ctx.in_working_days(data.days), ctx.in_working_days(max(1, data.days // 2))
    ask = Ask("task", data.person, "succession/question", {**_values(data), "until": end})
    asked = _outcome(data, "asked")
    return Step("asking", data, (ask, SetTimer("remind", remind), SetTimer("end", end), asked))


def reminded(data: Succession, _event: Event, ctx: Context) -> Step:
    """Once more, halfway."""
    until = ctx.in_working_days(max(1, data.days - data.days // 2))
    values = {**_values(data), "until": until, "reminder": True}
    return Step("asking", data, (Ask("task", data.person, "succession/question", values),))


def accepted(data: Succession, _event: Event, _ctx: Context) -> Step:
    """The task changes hands; the nominator, the members and the group that established it are told."""
    values = _values(data)
    told: list[object] = [Announce(data.group_id, "succession/members", {**values, "group": data.group})]
    if data.establishers:
        about = {**values, "network": data.group}
        told.append(Announce(data.establishers, "succession/establishers", about, roles=MODERATING))
    role = SetRole(data.group_id, data.person, data.role, data.instead_of)
    return Step("accepted", data, (Prove(), role, *told, _outcome(data, "accepted"), Close()))


def declined(data: Succession, event: Event, _ctx: Context) -> Step:
    """No; the reason goes to the nominator."""
    return Step("declined", data, (_outcome(data, "declined", getattr(event, "text", "")), Close()))


def silent(data: Succession, _event: Event, _ctx: Context) -> Step:
    """No answer in time."""
    return Step("expired", data, (_outcome(data, "expired"), Close()))


def dropped(data: Succession, _event: Event, _ctx: Context) -> Step:
    """Not confirmed, taken back, or the network is closed."""
    return Step("dropped", data, (Close(),))


KIND: Final = CaseKind(
    name=SUCCESSION,
    data=Succession,
    states=("new", "confirming", "asking", "accepted", "declined", "expired", "dropped"),
    start="new",
    final=frozenset({"accepted", "declined", "expired", "dropped"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): confirmed,
        ("confirming", "confirm:no"): dropped,
        ("confirming", "timer:unconfirmed"): dropped,
        ("confirming", "withdraw"): dropped,
        ("confirming", f"timer:{GROUP_CLOSED}"): dropped,
        ("asking", "task:yes"): accepted,
        ("asking", "task:no"): declined,
        ("asking", "timer:remind"): reminded,
        ("asking", "timer:end"): silent,
        ("asking", "withdraw"): dropped,
        ("asking", f"timer:{GROUP_CLOSED}"): dropped,
    },
    questions={"confirm": QuestionKind("confirm"), "task": QuestionKind("confirm")},
    effects=(Prove, SetRole, Announce),
    letters=(
        "succession/confirm",
        "succession/question",
        "succession/outcome",
        "succession/members",
        "succession/establishers",
    ),
    title=lambda data: data.name or data.address,
)
