"""Two weeks of a board's digests, played against a service in this process that may die at any commit."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mailsvc import config as config_module
from mailsvc import keys
from mailsvc.app import Service
from mailsvc.clock import VirtualClock, to_datetime
from mailsvc.ids import GroupId, SystemRandomness
from mailsvc.store import migrate
from tests.crash import scenario
from tests.crash.scenario import Story
from tests.systems.test_digests import AT_ONCE, LANGUAGES, Board, register
from tests.systems.world import START, World

# The evening between the digests is waited for by itself: what is due on it must not race the next digest.
MOMENTS = (
    datetime(2026, 11, 30, 7, 30, tzinfo=UTC),
    datetime(2026, 11, 30, 18, tzinfo=UTC),
    datetime(2026, 12, 7, 7, 30, tzinfo=UTC),
)
BO = "Bo Lind <bo@example.org>"


class Weeks(Story):
    """Matters are put, asked, answered, and told of."""

    async def group(self) -> GroupId:
        known = await self.world.rows("SELECT id FROM groups")
        return (
            GroupId(int(str(known[0]["id"])))
            if known
            else await self.world.group("board", kind="leadership", title="Board")
        )

    async def put(self, board: Board, *titles: str) -> None:
        for title in titles:
            if not await self.world.rows("SELECT 1 FROM cases WHERE data LIKE '%' || :title || '%'", title=title):
                await board.put(title)

    async def until(self, number: int) -> None:
        """Wait for one of the moments; time does not go back when the process comes back."""
        await self.world.settle()
        left = MOMENTS[number] - to_datetime(self.world.clock.now())
        if left.total_seconds() > 0:
            (self.file.parent / "clock").write_text(str(number))
            await self.world.pass_time(seconds=left.total_seconds())

    async def play(self) -> None:
        register(self.world)
        board = Board(self.world, await self.group(), {})
        for who, language in LANGUAGES.items():
            if not await self.world.rows("SELECT 1 FROM address WHERE address = :a", a=who.split("<")[1].strip(">")):
                await self.world.member(board.group, who, language=language)
        await self.world.settle()
        if "first-week" not in self.taken():
            await self.put(board, "Maps", "Loans")
            self.take("first-week")
        await self.until(0)
        await self.reply("answer", BO, "1 yes, 2 no: too dear")
        if "second-week" not in self.taken():
            await self.put(board, "Theses")
            self.take("second-week")
        await self.until(1)
        await self.until(2)
        await self.reply("later", BO, "1 wait")
        await self.world.settle()


async def run(folder: Path) -> dict[str, object]:
    """Play on from wherever the weeks were left."""
    config = config_module.parse(AT_ONCE, base=str(folder))
    key = config.path(config.site.key_file)
    if not key.exists():
        migrate.create(config.database_path, keys.create(key, SystemRandomness()).site_id)
    reached = folder / "clock"
    clock = VirtualClock(MOMENTS[int(reached.read_text())] if reached.exists() else START)
    service = Service(config, clock=clock, randomness=SystemRandomness())
    world = World(service, clock, folder)
    register(world)
    await service.start()
    try:
        weeks = Weeks(world, folder)
        await weeks.play()
        return await weeks.end()
    finally:
        await service.stop()


if __name__ == "__main__":
    scenario.run = run
    scenario.main()
