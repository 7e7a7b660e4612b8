"""Answers of many calendar programs, and what looks like one, over SMTP: who, what, and which words count."""

from __future__ import annotations

import re
from pathlib import Path

from tests.systems import answer_mails as mails
from tests.systems.answer_mails import Answer, Asked
from tests.systems.calendar_kit import (
    BORDER,
    PROVEN,
    calendar_of,
    event,
    invite,
)
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
from tests.systems.world import World, running

CALL = "When: 2026-12-03 13:00-14:30\nWhere: Room 4\n"
NETWORK = "maps@networks.example.org"
PEOPLE = (KARIN, ANNA, OLA, METTE)


async def write(
    world: World, body: bytes, to: str, *, sender: str = ANNA, fields: str = "", subject: str = "Svar"
) -> None:
    """A program's mail, each a minute later than the one before."""
    world.sent += 1
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"Date: Mon, 23 Nov 2026 12:{world.sent % 60:02}:30 +0000\r\n"
        f"Message-ID: <answer-{world.sent}@example.org>\r\n{fields}MIME-Version: 1.0\r\n"
    )
    found = re.search(r"<(.+)>", sender)
    await world.submit(head.encode() + body, found[1] if found else sender, [to])


async def asked(world: World) -> Asked:
    """Anna's invitation to Karin's meeting."""
    await network(world)
    await called(world, CALL)
    invitation = await world.letter(ANNA)
    return Asked(calendar(invitation)[1]["UID"], organizer(invitation))


async def letters(world: World) -> dict[str, int]:
    return {who: len(await world.inbox(who)) for who in PEOPLE}


async def test_every_programs_answer_is_its_persons(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        before = await letters(world)
        for shape in mails.SHAPES:
            newer = Asked(invitation.uid, invitation.organizer, f"20261123T12{world.sent + 1:02}30Z")
            sent: Answer = shape(newer)
            await write(world, sent.body, invitation.organizer, sender=sent.sender, fields=sent.fields)
            assert (await standing(world))["anna"] == sent.stands, shape.__name__
        assert await letters(world) == before  # nobody is written to before the evening
        rows = await world.rows("SELECT title, starts, sequence FROM meeting")
        assert [(row["title"], row["sequence"]) for row in rows] == [("Map meeting", 0)]


async def test_what_nobody_means_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        before, stands = await letters(world), await standing(world)
        for name, body in mails.hostile(invitation).items():
            for sender in ("Eve <eve@example.net>", ANNA):
                await write(world, body, invitation.organizer, sender=sender)
                assert await standing(world) == stands, name
        after = await letters(world)
        assert {who: after[who] for who in PEOPLE[2:]} == {who: before[who] for who in PEOPLE[2:]}
        assert await world.inbox("eve@example.net") == []
        assert after[KARIN] == before[KARIN]


async def test_a_strangers_answer_without_the_key_is_nobodys(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        body = mails.google(invitation).body
        for to in (NETWORK, "cases@networks.example.org", "reply+aaaaaaaaaaaaaaaaaaaaaaaaaa@networks.example.org"):
            await write(world, body, to, sender="Eve <eve@example.net>")
        assert (await standing(world))["anna"] == "NEEDS-ACTION"


async def test_a_calendars_answer_to_the_network_is_no_post(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        await invite(world, event())
        invitation = await world.letter(ANNA, "Inbjudan")
        ours = Asked(calendar_of(invitation)[1]["UID"], NETWORK)
        theirs = Asked("040000008200E00074C5B7101A82E008", NETWORK)
        before = await letters(world)
        fields = "".join(f"{name}: {value}\r\n" for name, value in PROVEN.items())
        for method in ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"):
            for one, who in ((theirs, KARIN), (theirs, ANNA), (ours, KARIN)):
                address = who.partition("<")[2].rstrip(">")
                content = mails.answer(one, "ACCEPTED", who=f"mailto:{address}", method=method)
                body = mails.several("alternative", mails.plain("Svar"), mails.alone(mails.lines(*content), method))
                await write(world, body, NETWORK, sender=who, fields=fields)
                expected = {"answered"} if who is KARIN else {"unknown-token"}
                assert (await world.reasons())[-1] in expected | {"unknown-token"}, (method, who)
        assert await letters(world) == before
        await write(world, mails.google(ours).body, NETWORK, fields=fields)  # where some program has put it
        assert (await standing(world))["anna"] == "DECLINED Är bortrest, tyvärr"
        assert await letters(world) == before


async def test_a_calendar_that_somebody_shows_the_others_is_a_post(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await network(world)
        content = mails.lines(*mails.answer(Asked("somebodys@example.com", NETWORK), "ACCEPTED"))
        file = mails.part('application/ics; name="svar.ics"', content, "base64", 'attachment; filename="svar.ics"')
        fields = "".join(f"{name}: {value}\r\n" for name, value in PROVEN.items())
        body = mails.several("mixed", mails.plain("Vad är det här för fil?"), file)
        await write(world, body, NETWORK, fields=fields)
        assert (await world.reasons())[-1] == "posted"


def counter(invitation: Asked, partstat: str, *times: str) -> bytes:
    content = mails.answer(invitation, partstat, *times, product=mails.EXCHANGE, method="COUNTER")
    return mails.alone(mails.lines(*content), "COUNTER")


async def test_a_counter_says_what_its_person_answers_too(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        zone = "W. Europe Standard Time"
        times = f"DTSTART;TZID={zone}:20261203T150000", f"DTEND;TZID={zone}:20261203T163000"
        await write(
            world, counter(invitation, "DECLINED", *times, "COMMENT:Kan vi börja senare?"), invitation.organizer
        )
        assert (await standing(world))["anna"] == "DECLINED Kan vi börja senare?"
        question = await world.letter(KARIN, "proposes another time")
        assert "15:00–16:30" in flat(question)


async def test_a_counter_with_the_same_time_asks_nobody(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        before = await letters(world)
        times = "DTSTART:20261203T120000Z", "DTEND:20261203T133000Z"
        await write(world, counter(invitation, "TENTATIVE", *times, "COMMENT:Vet mer på måndag"), invitation.organizer)
        past = "DTSTART:20261102T120000Z", "DTEND:20261102T133000Z"
        await write(world, counter(invitation, "TENTATIVE", *past, "COMMENT:Vet mer på måndag"), invitation.organizer)
        assert (await standing(world))["anna"] == "TENTATIVE Vet mer på måndag"
        assert await letters(world) == before


async def test_a_whole_day_is_proposed_and_taken(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        days = "DTSTART;VALUE=DATE:20261204", "DTEND;VALUE=DATE:20261206"
        await write(world, counter(invitation, "TENTATIVE", *days), invitation.organizer)
        question = await world.letter(KARIN, "proposes another time")
        assert "Proposed: Friday 4 December 2026 (week 49) – Saturday 5 December 2026 (week 49), all day" in flat(
            question
        )
        await world.reply(question, "accept")
        moved = calendar(await world.letter(ANNA, "Ny tid"))[1]
        assert (moved["DTSTART"], moved["DTEND"], moved["SEQUENCE"]) == ("20261204", "20261206", "1")
        assert (await standing(world))["anna"] == "NEEDS-ACTION"


async def test_whoever_asks_for_the_invitation_gets_it_as_it_is_now(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        letter = await world.letter(ANNA)
        await answer_by_calendar(world, letter, "ACCEPTED")
        await world.reply(await world.letter(KARIN, "has been called"), "Where: Room 9")
        content = mails.answer(invitation, "ACCEPTED", method="REFRESH")
        for sender in (ANNA, "Eve <eve@example.net>", ANNA, ANNA):  # whoever has the key: it goes to Anna alone
            await write(world, mails.alone(mails.lines(*content), "REFRESH"), invitation.organizer, sender=sender)
        again = [one for one in await world.inbox(ANNA) if "Inbjudan" in one.subject]
        assert len(again) == 3  # at most twice a day
        values = calendar(again[-1])[1]
        assert (values["LOCATION"], values["PARTSTAT"], values["RSVP"]) == ("Room 9", "ACCEPTED", "FALSE")
        assert (await standing(world))["anna"] == "ACCEPTED"
        assert await world.inbox("eve@example.net") == []


async def test_words_count_although_the_invitation_comes_back_with_them(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        letter = await world.letter(ANNA)
        parts = [one for one in letter.message.walk() if one.get_content_type() == "text/calendar"]
        content = parts[0].get_payload(decode=True)
        assert isinstance(content, bytes)
        body = mails.several("mixed", mails.plain("Ja, men bara till två\r\n"), mails.alone(content, "REQUEST"))
        fields = f"In-Reply-To: {letter.message['Message-ID']}\r\n"
        await write(world, body, invitation.organizer, fields=fields)
        assert (await standing(world))["anna"].startswith("ACCEPTED")
        await write(world, mails.alone(content, "REQUEST"), invitation.organizer)  # without words it says nothing
        assert (await world.reasons())[-1] == "unknown-token"


async def test_words_to_the_organizer_of_the_calendar_answer_the_invitation(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        invitation = await asked(world)
        await write(world, mails.plain("Nej, är sjuk"), invitation.organizer)  # no thread: written from the calendar
        assert (await standing(world))["anna"].startswith("DECLINED")
        await called(world, "When: 2026-12-08 13:00-14:30\nTitle: Book meeting\n")
        await write(world, mails.plain("Ja"), invitation.organizer)  # which of two?
        rows = "SELECT m.title, i.partstat FROM invitee i JOIN meeting m ON m.id = i.meeting_id WHERE i.address = :who"
        found = {str(one["title"]): one["partstat"] for one in await world.rows(rows, who="anna@example.org")}
        assert found == {"Map meeting": "DECLINED", "Book meeting": "NEEDS-ACTION"}
        await write(world, mails.plain("Ja"), invitation.organizer, subject="SV: book meeting")
        found = {str(one["title"]): one["partstat"] for one in await world.rows(rows, who="anna@example.org")}
        assert found == {"Map meeting": "DECLINED", "Book meeting": "ACCEPTED"}
        await write(
            world, mails.plain("Ja"), invitation.organizer, sender="Eve <eve@example.net>", subject="Map meeting"
        )
        assert (await world.reasons())[-1] != "answered"
