"""Series in a caller's own calendar that go on for years, over SMTP: called as they come nearer, changed, ended."""

from __future__ import annotations

from pathlib import Path

from tests.systems.calendar_kit import (
    BORDER,
    answer,
    answered,
    calendar_of,
    event,
    invite,
    meetings,
    pair,
)
from tests.systems.test_meetings import ANNA, KARIN
from tests.systems.world import World, running

ENDLESS = "RRULE:FREQ=WEEKLY;INTERVAL=4;BYDAY=TH\r\n"
ZONED = "TZID=W. Europe Standard Time"


async def ahead(world: World) -> list[str]:
    """The days of the meetings that are called and to come."""
    return [row[2] for row in await meetings(world) if row[1] == "called"]


async def test_a_series_without_an_end_goes_on_for_more_than_a_year(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS))
        starts = ["2026-12-03 12:00", "2026-12-31 12:00", "2027-01-28 12:00", "2027-02-25 12:00"]
        assert await ahead(world) == starts  # as many as `[meetings] ahead`
        await world.pass_time(days=11)
        assert await ahead(world) == [*starts[1:], "2027-03-25 12:00"]
        for _ in range(15):
            await world.pass_time(days=28)
        # The hour stays on the caller's clock when summer comes.
        assert await ahead(world) == ["2028-02-24 12:00", "2028-03-23 12:00", "2028-04-20 11:00", "2028-05-18 11:00"]
        assert [row[1] for row in await meetings(world)].count("held") == 16
        uids = [calendar_of(one)[1]["UID"] for one in await world.inbox(ANNA) if "Inbjudan" in one.subject]
        assert len(set(uids)) == 20
        assert not [one for one in await world.inbox(KARIN) if "METHOD:REQUEST" in one.raw.decode()]
        await invite(world, event(sequence=5, more=ENDLESS), method="CANCEL")
        assert await ahead(world) == []
        for _ in range(3):
            await world.pass_time(days=28)
        assert await ahead(world) == []


async def test_what_the_caller_tells_of_times_that_are_not_called_yet_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS))
        await invite(
            world,
            event("20270326T090000", "20270326T100000", sequence=1, place="Rum 9",
                  more=f"RECURRENCE-ID;{ZONED}:20270325T130000\r\n"),
        )  # fmt: skip
        await invite(world, event(sequence=2, more=f"RECURRENCE-ID;{ZONED}:20270422T130000\r\n"), method="CANCEL")
        assert len(await ahead(world)) == 4
        await world.pass_time(days=40)  # two are over
        assert await ahead(world) == ["2027-01-28 12:00", "2027-02-25 12:00", "2027-03-26 08:00", "2027-05-20 11:00"]
        rows = await world.rows("SELECT place FROM meeting ORDER BY starts")
        assert [row["place"] for row in rows][-2:] == ["Rum 9", "Microsoft Teams-möte"]
        # All of it once more, in another room: the time that was moved stays where the caller moved it.
        await invite(world, event(sequence=3, place="Rum 2", more=ENDLESS))
        assert await ahead(world) == ["2027-01-28 12:00", "2027-02-25 12:00", "2027-03-26 08:00", "2027-05-20 11:00"]


async def test_a_time_left_out_is_cancelled_and_the_next_one_called(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS))
        left_out = f"EXDATE;{ZONED}:20261231T130000,20270422T130000\r\n"
        await invite(world, event(sequence=1, more=ENDLESS + left_out))
        assert await meetings(world) == [
            ("Kartmöte", "called", "2026-12-03 12:00", 0),
            ("Kartmöte", "cancelled", "2026-12-31 12:00", 1),  # and not moved to the new one's day
            ("Kartmöte", "called", "2027-01-28 12:00", 0),
            ("Kartmöte", "called", "2027-02-25 12:00", 0),
            ("Kartmöte", "called", "2027-03-25 12:00", 0),
        ]
        await world.pass_time(days=11)
        assert (await ahead(world))[-1] == "2027-05-20 11:00"
        # The caller wants it after all.
        await invite(world, event(sequence=2, more=ENDLESS))
        assert (await ahead(world))[:2] == ["2026-12-31 12:00", "2027-01-28 12:00"]


async def test_a_series_that_moves_as_a_whole_goes_on_at_its_new_hour(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS))
        await invite(world, event("20261204T090000", "20261204T100000", sequence=1, more=ENDLESS.replace("TH", "FR")))
        days = ["2026-12-04 08:00", "2027-01-01 08:00", "2027-01-29 08:00", "2027-02-26 08:00"]
        assert await ahead(world) == days
        assert [row[3] for row in await meetings(world)] == [1, 1, 1, 1]  # moved, not called anew
        await world.pass_time(days=12)
        assert await ahead(world) == [*days[1:], "2027-03-26 08:00"]
        # An update while one of them is held touches only those that are to come.
        await world.pass_time(days=26, hours=23, minutes=15)
        await invite(world, event("20261204T090000", "20261204T100000", sequence=2, place="Rum 3",
                                  more=ENDLESS.replace("TH", "FR") + "LAST-MODIFIED:20270101T081500Z\r\n"))  # fmt: skip
        rows = await world.rows("SELECT place, state FROM meeting ORDER BY starts")
        assert [(row["place"], row["state"]) for row in rows][:3] == [
            ("Microsoft Teams-möte", "held"), ("Microsoft Teams-möte", "called"), ("Rum 3", "called")]  # fmt: skip


async def test_an_end_that_is_told_later_is_kept_to(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS))
        await invite(world, event(sequence=1, more=ENDLESS.replace(";BYDAY", ";UNTIL=20270128T120000Z;BYDAY")))
        assert await ahead(world) == ["2026-12-03 12:00", "2026-12-31 12:00", "2027-01-28 12:00"]
        assert answered(await world.letter(KARIN, "Answer from"))["COMMENT"].endswith("one for each time.")
        for _ in range(4):
            await world.pass_time(days=28)
        assert await ahead(world) == []


async def test_a_long_series_is_called_to_its_last_time(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more="RRULE:FREQ=WEEKLY;COUNT=33;BYDAY=TH\r\n"))
        assert len(await ahead(world)) == 30
        for _ in range(9):
            await world.pass_time(days=28)
        assert [row[2] for row in await meetings(world)][-1] == "2027-07-15 11:00"
        assert {row[1] for row in await meetings(world)} == {"held"}
        assert len(await meetings(world)) == 33


async def test_a_series_ends_with_its_callers_membership(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS))
        sql = (
            "UPDATE membership SET ended_at = 1 WHERE address_id IN"
            " (SELECT id FROM address WHERE folded = 'karin@example.org')"
        )
        await world.write(lambda tx: tx.execute(sql))
        await world.pass_time(days=11)
        assert len(await ahead(world)) == 3


def apart(day: str) -> str:
    return f"RECURRENCE-ID;{ZONED}:{day}T130000\r\n"


async def test_each_time_of_a_series_counts_its_own_sequence(tmp_path: Path) -> None:
    """As in Google's and Outlook's calendars: an exception that was changed often says nothing of the next one."""
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS))
        often = event("20270101T090000", "20270101T100000", sequence=7, more=apart("20261231"))
        await invite(world, often)
        once = event("20270129T090000", "20270129T100000", sequence=1, more=apart("20270128"))
        await invite(world, once.replace("DTSTAMP:20261123T090001Z", "DTSTAMP:20261123T091000Z"))
        assert (await ahead(world))[:3] == ["2026-12-03 12:00", "2027-01-01 08:00", "2027-01-29 08:00"]
        invitation = next(one for one in await world.inbox(ANNA) if "1 januari" in one.subject)
        await answer(world, invitation, "ja")
        await world.pass_time(hours=9)
        tally = answered(await world.letter(KARIN, "Answer from"))
        assert (tally["RECURRENCE-ID"], tally["SEQUENCE"]) == ("20261231T130000", "7")
        late = event("20270102T090000", "20270102T100000", sequence=6, more=apart("20261231"))
        await invite(world, late)
        assert (await world.reasons())[-1] == "duplicate"
        await invite(world, event(sequence=2, more=apart("20270128")), method="CANCEL")
        assert "2027-01-29 08:00" not in await ahead(world)
        room = event(sequence=1, place="Rum 2", more=ENDLESS)  # all of it, of which only SEQUENCE 0 was read
        await invite(world, room)
        rows = await world.rows("SELECT place FROM meeting WHERE state = 'called' ORDER BY starts")
        assert rows[0]["place"] == "Rum 2"


async def test_times_that_are_named_by_their_day_only(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        left_out = "EXDATE;VALUE=DATE:20270128\r\n"
        await invite(world, event(more=ENDLESS + left_out))
        starts = ["2026-12-03 12:00", "2026-12-31 12:00", "2027-02-25 12:00", "2027-03-25 12:00"]
        assert await ahead(world) == starts
        day = "RECURRENCE-ID;VALUE=DATE:20261231\r\n"
        await invite(world, event("20270101T090000", "20270101T100000", sequence=1, more=day))
        assert await ahead(world) == [starts[0], "2027-01-01 08:00", *starts[2:]]
        later = "RECURRENCE-ID;VALUE=DATE:20270422\r\n"  # not called yet
        await invite(world, event(sequence=1, more=later), method="CANCEL")
        await world.pass_time(days=11)
        assert (await ahead(world))[-1] == "2027-05-20 11:00"


async def test_what_is_told_of_one_time_while_the_series_waits_for_a_yes(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await pair(world)
        await invite(world, event(more=ENDLESS), who=ANNA)  # a member: the moderator is asked
        await invite(world, event("20270101T090000", "20270101T100000", sequence=1, more=apart("20261231")), who=ANNA)
        await invite(world, event(sequence=1, more=apart("20270128")), method="CANCEL", who=ANNA)
        assert await meetings(world) == []
        question = await world.letter(KARIN)
        assert "Later ones are called as time goes on." in question.text
        await answer(world, question, "yes")
        assert await ahead(world) == ["2026-12-03 12:00", "2027-01-01 08:00", "2027-02-25 12:00", "2027-03-25 12:00"]
