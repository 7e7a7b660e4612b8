"""Posts over SMTP from the mail that comes in to the letters that everybody reads."""

from __future__ import annotations

from pathlib import Path

from tests.systems.world import DOMAIN, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
STRANGER = "Sven Ek <sven@example.net>"


async def test_a_members_post_reaches_everybody(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN, deputy=PER)
        await world.member(group, ANNA)
        await world.send(ANNA, f"cataloguing@{DOMAIN}", "New rules", "Hello all,\n\nsee the new rules.\n")
        for who in (KARIN, PER, ANNA):
            letter = await world.letter(who, "New rules")
            assert letter.subject == "New rules"
            assert letter.message["List-Id"] is not None
            assert "see the new rules" in letter.text
            assert letter.reverse_path.startswith("bounces+")
        assert await world.reasons() == ["posted"]


async def test_a_strangers_post_is_held_and_approved_by_reply(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN, deputy=PER, title="Cataloguing network")
        await world.member(group, ANNA)
        await world.send(STRANGER, f"cataloguing@{DOMAIN}", "A question", "May I ask something?")
        assert len(await world.inbox(ANNA)) == 0
        held = await world.letter(STRANGER, "waits for a moderator")
        assert "Cataloguing network" in held.text
        question = await world.letter(PER, "A question")
        assert "May I ask something?" in question.text
        await world.reply(question, "Ja tack")
        assert "May I ask something?" in (await world.letter(ANNA, "A question")).text
        receipt = await world.letter(PER, "Your answer")
        assert 'Read as: YES ("Ja tack")' in receipt.text
        assert "has approved" in (await world.letter(STRANGER, "has been sent")).text


async def test_approved_twice_is_sent_once(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("cataloguing", moderator=KARIN, deputy=PER)
        await world.member(group, ANNA)
        await world.send(STRANGER, f"cataloguing@{DOMAIN}", "A question", "May I?")
        first, second = await world.letter(KARIN, "A question"), await world.letter(PER, "A question")
        await world.reply(first, "Godkänn")
        await world.reply(second, "Godkend")
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["A question"]
        assert "Karin Lind" in (await world.letter(PER, "Already decided")).text
