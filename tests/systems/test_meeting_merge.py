"""Members who come by another way than joining, and who hears of them: merged networks and new ones, over SMTP."""

from __future__ import annotations

from pathlib import Path

from lists import api
from mailsvc.cases.model import Cause
from mailsvc.people import organisation_store
from mailsvc.store.database import Tx
from tests.systems.test_meetings import calendar
from tests.systems.test_network_life import ANNA, AT_ONCE, BO, DORTE, EVA, KARIN, PER, two
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

SITE = AT_ONCE.replace('name = "Example', 'timezone = "Europe/Stockholm"\ncountry = "SE"\nname = "Example')


async def call(world: World, who: str, group: str, when: str) -> None:
    await world.send(who, f"{group}-meeting@{DOMAIN}", f"{group.capitalize()} day", f"When: {when}\nWhere: Room 1\n")
    await world.reply(await world.letter(who), "yes")


async def calendars(world: World, who: str) -> list[tuple[str, str]]:
    """Method and title of every calendar that somebody has got."""
    found = [calendar(one) for one in await world.inbox(who) if _has_calendar(one)]
    return [(method, values["SUMMARY"]) for method, values in found]


def _has_calendar(letter: Letter) -> bool:
    return any(part.get_content_type() == "text/calendar" for part in letter.message.walk())


async def test_who_comes_by_a_merger_gets_the_coming_meetings(tmp_path: Path) -> None:
    async with running(tmp_path, SITE) as world:
        await two(world)
        await world.pass_time(days=366)
        await call(world, ANNA, "atlases", "2028-02-10 13:00-14:30")
        await call(world, KARIN, "maps", "2028-02-11 13:00-14:30")
        assert ("REQUEST", "Maps day") in await calendars(world, BO)
        await world.reply(await world.letter(KARIN, "How is Maps"), "merge with Atlases")
        await world.reply(await world.letter(ANNA, "become one"), "yes")
        await world.pass_time(days=20)
        for who in (BO, KARIN, PER):
            got = await calendars(world, who)
            assert got.count(("REQUEST", "Atlases day")) == 1, who
            assert ("CANCEL", "Maps day") in got, who
        assert (await calendars(world, DORTE)).count(("REQUEST", "Atlases day")) == 1  # was in both
        assert ("CANCEL", "Maps day") not in await calendars(world, EVA)
        answer = await world.letter(BO, "Invitation: Atlases day")
        await world.reply(answer, "yes")
        rows = await world.rows("SELECT partstat FROM invitee WHERE address = 'bo@example.net' AND state = 'invited'")
        assert "ACCEPTED" in [row["partstat"] for row in rows]


async def test_founding_members_are_told_of_as_those_who_join_are(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG + "[proposals]\nthreshold = 2\n") as world:
        staff = await world.group("staff", kind="everyone", title="Everyone")
        for name in ("Ann", "Bob"):
            await world.member(staff, f"{name} <{name.lower()}@example.org>")
        await world.write(lambda tx: organisation_store.insert(tx, "Example Library", ["example.org"], None, None))
        heard: list[tuple[int, int]] = []
        registry = world.service.registry

        def hear(tx: Tx, group: int, _cause: Cause) -> None:
            heard.append((group, api.count_members(tx, api.group(tx, group).id)))

        registry.members_changed.append(hear)
        await world.send("Ann <ann@example.org>", f"proposals@{DOMAIN}", "Initiative", "Name: Yards\nMotivation: Many.")
        call = await world.letter("bob@example.org", "initiative")
        await world.send("bob@example.org", f"cases@{DOMAIN}", f"Re: {call.subject}", "Count me in")
        await world.reply(await world.letter("bob@example.org"), "yes")
        (made,) = await world.rows("SELECT id FROM groups WHERE name = 'yards'")
        assert (made["id"], 2) in heard  # with everybody in it
