"""Living cases of proposals and initiatives for the generic tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from lists import store as lists_store
from lists.model import Settings
from mailsvc.store.database import Tx
from workflows.proposal.initiative import Initiative
from workflows.proposal.model import Proposal

if TYPE_CHECKING:
    from tests.cases_kit import House, Made

VALUES = {
    "name": "Maps",
    "address": "maps",
    "motivation": "Maps are catalogued in three ways.",
    "work_questions": "- Rules\n- Scanning",
    "moderator": "Anna <anna@example.net>",
    "deputy": "Sven <sven@example.net>",
}
ROUTE = (
    "leadership assign",
    "preparation prepare",
    "leadership hear",
    "leadership decide",
    "preparation establish",
)


def furnished(house: House) -> int:
    """Leadership, two preparation groups and everyone, with Karin and Per in all of them; the id of everyone."""

    def unit(tx: Tx) -> int:
        made = 0
        for name, kind in (
            ("board", "leadership"),
            ("collections", "preparation"),
            ("services", "preparation"),
            ("staff", "everyone"),
        ):
            known = lists_store.group_named(tx, name)
            if known is not None:
                made = known.id
                continue
            made = lists_store.insert_group(
                tx,
                name,
                kind=kind,
                title=name.capitalize(),
                language="en",
                post="members",
                join="closed",
                settings=Settings(decision_rule="unanimous" if kind == "leadership" else "any"),
                established_by=None,
            )
            for member in lists_store.members(tx, house.people.group):
                lists_store.insert_membership(
                    tx, made, member.person_id, member.address_id, member.role, member.delivery
                )
        return int(made)

    return house.do(unit)


def _proposals(house: House) -> Made:
    who = house.people
    furnished(house)
    whole = Proposal(
        proposer=who.sven,
        proposer_name="Sven",
        address="sven@example.net",
        language="en",
        domain="networks.example.org",
        inbox_id=int(who.inbox),
        steps=ROUTE,
        values=VALUES,
        proven=True,
    )
    missing = msgspec.structs.replace(whole, values={"name": "Maps", "address": "maps"}, proven=False)
    short = msgspec.structs.replace(whole, steps=("leadership decide",))
    which = msgspec.structs.replace(missing, which=True)
    return [(one, None, "sven@example.net") for one in (whole, missing, short, which)]


def _initiatives(house: House) -> Made:
    who = house.people
    data = Initiative(
        initiator=who.sven,
        initiator_name="Sven",
        address="sven@example.net",
        language="en",
        domain="networks.example.org",
        everyone=furnished(house),
        values=VALUES,
        counted=(who.sven,),
        threshold=2,
    )
    return [(data, None, ""), (msgspec.structs.replace(data, everyone=0), None, "")]


MAKERS = {"proposal": _proposals, "initiative": _initiatives}
