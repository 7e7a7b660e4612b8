"""Ideas and lifted questions as strangers send them: a wish not to be named, `Idé:` before it, one answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.world import CONFIG, DOMAIN, World, running

CIA = "Cia Ros <cia@example.org>"
LENA = "Lena Ek <lena@example.org>"
ANNA = "Anna Berg <anna@example.org>"
QUICK = CONFIG.replace("[limits]", '[digests]\nundo = "0 min"\n[limits]')


async def house(world: World) -> None:
    board = await world.group("board", kind="leadership", title="Ledningen", language="sv")
    await world.member(board, LENA, role="chair", language="sv")
    maps = await world.group("kartor", title="Kartor", moderator=ANNA, deputy="Bo Ek <bo@example.org>", language="sv")
    await world.member(maps, CIA, language="sv")


@pytest.mark.parametrize("end", ["Jag vill vara anonym.", "Skriv inte mitt namn, tack.", "/Cia\n\nPS. Anonymt tack!"])
async def test_a_wish_at_the_end_keeps_the_name_out(tmp_path: Path, end: str) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await world.send(CIA, f"ideer@{DOMAIN}", "Idé: bättre luft", f"Ventilationen i magasinet är dålig.\n\n{end}")
        assert "Du bad om att vara anonym" in (await world.letter(CIA, "Tack för din idé")).text
        rows = await world.rows("SELECT data FROM cases WHERE kind = 'idea'")
        assert "cia" not in str(rows[0]["data"]).lower()
        await world.pass_time(days=8)
        digest = await world.letter(LENA, "beslut")
        assert "1. bättre luft (#1)" in digest.text.replace("Bättre", "bättre")
        assert "> Ventilationen i magasinet är dålig." in digest.text
        assert "anonym" not in digest.text.replace("någon som är anonym", "")


async def test_thanks_behind_the_wish_are_no_part_of_the_idea(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await world.send(CIA, f"ideer@{DOMAIN}", "Luft", "Anonymt tack. Ventilationen i magasinet är dålig.")
        await world.pass_time(days=8)
        assert "> Ventilationen i magasinet är dålig." in (await world.letter(LENA, "beslut")).text


@pytest.mark.parametrize("subject", ["Idé: lånebara hörlurar", "SV: Ny idé - lånebara hörlurar", "lånebara hörlurar"])
async def test_the_title_is_the_idea(tmp_path: Path, subject: str) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await world.send(CIA, f"ideer@{DOMAIN}", subject, "Kan vi inte låna ut hörlurar?")
        assert (await world.letter(CIA)).subject.partition(" [#")[0] == "Tack för din idé: lånebara hörlurar"


async def test_who_asked_and_is_a_member_gets_the_answer_once(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await world.send(ANNA, f"kartor-lyft@{DOMAIN}", "Ny skanner", "Till: Ledningen\n\nKan vi få en ny skanner?")
        await world.reply(await world.letter(ANNA, "Ny skanner"), "Ja")  # nothing here vouches for the sender
        await world.pass_time(days=8)
        await world.reply(await world.letter(LENA, "beslut"), "Svar: Ja, beställ en.")
        receipt = await world.letter(LENA, "Ditt svar har kommit fram")
        assert "Beslut: BESVARAD" in receipt.text
        assert "Beslut: JA" not in receipt.text
        for who in (ANNA, CIA):
            answers = [one for one in await world.inbox(who) if one.subject.startswith("Svar: Ny skanner")]
            assert len(answers) == 1
            assert "> Ja, beställ en." in answers[0].text


async def test_an_unclear_answer_is_about_what_is_open_still(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        await house(world)
        await world.send(CIA, f"ideer@{DOMAIN}", "Hörlurar", "Kan vi inte låna ut hörlurar?")
        await world.send(CIA, f"ideer@{DOMAIN}", "Lampor", "Lampor vid läsplatserna.")
        await world.pass_time(days=8)
        digest = await world.letter(LENA, "2 ärenden")
        await world.send(CIA, f"help@{DOMAIN}", "", "dra tillbaka 1")
        await world.reply(digest, "intressant, vi får se")
        again = await world.letter(LENA, "Svara en gång till")
        assert "1. Lampor" in again.text or "Lampor" in again.subject
        assert "Hörlurar" not in again.text
        await world.reply(again, "ta upp")
        assert [row["state"] for row in await world.rows("SELECT state FROM cases ORDER BY id")][1] == "working"


async def test_nobody_is_closed_down_by_the_example_of_a_digest(tmp_path: Path) -> None:
    async with running(tmp_path, QUICK) as world:
        board = await world.group("board", kind="leadership", title="Ledningen", language="sv")
        await world.member(board, LENA, role="chair", language="sv")
        for name in ("kartor", "media"):
            await world.group(name, moderator=ANNA, language="sv")
        await world.pass_time(days=1)
        for _ in range(7):
            await world.pass_time(days=1)
        digest = await world.letter(LENA, "beslut")
        assert "Till exempel: 1 nominera NAMN, 2 vänta" in digest.text
        assert "Samma ord för flera: 1+2 vänta" in digest.text
