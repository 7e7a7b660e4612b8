"""All that workflows may know of lists: groups and their people as values, and the effects that change them."""

from __future__ import annotations

from lists.alias_store import group_at
from lists.directory.entry import EntryIsTrue, entry_values
from lists.directory.pages import visible
from lists.directory.seeing import of_visitor
from lists.groups.effects import AddPerson, Announce, CloseGroup, CreateGroup, SetEntry, SetRole, StateOf
from lists.groups.merging import MergeGroups
from lists.groups.parties import next_level, parties
from lists.members.roster_store import created_at
from lists.model import MODERATING, Group, Membership, Settings
from lists.posts.forwarded import mailbox
from lists.posts.held_post import GROUP_CLOSED
from lists.store import (
    count_members,
    group,
    groups,
    members,
    membership,
    memberships_of,
    names,
    open_groups,
    with_roles,
    without_role,
)
from lists.values import group_values
from lists.words.addresses import LONGEST_NAME, NAME, language_of, name_problem
from lists.words.commands import Command
from lists.words.reading import read as read_commands

__all__ = [
    # values
    "GROUP_CLOSED",
    "Command",
    "Group",
    "LONGEST_NAME",
    "Membership",
    "MODERATING",
    "NAME",
    "Settings",
    # looking up
    "count_members",
    "created_at",
    "entry_values",
    "group",
    "group_at",
    "group_values",
    "groups",
    "language_of",
    "mailbox",
    "members",
    "membership",
    "memberships_of",
    "name_problem",
    "names",
    "next_level",
    "open_groups",
    "of_visitor",
    "parties",
    "read_commands",
    "visible",
    "with_roles",
    "without_role",
    # effects of cases
    "AddPerson",
    "Announce",
    "CloseGroup",
    "CreateGroup",
    "EntryIsTrue",
    "MergeGroups",
    "SetEntry",
    "SetRole",
    "StateOf",
]
