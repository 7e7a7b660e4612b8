"""The kind of case "sounding": one question goes to everybody in a network, their answers come back as one letter.

Everybody is asked by a letter of their own and answers in their own words; the last answer of each counts until the
deadline. Where the question is anonymous, no name stays with an answer once they are compiled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from lists import api
from mailsvc.cases.model import (
    Answered,
    Ask,
    Audience,
    CaseKind,
    Close,
    Context,
    Event,
    Examples,
    Fired,
    Opened,
    QuestionKind,
    Rule,
    SetTimer,
    Step,
    Takes,
    Tell,
    Withdrawn,
)
from mailsvc.clock import Instant
from mailsvc.ids import GroupId, PersonId
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "sounding"
REPLY: Final = "reply"
LETTERS: Final = tuple(
    f"sounding/{name}"
    for name in ("allow", "confirm", "started", "told", "question", "compiled", "declined", "stopped", "refused")
)


class Reply(msgspec.Struct, frozen=True):
    """What one person answered."""

    person: PersonId
    name: str
    text: str


class Sounding(msgspec.Struct, frozen=True):
    """One question to a network. `way`: at once, confirm (its asker is asked once more), or allow (moderators decide).

    `share`: everybody who answered gets the compiled answers, too. `asked`: how many people got the question.
    """

    group_id: int
    group: Values
    asker_address: str
    asker_language: str
    asker_person: PersonId | None
    asker_name: str
    subject: str
    text: str
    until: int
    remind_at: int
    way: str = "at-once"
    anonymous: bool = False
    share: bool = False
    own: bool = False  # the asker moderates the network
    people: int = 0
    asked: int = 0
    replies: tuple[Reply, ...] = ()


class People(msgspec.Struct, frozen=True):
    """Who is asked, and who moderates, when an event happens."""

    people: tuple[PersonId, ...]
    moderators: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class ForgetReplies:
    """No answer stays with a name: the texts beside the log, and those beside the questions, are forgotten."""


def values(data: Sounding) -> Values:
    """What every letter of the case says."""
    return {
        "group": data.group,
        "asker": data.asker_name or data.asker_address,
        "subject": data.subject,
        "text": data.text,
        "answer_by": data.until,
        "anonymous": data.anonymous,
        "share": data.share,
        "people": data.people,
    }


def _asker(data: Sounding) -> Recipient:
    return Recipient(data.asker_address, data.asker_language, data.asker_person)


def people_of(tx: ReadTx, data: Sounding, _event: object) -> People:
    """Everybody in the network but whoever asks, and its moderators."""
    found = [
        one for one in api.members(tx, GroupId(data.group_id)) if one.active and one.person_id != data.asker_person
    ]
    moderating = [one.person_id for one in found if one.moderates]
    return People(tuple(one.person_id for one in found), tuple(moderating))


def _known(event: Opened | Answered | Fired) -> People:
    return msgspec.json.decode(event.facts, type=People)


def opened(data: Sounding, event: Opened, ctx: Context) -> Step:
    """At once, or after a yes of the asker or of the moderators."""
    known = _known(event)
    data = msgspec.structs.replace(data, people=len(known.people))
    end = SetTimer("end", Instant(data.until))
    if data.way == "confirm" and data.asker_person is not None:
        return Step("confirming", data, (Ask("confirm", data.asker_person, "sounding/confirm", values(data)), end))
    if data.way == "allow":
        return Step("allowing", data, (Ask("allow", Audience(data.group_id), "sounding/allow", values(data)), end))
    return _ask(data, known, ctx)


def started(data: Sounding, event: Answered, ctx: Context) -> Step:
    """Yes: everybody is asked."""
    return _ask(data, _known(event), ctx)


def _ask(data: Sounding, known: People, _ctx: Context) -> Step:
    data = msgspec.structs.replace(data, people=len(known.people), asked=len(known.people))
    asks = tuple(Ask(REPLY, person, "sounding/question", values(data)) for person in known.people)
    told = () if data.own else tuple(Ask("stop", one, "sounding/told", values(data)) for one in known.moderators)
    timers = (SetTimer("end", Instant(data.until)), SetTimer("remind", Instant(data.remind_at)))
    return Step("asking", data, (*asks, *told, Tell(_asker(data), "sounding/started", values(data)), *timers))


def declined(data: Sounding, event: Event, _ctx: Context) -> Step:
    """The moderators do not want it asked, or the asker did not mean it."""
    if isinstance(event, Answered) and event.question == "confirm":
        return Step("declined", data, (Close(),))
    reason = event.text if isinstance(event, Answered) else ""
    told = Tell(_asker(data), "sounding/declined", {**values(data), "reason": reason})
    return Step("declined", data, (told, Close()))


def replied(data: Sounding, event: Answered, ctx: Context) -> Step:
    """One answer, or a second thought; when all have answered the letter goes out at once."""
    kept = tuple(one for one in data.replies if one.person != event.voter)
    data = msgspec.structs.replace(data, replies=(*kept, Reply(event.voter, ctx.actor_name, event.text)))
    if len(data.replies) >= data.asked:
        return compiled(data, event, ctx)
    return Step("asking", data)


def reminded(data: Sounding, event: Fired, _ctx: Context) -> Step:
    """Once more to those who have not answered, and are still there."""
    answered = {one.person for one in data.replies}
    silent = [person for person in _known(event).people if person not in answered]
    again = {**values(data), "reminder": True}
    return Step("asking", data, tuple(Ask(REPLY, person, "sounding/question", again) for person in silent))


def compiled(data: Sounding, _event: Event, _ctx: Context) -> Step:
    """All answers in one letter; in an anonymous one in the order of their words, so that the order tells nothing."""
    found: list[dict[str, str]] = [
        {"name": "" if data.anonymous else one.name, "text": one.text} for one in data.replies
    ]
    if data.anonymous:
        found.sort(key=lambda one: one["text"])
    letter: Values = {**values(data), "replies": found, "asked": data.asked, "mine": True}
    to: list[Recipient | PersonId] = [_asker(data)]
    if data.share:
        to += [one.person for one in data.replies if one.person != data.asker_person]
    told = tuple(Tell(one, "sounding/compiled", {**letter, "mine": place == 0}) for place, one in enumerate(to))
    forget = (ForgetReplies(),) if data.anonymous else ()
    return Step("compiled", msgspec.structs.replace(data, replies=()), (*told, *forget, Close()))


def stopped(data: Sounding, event: Event, ctx: Context) -> Step:
    """A moderator, or the asker, has taken it back; what was answered goes nowhere."""
    by = ctx.actor_name if isinstance(event, Answered) else ""
    told = () if isinstance(event, Withdrawn) else (Tell(_asker(data), "sounding/stopped", {**values(data), "by": by}),)
    forget = (ForgetReplies(),) if data.anonymous else ()
    return Step("stopped", msgspec.structs.replace(data, replies=()), (*told, *forget, Close()))


def _examples() -> Examples:
    facts = [{"facts": msgspec.json.encode(one).decode()} for one in (People((PersonId(1),), (PersonId(1),)),)]
    both = msgspec.json.encode(People((PersonId(1), PersonId(2)), (PersonId(1),))).decode()
    events: dict[str, Any] = dict.fromkeys(("allow:yes", "confirm:yes", "timer:remind"), facts)
    events["opened"] = [*facts, {"facts": both}]
    return Examples(
        data={
            "way": ["at-once", "confirm", "allow"],
            "asker_person": [PersonId(9)],
            "until": [1_800_000_000_000_000],
            "remind_at": [1_799_000_000_000_000],
        },
        events=events,
    )


SOUNDING: Final = CaseKind(
    name=KIND,
    data=Sounding,
    states=("new", "confirming", "allowing", "asking", "compiled", "declined", "stopped"),
    start="new",
    final=frozenset({"compiled", "declined", "stopped"}),
    transitions={
        ("new", "opened"): opened,
        ("confirming", "confirm:yes"): started,
        ("confirming", "confirm:no"): declined,
        ("confirming", "timer:end"): declined,
        ("confirming", "withdraw"): stopped,
        ("allowing", "allow:yes"): started,
        ("allowing", "allow:no"): declined,
        ("allowing", "timer:end"): declined,
        ("allowing", "withdraw"): stopped,
        ("asking", "reply:said"): replied,
        ("asking", "timer:remind"): reminded,
        ("asking", "timer:end"): compiled,
        ("asking", "stop:undo"): stopped,
        ("asking", "withdraw"): stopped,
    },
    questions={
        "confirm": QuestionKind("confirm", letter="sounding/confirm", values=values),
        "allow": QuestionKind("confirm", letter="sounding/allow", values=values),
        "stop": QuestionKind("receipt", letter="sounding/told", values=values),
        REPLY: QuestionKind("text", rule=Rule.COLLECT, letter="sounding/question", values=values, takes=Takes.TEXT),
    },
    effects=(ForgetReplies,),
    letters=LETTERS,
    waits=_asker,
    title=lambda data: data.subject,
    facts=dict.fromkeys(("opened", "confirm:yes", "allow:yes", "timer:remind"), people_of),
    examples=_examples(),
)
