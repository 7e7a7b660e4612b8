"""The directory and leaving by a link: who sees what, and that only the button acts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mailsvc.errors import ConfigError
from tests.browser.rehearsal import Rehearsal, rehearsal

SMTP = {"transport": "smtp"}


def client(room: Rehearsal) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=room.url)


async def has_left(room: Rehearsal) -> bool:
    return await room.db.read(lambda tx: tx.one("SELECT 1 FROM meta WHERE key = 'left'") is not None)


async def test_the_directory_groups_by_kind(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        text = (await http.get("/")).text
        assert text.index("Cataloguing") < text.index("Meeting visitors") < text.index("Network groups")
        assert text.index("Network groups") < text.index("School yards")
        assert "Records, rules and the tools" in text


async def test_strangers_see_what_is_public_and_are_told_that_there_is_more(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, delivery=SMTP) as room, client(room) as http:
        text = (await http.get("/")).text
        assert "Cataloguing" in text
        assert "School yards" not in text
        assert "Staff see more networks" in text
        assert 'href="mailto:cataloguing@networks.example.org"' in text
        assert "/mailroom" not in text
        assert (await http.get("/mailroom")).status_code == 404


async def test_internal_networks_see_all(tmp_path: Path) -> None:
    inside = {"internal_networks": ["127.0.0.0/8"]}
    async with rehearsal(tmp_path, delivery=SMTP, smtp=inside) as room, client(room) as http:
        assert "School yards" in (await http.get("/")).text


async def test_a_proxy_on_this_machine_may_name_its_client(tmp_path: Path) -> None:
    office = {"internal_networks": ["192.0.2.0/24"]}
    async with rehearsal(tmp_path, delivery=SMTP, smtp=office) as room, client(room) as http:
        inside = await http.get("/", headers={"X-Forwarded-For": "192.0.2.9"})
        outside = await http.get("/", headers={"X-Forwarded-For": "192.0.2.9, 198.51.100.4"})
        assert ("School yards" in inside.text, "School yards" in outside.text) == (True, False)


async def test_a_network_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        async with rehearsal(tmp_path, smtp={"internal_networks": ["10.0.0.0/8", "intranet"]}):
            pass
    assert caught.value.key == "smtp.internal_networks"


async def test_an_empty_directory_says_so(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room:
        room.registry.pages.clear()
        from tests.unit.test_web_server import restarted

        async with httpx.AsyncClient(base_url=await restarted(room)) as http:
            assert "There is no network to show here yet." in (await http.get("/")).text


async def test_looking_at_the_link_does_nothing(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        page = await http.get("/unsubscribe/good-key")
        assert page.status_code == 200
        assert '<html lang="sv">' in page.text
        assert "k…@example.org" in page.text
        await http.head("/unsubscribe/good-key")
        assert not await has_left(room)


async def test_a_bad_key_looks_like_any_key(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        page = await http.get("/unsubscribe/bad-key")
        assert (page.status_code, "Leave the network" in page.text) == (200, True)
        done = await http.post("/unsubscribe/bad-key", data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "If the link is valid" in done.text) == (200, True)
        assert not await has_left(room)


@pytest.mark.parametrize("multipart", [False, True])
async def test_one_click_needs_no_cookie_and_does_not_redirect(tmp_path: Path, multipart: bool) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        if multipart:
            done = await http.post("/unsubscribe/good-key", files={"List-Unsubscribe": (None, "One-Click")})
        else:
            done = await http.post("/unsubscribe/good-key", data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, done.history, done.cookies) == (200, [], httpx.Cookies())
        assert "Om länken gäller" in done.text
        assert await has_left(room)
        again = await http.post("/unsubscribe/good-key", data={"List-Unsubscribe": "One-Click"})
        assert again.text == done.text


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=Two-Clicks", b"x=1", b"\xff\xfe&&&==="])
async def test_a_post_that_says_something_else_does_nothing(tmp_path: Path, body: bytes) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await http.post("/unsubscribe/good-key", content=body, headers=headers)
        assert answer.status_code == 400
        assert not await has_left(room)


@pytest.mark.parametrize("declared", [True, False])
async def test_a_long_body_is_refused(tmp_path: Path, declared: bool) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        body = b"List-Unsubscribe=One-Click&x=" + b"y" * 65_536

        async def chunks() -> AsyncIterator[bytes]:
            yield body

        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        content = body if declared else chunks()
        answer = await http.post("/unsubscribe/good-key", content=content, headers=headers)
        assert (answer.status_code, "too long" in answer.text) == (413, True)
        assert not await has_left(room)


async def test_a_broken_multipart_body_is_refused(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
            answer = await http.post("/unsubscribe/good-key", content=b"--y\r\n\r\n", headers={"Content-Type": kind})
            assert answer.status_code == 400
