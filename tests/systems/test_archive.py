"""Posts are kept when they go out, and can be read again by whom they are for."""

from __future__ import annotations

import json
from pathlib import Path

from mailsvc.ids import GroupId
from tests.systems.world import DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.org>"
SVEN = "Sven Ek <sven@example.net>"


async def rows(world: World) -> list[dict[str, object]]:
    return await world.rows("SELECT * FROM archive ORDER BY id")


async def words(world: World, number: int) -> set[str]:
    found = await world.rows("SELECT word FROM archive_word WHERE archive_id = :id", id=number)
    return {str(row["word"]) for row in found}


async def network(world: World, **settings: str) -> None:
    group = await world.group("talk", moderator=KARIN)
    await world.member(group, ANNA)
    await settle_as(world, group, **settings)


async def settle_as(world: World, group: GroupId, **settings: str) -> None:
    """Change settings of a group."""
    sql = "UPDATE groups SET settings = json_patch(settings, :settings) WHERE id = :id"
    await world.write(lambda tx: tx.execute(sql, settings=json.dumps(settings), id=group))


async def test_what_goes_out_is_kept_with_its_thread_and_words(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "Ämneskatalog", "Vi möts på tisdag.\n\n-- \nAnna")
        copy = await world.letter(KARIN, "Ämneskatalog")
        await world.send(
            KARIN,
            f"talk@{DOMAIN}",
            "Re: Ämneskatalog",
            "Bra, jag kommer.\n\nOn Mon, Anna Berg wrote:\n> Vi möts på tisdag.\n",
            headers={"In-Reply-To": str(copy.message["Message-ID"])},
        )
        first, second = await rows(world)
        assert (first["state"], first["author"], first["subject"]) == ("kept", "Anna Berg", "Ämneskatalog")
        assert first["beginning"] == "Vi möts på tisdag."
        assert second["thread_id"] == first["id"] == first["thread_id"]
        assert {"amneskatalog", "mots", "tisdag", "anna", "berg"} <= await words(world, 1)
        assert "tisdag" not in await words(world, 2), "what is quoted is not found twice"


async def test_a_held_post_is_kept_when_it_is_released_and_without_a_token(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        await world.send(SVEN, f"talk@{DOMAIN}", "From outside", "Number 811228-9874 and more")
        assert await rows(world) == []
        await world.reply(await world.letter(KARIN, "From outside"), "yes")
        (row,) = await rows(world)
        assert (row["state"], row["author_id"], row["author"]) == ("kept", None, "Sven Ek")
        assert row["beginning"] == "Number ******-**** and more"
        assert {"811228", "9874"} & await words(world, 1) == set()


async def test_nothing_is_kept_where_the_group_wants_no_archive(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world, archive="off")
        await world.send(ANNA, f"talk@{DOMAIN}", "Off the record", "Text")
        assert await world.letter(KARIN, "Off the record")
        assert await rows(world) == []


async def test_answers_to_what_is_confidential_are_so_too(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "[Förtroligt] Hur vi har det", "Text")
        copy = await world.letter(KARIN, "Hur vi har det")
        answers = {"In-Reply-To": str(copy.message["Message-ID"])}
        await world.send(KARIN, f"talk@{DOMAIN}", "Re: Hur vi har det", "Tack", headers=answers)
        await world.send(KARIN, f"talk@{DOMAIN}", "Marked", "Text", headers={"Sensitivity": "Company-Confidential"})
        await world.send(KARIN, f"talk@{DOMAIN}", "Confidential waste", "Where does it go?")
        assert [row["confidential"] for row in await rows(world)] == [1, 1, 1, 0]


async def test_what_is_erased_is_shown_and_found_no_more(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "Mine", "My words")
        await world.send(KARIN, f"talk@{DOMAIN}", "Hers", "Her words")
        await world.send(ANNA, f"talk-request@{DOMAIN}", "export my data", "")
        await world.reply(await world.letter(ANNA, "Do you want a copy"), "yes")
        letter = await world.letter(ANNA)
        data = [part.get_content() for part in letter.message.walk() if part.get_filename() == "my-data.json"]
        assert json.loads(data[0])["archived_posts"][0]["subject"] == "Mine"
        await world.send(ANNA, f"talk-request@{DOMAIN}", "erase me", "")
        await world.reply(await world.letter(ANNA, "be erased"), "yes")
        await world.pass_time(days=1)
        mine, hers = await rows(world)
        assert (mine["state"], mine["author"], mine["subject"], mine["beginning"]) == ("removed", "", "", "")
        assert (hers["state"], hers["subject"]) == ("kept", "Hers")
        assert await words(world, 1) == set()
        assert "words" in await words(world, 2)
