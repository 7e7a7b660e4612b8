"""The archive's pages over HTTP: who sees what, one post and its files, months, threads, searches."""

from __future__ import annotations

import email.policy
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import httpx

from lists.model import Settings
from mailsvc.ids import GroupId
from tests.sink import Sink
from tests.systems.test_archive import settle_as
from tests.systems.test_pages import ANNA, KARIN, PER, ask, codes, enter, http, live
from tests.systems.world import CONFIG, DOMAIN, World, running

SVEN = "Sven Ek <sven@example.net>"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@asynccontextmanager
async def logged_in(world: World, sink: Sink, who: str) -> AsyncIterator[httpx.AsyncClient]:
    async with http(world) as client:
        await ask(world, client, re.sub(r".*<|>", "", who))
        await enter(client, codes(sink)[-1])
        yield client


async def talk(world: World, **settings: str) -> GroupId:
    """A network that staff see, with two members; Per is in another."""
    group = await world.group("talk", moderator=KARIN, title="Talk & co")
    await world.member(group, ANNA)
    await world.group("other", moderator=PER)
    await settle_as(world, group, **settings)
    return group


def with_file(name: str, content: bytes, *, subject: str = "Files", html: str = "") -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = ANNA
    message["To"] = f"talk@{DOMAIN}"
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    message["Message-ID"] = "<files@example.org>"
    if html:
        message.set_content(html, subtype="html")
    else:
        message.set_content("Here they are.")
    message.add_attachment(content, maintype="text", subtype="html", filename=name)
    return message.as_bytes()


async def test_members_read_and_nobody_else_learns_that_there_is_anything(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "New maps", "They hang in the hall.")
        async with logged_in(world, sink, KARIN) as member:
            page = (await member.get("/g/talk/archive")).text
            assert "New maps" in page
            assert "Anna Berg" in page
            assert "They hang in the hall." in (await member.get("/g/talk/archive/1")).text
            assert "/g/talk/archive" in (await member.get("/g/talk")).text
            answer = await member.get("/g/talk/archive")
            assert "noindex" in answer.headers["X-Robots-Tag"]
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        async with logged_in(world, sink, PER) as staff, http(world) as stranger:
            for client in (staff, stranger):
                seen = [
                    await client.get(path) for path in ("/g/talk/archive", "/g/talk/archive/1", "/g/talk/archive/7")
                ]
                assert [one.status_code for one in seen] == [404] * 3
                assert seen[1].text.replace("/archive/1", "/archive/7") == seen[2].text
            assert "/g/talk/archive" not in (await staff.get("/g/talk")).text
            assert "/login?next=/g/talk/archive/1" in (await stranger.get("/g/talk/archive/1")).text


async def test_a_group_may_open_its_archive_to_staff(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world, archive="staff")
        await world.send(ANNA, f"talk@{DOMAIN}", "New maps", "Text")
        await world.send(ANNA, f"talk@{DOMAIN}", "Confidential: how we are", "Tired")
        async with logged_in(world, sink, PER) as staff, http(world) as stranger:
            page = (await staff.get("/g/talk/archive")).text
            assert "New maps" in page
            assert "how we are" not in page
            assert (await staff.get("/g/talk/archive/2")).status_code == 404
            assert "Tired" not in (await staff.get("/g/talk/archive?q=tired")).text
            assert (await stranger.get("/g/talk/archive")).status_code == 404


async def test_the_public_sees_no_address_no_file_and_no_hidden_name(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world, archive="public", audience="public")
        await world.submit(with_file("a.html", b"<b>x</b>"), "anna@example.org", [f"talk@{DOMAIN}"])
        await world.write(lambda tx: tx.execute("UPDATE membership SET hidden = 1 WHERE person_id = 3"))
        await world.send(KARIN, f"talk@{DOMAIN}", "Ask anna@example.org", "Write to <anna@example.org> or me.")
        hidden = await world.rows(
            "SELECT p.name FROM membership m JOIN person p ON p.id = m.person_id WHERE hidden = 1"
        )
        assert hidden == [{"name": "Anna Berg"}]
        async with http(world) as stranger, logged_in(world, sink, KARIN) as member:
            pages = [(await stranger.get(f"/g/talk/archive{one}")).text for one in ("", "/1", "/2", "?q=write")]
            assert [("anna@" in one, "Anna" in one) for one in pages] == [(False, False)] * 4
            assert "Write to" in pages[2]
            assert "for people who log in" in pages[1]
            assert (await stranger.get("/g/talk/archive?q=berg")).text.count("/g/talk/archive/1") == 0
            file = re.search(r"/g/talk/archive/1/\d+", (await member.get("/g/talk/archive/1")).text)
            assert file
            assert (await stranger.get(file[0])).status_code == 404
            assert "Anna Berg" in (await member.get("/g/talk/archive?q=berg")).text


async def test_what_is_confidential_is_not_for_later_joiners(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        group = await talk(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "[In confidence] How we are", "Tired")
        await world.pass_time(days=1)
        await world.member(group, PER)
        async with logged_in(world, sink, PER) as later, logged_in(world, sink, KARIN) as there:
            assert "How we are" not in (await later.get("/g/talk/archive")).text
            assert (await later.get("/g/talk/archive/1")).status_code == 404
            assert "How we are" not in (await later.get("/g/talk/archive?q=tired")).text
            assert "Shared in confidence" in (await there.get("/g/talk/archive/1")).text


async def test_a_closed_group_keeps_its_archive_for_those_who_were_in_it(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "New maps", "Text")
        await world.write(
            lambda tx: [
                tx.execute("UPDATE groups SET state = 'closed', closed_at = :now WHERE name = 'talk'", now=tx.now),
                tx.execute("UPDATE membership SET ended_at = :now WHERE group_id = 1", now=tx.now),
                tx.execute("INSERT INTO alias (name, group_id, created_at) VALUES ('talk', 2, :now)", now=tx.now),
            ]
        )
        async with logged_in(world, sink, ANNA) as before, logged_in(world, sink, PER) as other:
            assert "New maps" in (await before.get("/g/talk/archive")).text
            assert (await before.get("/g/talk/archive/1")).status_code == 200
            assert (await other.get("/g/talk/archive/1")).status_code == 404


async def test_nothing_of_a_hostile_post_acts(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world)
        raw = with_file(
            'x".html',
            b"<script>1</script>",
            subject=HOSTILE,
            html=f"<p>Seen {HOSTILE}</p><a href='javascript:1'>go</a>",
        )
        raw = raw.replace(b"From: Anna Berg", b'From: "<script>alert(3)</script>"', 1)
        await world.submit(raw, "anna@example.org", [f"talk@{DOMAIN}"])
        async with logged_in(world, sink, KARIN) as member:
            for path in ("", "/1", "?q=seen", "?q=<script>"):
                page = (await member.get(f"/g/talk/archive{path}")).text
                assert "<script" not in page
                assert "onerror" not in page.replace("onerror=&#34;", "")
                assert "javascript:" not in re.sub(r"<[^a][^>]*>", "", page).split("<a href=")[0]
                assert 'href="javascript' not in page
            page = (await member.get("/g/talk/archive/1")).text
            link = re.search(r'href="(/g/talk/archive/1/\d+)"', page)
            assert link
            file = await member.get(link[1])
            assert file.content.strip() == b"<script>1</script>"
            assert file.headers["Content-Disposition"].startswith("attachment;")
            assert file.headers["X-Content-Type-Options"] == "nosniff"
            assert file.headers["Content-Type"].startswith("application/octet-stream")


async def test_quotes_are_folded_links_lead_out_and_threads_hang_together(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world)
        await world.send(
            ANNA, f"talk@{DOMAIN}", "Maps", "See https://example.org/maps?a=1&b=2. Or (https://example.org/x)!"
        )
        reply = "Good.\n\nOn Mon, 23 Nov 2026, Anna Berg <anna@example.org> wrote:\n> See the maps\n"
        thread = {"In-Reply-To": "<mail-1@example.org>"}
        await world.send(KARIN, f"talk@{DOMAIN}", "Re: Maps", reply, headers=thread)
        await world.send(ANNA, f"talk@{DOMAIN}", "Lunch", "At noon?")
        async with logged_in(world, sink, KARIN) as member:
            page = (await member.get("/g/talk/archive")).text
            assert page.index(">Lunch<") < page.index(">Maps<")
            assert page.count("<h3") == 2
            first = (await member.get("/g/talk/archive/1")).text
            assert '<a href="https://example.org/maps?a=1&amp;b=2" rel="nofollow' in first
            assert '<a href="https://example.org/x"' in first
            assert "The whole conversation" in first
            assert "/g/talk/archive/2" in first
            second = (await member.get("/g/talk/archive/2")).text
            new, quoted = second.split("<details")
            assert "See the maps" not in new
            assert "See the maps" in quoted
            assert 'rel="prev"' in second
            assert 'rel="next"' in second


async def test_months_and_pages_lead_on(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "In November", "Text")
        await world.pass_time(days=40)
        for number in range(26):
            await world.send(ANNA, f"talk@{DOMAIN}", f"January {number}", "Text")
        async with logged_in(world, sink, KARIN) as member:
            page = (await member.get("/g/talk/archive")).text
            assert "January 2027 – Page 1 of 2" in page
            assert "Earlier: November 2026" in page
            assert "?month=2027-01&amp;page=2" in page
            assert "January 0<" in (await member.get("/g/talk/archive?month=2027-01&page=2")).text
            older = (await member.get("/g/talk/archive?month=2026-11")).text
            assert "In November" in older
            assert "Later: January 2027" in older
            assert "no posts to show" in (await member.get("/g/talk/archive?month=2026-12")).text
            wrong = ("month=2026-13", "month=x", "month=0000-01", "page=x", "month=2026-11&page=99999")
            assert [(await member.get(f"/g/talk/archive?{one}")).status_code for one in wrong] == [404] * 5


async def test_a_search_reads_as_the_directory_does(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "Ämneskatalogisering", "Kurs på tisdag i Ålborg")
        await world.send(KARIN, f"talk@{DOMAIN}", "Lunch", "Kurs?")
        async with logged_in(world, sink, KARIN) as member:

            async def found(query: str) -> list[str]:
                text = (await member.get("/g/talk/archive", params={"q": query})).text
                return re.findall(r'href="/g/talk/archive/(\d+)"', text)

            assert await found("kurs") == ["2", "1"]
            assert await found("kurs tisdag") == ["1"]
            assert await found("aalborg") == ["1"]
            assert await found("katalog") == ["1"]
            assert await found("amneskataloger") == ["1"]
            assert await found("anna") == ["1"]
            assert await found("lun") == ["2"]
            assert await found("nothing") == []
            assert await found("' OR 1=1 --") == []


async def test_posts_say_where_they_can_be_read_again(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        group = await talk(world)
        await world.send(
            ANNA, f"talk@{DOMAIN}", "New maps", "Text", headers={"List-Archive": "<https://evil.example.com>"}
        )
        copy = (await world.letter(KARIN, "New maps")).message
        base = world.service.config.web.base_url
        assert copy.get_all("List-Archive") == [f"<{base}/g/talk/archive>"]
        assert copy.get_all("Archived-At") == [f"<{base}/g/talk/archive/1>"]
        await settle_as(world, group, archive="off")
        await world.send(ANNA, f"talk@{DOMAIN}", "Off", "Text")
        copy = (await world.letter(KARIN, "Off")).message
        assert (copy["List-Archive"], copy["Archived-At"]) == (None, None)


async def test_no_link_goes_where_members_cannot_follow_it(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink):
        await talk(world)
        await world.send(ANNA, f"talk@{DOMAIN}", "New maps", "Text")
        assert all(b"Archived-At" not in one.content for one in sink.accepted)
        assert Settings().archive == "members"
