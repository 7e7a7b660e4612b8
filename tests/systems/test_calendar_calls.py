"""Calling from a calendar, over SMTP: a network is invited in Outlook or Google, and the caller's event is followed."""

from __future__ import annotations

import base64
from pathlib import Path

from tests.systems.calendar_kit import (
    BORDER,
    PROVEN,
    UID,
    answer,
    answered,
    attached,
    calendar_of,
    event,
    invite,
    meetings,
)
from tests.systems.test_meetings import ANNA, KARIN, METTE, OLA, calendar, flat, network, standing
from tests.systems.world import running


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
