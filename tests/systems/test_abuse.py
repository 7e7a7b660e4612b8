"""The service is no weapon: no backscatter, no subscription bombing, no mail loop (promises 9 and 12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.systems.world import CONFIG, DOMAIN, World, running
from tests.tools import SOAK

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"
OPERATOR = "operator@example.org"
BORDER = CONFIG.replace("[web]", 'authserv_id = "mx.example.org"\ntrusted_hops = 0\n[web]')
FAIL = {"Authentication-Results": "mx.example.org; dmarc=fail (p=reject) header.from=example.net"}
PASS = {"Authentication-Results": "mx.example.org; dmarc=pass header.from=example.net"}


NUMBERS = count(1)
Forwarder = Callable[[bytes], bytes]


async def letters_to(world: World, domain: str) -> int:
    rows = await world.rows("SELECT count(*) AS n FROM delivery WHERE address LIKE :like", like=f"%@{domain}")
    return int(str(rows[0]["n"]))


async def test_forged_senders_get_no_letters(tmp_path: Path) -> None:
    async with running(tmp_path, BORDER) as world:
        await world.group("talk", moderator=KARIN)
        # a request to join is answered with a confirmation when the evidence is only weak: that is how it is proven
        addresses = [f"talk@{DOMAIN}", f"talk-leave@{DOMAIN}", f"talk-request@{DOMAIN}", f"talk-owner@{DOMAIN}"]
        addresses += [f"cases@{DOMAIN}", f"reply+{'a' * 26}@{DOMAIN}"]
        for number in range(1000 if SOAK else 24):
            to = addresses[number // 2 % len(addresses)] if number % 4 else f"talk-join@{DOMAIN}"
            headers = FAIL if number % 2 == 0 else {}
            await world.send(f"victim{number}@example.net", to, "help", "help\n", headers=headers)
        assert await letters_to(world, "example.net") == 0


async def test_a_flood_of_join_requests_is_held_down_and_an_honest_one_goes_on(tmp_path: Path) -> None:
    flood = 1000 if SOAK else 20
    config = CONFIG + f"confirmations_site_per_hour = {flood // 2}\n"
    async with running(tmp_path, config) as world:
        await world.group("talk", moderator=KARIN, join="confirm")
        for number in range(flood * (10 if SOAK else 3)):
            await world.send(f"victim{number % flood}@example.net", f"talk-join@{DOMAIN}")
        assert await letters_to(world, "example.net") == flood // 2
        assert "confirmations an hour" in (await world.inbox(OPERATOR))[-1].text
        assert len(await world.inbox(OPERATOR)) == 1
        await world.pass_time(hours=1)
        await world.send(ANNA, f"talk-join@{DOMAIN}")
        await world.reply(await world.letter(ANNA, "Do you want to join"), "yes")
        assert "Welcome" in (await world.inbox(ANNA))[-1].subject


async def test_one_address_gets_at_most_three_confirmations_a_day(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        for number in range(6):
            await world.group(f"talk{number}", moderator=KARIN, join="confirm")
        for number in range(6):
            await world.send("victim@example.net", f"talk{number}-join@{DOMAIN}")
        assert len(await world.inbox("victim@example.net")) == 3


async def test_two_lists_that_feed_each_other_stop(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, "Other list <list@example.net>")
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "Round and round", "Text")
        copy = (await world.letter("list@example.net", "Round")).raw
        stripped = re.sub(rb"(?im)^(list-[a-z-]+|precedence|received|x-[a-z-]+):.*\r\n([ \t].*\r\n)*", b"", copy)
        rewritten = stripped.replace(b"From: ", b"From: list@example.net\r\nX-Author: ")
        for coming_back in (copy, stripped, rewritten):
            for _ in range(2):
                await world.submit(coming_back, "list@example.net", [f"talk@{DOMAIN}"])
        got = [letter for letter in await world.inbox(KARIN) if letter.message["List-Id"]]
        assert len(got) == 1
        assert set((await world.reasons())[1:]) <= {"loop", "duplicate", "held", "automatic"}


def unchanged(raw: bytes) -> bytes:
    return raw


def stripped(raw: bytes) -> bytes:
    """What a forwarder leaves that keeps only what a reader sees."""
    return re.sub(rb"(?im)^(list-[a-z-]+|precedence|received|auto-submitted|x-[a-z-]+):.*\r\n([ \t].*\r\n)*", b"", raw)


def renamed(raw: bytes) -> bytes:
    """And one that also gives every mail a new identity, so that none looks like one that was here before."""
    identity = f"Message-ID: <{next(NUMBERS)}@example.net>\r\n".encode()
    return identity + re.sub(rb"(?im)^message-id:.*\r\n([ \t].*\r\n)*", b"", stripped(raw))


def nameless(raw: bytes) -> bytes:
    """Or none at all."""
    return re.sub(rb"(?im)^message-id:.*\r\n([ \t].*\r\n)*", b"", stripped(raw))


@pytest.mark.parametrize("forward", [unchanged, stripped, renamed, nameless], ids=lambda one: one.__name__)
async def test_two_groups_that_are_members_of_each_other_stop(tmp_path: Path, forward: Forwarder) -> None:
    """No command lets that happen; a forwarder elsewhere, which is a member of each and knows the other, does."""
    async with running(tmp_path) as world:
        hops = {"one": "two", "two": "one"}
        for name, other in hops.items():
            group = await world.group(name)
            await world.member(group, ANNA)
            await world.member(group, f"to-{other}@example.net")
        await world.send(ANNA, f"one@{DOMAIN}", "Round and round", "Text")
        seen = dict.fromkeys(hops, 0)
        for _round in range(20):
            for name in hops:
                copies = (await world.inbox(f"to-{name}@example.net"))[seen[name] :]
                seen[name] += len(copies)
                for copy in copies:
                    await world.submit(forward(copy.raw), "anna@example.com", [f"{name}@{DOMAIN}"])
        assert sum(seen.values()) <= 2
        assert len(await world.inbox(ANNA)) <= 2


async def test_nothing_tells_whether_somebody_else_is_a_member(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        texts = []
        for asked in ("anna@example.com", "nobody@example.com"):
            await world.send("Bo <bo@example.net>", f"talk-request@{DOMAIN}", f"remove {asked}", "")
            texts.append((await world.inbox("bo@example.net"))[-1].text.replace(asked, "X"))
        assert texts[0] == texts[1]
