"""What proposals and initiatives bring to the service."""

from __future__ import annotations

from pathlib import Path

from mailsvc.cases.engine import Engine
from mailsvc.cases.judge import Demand
from mailsvc.registry import Registry
from workflows.proposal import desk
from workflows.proposal.effects import Effects
from workflows.proposal.initiative import INITIATIVE
from workflows.proposal.kind import proposal_kind
from workflows.proposal.lookups import Lookups
from workflows.proposal.model import (
    KIND,
    Alert,
    ForgetProposer,
    MeetNominees,
    Proceed,
    Prove,
    StartInitiative,
    ToIdeas,
)

LETTERS = Path(__file__).parent / "letters"


def register(registry: Registry, engine: Engine) -> None:
    """The desk, the kinds, their effects and letters."""
    effects = Effects(registry, engine)
    handler = desk.Desk(registry, engine)
    registry.handlers[desk.NAME] = handler
    registry.explainers[desk.NAME] = handler.explain
    registry.kinds[KIND] = proposal_kind(engine, Lookups(engine))
    registry.kinds[INITIATIVE.name] = INITIATIVE
    registry.effects |= {
        MeetNominees: effects.meet,
        Proceed: effects.proceed,
        Prove: effects.prove,
        ForgetProposer: effects.forget,
        StartInitiative: effects.start_initiative,
        ToIdeas: effects.to_ideas,
        Alert: effects.alert,
    }
    registry.demands |= {
        (KIND, "fill"): Demand.PROVEN,
        (KIND, "accept"): Demand.PROVEN,
        (KIND, "which"): Demand.PROVEN,
        (KIND, "answer"): Demand.PROVEN,
        (INITIATIVE.name, "count"): Demand.PROVEN,
    }
    registry.letter_folders["proposal"] = str(LETTERS)
