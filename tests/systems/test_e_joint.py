"""Employer and unions over SMTP: matters that both sides answer unseen by each other, notes, minutes signed by both."""

from __future__ import annotations

from pathlib import Path

import httpx
import msgspec

from lists import store as lists_store
from mailsvc.ids import GroupId
from mailsvc.store.database import Tx
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

EVA = "Eva Lund <eva@example.org>"  # speaks for the employer
NILS = "Nils Ek <nils@example.org>"
BO = "Bo Dahl <bo@example.net>"  # speaks for the union, in Danish
LIV = "Liv Moe <liv@example.net>"
SARA = "Sara Holm <sara@example.org>"  # secretary
KIM = "Kim Berg <kim@example.com>"  # one of the staff
REQUEST = f"samverkan-request@{DOMAIN}"
AT_ONCE = CONFIG + '[digests]\nundo = "0 min"\nothers = "mon 08:00"\n'
LATER = CONFIG + '[digests]\nundo = "30 min"\nothers = "mon 08:00"\n'


async def setting(world: World, group: GroupId, **changed: object) -> None:
    def unit(tx: Tx) -> None:
        known = lists_store.group(tx, group).settings
        lists_store.set_settings(tx, group, msgspec.structs.replace(known, **changed))

    await world.write(unit)


async def county(world: World) -> GroupId:
    """A joint group of two sides with two spokespersons each, a level above it, and all staff."""
    joint = await world.group("samverkan", kind="joint", title="Samverkansgruppen", language="sv", join="closed")
    for who, role, language in (
        (EVA, "spokesperson", "sv"),
        (NILS, "spokesperson", "sv"),
        (BO, "spokesperson", "da"),
        (LIV, "spokesperson", "nb"),
        (SARA, "secretary", "sv"),
    ):
        await world.member(joint, who, role=role, language=language)
    for name, title, people in (("arbetsgivare", "Arbetsgivaren", (EVA, NILS)), ("facket", "Facket", (BO, LIV))):
        party = await world.group(name, kind="circle", title=title, language="sv", join="closed")
        for who in people:
            await world.member(party, who)
        await setting(world, party, party_of="samverkan")
    everyone = await world.group("alla", kind="everyone", title="Alla", language="sv", join="closed")
    for who, language in ((KIM, "sv"), (EVA, "sv")):
        await world.member(everyone, who, language=language)
    return joint


async def raise_matter(world: World, title: str = "Arbetstider i sommar", more: str = "") -> None:
    text = f"{more}Ska vi börja klockan sju från juni till augusti?\n\nDet gäller alla förvaltningar."
    await world.send(EVA, REQUEST, f"Ärende: {title}", text)


def said(letter: Letter) -> str:
    """A letter's text without its line ends and quote signs."""
    return " ".join(letter.text.replace("\n>", "\n").split())


async def everything(world: World, who: str) -> str:
    """All that somebody has ever got, whole: subjects, texts, markup."""
    return "\n".join(f"{one.subject}\n{one.text}\n{one.html}" for one in await world.inbox(who))


async def digest(world: World, who: str) -> Letter:
    return await world.letter(who, "[#")


async def both_asked(world: World) -> None:
    """The Monday letter comes to all four."""
    await world.pass_time(days=7)
    for who in (EVA, NILS, BO, LIV):
        assert "Samverkansgruppen" in (await digest(world, who)).subject


async def test_a_matter_is_agreed_signed_and_goes_to_all_staff(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await county(world)
        await raise_matter(world)
        told = await world.letter(EVA)
        assert "ingen ser en annan parts svar innan alla har svarat" in said(told)
        await both_asked(world)
        letter = await digest(world, BO)
        assert "Det gäller alla förvaltningar." in letter.text
        await world.reply(await digest(world, EVA), "Eniga")
        await world.reply(await digest(world, NILS), "eniga\n\n/Nils")
        await world.reply(letter, "Enige")
        assert "enige" not in (await everything(world, SARA)).lower()
        await world.reply(await digest(world, LIV), "Enige.\n\nHilsen Liv")
        assert "Alla parter i Samverkansgruppen har svarat" in said(await world.letter(SARA, "eniga"))
        assert "Alle parter i Samverkansgruppen har svaret" in said(await world.letter(BO, "enige"))
        asked = await world.letter(SARA, "Vem följer upp")
        await world.reply(asked, "Någon annan")
        again = await world.letter(SARA, "Vem följer upp")
        assert "Vi hittade ingen" in said(again)
        await world.reply(again, "Nils Ek, senast 1 februari")
        assert "1 februari 2027" in said(await world.letter(NILS, "Arbetstider"))
        minutes = await world.letter(SARA, "Protokoll att komplettera")
        await world.reply(minutes, "Gemensamt brev: ja\n\nSchemat läggs av varje enhet.")
        for who in (EVA, LIV):
            await world.reply(await world.letter(who, "rotokoll"), "Skriver under" if who is EVA else "Signerer")
        for who, word in ((SARA, "underskrivet av alla parter"), (BO, "underskrevet af alle parter")):
            letter = await world.letter(who, "Protokoll:" if who is SARA else "Referat:")
            assert word in said(letter)
            assert "Eva Lund" in letter.text
            assert "Schemat läggs av varje enhet." in letter.text
        staff = await world.letter(KIM, "Gemensamt brev från Samverkansgruppen")
        assert "i namn av Arbetsgivaren och Facket" in said(staff)
        assert "Schemat läggs" in staff.text
        assert "Ansvarig: Nils Ek" in staff.text


async def test_votes_are_hidden_until_both_sides_have_answered(tmp_path: Path) -> None:
    async with running(tmp_path, LATER) as world:
        await county(world)
        await raise_matter(world)
        await both_asked(world)
        await world.reply(await digest(world, EVA), "Oeniga: hemligt ord körsbär")
        await world.reply(await digest(world, NILS), "oeniga: hemligt ord körsbär")
        number = (await digest(world, BO)).case
        await world.send(BO, REQUEST, f"status {number}", "")
        await world.send(SARA, REQUEST, f"status {number}", "")
        await world.pass_time(days=7)  # the other side is asked once more
        await world.reply(await digest(world, LIV), "kanskje, vi må tenke på det")
        for who in (BO, LIV, SARA, KIM):
            found = (await everything(world, who)).lower()
            for secret in ("körsbär", "körsb", "eva lund, ", "nils"):
                assert secret not in found.replace("väckt av eva lund", ""), (who, secret)
        assert "tenke på det" not in await everything(world, EVA)
        await world.reply(await digest(world, BO), "Uenige")
        await world.reply(await digest(world, LIV), "enige")
        await world.reply(await digest(world, LIV), "Uenige: vi vil have pauser")
        assert "körsbär" not in await everything(world, LIV)  # a second thought still counts
        assert "pauser" not in await everything(world, EVA)
        await world.pass_time(hours=1)
        assert "körsbär" in (await world.letter(LIV, "uenige")).text
        assert "pauser" in (await world.letter(EVA, "oeniga")).text


async def test_each_sides_note_is_asked_for_and_minutes_go_back(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await county(world)
        await raise_matter(world)
        await both_asked(world)
        for who, word in ((EVA, "eniga"), (NILS, "eniga"), (BO, "uenige"), (LIV, "uenige")):
            await world.reply(await digest(world, who), word)
        await world.reply(await world.letter(BO, "bemærkning"), "Vi mangler pauser om sommeren.")
        assert "pauser" not in await everything(world, EVA)
        await world.reply(await world.letter(EVA, "anteckning"), "Vi ser inga hinder.")
        found = said(await world.letter(EVA, ": oeniga"))
        assert "Arbetsgivaren: eniga Vi ser inga hinder." in found
        assert "Facket: oeniga Vi mangler pauser om sommeren." in found
        await world.reply(await world.letter(SARA, "Protokoll att komplettera"), "ja")
        await world.reply(await world.letter(LIV, "Protokoll til signering"), "nei: møtedatoen mangler")
        back = await world.letter(SARA, "Protokoll att komplettera")
        assert "Liv Moe (Facket) har inte skrivit under" in said(back)
        assert "møtedatoen mangler" in back.text
        await world.reply(back, "Mötet hölls den 30 november.")
        await world.reply(await world.letter(BO, "Referat til underskrift"), "underskriver")
        assert not [one for one in await world.inbox(SARA) if one.subject.startswith("Protokoll:")]
        await world.reply(await world.letter(NILS, "Skriv under"), "jag skriver under")
        signed = await world.letter(LIV, "Protokoll:")
        assert "Mötet hölls den 30 november." in signed.text
        assert "Bo Dahl" in signed.text
        assert (await world.inbox(KIM)) == []


async def test_a_lifted_matter_goes_on_above_with_what_was_said(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        joint = await county(world)
        above = await world.group("ledning", kind="leadership", title="Ledningsgruppen", language="sv", join="closed")
        await world.member(above, KIM, language="sv")
        await setting(world, joint, next_level="ledning")
        await raise_matter(world, more="Typ: utveckling\n")
        await both_asked(world)
        assert "utvecklingsfråga" in said(await digest(world, EVA))
        for who, word in ((EVA, "eniga"), (NILS, "eniga"), (BO, "løft: det hører hjemme centralt"), (LIV, "løft")):
            await world.reply(await digest(world, who), word)
        assert "det lyfts till Ledningsgruppen" in said(await world.letter(SARA, "lyft till nästa nivå"))
        await world.pass_time(days=7)
        letter = await world.letter(KIM, "Ledningsgruppen")
        assert "Det lyftes hit av Samverkansgruppen (#1," in said(letter)
        assert "det hører hjemme centralt" in letter.text
        await world.reply(letter, "eniga")
        assert "Kim" not in await everything(world, BO)  # it is another body's matter now


async def test_a_side_is_unseen_by_the_other(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await county(world)
        await world.send(BO, f"facket@{DOMAIN}", "Inför måndag", "Vi säger nej till klockan sju.")
        assert "klockan sju" in (await world.letter(LIV, "Inför måndag")).text
        await world.send(EVA, f"facket-request@{DOMAIN}", "info", "")
        await world.send(EVA, f"facket-request@{DOMAIN}", "vilka", "")
        await world.send(EVA, REQUEST, "vilka", "")
        await raise_matter(world)
        await both_asked(world)
        turned_away = [one for one in await world.inbox(EVA) if "mejl till Facket" in one.subject]
        assert len(turned_away) == 2
        assert all("bara för gruppens medlemmar" in said(one) for one in turned_away)
        for who in (EVA, NILS, SARA, KIM):
            assert "säger nej" not in await everything(world, who)
        for who in (NILS, SARA, KIM):  # Eva has found the address out, and learns nothing there
            assert "facket@" not in await everything(world, who)
        host, port = world.service.web.address
        async with httpx.AsyncClient(base_url=f"http://{host}:{port}") as client:
            page = await client.get("/directory.json")
            assert "facket" not in page.text
            assert (await client.get("/g/facket")).status_code == 404


async def test_only_those_who_may_raise_a_matter_and_only_in_joint_bodies(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await county(world)
        await world.member(await world.group("katalog", title="Katalog", moderator=KIM, language="sv"), EVA)
        await world.send(EVA, f"katalog-request@{DOMAIN}", "sak: Flytt", "När?")
        assert "Det här görs bara i samverkansgrupper." in said(await world.letter(EVA))
        await world.send(KIM, REQUEST, "ärende: Flytt", "När?")
        assert "Bara talespersoner" in said(await world.letter(KIM))
        await world.send(BO, REQUEST, "sag", "Hvornår?")
        assert "Skriv en titel efter ordet" in said(await world.letter(BO))
        await world.send(BO, f"samverkan@{DOMAIN}", "Sag: pauser om sommeren", "Hvad siger I?")
        assert "Hvad siger I?" in (await world.letter(EVA, "pauser")).text  # a post stays a post
        assert not await world.rows("SELECT id FROM cases WHERE kind = 'joint-matter'")


async def test_what_nobody_answers_ends_without_showing_an_answer(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await county(world)
        await raise_matter(world)
        await both_asked(world)
        for who in (EVA, NILS):
            await world.reply(await digest(world, who), "Oeniga: hemligt ord körsbär")
        for _ in range(40):
            await world.pass_time(days=7)
        assert "har slutat utan utfall" in said(await world.letter(SARA, "Slut utan utfall"))
        for who in (BO, LIV, SARA):
            assert "körsbär" not in await everything(world, who)


async def test_the_site_says_how_long_each_step_waits(tmp_path: Path) -> None:
    short = AT_ONCE + "[joint]\nanswer_working_days = 8\nsignature_working_days = 2\nreminder_working_days = 1\n"
    async with running(tmp_path, short) as world:
        await county(world)
        await raise_matter(world)
        await both_asked(world)
        for who, word in ((EVA, "informerat"), (NILS, "informerat"), (BO, "orienteret"), (LIV, "informert")):
            await world.reply(await digest(world, who), word)
        await world.reply(await world.letter(SARA, "Protokoll att komplettera"), "ja")
        await world.pass_time(days=1)
        asked = [one for one in await world.inbox(EVA) if "skriv under" in one.subject.lower()]
        assert len(asked) == 2, [one.subject for one in await world.inbox(EVA)]  # reminded after one day
        await world.pass_time(days=1)
        assert (await world.rows("SELECT state FROM cases WHERE kind = 'joint-matter'"))[0]["state"] == "unsigned"
        await raise_matter(world, "Kaffe")
        await world.pass_time(days=11)  # a Sunday, after seven working days
        assert not await world.rows("SELECT id FROM cases WHERE state = 'lapsed'")
        await world.pass_time(days=2)
        assert await world.rows("SELECT id FROM cases WHERE state = 'lapsed'")
