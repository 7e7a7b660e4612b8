"""Answers to questions: what counts, what is asked back, what is refused; each over SMTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Holm <per@example.org>"
ANNA = "Anna Berg <anna@example.com>"
STRANGER = "Sven Ek <sven@example.net>"

BORDER = CONFIG.replace(
    'listen = ["127.0.0.1:0"]\n[web]',
    'listen = ["127.0.0.1:0"]\nauthserv_id = "mx.example.org"\ntrusted_hops = 0\n[web]',
)
UNDO = CONFIG.replace('undo = "0 min"', 'undo = "5 min"')


async def held(world: World, **headers: str) -> Letter:
    """A group with Karin and Per as moderators and Anna as member; a stranger's post waits. Karin's question."""
    group = await world.group("cataloguing", moderator=KARIN, deputy=PER, title="Cataloguing network")
    await world.member(group, ANNA)
    await world.send(STRANGER, f"cataloguing@{DOMAIN}", "A question", "May I ask something?", headers=headers)
    return await world.letter(KARIN, "A question")


async def approved(world: World) -> bool:
    return [letter.subject for letter in await world.inbox(ANNA)] == ["A question"]


async def test_rejected_with_a_reason_that_the_author_reads(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, "Afvis: Det hører ikke hjemme her.\nVenlig hilsen\nKarin")
        returned = await world.letter(STRANGER, "was not sent")
        assert "Det hører ikke hjemme her." in returned.text
        assert "May I ask something?" in returned.text
        assert not await approved(world)


async def test_discarded_tells_nobody_but_keeps_it(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        before = len(await world.inbox(STRANGER))
        await world.reply(question, "kasta")
        assert len(await world.inbox(STRANGER)) == before
        assert await world.rows("SELECT state FROM inbox WHERE id = 1") == [{"state": "quarantined"}]


async def test_approve_always_trusts_the_sender(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.reply(await held(world), "Godkänn alltid")
        await world.send(STRANGER, f"cataloguing@{DOMAIN}", "Again", "Me again")
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["A question", "Again"]


async def test_an_html_only_outlook_like_answer_of_the_deputy(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        question = await world.letter(PER, "A question")
        html = (
            '<html><body><div class="WordSection1"><p class="MsoNormal">Ja tack<o:p></o:p></p></div>'
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
            f"<b>Från:</b> Fråga <br><b>Skickat:</b> den 23 november 2026<br><b>Till:</b> Per Holm<br>"
            f"<b>Ämne:</b> {question.subject}</p></div><p>{question.text}</p></body></html>"
        )
        await world.send(PER, question.reply_to, f"SV: {question.subject}", "", html=html)
        assert await approved(world)


@pytest.mark.parametrize("text", ["Ok, jag tittar på det i morgon", "Ja, men inte före jul", "Bra!", "Ja? Vem är det?"])
async def test_an_unclear_answer_decides_nothing_and_is_asked_once(tmp_path: Path, text: str) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, text)
        assert not await approved(world)
        unclear = (await world.inbox(KARIN))[-1]
        assert "approve" in unclear.text
        await world.reply(question, text)
        assert (await world.inbox(KARIN))[-1].number == unclear.number
        await world.reply(unclear, "approve")
        assert await approved(world)


async def test_a_comment_is_shown_to_the_author(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.reply(await held(world), "Ja. Men kan Lena ta kontakt med mig om lokalen?")
        assert "Lena" in (await world.letter(STRANGER, "A comment")).text


async def test_an_out_of_office_to_the_question_approves_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        letters = len(await world.inbox(KARIN))
        await world.send(KARIN, question.reply_to, "Autosvar: A question", "Ja, jag är ledig.")
        await world.send(KARIN, question.reply_to, "Re: x", "Ja", headers={"Auto-Submitted": "auto-replied"})
        await world.submit(
            f"From: karin@example.org\r\nTo: {question.reply_to}\r\nSubject: x\r\n\r\nJa\r\n".encode(),
            "",
            [question.reply_to],
        )
        assert not await approved(world)
        assert len(await world.inbox(KARIN)) == letters


async def test_an_unknown_address_is_asked_about_and_then_counts(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, "Ja", sender="Karin Lind <karin.lind@example.com>")
        assert not await approved(world)
        claim = await world.letter(KARIN, "your address too")
        assert "karin.lind@example.com" in claim.text
        await world.reply(claim, "ja")
        assert await approved(world)
        assert "counts as yours now" in (await world.letter("karin.lind@example.com")).subject
        assert await world.letter(KARIN, "counts as yours now")
        await world.send(STRANGER, f"cataloguing@{DOMAIN}", "Second", "Text")
        await world.reply(await world.letter(KARIN, "Second"), "ja", sender="karin.lind@example.com")
        assert len(await world.inbox(ANNA)) == 2


async def test_a_no_to_the_claim_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, "Ja", sender="mallory@example.net")
        await world.reply(await world.letter(KARIN, "your address too"), "nej")
        assert not await approved(world)
        assert await world.rows("SELECT * FROM address WHERE folded = 'mallory@example.net'") == []


async def test_another_persons_address_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, "Ja", sender=ANNA)
        assert not await approved(world)
        assert "belongs to somebody else" in (await world.letter(KARIN, "not counted")).text


async def test_the_thread_is_as_good_as_the_token(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        headers = {"References": str(question.message["Message-ID"])}
        await world.send(KARIN, f"cases@{DOMAIN}", f"Sv: {question.subject}", "Ja", headers=headers)
        assert await approved(world)


async def test_the_number_alone_is_challenged(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.send(KARIN, f"cases@{DOMAIN}", f"Svar [#{question.case}]", "Ja")
        assert not await approved(world)
        await world.reply(await world.letter(KARIN, "Was this you"), "ja")
        assert await approved(world)


async def test_a_button_answers_with_its_subject(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.send(KARIN, question.reply_to, f"approve [#{question.case}]", "")
        assert await approved(world)


async def test_an_unknown_token_answers_only_a_known_person(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        token = "reply+" + "a" * 26
        before = len(await world.inbox(STRANGER))
        await world.send(STRANGER, f"{token}@{DOMAIN}", "x", "Ja")
        assert len(await world.inbox(STRANGER)) == before
        await world.send(ANNA, f"{token}@{DOMAIN}", "x", "Ja")
        assert "could not find" in (await world.inbox(ANNA))[-1].subject


async def test_evidence_weak_is_challenged_and_fail_refused(tmp_path: Path) -> None:
    passing = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.net"}
    async with running(tmp_path, BORDER) as world:
        question = await held(world, **passing)
        failing = {"Authentication-Results": "mx.example.org; dmarc=fail (p=reject) header.from=example.org"}
        await world.reply(question, "Ja", headers=failing)
        assert not await approved(world)
        assert "forged" in (await world.letter(KARIN, "not counted")).text
        await world.reply(question, "Ja")
        assert not await approved(world)
        await world.reply(await world.letter(KARIN, "Was this you"), "ja")
        assert await approved(world)


async def test_undo_within_the_window_opens_the_question_again(tmp_path: Path) -> None:
    async with running(tmp_path, UNDO) as world:
        question = await held(world)
        await world.reply(question, "Ja")
        assert not await approved(world)
        receipt = await world.letter(KARIN, "Your answer")
        await world.reply(receipt, "Ångra")
        await world.pass_time(minutes=10)
        assert not await approved(world)
        await world.reply(await world.letter(PER, "A question"), "Ja")
        await world.pass_time(minutes=10)
        assert await approved(world)
        await world.reply(await world.letter(PER, "Your answer"), "undo")
        assert "no longer open" in (await world.inbox(PER))[-1].text


async def test_after_fourteen_working_days_the_author_gets_the_post_back(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await held(world)
        await world.pass_time(days=17)
        assert "was not sent" not in (await world.inbox(STRANGER))[-1].text
        await world.pass_time(days=2)
        returned = await world.letter(STRANGER, "Nobody has answered")
        assert "May I ask something?" in returned.text
        question = await world.letter(KARIN, "A question")
        await world.reply(question, "Ja")
        assert not await approved(world)


async def test_strangers_without_proof_are_gathered_once_a_day(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        group = await world.group("cataloguing", moderator=KARIN, deputy=PER)
        await world.member(group, ANNA)
        for number in (1, 2):
            await world.send(f"s{number}@example.net", f"cataloguing@{DOMAIN}", f"Post {number}", "Text")
        assert await world.inbox(KARIN) == []
        assert await world.inbox("s1@example.net") == []
        await world.pass_time(hours=8)
        listed = await world.letter(KARIN, "2 matters wait")
        assert len(await world.inbox(KARIN)) == 1
        await world.reply(
            listed,
            "1 kasta, 2 ja",
            headers={"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.org"},
        )
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["Post 2"]


async def test_a_token_sent_to_everybody_is_held_revoked_and_issued_anew(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.send(KARIN, f"cataloguing@{DOMAIN}", "Fwd", f"Look:\n\nReply-To: {question.reply_to}\n")
        assert await world.inbox(ANNA) == []
        again = [letter for letter in await world.inbox(KARIN) if "A question" in letter.subject][-1]
        assert again.reply_to != question.reply_to
        await world.reply(again, "ja")
        assert await approved(world)


async def test_a_deputy_who_answers_the_moderators_letter_gets_an_own_one(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        before = len(await world.inbox(PER))
        await world.reply(question, "Ja tack", sender=PER)
        assert not await approved(world)
        assert len(await world.inbox(PER)) == before + 1
        await world.reply((await world.inbox(PER))[-1], "Ja tack")
        assert await approved(world)


async def test_a_member_who_answers_somebody_elses_letter_is_told(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        for _ in range(2):
            await world.reply(question, "Ja tack", sender=ANNA)
        assert [letter.subject for letter in await world.inbox(ANNA)] == ["Your answer was not counted"]


async def test_an_undo_that_comes_too_late_is_told_so(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, "Ja")
        receipt = await world.letter(KARIN, "Your answer")
        await world.reply(receipt, "Ångra")
        assert "too late" in (await world.inbox(KARIN))[-1].text
        await world.reply(question, "undo")
        assert "too late" in (await world.inbox(KARIN))[-1].text
        letters = len(await world.inbox(KARIN))
        await world.send(
            KARIN, f"cases@{DOMAIN}", "Re: x", "Tack!", headers={"In-Reply-To": str(receipt.message["Message-ID"])}
        )
        assert len(await world.inbox(KARIN)) == letters


async def test_a_claimed_address_leads_to_one_receipt(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        question = await held(world)
        await world.reply(question, "Ja", sender="Karin Lind <karin.lind@example.com>")
        before = len(await world.inbox(KARIN))
        await world.reply(await world.letter(KARIN, "your address too"), "ja")
        subjects = [one.subject for one in (await world.inbox(KARIN))[before:] if not one.message["List-Id"]]
        assert len(subjects) == 2, subjects
