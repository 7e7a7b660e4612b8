"""Google's, Apple's and Microsoft's invitations to a network, their updates and cancellations, over SMTP."""

from __future__ import annotations

from email.message import Message
from pathlib import Path

from tests.systems import client_mails as clients
from tests.systems.calendar_kit import (
    BORDER,
    PROVEN,
    answered,
    attached,
    calendar_of,
    meetings,
    pair,
    zone,
)
from tests.systems.test_meetings import ANNA, KARIN
from tests.systems.world import World, running


async def send(world: World, mail: Message) -> None:
    """A client's mail, which the border vouches for."""
    world.sent += 1
    fields = {"From": KARIN, "To": clients.NETWORK, "Subject": "Inbjudan: Kartmöte", **PROVEN}
    fields |= {"Message-ID": f"<client-{world.sent}@example.org>", "Date": "Mon, 23 Nov 2026 10:00:00 +0100"}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if name != "Subject")
    head += "Subject: =?utf-8?q?Inbjudan:_Kartm=C3=B6te?=\r\n"
    await world.submit(head.encode() + mail.as_bytes(), clients.CALLER, [clients.NETWORK])


async def days(world: World) -> list[tuple[str, str]]:
    """State and beginning (UTC) of every meeting."""
    return [row[1:3] for row in await meetings(world)]


async def test_google(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await send(world, clients.google("20261203T130000", "20261203T143000"))
        letter = await world.letter(ANNA, "Inbjudan")
        told = calendar_of(letter)[1]
        assert (told["DTSTART"], told["DTEND"], zone(letter)) == (
            "20261203T130000", "20261203T143000", "Europe/Stockholm")  # fmt: skip
        assert (told["SUMMARY"], told["LOCATION"]) == ("Kartmöte", "Lilla salen\\, Storgatan 1")
        assert told["CONFERENCE"] == clients.MEET
        text = " ".join(letter.text.split())
        assert "Vi går igenom kartorna." in text
        assert "Lån och inköp" in text
        assert "+46 8 555 123 45" in text
        for gone in ("tok=secret", "<b>", "&nbsp", "~:~", "Ändra inte"):
            assert gone not in letter.raw.decode() + told["DESCRIPTION"] + text
        said = answered(await world.letter(KARIN, "Answer from"))
        assert (said["UID"], said["PARTSTAT"]) == ("4k2example0google@google.example.com", "ACCEPTED")
        await send(world, clients.google("20261203T130000", "20261203T143000", sequence=1, place="Stora salen"))
        assert calendar_of(await world.letter(ANNA))[1]["LOCATION"] == "Stora salen"
        await send(world, clients.google("20261204T090000", "20261204T100000", sequence=2))
        assert await days(world) == [("called", "2026-12-04 08:00")]
        await send(world, clients.google("20261204T090000", "20261204T100000", sequence=2, method="CANCEL"))
        assert await days(world) == [("cancelled", "2026-12-04 08:00")]


async def test_googles_series_that_is_cut_in_two(tmp_path: Path) -> None:
    """`This and all following` ends the old event and makes a new one."""
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        rule = "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TH"
        await send(world, clients.google("20261203T130000", "20261203T143000", more=(rule,)))
        one = "RECURRENCE-ID;TZID=Europe/Stockholm:20261210T130000"
        await send(world, clients.google("20261211T130000", "20261211T143000", sequence=1, more=(one,)))
        await send(
            world,
            clients.google(
                "20261203T130000", "20261203T143000", sequence=2,
                more=("RRULE:FREQ=WEEKLY;UNTIL=20261216T225959Z;BYDAY=TH",),
            ),
        )  # fmt: skip
        assert await days(world) == [
            ("called", "2026-12-03 12:00"), ("called", "2026-12-11 12:00"),
            ("cancelled", "2026-12-17 12:00"), ("cancelled", "2026-12-24 12:00"),
        ]  # fmt: skip
        await send(
            world,
            clients.google(
                "20261217T150000", "20261217T160000", uid="4k2example0google_R20261217T120000@google.example.com",
                more=("RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=TH",),
            ),
        )  # fmt: skip
        assert ("called", "2026-12-17 14:00") in await days(world)
        gone = ("RECURRENCE-ID;TZID=Europe/Stockholm:20261224T150000",)
        mail = clients.google(
            "20261224T150000", "20261224T160000", uid="4k2example0google_R20261217T120000@google.example.com",
            sequence=1, method="CANCEL", more=gone,
        )  # fmt: skip
        await send(world, mail)
        assert (await days(world))[-1] == ("cancelled", "2026-12-24 14:00")


async def test_apple(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await send(world, clients.apple("20261203T130000", "20261203T143000"))
        letter = await world.letter(ANNA, "Inbjudan")
        told = calendar_of(letter)[1]
        assert (told["DTSTART"], zone(letter)) == ("20261203T130000", "Europe/Oslo")
        assert told["LOCATION"] == "Deichman Bjørvika Anne-Cath. Vestlys plass 1\\, 0150 Oslo\\, Norge"
        assert told["CONFERENCE"] == clients.FACETIME
        assert "Vi ser på kartene." in letter.text
        said = answered(await world.letter(KARIN, "Answer from"))
        assert said["ORGANIZER"] == "mailto:karin@example.org"
        await send(world, clients.apple("20261203T150000", "20261203T163000", sequence=1))
        assert await days(world) == [("called", "2026-12-03 14:00")]
        await send(world, clients.apple("20261203T150000", "20261203T163000", sequence=2, method="CANCEL"))
        assert await days(world) == [("cancelled", "2026-12-03 14:00")]


async def test_apples_series_on_two_weekdays(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        rule = "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,TH;COUNT=4"
        await send(world, clients.apple("20261203T130000", "20261203T143000", more=(rule,)))
        starts = ["2026-12-03 12:00", "2026-12-08 12:00", "2026-12-10 12:00", "2026-12-15 12:00"]
        assert await days(world) == [("called", at) for at in starts]
        left_out = "EXDATE;TZID=Europe/Oslo:20261210T130000"
        mail = clients.apple("20261203T130000", "20261203T143000", sequence=1, more=(rule, left_out))
        await send(world, mail)
        assert await days(world) == [("cancelled" if at == starts[2] else "called", at) for at in starts]


async def test_exchange_with_teams(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        rule = "RRULE:FREQ=MONTHLY;UNTIL=20270305T110000Z;INTERVAL=1;BYDAY=1TH"
        file = ("Dagordning.pdf", b"%PDF-1.7 maps")
        await send(world, clients.exchange("20261203T130000", "20261203T143000", more=(rule,), file=file))
        starts = ["2026-12-03 11:00", "2027-01-07 11:00", "2027-02-04 11:00", "2027-03-04 11:00"]
        assert await days(world) == [("called", at) for at in starts]
        letter = await world.letter(ANNA, "Inbjudan")
        told = calendar_of(letter)[1]
        assert zone(letter) == "Europe/Kiev"
        assert told["CONFERENCE"] == clients.TEAMS
        assert "Mötes-ID: 123 456 789" in letter.text
        assert "_" * 20 not in letter.text
        assert attached(letter)["dagordning.pdf"] == b"%PDF-1.7 maps"
        one = "RECURRENCE-ID;TZID=FLE Standard Time:20270107T130000"
        await send(
            world, clients.exchange("20270108T090000", "20270108T100000", sequence=1, more=(one,), place="Rum 7")
        )
        assert (await days(world))[1] == ("called", "2027-01-08 07:00")
        last = "RECURRENCE-ID;TZID=FLE Standard Time:20270304T130000"
        mail = clients.exchange("20270304T130000", "20270304T143000", sequence=2, method="CANCEL", more=(last,))
        await send(world, mail)
        assert [state for state, _ in await days(world)] == ["called", "called", "called", "cancelled"]
        await send(world, clients.exchange("20261203T130000", "20261203T143000", sequence=3, method="CANCEL"))
        assert {state for state, _ in await days(world)} == {"cancelled"}
