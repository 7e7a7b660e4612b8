"""Joining, leaving and commands over SMTP, as people see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.world import DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
NEW = "Mette Dahl <mette@example.net>"


async def members(world: World, group: str = "cataloguing") -> list[str]:
    rows = await world.rows(
        "SELECT a.address FROM membership m JOIN groups g ON g.id = m.group_id JOIN address a ON a.id = m.address_id"
        " WHERE g.name = :group AND m.ended_at IS NULL ORDER BY a.address",
        group=group,
    )
    return [str(row["address"]) for row in rows]


@pytest.mark.parametrize("suffix", ["join", "anmal", "tilmeld", "meld-pa", "bli-med"])
async def test_join_is_confirmed_and_approved(tmp_path: Path, suffix: str) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN, deputy=PER, language="sv", title="Katalognätverket")
        await world.send(NEW, f"cataloguing-{suffix}@{DOMAIN}", "", "Jag arbetar med metadata.")
        confirm = (await world.inbox(NEW))[-1]
        assert "mette@example.net" not in await members(world)
        assert [letter for letter in await world.inbox(KARIN) if "Mette" in letter.subject] == []
        await world.reply(confirm, "Ja")
        question = (await world.inbox(KARIN))[-1]
        assert "Mette Dahl" in question.text
        assert "Jag arbetar med metadata." in question.text
        await world.reply(question, "Ja, välkommen!")
        assert "mette@example.net" in await members(world)
        welcome = (await world.inbox(NEW))[-1]
        assert f"cataloguing@{DOMAIN}" in welcome.text
        assert f"cataloguing-leave@{DOMAIN}" in welcome.text


async def test_a_declined_request_tells_the_reason(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN)
        await world.send(NEW, f"cataloguing-join@{DOMAIN}")
        await world.reply(await world.letter(NEW, "Do you want to join"), "yes")
        await world.reply(await world.letter(KARIN, "request to join"), "Afvis: kun for ansatte på biblioteket")
        assert "kun for ansatte på biblioteket" in (await world.letter(NEW, "About your request")).text
        assert await members(world) == ["karin@example.org"]


async def test_a_no_to_the_confirmation_forgets_the_person(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN)
        await world.send(NEW, f"cataloguing-join@{DOMAIN}")
        await world.reply(await world.letter(NEW, "Do you want to join"), "nej")
        assert await world.rows("SELECT * FROM address WHERE folded = 'mette@example.net'") == []
        assert len(await world.inbox(KARIN)) == 0


async def test_an_unconfirmed_request_is_forgotten_after_a_week(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN)
        await world.send(NEW, f"cataloguing-join@{DOMAIN}")
        await world.pass_time(days=8)
        assert await world.rows("SELECT * FROM address WHERE folded = 'mette@example.net'") == []
        assert len(await world.inbox(NEW)) == 1


async def test_joining_a_group_that_needs_only_a_confirmation(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN, join="confirm")
        await world.send(NEW, f"cataloguing-join@{DOMAIN}")
        await world.reply(await world.letter(NEW, "Do you want to join"), "Ja tak")
        assert "mette@example.net" in await members(world)
        assert [letter.subject.split(" [")[0] for letter in await world.inbox(NEW)][-1].startswith("Welcome")
        assert len(await world.inbox(NEW)) == 2


async def test_an_out_of_office_confirms_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN, join="confirm")
        await world.send(NEW, f"cataloguing-join@{DOMAIN}")
        letter = await world.letter(NEW, "Do you want to join")
        await world.reply(letter, "Ja, jag är på semester.", headers={"Auto-Submitted": "auto-replied"})
        await world.send(NEW, letter.reply_to, "Autosvar: Frånvaro", "Ja, jag är på semester till 12 augusti.")
        assert await members(world) == ["karin@example.org"]


async def test_leaving_asks_and_can_be_undone(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(ANNA, f"cataloguing-leave@{DOMAIN}")
        assert "anna@example.com" in await members(world)
        await world.reply(await world.letter(ANNA, "Do you want to leave"), "Ja")
        assert "anna@example.com" not in await members(world)
        assert len(await world.inbox(ANNA)) == 2
        await world.reply(await world.letter(ANNA, "You have left"), "undo")
        assert "anna@example.com" in await members(world)


async def test_the_personal_key_leaves_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(KARIN, f"cataloguing@{DOMAIN}", "Hello", "Text")
        unsubscribe = str((await world.letter(ANNA, "Hello")).message["List-Unsubscribe"])
        address = unsubscribe.split("mailto:")[1].split(">")[0].split("?")[0].replace("%2B", "+")
        await world.send("someone@example.org", address, "", "")
        assert "anna@example.com" not in await members(world)
        await world.reply(await world.letter(ANNA, "You have left"), "Ångra")
        assert "anna@example.com" in await members(world)


async def test_commands_are_answered_with_one_transcript(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(ANNA, f"cataloguing-request@{DOMAIN}", "", "vilka\nspråk svenska\nstatus 999\nfrobnicate\n")
        transcript = (await world.inbox(ANNA))[-1]
        assert len(await world.inbox(ANNA)) == 1
        assert "Karin Lind" in transcript.text
        assert "> frobnicate" in transcript.text
        rows = await world.rows("SELECT language FROM person WHERE name = 'Anna Berg'")
        assert rows == [{"language": "sv"}]


async def test_who_is_for_members_only(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN)
        other = await world.group("other", moderator=ANNA)
        assert other
        await world.send(ANNA, f"cataloguing-request@{DOMAIN}", "who", "")
        assert "karin@example.org" not in (await world.inbox(ANNA))[-1].text
        await world.send(NEW, f"cataloguing-request@{DOMAIN}", "who", "")
        assert "karin@example.org" not in (await world.inbox(NEW))[-1].text


async def test_a_moderator_adds_and_removes_after_a_yes(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN)
        await world.member(group, ANNA)
        body = "lägg till mette@example.net\nta bort anna@example.com\n"
        await world.send(KARIN, f"cataloguing-request@{DOMAIN}", "", body)
        assert await members(world) == ["anna@example.com", "karin@example.org"]
        await world.reply(await world.letter(KARIN, "Change the members"), "yes")
        assert await members(world) == ["karin@example.org", "mette@example.net"]
        assert "Welcome" in (await world.inbox(NEW))[-1].subject


async def test_a_member_cannot_use_moderators_commands(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(ANNA, f"cataloguing-request@{DOMAIN}", "", "add mette@example.net\npending\n")
        assert await members(world) == ["anna@example.com", "karin@example.org"]
        assert (await world.inbox(ANNA))[-1].text.count("moderators") >= 2


async def test_pending_lists_and_is_answered_by_number(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN, deputy=PER)
        await world.member(group, ANNA)
        for number, subject in enumerate(("First", "Second", "Third"), 1):
            await world.send(f"s{number}@example.net", f"cataloguing@{DOMAIN}", subject, f"Text {number}")
        await world.send(KARIN, f"cataloguing-request@{DOMAIN}", "pending", "")
        listed = await world.letter(KARIN, "3 matters wait")
        await world.reply(listed, "1+2 ja, 3 nej: för dyrt")
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["First", "Second"]
        assert "för dyrt" in (await world.letter("s3@example.net", "was not sent")).text
        receipt = await world.letter(KARIN, "Your answers")
        assert receipt.text.count("Read as:") == 3


async def test_approve_all_is_asked_back(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN)
        await world.member(group, ANNA)
        for number in (1, 2, 3):
            await world.send(f"s{number}@example.net", f"cataloguing@{DOMAIN}", f"Post {number}", "Text")
        await world.send(KARIN, f"cataloguing-request@{DOMAIN}", "väntar", "")
        await world.reply(await world.letter(KARIN, "3 matters wait"), "Ja till alla utom 3")
        assert await world.inbox(ANNA) == []
        await world.reply(await world.letter(KARIN, "Do you mean all"), "Ja")
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["Post 1", "Post 2"]


async def test_who_writes_to_a_swedish_address_is_answered_in_swedish(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN, language="en")
        await world.send(NEW, f"Cataloguing-Anmal@{DOMAIN}")
        await world.send("bo@example.net", f"cataloguing-join@{DOMAIN}")
        assert "Vill du" in (await world.inbox(NEW))[-1].subject
        assert "Do you want to join" in (await world.inbox("bo@example.net"))[-1].subject


async def test_a_stranger_asks_how_the_own_post_stands_and_nobody_elses(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("cataloguing", moderator=KARIN)
        await world.send("one@example.net", f"cataloguing@{DOMAIN}", "Mine", "Text")
        number = (await world.letter("one@example.net", "Mine")).case
        for who in ("one@example.net", "two@example.net"):
            await world.send(who, f"cataloguing-request@{DOMAIN}", f"status {number}", "")
        assert "Mine" in (await world.inbox("one@example.net"))[-1].text
        assert "Mine" not in (await world.inbox("two@example.net"))[-1].text
