"""A group with shared delivery: everybody gets the same bytes, and the way out is the group's address."""

from __future__ import annotations

from pathlib import Path

import msgspec

from lists import store
from mailsvc.deliver import verp
from mailsvc.ids import GroupId
from mailsvc.store.database import Tx
from tests.systems.world import CONFIG, DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"
HTTPS = CONFIG.replace("[web]\n", '[web]\nbase_url = "https://networks.example.org"\n')


async def _share(world: World, group: GroupId, delivery: str) -> None:
    def unit(tx: Tx) -> None:
        settings = msgspec.structs.replace(store.group(tx, group).settings, delivery=delivery)
        store.set_settings(tx, group, settings)

    await world.write(unit)


async def test_a_shared_post_is_the_same_for_everybody(tmp_path: Path) -> None:
    async with running(tmp_path, HTTPS) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await _share(world, group, "shared")
        await world.send(ANNA, f"talk@{DOMAIN}", "Hello", "Text")
        copies = [await world.letter(who, "Hello") for who in (KARIN, ANNA)]
        (row,) = await world.rows("SELECT id, shape FROM outgoing WHERE kind = 'post'")
        assert row["shape"] == "shared"
        assert copies[0].raw == copies[1].raw
        message = copies[0].message
        assert message.get_all("List-Unsubscribe") == [f"<mailto:talk-leave@{DOMAIN}>"]
        assert message["List-Unsubscribe-Post"] is None
        assert message["List-Id"] == f"Talk <talk.{DOMAIN}>"
        assert b"\0" not in copies[0].raw
        local = copies[0].reverse_path.partition("@")[0]
        assert copies[1].reverse_path == copies[0].reverse_path
        assert verp.outgoing_of(world.service.site.key, local) == row["id"]


async def test_what_was_posted_before_keeps_its_shape(tmp_path: Path) -> None:
    async with running(tmp_path, HTTPS) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "First", "Text")
        await _share(world, group, "shared")
        await world.send(ANNA, f"talk@{DOMAIN}", "Second", "Text")
        await _share(world, group, "personal")
        await world.send(ANNA, f"talk@{DOMAIN}", "Third", "Text")
        shapes = await world.rows("SELECT shape FROM outgoing WHERE kind = 'post' ORDER BY id")
        assert [row["shape"] for row in shapes] == ["personal", "shared", "personal"]
        own = [(await world.letter(who, "Third")).message["List-Unsubscribe"] for who in (KARIN, ANNA)]
        assert own[0] != own[1]
        assert all("unsubscribe/" in str(one) for one in own)


async def test_a_bounce_to_the_shared_sender_is_taken_in(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await _share(world, group, "shared")
        await world.send(KARIN, f"talk@{DOMAIN}", "Hello", "Text")
        copy = await world.letter(KARIN, "Hello")
        await world.send("mailer-daemon@example.net", copy.reverse_path, "Undelivered", "No such user", reverse_path="")
        assert (await world.reasons())[-1] == "bounce"
