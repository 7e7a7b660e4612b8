"""The iMIP calendars that we send (RFC 5546, RFC 6047): invitations, changes, cancellations, refusals, answers, feeds.

Each is for one person: ORGANIZER is the address that this member's answers come back to, ATTENDEE is that member alone,
so that nobody's address is spread. Every meeting of a series is an event of its own (docs/decisions/0024).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from icalendar import Calendar, vDate, vDatetime

from mailsvc.clock import Instant
from workflows.meeting.calendar import event as parts
from workflows.meeting.calendar.event import Meeting, PartStat, Party

PRODUCT: Final = "mailsvc//meetings"
LONGEST: Final = 64 * 1024
"""Octets of a calendar in a mail: gateways, phones and our own reader take that much."""


def request(
    meeting: Meeting,
    organizer: Party,
    attendee: Party,
    stamp: Instant,
    partstat: PartStat = PartStat.NEEDS_ACTION,
    comment: str = "",
    instead_of: str = "",
) -> bytes:
    """METHOD:REQUEST (RFC 5546 §3.2.2): an invitation, or a change of one.

    `partstat` is what is known of the member: whoever has answered and is not asked anew keeps it and gets RSVP=FALSE
    (§2.1.4). `stamp` becomes DTSTAMP and must rise with every calendar that is sent for this UID. `instead_of` is the
    address of who has delegated it to them (§3.2.2.3).
    """
    asked = partstat is PartStat.NEEDS_ACTION

    def build(description: int) -> Calendar:
        whole = parts.calendar("REQUEST", PRODUCT)
        parts.add_zones(whole, (meeting,))
        part = parts.event(meeting, stamp, description=description)
        part.add("organizer", parts.party(organizer))
        part.add("attendee", parts.attendee(attendee, partstat, rsvp=asked, instead_of=instead_of))
        if comment:
            part.add("comment", parts.comment(comment))
        whole.add_component(part)
        return whole

    return _bounded(build)


def cancel(meeting: Meeting, organizer: Party, attendee: Party, stamp: Instant, comment: str = "") -> bytes:
    """METHOD:CANCEL (RFC 5546 §3.2.5), for a meeting that is off and for a member who has left it.

    `meeting.sequence` must have been raised already (`sequence.called_off`, `sequence.left`); its status is not
    looked at.
    """

    def build(description: int) -> Calendar:
        whole = parts.calendar("CANCEL", PRODUCT)
        parts.add_zones(whole, (meeting,))
        part = parts.event(meeting, stamp, description=description)
        part["STATUS"] = parts.Status.CANCELLED.value
        part["TRANSP"] = "TRANSPARENT"
        part.add("organizer", parts.party(organizer))
        part.add("attendee", parts.party(attendee))
        if comment:
            part.add("comment", parts.comment(comment))
        whole.add_component(part)
        return whole

    return _bounded(build)


def decline_counter(meeting: Meeting, organizer: Party, attendee: Party, stamp: Instant, comment: str = "") -> bytes:
    """METHOD:DECLINECOUNTER (RFC 5546 §3.2.8): the meeting stays as it is; SEQUENCE is that of the invitation."""

    def build(description: int) -> Calendar:
        whole = parts.calendar("DECLINECOUNTER", PRODUCT)
        parts.add_zones(whole, (meeting,))
        part = parts.event(meeting, stamp, description=description)
        part.add("organizer", parts.party(organizer))
        part.add("attendee", parts.party(attendee))
        if comment:
            part.add("comment", parts.comment(comment))
        whole.add_component(part)
        return whole

    return _bounded(build)


def reply(
    meeting: Meeting, organizer: Party, attendee: Party, partstat: PartStat, stamp: Instant, comment: str = ""
) -> bytes:
    """METHOD:REPLY (RFC 5546 §3.2.3): the network's own answer to a caller who invited it from a calendar.

    UID, SEQUENCE, times and RECURRENCE-ID of `meeting` are the caller's; `comment` tells how many come.
    """

    def build(_: int) -> Calendar:
        whole = parts.calendar("REPLY", PRODUCT)
        parts.add_zones(whole, (meeting,))
        part = parts.event(meeting, stamp, description=0)
        for name in ("URL", "CONFERENCE", "STATUS", "TRANSP"):
            part.pop(name, None)
        part.add("organizer", parts.party(organizer))
        answering = parts.party(attendee)
        answering.params["PARTSTAT"] = str(partstat)
        part.add("attendee", answering)
        if comment:
            part.add("comment", parts.comment(comment))
        whole.add_component(part)
        return whole

    return _bounded(build)


def counter(
    entry: Meeting, proposed: Meeting, organizer: Party, attendee: Party, stamp: Instant, comment: str = ""
) -> bytes:
    """METHOD:COUNTER (RFC 5546 §3.2.7): the network, an attendee of the caller's `entry`, proposes its new time.

    UID, SEQUENCE and RECURRENCE-ID are the caller's. The two Microsoft properties say what time stands there now, which
    Outlook shows beside the new one ([MS-OXCICAL] 2.1.3.1.1.20.59 and .60).
    """

    def build(description: int) -> Calendar:
        whole = parts.calendar("COUNTER", PRODUCT)
        parts.add_zones(whole, (proposed,))
        part = parts.event(proposed, stamp, description=description)
        for name in ("URL", "STATUS", "TRANSP"):
            part.pop(name, None)
        part.add("organizer", parts.party(organizer))
        answering = parts.party(attendee)
        answering.params["PARTSTAT"] = str(PartStat.TENTATIVE)
        part.add("attendee", answering)
        if comment:
            part.add("comment", parts.comment(comment))
        for name, at in (("X-MS-OLK-ORIGINALSTART", entry.start), ("X-MS-OLK-ORIGINALEND", entry.end)):
            said = vDate(parts.local(at, entry)) if entry.whole_day else vDatetime(parts.utc(at))
            if entry.whole_day:
                said.params["VALUE"] = "DATE"
            part.add(name, said)
        whole.add_component(part)
        return whole

    return _bounded(build)


def feed(name: str, meetings: Iterable[Meeting], stamp: Callable[[Meeting], Instant]) -> bytes:
    """METHOD:PUBLISH (RFC 5546 §3.2.1) for a feed: every meeting without people; not bounded, the caller chooses them.

    `stamp` gives the moment of a meeting's last change, so that an unchanged feed is the same bytes.
    """
    every = tuple(meetings)
    whole = parts.calendar("PUBLISH", PRODUCT)
    shown = parts.one_line(name, 200)
    whole.add("name", shown)  # RFC 7986 §5.1
    whole.add("x-wr-calname", shown)
    parts.add_zones(whole, every)
    for meeting in every:
        whole.add_component(parts.event(meeting, stamp(meeting)))
    return _octets(whole)


def _octets(whole: Calendar) -> bytes:
    return bytes(whole.to_ical(sorted=False))


def _bounded(build: Callable[[int], Calendar]) -> bytes:
    """The calendar with as much of the description as LONGEST octets allow."""
    longest = parts.DESCRIPTION
    content = _octets(build(longest))
    while len(content) > LONGEST and longest:
        longest //= 2
        content = _octets(build(longest))
    return content
