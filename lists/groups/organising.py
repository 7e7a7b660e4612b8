"""What a group says of organisations, checked against those there are."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from lists.model import ANY_MEMBER
from mailsvc.errors import CommandError
from mailsvc.people import organisation_store as store
from mailsvc.people.organisation_store import Organisation
from mailsvc.store.database import ReadTx


def checked(tx: ReadTx, name: str) -> Organisation:
    """The organisation of this name; CommandError names the nearest."""
    found = store.named(tx, name)
    if found is None:
        near = difflib.get_close_matches(name, [one.name for one in store.every(tx)], n=1)
        raise CommandError(f'there is no organisation "{name}"' + (f'; did you mean "{near[0]}"?' if near else ""))
    return found


def checked_all(tx: ReadTx, names: Sequence[str]) -> tuple[str, ...]:
    """The names as the organisations have them, `members` among them; CommandError when one is of none."""
    return tuple(one if one == ANY_MEMBER else checked(tx, one).name for one in names)
