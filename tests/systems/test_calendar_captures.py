"""Real calendar programs' invitations, updates and cancellations, sent to a network over SMTP.

The captures of ../shared/corpus/itip are rewritten so that the network is an attendee, and sent by whoever their
organizer is; skipped where the folder is absent. What they show is held without them by test_calendar_clients.
"""

from __future__ import annotations

import base64
import email
import re
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest

from tests.systems import world as world_module
from tests.systems.calendar_kit import (
    BORDER,
    PROVEN,
    calendar_of,
    calendar_text,
    meetings,
    zone,
)
from tests.systems.test_meetings import NORDIC
from tests.systems.world import Letter, World, running

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "itip"
NETWORK = "maps@networks.example.org"
MEMBER = "Rut Vik <rut@example.org>"


def capture(name: str) -> Message:
    """A capture as a mail; a bare calendar is put into one."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip("../shared/corpus is not there; its invitations were not played")
    if path.suffix == ".eml":
        return email.message_from_bytes(path.read_bytes())
    mail = Message()
    mail["Content-Type"] = "text/calendar; charset=UTF-8"
    mail["Subject"] = "Invitation"
    mail["MIME-Version"] = "1.0"
    mail.set_payload(path.read_bytes())
    return mail


def rewritten(mail: Message, sender: str, number: int) -> bytes:
    """The mail as it is when the network is an attendee; nothing else of the calendar changes."""
    for part in mail.walk():
        if part.get_content_type() not in ("text/calendar", "application/ics"):
            continue
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        attendee = f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{NETWORK}\r\n".encode()
        if b"\nUID:" not in content:  # one of them is from a program that leaves it out
            attendee += b"UID:added@example.org\r\n"
        content = content.replace(b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\n").replace(
            b"BEGIN:VEVENT\n", b"BEGIN:VEVENT\r\n" + attendee
        )
        del part["Content-Transfer-Encoding"]
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(base64.encodebytes(content).decode())
    for field in ("From", "To", "Cc", "Sender", "Message-ID", "Date", *PROVEN):
        del mail[field]
    proven = dict(PROVEN)
    proven["Authentication-Results"] = f"border.example.org; dmarc=pass header.from={sender.rpartition('@')[2]}"
    for field, value in (*proven.items(), ("From", sender), ("To", NETWORK)):
        mail[field] = value
    mail["Message-ID"] = f"<capture-{number}@example.org>"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    return mail.as_bytes()


def organizer(mail: Message) -> str:
    """Who invites, as the capture says."""
    calendars = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/calendar"]
    text = re.sub(r"\r?\n[ \t]", "", b"".join(one for one in calendars if isinstance(one, bytes)).decode())
    found = re.search(r"(?im)^ORGANIZER[^\n]*:mailto:(\S+)", text)
    return found[1].lower() if found else "sender@example.com"


async def play(world: World, name: str) -> None:
    """Send a capture from its organizer."""
    world.sent += 1
    mail = capture(name)
    sender = organizer(mail)
    await world.submit(rewritten(mail, sender, world.sent), sender, [NETWORK])


async def network_of(world: World, name: str, language: str = "en") -> None:
    """The organizer moderates the network, and Rut is a member."""
    group = await world.group("maps", title="Maps network", moderator=f"Karin Holm <{organizer(capture(name))}>")
    await world.member(group, MEMBER, language=language)


def tomorrow(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Let the service run on the day before."""
    monkeypatch.setattr(world_module, "START", datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=15))


def event_of(letter: Letter) -> dict[str, str]:
    """What the invitation's calendar says, and in which zone."""
    method, values = calendar_of(letter)
    return {**values, "METHOD": method, "ZONE": zone(letter)}


TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_MGU5NmI2"
EVENT = "An event invitation."
# file, its begin and end on the clocks of its zone, title, place, link, and what of its text must be told
INVITATIONS = [
    ("thunderbird/single-event.eml", "20220316T120000", "20220316T123000", "Europe/Stockholm",
     "Single Event", "Somewhere", "", EVENT),
    ("thunderbird/update-minor.eml", "20220316T120000", "20220316T123000", "Europe/Stockholm",
     "Updated Event", "Updated location", "", "Updated description."),
    ("thunderbird/update-major.eml", "20220316T060000", "20220316T063000", "Europe/Stockholm",
     "Single Event", "Somewhere", "", EVENT),
    ("thunderbird/exception-major.eml", "20220317T060000", "20220317T063000", "Europe/Stockholm",
     "Repeat Event", "Somewhere", "", EVENT),
    ("thunderbird/exception-minor.eml", "20220317T120000", "20220317T123000", "Europe/Stockholm",
     "Exception title", "Exception location", "", "Exception description"),
    ("thunderbird/event-with-file-attachment.eml", "20220316T120000", "20220316T123000", "Europe/Stockholm",
     "File Attachment Event", "Somewhere", "", "with a file: URI attachment"),
    ("thunderbird/meet-meeting-invite.eml", "20210322T103000", "20210322T113000", "Europe/Stockholm",
     "Meeeeet me HTML", "", "https://meet.google.com/pyb-ndcu-hhc", "This is a test. Bold. Italic."),
    ("thunderbird/teams-meeting-invite.eml", "20201202T190000", "20201202T210000", "Europe/Kiev",
     "Teams meeting", "", TEAMS, "Microsoft Teams -kokous"),
    ("thunderbird/outlook-test-invite.eml", "20211127T090000", "20211127T093000", "Europe/Kiev",
     "Testaus", "", "", ""),
    ("nextcloud/request_google.eml", "20250220T190000", "20250220T200000", "Europe/Berlin",
     "Imip Testing", "", "", ""),
    ("nextcloud/request_outlook_com.eml", "20250226T080000", "20250226T083000", "Europe/Berlin",
     "Imip Testing", "", "", ""),
    ("nextcloud/request.ics", "19980311T170000", "19980311T190000", "Europe/Stockholm",
     "Review Accounts", "The Small conference room", "", ""),
    ("icalendar/issue_350.ics", "20220222T193000", "20220222T203000", "Europe/Stockholm",
     'Termin 4353 und"so"', "online", "", "https://podio.com/"),
    ("icalendar/property_params.ics", "20120814", "20120815", "",
     "Test meeting from BB", "", "", "Test meeting from BB"),
    ("icalendar/timezone_same_start.ics", "20170224T120000", "20170224T123000", "America/Los_Angeles",
     "Test 4", "", "", ""),
]  # fmt: skip


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "start", "end", "zone", "title", "place", "link", "text"), INVITATIONS, ids=[one[0] for one in INVITATIONS]
)
async def test_a_real_invitation_becomes_ours(
    name: str,
    start: str,
    end: str,
    zone: str,
    title: str,
    place: str,
    link: str,
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tomorrow(monkeypatch, start[:8])
    async with running(tmp_path, BORDER) as world:
        await network_of(world, name)
        await play(world, name)
        assert await world.reasons() == ["meeting-called"]
        letter = await world.letter(MEMBER, "Invitation")
        told = event_of(letter)
        assert told["METHOD"] == "REQUEST"
        assert (told["DTSTART"], told["DTEND"], told["ZONE"]) == (start, end, zone)
        said = told["SUMMARY"], told.get("LOCATION", ""), told.get("CONFERENCE", told.get("URL", ""))
        assert (said[0], said[1] if place else "") == (title, place)
        assert said[2].startswith(link)
        assert bool(link) == bool(said[2])
        assert text in " ".join(letter.text.split())
        assert "calendar.google.com" not in calendar_text(letter) + letter.text  # with homer's own key in it
        assert "DESCRIPTION" not in told or "<b>" not in told["DESCRIPTION"]


async def said(world: World) -> list[tuple[str, str, str]]:
    """Title, state and beginning (UTC) of all meetings."""
    return [row[:3] for row in await meetings(world)]


@pytest.mark.corpus
async def test_an_event_is_changed_moved_and_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow(monkeypatch, "20220316")
    first = "thunderbird/single-event.eml"
    async with running(tmp_path, BORDER) as world:
        await network_of(world, first)
        await play(world, first)
        await world.reply(await world.letter(MEMBER, "Invitation"), "yes")
        await play(world, "thunderbird/update-minor.eml")
        changed = event_of(await world.letter(MEMBER, "Updated Event"))
        assert (changed["SEQUENCE"], changed["LOCATION"]) == ("0", "Updated location")
        await play(world, "thunderbird/cancel-single-event.eml")
        assert await said(world) == [("Updated Event", "cancelled", "2022-03-16 11:00")]
        assert event_of(await world.letter(MEMBER))["METHOD"] == "CANCEL"
        await play(world, "thunderbird/update-major.eml")  # and called once more, under the same UID
        assert ("Single Event", "called", "2022-03-16 05:00") in await said(world)


@pytest.mark.corpus
async def test_an_event_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow(monkeypatch, "20220316")
    first = "thunderbird/single-event.eml"
    async with running(tmp_path, BORDER) as world:
        await network_of(world, first)
        await play(world, first)
        await play(world, "thunderbird/update-major.eml")
        assert await said(world) == [("Single Event", "called", "2022-03-16 05:00")]
        assert event_of(await world.letter(MEMBER))["SEQUENCE"] == "1"
        await play(world, "thunderbird/cancel-single-event.eml")  # older than the move
        assert [row[1] for row in await said(world)] == ["called"]


@pytest.mark.corpus
async def test_a_series_is_changed_and_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow(monkeypatch, "20220316")
    first = "thunderbird/repeat-event.eml"
    starts = ["2022-03-16 11:00", "2022-03-17 11:00", "2022-03-18 11:00"]
    async with running(tmp_path, BORDER) as world:
        await network_of(world, first)
        await play(world, first)
        assert await said(world) == [("Repeat Event", "called", at) for at in starts]
        await play(world, "thunderbird/repeat-update-minor.eml")
        assert await said(world) == [("Updated Event", "called", at) for at in starts]
        await play(world, "thunderbird/exception-minor.eml")
        assert [row[0] for row in await said(world)] == ["Updated Event", "Exception title", "Updated Event"]
        await play(world, "thunderbird/cancel-repeat-event.eml")  # it leaves out when the series begins
        assert {row[1] for row in await said(world)} == {"cancelled"}


@pytest.mark.corpus
async def test_one_of_a_series_and_then_all_of_it_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow(monkeypatch, "20220316")
    first = "thunderbird/repeat-event.eml"
    async with running(tmp_path, BORDER) as world:
        await network_of(world, first)
        await play(world, first)
        await play(world, "thunderbird/exception-major.eml")
        assert [row[2] for row in await said(world)] == ["2022-03-16 11:00", "2022-03-17 05:00", "2022-03-18 11:00"]
        await play(world, "thunderbird/repeat-update-major.eml")
        moved = ["2022-03-16 05:00", "2022-03-17 05:00", "2022-03-18 05:00"]
        assert await said(world) == [("Repeat Event", "called", at) for at in moved]


@pytest.mark.corpus
async def test_every_working_day_until_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow(monkeypatch, "20150703")
    name = "icalendar/issue_165_missing_event.ics"
    async with running(tmp_path, BORDER) as world:
        await network_of(world, name)
        await play(world, name)
        found = await said(world)
        assert len(found) == 14
        assert [found[0][2], found[1][2], found[-1][2]] == ["2015-07-03 08:00", "2015-07-06 08:00", "2015-07-22 08:00"]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "day", "reason"),
    [
        ("nextcloud/cancel.ics", "19970722", "unknown-token"),
        ("thunderbird/cancel-single-event.eml", "20220316", "unknown-token"),
        ("thunderbird/cancel-repeat-event.eml", "20220316", "unknown-token"),
        ("nextcloud/freebusy-request.ics", "19970701", "held"),
        ("icalendar/rfc_7529.ics", "20130209", "meeting-called"),  # a Chinese year is asked about
    ],
)
async def test_what_is_no_invitation_to_a_meeting_calls_none(
    name: str, day: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow(monkeypatch, day)
    async with running(tmp_path, BORDER) as world:
        await network_of(world, name)
        await play(world, name)
        assert await world.reasons() == [reason]
        assert await said(world) == []
        assert not [one for one in await world.inbox(MEMBER) if "Invitation" in one.subject]


@pytest.mark.corpus
async def test_without_a_border_the_organizer_is_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow(monkeypatch, "20250220")
    name = "nextcloud/request_google.eml"
    async with running(tmp_path, NORDIC) as world:
        await network_of(world, name)
        await play(world, name)
        assert await said(world) == []
        await world.reply(await world.letter(organizer(capture(name)), "Imip Testing"), "yes")
        assert await said(world) == [("Imip Testing", "called", "2025-02-20 18:00")]
