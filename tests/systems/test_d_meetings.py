"""A learning workplace (system D): staff meetings every second week with standing items, reflection in between."""

from __future__ import annotations

from pathlib import Path

from tests.systems.test_b_network_groups import settings
from tests.systems.test_meetings import NORDIC, calendar, flat
from tests.systems.world import World, running

EVA = "Eva Lind <eva@example.org>"
ANNA = "Anna Berg <anna@example.org>"
OLA = "Ola Nordmann <ola@example.org>"
DESK = "staff-meeting@networks.example.org"


async def workplace(world: World) -> int:
    """Eva leads the workplace; Anna and Ola work there."""
    group = await world.group("staff", title="Biblioteket i Ås", kind="workplace", language="sv")
    await world.member(group, EVA, role="chair", language="sv")
    await world.member(group, ANNA, language="sv")
    await world.member(group, OLA, language="nb")
    return int(group)


async def called(world: World, text: str, subject: str = "Personal") -> None:
    await world.send(EVA, DESK, subject, text)
    await world.reply(await world.letter(EVA), "ja")


async def starts(world: World, state: str = "called") -> list[str]:
    """The coming meetings as `2026-12-03T13:00 title`, in Stockholm's winter time."""
    rows = await world.rows(
        "SELECT strftime('%Y-%m-%d %H:%M', starts / 1000000 + 3600, 'unixepoch') AS at, title FROM meeting"
        " WHERE state = :state ORDER BY starts",
        state=state,
    )
    return [f"{row['at']} {row['title']}" for row in rows]


async def test_a_series_is_called_as_one_and_changed_one_by_one(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await workplace(world)
        await called(world, "När: 2026-12-09 13.00-14.30\nUpprepa: varje vecka, 4 gånger\nVar: Sal 4\n")
        letter = await world.letter(EVA, "är utlysta")
        assert "onsdag 9 december 2026 (v. 50) kl. 13.00–14.30" in flat(letter)
        assert "Onsdag 6 januari" not in flat(letter)
        assert await starts(world) == [
            *("2026-12-09 13:00 Personal", "2026-12-16 13:00 Personal", "2026-12-23 13:00 Personal"),
            "2026-12-30 13:00 Personal",
        ]
        assert len([one for one in await world.inbox(ANNA) if one.subject.startswith("Inbjudan")]) == 4
        assert len([one for one in await world.inbox(EVA) if "utlyst" in one.subject]) == 1, "one receipt for all"
        await world.reply(letter, "Hej!\nStäll in 23/12: alla är lediga\nFlytta 30 december till 4 januari 14.00\n/Eva")
        assert await starts(world) == [
            *("2026-12-09 13:00 Personal", "2026-12-16 13:00 Personal", "2027-01-04 14:00 Personal"),
        ]
        gone = await world.letter(OLA, "Avlyst")
        assert calendar(gone)[0] == "CANCEL"
        assert "alla är lediga" in flat(gone)
        moved = await world.letter(ANNA, "Ny tid")
        assert calendar(moved)[1]["DTEND"] == "20270104T153000", "as long as before"
        assert "Du har flyttat det här mötet" in flat(await world.letter(EVA, "Ny tid"))
        again = await world.letter(EVA, "är ändrade")
        assert "måndag 4 januari 2027" in flat(again)
        await world.reply(again, "Var: Sal 7")
        rows = await world.rows("SELECT DISTINCT place FROM meeting WHERE state = 'called'")
        assert rows == [{"place": "Sal 7"}]
        await world.reply(await world.letter(EVA, "är ändrade"), "ställ in 24 december")
        assert "det finns inget möte den dagen" in flat(await world.letter(EVA, "en fråga först"))
        await world.reply(await world.letter(EVA, "en fråga först"), "Ställ in alla")
        assert await starts(world) == []
        assert "Alla kommande möten" in flat(await world.letter(EVA, "inställda"))


async def test_holidays_are_left_out_and_told(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await workplace(world)
        await called(world, "När: 2026-12-18 9-10 varje vecka, 3 gånger\n")
        assert "fredag 25 december 2026" in flat(await world.letter(EVA, "är utlysta"))
        assert [one[:10] for one in await starts(world)] == ["2026-12-18", "2027-01-08", "2027-01-15"]


async def test_two_meetings_take_turns_until_further_notice(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await workplace(world)
        rule = "varje vecka tills vidare, växelvis personalmöte, reflektionsmöte"
        await called(world, f"När: tisdag 1 december kl 9-10\nUpprepa: {rule}\n", "")
        letter = await world.letter(EVA, "är utlysta")
        assert "tills vidare: 4 möten" in flat(letter)
        assert await starts(world) == [
            *("2026-12-01 09:00 personalmöte", "2026-12-08 09:00 reflektionsmöte"),
            *("2026-12-15 09:00 personalmöte", "2026-12-22 09:00 reflektionsmöte"),
        ]
        await world.pass_time(days=8, hours=2)  # the first is over: one more is called
        assert (await starts(world))[-1] == "2026-12-29 09:00 personalmöte"
        await world.pass_time(days=30)
        coming = await starts(world)
        assert len(coming) == 4
        assert coming[0] == "2027-01-05 09:00 reflektionsmöte"
        assert len(await starts(world, "held")) == 5
        await world.reply(letter, "stopp")
        assert await starts(world) == []


async def test_standing_items_and_what_members_want_make_the_agenda(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await workplace(world)
        await settings(world, group, agenda_call=3)
        text = "När: 2026-12-09 13.00-14.30 varje vecka, 2 gånger\nFasta punkter: Nytt från ledningen\nArbetsmiljö\n"
        await called(world, text)
        await world.pass_time(days=11)  # Friday 4 December
        ask = await world.letter(OLA, "Saker til dagsordenen")
        assert "Arbetsmiljö" in flat(ask)
        await world.reply(ask, "Taket lekker over kartsalen.")
        await world.reply(await world.letter(ANNA, "Punkter till dagordningen"), "Nycklarna")
        await world.pass_time(days=4)
        agenda = await world.letter(ANNA, "Dagordning")
        assert "onsdag 9 december" in agenda.subject
        assert "Taket lekker over kartsalen." in flat(agenda)
        assert "Nytt från ledningen" in flat(agenda)
        assert len([one for one in await world.inbox(ANNA) if "Dagordning" in one.subject]) == 1
        await world.pass_time(days=7)
        later = await world.letter(ANNA, "Dagordning")
        assert "onsdag 16 december" in later.subject
        assert "Taket lekker" not in flat(later)
        assert "Arbetsmiljö" in flat(later), "every time"


async def test_a_whole_series_moves_to_another_hour(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await workplace(world)
        await called(world, "När: 2026-12-09 13.00-14.30\nUpprepa: varannan vecka tills vidare\n")
        letter = await world.letter(EVA, "är utlysta")
        before = calendar(await world.letter(ANNA, "Inbjudan"))[1]
        await world.reply(letter, "När: onsdagar 10.00")
        assert "bara ett klockslag" in flat(await world.letter(EVA, "en fråga först"))
        await world.reply(letter, "När: 2")
        assert "förmiddag eller eftermiddag" in flat(await world.letter(EVA, "en fråga först"))
        assert [one.subject for one in await world.inbox(ANNA) if "Ny tid" in one.subject] == []
        await world.reply(await world.letter(EVA, "en fråga först"), "När: 8.30\nVar: Sal 4")
        days = ["2026-12-09", "2026-12-23", "2027-01-20", "2027-02-03"]  # 6 January is a holiday
        assert await starts(world) == [f"{day} 08:30 Personal" for day in days]
        after = calendar(await world.letter(ANNA))[1]
        assert (after["UID"], after["DTSTART"], after["DTEND"]) == (before["UID"], "20270203T083000", "20270203T100000")
        assert after["LOCATION"] == "Sal 4"
        assert "onsdag 9 december 2026 (v. 50) kl. 8.30" in flat(await world.letter(EVA, "är ändrade")).replace(
            "08", "8"
        )
        await world.pass_time(days=18)
        assert (await starts(world))[-1] == "2027-02-17 08:30 Personal"  # so are those that are called later
