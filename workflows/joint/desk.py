"""Raising a matter in a joint body: the command `matter` to `N-request@`, or a matter lifted from the level below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lists import api
from mailsvc.cases import agenda_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.registry import CommandLine
from mailsvc.store.database import Tx
from workflows.joint.case import earlier
from workflows.joint.labels import is_development, labelled
from workflows.joint.lookup import Lookup
from workflows.joint.model import DEVELOPMENT, FORMAL, KIND, Days, JointMatter, LiftMatter

JOINT: Final = "joint"
RAISING: Final = ("spokesperson", "chair", "secretary", "moderator", "deputy")
LONGEST_TITLE: Final = 150
LONGEST_TEXT: Final = 8000


class Desk:
    """Opens cases."""

    def __init__(self, engine: Engine, lookup: Lookup) -> None:
        self._engine = engine
        self._lookup = lookup
        self._config = engine.site.config

    def command(self, tx: Tx, line: CommandLine) -> Mapping[str, object]:
        """`matter: title`, the matter in the lines below, with or without labels."""
        group = api.group(tx, line.group)
        if group.kind != JOINT:
            return {"did": "joint-only"}
        if line.role not in RAISING:
            return {"did": "raisers-only"}
        sides = {one.name for one in api.parties(tx, group)}
        if not sides or sides != {seat.party for seat in self._engine.body(tx, group.id).seats if seat.votes}:
            return {"did": "no-parties"}
        title = without_tokens(line.argument).strip()[:LONGEST_TITLE]
        if not title:
            return {"did": "no-title"}
        labels, text = labelled(without_tokens(line.below))
        responsible, due = None, 0
        if labels.get("responsible"):
            said = f"{labels['responsible']}\n{labels.get('due', '')}"
            responsible, _ = self._lookup.person_and_day(tx, group.id, labels["responsible"])
            _, due = self._lookup.person_and_day(tx, group.id, labels.get("due") or said)
        data = JointMatter(
            body=group.id,
            group=api.group_values(group, self._config),
            title=title,
            text=text[:LONGEST_TEXT],
            by=line.person,
            by_name=people.by_id(tx, line.person).shown,
            sort=DEVELOPMENT if is_development(labels.get("sort", "")) else FORMAL,
            responsible=responsible,
            responsible_name=people.by_id(tx, responsible).shown if responsible is not None else "",
            due=due,
            days=self._days(),
        )
        cause = Cause(f"{line.cause.key}/{KIND}/{title}", line.cause.inbox_id, line.cause.actor, line.cause.evidence)
        number = self._engine.open(tx, KIND, data, cause, group=group.id, started_by=line.person)
        return {
            "did": "matter-raised",
            "number": int(number),
            "about": title,
            "next": agenda_store.due(tx, group.id),
        }

    def _days(self) -> Days:
        said = self._config.joint
        return Days(
            answer=said.answer_working_days,
            reminder=said.reminder_working_days,
            note=said.note_working_days,
            responsible=said.responsible_working_days,
            minutes=said.minutes_working_days,
            signature=said.signature_working_days,
        )

    def lift(self, tx: Tx, case: Case, effect: LiftMatter, cause: Cause) -> None:
        """The same matter, one level up, with how it went so far."""
        group = api.group(tx, effect.to)
        matter = effect.matter
        data = JointMatter(
            body=group.id,
            group=api.group_values(group, self._config),
            title=matter.title,
            text=matter.text,
            by=matter.by,
            by_name=matter.by_name,
            sort=matter.sort,
            earlier=earlier(matter, int(case.id)),
            days=self._days(),
        )
        again = Cause(f"{cause.key}/lifted/{case.id}", cause.inbox_id, cause.actor, cause.evidence)
        self._engine.open(tx, KIND, data, again, group=group.id, started_by=matter.by)
