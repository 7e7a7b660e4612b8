"""What is looked at every morning: all of it, by the site's clock, and one that fails holds up no other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailsvc.clock import to_datetime, to_instant
from mailsvc.daily import next_morning
from mailsvc.store.database import Tx
from tests.systems.world import running

ZONE = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-23T03:00", "2026-11-23T07:00"),
        ("2026-11-23T07:00", "2026-11-24T07:00"),
        ("2026-12-31T23:30", "2027-01-01T07:00"),
        ("2027-03-28T01:30", "2027-03-28T07:00"),  # the night that summer time begins
        ("2026-10-25T02:30", "2026-10-25T07:00"),
    ],
)
def test_the_next_morning_is_the_sites(now: str, then: str) -> None:
    found = next_morning(to_instant(datetime.fromisoformat(now).replace(tzinfo=ZONE)), ZONE)
    assert to_datetime(found, ZONE).strftime("%Y-%m-%dT%H:%M") == then
    assert to_datetime(found).tzinfo is UTC


async def test_one_that_fails_holds_up_no_other(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        seen: list[int] = []

        def fails(_tx: Tx) -> None:
            raise ZeroDivisionError

        def looks(tx: Tx) -> None:
            seen.append(int(tx.now))

        world.service.registry.daily[:] = [fails, looks]
        await world.pass_time(days=1)
        assert set(seen) == {int(world.clock.now())}
        await world.pass_time(minutes=5)
        alarms = [one for one in await world.inbox("operator@example.org") if "every morning" in one.text]
        assert alarms
