"""What is handled where others wait, and what is not: small mail to small groups, and everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lists import store as lists_store
from lists.posts import posting
from mailsvc.fresh import LARGEST
from mailsvc.registry import Target
from mailsvc.routing import route
from mailsvc.store.database import ReadTx
from tests.systems.world import DOMAIN, World, running

MEMBERS = ("Anna Berg <anna@example.org>", "Bo Ek <bo@example.org>", "Eva Dahl <eva@example.org>")


async def brief(world: World, local: str) -> bool:
    """Whether mail to it is called brief."""

    def unit(tx: ReadTx) -> bool:
        target = route(tx, world.service.registry, f"{local}@{DOMAIN}")
        assert isinstance(target, Target)
        asked = world.service.registry.brief.get(target.handler)
        return asked is not None and asked(tx, target)

    return await world.service.db.read(unit)


async def test_posts_to_few_are_brief_and_to_many_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "FEW_MEMBERS", 2)
    async with running(tmp_path) as world:
        group = await world.group("maps")
        for who in MEMBERS[:2]:
            await world.member(group, who)
        assert await brief(world, "maps")
        assert not await brief(world, "maps-join")
        await world.member(group, MEMBERS[2])
        assert not await brief(world, "maps")
        assert await world.service.db.read(lambda tx: lists_store.has_more_than(tx, group, 2))
        assert not await world.service.db.read(lambda tx: lists_store.has_more_than(tx, group, 3))


@pytest.mark.parametrize("size", [100, 2 * LARGEST])
async def test_small_and_large_posts_arrive_alike(tmp_path: Path, size: int) -> None:
    async with running(tmp_path) as world:
        group = await world.group("maps")
        for who in MEMBERS:
            await world.member(group, who)
        await world.send(MEMBERS[0], f"maps@{DOMAIN}", "A map", ("A line of a long text.\n" * (size // 23 + 1)))
        assert len((await world.letter("eva@example.org", "A map")).text) >= size - 100
