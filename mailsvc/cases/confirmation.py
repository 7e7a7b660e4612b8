"""The kind of case "confirmation": answers that wait until their sender, or the whole list, is confirmed by a yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.model import Ask, CaseKind, Close, Context, Event, QuestionKind, SetTimer, Step
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId, QuestionId
from mailsvc.store.outgoing import Values

KIND: Final = "confirmation"
WAIT_DAYS: Final = 7


class HeldAnswer(msgspec.Struct, frozen=True):
    """One answer as it was read, to be carried out later; `about` is the case's title, for letters.

    `number` is the item's in the letter that was answered; 0 where that asked but one thing. `asked_at` is when that
    letter was written; None where the answer came without one.
    """

    question: QuestionId
    case: int
    meaning: str
    argument: str
    reason: str
    words: str
    about: str
    number: int = 0
    asked_at: Instant | None = None


class Confirmation(msgspec.Struct, frozen=True):
    """`variant`: claim ("is X yours too?"), challenge ("was this you?"), all ("approve all of these?")."""

    variant: str
    person: PersonId
    answers: tuple[HeldAnswer, ...]
    inbox_id: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class CarryOut:
    """The answers count now, as if they had come from the person."""


@dataclass(frozen=True, slots=True)
class AddAddress:
    """The address that answered belongs to the person; all their addresses are told."""


def opened(data: Confirmation, _event: Event, ctx: Context) -> Step:
    """Ask the registered address."""
    timer = SetTimer("end", Instant(ctx.now + WAIT_DAYS * DAY))
    values: Values = {
        "address": data.address,
        "until": timer.due_at,
        "answers": [
            {
                "number": a.number,
                "case": a.case,
                "meaning": a.meaning,
                "words": a.words,
                "reason": a.reason,
                "about": a.about,
                "stands": "",
            }
            for a in data.answers
        ],
    }
    return Step("asking", data, (Ask("confirm", data.person, f"case/{data.variant}", values), timer))


def confirmed(data: Confirmation, _event: Event, _ctx: Context) -> Step:
    """Yes."""
    more = (AddAddress(),) if data.variant == "claim" else ()
    return Step("confirmed", data, (*more, CarryOut(), Close()))


def dropped(data: Confirmation, _event: Event, _ctx: Context) -> Step:
    """No, or no answer: nothing is done."""
    return Step("dropped", data, (Close(),))


CONFIRMATION: Final = CaseKind(
    name=KIND,
    data=Confirmation,
    states=("new", "asking", "confirmed", "dropped"),
    start="new",
    final=frozenset({"confirmed", "dropped"}),
    transitions={
        ("new", "opened"): opened,
        ("asking", "confirm:yes"): confirmed,
        ("asking", "confirm:no"): dropped,
        ("asking", "timer:end"): dropped,
        ("asking", "withdraw"): dropped,
    },
    questions={"confirm": QuestionKind("confirm")},
    effects=(CarryOut, AddAddress),
    letters=("case/claim", "case/challenge", "case/all"),
)
