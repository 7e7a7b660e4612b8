"""All that workflows may know of lists: groups and their people as values, and the effects that change them."""

from __future__ import annotations

from lists.address_words import LONGEST_NAME, NAME, language_of, name_problem
from lists.alias_store import group_at
from lists.command_words import Command
from lists.commands import read as read_commands
from lists.directory import visible
from lists.effects import AddPerson, Announce, CloseGroup, CreateGroup, SetEntry, SetRole, StateOf
from lists.entry import EntryIsTrue, entry_values
from lists.forwarded import mailbox
from lists.held_post import GROUP_CLOSED
from lists.merging import MergeGroups
from lists.merging_store import without_role
from lists.model import MODERATING, Group, Membership, Settings
from lists.parties import next_level, parties
from lists.roster_store import created_at
from lists.seeing import of_visitor
from lists.store import count_members, group, groups, members, membership, memberships_of, names, with_roles
from lists.values import group_values

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
