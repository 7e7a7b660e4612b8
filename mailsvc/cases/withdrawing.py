"""Taking a case back by an operator's word, for when its starter cannot."""

from __future__ import annotations

from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Applied, Cause, Tell, Withdrawn
from mailsvc.errors import CommandError
from mailsvc.ids import CaseId
from mailsvc.store import overview
from mailsvc.store.database import Tx

UNPROVEN = "confirming"
"""The state of a case whose address may be a victim's: it must not get one letter more."""


def withdraw(tx: Tx, engine: Engine, case_id: CaseId) -> tuple[str, list[str]]:
    """Withdraw an open case and tell the person who waits; the new state and the addresses that letters go to.

    CommandError when there is no such case or it cannot be withdrawn any more.
    """
    try:
        case = engine.case(tx, case_id)
    except LookupError:
        raise CommandError(f"there is no case #{case_id}") from None
    cause = Cause(f"operator:withdraw:{case_id}/{case.version}", evidence='{"by":"operator"}')
    last = overview.last_outgoing(tx)
    result = engine.apply(tx, case_id, Withdrawn(), cause)
    if not isinstance(result, Applied):
        what = "closed" if case.closed_at is not None else f"{case.state}, and cannot be taken back then"
        raise CommandError(f"case #{case_id} is {what}")
    waits = engine.registry.kinds[case.kind].waits(case.data)
    if waits is not None and case.state != UNPROVEN:
        contact = f"postmaster@{engine.site.config.site.domain}"
        engine.tell(tx, case, Tell(waits, "case/withdrawn", {"about": engine.title(case), "contact": contact}), cause)
    return result.state, overview.addresses_after(tx, last)
