"""Lists found elsewhere become groups: all of them or none, with everything that is wrong named at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from lists import store
from lists.groups.founding import NewGroup, found
from lists.members import roster_store
from lists.members.roster_file import LONGEST_NAME, Entry
from lists.model import DELIVERY, Settings
from lists.moving import store as moving
from lists.moving.found import FoundList, FoundMember
from lists.words.addresses import name_problem
from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.message.address import parse_address
from mailsvc.store.database import ReadTx, Tx

LONGEST_TEXT = 500
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """One list as it becomes, or has become, a group."""

    name: str
    kind: str
    title: str
    language: str
    post: str
    join: str
    members: int
    moderators: tuple[str, ...]
    deputies: tuple[str, ...]
    hidden: int
    left_out: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    new: NewGroup
    entries: tuple[Entry, ...]
    hidden: tuple[str, ...]
    shown: Taken


def plan(tx: ReadTx, config: Config, lists: Sequence[FoundList], kind: str) -> list[Taken]:
    """What would become of these lists; CommandError names every list that cannot be taken over."""
    return [one.shown for one in _plans(tx, config, lists, kind)]


def take(tx: Tx, config: Config, lists: Sequence[FoundList], kind: str, *, leave_out_bad: bool) -> list[Taken]:
    """Make the groups with their members; CommandError, and nothing is done, where an address is none."""
    plans = _plans(tx, config, lists, kind)
    bad = [f"{one.shown.name}: {why}" for one in plans for why in one.shown.bad]
    if bad and not leave_out_bad:
        more = f"; and {len(bad) - MOST_NAMED} more" if len(bad) > MOST_NAMED else ""
        raise CommandError(f"{'; '.join(bad[:MOST_NAMED])}{more}; nothing was done (--leave-out-bad leaves them out)")
    for one in plans:
        group_id = found(tx, config, one.new)
        roster_store.add_all(tx, group_id, one.entries)
        moving.hide(tx, group_id, one.hidden)
    return [one.shown for one in plans]


def _plans(tx: ReadTx, config: Config, lists: Sequence[FoundList], kind: str) -> list[_Plan]:
    taken = set(store.names(tx))
    problems = []
    plans = []
    for one in lists:
        problem = name_problem(one.name, taken)
        if problem:
            problems.append(problem)
            continue
        taken.add(one.name)
        plans.append(_plan(config, one, kind))
    if problems:
        raise CommandError(f"{'; '.join(problems)}; nothing was done (--only NAME takes single lists)")
    return plans


def _plan(config: Config, one: FoundList, kind: str) -> _Plan:
    """Owners lead: the first one as moderator, the others and their moderators as deputies."""
    language = one.language or config.site.language
    entries: list[Entry] = []
    hidden: list[str] = []
    bad: list[str] = []
    for member in sorted(one.members, key=lambda each: ("owner", "moderator", "member").index(each.role)):
        entry = _entry(config, member, language, first=not entries or entries[0].role != "moderator")
        if isinstance(entry, str):
            bad.append(entry)
            continue
        entries.append(entry)
        hidden += [entry.folded] if member.hidden else []
    settings = Settings(purpose=_line(one.purpose), subject_prefix=_line(one.subject_prefix))
    title = _line(one.title) or one.name.replace("-", " ").capitalize()
    new = NewGroup(one.name, kind, title, language, one.post, one.join, settings=msgspec.structs.replace(settings))
    roles = {role: tuple(each.address for each in entries if each.role == role) for role in ("moderator", "deputy")}
    shown = Taken(
        one.name, kind, title, language, one.post, one.join, len(entries), roles["moderator"], roles["deputy"],
        len(hidden), one.left_out, tuple(bad),
    )  # fmt: skip
    return _Plan(new, tuple(entries), tuple(hidden), shown)


def _entry(config: Config, member: FoundMember, language: str, *, first: bool) -> Entry | str:
    """One member, or why it cannot be one."""
    address = parse_address(member.address)
    if address is None:
        return f'"{member.address}" is not a mail address'
    if address.ascii_domain in config.domains:
        return f"{address} is an address of this service"
    role = "member" if member.role == "member" else "moderator" if member.role == "owner" and first else "deputy"
    delivery = member.delivery if member.delivery in DELIVERY else "each"
    name = _line(member.name)[:LONGEST_NAME]
    return Entry(str(address), address.folded, name, role, delivery, member.language or language)


def _line(text: str) -> str:
    """One line of what somebody wrote elsewhere, without control characters."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:LONGEST_TEXT]


def only(lists: Sequence[FoundList], names: Sequence[str]) -> list[FoundList]:
    """Those lists of which the name is asked for; CommandError for one that is not there."""
    known = {one.name for one in lists}
    for name in names:
        if name not in known:
            raise CommandError(f'there is no list "{name}" there; found are {", ".join(sorted(known)) or "none"}')
    return [replace(one) for one in lists if not names or one.name in names]
