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
    calendar,
    called,
    flat,
    network,
    organizer,
    standing,
)
from tests.systems.world import Letter, World, running

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


async def taken(world: World, more: str = "") -> Letter:
    """Anna sends Eva, who is nobody of ours, and Karin agrees; what Eva gets."""
    await network(world)
    await called(world, CALL + more)
    await answer_by_calendar(world, await world.letter(ANNA), to(EVA), stamp="20261123T130000Z")
    await world.reply(await world.letter(KARIN, "sends somebody else"), "yes")
    return await world.letter(EVA)


async def change(world: World, text: str) -> None:
    await world.reply(await world.letter(KARIN, "has been called"), text, quote=False)


async def test_a_stand_in_gets_the_meeting_into_the_calendar_and_every_change(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        letter = await taken(world)
        invitation = await world.letter(ANNA, "Inbjudan")
        method, values = calendar(letter)
        assert (method, values["ATTENDEE"], values["PARTSTAT"]) == ("REQUEST", f"mailto:{EVA}", "ACCEPTED")
        assert (values["RSVP"], values["DELEGATED-FROM"]) == ("FALSE", "mailto:anna@example.org")
        assert (values["UID"], values["ORGANIZER"]) == (
            calendar(invitation)[1]["UID"],
            f"mailto:{organizer(invitation)}",
        )
        assert letter.reply_to == "anna@example.org"
        await change(world, "Where: Room 9")
        letter = await world.letter(EVA, "Ändrat: Map meeting")
        assert "tiden är densamma" in flat(letter)
        changed = calendar(letter)[1]
        assert (changed["LOCATION"], changed["SEQUENCE"], changed["PARTSTAT"]) == ("Room 9", "0", "ACCEPTED")
        assert changed["DTSTAMP"] > values["DTSTAMP"]
        await change(world, "cancel the meeting: the house is closed")
        letter = await world.letter(EVA, "Inställt: Map meeting")
        assert "the house is closed" in flat(letter)
        assert (calendar(letter)[0], calendar(letter)[1]["SEQUENCE"]) == ("CANCEL", "1")
        assert await world.rows("SELECT * FROM meeting_stand_in") == []
        for who in (OLA, METTE):  # nobody else gets their address
            assert not [one for one in await world.inbox(who) if EVA in one.raw.decode()]


async def test_a_stand_in_hears_of_a_new_time_and_of_who_comes_then(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await taken(world)
        await change(world, "When: 2026-12-11 13:00-14:30")
        moved = await world.letter(EVA, "Ny tid: Map meeting")
        assert "Anna Berg tillfrågas på nytt" in flat(moved)
        values = calendar(moved)[1]
        assert (values["DTSTART"], values["SEQUENCE"], values["PARTSTAT"]) == ("20261211T130000", "1", "TENTATIVE")
        questions = len(await world.inbox(KARIN))
        anew = await world.letter(ANNA, "Ny tid")
        await answer_by_calendar(world, anew, to(EVA), stamp="20261123T140000Z")  # again Eva: Karin knows it
        assert len(await world.inbox(KARIN)) == questions
        assert calendar(await world.letter(EVA, "Du kommer i stället"))[1]["PARTSTAT"] == "ACCEPTED"
        assert "Come: 2 " in await coming(world)
        mails = len(await world.inbox(EVA))
        await answer_by_calendar(world, anew, to(EVA), stamp="20261123T150000Z")  # said once more
        assert len(await world.inbox(EVA)) == mails
        assert "Come: 2 " in await coming(world)
        await world.reply(anew, "ja")  # Anna comes after all
        gone = await world.letter(EVA, "Inte längre i din kalender")
        assert (calendar(gone)[0], calendar(gone)[1]["SEQUENCE"]) == ("CANCEL", "2")
        await change(world, "Where: Room 9")
        assert len(await world.inbox(EVA)) == mails + 1


async def test_who_is_replaced_or_whose_delegator_leaves_is_expected_no_more(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await taken(world)
        invitation = await world.letter(ANNA, "Inbjudan")
        await answer_by_calendar(world, invitation, to("per@example.net"), stamp="20261123T140000Z")
        assert calendar(await world.letter(EVA, "Inte längre i din kalender"))[0] == "CANCEL"
        await world.reply(await world.letter(KARIN, "sends somebody else"), "yes")
        assert calendar(await world.letter("per@example.net"))[0] == "REQUEST"
        await answer_by_calendar(world, invitation, to(EVA), stamp="20261123T150000Z")  # and Eva after all
        await world.reply(await world.letter(KARIN, "sends somebody else"), "yes")
        again = await world.letter(EVA, "Du kommer i stället")
        assert calendar(again)[1]["SEQUENCE"] == "2"  # above that of the CANCEL
        await world.send(ANNA, "maps-leave@networks.example.org")
        await world.reply(await world.letter(ANNA), "ja")
        assert calendar(await world.letter(EVA))[0] == "CANCEL"


async def test_a_stand_in_who_says_no_leaves_the_place_and_who_sent_them_is_asked(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        letter = await taken(world, "Room for: 2\n")
        await world.reply(await world.letter(OLA), "ja")
        assert (await standing(world))["ola"] == "ACCEPTED waiting"
        await answer_by_calendar(world, letter, "TENTATIVE", more="COMMENT:Kanske\r\n", stamp="20261123T140000Z")
        assert (await standing(world))["anna"] == "DELEGATED"
        assert "Kanske" in flat(await world.letter(KARIN, "has answered"))
        await answer_by_calendar(world, letter, "DECLINED", more="COMMENT:Förkyld\r\n", stamp="20261123T150000Z")
        assert (await standing(world))["ola"] == "ACCEPTED"
        assert "eva@example.net" in (await world.letter(KARIN, "has answered")).subject
        asked = await world.letter(ANNA)
        assert f"{EVA}, som du ville skicka till ett möte i Maps network, kommer inte" in flat(asked)
        assert "Förkyld" in flat(asked)
        mails = len(await world.inbox(EVA))
        await world.reply(asked, "nej")
        assert len(await world.inbox(EVA)) == mails
        assert (await standing(world))["anna"] == "DECLINED"


async def test_a_stand_in_of_a_stand_in_is_shown_to_the_caller_alone(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        letter = await taken(world)
        mails = len(await world.inbox(ANNA))
        more = f'ATTENDEE;DELEGATED-FROM="mailto:{EVA}":mailto:per@example.net\r\n'
        await answer_by_calendar(world, letter, to("per@example.net"), more=more, stamp="20261123T140000Z")
        assert f"{EVA}, who has been sent" in flat(await world.letter(KARIN, "has answered"))
        partstat = f'ACCEPTED;DELEGATED-FROM="mailto:{EVA}"'
        per = "per@example.net"
        await answer_by_calendar(world, letter, partstat, who=per, attendee=per, stamp="20261123T150000Z")
        assert f"{per}, who has been sent" in flat(await world.letter(KARIN, f"{per} has answered"))
        assert len(await world.inbox(ANNA)) == mails
        assert await world.inbox(per) == []
        assert "Come: 2 " in await coming(world)


async def test_a_stand_ins_address_is_kept_no_longer_than_the_meeting(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await taken(world)
        assert len(await world.rows("SELECT * FROM meeting_stand_in")) == 1
        await world.pass_time(days=18)
        assert await world.rows("SELECT * FROM meeting_stand_in") == []
