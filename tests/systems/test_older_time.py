"""An answer in words to a letter from before a meeting was moved is about the old time: shown, not counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.test_moved_meetings import moved as moved_at_once
from tests.systems.world import World, running

FIRST = "When: 2027-02-10 13:00-14:30\nWhere: Room 4\n"  # the clock begins on Monday 23 November 2026, 09:00 UTC
SECOND = "2027-02-11 13:00-14:30"


async def moved(world: World, when: str) -> None:
    """Some time after the invitations."""
    await world.pass_time(minutes=5)
    await moved_at_once(world, when)


async def partstats(world: World) -> dict[str, str]:
    """By mailbox, as the names of this house are written."""
    rows = await world.rows("SELECT p.name, i.address, i.partstat FROM invitee i JOIN person p ON p.id = i.person_id")
    return {f"{row['name']} <{row['address']}>": str(row["partstat"]) for row in rows}


@pytest.mark.parametrize(
    ("who", "words", "was", "comes"),
    [
        (ANNA, "Ja, gärna!", "onsdag 10 februari 2027", "kommer"),
        (METTE, "Nej tak", "onsdag den 10. februar 2027", "kommer ikke"),
        (OLA, "kanskje", "onsdag 10. februar 2027", "kommer kanskje"),
    ],
)
async def test_it_is_not_counted_and_they_are_asked_about_the_new_time(
    tmp_path: Path, who: str, words: str, was: str, comes: str
) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, FIRST)
        old = (await world.inbox(who))[-1]
        await moved(world, SECOND)
        before = len(await world.inbox(who))
        await world.reply(old, words)
        assert (await partstats(world))[who] == "NEEDS-ACTION"
        letters = (await world.inbox(who))[before:]
        assert len(letters) == 1, "no receipt says that the answer was taken"
        assert was in flat(letters[0])
        assert f"({comes})" in flat(letters[0])
        shown = await world.letter(KARIN, "has answered")
        assert "earlier time" in flat(shown)
        await world.reply(letters[0], words)
        assert (await partstats(world))[who] != "NEEDS-ACTION", "the letter that asks anew is answered"


async def test_what_was_answered_for_the_new_time_stands(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, FIRST)
        old = (await world.inbox(ANNA))[-1]
        await moved(world, SECOND)
        await world.reply((await world.inbox(ANNA))[-1], "nej")
        await world.reply(old, "ja")
        assert (await partstats(world))[ANNA] == "DECLINED"
        told = await world.letter(ANNA, "annan tid")
        assert "räknas fortfarande det du svarade senast: kommer inte" in flat(told)


async def test_a_new_place_or_the_old_time_again_leaves_what_letters_asked(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, FIRST)
        old = {who: (await world.inbox(who))[-1] for who in (ANNA, METTE)}
        receipts = [one for one in await world.inbox(KARIN) if one.subject.startswith("Your meeting")]
        await world.reply(receipts[-1], "Where: Room 5\n", quote=False)
        await world.reply(old[ANNA], "ja")
        assert (await partstats(world))[ANNA] == "ACCEPTED"
        await moved(world, SECOND)
        await moved(world, "2027-02-10 13:00-14:30")
        await world.reply(old[METTE], "ja")
        assert (await partstats(world)) == {
            ANNA: "NEEDS-ACTION",
            METTE: "ACCEPTED",
            KARIN: "ACCEPTED",
            OLA: "NEEDS-ACTION",
        }


async def test_a_held_answer_is_still_about_the_time_it_was_given_for(tmp_path: Path) -> None:
    """From an address that is not known the answer waits for a yes; the meeting is moved in between."""
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, FIRST)
        old = (await world.inbox(ANNA))[-1]
        await world.reply(old, "ja", sender="anna.privat@example.net")
        asked = (await world.inbox(ANNA))[-1]
        await moved(world, SECOND)
        await world.reply(asked, "ja")
        assert (await partstats(world))[ANNA] == "NEEDS-ACTION"
        assert "och räknas inte" in flat(await world.letter(ANNA, "Kommer du?"))


async def test_whoever_is_asked_anew_has_an_open_question_again(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await circle(world)
        await called(world, FIRST)
        await world.reply((await world.inbox(ANNA))[-1], "ja")
        await moved(world, SECOND)
        rows = await world.rows(
            "SELECT q.state FROM question q JOIN address a ON a.person_id = q.person_id"
            " WHERE q.kind = 'rsvp' AND a.address LIKE 'anna@%'"
        )
        assert [row["state"] for row in rows] == ["open"]
