"""SEQUENCE and DTSTAMP (RFC 5546 §2.1.4, §2.1.5): when a change asks everybody anew, which answer counts.

Messages come in any order and more than once; what counts in the end is the same whatever their order was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from mailsvc.clock import SECOND, Instant
from workflows.meeting.calendar.event import Meeting, Status


@dataclass(frozen=True, slots=True)
class Revision:
    """A changed meeting ready to be sent; `asks` says that everybody's answer is asked for again."""

    meeting: Meeting
    asks: bool


def revised(old: Meeting, new: Meeting) -> Revision:
    """`new` with the SEQUENCE that follows `old`: one more when time, zone or status differ, else the same.

    Agenda, place and names do not ask anew: the members' PARTSTAT is kept and sent with RSVP=FALSE.
    """
    again = _when(old) != _when(new) or old.status is not new.status
    return Revision(replace(new, uid=old.uid, sequence=old.sequence + again), again)


def _when(meeting: Meeting) -> tuple[object, ...]:
    # A calendar writes whole seconds.
    times = (meeting.start // SECOND, meeting.end // SECOND)
    return (*times, meeting.whole_day, meeting.zone, meeting.recurrence_id)


def called_off(meeting: Meeting) -> Meeting:
    """The meeting as CANCEL tells it to everybody: SEQUENCE one more (RFC 5546 §3.2.5)."""
    return replace(meeting, sequence=meeting.sequence + 1, status=Status.CANCELLED)


def left(meeting: Meeting, sent: int) -> Meeting:
    """The meeting as CANCEL tells it to one member who leaves; `sent` is the highest SEQUENCE this member has had.

    Who comes back must be invited with more than this, or the calendar ignores it: `returned`.
    """
    return replace(meeting, sequence=max(meeting.sequence, sent) + 1, status=Status.CANCELLED)


def returned(meeting: Meeting, sent: int) -> Meeting:
    """The meeting for a member who had a CANCEL of SEQUENCE `sent` and is invited again."""
    return replace(meeting, sequence=max(meeting.sequence, sent + 1))


class Standing(StrEnum):
    """What an answer is worth."""

    COUNTS = "counts"
    OLDER_TIME = "older_time"  # an answer to how the meeting was before: shown, not counted
    SUPERSEDED = "superseded"  # a newer answer of the same person is here already
    REPEATED = "repeated"  # the very one that counts already


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Where an answer stands among others of the same person to the same meeting: the greater one counts.

    `stamp` is DTSTAMP in whole seconds, or the mail's Date where there was none. `tie` (what the answer says) makes
    two answers of one second come out the same in any order.
    """

    sequence: int
    stamp: Instant
    tie: str


def mark(sequence: int | None, stamp: Instant | None, date: Instant, current: int, tie: str) -> Mark:
    """The mark of an answer; without SEQUENCE it is one to the meeting as it is now, without DTSTAMP it is from `date`.

    A SEQUENCE that we never sent is taken for the current one: Exchange counts its own changes.
    """
    at = date if stamp is None else stamp
    known = current if sequence is None else min(max(sequence, 0), current)
    return Mark(known, Instant(at // SECOND * SECOND), tie)


def standing(new: Mark, counted: Mark | None, asked_since: int) -> Standing:
    """What an answer is worth when `counted` is the one that counts so far.

    `asked_since` is the SEQUENCE with which the meeting got its present time and status.
    """
    if new.sequence < asked_since:
        return Standing.OLDER_TIME
    if counted is None or counted.sequence < asked_since:
        return Standing.COUNTS
    if new == counted:
        return Standing.REPEATED
    return Standing.COUNTS if new > counted else Standing.SUPERSEDED
