"""Posts as they come: numbers of persons in attached files, uuencoded letters with a token, absences."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path

import pytest

from tests.systems.world import CONFIG, DOMAIN, World, running

GROUP = f"cataloguing@{DOMAIN}"
CSV = "namn;personnummer\nEva Ek;19811218-9876\n"


async def staffed(world: World) -> None:
    group = await world.group("cataloguing", moderator="Karin Holm <karin@example.org>")
    for name in ("anna", "bo"):
        await world.member(group, f"{name.capitalize()} Berg <{name}@example.org>")


def mail(kind: str, body: str, *, name: str = "", encoded: bool = True, text: str = "Hello all") -> bytes:
    """Anna's post with one attached part."""
    content = base64.encodebytes(body.encode()).decode() if encoded else body
    file = f'; name="{name}"' if name else ""
    encoding = "Content-Transfer-Encoding: base64\n" if encoded else ""
    return (
        f"From: Anna Berg <anna@example.org>\nTo: {GROUP}\nSubject: The list\nMessage-ID: <list@example.org>\n"
        "Date: Mon, 23 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        f"--B\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f"--B\nContent-Type: {kind}{file}\n{encoding}Content-Disposition: attachment\n\n{content}\n--B--\n"
    ).replace("\n", "\r\n").encode()  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "body", "encoded"),
    [
        ("text/csv", "people.csv", CSV, True),
        ("text/plain", "people.txt", CSV.replace(";", ","), False),
        ("application/octet-stream", "people.CSV", CSV.replace(";", "\t"), True),
        ("application/vnd.ms-excel", "people.csv", CSV, True),
        ("message/rfc822", "", f"From: x@example.com\nSubject: y\n\n{CSV}", False),
    ],
)
async def test_a_personal_number_in_a_file_is_held_and_named(
    tmp_path: Path, kind: str, name: str, body: str, encoded: bool
) -> None:
    async with running(tmp_path, CONFIG) as world:
        await staffed(world)
        await world.submit(mail(kind, body, name=name, encoded=encoded), "anna@example.org", [GROUP])
        assert await world.reasons() == ["held"]
        assert not await world.inbox("bo@example.org")
        asked = await world.letter("karin@example.org")
        assert "an attached file seems to contain a personal identity number" in " ".join(asked.text.split())
        assert "19811218" not in asked.text


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        ("text/csv", "prices.csv", "isbn;pris\n978-91-7331-123-4;120\nfaktura 8112189876;1\n"),
        ("text/calendar", "a.ics", "BEGIN:VCALENDAR\nUID:19811218-9876\nEND:VCALENDAR\n"),
        ("application/pdf", "a.pdf", "%PDF-1.7 19811218-9876"),
    ],
)
async def test_other_files_go_out(tmp_path: Path, kind: str, name: str, body: str) -> None:
    async with running(tmp_path, CONFIG) as world:
        await staffed(world)
        await world.submit(mail(kind, body, name=name), "anna@example.org", [GROUP])
        assert await world.reasons() == ["posted"]


async def test_a_token_in_a_uuencoded_letter_never_goes_out(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await staffed(world)
        await world.send("Stranger <stranger@example.com>", GROUP, "First", "May I?")
        question = await world.letter("karin@example.org")
        token = question.reply_to.partition("@")[0].partition("+")[2]
        lines = "".join(
            binascii.b2a_uu(f"Answer to {question.reply_to}, please".encode()[place : place + 45]).decode()
            for place in (0, 45)
        )
        await world.send(
            "Karin Holm <karin@example.org>",
            GROUP,
            "What shall I do?",
            f"See:\n\nbegin 644 letter.txt\n{lines}`\nend\n",
        )
        assert (await world.reasons())[-1] == "held"
        anew = await world.letter("karin@example.org", "First")
        assert anew.reply_to != question.reply_to  # the shown one is worth nothing, Karin is asked anew
        held = await world.letter("karin@example.org", "waits for your answer: What shall I do?")
        await world.reply(held, "approve")
        post = (await world.inbox("bo@example.org"))[-1]
        block = re.search(r"begin 644 letter\.txt\r?\n((?:.+\r?\n)+?)`\r?\nend", post.message.get_content())
        assert block is not None
        shown = b"".join(binascii.a2b_uu(line) for line in block[1].splitlines())
        assert shown.startswith(b"Answer to reply+x")
        assert token.encode() not in shown.lower()


@pytest.mark.parametrize(
    "subject",
    [
        "Fraværende: Møde",
        "Fråverande: Møte",
        "Anna Berg er ikke til stede (returnerer 01-12-2026)",
        "Anna Berg er ikkje til stades.",
        "Anna Berg är inte anträffbar",
    ],
)
async def test_an_absence_goes_to_no_member_and_gets_no_letter(tmp_path: Path, subject: str) -> None:
    async with running(tmp_path, CONFIG) as world:
        await staffed(world)
        await world.send("Anna Berg <anna@example.org>", GROUP, subject, "I am away.")
        assert await world.reasons() == ["held"]
        assert not await world.inbox("bo@example.org")
        assert not await world.inbox("anna@example.org")


@pytest.mark.parametrize("subject", ["Fraværende eller ej?", "Vem är frånvarande på fredag?", "Frånvaro vid årsmötet"])
async def test_talking_about_absence_is_a_post(tmp_path: Path, subject: str) -> None:
    async with running(tmp_path, CONFIG) as world:
        await staffed(world)
        await world.send("Anna Berg <anna@example.org>", GROUP, subject, "What do you think?")
        assert await world.reasons() == ["posted"]
