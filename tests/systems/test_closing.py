"""Closing a group: what waits in it ends at once, with a letter to who waits; nothing is left open without anybody."""

from __future__ import annotations

from pathlib import Path

from lists import store
from lists.groups import closing
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Cause
from mailsvc.store.database import Tx
from tests.systems.world import CONFIG, DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"
BO = "Bo Dahl <bo@example.net>"
CAI = "Cai Eng <cai@example.net>"


async def close(world: World) -> int:
    def unit(tx: Tx) -> int:
        group = store.group_named(tx, "talk")
        assert group is not None
        return closing.close(tx, Engine(world.service.registry), group, Cause(f"test:{tx.now}"))

    return await world.write(unit)


async def test_held_posts_go_back_and_requests_end(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, post="moderated")
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "Waiting", "What I wanted to say")
        await world.send(BO, f"talk-join@{DOMAIN}")
        await world.reply(await world.letter(BO, "Do you want to join"), "yes")
        await world.send(CAI, f"talk-join@{DOMAIN}")  # never confirmed: perhaps not theirs
        letters = len(await world.inbox(CAI))
        question = await world.letter(KARIN, "Waiting")
        assert await close(world) == 3
        await world.settle()
        assert "What I wanted to say" in (await world.letter(ANNA, "is closed, and your post was not sent")).text
        assert "without a decision" in (await world.letter(BO, "is closed, and your request")).text
        assert len(await world.inbox(CAI)) == letters
        assert await world.rows("SELECT id FROM cases WHERE closed_at IS NULL") == []
        assert await world.rows("SELECT * FROM timer") == []
        await world.reply(question, "yes")
        assert "no longer open" in (await world.letter(KARIN)).text
        assert [one for one in await world.inbox(ANNA) if one.message["List-Id"] and one.subject == "Waiting"] == []


async def test_a_decision_that_could_still_be_taken_back_does_not_act_any_more(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG.replace('undo = "0 min"', 'undo = "5 min"')) as world:
        group = await world.group("talk", moderator=KARIN, post="moderated")
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "Waiting", "Text")
        await world.reply(await world.letter(KARIN, "Waiting"), "yes")
        assert await close(world) == 1
        await world.pass_time(hours=1)
        assert "was not sent" in (await world.letter(ANNA)).subject
        assert [one for one in await world.inbox(KARIN) if one.message["List-Id"] and one.subject == "Waiting"] == []
