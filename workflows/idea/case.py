"""The kind of case "idea": an idea for the box, until somebody takes it up or says why not, and whether it worked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from lists.api import group_at, with_roles
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import (
    Answered,
    Ask,
    Audience,
    CancelTimer,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    PutToBody,
    QuestionKind,
    SetTimer,
    Settle,
    Step,
    Takes,
    Tell,
)
from mailsvc.clock import DAY, Instant
from mailsvc.ids import GroupId, PersonId
from mailsvc.people.naming import cleaned_name
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Recipient, Values
from workflows.idea.owners import group_meant

KIND: Final = "idea"
IDEA: Final = "idea"  # the question to those who own the box, or to the network that it was sent to
LETTERS: Final = (
    "idea/received",
    "idea/which",
    "idea/question",
    "idea/nowhere",
    "idea/taken-up",
    "idea/not-now",
    "idea/sent-on",
    "idea/worked",
    "idea/result",
    "idea/closed",
)


@dataclass(frozen=True, slots=True)
class ToProposals:
    """The mail is the proposal of a network: it goes to that desk as if it had been sent there."""


class Idea(msgspec.Struct, frozen=True):
    """An idea. An anonymous one has no `person`, `name` and `address`, and nothing else that tells who wrote it.

    `group_id` is whose it is to answer now (None: `operators` are asked); `body`: they have it in their digest.
    """

    title: str
    text: str
    anonymous: bool
    person: PersonId | None
    name: str
    address: str
    language: str
    group_id: int | None
    body: bool
    operators: tuple[PersonId, ...]
    inbox_id: int
    maybe_proposal: bool
    follow_up_days: int
    end_days: int = 30
    taker: PersonId = PersonId(0)
    taker_name: str = ""
    said: str = ""  # what was answered last, which anybody may read who knows the number


class Where(msgspec.Struct, frozen=True):
    """A network that an answer names, 0 for none."""

    group: int
    title: str = ""


def values(data: Idea) -> Values:
    """What the letters say."""
    return {
        "idea": data.title,
        "text": data.text,
        "anonymous": data.anonymous,
        "name": data.name,
        "by": data.taker_name,
        "reason": "",
    }


def author(data: Idea) -> Recipient | None:
    """Who had the idea, where that may be known."""
    return Recipient(data.address, data.language, data.person) if data.address else None


def _tell(data: Idea, letter: str, **more: object) -> tuple[Tell, ...]:
    to = author(data)
    return (Tell(to, letter, {**values(data), **more}),) if to is not None else ()


# ---- what is looked up


class Lookups:
    """The facts that the transitions rest on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def where(self, tx: ReadTx, _data: Idea, event: Answered) -> Where:
        """The network that `send to maps` means."""
        wanted = cleaned_name(event.argument)
        found = group_at(tx, wanted.partition("@")[0].casefold()) or group_meant(tx, wanted)
        return Where(int(found.id), found.title) if found is not None and found.open else Where(0)

    def leading(self, tx: ReadTx, data: Idea, _event: Event) -> list[PersonId]:
        """Who hears whether it worked, beside the person: those who lead the group that took it up."""
        if data.group_id is None:
            return []
        found = with_roles(tx, GroupId(data.group_id), ("moderator", "deputy", "chair", "secretary"))
        return [one for one in found if one != data.taker]


# ---- transitions


def opened(data: Idea, _event: Event, ctx: Context) -> Step:
    """A receipt, and those who own the box are asked; what may be the proposal of a network is asked back first."""
    if data.maybe_proposal and data.person is not None:
        end = SetTimer("end", ctx.in_working_days(5))
        return Step("which", data, (Ask("which", data.person, "idea/which", values(data)), end))
    return _received(data, ctx)


def _received(data: Idea, ctx: Context) -> Step:
    asked = _asked(data)
    return Step(
        "waiting", data, (*_tell(data, "idea/received"), *asked, SetTimer("again", ctx.in_working_days(data.end_days)))
    )


def _asked(data: Idea) -> tuple[object, ...]:
    if data.group_id is None:
        return tuple(Ask(IDEA, one, "idea/question", values(data)) for one in data.operators)
    if data.body:
        return (PutToBody(IDEA, data.group_id),)
    return (Ask(IDEA, Audience(data.group_id), "idea/question", values(data)),)


def is_proposal(data: Idea, _event: Event, _ctx: Context) -> Step:
    """It goes to the other desk, which writes to them."""
    return Step("proposal", data, (ToProposals(), Close()))


def is_idea(data: Idea, _event: Event, ctx: Context) -> Step:
    """No proposal, or no answer: an idea."""
    return _received(data, ctx)


def again(data: Idea, _event: Event, ctx: Context) -> Step:
    """Nobody has answered for long: asked once more, since every idea gets an answer. A digest does so by itself."""
    letters = () if data.body else _asked(data)
    return Step("waiting", data, (*letters, SetTimer("again", ctx.in_working_days(data.end_days))))


def taken_up(data: Idea, event: Answered, ctx: Context) -> Step:
    """Somebody works on it, and is asked after some months."""
    data = msgspec.structs.replace(data, taker=event.person, taker_name=ctx.actor_name, said=event.text)
    told = (*_tell(data, "idea/taken-up", reason=event.text), Settle(IDEA), CancelTimer("again"))
    if not data.follow_up_days:
        return Step("taken-up", data, (*told, Close()))
    return Step("working", data, (*told, SetTimer("follow", Instant(ctx.now + data.follow_up_days * DAY))))


def not_now(data: Idea, event: Answered, ctx: Context) -> Step:
    """The person gets the reason."""
    data = msgspec.structs.replace(data, taker_name=ctx.actor_name, said=event.text)
    return Step("not-now", data, (*_tell(data, "idea/not-now", reason=event.text), Close()))


def sent_on(data: Idea, event: Answered, ctx: Context) -> Step:
    """Another network is asked instead; where nobody knows which, whoever answered is asked again."""
    where = msgspec.json.decode(event.facts, type=Where)
    if not where.group:
        again_ = Ask(IDEA, event.person, "idea/nowhere", {**values(data), "typed": event.argument})
        return Step("waiting", data, (again_,))
    data = msgspec.structs.replace(data, group_id=where.group, body=False)
    told = _tell(data, "idea/sent-on", where=where.title, reason=event.text)
    timer = SetTimer("again", ctx.in_working_days(data.end_days))
    return Step("waiting", data, (Settle(IDEA), *told, *_asked(data), timer))


def follow(data: Idea, _event: Event, ctx: Context) -> Step:
    """Some months later: did it work?"""
    ask = Ask("worked", data.taker, "idea/worked", values(data))
    return Step("following", data, (ask, SetTimer("remind", ctx.in_working_days(10))))


def remind(data: Idea, _event: Event, ctx: Context) -> Step:
    """Asked once more."""
    ask = Ask("worked", data.taker, "idea/worked", values(data))
    return Step("following", data, (ask, SetTimer("end", ctx.in_working_days(20))))


def told(data: Idea, event: Answered, _ctx: Context) -> Step:
    """What came of it is shown to the person and to those who lead the group."""
    data = msgspec.structs.replace(data, said=event.text)
    result = {**values(data), "reason": event.text}
    leading = msgspec.json.decode(event.facts, type=list[PersonId])
    letters = tuple(Tell(one, "idea/result", result) for one in leading)
    return Step("taken-up", data, (*_tell(data, "idea/result", reason=event.text), *letters, Close()))


def ended(data: Idea, _event: Event, _ctx: Context) -> Step:
    """Nobody has told what came of it; the person learns that, too."""
    return Step("taken-up", data, (*_tell(data, "idea/closed"), Close()))


def withdrawn(data: Idea, _event: Event, _ctx: Context) -> Step:
    """Taken back by who had it, or an operator."""
    return Step("withdrawn", data, (Close(),))


def idea_kind(engine: Engine) -> CaseKind:
    """The kind, with what it looks up."""
    look = Lookups(engine)
    return CaseKind(
        name=KIND,
        data=Idea,
        states=("new", "which", "waiting", "working", "following", "taken-up", "not-now", "proposal", "withdrawn"),
        start="new",
        final=frozenset({"taken-up", "not-now", "proposal", "withdrawn"}),
        transitions={
            ("new", "opened"): opened,
            ("which", "which:yes"): is_proposal,
            ("which", "which:no"): is_idea,
            ("which", "timer:end"): is_idea,
            ("which", "withdraw"): withdrawn,
            ("waiting", f"{IDEA}:take-up"): taken_up,
            ("waiting", f"{IDEA}:not-now"): not_now,
            ("waiting", f"{IDEA}:send-to"): sent_on,
            ("waiting", "timer:again"): again,
            ("waiting", "withdraw"): withdrawn,
            ("working", "timer:follow"): follow,
            ("working", "withdraw"): withdrawn,
            ("following", "worked:said"): told,
            ("following", "timer:remind"): remind,
            ("following", "timer:end"): ended,
        },
        questions={
            "which": QuestionKind("confirm"),
            IDEA: QuestionKind(
                "idea", letter="idea/question", values=values, item="idea/_item", own_letter=frozenset({"send-to"})
            ),
            "worked": QuestionKind("text", letter="idea/worked", values=values, takes=Takes.TEXT),
        },
        effects=(ToProposals,),
        letters=LETTERS,
        waits=author,
        title=lambda data: data.title,
        facts={f"{IDEA}:send-to": look.where, "worked:said": look.leading},
        examples=Examples(
            data={"operators": [(PersonId(5),)], "address": ["", "a@example.org"]},
            events={
                f"{IDEA}:send-to": [{"facts": '{"group":3,"title":"Maps"}'}, {"facts": '{"group":0}'}],
                "worked:said": [{"facts": "[7]"}, {"facts": "[]"}],
            },
        ),
    )
