"""Promise 2 with SQLite's own word for a full disk: the database may grow by N pages only, for every N that matters.

Unlike a write that fails, `max_page_count` strikes inside a transaction, wherever it asks for one more page.
"""

from __future__ import annotations

import asyncio
import smtplib
from contextlib import suppress
from pathlib import Path

import pytest

from mailsvc import work
from mailsvc.deliver import courier, recorder
from mailsvc.store.database import Tx
from tests import tools
from tests.systems.world import DOMAIN, World, running

ANNA = "Anna Berg <anna@example.com>"
BODY = "A line of so many words that a page is soon full of them.\n" * 1000
MOST = 60  # pages; a mail of this size needs fewer in all of its life
EVERY = 1 if tools.SOAK else 5
STATES = "SELECT (SELECT count(*) FROM mail) AS mails, (SELECT count(*) FROM inbox) AS inboxes"


async def limit(world: World, more: int | None) -> None:
    """Let the database grow by so many pages, or by any number."""

    def unit(tx: Tx) -> None:
        now = dict(tx.one("PRAGMA page_count") or {})["page_count"]
        tx.one(f"PRAGMA max_page_count={now + more if more is not None else 1 << 30}")

    await world.write(unit)


async def whole(world: World) -> bool:
    return [list(row.values()) for row in await world.rows("PRAGMA integrity_check")] == [["ok"]]


async def hand_over(world: World, subject: str) -> int:
    """What is answered; what follows from it has happened then, as far as the disk let it."""
    address = world.service.smtp.addresses[0]
    content = (
        f"From: {ANNA}\r\nTo: talk@{DOMAIN}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{subject.replace(' ', '')}@example.com>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\n{BODY}"
    )

    def session() -> int:
        with smtplib.SMTP(address.host, address.port, timeout=20) as client:
            try:
                client.sendmail("anna@example.com", [f"talk@{DOMAIN}"], content)
            except smtplib.SMTPDataError as error:
                return error.smtp_code
        return 250

    code = await asyncio.to_thread(session)
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await world.service.idle()
    return code


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "AFTER_FAILURE", 0.02)
    monkeypatch.setattr(courier, "STORE_RETRY_SECONDS", 0.02)
    monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.02)


async def test_wherever_the_disk_gets_full_the_mail_is_refused_or_kept_whole(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk")
        await world.member(group, ANNA)
        codes: list[int] = []
        arrived = 0
        for more in range(0, MOST, EVERY):
            before = await world.rows(STATES)
            await limit(world, more)
            codes.append(await hand_over(world, f"Post {more}"))
            if codes[-1] != 250:
                assert await world.rows(STATES) == before, "something of the refused mail is there"
            await limit(world, None)
            await world.pass_time(minutes=10)  # what had to be put off is done now
            await world.send(ANNA, f"talk@{DOMAIN}", f"After {more}", "Serving again.")
            arrived += 1 + (codes[-1] == 250)
            inbox = await world.inbox(ANNA)
            assert len(inbox) == arrived
            assert inbox[-1].subject == f"After {more}"
        assert set(codes) == {250, 451}, codes
        assert codes[0] == 451
        assert set(await world.reasons()) == {"posted"}
        assert await whole(world)
