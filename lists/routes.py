"""Addresses of groups: `N@`, `N-suffix@`, `N-leave+KEY@`."""

from __future__ import annotations

import re
from typing import Final

from lists import store
from lists.address_words import SERVED, WORD_TO_FUNCTION, Function, split_suffix
from mailsvc.registry import Target
from mailsvc.store.database import ReadTx

POST: Final = "post"
HANDLERS: Final[dict[Function, str]] = {
    Function.JOIN: "join",
    Function.LEAVE: "leave",
    Function.REQUEST: "request",
    Function.OWNER: "owner",
}
_KEYED: Final = re.compile(r"(.+)[-+]([^-+]+)\+([0-9a-f]{1,16}-[a-z2-7]{26})")


def route(tx: ReadTx, local: str) -> Target | None:
    """What a local part means for groups: an existing group's name first, then a name with a suffix word."""
    group = store.group_named(tx, local)
    if group is not None:
        return Target(POST, group.id)
    keyed = _KEYED.fullmatch(local)
    if keyed and WORD_TO_FUNCTION.get(keyed[2]) is Function.LEAVE:
        group = store.group_named(tx, keyed[1])
        return Target(HANDLERS[Function.LEAVE], group.id, keyed[3]) if group else None
    for name, word in split_suffix(local):
        function = WORD_TO_FUNCTION[word]
        group = store.group_named(tx, name)
        if group is not None and function in SERVED:
            return Target(HANDLERS[function], group.id)
    return None
