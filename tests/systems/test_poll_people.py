"""Polls of dates as people treat them: sentences, quotes, phones, late answers, strangers, who joins and leaves."""

from __future__ import annotations

from pathlib import Path

from mailsvc.ids import GroupId
from tests.systems.test_meeting_polls import CALL, answer_in_html, said
from tests.systems.test_meetings import ANNA, KARIN, METTE, NORDIC, OLA, called, flat, network
from tests.systems.world import Letter, World, running

LIV = "Liv Moen <liv@example.org>"


async def asked(world: World) -> int:
    """Karin asks the network for one of three days: Thursday 10, Friday 11, Monday 14 December."""
    group = await network(world)
    await called(world, CALL)
    return group


async def results(world: World) -> list[Letter]:
    return [one for one in await world.inbox(KARIN) if "choose a day" in one.subject or "Booked" in one.subject]


async def test_sentences_in_everybodys_language(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(ANNA), "Hej Karin!\nTorsdagen passar bäst, fredag går inte.\n\nMvh Anna")
        assert await said(world, ANNA) == {1: "can", 2: "cannot"}
        assert "torsdag 10 december 2026 (v. 50) kl. 13.00–14.30: kan" in flat(await world.letter(ANNA, "Ditt svar"))
        await world.reply(await world.letter(METTE), "Ingen passer desværre")
        assert await said(world, METTE) == {1: "cannot", 2: "cannot", 3: "cannot"}
        await world.reply(await world.letter(OLA), "Vi får se")
        assert await said(world, OLA) == {}
        asked_back = await world.letter(OLA, "Svaret ditt")
        assert "Vi får se" in flat(asked_back)
        assert "1 ja, 2 kanskje, 3 nei" in flat(asked_back)
        await world.reply(await world.letter(OLA, "Hvilken dag"), "Bare 3")
        assert await said(world, OLA) == {1: "cannot", 2: "cannot", 3: "can"}


async def test_answers_between_the_quoted_lines_and_from_a_phone(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        poll = await world.letter(ANNA)
        between = []
        for line in poll.text.splitlines():
            between.append(f"> {line}")
            for number, word in (("1.", "ja"), ("2.", "nej"), ("3.", "kanske")):
                if line.startswith(number):
                    between.append(word)
        await world.reply(poll, "Se nedan!\n\nDen mån 23 nov. skrev Maps:\n" + "\n".join(between), quote=False)
        assert await said(world, ANNA) == {1: "can", 2: "cannot", 3: "maybe"}
        phone = '<div dir="auto">1 og 3 passer 👍<div>2 👎</div></div><br><div>Sendt fra min iPhone</div>'
        await answer_in_html(world, await world.letter(METTE), METTE, phone)
        assert await said(world, METTE) == {1: "can", 2: "cannot", 3: "can"}


async def test_book_of_a_member_says_that_it_suits_and_the_caller_books(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(ANNA), "boka 2")
        assert await said(world, ANNA) == {2: "can"}
        poll = await world.letter(KARIN, "Which day suits you")
        await world.reply(poll, "book 2 and 3")
        assert not await results(world)
        assert "We could not read your answer" in flat(await world.letter(KARIN, "Your answer"))
        await world.reply(poll, "book Friday")
        assert "Booked: Map meeting, Friday 11 December 2026" in (await results(world))[0].subject
        assert "fredag 11 december" in (await world.letter(ANNA, "Inbjudan")).subject
        await world.reply(await world.letter(OLA, "Hvilken dag"), "1 ja 2 nei 3 ja")
        assert "Booked" in (await results(world))[-1].subject
        assert len(await world.rows("SELECT id FROM meeting")) == 1


async def test_a_late_answer_books_nothing_and_the_caller_sees_it(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        await world.reply(await world.letter(ANNA), "1 ja, 2 ja, 3 nej")
        await world.pass_time(days=9)
        (tie,) = await results(world)
        assert "several days suit equally well" in flat(tie)
        await world.reply(await world.letter(OLA, "Hvilken dag"), "2 ja")
        assert await world.rows("SELECT id FROM meeting") == []
        assert "Karin Holm ser svaret ditt også" in flat(await world.letter(OLA, "Svaret ditt"))
        assert "2 can come" in flat((await results(world))[-1])
        await world.reply(await world.letter(METTE, "Hvilken dag"), "hmm?")
        assert len(await results(world)) == 2, "nothing was said"
        await world.pass_time(days=9)  # the 10th and the 11th are past
        await world.reply(tie, "book 2")
        assert "That day is past" in flat((await results(world))[-1])
        assert await world.rows("SELECT id FROM meeting") == []
        await world.reply((await results(world))[-1], "3")
        assert len(await world.rows("SELECT id FROM meeting")) == 1


async def test_who_joins_is_asked_and_who_leaves_is_not_waited_for(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await asked(world)
        for who in (KARIN, ANNA, OLA):
            poll = [one for one in await world.inbox(who) if one.subject.split()[0] in ("Which", "Vilken", "Hvilken")]
            await world.reply(poll[-1], "1 ja, 2 nej, 3 nej")
        assert not await results(world), "Mette has not answered"
        await world.member(GroupId(group), LIV, language="nn")
        await world.send(METTE, "maps-leave@networks.example.org", "")
        await world.reply(await world.letter(METTE), "ja")
        asked_later = await world.letter(LIV, "Kva dag passar")
        assert not await results(world), "Liv has not answered either"
        await world.reply(asked_later, "Torsdag passar, dei andre ikkje")
        assert "Booked: Map meeting, Thursday 10 December 2026" in (await results(world))[-1].subject
        assert "Mette" not in flat((await results(world))[-1])


async def test_strangers_other_addresses_and_machines_are_not_counted(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await asked(world)
        poll = await world.letter(ANNA)
        await world.reply(poll, "1 ja 2 ja 3 ja", sender="eve@example.net")
        await world.reply(poll, "1 ja 2 ja 3 ja", sender=OLA)
        assert await said(world, ANNA) == {}
        assert await said(world, OLA) == {}
        absence = {"Auto-Submitted": "auto-replied", "Subject": "Frånvaro: 1 ja"}
        await world.reply(poll, "Jag är borta till 14 december.\n1 ja", headers=absence)
        assert await said(world, ANNA) == {}
        await world.reply(poll, "1 ja")
        await world.reply(poll, "1 nej, jag mindes fel")
        assert await said(world, ANNA) == {1: "cannot jag mindes fel"}
