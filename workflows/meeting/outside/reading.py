"""What somebody's own calendar asks of a network, read purely: which meetings, when, where, with which files.

Every time of a series is a meeting of its own for us (docs/decisions/0024), so its rule is worked out
(`series`); one that is not followed (`foreign/rules.py`) has to be asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from mailsvc.clock import Instant, to_datetime, to_instant
from mailsvc.message.attach import Attached
from mailsvc.message.parsing import Message
from mailsvc.message.parts import part_data
from workflows.meeting import plan as plans
from workflows.meeting.foreign.reading import CalendarMessage, read_inline
from workflows.meeting.foreign.rules import read_rule
from workflows.meeting.foreign.texts import described
from workflows.meeting.outside.series import Series, Wanted, coming, named, originals
from workflows.meeting.plan import House, Plan, Question, Time
from workflows.meeting.store import Told
from workflows.meeting.when.model import Problem

MOST_FILES: Final = 10
FILE_BYTES: Final = 3 * 1024 * 1024
"""Octets of all files together that go on with an invitation; what is more is left out, and its name told."""
_ONLINE: Final = re.compile(
    r"https?://(?:teams\.(?:microsoft|live)\.com/|meet\.google\.com/|[\w.-]*\bzoom\.us/|[\w.-]+\.webex\.com/"
    r"|facetime\.apple\.com/join|meet\.jit\.si/|whereby\.com/)[^\s<>\"\])]+",
    re.IGNORECASE,
)
_KIND: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
_CALENDARS: Final = ("text/calendar", "application/ics", "application/calendar")
_Found: TypeAlias = tuple[str, str, int, Callable[[], bytes | None]]
_NEVER: Final = ("text/html", "application/xhtml+xml", "image/svg+xml", "message/rfc822", "message/global")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was read. `single`: only the instances named are meant, the others of the series stay as they are.

    `wanted` are the first meetings to call; `series` is all of it, where it is one. `off` are instances that are
    called off; with `onwards` all that come after them too. `added`: what is wanted are more times of the series
    (METHOD:ADD, RFC 5546 §3.2.4), also on a day that has one already. `apart` has the SEQUENCE of each instance that is
    told apart together with the whole. `questions` is why nothing can be called from it as it is.
    """

    uid: str
    sequence: int
    stamp: Instant
    wanted: tuple[Wanted, ...]
    single: bool
    off: tuple[int, ...]
    questions: tuple[Question, ...]
    title: str
    attendees: frozenset[str]
    series: Series | None = None
    added: bool = False
    onwards: bool = False
    apart: tuple[tuple[int, int], ...] = ()

    def as_known(self, names: Collection[int], zone: str) -> Asked:
        """With the single times named as we know them."""
        wanted = tuple(Wanted(named(one.original, names, zone), one.told) for one in self.wanted)
        return replace(self, wanted=wanted, off=tuple(named(at, names, zone) for at in self.off))

    def goes_on(self, now: Instant) -> bool:
        """Whether there are times after the first meetings."""
        more = len(self.wanted) + 1
        return self.series is not None and len(coming(self.series, now, more)) == more

    @property
    def originals(self) -> frozenset[int]:
        """How the caller's calendar names the single times that are told apart."""
        return frozenset((*self.off, *(one.original for one in self.wanted))) if self.single else frozenset()


def read_asked(messages: Sequence[CalendarMessage], house: House, now: Instant, ahead: int) -> Asked:
    """A REQUEST's or CANCEL's events (of one UID, the master of a series first) as meetings from now on.

    Of a series without an end `ahead` meetings are wanted for now.
    """
    first = messages[0]
    added = first.method == "ADD" and first.recurrence_id is None
    single = added or first.recurrence_id is not None
    cancelled = first.method == "CANCEL"
    odd, off = _apart(messages if single else messages[1:], house, cancelled=cancelled)
    series: Series | None = None
    wanted = odd if single else ()
    questions: tuple[Question, ...] = ()
    if added:
        every = [one for event in messages if (one := _series(event, house, now)) is not None]
        wanted = tuple(time for one in every for time in coming(one, now, most(one, ahead)))
    elif not single and not cancelled and first.status != "CANCELLED":
        series = _series(first, house, now, odd, off)
        wanted = coming(series, now, most(series, ahead)) if series is not None else ()
        problem = _problem(first) or (None if wanted else Problem.PAST)
        questions = (Question("when", str(problem)),) if problem is not None else ()
    return Asked(
        first.uid,
        # Each time of a series counts its own SEQUENCE (RFC 5546 §2.1.4), and so does the whole.
        max((one.sequence or 0 for one in messages), default=0) if single else first.sequence or 0,
        max((one.dtstamp for one in messages if one.dtstamp is not None), default=now),
        wanted,
        single,
        off,
        questions,
        first.summary[: plans.LONGEST_TITLE],
        frozenset(user.address.lower() for one in messages for user in one.attendees if user.address),
        series if first.rrule or first.added or odd else None,
        added,
        first.onwards,
        () if series is None else _sequences(messages, originals(series), house.zone),
    )


def _sequences(messages: Sequence[CalendarMessage], names: Collection[int], zone: str) -> tuple[tuple[int, int], ...]:
    told = [(one.recurrence_id, one.sequence or 0) for one in messages]
    return tuple((named(int(at), names, zone), sequence) for at, sequence in told if at is not None)


def _series(
    event: CalendarMessage, house: House, now: Instant, odd: tuple[Wanted, ...] = (), off: tuple[int, ...] = ()
) -> Series | None:
    """All the times that an event tells of, with those that are told apart; None where they cannot be worked out."""
    if _problem(event) is not None or event.start is None:
        return None
    left_out = tuple(sorted(_left_out(event, house, now)))
    added = tuple(sorted(int(at) for at in event.added if at > now))
    series = Series(event.rrule, _rule_zone(event, house), _told(event, event.start, house), left_out, added)
    names = originals(series) if odd or off else frozenset()
    return msgspec.structs.replace(
        series,
        odd=tuple(Wanted(named(one.original, names, house.zone), one.told) for one in odd),
        off=tuple(named(at, names, house.zone) for at in off),
    )


def _left_out(event: CalendarMessage, house: House, now: Instant) -> set[int]:
    """EXDATE from now on; one that is only a day leaves out the time of that day."""
    assert event.start is not None
    begins = to_datetime(event.start, ZoneInfo(_zone(event, house)))
    found: set[int] = set()
    for at in event.excluded:
        local = to_datetime(at, ZoneInfo(house.zone))
        if local.time() == time() != begins.time():
            at = to_instant(datetime.combine(local.date(), begins.time(), begins.tzinfo))
        if at > now:
            found.add(int(at))
    return found


def most(series: Series, ahead: int) -> int:
    """How many of its meetings are called at a time."""
    return ahead if series.endless else plans.MOST_MEETINGS


def _problem(event: CalendarMessage) -> Problem | None:
    if event.start is None:
        return Problem.EMPTY
    return Problem.HOW_OFTEN if event.rrule and read_rule(event.rrule) is None else None


def _apart(
    events: Sequence[CalendarMessage], house: House, *, cancelled: bool
) -> tuple[tuple[Wanted, ...], tuple[int, ...]]:
    """The times of a series that are told apart, and those that are called off."""
    odd: dict[int, Wanted] = {}
    off: dict[int, None] = {}
    for one in events:
        if one.recurrence_id is None:
            continue
        at = int(one.recurrence_id)
        if cancelled or one.status == "CANCELLED":
            odd.pop(at, None)
            off[at] = None
        elif one.start is not None:
            odd[at] = Wanted(at, _told(one, one.start, house))
    return tuple(sorted(odd.values(), key=lambda one: one.told.starts)), tuple(off)


def _rule_zone(event: CalendarMessage, house: House) -> str:
    """The zone on whose clocks a series is counted; one in UTC stays in UTC, also when our clocks change."""
    return "UTC" if event.zone == "UTC" and not event.whole_day else _zone(event, house)


def _told(event: CalendarMessage, start: Instant, house: House) -> Told:
    length = (event.end - event.start) if event.end is not None and event.start is not None else 0
    ends = start + (length if length > 0 else house.length * 60_000_000)
    place, in_place = plans.place_and_link(event.location)
    in_text = _ONLINE.search(event.description) or _ONLINE.search(event.url)
    link = event.online or in_place or (in_text[0].rstrip(".,;") if in_text else "")
    agenda = described(event.description)
    files = [one for one in (event.url, *event.attached) if one and one != link and one not in agenda]
    agenda = "\n".join(filter(None, (agenda, *files)))[: plans.LONGEST_AGENDA]
    title = " ".join(event.summary.split())[: plans.LONGEST_TITLE]
    where = _zone(event, house)
    return Told(title, start, ends, where, event.whole_day, place, link, agenda, plans.how("", place, link))


def _zone(event: CalendarMessage, house: House) -> str:
    """The zone in which the caller means the meeting; a calendar in UTC says none, and the house's is meant."""
    known = event.zone not in ("", "UTC", "Etc/UTC", "GMT") and event.zone in available_timezones()
    return event.zone if known else house.zone


def as_plan(wanted: Sequence[Wanted], house: House, *, more: bool = False) -> Plan:
    """What is called at first, as the letters before that tell it; `more`: later ones follow."""
    first = wanted[0].told
    times = tuple(Time(one.told.starts, one.told.ends, one.told.whole_day) for one in wanted)
    shape = "one" if len(times) == 1 else "series"
    zone = first.zone or house.zone
    return Plan(first.title, times, shape, first.place, first.link, first.agenda, first.how, zone=zone, more=more)


def one_plan(told: Told, capacity: int = 0, answer_by: int = 0) -> Plan:
    """One meeting as it is called."""
    at = Time(told.starts, told.ends, told.whole_day)
    return Plan(told.title, (at,), "one", told.place, told.link, told.agenda, told.how, capacity, answer_by, told.zone)


class Files(msgspec.Struct, frozen=True):
    """Files that go on with the invitations, and the names of those that are too many or too large for it."""

    kept: tuple[Attached, ...] = ()
    left_out: tuple[str, ...] = ()


def read_files(message: Message) -> Files:
    """The files that a person sees beside the invitation, or in it; pictures of its text and the calendar are none."""
    kept: list[Attached] = []
    left_out: list[str] = []
    left = FILE_BYTES
    for name, kind, size, content in (*_beside(message), *_inside(message)):
        data = content() if size <= left and len(kept) < MOST_FILES else None
        if data is None:
            left_out.append(" ".join(name.split())[:100])
        elif data not in [one.content for one in kept]:  # some programs put it in both places
            left -= len(data)
            kept.append(Attached(_plain(name, len(kept) + 1), _safe(kind), data))
    return Files(tuple(kept), tuple(left_out[:MOST_FILES]))


def _beside(message: Message) -> Iterator[_Found]:
    for one in message.attachments:
        part = message.parts[one.part]
        if one.inline or part.content_type in _CALENDARS or one.name.lower().endswith(".ics") or not part.leaf:
            continue
        yield one.name, part.content_type, one.size, partial(part_data, message.content, part, FILE_BYTES)


def _inside(message: Message) -> Iterator[_Found]:
    for one in read_inline(message, FILE_BYTES):
        yield one.name, one.kind, one.size, partial(_itself, one.content)


def _itself(content: bytes | None) -> bytes | None:
    return content


def _safe(kind: str) -> str:
    """The kind of file that a mail program may open by itself, or else the one that it only keeps."""
    known = _KIND.fullmatch(kind) and kind not in _NEVER and not kind.startswith(("message/", "multipart/"))
    return kind if known else "application/octet-stream"


def _plain(name: str, number: int) -> str:
    """A file's name in letters that every program takes: `dagordning_varen.pdf`."""
    low = name.lower().replace("ø", "o").replace("æ", "ae")
    bare = unicodedata.normalize("NFKD", low).encode("ascii", "ignore").decode()
    bare = re.sub(r"[^a-z0-9._-]+", "_", bare).strip("._-")
    stem, dot, ending = bare.rpartition(".")
    short = f"{stem[:60]}{dot}{ending[:10]}" if dot else bare[:70]
    return short or f"file-{number}"
