"""A new mail to the address of a closed question: its author is told where to write, and POST sends it there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.world import DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Dal <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
TEXT = "Shall we have lunch together on Friday?\n\nI would book a table."


async def closed_question(world: World, **more: str) -> Letter:
    """Karin's letter of a question that she has answered."""
    group = await world.group("talk", moderator=KARIN, **more)
    await world.member(group, ANNA)
    await world.send("Bo <bo@example.net>", f"talk@{DOMAIN}", "From Bo", "Text")
    question = await world.letter(KARIN, "From Bo")
    await world.reply(question, "reject")
    return question


async def posts(world: World, who: str, subject: str) -> list[Letter]:
    return [one for one in await world.inbox(who) if one.message["List-Id"] and one.subject == subject]


@pytest.mark.parametrize("word", ["POST", "posta", "send", "Skicka det, tack!", "yes please"])
async def test_post_sends_it_to_the_group(tmp_path: Path, word: str) -> None:
    async with running(tmp_path) as world:
        question = await closed_question(world)
        book = {"To": f'"Answer #{question.case}" <{question.reply_to}>, Bo <bo@example.net>'}
        await world.send(KARIN, question.reply_to, "Lunch", TEXT, headers=book)
        assert (await world.reasons())[-1] == "old-question"
        asked = await world.letter(KARIN, "You wrote to an old question")
        assert f"talk@{DOMAIN} is the address" in " ".join(asked.text.split())
        assert await posts(world, ANNA, "Lunch") == []
        await world.reply(asked, word)
        (post,) = await posts(world, ANNA, "Lunch")
        assert TEXT.replace("\n", "") in post.text.replace("\r", "").replace("\n", "")
        assert str(post.message["From"].addresses[0].addr_spec) == "karin@example.org"
        assert str(post.message["To"]) == f"talk@{DOMAIN}, Bo <bo@example.net>"
        token = question.reply_to.partition("+")[2].partition("@")[0]
        assert token.encode() not in post.raw
        await world.reply(asked, word)
        assert len(await posts(world, ANNA, "Lunch")) == 1


async def test_no_or_no_answer_leaves_it_where_it_is(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await closed_question(world)
        for subject, answer in (("One", "no"), ("Two", "")):
            await world.send(KARIN, question.reply_to, subject, TEXT)
            asked = await world.letter(KARIN, f"old question: {subject}")
            if answer:
                await world.reply(asked, answer)
        await world.pass_time(days=15)
        await world.reply(asked, "post")
        assert await posts(world, ANNA, "One") + await posts(world, ANNA, "Two") == []
        assert await world.rows("SELECT 1 FROM cases WHERE closed_at IS NULL") == []


async def test_it_is_the_authors_post_under_the_groups_rules(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await closed_question(world, post="moderators", deputy=PER)
        await world.send(KARIN, question.reply_to, "Lunch", "Numret är 811218-9876.\n")
        await world.reply(await world.letter(KARIN, "old question"), "post")
        assert (await world.reasons())[-1] == "held"
        held = await world.letter(PER, "Lunch")
        await world.reply(held, "approve")
        (post,) = await posts(world, ANNA, "Lunch")
        assert b"reply+" not in post.raw


async def test_a_reply_in_the_thread_and_an_empty_mail_are_answered_as_before(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await closed_question(world)
        await world.reply(question, "I wonder what this was about")
        await world.send(KARIN, question.reply_to, "Re: From Bo [#1]", "I wonder what this was about")
        await world.send(KARIN, question.reply_to, "Hello", "\n")
        assert (await world.reasons())[-3:] == ["already-decided"] * 3


async def test_somebody_elses_mail_to_the_old_address_is_not_offered(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await closed_question(world)
        await world.send("Eve <eve@example.net>", question.reply_to, "Lunch", TEXT)
        assert "old-question" not in await world.reasons()
        assert await posts(world, ANNA, "Lunch") == []


@pytest.mark.parametrize(("days", "reason"), [(179, "already-decided"), (181, "unknown-token")])
async def test_a_closed_question_is_remembered_for_as_long_as_the_limit_says(
    tmp_path: Path, days: int, reason: str
) -> None:
    async with running(tmp_path) as world:
        question = await closed_question(world)
        await world.pass_time(days=days)
        await world.reply(question, "approve")
        assert (await world.reasons())[-1] == reason
        last = (await world.inbox(KARIN))[-1]
        assert ("already" in last.text.lower()) == (reason == "already-decided")
