"""No live token leaves in anything sent to anyone but its owner (promise 8), in many shapes of carelessness."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.systems.world import DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"

Shape = Callable[[Letter, EmailMessage], None]


def plain(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Answer to {letter.reply_to} please")


def upper(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Answer to {letter.reply_to.upper()} please")


def quoted_letter(letter: Letter, mail: EmailMessage) -> None:
    lines = "\n".join(f"> {line}" for line in [f"Reply-To: {letter.reply_to}", *letter.text.splitlines()])
    mail.set_content(f"What do you think?\n\nOn Monday Karin wrote:\n{lines}\n")


def forwarded_text(letter: Letter, mail: EmailMessage) -> None:
    mail.replace_header("Subject", f"VB: {letter.subject}")
    mail.set_content(f"Titta!\n\n-----Ursprungligt meddelande-----\nSvara till: {letter.reply_to}\n\n{letter.text}")


def html_link(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(letter.html, subtype="html")


def html_beside_text(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("Look at this")
    mail.add_alternative(letter.html, subtype="html")


def base64_text(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"Svara till {letter.reply_to} åäö", cte="base64")


def quoted_printable(letter: Letter, mail: EmailMessage) -> None:
    body = quopri.encodestring(f"Svara till {letter.reply_to} åäö".encode(), quotetabs=True)
    mail.set_payload(body.decode().replace("+", "=2B"))
    mail["Content-Type"] = "text/plain; charset=utf-8"
    mail["Content-Transfer-Encoding"] = "quoted-printable"


def percent_encoded(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content(f"mailto:{quote(letter.reply_to, safe='')}?subject=approve")


def in_cc(letter: Letter, mail: EmailMessage) -> None:
    mail["Cc"] = letter.reply_to
    mail.set_content("Reply-all")


def in_references(letter: Letter, mail: EmailMessage) -> None:
    mail["X-Original-Reply-To"] = letter.reply_to
    mail.set_content("In a header")


def in_subject(letter: Letter, mail: EmailMessage) -> None:
    mail.replace_header("Subject", f"Fwd: {letter.reply_to}")
    mail.set_content("In the subject")


def attached_whole(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the letter")
    mail.add_attachment(letter.message)


def attached_eml_base64(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    mail.add_attachment(letter.raw, maintype="application", subtype="octet-stream", filename="letter.eml")


def attached_text_file(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    mail.add_attachment(f"token: {letter.reply_to}", filename="note.txt")


def twice_encoded(letter: Letter, mail: EmailMessage) -> None:
    mail.set_content("See the file")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content(f"Reply to {letter.reply_to}", cte="base64")
    mail.add_attachment(inner)


SHAPES: list[Shape] = [
    plain, upper, quoted_letter, forwarded_text, html_link, html_beside_text, base64_text, quoted_printable,
    percent_encoded, in_cc, in_references, in_subject, attached_whole, attached_eml_base64, attached_text_file,
    twice_encoded,
]  # fmt: skip


async def scene(world: World) -> Letter:
    group = await world.group("talk", moderator=KARIN, deputy=PER)
    await world.member(group, ANNA)
    await world.send("Sven <sven@example.net>", f"talk@{DOMAIN}", "Held", "Text")
    return await world.letter(KARIN, "Held")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
async def test_a_token_in_a_post_reaches_nobody(tmp_path: Path, shape: Shape) -> None:
    async with running(tmp_path) as world:
        question = await scene(world)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = KARIN, f"talk@{DOMAIN}", "Look"
        mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 10:00:00 +0100", "<look@example.org>"
        shape(question, mail)
        await world.submit(mail.as_bytes(), "karin@example.org", [f"talk@{DOMAIN}"])
        token = question.reply_to.partition("@")[0].partition("+")[2].encode()
        shapes_of_token = {token, token.upper(), base64.b64encode(token)}
        for who in (ANNA, PER, "sven@example.net"):
            for letter in await world.inbox(who):
                assert not any(one in letter.raw for one in shapes_of_token), (who, letter.subject)
                text = letter.text.encode() + letter.html.encode()
                assert token not in text.lower()
        assert [letter.subject for letter in await world.inbox(ANNA)] == []
        # the old token counts no more, and Karin has a new letter that does
        await world.send(KARIN, question.reply_to, "Re: Held", "Ja")
        assert [letter.subject for letter in await world.inbox(ANNA)] == []
        again = [one for one in await world.inbox(KARIN) if "Held [#" in one.subject and "reply+" in one.reply_to][-1]
        assert again.reply_to != question.reply_to
        await world.reply(again, "Ja")
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["Held"]


async def test_a_token_in_mail_to_the_moderators_counts_no_more(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await scene(world)
        await world.send(KARIN, f"talk-owner@{DOMAIN}", "Look", f"Reply to {question.reply_to}")
        await world.send(KARIN, question.reply_to, "Re: Held", "Ja")
        assert await world.inbox(ANNA) == []
        again = [one for one in await world.inbox(KARIN) if "Held [#" in one.subject and "reply+" in one.reply_to][-1]
        await world.reply(again, "Ja")
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["Held"]


async def test_a_letters_message_id_is_as_secret_as_its_token(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await scene(world)
        thread = {"In-Reply-To": str(question.message["Message-ID"])}
        await world.send(KARIN, f"talk@{DOMAIN}", "Re: Held", "Ja, jag godkänner.", headers=thread)
        assert await world.inbox(ANNA) == []
        await world.send(KARIN, f"cases@{DOMAIN}", "Re: Held", "Ja", headers=thread)
        await world.send(KARIN, question.reply_to, "Re: Held", "Ja")
        assert await world.inbox(ANNA) == []


async def test_a_revoked_token_decides_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await scene(world)
        await world.send(KARIN, f"talk@{DOMAIN}", "Look", f"Reply to {question.reply_to}")
        held = await world.letter(PER, "Look")
        assert "Reply to reply+…" in held.text
        for headers in ({}, {"References": str(question.message["Message-ID"])}):
            await world.send(KARIN, question.reply_to, "Re: Held", "Ja", headers=headers)
        assert await world.inbox(ANNA) == []
