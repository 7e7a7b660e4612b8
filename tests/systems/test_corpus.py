"""Real mails, byte for byte, through the whole service: no machine is answered, and what goes out is valid."""

from __future__ import annotations

import email
import email.policy
import json
import re
import smtplib
from pathlib import Path

import pytest

from mailsvc.limits import Limits
from mailsvc.message.parsing import parse
from tests.systems.world import CONFIG, DOMAIN, World, running
from tests.tools import require_corpus

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"
TRUSTED = CONFIG.replace("message_size = 2000000", "message_size = 30000000\ngroup_message_size = 30000000")

pytestmark = pytest.mark.corpus


def cases(part: str) -> list[dict[str, object]]:
    folder = require_corpus(part)
    return [json.loads(line) for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


async def author_joins(world: World, group: int, content: bytes) -> str:
    """Make the mail's author a member, so that nothing but the mail itself decides; "" when there is none."""
    author = parse(content, Limits()).from_address
    if author is None or "@" not in str(author):
        return ""
    await world.member(group, str(author))  # type: ignore[arg-type]
    return str(author)


def reverse_path(content: bytes) -> str:
    """The envelope sender that the corpus kept in Return-Path, else the author's address."""
    message = parse(content, Limits())
    kept = message.get("Return-Path")
    if kept is not None:
        match = re.search(r"<([^>]*)>", kept)
        return match[1] if match else ""
    return str(message.from_address or "someone@example.org")


async def hand_in(world: World, content: bytes, to: str) -> str:
    """Submit; "" when accepted, else the reply."""
    content = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if content.startswith(b"From "):
        content = content.partition(b"\r\n")[2]
    try:
        await world.submit(content, reverse_path(content), [to])
    except smtplib.SMTPResponseException as refused:
        return f"{refused.smtp_code} {refused.smtp_error!r}"
    return ""


async def test_automatic_mail_is_no_command_no_answer_no_post_and_gets_no_letter(tmp_path: Path) -> None:
    folder = require_corpus("autoreplies")
    for number, case in enumerate(cases("autoreplies")):
        content = (folder / str(case["file"])).read_bytes()
        if not case["automatic"]:
            continue
        async with running(tmp_path / f"{number}") as world:
            group = await world.group("cataloguing", moderator=KARIN)
            author = await author_joins(world, group, content)
            await world.send("stranger@example.net", f"cataloguing@{DOMAIN}", "Held", "Ja")
            question = await world.letter(KARIN, "Held")
            before = await world.rows("SELECT count(*) AS n FROM membership WHERE ended_at IS NULL")
            for to in (
                f"cataloguing@{DOMAIN}",
                f"cataloguing-request@{DOMAIN}",
                f"cataloguing-leave@{DOMAIN}",
                question.reply_to,
            ):
                await hand_in(world, content, to)
            assert (
                await world.rows("SELECT count(*) AS n FROM outgoing WHERE kind = 'post'") == [{"n": 0}] or author == ""
            )
            held = await world.rows("SELECT state FROM cases WHERE subject_ref = 'stranger@example.net'")
            assert held == [{"state": "waiting"}], case["file"]
            assert await world.rows("SELECT count(*) AS n FROM membership WHERE ended_at IS NULL") == before
            assert not author or await world.inbox(author) == [], case["file"]


async def test_mail_of_people_that_looks_automatic_is_handled(tmp_path: Path) -> None:
    folder = require_corpus("autoreplies")
    for number, case in enumerate(cases("autoreplies")):
        if case["automatic"]:
            continue
        content = (folder / str(case["file"])).read_bytes()
        async with running(tmp_path / f"{number}") as world:
            group = await world.group("cataloguing", moderator=KARIN)
            await author_joins(world, group, content)
            assert await hand_in(world, content, f"cataloguing@{DOMAIN}") == ""
            assert (await world.reasons())[-1] in ("posted", "held"), case["file"]


async def test_every_mime_mail_is_accepted_or_refused_and_goes_out_valid(tmp_path: Path) -> None:
    folder = require_corpus("mime")
    accepted = 0
    async with running(tmp_path, TRUSTED) as world:
        group = await world.group("cataloguing", moderator=KARIN, post="anyone")
        await world.member(group, ANNA)
        for case in cases("mime"):
            content = (folder / str(case["file"])).read_bytes()
            reply = await hand_in(world, content, f"cataloguing@{DOMAIN}")
            assert reply == "" or reply.startswith("5"), (case["file"], reply)
            accepted += reply == ""
        await world.settle()
        states = await world.rows("SELECT state, count(*) AS n FROM inbox GROUP BY state ORDER BY state")
        assert {row["state"] for row in states} <= {"handled", "quarantined"}
        assert await world.rows("SELECT * FROM outgoing WHERE state = 'paused'") == []
        assert accepted > 50
        for letter in await world.inbox(ANNA):
            check_valid(letter.raw)


def check_valid(raw: bytes) -> None:
    """RFC 5322: no NUL, no bare CR or LF, one From, a Message-ID, a Date."""
    assert b"\0" not in raw
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    head = email.message_from_bytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=email.policy.compat32)
    names = [name.lower() for name in head.keys()]  # noqa: SIM118
    assert names.count("from") == 1
    assert names.count("message-id") == 1
    assert names.count("date") == 1
