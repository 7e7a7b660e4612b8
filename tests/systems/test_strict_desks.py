"""The desks in strict mode: what begins there without a signature, what is asked for one, and what needs none."""

from __future__ import annotations

from pathlib import Path

from mailsvc.errors import Reason
from tests.signing import author_domain, dns, signed
from tests.systems.evidence_acts import ANNA, BO, BORDER, KARIN, PER, STRICT, Scene, State, furnish, unsigned
from tests.systems.test_e_joint import BO as UNION
from tests.systems.test_e_joint import EVA, both_asked, county, digest, raise_matter
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running
from workflows.raised.lifted import KIND as LIFTED

NOW = '\n[digests]\nundo = "0 min"\n'
SITE = CONFIG + STRICT + NOW
PASSING = BORDER + STRICT + NOW
LENA = "Lena Ek <lena@example.org>"
FORM = "Name: Maps\nMotivation: Needed.\nWork questions: Rules\nModerator: me\nDeputy: Per Moe <per@example.org>"


async def house(world: World) -> None:
    """The group of the kit, and a leadership of one; what follows is signed until a test says otherwise."""
    await furnish(world)
    board = await world.group("board", kind="leadership", title="The board")
    await world.member(board, LENA)
    world.signing = signed


def passed(who: str) -> dict[str, str]:
    """What the border says of a mail that nobody has signed."""
    domain = author_domain(f"From: {who}".encode())
    return {"Authentication-Results": f"mx.example.org; dmarc=pass header.from={domain}"}


async def subjects(world: World, who: str) -> list[str]:
    return [one.subject for one in await world.inbox(who)]


async def refused(world: World, letter: Letter, answer: str) -> None:
    """The answer without a signature does not count, and the same with one is sent afterwards."""
    before = await world.rows("SELECT id, state FROM cases")
    world.signing = unsigned
    await world.reply(letter, answer)
    assert "not counted" in (await world.letter(letter.owner)).subject
    assert await world.rows("SELECT id, state FROM cases") == before
    world.signing = signed
    await world.reply(letter, answer)


async def test_a_proposal_needs_proof_and_its_decision_a_signature(tmp_path: Path) -> None:
    async with running(
        tmp_path, SITE + '[proposals]\nroute = "short"\nroutes = { short = ["board decide"] }\n', dns
    ) as world:
        await house(world)
        world.signing = unsigned
        await world.send(KARIN, f"proposals@{DOMAIN}", "A network", FORM)
        assert await world.rows("SELECT id FROM cases") == []
        assert len(await world.inbox(KARIN)) == 1  # what was missing
        world.signing = signed
        await world.send(KARIN, f"proposals@{DOMAIN}", "A network of maps", FORM)
        await refused(world, await world.letter(PER, "deputy"), "Yes")
        await world.pass_time(days=7)
        await refused(world, await world.letter(LENA, "decision"), "Yes")
        assert [row["state"] for row in await world.rows("SELECT state FROM cases")] == ["established"]


async def test_an_idea_needs_proof_and_taking_it_up_a_signature(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await house(world)
        world.signing = unsigned
        await world.send(ANNA, f"ideas@{DOMAIN}", "Lamps", "More light.")
        assert await world.rows("SELECT id FROM cases") == []
        world.signing = signed
        await world.send(ANNA, f"ideas@{DOMAIN}", "Lamps again", "More light.")
        await world.pass_time(days=7)
        await refused(world, await world.letter(LENA, "decision"), "take up")
        assert "taken up" in (await world.letter(ANNA, "taken up")).subject


async def test_a_lifted_question_goes_at_once_only_when_signed(tmp_path: Path) -> None:
    async with running(tmp_path, PASSING, dns) as world:
        await house(world)
        desk = f"talk-raise@{DOMAIN}"
        await world.send(KARIN, desk, "Who pays?", "We need a budget.", headers=passed(KARIN))
        assert "Lifted" in (await world.letter(KARIN, "Who pays?")).subject
        world.signing = unsigned
        await world.send(KARIN, desk, "Who keeps them?", "We need room.", headers=passed(KARIN))
        assert "Lifted" not in (await world.letter(KARIN, "Who keeps them?")).subject
        assert len(await world.rows("SELECT id FROM cases WHERE kind = :kind", kind=LIFTED)) == 1
        await world.send(KARIN, desk, "And again?", "No proof at all.")
        assert (await world.reasons())[-1] == Reason.UNPROVEN


async def test_a_question_to_everybody_goes_at_once_only_when_signed(tmp_path: Path) -> None:
    async with running(tmp_path, PASSING, dns) as world:
        await house(world)
        desk = f"talk-round@{DOMAIN}"
        await world.send(KARIN, desk, "The search", "What hinders you?", headers=passed(KARIN))
        assert any("The search" in one for one in await subjects(world, BO))
        world.signing = unsigned
        await world.send(KARIN, desk, "The shelves", "Are they right?", headers=passed(KARIN))
        assert not any("The shelves" in one for one in await subjects(world, BO))
        asked = await world.letter(KARIN, "people")
        await world.reply(asked, "Yes", headers=passed(KARIN))
        assert not any("The shelves" in one for one in await subjects(world, BO))  # the yes must be signed too
        world.signing = signed
        await world.reply(asked, "Yes", headers=passed(KARIN))
        assert any("The shelves" in one for one in await subjects(world, BO))


async def test_an_action_is_given_with_proof_and_done_with_a_signature(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await house(world)
        desk = f"actions@{DOMAIN}"
        world.signing = unsigned
        await world.send(KARIN, desk, "talk", "TODO Anna 2026-12-02: book a room")
        assert await world.rows("SELECT id FROM cases") == []
        assert "not counted" in (await world.letter(KARIN)).subject
        world.signing = signed
        await world.send(KARIN, desk, "talk again", "TODO Anna 2026-12-02: book a room")
        await refused(world, await world.letter(ANNA, "book a room"), "done")
        assert [row["state"] for row in await world.rows("SELECT state FROM cases WHERE kind = 'action'")] == ["done"]


async def test_a_joint_matter_is_raised_with_proof_and_answered_with_a_signature(tmp_path: Path) -> None:
    async with running(tmp_path, SITE, dns) as world:
        await county(world)
        world.signing = unsigned
        await raise_matter(world)
        assert await world.rows("SELECT id FROM cases") == []
        world.signing = signed
        await raise_matter(world, "Arbetstider i höst")
        await both_asked(world)
        letter = await digest(world, UNION)
        world.signing = unsigned
        for who in (EVA, UNION):
            await world.reply(await digest(world, who), "informerat")
        (row,) = await world.rows("SELECT data FROM cases WHERE kind = 'joint-matter'")
        assert '"votes":[]' in str(row["data"])
        world.signing = signed
        await world.reply(letter, "orienteret")
        (row,) = await world.rows("SELECT data FROM cases WHERE kind = 'joint-matter'")
        assert '"votes":[]' not in str(row["data"])


async def test_documents_are_published_at_once_only_when_signed(tmp_path: Path) -> None:
    """The desk `N-docs@` stands in the matrix cell by cell; here that the yes to its letter needs the signature."""
    async with running(tmp_path, PASSING, dns) as world:
        await house(world)
        world.signing = unsigned
        state = State("pass", unsigned, strict=True)
        assert await Scene(world, state, KARIN).documents() == "asked"
        asked = await world.letter(KARIN, "be published in")
        await world.reply(asked, "Yes", headers=passed(KARIN))
        assert await world.rows("SELECT id FROM document") == []
        world.signing = signed
        await world.reply(asked, "Yes", headers=passed(KARIN))
        assert len(await world.rows("SELECT id FROM document")) == 1
