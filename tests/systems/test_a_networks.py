"""System A, a university library: a year and more of one network over SMTP, in Swedish, Danish and English.

From the first mail with two gaps to the last day: form, acceptance, preparation, a digest with three matters answered
from a phone, the founding, members and posts, a lifted question, a successor, July, the yearly letter, the end.
"""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from lists import store as lists_store
from tests.systems.test_proposals import proposed, quoted
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

LENA, STEN, ULLA = "Lena Ek <lena@example.org>", "Sten Ny <sten@example.org>", "Ulla Bo <ulla@example.org>"
KARIN, PER = "Karin Holm <karin@example.org>", "Per Alm <per@example.org>"
ANNA, BO = "Anna Berg <anna@example.org>", "Bo Ek <bo@example.org>"
METTE, TOM = "Mette Lund <mette@example.org>", "Tom Hill <tom@example.org>"
SETTINGS = CONFIG.replace("[database]", 'closed = ["07-01/08-07"]\n[database]', 1) + '[digests]\nundo = "0 min"\n'
PHONE = "\n\nSkickat från min iPhone"


async def library(world: World) -> None:
    """Leadership with a secretary and a Danish member, and the group that prepares; all read their own languages."""
    board = await world.group("ledning", kind="leadership", title="Ledningsgruppen", language="sv")
    await world.member(board, LENA, role="chair", language="sv")
    await world.member(board, STEN, role="secretary", language="sv")
    await world.member(board, ULLA, language="da")
    preparing = await world.group("beredning", kind="preparation", title="Beredningsgruppen", language="sv")
    await world.member(preparing, KARIN, role="moderator", language="sv")
    await world.member(preparing, PER, language="en")


def said(letter: Letter) -> str:
    """A letter's text as it is read: without the line ends of flowed text."""
    return " ".join(letter.text.split())


def number_of(digest: Letter, title: str) -> str:
    """Under which number a matter stands in a digest."""
    lines = [line for line in digest.text.splitlines() if line[:1].isdigit() and title in line]
    return lines[0].partition(".")[0]


async def of_case(world: World, who: str, number: int) -> Letter:
    return [one for one in await world.inbox(who) if f"[#{number}]" in one.subject][-1]


async def monday(world: World, weeks: int = 1) -> None:
    """To Monday noon, so many weeks on."""
    for _ in range(weeks):
        await world.pass_time(days=7)


async def propose(world: World) -> int:
    """Anna's mail has two gaps; the form that she gets back asks for them, and Bo accepts."""
    text = "Hej!\n\nVi katalogiserar kartor på tre olika sätt och vill enas.\n\n- Regler\n- Skanning\n\nMvh\nAnna"
    await world.send(ANNA, f"natverksforslag@{DOMAIN}", "Förslag på nätverk: Kartor", text)
    form = await world.letter(ANNA)
    assert "Namn: Kartor" in form.text
    answer = quoted(form, Moderator="jag", Biträdande_moderator="Bo Ek <bo@example.org>")
    await world.reply(form, f"Här kommer det!\n\n{answer}", quote=False)
    asked = await world.letter(BO)
    assert "Anna Berg föreslår medarbetarnätverket Kartor" in said(asked)
    await world.reply(asked, f"Ja, gärna!{PHONE}")
    return form.case


async def prepare(world: World, number: int) -> None:
    """The secretary assigns the matter, and both who prepare it give their advice in their own languages."""
    choosing = [one for one in await world.inbox(STEN) if f"[#{number}]" in one.subject]
    if choosing:  # with one preparation group there is nothing to choose
        await world.reply(choosing[-1], "Beredningsgruppen")
    await world.reply(await of_case(world, KARIN, number), "Tillstyrks. Angeläget.")
    await world.reply(await of_case(world, PER, number), "I recommend")


async def established(world: World) -> None:
    """Three matters wait; Lena answers all from her phone; the preparation group establishes the network."""
    first = await propose(world)
    await prepare(world, first)
    known = await world.group("personalen", kind="workplace", title="Personalen", language="sv")
    await world.member(known, METTE, language="da")
    await world.member(known, TOM, language="en")
    numbers = [first]
    for who, name, language in ((METTE, "Lyd", "da"), (TOM, "Film", "en")):
        number = await proposed(world, who, name, language)
        await prepare(world, number)
        numbers.append(number)
    await monday(world)
    for who, subject, answer in (
        (LENA, "För beslut i Ledningsgruppen", f"1-3 ja{PHONE}"),
        (ULLA, "Til beslutning i Ledningsgruppen", "1-3 ja"),
    ):
        await world.reply(await world.letter(who, subject), answer)
    await monday(world)
    digest = await world.letter(LENA, "För beslut i Ledningsgruppen")
    assert [f"(#{number})" in digest.text for number in numbers] == [True] * 3
    assert "Til beslutning i Ledningsgruppen" in (await world.letter(ULLA)).subject
    assert "tillstyrker" in said(digest)
    await world.reply(digest, f"1 ja, 2 nej: finns redan hos tekniken\n3 skjut upp{PHONE}")
    receipt = await world.letter(LENA)
    assert "finns redan hos tekniken" in said(receipt)
    assert "ikke godkendt" in (await world.letter(METTE)).subject
    await monday(world)
    assert "Film" in (await world.letter(LENA, "För beslut")).text
    await world.reply(await world.letter(KARIN, "För beslut"), f"Ja{PHONE}")
    assert "inrättat" in (await world.letter(ANNA, "inrättat")).subject


async def lives(world: World) -> None:
    """Colleagues join, the directory knows it, posts go out, a question goes up and its answer comes back."""
    await world.send(METTE, f"kartor-tilmeld@{DOMAIN}", "", "")
    await world.reply(await world.letter(METTE, "Kartor"), "Ja")
    await world.reply(await world.letter(BO, "Mette"), f"Godkänn{PHONE}")
    assert "Velkommen" in (await world.letter(METTE)).subject
    await world.send(ANNA, f"kartor@{DOMAIN}", "Första mötet", "Vi ses på torsdag.")
    assert (await world.letter(METTE, "Första mötet")).text.startswith("Vi ses på torsdag.")
    await world.send(
        ANNA, f"kartor-lyft@{DOMAIN}", "Vem betalar skannern?", "Till: Ledningsgruppen\n\nSkannern går sönder i vår."
    )
    asked = [one for one in await world.inbox(ANNA) if "Lift" in one.subject or "Lyft" in one.subject]
    if asked and asked[-1].reply_to.startswith("reply+"):
        await world.reply(asked[-1], "Ja")
    await monday(world)
    digest = await world.letter(LENA, "För beslut")
    assert "Skannern går sönder i vår." in said(digest)
    await world.reply(digest, f"{number_of(digest, 'Vem betalar skannern?')} svar: Vi betalar den ur nästa års ram.")
    for who in (METTE, BO):
        assert "nästa års ram" in said(await world.letter(who, "skannern"))


async def hands_over(world: World) -> None:
    """Anna names Mette, who says yes in Danish; in July no clock runs."""
    await world.send(ANNA, f"kartor-request@{DOMAIN}", "", "nominera mette@example.org")
    await world.reply(await world.letter(ANNA, "En ny moderator"), "ja")
    before = len(await world.inbox(METTE))
    await world.reply(await world.letter(METTE, "moderator"), "Ja tak, gerne!\n\nVenlig hilsen\nMette")
    assert len(await world.inbox(METTE)) > before
    assert "Ny moderator" in (await world.letter(BO, "Ny moderator")).subject


async def ends(world: World) -> None:
    """A year after the founding the moderators are asked how it is: wound down, when all of leadership have heard."""
    await world.reply(await world.letter(METTE, "Hvordan går det"), "Nedlæg\n\nVi mødes i Metadata i stedet.")
    await world.reply(await world.letter(METTE, "Nedlægge Kartor?"), "Ja tak")
    await monday(world)
    digest = await world.letter(LENA, "För beslut")
    assert "ska avvecklas" in said(digest)
    await world.reply(digest, f"{number_of(digest, 'Kartor')} ja{PHONE}")
    danish = await world.letter(ULLA, "Til beslutning")
    await world.reply(danish, f"{number_of(danish, 'Kartor')} ja, det er trist")
    assert "ska stängas" in (await world.letter(BO, "stängas")).subject
    await monday(world, 4)
    group = await world.service.db.read(lambda tx: lists_store.group_named(tx, "kartor"))
    assert group is not None
    assert group.state == "closed"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await world.send(BO, f"kartor@{DOMAIN}", "Hej", "Hallå?")


async def test_a_year_of_a_network(tmp_path: Path) -> None:
    async with running(tmp_path, SETTINGS) as world:
        await library(world)
        await established(world)
        group = await world.service.db.read(lambda tx: lists_store.group_named(tx, "kartor"))
        assert group is not None
        assert group.settings.purpose.startswith("Vi katalogiserar kartor")
        await lives(world)
        await hands_over(world)
        await world.pass_time(days=200)  # well into July: nothing but the Mondays' digests has waited
        await monday(world, 4)
        await world.pass_time(days=130)  # and to the network's first birthday
        await ends(world)
        await world.pass_time(days=60)  # in which the closing could have been taken back
        rows = await world.rows("SELECT kind, state FROM cases WHERE closed_at IS NULL AND kind <> 'proposal'")
        assert rows == []
