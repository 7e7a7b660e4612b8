"""The kind of case "roster change": a moderator's `add` and `remove` act after a yes to a letter that lists them.

In strict mode somebody else says yes too, or they have just logged in (5-quality: two people).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lists.members import fresh_login
from mailsvc.cases.model import CaseKind, Examples
from mailsvc.cases.two_people import FINAL, QUESTIONS, STATES, Change, TwoPeople
from mailsvc.clock import Instant
from mailsvc.ids import PersonId
from mailsvc.store.outgoing import Values

KIND: Final = "roster-change"


class RosterChange(Change, frozen=True, kw_only=True):
    """Addresses that a moderator wants to add, to remove, or to trust, moderate or ban (`posting`: address, word).

    `two`: one of `seconds`, among whom the moderator is not, must agree after them, unless they log in just before.
    """

    add: tuple[str, ...]
    remove: tuple[str, ...]
    posting: tuple[tuple[str, str], ...] = ()
    two: bool = False
    names: tuple[tuple[str, str], ...] = ()  # address, name: of those to be added, as the moderator typed them


@dataclass(frozen=True, slots=True)
class ChangeRoster:
    """Do it, and write a letter that says what was done."""


def _listed(data: RosterChange, until: Instant) -> Values:
    """What the letters that ask say of the change."""
    names = dict(data.names)
    added = [f"{names[one]} <{one}>" if one in names else one for one in data.add]
    values: Values = {"group": data.group, "add": added, "remove": list(data.remove), "until": until}
    return {**values, "posting": [{"address": address, "word": word} for address, word in data.posting]}


_STEPS: Final = TwoPeople(
    confirm="command/roster",
    second="command/second",
    told="command/seconded",
    effect=lambda _data: ChangeRoster(),
    listed=_listed,
    needs_second=lambda data: data.two,
)
ROSTER_CHANGE: Final = CaseKind(
    name=KIND,
    data=RosterChange,
    states=STATES,
    start="new",
    final=FINAL,
    transitions=_STEPS.transitions(),
    questions=QUESTIONS,
    effects=(ChangeRoster,),
    letters=_STEPS.letters,
    facts={"confirm:yes": fresh_login.of_who_wants_it},
    examples=Examples(
        data={"two": [False, True], "seconds": [(), (PersonId(5),)], "login": ["", "https://example.org/login"]},
        events={"confirm:yes": [{"facts": "false"}, {"facts": "true"}]},
    ),
    title=lambda data: ", ".join((*data.add, *data.remove, *(one for one, _ in data.posting)))[:80],
)
