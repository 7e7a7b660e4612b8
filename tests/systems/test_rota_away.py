"""Introductions of those who do not come: given on in turn, the caller told; each is told by when to answer."""

from __future__ import annotations

from pathlib import Path

from tests.systems import test_b_network_groups
from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle, settings
from tests.systems.test_meetings import NORDIC, answer_by_calendar, flat
from tests.systems.world import Letter, World, running


async def asked(world: World) -> None:
    """A circle with introductions has a meeting on 3 December, and Anna has been asked."""
    group = await circle(world)
    await settings(world, group, introductions=True)
    await called(world)


async def introductions(world: World) -> dict[str, str]:
    """Who was asked, by their first names."""
    found = await test_b_network_groups.introductions(world)
    return {name.split()[0].lower(): state for name, state in found.items()}


async def about(world: World, who: str, subject: str) -> list[Letter]:
    return [one for one in await world.inbox(who) if subject in one.subject]


async def test_the_letter_says_by_when_and_what_happens_else(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        anna = await world.letter(ANNA, "Din tur")
        assert "Svara senast fredag 27 november 2026 kl. 10.00; annars frågar vi nästa i tur." in flat(anna)
        await world.reply(anna, "byt med Mette")
        mette = flat(await world.letter(METTE, "bytte"))
        assert "Svar senest fredag den 27. november 2026 kl. 10.00; ellers bliver Anna Berg spurgt igen." in mette
        await world.pass_time(days=4, hours=2)  # Mette is silent, so Anna is asked once more
        assert "Mette Juhl kan inte byta med dig" in flat(await world.letter(ANNA, "Din tur"))


async def test_who_declines_the_meeting_gives_the_turn_on(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(ANNA, "Din tur"), "ja")
        assert await about(world, KARIN, "Anna Berg introduces")
        await answer_by_calendar(world, await world.letter(ANNA, "Inbjudan"), "DECLINED")
        assert await introductions(world) == {"anna": "refused", "ola": "asked"}
        assert "Ola" not in flat((await about(world, KARIN, "Anna Berg does not introduce"))[0])
        told = await world.letter(ANNA, "Du behöver inte inleda")
        assert "Är det annorlunda, svara på det här brevet" in flat(told)
        await world.reply(await world.letter(OLA, "Din tur"), "ja")
        await world.reply(told, "ja")  # too late: somebody else does it now
        assert await introductions(world) == {"anna": "refused", "ola": "yes"}
        assert await about(world, ANNA, "Ola Nordmann inleder")


async def test_who_introduces_all_the_same_says_so(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(ANNA, "Inbjudan"), "nej, på tåget")  # asked, and does not come
        assert await introductions(world) == {"anna": "refused", "ola": "asked"}
        assert not await about(world, KARIN, "does not introduce"), "she has not said yes yet"
        await world.reply(await world.letter(ANNA, "Du behöver inte inleda"), "ja")
        assert await introductions(world) == {"anna": "yes", "ola": "silent"}
        assert await about(world, OLA, "Anna Berg innleder")
        assert await about(world, KARIN, "Anna Berg introduces")


async def test_nobody_who_has_declined_is_asked_and_a_late_yes_is_no_less_welcome(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(OLA, "Invitasjon"), "nei")
        await world.reply(await world.letter(ANNA, "Din tur"), "inte jag")
        assert await introductions(world) == {"anna": "refused", "mette": "asked"}
        await world.reply(await world.letter(METTE, "Din tur"), "ikke mig")
        assert await about(world, KARIN, "Nobody introduces yet")
        await world.reply(await world.letter(ANNA, "Din tur"), "Ja, jag kan ändå!")
        assert (await introductions(world))["anna"] == "yes"
        assert await about(world, KARIN, "Anna Berg introduces")


async def test_a_swap_that_fails_goes_on_where_the_first_one_does_not_come(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(ANNA, "Inbjudan"), "ja")
        await world.reply(await world.letter(ANNA, "Din tur"), "byt med Mette")
        await world.reply(await world.letter(ANNA, "Inbjudan"), "nej")
        assert await introductions(world) == {"anna": "asked"}
        await world.reply(await world.letter(METTE, "bytte"), "nej")
        assert await introductions(world) == {"anna": "refused", "ola": "asked"}


async def test_limited_places_are_told_in_the_invitation(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\nRoom for: 12\n")
        assert "Det finns 12 platser. De som tackar ja först får dem" in flat(await world.letter(ANNA, "Inbjudan"))
        assert "places" not in flat(await world.letter(KARIN, "Invitation"))
        await called(
            world, "When: 2026-12-04 13:00-14:30\nWhere: Room 4, https://x.example.org/1\nRoom for: 1\n", "Two"
        )
        assert "Der er 1 plads i lokalet." in flat(await world.letter(METTE, "Two"))


async def test_who_waits_for_a_swap_can_still_change_their_mind(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        turn = await world.letter(ANNA, "Din tur")
        await world.reply(turn, "byt med Mette")
        swap = await world.letter(METTE, "bytte")
        await world.reply(turn, "Ja, jag gör det själv")  # they do it themselves
        assert await introductions(world) == {"anna": "yes"}
        assert await about(world, METTE, "Anna Berg holder oplæg"), "she need not answer any more"
        assert await about(world, KARIN, "Anna Berg introduces")
        await world.reply(swap, "ja")
        assert await introductions(world) == {"anna": "yes"}


async def test_another_name_or_none_while_somebody_is_asked_to_swap(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        turn = await world.letter(ANNA, "Din tur")
        await world.reply(turn, "byt med Mette")
        await world.reply(turn, "byt med Eva")
        assert "Vi vet inte vem du vill byta med" in flat(await world.letter(ANNA, "Din tur"))
        await world.reply(await world.letter(ANNA, "Din tur"), "byt med Ola")
        await world.reply(await world.letter(METTE, "bytte"), "ja")  # she is not asked any more
        assert (await introductions(world)).get("mette") is None
        await world.reply(await world.letter(OLA, "bytte"), "ja")
        assert await introductions(world) == {"anna": "swapped", "ola": "yes"}


async def test_a_swap_that_is_agreed_to_late_is_welcome(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(ANNA, "Din tur"), "byt med Mette")
        await world.pass_time(days=4, hours=2)  # Anna has been asked again
        await world.reply(await world.letter(METTE, "bytte"), "Ja, gerne")
        assert (await introductions(world))["mette"] == "yes"
        assert await about(world, ANNA, "Mette Juhl inleder")
        assert await about(world, KARIN, "Mette Juhl introduces")
