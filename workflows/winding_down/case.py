"""The kind of case "wind-down": leadership hears of it, the members are told, and the network is closed on a day."""

from __future__ import annotations

from typing import Final

import msgspec

from lists.api import GROUP_CLOSED, Announce, CloseGroup, StateOf
from mailsvc.cases.ballots import Electorate
from mailsvc.cases.body_decision import ACT, BodyDecision, Decidable, postponed_to
from mailsvc.cases.model import (
    Answered,
    Ask,
    CancelTimer,
    Close,
    Context,
    Event,
    PutToBody,
    SetTimer,
    Settle,
    Step,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

CONFIRM_DAYS: Final = 7
DECIDE_DAYS: Final = 60  # working days after which a matter that no body has decided is over


class Said(msgspec.Struct, frozen=True):
    """What somebody in leadership, or whoever started it, has written about it."""

    who: str
    text: str


class WindDown(Decidable, frozen=True, kw_only=True):
    """A network is to be closed on the word of `by`. `body` hears of it (`hears`), or decides; 0: neither is there.

    `page` is where its archive is. `heard` are the people of the body who have heard of it.
    """

    group_id: int
    group: Values
    by: PersonId
    by_name: str
    members: int
    page: str = ""
    reason: str = ""
    body: int = 0
    body_title: str = ""
    hears: bool = False
    hearing_days: int = 15
    objection_days: int = 10
    reopen_days: int = 14
    heard: tuple[PersonId, ...] = ()
    said: tuple[Said, ...] = ()


def values(data: WindDown) -> Values:
    """What all letters of the case say, and the item of the digest."""
    return {
        "group": data.group,
        "by": data.by_name,
        "members": data.members,
        "page": data.page,
        "reason": data.reason,
        "body": data.body_title,
        "hears": data.hears,
        "said": [{"who": one.who, "text": one.text} for one in data.said],
    }


def _progress(data: WindDown, stage: str, **more: object) -> Tell:
    return Tell(data.by, "winding_down/progress", {**values(data), "stage": stage, **more})


def opened(data: WindDown, _event: Event, ctx: Context) -> Step:
    """Nothing happens before whoever asked for it has confirmed what it means."""
    timer = SetTimer("unconfirmed", Instant(ctx.now + CONFIRM_DAYS * DAY))
    ask = Ask("confirm", data.by, "winding_down/confirm", {**values(data), "until": timer.due_at})
    return Step("confirming", data, (ask, timer))


def confirmed(data: WindDown, event: Event, ctx: Context) -> Step:
    """Leadership hears of it, or the group that established the network decides; without either it goes on at once."""
    if not data.body:
        return _announce(data, event, ctx)
    cancel = CancelTimer("unconfirmed")
    if data.hears:
        timer = SetTimer("heard", ctx.in_working_days(data.hearing_days))
        told = _progress(data, "hearing", until=timer.due_at)
        return Step("hearing", data, (cancel, PutToBody("hear", data.body), timer, told))
    timer = SetTimer("end", ctx.in_working_days(DECIDE_DAYS))
    return Step("deciding", data, (cancel, DECIDING.put(data), timer, _progress(data, "deciding")))


def dropped(data: WindDown, _event: Event, _ctx: Context) -> Step:
    """Not confirmed, taken back before anybody was told, or closed by an operator meanwhile."""
    return Step("dropped", data, (Close(),))


# ---- leadership hears


def heard(data: WindDown, event: Answered, ctx: Context) -> Step:
    """A comment is kept; when everybody has heard of it, it goes on."""
    people = tuple(dict.fromkeys((*data.heard, event.voter)))
    said = (*data.said, Said(ctx.actor_name, event.text)) if event.text else data.said
    data = msgspec.structs.replace(data, heard=people, said=said)
    awaited = {one.person for one in msgspec.json.decode(event.facts, type=Electorate).seats if not one.absent}
    if awaited <= set(people):
        return _announce(data, event, ctx)
    return Step("hearing", data)


def heard_all(data: WindDown, event: Event, ctx: Context) -> Step:
    """The time is over; who has not answered has heard of it all the same."""
    return _announce(data, event, ctx)


def put_off(data: WindDown, event: Answered, ctx: Context) -> Step:
    """It comes back next time, or on a day; the time for hearing begins anew."""
    day = postponed_to(f"{event.argument} {event.text}", ctx.now)
    until = max(ctx.in_working_days(data.hearing_days), (day or 0) + 7 * DAY)
    put = PutToBody("hear", data.body, not_before=day)
    told = _progress(data, "postponed", who=ctx.actor_name)
    return Step("hearing", data, (put, SetTimer("heard", Instant(until)), told))


def asked(state: str) -> object:
    """The transition of a question back to whoever started it; the answer stands in the next digest."""

    def transition(data: WindDown, event: Answered, ctx: Context) -> Step:
        question = event.text or event.argument
        said = (*data.said, Said(ctx.actor_name, question))
        data = msgspec.structs.replace(data, said=said)
        ask = Ask("explain", data.by, "winding_down/explain", {**values(data), "who": ctx.actor_name, "text": question})
        return Step(state, data, (ask,))

    return transition


def explained(state: str) -> object:
    """The transition of that answer."""

    def transition(data: WindDown, event: Answered, ctx: Context) -> Step:
        return Step(state, msgspec.structs.replace(data, said=(*data.said, Said(ctx.actor_name, event.text))))

    return transition


# ---- without leadership a body decides


def act(data: WindDown, event: Event, ctx: Context) -> Step:
    """Yes: the members are told. No: the network goes on, and whoever asked learns why."""
    if data.decision == "yes":
        return _announce(data, event, ctx)
    told = _progress(data, "declined", who=data.decided_by, reasons=list(data.reasons))
    return Step("declined", data, (told, Close()))


def undecided(data: WindDown, _event: Event, _ctx: Context) -> Step:
    """Nobody decided for a long time: the network goes on."""
    return Step("declined", data, (_progress(data, "undecided"), Close()))


DECIDING: Final = BodyDecision("decide", "deciding", lambda data: int(data.body), act)


# ---- the members are told, and it is closed


def _announce(data: WindDown, _event: Event, ctx: Context) -> Step:
    end = ctx.in_working_days(data.objection_days)
    telling = Announce(data.group_id, "winding_down/members", {**values(data), "close_at": end})
    settled = (Settle("hear"), Settle("explain"), CancelTimer("heard"))
    timers = (CancelTimer("unconfirmed"), CancelTimer("end"), CancelTimer(ACT), SetTimer("close", end))
    told = _progress(data, "told", close_at=end)
    return Step("told", data, (*settled, *timers, telling, told))


def close(data: WindDown, _event: Event, ctx: Context) -> Step:
    """The day has come. For some time one word opens it again."""
    until = Instant(ctx.now + data.reopen_days * DAY)
    ask = Ask("reopen", data.by, "winding_down/closed", {**values(data), "until": until})
    return Step("closed", data, (CloseGroup(data.group_id), ask, SetTimer("settled", until)))


def called_off(data: WindDown, _event: Event, _ctx: Context) -> Step:
    """Taken back after the members were told: they are told that too."""
    goes_on = Announce(data.group_id, "winding_down/goes-on", values(data))
    return Step("kept", data, (goes_on, Close()))


def reopened(data: WindDown, _event: Event, _ctx: Context) -> Step:
    """Opened again: everybody is a member as before."""
    goes_on = Announce(data.group_id, "winding_down/goes-on", values(data))
    return Step("kept", data, (StateOf(data.group_id, "open"), goes_on, Close()))


def settled(data: WindDown, _event: Event, _ctx: Context) -> Step:
    """It stays closed."""
    return Step("done", data, (Close(),))


TABLE: Final = {
    ("new", "opened"): opened,
    ("confirming", "confirm:yes"): confirmed,
    ("confirming", "confirm:no"): dropped,
    ("confirming", "timer:unconfirmed"): dropped,
    ("confirming", "withdraw"): dropped,
    ("hearing", "hear:yes"): heard,
    ("hearing", "hear:ask"): asked("hearing"),
    ("hearing", "hear:postpone"): put_off,
    ("hearing", "explain:said"): explained("hearing"),
    ("hearing", "timer:heard"): heard_all,
    ("hearing", "withdraw"): dropped,
    **DECIDING.transitions(),
    ("deciding", "decide:ask"): asked("deciding"),
    ("deciding", "explain:said"): explained("deciding"),
    ("deciding", "timer:end"): undecided,
    ("deciding", "withdraw"): dropped,
    ("decided", "timer:end"): act,
    ("decided", "withdraw"): dropped,
    ("told", "timer:close"): close,
    ("told", "withdraw"): called_off,
    ("closed", "reopen:undo"): reopened,
    ("closed", "timer:settled"): settled,
    ("closed", "withdraw"): reopened,
    **{(state, f"timer:{GROUP_CLOSED}"): dropped for state in ("confirming", "hearing", "deciding", "decided", "told")},
}
