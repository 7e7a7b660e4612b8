"""Whether an answer counts: one pure function from evidence to a verdict with a named reason (5-quality, evidence)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailsvc.errors import Reason
from mailsvc.ids import PersonId


class Act(StrEnum):
    """What the verdict is."""

    ACCEPT = "accept"  # it counts
    CHALLENGE = "challenge"  # the registered address is asked "Was this you?"
    CLAIM = "claim"  # the registered address is asked "Is X yours too?"
    REFUSE = "refuse"  # it does not count; the registered address may be told
    IGNORE = "ignore"  # a machine wrote it: it says nothing


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What is known of an answer that came with a live token or in the thread of a letter (T is given).

    `asked` is whom the letter went to, `sender` who has the From address (None: nobody known). `from_ok`: exactly one
    mailbox, read alike by the strict scanner and the library. `d`: pass, fail, weak, unknown. `confirmation`: the
    question is itself a challenge, whose answer needs only its T and F.
    """

    asked: PersonId
    sender: PersonId | None
    from_ok: bool
    d: str
    automatic: bool
    confirmation: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with an answer, and why."""

    act: Act
    reason: Reason


def judge(facts: AnswerFacts) -> Verdict:
    """approve, answer, vote, sign: T + F + D pass or unknown; `weak` is asked about once; `fail` is refused."""
    if facts.automatic:
        return Verdict(Act.IGNORE, Reason.AUTOMATIC)
    if not facts.from_ok:
        return Verdict(Act.REFUSE, Reason.BAD_FROM)
    if facts.d == "fail":
        return Verdict(Act.REFUSE, Reason.FORGED)
    if facts.sender is None:
        return Verdict(Act.CLAIM, Reason.UNKNOWN_SENDER)
    if facts.sender != facts.asked:
        return Verdict(Act.REFUSE, Reason.OTHERS_ADDRESS)
    if facts.d == "weak" and not facts.confirmation:
        return Verdict(Act.CHALLENGE, Reason.CHALLENGED)
    return Verdict(Act.ACCEPT, Reason.ANSWERED)
