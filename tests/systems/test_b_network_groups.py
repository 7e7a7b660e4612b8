"""Network groups (system B): a circle that meets four times, six weeks apart, with all that belongs to it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec

from lists import store as lists_store
from lists.model import Settings
from mailsvc.ids import GroupId
from mailsvc.store.database import Tx
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.world import Letter, World, running

KARIN = "Karin Holm <karin@example.org>"
ANNA = "Anna Berg <anna@example.org>"
OLA = "Ola Nordmann <ola@example.org>"
METTE = "Mette Juhl <mette@example.org>"
LIV = "Liv Moen <liv@example.org>"
DESK = "yards-meeting@networks.example.org"
CALL = "When: 2026-12-03 13:00-14:30\nWhere: Room 4\n"


async def settings(world: World, group: int, **more: object) -> None:
    """As `mailsvc group set` does."""

    def unit(tx: Tx) -> None:
        known = lists_store.group(tx, GroupId(group))
        changed = msgspec.structs.replace(known.settings, **more)
        assert isinstance(changed, Settings)
        lists_store.set_settings(tx, known.id, changed)

    await world.write(unit)


async def circle(world: World, *, kind: str = "circle") -> int:
    """Karin leads the circle about school yards; Anna (Swedish), Ola (Bokmål) and Mette (Danish) are in it."""
    group = await world.group("yards", title="School yards", kind=kind, join="confirm")
    await world.member(group, KARIN, role="facilitator")
    await world.member(group, ANNA, language="sv")
    await world.member(group, OLA, language="nb")
    await world.member(group, METTE, language="da")
    return int(group)


async def called(world: World, text: str = CALL, subject: str = "Yards") -> None:
    await world.send(KARIN, DESK, subject, text)
    await world.reply(await world.letter(KARIN), "yes")


async def present(world: World) -> dict[str, object]:
    rows = await world.rows("SELECT address, present FROM invitee ORDER BY address")
    return {str(row["address"]).partition("@")[0]: row["present"] for row in rows}


async def test_notes_are_shared_with_attendance_and_actions(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world)
        await world.reply(await world.letter(ANNA), "ja")
        await world.reply(await world.letter(OLA), "nei")
        await world.pass_time(days=10, hours=5)
        how = await world.letter(KARIN, "How did it go?")
        assert "Present: Anna Berg, Karin Holm" in how.text
        assert "Absent: Ola Nordmann" in how.text
        await world.reply(how, "We want shade and benches.\n\nTODO Anna 2026-12-20: ask the gardener\nTODO Eva: sing\n")
        receipt = await world.letter(KARIN, "Your notes are kept")
        assert "TODO Eva: sing" in flat(receipt)
        assert "We do not know who is meant" in flat(receipt)
        notes = await world.letter(OLA, "Referat")
        assert "We want shade and benches." in flat(notes)
        assert "Anna Berg, Karin Holm" in flat(notes)
        assert "ask the gardener" in flat(await world.letter(ANNA, "ask the gardener"))
        assert await present(world) == {"anna": 1, "karin": 1, "mette": 0, "ola": 0}
        # Ola came after all: corrected by mail, and nobody gets the notes twice
        count = len(await world.inbox(ANNA))
        await world.reply(receipt, "Present: Karin Holm, Anna Berg, Ola\n\nThanks!")
        assert (await present(world))["ola"] == 1
        assert len(await world.inbox(ANNA)) == count
        # the caller is asked whether there shall be a next meeting, six weeks later
        next_one = await world.letter(KARIN, "The next meeting on")
        assert "Thursday 14 January 2027" in next_one.subject
        await world.reply(next_one, "yes")
        assert "torsdag 14 januari 2027" in (await world.letter(ANNA, "Inbjudan")).subject
        # chased until it is done
        await world.pass_time(days=20)
        task = await world.letter(ANNA, "ask the gardener")
        await world.reply(task, "klart")
        rows = await world.rows("SELECT state FROM cases WHERE kind = 'action'")
        assert rows == [{"state": "done"}]


async def test_confidential_notes_only_to_those_who_were_there(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world)
        await world.pass_time(days=10, hours=5)
        how = await world.letter(KARIN, "How did it go?")
        await world.reply(how, "Open to all.\n\nPresent: Anna, Mette\nConfidential: Anna's own case.\n")
        assert "Anna's own case." in flat(await world.letter(ANNA, "Anteckningar"))
        ola = await world.letter(OLA, "Referat")
        assert "Open to all." in flat(ola)
        assert "own case" not in flat(ola)
        count = len(await world.inbox(OLA))
        again = await world.letter(KARIN, "Your notes are kept")
        await world.reply(again, "Notes: All of it was in confidence.\nConfidential: yes\n")
        assert "All of it was in confidence" in flat(await world.letter(METTE, "Rettet referat"))
        assert len(await world.inbox(OLA)) == count


async def test_minutes_are_signed_before_they_are_shared(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world, kind="network")
        await world.member(GroupId(group), "Per Dahl <per@example.org>", role="chair", language="nb")
        await settings(world, group, minutes_signed_by="chair, secretary")
        await called(world)
        await world.pass_time(days=10, hours=5)
        count = len(await world.inbox(ANNA))
        await world.reply(await world.letter(KARIN, "How did it go?"), "We agreed about the fence.")
        question = await world.letter("per@example.org", "Referat til signering")
        assert len(await world.inbox(ANNA)) == count
        await world.reply(question, "nei: vi ble ikke enige om høyden")
        unsigned = await world.letter(KARIN, "does not sign")
        assert "høyden" in flat(unsigned)
        await world.reply(unsigned, "Notes: We agreed about the fence, but not how high.")
        await world.reply(await world.letter("per@example.org", "Referat til signering"), "Signer")
        notes = await world.letter(ANNA, "Anteckningar")
        assert "not how high" in flat(notes)
        assert "Per Dahl" in flat(notes)


async def test_a_question_from_ones_own_work_is_asked_for_before_each_meeting(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world)
        await settings(world, group, case_question=True)
        await called(world, "When: 2026-12-10 13:00-14:30\nRepeat: every week, 2 times\n")
        await world.pass_time(days=14)
        ask = await world.letter(OLA, "Et spørsmål til møtet?")
        assert "med et spørsmål fra ditt eget arbeid" in flat(ask)
        await world.reply(ask, "Hei alle!\n\nHvem måker?\n\nHilsen\nOla")
        await world.reply(ask, "Hvem måker, og når?")
        anna = await world.letter(ANNA, "En fråga till mötet?")
        await world.reply(anna, "Hur får vi skugga?")
        await world.reply(anna, "Nej, inget från mig.")
        await world.pass_time(days=2)
        agenda = flat(await world.letter(METTE, "Dagsorden"))
        assert "Spørgsmål fra medlemmernes eget arbejde: Ola Nordmann: > Hvem måker, og når? --" in agenda
        assert "Anna" not in agenda
        # the second meeting has questions of its own: none came, which is told
        await world.pass_time(days=7)
        second = await world.letter(METTE, "Dagsorden")
        assert "torsdag den 17. december" in second.subject
        assert "Ingen har foreslået noget til den endnu." in flat(second)


async def test_who_was_there_is_read_as_people_write_it(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world)
        for who in (ANNA, OLA, METTE):
            await world.reply(await world.letter(who), "ja")
        await world.pass_time(days=10, hours=5)
        how = await world.letter(KARIN, "How did it go?")
        await world.reply(how, "Present: everybody except Ola and Mette\n\nWe planted trees.")
        assert await present(world) == {"anna": 1, "karin": 1, "mette": 0, "ola": 0}
        assert "> We planted trees." in flat(await world.letter(ANNA, "Anteckningar"))
        kept = await world.letter(KARIN, "Your notes are kept")
        await world.reply(kept, "Present: Anna, Karin, Ola and the gardener")
        assert await present(world) == {"anna": 1, "karin": 1, "mette": 0, "ola": 1}
        assert "the gardener" in flat(await world.letter(KARIN, "Your notes are kept")), "told, and nobody lost for it"


async def introductions(world: World) -> dict[str, str]:
    rows = await world.rows(
        "SELECT p.name, n.state, m.starts FROM introduction n JOIN person p ON p.id = n.person_id"
        " JOIN meeting m ON m.id = n.meeting_id ORDER BY m.starts, n.at"
    )
    first = rows[0]["starts"] if rows else 0
    return {f"{row['name']} {1 if row['starts'] == first else 2}": str(row["state"]) for row in rows}


async def test_introductions_go_round_and_are_swapped(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await circle(world)
        await settings(world, group, introductions=True)
        await called(world, "When: 2026-12-10 13:00-14:30\nRepeat: every 6 weeks, 2 times\n")
        await world.pass_time(days=3, hours=-1)
        question = await world.letter(ANNA, "Din tur att inleda")
        await world.reply(question, "byt med Eva")
        assert "inte vem du vill byta med" in flat(await world.letter(ANNA, "Din tur"))
        await world.reply(await world.letter(ANNA, "Din tur"), "byt med Ola")
        swap = await world.letter(OLA, "vil bytte med deg")
        assert "Anna Berg spør deg" in flat(swap)
        await world.reply(swap, "ja")
        assert await introductions(world) == {"Anna Berg 1": "swapped", "Ola Nordmann 1": "yes"}
        assert "Ola Nordmann introduces" in (await world.letter(KARIN)).subject
        assert "Ola Nordmann inleder" in (await world.letter(ANNA)).subject
        # the next meeting: Anna owes a turn and is asked first; she cannot, and Mette is silent until she leaves
        await world.pass_time(days=42)
        assert (await introductions(world))["Anna Berg 2"] == "asked"
        await world.reply(await world.letter(ANNA, "Din tur"), "inte jag")
        assert (await introductions(world))["Mette Juhl 2"] == "asked"
        await world.send(METTE, "yards-leave@networks.example.org", "")
        await world.reply(await world.letter(METTE), "ja")
        found = await introductions(world)
        assert found["Mette Juhl 2"] == "gone"
        assert found["Ola Nordmann 2"] == "asked"
        await world.pass_time(days=7)
        assert "Nobody introduces yet" in (await world.letter(KARIN, "introduces")).subject


async def test_a_circle_from_its_first_meeting_to_its_end(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        # which day for the first? a poll; then four meetings, six weeks apart, with room for three
        await world.send(KARIN, DESK, "Yards", "When:\n2026-12-10 13:00-14:30\n2026-12-11 13:00-14:30\n")
        await world.reply(await world.letter(KARIN), "yes")
        for who in (ANNA, OLA, METTE):
            await world.reply(await world.letter(who), "1 ja, 2 nej")
        await world.reply(await world.letter(KARIN, "Which day suits you?"), "book 1")
        assert len(await world.rows("SELECT id FROM meeting WHERE state = 'called'")) == 1
        await called(world, "When: 2027-01-21 13:00-14:30\nRepeat: every 6 weeks, 3 times\nRoom for: 3\n")
        meetings = await world.rows("SELECT starts FROM meeting WHERE state = 'called' ORDER BY starts")
        days = [int(str(one["starts"])) // 86_400_000_000 for one in meetings]
        gaps = {later - sooner for sooner, later in pairwise(days)}
        assert (len(meetings), gaps) == (4, {42})
        # the waiting list of the second meeting: Karin and two have seats; one leaves, and the next gets the seat
        second = "21 januari|21. januar"
        await world.reply(await invitation(world, ANNA, second), "ja")
        await world.reply(await invitation(world, OLA, second), "ja")
        await world.reply(await invitation(world, METTE, second), "ja")
        assert "nummer 1 på ventelisten" in flat(await world.letter(METTE, "ventelisten"))
        await world.send(OLA, "yards-leave@networks.example.org", "")
        await world.reply(await world.letter(OLA), "ja")
        assert (await world.letter(METTE, "Du har fået en plads")).text
        # a member joins late and gets the meetings that are left
        await world.pass_time(days=20)
        await world.send(LIV, "yards-join@networks.example.org", "")
        await world.reply(await world.letter(LIV), "yes")
        assert "Thursday 21 January" in flat(await world.letter(LIV, "Coming meetings"))
        # the meetings pass; a week after the last one, and no further call, the end begins
        await world.pass_time(days=132)
        await world.pass_time(days=8)
        outcome = await world.letter(KARIN, "What came of it?")
        assert "last meeting" in flat(outcome)
        await world.reply(outcome, "A handbook. It lies on the intranet.")
        await world.reply(await world.letter(ANNA, "Börja om?"), "ja")
        await world.reply(await world.letter(METTE, "Begynde igen?"), "nej tak")
        await world.pass_time(days=15)
        decision = await world.letter(KARIN, "Does School yards go on?")
        assert "1 want to start again, 1 have had enough" in flat(decision)
        await world.reply(decision, "no")
        assert "A handbook." in flat(await world.letter(ANNA, "är avslutad"))
        assert await world.rows("SELECT state FROM groups WHERE name = 'yards'") == [{"state": "closed"}]


async def invitation(world: World, who: str, day: str) -> Letter:
    """Somebody's newest invitation to the meeting of a day (one of several spellings)."""
    found = [one for one in await world.inbox(who) if any(part in one.subject for part in day.split("|"))]
    return [one for one in found if one.subject.startswith(("Inbjudan", "Invitasjon", "Invitation"))][-1]
