"""A meeting called from a calendar is changed by mail: the caller's own entry does not change, and they are told so."""

from __future__ import annotations

from pathlib import Path

from tests.systems.calendar_kit import (
    BORDER,
    UID,
    answer,
    answered,
    event,
    invite,
    meetings,
    proposal,
)
from tests.systems.test_meetings import ANNA, KARIN, calendar, flat, network, standing
from tests.systems.world import World, running

NOT_YET = "Not yet changed in your own calendar"
STILL = "Still in your own calendar"


async def count(world: World, who: str) -> int:
    return len(await world.inbox(who))


async def test_a_new_time_is_proposed_to_the_callers_calendar_and_nobody_is_asked_twice(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event(attendees=("ola@example.org",)))
        await answer(world, await world.letter(KARIN, "has been called"), "When: 2026-12-04 14:00-15:30", quote=False)
        assert await meetings(world) == [("Kartmöte", "called", "2026-12-04 13:00", 1)]
        letter = await world.letter(KARIN, NOT_YET)
        method, said = proposal(letter)
        assert method == "COUNTER"
        assert (said["UID"], said["SEQUENCE"]) == (UID, "0"), "the caller's own, not ours"
        assert said["DTSTART"] == "20261204T140000"
        assert (said["X-MS-OLK-ORIGINALSTART"], said["X-MS-OLK-ORIGINALEND"]) == (
            *("20261203T120000Z", "20261203T133000Z"),
        )
        assert said["ORGANIZER"] == "mailto:karin@example.org"
        assert said["ATTENDEE"] == "mailto:maps@networks.example.org"
        assert said["PARTSTAT"] == "TENTATIVE"
        assert "maps@networks.example.org" in str(letter.message["From"])
        assert "When: Friday 4 December 2026 (week 49) at 14:00–15:30" in flat(letter)
        assert "Thursday 3 December 2026" in flat(letter), "what stands there now"
        assert "1 person has the meeting from your calendar alone" in flat(letter)
        # Karin accepts it: her calendar says the same now, and nobody hears of it again
        await answer(world, await world.letter(ANNA, "Ny tid"), "ja")
        before = await count(world, ANNA)
        await invite(world, event("20261204T140000", "20261204T153000", sequence=1, attendees=("ola@example.org",)))
        assert await count(world, ANNA) == before
        assert (await standing(world))["anna"] == "ACCEPTED"
        assert len([one for one in await world.inbox(KARIN) if NOT_YET in one.subject]) == 1
        assert answered(await world.letter(KARIN, "Answer from"))["SEQUENCE"] == "1"


async def test_a_new_room_is_told_in_words_and_the_calendar_does_not_take_it_back(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event())
        await answer(world, await world.letter(KARIN, "has been called"), "Where: Rum 9", quote=False)
        letter = await world.letter(KARIN, NOT_YET)
        assert proposal(letter)[0] == "", "a proposal of the same time would only ask for trouble"
        assert "Where: Rum 9" in flat(letter)
        # she adds a line to the text in her calendar, which still says the old room
        await invite(world, event(text="Ta med kartor.\\n", more="LAST-MODIFIED:20261123T100000Z\r\n"))
        rows = await world.rows("SELECT place, agenda FROM meeting")
        assert rows == [{"place": "Rum 9", "agenda": "Ta med kartor."}]
        # now the room itself is changed there: the newest word counts
        await invite(world, event(place="Rum 2", text="Ta med kartor.\\n", sequence=1))
        assert (await world.rows("SELECT place FROM meeting"))[0]["place"] == "Rum 2"
        assert len([one for one in await world.inbox(KARIN) if NOT_YET in one.subject]) == 1


async def test_one_of_a_series_is_named_and_calling_off_by_mail_is_told(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event(more="RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=TH\r\n"))
        first = await world.letter(ANNA, "torsdag 10 december")
        proposed = dict(calendar(first)[1])
        assert proposed["DTSTART"] == "20261210T130000"
        cases = [row["case_id"] for row in await world.rows("SELECT case_id FROM meeting ORDER BY starts")]
        await world.send(KARIN, "maps-request@networks.example.org", f"withdraw {cases[1]}")
        assert [row[1] for row in await meetings(world)] == ["called", "cancelled"]
        letter = await world.letter(KARIN, STILL)
        method, said = proposal(letter)
        assert (method, said["PARTSTAT"]) == ("REPLY", "DECLINED")
        assert said["RECURRENCE-ID"] == "20261210T130000"
        assert "The meeting on Thursday 10 December 2026" in said["COMMENT"]
        # what her calendar calls off itself is told to nobody as news
        await invite(world, event(sequence=2, more="RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=TH\r\n"), method="CANCEL")
        assert [row[1] for row in await meetings(world)] == ["cancelled", "cancelled"]
        assert len([one for one in await world.inbox(KARIN) if STILL in one.subject]) == 1
