"""Documents of a network by mail: published, replaced, asked about, looked through, downloaded and removed."""

from __future__ import annotations

import email.policy
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from mailsvc.ids import GroupId
from tests.systems.evidence_acts import BORDER, SAID
from tests.systems.world import CONFIG, DOMAIN, World, running, split

KARIN = "Karin Lind <karin@example.org>"
PER = "Per Moe <per@example.org>"
ANNA = "Anna Berg <anna@example.org>"
SVEN = "Sven Ek <sven@example.net>"
DOCS = f"cataloguing-docs@{DOMAIN}"
INSIDE = CONFIG.replace("[web]", 'internal_networks = ["127.0.0.0/8"]\n[web]')


async def furnish(world: World, language: str = "en") -> GroupId:
    group = await world.group("cataloguing", moderator=KARIN, deputy=PER, language=language, title="Cataloguing")
    await world.member(group, ANNA, language="sv")
    return group


async def bring(
    world: World, sender: str, *files: tuple[str, bytes], text: str = "", said: str = "", to: str = DOCS
) -> None:
    """A mail with attachments."""
    world.sent += 1
    name, address = split(sender)
    message = EmailMessage(policy=email.policy.SMTP)
    if SAID.get(said):
        message["Authentication-Results"] = f"mx.example.org; {SAID[said]} header.from=example.org"
    message["From"] = f"{name} <{address}>"
    message["To"] = to
    message["Subject"] = "Documents"
    message["Date"] = datetime(2026, 11, 23, 9, 0, world.sent % 60, tzinfo=UTC)
    message["Message-ID"] = f"<docs-{world.sent}@example.org>"
    message.set_content(text or "Here they are.")
    for filename, content in files:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=filename)
    await world.submit(message.as_bytes(), address, [to])


async def listed(world: World) -> list[tuple[object, object]]:
    rows = await world.rows(
        "SELECT d.name, max(f.version) AS version FROM document d JOIN document_file f ON f.document_id = d.id"
        " WHERE d.removed_at IS NULL GROUP BY d.id ORDER BY d.folded"
    )
    return [(row["name"], row["version"]) for row in rows]


def http(world: World) -> httpx.AsyncClient:
    host, port = world.service.web.address
    return httpx.AsyncClient(base_url=f"http://{host}:{port}")


async def test_a_moderators_documents_are_there_at_once_and_replaced_by_name(tmp_path: Path) -> None:
    async with running(tmp_path, INSIDE) as world, http(world) as client:
        await furnish(world)
        await bring(
            world, KARIN, ("Rutin för kartor.pdf", b"one"), ("b.pdf", b"two"), text="Look at again by: 2027-06-01"
        )
        letter = await world.letter(KARIN, "Your documents")
        assert "are published" in letter.text
        assert "* b.pdf, 1 kB" in letter.text
        assert "To be looked at again by Tuesday 1 June 2027." in letter.text
        await bring(world, KARIN, ("RUTIN  för kartor.pdf", b"newer"))
        assert "replaces the document of that name" in (await world.letter(KARIN, "Your documents")).text
        assert await listed(world) == [("b.pdf", 1), ("Rutin för kartor.pdf", 2)]
        page = (await client.get("/g/cataloguing")).text
        assert "Rutin för kartor.pdf" in page
        assert "version 2" in page
        row = (await world.rows("SELECT id FROM document WHERE name LIKE 'Rutin%'"))[0]
        got = await client.get(f"/g/cataloguing/docs/{row['id']}")
        assert got.content == b"newer"
        assert got.headers["content-type"] == "application/octet-stream"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-disposition"] == (
            "attachment; filename=\"Rutin f_r kartor.pdf\"; filename*=UTF-8''Rutin%20f%C3%B6r%20kartor.pdf"
        )
        assert "sandbox" in got.headers["content-security-policy"]
        assert (await client.get(f"/g/cataloguing/docs/{row['id']}?version=1")).content == b"one"
        for path in (
            f"/g/other/docs/{row['id']}",
            "/g/cataloguing/docs/999",
            f"/g/cataloguing/docs/{row['id']}?version=x",
        ):
            assert (await client.get(path)).status_code == 404


async def test_without_proof_a_moderator_is_asked_once(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world, language="da")
        await bring(world, KARIN, ("a.pdf", b"one"), ("b.pdf", b"two"))
        assert await listed(world) == []
        asked = await world.letter(KARIN)
        assert asked.subject.startswith("Offentliggør 2 dokumenter i Cataloguing?")
        await world.reply(asked, "Ja")
        assert await listed(world) == [("a.pdf", 1), ("b.pdf", 1)]


async def test_a_members_documents_wait_for_a_moderator(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await bring(world, ANNA, ("a.pdf", b"one"), text="För mötet.")
        assert "har fått frågan om dina dokument" in (await world.letter(ANNA)).text
        asked = await world.letter(PER, "Documents from Anna Berg")
        assert "För mötet." in asked.text
        await world.reply(asked, "godkänn")
        assert await listed(world) == [("a.pdf", 1)]
        assert "Per Moe har godkänt dina dokument" in (await world.letter(ANNA, "Dina dokument")).text
        await bring(world, ANNA, ("c.pdf", b"three"))
        await world.reply(await world.letter(KARIN, "Documents from Anna Berg"), "reject: it is old")
        assert "it is old" in (await world.letter(ANNA, "Dina dokument")).text
        assert await world.rows("SELECT id FROM document_file WHERE name = 'c.pdf'") == []


async def test_nobody_answers(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await bring(world, ANNA, ("a.pdf", b"one"))
        await world.pass_time(days=30)
        assert "Ingen moderator" in (await world.letter(ANNA, "Dina dokument")).text
        assert await world.rows("SELECT id FROM document_file") == []


@pytest.mark.parametrize(("said", "state"), [("pass", "published"), ("weak", "asked"), ("fail", "forged")])
async def test_the_evidence_decides(tmp_path: Path, said: str, state: str) -> None:
    async with running(tmp_path, BORDER) as world:
        await furnish(world)
        await bring(world, KARIN, ("a.pdf", b"one"), said=said)
        assert bool(await listed(world)) is (state == "published")
        assert len(await world.inbox(KARIN)) == (0 if state == "forged" else 1)


async def test_strangers_hear_nothing_and_others_why_not(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await furnish(world)
        await bring(world, SVEN, ("a.pdf", b"one"))
        assert await world.inbox(SVEN) == []
        await world.group("maps", moderator=SVEN)
        await bring(world, SVEN, ("a.pdf", b"one"))
        assert "Only members of Cataloguing" in (await world.letter(SVEN)).text
        await bring(world, KARIN)
        assert "There was no attachment" in (await world.letter(KARIN)).text
        await bring(world, KARIN, *((f"{n}.pdf", b"x") for n in range(21)))
        assert "At most 20 documents" in (await world.letter(KARIN)).text


async def test_a_scanner_looks_before_anything_is_kept(tmp_path: Path) -> None:
    script = tmp_path / "scan.py"
    script.write_text(
        "import sys\ndata = sys.stdin.buffer.read()\nsys.exit(1 if b'EICAR' in data else 2 if b'??' in data else 0)\n"
    )
    command = f'[docs]\nscan_command = ["{sys.executable}", "{script}"]\n[web]'
    async with running(tmp_path, INSIDE.replace("[web]", command)) as world:
        await furnish(world)
        await bring(world, KARIN, ("good.pdf", b"good"), ("bad.pdf", b"..EICAR.."))
        assert "something bad in “bad.pdf”" in (await world.letter(KARIN)).text
        await bring(world, KARIN, ("odd.pdf", b"??"))
        assert "could not be looked through" in (await world.letter(KARIN)).text
        assert await world.rows("SELECT id FROM document_file") == []
        await bring(world, KARIN, ("good.pdf", b"good"))
        assert await listed(world) == [("good.pdf", 1)]


async def test_when_its_day_comes_the_moderators_are_asked(tmp_path: Path) -> None:
    async with running(tmp_path, INSIDE) as world:
        await furnish(world)
        await bring(world, KARIN, ("a.pdf", b"one"), ("b.pdf", b"two"), text="Ses över senast: 2026-12-07")
        await world.pass_time(days=13)
        assert not [one for one in await world.inbox(PER) if "still right" in one.subject]
        await world.pass_time(days=2)
        await world.reply(await world.letter(PER, "Is “a.pdf” still right"), "Ja")
        await world.reply(await world.letter(PER, "Is “b.pdf” still right"), "nej")
        rows = await world.rows("SELECT name, look_again, outdated FROM document ORDER BY name")
        assert [(one["name"], one["look_again"], one["outdated"]) for one in rows] == [
            ("a.pdf", "2027-12-08", 0),
            ("b.pdf", "2027-01-07", 1),
        ]
        before = len(await world.inbox(PER))
        await world.pass_time(days=3)
        assert len(await world.inbox(PER)) == before
        await bring(world, KARIN, ("b.pdf", b"three"))
        assert (await world.rows("SELECT outdated, look_again FROM document WHERE name = 'b.pdf'")) == [
            {"outdated": 0, "look_again": ""}
        ]


async def test_a_document_that_holds_a_living_answer_address_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, INSIDE) as world:
        await furnish(world)
        await world.send(SVEN, f"cataloguing@{DOMAIN}", "Hi", "May I?")
        question = await world.letter(PER, "post waits")
        await bring(world, KARIN, ("letter.eml", question.raw))
        assert "belongs to one person" in (await world.letter(KARIN, "Your documents")).text
        assert await listed(world) == []


async def test_only_those_for_whom_they_are_can_read_them(tmp_path: Path) -> None:
    async with running(tmp_path, INSIDE) as world, http(world) as client:
        await furnish(world)
        await bring(world, KARIN, ("a.pdf", b"one"))
        path = "/g/cataloguing/docs/1"
        assert (await client.get(path)).status_code == 200
        await world.write(
            lambda tx: tx.execute("UPDATE groups SET settings = json_set(settings, '$.documents', 'members')")
        )
        assert (await client.get(path)).status_code == 404
        assert "a.pdf" not in (await client.get("/g/cataloguing")).text
