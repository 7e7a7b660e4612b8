"""Beginnings: what a case of one package asks another to begin, by name, without knowing the package that does it.

A yearly letter that is answered `wind down` begins a wind-down; the command line begins a merger. Whoever brings such
a kind puts its function into `registry.starters`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mailsvc.cases.model import Case, Cause
from mailsvc.ids import PersonId
from mailsvc.store.database import Tx

# What can be begun; each name is also the kind of the case that it begins.
WIND_DOWN: Final = "wind-down"
SUCCESSION: Final = "succession"
MERGING: Final = "merging"

BEGUN: Final = "begun"


@dataclass(frozen=True, slots=True)
class Start:
    """Begin `what` for a group, on the word of `person` (None: an operator).

    `argument` is what they wrote with it (an address, a name), `role` the role that it is about, `other` another group.
    As an effect it is run in the transaction of the answer; what comes of it is then told by the case that it begins.
    """

    what: str
    group: int
    person: PersonId | None
    argument: str = ""
    role: str = ""
    other: int = 0


Starter = Callable[[Tx, Start, Cause], str]
"""Begins a case: BEGUN, or in a word why not (a `did` of the commands' transcript)."""


def begin(starters: Mapping[str, Starter], tx: Tx, start: Start, cause: Cause) -> str:
    """Begin it by the function that its package has brought."""
    return starters[start.what](tx, start, cause)


class Starting:
    """Runs the effect."""

    def __init__(self, starters: Mapping[str, Starter]) -> None:
        self._starters = starters

    def run(self, tx: Tx, _case: Case, effect: Start, cause: Cause) -> None:
        """What stands in the way is looked up before by the kind that asks; so nobody is told anything here."""
        begin(self._starters, tx, effect, cause)
