"""What the workflows bring to the service: each has a folder of its own with a `register(registry, engine)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mailsvc.cases.engine import Engine
from mailsvc.registry import Registry
from workflows.action import register as action
from workflows.health import register as health
from workflows.idea import register as idea
from workflows.joint import register as joint
from workflows.meeting import register as meeting
from workflows.merging import register as merging
from workflows.proposal import register as proposal
from workflows.raised import register as raised
from workflows.sounding import register as sounding
from workflows.succession import register as succession
from workflows.vacancy import register as vacancy
from workflows.winding_down import register as winding_down

WORKFLOWS: Final[tuple[Callable[[Registry, Engine], None], ...]] = (
    action.register,
    proposal.register,
    raised.register,
    idea.register,
    health.register,
    joint.register,
    meeting.register,
    merging.register,
    sounding.register,
    succession.register,
    vacancy.register,
    winding_down.register,
)


def register(registry: Registry, engine: Engine) -> None:
    """All of them."""
    for workflow in WORKFLOWS:
        workflow(registry, engine)
