"""To whom a question can be lifted, and which of them is meant: by name, by kind, or by the number in a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from lists.api import Group, groups
from mailsvc.store.database import ReadTx

LEADERSHIP: Final = "leadership"
PREPARATION: Final = "preparation"
_KINDS: Final = {
    PREPARATION: r"preparation|prep group|beredning\w*|forberedelse\w*|forberedende|førebuande|indstillende"
    r"|saksforberedende|saksførebuande",
    LEADERSHIP: r"leadership|leaders|management|ledning\w*|ledelse\w*|ledergruppe\w*|leiing\w*|leiargruppe\w*"
    r"|direktion\w*",
}
_BOTH: Final = re.compile(r"\b(?:both|båda|bägge|begge|baade|både|all|alla|alle|allihop)\b", re.IGNORECASE)


class Body(msgspec.Struct, frozen=True):
    """A group that can be asked."""

    group: int
    name: str
    title: str
    kind: str


def candidates(tx: ReadTx, network: Group) -> tuple[Body, ...]:
    """The group that established the network, the other preparation groups only where none did, and leadership."""
    known = [one for one in groups(tx) if one.open and one.id != network.id]
    tied = [one for one in known if one.id == network.established_by]
    preparing = tied or [one for one in known if one.kind == PREPARATION]
    leading = [one for one in known if one.kind == LEADERSHIP and one not in preparing]
    return tuple(
        Body(int(one.id), one.name, one.title, LEADERSHIP if one.kind == LEADERSHIP else PREPARATION)
        for one in (*preparing, *leading)
    )


def meant(text: str, known: Sequence[Body]) -> tuple[Body, ...]:
    """Those that a text names; none where it names nobody, or a kind of which there are several."""
    said = " ".join(text.casefold().split())
    if not said:
        return ()
    if _BOTH.search(said):
        return tuple(known)
    numbers = {int(one) for one in re.findall(r"(?<!\d)\d{1,2}(?!\d)", said)}
    found = [one for place, one in enumerate(known, 1) if place in numbers]
    found += [one for one in known if one not in found and _named(said, one)]
    for kind, words in _KINDS.items():
        of_kind = [one for one in known if one.kind == kind]
        if re.search(rf"\b(?:{words})\b", said) and len(of_kind) == 1 and of_kind[0] not in found:
            found += of_kind
    return tuple(one for one in known if one in found)


def _named(said: str, one: Body) -> bool:
    names = (one.name.casefold(), " ".join(one.title.casefold().split()))
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) for name in names if name)
