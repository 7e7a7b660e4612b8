"""Questions that a network lifts: by a moderator or through one, answered in the digest, told to the network."""

from __future__ import annotations

from pathlib import Path

from mailsvc.ids import GroupId
from tests.systems.world import CONFIG, DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
OLA = "Ola Nordmann <ola@example.net>"
LENA = "Lena Chef <lena@example.org>"
BIRGIT = "Birgit Bered <birgit@example.org>"
RAISE = f"talk-raise@{DOMAIN}"
STAFF = CONFIG.replace("[smtp]", '[smtp]\ninternal_networks = ["127.0.0.0/8"]').replace(
    "[limits]", '[digests]\nundo = "0 min"\n[limits]'
)


async def house(world: World, *, language: str = "en", both: bool = True) -> GroupId:
    group = await world.group("talk", moderator=KARIN, deputy=PER, language=language)
    for who in (ANNA, OLA):
        await world.member(group, who, language=language)
    await world.group("board", kind="leadership", title="The board", moderator=LENA, language=language)
    if both:
        await world.group("prep", kind="preparation", title="The preparers", moderator=BIRGIT, language=language)
    return group


async def subjects(world: World, who: str) -> list[str]:
    return [letter.subject.partition(" [#")[0] for letter in await world.inbox(who)]


async def test_a_moderator_lifts_a_question_and_the_network_gets_the_answer(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await house(world)
        await world.send(KARIN, RAISE, "Who pays for the maps?", "To: leadership\n\nWe need a budget for maps.\n")
        received = await world.letter(KARIN, "Lifted: Who pays for the maps?")
        assert "goes to The board" in received.text
        await world.pass_time(days=7)
        assert not [one for one in await subjects(world, BIRGIT) if "decision" in one]
        digest = await world.letter(LENA, "For decision")
        assert "Karin Lind asks for Talk:" in digest.text
        assert "We need a budget for maps." in digest.text
        assert "answer: your text" in digest.text
        await world.reply(digest, "Answer: The library pays. But who keeps them? We decide that in May.")
        for who in (ANNA, OLA, KARIN):
            answer = await world.letter(who, "Answer: Who pays for the maps?")
            assert "The board has answered the question that Karin Lind lifted for Talk." in answer.text
            assert "> The library pays. But who keeps them? We decide that in May." in answer.text.replace("\r", "")


async def test_in_swedish_to_both_and_each_answers_for_itself(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await house(world, language="sv")
        await world.send(KARIN, RAISE, "Vem betalar kartorna?", "Vi behöver en budget.")
        where = await world.letter(KARIN, "Till vem?")
        assert "1. The preparers" in where.text
        await world.reply(where, "båda")
        assert "The preparers, The board" in (await world.letter(KARIN, "Lyft:")).text
        await world.pass_time(days=7)
        await world.reply(await world.letter(LENA), "vi svarar gärna i maj")
        assert not [one for one in await subjects(world, ANNA) if "kartorna" in one]
        await world.reply(await world.letter(LENA, "beslut"), "Svar: Vi tar det i maj")
        await world.reply(await world.letter(BIRGIT, "beslut"), "inte nu: vi har inga pengar")
        found = [one for one in await subjects(world, ANNA) if "kartorna" in one]
        assert found == ["Svar: Vem betalar kartorna?", "Tas inte upp nu: Vem betalar kartorna?"]
        assert "vi har inga pengar" in (await world.letter(ANNA, "Tas inte upp nu")).text


async def test_a_number_says_to_whom_and_what_says_nothing_is_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await house(world)
        await world.send(KARIN, RAISE, "Maps", "Who pays?")
        await world.reply(await world.letter(KARIN, "To whom?"), "to those who know")
        again = await world.letter(KARIN, "To whom?")
        assert "We could not read" in again.text
        await world.reply(again, "2")
        assert "goes to The board" in (await world.letter(KARIN, "Lifted")).text


async def test_without_proof_a_yes_is_needed(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await house(world, both=False)
        await world.send(KARIN, RAISE, "Maps", "Who pays?")
        confirm = await world.letter(KARIN, "Lift this to 1 person? Maps")
        assert await world.rows("SELECT * FROM agenda") == []
        await world.reply(confirm, "yes")
        assert len(await world.rows("SELECT * FROM agenda")) == 1


async def test_a_member_asks_through_the_moderators(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await house(world, both=False)
        await world.send(ANNA, RAISE, "Maps", "Who pays?")
        assert "Your question is with the moderators: Maps" in await subjects(world, ANNA)
        await world.reply(await world.letter(KARIN, "May this question be lifted?"), "no: ask the shop first")
        assert "ask the shop first" in (await world.letter(ANNA, "Not lifted")).text
        await world.send(ANNA, RAISE, "Maps again", "The shop does not know.")
        await world.reply(await world.letter(KARIN, "May this question be lifted?"), "yes")
        assert "Lifted: Maps again" in await subjects(world, ANNA)


async def test_others_are_refused_politely_or_not_at_all(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await house(world)
        await world.send(LENA, RAISE, "Maps", "Who pays?")
        assert "Only members of Talk can lift a question" in (await world.letter(LENA)).text
        await world.send("Eve <eve@example.net>", RAISE, "Maps", "Who pays?")
        assert await world.inbox("eve@example.net") == []
        assert await world.reasons() == ["not-member", "unknown-sender"]


async def test_where_nobody_can_be_asked_it_is_said(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await world.group("talk", moderator=KARIN)
        await world.send(KARIN, RAISE, "Maps", "Who pays?")
        assert "no leadership or preparation group" in " ".join((await world.letter(KARIN)).text.split())


async def test_who_raised_it_takes_it_back(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await house(world, both=False)
        await world.send(KARIN, RAISE, "Maps", "Who pays?")
        (row,) = await world.rows("SELECT id FROM cases WHERE kind = 'lifted'")
        await world.send(KARIN, f"talk-request@{DOMAIN}", f"withdraw {row['id']}", "")
        await world.pass_time(days=7)
        assert await world.inbox(LENA) == []
