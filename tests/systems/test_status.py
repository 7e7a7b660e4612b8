"""`status 142` tells how a matter ended; `add Anna Berg <…>` keeps the name that was typed."""

from __future__ import annotations

from pathlib import Path

from tests.systems.world import DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Dal <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
BO = "Bo Dahl <bo@example.net>"


async def status(world: World, who: str, number: int) -> str:
    await world.send(who, f"talk-request@{DOMAIN}", f"status {number}")
    return " ".join((await world.inbox(who))[-1].text.split())


async def held(world: World) -> Letter:
    group = await world.group("talk", moderator=KARIN, deputy=PER, post="moderated")
    await world.member(group, ANNA, language="sv")
    await world.member(group, BO)
    await world.send(ANNA, f"talk@{DOMAIN}", "A question", "Text")
    return await world.letter(KARIN, "A question")


async def test_the_end_is_told_in_the_readers_words_with_who_and_why(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        assert "waits for an answer" in await status(world, PER, question.case)
        await world.reply(question, "reject: wrong list")
        said = await status(world, PER, question.case)
        assert "State: declined" in said
        assert "Decided by: Karin Lind" in said
        assert "Reason: wrong list" in said
        assert "Ended: " in said
        theirs = await status(world, ANNA, question.case)
        assert "avslaget" in theirs
        assert "Avgjort av: Karin Lind" in theirs
        assert "no matter with that number" in await status(world, BO, question.case)


async def test_an_author_is_not_told_that_a_post_was_put_away_as_spam(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, "discard")
        assert "put away as spam" in await status(world, PER, question.case)
        theirs = await status(world, ANNA, question.case)
        assert "skräppost" not in theirs
        assert "Karin" not in theirs
        assert "avslutat" in theirs


async def test_a_name_that_a_moderator_types_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("talk", moderator=KARIN)
        await world.send(
            KARIN,
            f"talk-request@{DOMAIN}",
            "",
            "add Eva Ek <eva@example.net>\nadd bare@example.net\nadd Kari <per@example.org>\n",
        )
        question = await world.letter(KARIN, "Change the members")
        assert "Eva Ek <eva@example.net>" in question.text
        await world.reply(question, "yes")
        rows = await world.rows("SELECT p.name, a.folded FROM person p JOIN address a ON a.person_id = p.id")
        names = {row["folded"]: row["name"] for row in rows}
        assert names["eva@example.net"] == "Eva Ek"
        assert names["bare@example.net"] == ""


async def test_a_typed_name_does_not_replace_the_one_that_is_known(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("talk", moderator=KARIN)
        other = await world.group("other")
        await world.member(other, ANNA)
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", "add Annika <anna@example.com>")
        await world.reply(await world.letter(KARIN, "Change the members"), "yes")
        rows = await world.rows(
            "SELECT p.name FROM person p JOIN address a ON a.person_id = p.id AND a.folded LIKE 'anna%'"
        )
        assert rows == [{"name": "Anna Berg"}]
