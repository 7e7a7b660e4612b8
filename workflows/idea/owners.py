"""Whose the idea box is, and which group a name means."""

from __future__ import annotations

from typing import Final

from lists.api import Group, groups
from mailsvc.store.database import ReadTx

BODIES: Final = ("leadership", "preparation", "joint")  # the others' moderators are asked, and not every member


def owner(tx: ReadTx, name: str) -> Group | None:
    """The group of that name, else the leadership group that is there longest; None: the operators."""
    known = [one for one in groups(tx) if one.open]
    named = [one for one in known if one.name == name]
    leading = sorted((one for one in known if one.kind == "leadership"), key=lambda one: one.id)
    return next(iter(named or leading), None)


def group_meant(tx: ReadTx, wanted: str) -> Group | None:
    """The only open group whose title is, or whose title or name holds, these words."""
    said = " ".join(wanted.casefold().split())
    if not said:
        return None
    known = [one for one in groups(tx) if one.open]
    exact = [one for one in known if one.title.casefold() == said]
    found = exact or [one for one in known if said in one.title.casefold() or said in one.name]
    return found[0] if len(found) == 1 else None
