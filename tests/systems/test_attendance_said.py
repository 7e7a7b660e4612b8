"""Who was at a meeting, said by mail to `N-request@`: by those who may, at any time, in five languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailsvc.ids import GroupId
from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle, present, settings
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.world import Letter, World, running

PER = "Per Dahl <per@example.org>"
REQUEST = "yards-request@networks.example.org"
PROVEN = {"Authentication-Results": "relay.example.org; spf=pass smtp.mailfrom=per@example.org; dmarc=pass"}


async def held(world: World, *, role: str = "secretary", language: str = "nb", notes: bool = True) -> int:
    """A meeting on 3 December, four weeks ago; Anna had said yes. Per has a role in the group."""
    group = await circle(world, kind="network")
    await world.member(GroupId(group), PER, role=role, language=language)
    await settings(world, group, attendance="moderators", notes=notes)
    await called(world)
    await world.reply(await world.letter(ANNA), "ja")
    await world.pass_time(days=10, hours=5)
    if notes:
        await world.reply(await world.letter(KARIN, "How did it go?"), "Shade.\n")
    await world.pass_time(days=28)
    return group


async def asked(world: World, who: str, line: str, text: str = "") -> list[Letter]:
    """What somebody gets for a line of commands."""
    before = len(await world.inbox(who))
    await world.send(who, REQUEST, line, text)
    return (await world.inbox(who))[before:]


async def test_weeks_later_the_list_comes_back_and_is_corrected(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await held(world)
        await world.reply(await world.letter(PER, "Referat"), "Til stede: Ola\n", quote=False)
        assert (await present(world))["ola"] == 0, "the notes were to be answered within two weeks"
        listed, transcript = await asked(world, PER, "til stede 3. desember")
        assert "Et brev som viser hvem som var til stede, er på vei til deg" in flat(transcript)
        assert "Til stede: Anna Berg, Karin Holm" in listed.text
        assert "Senere kan du skrive «til stede» til yards-request@networks.example.org" in flat(listed)
        await world.reply(listed, "Til stede: Anna Berg, Karin Holm, Ola\n", quote=False)
        assert (await present(world))["ola"] == 1
        told = await world.letter(KARIN, "Who was there")
        assert "Per Dahl has corrected who was there" in flat(told)
        await world.reply(told, "Absent: Ola, Mette\n", quote=False)
        assert await present(world) == {"anna": 1, "karin": 1, "mette": 0, "ola": 0, "per": 0}
        await world.reply(listed, "Takk!")  # the old letter comes back and says nothing
        assert (await present(world))["ola"] == 0


@pytest.mark.parametrize(
    ("language", "line", "text"),
    [
        ("en", "present 2026-12-03: Anna, Ola", ""),
        ("sv", "Närvarande 3/12: Anna och Ola", ""),
        ("da", "til stede den 3. december", "Anna Berg\nOla\n\nMvh\nPer"),
        ("nb", "", "Hei!\n\nTil stede: Anna, Ola\n\nHilsen Per"),
        ("nn", "til stades Yards: Anna, Ola", ""),
        ("nn", "fråverande 3. desember: Karin, Mette, Per, Eva", ""),
    ],
)
async def test_names_behind_the_word_come_back_filled_in_where_nothing_proves_the_mail(
    tmp_path: Path, language: str, line: str, text: str
) -> None:
    async with running(tmp_path, NORDIC) as world:
        await held(world, language=language)
        letter, transcript = await asked(world, PER, line, text)
        assert (await present(world))["karin"] == 1, "not yet"
        assert "2026" in flat(transcript)
        await world.reply(letter, "")
        found = await present(world)
        if "fråverande" in line:
            assert found == {"anna": 1, "karin": 0, "mette": 0, "ola": 0, "per": 0}
            assert "Eva" in flat(await world.letter(PER, "Dei som var med"))
        else:
            assert found == {"anna": 1, "karin": 0, "mette": 0, "ola": 1, "per": 0}


async def test_who_may_and_who_sees(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await held(world, role="member")
        (told,) = await asked(world, PER, "til stede 3/12: Ola")
        assert "for moderatorer" in flat(told) or "moderator" in flat(told)
        await settings(world, group, attendance="members")
        (told,) = await asked(world, PER, "til stede")
        assert "Anna Berg, Karin Holm" in flat(told)
        await world.group("others", moderator="Eve <eve@example.org>")
        (told,) = await asked(world, "eve@example.org", "present")
        assert "only for members" in flat(told)
        assert (await present(world))["ola"] == 0
        listed, _ = await asked(world, KARIN, "who was there")  # she called it, and is no moderator
        await world.reply(listed, "Present: all but Mette\n", quote=False)
        assert await present(world) == {"anna": 1, "karin": 1, "mette": 0, "ola": 1, "per": 1}


async def test_a_meeting_that_nobody_can_mean_is_asked_about(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world)
        (told,) = await asked(world, KARIN, "present: Anna")
        assert "There has been no meeting yet" in flat(told) or "moderators" in flat(told)
        await world.member(GroupId(group), PER, role="moderator", language="sv")
        (told,) = await asked(world, PER, "närvarande: Anna")
        assert "Det har inte varit något möte än" in flat(told)
        await called(world)
        await called(world, "When: 2026-12-03 15:00-16:00\n", "Benches")
        await world.pass_time(days=12)
        (told,) = await asked(world, PER, "närvarande 3/12: Anna")
        assert "Vi vet inte vilket möte du menar" in flat(told)
        number = (await world.rows("SELECT case_id FROM meeting WHERE title = 'Benches'"))[0]["case_id"]
        letter, _ = await asked(world, PER, f"närvarande {number}: Anna, Ola")
        assert "Benches" in letter.subject
        (told,) = await asked(world, PER, "närvarande 2026-12-04: Anna")
        assert "Vi vet inte vilket möte du menar" in flat(told)


async def test_who_was_there_is_said_before_the_notes_are_written(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world)
        await world.reply(await world.letter(ANNA), "ja")
        await world.pass_time(days=10, hours=4, minutes=30)  # in the middle of the meeting
        letter, _ = await asked(world, KARIN, "present: Karin, Mette")
        await world.reply(letter, "")
        await world.pass_time(hours=2)
        await world.reply(await world.letter(KARIN, "How did it go?"), "Shade.\n")
        assert await present(world) == {"anna": 0, "karin": 1, "mette": 1, "ola": 0}
        assert "Karin Holm, Mette Juhl" in flat(await world.letter(METTE, "Referat"))
        assert "Karin Holm, Mette Juhl" in flat(await world.letter(OLA, "Referat"))
