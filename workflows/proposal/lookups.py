"""What a proposal meets in the database: names in use, people, groups, who is asked. Ids and words of ours only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lists import api
from lists.api import Group
from mailsvc.cases.ballots import Electorate, electorate
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Answered, Audience, Event
from mailsvc.ids import GroupId, PersonId
from mailsvc.message.address import parse_address
from mailsvc.people import store as people
from mailsvc.people.naming import Named as Candidate
from mailsvc.people.naming import Nobody, One, Several, match_person
from mailsvc.people.organisations import organisation_at, site_day
from mailsvc.proposal_routes import PREPARATION
from mailsvc.store.database import ReadTx
from workflows.proposal import fields, nominations
from workflows.proposal.model import Asked, Checked, Entering, Met, Named, Proposal

MOST_SIMILAR: Final = 3
MOST_CANDIDATES: Final = 2_000  # members of one group among whom a name alone is looked for
_WORDS: Final = {"en": "network", "sv": "natverk", "da": "netvaerk", "nb": "nettverk", "nn": "nettverk"}
_COMMON: Final = re.compile(
    r"n[aä]tverk\w*|netv[aæ]e?rk\w*|nettverk\w*|network\w*|grupp\w*|gruppe\w*|group\w*|kring|about|rundt|vores|första",
    re.IGNORECASE,
)
_STEM: Final = 6


class Lookups:
    """The facts of the kind."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._config = engine.site.config

    # ---- the form

    def checked(self, tx: ReadTx, data: Proposal, event: Event) -> Checked:
        """What the values meet, with those that the event's mail fills in."""
        values = (
            fields.merged(data, event.text) if isinstance(event, Answered) and event.question == "fill" else data.values
        )
        address, free = self._address(tx, data, values)
        moderator, moderator_problem = self._person(tx, data, values.get("moderator", ""))
        deputy, deputy_problem = self._person(tx, data, values.get("deputy", ""))
        groups = api.groups(tx)
        preparations = self._preparations(groups)
        wished, unknown = _group_called(values.get("preparation_group", ""), preparations)
        similar = _similar(values, groups)
        moderator_problem = moderator_problem or self._often(tx, data, "moderator", moderator, values)
        deputy_problem = deputy_problem or self._often(tx, data, "deputy", deputy, values)
        return Checked(
            address=address,
            free=free,
            similar=similar,
            same_title=any(_plain(one.title) == _plain(values.get("name", "")) for one in groups if one.open),
            moderator=moderator,
            moderator_problem=moderator_problem,
            deputy=deputy,
            deputy_problem=deputy_problem,
            preparation=wished,
            preparation_problem=unknown,
            preparations=preparations,
            member=self._takes_part(tx, data),
        )

    def _takes_part(self, tx: ReadTx, data: Proposal) -> bool:
        address = parse_address(data.address)
        return address is not None and organisation_at(tx, address, site_day(tx.now, self._config)) is not None

    def _address(self, tx: ReadTx, data: Proposal, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        """What is wrong with the address, and what could be appended to it."""
        wanted = values.get("address", "")
        if not wanted:
            return "", ()
        taken = api.names(tx)
        if api.name_problem(wanted, taken) is None:
            return "", ()
        word = _WORDS.get(data.language, "network")
        endings = (f"-{word}", "-2", "-3", "-4", "-5")
        free = tuple(one for one in endings if api.name_problem(wanted + one, taken) is None)[:2]
        if api.NAME.fullmatch(wanted) is None or len(wanted) > api.LONGEST_NAME:
            return "shape", ()
        return ("word" if api.name_problem(wanted, set()) else "taken"), free

    def _person(self, tx: ReadTx, data: Proposal, text: str) -> tuple[int, str]:
        """Whom a field names: the id of somebody known (0: somebody new, by address), and what is wrong."""
        if not text.strip():
            return 0, ""
        if fields.is_myself(text):
            return data.proposer, ""
        address = fields.address_in(text)
        if address is not None:
            if address.ascii_domain in self._config.domains:
                return 0, "ours"
            known = people.by_address(tx, address.folded)
            return (known.id if known else 0), ""
        match match_person(fields.name_in(text), self._candidates(tx, data)):
            case One(person=one):
                return one.key, ""
            case Several():
                return 0, "several"
            case Nobody():
                return 0, "whom"

    def _often(self, tx: ReadTx, data: Proposal, role: str, known: int, values: Mapping[str, str]) -> str:
        """ "often" where somebody new in this matter has been asked as many times as one may be, by whomever."""
        text = values.get(role, "")
        if known == data.proposer or (known and any(one.person == known for one in data.nominees)):
            return ""
        address = fields.address_in(text)
        folded = people.by_id(tx, PersonId(known)).folded if known else address.folded if address else ""
        return "often" if folded and nominations.used_up(tx, self._engine.site, folded) else ""

    def _candidates(self, tx: ReadTx, data: Proposal) -> Iterable[Candidate[PersonId]]:
        """Among whom a name alone is looked for: the proposer, and who shares a group with them, leads or prepares."""
        yield Candidate(data.proposer, data.proposer_name)
        own = {str(row["name"]) for row in api.memberships_of(tx, data.proposer)}
        for group in api.groups(tx):
            if group.name not in own and group.kind not in ("leadership", "preparation"):
                continue
            if api.count_members(tx, group.id) > MOST_CANDIDATES:
                continue
            for member in api.members(tx, group.id):
                if member.active and not member.hidden:
                    yield Candidate(member.person_id, member.name, (member.address,))

    def _preparations(self, groups: Iterable[Group]) -> tuple[Named, ...]:
        return tuple(Named(one.id, one.name, one.title) for one in groups if one.kind == "preparation" and one.open)

    def met(self, tx: ReadTx, data: Proposal, _event: Event) -> Met:
        """Who moderator and deputy are, after whoever was new has become a person."""
        moderator, _ = self._person(tx, data, data.values.get("moderator", ""))
        deputy, _ = self._person(tx, data, data.values.get("deputy", ""))
        return Met(PersonId(moderator), PersonId(deputy))

    # ---- the route

    def entering(self, tx: ReadTx, data: Proposal, _event: Event) -> Entering:
        """What the step meets that begins now; behind the last one, what the founding meets."""
        if data.at >= len(data.steps):
            return self._ending(tx, data)
        name, action = data.step
        group = self._group(tx, data, name)
        if group is None:
            return Entering()
        people_asked: tuple[PersonId, ...] = ()
        if action == "assign":
            people_asked = self._rung(tx, group.id, 0)
        elif action in ("prepare", "advise"):
            people_asked = self._everybody(tx, group.id)
        return Entering(group.id, group.title, people_asked, self._preparations(api.groups(tx)))

    def _group(self, tx: ReadTx, data: Proposal, name: str) -> Group | None:
        """A step's group: the one that was assigned, one by its name, or the first of its kind."""
        groups = [one for one in api.groups(tx) if one.open]
        if name == PREPARATION and data.preparation:
            return next((one for one in groups if one.id == data.preparation), None)
        named = next((one for one in groups if one.name == name), None)
        return named or next((one for one in groups if one.kind == name), None)

    def _ending(self, tx: ReadTx, data: Proposal) -> Entering:
        address, free = self._address(tx, data, data.values)
        gone = tuple(one.role for one in data.nominees if not people.addresses(tx, one.person))
        told: list[PersonId] = []
        if data.preparation:
            told += self._everybody(tx, data.preparation)
        leading = next(iter(api.open_groups(tx, "leadership")), None)
        if leading is not None:
            told += self._rung(tx, leading.id, 0)
        mine = {one.person for one in data.nominees}
        audience = tuple(one for one in dict.fromkeys(told) if one not in mine)
        return Entering(address=address, free=free, gone=gone, audience=audience)

    def _everybody(self, tx: ReadTx, group: int) -> tuple[PersonId, ...]:
        """All who have a say in a group and are there, or their stand-ins."""
        return tuple(seat.person for seat in self._engine.body(tx, group).seats if seat.votes)

    def _rung(self, tx: ReadTx, group: int, late: int) -> tuple[PersonId, ...]:
        """Who acts for a group: its secretary, else its chair; later the next in line too, at last the operators."""
        found: list[PersonId] = []
        for step in ("secretary", "chair", "moderators"):
            found += api.with_roles(tx, GroupId(group), (step,) if step != "moderators" else api.MODERATING)
            if found and len(found) > late:
                break
        if not found:
            found += self._everybody(tx, group)
        if late > 1 or not found:
            found += self._engine.resolve(tx, Audience(group, "operators"))
        return tuple(dict.fromkeys(found))

    def chased(self, tx: ReadTx, data: Proposal, _event: Event) -> Asked:
        """Whom a reminder goes to; each time somebody more."""
        return Asked(self._rung(tx, data.group, data.late + 1)) if data.group else Asked()

    def group_people(self, tx: ReadTx, data: Proposal, _event: Event) -> Asked:
        """Who prepares, advises or hears in the step's group now."""
        return Asked(self._everybody(tx, data.group)) if data.group else Asked()

    def electorate(self, tx: ReadTx, data: Proposal, _event: Event) -> Electorate:
        """Who hears of it."""
        return electorate(tx, self._engine, data.group)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _group_called(text: str, groups: tuple[Named, ...]) -> tuple[int, bool]:
    """Which preparation group a field names, and whether it names none that there is."""
    wanted = _plain(text)
    if not wanted:
        return 0, False
    local = wanted.partition("@")[0]
    exact = [one.id for one in groups if local == one.name or wanted == _plain(one.title)]
    found = exact or [one.id for one in groups if wanted in _plain(one.title) or _plain(one.title) in wanted]
    return (found[0], False) if len(found) == 1 else (0, True)


def _similar(values: Mapping[str, str], groups: Iterable[Group]) -> tuple[Named, ...]:
    """Networks whose name shares a telling word with the proposed one: perhaps one of them is meant."""
    wanted = _stems(f"{values.get('name', '')} {values.get('address', '')}")
    found = [
        Named(one.id, one.name, one.title)
        for one in groups
        if one.open and one.kind in ("network", "circle") and wanted & _stems(f"{one.title} {one.name}")
    ]
    return tuple(found[:MOST_SIMILAR])


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return frozenset(one[:_STEM] for one in words if len(one) >= _STEM - 1 and not _COMMON.fullmatch(one))
