"""My week, over SMTP on the virtual clock: asked for by mail, one letter on Monday, answered by number."""

from __future__ import annotations

from pathlib import Path

from mailsvc.ids import GroupId
from tests.systems.test_b_network_groups import settings
from tests.systems.test_meetings import ANNA, KARIN, NORDIC, OLA, called, flat, network, standing
from tests.systems.world import Letter, World, running

REQUEST = "maps-request@networks.example.org"


async def weeks(world: World, who: str, subject: str) -> list[Letter]:
    return [one for one in await world.inbox(who) if one.subject.startswith(subject)]


async def test_who_wants_it_gets_one_letter_on_monday(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(ANNA, REQUEST, "min vecka på")
        assert "Varje måndag får du ett brev om din vecka" in flat(await world.letter(ANNA))
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\n")
        await called(world, "When: 2026-12-04 09:00-10:00\n", "Another one")
        await world.pass_time(days=6, hours=20)  # Monday morning at six
        assert await weeks(world, ANNA, "Din vecka") == []
        await world.pass_time(hours=2)
        (letter,) = await weeks(world, ANNA, "Din vecka")
        assert letter.subject == "Din vecka: 2 ärenden väntar på dig"
        text = flat(letter)
        assert "torsdag 3 december 2026 (v. 49) kl. 13.00–14.30: Map meeting – Maps network, Room 4" in text
        assert "du har inte svarat" in text
        assert "/me/" in text
        assert await weeks(world, OLA, "Uk") == []  # who has not asked for it gets none
        await world.reply(letter, "1 ja, 2 nej")
        assert {(row["title"], row["partstat"]) for row in await world.rows(
            "SELECT m.title, i.partstat FROM invitee i JOIN meeting m ON m.id = i.meeting_id"
            " WHERE i.address = 'anna@example.org'"
        )} == {("Map meeting", "ACCEPTED"), ("Another one", "DECLINED")}  # fmt: skip
        await world.pass_time(days=3)
        assert len(await weeks(world, ANNA, "Din vecka")) == 1
        await world.pass_time(days=5)  # the next Monday: nothing waits, no letter
        assert len(await weeks(world, ANNA, "Din vecka")) == 1


async def test_what_is_to_be_done_stands_in_it_and_off_ends_it(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(KARIN, REQUEST, "my week on")
        await world.send(KARIN, "actions@networks.example.org", "Actions", "TODO 2026-12-02: Write the invitation\n")
        await world.pass_time(days=6, hours=22, minutes=5)
        (letter,) = await weeks(world, KARIN, "Your week")
        assert "Write the invitation" in flat(letter)
        await world.send(KARIN, REQUEST, "my week perhaps")
        assert "Write “my week on” or “my week off”" in flat(await world.letter(KARIN))
        await world.send(KARIN, REQUEST, "my week off")
        await world.pass_time(days=7)
        assert len(await weeks(world, KARIN, "Your week")) == 1
        assert (await standing(world)) == {}


async def test_whose_turn_it_is_to_introduce_sees_it(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await network(world)
        await world.write(
            lambda tx: tx.execute(
                "UPDATE groups SET settings = json_set(settings, '$.introductions', json('true')) WHERE id = :id",
                id=group,
            )
        )
        await world.send(ANNA, REQUEST, "min vecka på")
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\n")
        await world.reply(await world.letter(ANNA, "Din tur"), "ja")
        await world.pass_time(days=6, hours=23)
        text = flat((await weeks(world, ANNA, "Din vecka"))[-1])
        assert "Din tur" in text.partition("Dina möten")[2]


async def reminders(world: World, who: str, word: str = "Soon") -> list[Letter]:
    return [one for one in await world.inbox(who) if one.subject.startswith(word)]


async def test_no_reminder_follows_of_what_it_has_told(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(KARIN, REQUEST, "my week on")
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\n", "Told")
        await called(world, "When: 2026-12-04 13:00-14:30\nWhere: Room 4\n", "Changed")
        await world.pass_time(days=6, hours=23)
        assert "Told" in flat((await weeks(world, KARIN, "Your week"))[0])
        await called(world, "When: 2026-12-04 09:00-10:00\n", "New")
        await world.reply(await world.letter(KARIN, "Changed has been called"), "Where: Room 5\n")
        await world.pass_time(days=3)  # both reminders' days are over
        assert {one.subject.split(":")[1].split(",")[0].strip() for one in await reminders(world, KARIN)} == {
            "New",
            "Changed",
        }
        assert len(await reminders(world, OLA, "Snart")) == 3  # who has not asked for the letter gets all of them


async def test_who_ends_it_gets_reminders_again(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(KARIN, REQUEST, "my week on")
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        await world.pass_time(days=6, hours=23)
        assert len(await weeks(world, KARIN, "Your week")) == 1
        await world.send(KARIN, REQUEST, "my week off")
        await world.pass_time(days=2)
        assert len(await reminders(world, KARIN)) == 1


async def test_the_reminder_of_an_action_is_replaced_and_its_day_is_not(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(KARIN, REQUEST, "my week on")
        for who in (KARIN, ANNA):
            await world.send(who, "actions@networks.example.org", "Actions", "TODO 2026-12-04: Write the invitation\n")
        await world.pass_time(days=6, hours=23)
        before = {who: len(await world.inbox(who)) for who in (KARIN, ANNA)}
        await world.pass_time(days=3, hours=20)  # Thursday evening
        assert len(await world.inbox(ANNA)) == before[ANNA] + 1
        assert len(await world.inbox(KARIN)) == before[KARIN]
        await world.pass_time(days=1)
        assert len(await world.inbox(KARIN)) == before[KARIN] + 1, "its day has come"


async def test_a_question_is_reminded_of_by_the_letter_alone(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await network(world)
        await world.member(GroupId(group), "Per Dahl <per@example.org>", role="moderator")
        await world.send(KARIN, REQUEST, "my week on")
        await world.pass_time(days=3, hours=20)  # Friday
        await world.send("Sven <sven@example.com>", "maps-join@networks.example.org", "join", "join")
        await world.reply(await world.letter("sven@example.com"), "yes")
        await world.pass_time(days=3, hours=4)
        assert "1 matter" in (await weeks(world, KARIN, "Your week"))[0].subject
        before = {who: len(await world.inbox(who)) for who in (KARIN, "per@example.org")}
        await world.pass_time(days=2)
        assert len(await world.inbox("per@example.org")) == before["per@example.org"] + 1
        assert len(await world.inbox(KARIN)) == before[KARIN]
        await world.reply((await weeks(world, KARIN, "Your week"))[0], "approve")
        assert (await world.letter("sven@example.com")).subject.startswith("Welcome")


async def test_polls_and_forms_are_named_with_the_letters_that_ask_them(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await settings(world, await network(world), agenda_call=4)
        await world.send(ANNA, REQUEST, "min vecka på")
        await world.send(KARIN, REQUEST, "my week on")
        await called(world, "When: 2026-11-27 13:00-14:30\n", "Held")
        await called(world, "When:\n2026-12-10 13:00\n2026-12-11 9-10\nAnswer by: 2026-12-03\n", "Which day")
        await called(world, "When: 2026-12-03 13:00-14:30\n", "Coming")
        await world.reply(await world.letter(ANNA, "Coming"), "ja")
        for _ in range(7):
            await world.pass_time(hours=23, minutes=50)
        (karin,) = await weeks(world, KARIN, "Your week")
        told = flat(karin).partition("Answered in letters of their own")[2].partition("Your meetings")[0]
        poll = await world.letter(KARIN, "Which day suits you?")
        assert f"Which day suits you? Which day (#{poll.case}) – Maps network. Please answer by Thursday 3" in told
        assert "How did it go? Held (#" in told
        assert "Items for the agenda? Coming" in told
        assert "has been called" not in told, "nobody waits for a receipt to be answered"
        assert karin.subject == "Your week: 3 matters wait for you", "nor for the caller to say that she comes"
        assert "you need not answer this one" in flat(karin)
        await world.reply(poll, "1 yes, 2 no")
        await world.reply(await world.letter(KARIN, "How did it go?"), "Short.\n")
        (anna,) = await weeks(world, ANNA, "Din vecka")
        assert "Vilken dag passar dig? Which day (#" in flat(anna)
        for _ in range(7):  # the poll ends on Thursday, and the day that is booked is this week's
            await world.pass_time(days=1)
        assert len(await weeks(world, KARIN, "Your week")) == 2
        last = flat((await weeks(world, KARIN, "Your week"))[-1])
        assert "Which day suits you?" not in last
        assert "How did it go? Held" not in last
