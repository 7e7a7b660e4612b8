"""Calling from a calendar, over SMTP: a network is invited in Outlook or Google, and the caller's event is followed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from icalendar import Calendar

from tests.systems.test_meetings import ANNA, KARIN, METTE, NORDIC, OLA, calendar, flat, network, standing
from tests.systems.world import Letter, World, running

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


def answered(letter: Letter) -> dict[str, str]:
    """The REPLY that the network sent."""
    part = next(one for one in letter.message.walk() if one.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    whole = Calendar.from_ical(content.decode())
    assert str(whole["METHOD"]) == "REPLY"
    found = next(iter(whole.walk("VEVENT")))
    return {
        "UID": str(found["UID"]),
        "ATTENDEE": str(found["ATTENDEE"]),
        "PARTSTAT": str(found["ATTENDEE"].params["PARTSTAT"]),
        "ORGANIZER": str(found["ORGANIZER"]),
        "COMMENT": str(found["COMMENT"]),
        "RECURRENCE-ID": _written(found["RECURRENCE-ID"].to_ical()) if "RECURRENCE-ID" in found else "",
        "SEQUENCE": str(found["SEQUENCE"]),
    }


def attached(letter: Letter) -> dict[str, bytes]:
    found = {}
    for part in letter.message.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(part.get_filename())] = content
    return found


async def test_an_outlook_invitation_becomes_real_ones(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event(attendees=("ola@example.org",)), file=("Dagordning våren.pdf", b"%PDF-1.7 maps"))
        assert (await world.reasons())[-1] == "meeting-called"
        invitation = await world.letter(ANNA, "Inbjudan")
        method, values = calendar_of(invitation)
        assert method == "REQUEST"
        assert values["UID"] != UID
        assert (values["DTSTART"], values["SUMMARY"]) == ("20261203T130000", "Kartmöte")
        assert values["CONFERENCE"].startswith("https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc")
        assert "Vi går igenom kartorna" in flat(invitation)
        assert attached(invitation)["dagordning_varen.pdf"] == b"%PDF-1.7 maps"
        assert not [one for one in await world.inbox(OLA) if "invite.ics" in one.raw.decode()]  # Karin's attendee
        assert not [one for one in await world.inbox(KARIN) if "METHOD=REQUEST" in one.raw.decode().upper()]
        reply = await world.letter(KARIN, "Answer from Maps network")
        said = answered(reply)
        assert (said["UID"], said["PARTSTAT"]) == (UID, "ACCEPTED")
        assert said["ATTENDEE"] == "mailto:maps@networks.example.org"
        assert said["ORGANIZER"] == "mailto:karin@example.org"
        assert said["COMMENT"] == "2 members of Maps network have got invitations from us."
        assert "maps@networks.example.org" in str(reply.message["From"])
        await answer(world, invitation, "ja")
        await world.pass_time(hours=9)
        tally = answered(await world.letter(KARIN, "Answer from Maps network"))
        assert tally["COMMENT"] == "Maps network: 1 come, 0 may come, 0 do not come, 1 have not answered."


def calendar_of(letter: Letter) -> tuple[str, dict[str, str]]:
    """As `calendar`, also where files come with it."""
    part = next(one for one in letter.message.walk() if one.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    whole = Calendar.from_ical(content.decode())
    found = next(iter(whole.walk("VEVENT")))
    return str(whole["METHOD"]), {key: _written(found[key].to_ical()) for key in found}


def _written(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


async def test_updates_and_the_cancellation_of_the_caller_are_followed(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event())
        await answer(world, await world.letter(ANNA, "Inbjudan"), "ja")
        first = calendar(await world.letter(ANNA, "Inbjudan"))[1]
        await invite(world, event(place="Rum 7", sequence=0, more="LAST-MODIFIED:20261123T100000Z\r\n"))
        assert (await standing(world))["anna"] == "ACCEPTED"  # a new room asks nobody anew
        changed = calendar(await world.letter(ANNA))[1]
        assert (changed["UID"], changed["SEQUENCE"], changed["LOCATION"]) == (first["UID"], "0", "Rum 7")
        await invite(world, event("20261204T130000", "20261204T143000", place="Rum 7", sequence=1))
        moved = calendar(await world.letter(ANNA))[1]
        assert (moved["UID"], moved["SEQUENCE"], moved["DTSTART"]) == (first["UID"], "1", "20261204T130000")
        assert (await standing(world))["anna"] == "NEEDS-ACTION"
        await invite(world, event("20261210T130000", "20261210T143000"))  # an old message that comes late
        assert await meetings(world) == [("Kartmöte", "called", "2026-12-04 12:00", 1)]
        await invite(world, event("20261204T130000", "20261204T143000", sequence=2), method="CANCEL")
        assert [row[1] for row in await meetings(world)] == ["cancelled"]
        assert calendar(await world.letter(ANNA))[0] == "CANCEL"
        assert answered(await world.letter(KARIN, "Answer from"))["SEQUENCE"] == "1"


async def test_a_series_is_followed_time_by_time(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        rule = "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TH\r\n"
        await invite(world, event(more=rule))
        starts = ["2026-12-03 12:00", "2026-12-17 12:00", "2026-12-31 12:00"]
        assert [row[2] for row in await meetings(world)] == starts
        said = answered(await world.letter(KARIN, "Answer from"))
        assert said["COMMENT"].endswith("They are about 3 meetings, one for each time.")
        assert not [one for one in await world.inbox(KARIN) if "has been called" in one.subject]  # not three receipts
        one = "RECURRENCE-ID;TZID=W. Europe Standard Time:20261217T130000\r\n"
        await invite(world, event("20261218T130000", "20261218T143000", sequence=1, more=one))
        assert [row[2] for row in await meetings(world)] == [starts[0], "2026-12-18 12:00", starts[2]]
        last = "RECURRENCE-ID;TZID=W. Europe Standard Time:20261231T130000\r\n"
        await invite(world, event(sequence=2, more=last), method="CANCEL")
        assert [row[1] for row in await meetings(world)] == ["called", "called", "cancelled"]
        await invite(
            world,
            event(
                "20261203T140000",
                "20261203T150000",
                sequence=3,
                more=rule + ("EXDATE;TZID=W. Europe Standard Time:20261231T140000\r\n"),
            ),
        )
        assert [row[1:3] for row in await meetings(world)][:2] == [
            ("called", "2026-12-03 13:00"), ("called", "2026-12-17 13:00")]  # fmt: skip
        await invite(world, event(sequence=4, more=rule), method="CANCEL")
        assert {row[1] for row in await meetings(world)} == {"cancelled"}


async def test_a_rule_that_is_not_followed_is_asked_about(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event(more="RRULE:FREQ=HOURLY;INTERVAL=5\r\n"))
        assert await meetings(world) == []
        letter = await world.letter(KARIN)
        assert "how often?" in flat(letter)
        await answer(world, letter, "When: 2026-12-07 13:00-14:30", quote=False)
        assert [row[2] for row in await meetings(world)] == ["2026-12-07 12:00"]
        assert "teams.microsoft.com" in flat(await world.letter(ANNA, "Inbjudan"))
        await invite(world, event("20261120T130000", "20261120T140000", sequence=1))
        assert [row[1] for row in await meetings(world)] == ["called"]


async def test_who_may_not_call_asks_the_moderators_and_strangers_wait(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event(), who=ANNA)
        assert await meetings(world) == []
        await answer(world, await world.letter(KARIN), "no: we met last week")
        said = answered(await world.letter(ANNA, "Svar från Maps network"))
        assert said["PARTSTAT"] == "DECLINED"
        assert "we met last week" in flat(await world.letter(ANNA, "Kartmöte"))
        await invite(world, event(sequence=1), who=METTE)
        await answer(world, await world.letter(KARIN), "yes")
        assert len(await meetings(world)) == 1
        await invite(world, event(), who="Eve <eve@example.com>")
        assert (await world.reasons())[-1] == "held"
        await invite(world, event(sequence=9), method="CANCEL", who="Eve <eve@example.com>")
        await invite(world, event(sequence=9), method="CANCEL", who=OLA)
        assert (await world.reasons())[-1] == "unknown-token"
        assert [row[1] for row in await meetings(world)] == ["called"]


async def test_without_proof_the_caller_is_asked_once_more(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event(), d="fail")
        assert await meetings(world) == []
        await answer(world, await world.letter(KARIN), "yes")
        assert len(await meetings(world)) == 1
        await invite(world, event(sequence=1, place="Rum 9"), d="fail")
        assert (await world.reasons())[-1] == "unproven"
        forwarded = event().replace("mailto:maps@networks.example.org", "mailto:karin@example.org")
        await invite(world, forwarded.replace(UID, "other"))  # passed on, and the network is not invited
        assert (await world.reasons())[-1] != "meeting-called"


async def test_outlooks_recall_calls_the_meeting_off(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event())
        text = 'Holm Karin would like to recall the message, "Kartmöte".\n'
        await world.send(ANNA, "maps@networks.example.org", "Recall: Kartmöte", text)
        assert [row[1] for row in await meetings(world)] == ["called"]
        await world.send(KARIN, "maps@networks.example.org", "Recall: Kartmöte", text, headers=PROVEN)
        assert [row[1] for row in await meetings(world)] == ["cancelled"]
        assert calendar(await world.letter(ANNA))[0] == "CANCEL"


def inline(name: str, content: bytes) -> str:
    """A file inside the calendar, as Outlook for Windows and Apple's Calendar put it there."""
    data = base64.b64encode(content).decode()
    line = f"ATTACH;FMTTYPE=application/pdf;X-FILENAME={name};ENCODING=BASE64;VALUE=BINARY:{data}"
    return "\r\n ".join(line[at : at + 74] for at in range(0, len(line), 74)) + "\r\n"


async def test_files_inside_the_calendar_go_on_and_large_ones_are_told(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER.replace("message_size = 2000000", "message_size = 9000000")) as world:
        await network(world)
        small = inline("Karta.pdf", b"%PDF-1.7 map")
        await invite(world, event(more=small))
        assert attached(await world.letter(ANNA, "Inbjudan"))["karta.pdf"] == b"%PDF-1.7 map"
        assert "left out" not in flat(await world.letter(KARIN, "Answer from"))
        large = inline("Ritning.pdf", bytes(3 * 1024 * 1024))
        await invite(world, event(place="Rum 7", sequence=1, more=small + large))  # 3 MiB for all of them
        changed = await world.letter(ANNA)
        assert calendar_of(changed)[1]["LOCATION"] == "Rum 7"
        assert list(attached(changed)) == ["invite.ics", "karta.pdf"]
        assert "were left out: Ritning.pdf." in flat(await world.letter(KARIN, "Answer from"))
