"""What acts after a yes to a letter that lists its effect and, where it must, after a second proof (5-quality).

That is somebody else's yes, or that whoever wanted it has just logged in on the web (the fact of `confirm:yes`).

Shared by the kinds of such changes: they bring their data, their letters and the effect. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from mailsvc.cases.model import Ask, Close, Context, Event, QuestionKind, SetTimer, Step, Tell, Transition
from mailsvc.clock import DAY, Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

STATES: Final = ("new", "asking", "seconding", "done", "dropped")
FINAL: Final = frozenset({"done", "dropped"})
QUESTIONS: Final[Mapping[str, QuestionKind]] = {
    "confirm": QuestionKind("confirm"),
    "second": QuestionKind("confirm"),
}
WAIT_DAYS: Final = 7


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What such a kind's data has: `by` wants it in `group`; one of `seconds` must agree.

    `login` is the page where a login just before the yes stands for the second; "": there none does.
    """

    group_id: int
    group: Values
    by: PersonId
    seconds: tuple[PersonId, ...] = ()
    login: str = ""

    @property
    def proof(self) -> Values:
        """What the letter that asks says of the second proof."""
        return {"two": bool(self.login), "alone": not self.seconds, "login": self.login}


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Letters: `confirm` and `second` ask, `told` tells whoever wanted it what became of it (`outcome`, `who`).

    `listed` are the values by which a letter lists the effect; `needs_second` whether one yes is not enough. A kind
    that asks, tells or asks the others in another way overrides these steps.
    """

    confirm: str
    second: str
    told: str
    effect: Callable[[Any], object]
    listed: Callable[[Any, Instant], Values]
    needs_second: Callable[[Any], bool]

    @property
    def letters(self) -> tuple[str, ...]:
        """All of them."""
        return (self.confirm, self.second, self.told)

    def transitions(self) -> Mapping[tuple[str, str], Transition]:
        """The kind's table."""
        return {
            ("new", "opened"): self.opened,
            ("asking", "confirm:yes"): self.confirmed,
            ("asking", "confirm:no"): _dropped,
            ("asking", "timer:end"): _dropped,
            ("asking", "withdraw"): _dropped,
            ("seconding", "second:yes"): self.seconded,
            ("seconding", "second:no"): self._declined,
            ("seconding", "timer:end"): self._alone,
            ("seconding", "withdraw"): _dropped,
        }

    def ask(self, data: Any, until: Instant, *, again: bool = False) -> Ask:  # noqa: ANN401 - each kind has its own data
        """The question to whoever wanted it; `again`: their yes came without the login that it needs."""
        return Ask("confirm", data.by, self.confirm, {**self.listed(data, until), **data.proof, "again": again})

    def ask_others(self, data: Any, until: Instant, name: str) -> tuple[Ask, ...]:  # noqa: ANN401 - as above
        """The question to each who may agree; `name` wants it."""
        values = {**self.listed(data, until), "by": name}
        return tuple(Ask("second", person, self.second, values) for person in data.seconds)

    def tell(self, data: Any, outcome: str, who: str = "") -> Tell:  # noqa: ANN401 - as above
        """The letter that says what became of it."""
        return Tell(data.by, self.told, {"group": data.group, "outcome": outcome, "who": who})

    def act(self, data: Any) -> Step:  # noqa: ANN401 - as above
        """It is done."""
        return Step("done", data, (self.effect(data), Close()))

    def opened(self, data: Any, _event: Event, ctx: Context) -> Step:  # noqa: ANN401 - as above
        """List the effect and ask."""
        timer = end_of_waiting(ctx)
        return Step("asking", data, (self.ask(data, timer.due_at), timer))

    def confirmed(self, data: Any, event: Any, ctx: Context) -> Step:  # noqa: ANN401 - as above
        """Yes: it is done, or the others are asked, or they themselves once more where there is nobody else."""
        if not self.needs_second(data) or msgspec.json.decode(event.facts or "false", type=bool):
            return self.act(data)
        timer = end_of_waiting(ctx)
        if not data.seconds:
            return Step("asking", data, (self.ask(data, timer.due_at, again=True), timer))
        asks = self.ask_others(data, timer.due_at, ctx.actor_name)
        return Step("seconding", data, (*asks, timer, self.tell(data, "asked")))

    def seconded(self, data: Any, _event: Event, ctx: Context) -> Step:  # noqa: ANN401 - as above
        """Somebody else said yes."""
        return Step("done", data, (self.effect(data), self.tell(data, "done", ctx.actor_name), Close()))

    def _declined(self, data: Any, _event: Event, ctx: Context) -> Step:  # noqa: ANN401 - as above
        """Somebody else said no."""
        return Step("dropped", data, (self.tell(data, "declined", ctx.actor_name), Close()))

    def _alone(self, data: Any, _event: Event, _ctx: Context) -> Step:  # noqa: ANN401 - as above
        """Nobody else answered in time."""
        return Step("dropped", data, (self.tell(data, "expired"), Close()))


def end_of_waiting(ctx: Context) -> SetTimer:
    """Until when a yes is waited for."""
    return SetTimer("end", Instant(ctx.now + WAIT_DAYS * DAY))


def _dropped(data: Any, _event: Event, _ctx: Context) -> Step:  # noqa: ANN401 - as above
    """No, or no answer."""
    return Step("dropped", data, (Close(),))
