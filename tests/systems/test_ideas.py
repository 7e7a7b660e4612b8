"""The idea box: every idea gets an answer, also one without a name, and some months later whether it worked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
LENA = "Lena Chef <lena@example.org>"
MAJA = "Maja Karta <maja@example.org>"
CANARY = "Kajsa Kanariefågel <kajsa.kanarie@example.net>"
DESK = f"ideas@{DOMAIN}"
QUICK = CONFIG.replace("[limits]", '[digests]\nundo = "0 min"\n[limits]')


async def house(world: World, *, language: str = "en") -> None:
    group = await world.group("talk", moderator=KARIN, deputy=PER, language=language)
    await world.member(group, ANNA, language=language)
    await world.group("board", kind="leadership", title="The board", moderator=LENA, deputy=PER, language=language)
    await world.group("maps", title="Map friends", moderator=MAJA, deputy=PER, language=language)


async def subjects(world: World, who: str) -> list[str]:
    return [letter.subject.partition(" [#")[0] for letter in await world.inbox(who)]


async def states(world: World) -> list[str]:
    return [str(row["state"]) for row in await world.rows("SELECT state FROM cases WHERE kind = 'idea' ORDER BY id")]


async def test_an_idea_is_taken_up_and_it_worked(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await world.send(ANNA, DESK, "Lamps", "Lamps at the reading desks, please.")
        assert "Your idea has number 1" in (await world.letter(ANNA, "Thank you for your idea: Lamps")).text
        await world.pass_time(days=7)
        digest = await world.letter(LENA, "For decision")
        assert "An idea of Anna Berg:" in digest.text
        assert "> Lamps at the reading desks, please." in digest.text
        await world.reply(digest, "take up: we ask the house")
        taken = await world.letter(ANNA, "Your idea is taken up")
        assert "Lena Chef has taken up your idea." in taken.text
        assert "we ask the house" in taken.text
        await world.pass_time(days=120)
        worked = await world.letter(LENA, "Did it work? Lamps")
        await world.reply(worked, "Ten lamps stand there now, and more people come.")
        for who in (ANNA, PER):
            assert "Ten lamps stand there now" in (await world.letter(who, "What came of it")).text
        assert await states(world) == ["taken-up"]


async def test_in_swedish_not_now_with_the_reason(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world, language="sv")
        await world.send(ANNA, f"forslagslada@{DOMAIN}", "Lampor", "Lampor vid läsplatserna.")
        assert "Tack för din idé: Lampor" in await subjects(world, ANNA)
        await world.pass_time(days=7)
        await world.reply(await world.letter(LENA, "beslut"), "Inte nu: vi bygger om nästa år")
        answer = await world.letter(ANNA, "Din idé tas inte upp nu")
        assert "vi bygger om nästa år" in answer.text
        assert await states(world) == ["not-now"]


async def test_it_can_be_sent_to_a_network(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await world.send(ANNA, DESK, "Old maps", "Show the old maps in the hall.")
        await world.pass_time(days=7)
        await world.reply(await world.letter(LENA, "For decision"), "send to the museum")
        again = await world.letter(LENA, "Which network?")
        assert "“the museum”" in again.text
        await world.reply(again, "send to map friends")
        assert "sent on to Map friends" in " ".join((await world.letter(ANNA, "sent on")).text.split())
        await world.reply(await world.letter(MAJA, "An idea: Old maps"), "take up")
        assert "Maja Karta has taken up your idea." in (await world.letter(ANNA, "taken up")).text


async def test_a_stranger_gets_an_answer_too_and_without_leadership_the_operators_are_asked(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await world.send("Eve <eve@example.net>", DESK, "Lamps", "More light.")
        assert "Thank you for your idea: Lamps" in await subjects(world, "eve@example.net")
        await world.reply(await world.letter("operator@example.org", "An idea: Lamps"), "not now: no money")
        assert "no money" in (await world.letter("eve@example.net", "not taken up now")).text


@pytest.mark.parametrize(
    ("to", "subject", "text"),
    [
        (DESK, "Anonym idé", "Mer ljus vid läsplatserna."),
        (DESK, "Lampor", "Anonymt, tack!\n\nMer ljus vid läsplatserna."),
        (f"ideas+anonymous@{DOMAIN}", "Lampor", "Mer ljus vid läsplatserna."),
    ],
)
async def test_without_a_name_nothing_is_kept_that_tells_who(tmp_path: Path, to: str, subject: str, text: str) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world, language="sv")
        await world.send(CANARY, to, subject, f"{text}\n\n-- \nKajsa Kanariefågel\n")
        receipt = await world.letter(CANARY)
        assert "number 1" in receipt.subject
        assert "You asked for no name" in receipt.text
        await world.pass_time(days=7)
        digest = await world.letter(LENA, "beslut")
        assert "En idé från någon som är anonym:" in digest.text
        assert "> Mer ljus vid läsplatserna." in digest.text
        await world.reply(digest, "inte nu: vi bygger om")
        await world.send(CANARY, DESK, "status 1", "")
        status = await world.letter(CANARY, "Idea number 1")
        assert "is not taken up now" in status.text
        assert "vi bygger om" in status.text
        await world.service.db.read(lambda tx: tx.one("SELECT 1"))
    with sqlite3.connect(tmp_path / "mail.db") as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in (one for one in tables if one != "mailroom"):  # the demo's own inboxes
            for row in database.execute(f"SELECT * FROM {table}"):
                kept = " ".join(
                    cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row
                )
                assert "anarie" not in kept.lower(), (table, row)


async def test_an_idea_that_looks_like_a_proposal_is_asked_about(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        form = "Name: Map network\nModerator: Maja Karta\nDeputy: Per Holm\nMotivation: There is none."
        await world.send(ANNA, DESK, "A network for maps", form)
        which = await world.letter(ANNA, "Is this the proposal of a network?")
        await world.reply(which, "yes")
        assert await states(world) == ["proposal"]
        assert len(await world.rows("SELECT id FROM cases WHERE kind = 'proposal'")) == 1
        await world.send(ANNA, DESK, "Another network for maps", form.replace("Map network", "Atlas network"))
        await world.reply(await world.letter(ANNA, "Is this the proposal of a network?"), "no")
        assert await states(world) == ["proposal", "waiting"]


async def test_machines_forgers_and_empty_mails(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await world.send(ANNA, DESK, "Lamps", "Light", headers={"Auto-Submitted": "auto-replied"})
        await world.send(ANNA, DESK, "", "")
        await world.send(ANNA, DESK, "status 77", "")
        assert await world.reasons() == ["automatic", "nothing-said", "commands-done"]
        assert "There is no idea with number 77." in (await world.letter(ANNA)).text


# ---- the weekly list


async def staff(world: World) -> None:
    group = await world.group("all", kind="everyone", title="All staff", post="moderators")
    await world.member(group, "Kim Berg <kim@example.com>", language="sv")
    await world.member(group, PER)


async def lists_of(world: World, who: str) -> list[Letter]:
    return [one for one in await world.inbox(who) if "idea box" in one.subject or "Idélådan" in one.subject]


async def test_all_staff_get_the_list_of_the_week_where_anything_moved(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await staff(world)
        await world.send(ANNA, DESK, "Lamps", "Lamps at the desks. Yours, Anna")
        await world.send(ANNA, DESK, "anonymous: A pool", "In the cellar.")
        await world.pass_time(days=7)
        (first,) = await lists_of(world, "kim@example.com")
        assert "#1 Lamps (ny)" in first.text
        assert "A pool (ny)" in first.text
        assert "Anna" not in first.text
        await world.pass_time(days=7)
        assert len(await lists_of(world, "kim@example.com")) == 1  # nothing moved
        digest = await world.letter(LENA, "For decision")
        await world.reply(digest, "1 take up: we ask the house, 2 not now: no room")
        await world.pass_time(days=7)
        second = (await lists_of(world, PER))[-1]
        assert "Taken up: * #1 Lamps – we ask the house" in " ".join(second.text.split()).replace(
            "Taken up *", "Taken up: *"
        )
        assert "no room" in second.text
        assert "(new)" not in second.text
        assert not await lists_of(world, ANNA)


async def test_the_list_waits_for_a_working_day_and_can_be_off(tmp_path: Path) -> None:
    for day, count in (("thu", 1), ("off", 0)):
        folder = tmp_path / day
        folder.mkdir()
        text = QUICK.replace("[limits]", f'[ideas]\nlist_day = "{day}"\n[limits]')
        async with running(folder, text) as world:
            await staff(world)
            await world.send("operator@example.org", DESK, "Lamps", "More light.")
            await world.pass_time(days=2)
            assert not await lists_of(world, PER)
            await world.pass_time(days=1)
            assert len(await lists_of(world, PER)) == count
            for _ in range(3):
                await world.pass_time(days=1)
            assert len(await lists_of(world, PER)) == count


async def test_an_erased_idea_stands_in_no_list(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await staff(world)
        await world.send(ANNA, DESK, "Kvitterlampor", "Text")
        await world.pass_time(days=7)
        assert await lists_of(world, PER)
        kept = await world.rows("SELECT data FROM cases WHERE kind = 'idea-list'")
        letters = await world.rows("SELECT * FROM outgoing WHERE template = 'idea/week'")
        assert not [one for one in (*kept, *letters) if "Kvitterlampor" in str(one)]
