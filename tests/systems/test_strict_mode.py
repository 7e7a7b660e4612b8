"""Strict mode beyond the matrix: what letters say is missing, two people, and a DNS that fails or hangs."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from mailsvc.clock import HOUR
from mailsvc.errors import Reason
from mailsvc.message.evidence import D, Evidence
from mailsvc.people import store as people
from mailsvc.store.database import Tx
from mailsvc.web import session_store
from tests.signing import dns, signed
from tests.systems.evidence_acts import ANNA, BO, KARIN, NOBODY, PER, STRICT, SVEN, furnish, unsigned
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

SITE = CONFIG + STRICT


async def newest_evidence(world: World) -> Evidence:
    (row,) = await world.rows("SELECT evidence FROM mail ORDER BY id DESC LIMIT 1")
    return msgspec.json.decode(str(row["evidence"]), type=Evidence)


async def question(world: World) -> Letter:
    """The letter that asks Karin about a held post."""
    world.signing = signed
    await world.send(SVEN, f"talk@{DOMAIN}", "Held", "Text")
    return await world.letter(KARIN, "Held")


def flat(letter: Letter) -> str:
    return " ".join(letter.text.split())


# ---- what was missing, and that an answer can be sent again


async def test_a_refused_answer_can_be_sent_again_signed(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        asked = await question(world)
        world.signing = unsigned
        await world.reply(asked, "Ja")
        refused = await world.letter(KARIN, "not counted")
        assert "karin@example.org, but without the signature of that mail domain" in flat(refused)
        assert not await newest_signed(world)
        world.signing = signed
        await world.reply(asked, "Ja")
        assert (await world.letter(BO, "Held")).message["List-Id"]
        assert (await world.reasons())[-2:] == [Reason.NOT_SIGNED, Reason.ANSWERED]


async def newest_signed(world: World) -> bool:
    return (await newest_evidence(world)).signed


@pytest.mark.parametrize(
    ("signing", "sender", "words"),
    [
        (unsigned, "", "we could not make sure who sent it"),
        (signed, "Bo Dahl <bo@example.org>", "by somebody else on behalf of its author"),
    ],
)
async def test_a_held_post_says_what_was_missing(tmp_path: Path, signing: object, sender: str, words: str) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        assert callable(signing)
        world.signing = signing
        await world.send(ANNA, f"talk@{DOMAIN}", "News", "Text", headers={"Sender": sender} if sender else {})
        assert words in flat(await world.letter(ANNA, "waits for a moderator"))
        assert words in flat(await world.letter(KARIN, "News"))


async def test_an_answer_on_behalf_and_a_join_without_proof(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        asked = await question(world)
        await world.reply(asked, "Ja", headers={"Sender": BO})
        assert "by somebody else on behalf of karin@example.org" in flat(await world.letter(KARIN, "not counted"))
        await world.send(NOBODY, f"talk-join@{DOMAIN}")
        confirm = await world.letter(NOBODY, "Do you want to join")
        world.signing = unsigned
        await world.reply(confirm, "Ja")
        assert "could not make sure that it came from there" in flat(await world.letter(NOBODY, "not counted"))


async def test_a_join_without_proof_is_told_once_a_day(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        for _ in range(3):
            await world.send(NOBODY, f"talk-join@{DOMAIN}")
        assert [one.subject for one in await world.inbox(NOBODY)] == ["Your mail about joining Talk was not counted"]
        assert set(await world.reasons()) == {Reason.UNPROVEN}


# ---- two people


async def change(world: World, line: str = "add eva@example.net") -> None:
    """Karin asks for a change and confirms it."""
    world.signing = signed
    await world.send(KARIN, f"talk-request@{DOMAIN}", line)
    await world.reply(await world.letter(KARIN, "Change the members"), "Ja")


async def members(world: World) -> int:
    return len(await world.rows("SELECT id FROM membership WHERE ended_at IS NULL"))


@pytest.mark.parametrize(
    ("answer", "count", "told"),
    [("Ja", 5, "Per Moe agreed to your change"), ("Nej", 4, "Per Moe did not agree to your change")],
)
async def test_two_people_decide_about_members(tmp_path: Path, answer: str, count: int, told: str) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        await change(world)
        assert "somebody else has now been asked" in flat(await world.letter(KARIN, "Your change of the members"))
        asked = await world.letter(PER, "Do you agree")
        assert "Karin Lind asks you to agree" in flat(asked)
        assert "eva@example.net" in asked.text
        assert await members(world) == 4
        await world.reply(asked, answer)
        assert await members(world) == count
        assert told in flat(await world.letter(KARIN, "Your change of the members"))


async def test_a_change_that_nobody_agrees_to_ends(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        await change(world)
        await world.pass_time(days=8)
        assert "Nobody else agreed in time" in flat(await world.letter(KARIN, "Your change of the members"))
        world.signing = signed
        await world.reply(await world.letter(PER, "Do you agree"), "Ja")
        assert await members(world) == 4


async def test_without_a_second_moderator_the_operators_are_asked(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await world.group("talk", moderator=KARIN)
        await change(world)
        await world.reply(await world.letter("operator@example.org", "Do you agree"), "Ja")
        assert await members(world) == 2


async def test_a_web_login_stands_for_the_second_moderator(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        world.signing = signed
        await world.send(KARIN, f"talk-request@{DOMAIN}", "add eva@example.net")
        asked = await world.letter(KARIN, "Change the members")
        assert "If you log in at" in flat(asked)
        await logged_in(world, "karin@example.org")
        await logged_in(world, "per@example.org")
        world.signing = unsigned
        await world.reply(asked, "Ja")  # the login is the second proof, not the first
        assert await members(world) == 4
        world.signing = signed
        await world.reply(asked, "Ja")
        assert await members(world) == 5
        assert not [one for one in await world.inbox(PER) if "Do you agree" in one.subject]


async def test_somebody_elses_login_is_none(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        await logged_in(world, "per@example.org")
        await change(world)
        assert await members(world) == 4
        assert await world.letter(PER, "Do you agree")


async def test_settings_too_need_one_person_who_has_logged_in(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        world.signing = signed
        await world.send(KARIN, f"talk-request@{DOMAIN}", "set purpose For all who talk")
        await logged_in(world, "karin@example.org")
        await world.reply(await world.letter(KARIN, "Change the entry"), "Ja")
        assert "For all who talk" in str((await world.rows("SELECT settings FROM groups"))[0]["settings"])


async def test_nobody_agrees_with_themselves(tmp_path: Path) -> None:
    """The only moderator is the only operator too: they have to log in, and a site without pages has no way."""
    site = SITE.replace("operator@example.org", "karin@example.org")
    for name in ("pages", "none"):
        (tmp_path / name).mkdir()
    async with running(tmp_path / "pages", site, dns) as world:
        await world.group("talk", moderator=KARIN)
        await change(world, "ban bad@example.net")
        assert "Log in on the page" in flat(await world.letter(KARIN, "was done with your mail"))
        again = await world.letter(KARIN, "Change the members")
        assert "once more because you had not logged in" in flat(again)
        assert not await world.rows("SELECT * FROM sender")
        await logged_in(world, "karin@example.org")
        await world.reply(again, "Ja")
        assert [row["folded"] for row in await world.rows("SELECT * FROM sender")] == ["bad@example.net"]
    without = re.sub(r"(?m)^base_url = .*$", "", site).replace("[web]", '[web]\nbase_url = ""', 1)
    async with running(tmp_path / "none", without, dns) as world:
        await world.group("talk", moderator=KARIN)
        world.signing = signed
        await world.send(KARIN, f"talk-request@{DOMAIN}", "ban bad@example.net")
        assert "there is nobody else who could agree" in flat(await world.letter(KARIN, "was done with your mail"))
        assert not await world.rows("SELECT id FROM cases")


# ---- the DNS


@dataclass(slots=True)
class Asked:
    """Answers like the DNS of the tests, and counts."""

    names: list[str] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def __call__(self, name: str) -> bytes | None:
        self.names.append(name)
        self.threads.add(threading.current_thread().name)
        return dns(name)


async def test_the_dns_is_asked_beside_the_event_loop_and_only_for_the_author(tmp_path: Path) -> None:
    asked = Asked()
    async with running(tmp_path, SITE, asked) as world:
        await furnish(world)
        world.signing = lambda content: signed(signed(content), domain="example.net")
        await world.send(ANNA, f"talk@{DOMAIN}", "News", "Text")
        assert asked.names == ["s1._domainkey.example.org"]
        assert threading.current_thread().name not in asked.threads
        assert (await newest_evidence(world)).own_dkim == "pass example.org"


async def test_by_default_nothing_is_looked_up(tmp_path: Path) -> None:
    asked = Asked()
    async with running(tmp_path, CONFIG, asked) as world:
        await furnish(world)
        world.signing = signed
        await world.send(ANNA, f"talk@{DOMAIN}", "News", "Text")
        found = await newest_evidence(world)
        assert (found.d, found.signed, found.own_dkim, asked.names) == (D.UNKNOWN, False, "", [])


async def test_at_most_five_signatures_are_looked_at(tmp_path: Path) -> None:
    asked = Asked()
    async with running(tmp_path, SITE, asked) as world:
        await furnish(world)

        def six(content: bytes) -> bytes:
            """The one that counts, below five more of the same organisation."""
            content = signed(content)
            for number in range(5):
                content = signed(content, domain=f"s{number}.example.org", headers=(b"from",))
            return content

        world.signing = six
        await world.send(ANNA, f"talk@{DOMAIN}", "News", "Text")
        assert len(asked.names) == 5
        assert not (await newest_evidence(world)).signed


async def test_name_servers_that_are_silent_cost_a_signature_and_no_mail(tmp_path: Path) -> None:
    """The mail is accepted with what could be verified in time, and the next one is not held up."""
    silent = threading.Event()

    def slow(name: str) -> bytes | None:
        if name.startswith("s1._domainkey.slow."):
            silent.wait(60)
        return dns(name)

    async with running(tmp_path, SITE.replace("[limits]", "[limits]\ndns_seconds = 1"), slow) as world:
        await furnish(world)
        asked = await question(world)
        try:
            world.signing = lambda content: signed(content, domain="slow.example.org")
            await world.reply(asked, "Ja")
            found = await newest_evidence(world)
            assert (found.signed, found.own_dkim) == (False, "temperror (not verified within 1 seconds)")
            assert "without the signature" in flat(await world.letter(KARIN, "not counted"))
            # a good one above a slow one counts: what was verified before the time was over is kept
            world.signing = lambda content: signed(signed(content, domain="slow.example.org"))
            await world.reply(asked, "Ja")
            found = await newest_evidence(world)
            assert found.signed
            assert found.own_dkim == "pass example.org"
        finally:
            silent.set()
        assert (await world.letter(BO, "Held")).message["List-Id"]


async def test_a_lost_key_is_told_in_the_evidence(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        world.signing = lambda content: signed(content, lost=True)
        await world.send(ANNA, f"talk@{DOMAIN}", "News", "Text")
        found = await newest_evidence(world)
        assert (found.d, found.signed) == (D.UNKNOWN, False)
        assert found.own_dkim == "temperror example.org (the key could not be looked up: nobody answers)"


async def test_a_fault_of_the_resolver_costs_a_signature_and_no_mail(tmp_path: Path) -> None:
    def broken(name: str) -> bytes | None:
        raise ValueError(name)

    async with running(tmp_path, SITE, broken) as world:
        await furnish(world)
        world.signing = signed
        await world.send(ANNA, f"talk@{DOMAIN}", "News", "Text")
        assert await world.reasons() == [Reason.HELD]
        assert (await newest_evidence(world)).own_dkim == "temperror (the verifier failed)"


# ---- own data: a web login just before, or an operator who agrees


async def own_wish(world: World, words: str, subject: str) -> Letter:
    """Anna asks, signed; the letter that asks her back."""
    world.signing = signed
    await world.send(ANNA, f"talk-request@{DOMAIN}", words)
    return await world.letter(ANNA, subject)


async def test_a_copy_of_ones_data_needs_an_operators_yes_too(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        asked = await own_wish(world, "export my data", "a copy of your data")
        assert "after your answer the operators are asked too" in flat(asked)
        await world.reply(asked, "Yes")
        assert "the operators have now been asked" in flat(await world.letter(ANNA, "Your wish for a copy"))
        second = await world.letter("operator@example.org", "Do you agree that Anna Berg gets a copy")
        assert not [one for one in await world.inbox(ANNA) if "What is kept" in one.subject]
        world.signing = unsigned
        await world.reply(second, "Yes")
        assert not [one for one in await world.inbox(ANNA) if "What is kept" in one.subject]
        world.signing = signed
        await world.reply(second, "Yes")
        assert (await world.letter(ANNA, "What is kept about you")).owner == "anna@example.org"
        assert not [one for one in await world.inbox("operator@example.org") if "What is kept" in one.subject]


@pytest.mark.parametrize(("answer", "told"), [("No", "did not agree"), ("", "No operator answered in time")])
async def test_without_the_operators_yes_nobody_is_erased(tmp_path: Path, answer: str, told: str) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await furnish(world)
        await world.reply(await own_wish(world, "erase me", "be erased"), "Yes")
        second = await world.letter("operator@example.org", "Do you agree that Anna Berg is erased")
        if answer:
            await world.reply(second, answer)
        else:
            await world.pass_time(days=8)
        assert told in flat(await world.letter(ANNA, "Your wish to be erased"))
        assert await world.rows("SELECT * FROM erasure") == []


async def logged_in(world: World, address: str) -> None:
    """A session of theirs begins now, as the page for the mailed code makes one."""

    def unit(tx: Tx) -> None:
        person = people.by_address(tx, address)
        assert person is not None
        session_store.insert_session(tx, f"session of {address} at {tx.now}".encode(), person.id, tx.now + 12 * HOUR)

    await world.write(unit)


async def test_a_web_login_just_before_the_yes_is_enough(tmp_path: Path) -> None:
    """Where Anna is the only operator nobody else could agree: she is told to log in, and an old login is none."""
    async with running(tmp_path, SITE.replace("operator@example.org", "anna@example.org"), dns) as world:
        await furnish(world)
        asked = await own_wish(world, "export my data", "a copy of your data")
        assert "/login: your answer counts within ten minutes" in flat(asked)
        await logged_in(world, "anna@example.org")
        await world.pass_time(minutes=11)
        await world.reply(asked, "Yes")
        again = await world.letter(ANNA, "a copy of your data")
        assert "once more because you had not logged in" in flat(again)
        await logged_in(world, "anna@example.org")
        await world.pass_time(minutes=9)
        await world.reply(again, "Yes")
        assert await world.letter(ANNA, "What is kept about you")
