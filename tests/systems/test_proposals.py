"""Networks are proposed, prepared, decided and established by mail, and initiatives find people: played over SMTP."""

from __future__ import annotations

from pathlib import Path

from lists import store as lists_store
from mailsvc.errors import Reason
from mailsvc.people import organisation_store
from mailsvc.registry import Handled, Incoming, Target
from mailsvc.store.database import Tx
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

NOW = '\n[digests]\nundo = "0 min"\n'
DESK = f"proposals@{DOMAIN}"
LENA, STEN, ULLA = "Lena Ek <lena@example.org>", "Sten Ny <sten@example.org>", "Ulla Bo <ulla@example.org>"
KARIN, PER = "Karin Holm <karin@example.org>", "Per Alm <per@example.org>"


async def house(world: World, language: str) -> None:
    """A leadership of three with a secretary, and two preparation groups."""
    board = await world.group("board", kind="leadership", title="Leadership", language=language)
    await world.member(board, LENA, role="chair", language=language)
    await world.member(board, STEN, role="secretary", language=language)
    await world.member(board, ULLA, language=language)
    for name, title in (("collections", "Collections"), ("services", "Services")):
        group = await world.group(name, kind="preparation", title=title, language=language)
        await world.member(group, KARIN, role="moderator", language=language)
        await world.member(group, PER, language=language)


async def state(world: World, number: int = 1) -> str:
    (row,) = await world.rows("SELECT state FROM cases WHERE id = :number", number=number)
    return str(row["state"])


def quoted(letter: Letter, **filled: str) -> str:
    """The letter quoted, with something written behind some labels, as people do."""
    lines = []
    for line in letter.text.splitlines():
        label = line.partition(" (")[0].partition(":")[0].replace(" ", "_")
        lines.append(f"> {line} {filled[label]}" if label in filled and ":" in line else f"> {line}")
    return "\n".join(lines)


async def proposed(world: World, who: str, name: str, language: str) -> int:
    """A whole proposal by somebody known, with both moderators' yes; the number of its case."""
    words = {
        "sv": ("Namn", "Motivering", "Arbetsfrågor", "Moderator", "Biträdande moderator"),
        "da": ("Navn", "Begrundelse", "Arbejdsspørgsmål", "Moderator", "Næstmoderator"),
        "en": ("Name", "Motivation", "Work questions", "Moderator", "Deputy"),
    }[language]
    deputy = f"deputy-{name.lower()}@example.org"
    values = (name, "Many ask for it.", "Rules and examples", who, f"Bo Ek <{deputy}>")
    text = "\n".join(f"{label}: {value}" for label, value in zip(words, values, strict=True))
    await world.send(who, DESK, name, text)
    letter = await world.letter(deputy)
    await world.reply(letter, {"sv": "Ja, gärna!", "da": "Ja, gerne", "en": "Yes"}[language])
    return letter.case


async def prepared(world: World, number: int, language: str) -> None:
    """The secretary assigns, and both who prepare give their advice."""
    asked = [one for one in await world.inbox(STEN) if one.case == number][-1]
    await world.reply(asked, "1")
    word = {"sv": "tillstyrks", "da": "anbefales", "en": "recommend"}[language]
    for who in (KARIN, PER):
        letter = [one for one in await world.inbox(who) if f"[#{number}]" in one.subject][-1]
        await world.reply(letter, word)


async def test_two_gaps_a_form_and_three_matters_answered_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG + NOW) as world:
        await house(world, "sv")
        text = "Hej!\n\nVi katalogiserar kartor på tre olika sätt och vill enas.\n\n- Regler\n- Skanning\n\nMvh\nAnna"
        await world.send(
            "Anna Berg <anna@example.org>", f"natverksforslag@{DOMAIN}", "Förslag på nätverk: Kartor", text
        )
        form = await world.letter("anna@example.org")
        assert "Namn: Kartor" in form.text
        assert "Motivering: Vi katalogiserar kartor" in form.text
        answer = quoted(form, Moderator="jag", Biträdande_moderator="Bo Ek <bo@example.org>")
        await world.reply(form, f"Här kommer det!\n\n{answer}", quote=False)
        assert "är komplett" in (await world.letter("anna@example.org")).subject
        asked = await world.letter("bo@example.org")
        assert "Anna Berg föreslår medarbetarnätverket Kartor och frågar dig" in asked.text
        await world.reply(asked, "Ja, gärna!\n\nSkickat från min iPhone")
        choosing = await world.letter(STEN, "bereder")
        assert "1. Collections" in choosing.text
        await world.reply(choosing, "Services")
        await world.reply(await world.letter(KARIN, "yttrande"), "Tillstyrks. Angeläget.\nFöredragande: Per Alm")
        await world.reply(await world.letter(PER, "yttrande"), "avstyrks: för brett")
        assert await state(world) == "hearing"
        for who, name in (("Cia Ros <cia@example.org>", "Ljud"), ("Dan Ask <dan@example.org>", "Film")):
            group = await world.group(f"known-{name.lower()}", kind="circle", language="sv")
            await world.member(group, who, language="sv")
            number = await proposed(world, who, name, "sv")
            await prepared(world, number, "sv")
        await world.pass_time(days=7)
        first = await world.letter(LENA, "beslut")
        assert "du ombeds ta del av det. När alla har tagit del av det kommer det tillbaka" in " ".join(
            first.text.split()
        )
        for who in (LENA, ULLA):  # a secretary has no vote, and nothing to hear
            await world.reply(await world.letter(who, "beslut"), "1-3 ja")
        assert [await state(world, number) for number in (1, 2, 3)] == ["deciding"] * 3
        await world.pass_time(days=7)
        digest = await world.letter(LENA, "beslut")
        assert "Får det inrättas?" in digest.text
        assert "Ulla Bo: har tagit del av det" in digest.text
        assert "Föredragande: Per Alm" in digest.text
        assert "Karin Holm: tillstyrker – Angeläget." in digest.text
        assert "Per Alm: avstyrker – för brett" in digest.text
        await world.reply(digest, "1 ja, 2 nej: finns redan hos tekniken\n3 skjut upp\n\nSkickat från min iPhone")
        assert [await state(world, number) for number in (1, 2, 3)] == ["establishing", "rejected", "deciding"]
        assert "finns redan hos tekniken" in (await world.letter("cia@example.org", "godkändes inte")).text
        await world.pass_time(days=7)
        await world.reply(await world.letter(KARIN, "beslut"), "Ja")
        assert await state(world) == "established"
        assert "Ditt förslag är godkänt" in (await world.letter("anna@example.org", "inrättat")).text
        assert "biträdande moderator" in (await world.letter("bo@example.org", "inrättat")).text
        made = await world.service.db.read(lambda tx: lists_store.group_named(tx, "kartor"))
        assert made is not None
        assert made.settings.purpose.startswith("Vi katalogiserar kartor")
        services = await world.service.db.read(lambda tx: lists_store.group_named(tx, "services"))
        assert services is not None
        assert made.established_by == services.id
        await world.send("Anna Berg <anna@example.org>", f"kartor@{DOMAIN}", "Välkomna", "Nu börjar vi.")
        assert (await world.letter("bo@example.org", "Välkomna")).text.startswith("Nu börjar vi.")


async def test_somebody_declines_and_leadership_only_hears(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG + NOW + '[proposals]\nroute = "hear-only"\n') as world:
        await house(world, "da")
        await world.member(
            await world.group("known", kind="workplace", language="da"), "Mette Lund <mette@example.org>", language="da"
        )
        text = (
            "Navn: Kort\nBegrundelse: Mange spørger.\nArbejdsspørgsmål: Regler\n"
            "Moderator: Mette Lund\nNæstmoderator: Bo Ek <bo@example.org>"
        )
        await world.send("Mette Lund <mette@example.org>", DESK, "Netværk", text)
        await world.reply(await world.letter("bo@example.org", "næstmoderator"), "Nej tak, jeg har ikke tid")
        form = await world.letter("mette@example.org", "foreslå en anden")
        assert "jeg har ikke tid" in form.text
        assert "Begrundelse:" not in form.text
        await world.reply(form, quoted(form, Næstmoderator="Søren Bæk <soren@example.org>"), quote=False)
        await world.reply(await world.letter("soren@example.org"), "Ja, gerne")
        await prepared(world, 1, "da")
        assert await state(world) == "hearing"
        await world.pass_time(days=7)
        for who in (LENA, ULLA):
            await world.reply(await world.letter(who, "beslut"), "Ja")
        assert await state(world) == "establishing"
        await world.pass_time(days=7)
        await world.reply(await world.letter(PER, "beslut"), "nej: for smalt")
        assert await state(world) == "rejected"
        assert "for smalt" in (await world.letter("mette@example.org", "ikke godkendt")).text


async def test_a_question_goes_to_the_proposer_and_comes_back(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG + NOW) as world:
        await house(world, "en")
        await world.member(await world.group("known", kind="workplace"), "Ann Hill <ann@example.org>")
        number = await proposed(world, "Ann Hill <ann@example.org>", "Maps", "en")
        await prepared(world, number, "en")
        await world.pass_time(days=7)
        await world.reply(await world.letter(LENA, "decision"), "ask: what does it cost?")
        asked = await world.letter("ann@example.org", "question about")
        assert "> what does it cost?" in asked.text
        await world.reply(asked, "Nothing at all.")
        assert "> Nothing at all." in (await world.letter(LENA, "answer to your question")).text
        await world.pass_time(days=7)
        assert "Answer of the proposer: Nothing at all." in (await world.letter(LENA, "decision")).text
        await world.send("Ann Hill <ann@example.org>", DESK, f"status {number}")
        assert "digest of Leadership" in (await world.letter("ann@example.org", "how it stands")).text


async def test_leadership_hears_before_it_decides(tmp_path: Path) -> None:
    """The shipped route: a question while it is heard, nobody else answers, and it comes back for decision."""
    async with running(tmp_path, CONFIG + NOW) as world:
        await house(world, "en")
        await world.member(await world.group("known", kind="workplace"), "Ann Hill <ann@example.org>")
        number = await proposed(world, "Ann Hill <ann@example.org>", "Maps", "en")
        received = (await world.letter("ann@example.org", "is complete")).text
        assert received.index("Leadership hears of it.") < received.index("Leadership decides.")
        await prepared(world, number, "en")
        await world.pass_time(days=7)
        heard = await world.letter(LENA, "decision")
        await world.reply(heard, "no: too narrow")  # nothing is decided yet, and she is told the words that count
        assert await state(world) == "hearing"
        assert [row["state"] for row in await world.rows("SELECT state FROM cases WHERE kind = 'proposal'")] == [
            "hearing"
        ]
        await world.reply(heard, "yes, but it is too narrow")
        assert await state(world) == "hearing"  # Ulla has not answered
        await world.pass_time(days=14)
        assert await state(world) == "deciding"
        await world.pass_time(days=7)  # apart: the end of the hearing and a digest are not to race each other
        digest = await world.letter(ULLA, "decision")
        assert "May it be established?" in digest.text
        assert "Lena Ek: has heard of it – but it is too narrow" in digest.text
        await world.reply(digest, "no: she is right")
        assert await state(world) == "rejected"
        assert "she is right" in (await world.letter("ann@example.org", "not approved")).text


async def test_a_name_taken_meanwhile_is_asked_for_and_the_yes_stands(tmp_path: Path) -> None:
    async with running(
        tmp_path, CONFIG + NOW + '[proposals]\nroute = "short"\nroutes = { short = ["board decide"] }\n'
    ) as world:
        await house(world, "en")
        await world.member(await world.group("known", kind="workplace"), "Ann Hill <ann@example.org>")
        number = await proposed(world, "Ann Hill <ann@example.org>", "Maps", "en")
        await world.group("maps", kind="workplace", title="Old charts")
        await world.pass_time(days=7)
        await world.reply(await world.letter(LENA, "decision"), "yes")
        form = await world.letter("ann@example.org", "another address")
        assert "maps-network" in form.text
        await world.reply(form, "Address: new-maps", quote=False)
        assert await state(world, number) == "established"
        assert await world.service.db.read(lambda tx: lists_store.group_named(tx, "new-maps")) is not None


async def test_a_decision_can_be_taken_back(tmp_path: Path) -> None:
    async with running(
        tmp_path, CONFIG + '[proposals]\nroute = "short"\nroutes = { short = ["board decide"] }\n'
    ) as world:
        await house(world, "en")
        await world.member(await world.group("known", kind="workplace"), "Ann Hill <ann@example.org>")
        number = await proposed(world, "Ann Hill <ann@example.org>", "Maps", "en")
        await world.pass_time(days=7)
        await world.reply(await world.letter(LENA, "decision"), "yes")
        assert await state(world, number) == "decided"
        await world.reply(await world.letter(LENA, "answer has arrived"), "undo")
        assert await state(world, number) == "deciding"
        await world.pass_time(days=7)
        await world.reply(await world.letter(LENA, "decision"), "no: not now")
        await world.pass_time(hours=1)
        assert await state(world, number) == "rejected"


async def test_somebody_silent_is_reminded_and_then_another_is_asked_for(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await house(world, "en")
        await world.member(await world.group("known", kind="workplace"), "Ann Hill <ann@example.org>")
        text = (
            "Name: Maps\nMotivation: Many ask.\nWork questions: Rules\nModerator: me\nDeputy: Joe Ray <joe@example.org>"
        )
        await world.send("Ann Hill <ann@example.org>", DESK, "Maps", text)
        await world.pass_time(days=4)
        assert (await world.letter("joe@example.org")).subject.startswith("Reminder: ")
        await world.pass_time(days=7)
        assert "Joe Ray has not answered" in (await world.letter("ann@example.org")).text


async def test_a_stranger_gets_one_form_and_nothing_is_kept_without_an_answer(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        for _ in range(2):
            await world.send("Eve <eve@example.com>", DESK, "Network for cats", "Please.")
        assert len(await world.inbox("eve@example.com")) == 1
        await world.pass_time(days=8)
        assert await state(world) == "forgotten"
        assert len(await world.inbox("eve@example.com")) == 1
        assert await world.rows("SELECT 1 FROM address WHERE folded = 'eve@example.com'") == []


async def test_withdrawn_by_its_proposer_only(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await house(world, "sv")
        known = await world.group("known", kind="workplace", language="sv")
        for who in ("Anna Berg <anna@example.org>", "Eva Lo <eva@example.org>"):
            await world.member(known, who, language="sv")
        number = await proposed(world, "Anna Berg <anna@example.org>", "Kartor", "sv")
        await world.send("Eva Lo <eva@example.org>", DESK, f"dra tillbaka {number}")
        assert await state(world, number) == "assigning"
        await world.send("Anna Berg <anna@example.org>", DESK, f"dra tillbaka {number}")
        assert await state(world, number) == "withdrawn"
        assert "dragits tillbaka" in (await world.letter("deputy-kartor@example.org")).text


async def test_nobody_assigns_then_the_next_in_line_and_the_operators_are_asked(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        await house(world, "en")
        await world.member(await world.group("known", kind="workplace"), "Ann Hill <ann@example.org>")
        await world.member(await world.group("ops"), "Op <operator@example.org>")
        await proposed(world, "Ann Hill <ann@example.org>", "Maps", "en")
        for _ in range(4):
            await world.pass_time(days=7)
        assert [one for one in await world.inbox(LENA) if "Who prepares" in one.subject]
        last = await world.letter("operator@example.org", "Who prepares")
        await world.reply(last, "2")
        assert await state(world) == "preparing"


async def test_july_stops_the_clock(tmp_path: Path) -> None:
    closed = CONFIG.replace(
        'domain = "networks.example.org"', 'domain = "networks.example.org"\nclosed = ["11-24/12-31"]'
    )
    async with running(tmp_path, closed) as world:
        await house(world, "en")
        await world.member(await world.group("known", kind="workplace"), "Ann Hill <ann@example.org>")
        text = (
            "Name: Maps\nMotivation: Many ask.\nWork questions: Rules\nModerator: me\nDeputy: Joe Ray <joe@example.org>"
        )
        await world.send("Ann Hill <ann@example.org>", DESK, "Maps", text)
        await world.pass_time(days=30)
        assert len(await world.inbox("joe@example.org")) == 1


async def test_an_initiative_starts_when_enough_are_in(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG + "[proposals]\nthreshold = 3\n") as world:
        staff = await world.group("staff", kind="everyone", title="Everyone", language="sv")
        for name in ("Anna", "Bo", "Cia", "Dan"):
            await world.member(staff, f"{name} <{name.lower()}@example.org>", language="sv")
        await world.write(lambda tx: organisation_store.insert(tx, "Example Library", ["example.org"], None, None))
        text = "Namn: Skolgårdar\nMotivering: Många bygger nya. Vi kan lära av varandra."
        await world.send("Anna <anna@example.org>", DESK, "Initiativ till nätverksgrupp", text)
        call = await world.letter("bo@example.org", "initiativ")
        assert "jag är med" in call.text.lower()
        for who in ("bo@example.org", "cia@example.org"):
            await world.send(who, f"cases@{DOMAIN}", f"Re: {call.subject}", "Jag är med!")
            await world.reply(await world.letter(who), "ja")
        assert await world.service.db.read(lambda tx: lists_store.group_named(tx, "skolgardar")) is not None
        assert "har startat" in (await world.letter("dan@example.org")).subject
        members = await world.rows(
            "SELECT a.folded FROM membership m JOIN groups g ON g.id = m.group_id JOIN address a ON a.id = m.address_id"
            " WHERE g.name = 'skolgardar' ORDER BY 1"
        )
        assert [row["folded"] for row in members] == ["anna@example.org", "bo@example.org", "cia@example.org"]


async def test_too_few_are_told(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        staff = await world.group("staff", kind="everyone", title="Everyone")
        for name in ("Ann", "Bob"):
            await world.member(staff, f"{name} <{name.lower()}@example.org>")
        await world.write(lambda tx: organisation_store.insert(tx, "Example Library", ["example.org"], None, None))
        await world.send("Ann <ann@example.org>", DESK, "Initiative", "Name: Yards\nMotivation: Many build new ones.")
        await world.pass_time(days=31)
        assert "does not start" in (await world.letter("ann@example.org")).subject


async def test_a_word_that_means_both_is_asked_about(tmp_path: Path) -> None:
    async with running(tmp_path, CONFIG) as world:
        taken: set[str] = set()

        def ideas(_tx: Tx, mail: Incoming, _target: Target) -> Handled:
            taken.add(mail.message.subject)
            return Handled(Reason.PROPOSED)

        world.service.registry.handlers["ideas"] = ideas
        known = await world.group("known", kind="workplace", language="nb")
        await world.member(known, "Kari Li <kari@example.org>", language="nb")
        for subject in ("Bedre kaffe", "Kart"):
            await world.send("Kari Li <kari@example.org>", f"forslag@{DOMAIN}", subject, "Hva med det?")
        coffee, maps = (one for one in await world.inbox("kari@example.org") if "eller en idé?" in one.subject)
        await world.reply(coffee, "Idé")
        assert taken == {"Bedre kaffe"}
        await world.reply(maps, "nettverk")
        form = await world.letter("kari@example.org", "skjema")
        await world.reply(form, "Adresse: kart på nett\nModerator: jeg\nNestmoderator: jeg", quote=False)
        missing = (await world.letter("kari@example.org", "mangler")).text
        assert "Ledige adresser: kart-pa-nett" in missing
        assert "to ulike personer" in missing


async def test_nobody_is_bombarded_with_tasks_through_the_desk(tmp_path: Path) -> None:
    """One over the limit is asked for instead, whoever proposes and however often the form is corrected."""
    text = CONFIG.replace("[limits]", "[limits]\nnominations_per_day = 2\nnominations_per_week = 3")
    async with running(tmp_path, text + NOW) as world:
        await house(world, "en")
        victim = "Vera Mål <vera@example.net>"
        known = await world.group("known", kind="workplace")

        async def propose(number: int, deputy: str = victim) -> str:
            who = f"Ann {number} <ann{number}@example.org>"
            await world.member(known, who)
            form = (
                f"Name: Maps {number}\nMotivation: Needed.\nWork questions: Rules\nModerator: {who}\nDeputy: {deputy}"
            )
            await world.send(who, DESK, "A network", form)
            return who

        async def asked_about() -> set[int]:
            return {one.case for one in await world.inbox(victim) if "deputy" in one.subject.lower()}

        for number in range(4):
            who = await propose(number)
        assert await asked_about() == {1, 2}
        form = await world.letter(who, "a form to fill in")
        assert "Deputy – we have asked them often lately" in " ".join(form.text.split())
        await world.reply(form, "Deputy: Olle Ny <olle@example.net>")
        assert "deputy" in (await world.letter("olle@example.net")).subject.lower()
        # the same proposer, back and forth between two names by corrections
        for deputy in (victim, "olle@example.net", victim):
            await world.reply(form, f"Deputy: {deputy}", quote=False)
        assert await asked_about() == {1, 2}
        await world.pass_time(days=1)
        await world.reply(await world.letter(who, "something is missing"), "Deputy: vera@example.net", quote=False)
        assert await asked_about() == {1, 2, 4}
        await world.pass_time(days=1)
        await propose(4)
        assert await asked_about() == {1, 2, 4}  # the week's last
