"""Actions by mail: noted with a line, reminded of, asked about, put off, handed on, chased until they are done."""

from __future__ import annotations

from pathlib import Path

from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
OLA = "Ola Nordmann <ola@example.net>"
DESK = f"actions@{DOMAIN}"
STAFF = CONFIG.replace("[smtp]", '[smtp]\ninternal_networks = ["127.0.0.0/8"]')  # every mail is proven
LINE = "TODO Anna 2026-12-18: book a room"


async def talk(world: World, *, kind: str = "network", language: str = "en") -> None:
    group = await world.group("talk", kind=kind, language=language, moderator=KARIN, deputy=PER)
    await world.member(group, ANNA, language=language)
    await world.member(group, OLA, language=language)


async def state(world: World, case: int) -> str:
    (row,) = await world.rows("SELECT state FROM cases WHERE id = :id", id=case)
    return str(row["state"])


async def subjects(world: World, who: str) -> list[str]:
    return [letter.subject.partition(" [#")[0] for letter in await world.inbox(who)]


async def noted(world: World, line: str = LINE, who: str = ANNA) -> Letter:
    """Karin notes something; the letter that its person gets."""
    await world.send(KARIN, DESK, "After the meeting", f"Thanks all!\n\n{line}\n")
    return await world.letter(who, "book a room")


async def overdue(world: World, who: str = ANNA) -> Letter:
    """Karin notes something, its day goes by, and nobody has answered; the first letter."""
    first = await noted(world, who=who)
    await world.pass_time(days=25)
    await world.pass_time(days=4)
    return first


async def test_a_line_becomes_an_action_that_is_reminded_of_asked_about_and_done(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await noted(world)
        assert "Yours to do by" in first.subject
        assert "Karin Lind asks you to do this" in first.text
        receipt = await world.letter(KARIN, "Noted: 1")
        assert "Anna Berg, by" in receipt.text
        await world.pass_time(days=22)  # three working days before
        assert "Due on" in (await world.letter(ANNA)).subject
        await world.pass_time(days=3)
        asked = await world.letter(ANNA)
        assert "Is it done?" in asked.subject
        await world.reply(asked, "done, room 12 for the whole year")
        assert await state(world, first.case) == "done"
        result = await world.letter(KARIN, "The action is done: book a room")
        assert "Anna Berg says that this is done." in result.text
        assert "room 12 for the whole year" in result.text
        assert "DONE" in (await world.letter(ANNA)).text


async def test_it_can_be_answered_before_anybody_asks(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world, language="sv")
        first = await noted(world)
        await world.reply(first, "Klart!")
        assert await state(world, first.case) == "done"
        await world.pass_time(days=40)
        assert [one for one in await subjects(world, ANNA) if "klart?" in one.lower()] == []


async def test_later_moves_it_and_the_letter_says_to_which_day(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await noted(world)
        await world.reply(first, "later 2027-01-15")
        moved = await world.letter(ANNA)
        assert "New day" in moved.subject
        assert "15 January 2027" in moved.text
        assert [one for one in await subjects(world, ANNA) if one.startswith("Receipt")] == []
        await world.pass_time(days=27)
        assert (await world.letter(ANNA)).subject == moved.subject
        await world.reply(moved, "done")
        assert await state(world, first.case) == "done"


async def test_an_overdue_one_is_chased_by_who_leads_the_network(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await overdue(world)
        assert await state(world, first.case) == "chased"
        chase = await world.letter(PER, "Overdue: book a room")
        assert "Anna Berg was to do this by" in chase.text
        assert "Overdue: book a room" in (await subjects(world, KARIN))
        assert not [one for one in await subjects(world, OLA) if "Overdue" in one]
        await world.reply(chase, "give to Ola")
        handed = await world.letter(OLA, "book a room")
        assert "Per Holm asks you to take this over" in handed.text
        assert "Ola does this now instead of you" in (await world.letter(ANNA, "Not yours")).text
        await world.reply(handed, "done")
        assert await state(world, first.case) == "done"
        assert "Ola Nordmann says that this is done" in (await world.letter(KARIN, "Done")).text


async def test_it_is_asked_about_again_until_somebody_answers(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await overdue(world)
        before = len(await world.inbox(ANNA))
        for _ in range(3):
            await world.pass_time(days=21)
        assert len(await world.inbox(ANNA)) == before + 3
        assert "we still do not know" in " ".join((await world.letter(ANNA)).text.split())
        await world.reply(await world.letter(ANNA), "gjort")
        assert await state(world, first.case) == "done"


async def test_who_cannot_do_it_says_so_and_the_leaders_let_it_go(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await noted(world)
        await world.reply(first, "can't: the house is closed until May")
        chase = await world.letter(KARIN, "Who does this?")
        assert "Anna Berg cannot do this" in chase.text
        assert "the house is closed until May" in chase.text
        await world.reply(chase, "can't: then we meet by telephone")
        assert await state(world, first.case) == "dropped"
        assert "Karin Lind has decided that this will not be done" in (await world.letter(ANNA, "Not yours")).text


async def test_an_unknown_name_is_asked_back(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await overdue(world)
        await world.reply(await world.letter(KARIN, "Overdue"), "give to Svante")
        again = await world.letter(KARIN, "Who is meant?")
        assert "nobody called “Svante”" in again.text
        await world.reply(again, "give to ola@example.net")
        assert await state(world, first.case) == "open"
        assert "book a room" in (await world.letter(OLA)).subject


async def test_overdue_ones_of_leadership_stand_in_its_digest(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world, kind="leadership")
        first = await overdue(world)
        await world.pass_time(days=7)
        digest = await world.letter(PER, "For decision")
        assert "Overdue: book a room" in digest.text
        assert "Anna Berg was to do this by" in digest.text
        await world.reply(digest, "later 2027-02-05")
        assert await state(world, first.case) == "open"
        assert "Per Holm has moved this to" in (await world.letter(ANNA, "New day")).text
        for _ in range(8):
            await world.pass_time(days=7)
        again = await world.letter(PER, "For decision")
        assert again.number > digest.number
        await world.reply(again, "done")
        assert await state(world, first.case) == "done"


async def test_without_proof_its_writer_is_asked_first(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await talk(world)
        await world.send(KARIN, DESK, "", f"{LINE}\nTODO Ola: the minutes")
        assert await world.inbox(ANNA) == []
        question = await world.letter(KARIN, "Shall 2 people get something to do?")
        assert "Ola Nordmann, by" in question.text
        await world.reply(question, "yes")
        assert "book a room" in (await world.letter(ANNA)).subject
        assert "the minutes" in (await world.letter(OLA)).subject
        assert (await subjects(world, KARIN))[-1] == "Noted: 2 things to do"


async def test_members_note_what_is_theirs_and_nothing_for_others(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await talk(world, language="sv")
        await world.send(ANNA, DESK, "", "Att göra: jag skriver till kommunen senast 18/12\nÅtgärd Ola 18/12: ring")
        assert "skriver till kommunen" in (await world.letter(ANNA, "kommunen")).subject
        assert await world.inbox(OLA) == []
        assert "Åtgärd Ola 18/12: ring" in (await world.inbox(ANNA))[-1].text


async def test_a_mail_without_a_line_brings_ones_own_list(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await noted(world, f"{LINE}\nTODO Anna 2026-12-10: write the minutes")
        await world.send(ANNA, DESK, "list", "")
        listed = await world.letter(ANNA, "You have 2 things to do")
        assert "book a room, by" in listed.text
        await world.reply(listed, "1 done, 2 later 20 January")
        assert await state(world, first.case) == "done"
        assert "20 January 2027" in (await world.letter(ANNA, "New day")).text
        await world.send(OLA, DESK, "", "What do I have to do?")
        assert "You have nothing to do" in await subjects(world, OLA)


async def test_strangers_and_machines_get_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await talk(world)
        await world.send("Eve <eve@example.net>", DESK, "", LINE)
        await world.send(KARIN, DESK, "", LINE, headers={"Auto-Submitted": "auto-replied"})
        assert await world.reasons() == ["unknown-sender", "automatic"]
        assert await world.rows("SELECT * FROM outgoing") == []


async def test_whoever_gave_it_takes_it_back(tmp_path: Path) -> None:
    async with running(tmp_path, STAFF) as world:
        await talk(world)
        first = await noted(world)
        await world.send(KARIN, f"talk-request@{DOMAIN}", f"withdraw {first.case}", "")
        assert await state(world, first.case) == "withdrawn"
        assert "This has been taken back" in (await world.letter(ANNA)).text
