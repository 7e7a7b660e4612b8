"""The effect of a moderator's confirmed `add`, `remove`, `trust`, `moderate` and `ban`."""

from __future__ import annotations

from lists import store
from lists.members.admission import Admission
from lists.members.roster_change import ChangeRoster, RosterChange
from lists.model import Group
from mailsvc.cases.model import Case, Cause
from mailsvc.message.address import Address, parse_address
from mailsvc.people import store as people
from mailsvc.store.database import Tx


class RosterEffects:
    """Does what was confirmed."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def change(self, tx: Tx, case: Case, _effect: ChangeRoster, cause: Cause) -> None:
        """Those added are welcomed; those removed are just no members any more."""
        data = case.data
        assert isinstance(data, RosterChange)
        group = store.group(tx, data.group_id)
        names = dict(data.names)
        for text in data.add:
            self._add(tx, group, _address(text), names.get(text, ""), cause, case)
        for text in data.remove:
            person = people.by_address(tx, _address(text).folded)
            member = store.membership(tx, group.id, person.id) if person else None
            if member is not None:
                self._admission.leave(tx, member, cause)
        for text, word in data.posting:
            self._posting(tx, group, _address(text), word, case)

    def _add(self, tx: Tx, group: Group, address: Address, name: str, cause: Cause, case: Case) -> None:
        person = people.ensure(tx, address, name=name, language=group.language, verified=False)
        known = people.address(tx, address.folded)
        assert known is not None
        self._admission.admit(tx, group, person.id, known.id, cause, case)

    def _posting(self, tx: Tx, group: Group, address: Address, word: str, case: Case) -> None:
        person = people.by_address(tx, address.folded)
        member = store.membership(tx, group.id, person.id) if person else None
        if member is not None and word != "banned":
            store.set_posting(tx, member.id, word)
        else:
            store.set_sender(tx, group.id, address.folded, word, case.id)


def _address(text: str) -> Address:
    address = parse_address(text)
    assert address is not None, "it was checked when the command was read"
    return address
