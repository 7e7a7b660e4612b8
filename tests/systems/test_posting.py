"""What a post goes through: who may, what is held and why, who gets a copy, what is passed on to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from lists import store
from tests.systems.world import CONFIG, DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
BO = "Bo Dahl <bo@example.net>"


async def subjects(world: World, who: str) -> list[str]:
    """Subjects of the posts somebody has got."""
    return [letter.subject for letter in await world.inbox(who) if letter.message["List-Id"]]


async def waiting(world: World) -> list[str]:
    """Reasons of the posts that wait."""
    rows = await world.rows("SELECT data FROM cases WHERE kind = 'held-post' AND closed_at IS NULL ORDER BY id")
    return [str(row["data"]).split('"reason":"')[1].split('"')[0] for row in rows]


@pytest.mark.parametrize(
    ("post", "who", "sent"),
    [
        ("members", ANNA, True),
        ("members", BO, False),
        ("members", KARIN, True),
        ("moderated", ANNA, False),
        ("moderated", KARIN, True),
        ("moderators", ANNA, False),
        ("moderators", PER, True),
        ("anyone", BO, True),
    ],
)
async def test_who_may_post(tmp_path: Path, post: str, who: str, sent: bool) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, deputy=PER, post=post)
        await world.member(group, ANNA)
        await world.send(who, f"talk@{DOMAIN}", "Hello", "Text")
        assert (await subjects(world, ANNA) == ["Hello"]) is sent
        assert (await waiting(world) == []) is sent


@pytest.mark.parametrize(
    ("text", "headers", "reason"),
    [
        ("Mitt personnummer är 19811218-9876.", {}, "held-identity-number"),
        ("Text", {"Precedence": "bulk"}, "held-automatic"),
        ("Text", {"Subject": "Automatiskt svar: Hello"}, "held-automatic"),
        ("x" * 900_000, {}, "held-too-big"),
    ],
)
async def test_a_members_post_is_held_for_what_is_in_it(
    tmp_path: Path, text: str, headers: dict[str, str], reason: str
) -> None:
    config = CONFIG + "group_message_size = 500000\n"
    async with running(tmp_path, config) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        body = "\n".join(text[i : i + 900] for i in range(0, len(text), 900))
        await world.send(ANNA, f"talk@{DOMAIN}", "Hello", body, headers=headers)
        assert await waiting(world) == [reason]
        assert await subjects(world, KARIN) == []
        assert "9876" not in (await world.inbox(KARIN))[-1].text


async def test_a_bare_command_is_helped_not_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "", "Avanmäl mig från listan, tack\n")
        assert await subjects(world, KARIN) == []
        assert f"talk-leave@{DOMAIN}" in (await world.inbox(ANNA))[-1].text
        assert len(await world.rows("SELECT * FROM membership WHERE ended_at IS NULL")) == 2


async def test_the_same_mail_twice_is_sent_once_and_another_with_its_id_is_held(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        head = f"From: anna@example.com\r\nTo: talk@{DOMAIN}\r\nSubject: One\r\nMessage-ID: <1@example.com>\r\n"
        mail = f"{head}\r\nText\r\n"
        await world.submit(b"Received: from a by b; x\r\n" + mail.encode(), "anna@example.com", [f"talk@{DOMAIN}"])
        await world.submit(b"Received: from c by d; y\r\n" + mail.encode(), "anna@example.com", [f"talk@{DOMAIN}"])
        assert await subjects(world, KARIN) == ["One"]
        other = mail.replace("Text", "Something else").encode()
        await world.submit(other, "anna@example.com", [f"talk@{DOMAIN}"])
        assert await subjects(world, KARIN) == ["One"]
        assert await waiting(world) == ["held-same-id"]
        assert await world.reasons() == ["posted", "duplicate", "held"]


async def test_own_copy_and_already_in_cc_and_cross_posts(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        one = await world.group("one", moderator=KARIN)
        two = await world.group("two", moderator=KARIN)
        for group in (one, two):
            await world.member(group, ANNA)
            await world.member(group, BO)
        await world.write(lambda tx: tx.execute("UPDATE membership SET own_copy = 0 WHERE group_id = :id", id=one))
        await world.send(ANNA, [f"one@{DOMAIN}", f"two@{DOMAIN}"], "Both", "Text", headers={"Cc": "karin@example.org"})
        assert await subjects(world, BO) == ["Both"]
        assert await subjects(world, KARIN) == []
        copies = await world.rows("SELECT address, count(*) AS n FROM delivery GROUP BY address ORDER BY address")
        assert copies == [{"address": "anna@example.com", "n": 1}, {"address": "bo@example.net", "n": 1}]


async def test_several_recipients_are_each_on_their_own(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, join="confirm")
        await world.member(group, ANNA)
        await world.send(BO, [f"talk@{DOMAIN}", f"talk-join@{DOMAIN}"], "Hello", "Text")
        assert sorted(await world.reasons()) == ["held", "join-asked"]


async def test_owner_postmaster_and_abuse_reach_people(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("talk", moderator=KARIN, deputy=PER)
        await world.send(BO, f"talk-owner@{DOMAIN}", "To the moderators", "Text")
        for who in (KARIN, PER):
            assert "Text" in (await world.letter(who, "To the moderators")).text
        await world.send(BO, "postmaster", "Trouble", "Text")
        await world.send(BO, f"abuse@{DOMAIN}", "Spam", "Text")
        operator = [letter.subject for letter in await world.inbox("operator@example.org")]
        assert operator == ["Trouble", "Spam"]
        looping = await world.letter("operator@example.org", "Spam")
        await world.submit(looping.raw, "bo@example.net", [f"abuse@{DOMAIN}"])
        assert len(await world.inbox("operator@example.org")) == 2


async def test_our_own_post_coming_back_is_not_sent_again(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, post="anyone")
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "Round", "Text")
        copy = await world.letter(KARIN, "Round")
        await world.submit(copy.raw + b"A footer of the other list.\r\n", "forwarder@example.net", [f"talk@{DOMAIN}"])
        assert await subjects(world, KARIN) == ["Round"]
        assert (await world.rows("SELECT state, reason FROM inbox WHERE id = 2")) == [
            {"state": "quarantined", "reason": "loop"}
        ]


async def test_a_banned_sender_reaches_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, post="anyone")
        await world.write(lambda tx: store.set_sender(tx, group, "bo@example.net", "banned", None))
        await world.send(BO, f"talk@{DOMAIN}", "Hello", "Text")
        assert await world.inbox(KARIN) == []
        assert await world.inbox(BO) == []


async def test_mail_in_the_services_own_name_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("talk", moderator=KARIN)
        with pytest.raises(Exception, match=r"5\.7\.1"):
            await world.send(f"talk@{DOMAIN}", f"talk@{DOMAIN}", "Hello", "Text")


async def test_spam_by_header_goes_to_quarantine_and_can_be_released(tmp_path: Path) -> None:
    config = CONFIG.replace("[web]", 'spam_header = "X-Spam-Flag: YES"\n[web]')
    async with running(tmp_path, config) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "Hello", "Text", headers={"X-Spam-Flag": "YES"})
        assert await subjects(world, KARIN) == []
        from mailsvc.store import inbox

        await world.write(lambda tx: inbox.release(tx, 1))  # type: ignore[arg-type]
        await world.settle()
        assert await subjects(world, KARIN) == ["Hello"]


async def test_a_moderator_forwards_a_wish_to_join(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("talk", moderator=KARIN)
        text = (
            "Hej, kan du lägga till Bo?\n\n-------- Vidarebefordrat meddelande --------\nÄmne: nätverket\n"
            "Från: Bo Dahl <bo@example.net>\nTill: karin@example.org\n\nJag vill vara med!\n"
        )
        await world.send(KARIN, f"talk-join@{DOMAIN}", "VB: nätverket", text)
        confirm = (await world.inbox(BO))[-1]
        assert "bo@example.net" in (await world.inbox(KARIN))[-1].text
        await world.reply(confirm, "Ja")
        rows = await world.rows("SELECT address_id FROM membership WHERE ended_at IS NULL")
        assert len(rows) == 2
        assert len(await world.inbox(KARIN)) == 1


async def test_a_post_from_outside_goes_to_the_records_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG + '[records]\naddress = "records@example.com"\n') as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(BO, f"talk@{DOMAIN}", "From outside", "Text")
        await world.send(ANNA, f"talk@{DOMAIN}", "From inside", "Text")
        assert [letter.subject for letter in await world.inbox("records@example.com")] == ["From outside"]
