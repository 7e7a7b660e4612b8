"""`case withdraw` says truly who hears of it: a meeting's invitees are told by its cancellation."""

from __future__ import annotations

from pathlib import Path

from mailsvc.cases.withdrawing import withdraw
from mailsvc.ids import CaseId
from tests.systems.test_meetings import ANNA, NORDIC, called, network
from tests.systems.world import running


async def test_all_whom_a_meeting_was_told_are_told_that_it_is_not(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: The map room")
        (row,) = await world.rows("SELECT id FROM cases WHERE kind = 'meeting'")
        number = CaseId(int(str(row["id"])))
        state, told = await world.write(lambda tx: withdraw(tx, world.service.engine, number))
        assert state == "cancelled"
        assert {"anna@example.org", "ola@example.org", "mette@example.org"} <= set(told)
        await world.pass_time(minutes=1)
        assert "Inställt" in (await world.inbox(ANNA))[-1].subject
