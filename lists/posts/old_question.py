"""The kind of case "old question": a new mail came to the address of a closed question; its author may send it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import Ask, CaseKind, Close, Context, Event, QuestionKind, SetTimer, Step
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

KIND: Final = "old-question"
LETTERS: Final = ("command/old-question",)
KEPT_DAYS: Final = 14  # 3-mail "The case is found"


class OldQuestion(msgspec.Struct, frozen=True):
    """The mail and who wrote it. Its text is not copied: it stays in the mail alone."""

    group_id: int
    group: Values
    person: PersonId
    inbox_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class PostInstead:
    """Handle the mail as if it had come to the group's address."""


def _values(data: OldQuestion) -> Values:
    return {"group": data.group, "subject": data.subject}


def opened(data: OldQuestion, _event: Event, ctx: Context) -> Step:
    """Say where posts go, and offer to send it there."""
    end = Instant(ctx.now + KEPT_DAYS * DAY)
    ask = Ask("post", data.person, "command/old-question", {**_values(data), "until": end})
    return Step("asking", data, (ask, SetTimer("end", end)))


def posted(data: OldQuestion, _event: Event, _ctx: Context) -> Step:
    """It goes the way of every post, by the group's rules."""
    return Step("posted", data, (PostInstead(), Close()))


def dropped(data: OldQuestion, _event: Event, _ctx: Context) -> Step:
    """A no, no answer, or taken back: nothing is done with it."""
    return Step("dropped", data, (Close(),))


OLD_QUESTION: Final = CaseKind(
    name=KIND,
    data=OldQuestion,
    states=("new", "asking", "posted", "dropped"),
    start="new",
    final=frozenset({"posted", "dropped"}),
    transitions={
        ("new", "opened"): opened,
        ("asking", "post:post"): posted,
        ("asking", "post:no"): dropped,
        ("asking", "timer:end"): dropped,
        ("asking", "withdraw"): dropped,
    },
    questions={"post": QuestionKind("old-question")},
    effects=(PostInstead,),
    letters=LETTERS,
    title=lambda data: data.subject,
)
