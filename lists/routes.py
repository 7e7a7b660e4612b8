"""Addresses of groups and their aliases, `N@`, `N-suffix@`, the keyed ways out, and the desk `test@`, `test+N@`."""

from __future__ import annotations

import re
from typing import Final

from lists.alias_store import group_at
from lists.model import Group
from lists.posts.headers import SITE_LEAVE
from lists.words.addresses import WORD_TO_DESK, WORD_TO_FUNCTION, Function, split_suffix
from mailsvc.errors import Reason, Refusal
from mailsvc.registry import Registry, Target
from mailsvc.store.database import ReadTx

POST: Final = "post"
TEST: Final = "test"
LEAVE: Final = "leave"
WITH_ARGUMENT: Final = frozenset({TEST, "ideas"})  # desks that take `+something`
_KEYED: Final = re.compile(r"(.+)[-+]([^-+]+)\+([0-9a-f]{1,16}-[a-z2-7]{26})")
_SITE_KEYED: Final = re.compile(rf"{SITE_LEAVE}\+([0-9a-f]{{1,16}}-[a-z2-7]{{26}})")  # no group's name has a plus


# What still works at a closed group: leaving it, by the key of old mails too, and reaching its moderators.
AFTER_CLOSING: Final = frozenset({Function.LEAVE, Function.OWNER})


class Routes:
    """What local parts mean for groups. A function or desk is served when somebody has brought its handler."""

    def __init__(self, registry: Registry) -> None:
        self._handlers = registry.handlers
        self._pages = registry.site.config.web.base_url.rstrip("/")

    def __call__(self, tx: ReadTx, local: str) -> Target | Refusal | None:
        """An existing group's name first, then a name with a suffix word; desks before all."""
        word, _, rest = local.partition("+")
        desk = WORD_TO_DESK.get(word)
        if desk is not None and desk in self._handlers and (not rest or desk in WITH_ARGUMENT):
            return Target(desk, argument=rest)
        group = group_at(tx, local)
        if group is not None:
            return self._closed(group) or Target(POST, group.id)
        if short := _SITE_KEYED.fullmatch(local):
            return Target(LEAVE, argument=short[1])
        keyed = _KEYED.fullmatch(local)
        if keyed and WORD_TO_FUNCTION.get(keyed[2]) is Function.LEAVE:
            group = group_at(tx, keyed[1])
            return Target(LEAVE, group.id, keyed[3]) if group else None
        for name, word in split_suffix(local):
            function = WORD_TO_FUNCTION[word]
            group = group_at(tx, name)
            if group is not None and str(function) in self._handlers:
                works = function in AFTER_CLOSING
                return (None if works else self._closed(group)) or Target(str(function), group.id)
        return None

    def _closed(self, group: Group) -> Refusal | None:
        if group.state != "closed":
            return None
        text = f"{group.name} is closed and takes no more mail; its archive is at {self._pages}/g/{group.name}"
        return Refusal(550, "5.1.1", Reason.CLOSED, text)
