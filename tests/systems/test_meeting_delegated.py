"""Somebody sends another person instead, from a calendar (RFC 5546 §3.2.2.3): who is asked, who decides, who counts."""

from __future__ import annotations

from pathlib import Path

from tests.systems.test_meetings import (
    ANNA,
    KARIN,
    METTE,
    NORDIC,
    OLA,
    answer_by_calendar,
    called,
    flat,
    network,
    organizer,
    standing,
)
from tests.systems.world import World, running

EVA = "eva@example.net"
CALL = "When: 2026-12-10 13:00-14:30\nWhere: Room 4\n"
REQUEST = "maps-request@networks.example.org"


def to(address: str) -> str:
    """PARTSTAT with its DELEGATED-TO."""
    return f'DELEGATED;DELEGATED-TO="mailto:{address}"'


async def coming(world: World) -> str:
    await world.send(KARIN, REQUEST, "who is coming")
    return flat(await world.letter(KARIN))


async def test_one_who_is_invited_is_asked_and_counts_in_their_own_place(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        await answer_by_calendar(world, await world.letter(ANNA), to("ola@example.org"), more="COMMENT:Sjuk\r\n")
        asked = await world.letter(OLA)
        assert asked.subject.startswith("Kommer du i stedet for Anna Berg? Map meeting")
        assert "Sjuk" in flat(asked)
        told = flat(await world.letter(KARIN))
        assert "Anna Berg does not come and sends Ola Nordmann instead, who is invited too and has been asked." in told
        await world.reply(asked, "ja")
        assert await standing(world) == {
            "karin": "ACCEPTED", "anna": "DELEGATED Sjuk", "ola": "ACCEPTED", "mette": "NEEDS-ACTION",
        }  # fmt: skip
        assert "Come: 2 May come: 0 Do not come: 0 Have not answered: 1" in await coming(world)


async def test_who_comes_anyhow_is_not_asked_and_counts_once(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        invitation = await world.letter(ANNA)
        await world.reply(await world.letter(OLA), "ja")
        before = len(await world.inbox(OLA))
        await answer_by_calendar(world, invitation, to("ola@example.org"))
        assert len(await world.inbox(OLA)) == before
        assert "Come: 2 May come: 0 Do not come: 0 Have not answered: 1" in await coming(world)
        mails = len(await world.inbox(KARIN))
        await answer_by_calendar(world, invitation, to("ola@example.org"))  # the same once more
        assert len(await world.inbox(KARIN)) == mails


async def test_a_stranger_comes_when_the_caller_agrees_and_counts_in_one_place(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        invitation = await world.letter(ANNA)
        await world.reply(invitation, "ja")
        await answer_by_calendar(world, invitation, to(EVA), stamp="20261123T130000Z")
        asked = await world.letter(KARIN, "sends somebody else")
        assert f"wants to send {EVA}, who is not invited" in flat(asked)
        assert await world.inbox(EVA) == []
        assert "Come: 1 " in await coming(world)
        await world.reply(asked, "yes")
        letter = await world.letter(EVA)
        assert letter.subject.startswith("Du kommer i stället för Anna Berg: Map meeting")
        assert "Room 4" in flat(letter)
        assert "Come: 2 May come: 0 Do not come: 0 Have not answered: 2" in await coming(world)
        # the delegate's own calendar answers with the key of who delegates, naming both (RFC 5546 §4.2.6)
        more = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:eva@example.net":mailto:anna@example.org\r\n'
        partstat = 'ACCEPTED;DELEGATED-FROM="mailto:anna@example.org"'
        await answer_by_calendar(world, invitation, partstat, who=EVA, attendee=EVA, more=more)
        assert (await standing(world))["anna"] == "DELEGATED"
        assert "Come: 2 " in await coming(world)
        await answer_by_calendar(world, invitation, "ACCEPTED", stamp="20261123T150000Z")  # Anna comes after all
        assert "Come: 2 May come: 0 Do not come: 0 Have not answered: 2" in await coming(world)


async def test_the_caller_says_no_and_who_delegated_is_asked(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        await answer_by_calendar(world, await world.letter(ANNA), to(EVA))
        await world.reply(await world.letter(KARIN, "sends somebody else"), "no: we are too many already")
        letter = await world.letter(ANNA)
        assert f"Karin Holm vill inte att {EVA} kommer" in flat(letter)
        assert "too many already" in flat(letter)
        await world.reply(letter, "ja")
        assert (await standing(world))["anna"] == "ACCEPTED"
        assert await world.inbox(EVA) == []


async def test_a_delegation_gives_up_the_seat_and_a_stand_in_takes_one(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, f"{CALL}Room for: 2\n")
        invitation = await world.letter(ANNA)
        await world.reply(invitation, "ja")
        await world.reply(await world.letter(OLA), "ja")
        assert (await standing(world))["ola"] == "ACCEPTED waiting"
        await answer_by_calendar(world, invitation, to(EVA))
        assert (await standing(world))["ola"] == "ACCEPTED"
        await world.reply(await world.letter(KARIN, "sends somebody else"), "yes")
        assert (await standing(world))["anna"] == "DELEGATED waiting"


async def test_their_own_other_address_and_a_nobody_send_nobody(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        before = len(await world.inbox(ANNA))
        await answer_by_calendar(world, await world.letter(ANNA), to("anna@example.org"))
        assert len(await world.inbox(ANNA)) == before
        await answer_by_calendar(world, await world.letter(METTE), "DELEGATED")
        assert "Mette Juhl does not come and sends somebody else instead." in flat(await world.letter(KARIN))
        assert await world.rows("SELECT id FROM cases WHERE kind = 'meeting-delegate'") == []


async def test_a_delegate_who_is_invited_answers_with_the_others_key(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        invitation = await world.letter(ANNA)
        await answer_by_calendar(world, invitation, to("ola@example.org"))
        more = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ola@example.org":mailto:anna@example.org\r\n'
        partstat = 'TENTATIVE;DELEGATED-FROM="mailto:anna@example.org"'
        await answer_by_calendar(
            world, invitation, partstat, who="ola@example.org", attendee="ola@example.org", more=more,
            to=organizer(invitation),
        )  # fmt: skip
        found = await standing(world)
        assert (found["anna"], found["ola"]) == ("DELEGATED", "TENTATIVE")


async def test_who_sent_somebody_that_says_no_is_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        invitation = await world.letter(ANNA)
        await answer_by_calendar(world, invitation, to("ola@example.org"))
        await world.reply(await world.letter(OLA), "nei, er på reise")
        again = await world.letter(ANNA)
        assert "Ola Nordmann, som du ville skicka till ett möte i Maps network, kommer inte." in flat(again)
        assert "er på reise" in flat(again)
        mails = len(await world.inbox(ANNA))
        await world.reply(await world.letter(OLA), "nei")  # asked once
        assert len(await world.inbox(ANNA)) == mails
        await world.reply(again, "ja")
        found = await standing(world)
        assert (found["anna"], found["ola"]) == ("ACCEPTED", "DECLINED")


async def test_who_comes_after_all_is_not_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, CALL)
        invitation = await world.letter(ANNA)
        await answer_by_calendar(world, invitation, to("ola@example.org"))
        await world.reply(invitation, "ja")
        mails = len(await world.inbox(ANNA))
        await world.reply(await world.letter(OLA), "nei")
        assert len(await world.inbox(ANNA)) == mails
