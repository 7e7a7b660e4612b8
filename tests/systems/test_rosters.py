"""Capacity with a waiting list, allowed domains, trust, moderate and ban by command, withdrawing."""

from __future__ import annotations

from pathlib import Path

import msgspec

from lists import store
from mailsvc.ids import GroupId
from mailsvc.store.database import Tx
from tests.systems.world import DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"
BO = "Bo Dahl <bo@example.net>"
CAI = "Cai Eng <cai@example.net>"


async def change(world: World, group: GroupId, **settings: object) -> None:
    def unit(tx: Tx) -> None:
        now = store.group(tx, group).settings
        store.set_settings(tx, group, msgspec.structs.replace(now, **settings))

    await world.write(unit)


async def joins(world: World, who: str) -> None:
    await world.send(who, f"talk-join@{DOMAIN}")
    await world.reply(await world.letter(who, "Do you want to join"), "yes")


async def subjects(world: World, who: str) -> list[str]:
    return [letter.subject for letter in await world.inbox(who) if letter.message["List-Id"]]


async def test_a_full_group_has_a_waiting_list_that_moves_by_itself(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, join="confirm")
        await change(world, group, capacity=2)
        await joins(world, ANNA)
        await joins(world, BO)
        await joins(world, CAI)
        assert "Welcome" in (await world.inbox(ANNA))[-1].subject
        assert "number 1 on the waiting list" in (await world.inbox(BO))[-1].subject
        assert "number 2 on the waiting list" in (await world.inbox(CAI))[-1].subject
        await world.send(KARIN, f"talk@{DOMAIN}", "Post", "Text")
        assert await subjects(world, BO) == []
        await world.send(BO, f"talk@{DOMAIN}", "Not yet", "Text")
        assert await subjects(world, ANNA) == ["Post"]
        await world.send(ANNA, f"talk-leave@{DOMAIN}")
        await world.reply(await world.letter(ANNA, "Do you want to leave"), "yes")
        assert "Welcome" in (await world.inbox(BO))[-1].subject
        await world.send(KARIN, f"talk@{DOMAIN}", "Second", "Text")
        assert await subjects(world, BO) == ["Second"]
        assert await subjects(world, CAI) == []


async def test_only_allowed_domains_can_join(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, join="confirm")
        await change(world, group, allow_domains=("example.org",))
        await world.send(BO, f"talk-join@{DOMAIN}")
        assert "certain organisations" in (await world.inbox(BO))[-1].text
        await joins(world, "Eva Ek <eva@lib.example.org>")
        assert "Welcome" in (await world.inbox("eva@lib.example.org"))[-1].subject


async def test_moderators_trust_moderate_and_ban_by_command(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", "lita på bo@example.net\ngranska anna@example.com\n")
        await world.reply(await world.letter(KARIN, "Change the members"), "yes")
        await world.send(BO, f"talk@{DOMAIN}", "From Bo", "Text")
        await world.send(ANNA, f"talk@{DOMAIN}", "From Anna", "Text")
        assert await subjects(world, KARIN) == ["From Bo"]
        await world.send(KARIN, f"talk-request@{DOMAIN}", "ban bo@example.net", "")
        await world.reply(await world.letter(KARIN, "Change the members"), "yes")
        letters = len(await world.inbox(KARIN))
        await world.send(BO, f"talk@{DOMAIN}", "Again", "Text")
        assert len(await world.inbox(KARIN)) == letters
        assert (await world.reasons())[-1] == "banned"


async def test_an_author_withdraws_a_held_post(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, post="moderated")
        await world.member(group, ANNA)
        await world.member(group, BO)
        await world.send(ANNA, f"talk@{DOMAIN}", "Too early", "Text")
        held = await world.letter(ANNA, "waits for a moderator")
        await world.send(BO, f"talk-request@{DOMAIN}", f"withdraw {held.case}", "")
        assert "no matter" in (await world.inbox(BO))[-1].text
        await world.send(ANNA, f"talk-request@{DOMAIN}", f"dra tillbaka {held.case}", "")
        assert "withdrawn" in (await world.inbox(ANNA))[-1].text
        await world.reply(await world.letter(KARIN, "Too early"), "yes")
        assert await subjects(world, BO) == []


async def test_whoever_is_no_moderator_any_more_decides_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, deputy=BO)
        await world.member(group, ANNA)
        await world.send(CAI, f"talk@{DOMAIN}", "Held", "Text")
        question = await world.letter(KARIN, "Held")
        await world.send(BO, f"talk-request@{DOMAIN}", "remove karin@example.org", "")
        await world.reply(await world.letter(BO, "Change the members"), "yes")
        await world.reply(question, "Ja")
        assert await subjects(world, ANNA) == []
        assert "no longer open" in (await world.inbox(KARIN))[-1].text
        await world.reply(await world.letter(BO, "Held"), "Ja")
        assert await subjects(world, ANNA) == ["Held"]
