"""The server itself: safe headers everywhere, friendly refusals, our own start and stop, loopback for the mailroom."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx
import pytest

from mailsvc.errors import ConfigError, StoreUnavailable
from mailsvc.registry import Page, Visitor
from mailsvc.store.database import ReadTx
from mailsvc.web.server import WebServer, check_loopback
from tests.browser.rehearsal import Rehearsal, build_config, question, rehearsal


def client(room: Rehearsal) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=room.url)


async def test_every_answer_carries_the_safe_headers(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.put("karin.lindqvist@example.org", question())
        for path in ("/", "/mailroom", "/mailroom/letter/1", "/nothing", "/healthz", "/metrics", "/unsubscribe/x"):
            headers = (await http.get(path)).headers
            policy = headers["content-security-policy"]
            for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
                assert part in policy, path
            assert "unsafe" not in policy
            assert "script-src" not in policy
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-robots-tag"] == "noindex, nofollow"
            assert headers["cache-control"] == "no-store"
            assert "server" not in headers


async def test_pages_have_no_script_and_no_inline_style(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.put("karin.lindqvist@example.org", question())
        for path in ("/", "/mailroom", "/mailroom/inbox/karin.lindqvist@example.org", "/mailroom/letter/1", "/nothing"):
            text = (await http.get(path)).text
            assert "<script" not in text
            assert "style=" not in text
            assert "onclick" not in text
            assert "http-equiv" not in text


async def test_refusals_are_pages(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        missing = await http.get("/nothing")
        assert (missing.status_code, "There is no such page" in missing.text) == (404, True)
        wrong = await http.post("/healthz")
        assert (wrong.status_code, "GET" in wrong.headers["allow"]) == (405, True)
        assert "That is not how this page works" in wrong.text


async def test_refusals_speak_the_sites_language(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, site={"language": "nn"}) as room, client(room) as http:
        missing = await http.get("/nothing")
        assert '<html lang="nn">' in missing.text
        assert "Sida finst ikkje" in missing.text


async def test_head_gives_headers_without_a_body(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        for path in ("/", "/mailroom", "/healthz", "/site.css"):
            response = await http.head(path)
            assert (response.status_code, response.content) == (200, b"")


async def test_the_style_sheet_may_be_kept_because_its_address_changes_with_it(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        page = (await http.get("/")).text
        address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert address.startswith("/site.css?v=")
        response = await http.get(address)
        assert response.headers["content-type"] == "text/css; charset=utf-8"
        assert "immutable" in response.headers["cache-control"]
        assert (await http.get("/icon.svg")).headers["content-type"] == "image/svg+xml"


async def test_a_failing_page_says_nothing_of_the_failure(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room:

        def broken(tx: ReadTx, visitor: Visitor, parameters: object) -> Page | None:
            raise ValueError("the secret detail")

        def full(tx: ReadTx, visitor: Visitor, parameters: object) -> Page | None:
            raise StoreUnavailable("disk I/O error")

        room.registry.pages["/broken"] = broken
        room.registry.pages["/full"] = full
        again = await restarted(room)
        async with httpx.AsyncClient(base_url=again) as http:
            response = await http.get("/broken")
            assert response.status_code == 500
            assert "Something went wrong here" in response.text
            assert "secret" not in response.text
            assert "content-security-policy" in response.headers
            busy = await http.get("/full")
            assert (busy.status_code, busy.headers["retry-after"]) == (503, "60")
            assert "disk" not in busy.text


async def restarted(room: Rehearsal) -> str:
    """The same registry served anew; its address."""
    await room.server.stop()
    room.server = WebServer(room.config, room.db, room.registry, room.clock, room)
    await room.server.start()
    return room.url


async def test_registered_pages_get_visitor_and_parameters(tmp_path: Path) -> None:
    seen: list[tuple[Visitor, object]] = []

    def page(tx: ReadTx, visitor: Visitor, parameters: object) -> Page | None:
        seen.append((visitor, parameters))
        return None

    async with rehearsal(tmp_path) as room:
        room.registry.pages["/g/{name}"] = page
        async with httpx.AsyncClient(base_url=await restarted(room)) as http:
            assert (await http.get("/g/cataloguing", params={"q": "x"})).status_code == 404
    assert seen == [(Visitor(internal=True), {"q": "x", "name": "cataloguing"})]


async def test_our_signal_handlers_stay(tmp_path: Path) -> None:
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    async with rehearsal(tmp_path):
        assert {one: signal.getsignal(one) for one in before} == before
    assert {one: signal.getsignal(one) for one in before} == before


async def test_stop_frees_the_port_and_may_be_called_twice(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room:
        host, port = room.server.address
        await room.server.stop()
        await room.server.stop()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(host, port)


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with rehearsal(tmp_path / "a") as room:
        with pytest.raises(ConfigError, match=r"^web\.listen: cannot listen on .* in use"):
            async with rehearsal(tmp_path / "b", web={"listen": f"127.0.0.1:{room.server.address[1]}"}):
                pass


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/mailroom/?find=a%26b", "/mailroom?find=a%26b"),
        ("/g/reading//", "/g/reading"),
        ("//evil.example/", "/evil.example"),
        ("/%5Cevil.example/", "/evil.example"),
    ],
)
async def test_a_slash_too_many_leads_to_the_page_by_its_path_alone(tmp_path: Path, path: str, to: str) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        headers = {"Host": "evil.example", "X-Forwarded-Proto": "http"}
        found = await http.get(room.url + path, headers=headers)
    assert (found.status_code, found.headers["location"]) == (307, to)


@pytest.mark.parametrize("listen", ["0.0.0.0:8025", "[::]:8025", "192.0.2.7:8025", "mail.example.org:8025"])
def test_the_mailroom_answers_to_this_machine_only(tmp_path: Path, listen: str) -> None:
    config = build_config(tmp_path, web={"listen": listen})
    with pytest.raises(ConfigError, match="this machine only") as caught:
        check_loopback(config)
    assert caught.value.key == "web.listen"
    check_loopback(build_config(tmp_path, web={"listen": listen}, delivery={"transport": "smtp"}))


@pytest.mark.parametrize("listen", ["127.0.0.1:8025", "127.8.8.8:1", "[::1]:8025", "localhost:8025"])
def test_loopback_is_loopback(tmp_path: Path, listen: str) -> None:
    check_loopback(build_config(tmp_path, web={"listen": listen}))


@pytest.mark.parametrize("listen", ["", "8025", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", ":8025"])
def test_what_is_no_address_names_the_key(tmp_path: Path, listen: str) -> None:
    with pytest.raises(ConfigError, match="is not an address") as caught:
        check_loopback(build_config(tmp_path, web={"listen": listen}))
    assert caught.value.key == "web.listen"
