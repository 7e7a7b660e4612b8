"""What a meeting's caller is asked, yes or no, until it begins: the steps that such kinds of cases share. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mailsvc.cases.model import Answered, Ask, Close, Context, Event, QuestionKind, SetTimer, Step, Transition
from mailsvc.clock import Instant
from mailsvc.store.outgoing import Values


@dataclass(frozen=True, slots=True)
class CallerDecides:
    """`question` is asked by the letter `meeting/QUESTION` with `values` of the case's data (`caller`, `told`).

    `taken` is the transition of a yes; `refusal` the effect of a no, from its reason; `refused` the state after it, and
    after no answer.
    """

    question: str
    values: Callable[[Any], Values]
    taken: Transition
    refusal: Callable[[str], object]
    refused: str

    @property
    def letter(self) -> str:
        """The letter that asks."""
        return f"meeting/{self.question}"

    def transitions(self) -> Mapping[tuple[str, str], Transition]:
        """The kind's table."""
        return {
            ("new", "opened"): self._opened,
            ("asking", f"{self.question}:yes"): self.taken,
            ("asking", f"{self.question}:no"): self._refused,
            ("asking", "timer:end"): self._ended,
            ("asking", "withdraw"): self._ended,
        }

    def questions(self) -> Mapping[str, QuestionKind]:
        """The kind's one question."""
        return {self.question: QuestionKind("confirm", letter=self.letter, values=self.values)}

    def _opened(self, data: Any, _event: Event, ctx: Context) -> Step:  # noqa: ANN401 - each kind has its own data
        """Ask the caller."""
        end = SetTimer("end", Instant(max(data.told.starts, ctx.now)))
        return Step("asking", data, (Ask(self.question, data.caller, self.letter, self.values(data)), end))

    def _refused(self, data: Any, event: Answered, _ctx: Context) -> Step:  # noqa: ANN401 - as above
        """No, with the reason."""
        return Step(self.refused, data, (self.refusal(event.text), Close()))

    def _ended(self, data: Any, _event: Event, _ctx: Context) -> Step:  # noqa: ANN401 - as above
        """The caller has not answered, and the meeting begins."""
        return Step(self.refused, data, (Close(),))
