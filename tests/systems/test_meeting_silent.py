"""Who has not answered an invitation is asked once more before the day of `Answer by:`; over SMTP, virtual clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.test_meetings import (
    ANNA,
    KARIN,
    METTE,
    NORDIC,
    OLA,
    answer_by_calendar,
    called,
    flat,
    network,
    standing,
)
from tests.systems.world import Letter, World, running

ASKED = ("Do you come?", "Kommer du?", "Kjem du?")
CALL = "When: 2026-12-10 13:00-14:30\nWhere: Room 4\nAnswer by: 2026-12-03\n"  # a Thursday
WEDNESDAY = {"days": 8, "hours": 22, "minutes": 30}  # 2 December at half past eight in Stockholm


async def asked(world: World, who: str) -> list[Letter]:
    return [one for one in await world.inbox(who) if one.subject.startswith(ASKED)]


async def test_only_the_silent_are_asked_and_only_once(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        await world.reply(await world.letter(OLA), "kanskje")
        await answer_by_calendar(world, await world.letter(METTE), "DECLINED")
        await world.pass_time(days=8, hours=21)
        assert await asked(world, ANNA) == []
        await world.pass_time(hours=1, minutes=30)
        (letter,) = await asked(world, ANNA)
        assert letter.subject.startswith("Kommer du? Map meeting, torsdag 10 december 2026 (v. 50) kl. 13.00–14.30")
        assert "Svara senast torsdag 3 december 2026" in flat(letter)
        assert [await asked(world, who) for who in (KARIN, OLA, METTE)] == [[], [], []]
        await world.reply(letter, "ja, digitalt")
        assert (await standing(world))["anna"] == "ACCEPTED online"
        await world.pass_time(days=3)
        assert len(await asked(world, ANNA)) == 1


async def test_when_all_have_answered_nobody_is_asked(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        for who in (ANNA, OLA, METTE):
            await world.reply(await world.letter(who), "nej" if who != OLA else "nei")
        await world.pass_time(days=12)
        assert [await asked(world, who) for who in (ANNA, KARIN, OLA, METTE)] == [[], [], [], []]


async def test_a_change_of_place_asks_no_second_time_and_a_new_time_does(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        await world.pass_time(**WEDNESDAY)
        await world.reply(await world.letter(KARIN, "has been called"), "Where: Room 5\n")
        await world.pass_time(hours=23, minutes=45)  # eight on the last day
        assert len(await asked(world, ANNA)) == 1
        receipt = await world.letter(KARIN, "has been changed")
        await world.reply(receipt, "When: 2026-12-17 13:00-14:30\nAnswer by: 2026-12-14\n")
        await world.pass_time(days=8)
        assert len(await asked(world, ANNA)) == 2
        assert "17 december" in (await asked(world, ANNA))[1].subject


async def test_who_was_invited_today_is_not_asked_tomorrow_at_eight_but_on_the_last_day(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL.replace("2026-12-03", "2026-11-24"))  # tomorrow
        await world.pass_time(hours=20)
        assert await asked(world, ANNA) == []
        await world.pass_time(hours=3)
        assert len(await asked(world, ANNA)) == 1


@pytest.mark.parametrize("answer_by", ["", "Answer by: 2026-11-23\n"])
async def test_without_a_day_or_time_for_it_nobody_is_asked(tmp_path: Path, answer_by: str) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, f"When: 2026-12-10 13:00-14:30\nWhere: Room 4\n{answer_by}")
        await world.pass_time(days=16)
        assert await asked(world, ANNA) == []


async def test_meetings_of_one_call_are_asked_about_in_one_letter(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(
            world, "When: 2026-12-10 13:00-14:30\nRepeat: every week, 3 times\nAnswer by: 2026-12-03\n", "Maps"
        )
        invitations = [one for one in await world.inbox(ANNA) if one.subject.startswith("Inbjudan")]
        assert len(invitations) == 3
        await world.reply(invitations[0], "ja")
        await world.pass_time(**WEDNESDAY)
        (letter,) = await asked(world, ANNA)
        assert letter.subject.startswith("Kommer du? 2 möten")
        (three,) = await asked(world, OLA)
        assert three.subject.startswith("Kommer du? 3 møter")
        await world.reply(letter, "1 ja, 2 nej")
        rows = await world.rows(
            "SELECT i.partstat FROM invitee i JOIN meeting m ON m.id = i.meeting_id"
            " WHERE i.address = 'anna@example.org' ORDER BY m.starts"
        )
        assert [row["partstat"] for row in rows] == ["ACCEPTED", "ACCEPTED", "DECLINED"]


async def test_whom_the_monday_letter_has_asked_gets_no_letter_of_its_own(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(ANNA, "maps-request@networks.example.org", "min vecka på")
        await called(world, CALL)
        await world.pass_time(days=6, hours=23)
        monday = await world.letter(ANNA, "Din vecka")
        assert "Svara senast torsdag 3 december 2026" in flat(monday)
        await world.pass_time(days=2)
        assert await asked(world, ANNA) == []
        assert len(await asked(world, OLA)) == 1
