"""Gathers posts for members who want one letter a day or a week (RFC 2046 §5.1.5), one group in each transaction.

What is owed to a member is a row beside the post, written when the post goes out. So whoever changes how posts come
gets what is still owed at once, and nothing twice; a pause puts it off, and who wants no posts is owed none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lists import store
from lists.model import Group, Membership
from lists.posts import digest_store as rows
from lists.posts.digest_times import DAILY, WEEKLY, next_time
from lists.values import group_values
from mailsvc.clock import Instant
from mailsvc.config import Config
from mailsvc.ids import GroupId, OutgoingId, PersonId
from mailsvc.registry import Registry
from mailsvc.store import outgoing
from mailsvc.store.database import Database, Row, Tx

TOPIC: Final = "post-digests"
LETTER: Final = "posts/digest"
MOST_POSTS: Final = 100  # in one letter

Post = tuple[int, int]  # its number, and its octets


class PostDigests:
    """The work of one loop."""

    def __init__(self, db: Database, registry: Registry) -> None:
        self._db = db
        self._registry = registry

    async def work(self) -> Instant | None:
        """One round; when the next is due."""
        for group in await self._db.read(rows.groups_due):
            await self._db.write(lambda tx, group=group: send(tx, self._registry, group), durable=True)  # type: ignore[misc]
        return await self._db.read(rows.next_due)


def owe(tx: Tx, config: Config, post: OutgoingId, group: GroupId, author: PersonId | None, skip: Sequence[str]) -> None:
    """A post goes out now: those who get posts gathered are owed it."""
    if not rows.anybody(tx, group):
        return
    daily, weekly = next_time(config, DAILY, tx.now), next_time(config, WEEKLY, tx.now)
    if rows.owe(tx, post, group, author, skip, daily, weekly):
        tx.wake(TOPIC)


def chosen(tx: Tx, config: Config, member: Membership) -> None:
    """A member has chosen how posts come, or a pause: what is owed already comes when it now should."""
    if member.delivery == "none":
        rows.drop(tx, member.group_id, member.id)
    elif rows.move(tx, member.group_id, member.id, _when(tx.now, config, member.delivery, member.paused_until)):
        tx.wake(TOPIC)


def _when(now: Instant, config: Config, delivery: str, paused_until: int | None) -> Instant:
    if paused_until is not None and paused_until > now:
        return next_time(config, DAILY, Instant(paused_until))
    return next_time(config, delivery, now) if delivery in (DAILY, WEEKLY) else now


def send(tx: Tx, registry: Registry, group_id: GroupId) -> int:
    """The letters of all that is due of a group; how many. A second run writes none."""
    config = registry.site.config
    group = store.group(tx, group_id)
    if group.held_at is not None:
        rows.put_off(tx, group_id, next_time(config, DAILY, tx.now))
        return 0
    bundles: dict[tuple[str, tuple[Post, ...]], list[int]] = {}
    for membership, found in _by_member(rows.due(tx, group_id)).items():
        first = found[0]
        paused = first["paused_until"]
        if paused is not None and paused > tx.now:
            rows.put_off(tx, group_id, next_time(config, DAILY, Instant(paused)), membership)
            continue
        posts = tuple((int(row["outgoing_id"]), int(row["size"])) for row in found if row["reached"])
        if posts and first["delivery"] != "none":
            bundles.setdefault((first["language"], posts), []).append(membership)
    rows.settle(tx, group_id)
    count = 0
    for (language, posts), memberships in bundles.items():
        parts = split(posts, config.limits.group_message_size)
        for number, part in enumerate(parts, 1):
            _write(tx, registry, group, language, part, (number, len(parts)), memberships)
            count += 1
    return count


def _by_member(found: Sequence[Row]) -> Mapping[int, list[Row]]:
    members: dict[int, list[Row]] = {}
    for row in found:
        members.setdefault(int(row["membership_id"]), []).append(row)
    return members


def split(posts: Sequence[Post], most: int) -> list[list[Post]]:
    """The posts of each letter, in order: at most `most` octets and MOST_POSTS; what is larger alone counts as none."""
    parts: list[list[Post]] = [[]]
    octets = 0
    for number, size in posts:
        counted = size if size <= most else 0
        if parts[-1] and (octets + counted > most or len(parts[-1]) == MOST_POSTS):
            parts.append([])
            octets = 0
        parts[-1].append((number, size))
        octets += counted
    return parts


def _write(
    tx: Tx,
    registry: Registry,
    group: Group,
    language: str,
    posts: Sequence[Post],
    part: tuple[int, int],
    memberships: Sequence[int],
) -> None:
    site = registry.site
    known = group_values(group, site.config)
    values = {
        "group": known,
        "to_group": known["address"],
        "posts": [number for number, _ in posts],
        "part": part[0],
        "parts": part[1],
    }
    number = outgoing.letter_to_many(tx, site, language, LETTER, values, cause=None, case_id=None, group_id=group.id)
    rows.address_to(tx, number, memberships)
