"""The kind of case "join request": the address confirms, moderators decide where the group wants it, welcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import (
    Answered,
    Ask,
    Audience,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    OfferUndo,
    QuestionKind,
    Reopen,
    SetTimer,
    Step,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "join-request"
LETTERS: Final = (
    "join/confirm",
    "join/question",
    "join/waiting",
    "join/declined",
    "join/expired",
)


class JoinRequest(msgspec.Struct, frozen=True):
    """Somebody wants to join. `proven`: the address needs no confirmation; `moderated`: moderators decide."""

    group_id: int
    group: Values
    person: PersonId
    address: str
    name: str
    language: str
    proven: bool
    moderated: bool
    text: str = ""
    confirm_days: int = 7
    end_days: int = 14
    decision: str = ""
    decision_reason: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class AddMember:
    """The person becomes a member and is welcomed."""


@dataclass(frozen=True, slots=True)
class ProveAddress:
    """The address has confirmed by a reply."""


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Never confirmed: the request and, where nothing else is known of them, the person are deleted."""


def _recipient(data: JoinRequest) -> Recipient:
    return Recipient(data.address, data.language, data.person)


def _values(data: JoinRequest) -> Values:
    return {"group": data.group, "name": data.name, "address": data.address, "text": data.text}


def opened(data: JoinRequest, event: Event, ctx: Context) -> Step:
    """Ask the address to confirm, unless it is proven."""
    if data.proven:
        return _eligible(data, event, ctx)
    timer = SetTimer("unconfirmed", Instant(ctx.now + data.confirm_days * DAY))
    ask = Ask("confirm", data.person, "join/confirm", {**_values(data), "until": timer.due_at})
    return Step("confirming", data, (ask, timer))


def confirmed(data: JoinRequest, event: Event, ctx: Context) -> Step:
    """The address is theirs."""
    step = _eligible(data, event, ctx)
    return Step(step.state, step.data, (ProveAddress(), CancelTimer("unconfirmed"), *step.effects))


def _eligible(data: JoinRequest, _event: Event, ctx: Context) -> Step:
    if not data.moderated:
        return Step("joined", data, (AddMember(), Close()))
    end = ctx.in_working_days(data.end_days)
    question = Ask("moderate", Audience(data.group_id), "join/question", {**_values(data), "until": end})
    return Step("asking", data, (question, SetTimer("end", end), Tell(_recipient(data), "join/waiting", _values(data))))


def cancelled(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """The address said no: it was not them, or they changed their mind."""
    return Step("cancelled", data, (ForgetPerson(), Close()))


def unconfirmed(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """No confirmation came; nobody is written to, because the address may be a victim's."""
    return Step("cancelled", data, (ForgetPerson(), Close()))


def withdrawn(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """Taken back by the person, or by an operator."""
    return Step("cancelled", data, (CancelTimer("act"), Close()))


def decided(data: JoinRequest, event: Answered, ctx: Context) -> Step:
    """A moderator's word: acts at once, or after the time in which it can be taken back."""
    data = msgspec.structs.replace(data, decision=event.meaning, decision_reason=event.text, decided_by=ctx.actor_name)
    if ctx.undo == 0:
        return act(data, event, ctx)
    until = Instant(ctx.now + ctx.undo)
    return Step("decided", data, (SetTimer("act", until), OfferUndo(until)))


def act(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """What the decision means."""
    if data.decision == "yes":
        return Step("joined", data, (AddMember(), Close()))
    said = {"by": data.decided_by, "reason": data.decision_reason}
    return Step("declined", data, (Tell(_recipient(data), "join/declined", {**_values(data), **said}), Close()))


def undone(data: JoinRequest, _event: Event, ctx: Context) -> Step:
    """The decider took it back in time."""
    data = msgspec.structs.replace(data, decision="", decision_reason="", decided_by="")
    end = SetTimer("end", ctx.in_working_days(data.end_days))
    return Step("asking", data, (CancelTimer("act"), Reopen("moderate"), end))


def ended(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """No moderator answered: the person is told and may ask again."""
    return Step("expired", data, (Tell(_recipient(data), "join/expired", _values(data)), Close()))


def noted(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """`wait`: seen, no decision, the clock goes on."""
    return Step("asking", data)


JOIN_REQUEST: Final = CaseKind(
    name=KIND,
    data=JoinRequest,
    states=("new", "confirming", "asking", "decided", "joined", "declined", "cancelled", "expired"),
    start="new",
    final=frozenset({"joined", "declined", "cancelled", "expired"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): confirmed,
        ("confirming", "confirm:no"): cancelled,
        ("confirming", "timer:unconfirmed"): unconfirmed,
        ("confirming", "withdraw"): cancelled,
        ("asking", "moderate:yes"): decided,
        ("asking", "moderate:no"): decided,
        ("asking", "moderate:wait"): noted,
        ("asking", "timer:end"): ended,
        ("asking", "withdraw"): withdrawn,
        ("decided", "withdraw"): withdrawn,
        ("decided", "timer:act"): act,
        ("decided", "timer:end"): act,
        ("decided", "undo:undo"): undone,
    },
    questions={
        "confirm": QuestionKind("confirm"),
        "moderate": QuestionKind("join", keeps_open=frozenset({"wait"}), letter="join/question", values=_values),
    },
    effects=(AddMember, ProveAddress, ForgetPerson),
    letters=LETTERS,
    waits=lambda data: _recipient(data),
    title=lambda data: data.name or data.address,
)
