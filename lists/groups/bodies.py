"""Groups as bodies that decide: who sits there, by which rule, and when their digest goes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lists import store
from lists.groups.parties import SPOKESPERSON, parties_of_people
from lists.model import Group, Membership
from mailsvc.cases.body import Body, Seat
from mailsvc.cases.voting import Rule
from mailsvc.config import Config
from mailsvc.ids import PersonId
from mailsvc.people import presence_store
from mailsvc.store.database import ReadTx

CHAIRS: Final = ("chair", "moderator", "deputy")  # who has the chair, in this order, where there are several
SECRETARY: Final = "secretary"


class Bodies:
    """Answers what the engine asks of a group that decides (registry.bodies)."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def __call__(self, tx: ReadTx, group_id: int) -> Body | None:
        """The group as a body; None when there is no such group."""
        try:
            group = store.group(tx, group_id)
        except LookupError:
            return None
        settings = group.settings
        members = [one for one in store.members(tx, group.id) if one.active]
        sides = {person: party.name for person, party in parties_of_people(tx, group).items()}
        if sides:
            rule = settings.decision_rule if settings.decision_rule != str(Rule.ANY) else str(Rule.EACH_PARTY)
            return self._body(group, rule, _spokespersons(members, sides))
        recording = _recording(tx, members) if settings.secretary_decides else []
        rule = str(Rule.CHAIR) if recording else settings.decision_rule
        return self._body(group, rule, _seats(members, recording))

    def _body(self, group: Group, rule: str, seats: tuple[Seat, ...]) -> Body:
        return Body(
            group.id,
            group.name,
            group.title,
            group.settings.digest or self._schedule(group),
            rule,
            group.settings.quorum,
            group.settings.casting_vote,
            seats,
        )

    def _schedule(self, group: Group) -> str:
        digests = self._config.digests
        return {"leadership": digests.leadership, "preparation": digests.preparation}.get(group.kind, digests.others)


def _recording(tx: ReadTx, members: list[Membership]) -> list[Membership]:
    """The secretaries who answer for the group; none while all of them are away, and then its members decide."""
    found = [one for one in members if one.role == SECRETARY]
    return found if presence_store.present(tx, [one.person_id for one in found]) else []


def _seats(members: list[Membership], recording: list[Membership]) -> tuple[Seat, ...]:
    """Chairs first, in the order of their roles. A secretary votes only where it is theirs to record decisions.

    Then the secretary's word is the body's: it counts as the chair's, because the group decided it when it met, and
    nobody else is asked.
    """
    if recording:
        chosen = {one.id for one in recording}
        others = tuple(Seat(one.person_id, votes=False) for one in members if one.id not in chosen)
        return (*(Seat(one.person_id, chair=True) for one in recording), *others)
    order = {role: place for place, role in enumerate(CHAIRS)}
    ranked = sorted(members, key=lambda one: (order.get(one.role, len(order)), one.id))
    return tuple(Seat(one.person_id, chair=one.role in CHAIRS, votes=one.role != SECRETARY) for one in ranked)


def _spokespersons(members: list[Membership], sides: Mapping[PersonId, str]) -> tuple[Seat, ...]:
    """In a joint group with parties their spokespersons answer; everybody else sits there without a vote."""
    return tuple(
        Seat(one.person_id, party=sides[one.person_id])
        if one.role == SPOKESPERSON and one.person_id in sides
        else Seat(one.person_id, votes=False)
        for one in members
    )
