"""Finding networks and people by mail, and learning what a letter was and what to answer."""

from __future__ import annotations

import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from lists import store as lists_store
from lists.api import entry_values
from lists.directory import entry_store
from lists.model import Settings
from mailsvc.ids import GroupId
from mailsvc.store.database import Tx
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running, split

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Moe <per@example.org>"
ANNA = "Anna Berg <anna@example.org>"
SVEN = "Sven Ek <sven@example.net>"
FIND = f"find@{DOMAIN}"
HELP = f"help@{DOMAIN}"
REQUEST = f"cataloguing-request@{DOMAIN}"


def flat(letter: Letter) -> str:
    """A letter's text without its line breaks."""
    return " ".join(letter.text.split())


async def furnish(world: World) -> GroupId:
    group = await world.group("cataloguing", moderator=KARIN, deputy=PER, title="Katalogisering", purpose="Regler.")
    await world.member(group, ANNA, language="sv")
    await world.group("visitors", moderator=PER, title="Meeting visitors", purpose="Front desk and tours.")

    def public(tx: Tx) -> None:
        known = lists_store.group_named(tx, "visitors")
        assert known is not None
        lists_store.set_settings(tx, known.id, Settings(purpose="Front desk and tours.", audience="public"))

    await world.write(public)
    return group


async def forward(
    world: World, sender: str, letter: Letter, *, inline: bool = False, text: str = "What is this?"
) -> None:
    """Forward a letter to the desk: as an attachment, or inline as Outlook does."""
    world.sent += 1
    name, address = split(sender)
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"{name} <{address}>"
    message["To"] = HELP
    message["Subject"] = f"VB: {letter.subject}"
    message["Date"] = datetime(2026, 11, 23, 9, 0, world.sent % 60, tzinfo=UTC)
    message["Message-ID"] = f"<forward-{world.sent}@example.org>"
    heads = f"Från: {letter.message['From']}\nÄmne: {letter.subject}"
    quoted = f"\n\n-----Ursprungligt meddelande-----\n{heads}\n\n{letter.text}"
    message.set_content(text + (quoted if inline else ""))
    if not inline:
        message.add_attachment(letter.message)
    await world.submit(message.as_bytes(), address, [HELP])


async def test_networks_and_people_are_found_in_the_askers_language(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(ANNA, FIND, "", "Vem kan något om kataloger?")
        letter = await world.letter(ANNA, "Det vi hittade")
        assert "Namn: Katalogisering" in flat(letter)
        assert "Moderatorer: Karin Lind, Per Moe, cataloguing-owner@" in flat(letter)
        assert "Meeting visitors" not in flat(letter)
        await world.send(ANNA, FIND, "karin")
        assert "Karin Lind, karin@example.org – Katalogisering" in flat(await world.letter(ANNA, "karin"))
        await world.send(ANNA, FIND, "zzz")
        assert "Ingenting här passar ”zzz”" in flat(await world.letter(ANNA, "zzz"))


async def test_hidden_people_are_not_found(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.write(lambda tx: tx.execute("UPDATE membership SET hidden = 1 WHERE role = 'moderator'"))
        await world.send(ANNA, FIND, "karin lind")
        assert "karin@example.org" not in flat(await world.letter(ANNA))
        await world.send(ANNA, FIND, "katalogisering")
        assert "Karin" not in flat(await world.letter(ANNA, "katalogisering"))


async def test_strangers_find_public_networks_without_people_once_a_day(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(SVEN, FIND, "tours by per moe, and kataloger")
        letter = await world.letter(SVEN)
        assert "Meeting visitors" in flat(letter)
        assert "Katalogisering" not in flat(letter)
        assert "Per Moe" not in flat(letter).replace("“tours by per moe", "")
        await world.send(SVEN, FIND, "tours")
        assert len(await world.inbox(SVEN)) == 1


async def test_find_is_a_command_too(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(ANNA, REQUEST, "", "hitta front desk")
        assert "Meeting visitors" in flat(await world.letter(ANNA, "front desk"))
        assert "Ett brev med det vi hittar" in flat(await world.letter(ANNA, "gjordes"))


async def test_help_says_what_can_be_done(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(ANNA, HELP, "hur gör jag?", "Jag förstår inte")
        letter = await world.letter(ANNA)
        assert f"Katalogisering: cataloguing@{DOMAIN}" in flat(letter)
        assert f"find@{DOMAIN}" in flat(letter)
        await world.send(SVEN, HELP, "hi")
        stranger = flat(await world.letter(SVEN))
        assert f"Meeting visitors: visitors@{DOMAIN}" in stranger
        assert "Katalogisering" not in stranger
        await world.send(SVEN, HELP, "hi again")
        assert len(await world.inbox(SVEN)) == 1


async def test_a_forwarded_question_is_asked_again_of_whom_it_asked(tmp_path: Path) -> None:
    for inline in (False, True):
        folder = tmp_path / str(inline)
        folder.mkdir()
        async with running(folder) as world:
            await furnish(world)
            await world.send(SVEN, f"cataloguing@{DOMAIN}", "New maps", "Hello")
            question = await world.letter(KARIN, "New maps")
            await forward(world, KARIN, question, inline=inline)
            answer = await world.letter(KARIN, "You are asked")
            assert "nobody but you can give it" in flat(answer)
            assert "* approve" in flat(answer)
            assert answer.case == question.case
            await world.reply(answer, "approve")
            assert "New maps" in (await world.letter(ANNA)).subject
            await forward(world, KARIN, question, inline=inline)
            assert "the matter is closed" in flat(await world.letter(KARIN, "What this was"))


async def test_nobody_else_learns_what_a_letter_says_and_its_token_lives(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(SVEN, f"cataloguing@{DOMAIN}", "Secret maps", "Hello")
        question = await world.letter(KARIN, "Secret maps")
        await forward(world, ANNA, question)
        told = await world.letter(ANNA)
        assert "till någon annan" in flat(told)
        assert "Secret maps" not in flat(told) + told.subject
        assert f"#{question.case}" not in flat(told) + told.subject
        await world.send(ANNA, HELP, f"What is [#{question.case}]?")  # a number alone tells nothing
        assert f"#{question.case}" not in flat(await world.letter(ANNA))
        await world.reply(question, "approve")  # never revoked for having been shown to us
        assert "Secret maps" in (await world.letter(ANNA)).subject


async def test_a_forwarded_post_is_explained(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(KARIN, f"cataloguing@{DOMAIN}", "Hello all", "Hello")
        await forward(world, ANNA, await world.letter(ANNA, "Hello all"))
        assert "kom genom ett av dina nätverk" in flat(await world.letter(ANNA, "Det här var det"))


# ---- the entry, changed by mail


async def test_an_entry_is_changed_after_one_yes(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await furnish(world)
        text = (
            "set purpose: Rules, records\nand the tools we use.\n\nsätt arbetsfrågor\n- Kartor, äldre\n- Ämnesord\n\n"
            "set title Cataloguing and maps\nset digest mon 09:00\n\nMvh Karin"
        )
        await world.send(KARIN, REQUEST, "", text)
        asked = await world.letter(KARIN, "Change the entry")
        assert "> Rules, records > and the tools we use." in flat(asked)
        assert "Until now it says" in flat(asked)
        await world.reply(asked, "yes")
        now = await world.service.db.read(lambda tx: lists_store.group(tx, group))
        assert now.title == "Cataloguing and maps"
        assert now.settings.purpose == "Rules, records\nand the tools we use."
        assert now.settings.work_questions == "- Kartor, äldre\n- Ämnesord"
        assert now.settings.digest == "mon 09:00"
        rows = await world.rows("SELECT changed_at FROM group_entry WHERE group_id = :id", id=group)
        assert rows[0]["changed_at"] == world.clock.now()


async def test_the_subject_begins_a_change_whose_text_is_the_mail(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await furnish(world)
        await world.send(KARIN, REQUEST, "set channels", "Chatt: maps\nTorsdagsfika\n")
        await world.reply(await world.letter(KARIN, "Change the entry"), "ja")
        now = await world.service.db.read(lambda tx: lists_store.group(tx, group))
        assert now.settings.channels == "Chatt: maps\nTorsdagsfika"


async def test_what_cannot_be_set_is_told(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(KARIN, REQUEST, "", "set purpose")
        assert "There is nothing behind these words" in flat(await world.letter(KARIN, "What was done"))
        await world.send(KARIN, REQUEST, "", "set digest now and then")
        assert "could not read this as days and a time" in flat(await world.letter(KARIN, "What was done"))
        await world.send(KARIN, REQUEST, "", "remove document nothing.pdf")
        assert "no document called “nothing.pdf”" in flat(await world.letter(KARIN, "What was done"))
        await world.send(ANNA, REQUEST, "", "sätt syfte: mitt")
        assert "moderatorer" in flat(await world.letter(ANNA, "gjordes")).lower()
        assert await world.rows("SELECT id FROM cases") == []


async def test_a_document_is_removed_by_mail(tmp_path: Path) -> None:
    text = CONFIG.replace("[web]", 'internal_networks = ["127.0.0.0/8"]\n[web]')
    async with running(tmp_path, text) as world:
        await furnish(world)
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"], message["To"], message["Subject"] = "karin@example.org", f"cataloguing-docs@{DOMAIN}", "d"
        message["Message-ID"], message["Date"] = "<d@example.org>", datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        message.set_content("x")
        message.add_attachment(b"one", maintype="application", subtype="pdf", filename="Rutin 1.pdf")
        await world.submit(message.as_bytes(), "karin@example.org", [f"cataloguing-docs@{DOMAIN}"])
        await world.send(KARIN, REQUEST, "", "ta bort dokument rutin 1.PDF")
        await world.reply(await world.letter(KARIN, "Change the entry"), "yes")
        assert await world.rows("SELECT id FROM document WHERE removed_at IS NULL") == []
        assert await world.rows("SELECT id FROM document_file WHERE bytes IS NOT NULL") == []


async def test_the_yearly_question_sees_the_whole_entry_and_its_yes_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await furnish(world)
        before = await world.service.db.read(
            lambda tx: entry_values(tx, lists_store.group(tx, group), world.service.config)
        )
        assert before["moderators"] == [
            {"name": "Karin Lind", "address": "karin@example.org", "role": "moderator"},
            {"name": "Per Moe", "address": "per@example.org", "role": "deputy"},
        ]
        assert (before["members"], before["confirmed_at"], before["documents"]) == (3, None, [])
        await world.write(lambda tx: entry_store.confirm(tx, group))
        after = await world.service.db.read(
            lambda tx: entry_values(tx, lists_store.group(tx, group), world.service.config)
        )
        assert (after["confirmed_at"], after["changed_at"]) == (world.clock.now(), before["changed_at"])


# ---- commands at help@, and what a stranger without proof hears


async def test_commands_that_need_no_group_are_done_at_the_help_desk(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.send(ANNA, HELP, "", "språk nb\nmin vecka på\nstatus 99\nspråkk en")
        done = await world.letter(ANNA, "e-posten din til help@")
        assert "Brevene våre til deg er på bokmål" in flat(done) or "bokmål" in flat(done)
        assert "Hver mandag" in flat(done)
        assert "Vi kjenner ikke" in flat(done)
        assert await world.rows("SELECT id FROM person WHERE language = 'nb'")
        await world.send(ANNA, HELP, "Hitta kataloger")
        assert "Katalogisering" in flat(await world.letter(ANNA, "kataloger"))
        await world.send(ANNA, HELP, "mine data")
        assert await world.letter(ANNA, "kopi av dine data")
        await world.send(SVEN, f"cataloguing@{DOMAIN}", "Fråga", "Text")
        question = await world.letter(KARIN, "Fråga")
        await world.send(KARIN, HELP, f"status {question.case}")
        assert f"#{question.case} Fråga" in flat(await world.letter(KARIN, "your mail to help@"))
        await world.send(ANNA, HELP, f"status {question.case}")  # not hers to know
        assert "Fråga" not in flat(await world.letter(ANNA, "til help@"))


async def test_what_waits_in_all_groups_of_a_moderator_is_asked_for_at_the_help_desk(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await world.group("maps", title="Kartor", moderator=KARIN)
        await world.send(KARIN, HELP, "pending")
        assert "Nothing waits for you." in flat(await world.letter(KARIN, "your mail to help@"))
        for number, group in enumerate(("cataloguing", "maps", "maps")):
            await world.send(SVEN, f"{group}@{DOMAIN}", f"Fråga {number}", "Text")
        await world.send(KARIN, HELP, "pending")
        said = flat(await world.letter(KARIN, "your mail to help@"))
        assert "1 matter waits for you" in said
        assert "Kartor: 2 matters wait for you" in said
        lists = [one for one in await world.inbox(KARIN) if "2" in one.subject and "Kartor" in one.subject]
        await world.reply(lists[-1], "1 yes\n2 no")
        assert len(await world.rows("SELECT id FROM cases WHERE closed_at IS NULL")) == 1
        await world.send(ANNA, HELP, "venter")
        assert "Du modererar ingen" in flat(await world.letter(ANNA, "mejl till help@"))


async def test_any_other_text_gets_the_overview(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        for text in ("Status för vårt projekt?", "Hur byter jag språk?", "gå med", "Vilka är med?"):
            before = len(await world.inbox(ANNA))
            await world.send(ANNA, HELP, "", text)
            letters = await world.inbox(ANNA)
            assert len(letters) == before + 1
            assert "help@" not in letters[-1].subject, text
        await world.send(SVEN, HELP, "language da")  # a stranger: the overview, once a day
        assert "help@" not in (await world.inbox(SVEN))[-1].subject


async def test_a_stranger_without_proof_gets_one_letter_of_joining_and_no_other(tmp_path: Path) -> None:
    border = CONFIG.replace("[web]", 'authserv_id = "mx.example.org"\ntrusted_hops = 0\n[web]')
    weak = {"Authentication-Results": "mx.example.org; dmarc=fail (p=none) header.from=example.net"}
    async with running(tmp_path, border) as world:
        await world.group("talk", moderator=KARIN, join="confirm")
        request = f"talk-request@{DOMAIN}"
        for text in ("help", "info", "status 1", "who", "Good morning"):
            await world.send(SVEN, request, text, headers=weak)
            await world.send(SVEN, HELP, text, headers=weak)
        assert await world.inbox(SVEN) == []
        for _ in range(3):
            await world.send(SVEN, request, "join", headers=weak)
        (asked,) = await world.inbox(SVEN)
        assert "Do you want to join" in asked.subject
