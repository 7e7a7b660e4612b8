"""Meetings by mail, over SMTP on the virtual clock: called, answered in every way, changed, cancelled, polled, full."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from icalendar import Calendar

from tests.systems.world import CONFIG, Letter, World, running

NORDIC = CONFIG.replace('name = "Example', 'timezone = "Europe/Stockholm"\ncountry = "SE"\nname = "Example')
KARIN = "Karin Holm <karin@example.org>"
ANNA = "Anna Berg <anna@example.org>"
OLA = "Ola Nordmann <ola@example.org>"
METTE = "Mette Juhl <mette@example.org>"
DESK = "maps-meeting@networks.example.org"


async def network(world: World) -> int:
    """Karin (moderator, English), Anna (Swedish), Ola (Bokmål) and Mette (Danish) in the network of maps."""
    group = await world.group("maps", title="Maps network", moderator=KARIN)
    await world.member(group, ANNA, language="sv")
    await world.member(group, OLA, language="nb")
    await world.member(group, METTE, language="da")
    return int(group)


async def called(world: World, text: str, subject: str = "Map meeting", *, who: str = KARIN) -> None:
    """A call with its confirmation, which a site without a border asks for."""
    await world.send(who, DESK, subject, text)
    letter = await world.letter(who)
    await world.reply(letter, "yes")


def as_sent(value: object) -> str:
    """A value as the calendar writes it."""
    return value.decode() if isinstance(value, bytes) else str(value)


def calendar(letter: Letter) -> tuple[str, dict[str, str]]:
    """The method and the values of the calendar that a letter carries, which is the same in both places."""
    parts = [part for part in letter.message.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert [part.get_content_type() for part in parts] == ["text/calendar", "application/ics"]
    first, second = (part.get_payload(decode=True) for part in parts)
    assert isinstance(first, bytes)
    assert first == second
    whole = Calendar.from_ical(first.decode())
    event = next(iter(whole.walk("VEVENT")))
    values = {key: as_sent(event[key].to_ical()) for key in event if key not in ("ATTENDEE", "ORGANIZER")}
    attendee = event["ATTENDEE"]
    values |= {"ATTENDEE": str(attendee), **{key: str(value) for key, value in attendee.params.items()}}
    values |= {"ORGANIZER": str(event["ORGANIZER"])}
    return str(whole["METHOD"]), values


def organizer(letter: Letter) -> str:
    return calendar(letter)[1]["ORGANIZER"].removeprefix("mailto:")


async def answer_by_calendar(
    world: World,
    invitation: Letter,
    partstat: str,
    *,
    who: str = "",
    attendee: str = "",
    method: str = "REPLY",
    to: str = "",
    stamp: str = "20261123T120000Z",
    more: str = "",
) -> None:
    """What a calendar program sends back, in its smallest form (RFC 5546 §3.2.3)."""
    values = calendar(invitation)[1]
    address = attendee or invitation.owner
    text = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
        f"UID:{values['UID']}\r\nSEQUENCE:{values['SEQUENCE']}\r\nDTSTAMP:{stamp}\r\n"
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{address}\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    message = EmailMessage()
    message["From"] = who or invitation.owner
    message["To"] = to or organizer(invitation)
    message["Subject"] = "Accepted: Map meeting"
    world.sent += 1
    message["Date"] = datetime(2026, 11, 23, 9, 0, world.sent % 60, tzinfo=UTC)
    message["Message-ID"] = f"<calendar-{world.sent}@example.org>"
    message.set_content("An answer.")
    message.add_alternative(text.encode(), "text", "calendar", params={"method": method, "charset": "UTF-8"})
    await world.submit(message.as_bytes(), who or invitation.owner, [to or organizer(invitation)])


def flat(letter: Letter) -> str:
    """The text without its line ends."""
    return " ".join(letter.text.split())


async def standing(world: World) -> dict[str, str]:
    """What counts of everybody's answer."""
    rows = await world.rows(
        "SELECT address, partstat, mode, comment, waiting_since, state FROM invitee ORDER BY address"
    )
    return {
        str(row["address"]).partition("@")[0]: " ".join(
            filter(
                None,
                (
                    str(row["partstat"]),
                    str(row["mode"]),
                    str(row["comment"]),
                    "waiting" if row["waiting_since"] is not None else "",
                    "gone" if row["state"] != "invited" else "",
                ),
            )
        )
        for row in rows
    }


async def test_a_call_becomes_invitations_in_everybodys_language(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\nAgenda:\n1. Old maps\n2. New maps\n")
        receipt = await world.letter(KARIN, "has been called")
        assert "4 people" in flat(receipt)
        invitation = await world.letter(ANNA)
        assert invitation.subject.startswith("Inbjudan: Map meeting, torsdag 3 december 2026 (v. 49) kl. 13.00–14.30")
        assert "Karin Holm" in flat(invitation)
        assert "New maps" in flat(invitation)
        assert str(invitation.message["From"]).startswith("Karin Holm via Maps network <meeting+")
        assert invitation.reverse_path.startswith("bounces+")
        method, values = calendar(invitation)
        assert method == "REQUEST"
        assert values["DTSTART"] == "20261203T130000"
        assert (values["SEQUENCE"], values["PARTSTAT"], values["RSVP"]) == ("0", "NEEDS-ACTION", "TRUE")
        assert values["ATTENDEE"] == "mailto:anna@example.org"
        assert "ola@" not in invitation.raw.decode()
        danish = await world.letter(METTE)
        assert "torsdag den 3. december 2026 (uge 49) kl. 13.00–14.30" in flat(danish)
        assert organizer(danish) != organizer(invitation)


async def test_answers_in_words_and_by_calendar_are_counted_alike(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4 or https://meet.example.com/maps\n")
        await world.reply(await world.letter(ANNA), "Ja, digitalt. Kommer tio minuter sent.")
        await answer_by_calendar(world, await world.letter(OLA), "DECLINED", more="COMMENT:Jeg er på reise\r\n")
        await world.reply(await world.letter(METTE), "måske")
        found = await standing(world)
        assert found["anna"].startswith("ACCEPTED online")
        assert found["ola"] == "DECLINED Jeg er på reise"
        assert found["mette"] == "TENTATIVE"
        assert found["karin"] == "ACCEPTED"
        count = len(await world.inbox(KARIN))
        await world.pass_time(hours=7)
        summary = await world.letter(KARIN, "come so far")
        assert len(await world.inbox(KARIN)) == count + 1
        assert "Anna Berg – comes, online" in flat(summary)
        assert "Ola Nordmann – does not come: Jeg er på reise" in flat(summary)
        assert "Mette Juhl – may come" in flat(summary)
        await world.pass_time(days=1)
        assert len(await world.inbox(KARIN)) == count + 1, "nothing new, no letter"


async def test_what_is_unclear_is_asked_and_only_that(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await world.group("maps", title="Kartnätverket", moderator="Karin Holm <karin@example.org>")
        await world.member(group, ANNA, role="facilitator", language="sv")
        await world.send(ANNA, DESK, "Kartmöte", "När: torsdag kl 13\nVar: Sal 4\n")
        letter = await world.letter(ANNA)
        assert letter.subject.startswith("Ditt möte Kartmöte: en fråga först")
        assert "torsdag 26 november 2026 (v. 48) kl. 13.00–14.30" in flat(letter)
        assert "Sal 4" not in flat(letter), "what was understood is not asked again"
        await world.reply(letter, "När: 24/12 kl 13")
        holiday = await world.letter(ANNA)
        assert "helgdag" in flat(holiday)
        await world.reply(holiday, "När: 3/12 kl 13-14.30")
        receipt = await world.letter(ANNA, "är utlyst")
        assert "torsdag 3 december 2026 (v. 49) kl. 13.00–14.30" in flat(receipt)
        rows = await world.rows("SELECT place, title FROM meeting")
        assert rows == [{"place": "Sal 4", "title": "Kartmöte"}]


async def test_a_holiday_that_is_sent_again_is_meant(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(KARIN, DESK, "Christmas", "When: 2026-12-24 13:00\n")
        await world.reply(await world.letter(KARIN), "When: 2026-12-24 13:00")
        assert len(await world.rows("SELECT id FROM meeting")) == 1


async def test_a_member_without_the_right_asks_the_moderators_and_a_stranger_is_told(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.send(ANNA, DESK, "Kartlunch", "När: 2026-12-03 12:00-13:00\n")
        assert "moderatorerna" in flat(await world.letter(ANNA))
        question = await world.letter(KARIN, "May Anna Berg call a meeting")
        await world.reply(question, "no: we have one on Friday")
        assert "we have one on Friday" in flat(await world.letter(ANNA, "utlystes inte"))
        await world.send(ANNA, DESK, "Kartlunch", "När: 2026-12-04 12:00-13:00\n")
        await world.reply(await world.letter(KARIN, "call a meeting"), "ok")
        assert len(await world.rows("SELECT id FROM meeting")) == 1
        assert (await world.letter(ANNA, "är utlyst")).text
        count = len(await world.rows("SELECT id FROM cases"))
        await world.send("Sven Ek <sven@example.net>", DESK, "Hi", "When: 2026-12-04 12:00-13:00\n")
        assert "called by its members" in flat(await world.letter("sven@example.net"))
        assert len(await world.rows("SELECT id FROM cases")) == count


async def test_changes_ask_anew_only_when_the_time_differs(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\n")
        await world.reply(await world.letter(ANNA), "ja")
        uid = calendar(await world.letter(ANNA, "Inbjudan"))[1]["UID"]
        receipt = await world.letter(KARIN, "has been called")
        await world.reply(receipt, "Where: Room 7")
        changed = await world.letter(ANNA, "Ändrat")
        method, values = calendar(changed)
        assert (method, values["UID"], values["SEQUENCE"]) == ("REQUEST", uid, "0")
        assert (values["PARTSTAT"], values["RSVP"], values["LOCATION"]) == ("ACCEPTED", "FALSE", "Room 7")
        assert values["DTSTAMP"] > calendar(await world.letter(ANNA, "Inbjudan"))[1]["DTSTAMP"]
        assert calendar(await world.letter(OLA))[1]["RSVP"] == "TRUE", "who has not answered is still asked"
        assert (await standing(world))["anna"] == "ACCEPTED"
        await world.reply(await world.letter(KARIN, "has been changed"), "When: 2026-12-03 14:00")
        moved = await world.letter(ANNA, "Ny tid")
        method, values = calendar(moved)
        assert (values["UID"], values["SEQUENCE"], values["PARTSTAT"], values["RSVP"]) == (
            *(uid, "1"),
            *("NEEDS-ACTION", "TRUE"),
        )
        assert values["DTEND"] == "20261203T153000", "it is as long as before"
        assert (await standing(world))["anna"] == "NEEDS-ACTION"
        # an answer to the time that was: shown to the caller, not counted
        await answer_by_calendar(world, await world.letter(OLA, "Invitasjon"), "ACCEPTED")
        assert (await standing(world))["ola"] == "NEEDS-ACTION"
        assert "earlier time" in flat(await world.letter(KARIN, "Ola Nordmann has answered"))


async def test_cancelled_by_a_word_in_the_callers_language(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await world.group("maps", title="Kartnätverket")
        await world.member(group, KARIN, role="moderator", language="sv")
        await world.member(group, OLA, language="nb")
        await called_in_swedish(world)
        await world.reply(await world.letter(KARIN, "är utlyst"), "Ställ in mötet, salen är översvämmad.\n/Karin")
        letter = await world.letter(OLA)
        assert letter.subject.startswith("Avlyst: Kartmöte, torsdag 3. desember 2026 (uke 49) kl. 13.00–14.30")
        assert "salen är översvämmad" in flat(letter)
        method, values = calendar(letter)
        assert (method, values["SEQUENCE"], values["STATUS"]) == ("CANCEL", "1", "CANCELLED")
        # an answer that comes too late does nothing
        await answer_by_calendar(world, await world.letter(OLA, "Invitasjon"), "ACCEPTED")
        assert (await standing(world))["ola"] == "NEEDS-ACTION"


async def called_in_swedish(world: World) -> None:
    await world.send(KARIN, DESK, "SV: Kartmöte", "Hej!\n\nNär: 3 dec 13–14.30\nVar: Sal 4\n\nMvh\nKarin")
    await world.reply(await world.letter(KARIN), "ja")


async def test_a_poll_is_answered_in_the_mail_and_becomes_an_invitation(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When:\n2026-12-10 13:00-14:30\n2026-12-11 9-10\n2026-12-14 13-14.30\nWhere: Room 4\n")
        poll = await world.letter(ANNA)
        assert poll.subject.startswith("Vilken dag passar dig? Map meeting")
        assert "1. torsdag 10 december 2026 (v. 50) kl. 13.00–14.30" in flat(poll)
        assert "<ol" in poll.html
        await world.reply(poll, "1 ja, 2 kanske om tåget går, 3 nej")
        read = await world.letter(ANNA, "Ditt svar")
        assert "kl. 13.00–14.30: kan" in flat(read)
        await world.reply(await world.letter(OLA), "1. går bra\n2. nei, er på reise\n3. kan\n")
        await world.reply(await world.letter(METTE), "Det må vi se på")
        assert "Vi kunne ikke læse" in flat(await world.letter(METTE))
        count = len(await world.inbox(ANNA))
        await world.pass_time(days=2, hours=1)
        assert len(await world.inbox(ANNA)) == count, "only the silent are reminded"
        assert "påmindelse" in flat(await world.letter(METTE))
        await world.pass_time(days=7)
        result = await world.letter(KARIN, "Booked")
        assert "Anna Berg: 1 can · 2 maybe · 3 cannot" in flat(result)
        assert '<th scope="row"' in result.html
        assert "2 can come, 0 perhaps, 0 cannot, 2 have not said" in flat(result)
        invitation = await world.letter(METTE)
        assert calendar(invitation)[1]["DTSTART"] == "20261210T130000"


async def test_the_caller_books_and_ties_are_asked(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When:\n2026-12-10 13:00\n2026-12-11 9-10\n")
        await world.reply(await world.letter(ANNA), "1 ja 2 ja")
        await world.reply(await world.letter(OLA), "1 ja 2 ja")
        await world.reply(await world.letter(METTE), "1 ja 2 ja")
        await world.reply(await world.letter(KARIN), "1 yes 2 yes")
        tie = await world.letter(KARIN, "Please choose a day")
        await world.reply(tie, "book 2")
        assert calendar(await world.letter(OLA, "Invitasjon"))[1]["DTSTART"] == "20261211T090000"
        await called(world, "When:\n2026-12-16 13:00\n2026-12-17 9-10\n", "Second")
        await world.reply(await world.letter(OLA, "Second"), "book 1")
        assert len(await world.rows("SELECT id FROM meeting")) == 1, "only the caller and moderators book"
        await world.reply(await world.letter(KARIN, "Which day suits you? Second"), "book 1")
        assert calendar(await world.letter(OLA, "Second"))[1]["DTSTART"] == "20261216T130000"


async def test_room_and_waiting_list(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\nRoom for: 2\n")
        await answer_by_calendar(world, await world.letter(ANNA), "ACCEPTED")
        await world.reply(await world.letter(OLA), "ja")
        await world.pass_time(minutes=1)
        await world.reply(await world.letter(METTE), "ja tak")
        assert "nummer 2 på ventelisten" in flat(await world.letter(METTE, "ventelisten"))
        assert (await standing(world))["ola"] == "ACCEPTED waiting"
        await answer_by_calendar(world, await world.letter(ANNA), "DECLINED", stamp="20261123T130000Z")
        assert "plass" in (await world.letter(OLA, "Du har fått plass")).subject
        await world.reply(await world.letter(KARIN, "has been called"), "Room for: 5")
        assert (await standing(world))["mette"] == "ACCEPTED"
        assert (await world.letter(METTE, "Du har fået en plads")).text


async def test_another_time_is_proposed_from_a_calendar(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        other = "DTSTART:20261203T150000Z\r\nDTEND:20261203T163000Z\r\nCOMMENT:Kan vi börja senare?\r\n"
        await answer_by_calendar(world, await world.letter(ANNA), "TENTATIVE", method="COUNTER", more=other)
        question = await world.letter(KARIN, "Anna Berg proposes another time")
        assert "Kan vi börja senare?" in flat(question)
        assert "16:00–17:30" in flat(question)
        await world.reply(question, "decline: the room is taken")
        declined = await world.letter(ANNA, "Tiden ligger kvar")
        assert calendar(declined)[0] == "DECLINECOUNTER"
        assert "the room is taken" in flat(declined)
        await answer_by_calendar(world, await world.letter(OLA), "TENTATIVE", method="COUNTER", more=other)
        await world.reply(await world.letter(KARIN, "Ola Nordmann proposes"), "accept")
        values = calendar(await world.letter(ANNA, "Ny tid"))[1]
        assert (values["DTSTART"], values["SEQUENCE"]) == ("20261203T160000", "1")


async def test_late_joiners_and_leavers(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        await world.send(KARIN, "maps-request@networks.example.org", "add Liv Moen <liv@example.org>")
        await world.reply(await world.letter(KARIN, "Change the members"), "yes")
        coming = await world.letter("liv@example.org", "Coming meetings")
        assert "Thursday 3 December 2026 (week 49) at 13:00–14:30" in flat(coming)
        assert calendar(await world.letter("liv@example.org", "Invitation"))[0] == "REQUEST"
        await world.send(ANNA, "maps-leave@networks.example.org", "")
        await world.reply(await world.letter(ANNA), "ja")
        gone = await world.letter(ANNA, "Inte längre i din kalender")
        method, values = calendar(gone)
        assert (method, values["SEQUENCE"]) == ("CANCEL", "1")
        undo = await world.letter(ANNA, "lämnat")
        await world.reply(undo, "ångra")
        back = calendar(await world.letter(ANNA, "Inbjudan"))[1]
        assert back["SEQUENCE"] == "2", "less than that and the calendar would ignore it"
        assert back["ORGANIZER"] == calendar(gone)[1]["ORGANIZER"]


async def test_who_answers_is_told_by_key_and_uid(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        anna, ola = await world.letter(ANNA), await world.letter(OLA)
        # a strange address with Anna's key, in her name as attendee: hers until she answers herself
        await answer_by_calendar(
            world, anna, "ACCEPTED", who="anna.privat@example.net", attendee="anna.privat@example.net"
        )
        assert (await standing(world))["anna"] == "ACCEPTED"
        assert "anna.privat@example.net" in flat(await world.letter(ANNA, "annan adress"))
        await world.reply(anna, "nej")
        await answer_by_calendar(world, anna, "ACCEPTED", who="anna.privat@example.net",
                                 attendee="anna.privat@example.net", stamp="20261123T230000Z")  # fmt: skip
        assert (await standing(world))["anna"] == "DECLINED"
        # Ola answers with Anna's invitation that she forwarded: his, as he is invited
        await answer_by_calendar(world, anna, "ACCEPTED", who="ola@example.org", attendee="ola@example.org")
        assert (await standing(world))["ola"] == "ACCEPTED"
        # without a key anybody could write a name into a calendar
        await answer_by_calendar(world, ola, "DECLINED", who="mallory@example.net", attendee="ola@example.org",
                                 to="cases@networks.example.org", stamp="20261124T120000Z")  # fmt: skip
        assert (await standing(world))["ola"] == "ACCEPTED"
        # but from an own address it counts wherever it went
        await answer_by_calendar(world, ola, "DECLINED", to="cases@networks.example.org", stamp="20261123T121000Z")
        assert (await standing(world))["ola"] == "DECLINED"


async def test_an_invitation_in_a_bounce_and_unknown_ids_record_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        invitation = await world.letter(ANNA)
        before = await standing(world)
        message = EmailMessage()
        message["From"], message["To"] = "anna@example.org", organizer(invitation)
        message["Subject"], message["Message-ID"] = "Undelivered", "<bounce@example.org>"
        message.set_content("It could not be delivered.")
        message.add_attachment(invitation.message)
        await world.submit(message.as_bytes(), "anna@example.org", [organizer(invitation)])
        wrong = organizer(invitation).replace("+", "+f", 1)
        await answer_by_calendar(world, invitation, "ACCEPTED", to=wrong, who="mallory@example.net")
        assert await standing(world) == before


async def test_reminders_come_at_eight_on_the_working_day_before(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await world.write(lambda tx: tx.execute(
            "UPDATE person SET timezone = 'Europe/Helsinki' WHERE name = 'Anna Berg'"))  # fmt: skip
        await called(world, "When: 2026-11-30 13:00-14:30\n")  # a Monday: the Friday before
        await world.reply(await world.letter(METTE), "nej")
        await world.pass_time(days=3, hours=21, minutes=30)  # Friday 06:30 UTC
        assert (await world.letter(ANNA)).subject.startswith("Snart: Map meeting")
        assert "Snart" not in (await world.letter(OLA)).subject
        await world.pass_time(hours=1)
        assert "Snart" in (await world.letter(OLA)).subject
        assert not [one for one in await world.inbox(METTE) if "Snart" in one.subject]
        assert len([one for one in await world.inbox(ANNA) if "Snart" in one.subject]) == 1
        await world.pass_time(days=3, hours=8)
        assert [row["state"] for row in await world.rows("SELECT state FROM meeting")] == ["held"]


async def test_who_is_coming_is_asked_by_mail_as_the_group_allows(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        group = await network(world)
        await world.send(ANNA, "maps-request@networks.example.org", "vem kommer")
        assert "Inget möte är utlyst" in flat(await world.letter(ANNA))
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4 and https://meet.example.com/maps\n")
        await world.reply(await world.letter(OLA, "Invitasjon"), "ja, digitalt")
        await world.send(ANNA, "maps-request@networks.example.org", "vem kommer")
        said = flat(await world.letter(ANNA))
        assert "torsdag 3 december 2026 (v. 49) kl. 13.00–14.30" in said
        assert "Kommer: 2 (1 digitalt)" in said
        assert "Ola Nordmann – kommer, digitalt" in said
        moderators = "UPDATE groups SET settings = json_set(settings, '$.attendance', 'moderators') WHERE id = :id"
        await world.write(lambda tx: tx.execute(moderators, id=group))
        await world.send(ANNA, "maps-request@networks.example.org", "who is coming")
        assert "Ola Nordmann" not in flat(await world.letter(ANNA))
        await world.send(KARIN, "maps-request@networks.example.org", "who is coming")
        assert "Ola Nordmann" in flat(await world.letter(KARIN))


async def test_answering_an_old_receipt_does_not_undo_what_was_changed_since(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\nWhere: Room 4\nAgenda: old maps\n")
        first = await world.letter(KARIN, "has been called")
        assert "When: Thursday 3 December 2026 (week 49) at 13:00–14:30" in flat(first)
        await world.reply(first, "When: 2026-12-04 14:00\nWhere: Room 7")
        await world.reply(first, "Agenda: new maps")
        rows = await world.rows("SELECT place, agenda, sequence, starts FROM meeting")
        assert [(row["place"], row["agenda"], row["sequence"]) for row in rows] == [("Room 7", "new maps", 1)]
        count = len(await world.inbox(ANNA))
        await world.reply(first, "Thanks!")
        assert not any("a question first" in one.subject for one in await world.inbox(KARIN)), "thanks ask for nothing"
        await world.reply(first, "See you in the new room.")
        assert "nothing in your answer" in flat(await world.letter(KARIN, "a question first"))
        assert len(await world.inbox(ANNA)) == count
