"""Calendars' answers as real programs have sent them, re-addressed to our own invitation and applied over SMTP."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.systems.test_meetings import ANNA, KARIN, NORDIC, calendar, called, network, organizer
from tests.systems.world import Letter, World, running

CORPUS = Path(__file__).resolve().parents[3] / "shared/corpus/itip"


def captures() -> list[tuple[str, str]]:
    """Every answer in the corpus with what is known of it."""
    if not (CORPUS / "expected.jsonl").is_file():
        return []
    lines = [json.loads(line) for line in (CORPUS / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        (one["file"], one.get("expected", ""))
        for one in lines
        if one.get("method") == "REPLY" and one["components"][0]["component"] == "VEVENT"
    ]


def readdressed(content: str, uid: str, address: str) -> str:
    """The capture, unfolded, as an answer to the invitation with this UID from this address; nothing else differs."""
    plain = re.sub(r"\r?\n[ \t]", "", content)
    plain = re.sub(r"(?m)^UID:.*$", f"UID:{uid}", plain)
    out = []
    for line in plain.splitlines():
        known = re.sub(r"(?i)mailto:[^;\"]*$", f"MAILTO:{address}", line) if line.startswith("ATTENDEE") else line
        out.append(known)
    return "\r\n".join(out) + "\r\n"


async def deliver(world: World, invitation: Letter, text: str, *, shape: str = "alternative") -> None:
    """As Exchange and Google send it (an alternative), as Apple does (without its method), or as the only part."""
    message = EmailMessage()
    message["From"], message["To"] = invitation.owner, organizer(invitation)
    world.sent += 1
    message["Date"] = datetime(2026, 11, 23, 9, 0, world.sent % 60, tzinfo=UTC)
    message["Subject"], message["Message-ID"] = "Accepted: Map meeting", f"<capture-{world.sent}@example.org>"
    if shape == "alone":
        message.set_content(text.encode(), "text", "calendar", params={"charset": "UTF-8", "method": "REPLY"})
    else:
        message.set_content("An answer.")
        parameters = {"charset": "UTF-8"} | ({"method": "REPLY"} if shape == "alternative" else {})
        message.add_alternative(text.encode(), "text", "calendar", params=parameters)
    await world.submit(message.as_bytes(), invitation.owner, [organizer(invitation)])


PARTSTATS = {"accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}


def expected(stated: str) -> tuple[str, str]:
    """PARTSTAT and comment as the corpus states them."""
    word = re.match(r"\w+", stated)
    comment = re.search(r'comment "([^"]*)"', stated)
    found = PARTSTATS[word[0]] if word else "ACCEPTED"
    if "Foo bar" in stated or "comment once" in stated:
        return found, "Foo bar Bli blub"
    return found, comment[1] if comment else ""


@pytest.mark.parametrize("shape", ["alternative", "no-method", "alone"])
@pytest.mark.parametrize(("file", "stated"), captures() or [pytest.param("", "", id="no-corpus")])
async def test_a_captured_answer_counts_as_stated(tmp_path: Path, file: str, stated: str, shape: str) -> None:
    if not file:
        pytest.skip("../shared/corpus/itip is not there")
    async with running(tmp_path, NORDIC) as world:
        await network(world)
        await called(world, "When: 2026-12-03 13:00-14:30\n")
        invitation = await world.letter(ANNA)
        content = (CORPUS / file).read_bytes().decode("utf-8", "replace")
        await deliver(
            world, invitation, readdressed(content, calendar(invitation)[1]["UID"], "anna@example.org"), shape=shape
        )
        rows = await world.rows("SELECT partstat, comment, title FROM invitee i JOIN meeting m ON m.id = i.meeting_id"
                                " WHERE address = 'anna@example.org'")  # fmt: skip
        partstat, comment = expected(stated)
        assert rows == [{"partstat": partstat, "comment": comment, "title": "Map meeting"}]
        # the same once more, and the summary tells it once
        await deliver(world, invitation, readdressed(content, calendar(invitation)[1]["UID"], "anna@example.org"))
        await world.pass_time(hours=7)
        found = [one for one in await world.inbox(KARIN) if "come so far" in one.subject]
        assert len(found) == 1
