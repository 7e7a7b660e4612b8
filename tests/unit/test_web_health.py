"""/healthz, /readyz and /metrics over a real database and real sockets."""

from __future__ import annotations

import shutil
import socket
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from mailsvc.store.database import Tx
from mailsvc.web import health
from tests.browser.rehearsal import Rehearsal, arrive, question, rehearsal


def client(room: Rehearsal) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=room.url)


async def test_live_and_ready(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        assert (await http.get("/healthz")).text == "ok\n"
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "checks": {"database": "ok", "disk": "ok"}})
        written = await room.db.read(lambda tx: tx.one("SELECT value FROM meta WHERE key = 'probed_at'"))
        assert written is not None
        assert written["value"] == str(room.clock.now())


async def test_not_ready_when_nothing_can_be_written(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.db.write(lambda tx: tx.execute("PRAGMA query_only=ON"))
        ready = await http.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["ready"] is False
        assert "readonly" in ready.json()["checks"]["database"]
        assert (await http.get("/healthz")).status_code == 200


async def test_not_ready_below_the_disks_floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    async with rehearsal(tmp_path, limits={"message_size": 40 << 20}) as room, client(room) as http:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 80 << 20))
        assert (await http.get("/readyz")).json()["checks"]["disk"] == "ok"
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, (80 << 20) - 1))
        ready = await http.get("/readyz")
        assert (ready.status_code, "needed" in ready.json()["checks"]["disk"]) == (503, True)


async def test_the_relay_is_tried_when_mail_goes_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_server(("127.0.0.1", 0)) as closing:
        good, bad = listening.getsockname()[1], closing.getsockname()[1]
        closing.close()
        for name, relay, ready in (
            ("one", f"smtp://127.0.0.1:{good}", True),
            ("none", f"smtp://127.0.0.1:{bad}", False),
            ("second", (f"smtp://127.0.0.1:{bad}", f"starttls://user@127.0.0.1:{good}"), True),
        ):
            folder = tmp_path / name
            folder.mkdir()
            async with rehearsal(folder, delivery={"transport": "smtp", "relay": relay}) as room, client(room) as http:
                answer = await http.get("/readyz")
                assert answer.status_code == (200 if ready else 503), relay
                assert (answer.json()["checks"]["relay"] == "ok") is ready


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:notaport", "smtp://", "smtp://127.0.0.1:1"])
async def test_a_relay_that_is_none_is_said_so(url: str) -> None:
    assert await health._reachable(url) != "ok"


def deliveries(tx: Tx, state: str, count: int) -> None:
    outgoing = tx.insert(
        "INSERT INTO outgoing (kind, message_id, sender, priority, state, created_at, expires_at)"
        " VALUES ('post', '', 'bounces', 0, 'ready', 0, 0)"
    )
    for number in range(count):
        tx.insert(
            "INSERT INTO delivery (outgoing_id, address, state, next_at) VALUES (:outgoing, :address, :state, 0)",
            outgoing=outgoing,
            address=f"p{number}@example.org",
            state=state,
        )


async def figures(http: httpx.AsyncClient) -> dict[str, float]:
    response = await http.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line.rpartition(" ") for line in response.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


async def test_the_figures_are_those_of_the_database(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        empty = await figures(http)
        assert empty["mailsvc_received_total"] == 0
        assert empty['mailsvc_deliveries_total{result="delivered"}'] == 0
        assert empty["mailsvc_inbox_age_seconds"] == 0
        await room.put("anna.berg@example.org", question())
        await room.db.write(lambda tx: arrive(tx, "a@example.net", "n@networks.example.org", "new", ""))
        await room.db.write(lambda tx: arrive(tx, "b@example.net", "n@networks.example.org", "quarantined", "poison"))
        await room.db.write(
            lambda tx: tx.insert(
                "INSERT INTO cases (kind, state, version, data_version, data, opened_at)"
                " VALUES ('k', 's', 1, 1, '{}', 0)"
            )
        )
        await room.db.write(lambda tx: tx.execute("UPDATE address SET bounced_at = 1 WHERE folded LIKE 'anna%'"))
        room.clock.advance(timedelta(seconds=90))
        now = await figures(http)
        assert now["mailsvc_addresses_unreached"] == 1
        assert now["mailsvc_received_total"] == 2
        assert now['mailsvc_deliveries_total{result="delivered"}'] == 1
        assert now["mailsvc_inbox_age_seconds"] == 90
        assert now["mailsvc_inbox_messages"] == 1
        assert now["mailsvc_quarantined"] == 1
        assert now["mailsvc_open_cases"] == 1
        assert now["mailsvc_outbox_messages"] == 0


async def test_deliveries_are_counted_once_whatever_ends_first(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as room, client(room) as http:
        await room.db.write(lambda tx: deliveries(tx, "delivered", 3))
        await room.db.write(lambda tx: deliveries(tx, "todo", 2))
        await room.db.write(lambda tx: deliveries(tx, "failed", 4))

        async def counted() -> list[float]:
            now = await figures(http)
            return [now[f'mailsvc_deliveries_total{{result="{one}"}}'] for one in ("delivered", "failed", "expired")]

        assert await counted() == [3, 4, 0]
        assert await counted() == [3, 4, 0]
        await room.db.write(lambda tx: tx.execute("UPDATE delivery SET state = 'expired' WHERE id = 5"))
        assert await counted() == [3, 4, 1]
        await room.db.write(lambda tx: tx.execute("UPDATE delivery SET state = 'delivered' WHERE id = 4"))
        assert await counted() == [4, 4, 1]
        await room.db.write(lambda tx: deliveries(tx, "delivered", 1))
        assert await counted() == [5, 4, 1]
