"""The kind of case "lifted": a question of a network before those who can answer it, in their digest until then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import msgspec

from lists.api import Announce
from mailsvc.cases.body_decision import BodyDecision, Decidable
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import (
    Answered,
    CaseKind,
    Close,
    Context,
    Event,
    QuestionKind,
    Rule,
    SetTimer,
    Settle,
    Step,
    Tell,
    Transition,
)
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "lifted"
QUESTION: Final = "answer"
LETTERS: Final = ("raised/answered", "raised/unanswered")
AS_VOTES: Final = {"answer": "yes", "not-now": "no"}  # what the rule of the body counts


class Lifted(Decidable, frozen=True, kw_only=True):
    """A question before one body; `network` gets the answer, whoever raised it first."""

    network: int
    group: Values
    body: int
    body_title: str
    person: PersonId
    name: str
    address: str
    language: str
    title: str
    text: str
    end_days: int = 120


def values(data: Lifted) -> Values:
    """What digest and letters say."""
    return {
        "group": data.group,
        "name": data.name,
        "question": data.title,
        "text": data.text,
        "body": data.body_title,
        "network": data.group["title"],
    }


def recipient(data: Lifted) -> Recipient:
    """Who raised it."""
    return Recipient(data.address, data.language, data.person)


def opened(data: Lifted, _event: Event, ctx: Context) -> Step:
    """It stands in the body's digest from the next one on."""
    return Step("deciding", data, (DECIDING.put(data), SetTimer("end", ctx.in_working_days(data.end_days))))


def answered(data: Lifted, _event: Event, _ctx: Context) -> Step:
    """The answer goes to who raised it, and to the network."""
    taken_up = data.decision == "yes"
    said = {**values(data), "taken_up": taken_up, "answers": list(data.reasons), "by": data.decided_by}
    others = Announce(data.network, "raised/answered", said, but=(data.person,))  # who raised it has that letter
    told = (Tell(recipient(data), "raised/answered", said), others)
    return Step("answered" if taken_up else "not-taken-up", data, (*told, Close()))


def unanswered(data: Lifted, _event: Event, _ctx: Context) -> Step:
    """For so long nobody has answered that it does not stand there any more; who raised it may do so again."""
    return Step(
        "unanswered", data, (Settle(QUESTION), Tell(recipient(data), "raised/unanswered", values(data)), Close())
    )


def withdrawn(data: Lifted, _event: Event, _ctx: Context) -> Step:
    """Taken back by who raised it, or an operator."""
    return Step("withdrawn", data, (Close(),))


DECIDING: Final = BodyDecision(QUESTION, "deciding", lambda data: int(data.body), answered)


def _counted_as(transition: Transition, vote: str) -> Transition:
    """An answer counts as a vote by the rule of the body, its text as the reason."""

    def counted(data: Any, event: Answered, ctx: Context) -> Step:  # noqa: ANN401 - the kind's own data
        return transition(data, msgspec.structs.replace(event, meaning=vote), ctx)

    return counted


def _transitions() -> dict[tuple[str, str], Transition]:
    rows = dict(DECIDING.transitions())
    for word, vote in AS_VOTES.items():
        for state in ("deciding", DECIDING.decided):
            rows[state, f"{QUESTION}:{word}"] = _counted_as(rows.pop((state, f"{QUESTION}:{vote}")), vote)
    return rows


def _renamed(by_trigger: Any) -> dict[str, Any]:  # noqa: ANN401 - facts or examples
    back = {f"{QUESTION}:{vote}": f"{QUESTION}:{word}" for word, vote in AS_VOTES.items()}
    return {back.get(trigger, trigger): found for trigger, found in by_trigger.items()}


def lifted_kind(engine: Engine) -> CaseKind:
    """The kind; who may vote is looked up with every answer."""
    examples = DECIDING.examples()
    return CaseKind(
        name=KIND,
        data=Lifted,
        states=("new", "deciding", "decided", "answered", "not-taken-up", "unanswered", "withdrawn"),
        start="new",
        final=frozenset({"answered", "not-taken-up", "unanswered", "withdrawn"}),
        transitions={
            ("new", "opened"): opened,
            **_transitions(),
            ("deciding", "timer:end"): unanswered,
            ("decided", "timer:end"): answered,
            ("deciding", "withdraw"): withdrawn,
        },
        questions={
            QUESTION: QuestionKind(
                "lifted", rule=Rule.COLLECT, keeps_open=frozenset({"wait"}), values=values, item="raised/_item"
            )
        },
        effects=(Announce,),
        letters=LETTERS,
        waits=recipient,
        title=lambda data: data.title,
        facts=_renamed(DECIDING.facts(engine)),
        examples=replace(
            examples, data={"group": [{"title": "Cataloguing network"}]}, events=_renamed(examples.events)
        ),
        recorded=True,
    )
