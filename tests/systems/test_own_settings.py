"""What members choose for themselves by mail, as they write it, and what follows for the posts they get."""

from __future__ import annotations

from pathlib import Path

import pytest

from lists import store
from tests.systems.world import CONFIG, DOMAIN, World, running

LIST = f"cataloguing@{DOMAIN}"
REQUEST = f"cataloguing-request@{DOMAIN}"
HELP = f"help@{DOMAIN}"
ANNA = "Anna Berg <anna@example.org>"
BO = "Bo Ek <bo@example.org>"
ZONED = CONFIG.replace("[database]", 'timezone = "Europe/Stockholm"\n[database]')


async def a_group(world: World, *, language: str = "en") -> None:
    group = await world.group("cataloguing", moderator="Karin <karin@example.org>")
    await world.member(group, ANNA, language=language)
    await world.member(group, BO, language=language)


async def posts(world: World, who: str) -> list[str]:
    """The subjects of the posts that somebody has got."""
    return [one.subject for one in await world.inbox(who) if one.message["List-Id"]]


async def last(world: World, who: str) -> str:
    return " ".join((await world.inbox(who))[-1].text.split())


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("sv", "Hej! Pausa till 7 december", "sista dagen utan inlägg är söndag 6 december 2026"),
        ("sv", "Jag är på semester till den 7 december", "sista dagen utan inlägg är söndag 6 december 2026"),
        ("nn", "Eg har ferie til og med 6. desember. Takk!", "måndag 7. desember"),
        ("sv", "semester t.o.m. 6/12", "igen från och med måndag 7 december 2026"),
        ("sv", "pausa till och med söndag den 6 december", "måndag 7 december"),
        ("sv", "paus till v. 50", "söndag 6 december"),
        ("da", "hold pause til 7. december", "søndag den 6. december"),
        ("da", "ferie til og med 6.12.", "mandag den 7. december"),
        ("nb", "Ta pause til mandag 7. desember, takk", "søndag 6. desember"),
        ("nb", "ferie 23.11-6.12", "søndag 6. desember"),
        ("nn", "pause til 2026-12-07", "måndag 7. desember"),
        ("en", "pause until 7 December", "Sunday 6 December 2026"),
    ],
)
async def test_a_pause_is_read_as_people_write_it(tmp_path: Path, language: str, line: str, said: str) -> None:
    async with running(tmp_path, ZONED) as world:
        await a_group(world, language=language)
        await world.send(ANNA, REQUEST, "", line)
        assert said in await last(world, ANNA)
        await world.send(BO, LIST, "During the pause", "text")
        await world.pass_time(days=13, hours=13)  # Sunday, 22:00 UTC: 23:00 in Stockholm
        await world.send(BO, LIST, "Still paused", "text")
        assert await posts(world, ANNA) == []
        await world.pass_time(hours=1, minutes=1)
        await world.send(BO, LIST, "Back again", "text")
        assert await posts(world, ANNA) == ["Back again"]


@pytest.mark.parametrize(
    "line",
    ["pause until", "pause until soon", "pause until 1 November", "pause until 2031-01-01", "pausa från 7 december"],
)
async def test_a_pause_that_is_not_understood_is_asked_back(tmp_path: Path, line: str) -> None:
    async with running(tmp_path) as world:
        await a_group(world)
        await world.send(ANNA, REQUEST, "", line)
        assert "pause until 2027-01-04. Nothing was done." in await last(world, ANNA)
        await world.send(BO, LIST, "A post", "text")
        assert await posts(world, ANNA) == ["A post"]


async def test_a_pause_that_begins_later_is_asked_back(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world)
        await world.send(ANNA, REQUEST, "vacation 2026-12-20 - 2027-01-06")
        assert "A pause begins on the day on which you write" in await last(world, ANNA)


async def test_a_pause_is_ended_early(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world, language="da")
        await world.send(ANNA, REQUEST, "", "pause til 2027-01-12")
        assert "skriv ”start igen”" in await last(world, ANNA)
        await world.send(ANNA, REQUEST, "", "start igen")
        assert "Du får indlæggene til Cataloguing igen." in await last(world, ANNA)
        await world.send(BO, LIST, "A post", "text")
        assert await posts(world, ANNA) == ["A post"]


async def test_own_copies_and_all_posts_are_switched(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world, language="nb")
        await world.send(ANNA, REQUEST, "", "egen kopi av")
        assert "skriv «egen kopi på»" in await last(world, ANNA)
        await world.send(ANNA, LIST, "My own", "text")
        await world.send(ANNA, REQUEST, "egen kopi på")
        await world.send(ANNA, LIST, "My second", "text")
        await world.send(ANNA, REQUEST, "", "ingen innlegg")
        assert "Du er fortsatt medlem" in await last(world, ANNA)
        await world.send(BO, LIST, "Unread", "text")
        await world.send(ANNA, REQUEST, "", "hver melding")
        assert "skriv «ingen innlegg»" in await last(world, ANNA)
        await world.send(BO, LIST, "Read", "text")
        assert await posts(world, ANNA) == ["My second", "Read"]
        assert await posts(world, BO) == ["My own", "My second", "Unread", "Read"]


async def test_who_does_not_show_whoever_hides(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world, language="nn")
        await world.send(ANNA, REQUEST, "", "gøym meg")
        assert "skriv «vis meg»" in await last(world, ANNA)
        await world.send(BO, REQUEST, "", "kven")
        assert "anna@example.org" not in await last(world, BO)
        await world.send("karin@example.org", REQUEST, "", "who")
        assert "anna@example.org" in await last(world, "karin@example.org")
        await world.send(ANNA, REQUEST, "", "vis meg")
        await world.send(BO, REQUEST, "", "kven")
        assert "anna@example.org" in await last(world, BO)


async def test_at_the_help_desk_it_holds_for_all_groups(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world, language="sv")
        other = await world.group("music", moderator="karin@example.org", title="Musik")
        await world.member(other, ANNA)
        await world.send(ANNA, HELP, "", "pausa till 2027-01-12\negen kopia av\ndölj mig")
        said = await last(world, ANNA)
        assert "inlägg till Cataloguing, Musik nu" in said
        kept = await world.rows(
            "SELECT m.paused_until IS NOT NULL AS paused, own_copy, hidden FROM membership m"
            " JOIN address a ON a.id = m.address_id WHERE a.folded = 'anna@example.org'"
        )
        assert kept == [{"paused": 1, "own_copy": 0, "hidden": 1}] * 2
        await world.send(ANNA, f"music-request@{DOMAIN}", "", "börja igen")
        await world.send(ANNA, HELP, "Mina nätverk")
        said = await last(world, ANNA)
        assert "Cataloguing: varje inlägg för sig, paus, inlägg igen från och med tisdag 12 januari 2027" in said
        assert "Musik: varje inlägg för sig, inte dina egna inlägg, dold för andra medlemmar" in said


async def test_a_word_without_its_value_is_answered_with_the_words(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world, language="sv")
        await world.send(ANNA, REQUEST, "", "egen kopia bort\ntillbaka 12 augusti")
        said = await last(world, ANNA)
        assert "egen kopia på, egen kopia av" in said
        assert "pausa till 2027-01-04" in said
        await world.send("stranger@example.net", REQUEST, "", "hide on")
        await world.send("karin@example.org", "help@networks.example.org", "hide on")
        member = await world.service.db.read(lambda tx: store.members(tx, store.groups(tx)[0].id))
        assert [one.hidden for one in member] == [False, False, True]


async def test_thanks_behind_a_word_and_a_heading_over_it_do_no_harm(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world, language="sv")
        await world.send(ANNA, REQUEST, "Semester", "Hej!\nsemester till 7 december\nMvh Anna")
        assert "Ingenting gjordes" not in await last(world, ANNA)
        await world.send(ANNA, REQUEST, "", "Börja igen, tack!")
        assert "Du får inläggen till Cataloguing igen." in await last(world, ANNA)
        await world.send(ANNA, REQUEST, "", "dölj mig, tack")
        assert "ser dig inte längre" in await last(world, ANNA)
        await world.send(ANNA, REQUEST, "", "resumé daglig")
        assert "Menade du: samlingsbrev, börja igen?" in await last(world, ANNA)


async def test_who_is_no_member_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world)
        await world.group("music", moderator="Eva <eva@example.org>")
        await world.send("eva@example.org", REQUEST, "", "hide on")
        assert "None of your addresses that we know is a member" in await last(world, "eva@example.org")
        assert await world.rows("SELECT id FROM membership WHERE hidden = 1") == []


async def test_a_forged_mail_changes_nothing_and_the_answer_goes_to_the_registered_address(tmp_path: Path) -> None:
    config = CONFIG.replace("[web]", 'trusted_relays = ["127.0.0.1"]\nauthserv_id = "mx.example.org"\n[web]')
    async with running(tmp_path, config) as world:
        await a_group(world)
        failed = {"Authentication-Results": "mx.example.org; dmarc=fail (p=reject) header.from=example.org"}
        await world.send(ANNA, REQUEST, "hide on", headers=failed)
        assert await world.rows("SELECT id FROM membership WHERE hidden = 1") == []
        await world.send(ANNA, REQUEST, "hide on", headers={"Reply-To": "elsewhere@example.com"})
        assert await world.inbox("elsewhere@example.com") == []
        assert "no longer see you" in await last(world, ANNA)
