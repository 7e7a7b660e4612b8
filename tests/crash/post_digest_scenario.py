"""Ten days of a group with members who get posts gathered, played against a service that may die at any commit."""

from __future__ import annotations

from mailsvc.ids import GroupId
from tests.crash import scenario
from tests.crash.scenario import ANNA, EVA, KARIN, PER, Story


class Gathered(Story):
    """Two choose, three posts go out, one changes her mind, a Monday comes."""

    async def play(self) -> None:
        if "furnished" not in self.taken():
            known = await self.world.rows("SELECT id FROM groups")
            group = GroupId(int(str(known[0]["id"]))) if known else await self.world.group("cataloguing")
            for who, role in ((KARIN, "moderator"), (PER, "deputy"), (ANNA, "member"), (EVA, "member")):
                await self.world.member(group, who, role=role)
            self.take("furnished")
        await self.send("daily", ANNA, "cataloguing-request", "digest daily")
        await self.send("weekly", EVA, "cataloguing-request", "digest weekly")
        await self.send("one", KARIN, "cataloguing", "The first post of all.")
        await self.send("two", PER, "cataloguing", "The second post of all.")
        await self.wait(1)
        await self.send("three", KARIN, "cataloguing", "The third post of all.")
        await self.send("each", ANNA, "cataloguing-request", "digest off")
        await self.wait(7)
        await self.world.settle()


if __name__ == "__main__":
    scenario.Story = Gathered  # type: ignore[misc]
    scenario.main()
