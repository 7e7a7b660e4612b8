"""A meeting as the calendars that we write tell it: its values, and the properties of its VEVENT (RFC 5545 §3.6.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from mailsvc.clock import Instant, to_datetime
from mailsvc.message.build import clean
from mailsvc.message.flowed import clean_text
from workflows.meeting.calendar.vtimezone import timezone_component

DESCRIPTION: Final = 12_000
"""Characters of a description that are kept; the letter beside it has the whole agenda."""
_SUMMARY: Final = 300
_LOCATION: Final = 600
_NAME: Final = 200
_COMMENT: Final = 2000
_URL: Final = 2000
_WEB: Final = re.compile(r"https?://[!-~]+")
# What may stand in a mailto: address as it is (RFC 6068 §2); the rest is percent-encoded.
_MAILTO: Final = "@!$&'*+-/=^_`{|}~."


class Status(StrEnum):
    """STATUS of a meeting (RFC 5545 §3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


class PartStat(StrEnum):
    """What an attendee has said (RFC 5545 §3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True, slots=True)
class Party:
    """A calendar user: the address as mail writes it, and the name shown for it ("" for none)."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, the same for everybody who is invited.

    `start` and `end` (exclusive) are local times of `zone` (a tz name); a `whole_day` one runs from midnight to
    midnight there. `online` is the address of the online meeting, `url` that of its page on our site; both "" or
    http(s). `recurrence_id` is set only when we speak of one instance of somebody else's series.
    """

    uid: str
    sequence: int
    start: Instant
    end: Instant
    zone: str
    summary: str
    whole_day: bool = False
    location: str = ""
    online: str = ""
    url: str = ""
    description: str = ""
    status: Status = Status.CONFIRMED
    recurrence_id: Instant | None = None

    @property
    def first_day(self) -> date:
        """The day on which it begins, in its zone."""
        return to_datetime(self.start, ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> date:
        """The last day that it touches, in its zone."""
        last = to_datetime(max(self.start, Instant(self.end - 1)), ZoneInfo(self.zone))
        return last.date()


def calendar(method: str, product: str) -> Calendar:
    """An empty calendar (RFC 5545 §3.6) with its METHOD; `product` names the program in PRODID."""
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", f"-//{clean(product) or 'mailsvc'}//EN")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", method)
    return whole


def add_zones(whole: Calendar, meetings: tuple[Meeting, ...]) -> None:
    """A VTIMEZONE for every zone that the timed ones of `meetings` name, each once."""
    timed = [meeting for meeting in meetings if not meeting.whole_day and meeting.zone != "UTC"]
    for zone in dict.fromkeys(meeting.zone for meeting in timed):
        days = [day for one in timed if one.zone == zone for day in (one.first_day, one.last_day)]
        whole.add_component(timezone_component(zone, min(days), max(days)))


def event(meeting: Meeting, stamp: Instant, *, description: int = DESCRIPTION) -> Event:
    """The VEVENT without people: times, texts, STATUS; `description` is how many characters of it are kept."""
    part = Event()
    part.add("uid", meeting.uid)
    part.add("dtstamp", utc(stamp))
    part.add("sequence", meeting.sequence)
    if meeting.recurrence_id is not None:
        part.add("recurrence-id", local(meeting.recurrence_id, meeting))
    part.add("dtstart", local(meeting.start, meeting))
    part.add("dtend", local(meeting.end, meeting))
    part.add("summary", one_line(meeting.summary, _SUMMARY))
    location = one_line(meeting.location, _LOCATION)
    online = web_address(meeting.online)
    # Phones make only LOCATION tappable, so a meeting that has no other place has its address there.
    if location or online:
        part.add("location", location or online)
    if online:
        part.add("conference", _conference(online))
    if web_address(meeting.url):
        part.add("url", web_address(meeting.url))
    text = lines(_described(meeting, online), description)
    if text:
        part.add("description", text)
    part.add("status", str(meeting.status))
    part.add("transp", "TRANSPARENT" if meeting.status is Status.CANCELLED else "OPAQUE")
    return part


def _described(meeting: Meeting, online: str) -> str:
    """The description, with the online address in it for those clients that show nothing else."""
    text = meeting.description.strip()
    if online and meeting.location.strip() and online not in text:
        return f"{online}\n\n{text}".strip()
    return text


def _conference(address: str) -> vUri:
    """CONFERENCE (RFC 7986 §5.11)."""
    uri = vUri(address)
    uri.params["VALUE"] = "URI"
    uri.params["FEATURE"] = ["AUDIO", "VIDEO"]
    return uri


def party(who: Party) -> vCalAddress:
    """ORGANIZER or ATTENDEE with its name and nothing else."""
    value = vCalAddress(f"mailto:{quote(who.address, safe=_MAILTO)}")
    # A double quote cannot stand in a parameter (RFC 5545 §3.2), and Outlook does not read RFC 6868's way round it.
    # A backslash is no escape there, but several readers take it for one.
    name = one_line(who.name, _NAME).replace('"', "'").replace("^", "").replace("\\", "/")
    if name:
        value.params["CN"] = name
    return value


def attendee(who: Party, partstat: PartStat, *, rsvp: bool, instead_of: str = "") -> vCalAddress:
    """ATTENDEE of an invitation; `instead_of` is the address of whoever has delegated it to them."""
    value = party(who)
    value.params["CUTYPE"] = "INDIVIDUAL"
    value.params["ROLE"] = "REQ-PARTICIPANT"
    value.params["PARTSTAT"] = str(partstat)
    value.params["RSVP"] = "TRUE" if rsvp else "FALSE"
    if instead_of:
        value.params["DELEGATED-FROM"] = f"mailto:{quote(instead_of, safe=_MAILTO)}"
    return value


def comment(text: str) -> vText:
    """COMMENT."""
    return vText(lines(text, _COMMENT))


def local(at: Instant, meeting: Meeting) -> date | datetime:
    """A time of the meeting as its calendar writes it: in its zone, or a day alone."""
    moment = to_datetime(at, ZoneInfo(meeting.zone))
    return moment.date() if meeting.whole_day else moment.replace(microsecond=0)


def utc(at: Instant) -> datetime:
    """A moment in UTC, in whole seconds: calendars know no parts of them."""
    return to_datetime(at, UTC).replace(microsecond=0)


def one_line(text: str, longest: int) -> str:
    """`text` as one line of at most `longest` characters."""
    text = clean(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def lines(text: str, longest: int) -> str:
    """`text` with LF line ends and no controls, at most `longest` characters of it."""
    text = clean_text(text[: longest * 2]).strip()
    return text if len(text) <= longest else text[: max(0, longest - 1)].rstrip() + "…"


def web_address(text: str) -> str:
    """`text` when it is a plain http(s) address, else ""."""
    text = text.strip()
    return text if len(text) <= _URL and _WEB.fullmatch(text) else ""
