"""Notes of meetings are read again, by mail and on the page; confidential ones by those who were there."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from mailsvc.ids import GroupId
from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle, present, settings
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.test_pages import ask, enter, http
from tests.systems.world import Letter, World, running

REQUEST = "yards-request@networks.example.org"
SECRET = "Open to all.\n\nPresent: Anna, Mette\nConfidential: Anna's own case.\n"


async def held(world: World, notes: str, **more: object) -> int:
    """A meeting on 3 December has been held, and Karin has answered with notes; the number of the group."""
    group = await circle(world)
    await settings(world, group, **more)
    await called(world)
    await world.pass_time(days=10, hours=5)
    await world.reply(await world.letter(KARIN, "How did it go?"), notes)
    return group


async def asked(world: World, who: str, line: str) -> Letter:
    """What comes back for a line to the desk of commands."""
    before = len(await world.inbox(who))
    await world.send(who, REQUEST, line)
    return (await world.inbox(who))[before]


async def test_a_member_who_joins_later_asks_for_notes_by_number_day_and_title(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world)
        liv = "Liv Moen <liv@example.org>"
        assert "Inget möte har några anteckningar än" in flat(await asked(world, ANNA, "anteckningar"))
        await called(world)
        await world.reply(await world.letter(ANNA), "ja")
        await world.pass_time(days=10, hours=5)
        await world.reply(await world.letter(KARIN, "How did it go?"), "Shade and benches.\nTODO Anna: ask Per\n")
        await world.member(GroupId(group), liv, language="nn")
        number = (await world.rows("SELECT case_id FROM meeting"))[0]["case_id"]
        listed = flat(await asked(world, liv, "referat"))
        assert f"«referat {number}»" in listed
        assert f"{number}: Yards, torsdag 3. desember 2026" in listed
        for line in (f"referat {number}", "referat 2026-12-03", "referat 3. desember", "Referat yards", "notes 3/12"):
            before = len(await world.inbox(liv))
            await world.send(liv, REQUEST, line)
            notes, transcript = (await world.inbox(liv))[before:]
            assert notes.subject.startswith("Referat: Yards"), line
            assert "Shade and benches." in flat(notes)
            assert "Anna Berg, Karin Holm" in flat(notes)
            assert "på veg til deg" in flat(transcript)
        assert "Ingenting vart gjort" in flat(await asked(world, liv, "referat 4. desember"))
        assert "Ingenting vart gjort" in flat(await asked(world, liv, "referat 9999"))
        await world.group("others", moderator="Eve <eve@example.org>")
        assert "only for members" in flat(await asked(world, "eve@example.org", "notes 3/12"))


async def test_what_is_confidential_is_sent_again_to_those_who_were_there(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await held(world, SECRET, attendance="moderators")
        assert "own case" in flat(await asked(world, ANNA, "anteckningar 2026-12-03"))
        ola = await asked(world, OLA, "referat 2026-12-03")
        assert "Open to all." in flat(ola)
        assert "own case" not in flat(ola)
        assert "Mette" not in flat(ola), "attendance is for those who moderate"
        karin = await asked(world, KARIN, "notes 2026-12-03")
        assert "own case" in flat(karin), "she has written it"
        assert "Were there: Anna Berg, Mette Juhl" in flat(karin)
        receipt = await world.letter(KARIN, "Your notes are kept")
        await world.reply(receipt, "Notes: All of it in confidence.\nConfidential: yes\n")
        refused = await asked(world, OLA, "referat 2026-12-03")
        assert "bare de som var med" in flat(refused)
        assert "All of it" not in flat(refused)
        assert "in confidence" in flat(await asked(world, METTE, "referat 2026-12-03"))


async def test_notes_that_wait_for_signatures_are_nobodys_to_ask_for(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world, kind="network")
        per = "Per Dahl <per@example.org>"
        await world.member(GroupId(group), per, role="chair", language="nb")
        await settings(world, group, minutes_signed_by="chair")
        await called(world)
        await world.pass_time(days=10, hours=5)
        await world.reply(await world.letter(KARIN, "How did it go?"), "The fence.")
        assert "Inget möte har" in flat(await asked(world, ANNA, "anteckningar"))
        await world.reply(await world.letter(per, "Referat til signering"), "Signer")
        assert "Per Dahl" in flat(await asked(world, ANNA, "anteckningar 2026-12-03"))


async def log_in(world: World, client: httpx.AsyncClient, who: str) -> None:
    await ask(world, client, who)
    found = re.search(r"/login/([a-z2-7]{10})", (await world.letter(who)).text)
    assert found
    await enter(client, found[1])


async def test_notes_stand_on_the_page_for_members_who_log_in(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world, http(world) as stranger, http(world) as ola, http(world) as anna:
        await held(world, SECRET)
        number = (await world.rows("SELECT id FROM meeting"))[0]["id"]
        path = f"/g/yards/notes/{number}"
        assert (await stranger.get(path)).status_code == 404
        assert path not in (await stranger.get("/g/yards")).text
        await log_in(world, ola, "ola@example.org")
        assert path in (await ola.get("/g/yards")).text
        page = (await ola.get(path)).text
        assert "Open to all." in page
        assert "own case" not in page
        await log_in(world, anna, "anna@example.org")
        assert "own case" in (await anna.get(path)).text
        assert (await anna.get("/g/yards/notes/999")).status_code == 404
        receipt = await world.letter(KARIN, "Your notes are kept")
        await world.reply(receipt, "Notes: All of it.\nConfidential: yes\n")
        assert (await ola.get(path)).status_code == 404
        assert path not in (await ola.get("/g/yards")).text
        assert "All of it." in (await anna.get(path)).text


async def test_a_secretary_corrects_who_was_there_and_the_caller_is_told(tmp_path: Path) -> None:
    per = "Per Dahl <per@example.org>"
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world, kind="network")
        await world.member(GroupId(group), per, role="secretary", language="nb")
        await settings(world, group, attendance="moderators")
        await called(world)
        await world.reply(await world.letter(ANNA), "ja")
        await world.pass_time(days=10, hours=5)
        await world.reply(await world.letter(KARIN, "How did it go?"), "Shade.\n")
        receipt = await world.letter(KARIN, "Your notes are kept")
        notes = await world.letter(per, "Referat")
        assert "Til stede: Anna Berg, Karin Holm" in notes.text
        assert "Til stede" not in (await world.letter(OLA, "Referat")).text, "nor is he asked"
        assert not await world.rows("SELECT id FROM question WHERE kind = 'attendance' AND state = 'open'")
        await world.reply(notes, "Til stede: Anna Berg, Karin Holm, Ola\n", quote=False)
        assert (await present(world))["ola"] == 1
        assert "Anna Berg, Karin Holm, Ola Nordmann" in flat(await world.letter(per, "De som var med"))
        told = await world.letter(KARIN, "Who was there")
        assert "Per Dahl has corrected who was there" in flat(told)
        # an old letter that comes back for another reason does not take it back
        await world.reply(receipt, "Notes: Shade, and benches.\nPresent: Anna Berg, Karin Holm\n", quote=False)
        assert (await present(world))["ola"] == 1
        assert "benches" in flat(await world.letter(ANNA, "Rättade anteckningar"))
        # but what the caller writes in answer to it counts, and so does a second word of the secretary's
        await world.reply(told, "Absent: Anna, Mette\n", quote=False)
        assert await present(world) == {"anna": 0, "karin": 1, "mette": 0, "ola": 1, "per": 0}
        await world.reply(notes, "Til stede: Eva, Karin\nForfall: Ola\n", quote=False)
        assert (await present(world))["ola"] == 0
        assert "Eva" in flat(await world.letter(per, "De som var med"))


async def test_only_those_roles_correct_it_and_only_while_they_have_them(tmp_path: Path) -> None:
    deputy = "Per Dahl <per@example.org>"
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world)
        await world.member(GroupId(group), deputy, role="deputy", language="nb")
        await called(world)
        await world.pass_time(days=10, hours=5)
        await world.reply(await world.letter(KARIN, "How did it go?"), "Shade.\n")
        notes = await world.letter(deputy, "Referat")
        before = await present(world)
        await world.reply(await world.letter(OLA, "Referat"), "Til stede: Ola\n", quote=False)
        assert await present(world) == before
        await world.write(lambda tx: tx.execute("UPDATE membership SET role = 'member' WHERE role = 'deputy'"))
        await world.reply(notes, "Til stede: Ola\n", quote=False)
        assert await present(world) == before
