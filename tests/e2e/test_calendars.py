"""Other people's programs read our calendars: vdirsyncer fetches feeds, khal imports invitations; the times agree."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from lists import store as lists_store
from lists.model import Settings
from mailsvc.store.database import Tx
from tests.systems.test_feeds import address
from tests.systems.test_meetings import ANNA, KARIN, METTE, NORDIC, OLA, called, network
from tests.systems.world import Letter, World, running
from tests.tools import require_tool

pytestmark = pytest.mark.e2e

CALLS = (
    ("Map meeting", "When: 2026-12-03 13:00-14:30\nWhere: Room 4; first floor, left\nAgenda:\n1. Old maps, new maps\n"),
    ("Summer time", "When: 2027-06-10 09:15-10:00\nWhere: https://meet.example.com/maps\n"),
    ("Kartdagen – åäö", "When: 2027-03-31 16:00-17:00\nWhere: Växjö\n"),  # three days after the clocks change
)
# As a person in Stockholm sees them, whatever the winter.
SHOWN = {
    "2026-12-03 13:00 2026-12-03 14:30 Map meeting",
    "2027-06-10 09:15 2027-06-10 10:00 Summer time",
    "2027-03-31 16:00 2027-03-31 17:00 Kartdagen – åäö",
}
FORMAT = "{start-date} {start-time} {end-date} {end-time} {title}"


class Desktop:
    """Somebody's computer with khal and vdirsyncer, all of it in one folder."""

    def __init__(self, folder: Path) -> None:
        self.khal = require_tool("khal")
        self.vdirsyncer = require_tool("vdirsyncer")
        self.folder = folder
        self.calendar = folder / "calendar"
        self.calendar.mkdir(parents=True)
        (folder / "khal.conf").write_text(
            f"[calendars]\n[[network]]\npath = {self.calendar}\n"
            f"[sqlite]\npath = {folder / 'khal.db'}\n"
            "[locale]\nlocal_timezone = Europe/Stockholm\ndefault_timezone = Europe/Stockholm\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            "[default]\ndefault_calendar = network\n",
            encoding="utf-8",
        )

    def _run(self, command: list[str], **more: str) -> str:
        environment = {**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", **more}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def listing(self) -> set[str]:
        """What stands in the calendar over the two years of the tests."""
        words = ["list", "--day-format", "", "--format", FORMAT, "2026-11-01", "2027-12-31"]
        return set(filter(None, self._run([self.khal, "-c", str(self.folder / "khal.conf"), *words]).splitlines()))

    def take(self, content: bytes) -> None:
        """Open an invitation's file."""
        path = self.folder / "invite.ics"
        path.write_bytes(content)
        words = ["import", "--batch", "-a", "network", str(path)]
        self._run([self.khal, "-c", str(self.folder / "khal.conf"), *words])

    def subscribe(self, url: str) -> None:
        """Keep the calendar as the feed is."""
        (self.folder / "vdirsyncer.conf").write_text(
            f'[general]\nstatus_path = "{self.folder / "status"}"\n'
            '[pair feed]\na = "here"\nb = "there"\ncollections = null\nconflict_resolution = "b wins"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{self.calendar}"\nfileext = ".ics"\n'
            f'[storage there]\ntype = "http"\nurl = "{url}"\n',
            encoding="utf-8",
        )
        self.sync("discover")

    def sync(self, word: str = "sync", *more: str) -> None:
        """Fetch what is new."""
        self._run([self.vdirsyncer, "-c", str(self.folder / "vdirsyncer.conf"), word, *more])


def attached(letter: Letter) -> bytes:
    """The file that comes with an invitation."""
    parts = [part for part in letter.message.walk() if part.get_content_type() == "application/ics"]
    content = parts[0].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


async def receipt(world: World, title: str) -> Letter:
    """The letter by which Karin changes a meeting of hers."""
    return [one for one in await world.inbox(KARIN) if title in one.subject and "has been called" in one.subject][-1]


async def furnish(world: World) -> None:
    group = await network(world)

    def public(tx: Tx) -> None:
        known = lists_store.group_named(tx, "maps")
        assert known is not None
        assert known.id == group
        lists_store.set_settings(tx, known.id, Settings(audience="public"))

    await world.write(public)
    for subject, text in CALLS:
        await called(world, text, subject)


async def test_vdirsyncer_keeps_a_calendar_as_the_feed_is(tmp_path: Path) -> None:
    desktop, own = Desktop(tmp_path / "desktop"), Desktop(tmp_path / "own")
    async with running(tmp_path, NORDIC) as world:
        await furnish(world)
        host, port = world.service.web.address
        desktop_feed = f"http://{host}:{port}/g/maps/calendar.ics"
        own_feed = f"http://{host}:{port}" + await address(world, ANNA)
        await asyncio.to_thread(desktop.subscribe, desktop_feed)
        await asyncio.to_thread(desktop.sync)
        assert await asyncio.to_thread(desktop.listing) == SHOWN
        await asyncio.to_thread(own.subscribe, own_feed)
        await asyncio.to_thread(own.sync)
        assert {line.replace("Maps network: ", "") for line in await asyncio.to_thread(own.listing)} == SHOWN
        await world.pass_time(minutes=1)
        await world.reply(await receipt(world, "Map meeting"), "When: 2026-12-04 13:00-14:30")
        await world.reply(await receipt(world, "Summer time"), "cancel")
        await asyncio.to_thread(desktop.sync, "sync", "--force-delete")
        assert await asyncio.to_thread(desktop.listing) == {
            "2026-12-04 13:00 2026-12-04 14:30 Map meeting",
            "2027-03-31 16:00 2027-03-31 17:00 Kartdagen – åäö",
        }


@pytest.mark.parametrize("who", [ANNA, OLA, METTE])
async def test_khal_reads_every_invitation_at_the_time_it_says(tmp_path: Path, who: str) -> None:
    desktop = Desktop(tmp_path / "desktop")
    async with running(tmp_path, NORDIC) as world:
        await furnish(world)
        for subject, _ in CALLS:
            await asyncio.to_thread(desktop.take, attached(await world.letter(who, subject)))
        assert await asyncio.to_thread(desktop.listing) == SHOWN
        await world.reply(await receipt(world, "Map meeting"), "When: 2026-12-04 13:00-14:30")
        await asyncio.to_thread(desktop.take, attached(await world.letter(who, "Map meeting")))
        moved = {line for line in SHOWN if "Map meeting" not in line}
        moved.add("2026-12-04 13:00 2026-12-04 14:30 Map meeting")
        assert await asyncio.to_thread(desktop.listing) == moved  # the same event at another time, no second one
