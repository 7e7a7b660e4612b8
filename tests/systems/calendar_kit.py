"""Meetings that are called from a calendar, for tests: a client's invitation, and what is read of what comes back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage

from icalendar import Calendar, Component

from tests.systems.test_meetings import KARIN, NORDIC, as_sent
from tests.systems.world import Letter, World

# The border says who wrote, as Microsoft 365 in front does.
BORDER = NORDIC.replace("[smtp]", '[smtp]\nauthserv_id = "border.example.org"\ntrusted_relays = ["127.0.0.1"]\n', 1)
TEAMS = (
    "Vi går igenom kartorna.\\n\\n____________\\nMicrosoft Teams-möte\\n"
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc/0?context=x\\n"
)
UID = "040000008200E00074C5B7101A82E008"
ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)

PROVEN = {
    "Authentication-Results": "border.example.org; dmarc=pass header.from=example.org",
    "Received": "from border.example.org by mail.example.org; Mon, 23 Nov 2026 10:00:00 +0100",
}


async def answer(world: World, letter: Letter, text: str, *, quote: bool = True) -> None:
    """A reply that the border vouches for."""
    await world.reply(letter, text, quote=quote, headers=PROVEN)


def event(
    start: str = "20261203T130000",
    end: str = "20261203T143000",
    *,
    title: str = "Kartmöte",
    place: str = "Microsoft Teams-möte",
    sequence: int = 0,
    more: str = "",
    attendees: tuple[str, ...] = (),
    text: str = TEAMS,
) -> str:
    """One VEVENT as Exchange writes it."""
    others = "".join(f"ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:{one}\r\n" for one in attendees)
    return (
        "BEGIN:VEVENT\r\nORGANIZER;CN=Karin Holm:mailto:karin@example.org\r\n"
        "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Maps:mailto:maps@networks.example.org\r\n"
        f"{others}DESCRIPTION;LANGUAGE=sv-SE:{text}\r\nUID:{UID}\r\nSUMMARY;LANGUAGE=sv-SE:{title}\r\n"
        f"DTSTART;TZID=W. Europe Standard Time:{start}\r\nDTEND;TZID=W. Europe Standard Time:{end}\r\n"
        f"LOCATION:{place}\r\nSEQUENCE:{sequence}\r\nDTSTAMP:20261123T09000{sequence}Z\r\n{more}END:VEVENT\r\n"
    )


async def invite(
    world: World,
    *events: str,
    method: str = "REQUEST",
    who: str = KARIN,
    d: str = "pass",
    to: str = "maps@networks.example.org",
    file: tuple[str, bytes] | None = None,
) -> None:
    """Send a calendar to the network as a client does."""
    world.sent += 1
    message = EmailMessage()
    message["From"] = who
    message["To"] = to
    message["Subject"] = "Kartmöte"
    message["Date"] = datetime(2026, 11, 23, 9, 0, world.sent % 60, tzinfo=UTC)
    message["Message-ID"] = f"<outlook-{world.sent}@example.org>"
    message.set_content("Microsoft Teams-möte\n")
    text = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nVERSION:2.0\r\n{ZONE}{''.join(events)}END:VCALENDAR\r\n"
    message.add_alternative(text.encode(), "text", "calendar", params={"method": method, "charset": "utf-8"})
    if file is not None:
        message.add_attachment(file[1], "application", "pdf", filename=file[0])
    results = f"dmarc={d} header.from=example.org" + (" (p=NONE)" if d == "fail" else "")
    head = (
        f"Authentication-Results: border.example.org; {results}\r\n"
        "Received: from border.example.org by mail.example.org; Mon, 23 Nov 2026 10:00:00 +0100\r\n"
    )
    address = who.partition("<")[2].rstrip(">")
    await world.submit(head.encode() + message.as_bytes(), address, [to])


async def meetings(world: World) -> list[tuple[str, str, str, int]]:
    """Title, state, beginning (local) and SEQUENCE of every meeting, in order."""
    rows = await world.rows("SELECT title, state, starts, sequence FROM meeting ORDER BY starts, id")
    return [
        (
            str(row["title"]),
            str(row["state"]),
            datetime.fromtimestamp(int(str(row["starts"])) / 1_000_000, UTC).strftime("%Y-%m-%d %H:%M"),
            int(str(row["sequence"])),
        )
        for row in rows
    ]


def attached(letter: Letter) -> dict[str, bytes]:
    found = {}
    for part in letter.message.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(part.get_filename())] = content
    return found


async def pair(world: World) -> None:
    """Karin, who calls, and Anna."""
    group = await world.group("maps", title="Maps network", moderator=KARIN)
    await world.member(group, "Anna Berg <anna@example.org>", language="sv")


# ---- the calendar that a letter carries, also where files come with it


def calendar_text(letter: Letter) -> str:
    """As it is written, unfolded; "" where there is none."""
    part = next((one for one in letter.message.walk() if one.get_content_type() == "text/calendar"), None)
    content = part.get_payload(decode=True) if part is not None else b""
    assert isinstance(content, bytes)
    return re.sub(r"\r\n ", "", content.decode())


def _event(letter: Letter) -> tuple[str, Component]:
    whole = Calendar.from_ical(calendar_text(letter))
    return str(whole["METHOD"]), next(iter(whole.walk("VEVENT")))


def calendar_of(letter: Letter) -> tuple[str, dict[str, str]]:
    """METHOD, and the event's values."""
    method, found = _event(letter)
    return method, {key: as_sent(found[key].to_ical()) for key in found}


def zone(letter: Letter) -> str:
    """The zone in which it says its time, "" for none."""
    found = re.search(r"DTSTART;TZID=([^:]+):", calendar_text(letter))
    return found[1] if found else ""


def answered(letter: Letter) -> dict[str, str]:
    """The REPLY that the network sent."""
    method, found = _event(letter)
    assert method == "REPLY"
    return {
        "UID": str(found["UID"]),
        "ATTENDEE": str(found["ATTENDEE"]),
        "PARTSTAT": str(found["ATTENDEE"].params["PARTSTAT"]),
        "ORGANIZER": str(found["ORGANIZER"]),
        "COMMENT": str(found["COMMENT"]),
        "RECURRENCE-ID": as_sent(found["RECURRENCE-ID"].to_ical()) if "RECURRENCE-ID" in found else "",
        "SEQUENCE": str(found["SEQUENCE"]),
    }


def proposal(letter: Letter) -> tuple[str, dict[str, str]]:
    """METHOD, and the event's values with the network's PARTSTAT; "" where it carries none."""
    if not calendar_text(letter):
        return "", {}
    method, values = calendar_of(letter)
    return method, {**values, "PARTSTAT": str(_event(letter)[1]["ATTENDEE"].params["PARTSTAT"])}
