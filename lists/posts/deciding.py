"""A moderator's word on a matter: it acts at once, or after the time in which it can be taken back. Pure.

What every kind of case with one decision shares; its data has `decision`, `decision_reason` and `decided_by`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mailsvc.cases.model import Answered, CancelTimer, Context, OfferUndo, Reopen, SetTimer, Step, Transition
from mailsvc.clock import Instant


def decided(act: Transition) -> Transition:
    """The transition of a decision that `act` carries out: at once where the site has no time for undo."""

    def transition(data: Any, event: Answered, ctx: Context) -> Step:  # noqa: ANN401 - each kind has its own data
        data = msgspec.structs.replace(
            data, decision=event.meaning, decision_reason=event.text, decided_by=ctx.actor_name
        )
        if ctx.undo == 0:
            return act(data, event, ctx)
        until = Instant(ctx.now + ctx.undo)
        return Step("decided", data, (SetTimer("act", until), OfferUndo(until)))

    return transition


def undone(state: str) -> Transition:
    """The transition of a decision taken back in time: the question is open again for all, in `state`."""

    def transition(data: Any, _event: object, ctx: Context) -> Step:  # noqa: ANN401 - each kind has its own data
        data = msgspec.structs.replace(data, decision="", decision_reason="", decided_by="")
        end = SetTimer("end", ctx.in_working_days(data.end_days))
        return Step(state, data, (CancelTimer("act"), Reopen("moderate"), end))

    return transition


def noted(state: str) -> Transition:
    """The transition of `wait`: seen, no decision, the clock goes on."""
    return lambda data, _event, _ctx: Step(state, data)
