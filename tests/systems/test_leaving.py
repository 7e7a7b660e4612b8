"""Leaving by the mailto of List-Unsubscribe: it is a working address whatever the group is called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.systems.world import DOMAIN, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"


@pytest.mark.parametrize("name", ["talk", "a-network-with-a-name-of-40-characters-x"])
async def test_the_mailto_of_a_copy_lets_its_member_leave(tmp_path: Path, name: str) -> None:
    async with running(tmp_path) as world:
        group = await world.group(name, moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(KARIN, f"{name}@{DOMAIN}", "Post", "Text")
        field = str((await world.letter(ANNA, "Post")).message["List-Unsubscribe"])
        address = re.search(r"<mailto:([^>]+)>", field)
        assert address is not None
        assert len(address[1].partition("@")[0]) <= 64
        await world.send("Somebody <else@example.net>", address[1], "unsubscribe")
        assert "You have left" in (await world.letter(ANNA)).subject
        assert (await world.reasons())[-1] == "left"
        rows = await world.rows("SELECT count(*) AS n FROM membership WHERE ended_at IS NULL")
        assert rows[0]["n"] == 1


async def test_a_key_of_another_site_lets_nobody_leave(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("talk", moderator=KARIN)
        await world.send(ANNA, f"leave+1-{'a' * 26}@{DOMAIN}", "unsubscribe")
        assert (await world.reasons())[-1] == "unknown-token"
        assert await world.inbox(ANNA) == []
