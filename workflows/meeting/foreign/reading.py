"""What calendar programs send: answers, counter-proposals, invitations and cancellations, read as values (RFC 5546).

Real programs leave out ORGANIZER, DTSTAMP or SEQUENCE, write Windows zone names, put the comment into a parameter, and
send the calendar without its method, nested, or as a file. What cannot be read is None or ""; nothing raises, and work
is bounded whatever a stranger writes. Who may do what with it is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from mailsvc.clock import Instant
from mailsvc.message.charsets import decode
from mailsvc.message.parsing import Message
from mailsvc.message.parts import Part, part_data
from workflows.meeting.foreign.content_lines import Component, Property, read_components
from workflows.meeting.foreign.files import LARGEST, InlineFile, files_in, without_files
from workflows.meeting.foreign.times import Times

LONGEST: Final = 1024 * 1024
"""Octets of a calendar part that are read: Outlook puts whole files and web pages into an invitation."""
MOST_EVENTS: Final = 60
MOST_ATTENDEES: Final = 1000
_MOST_ATTACHED: Final = 20
_LONGEST_TEXT: Final = 16_000
_LONGEST_LINE: Final = 1000
_LONGEST_UID: Final = 1000
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_WIDE: Final = ("utf-16", "utf-32", "utf16", "utf32", "ucs-2", "ucs2", "unicode")
"""Charsets whose letters are more than one octet everywhere: an octet of a fold is no fold there."""
_METHOD: Final = re.compile(r"[A-Z-]{1,30}\Z")
_PARTSTATS: Final = ("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")
_ONLINE: Final = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)


@dataclass(frozen=True, slots=True)
class CalendarUser:
    """ORGANIZER or ATTENDEE. `address` is lower-case in its domain only, "" where there was none.

    `partstat` is one of RFC 5545's five for events, "" for anything else; NEEDS-ACTION where it was not written.
    `comment` is what the program wrote beside the answer (Google's X-RESPONSE-COMMENT), `guests` how many more come.
    """

    address: str
    name: str = ""
    partstat: str = "NEEDS-ACTION"
    comment: str = ""
    kind: str = ""
    guests: int = 0
    delegated_to: str = ""
    delegated_from: str = ""
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class CalendarMessage:
    """One VEVENT of an iTIP message. `method` is in upper case, "" when none was said.

    `zone` is the tz name of its start ("" where only rules or an offset were given, "UTC" for UTC times). `end` is
    exclusive. `comment` is the answer's: the attendee's own where there is one attendee, else COMMENT. `attached` are
    web addresses of files. `rrule`, as written, says that it repeats; `excluded` and `added` are EXDATE and RDATE.
    `onwards`: RECURRENCE-ID means that time and all after it (RFC 5545 §3.2.13). `product` is the program's PRODID.
    `unknown_zone`: a time was read in the site's zone because nobody knows the one it names.
    """

    method: str
    uid: str
    sequence: int | None = None
    dtstamp: Instant | None = None
    recurrence_id: Instant | None = None
    onwards: bool = False
    organizer: CalendarUser | None = None
    attendees: tuple[CalendarUser, ...] = ()
    comment: str = ""
    summary: str = ""
    location: str = ""
    description: str = field(default="", repr=False)
    url: str = ""
    online: str = ""
    attached: tuple[str, ...] = ()
    start: Instant | None = None
    end: Instant | None = None
    whole_day: bool = False
    zone: str = ""
    status: str = ""
    product: str = ""
    rrule: str = ""
    excluded: tuple[Instant, ...] = ()
    added: tuple[Instant, ...] = ()
    unknown_zone: bool = False

    @property
    def answering(self) -> CalendarUser | None:
        """Who answers in a REPLY or asks in a COUNTER: the only attendee, or the only one with an answer.

        A delegate named beside the one who delegates (RFC 5546 §3.2.2.3) is not who answers.
        """
        if len(self.attendees) == 1:
            return self.attendees[0]
        said = [one for one in self.attendees if one.partstat not in ("", "NEEDS-ACTION")]
        delegating = [one for one in said if one.partstat == "DELEGATED"]
        if len(delegating) == 1:
            return delegating[0]
        return said[0] if len(said) == 1 else None


def read_mail(message: Message, zone: str) -> tuple[CalendarMessage, ...]:
    """The events of the mail's first readable calendar, wherever the program put it; () for none.

    What is inside an attached mail (a bounce, a forwarded invitation) is nobody's answer and is not read. `zone` is
    the site's, for times that name none.
    """
    for part in _calendars(message):
        events = read_calendar(_text(message, part), zone, _hint(part))
        if events:
            return events
    return ()


def read_inline(message: Message, most: int) -> tuple[InlineFile, ...]:
    """The files that the mail's first calendar with any carries inside itself, each up to `most` octets."""
    for part in _calendars(message)[:3]:
        data = part_data(message.content, part, LARGEST)
        found = files_in(decode(data, part.parameters.get("charset") or "utf-8"), most)
        if found:
            return found
    return ()


def _calendars(message: Message) -> list[Part]:
    """The parts that may be a calendar of the sender's own, the likeliest first."""
    own = [part for part in message.parts if part.leaf and not part.enclosed]
    return sorted((one for one in own if _rank(one)), key=_rank)


def _text(message: Message, part: Part) -> str:
    """A calendar's text; of a large one without the files inside it, which may stand before its time."""
    charset = part.parameters.get("charset") or "utf-8"
    data = part_data(message.content, part, LONGEST)
    wide = charset.strip().lower().startswith(_WIDE)
    if len(data) >= LONGEST:
        data = part_data(message.content, part, LARGEST)
        if wide:
            return without_files(decode(data, charset))
        data = without_files(data.decode("latin-1")).encode("latin-1")
    # Programs fold after 75 octets, also within a letter (RFC 5545 §3.1): first unfolded, then read as letters.
    return decode(data if wide else _FOLD.sub(b"", data), charset)


def _rank(part: Part) -> int:
    """Which parts are looked at, and in which order; 0 for those that are not."""
    if part.content_type == "text/calendar":
        return 1 if part.parameters.get("method") else 2
    if part.content_type in ("application/ics", "application/calendar"):
        return 3
    return 4 if part.name.lower().endswith(".ics") else 0


def _hint(part: Part) -> str:
    return part.parameters.get("method")


def read_calendar(text: str, zone: str, method: str = "") -> tuple[CalendarMessage, ...]:
    """The VEVENTs of the first calendar in `text`; `method` is what the part's own field says, if anything.

    Only events with a UID, and all of the first one's (RFC 5546 §3.2: all components have the same UID), the master
    of a series first. A METHOD in the calendar is believed before the one beside it.
    """
    root = read_components(text[:LONGEST])
    whole = next((part for part in root.parts if part.name == "VCALENDAR"), None)
    if whole is None:
        return ()
    said = (whole.text("METHOD") or method).strip().upper()
    said = said if _METHOD.match(said) else ""
    zones = {part.text("TZID"): part for part in whole.parts if part.name == "VTIMEZONE"}
    times = Times(zones, whole.text("X-WR-TIMEZONE"), zone)
    product = _line(whole.text("PRODID"))
    events = [part for part in whole.parts if part.name == "VEVENT" and part.text("UID")][:MOST_EVENTS]
    if not events:
        return ()
    uid = events[0].text("UID")
    same = [part for part in events if part.text("UID") == uid]
    same.sort(key=lambda part: part.first("RECURRENCE-ID") is not None)
    return tuple(_event(part, said, times, product) for part in same)


def _event(part: Component, method: str, times: Times, product: str) -> CalendarMessage:
    start = times.read(part.first("DTSTART"))
    recurrence = times.read(part.first("RECURRENCE-ID"))
    attendees = tuple(_user(one) for one in part.every("ATTENDEE")[:MOST_ATTENDEES])
    organizer = part.first("ORGANIZER")
    named = part.first("RECURRENCE-ID")
    comment = "\n".join(filter(None, (one.text for one in part.every("COMMENT")[:10])))
    if len(attendees) == 1 and attendees[0].comment:
        comment = attendees[0].comment
    stamp = times.read(part.first("DTSTAMP"))
    return CalendarMessage(
        method=method,
        uid=part.text("UID")[:_LONGEST_UID],
        sequence=_number(part.text("SEQUENCE")),
        dtstamp=stamp.at if stamp else None,
        recurrence_id=recurrence.at if recurrence else None,
        onwards=named is not None and named.parameter("RANGE").upper() == "THISANDFUTURE",
        organizer=_user(organizer) if organizer else None,
        attendees=attendees,
        comment=comment[:_LONGEST_TEXT],
        summary=_line(part.text("SUMMARY")),
        location=_line(part.text("LOCATION")),
        # Some programs write the text as HTML alone ([MS-OXCICAL] 2.1.3.1.1.20.22).
        description=(part.text("DESCRIPTION") or part.text("X-ALT-DESC"))[:_LONGEST_TEXT],
        url=_web(part.text("URL")),
        online=next(filter(None, (_web(part.text(name)) for name in _ONLINE)), ""),
        attached=tuple(filter(None, (_web(one.text) for one in part.every("ATTACH")[:_MOST_ATTACHED]))),
        start=start.at if start else None,
        end=times.end(part, start),
        whole_day=bool(start and (start.whole_day or part.text("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE")),
        zone=start.zone if start else "",
        status=part.text("STATUS").upper()[:30],
        product=product,
        rrule=part.text("RRULE").upper()[:500],
        excluded=times.every(part.every("EXDATE")),
        added=times.every(part.every("RDATE")),
        unknown_zone=bool((start and start.unknown) or (recurrence and recurrence.unknown)),
    )


# ---- people


def _user(one: Property) -> CalendarUser:
    written = one.parameter("EMAIL")  # RFC 7986 §6.2; Apple's value is then an address of its own
    address = _address(written) or _address(one.value)
    partstat = one.parameter("PARTSTAT").upper() or "NEEDS-ACTION"
    return CalendarUser(
        address=address,
        name=_line(one.parameter("CN")),
        partstat=partstat if partstat in _PARTSTATS else "",
        comment=one.parameter("X-RESPONSE-COMMENT").replace("\\n", "\n").strip()[:_LONGEST_TEXT],
        kind=one.parameter("CUTYPE").upper()[:30],
        guests=min(_number(one.parameter("X-NUM-GUESTS")) or 0, 1000),
        delegated_to=_address(one.parameter("DELEGATED-TO").partition(",")[0]),
        delegated_from=_address(one.parameter("DELEGATED-FROM").partition(",")[0]),
        sent_by=_address(one.parameter("SENT-BY")),
    )


def _address(value: str) -> str:
    """The mail address in a CAL-ADDRESS (RFC 5545 §3.3.3), "" when it is another kind of address."""
    plain = value.strip().strip("\"'<> ")
    while plain[:7].lower() == "mailto:":
        plain = plain[7:].strip().strip("<> ")
    plain = re.sub(r"\s", "", unquote(plain.partition("?")[0]))
    local, at, domain = plain.rpartition("@")
    if not (local and at and domain) or len(plain) > 320 or any(char in plain for char in '<>",;\x00'):
        return ""
    return f"{local}@{domain.lower()}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_LINE]


def _web(text: str) -> str:
    return text if re.fullmatch(r"https?://[!-~]{1,1990}", text) else ""
