"""Meetings by mail, over SMTP on the virtual clock: called, answered in every way, changed, cancelled, polled, full."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.systems.world import CONFIG, Letter, World, running

NORDIC = CONFIG.replace('name = "Example', 'timezone = "Europe/Stockholm"\ncountry = "SE"\nname = "Example')
KARIN = "Karin Holm <karin@example.org>"
ANNA = "Anna Berg <anna@example.org>"
OLA = "Ola Nordmann <ola@example.org>"
METTE = "Mette Juhl <mette@example.org>"
DESK = "maps-meeting@networks.example.org"


async def network(world: World) -> int:
    """Karin (moderator, English), Anna (Swedish), Ola (Bokmål) and Mette (Danish) in the network of maps."""
    group = await world.group("maps", title="Maps network", moderator=KARIN)
    await world.member(group, ANNA, language="sv")
    await world.member(group, OLA, language="nb")
    await world.member(group, METTE, language="da")
    return int(group)


async def called(world: World, text: str, subject: str = "Map meeting", *, who: str = KARIN) -> None:
    """A call with its confirmation, which a site without a border asks for."""
    await world.send(who, DESK, subject, text)
    letter = await world.letter(who)
    assert "asks you" in letter.text, letter.text
    await world.reply(letter, "yes")


def calendar(letter: Letter) -> tuple[str, dict[str, str]]:
    """The method and the values of the calendar that a letter carries, which is the same in both places."""
    parts = [part for part in letter.message.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert [part.get_content_type() for part in parts] == ["text/calendar", "application/ics"]
    contents = [part.get_payload(decode=True) for part in parts]
    assert contents[0] == contents[1]
    assert isinstance(contents[0], bytes)
    whole = Calendar.from_ical(contents[0].decode())
    event = next(iter(whole.walk("VEVENT")))
    values = {key: event[key].to_ical().decode() for key in event if key not in ("ATTENDEE", "ORGANIZER")}
    attendee = event["ATTENDEE"]
    values |= {"ATTENDEE": str(attendee), **{key: str(value) for key, value in attendee.params.items()}}
    values |= {"ORGANIZER": str(event["ORGANIZER"])}
    return str(whole["METHOD"]), values


def organizer(letter: Letter) -> str:
    return calendar(letter)[1]["ORGANIZER"].removeprefix("mailto:")


async def answer_by_calendar(
    world: World,
    invitation: Letter,
    partstat: str,
    *,
    who: str = "",
    attendee: str = "",
    method: str = "REPLY",
    to: str = "",
    stamp: str = "20261123T120000Z",
    more: str = "",
) -> None:
    """What a calendar program sends back, in its smallest form (RFC 5546 §3.2.3)."""
    values = calendar(invitation)[1]
    address = attendee or invitation.owner
    text = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
        f"UID:{values['UID']}\r\nSEQUENCE:{values['SEQUENCE']}\r\nDTSTAMP:{stamp}\r\n"
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{address}\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    message = EmailMessage()
    message["From"] = who or invitation.owner
    message["To"] = to or organizer(invitation)
    message["Subject"] = "Accepted: Map meeting"
    world.sent += 1
    message["Date"] = datetime(2026, 11, 23, 9, 0, world.sent % 60, tzinfo=UTC)
    message["Message-ID"] = f"<calendar-{world.sent}@example.org>"
    message.set_content("An answer.")
    message.add_alternative(text.encode(), "text", "calendar", params={"method": method, "charset": "UTF-8"})
    await world.submit(message.as_bytes(), who or invitation.owner, [to or organizer(invitation)])


async def standing(world: World) -> dict[str, str]:
    """What counts of everybody's answer."""
    rows = await world.rows(
        "SELECT address, partstat, mode, comment, waiting_since, state FROM invitee ORDER BY address"
    )
    return {
        str(row["address"]).partition("@")[0]: " ".join(
            filter(
                None,
                (
                    str(row["partstat"]),
                    str(row["mode"]),
                    str(row["comment"]),
                    "waiting" if row["waiting_since"] is not None else "",
                    "gone" if row["state"] != "invited" else "",
                ),
            )
        )
        for row in rows
    }


async def test_a_call_becomes_invitations_in_everybodys_language(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\nAgenda:\n1. Old maps\n2. New maps\n")
        receipt = await world.letter(KARIN, "has been called")
        assert "4 people" in receipt.text
        invitation = await world.letter(ANNA)
        assert invitation.subject.startswith("Inbjudan: Map meeting, torsdag 3 december 2026 (v. 49) kl. 13.00–14.30")
        assert "Karin Holm" in invitation.text
        assert "New maps" in invitation.text
        assert str(invitation.message["From"]).startswith("Karin Holm via Maps network <meeting+")
        assert invitation.reverse_path.startswith("bounces+")
        method, values = calendar(invitation)
        assert method == "REQUEST"
        assert values["DTSTART"] == "20261203T130000"
        assert (values["SEQUENCE"], values["PARTSTAT"], values["RSVP"]) == ("0", "NEEDS-ACTION", "TRUE")
        assert values["ATTENDEE"] == "mailto:anna@example.org"
        assert "ola@" not in invitation.raw.decode()
        danish = await world.letter(METTE)
        assert "torsdag den 3. december 2026 (uge 49) kl. 13.00–14.30" in danish.text
        assert organizer(danish) != organizer(invitation)


async def test_answers_in_words_and_by_calendar_are_counted_alike(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4 or https://meet.example.com/maps\n")
        await world.reply(await world.letter(ANNA), "Ja, digitalt. Kommer tio minuter sent.")
        await answer_by_calendar(world, await world.letter(OLA), "DECLINED", more="COMMENT:Jeg er på reise\r\n")
        await world.reply(await world.letter(METTE), "måske")
        found = await standing(world)
        assert found["anna"].startswith("ACCEPTED online")
        assert found["ola"] == "DECLINED Jeg er på reise"
        assert found["mette"] == "TENTATIVE"
        assert found["karin"] == "ACCEPTED"
        count = len(await world.inbox(KARIN))
        await world.pass_time(hours=7)
        summary = await world.letter(KARIN, "come so far")
        assert len(await world.inbox(KARIN)) == count + 1
        assert "Anna Berg – comes, online" in summary.text
        assert "Ola Nordmann – does not come: Jeg er på reise" in summary.text
        assert "Mette Juhl – may come" in summary.text
        await world.pass_time(days=1)
        assert len(await world.inbox(KARIN)) == count + 1, "nothing new, no letter"
