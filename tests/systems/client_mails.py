"""Invitations as Google's, Apple's and Microsoft's calendars send them, written by us with example addresses.

Each is a function of what differs between a REQUEST, its updates and its CANCEL; the shape around it is the client's:
the parts and their order, names of zones, HTML in DESCRIPTION, links and files where that client puts them.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Final

NETWORK: Final = "maps@networks.example.org"
CALLER: Final = "karin@example.org"
FENCE: Final = "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-"
MEET: Final = "https://meet.google.com/abc-defg-hij"
TEAMS: Final = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_ZmFrZQ%40thread.v2/0?context=%7b%7d"
PRINCIPAL: Final = "/aMTIzNDU2/principal/"
FACETIME: Final = "https://facetime.apple.com/join#v=1&p=example"


def folded(lines: Sequence[str]) -> str:
    """Content lines with CRLF, folded at 75 octets (RFC 5545 §3.1)."""
    found: list[str] = []
    for line in lines:
        rest, first = line, True
        while len(rest) > (75 if first else 74):
            cut = 75 if first else 74
            found.append(("" if first else " ") + rest[:cut])
            rest, first = rest[cut:], False
        found.append(("" if first else " ") + rest)
    return "\r\n".join(found) + "\r\n"


def _alternative(texts: Sequence[tuple[str, str]], calendar: str, method: str, encoding: str) -> MIMEMultipart:
    whole = MIMEMultipart("alternative")
    for subtype, text in texts:
        whole.attach(MIMEText(text, subtype, "utf-8"))
    whole.attach(_calendar("text", "calendar", calendar, encoding, method=method, charset="UTF-8"))
    return whole


def _calendar(main: str, sub: str, calendar: str, encoding: str, **parameters: str) -> Message:
    part = MIMEBase(main, sub)
    for name, value in parameters.items():
        part.set_param(name, value)
    data = calendar.encode()
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(base64.encodebytes(data).decode() if encoding == "base64" else data)
    return part


def google(
    start: str,
    end: str,
    *,
    uid: str = "4k2example0google@google.example.com",
    sequence: int = 0,
    method: str = "REQUEST",
    title: str = "Kartmöte",
    place: str = "Lilla salen\\, Storgatan 1",
    more: Sequence[str] = (),
) -> Message:
    """Google Calendar: mixed(alternative(plain, HTML, calendar), invite.ics); HTML, and a section of its own."""
    status = "CANCELLED" if method == "CANCEL" else "CONFIRMED"
    people = "CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT"
    text = (
        "<p>Vi går igenom <b>kartorna</b>.</p><ul><li>Lån&nbsp\\;och inköp</li><li>Övrigt</li></ul>\\n\\n"
        f"{FENCE}\\nAnslut med Google Meet: {MEET}\\nEller ring: (SE) +46 8 555 123 45 PIN: 123456789#\\n"
        "Läs mer om Meet\\n\\nÄndra inte det här avsnittet.\\n"
        f"Visa händelsen på https://calendar.google.com/calendar/event?action=VIEW&eid=abc&tok=secret.\\n{FENCE}"
    )
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0", "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        "BEGIN:VTIMEZONE", "TZID:Europe/Stockholm", "X-LIC-LOCATION:Europe/Stockholm",
        "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:GMT+2", "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT",
        "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:GMT+1", "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD", "END:VTIMEZONE",
        "BEGIN:VEVENT", f"DTSTART;TZID=Europe/Stockholm:{start}", f"DTEND;TZID=Europe/Stockholm:{end}", *more,
        f"DTSTAMP:20261123T0901{sequence:02}Z", f"ORGANIZER;CN=Karin Holm:mailto:{CALLER}", f"UID:{uid}",
        f"ATTENDEE;{people};PARTSTAT=ACCEPTED;RSVP=TRUE;CN=Karin Holm;X-NUM-GUESTS=0:mailto:{CALLER}",
        f"ATTENDEE;{people};PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN={NETWORK};X-NUM-GUESTS=0:mailto:{NETWORK}",
        f"X-GOOGLE-CONFERENCE:{MEET}", "CREATED:20261123T090000Z", f"DESCRIPTION:{text}",
        "LAST-MODIFIED:20261123T090000Z", f"LOCATION:{place}", f"SEQUENCE:{sequence}", f"STATUS:{status}",
        f"SUMMARY:{title}", "TRANSP:OPAQUE", "BEGIN:VALARM", "ACTION:DISPLAY",
        "DESCRIPTION:This is an event reminder", "TRIGGER:-P0DT0H30M0S", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    calendar = folded(lines)
    whole = MIMEMultipart("mixed")
    whole["Sender"] = "Google Kalender <calendar-notification@google.example.com>"
    texts = (("plain", "Du har blivit inbjuden."), ("html", "<p>Du har blivit inbjuden.</p>"))
    whole.attach(_alternative(texts, calendar, method, "base64"))
    file = _calendar("application", "ics", calendar, "base64", name="invite.ics")
    file["Content-Disposition"] = 'attachment; filename="invite.ics"'
    whole.attach(file)
    return whole


def apple(
    start: str,
    end: str,
    *,
    sequence: int = 0,
    method: str = "REQUEST",
    title: str = "Kartmöte",
    more: Sequence[str] = (),
) -> Message:
    """Apple Calendar with iCloud: people as principals with EMAIL beside them, a place with its address, FaceTime."""
    status = ["STATUS:CANCELLED"] if method == "CANCEL" else []
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Apple Inc.//macOS 14.5//EN", f"METHOD:{method}",
        "CALSCALE:GREGORIAN",
        "BEGIN:VTIMEZONE", "TZID:Europe/Oslo",
        "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "DTSTART:19810329T020000",
        "TZNAME:CEST", "TZOFFSETTO:+0200", "END:DAYLIGHT",
        "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "DTSTART:19961027T030000",
        "TZNAME:CET", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
        "BEGIN:VEVENT", "CREATED:20261123T090000Z", "UID:7F2A1C00-0000-4000-8000-0000000000AA",
        f"DTEND;TZID=Europe/Oslo:{end}", *more, *status,
        f'ATTENDEE;CN="Karin Holm";CUTYPE=INDIVIDUAL;EMAIL="{CALLER}";PARTSTAT=ACCEPTED;ROLE=CHAIR:{PRINCIPAL}',
        f'ATTENDEE;CUTYPE=INDIVIDUAL;EMAIL="{NETWORK}";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{NETWORK}',
        f"SUMMARY:{title}", "TRANSP:OPAQUE", f"DTSTART;TZID=Europe/Oslo:{start}",
        f"DTSTAMP:20261123T0902{sequence:02}Z",
        f'ORGANIZER;CN="Karin Holm";EMAIL="{CALLER}":{PRINCIPAL}',
        "LOCATION:Deichman Bjørvika\\nAnne-Cath. Vestlys plass 1\\, 0150 Oslo\\, Norge",
        'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=70;X-TITLE="Deichman Bjørvika":geo:59.907,10.753',
        f"SEQUENCE:{sequence}", "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
        "DESCRIPTION:Vi ser på kartene.", f"URL;VALUE=URI:{FACETIME}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    calendar = folded(lines)
    whole = MIMEMultipart("alternative")
    whole.attach(MIMEText("Karin Holm har invitert deg.", "plain", "utf-8"))
    inner = MIMEMultipart("mixed")
    inner.attach(MIMEText("<p>Karin Holm har invitert deg.</p>", "html", "utf-8"))
    file = _calendar("text", "calendar", calendar, "quoted-printable", charset="utf-8", name="iCal-20261123.ics")
    file.set_payload(_quoted(calendar))
    file["Content-Disposition"] = 'attachment; filename="iCal-20261123.ics"'
    inner.attach(file)
    whole.attach(inner)
    return whole


def _quoted(text: str) -> str:
    part = EmailMessage()
    part.set_content(text, cte="quoted-printable")
    return str(part.get_payload())


def exchange(
    start: str,
    end: str,
    *,
    uid: str = "040000008200E00074C5B7101A82E00800000000EXAMPLE",
    sequence: int = 0,
    method: str = "REQUEST",
    title: str = "Kartmöte",
    place: str = "Microsoft Teams-möte",
    more: Sequence[str] = (),
    file: tuple[str, bytes] | None = None,
) -> Message:
    """Exchange Online with Teams: the calendar last in the alternative, base64, a Windows zone, MAILTO in capitals."""
    status = "CANCELLED" if method == "CANCEL" else "CONFIRMED"
    ruler = "_" * 80
    text = (
        f"Vi går igenom kartorna.\\n\\n{ruler}\\nMicrosoft Teams-möte\\nAnslut på din dator\\n"
        f"Klicka här<{TEAMS}>\\nMötes-ID: 123 456 789\\nEller ring in\\n"
        f"+46 8 555 123 45\\,\\,987654321#<tel:+46855512345>\\n"
        f"{ruler}\\n"
    )
    lines = [
        "BEGIN:VCALENDAR", f"METHOD:{method}", "PRODID:Microsoft Exchange Server 2010", "VERSION:2.0",
        "BEGIN:VTIMEZONE", "TZID:FLE Standard Time",
        "BEGIN:STANDARD", "DTSTART:16010101T040000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0300",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
        "BEGIN:VEVENT", f"ORGANIZER;CN=Karin Holm:MAILTO:{CALLER}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Maps:MAILTO:{NETWORK}",
        f"DESCRIPTION;LANGUAGE=sv-FI:{text}", *more, f"UID:{uid}", f"SUMMARY;LANGUAGE=sv-FI:{title}",
        f"DTSTART;TZID=FLE Standard Time:{start}", f"DTEND;TZID=FLE Standard Time:{end}", "CLASS:PUBLIC", "PRIORITY:5",
        f"DTSTAMP:20261123T0903{sequence:02}Z", "TRANSP:OPAQUE", f"STATUS:{status}", f"SEQUENCE:{sequence}",
        f"LOCATION;LANGUAGE=sv-FI:{place}", f"X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
        "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE", f"X-MICROSOFT-SKYPETEAMSMEETINGURL:{TEAMS}",
        f"X-MICROSOFT-ONLINEMEETINGCONFLINK:conf:sip:{CALLER}\\;gruu\\;opaque=app:conf",
        "X-MICROSOFT-DONOTFORWARDMEETING:FALSE", "BEGIN:VALARM", "DESCRIPTION:REMINDER",
        "TRIGGER;RELATED=START:-PT15M", "ACTION:DISPLAY", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    texts = (("plain", "Microsoft Teams-möte"), ("html", "<p>Microsoft Teams-möte</p>"))
    found = _alternative(texts, folded(lines), method, "base64")
    if file is None:
        return found
    whole = MIMEMultipart("mixed")
    whole.attach(found)
    part = MIMEBase("application", "pdf", name=file[0])
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = f'attachment; filename="{file[0]}"; size={len(file[1])}'
    part.set_payload(base64.encodebytes(file[1]).decode())
    whole.attach(part)
    return whole
