"""What is known of a case while it moves: its data, its group, its people, its times. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from mailsvc.cases import store, timer_store
from mailsvc.cases.body import Body
from mailsvc.cases.model import (
    LADDER,
    Audience,
    Case,
    Context,
)
from mailsvc.cases.working_days import add_working_days
from mailsvc.clock import Instant
from mailsvc.ids import CaseId, PersonId
from mailsvc.people import presence_store
from mailsvc.people import store as people
from mailsvc.people.naming import Named
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx
from mailsvc.store.outgoing import Values


class Looking:
    """What transitions, letters and agendas look up. `engine.Engine` is one that acts, too."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.site = registry.site

    def case(self, tx: ReadTx, case_id: CaseId) -> Case:
        """The case of this number; LookupError when there is none."""
        case = store.load(tx, self.registry.kinds, case_id)
        if case is None:
            raise LookupError(f"case {case_id}")
        return case

    def title(self, case: Case) -> str:
        """What the case is about, in a few of its starter's words."""
        return self.registry.kinds[case.kind].title(case.data)

    def name(self, tx: ReadTx, person: PersonId) -> str:
        """How letters call a person."""
        return people.by_id(tx, person).shown

    def body(self, tx: ReadTx, group: int) -> Body:
        """Who decides in a group, and how; LookupError where there is no such group."""
        for known in self.registry.bodies:
            found = known(tx, group)
            if found is not None:
                return found
        raise LookupError(f"body {group}")

    def context(self, tx: ReadTx, case_id: CaseId, actor: PersonId | None) -> Context:
        """What a transition may know."""
        return Context(
            case_id,
            tx.now,
            self.site.config.undo_microseconds,
            people.by_id(tx, actor).shown if actor is not None else "",
            lambda days: self.working_days(tx, days),
            self.site.config.body_undo_microseconds,
        )

    def working_days(self, tx: ReadTx, days: int) -> Instant:
        """The same time of day, so many working days from now."""
        site = self.site.config.site
        return add_working_days(tx.now, days, site.timezone, self.site.config.closed_periods, site.country)

    def question_values(self, tx: ReadTx, case: Case, question: str, *, reminder: bool = False) -> Values:
        """What the letter of a question says, from the case as it is now."""
        values = self.registry.kinds[case.kind].questions[question].values(case.data)
        end = timer_store.timer_due(tx, case.id, "end")
        return {**values, "reminder": reminder, **({"until": end} if end is not None else {})}

    def colleagues(self, tx: ReadTx, group: int | None, *, but: PersonId) -> list[Named[PersonId]]:
        """Whom somebody who is asked in a group may name to answer instead of them."""
        if group is None:
            return []
        known = [one for listed in self.registry.colleagues for one in listed(tx, group) if one.id != but]
        return [Named(one.id, one.shown, tuple(own.address for own in people.addresses(tx, one.id))) for one in known]

    def resolve(self, tx: ReadTx, audience: Audience) -> list[PersonId]:
        """The people at the first step of the ladder, from `audience.step` on, where somebody is present."""
        return self.resolve_step(tx, audience)[1]

    def resolve_step(self, tx: ReadTx, audience: Audience) -> tuple[str, list[PersonId]]:
        """The step and its people, or their stand-ins. Where everybody is away, the first step there is.

        A step that is no rung of the ladder (a role such as `secretary`) is followed by none, but by the operators.
        """
        away: tuple[str, list[PersonId]] | None = None
        rungs = LADDER[LADDER.index(audience.step) :] if audience.step in LADDER else (audience.step, LADDER[-1])
        for step in rungs:
            found: list[PersonId] = []
            for resolver in self.registry.resolvers:
                found += [p for p in resolver(tx, Audience(audience.group, step)) if p not in found]
            here = presence_store.present(tx, found)
            if here:
                return step, here
            if found and away is None:
                away = step, found
        return away or (audience.step, [])

    def somebody_present(self, tx: ReadTx, asked: Sequence[PersonId]) -> bool:
        """Whether at least one of them is not away."""
        return bool(presence_store.present(tx, asked))
