"""The end of a circle as people meet it: what came of it in two mails, and another meeting called after all."""

from __future__ import annotations

from pathlib import Path

from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.world import World, running


async def days(world: World, count: int) -> None:
    for _ in range(count):
        await world.pass_time(days=1)


async def ending(world: World) -> None:
    """The circle's last meeting was a week ago: Karin is asked what came of it, the others whether they go on."""
    await circle(world)
    await called(world)
    await days(world, 19)


async def states(world: World) -> tuple[object, object]:
    groups = await world.rows("SELECT state FROM groups WHERE name = 'yards'")
    cases = await world.rows("SELECT state FROM cases WHERE kind = 'circle-end'")
    return groups[0]["state"], cases[0]["state"]


async def test_what_came_of_it_is_gathered_from_both_mails(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await ending(world)
        asked = await world.letter(KARIN, "What came of it?")
        await world.reply(asked, "Hi!\n\nA handbook of school yards.\n\nBest regards\nKarin Holm")
        await world.reply(asked, "Its pictures lie on the intranet, under Building.")
        await days(world, 15)
        decides = await world.letter(KARIN, "Does School yards go on?")
        assert "A handbook of school yards. > > Its pictures lie on the intranet" in flat(decides)
        assert "Hi!" not in decides.text
        await world.reply(decides, "no")
        over = flat(await world.letter(METTE, "School yards"))
        assert "A handbook of school yards." in over
        assert (await states(world))[0] == "closed"


async def test_another_meeting_decides_that_it_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await ending(world)
        for who, word in ((ANNA, "nej tack"), (OLA, "Nei, det holder"), (METTE, "nej")):
            question = [one for one in await world.inbox(who) if "? School yards" in one.subject][-1]
            await world.reply(question, word)
        await called(world, "When: 2027-02-04 13:00-14:30\nWhere: Room 4\n", "Once more")
        await days(world, 16)
        assert await states(world) == ("open", "goes-on")
        assert not [one for one in await world.inbox(KARIN) if "Does School yards go on?" in one.subject]
        assert "fortsätter" in (await world.letter(ANNA, "School yards")).subject
