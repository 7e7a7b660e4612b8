"""Time over SMTP on the virtual clock: reminders, hand-over, absence, notices."""

from __future__ import annotations

from pathlib import Path

from tests.systems.world import DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
STRANGER = "Sven Ek <sven@example.net>"
OPERATOR = "operator@example.org"


async def held(world: World) -> None:
    """A network of Karin and Per, established by a preparation group that Anna moderates; a stranger's post waits."""
    board = await world.group("board", moderator=ANNA, kind="preparation")
    network = await world.group("talk", moderator=KARIN, deputy=PER, title="Talk")
    await world.write(
        lambda tx: tx.execute("UPDATE groups SET established_by = :board WHERE id = :id", board=board, id=network)
    )
    await world.send(STRANGER, f"talk@{DOMAIN}", "A question", "May I?")


async def about(world: World, who: str, words: str = "A question") -> list[str]:
    return [letter.subject for letter in await world.inbox(who) if words in letter.subject]


async def test_reminder_then_the_next_in_line_then_the_operators(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        assert len(await about(world, KARIN)) == 1
        await world.pass_time(days=3)
        assert len(await about(world, KARIN)) == len(await about(world, PER)) == 2
        assert (await about(world, KARIN))[-1].startswith("Reminder")
        assert await about(world, ANNA) == []
        await world.pass_time(days=5)
        assert len(await about(world, ANNA)) == 1
        assert "Anna Berg" in (await world.inbox(STRANGER))[-1].text
        await world.pass_time(days=5)
        await world.pass_time(days=3)
        assert len(await about(world, OPERATOR)) == 1
        await world.reply(await world.letter(ANNA, "A question"), "Ja")
        assert await about(world, KARIN, "Your answer") == []
        assert (await world.letter(STRANGER, "has been sent")).text


async def test_the_weekend_and_closed_days_do_not_count(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.pass_time(days=4)  # Friday
        await held(world)
        await world.pass_time(days=3)
        assert len(await about(world, KARIN)) == 1
        await world.pass_time(days=2)
        assert len(await about(world, KARIN)) == 2


async def test_an_answer_in_time_stops_the_reminders(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        await world.reply(await world.letter(KARIN, "A question"), "Ja")
        letters = len(await world.inbox(PER))
        await world.pass_time(days=10)
        assert await about(world, ANNA) == []
        notices = (await world.inbox(PER))[letters:]
        assert len(notices) == 1
        assert "Karin Lind" in notices[0].text


async def test_several_decisions_are_told_in_one_letter(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        await world.send(STRANGER, f"talk@{DOMAIN}", "Another question", "Text")
        for words in ("A question", "Another question"):
            await world.reply(await world.letter(KARIN, words), "Ja")
        await world.pass_time(hours=10)
        told = await about(world, PER, "Decided by others")
        assert told == ["Decided by others: 2 matters"]


async def test_a_moderators_absence_hands_over_when_nobody_else_is_there(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        away = "Jag är på semester till och med den 18 december."
        question = await world.letter(KARIN, "A question")
        await world.reply(question, away, headers={"Auto-Submitted": "auto-replied", "Subject": "Autosvar: A question"})
        assert await about(world, ANNA) == []
        question = await world.letter(PER, "A question")
        await world.reply(question, away, headers={"Auto-Submitted": "auto-replied", "Subject": "Autosvar: A question"})
        assert len(await about(world, ANNA)) == 1
        await world.send(STRANGER, f"talk@{DOMAIN}", "Another question", "Text")
        assert await about(world, KARIN, "Another") == []
        assert len(await about(world, ANNA, "Another")) == 1
        await world.pass_time(days=30)
        await world.send(STRANGER, f"talk@{DOMAIN}", "A third", "Text")
        assert len(await about(world, KARIN, "A third")) == 1


async def test_a_moderator_names_somebody_to_answer_instead(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        question = await world.letter(KARIN, "A question")
        await world.reply(question, "Delegera till Berg")
        assert "Anna Berg" in (await world.letter(KARIN, "Your answer")).text
        await world.reply(question, "Ja")
        assert await about(world, STRANGER, "has been sent") == []
        await world.reply(await world.letter(ANNA, "A question"), "Ja")
        assert len(await about(world, STRANGER, "has been sent")) == 1


async def test_an_unclear_name_is_asked_about(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        await world.reply(await world.letter(KARIN, "A question"), "delegate to Ulla")
        assert "Ulla" in (await world.letter(KARIN, "Your answer")).text
        assert await about(world, ANNA) == []
        await world.reply(await world.letter(KARIN, "A question"), "Ja")
        assert len(await about(world, STRANGER, "has been sent")) == 1


async def test_a_stand_in_is_asked_for_the_days_that_were_named(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", "ersättare Anna Berg 24/11-27/11\n")
        assert "Anna Berg" in (await world.inbox(KARIN))[-1].text
        await world.pass_time(days=1)
        await world.send(STRANGER, f"talk@{DOMAIN}", "Another question", "Text")
        assert await about(world, KARIN, "Another") == []
        assert len(await about(world, ANNA, "Another")) == 1
        await world.reply(await world.letter(ANNA, "Another"), "Ja")
        assert len(await about(world, STRANGER, "has been sent")) == 1
        await world.pass_time(days=5)
        await world.send(STRANGER, f"talk@{DOMAIN}", "A third", "Text")
        assert len(await about(world, KARIN, "A third")) == 1
        assert await about(world, ANNA, "A third") == []
