"""`group hold`: an emergency stop of one group, in the middle of everything, and its end."""

from __future__ import annotations

import re
from pathlib import Path

from lists import store
from lists.groups import holding
from mailsvc.ids import GroupId
from tests.systems.world import DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"
BO = "Bo Dahl <bo@example.net>"


async def _subjects(world: World, who: str) -> list[str]:
    return [letter.subject for letter in await world.inbox(who) if letter.message["List-Id"]]


async def _hold(world: World, group: GroupId) -> int:
    return await world.write(lambda tx: holding.hold(tx, store.group(tx, group)))


async def _let_go(world: World, group: GroupId) -> holding.LetGo | None:
    registry = world.service.registry
    done = await world.write(lambda tx: holding.let_go(tx, store.group(tx, group), registry))
    await world.settle()
    return done


async def test_posts_wait_unanswered_and_are_handled_in_order_afterwards(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        other = await world.group("other", moderator=KARIN)
        await world.member(group, ANNA)
        await world.member(other, ANNA)
        assert await _hold(world, group) == 0
        await world.send(ANNA, f"talk@{DOMAIN}", "First", "Text")
        await world.send(BO, f"talk@{DOMAIN}", "From outside", "Text")
        await world.send(ANNA, f"talk@{DOMAIN}", "Second", "Text")
        await world.send(ANNA, f"other@{DOMAIN}", "Elsewhere", "Text")
        assert await world.reasons() == ["held-group", "held-group", "held-group", "posted"]
        assert await _subjects(world, KARIN) == ["Elsewhere"]
        assert len(await world.inbox(KARIN)) == 1
        assert await world.inbox(BO) == []
        await world.pass_time(days=40)  # longer than quarantine keeps anything
        assert await _let_go(world, group) == holding.LetGo(0, 3)
        assert (await _subjects(world, KARIN))[1:] == ["First", "Second"]
        assert await world.reasons() == ["posted", "held", "posted", "posted"]
        assert await _let_go(world, group) is None


async def test_commands_and_answers_go_on_and_what_is_approved_waits(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(BO, f"talk@{DOMAIN}", "From outside", "Text")
        question = await world.letter(KARIN, "#")
        assert re.search(r"\[#\d+\]", question.subject)
        await _hold(world, group)
        await world.reply(question, "Yes")
        await world.send(ANNA, f"talk-request@{DOMAIN}", "who", "")
        assert "answered" in await world.reasons()
        assert "commands-done" in await world.reasons()
        assert await _subjects(world, ANNA) == []
        assert await world.rows("SELECT state FROM outgoing WHERE kind = 'post'") == [{"state": "paused"}]
        assert await _let_go(world, group) == holding.LetGo(1, 0)
        assert await _subjects(world, ANNA) == ["From outside"]


async def test_a_second_hold_changes_nothing_and_other_groups_are_not_let_go(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        groups = [await world.group(name, moderator=KARIN) for name in ("talk", "other")]
        for group in groups:
            await _hold(world, group)
        since = (await world.rows("SELECT held_at FROM groups ORDER BY id"))[0]["held_at"]
        await world.pass_time(hours=1)
        await _hold(world, groups[0])
        assert (await world.rows("SELECT held_at FROM groups ORDER BY id"))[0]["held_at"] == since
        await world.send(KARIN, [f"talk@{DOMAIN}"], "To talk", "Text")
        await world.send(KARIN, [f"other@{DOMAIN}"], "To other", "Text")
        assert await _let_go(world, groups[0]) == holding.LetGo(0, 1)
        assert await _subjects(world, KARIN) == ["To talk"]
        assert await world.reasons() == ["posted", "held-group"]
