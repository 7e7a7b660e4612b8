"""What transitions of proposals ask for, done: people are made known, steps begin, mails go on to other desks."""

from __future__ import annotations

import msgspec

from mailsvc.cases import question_store
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Case, Cause, Fired
from mailsvc.errors import Reason
from mailsvc.ids import InboxId
from mailsvc.message.evidence import Evidence
from mailsvc.message.parsing import parse
from mailsvc.people import store as people
from mailsvc.registry import Incoming, Registry, Target
from mailsvc.store import inbox
from mailsvc.store.database import ReadTx, Tx
from workflows.proposal import fields, nominations
from workflows.proposal.initiative import open_initiative
from workflows.proposal.model import (
    MODERATING,
    Alert,
    ForgetProposer,
    MeetNominees,
    Proceed,
    Proposal,
    Prove,
    StartInitiative,
    ToIdeas,
)

IDEAS = "ideas"


class Effects:
    """Runs them."""

    def __init__(self, registry: Registry, engine: Engine) -> None:
        self._registry = registry
        self._engine = engine
        self._config = registry.site.config

    def meet(self, tx: Tx, case: Case, _effect: MeetNominees, cause: Cause) -> None:
        """Whoever is named by an address that nobody has is a person from now on, unproven until they answer."""
        data = _data(case)
        for role in MODERATING:
            text = data.values.get(role, "")
            address = fields.address_in(text)
            if address is not None and address.ascii_domain not in self._config.domains:
                people.ensure(tx, address, name=fields.name_in(text), language=data.language, verified=False)
        self._fire(tx, case, "known", cause)
        before = {(one.role, one.person) for one in data.nominees}
        for one in _data(self._engine.case(tx, case.id)).nominees:
            if not one.said and (one.role, one.person) not in before:
                nominations.count(tx, self._engine.site, people.by_id(tx, one.person).folded)

    def proceed(self, tx: Tx, case: Case, _effect: Proceed, cause: Cause) -> None:
        """The next step of the route, in this transaction."""
        self._fire(tx, case, "next", cause)

    def _fire(self, tx: Tx, case: Case, name: str, cause: Cause) -> None:
        again = Cause(f"{cause.key}/{case.version}", cause.inbox_id, cause.actor, cause.evidence)
        self._engine.apply(tx, case.id, Fired(name), again)

    def prove(self, tx: Tx, _case: Case, effect: Prove, _cause: Cause) -> None:
        """The letter went to the person's first address, and was answered."""
        people.verify(tx, people.by_id(tx, effect.person).folded)

    def forget(self, tx: Tx, case: Case, _effect: ForgetProposer, _cause: Cause) -> None:
        """Nothing is kept of an address that never answered."""
        question_store.void_open(tx, case.id)
        people.forget_unproven(tx, _data(case).proposer)

    def alert(self, tx: Tx, case: Case, effect: Alert, _cause: Cause) -> None:
        """The operators get one line."""
        for told in self._registry.alarms:
            told(tx, Reason.NEEDS_OPERATOR, f"case {case.id}: {effect.what}")

    def start_initiative(self, tx: Tx, case: Case, _effect: StartInitiative, cause: Cause) -> None:
        """The form says all that the announcement needs."""
        open_initiative(tx, self._engine, _data(case), cause)

    def to_ideas(self, tx: Tx, case: Case, _effect: ToIdeas, _cause: Cause) -> None:
        """The mail goes to the desk of ideas as if it had been sent there."""
        mail = self._incoming(tx, InboxId(_data(case).inbox_id))
        handler = self._registry.handlers.get(IDEAS)
        if mail is not None and handler is not None:
            handler(tx, mail, Target(IDEAS))

    def _incoming(self, tx: ReadTx, inbox_id: InboxId) -> Incoming | None:
        unit = inbox.unit(tx, inbox_id)
        if unit is None:
            return None
        content = inbox.raw(tx, unit.raw_id)
        return Incoming(
            inbox_id,
            unit.raw_id,
            unit.recipient,
            unit.envelope(content),
            parse(content, self._config.limits),
            msgspec.json.decode(unit.evidence, type=Evidence),
            unit.digest,
            unit.received_at,
        )


def _data(case: Case) -> Proposal:
    assert isinstance(case.data, Proposal)
    return case.data
