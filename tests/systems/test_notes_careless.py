"""Notes as people send them: as files, with lists of tasks, with a greeting, from a phone, with nothing but thanks."""

from __future__ import annotations

import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from tests.systems.test_b_network_groups import ANNA, KARIN, METTE, OLA, called, circle
from tests.systems.test_meetings import NORDIC, flat
from tests.systems.world import Letter, World, running, split


async def held(world: World) -> Letter:
    """A meeting is over, and Karin is asked how it went."""
    await circle(world, kind="network")
    await called(world)
    await world.reply(await world.letter(ANNA), "ja")
    await world.pass_time(days=10, hours=5)
    return await world.letter(KARIN, "How did it go?")


async def send_files(world: World, letter: Letter, body: str, *files: tuple[str, str, bytes]) -> None:
    mail = EmailMessage(policy=email.policy.SMTP.clone(cte_type="8bit"))
    mail["From"] = KARIN
    mail["To"] = letter.reply_to
    mail["Subject"] = f"RE: {letter.subject}"
    mail["Message-ID"] = f"<files-{len(files)}-{len(body)}@example.org>"
    mail["In-Reply-To"] = str(letter.message["Message-ID"])
    mail["Date"] = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)
    mail.set_content(body)
    for name, kind, content in files:
        mail.add_attachment(content, maintype=kind.split("/")[0], subtype=kind.split("/")[1], filename=name)
    await world.submit(mail.as_bytes(), split(KARIN)[1], [letter.reply_to])


async def test_a_text_file_is_read_and_another_one_is_not_lost_in_silence(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        how = await held(world)
        text = "Vi enades om skugga.\r\nTODO Anna 20/12: ring\r\n".encode("cp1252")
        word = ("Notes.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04")
        await send_files(world, how, "See the files. /Karin", ("notes.txt", "application/octet-stream", text), word)
        receipt = await world.letter(KARIN, "Your notes are kept")
        assert "> Vi enades om skugga." in receipt.text
        assert "Anna Berg, by Sunday 20 December 2026: ring" in flat(receipt)
        assert "or send the files to yards-docs@networks.example.org" in flat(receipt)
        assert "* Notes.docx" in receipt.text
        assert "> Vi enades om skugga." in (await world.letter(OLA, "Referat")).text
        assert await world.letter(ANNA, "ring")
        await world.reply(receipt, "Notes: Shade.\n", quote=False)
        assert "Notes.docx" not in (await world.letter(KARIN, "Your notes are kept")).text


async def test_only_a_file_sends_nothing_to_anybody(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        how = await held(world)
        await send_files(
            world,
            how,
            "\n".join(f"> {row}" for row in how.text.splitlines()),
            ("Minutes.pdf", "application/pdf", b"%PDF-1.7"),
        )
        receipt = await world.letter(KARIN, "Your notes are kept")
        assert "* Minutes.pdf" in receipt.text
        assert not [one for one in await world.inbox(OLA) if one.subject.startswith("Referat")]
        await world.reply(receipt, "Notes: Shade and benches.\n", quote=False)
        assert "Shade and benches" in flat(await world.letter(OLA, "Referat"))


async def test_tasks_in_a_list_and_those_of_nobody(tmp_path: Path) -> None:
    async with running(tmp_path, NORDIC) as world:
        text = (
            "Hej alla,\n\nVi pratade om skugga.\n\nAtt göra:\n- Anna till 20/12: boka lokal\n- Ola ringer\n\n"
            "TODO Eva: sjung\nTODO alla: läs\nOpgave Mette 1. feb - lav udkast\n\nMed vänlig hälsning\nKarin Holm"
        )
        await world.reply(await held(world), text)
        receipt = flat(await world.letter(KARIN, "Your notes are kept"))
        assert "so nothing was done with it: * TODO Eva: sjung * TODO alla: läs" in receipt
        notes = await world.letter(METTE, "Referat")
        assert "Hej alla" not in notes.text
        assert "Karin Holm" not in notes.text.partition("Skal gøres")[0].partition("> ")[2]
        assert "> Att göra" not in notes.text, "the list stands below, and nothing else was in it"
        assert "> TODO Eva: sjung" in notes.text, "what was not understood stays in the notes"
        assert "Ola Nordmann: ringer * Mette Juhl, senest mandag den 1. februar 2027: lav udkast" in flat(notes)
        for who, what in ((ANNA, "boka lokal"), (OLA, "ringer"), (METTE, "lav udkast")):
            assert await world.letter(who, what)
