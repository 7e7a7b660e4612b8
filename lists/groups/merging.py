"""Two groups become one: the members of the one are members of the other, and its addresses go on working there."""

from __future__ import annotations

from dataclasses import dataclass

from lists import store
from lists.arrivals import members_changed
from lists.groups import closing, merging_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause
from mailsvc.registry import Registry
from mailsvc.store.database import Tx


@dataclass(frozen=True, slots=True)
class MergeGroups:
    """`group` is closed, and its members and names are those of `into`, nobody twice and each with their settings."""

    group: int
    into: int


class Merging:
    """Runs the effect."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine

    def run(self, tx: Tx, _case: Case, effect: MergeGroups, cause: Cause) -> None:
        """What waits in the old group ends as when it is closed; those on its waiting list wait in the new one."""
        group, into = store.group(tx, effect.group), store.group(tx, effect.into)
        merging_store.copy_members(tx, group.id, into.id)
        closing.close(tx, self._engine, group, cause)
        merging_store.end_all(tx, group.id)
        merging_store.move_aliases(tx, group.id, into.id, group.name)
        for one in (group.id, into.id):
            members_changed(self._registry, tx, one, cause)
        tx.wake("daily")
