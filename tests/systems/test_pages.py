"""The directory, a network's page and logging in by a mailed code, over HTTP against the whole service."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from lists import store as lists_store
from lists.model import Settings
from mailsvc.ids import GroupId
from mailsvc.people import organisation_store as organisations
from mailsvc.store.database import Tx
from tests.sink import Sink
from tests.systems.world import CONFIG, DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Moe <per@example.org>"
ANNA = "Anna Berg <anna@example.org>"
SVEN = "Sven Ek <sven@example.net>"
INSIDE = CONFIG.replace("[web]", 'internal_networks = ["127.0.0.0/8"]\n[web]')
ATOM = "{http://www.w3.org/2005/Atom}"


@asynccontextmanager
async def live(folder: Path, text: str = CONFIG) -> AsyncIterator[tuple[World, Sink]]:
    """A service that is no rehearsal, so that nobody is inside by the mailroom's grace, and its relay."""
    async with Sink() as sink:
        relay = f'[delivery]\ntransport = "smtp"\nrelay = "smtp://127.0.0.1:{sink.port}"\n[smtp]'
        async with running(folder, text.replace("[smtp]", relay)) as world:
            yield world, sink


def http(world: World, **headers: str) -> httpx.AsyncClient:
    host, port = world.service.web.address
    return httpx.AsyncClient(base_url=f"http://{host}:{port}", headers=headers)


async def furnish(world: World) -> GroupId:
    """An ordinary network for staff, one for everybody, one for its members."""
    group = await world.group(
        "cataloguing", moderator=KARIN, deputy=PER, title="Katalogisering", purpose="Regler och poster."
    )
    await world.member(group, ANNA, language="sv")
    await world.group("visitors", moderator=PER, title="Meeting visitors")
    await world.group("salaries", moderator=PER, title="Salaries")

    def settings(tx: Tx) -> None:
        for name, audience in (("visitors", "public"), ("salaries", "members")):
            known = lists_store.group_named(tx, name)
            assert known is not None
            lists_store.set_settings(tx, known.id, Settings(purpose="What visitors ask.", audience=audience))
        kept = lists_store.group(tx, group)
        changed = Settings(purpose=kept.settings.purpose, work_questions="- Ämnesord\n- Kartor\n", channels="Chatt")
        lists_store.set_settings(tx, group, changed)

    await world.write(settings)
    return group


def codes(sink: Sink) -> list[str]:
    """The codes of all letters that were sent, oldest first."""
    found = [re.search(rb"/login/([a-z2-7]{10})", one.content) for one in sink.accepted]
    return [match[1].decode() for match in found if match]


def field(page: str, name: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match, page
    return match[1]


async def ask(world: World, client: httpx.AsyncClient, address: str) -> httpx.Response:
    page = (await client.get("/login")).text
    answer = await client.post("/login", data={"token": field(page, "token"), "next": "", "address": address})
    await world.settle()
    return answer


async def enter(client: httpx.AsyncClient, code: str) -> httpx.Response:
    page = (await client.get(f"/login/{code}")).text
    return await client.post("/login/enter", data={"token": field(page, "token"), "code": code, "next": ""})


async def test_strangers_see_what_is_public_and_staff_what_is_theirs(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, _sink), http(world) as stranger:
        await furnish(world)
        page = (await stranger.get("/")).text
        assert "Meeting visitors" in page
        assert "Katalogisering" not in page
        assert "Per Moe" not in page
        assert (await stranger.get("/g/cataloguing")).status_code == 404
        public = await stranger.get("/g/visitors")
        assert (public.status_code, "Per Moe" in public.text, "1 member." in public.text) == (200, False, True)
        assert (await stranger.get("/cases")).headers["location"] == "/login?next=/cases"


async def test_inside_the_organisation_people_are_shown(tmp_path: Path) -> None:
    async with (
        live(tmp_path, INSIDE) as (world, _),
        http(world, **{"Accept-Language": "sv-SE,sv;q=0.9,en;q=0.5"}) as http_,
    ):
        await furnish(world)
        page = (await http_.get("/")).text
        assert '<html lang="sv">' in page
        assert "Nätverk och grupper" in page
        assert "Salaries" not in page  # for its members alone, wherever somebody sits
        entry = (await http_.get("/g/cataloguing")).text
        for shown in ("Karin Lind", "Per Moe", "Anna Berg", "Ämnesord", "Kartor", "Chatt", "cataloguing-join@"):
            assert shown in entry
        assert "noindex" in entry
        assert (await http_.get("/g/CATALOGUING")).status_code == 200


async def test_the_search_finds_by_parts_without_accents(tmp_path: Path) -> None:
    async with live(tmp_path, INSIDE) as (world, _), http(world) as client:
        await furnish(world)
        for words in ("amnesord", "Vem kan katalog?", "karto", "regler om kartor"):
            page = (await client.get("/", params={"q": words})).text
            assert "Katalogisering" in page, words
            assert "Meeting visitors" not in page, words
        nothing = (await client.get("/", params={"q": "<b>zzz</b>"})).text
        assert "Nothing here fits “&lt;b&gt;zzz&lt;/b&gt;”" in nothing


async def test_a_code_logs_in_once(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink), http(world) as client, http(world) as other:
        await furnish(world)
        told = await ask(world, client, " Anna@Example.org ")
        assert "a letter with a code is on its way" in told.text
        (code,) = codes(sink)
        look = await client.get(f"/login/{code}")
        assert await world.rows("SELECT 1 FROM web_session") == []  # looking does nothing
        assert code in look.text
        done = await enter(client, code)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        cookie = done.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert code not in cookie
        page = (await client.get("/")).text
        assert "Katalogisering" in page
        assert "Inloggad som Anna Berg" in page  # a person's language before the browser's
        assert "Salaries" not in page
        again = await enter(other, code)
        assert (again.status_code, "This code is not good" in again.text) == (400, True)
        out = await client.post("/logout", data={"token": field(page, "token")})
        assert out.status_code == 303
        assert "Katalogisering" not in (await client.get("/")).text


async def test_no_answer_tells_whether_an_address_is_known(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink), http(world) as client:
        await furnish(world)
        known = await ask(world, client, "anna@example.org")
        unknown = await ask(world, client, "nobody@example.org")
        same = [one.text.replace("nobody@", "anna@") for one in (known, unknown)]
        assert re.sub(r"token\" value=\"\w+", "", same[0]) == re.sub(r"token\" value=\"\w+", "", same[1])
        assert len(codes(sink)) == 1
        wrong = await ask(world, client, "nobody")
        assert (wrong.status_code, "This is no mail address" in wrong.text) == (422, True)


async def test_three_codes_an_hour_each_good_for_a_quarter(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink), http(world) as client:
        await furnish(world)
        for _ in range(4):
            await ask(world, client, "anna@example.org")
        found = codes(sink)
        assert len(set(found)) == 3
        world.clock.advance(timedelta(minutes=15))
        assert (await enter(client, found[0])).status_code == 400


async def test_a_form_of_another_page_or_browser_is_refused(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, _sink), http(world) as client, http(world) as attacker:
        await furnish(world)
        page = (await attacker.get("/login")).text
        foreign = await client.post("/login", data={"token": field(page, "token"), "address": "anna@example.org"})
        assert foreign.status_code == 403
        own = (await client.get("/login")).text
        wrong_path = await client.post("/login/enter", data={"token": field(own, "token"), "code": "a"})
        assert wrong_path.status_code == 403
        assert (await client.post("/logout", data={"token": field(own, "token")})).status_code == 403


async def test_codes_cannot_be_guessed_for_long(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink), http(world) as client:
        await furnish(world)
        await ask(world, client, "anna@example.org")
        (code,) = codes(sink)
        page = (await client.get("/login/aaaaaaaaaa")).text
        for _ in range(60):
            await client.post("/login/enter", data={"token": field(page, "token"), "code": "aaaaaaaaaa"})
        assert (await enter(client, code)).status_code == 400


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/g/x", "/g/x"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/"), ("/a\n", "/")],
)
async def test_the_next_page_is_one_of_ours(tmp_path: Path, path: str, kept: str) -> None:
    async with live(tmp_path) as (world, sink), http(world) as client:
        await furnish(world)
        await ask(world, client, "anna@example.org")
        (code,) = codes(sink)
        page = (await client.get(f"/login/{code}")).text
        done = await client.post("/login/enter", data={"token": field(page, "token"), "code": code, "next": path})
        assert done.headers["location"] == kept


async def test_who_is_staff_is_told_by_the_organisations_where_there_are_any(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink), http(world) as client:
        group = await furnish(world)
        await world.member(group, SVEN)
        await world.group("maps", moderator=KARIN, title="Kartor")
        await world.write(lambda tx: organisations.insert(tx, "The library", ["example.org"], None, None))
        await ask(world, client, "sven@example.net")
        (code,) = codes(sink)
        await enter(client, code)
        page = (await client.get("/")).text
        assert "Kartor" not in page  # no staff
        assert "Katalogisering" in page  # but in it


async def test_data_and_feed_say_the_same_as_the_page(tmp_path: Path) -> None:
    text = INSIDE.replace("[web]", '[web]\nembed_origins = ["https://intranet.example.org"]')
    async with live(tmp_path, text) as (world, _), http(world) as client:
        await furnish(world)
        found = json.loads((await client.get("/directory.json")).content)
        assert [one["name"] for one in found["networks"]] == ["cataloguing", "visitors"]
        one = found["networks"][0]
        assert one["work_questions"] == ["Ämnesord", "Kartor"]
        assert [person["role"] for person in one["moderators"]] == ["moderator", "deputy"]
        assert one["member_names"] == ["Anna Berg", "Karin Lind", "Per Moe"]
        feed = ElementTree.fromstring((await client.get("/directory.atom")).content)
        assert {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")} == {
            "Katalogisering",
            "Meeting visitors",
        }
        origin = "https://intranet.example.org"
        allowed = await client.get("/directory/fragment", headers={"Origin": origin})
        assert allowed.headers["access-control-allow-origin"] == origin
        assert f"frame-ancestors 'self' {origin}" in allowed.headers["content-security-policy"]
        assert "<script" not in allowed.text
        foreign = await client.get("/directory.json", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in foreign.headers
        assert "frame-ancestors 'none'" in (await client.get("/")).headers["content-security-policy"]


async def test_strangers_data_hold_no_names(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, _sink), http(world) as client:
        await furnish(world)
        for path in ("/directory.json", "/directory.atom", "/directory/fragment"):
            text = (await client.get(path)).text
            assert "visitors" in text, path
            assert "Per Moe" not in text, path
            assert "Katalogisering" not in text, path


async def test_own_matters_are_listed(tmp_path: Path) -> None:
    async with live(tmp_path) as (world, sink), http(world) as client:
        await furnish(world)
        await ask(world, client, "karin@example.org")
        (code,) = codes(sink)
        await enter(client, code)
        assert "Nothing waits for you." in (await client.get("/cases")).text
        await world.send(SVEN, f"cataloguing@{DOMAIN}", "New <maps>", "Hello")
        page = (await client.get("/cases")).text
        assert "New &lt;maps&gt;" in page
        assert "Waits for your answer" in page


@pytest.mark.parametrize("language", ["en", "sv", "da", "nb", "nn"])
async def test_every_page_comes_in_every_language(tmp_path: Path, language: str) -> None:
    async with live(tmp_path, INSIDE) as (world, _), http(world, **{"Accept-Language": language}) as client:
        await furnish(world)
        for path in (
            "/",
            "/?q=x",
            "/g/cataloguing",
            "/login",
            "/login/abc",
            "/accessibility",
            "/directory/fragment",
            "/no",
        ):
            page = await client.get(path)
            assert f'<html lang="{language}">' in page.text, path


async def test_what_is_over_of_logins_is_forgotten_within_the_hour(tmp_path: Path) -> None:
    async with (
        live(tmp_path, CONFIG.replace("[web]", '[web]\nsession = "2 h"')) as (world, sink),
        http(world) as client,
    ):
        await furnish(world)
        await ask(world, client, "anna@example.org")
        await enter(client, codes(sink)[-1])
        async with http(world) as other:
            await ask(world, other, "per@example.org")  # a code that nobody uses

        async def kept() -> tuple[int, int]:
            sessions = await world.rows("SELECT hash FROM web_session")
            unused = await world.rows("SELECT hash FROM login_code")
            return len(sessions), len(unused)

        assert await kept() == (1, 2)
        await world.pass_time(minutes=90)
        assert await kept() == (1, 0)  # 15 minutes, and an hour for telling somebody that it was used
        assert (await client.get("/cases")).status_code == 200
        await world.pass_time(hours=2)
        assert await kept() == (0, 0)
