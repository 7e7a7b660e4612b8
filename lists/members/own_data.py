"""The kind of case "own-data": a person asks for what is kept about them, or to be erased, and confirms it by a yes.

In strict mode they have logged in on the web just before, or an operator says yes too (5-quality: two people).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from lists import store
from lists.members import fresh_login, own_data_store
from lists.members.admission import Admission
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import (
    Ask,
    Audience,
    Case,
    CaseKind,
    Cause,
    Context,
    Event,
    Examples,
    Step,
    Tell,
)
from mailsvc.cases.two_people import FINAL, QUESTIONS, STATES, TwoPeople
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.people import store as people
from mailsvc.people.store import Person
from mailsvc.records import keeping, own_data
from mailsvc.records.authors import folded_of
from mailsvc.records.erasing import Erasing
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values

KIND: Final = "own-data"


class OwnData(msgspec.Struct, frozen=True):
    """`what`: export or erase. `groups` and `items` (see records.keeping) are what the letter lists as its effect.

    `two` (strict mode): one of `seconds` must agree, or the person has just logged in at `login`.
    """

    what: str
    person: PersonId
    groups: tuple[str, ...] = ()
    items: tuple[Values, ...] = ()
    two: bool = False
    seconds: tuple[PersonId, ...] = ()
    login: str = ""


@dataclass(frozen=True, slots=True)
class SendData:
    """Write the letter with everything that is kept about the person."""


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Erase the person."""


def _listed(data: OwnData, until: Instant) -> Values:
    """What the letter that asks says of it."""
    return {
        "groups": list(data.groups),
        "items": list(data.items),
        "until": until,
        "two": data.two,
        "alone": data.two and not data.seconds,
        "login": data.login,
    }


class Steps(TwoPeople):
    """The steps of two people, where a login on the web just before stands for the second."""

    def ask(self, data: OwnData, until: Instant, *, again: bool = False) -> Ask:
        """At the registered address, with a letter for each of the two commands."""
        return Ask("confirm", data.person, f"{self.confirm}-{data.what}", {**self.listed(data, until), "again": again})

    def tell(self, data: OwnData, outcome: str, who: str = "") -> Tell:
        """See TwoPeople."""
        return Tell(data.person, self.told, {"what": data.what, "outcome": outcome, "who": who})

    def ask_others(self, data: OwnData, until: Instant, name: str) -> tuple[Ask, ...]:
        """See TwoPeople: they learn who asks for what, and see no data."""
        values: Values = {"what": data.what, "by": name, "until": until}
        return tuple(Ask("second", one, self.second, values) for one in data.seconds)

    def seconded(self, data: OwnData, _event: Event, _ctx: Context) -> Step:
        """An operator said yes too: the effect tells the person by itself."""
        return self.act(data)


def just_logged_in(tx: ReadTx, data: OwnData, _event: Event) -> bool:
    """See CaseKind.facts: whether the person has logged in on the web within the last minutes."""
    return fresh_login.just_before(tx, data.person)


_STEPS: Final = Steps(
    confirm="person/confirm",
    second="person/second",
    told="person/seconded",
    effect=lambda data: ErasePerson() if data.what == "erase" else SendData(),
    listed=_listed,
    needs_second=lambda data: data.two,
)
OWN_DATA: Final = CaseKind(
    name=KIND,
    data=OwnData,
    states=STATES,
    start="new",
    final=FINAL,
    transitions=_STEPS.transitions(),
    questions=QUESTIONS,
    effects=(SendData, ErasePerson),
    letters=("person/confirm-export", "person/confirm-erase", "person/second", "person/seconded"),
    facts={"confirm:yes": just_logged_in},
    examples=Examples(
        data={"two": [False, True], "seconds": [(), (PersonId(5),)]},
        events={"confirm:yes": [{"facts": "false"}, {"facts": "true"}]},
    ),
)


class OwnDataDesk:
    """What the commands `export my data` and `erase me` begin, and what their confirmation does."""

    def __init__(self, registry: Registry, engine: Engine, admission: Admission) -> None:
        self._registry = registry
        self._engine = engine
        self._admission = admission
        self._erasing = Erasing(registry, engine)

    def ask(self, tx: Tx, person: Person, what: str, cause: Cause) -> None:
        """Put the question to the registered address, with the effect listed; one open question of a kind is enough."""
        for known in cases.find_open(tx, self._registry.kinds, KIND, None):
            if isinstance(known.data, OwnData) and (known.data.person, known.data.what) == (person.id, what):
                return
        data = OwnData(what, person.id)
        if what == "erase":
            items = keeping.kept(tx, self._registry, person.id, folded_of(tx, person.id))
            groups = tuple(row["title"] for row in store.memberships_of(tx, person.id))
            data = OwnData(what, person.id, groups, tuple(items))
        if self._registry.site.config.security.strict:
            operators = self._engine.resolve(tx, Audience(0, "operators"))
            seconds = tuple(one for one in operators if one != person.id)
            data = msgspec.structs.replace(
                data, two=True, seconds=seconds, login=fresh_login.page(self._registry.site.config)
            )
        self._engine.open(tx, KIND, data, cause, started_by=person.id)

    def send(self, tx: Tx, case: Case, _effect: SendData, cause: Cause) -> None:
        """Confirmed: the letter is written by the composer, which reads what is kept at that moment."""
        assert isinstance(case.data, OwnData)
        person = people.by_id(tx, case.data.person)
        to = Recipient(person.address, person.language, person.id)
        values = {"person": int(person.id)}
        outgoing.letter(tx, self._registry.site, to, own_data.LETTER, values, cause=cause.inbox_id, case_id=case.id)

    def erase(self, tx: Tx, case: Case, _effect: ErasePerson, cause: Cause) -> None:
        """Confirmed."""
        assert isinstance(case.data, OwnData)
        self._erasing.begin(tx, case.data.person, cause)

    # ---- what groups know

    def leave_all(self, tx: Tx, person_id: PersonId, folded: Sequence[str]) -> None:
        """See Registry.erasers: places in groups end, and what was decided about posts goes, but for bans."""
        for membership_id in own_data_store.living(tx, person_id):
            membership = store.membership_by_id(tx, membership_id)
            if membership is not None:
                self._admission.leave(tx, membership, Cause(f"erase:{person_id}:{membership_id}"))
        own_data_store.forget_senders(tx, folded)

    def known(self, tx: ReadTx, person_id: PersonId) -> Mapping[str, object]:
        """See Registry.own_data."""
        rows = {
            "memberships": own_data_store.memberships(tx, person_id),
            "sender_rules": own_data_store.senders(tx, folded_of(tx, person_id)),
        }
        return {name: [{key: row[key] for key in row.keys()} for row in found] for name, found in rows.items()}  # noqa: SIM118

    def kept(self, tx: ReadTx, _person_id: PersonId, folded: Sequence[str]) -> list[Mapping[str, object]]:
        """See Registry.kept_data: bans."""
        rows = own_data_store.senders(tx, folded)
        return [{"what": "ban", "group": row["title"]} for row in rows if row["posting"] == "banned"]


def register(registry: Registry, engine: Engine, admission: Admission) -> OwnDataDesk:
    """The kind, its effects and what groups add."""
    desk = OwnDataDesk(registry, engine, admission)
    registry.kinds[KIND] = OWN_DATA
    registry.effects |= {SendData: desk.send, ErasePerson: desk.erase}
    registry.enclosers[own_data.LETTER] = own_data.Exporting(registry).write
    registry.erasers.append(desk.leave_all)
    registry.own_data.append(desk.known)
    registry.kept_data.append(desk.kept)
    return desk
