"""Groups and memberships as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from mailsvc.cases.voting import Rule
from mailsvc.ids import AddressId, GroupId, MembershipId, PersonId

KINDS: Final = ("network", "circle", "workplace", "joint", "preparation", "leadership", "everyone")
ROLES: Final = ("member", "moderator", "deputy", "chair", "secretary", "facilitator", "spokesperson")
MODERATING: Final = ("moderator", "deputy")
POSTING: Final = ("members", "moderated", "moderators", "anyone")
JOINING: Final = ("open", "confirm", "moderated", "closed")
DELIVERY: Final = ("each", "daily", "weekly", "none")
SHAPES: Final = ("personal", "shared")
RULES: Final = tuple(str(rule) for rule in Rule)
AUDIENCES: Final = ("public", "staff", "members", "moderators")  # each a part of the one before
ARCHIVE_OFF: Final = "off"
ARCHIVES: Final = ("public", "staff", "members", ARCHIVE_OFF)  # who may read a group's posts again; none are kept
ANY_MEMBER: Final = "members"  # stands for every organisation that is a member now


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a group can set for itself; every key is one of `group set`."""

    purpose: str = ""
    work_questions: str = ""
    channels: str = ""
    audience: str = "staff"  # who sees it in the directory, one of AUDIENCES
    documents: str = "staff"  # who may read its documents, among those who see it
    archive: str = "members"  # who may read its posts again, one of ARCHIVES; confidential ones who was there alone
    reply: str = "author"
    subject_prefix: str = ""
    footer: str = ""
    delivery: str = "personal"  # one mail to each member, with their own way out; or "shared": one for many
    max_size: int = 0  # octets; 0 = the site's default
    skip_copied: bool = True  # who stands in To or Cc gets the post once
    capacity: int = 0  # most members; 0 = no limit; beyond it there is a waiting list
    allow_domains: tuple[str, ...] = ()  # mail domains whose people may join
    allow_organisations: tuple[str, ...] = ()  # names of organisations whose people may join; neither list = all
    digest: str = ""  # when it gets what waits for its decision, as [digests] writes it; "" = as its kind does
    decision_rule: str = "any"  # any, chair, majority, unanimous, each-party
    quorum: int = 0  # votes that a decision needs at least; 0 = none
    casting_vote: bool = True  # the chair's vote breaks a tie
    secretary_decides: bool = False  # a secretary's answer records what the group decided when it met
    meeting_reminder: int = 1  # on which working day before a meeting those who may come are reminded; 0 = never
    party_of: str = ""  # the joint group that this one is a party of; then nobody else sees it
    next_level: str = ""  # where a joint group's lifted matters go; "" = to the group that established it
    notes: bool = True  # whether whoever called a meeting is asked for notes when it is over
    minutes_signed_by: str = ""  # roles who sign the notes before anybody gets them, between commas; "" = nobody
    introductions: bool = False  # whether a member prepares an introduction to each meeting, in fair turn
    standing_items: str = ""  # what stands on every agenda, one in each line
    agenda_call: int = 0  # how many working days before a meeting members are asked for items; 0 = they are not
    case_question: bool = False  # the agenda call asks for a question from one's own cases
    attendance: str = "members"  # who may ask who comes, and who was there: members or moderators


@dataclass(frozen=True, slots=True)
class Group:
    """A group as stored."""

    id: GroupId
    name: str
    kind: str
    title: str
    language: str
    established_by: GroupId | None
    post: str
    join: str
    settings: Settings
    state: str
    held_at: int | None = None  # since when its posts wait: an operator's emergency stop

    @property
    def open(self) -> bool:
        """Whether it takes posts and members; a resting group does, and nothing is asked of it."""
        return self.state != "closed"


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in a group."""

    id: MembershipId
    group_id: GroupId
    person_id: PersonId
    address_id: AddressId
    address: str
    name: str
    role: str
    delivery: str
    hidden: bool
    own_copy: bool
    posting: str
    state: str = "active"
    paused_until: int | None = None  # no posts before this moment

    @property
    def active(self) -> bool:
        """Whether it is a membership, and not a place on the waiting list."""
        return self.state == "active"

    @property
    def moderates(self) -> bool:
        """Whether moderators' questions go to this person."""
        return self.role in MODERATING
