"""System B from its first mail to its last: somebody takes an initiative, a circle meets four times, and ends.

Five people write as their mail programs do, in Swedish, Danish, Bokmål, Nynorsk and English."""

from __future__ import annotations

from pathlib import Path

from mailsvc.people import organisation_store
from tests.systems.clients import gmail, outlook, phone
from tests.systems.test_b_network_groups import invitation, settings
from tests.systems.test_meetings import NORDIC, answer_by_calendar, calendar, flat
from tests.systems.world import DOMAIN, World, running

ANNA = "Anna Berg <anna@example.org>"
OLA = "Ola Nordmann <ola@example.org>"
METTE = "Mette Juhl <mette@example.org>"
LIV = "Liv Moe <liv@example.org>"
ANN = "Ann Hill <ann@example.org>"
DAN = "Dan Ask <dan@example.org>"
PEOPLE = ((ANNA, "sv"), (OLA, "nb"), (METTE, "da"), (LIV, "nn"), (ANN, "en"), (DAN, "sv"))
DESK = f"skolgardar-meeting@{DOMAIN}"
CONFIG = NORDIC + "\n[proposals]\nthreshold = 4\n"


async def forum(world: World) -> None:
    """Everybody of a school-building forum, whose organisations are members."""
    everyone = await world.group("alla", kind="everyone", title="Alla i forumet", language="sv", post="moderators")
    for who, language in PEOPLE:
        await world.member(everyone, who, language=language)
    await world.write(lambda tx: organisation_store.insert(tx, "Skolhusforum", ["example.org"], None, None))


async def started(world: World) -> int:
    """Anna's initiative finds four: the circle exists, and its number is returned."""
    await world.send(
        ANNA,
        f"natverksforslag@{DOMAIN}",
        "Initiativ till nätverksgrupp: Skolgårdar",
        "Hej!\n\nVi ska bygga om tre skolgårdar och vill gärna jämföra med andra som gör det just nu. Vem vill vara "
        "med?\n\nMvh\nAnna Berg\nLokalplanerare",
    )
    assert "Ditt initiativ Skolgårdar har gått ut" in (await world.letter(ANNA)).subject
    assert len(await world.inbox(ANNA)) == 1, "nobody is asked to join their own initiative"
    call = await world.letter(METTE, "Et initiativ: Skolgårdar")
    assert "senest onsdag den 23. december 2026" in flat(call)
    assert "jeg er med" in flat(call)
    await outlook(world, await world.letter(OLA, "initiativ"), "Jeg er med!\n\nMvh\nOla", language="nb")
    await phone(world, call, "Ja tak, jeg vil gerne være med", language="da")
    await gmail(world, await world.letter(LIV, "initiativ"), "Eg er med.", language="nn")
    assert await world.rows("SELECT id FROM groups WHERE kind = 'circle'") == [], "nobody has proved who they are"
    for who, write, language in ((OLA, phone, "nb"), (METTE, outlook, "da"), (LIV, gmail, "nn")):
        await write(world, await world.letter(who, " de"), "ja", language=language)
    assert "du är moderator" in flat(await world.letter(ANNA, "Skolgårdar är inrättat"))
    assert "du er medlem" in flat(await world.letter(OLA, "Skolgårdar er opprettet"))
    assert "skolgardar-join@" in flat(await world.letter(ANN, "Skolgårdar has started"))
    assert not [one for one in await world.inbox(OLA) if "startet" in one.subject], "members need no call to join"
    (row,) = await world.rows("SELECT id FROM groups WHERE kind = 'circle'")
    return int(str(row["id"]))


async def polled(world: World) -> None:
    """Which day suits? Anna asks in Swedish; the others answer each in their way."""
    await world.send(
        ANNA,
        DESK,
        "Första träffen",
        "Hej alla!\n\nNär:\ntis 8 dec kl 13-14.30\nons 9 dec kl 13-14.30\nto 10/12 9-10.30\n\nVar: Teams\n\n"
        "Dagordning: Presentation\nVad vill vi lära oss?\n\nMvh Anna",
    )
    await outlook(world, await world.letter(ANNA), "Ja")
    asked = flat(await world.letter(OLA, "dag"))
    assert "3. torsdag 10. desember 2026 (uke 50) kl. 09.00–10.30" in asked
    await outlook(world, await world.letter(OLA, "dag"), "1 kan ikke, 2 passer bra, 3 kanskje", language="nb")
    await phone(world, await world.letter(METTE, "dag"), "1 nej\n2 ja\n3 ja", language="da")
    await days(world, 3)
    assert (await world.letter(LIV)).subject.startswith("Påminning: Kva dag passar"), "only who is silent"
    assert not [one for one in await world.inbox(METTE) if one.subject.startswith("Påmindelse")]
    await gmail(world, await world.letter(LIV, "dag"), "1 ja 2 ja 3 nei", language="nn")
    await outlook(world, await world.letter(ANNA, "dag"), "Boka 2")
    booked = flat(await world.letter(ANNA, "Bokat: Första träffen, onsdag 9 december 2026 (v. 50)"))
    assert "3 kan komma, 0 kanske, 0 kan inte, 1 har inte svarat" in booked
    assert "Ola Nordmann: 1 kan inte · 2 kan · 3 kanske" in booked


async def days(world: World, count: int) -> None:
    """Days go by one at a time, as they do."""
    for _ in range(count):
        await world.pass_time(days=1)


async def series(world: World) -> None:
    """Three more meetings, six weeks apart, with room for three."""
    await world.send(
        ANNA,
        DESK,
        "Skolgårdar, fortsättning",
        "När: onsdag 20 januari 2027 kl. 13.00-14.30\nUpprepa: var sjätte vecka, 3 gånger\n"
        "Var: Stadshuset, sal 4\nPlatser: 3\n",
    )
    await outlook(world, await world.letter(ANNA), "ja")
    found = [one.subject for one in await world.inbox(METTE) if one.subject.startswith("Invitation: Skolgårdar, fort")]
    assert [one.partition("onsdag den ")[2].partition(" (")[0] for one in found] == [
        *("20. januar 2027", "3. marts 2027", "14. april 2027"),
    ]


async def first_meeting(world: World) -> None:
    """Answers from a calendar and in words; a swapped turn; questions from the members' own work; notes."""
    first = "9 december|9. desember|9. december"
    await phone(world, await invitation(world, METTE, first), "Ja tak, online", language="da")
    await answer_by_calendar(world, await invitation(world, OLA, first), "ACCEPTED", stamp="20261127T120000Z")
    await outlook(world, await invitation(world, LIV, first), "Nei, eg er på reise", language="nn")
    turn = await world.letter(OLA, "Din tur")
    assert "bytt med NAVN" in turn.text
    await outlook(world, turn, "Bytt med Mette", language="nb")
    await phone(world, await world.letter(METTE, "bytte med dig"), "Ja, det gør jeg gerne", language="da")
    assert "Mette Juhl förbereder inledningen" in flat(await world.letter(ANNA, "Mette Juhl inleder"))
    await series(world)
    await days(world, 1)
    told = flat(await world.letter(ANNA, "Första träffen: 3 kommer hittills"))
    assert "Liv Moe – kommer inte: eg er på reise" in told
    assert "Mette Juhl – kommer, digitalt" in told
    await days(world, 10)
    question = await world.letter(OLA, "Et spørsmål til møtet?")
    assert "innen tirsdag 8. desember 2026 kl. 08.00" in flat(question)
    text = "Hei!\n\nHvordan får vi skygge uten å miste utsikten?\n\nVennlig hilsen\nOla Nordmann\nRådgiver"
    await outlook(world, question, text, language="nb")
    await phone(world, await world.letter(METTE, "Et spørgsmål"), "Ja: hvem rydder sne?", language="da")
    await gmail(world, await world.letter(ANNA, "En fråga"), "Nej, ingen fråga från mig den här gången")
    assert "Ja: hvem rydder sne?" in flat(await world.letter(METTE, "Til dagsordenen"))
    await days(world, 1)
    agenda = flat(await world.letter(ANNA, "Dagordning: Första träffen"))
    assert "Inledning: Mette Juhl" in agenda
    assert "Frågor ur medlemmarnas eget arbete: Ola Nordmann: > Hvordan får vi skygge" in agenda
    assert "Mette Juhl: > Ja: hvem rydder sne?" in agenda
    assert "ingen fråga" not in agenda
    assert not [one for one in await world.inbox(OLA) if one.subject.startswith("Snart")], "the agenda is the reminder"
    assert not [one for one in await world.inbox(LIV) if one.subject.startswith(("Snart", "Dagsorden"))]
    await days(world, 5)
    await outlook(
        world,
        await world.letter(ANNA, "Hur gick"),
        "Hej!\n\nVi pratade om skugga och underhåll.\n\nTODO Ola 2027-01-08: skicka exempel från Bergen\n"
        "TODO Mette till 15 januari: räkna på snöröjning\n\nMvh\nAnna",
    )
    notes = flat(await world.letter(LIV, "Referat: Första träffen"))
    assert "> Vi pratade om skugga och underhåll. Skal gjerast: * Ola Nordmann, innan fredag 8. januar 2027:" in notes
    assert "* Mette Juhl, innan fredag 15. januar 2027: räkna på snöröjning" in notes
    assert "Var med: Anna Berg, Mette Juhl, Ola Nordmann Var ikkje med: Liv Moe" in notes
    assert "Neste møte er onsdag 20. januar 2027 (veke 3) kl. 13.00–14.30." in notes


async def come_and_go(world: World) -> None:
    """Anna and two have the seats of the second meeting; Ann joins late; Ola leaves, and who waits moves up."""
    second = "20 januari|20. januar"
    await phone(world, await invitation(world, OLA, second), "Ja!", language="nb")
    await outlook(world, await invitation(world, METTE, second), "Jeg kommer gerne", language="da")
    await gmail(world, await invitation(world, LIV, second), "Ja, gjerne", language="nn")
    assert await world.letter(METTE, "Dit svar er kommet frem: Skolgårdar, fortsättning, 2027-01-20"), "which of them"
    assert "du er nummer 1 på ventelista" in flat(await world.letter(LIV, "er fullt"))
    await world.send(ANN, f"skolgardar-join@{DOMAIN}", "Joining", "Hello, I would like to take part. Best, Ann")
    await gmail(world, await world.letter(ANN, "join"), "Yes", language="en")
    coming = flat(await world.letter(ANN, "Coming meetings of Skolgårdar"))
    assert all(day in coming for day in ("20 January 2027", "3 March 2027", "14 April 2027"))
    assert "9 December" not in coming
    await world.send(OLA, f"skolgardar-leave@{DOMAIN}")
    await phone(world, await world.letter(OLA), "ja", language="nb")
    assert calendar(await world.letter(OLA, "Ikke lenger i kalenderen din"))[0] == "CANCEL"
    assert "Ein plass har vorte ledig, og han er din" in flat(await world.letter(LIV, "Du har fått plass"))


async def chased(world: World) -> None:
    """What was to be done is asked for until it is; the turn goes on; notes that only those get who were there."""
    await days(world, 26)
    await phone(world, await world.letter(OLA, "Er det gjort"), "Gjort, se vedlegg", language="nb")
    assert "Kommentar: se vedlegg" in flat(await world.letter(ANNA, "Åtgärden är klar: skicka exempel"))
    await outlook(world, await world.letter(METTE, "din tur"), "Ikke mig denne gang, jeg er på ferie", language="da")
    assert await world.letter(ANNA, "Ingen inleder ännu"), "Liv and Ann have not been to a meeting yet"
    await days(world, 8)
    await gmail(world, await world.letter(METTE, "snöröjning"), "Senere, 1. februar", language="da")
    assert "mandag den 1. februar 2027" in (await world.letter(METTE, "Ny dag")).subject
    await gmail(world, await invitation(world, ANN, "20 January"), "Yes, I'll be there", language="en")
    assert "number 1 on the waiting list" in flat(await world.letter(ANN, "is full"))
    await days(world, 5)
    assert not [one for one in await world.inbox(ANN) if one.subject.startswith("Agenda")], "she has no seat"
    await outlook(
        world,
        await world.letter(ANNA, "Hur gick"),
        "Anteckningar: Vi såg på ritningar.\nNärvarande: alla utom Mette\nFörtroligt: Liv berättade om ett eget fel.",
    )
    for who, subject, inside in ((LIV, "Referat", True), (METTE, "Referat", False), (ANN, "Notes", False)):
        notes = flat(await world.letter(who, subject))
        assert ("ett eget fel" in notes, "Vi såg på ritningar" in notes) == (inside, True), who
    assert "Were there: Anna Berg, Liv Moe Were not there: Mette Juhl, Ann Hill" in notes
    await days(world, 13)
    assert "har inte meddelat att det är klart" in flat(await world.letter(ANNA, "Försenat: räkna på snöröjning"))
    await phone(world, await world.letter(METTE, "snöröjning"), "Gjort", language="da")
    actions = await world.rows("SELECT state FROM cases WHERE kind = 'action'")
    assert [one["state"] for one in actions] == ["done", "done"]


async def ended(world: World) -> None:
    """The last two meetings, and a week later: what came of it, who wants to start again, and the end."""
    await days(world, 14)
    await phone(world, await world.letter(LIV, "Din tur til å innleie"), "Ja, det kan eg gjere", language="nn")
    await days(world, 16)
    await outlook(world, await world.letter(ANNA, "Hur gick"), "Korta anteckningar: solskydd.")
    await days(world, 42)
    await outlook(world, await world.letter(ANNA, "Hur gick"), "Tack för den här tiden! Vi skriver en handbok.")
    assert "onsdag 26 maj 2027 (v. 21)" in (await world.letter(ANNA, "Nästa möte")).subject
    await days(world, 9)
    outcome = await world.letter(ANNA, "Vad blev det av det?")
    await outlook(world, outcome, "En handbok om skolgårdar. Den ligger på https://example.org/skolgardar.")
    await outlook(world, await world.letter(METTE, "Begynde igen"), "Nej tak, det var nok for mig", language="da")
    await phone(world, await world.letter(ANN, "Start again"), "Yes please!", language="en")
    await days(world, 15)
    assert "1 vill börja om, 1 är nöjda" in flat(await world.letter(ANNA, "Fortsätter Skolgårdar?"))
    await phone(world, await world.letter(ANNA, "Fortsätter"), "Nej")
    over = flat(await world.letter(LIV, "Skolgårdar er over"))
    assert "> En handbok om skolgårdar. Den ligger på" in over
    assert await world.rows("SELECT state FROM groups WHERE name = 'skolgardar'") == [{"state": "closed"}]
    assert await world.rows("SELECT kind FROM cases WHERE closed_at IS NULL") == []


# Words that only one of the languages has; none of them may stand in another's letters as ours.
FOREIGN = {
    "sv": ("You need not", "Please answer", "Du behøver", "Du trenger", "Du treng "),
    "da": ("You need not", "Please answer", "Du behöver", "Du trenger", "Du treng "),
    "nb": ("You need not", "Please answer", "Du behöver", "Du behøver", "Du treng "),
    "nn": ("You need not", "Please answer", "Du behöver", "Du behøver", "Du trenger"),
    "en": ("Du behöver", "Du behøver", "Du trenger", "Du treng ", "Svara på", "Svar på"),
}


async def test_a_circle_from_an_initiative_to_its_end(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await forum(world)
        group = await started(world)
        await settings(world, group, introductions=True, case_question=True)
        await polled(world)
        await first_meeting(world)
        await come_and_go(world)
        await chased(world)
        await ended(world)
        for who, language in PEOPLE:
            for letter in await world.inbox(who):
                assert not [one for one in FOREIGN[language] if one in flat(letter)], letter.text
        reasons = set(await world.reasons())
        assert not reasons & {"undecided", "forbidden", "unknown-address", "case-closed"}, reasons
