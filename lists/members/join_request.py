"""The kind of case "join request": the address confirms, moderators decide where the group wants it, welcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from lists.posts.deciding import decided, noted, undone
from lists.posts.held_post import GROUP_CLOSED
from mailsvc.cases.model import (
    Ask,
    Audience,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    QuestionKind,
    SetTimer,
    Step,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "join-request"
ELIGIBLE: Final = "eligible"
NOT_ELIGIBLE: Final = "not-eligible"
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
class CheckEligible:
    """Fire `eligible` or `not-eligible`: whether the address may still join on the day on which it confirms."""


@dataclass(frozen=True, slots=True)
class TellNotEligible:
    """Say whose people may join; the person stays known, because the address is proven."""


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
        return eligible(data, event, ctx)
    timer = SetTimer("unconfirmed", Instant(ctx.now + data.confirm_days * DAY))
    ask = Ask("confirm", data.person, "join/confirm", {**_values(data), "until": timer.due_at})
    return Step("confirming", data, (ask, timer))


def confirmed(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """The address is theirs; whether it may join is looked at again, days may have gone by."""
    return Step("checking", data, (ProveAddress(), CancelTimer("unconfirmed"), CheckEligible()))


def not_eligible(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """Its organisation is no member any more, or the group has other rules now."""
    return Step("declined", data, (TellNotEligible(), Close()))


def eligible(data: JoinRequest, _event: Event, ctx: Context) -> Step:
    """In at once, or the moderators decide."""
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


def act(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """What the decision means."""
    if data.decision == "yes":
        return Step("joined", data, (AddMember(), Close()))
    said = {"by": data.decided_by, "reason": data.decision_reason}
    return Step("declined", data, (Tell(_recipient(data), "join/declined", {**_values(data), **said}), Close()))


def group_closed(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """The group is closed: the person is told, there is nothing to ask again."""
    told = Tell(_recipient(data), "join/expired", {**_values(data), "closed": True})
    return Step("expired", data, (CancelTimer("act"), told, Close()))


def ended(data: JoinRequest, _event: Event, _ctx: Context) -> Step:
    """No moderator answered: the person is told and may ask again."""
    return Step("expired", data, (Tell(_recipient(data), "join/expired", _values(data)), Close()))


JOIN_REQUEST: Final = CaseKind(
    name=KIND,
    data=JoinRequest,
    states=("new", "confirming", "checking", "asking", "decided", "joined", "declined", "cancelled", "expired"),
    start="new",
    final=frozenset({"joined", "declined", "cancelled", "expired"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): confirmed,
        ("checking", f"timer:{ELIGIBLE}"): eligible,
        ("checking", f"timer:{NOT_ELIGIBLE}"): not_eligible,
        ("confirming", "confirm:no"): cancelled,
        ("confirming", "timer:unconfirmed"): unconfirmed,
        ("confirming", "withdraw"): cancelled,
        ("asking", "moderate:yes"): decided(act),
        ("asking", "moderate:no"): decided(act),
        ("asking", "moderate:wait"): noted("asking"),
        ("asking", "timer:end"): ended,
        ("asking", "withdraw"): withdrawn,
        ("decided", "withdraw"): withdrawn,
        ("decided", "timer:act"): act,
        ("decided", "timer:end"): act,
        ("confirming", f"timer:{GROUP_CLOSED}"): unconfirmed,
        ("asking", f"timer:{GROUP_CLOSED}"): group_closed,
        ("decided", f"timer:{GROUP_CLOSED}"): group_closed,
        ("decided", "undo:undo"): undone("asking"),
    },
    questions={
        "confirm": QuestionKind("confirm"),
        "moderate": QuestionKind("join", keeps_open=frozenset({"wait"}), letter="join/question", values=_values),
    },
    effects=(AddMember, ProveAddress, ForgetPerson, CheckEligible, TellNotEligible),
    letters=LETTERS,
    waits=lambda data: _recipient(data),
    title=lambda data: data.name or data.address,
)
