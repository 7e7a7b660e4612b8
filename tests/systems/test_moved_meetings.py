"""A meeting is moved: its introduction, agenda, reminder and notes follow; an introducer can take a yes back."""

from __future__ import annotations

from pathlib import Path

from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle, introductions, settings
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.world import World, running

FAR = "When: 2027-02-10 13:00-14:30\nWhere: Room 4\n"  # the clock begins on Monday 23 November 2026, 09:00 UTC


async def moved(world: World, when: str) -> None:
    """Karin answers her newest receipt."""
    receipts = [one for one in await world.inbox(KARIN) if one.subject.startswith("Your meeting")]
    await world.reply(receipts[-1], f"When: {when}\n", quote=False)


async def subjects(world: World, who: str, word: str) -> list[str]:
    return [one.subject for one in await world.inbox(who) if word in one.subject]


async def test_who_introduces_is_asked_when_the_new_day_comes(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await settings(world, await circle(world), introductions=True)
        await called(world, "When: 2026-12-16 13:00-14:30\n")
        await moved(world, "2027-02-10 13:00-14:30")
        await world.pass_time(days=30)
        assert await introductions(world) == {}
        await world.pass_time(days=37)  # ten working days before 10 February is 27 January
        assert "onsdag 10 februari 2027 (v. 6)" in (await subjects(world, ANNA, "Din tur"))[0]
        await world.pass_time(days=16)
        assert [row["state"] for row in await world.rows("SELECT state FROM cases WHERE kind = 'introduction'")] == [
            "over"
        ]


async def test_moved_so_near_that_the_day_is_past_asks_at_once_and_waits_for_less(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await settings(world, await circle(world), introductions=True)
        await called(world, FAR)
        await moved(world, "2026-11-27 13:00-14:30")
        assert "fredag 27 november" in (await subjects(world, ANNA, "Din tur"))[0]
        await world.pass_time(days=2, hours=4)  # half of four days: Ola is asked while he can still prepare anything
        assert await introductions(world) == {"Anna Berg 1": "silent", "Ola Nordmann 1": "asked"}
        await world.pass_time(days=1)
        assert (await introductions(world))["Ola Nordmann 1"] == "asked", "nobody else could prepare it now"
        await world.reply(await world.letter(OLA, "Din tur"), "ja")
        assert "Ola Nordmann introduces" in (await world.letter(KARIN, "introduces")).subject


async def test_who_is_asked_or_has_said_yes_hears_of_the_new_time_and_can_take_it_back(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await settings(world, await circle(world), introductions=True)
        await called(world, "When: 2026-12-04 13:00-14:30\n")
        await moved(world, "2026-12-10 13:00-14:30")
        again = await world.letter(ANNA, "Din tur")
        assert "torsdag 10 december" in again.subject
        assert "Mötet har flyttats" in flat(again)
        await world.reply(again, "ja")
        assert "Anna Berg introduces" in (await world.letter(KARIN, "introduces")).subject
        await moved(world, "2026-12-11 13:00-14:30")
        told = await world.letter(ANNA, "Din inledning har fått en ny tid")
        assert "fredag 11 december" in told.subject
        assert (await introductions(world))["Anna Berg 1"] == "yes", "not asked anew"
        await world.reply(told, "inte jag: jag är bortrest")
        assert await introductions(world) == {"Anna Berg 1": "refused", "Ola Nordmann 1": "asked"}
        assert "Anna Berg does not introduce after all" in (await world.letter(KARIN, "introduce")).subject
        await world.reply(await world.letter(OLA, "Din tur"), "ja")
        await world.reply(told, "inte jag")
        assert (await introductions(world))["Ola Nordmann 1"] == "yes", "her second word takes nobody else's turn"


async def test_an_introducer_takes_it_back_by_the_old_letter_or_the_reminder(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await settings(world, await circle(world), introductions=True)
        await called(world, "When: 2026-12-04 13:00-14:30\n")
        first = await world.letter(ANNA, "Din tur")
        await world.reply(first, "ja")
        await world.reply(first, "inte jag")
        turn = await world.letter(OLA, "Din tur")
        await world.reply(turn, "ja")
        await world.reply(first, "ja")
        assert len(await subjects(world, ANNA, "Ola Nordmann inleder")) == 1, "her yes comes too late"
        await world.reply(turn, "bytt med Mette")
        await world.reply(await world.letter(METTE, "bytte med dig"), "ja")
        assert (await introductions(world))["Mette Juhl 1"] == "yes"
        await world.pass_time(days=9, hours=22, minutes=30)  # Thursday 3 December, eight o'clock
        reminder = await world.letter(METTE, "Snart")
        assert "Du forbereder oplægget" in flat(reminder)
        assert "Mette Juhl" in flat(await world.letter(ANNA, "Snart")), "the others read who it is"
        await world.reply(reminder, "ikke mig, jeg er syg")
        assert (await introductions(world))["Mette Juhl 1"] == "refused"
        assert "Nobody introduces yet" in (await world.letter(KARIN, "introduce")).subject


async def test_the_agenda_goes_out_before_the_new_time_and_again_when_it_has_gone_out(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await settings(world, await circle(world), agenda_call=3, standing_items="News")
        await called(world, FAR)
        await moved(world, "2026-12-03 13:00-14:30")  # nearer
        await world.pass_time(days=7)
        ask = await world.letter(OLA, "Saker til dagsordenen")
        assert "3. desember" in ask.subject
        await world.reply(ask, "Taket lekker.")
        await moved(world, "2026-12-04 13:00-14:30")  # a day later, while items come in
        await world.pass_time(days=2)  # the morning before the old day
        assert await subjects(world, ANNA, "Dagordning") == []
        await world.pass_time(days=1)
        agenda = await world.letter(ANNA, "Dagordning")
        assert "fredag 4 december" in agenda.subject
        await moved(world, "2026-12-10 13:00-14:30")  # the agenda has gone out
        await world.pass_time(days=6)
        again = await world.letter(ANNA, "Dagordning")
        assert "torsdag 10 december" in again.subject
        assert "Taket lekker." in flat(again)
        assert len(await subjects(world, ANNA, "Dagordning")) == 2
        assert len(await subjects(world, OLA, "Saker til dagsordenen")) == 1


async def test_the_reminder_and_the_notes_follow_the_new_time(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, "When: 2026-12-02 13:00-14:30\n")
        await moved(world, "2026-12-07 13:00-14:30")  # a Monday: the Friday before, not the Sunday
        await world.pass_time(days=8, hours=22, minutes=30)  # Wednesday
        assert await subjects(world, ANNA, "Snart") == []
        await world.pass_time(days=2)  # Friday 4 December
        assert len(await subjects(world, ANNA, "Snart")) == 1
        assert len(await subjects(world, KARIN, "Soon")) == 1
        await moved(world, "2026-12-09 13:00-14:30")
        await world.pass_time(days=3, hours=8)  # Monday, when it would have been over
        assert await subjects(world, KARIN, "How did it go?") == []
        await world.pass_time(days=1)
        assert len(await subjects(world, ANNA, "Snart")) == 2
        assert len(await subjects(world, KARIN, "Soon")) == 2, "whoever calls it is reminded again too"
        await world.pass_time(days=1)
        assert len(await subjects(world, KARIN, "How did it go?")) == 1


async def test_moved_near_there_is_no_reminder_because_the_invitation_has_just_come(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, FAR)
        await moved(world, "2026-11-24 13:00-14:30")  # tomorrow, and this morning at eight is past
        assert "tisdag 24 november" in (await world.letter(ANNA, "Ny tid")).subject
        await world.pass_time(days=1, hours=8)
        assert await subjects(world, ANNA, "Snart") == []
        assert len(await subjects(world, KARIN, "How did it go?")) == 1


async def test_a_turn_got_in_return_for_another_can_be_taken_back_too(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await settings(world, await circle(world), introductions=True)
        await called(world, "When: 2026-12-10 13:00-14:30\nRepeat: every week, 2 times\n")
        await world.pass_time(days=4)
        first = await world.letter(ANNA, "Din tur")
        await world.reply(first, "ja")
        await world.pass_time(days=7)  # ten working days before the second one
        await world.reply(await world.letter(OLA, "Din tur"), "ja")
        assert await introductions(world) == {"Anna Berg 1": "yes", "Ola Nordmann 2": "yes"}
        await world.reply(first, "byt med Ola")  # she had said yes
        await world.reply(await world.letter(OLA, "vil bytte med deg"), "ja")
        swapped = {"Anna Berg 1": "swapped", "Ola Nordmann 1": "yes", "Ola Nordmann 2": "swapped", "Anna Berg 2": "yes"}
        assert await introductions(world) == swapped
        told = await subjects(world, KARIN, "Anna Berg introduces")
        assert len(told) == 2, "the first one before the swap, the second one after it"
        await world.pass_time(days=12, hours=22, minutes=30)  # Wednesday 16 December, eight o'clock
        reminder = await world.letter(ANNA, "Snart")
        assert "Du förbereder inledningen" in flat(reminder)
        await world.reply(reminder, "inte jag")
        assert (await introductions(world))["Mette Juhl 2"] == "asked"
        assert "torsdag den 17. december" in (await world.letter(METTE, "tur")).subject
