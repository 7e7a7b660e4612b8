"""Items for agendas as people write them: letters around them, lists from phones, second thoughts, too late."""

from __future__ import annotations

from pathlib import Path

from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle, settings
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.world import Letter, World, running

PHONE = (
    "<div>Hei,<br><br>jeg vil gjerne ta opp:<ul><li>Benker</li><li>Skygge</li></ul><p>Mvh<br>Ola</p>"
    "<div>Sendt fra min iPhone</div></div>"
)


async def asked(world: World) -> None:
    """Items are asked for on Monday, three working days before the meeting of 3 December."""
    await settings(world, await circle(world, kind="network"), agenda_call=3)
    await called(world)
    await world.pass_time(days=7)


async def told(world: World, who: str, subject: str) -> list[Letter]:
    return [one for one in await world.inbox(who) if subject in one.subject]


async def test_greetings_and_signatures_are_no_items(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        call = await world.letter(ANNA, "Punkter")
        await world.reply(
            call, "Hej Karin!\n\n1. Gården på vintern\n2. Nycklar\n\nMed vänlig hälsning\nAnna Berg\n070-12"
        )
        (kept,) = await told(world, ANNA, "Till dagordningen")
        assert "> 1. Gården på vintern" in kept.text
        assert "Anna Berg" not in kept.text
        assert "Det här står på dagordningen som alla får onsdag 2 december 2026 kl. 08.00" in flat(kept)
        ola = await world.letter(OLA, "dagsorden")
        await world.send(OLA, ola.reply_to, f"SV: {ola.subject}", html=PHONE)
        await world.reply(await world.letter(METTE, "dagsorden"), "Nej tak, intet fra mig denne gang.\nVh Mette")
        assert "så skriver vi ikke noget op fra dig" in flat(await world.letter(METTE, "Til dagsordenen"))
        await world.pass_time(days=2)
        agenda = (await world.letter(METTE, "Dagsorden:")).text
        assert "> 2. Nycklar" in agenda
        assert "> - Benker" in agenda
        assert "iPhone" not in agenda
        assert "Mette" not in agenda


async def test_a_second_thought_is_added_and_nothing_takes_all_off(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        call = await world.letter(ANNA, "Punkter")
        await world.reply(call, "Vinter")
        await world.reply(call, "Jag vill också ta upp staketet")
        last = (await told(world, ANNA, "Till dagordningen"))[-1].text
        assert "> Vinter" in last
        assert "> Jag vill också ta upp staketet" in last
        await world.reply(call, "Vinter")  # sent twice, it stands there once
        assert (await told(world, ANNA, "Till dagordningen"))[-1].text.count("Vinter") == 1
        await world.reply(call, "Nej, inget från mig ändå")
        assert "Det du hade skrivit är borttaget" in flat((await told(world, ANNA, "Till dagordningen"))[-1])
        await world.pass_time(days=2)
        assert "Vinter" not in (await world.letter(OLA, "Dagsorden")).text


async def test_an_item_that_comes_too_late_goes_to_whoever_called(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.pass_time(days=2)
        assert await told(world, ANNA, "Dagordning")
        await world.reply(await world.letter(ANNA, "Punkter"), "Hej!\nNycklar till förrådet")
        assert "Karin Holm, som har kallat till mötet, har fått veta" in flat(
            await world.letter(ANNA, "Till dagordningen")
        )
        (one,) = await told(world, KARIN, "One more item, from Anna Berg")
        assert "> Nycklar till förrådet" in one.text
        await world.reply(await world.letter(KARIN, "has been called"), "When: 2026-12-10 13:00\n")
        await world.pass_time(days=7)
        assert "Nycklar" in (await told(world, OLA, "Dagsorden"))[-1].text, "the agenda goes out once more"
        await world.pass_time(days=2)
        before = len(await world.inbox(KARIN))
        await world.reply(await world.letter(ANNA, "Punkter"), "Mer")
        assert len(await world.inbox(KARIN)) == before
