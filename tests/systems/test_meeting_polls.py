"""Polls of dates as mail programs answer them: Outlook's automatic lists, several dates in a word, over SMTP."""

from __future__ import annotations

import re
from pathlib import Path

from tests.systems.test_meetings import ANNA, METTE, NORDIC, OLA, called, flat, network
from tests.systems.world import Letter, World, running

CALL = "When:\n2026-12-10 13:00-14:30\n2026-12-11 9-10\n2026-12-14 13-14.30\n"
OUTLOOK = (
    "<html><body><div class=WordSection1><ol style='margin-top:0cm' start=1 type=1>"
    "<li class=MsoListParagraph>ja<o:p></o:p></li><li class=MsoListParagraph>nei, er på reise<o:p></o:p></li></ol>"
    "<ol start=3><li>kanskje</li></ol><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    "<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Fra:</b> Maps &lt;cases@example.org"
    "&gt;<br><b>Sendt:</b> mandag 23. november 2026 10:00<br><b>Til:</b> Ola<br><b>Emne:</b> Hvilken dag</p></div>"
    "<ol><li>torsdag 10. desember</li><li>fredag 11. desember</li></ol></div></body></html>"
)


async def said(world: World, who: str) -> dict[int, str]:
    rows = await world.rows(
        "SELECT c.number, c.answer, c.comment FROM date_choice c JOIN address a ON a.person_id = c.person_id"
        f" WHERE a.address = '{who.partition('<')[2].rstrip('>')}' ORDER BY c.number"
    )
    return {int(str(row["number"])): " ".join(filter(None, (str(row["answer"]), str(row["comment"])))) for row in rows}


async def answer_in_html(world: World, letter: Letter, who: str, html: str) -> None:
    await world.send(who, letter.reply_to, f"SV: {letter.subject}", html=html)


async def test_an_automatic_list_has_its_numbers(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        poll = await world.letter(OLA)
        assert re.findall(r"<li[^>]*>(\w+)", poll.html) == ["torsdag", "fredag", "mandag"]
        assert [f"{number}. " in poll.text for number in (1, 2, 3)] == [True] * 3
        await answer_in_html(world, poll, OLA, OUTLOOK)
        assert await said(world, OLA) == {1: "can", 2: "cannot er på reise", 3: "maybe"}


async def test_all_but_one_and_several_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        await world.reply(await world.letter(ANNA), "Hej!\nAlla utom 2\n\nMvh\nAnna")
        await world.reply(await world.letter(METTE), "2+3 ja")
        assert await said(world, ANNA) == {1: "can", 3: "can"}
        assert await said(world, METTE) == {2: "can", 3: "can"}
        read = await world.letter(ANNA, "Ditt svar")
        assert "kl. 13.00–14.30: kan" in flat(read)
        await world.reply(await world.letter(ANNA, "Vilken dag"), "1 nej")  # the last answer to each counts
        assert await said(world, ANNA) == {1: "cannot", 3: "can"}
