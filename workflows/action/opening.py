"""Opens actions: the effect `OpenAction`, whoever asks for it."""

from __future__ import annotations

from typing import Final

from lists.api import group, group_values
from mailsvc.cases.actions import OpenAction, moments
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.people import store as people
from mailsvc.store.database import Tx
from workflows.action.case import KIND, Action

BODIES: Final = ("leadership", "preparation", "joint")  # the others' moderators are asked, and not every member


class Opening:
    """Runs the effect."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config

    def run(self, tx: Tx, case: Case, effect: OpenAction, cause: Cause) -> None:
        """One case of its own for each action; the case that decided it stays as it is."""
        where = group(tx, effect.group) if effect.group is not None else None
        person = people.by_id(tx, effect.person)
        giver = people.by_id(tx, effect.giver) if effect.giver is not None else None
        settings = self._config.actions
        data = Action(
            text=effect.text,
            person=person.id,
            name=person.shown,
            moments=moments(effect.due, tx.now, self._config),
            group_id=effect.group,
            group=group_values(where, self._config) if where is not None else {},
            body=where is not None and where.kind in BODIES,
            overdue_days=settings.overdue_working_days,
            again_days=settings.again_working_days,
            giver=giver.id if giver is not None else None,
            giver_name=giver.shown if giver is not None else "",
            giver_address=giver.address if giver is not None else "",
            giver_language=giver.language if giver is not None else "",
            about=effect.about,
        )
        subject = f"case:{case.id}"
        self._engine.open(tx, KIND, data, cause, group=effect.group, subject=subject, started_by=effect.giver)
