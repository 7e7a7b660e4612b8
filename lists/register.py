"""What lists bring to the service."""

from __future__ import annotations

from pathlib import Path

from lists import routes
from lists.archive import forgetting
from lists.archive.asking import Asking
from lists.archive.pages import ArchivePages
from lists.desks import help_desk
from lists.desks.entry_commands import EntryCommands
from lists.desks.own_commands import OwnCommands
from lists.desks.owner import Owner
from lists.desks.requests import Requests
from lists.desks.trying import Trying
from lists.directory.entry import EntryIsTrue, confirm_entry
from lists.directory.pages import Directory
from lists.documents.desk import DocsDesk
from lists.groups import bodies
from lists.groups.announcing import Announcing
from lists.groups.effects import AddPerson, Announce, CloseGroup, CreateGroup, GroupEffects, SetEntry, SetRole, StateOf
from lists.groups.merging import MergeGroups, Merging
from lists.members import own_data
from lists.members.admission import Admission
from lists.members.departed import Departed
from lists.members.join_request import (
    JOIN_REQUEST,
    AddMember,
    CheckEligible,
    ForgetPerson,
    ProveAddress,
    TellNotEligible,
)
from lists.members.joining import Joining
from lists.members.leave_request import LEAVE, EndMembership, RestoreMembership
from lists.members.own_settings import OwnSettings
from lists.members.roster import RosterEffects
from lists.members.roster_change import ROSTER_CHANGE, ChangeRoster
from lists.posts import digesting, moderation
from lists.posts.digest_letter import DigestLetter
from lists.posts.explaining import Explaining
from lists.posts.held_post import HELD_POST, AskGathered, PutAside, ReleasePost
from lists.posts.moderation import Moderation
from lists.posts.old_answers import OldAnswers
from lists.posts.old_question import OLD_QUESTION, PostInstead
from lists.posts.posting import Posting
from lists.posts.undelivered import Undelivered
from lists.posts.wire import POST, compose
from mailsvc.cases.engine import UNDO, Engine
from mailsvc.cases.judge import Demand
from mailsvc.registry import Registry

LETTERS = Path(__file__).parent / "letters"


def register(registry: Registry, engine: Engine) -> None:
    """Routes, handlers, kinds of cases, effects, letters, pages: room by room."""
    admission = Admission(registry)
    joining = Joining(registry, engine, admission)
    decisions = Moderation(registry, engine)
    requests = Requests(registry, engine, joining, decisions)
    registry.routes.append(routes.Routes(registry))
    registry.handlers |= {"request": requests, "owner": Owner(registry, engine), routes.TEST: Trying(registry)}
    for name in (
        "moderation",
        "join",
        "leave",
        "command",
        "delivery",
        "person",
        "docs",
        "entry",
        "help",
        "posts",
        "archive",
    ):
        registry.letter_folders[name] = str(LETTERS / name)
    _posts(registry, engine, decisions)
    _members(registry, joining, admission)
    _groups(registry, engine, admission)
    _directory(registry, engine, requests, admission, decisions)


def _posts(registry: Registry, engine: Engine, decisions: Moderation) -> None:
    """Posts, what moderators decide about them, and how they are sent."""
    posting = Posting(registry, engine)
    registry.handlers["post"] = posting
    registry.readings["post"] = posting.to_read
    registry.brief["post"] = posting.brief
    registry.explainers |= Explaining(registry, posting).by_handler()
    registry.composers[POST] = compose
    registry.enclosers[digesting.LETTER] = DigestLetter(registry)
    old_answers = OldAnswers(registry, engine)
    registry.old_answers.append(old_answers.take)
    for kind in (HELD_POST, OLD_QUESTION):
        registry.kinds[kind.name] = kind
    registry.effects |= {
        ReleasePost: decisions.release,
        PutAside: decisions.put_aside,
        AskGathered: decisions.ask_gathered,
        PostInstead: old_answers.post,
    }
    registry.resolvers.append(moderation.resolve)
    registry.colleagues.append(moderation.colleagues)
    Undelivered(registry, engine).register()


def _members(registry: Registry, joining: Joining, admission: Admission) -> None:
    """Joining, leaving, and changes of rosters."""
    registry.handlers |= {"join": joining.join, "leave": joining.leave}
    registry.key_actions["unsubscribe"] = (joining.unsubscribe_page, joining.unsubscribe)
    for kind in (JOIN_REQUEST, LEAVE, ROSTER_CHANGE):
        registry.kinds[kind.name] = kind
    registry.demands |= {
        (JOIN_REQUEST.name, "confirm"): Demand.PROVEN,
        (LEAVE.name, "confirm"): Demand.USUAL,
        (LEAVE.name, UNDO): Demand.USUAL,
    }
    registry.effects |= {
        AddMember: joining.add_member,
        ProveAddress: joining.prove_address,
        ForgetPerson: joining.forget_person,
        CheckEligible: joining.check_eligible,
        TellNotEligible: joining.tell_not_eligible,
        EndMembership: joining.end_membership,
        RestoreMembership: joining.restore_membership,
        ChangeRoster: RosterEffects(admission).change,
    }


def _groups(registry: Registry, engine: Engine, admission: Admission) -> None:
    """What cases of other packages do to groups, and groups as bodies that decide."""
    groups = GroupEffects(registry, engine, admission)
    registry.effects |= {
        CreateGroup: groups.create,
        CloseGroup: groups.close,
        StateOf: groups.set_state,
        SetRole: groups.set_role,
        SetEntry: groups.set_entry,
        AddPerson: groups.add,
        MergeGroups: Merging(registry, engine).run,
        Announce: Announcing(registry).announce,
    }
    registry.bodies.append(bodies.Bodies(registry.site.config))


def _directory(
    registry: Registry, engine: Engine, requests: Requests, admission: Admission, decisions: Moderation
) -> None:
    """Pages, documents, changes of entries, own data, finding and help."""
    own = own_data.register(registry, engine, admission)
    requests.also(OwnCommands(engine, own).table())
    OwnSettings(registry).register()
    help_desk.register(registry, engine, own, decisions)
    Directory(registry).register(registry)
    ArchivePages(registry).register(registry)
    forgetting.register(registry)
    Asking(registry).register()
    Departed(registry, engine).register()
    documents = DocsDesk(registry, engine)
    documents.register()
    entries = EntryCommands(engine, documents)
    requests.also(entries.table())
    requests.about_entries(entries.ask)
    registry.effects[EntryIsTrue] = confirm_entry
