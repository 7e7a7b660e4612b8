"""The sounding board over SMTP: one question to a network, answered in people's own words, compiled into one letter."""

from __future__ import annotations

from pathlib import Path

from tests.systems.world import CONFIG, DOMAIN, Letter, World, running, split

KARIN = "Karin Holm <karin@example.org>"
ANNA = "Anna Berg <anna@example.org>"
BO = "Bo Lind <bo@example.com>"
MAJA = "Maja Friis <maja@example.com>"
SVEN = "Sven Ek <sven@example.net>"
ROUND = f"katalog-round@{DOMAIN}"
TRUSTED = CONFIG.replace("[smtp]", '[smtp]\nauthserv_id = "mx.example.org"')


async def network(world: World) -> None:
    group = await world.group("katalog", title="Katalognätverket", moderator=KARIN, language="sv")
    for who, language in ((ANNA, "sv"), (BO, "da"), (MAJA, "en")):
        await world.member(group, who, language=language)
    other = await world.group("drift", moderator=SVEN, language="sv")
    assert other


async def ask(world: World, text: str, *, who: str = SVEN, subject: str = "Nya sökgränssnittet") -> None:
    await world.send(who, ROUND, subject, text, headers=passed(world, who))


def passed(world: World, who: str) -> dict[str, str]:
    """What the border says of mail that it has proven."""
    domain = split(who)[1].partition("@")[2]
    known = world.service.config.smtp.authserv_id
    return {"Authentication-Results": f"{known}; dmarc=pass header.from={domain}"} if known else {}


async def answer(world: World, letter: Letter, text: str) -> None:
    await world.reply(letter, text, headers=passed(world, letter.owner))


def said(letter: Letter) -> str:
    """A letter's text without its line ends."""
    return " ".join(letter.text.split())


async def test_everybody_answers_and_one_letter_comes_back(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        await ask(world, "Vad hindrar er mest?\n\nMvh Sven")
        asked = await world.letter(SVEN, "Ska din fråga skickas till 4 personer?")
        await world.reply(asked, "Ja")
        assert "Din fråga har gått till 4 personer" in said(await world.letter(SVEN, "har skickats"))
        assert "Sven Ek ställer en fråga till alla i Katalognätverket" in said(await world.letter(ANNA))
        assert "Vad hindrar er mest?" in (await world.letter(BO)).text
        await world.reply(await world.letter(ANNA), "Serierna. Nej, egentligen ordningen på dem.")
        await world.reply(await world.letter(BO), "Nej, ikke noget.\n\nHilsen Bo")
        await world.reply(await world.letter(MAJA), "Speed")
        await world.reply(await world.letter(MAJA), "Sorry, I meant: the speed of the search")
        await world.reply(await world.letter(KARIN, "får en fråga"), "Inget")
        found = await world.letter(SVEN, "Svar från Katalognätverket")
        assert "4 av de 4 tillfrågade har svarat" in said(found)
        for name, words in (
            ("Anna Berg", "Serierna. Nej, egentligen ordningen på dem."),
            ("Bo Lind", "Nej, ikke noget."),
            ("Maja Friis", "the speed of the search"),
            ("Karin Holm", "Inget"),
        ):
            assert f"{name}: > {words}" in said(found).replace("> Sorry, I meant: ", "> ")
        assert "> Speed" not in found.text


async def test_only_the_silent_are_reminded_and_the_deadline_closes(tmp_path: Path) -> None:
    async with running(tmp_path, TRUSTED) as world:
        await network(world)
        await ask(world, "Vad hindrar er mest?\n\nSvara senast: 4 december")
        letter = await world.letter(ANNA)
        assert "4 december 2026" in letter.text
        assert "Svara senast" not in letter.text
        await answer(world, letter, "Serierna")
        before = len(await world.inbox(ANNA))
        await world.pass_time(days=7)
        assert len(await world.inbox(ANNA)) == before
        assert "Dette er en påmindelse" in said(await world.letter(BO))
        await world.pass_time(days=6)
        assert "1 av de 4 tillfrågade" in said(await world.letter(SVEN, "Svar från"))
        late = await world.letter(BO)
        await answer(world, late, "Serierne")
        assert "Serierne" not in (await world.letter(SVEN)).text


async def test_an_anonymous_answer_leaves_no_name_behind(tmp_path: Path) -> None:
    async with running(tmp_path, TRUSTED) as world:
        await network(world)
        await ask(world, "Anonymt: ja\nTill alla som svarar: ja\n\nHur mår ni?")
        for who, text in ((ANNA, "Trött av alla möten"), (BO, "Helt fint")):
            letter = await world.letter(who)
            assert "Anonymt" not in letter.text.partition("Hur mår ni?")[0]
            await answer(world, letter, text)
        await world.pass_time(days=20)
        found = await world.letter(SVEN, "Svar från")
        assert "Trött av alla möten" in found.text
        for name in ("Anna", "Bo Lind"):
            assert name not in found.text
        assert "Helt fint" in (await world.letter(BO, "Svar fra")).text
        for table, column in (("event_text", "text"), ("question", "reason"), ("cases", "data")):
            rows = await world.rows(f"SELECT {column} AS said FROM {table}")
            assert not any("Trött av alla möten" in str(row["said"]) for row in rows), table
        whole = await world.rows("SELECT id FROM cases WHERE kind = 'sounding' AND closed_at IS NOT NULL")
        assert len(whole) == 1


async def test_a_stranger_needs_the_moderators(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await network(world)
        await ask(world, "May we interview you?", who="Eva <eva@example.com>", subject="Interview")
        assert [letter.subject for letter in await world.inbox(ANNA)] == []
        asked = await world.letter(KARIN)
        assert "Eva" in asked.text
        await world.reply(asked, "nej: inte i år")
        answer = await world.letter("eva@example.com")
        assert "inte i år" in answer.text
        assert await world.inbox(ANNA) == []


async def test_a_moderator_stops_it(tmp_path: Path) -> None:
    async with running(tmp_path, TRUSTED) as world:
        await network(world)
        await ask(world, "Vad hindrar er mest?")
        told = await world.letter(KARIN, "tillfrågas")
        await answer(world, told, "ångra")
        assert "har stoppats av Karin Holm" in said(await world.letter(SVEN, "stoppades"))
        letter = await world.letter(ANNA)
        await answer(world, letter, "Serierna")
        assert not [one for one in await world.inbox(SVEN) if "Svar från" in one.subject]


async def test_an_empty_mail_asks_nobody(tmp_path: Path) -> None:
    async with running(tmp_path, TRUSTED) as world:
        await network(world)
        await ask(world, "Anonymt: ja")
        assert "kunde inte skickas" in (await world.letter(SVEN)).subject
        assert await world.inbox(ANNA) == []
