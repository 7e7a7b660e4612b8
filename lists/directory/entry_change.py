"""The kind of case "entry-change": `set purpose …` and its like act after a yes to a letter that lists them.

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

KIND: Final = "entry-change"
DOCUMENT: Final = "document"  # a change that takes the document of that name away


class EntryChange(Change, frozen=True, kw_only=True):
    """`changes`: key of the entry (or `document`), its value, and the value before.

    One of `seconds` must agree too, unless whoever wants it logs in just before.
    """

    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """Do it."""


def _listed(data: EntryChange, until: Instant) -> Values:
    changes = [{"key": key, "value": value, "before": before} for key, value, before in data.changes]
    return {"group": data.group, "changes": changes, "until": until}


_STEPS: Final = TwoPeople(
    confirm="entry/confirm",
    second="entry/second",
    told="entry/told",
    effect=lambda _data: ChangeEntry(),
    listed=_listed,
    needs_second=lambda data: bool(data.seconds or data.login),
)
ENTRY_CHANGE: Final = CaseKind(
    name=KIND,
    data=EntryChange,
    states=STATES,
    start="new",
    final=FINAL,
    transitions=_STEPS.transitions(),
    questions=QUESTIONS,
    effects=(ChangeEntry,),
    letters=_STEPS.letters,
    facts={"confirm:yes": fresh_login.of_who_wants_it},
    examples=Examples(
        data={"seconds": ((), (PersonId(2),)), "login": ("", "https://example.org/login")},
        events={"confirm:yes": [{"facts": "false"}, {"facts": "true"}]},
    ),
    title=lambda data: " ".join(next((value for _, value, _ in data.changes), "").split())[:80],
)
