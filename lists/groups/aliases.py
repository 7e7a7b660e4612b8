"""Other names of a group: a merged or renamed network keeps the addresses that people know."""

from __future__ import annotations

import re
from typing import Final

from lists import alias_store, store
from lists.model import Group
from lists.words.addresses import name_problem
from mailsvc.errors import CommandError
from mailsvc.store.database import Tx

LONGEST: Final = 64  # octets of a local part (RFC 5321 §4.5.3.1.1)
ALIAS: Final = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*")


def add(tx: Tx, group: Group, name: str) -> str:
    """Let `name` mean the group from now on, with all its suffixes; the name as it is kept. CommandError says why not.

    Old lists have names that a group may not take, with `_` and longer ones; as an alias they go on working.
    """
    name = name.lower()
    if not ALIAS.fullmatch(name) or len(name) > LONGEST:
        raise CommandError(f'"{name}" cannot be an alias: use a-z, 0-9, "-", "_" and ".", at most {LONGEST} characters')
    problem = name_problem(name, store.names(tx), pattern=ALIAS, longest=LONGEST)
    if problem:
        raise CommandError(problem.replace("a group name", "an alias"))
    alias_store.insert(tx, group.id, name)
    return name


def remove(tx: Tx, group: Group, name: str) -> str:
    """Let `name` mean nothing any more; mail to it is refused. CommandError when it is none of the group's."""
    name = name.lower()
    if not alias_store.delete(tx, group.id, name):
        raise CommandError(f'"{name}" is not an alias of {group.name}')
    return name
