"""Whether an answer counts: one pure function from evidence to a verdict with a named reason (5-quality, evidence)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from mailsvc.errors import Reason
from mailsvc.ids import PersonId


class Act(StrEnum):
    """What the verdict is."""

    ACCEPT = "accept"  # it counts
    CHALLENGE = "challenge"  # the registered address is asked "Was this you?"
    CLAIM = "claim"  # the registered address is asked "Is X yours too?"
    REFUSE = "refuse"  # it does not count; the registered address may be told
    IGNORE = "ignore"  # a machine wrote it: it says nothing


class Demand(IntEnum):
    """What an answer needs besides T and F (5-quality, the columns of the table); the larger, the more."""

    USUAL = 0  # D pass or unknown, and when it is weak a yes: default mode, and leaving in every mode
    PROVEN = 1  # D pass: strict mode, for what proves an address
    SIGNED = 2  # an aligned DKIM signature that we verified ourselves: strict mode, for decisions


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What is known of an answer that came with a live token or in the thread of a letter (T is given).

    `asked` is whom the letter went to, `sender` who has the From address (None: nobody known). `from_ok`: exactly one
    mailbox, read alike by the strict scanner and the library. `d`: pass, fail, weak, unknown. `confirmation`: the
    question is itself a challenge, whose answer needs only its T and F. `signed`: whole, by the author's organisation,
    verified by us. `on_behalf`: a Sender field names somebody else. `demand` is what the question asks for here.
    """

    asked: PersonId
    sender: PersonId | None
    from_ok: bool
    d: str
    automatic: bool
    confirmation: bool
    signed: bool = False
    on_behalf: bool = False
    demand: Demand = Demand.USUAL


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with an answer, and why."""

    act: Act
    reason: Reason


def judge(facts: AnswerFacts) -> Verdict:
    """approve, answer, vote, sign: T + F + D pass or unknown; `weak` is asked about once; `fail` is refused.

    Where more is demanded nothing is asked back: whoever cannot show it now could not show it with a yes either.
    """
    if facts.automatic:
        return Verdict(Act.IGNORE, Reason.AUTOMATIC)
    if not facts.from_ok:
        return Verdict(Act.REFUSE, Reason.BAD_FROM)
    if facts.d == "fail":
        return Verdict(Act.REFUSE, Reason.FORGED)
    if facts.sender not in (None, facts.asked):
        return Verdict(Act.REFUSE, Reason.OTHERS_ADDRESS)
    missing = _missing(facts)
    if missing is not None:
        return Verdict(Act.REFUSE, missing)
    if facts.sender is None:
        return Verdict(Act.CLAIM, Reason.UNKNOWN_SENDER)
    if facts.demand is Demand.USUAL and facts.d == "weak" and not facts.confirmation:
        return Verdict(Act.CHALLENGE, Reason.CHALLENGED)
    return Verdict(Act.ACCEPT, Reason.ANSWERED)


def _missing(facts: AnswerFacts) -> Reason | None:
    if facts.demand is Demand.USUAL:
        return None
    if facts.on_behalf:
        return Reason.ON_BEHALF
    if facts.demand is Demand.SIGNED:
        return None if facts.signed else Reason.NOT_SIGNED
    return None if facts.d == "pass" else Reason.UNPROVEN
