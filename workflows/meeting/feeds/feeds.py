"""Calendar feeds: of a network, of all that a visitor may see, and somebody's own by a secret address.

Who sees a network's entry in the directory sees its meetings: title, time and place. What lets people in (the address
of an online meeting) and what they will speak of are for its members. A feed is made only for a program that does not
have it already (RFC 9110 §13).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from lists import api
from mailsvc.clock import DAY, Instant
from mailsvc.people import choice_store
from mailsvc.registry import CommandLine, Feed, Registry, Visitor
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Values
from workflows.meeting.calendar.event import Meeting, Status
from workflows.meeting.calendar.invitation import feed
from workflows.meeting.feeds import feed_store
from workflows.meeting.feeds.feed_store import Entry
from workflows.meeting.mailing import as_calendar

RENEW: Final = "new calendar address"
CALENDAR: Final = "text/calendar; charset=utf-8"
BACK: Final = 366 * DAY
AHEAD: Final = 5 * 366 * DAY
MOST: Final = 1000
_MADE: Final = "1"
"""Changes when feeds are written differently, so that programs fetch them anew."""


class Feeds:
    """The functions behind the paths."""

    def __init__(self, registry: Registry) -> None:
        self._site = registry.site
        self._base = registry.site.config.web.base_url.rstrip("/")

    def register(self, registry: Registry) -> None:
        """The paths."""
        registry.contents |= {
            "/calendar.ics": self.all_groups,
            "/g/{name}/calendar.ics": self.group,
            "/me/{key}/calendar.ics": self.own,
        }
        registry.commands[RENEW] = self.renew

    def renew(self, tx: Tx, line: CommandLine) -> Values:
        """`new calendar address` by mail: the old address stops working, the new one is told to its owner alone."""
        choice_store.renew_calendar_address(tx, line.person)
        address = choice_store.calendar_address(tx, self._site, line.person)
        return {"did": "calendar-renewed", "template": "meeting/_address", "calendar": address}

    def all_groups(self, tx: ReadTx, visitor: Visitor, _parameters: Mapping[str, str]) -> Feed:
        """`/calendar.ics`: the meetings of every group that the visitor may see."""
        sight = api.of_visitor(tx, visitor)
        groups = {int(one.id): one for one in api.visible(tx, sight)}
        entries = feed_store.of_groups(tx, groups, *_window(tx.now), MOST)
        changed = feed_store.groups_changed_at(tx, groups)
        return self._feed(self._site.config.site.name, entries, changed, groups, sight.roles, named=True)

    def group(self, tx: ReadTx, visitor: Visitor, parameters: Mapping[str, str]) -> Feed | None:
        """`/g/NAME/calendar.ics`: for whom the group's entry is."""
        group = api.group_at(tx, parameters.get("name", "").lower())
        sight = api.of_visitor(tx, visitor)
        if group is None or not sight.sees(group):
            return None
        entries = feed_store.of_groups(tx, [group.id], *_window(tx.now), MOST)
        changed = feed_store.groups_changed_at(tx, [group.id])
        return self._feed(group.title or group.name, entries, changed, {int(group.id): group}, sight.roles)

    def own(self, tx: ReadTx, _visitor: Visitor, parameters: Mapping[str, str]) -> Feed | None:
        """`/me/KEY/calendar.ics`: all that somebody is invited to, whoever asks with their key; 404 says nothing."""
        person = choice_store.person_of_calendar(tx, self._site.key, parameters.get("key", ""))
        if person is None:
            return None
        entries = feed_store.of_person(tx, person, *_window(tx.now), MOST)
        groups = {number: api.group(tx, number) for number in {one.group for one in entries}}
        changed = feed_store.person_changed_at(tx, person)
        return self._feed(self._site.config.site.name, entries, changed, groups, groups, named=True)

    def _feed(
        self,
        name: str,
        entries: Sequence[Entry],
        changed: Instant,
        groups: Mapping[int, api.Group],
        inside: Collection[int],
        *,
        named: bool = False,
    ) -> Feed:
        """`inside`: groups whose meetings are shown whole; `named`: the group's name stands before the title."""
        meetings = [self._meeting(one, groups[one.group], named=named, whole=one.group in inside) for one in entries]
        stamps = {meeting.uid: entry.changed_at for meeting, entry in zip(meetings, entries, strict=True)}
        parts = [_MADE, name, *(repr((one, stamps[one.uid])) for one in meetings)]
        version = hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:32]
        return Feed(CALENDAR, version, changed, partial(feed, name, meetings, lambda meeting: stamps[meeting.uid]))

    def _meeting(self, entry: Entry, group: api.Group, *, named: bool, whole: bool) -> Meeting:
        told = entry.told if whole else msgspec.structs.replace(entry.told, link="", agenda="")
        title = group.title or group.name
        if named and title.casefold() not in told.title.casefold():
            told = msgspec.structs.replace(told, title=f"{title}: {told.title}")
        sure = entry.partstat in ("", "ACCEPTED")
        status = Status.CONFIRMED if sure else Status.TENTATIVE
        return as_calendar(entry.uid, entry.sequence, told, status=status, url=f"{self._base}/g/{group.name}")


def _window(now: Instant) -> tuple[Instant, Instant]:
    return Instant(now - BACK), Instant(now + AHEAD)
