"""No live token leaves in anything sent to anyone but its owner (promise 8), in many shapes of carelessness."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.systems.token_shapes import SHAPES, Shape, shows, token
from tests.systems.world import DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
OTHERS = (ANNA, PER, "Sven <sven@example.net>")
TOGETHER = 6  # shapes in one world
GROUPS = [SHAPES[start : start + TOGETHER] for start in range(0, len(SHAPES), TOGETHER)]


async def held(world: World, title: str = "Held") -> Letter:
    await world.send("Sven <sven@example.net>", f"talk@{DOMAIN}", title, "Text")
    return await world.letter(KARIN, title)


async def scene(world: World) -> Letter:
    group = await world.group("talk", moderator=KARIN, deputy=PER)
    await world.member(group, ANNA)
    return await held(world)


def written(shape: Shape, letter: Letter) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = KARIN, f"talk@{DOMAIN}", f"Look {shape.__name__}"
    mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 10:00:00 +0100", f"<{shape.__name__}@example.org>"
    shape(letter, mail)
    return mail.as_bytes()


async def nobody_sees(world: World, secret: str, shape: Shape) -> None:
    for who in OTHERS:
        for letter in await world.inbox(who):
            assert not shows(letter.raw, secret), (shape.__name__, who, letter.subject)


async def counts_no_more(world: World, question: Letter, title: str) -> None:
    """The old token decides nothing, and its owner has a new letter that does."""
    before = [letter.subject for letter in await world.inbox(ANNA)]
    await world.send(KARIN, question.reply_to, f"Re: {title}", "Ja")
    assert [letter.subject for letter in await world.inbox(ANNA)] == before
    again = [one for one in await world.inbox(KARIN) if f"{title} [#" in one.subject and "reply+" in one.reply_to][-1]
    assert again.reply_to != question.reply_to
    await world.reply(again, "Ja")
    assert [letter.subject for letter in await world.inbox(ANNA)] == [*before, title]


@pytest.mark.parametrize("shapes", GROUPS, ids=lambda shapes: shapes[0].__name__)
async def test_a_token_in_a_post_reaches_nobody(tmp_path: Path, shapes: list[Shape]) -> None:
    async with running(tmp_path) as world:
        await scene(world)
        for number, shape in enumerate(shapes):
            question = await held(world, f"Secret {number}")
            assert shows(question.raw, token(question))  # the looking itself works
            raw = written(shape, question)
            assert shows(raw, token(question)), f"{shape.__name__} shows nothing"
            before = len(await world.inbox(ANNA))
            await world.submit(raw, "karin@example.org", [f"talk@{DOMAIN}"])
            assert len(await world.inbox(ANNA)) == before, f"{shape.__name__} was not held"
            await nobody_sees(world, token(question), shape)
            asked = [one for one in await world.inbox(PER) if "reply+" in one.reply_to][-1]
            await counts_no_more(world, question, f"Secret {number}")
            # a moderator lets it through: it comes without the token, and with everything else
            await world.reply(asked, "Ja")
            assert len(await world.inbox(ANNA)) == before + 2, f"{shape.__name__} was not let through"
            await nobody_sees(world, token(question), shape)


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
