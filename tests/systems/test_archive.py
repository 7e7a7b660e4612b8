"""Posts are kept when they go out, and can be read again by whom they are for."""

from __future__ import annotations

import json
from pathlib import Path

from mailsvc.ids import GroupId
from tests.systems.world import CONFIG, DOMAIN, World, running

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


REQUEST = f"talk-request@{DOMAIN}"


async def test_a_member_finds_posts_by_mail_and_gets_one_whole(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        marked = {"Return-Receipt-To": "anna@example.org", "X-Own": "yes"}
        await world.send(ANNA, f"talk@{DOMAIN}", "New maps", "They hang in the hall.", headers=marked)
        await world.send(KARIN, f"talk@{DOMAIN}", "Lunch", "At noon?")
        await world.send(KARIN, REQUEST, "", "archive maps hall")
        letter = await world.letter(KARIN, "Posts in Talk: maps hall")
        assert "1 – New maps" in letter.text
        assert "Anna Berg" in letter.text
        assert "They hang in the hall." in letter.text
        assert "Lunch" not in letter.text
        assert "archive 1" in letter.text
        await world.send(KARIN, REQUEST, "arkiv", "")
        newest = await world.letter(KARIN, "The newest posts in Talk")
        assert newest.text.index("2 – Lunch") < newest.text.index("1 – New maps")
        await world.send(KARIN, REQUEST, "Archive 1", "")
        post = await world.letter(KARIN, "Post 1: New maps")
        (inner,) = [part.get_content() for part in post.message.walk() if part.get_content_type() == "message/rfc822"]
        assert inner.get_content().strip() == "They hang in the hall."
        assert (inner["X-Own"], inner["Return-Receipt-To"]) == ("yes", None)
        await world.send(KARIN, REQUEST, "", "sök i arkivet 77")
        assert "No post in Talk fits “77”" in (await world.letter(KARIN, "Posts in Talk: 77")).text


async def test_only_members_find_posts_by_mail(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        other = await world.group("other", moderator="Per Moe <per@example.org>")
        await world.member(other, SVEN)
        await settle_as(world, other, archive="public", audience="public")
        await world.send(ANNA, f"talk@{DOMAIN}", "New maps", "They hang in the hall.")
        await world.send(SVEN, REQUEST, "", "archive maps\narchive 1")
        letters = await world.inbox(SVEN)
        assert len(letters) == 1
        assert letters[0].text.count("only for members") == 2
        assert "New maps" not in letters[0].text
        await world.send(SVEN, f"other-request@{DOMAIN}", "", "archive 1")
        assert "They hang" not in "".join(one.text for one in await world.inbox(SVEN))


async def test_what_is_confidential_is_found_by_mail_only_by_who_was_there(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "In confidence: how we are", "Tired")
        await world.pass_time(days=1)
        (group,) = await world.rows("SELECT id FROM groups")
        await world.member(GroupId(int(str(group["id"]))), SVEN)
        for who in (SVEN, KARIN):
            await world.send(who, REQUEST, "", "archive tired\narchive 1")
        assert "how we are" not in "".join(one.text + one.subject for one in await world.inbox(SVEN))
        assert "in confidence" in (await world.letter(KARIN, "Posts in Talk")).text
        assert "Please do not pass it on" in (await world.letter(KARIN, "Post 1")).text


async def test_posts_go_when_their_time_is_over(tmp_path: Path) -> None:
    config = CONFIG + '[records]\nretention = ["post 30 LIB-2026-3 §6"]\n'
    async with running(tmp_path, config) as world:
        await network(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "Old maps", "Text")
        await world.send(SVEN, f"talk@{DOMAIN}", "Held", "Text")
        await world.reply(await world.letter(KARIN, "Held"), "yes")
        await world.pass_time(days=20)
        await world.send(ANNA, f"talk@{DOMAIN}", "New maps", "Text")
        await world.pass_time(days=11)
        assert [row["state"] for row in await rows(world)] == ["removed", "removed", "kept"]
        assert (await words(world, 1), await words(world, 2)) == (set(), set())
        kept = await world.rows("SELECT r.bytes IS NOT NULL AS there FROM archive a JOIN raw r ON r.id = a.raw_id")
        assert [row["there"] for row in kept] == [0, 1, 1], "a matter still rests on the second"
