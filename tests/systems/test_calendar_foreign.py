"""What strangers' calendars ask of a network over SMTP: more times, times that end, names of days, files, copies."""

from __future__ import annotations

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
    pair,
)  # fmt: skip
from tests.systems.test_calendar_answers import write
from tests.systems.test_meetings import ANNA, KARIN, OLA, calendar, flat, network, standing
from tests.systems.world import World, running

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4\r\n"
ZONED = "TZID=W. Europe Standard Time"
STARTS = ["2026-12-03 12:00", "2026-12-10 12:00", "2026-12-17 12:00", "2026-12-24 12:00"]


async def days(world: World) -> list[tuple[str, str]]:
    """State and beginning (UTC) of every meeting."""
    return [row[1:3] for row in await meetings(world)]


def stamped(text: str, stamp: str) -> str:
    """An event with another DTSTAMP."""
    return "".join(
        f"DTSTAMP:{stamp}\r\n" if line.startswith("DTSTAMP") else line for line in text.splitlines(keepends=True)
    )


# ---- more times, fewer times


async def test_a_time_is_added_to_a_series(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=WEEKLY))
        await invite(world, event("20261204T130000", "20261204T143000", sequence=1), method="ADD")
        await invite(world, event("20261210T160000", "20261210T170000", sequence=2, title="Kväll"), method="ADD")
        assert [at for _, at in await days(world)] == [
            STARTS[0], "2026-12-04 12:00", STARTS[1], "2026-12-10 15:00", *STARTS[2:]]  # fmt: skip
        assert "5 meetings" not in flat(await world.letter(KARIN, "Answer from"))
        assert "Kväll" in (await world.letter(ANNA)).subject
        await invite(world, event("20261204T130000", "20261204T143000", sequence=1), method="ADD")  # once more
        assert len(await days(world)) == 6
        one = f"RECURRENCE-ID;{ZONED}:20261204T130000\r\n"
        await invite(world, event("20261204T130000", sequence=3, more=one), method="CANCEL")
        assert ("cancelled", "2026-12-04 12:00") in await days(world)


async def test_a_time_is_added_to_what_nobody_knows_and_by_whom_it_is_not(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event("20261204T130000", "20261204T143000", sequence=1), method="ADD", who=ANNA)
        assert await days(world) == []
        assert "May Anna Berg call a meeting" in (await world.letter(KARIN)).subject
        await invite(world, event("20261204T130000", "20261204T143000", sequence=1), method="ADD")
        assert await days(world) == [("called", "2026-12-04 12:00")]
        await invite(world, event("20261205T130000", "20261205T143000", sequence=9), method="ADD", who=OLA)
        await invite(world, event(sequence=9), method="ADD", who="Eve <eve@example.com>")
        assert await days(world) == [("called", "2026-12-04 12:00")]


async def test_all_that_come_after_one_are_called_off(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more="RRULE:FREQ=WEEKLY\r\n"))
        last = f"RECURRENCE-ID;RANGE=THISANDFUTURE;{ZONED}:20261217T130000\r\n"
        await invite(world, event(sequence=1, more=last), method="CANCEL")
        states = ["called", "called", "cancelled", "cancelled"]
        assert await days(world) == list(zip(states, STARTS, strict=True))
        await world.pass_time(days=30)
        assert len(await days(world)) == 4  # and it does not go on


async def test_one_and_all_that_come_after_it_are_moved(tmp_path: Path) -> None:
    """HCL Notes tells a change of the rest of a series so."""
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more="RRULE:FREQ=WEEKLY\r\n"))
        since = f"RECURRENCE-ID;RANGE=THISANDFUTURE;{ZONED}:20261217T130000\r\n"
        await invite(world, event("20261218T090000", "20261218T100000", sequence=1, place="Rum 5", more=since))
        moved = [*STARTS[:2], "2026-12-18 08:00", "2026-12-25 08:00"]
        assert await days(world) == [("called", at) for at in moved]
        values = calendar_of(await world.letter(ANNA))[1]
        assert (values["LOCATION"], values["SEQUENCE"]) == ("Rum 5", "1")
        await world.pass_time(days=25)
        assert [at for _, at in (await days(world))[-3:]] == [
            "2027-01-01 08:00", "2027-01-08 08:00", "2027-01-15 08:00"]  # fmt: skip
        one = f"RECURRENCE-ID;{ZONED}:20261231T130000\r\n"  # it keeps the name of its first time
        await invite(world, event(sequence=2, more=one), method="CANCEL")
        assert ("cancelled", "2027-01-01 08:00") in await days(world)


async def test_times_that_are_told_apart_by_their_day_are_found(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        moved = event("20261211T100000", "20261211T110000", sequence=3, more="RECURRENCE-ID;VALUE=DATE:20261210\r\n")
        off = event(sequence=1, more="RECURRENCE-ID;VALUE=DATE:20261217\r\nSTATUS:CANCELLED\r\n")
        await invite(world, event(more=WEEKLY), moved, off)
        told = [("called", STARTS[0]), ("called", "2026-12-11 09:00"), ("called", STARTS[3])]
        assert await days(world) == told
        # The whole counts its own SEQUENCE: a later message about it is not older than one about a single time.
        newer = stamped(event(place="Rum 9", more=WEEKLY), "20261123T100000Z")
        await invite(world, newer)
        assert (await world.reasons())[-1] == "answered"
        places = await world.rows("SELECT place FROM meeting ORDER BY starts")
        assert [row["place"] for row in places] == ["Rum 9", "Microsoft Teams-möte", "Rum 9"]
        assert await days(world) == told
        late = event("20261212T100000", "20261212T110000", sequence=2, more="RECURRENCE-ID;VALUE=DATE:20261210\r\n")
        await invite(world, late)
        assert (await world.reasons())[-1] == "duplicate"
        assert await days(world) == told


async def test_the_whole_comes_after_one_of_its_times(tmp_path: Path) -> None:
    """Who is invited later to a series gets it in several mails at once, in any order."""
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        one = f"RECURRENCE-ID;{ZONED}:20261210T130000\r\n"
        moved = stamped(event("20261211T100000", "20261211T110000", sequence=3, more=one), "20261123T090000Z")
        await invite(world, moved)
        assert await days(world) == [("called", "2026-12-11 09:00")]
        invited = len(await world.inbox(ANNA))
        await invite(world, event(more=WEEKLY))
        assert [at for _, at in await days(world)] == [STARTS[0], "2026-12-11 09:00", *STARTS[2:]]
        assert len(await world.inbox(ANNA)) == invited + 3  # nothing new of the one that she has got
        await invite(world, event(sequence=4, more=one), method="CANCEL")
        assert [state for state, _ in await days(world)] == ["called", "cancelled", "called", "called"]


# ---- the same event again


async def test_an_identifier_is_used_again_after_the_cancellation(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event())
        first = calendar_of(await world.letter(ANNA))[1]["UID"]
        await invite(world, event(sequence=1), method="CANCEL")
        await invite(world, event(place="Rum 7"))  # written before the cancellation, and comes late
        assert [state for state, _ in await days(world)] == ["cancelled"]
        again = stamped(event("20261208T130000", "20261208T143000"), "20261123T113000Z")
        await invite(world, again)
        assert await days(world) == [("cancelled", STARTS[0]), ("called", "2026-12-08 12:00")]
        method, values = calendar_of(await world.letter(ANNA))
        assert method == "REQUEST"
        assert values["UID"] != first
        said = answered(await world.letter(KARIN, "Answer from"))
        assert (said["UID"], said["SEQUENCE"]) == (UID, "0")


async def test_what_was_called_off_by_mail_stays_off_while_the_entry_only_stands_there(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event())
        await answer(world, await world.letter(KARIN, "has been called"), "cancel the meeting: ill", quote=False)
        mails = len(await world.inbox(ANNA))
        await invite(world, stamped(event(place="Rum 8"), "20261123T100000Z"))
        assert await days(world) == [("cancelled", STARTS[0])]
        assert len(await world.inbox(ANNA)) == mails
        await invite(world, event("20261208T130000", "20261208T143000", sequence=1))  # for another day after all
        assert await days(world) == [("cancelled", STARTS[0]), ("called", "2026-12-08 12:00")]


async def test_who_passes_on_a_called_meeting_calls_no_second_one(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event())
        before = {who: len(await world.inbox(who)) for who in (KARIN, ANNA, OLA)}
        await invite(world, event(), who=OLA)
        assert (await world.reasons())[-1] == "duplicate"
        assert len(await meetings(world)) == 1
        assert {who: len(await world.inbox(who)) for who in (KARIN, ANNA, OLA)} == before


async def test_a_cancellation_without_proof_and_one_that_names_nobody(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event())
        await invite(world, event(sequence=1), method="CANCEL", d="fail")
        assert (await world.reasons())[-1] == "unproven"
        assert await days(world) == [("called", STARTS[0])]
        lines = event(sequence=1).splitlines(keepends=True)
        nobody = "".join(line for line in lines if not line.startswith("ATTENDEE"))
        await invite(world, nobody, method="CANCEL", who=OLA)
        assert await days(world) == [("called", STARTS[0])]
        await invite(world, nobody, method="CANCEL")
        assert await days(world) == [("cancelled", STARTS[0])]


# ---- files


async def test_a_new_file_alone_reaches_who_is_invited(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event())
        await answer(world, await world.letter(ANNA), "ja")
        file = ("Karta.pdf", b"%PDF-1.7 map")
        await invite(world, stamped(event(), "20261123T100000Z"), file=file)
        letter = await world.letter(ANNA)
        assert letter.subject.startswith("Ändrat: Kartmöte")
        assert "Nytt: Bilagor." in flat(letter)
        assert attached(letter)["karta.pdf"] == b"%PDF-1.7 map"
        values = calendar_of(letter)[1]
        assert values["SEQUENCE"] == "0"
        assert (await standing(world))["anna"] == "ACCEPTED"
        assert not [one for one in await world.inbox(KARIN) if "METHOD=REQUEST" in one.raw.decode().upper()]
        mails = len(await world.inbox(ANNA))
        await invite(world, stamped(event(), "20261123T101000Z"), file=file)  # the same file again
        assert len(await world.inbox(ANNA)) == mails
        more = ("Ritning.pdf", b"%PDF-1.7 plan")
        await invite(world, stamped(event(place="Rum 8"), "20261123T102000Z"), file=more)
        assert len(await world.inbox(ANNA)) == mails + 1  # one letter says both


async def test_a_new_file_of_a_series_comes_once(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=WEEKLY))
        mails = len(await world.inbox(ANNA))
        await invite(world, stamped(event(more=WEEKLY), "20261123T100000Z"), file=("Karta.pdf", b"%PDF-1.7 map"))
        new = (await world.inbox(ANNA))[mails:]
        assert [calendar_of(one)[1]["DTSTART"] for one in new] == ["20261203T130000"]
        one = f"RECURRENCE-ID;{ZONED}:20261217T130000\r\n"
        await invite(
            world, event("20261217T130000", "20261217T143000", sequence=1, more=one), file=("B.pdf", b"%PDF-1.7 b")
        )
        assert calendar_of(await world.letter(ANNA))[1]["DTSTART"] == "20261217T130000"


# ---- hostile


async def test_calendars_that_nobody_can_work_out_are_asked_about(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        rules = [
            "RRULE:FREQ=SECONDLY;COUNT=999999999", "RRULE:FREQ=YEARLY;BYDAY=" + ",".join(["5SU"] * 500),
            "RRULE:FREQ=DAILY;INTERVAL=0", "RRULE:" + "FREQ=DAILY;" * 5000,
        ]  # fmt: skip
        for number, rule in enumerate(rules):
            await invite(world, event(more=f"{rule}\r\n").replace(UID, f"hostile-{number}"))
            assert (await world.reasons())[-1] == "meeting-called"  # asked about, and nobody is invited
        assert not [one for one in await world.inbox(ANNA) if "Inbjudan" in one.subject]
        times = ",".join(f"2027{month:02}{day:02}T120000Z" for month in range(1, 13) for day in range(1, 28))
        await invite(world, event(more=f"RDATE:{times}\r\nRRULE:FREQ=DAILY;UNTIL=20991231T000000Z\r\n"))
        assert len(await meetings(world)) == 30  # as many as one call may have
        for body in (b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n" + b"BEGIN:VEVENT\r\n" * 30_000, b"\x00\xff" * 5000):
            part = b"Content-Type: text/calendar; method=REQUEST\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            fields = "".join(f"{name}: {value}\r\n" for name, value in PROVEN.items())
            if b"\x00" not in body:
                await write(world, part + body, "maps@networks.example.org", sender=KARIN, fields=fields)
        assert len(await meetings(world)) == 30
        assert calendar((await world.inbox(ANNA))[-1])[0] == "REQUEST"


async def test_two_networks_that_one_entry_invites_do_not_clash(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        other = await world.group("books", title="Books network", moderator=KARIN)
        await world.member(other, ANNA, language="sv")
        both = event(attendees=("books@networks.example.org",))
        await invite(world, both)
        await invite(world, both, to="books@networks.example.org")
        assert [state for state, _ in await days(world)] == ["called", "called"]
        assert not [one for one in await world.inbox(KARIN) if "another meeting" in one.subject]
        elsewhere = event(title="Bokmöte", attendees=("books@networks.example.org",)).replace(UID, "another")
        await invite(world, elsewhere, to="books@networks.example.org")
        assert "Some have another meeting then" in (await world.letter(KARIN, "another meeting")).subject
