"""Organisations that take part: who may join is asked when somebody asks, and again on the day they confirm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from lists import store
from mailsvc.ids import GroupId
from mailsvc.message.address import parse_address
from mailsvc.people import organisation_store, organisations
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Tx
from tests.systems.world import DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
BO = "Bo Dahl <bo@lib.example.net>"
EVA = "Eva Ek <eva@example.com>"


async def takes(world: World, group: GroupId, *names: str) -> None:
    def unit(tx: Tx) -> None:
        now = store.group(tx, group).settings
        store.set_settings(tx, group, msgspec.structs.replace(now, allow_organisations=names))

    await world.write(unit)


async def organisation(world: World, name: str, domain: str, since: str = "", until: str = "") -> int:
    days = [date.fromisoformat(one) if one else None for one in (since, until)]
    return await world.write(lambda tx: organisation_store.insert(tx, name, [domain], *days))


async def joins(world: World, who: str) -> None:
    await world.send(who, f"talk-join@{DOMAIN}")
    await world.reply(await world.letter(who, "Do you want to join"), "yes")


async def test_people_of_any_member_organisation_join(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, join="confirm")
        await takes(world, group, "members")
        await organisation(world, "Example Town", "example.net")
        await joins(world, BO)  # lib.example.net is a part of example.net
        assert "Welcome" in (await world.inbox(BO))[-1].subject
        await world.send(EVA, f"talk-join@{DOMAIN}")
        assert "whose organisation is a member" in (await world.inbox(EVA))[-1].text
        assert (await world.reasons())[-1] == "not-eligible"
        assert await world.rows("SELECT 1 FROM address WHERE folded = 'eva@example.com'") == []


async def test_only_named_organisations_are_taken_and_the_letter_names_them(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, join="confirm")
        await organisation(world, "Example Town", "example.com")
        await organisation(world, "Example Library", "lib.example.net")
        await takes(world, group, "EXAMPLE town")
        await world.send(BO, f"talk-join@{DOMAIN}")
        assert "EXAMPLE town" in (await world.inbox(BO))[-1].text
        await joins(world, EVA)
        assert "Welcome" in (await world.inbox(EVA))[-1].subject


@pytest.mark.parametrize(
    ("hours", "welcome"), [(14.9, True), (15.1, False)]
)  # it is 9:00 UTC, 10:00 in Stockholm: the last day ends at 23:00 UTC
async def test_who_confirms_after_the_last_day_is_told_so(tmp_path: Path, hours: float, welcome: bool) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, join="moderated")
        await organisation(world, "Example Town", "example.com", since="2026-11-23", until="2026-11-23")
        await takes(world, group, "members")
        await world.send(EVA, f"talk-join@{DOMAIN}")
        await world.pass_time(hours=hours - 1)
        await world.reply(await world.letter(EVA, "Do you want to join"), "yes")
        newest = (await world.inbox(EVA))[-1]
        if welcome:
            assert (await world.letter(KARIN, "Eva")).case == newest.case
        else:
            assert "today your address belongs to none" in " ".join(newest.text.split())
            assert await world.inbox(KARIN) == []
            assert (await world.rows("SELECT state FROM cases"))[0]["state"] == "declined"


async def test_an_operators_word_counts_before_the_domain(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN, join="confirm")
        await world.member(await world.group("other"), EVA)
        town = await organisation(world, "Example Town", "example.net")
        ended = await organisation(world, "Example Firm", "example.org", until="2026-10-31")

        def belongs(to: int | None) -> Callable[[Tx], None]:
            def unit(tx: Tx) -> None:
                person = people.by_address(tx, "eva@example.com")
                assert person is not None
                organisation_store.set_person(tx, person.id, to)

            return unit

        await takes(world, group, "members")
        await world.write(belongs(ended))
        await world.send(EVA, f"talk-join@{DOMAIN}")
        assert "whose organisation is a member" in (await world.inbox(EVA))[-1].text
        await world.write(belongs(town))
        await joins(world, EVA)
        assert "Welcome" in (await world.inbox(EVA))[-1].subject


async def test_only_proven_addresses_tell_and_the_day_counts(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await organisation(world, "Example Town", "example.com", since="2026-12-01", until="2026-12-31")

        def unit(tx: Tx) -> None:
            home, work = parse_address("eva@example.org"), parse_address("eva@example.com")
            assert home is not None
            assert work is not None
            person = people.ensure(tx, home, name="Eva", language="en", verified=True)
            people.add_address(tx, person.id, work, primary=False, verified=False)

        def of(day: str) -> Callable[[ReadTx], str]:
            def unit(tx: ReadTx) -> str:
                person = people.by_address(tx, "eva@example.org")
                assert person is not None
                found = organisations.organisation_of(tx, person.id, date.fromisoformat(day))
                return found.name if found else ""

            return unit

        await world.write(unit)
        assert await world.service.db.read(of("2026-12-01")) == ""
        await world.write(lambda tx: people.verify(tx, "eva@example.com"))
        said = [await world.service.db.read(of(f"2026-{day}")) for day in ("11-30", "12-01", "12-31")]
        assert said == ["", "Example Town", "Example Town"]
        assert await world.service.db.read(of("2027-01-01")) == ""
