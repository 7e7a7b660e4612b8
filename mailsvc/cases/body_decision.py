"""What every kind with a body's decision shares: votes are counted, act after the time for undo, and can be corrected.

The kind's data inherits `Decidable`; its table takes `BodyDecision.transitions()`, its facts `BodyDecision.facts()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import msgspec

from mailsvc.cases.ballots import Cast, Electorate, Seated, electorate, outcome, with_vote, without_vote
from mailsvc.cases.looking import Looking
from mailsvc.cases.model import (
    Answered,
    CancelTimer,
    Context,
    Examples,
    Facts,
    OfferUndo,
    PutToBody,
    Reopen,
    SetTimer,
    Settle,
    Step,
    Transition,
)
from mailsvc.clock import HOUR, Instant, to_datetime, to_instant
from mailsvc.ids import PersonId
from mailsvc.message.said_dates import find_dates
from mailsvc.store.database import ReadTx

DECIDED: Final = "decided"
ACT: Final = "act"
VOTES: Final = ("yes", "no", "abstain", "conflict", "postpone")
NOBODY: Final = PersonId(0)


class Decidable(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a case's data that a body's decision fills.

    `decision` is yes or no; `decision_why` the reason named by `voting`; `decided_by` whoever said the last word (""
    at a deadline); `decided_on` the question, for kinds with several; `reasons` what those wrote who voted so.
    """

    votes: tuple[Cast, ...] = ()
    decision: str = ""
    decision_why: str = ""
    decided_by: str = ""
    decided_on: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyDecision:
    """One body's decision in a kind: `question` is put to `group(data)` in `state`; `act` carries the decision out.

    `act` sees the data with `decision` yes or no. The state `decided`, where a decision can still be taken back, and
    its timer `act` come with it; a kind has one decision at a time.
    """

    question: str
    state: str
    group: Callable[[Any], int]
    act: Transition
    decided: str = DECIDED  # another name where a kind has several such decisions, one after the other

    def put(self, data: Any) -> PutToBody:  # noqa: ANN401 - each kind has its own data
        """The effect that puts the question on the body's agenda."""
        return PutToBody(self.question, self.group(data))

    def transitions(self) -> Mapping[tuple[str, str], Transition]:
        """The rows of the kind's table."""
        rows: dict[tuple[str, str], Transition] = {}
        for meaning in VOTES:
            rows[self.state, f"{self.question}:{meaning}"] = self._voted
            rows[self.decided, f"{self.question}:{meaning}"] = self._corrected
        rows[self.state, f"{self.question}:wait"] = lambda data, _event, _ctx: Step(self.state, data)
        rows[self.decided, "undo:undo"] = self._undone
        rows[self.decided, f"timer:{ACT}"] = self.act
        return rows

    def facts(self, engine: Looking) -> Mapping[str, Facts]:
        """Who may vote, looked up with every vote."""

        def seats(tx: ReadTx, data: Any, _event: object) -> Electorate:  # noqa: ANN401 - as above
            return electorate(tx, engine, self.group(data))

        return {f"{self.question}:{meaning}": seats for meaning in VOTES}

    def examples(self) -> Examples:
        """Events to walk the table with: one elector who decides, and one of two."""
        alone = Electorate("any", 0, True, _seats(1))  # noqa: FBT003 - a value, not a switch
        together = Electorate("unanimous", 0, True, _seats(2))  # noqa: FBT003
        facts = [{"facts": msgspec.json.encode(one).decode()} for one in (alone, together)]
        return Examples(events={f"{self.question}:{meaning}": facts for meaning in VOTES})

    def _voted(self, data: Any, event: Answered, ctx: Context) -> Step:  # noqa: ANN401 - as above
        """One more vote: it decides, postpones, or the others are awaited."""
        data = msgspec.structs.replace(data, votes=with_vote(data.votes, event))
        return self._counted(data, event, ctx, before=())

    def _corrected(self, data: Any, event: Answered, ctx: Context) -> Step:  # noqa: ANN401 - as above
        """A second thought while it can still be taken back: counted anew."""
        data = msgspec.structs.replace(data, votes=with_vote(data.votes, event))
        return self._counted(data, event, ctx, before=(CancelTimer(ACT), Reopen(self.question, NOBODY)))

    def _counted(self, data: Any, event: Answered, ctx: Context, before: tuple[object, ...]) -> Step:  # noqa: ANN401
        result = outcome(msgspec.json.decode(event.facts, type=Electorate), data.votes)
        if result.decision == "postpone":
            return self._postponed(data, event, ctx, before)
        if result.decision not in ("yes", "no"):
            undecided = msgspec.structs.replace(data, decision="", decision_why="", decided_by="", reasons=())
            return Step(self.state, undecided, before)
        decision = str(result.decision)
        data = msgspec.structs.replace(
            data,
            decision=decision,
            decision_why=str(result.why),
            decided_by=ctx.actor_name,
            decided_on=self.question,
            reasons=tuple(one.reason for one in data.votes if one.meaning == decision and one.reason),
        )
        if ctx.body_undo == 0:
            step = self.act(data, event, ctx)
            return Step(step.state, step.data, (Settle(self.question), *step.effects))
        until = Instant(ctx.now + ctx.body_undo)
        return Step(self.decided, data, (*before, Settle(self.question), SetTimer(ACT, until), OfferUndo(until)))

    def _postponed(self, data: Any, event: Answered, ctx: Context, before: tuple[object, ...]) -> Step:  # noqa: ANN401
        """Next time, or on the date that was written: everybody is asked anew, and the clock of what is overdue too."""
        data = msgspec.structs.replace(data, votes=(), decision="", decision_why="", decided_by="", reasons=())
        day = postponed_to(f"{event.argument} {event.text}", ctx.now)
        put = PutToBody(self.question, self.group(data), not_before=day)
        return Step(self.state, data, (*before, Reopen(self.question), put))

    def _undone(self, data: Any, event: Answered, _ctx: Context) -> Step:  # noqa: ANN401 - as above
        """The decider took it back in time: the matter is open again, and the others' votes stay."""
        data = msgspec.structs.replace(
            data, votes=without_vote(data.votes, event.voter), decision="", decision_why="", decided_by="", reasons=()
        )
        return Step(self.state, data, (CancelTimer(ACT), Reopen(self.question, event.voter)))


def postponed_to(text: str, now: Instant) -> Instant | None:
    """The day that a postponing answer names, as the early morning of that day; None: the next time."""
    today = to_datetime(now).date()
    later = [said.first for said in find_dates(text, today) if said.first > today]
    return _morning(later[0]) if later else None


def _morning(day: date) -> Instant:
    # some hours before the day begins in UTC, so that it is in that day's digest, however early it goes out
    return Instant(to_instant(datetime.combine(day, time(), UTC)) - 3 * HOUR)


def _seats(count: int) -> tuple[Seated, ...]:
    return tuple(Seated(PersonId(number)) for number in range(1, count + 1))
