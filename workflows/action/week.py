"""What the Monday letter says of somebody's actions: those that are due this week, and those that are overdue."""

from __future__ import annotations

from collections.abc import Sequence

from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Values
from workflows.action.case import KIND, Action


class ActionWeek:
    """See Registry.week."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, tx: ReadTx, person: PersonId, since: Instant, until: Instant) -> Sequence[Values]:
        """Their open actions with a day before `until`."""
        found: list[tuple[int, Values]] = []
        for row in cases.of_person(tx, person, ""):
            if row["kind"] != KIND or row["closed_at"] is not None:
                continue
            data = self._engine.case(tx, row["id"]).data
            assert isinstance(data, Action)
            due = data.moments.due
            if data.person == person and due < until:
                values: Values = {
                    "what": "action",
                    "about": data.text,
                    "due": due,
                    "overdue": due < since,
                    "case": row["id"],
                    "where": str(data.group.get("title", "")),
                }
                found.append((due, values))
        return [values for _, values in sorted(found, key=lambda pair: pair[0])]
