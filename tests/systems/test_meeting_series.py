"""A series of meetings called, asked about and changed by mail, in Danish, Bokmål and Nynorsk, as programs answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.test_meetings import NORDIC, calendar, flat
from tests.systems.world import Letter, World, running

NAMES = {
    "da": ("Mette Juhl <mette@example.org>", "kort-moede@networks.example.org"),
    "nb": ("Kari Moe <kari@example.org>", "kort-mote@networks.example.org"),
    "nn": ("Gro Vik <gro@example.org>", "kort-mote@networks.example.org"),
}
PER = "Per Dahl <per@example.org>"
WORDS = {
    "da": ("Hvornår: torsdage kl. 13-14.30 fra 7. januar\nHvor: Lokale 4", "Indtil videre", "Hvornår", "Hvor"),
    "nb": ("Når: torsdager kl. 13-14.30 fra 7. januar\nHvor: Lokale 4", "Inntil videre", "Når", "Hvor"),
    "nn": ("Når: torsdagar kl. 13-14.30 frå 7. januar\nKvar: Lokale 4", "Inntil vidare", "Når", "Kvar"),
}
CANCELS = {
    "da": "Aflys 14. januar: Per er syg",
    "nb": "Avlys 14. januar: Per er syk",
    "nn": "Avlys 14. januar: Per er sjuk",
}
ALL = {"da": "Aflys alle", "nb": "Avlys alle", "nn": "Avlys alle"}


async def network(world: World, language: str) -> tuple[str, str]:
    caller, desk = NAMES[language]
    group = await world.group("kort", title="Kortnettet", moderator=caller, language=language)
    await world.member(group, PER, language=language)
    return caller, desk


async def from_outlook(world: World, letter: Letter, text: str) -> None:
    """A mail in HTML alone: what is typed, a header block, and our letter as it came."""
    typed = "".join(f"<p class=MsoNormal>{line or '<o:p>&nbsp;</o:p>'}<o:p></o:p></p>" for line in text.split("\n"))
    inner = letter.html[letter.html.index("<body") :].replace("<body", "<div").replace("</body>", "</div>")
    head = (
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b>Fra:</b> Kort'
        f"<br><b>Sendt:</b> 23. november 2026<br><b>Til:</b> {letter.owner}<br><b>Emne:</b> {letter.subject}</p></div>"
    )
    thread = {"In-Reply-To": str(letter.message["Message-ID"]), "References": str(letter.message["Message-ID"])}
    html = f"<html><body lang=DA><div class=WordSection1>{typed}{head}{inner}</div></body></html>"
    await world.send(letter.owner, letter.reply_to, f"SV: {letter.subject}", html=html, headers=thread)


async def series_letter(world: World, caller: str) -> Letter:
    """The newest letter to the caller with the form of the series."""
    found = [one for one in await world.inbox(caller) if "lys alle" in flat(one)]
    return found[-1]


async def meetings(world: World) -> list[str]:
    rows = await world.rows(
        "SELECT strftime('%m-%d %H:%M', starts / 1000000 + 3600, 'unixepoch') AS at, place FROM meeting"
        " WHERE state = 'called' ORDER BY starts"
    )
    return [f"{row['at']} {row['place']}" for row in rows]


@pytest.mark.parametrize("language", ["da", "nb", "nn"])
async def test_a_series_asked_about_and_changed_as_outlook_answers(tmp_path: Path, language: str) -> None:
    call, further, when, where = WORDS[language]
    async with running(tmp_path, NORDIC.replace('"SE"', '"NO"')) as world:
        caller, desk = await network(world, language)
        await world.send(caller, desk, "Kort", f"Hei alle!\n\n{call}\n\nMvh")
        asked = await world.letter(caller)
        assert further.lower() in flat(asked).lower(), "the words that work are printed"
        await from_outlook(world, asked, f"{further}\n\nHilsen\nKari")
        assert await meetings(world) == [f"01-{day} 13:00 Lokale 4" for day in ("07", "14", "21", "28")]

        before = len(await world.inbox(PER))
        await from_outlook(
            world, await series_letter(world, caller), f"{when}: 14.00-15.30\n{where}: Lokale 7\n\nHilsen"
        )
        assert await meetings(world) == [f"01-{day} 14:00 Lokale 7" for day in ("07", "14", "21", "28")]
        told = (await world.inbox(PER))[before:]
        assert len(told) == 4, "one letter for each meeting, whatever changed"
        assert all(calendar(one)[1]["SEQUENCE"] == "1" for one in told)
        assert all("Lokale 7" in one.text for one in told)

        before = len(await world.inbox(PER))
        await world.reply(await series_letter(world, caller), CANCELS[language])
        (gone,) = (await world.inbox(PER))[before:]
        assert calendar(gone)[0] == "CANCEL"
        assert "Per er s" in flat(gone)
        letter = await series_letter(world, caller)
        assert "«" not in letter.subject
        await from_outlook(world, letter, "")
        assert len(await meetings(world)) == 3, "a letter that is sent back as it was changes nothing"
        await world.reply(letter, ALL[language])
        assert await meetings(world) == []


async def test_the_later_meetings_of_a_series_have_what_was_changed(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        caller, desk = await network(world, "da")
        await world.send(caller, desk, "Kort", "Hvornår: onsdage kl. 13-14.30\nHvor: Lokale 4")
        await world.reply(await world.letter(caller), "indtil videre")
        await world.reply(await world.letter(caller, "indkaldt"), "Hvornår: 14.00\nHvor: Lokale 7")
        await world.pass_time(days=3)
        assert await meetings(world) == [f"{day} 14:00 Lokale 7" for day in ("12-02", "12-09", "12-16", "12-23")]


async def test_a_question_to_the_letter_of_a_series_cancels_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        caller, desk = await network(world, "nb")
        await world.send(caller, desk, "Kort", "Når: torsdager kl. 13-14.30 fra 7. januar, 4 ganger")
        await world.reply(await world.letter(caller), "ja")
        await world.reply(await series_letter(world, caller), "Skal vi avlyse 14. januar?\n\nKari")
        assert len(await meetings(world)) == 4
        assert "«Skal vi avlyse 14. januar?»" in flat(await series_letter(world, caller))


async def test_thanks_for_a_series_ask_for_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        caller, desk = await network(world, "nn")
        await world.send(caller, desk, "Kort", "Når: torsdagar kl. 13-14.30 frå 7. januar, 4 gonger")
        await world.reply(await world.letter(caller), "ja")
        await world.reply(await series_letter(world, caller), "Tusen takk!\n\nGro")
        assert len(await meetings(world)) == 4
        assert not any("spørsmål" in one.subject for one in await world.inbox(caller))
