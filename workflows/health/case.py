"""The kind of case "health": the moderators are asked once a year how their network is, and if its entry is true."""

from __future__ import annotations

from typing import Final

import msgspec

from lists.api import GROUP_CLOSED, SetEntry, StateOf
from mailsvc.cases.model import (
    Answered,
    Ask,
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
    Step,
    Takes,
    Tell,
)
from mailsvc.cases.starting import MERGING, WIND_DOWN, Start
from mailsvc.ids import PersonId
from mailsvc.message.forms import Field, Form, read_form
from mailsvc.store.outgoing import Values

NAME: Final = "health"
ENTRY: Final = Form((Field("purpose", lines=True), Field("work_questions", lines=True), Field("channels", lines=True)))
SILENT_DAYS: Final = 60  # working days after which an unanswered matter is closed; next year's letter asks again
LONGEST: Final = 4000


class Health(msgspec.Struct, frozen=True):
    """A year of a network in numbers. `asked` are its moderators; `body` gets it in its digest when they are silent."""

    group_id: int
    group: Values
    members: int
    posts: int
    meetings: int
    unanswered: int
    since: int
    purpose: str = ""
    work_questions: str = ""
    channels: str = ""
    resting: bool = False
    asked: tuple[PersonId, ...] = ()
    body: int = 0
    body_title: str = ""
    days: int = 10


def values(data: Health) -> Values:
    """What all its letters say, and the item of the digest."""
    return {
        "group": data.group,
        "members": data.members,
        "posts": data.posts,
        "meetings": data.meetings,
        "unanswered": data.unanswered,
        "since": data.since,
        "entry": {name: getattr(data, name) for name in ENTRY.ids},
        "resting": data.resting,
        "body": data.body_title,
    }


def _ask(data: Health, until: int, *, reminder: bool) -> tuple[Ask, ...]:
    said = {**values(data), "until": until, "reminder": reminder}
    return tuple(Ask("health", person, "health/question", said) for person in data.asked)


def opened(data: Health, event: Event, ctx: Context) -> Step:
    """The moderators get the letter; where there is none, the next digest of those who established the network."""
    if not data.asked:
        return to_body(data, event, ctx)
    remind = ctx.in_working_days(data.days)
    until = ctx.in_working_days(2 * data.days)
    return Step("asking", data, (*_ask(data, until, reminder=False), SetTimer("remind", remind)))


def reminded(data: Health, _event: Event, ctx: Context) -> Step:
    """Once more, to all of them."""
    end = ctx.in_working_days(data.days)
    return Step("asking", data, (*_ask(data, end, reminder=True), SetTimer("to-body", end)))


def to_body(data: Health, _event: Event, ctx: Context) -> Step:
    """Nobody has answered: whoever established the network decides. The moderators can still answer."""
    put = (PutToBody("care", data.body),) if data.body else ()
    return Step("waiting", data, (*put, SetTimer("end", ctx.in_working_days(SILENT_DAYS))))


def silent(data: Health, _event: Event, _ctx: Context) -> Step:
    """A year goes by unasked; the next letter comes all the same."""
    return Step("unanswered", data, (Close(),))


def over(data: Health, _event: Event, _ctx: Context) -> Step:
    """The network is closed, or an operator ended the matter."""
    return Step("dropped", data, (Close(),))


def _corrected(data: Health, event: Answered) -> Values:
    """What the answer says anew of the entry, by label; an answer without labels changes nothing."""
    found = read_form(event.text, ENTRY).values
    said = {name: _shown(text) for name, text in found.items()}
    return {name: text for name, text in said.items() if text != getattr(data, name)}


def _shown(text: str) -> str:
    """Text as an entry may hold it: without control characters, and not without end."""
    kept = "".join(one if one.isprintable() or one == "\n" else " " for one in text)
    return kept.strip()[:LONGEST]


def _thanks(data: Health, event: Answered, outcome: str, entry: Values) -> tuple[object, ...]:
    changed = (SetEntry(data.group_id, entry),) if entry else ()
    said = {**values(data), "outcome": outcome, "changed": entry}
    return (*changed, Tell(event.person, "health/done", said))


def continues(data: Health, event: Answered, _ctx: Context) -> Step:
    """It goes on, and is awake again if it was resting."""
    awake = (StateOf(data.group_id, "open"),) if data.resting else ()
    return Step("answered", data, (*awake, *_thanks(data, event, "continue", _corrected(data, event)), Close()))


def rests(data: Health, event: Answered, _ctx: Context) -> Step:
    """Nothing is asked of it until the next letter."""
    resting = StateOf(data.group_id, "resting")
    return Step("answered", data, (resting, *_thanks(data, event, "rest", _corrected(data, event)), Close()))


def winds_down(data: Health, event: Answered, _ctx: Context) -> Step:
    """The wind-down begins with a letter to whoever said so."""
    start = Start(WIND_DOWN, data.group_id, event.person, event.text)
    return Step("answered", data, (start, Close()))


def merges(state: str) -> object:
    """The transition of `merge with NAME`: where it is not clear which network is meant, it is asked again."""

    def transition(data: Health, event: Answered, _ctx: Context) -> Step:
        other = msgspec.json.decode(event.facts, type=int)
        if not other:
            told = Tell(event.person, "health/unclear", {**values(data), "named": event.argument[:200], "text": ""})
            return Step(state, data, (Reopen(event.question, event.voter), told))
        start = Start(MERGING, data.group_id, event.person, other=other)
        return Step("answered", data, (start, Close()))

    return transition


def said(data: Health, event: Answered, ctx: Context) -> Step:
    """Lines with labels correct the entry, and a network whose entry is kept goes on; other words need one of ours."""
    if _corrected(data, event):
        return continues(data, event, ctx)
    told = Tell(event.person, "health/unclear", {**values(data), "named": "", "text": event.text[:2000]})
    return Step("asking", data, (Reopen("health"), told))


def said_late(data: Health, event: Answered, ctx: Context) -> Step:
    """The same when the matter stands in a digest already."""
    step = said(data, event, ctx)
    return Step("waiting", step.data, step.effects) if step.state == "asking" else step


TABLE: Final = {
    ("new", "opened"): opened,
    ("asking", "timer:remind"): reminded,
    ("asking", "timer:to-body"): to_body,
    **{
        (state, f"{question}:{word}"): done
        for state, question in (("asking", "health"), ("waiting", "health"), ("waiting", "care"))
        for word, done in (
            ("continue", continues),
            ("rest", rests),
            ("wind-down", winds_down),
            ("merge", merges(state)),
        )
    },
    ("asking", "health:said"): said,
    ("waiting", "health:said"): said_late,
    ("waiting", "timer:end"): silent,
    **{(state, f"timer:{GROUP_CLOSED}"): over for state in ("asking", "waiting")},
    **{(state, "withdraw"): over for state in ("asking", "waiting")},
}
KIND: Final = CaseKind(
    name=NAME,
    data=Health,
    states=("new", "asking", "waiting", "answered", "unanswered", "dropped"),
    start="new",
    final=frozenset({"answered", "unanswered", "dropped"}),
    transitions=TABLE,  # type: ignore[arg-type]
    questions={
        "health": QuestionKind("health", takes=Takes.TEXT),
        "care": QuestionKind("health", rule=Rule.COLLECT, values=values, item="health/_item"),
    },
    effects=(SetEntry, StateOf, Start),
    letters=("health/question", "health/done", "health/unclear"),
    title=lambda data: str(data.group.get("title", "")),
    examples=Examples(
        data={"asked": [(), (PersonId(1),)], "purpose": ["x"], "work_questions": ["x"], "channels": ["x"]},
        events={
            **{f"{question}:merge": [{"facts": "0"}, {"facts": "2"}] for question in ("health", "care")},
            "health:said": [{"text": "Well."}, {"text": "Purpose: Maps and charts"}],
        },
    ),
)
