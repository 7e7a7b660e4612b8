"""The life of a network after its founding, over SMTP: successors, vacancies, the yearly letter, mergers, the end."""

from __future__ import annotations

import re
import smtplib
from pathlib import Path

import pytest

from lists import store
from mailsvc.ids import GroupId
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running, split

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
BO = "Bo Dahl <bo@example.net>"
EVA = "Eva Ek <eva@example.net>"
DORTE = "Dorte Dam <dorte@example.com>"
LEIF = "Leif Leth <leif@example.org>"
ASTRID = "Astrid Ask <astrid@example.org>"

AT_ONCE = CONFIG + '[digests]\nundo = "0 min"\n'
SUMMER = AT_ONCE.replace("[database]", 'closed = ["07-01/08-07"]\n[database]', 1)


async def network(world: World, name: str = "kartor", language: str = "sv", **more: str) -> GroupId:
    """A network with moderator, deputy and a member, established by a preparation group, with a leadership above."""
    settings = {"title": "Nätverket för kartor", "moderator": KARIN, "deputy": PER, "purpose": "Kartor i samlingarna"}
    group = await world.group(name, language=language, **{**settings, **more})
    await world.member(group, BO, language=language)
    return group


async def bodies(world: World, group: GroupId, language: str = "sv") -> None:
    """Who stands above: Leif alone in the preparation group, Astrid in leadership."""
    preparation = await world.group("beredning", kind="preparation", title="Beredningsgruppen", language=language)
    await world.member(preparation, LEIF, role="moderator", language=language)
    leadership = await world.group("ledning", kind="leadership", title="Ledningsgruppen", language=language)
    await world.member(leadership, ASTRID, role="chair", language=language)
    await world.write(
        lambda tx: tx.execute("UPDATE groups SET established_by = :by WHERE id = :id", by=preparation, id=group)
    )


async def roles(world: World, name: str) -> dict[str, str]:
    rows = await world.rows(
        "SELECT a.address, m.role FROM membership m JOIN address a ON a.id = m.address_id"
        " JOIN groups g ON g.id = m.group_id WHERE g.name = :name AND m.ended_at IS NULL ORDER BY a.address",
        name=name,
    )
    return {str(row["address"]): str(row["role"]) for row in rows}


async def state(world: World, name: str) -> str:
    return str((await world.rows("SELECT state FROM groups WHERE name = :name", name=name))[0]["state"])


def text_of(letter: Letter) -> str:
    """The text part as it is read: without the line ends of flowed text."""
    return " ".join(letter.text.split())


def signed(who: str) -> dict[str, str]:
    """What the border says of a mail that is proven to come from somebody."""
    domain = split(who)[1].rpartition("@")[2]
    return {"Authentication-Results": f"mx.example.org; dmarc=pass header.from={domain}"}


# ---- succession


async def test_a_moderator_names_a_successor_who_accepts(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world)
        await bodies(world, group)
        await world.send(KARIN, f"kartor-request@{DOMAIN}", "", f"nominera {EVA}")
        await world.reply(await world.letter(KARIN, "En ny moderator"), "ja")
        question = await world.letter(EVA, "Vill du vara moderator")
        assert "Karin Lind frågar om du vill vara moderator" in text_of(question)
        assert (await roles(world, "kartor"))["karin@example.org"] == "moderator"
        await world.reply(question, "Ja, gärna!\n\n/Eva")
        found = await roles(world, "kartor")
        assert found["eva@example.net"] == "moderator"
        assert found["karin@example.org"] == "member"
        assert "är nu moderator" in text_of(await world.letter(KARIN, "Eva Ek har tackat ja"))
        told = await world.letter(BO, "Ny moderator")
        assert "Tack till Karin Lind" in text_of(told)
        assert "Karin Lind stod för nomineringen" in text_of(await world.letter(LEIF, "Ny moderator"))


async def test_a_nominee_says_no_in_danish(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await network(world, "kort", "da", title="Netværket for kort")
        await world.send(KARIN, f"kort-request@{DOMAIN}", "nominér næstmoderator dorte@example.com")
        await world.reply(await world.letter(KARIN, "En ny næstmoderator"), "ja")
        await world.reply(await world.letter(DORTE, "Vil du være næstmoderator"), "Nej: jeg går på pension")
        told = await world.letter(KARIN, "har sagt nej")
        assert "jeg går på pension" in text_of(told)
        assert "nominér næstmoderator" in text_of(told)
        assert (await roles(world, "kort"))["per@example.org"] == "deputy"


async def test_a_silent_nominee_is_reminded_and_july_does_not_count(tmp_path: Path) -> None:
    async with running(tmp_path, SUMMER) as world:
        await network(world)
        await world.pass_time(days=215)  # Saturday 26 June 2027
        await world.send(KARIN, f"kartor-request@{DOMAIN}", "nominera eva@example.net")
        await world.reply(await world.letter(KARIN, "En ny moderator"), "ja")
        await world.pass_time(days=40)  # 5 August: nothing but three working days in June have gone by
        assert len(await world.inbox(EVA)) == 1
        await world.pass_time(days=9)
        assert "påminnelse" in text_of(await world.letter(EVA))
        await world.pass_time(days=14)
        assert "har inte svarat" in (await world.letter(KARIN)).subject


async def test_who_may_name_whom(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await network(world, language="en")
        await world.send(BO, f"kartor-request@{DOMAIN}", "nominate eva@example.net")
        assert "only for the moderators" in text_of(await world.letter(BO))
        await world.send(PER, f"kartor-request@{DOMAIN}", "nominate eva@example.net")
        assert "The moderator names the next moderator" in text_of(await world.letter(PER))
        await world.send(PER, f"kartor-request@{DOMAIN}", "nominate deputy eva@example.net")
        assert "A new deputy moderator" in (await world.letter(PER, "deputy")).subject
        await world.send(KARIN, f"kartor-request@{DOMAIN}", "nominate deputy karin@example.org")
        assert "has a task in the network already" in text_of(await world.letter(KARIN))
        await world.send(KARIN, f"kartor-request@{DOMAIN}", f"nominate kartor@{DOMAIN}")
        assert "address of this service" in text_of(await world.letter(KARIN))


# ---- vacancy


async def test_a_deputy_who_leaves_is_an_overdue_matter_until_somebody_follows(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world)
        await bodies(world, group)
        await world.send(PER, f"kartor-leave@{DOMAIN}")
        await world.reply(await world.letter(PER), "ja")
        assert "nominera biträdande" in text_of(await world.letter(KARIN, "saknar biträdande moderator"))
        await world.pass_time(days=7)
        digest = await world.letter(LEIF, "För beslut")
        assert "Försenat" in text_of(digest)
        assert "saknar biträdande moderator" in text_of(digest)
        await world.reply(digest, "utse Eva Ek <eva@example.net>")
        await world.reply(await world.letter(EVA, "Vill du vara biträdande moderator"), "ja")
        assert (await roles(world, "kartor"))["eva@example.net"] == "deputy"
        assert await world.rows("SELECT id FROM cases WHERE kind = 'vacancy' AND closed_at IS NULL") == []
        letters = len(await world.inbox(LEIF))
        await world.pass_time(days=14)
        assert len(await world.inbox(LEIF)) == letters


async def test_a_nominee_who_declines_brings_the_matter_back(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world, language="en")
        await bodies(world, group, "en")
        await world.send(PER, f"kartor-leave@{DOMAIN}")
        await world.reply(await world.letter(PER), "yes")
        await world.pass_time(days=7)
        await world.reply(await world.letter(LEIF, "For decision"), "nominate eva@example.net")
        await world.reply(await world.letter(EVA), "no")
        before = len(await world.inbox(LEIF))
        await world.pass_time(days=7)
        assert len([one for one in (await world.inbox(LEIF))[before:] if "For decision" in one.subject]) == 1


async def test_the_moderator_may_fill_it_without_the_digest(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world, language="en")
        await bodies(world, group, "en")
        await world.send(PER, f"kartor-leave@{DOMAIN}")
        await world.reply(await world.letter(PER), "yes")
        await world.send(KARIN, f"kartor-request@{DOMAIN}", "nominate deputy bo@example.net")
        await world.reply(await world.letter(KARIN, "new deputy"), "yes")
        await world.reply(await world.letter(BO, "Will you be deputy"), "yes")
        await world.pass_time(days=14)
        assert not [one for one in await world.inbox(LEIF) if "For decision" in one.subject]


async def test_a_site_without_bodies_is_left_alone(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await world.group("talk", moderator=KARIN)
        await world.pass_time(days=8)
        assert await world.rows("SELECT id FROM cases") == []


# ---- the yearly letter


async def test_the_yearly_letter_is_answered_and_corrects_the_entry(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world)
        await world.send(BO, f"kartor@{DOMAIN}", "Hej", "Ett inlägg")
        await world.pass_time(days=366)
        letter = await world.letter(KARIN, "Hur är det med")
        assert "Medlemmar: 3" in text_of(letter)
        assert "Inlägg det senaste året: 0" in text_of(letter) or "Inlägg det senaste året: 1" in text_of(letter)
        assert "Kartor i samlingarna" in text_of(letter)
        await world.reply(letter, "Fortsätt!\n\nSyfte: Kartor och atlaser\n\nHälsningar\nKarin")
        done = await world.letter(KARIN, "fortsätter")
        assert "Kartor och atlaser" in text_of(done)
        entry = await world.service.db.read(lambda tx: store.group(tx, group).settings.purpose)
        assert entry == "Kartor och atlaser"
        count = len(await world.inbox(KARIN))
        await world.pass_time(days=60)
        assert len(await world.inbox(KARIN)) == count
        assert len([one for one in await world.inbox(PER) if "Hur är det" in one.subject]) == 1
        await world.pass_time(days=306)
        assert len([one for one in await world.inbox(KARIN) if "Hur är det" in one.subject]) == 2


async def test_silence_goes_to_the_preparation_group(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world, language="da", title="Netværket for kort")
        await bodies(world, group, "da")
        await world.pass_time(days=366)
        await world.pass_time(days=15)
        assert "påmindelse" in text_of(await world.letter(KARIN, "Hvordan går det"))
        await world.pass_time(days=22)
        await world.pass_time(days=7)
        digest = await world.letter(LEIF, "Til beslutning")
        assert "har ikke svaret på det årlige brev" in text_of(digest)
        await world.reply(digest, "sæt på pause")
        assert await state(world, "kartor") == "resting"


async def test_a_resting_network_is_asked_a_year_later(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await network(world, language="en", title="Maps")
        await world.pass_time(days=366)
        await world.reply(await world.letter(KARIN, "How is Maps"), "rest")
        assert await state(world, "kartor") == "resting"
        await world.send(BO, f"kartor@{DOMAIN}", "Still here", "Text")
        assert "Still here" in (await world.letter(PER)).subject
        await world.pass_time(days=366)
        letter = await world.letter(KARIN, "How is Maps")
        assert "has been resting" in text_of(letter)
        await world.reply(letter, "continue")
        assert await state(world, "kartor") == "open"


async def test_what_is_no_answer_is_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await network(world, language="en", title="Maps")
        await world.pass_time(days=366)
        question = await world.letter(KARIN, "How is Maps")
        await world.reply(question, "I shall talk to Per about it next week.")
        assert "none of the answer words" in text_of(await world.letter(KARIN))
        await world.reply(question, "merge with Atlases")
        assert "no other network called" in text_of(await world.letter(KARIN))
        await world.reply(question, "continue")
        assert "goes on" in (await world.letter(KARIN)).subject


# ---- wind-down


async def test_a_network_is_wound_down_after_leadership_has_heard(tmp_path: Path) -> None:
    async with running(tmp_path, SUMMER) as world:
        group = await network(world)
        await bodies(world, group)
        await world.pass_time(days=205)  # Wednesday 16 June 2027
        await world.send(KARIN, f"kartor-request@{DOMAIN}", "avveckla", "Ingen skriver längre.")
        confirm = await world.letter(KARIN, "Avveckla")
        assert "Ledningsgruppen får höra om det" in text_of(confirm)
        assert "3 medlemmarna" in text_of(confirm)
        await world.reply(confirm, "ja")
        await world.pass_time(days=5)
        digest = await world.letter(ASTRID, "För beslut")
        assert "ska avvecklas" in text_of(digest)
        await world.reply(digest, "Ja: synd, men rimligt")
        told = await world.letter(BO, "ska stängas")
        assert f"kartor-owner@{DOMAIN}" in str(told.message["Reply-To"])
        assert "12 augusti 2027" in text_of(told), told.text  # ten working days, of which seven are in June
        assert "synd, men rimligt" in text_of(await world.letter(KARIN, "har fått veta"))
        await world.reply(told, "Vi borde fortsätta!")
        assert "borde fortsätta" in text_of(await world.letter(KARIN))
        await world.pass_time(days=45)
        assert await state(world, "kartor") == "open"
        await world.pass_time(days=8)
        assert await state(world, "kartor") == "closed"
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            await world.send(BO, f"kartor@{DOMAIN}", "Hej", "Hallå?")
        assert b"/g/kartor" in next(iter(refused.value.recipients.values()))[1]
        assert len(await roles(world, "kartor")) == 3
        await world.reply(await world.letter(KARIN, "har stängts"), "ångra")
        assert await state(world, "kartor") == "open"
        assert "avvecklas inte" in text_of(await world.letter(BO))


async def test_without_leadership_the_preparation_group_decides(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world, language="da", title="Netværket for kort")
        await bodies(world, group, "da")
        await world.write(lambda tx: tx.execute("UPDATE groups SET state = 'closed' WHERE name = 'ledning'"))
        await world.send(LEIF, f"kartor-request@{DOMAIN}", "nedlæg")
        await world.reply(await world.letter(LEIF, "Nedlægge"), "ja")
        await world.pass_time(days=7)
        await world.reply(await world.letter(LEIF, "Til beslutning"), "nej: de har lige fået nye medlemmer")
        told = await world.letter(LEIF, "fortsætter")
        assert "nye medlemmer" in text_of(told)
        assert not [one for one in await world.inbox(BO) if "lukkes" in one.subject]


async def test_a_leaders_question_comes_back_with_its_answer(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world, language="en", title="Maps")
        await bodies(world, group, "en")
        await world.send(KARIN, f"kartor-request@{DOMAIN}", "wind down: nobody writes")
        await world.reply(await world.letter(KARIN, "be wound down?"), "yes")
        await world.pass_time(days=7)
        await world.reply(await world.letter(ASTRID, "For decision"), "ask: who takes care of the old maps?")
        question = await world.letter(KARIN, "A question about the wind-down")
        assert "old maps" in text_of(question)
        await world.reply(question, "The archive does, from May.")
        await world.pass_time(days=7)
        assert "The archive does, from May." in text_of(await world.letter(ASTRID, "For decision"))


async def test_a_wind_down_is_called_off(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await network(world, language="en", title="Maps")
        await world.send(KARIN, f"kartor-request@{DOMAIN}", "wind down")
        await world.reply(await world.letter(KARIN, "be wound down?"), "yes")
        told = await world.letter(BO, "is to be closed")
        await world.send(KARIN, f"kartor-request@{DOMAIN}", f"withdraw {told.case}")
        assert "goes on" in (await world.letter(BO)).subject
        await world.pass_time(days=30)
        assert await state(world, "kartor") == "open"


# ---- merging


async def two(world: World, language: str = "en") -> tuple[GroupId, GroupId]:
    maps = await world.group("maps", title="Maps", moderator=KARIN, deputy=PER, language=language)
    atlases = await world.group("atlases", title="Atlases", moderator=ANNA, deputy=EVA, language=language)
    await world.member(maps, BO, language=language)
    await world.member(maps, DORTE, language=language)
    await world.member(atlases, DORTE, language=language)
    await world.write(
        lambda tx: tx.execute(
            "UPDATE membership SET hidden = 1, delivery = 'none' WHERE group_id = :id AND address_id ="
            " (SELECT id FROM address WHERE address = 'bo@example.net')",
            id=maps,
        )
    )
    return maps, atlases


async def test_two_networks_become_one(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await two(world)
        await world.pass_time(days=366)
        await world.reply(await world.letter(KARIN, "How is Maps"), "merge with Atlases")
        await world.reply(await world.letter(ANNA, "become one"), "yes")
        assert "is to become part of Atlases" in (await world.letter(BO)).subject
        await world.pass_time(days=20)
        assert await state(world, "maps") == "closed"
        found = await roles(world, "atlases")
        assert found["bo@example.net"] == "member"
        assert found["karin@example.org"] == "member"
        assert len(found) == 6
        assert await roles(world, "maps") == {}
        kept = await world.rows(
            "SELECT hidden, delivery FROM membership m JOIN groups g ON g.id = m.group_id JOIN address a"
            " ON a.id = m.address_id WHERE g.name = 'atlases' AND a.address = 'bo@example.net'"
        )
        assert kept == [{"hidden": 1, "delivery": "none"}]
        assert len([one for one in await world.inbox(DORTE) if "is part of Atlases now" in one.subject]) == 1
        await world.send(EVA, f"maps@{DOMAIN}", "To the old address", "Text")
        assert "To the old address" in (await world.letter(KARIN)).subject


async def test_objections_are_shown_to_the_moderators_who_confirm(tmp_path: Path) -> None:
    config = AT_ONCE.replace("[smtp]", '[smtp]\nauthserv_id = "mx.example.org"\ntrusted_hops = 0', 1)
    async with running(tmp_path, config) as world:
        await two(world, "sv")
        await world.pass_time(days=366)
        question = await world.letter(KARIN, "Hur är det med Maps")
        await world.reply(question, "slå ihop med atlases", headers=signed(KARIN))
        agree = await world.letter(ANNA, "bli ett")
        await world.reply(agree, "ja", headers=signed(ANNA))
        told = await world.letter(BO, "ska bli en del av")
        await world.reply(told, "Vi har olika uppdrag.", headers=signed(BO))
        await world.pass_time(days=20)
        assert await state(world, "maps") == "open"
        confirm = await world.letter(KARIN, "Medlemmar har skrivit")
        assert "olika uppdrag" in text_of(confirm)
        await world.reply(confirm, "nej: vi väntar", headers=signed(KARIN))
        assert await state(world, "maps") == "open"
        assert "blir inte en del av" in text_of(await world.letter(BO))
        assert any("vi väntar" in text_of(one) for one in await world.inbox(ANNA))


async def test_the_reason_below_the_command_reaches_leadership_and_members(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world)
        await bodies(world, group)
        await world.send(
            KARIN, f"kartor-request@{DOMAIN}", "avveckla", "Ingen skriver längre.\nVi ses i Metadata i stället."
        )
        assert "Vi ses i Metadata" in text_of(await world.letter(KARIN, "Avveckla"))
        (transcript,) = [one for one in await world.inbox(KARIN) if "[#" not in one.subject]
        assert "Vi ses" not in text_of(transcript)  # it was no line of commands
        await world.reply(await world.letter(KARIN, "Avveckla"), "ja")
        await world.pass_time(days=7)
        assert "Ingen skriver längre." in text_of(await world.letter(ASTRID, "För beslut"))


async def test_the_way_out_of_an_old_mail_leaves_the_merged_network(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        await two(world)
        await world.send(PER, f"maps@{DOMAIN}", "Before", "Text")
        old = await world.letter(DORTE, "Before")
        await world.pass_time(days=366)
        await world.reply(await world.letter(PER, "How is Maps"), "merge with atlases")
        await world.reply(await world.letter(EVA, "become one"), "yes")
        await world.pass_time(days=20)
        assert "dorte@example.com" in await roles(world, "atlases")
        match = re.search(r"mailto:([^>?]+)", str(old.message["List-Unsubscribe"]))
        assert match
        await world.send(DORTE, match[1].replace("%2B", "+"))
        assert "dorte@example.com" not in await roles(world, "atlases")
        assert "You have left Atlases" in (await world.letter(DORTE)).subject


async def test_whom_the_other_network_has_banned_does_not_come_along(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        _, atlases = await two(world)
        await world.write(lambda tx: store.set_sender(tx, atlases, "bo@example.net", "banned", None))
        await world.pass_time(days=366)
        await world.reply(await world.letter(KARIN, "How is Maps"), "merge with atlases")
        await world.reply(await world.letter(ANNA, "become one"), "yes")
        await world.pass_time(days=20)
        assert "bo@example.net" not in await roles(world, "atlases")
        assert "per@example.org" in await roles(world, "atlases")


async def test_the_yearly_letter_and_a_vacancy_can_begin_the_end(tmp_path: Path) -> None:
    async with running(tmp_path, AT_ONCE) as world:
        group = await network(world, language="nn", title="Nettverket for kart")
        await bodies(world, group, "nn")
        await world.send(PER, f"kartor-leave@{DOMAIN}")
        await world.reply(await world.letter(PER), "ja")
        await world.pass_time(days=7)
        digest = [one for one in await world.inbox(LEIF) if "#" in text_of(one) and "nominer" in text_of(one)][-1]
        await world.reply(digest, "legg ned")
        await world.reply(await world.letter(LEIF, "Leggje ned"), "nei")
        before = len(await world.inbox(LEIF))
        await world.pass_time(days=7)  # it was not meant, so somebody is still looked for
        assert any("manglar nestmoderator" in text_of(one) for one in (await world.inbox(LEIF))[before:])
        await world.pass_time(days=352)
        await world.reply(await world.letter(KARIN, "Korleis går det med"), "legg ned")
        confirm = await world.letter(KARIN, "Leggje ned")
        assert "Ledningsgruppen høyrer om det" in text_of(confirm)
        await world.reply(confirm, "ja")
        await world.pass_time(days=7)
        digest = [one for one in await world.inbox(ASTRID) if "leggjast ned" in text_of(one)][-1]
        await world.reply(digest, "ja")
        assert "skal stengjast" in (await world.letter(BO)).subject
