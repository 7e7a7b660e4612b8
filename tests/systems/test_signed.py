"""With a key in the configuration everything that leaves is signed: posts of members, and letters of our own."""

from __future__ import annotations

from pathlib import Path

from mailsvc.clock import Instant
from mailsvc.deliver import signing
from mailsvc.limits import Limits
from mailsvc.message.dkim_check import verify
from tests.sink import Sink
from tests.systems.test_smtputf8 import relayed
from tests.systems.world import DOMAIN, running

KARIN, ANNA = "Karin Holm <karin@example.org>", "Anna Berg <anna@example.net>"


async def test_posts_and_letters_leave_signed(tmp_path: Path) -> None:
    key = signing.make(tmp_path / "key.pem", "s2026", "ed25519")
    name = f"s2026._domainkey.{DOMAIN}"
    async with Sink() as sink:
        text = relayed(sink).replace("[delivery]\n", '[delivery]\ndkim_keys = ["s2026=key.pem"]\n')
        async with running(tmp_path, text) as world:
            group = await world.group("talk", moderator=KARIN)
            await world.member(group, ANNA)
            await world.send(ANNA, f"talk@{DOMAIN}", "Maps", "Hej på er!\n.med punkt\n")
            await world.send("robin@example.com", f"talk@{DOMAIN}", "Hello", "May I?")
    assert len(sink.accepted) >= 4, "two copies of the post, a question, and what the stranger hears"
    for one in sink.accepted:
        results = verify(
            one.content,
            lambda asked: signing.record(key).encode() if asked.rstrip(".") == name else None,
            Limits(),
            Instant(0),
        )
        assert [(found.passed, found.domain, found.complete) for found in results] == [(True, DOMAIN, True)], (
            one.content
        )
