"""The picture of a kind of case, made from its table of transitions: docs/cases/KIND.md.

Where a transition leads is decided by a function, so the table is walked: from made-up data of every shape through
every event, until no new (state, data) is found. The same walk shows tests which states and effects can be reached.
"""

from __future__ import annotations

import itertools
import sys
import types
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Union, get_args, get_origin

import msgspec

from mailsvc.cases.model import Answered, AnyEvent, CaseKind, Context, Fired, Opened, Withdrawn
from mailsvc.clock import DAY, Instant
from mailsvc.ids import CaseId, PersonId

MOST: Final = 5_000  # (state, data) pairs; a kind that counts without end would not stop otherwise
MOST_OF_STATE: Final = 60  # data with which one state is looked at, so that much to say in one hides no other
_MOMENT: Final = Instant(1_800_000_000_000_000)

Samples = Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Walked:
    """One way through the table: in `state`, `trigger` led to `target` and asked for `effects`."""

    state: str
    trigger: str
    target: str
    effects: tuple[object, ...]


def shapes(data: type[msgspec.Struct], samples: Samples | None = None) -> Iterator[msgspec.Struct]:
    """Made-up data of every shape: each flag both ways, each field that may be missing there and not there."""
    fields = msgspec.structs.fields(data)
    choices = [list((samples or {}).get(field.name) or _values(field.type)) for field in fields]
    for chosen in itertools.product(*choices):
        yield data(**dict(zip((field.name for field in fields), chosen, strict=True)))


def _values(kind: Any) -> list[object]:  # noqa: ANN401 - the type of any field
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not type(None)]
        return [None, *_values(inner[0])]
    kind = getattr(kind, "__supertype__", kind)
    if kind is bool:
        return [False, True]
    if kind is int:
        return [1]
    if kind is str:
        return ["x"]
    if origin is tuple:
        return [()]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [next(shapes(kind))]
    return [{}]


def event_of(trigger: str) -> AnyEvent:
    """An event that a table lists under this word."""
    if trigger == "opened":
        return Opened()
    if trigger == "withdraw":
        return Withdrawn()
    question, _, meaning = trigger.partition(":")
    return Fired(meaning) if question == "timer" else Answered(question, meaning, PersonId(1), text="x")


def events_of(kind: CaseKind, trigger: str) -> list[AnyEvent]:
    """The events that a table is walked with under this word."""
    return [msgspec.structs.replace(event_of(trigger), **one) for one in kind.examples.events.get(trigger, [{}])]


def walk(kind: CaseKind, samples: Samples | None = None) -> list[Walked]:
    """Every way that made-up cases of this kind can take, each once for each data that it can be taken with."""
    found: list[Walked] = []
    seen: set[tuple[str, bytes]] = set()
    looked_at: Counter[str] = Counter()
    waiting = [(kind.start, data) for data in shapes(kind.data, {**kind.examples.data, **(samples or {})})]
    while waiting and len(seen) < MOST:
        state, data = waiting.pop()
        key = state, msgspec.json.encode(data)
        if key in seen or looked_at[state] == MOST_OF_STATE:
            continue
        seen.add(key)
        looked_at[state] += 1
        for (at, trigger), transition in kind.transitions.items():
            for event, undo in itertools.product(events_of(kind, trigger), (0, 1)) if at == state else ():
                context = Context(CaseId(1), _MOMENT, undo, "x", lambda days: Instant(_MOMENT + days * DAY), undo)
                step = transition(data, event, context)
                found.append(Walked(state, trigger, step.state, step.effects))
                waiting.append((step.state, step.data))
    return found


def page(kind: CaseKind) -> str:
    """The page docs/cases/KIND.md."""
    about = (sys.modules[kind.data.__module__].__doc__ or "").strip().splitlines()[0]
    lines = [
        f"# {kind.name}",
        "",
        about,
        "",
        "Made from the table of transitions by `make golden`; not to be edited by hand.",
        "",
        "```mermaid",
        *_mermaid(kind),
        "```",
        "",
        *_questions(kind),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _mermaid(kind: CaseKind) -> Iterator[str]:
    names = {state: state.replace("-", "_") for state in kind.states}
    ways: dict[tuple[str, str], list[str]] = {}
    for way in walk(kind):
        triggers = ways.setdefault((way.state, way.target), [])
        if way.trigger not in triggers:
            triggers.append(way.trigger)
    order = {trigger: place for place, (_, trigger) in enumerate(kind.transitions)}
    yield "stateDiagram-v2"
    yield f"  [*] --> {names[kind.start]}"
    for state in kind.states:
        if names[state] != state:
            yield f'  state "{state}" as {names[state]}'
        for target in kind.states:
            triggers = ways.get((state, target), [])
            if triggers:
                shown = ", ".join(_shown(trigger) for trigger in sorted(triggers, key=lambda one: order[one]))
                yield f"  {names[state]} --> {names[target]} : {shown}"
    for state in kind.states:
        if state in kind.final:
            yield f"  {names[state]} --> [*]"


def _shown(trigger: str) -> str:
    what, _, name = trigger.partition(":")
    if what == "timer":
        return f"⏲ {name}"
    return what if name in ("", what) else f"{what} {name}"


def _questions(kind: CaseKind) -> Iterator[str]:
    if kind.questions:
        yield "| question | answered with the words of | answers that leave it open |"
        yield "|---|---|---|"
    for name, question in kind.questions.items():
        yield f"| `{name}` | `{question.vocabulary}` | {', '.join(sorted(question.keeps_open))} |"
