"""All that workflows may know of lists: groups and their people as values, and the effects that change them."""

from __future__ import annotations

from lists.address_words import NAME, language_of, name_problem
from lists.alias_store import group_at
from lists.effects import AddPerson, Announce, CloseGroup, CreateGroup, SetEntry, SetRole, StateOf
from lists.model import MODERATING, Group, Membership, Settings
from lists.store import count_members, group, groups, members, membership, memberships_of, names, with_roles
from lists.values import group_values

__all__ = [
    # values
    "Group",
    "Membership",
    "MODERATING",
    "NAME",
    "Settings",
    # looking up
    "count_members",
    "group",
    "group_at",
    "group_values",
    "groups",
    "language_of",
    "members",
    "membership",
    "memberships_of",
    "name_problem",
    "names",
    "with_roles",
    # effects of cases
    "AddPerson",
    "Announce",
    "CloseGroup",
    "CreateGroup",
    "SetEntry",
    "SetRole",
    "StateOf",
]
