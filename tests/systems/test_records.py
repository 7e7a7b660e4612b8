"""What goes to the records, what a person may ask for, and what is left of somebody who was erased."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from lists.posts.held_post import HELD_POST
from mailsvc.cases import store as cases
from mailsvc.ids import CaseId
from mailsvc.records import chain_store
from mailsvc.records import store as records
from tests.signing import dns, signed
from tests.systems.world import CONFIG, DOMAIN, Letter, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "Anna Berg <anna@example.com>"
SVEN = "Sven Ek <sven@example.net>"
CANARY = "Kajsa Kanariefågel <kajsa.kanarie@example.net>"
REGISTRY = "registrator@example.org"
RECORDED = f'{CONFIG}[records]\naddress = "{REGISTRY}"\nretention = ["held-post 30 LIB-2026-3 §4"]\n'


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held posts count as decisions here: the smallest kind with a mail, a question and an answer."""
    monkeypatch.setattr("lists.register.HELD_POST", replace(HELD_POST, recorded=True))


def attached(letter: Letter) -> dict[str, bytes]:
    found = {}
    for part in letter.message.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(part.get_filename())] = content
    return found


def table(content: bytes) -> dict[str, dict[str, str]]:
    return {row["file"]: row for row in csv.DictReader(io.StringIO(content.decode(), newline=""))}


async def decided(world: World, text: str = "May I ask something?") -> int:
    """A stranger's post that the moderator approves."""
    await world.send(SVEN, f"talk@{DOMAIN}", "A question", text)
    asked = await world.letter(KARIN, "A question")
    await world.reply(asked, "ja, bra fråga")
    return asked.case


async def whole(world: World) -> bool:
    """Whether every log fits its chain."""
    place = chain_store.Place()
    while not place.done:
        place = await world.service.db.read(lambda tx, at=place: chain_store.step(tx, at, 3))  # type: ignore[misc]
    assert place.cases
    return place.breaks == ()


# ---- the file of a matter


@pytest.mark.usefixtures("recorded")
async def test_a_decided_matter_goes_to_the_records_with_its_mails_and_checksums(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        await world.group("talk", moderator=KARIN)
        case = await decided(world)
        letter = await world.letter(REGISTRY, f"[#{case}]")
        files = attached(letter)
        assert list(files) == ["case.html", "mail-1.eml", "mail-2.eml", "metadata.csv"]
        assert b"May I ask something?" in files["mail-1.eml"]
        assert b"From: Sven" in files["mail-1.eml"] or b'From: "Sven' in files["mail-1.eml"]
        rows = table(files["metadata.csv"])
        assert set(rows) == {"case.html", "mail-1.eml", "mail-2.eml"}
        for name, row in rows.items():
            assert row["sha256"] == hashlib.sha256(files[name]).hexdigest()
            assert row["case"] == str(case)
        assert rows["mail-1.eml"]["from"] == "sven@example.net"
        page = files["case.html"].decode()
        assert '<html lang="en">' in page
        assert "Karin Lind" in page
        assert "bra fråga" in page
        assert "The log is whole" in page
        assert hashlib.sha256(files["metadata.csv"]).hexdigest() in letter.text.replace("\n", "")


@pytest.mark.usefixtures("recorded")
async def test_it_goes_there_once_and_in_the_sites_language(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED.replace("[database]", 'language = "sv"\n[database]', 1)) as world:
        await world.group("talk", moderator=KARIN)
        case = await decided(world)
        await world.pass_time(days=2)
        letters = [one for one in await world.inbox(REGISTRY) if f"[#{case}]" in one.subject]
        assert [one.subject for one in letters] == [f"Avgjort: A question [#{case}]"]
        assert '<html lang="sv">' in attached(letters[0])["case.html"].decode()


async def test_what_is_no_record_stays(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        await world.group("talk", moderator=KARIN)
        await decided(world)
        inbox = await world.inbox(REGISTRY)
        assert [one.subject for one in inbox] == ["A question"]  # the copy of the post from outside


@pytest.mark.usefixtures("recorded")
async def test_a_token_that_still_answers_something_else_is_cut_out(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        await world.group("talk", moderator=KARIN)
        await world.send(SVEN, f"talk@{DOMAIN}", "First", "One")
        await world.send(SVEN, f"talk@{DOMAIN}", "Second", "Two")
        await world.send(KARIN, f"talk-request@{DOMAIN}", "pending", "")
        asked = await world.letter(KARIN, "matters")
        token = asked.reply_to.partition("+")[2].partition("@")[0]
        await world.reply(asked, "1 yes")
        files = attached((await world.inbox(REGISTRY))[-1])
        assert not any(token.encode() in one.lower() for one in files.values())
        assert not any(str(asked.message["Message-ID"]).strip("<>").encode() in one for one in files.values())
        assert {row["note"] for row in table(files["metadata.csv"]).values()} == {"", "masked"}
        await world.reply(asked, "2 yes")
        assert len([one for one in await world.inbox(REGISTRY) if "Decided" in one.subject]) == 2


@pytest.mark.usefixtures("recorded")
async def test_a_token_that_cannot_be_cut_out_keeps_its_mail_here(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        await world.group("talk", moderator=KARIN)
        await world.send(SVEN, f"talk@{DOMAIN}", "First", "One")
        await world.send(SVEN, f"talk@{DOMAIN}", "Second", "Two")
        await world.send(KARIN, f"talk-request@{DOMAIN}", "pending", "")
        asked = await world.letter(KARIN, "matters")
        body = base64.b64encode(f"1 yes\n\n> Reply-To: {asked.reply_to}\n".encode()).decode()
        head = f"From: karin@example.org\r\nTo: {asked.reply_to}\r\nSubject: Re: {asked.subject}\r\n"
        mime = "MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n"
        content = f"{head}Message-ID: <coded@example.org>\r\n{mime}\r\n{body}\r\n"
        await world.submit(content.encode(), "karin@example.org", [asked.reply_to])
        files = attached((await world.inbox(REGISTRY))[-1])
        assert list(files) == ["case.html", "mail-1.eml", "metadata.csv"]
        assert table(files["metadata.csv"])["mail-2.eml"]["note"] == "withheld"
        assert b"not enclosed, because it holds a key that still works" in files["case.html"]


@pytest.mark.usefixtures("recorded")
async def test_a_mail_that_does_not_fit_is_named(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        await world.group("talk", moderator=KARIN)
        case = await decided(world, "Long lines of text that go on.\n" * 30_000)
        letter = await world.letter(REGISTRY, f"[#{case}]")
        assert len(letter.raw) < 2_000_000
        files = attached(letter)
        assert list(files) == ["case.html", "mail-2.eml", "metadata.csv"]
        row = table(files["metadata.csv"])["mail-1.eml"]
        assert (row["note"], row["sha256"], row["from"]) == ("too-large", "", "sven@example.net")


@pytest.mark.usefixtures("recorded")
async def test_a_subject_does_not_act_in_a_spreadsheet(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        await world.group("talk", moderator=KARIN)
        await world.send(SVEN, f"talk@{DOMAIN}", "=HYPERLINK(1)", "Text")
        await world.reply(await world.letter(KARIN, "HYPERLINK"), "yes")
        rows = table(attached((await world.inbox(REGISTRY))[-1])["metadata.csv"])
        assert rows["mail-1.eml"]["subject"] == "'=HYPERLINK(1)"


# ---- the record number


async def test_moderators_number_a_matter_by_command(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        case = await decided(world)
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", f"sätt dnr #{case} LIB-2026-12")
        assert "LIB-2026-12" in (await world.inbox(KARIN))[-1].text
        await world.send(ANNA, f"talk-request@{DOMAIN}", "", f"set dnr {case} LIB-2026-13")
        assert "only for the moderators" in (await world.inbox(ANNA))[-1].text
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", "set dnr 4711 LIB-2026-14")
        assert "no matter with that number" in (await world.inbox(KARIN))[-1].text
        assert await world.service.db.read(lambda tx: records.number_of(tx, case)) == "LIB-2026-12"
        assert await whole(world)


# ---- retention


async def test_what_is_over_its_time_goes_unless_it_is_held(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        await world.group("talk", moderator=KARIN)
        gone = await decided(world, "The first text")
        kept = await decided(world, "The other text")
        await world.write(lambda tx: records.hold(tx, CaseId(kept), "a complaint"))
        await world.pass_time(days=29)
        assert len(await world.rows("SELECT * FROM disposal")) == 0
        await world.pass_time(days=2)
        await world.pass_time(hours=2)
        assert [(row["case_id"], row["decision"]) for row in await world.rows("SELECT * FROM disposal")] == [
            (gone, "LIB-2026-3 §4")
        ]
        texts = await world.rows("SELECT case_id FROM event_text")
        assert {row["case_id"] for row in texts} == {kept}
        stored = [bytes(row["bytes"]) for row in await world.rows("SELECT bytes FROM raw WHERE bytes IS NOT NULL")]  # type: ignore[call-overload]
        assert not any(b"The first text" in one for one in stored)
        assert any(b"The other text" in one for one in stored)
        assert await whole(world)


# ---- own data


async def test_a_person_gets_what_is_kept_about_them(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(ANNA, f"talk@{DOMAIN}", "A post of mine", "What I said")
        await world.send(ANNA, f"talk-request@{DOMAIN}", "export my data", "")
        asked = await world.letter(ANNA, "copy of your data")
        assert not [one for one in await world.inbox(ANNA) if "What is kept" in one.subject]
        await world.reply(asked, "yes")
        files = attached(await world.letter(ANNA, "What is kept about you"))
        data = json.loads(files["my-data.json"])
        assert [one["address"] for one in data["addresses"]] == ["anna@example.com"]
        assert [(one["group"], one["role"]) for one in data["memberships"]] == [("talk", "member")]
        assert "A post of mine" in [one["subject"] for one in data["mails"]]
        assert data["person"]["created_at"] == "2026-11-23T09:00:00Z"
        assert b"What I said" in files["mail-1.eml"]
        assert "Anna Berg" in files["my-data.html"].decode()


async def test_a_stranger_and_a_no_change_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.send(SVEN, f"talk-request@{DOMAIN}", "erase me", "")
        assert "only be done from an address that we know" in (await world.inbox(SVEN))[-1].text
        await world.send(ANNA, f"talk-request@{DOMAIN}", "radera mig", "")
        await world.reply(await world.letter(ANNA, "erased"), "no")
        await world.pass_time(days=8)
        assert await world.rows("SELECT * FROM erasure") == []
        assert [row["ended_at"] for row in await world.rows("SELECT ended_at FROM membership")] == [None, None]


def hits(path: Path, *words: str) -> list[str]:
    """Tables and columns where one of the words stands, and the file itself."""
    found = []
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in tables:
        for column in [row[1] for row in raw.execute(f"PRAGMA table_info({name})")]:
            for (value,) in raw.execute(f'SELECT "{column}" FROM {name} WHERE "{column}" IS NOT NULL'):
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                found += [f"{name}.{column}: {word}" for word in words if word.lower() in text.lower()]
    raw.close()
    content = path.read_bytes()
    found += [f"the file: {word}" for word in words if word.encode() in content or word.lower().encode() in content]
    for more in (path.with_name(f"{path.name}-wal"),):
        if more.exists():
            found += [f"{more.name}: {word}" for word in words if word.encode() in more.read_bytes()]
    return found


async def live(world: World) -> None:
    """A year of somebody who leaves traces everywhere."""
    group = await world.group("talk", moderator=KARIN)
    await world.group("quiet", moderator=CANARY)
    await world.member(group, CANARY)  # the third membership
    await world.member(group, ANNA)
    await world.send(CANARY, f"talk@{DOMAIN}", "Kvittersubject", "Kvittertext ett")
    await world.send(CANARY, f"quiet-leave@{DOMAIN}", "", "Kvittertext två")
    await world.send(SVEN, f"quiet@{DOMAIN}", "From Sven", "Please")
    await world.reply(await world.letter(CANARY, "From Sven"), "nej: Kvitterskäl")
    await world.send(CANARY, f"quiet-request@{DOMAIN}", "", "add kvitter.gast@example.net")
    await world.write(lambda tx: tx.execute("UPDATE membership SET posting = 'moderated' WHERE id = 3"))
    await world.send(CANARY, f"talk@{DOMAIN}", "Kvitterväntan", "Kvittertext tre")
    await world.send(KARIN, f"talk-request@{DOMAIN}", "", "who")


async def test_nothing_is_left_of_a_person_who_was_erased(tmp_path: Path) -> None:
    words = ("Kanariefågel", "kajsa.kanarie", "Kvittersubject", "Kvittertext", "Kvitterskäl", "Kvitterväntan")
    async with running(tmp_path) as world:
        await live(world)
        await world.send(CANARY, f"talk-request@{DOMAIN}", "erase me", "")
        asked = await world.letter(CANARY, "Do you want to be erased")
        assert "Talk" in asked.text
        assert "Backups" in asked.text
        await world.reply(asked, "yes")
        last = await world.letter(CANARY, "You have been erased")
        assert "The log of matters" in last.text
        before = len(await world.inbox(CANARY))
        await world.send(ANNA, f"talk@{DOMAIN}", "Later", "Text")
        assert len(await world.inbox(CANARY)) == before
        assert [row["state"] for row in await world.rows("SELECT state FROM cases WHERE closed_at IS NULL")] == []
        await world.pass_time(days=1)
        assert [row["done_at"] is not None for row in await world.rows("SELECT done_at FROM erasure")] == [True]
        assert await whole(world)
        database = world.service.config.database_path
    assert hits(database, *words) == []


async def test_nothing_is_left_where_an_operator_agreed_to_it(tmp_path: Path) -> None:
    """Strict mode: the letters to the operators, and their answer, name nobody any more either."""
    async with running(tmp_path, CONFIG + '[security]\nmode = "strict"\n', dns) as world:
        world.signing = signed
        await world.member(await world.group("talk", moderator=KARIN), CANARY)
        await world.send(CANARY, f"talk-request@{DOMAIN}", "erase me", "")
        await world.reply(await world.letter(CANARY, "Do you want to be erased"), "yes")
        await world.reply(await world.letter("operator@example.org", "Kanariefågel is erased"), "yes", quote=False)
        assert await world.letter(CANARY, "You have been erased")
        await world.pass_time(days=1)
        assert await whole(world)
        database = world.service.config.database_path
    left = {one for one in hits(database, "Kanariefågel", "kajsa.kanarie") if not one.startswith("raw.bytes")}
    assert left <= {"the file: Kanariefågel"}, left  # in the operator's own mail: its subject is theirs


async def test_what_others_wrote_stays_theirs_but_no_list_names_them_any_more(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, CANARY)
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", "moderate kajsa.kanarie@example.net")
        await world.reply(await world.letter(KARIN, "Change the members"), "yes")
        await world.send(CANARY, f"talk-request@{DOMAIN}", "erase me", "")
        await world.reply(await world.letter(CANARY, "Do you want to be erased"), "yes")
        await world.pass_time(days=1)
        database = world.service.config.database_path
    assert set(hits(database, "kajsa.kanarie")) == {"raw.bytes: kajsa.kanarie", "the file: kajsa.kanarie"}


async def test_a_record_and_a_held_matter_stay_and_are_listed(tmp_path: Path) -> None:
    async with running(tmp_path, RECORDED) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, CANARY)
        await world.send(KARIN, f"talk-request@{DOMAIN}", "", "moderate kajsa.kanarie@example.net")
        await world.reply(await world.letter(KARIN, "Change the members"), "yes")
        numbers = []
        for subject in ("Numbered", "Held", "Gone"):
            await world.send(CANARY, f"talk@{DOMAIN}", subject, f"Kvittertext {subject}")
            asked = await world.letter(KARIN, subject)
            await world.reply(asked, "no: not now")
            numbers.append(asked.case)
        await world.write(lambda tx: records.set_number(tx, CaseId(numbers[0]), "LIB-2026-12"))
        await world.write(lambda tx: records.hold(tx, CaseId(numbers[1]), ""))
        await world.send(CANARY, f"talk-request@{DOMAIN}", "erase me", "")
        await world.reply(await world.letter(CANARY, "Do you want to be erased"), "yes")
        said = (await world.letter(CANARY, "You have been erased")).text
        assert f"Matter #{numbers[0]} (LIB-2026-12), a record of the organisation, until" in said
        assert "LIB-2026-3 §4" in said
        assert f"Matter #{numbers[1]}, because nothing of it may be removed" in said
        assert f"#{numbers[2]}" not in said
        await world.pass_time(hours=2)
        kept = await world.rows("SELECT case_id, text FROM event_text WHERE text LIKE '%Kvittertext%'")
        assert {row["case_id"] for row in kept} == set(numbers[:2])
        stored = await world.rows("SELECT CAST(bytes AS TEXT) AS text FROM raw WHERE bytes IS NOT NULL")
        texts = " ".join(str(row["text"]) for row in stored)
        assert "Kvittertext Numbered" in texts
        assert "Kvittertext Gone" not in texts
        assert await whole(world)


async def test_a_line_that_was_changed_is_named(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.group("talk", moderator=KARIN)
        first = await decided(world, "One")
        second = await decided(world, "Two")
        assert await whole(world)
        await world.write(
            lambda tx: tx.execute("UPDATE event SET at = at + 1 WHERE case_id = :id AND seq = 2", id=first)
        )
        await world.write(lambda tx: tx.execute("DELETE FROM event WHERE case_id = :id AND seq = 2", id=second))
        found = await world.service.db.read(lambda tx: chain_store.step(tx, chain_store.Place()))
        assert [(one.case_id, one.seq) for one in found.breaks] == [(first, 2), (second, 2)]
        assert await world.service.db.read(lambda tx: cases.broken_at(tx, CaseId(first))) == 2
        assert await world.service.db.read(lambda tx: chain_store.broken_at(tx, CaseId(second))) == 2


async def test_erasing_waits_for_what_is_on_its_way_and_then_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, CANARY)
        await world.write(
            lambda tx: tx.execute("UPDATE groups SET held_at = :now WHERE id = :id", now=tx.now, id=group)
        )
        await world.send(KARIN, f"talk@{DOMAIN}", "Stopped", "Text")
        await world.send(CANARY, f"talk-request@{DOMAIN}", "erase me", "")
        await world.reply(await world.letter(CANARY, "Do you want to be erased"), "yes")
        assert (await world.letter(CANARY, "You have been erased")).text
        before = len(await world.inbox(CANARY))
        await world.pass_time(hours=3)
        assert [row["done_at"] is not None for row in await world.rows("SELECT done_at FROM erasure")] == [True]
        await world.send(ANNA, f"talk@{DOMAIN}", "Later", "Text")
        assert len(await world.inbox(CANARY)) <= before


async def test_erasing_twice_is_erasing_once(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, CANARY)
        for _ in range(2):
            await world.send(CANARY, f"talk-request@{DOMAIN}", "erase me", "")
        asked = [one for one in await world.inbox(CANARY) if "Do you want to be erased" in one.subject]
        assert len(asked) == 1
        await world.reply(asked[0], "yes")
        await world.reply(asked[0], "yes")
        await world.pass_time(hours=2)
        assert len(await world.rows("SELECT * FROM erasure")) == 1
        await world.send(CANARY, f"talk-request@{DOMAIN}", "erase me", "")
        assert "only be done from an address that we know" in (await world.inbox(CANARY))[-1].text
