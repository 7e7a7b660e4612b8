"""The ways that a proposed network takes to its decision, as data: which groups do what, in order."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Final

ACTIONS: Final = ("assign", "prepare", "advise", "hear", "decide", "establish")
PREPARATION: Final = "preparation"  # the group that was assigned; "leadership" is the group of that kind
SHIPPED: Final[Mapping[str, tuple[str, ...]]] = {
    "library": (
        "leadership assign",
        "preparation prepare",
        "leadership hear",
        "leadership decide",
        "preparation establish",
    ),
    "hear-only": ("leadership assign", "preparation prepare", "leadership hear", "preparation establish"),
}
"""The library's own way, where leadership hears of it before it decides, and the one where leadership only hears."""

_STEP: Final = re.compile(r"([a-z0-9]+(?:[.-][a-z0-9]+)*) ([a-z]+)")


def step_of(text: str) -> tuple[str, str]:
    """A checked step as (group, action): `"leadership decide"` -> ("leadership", "decide")."""
    group, _, action = text.partition(" ")
    return group, action


def route_problem(steps: Sequence[str]) -> str | None:
    """What is wrong with a route in one sentence, or None."""
    if not steps:
        return "a route needs at least one step"
    seen: list[str] = []
    for text in steps:
        match = _STEP.fullmatch(text)
        if match is None:
            return f'"{text}" is not a step such as "leadership decide"'
        group, action = match[1], match[2]
        if action not in ACTIONS:
            near = difflib.get_close_matches(action, ACTIONS, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            return f'"{action}" is none of {" ".join(ACTIONS)}{hint}'
        if action == "assign" and group == PREPARATION:
            return "the preparation group cannot assign itself"
        if action in seen and action in ("assign", "establish"):
            return f'"{action}" can stand only once'
        if "establish" in seen:
            return f'"{text}" stands behind the establishing, which is the last step'
        if group == PREPARATION and "assign" not in seen:
            return f'"{text}" needs a step with "assign" before it'
        seen.append(action)
    if not {"decide", "establish"} & set(seen):
        return "somebody has to decide: a route needs a step with decide or establish"
    return None
