"""Posts gathered for members who want one letter a day or a week: what is in it, when it comes, what it never loses."""

from __future__ import annotations

import email.utils
from email.message import Message
from pathlib import Path

import msgspec

from lists import store
from lists.groups import closing_store, merging_store
from mailsvc.ids import GroupId
from mailsvc.store import meta
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

LIST = f"cataloguing@{DOMAIN}"
REQUEST = f"cataloguing-request@{DOMAIN}"
ANNA = "Anna Berg <anna@example.org>"
BO = "Bo Ek <bo@example.org>"
ZONED = CONFIG.replace("[database]", 'timezone = "Europe/Stockholm"\n[database]')  # the world begins at 10:00


async def a_group(world: World, *, language: str = "en", **more: str) -> GroupId:
    group = await world.group("cataloguing", moderator="Karin <karin@example.org>", **more)
    await world.member(group, ANNA, language=language)
    await world.member(group, BO, language=language)
    return group


async def digests(world: World, who: str) -> list[Letter]:
    """The gathered letters that somebody has got."""
    return [one for one in await world.inbox(who) if one.message["List-Id"] and one.message["Auto-Submitted"]]


async def single(world: World, who: str) -> list[str]:
    """The subjects of the posts that came to somebody by themselves."""
    return [
        one.subject for one in await world.inbox(who) if one.message["List-Id"] and not one.message["Auto-Submitted"]
    ]


def enclosed(letter: Letter) -> list[Message]:
    """The mails in a digest, as a mail program finds them."""
    parts = [part for part in letter.message.walk() if part.get_content_type() == "multipart/digest"]
    return [part.get_payload(0) for one in parts for part in one.iter_parts()]  # type: ignore[misc]


def said(letter: Letter) -> str:
    return " ".join(letter.text.split())


async def test_a_day_of_posts_comes_in_one_letter_the_next_morning(tmp_path: Path) -> None:
    async with running(tmp_path, ZONED) as world:
        await a_group(world, language="sv")
        await world.send(ANNA, REQUEST, "", "Samlat dagligen")
        assert "tisdag 24 november 2026 kl. 08.00" in said((await world.inbox(ANNA))[-1])
        await world.send(BO, LIST, "Kartor på nätet", "Första inlägget: åäö")
        await world.send("Karin <karin@example.org>", LIST, "Re: Kartor på nätet", "Det andra")
        await world.pass_time(hours=21, minutes=58)
        assert await digests(world, ANNA) == []
        await world.pass_time(minutes=3)
        [letter] = await digests(world, ANNA)
        assert letter.subject == "Cataloguing: 2 inlägg"
        assert "1: Kartor på nätet – Bo Ek, måndag 23 november 2026 kl. 10.00" in said(letter)
        assert "2: Re: Kartor på nätet – Karin" in said(letter)
        assert "Kartor på nätet – Bo Ek" in letter.html
        assert "”varje inlägg”" not in said(letter)
        assert "”samlingsbrev av”, ”samlat dagligen”" in said(letter)
        assert [one["Subject"] for one in enclosed(letter)] == ["Kartor på nätet", "Re: Kartor på nätet"]
        assert await single(world, ANNA) == []
        assert await single(world, BO) == ["Kartor på nätet", "Re: Kartor på nätet"]
        await world.pass_time(days=3)
        assert len(await digests(world, ANNA)) == 1


async def test_a_digest_is_a_mail_of_the_list_and_its_posts_are_those_that_were_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await a_group(world)
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "Maps", "Line one\nåäö\n", headers={"X-Odd": "kept   as it  is"})
        await world.pass_time(days=1)
        [letter] = await digests(world, ANNA)
        message = letter.message
        assert str(message["From"]) == f"Cataloguing <{LIST}>"
        assert str(message["List-Id"]) == f"Cataloguing <cataloguing.{DOMAIN}>"
        assert str(message["Reply-To"]) == f"Cataloguing <cataloguing-owner@{DOMAIN}>"
        assert letter.reverse_path.startswith("bounces+")
        assert message["Precedence"] == "list"
        assert [part.get_content_type() for part in message.walk()] == [
            *("multipart/mixed", "multipart/alternative", "text/plain", "text/html"),
            *("multipart/digest", "message/rfc822", "text/plain"),
        ]
        rows = await world.rows("SELECT bytes FROM mailroom WHERE folded = 'bo@example.org' ORDER BY id DESC LIMIT 1")
        copy = bytes(rows[0]["bytes"])  # type: ignore[call-overload]
        inner = letter.raw[letter.raw.index(b"multipart/digest") :]
        original = copy[copy.index(b"From: ") :]
        assert original.rstrip(b"\r\n") in inner
        assert b"X-Odd: kept   as it  is" in inner
        # the way out is the reader's own
        leave = str(message["List-Unsubscribe"]).rpartition("mailto:")[2].rstrip(">")
        await world.send(ANNA, leave, "unsubscribe")
        member = await world.service.db.read(lambda tx: store.members(tx, group))
        assert [one.address for one in member] == ["bo@example.org", "karin@example.org"]


async def test_a_week_of_posts_comes_on_monday(tmp_path: Path) -> None:
    async with running(tmp_path, ZONED) as world:
        await a_group(world, language="da")
        await world.send(ANNA, REQUEST, "", "ugentligt")
        assert "mandag den 30. november 2026 kl. 08.00" in said((await world.inbox(ANNA))[-1])
        for number in range(3):
            await world.send(BO, LIST, f"Post {number}", "text")
            await world.pass_time(days=2)
        await world.pass_time(hours=21, minutes=30)  # Monday, 07:30
        assert await digests(world, ANNA) == []
        await world.pass_time(hours=1)
        [letter] = await digests(world, ANNA)
        assert letter.subject == "Cataloguing: 3 indlæg"
        assert len(enclosed(letter)) == 3
        await world.pass_time(days=7)
        assert len(await digests(world, ANNA)) == 1


async def test_whoever_changes_gets_nothing_twice_and_misses_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world)
        await world.send(BO, LIST, "One", "text")
        await world.send(ANNA, REQUEST, "digest weekly")
        await world.send(BO, LIST, "Two", "text")
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "Three", "text")
        await world.pass_time(days=1)
        assert [one["Subject"] for one in enclosed((await digests(world, ANNA))[0])] == ["Two", "Three"]
        await world.send(BO, LIST, "Four", "text")
        await world.send(ANNA, REQUEST, "digest off")
        assert [one["Subject"] for one in enclosed((await digests(world, ANNA))[1])] == ["Four"]
        await world.send(BO, LIST, "Five", "text")
        await world.pass_time(days=10)
        assert len(await digests(world, ANNA)) == 2
        assert await single(world, ANNA) == ["One", "Five"]


async def test_a_pause_puts_off_what_was_owed_and_skips_what_comes_meanwhile(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world)
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "Before", "text")
        await world.send(ANNA, REQUEST, "pause until 2026-11-30")
        await world.send(BO, LIST, "During", "text")
        await world.pass_time(days=6)
        assert await digests(world, ANNA) == []
        await world.pass_time(days=1)
        assert [one["Subject"] for one in enclosed((await digests(world, ANNA))[0])] == ["Before"]
        await world.send(ANNA, REQUEST, "digest none")
        await world.send(BO, LIST, "Unread", "text")
        await world.pass_time(days=8)
        assert len(await digests(world, ANNA)) == 1
        assert await world.rows("SELECT 1 FROM digest_post") == []


async def test_a_released_post_counts_from_its_release(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world, post="moderated")
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "Held", "text")
        await world.pass_time(days=1)
        assert await digests(world, ANNA) == []
        await world.reply(await world.letter("karin@example.org", "Held"), "approve")
        await world.pass_time(days=1)
        assert [one["Subject"] for one in enclosed((await digests(world, ANNA))[0])] == ["Held"]


async def test_a_held_group_sends_no_digest_until_it_is_let_go(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await a_group(world)
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "Waits", "text")
        await world.write(lambda tx: store.set_held(tx, group, tx.now))
        await world.pass_time(days=2)
        assert await digests(world, ANNA) == []
        await world.write(lambda tx: store.set_held(tx, group, None))
        await world.pass_time(days=1)
        assert len(await digests(world, ANNA)) == 1


async def test_own_posts_copies_and_cross_posts_are_left_out(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await a_group(world)
        other = await world.group("music", moderator="karin@example.org")
        await world.member(other, ANNA)
        await world.member(other, BO)
        await world.send(ANNA, REQUEST, "", "digest daily\nown-copy off")
        await world.send(ANNA, LIST, "My own", "text")
        await world.send(BO, [LIST, f"music@{DOMAIN}"], "To both", "text")
        await world.send(BO, LIST, "To Anna too", "text", headers={"Cc": "anna@example.org"})
        await world.send(BO, LIST, "Plain", "text")
        await world.pass_time(days=1)
        assert [one["Subject"] for one in enclosed((await digests(world, ANNA))[0])] == ["Plain"]
        assert await single(world, ANNA) == ["To both"]


async def test_what_is_confidential_or_too_large_is_named_and_large_digests_are_split(tmp_path: Path) -> None:
    config = CONFIG.replace("[limits]", "[limits]\ngroup_message_size = 20000")
    async with running(tmp_path, config) as world:
        group = await a_group(world, language="nb")

        def larger(tx: object) -> None:
            settings = msgspec.structs.replace(store.group(tx, group).settings, max_size=100_000)  # type: ignore[arg-type]
            store.set_settings(tx, group, settings)  # type: ignore[arg-type]

        await world.write(larger)
        await world.send(ANNA, REQUEST, "", "samlet daglig")
        await world.send(BO, LIST, "Lønn", "Hemmelig", headers={"Sensitivity": "Company-Confidential"})
        await world.send(BO, LIST, "Stor", "x" * 70 + "\n" + ("y" * 70 + "\n") * 400)
        for number in range(3):
            await world.send(BO, LIST, f"Vanlig {number}", ("z" * 70 + "\n") * 120)
        await world.pass_time(days=1)
        letters = await digests(world, ANNA)
        assert [one.subject for one in letters] == [
            "Cataloguing: 4 innlegg (brev 1 av 2)",
            "Cataloguing: 1 innlegg (brev 2 av 2)",
        ]
        assert "fortrolig, så det er ikke vedlagt" in said(letters[0])
        assert "for stort til å legges ved" in said(letters[0])
        assert "Hemmelig" not in letters[0].raw.decode()
        assert [[one["Subject"] for one in enclosed(letter)] for letter in letters] == [
            ["Vanlig 0", "Vanlig 1"],
            ["Vanlig 2"],
        ]
        assert all(len(letter.raw) < 30_000 for letter in letters)


async def test_whoever_leaves_before_morning_gets_no_digest(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await a_group(world)
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "Late", "text")
        member = await world.service.db.read(lambda tx: store.members(tx, group))
        await world.write(lambda tx: store.end_membership(tx, member[0].id))
        await world.pass_time(days=1)
        assert await digests(world, ANNA) == []
        assert await world.rows("SELECT 1 FROM digest_post") == []


async def test_the_last_posts_of_a_closed_group_still_come(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await a_group(world)
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "The last one", "text")
        await world.write(lambda tx: closing_store.set_state(tx, group, "closed"))
        await world.write(lambda tx: merging_store.end_all(tx, group))
        await world.pass_time(days=1)
        assert [one["Subject"] for one in enclosed((await digests(world, ANNA))[0])] == ["The last one"]


async def test_members_with_other_languages_get_their_own_letter(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await a_group(world, language="nn")
        await world.member(group, "Eva <eva@example.org>", language="en")
        for who, words in ((ANNA, "samla kvar dag"), (BO, "dagleg"), ("eva@example.org", "daily")):
            await world.send(who, REQUEST, "", words)
        await world.send("karin@example.org", LIST, "Maps", "text")
        await world.pass_time(days=1)
        assert "Dette er skrive til Cataloguing" in said((await digests(world, ANNA))[0])
        assert "This has been written to Cataloguing" in said((await digests(world, "eva@example.org"))[0])
        assert await world.rows("SELECT count(*) AS n FROM outgoing WHERE template = 'posts/digest'") == [{"n": 2}]
        keys = {str((await digests(world, who))[0].message["List-Unsubscribe"]) for who in (ANNA, BO)}
        assert len(keys) == 2


async def test_the_mailroom_knows_when_the_next_digest_comes(tmp_path: Path) -> None:
    async with running(tmp_path, ZONED) as world:
        await a_group(world)
        await world.send(ANNA, REQUEST, "digest daily")
        await world.send(BO, LIST, "Maps", "text")
        due = await world.service.db.read(meta.next_event)
        morning = email.utils.parsedate_to_datetime("Tue, 24 Nov 2026 07:00 +0000")
        assert due == int(morning.timestamp()) * 10**6
