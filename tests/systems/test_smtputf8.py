"""Addresses outside ASCII (RFC 6531) and 8-bit text (RFC 6152), from a member's client through to the relay."""

from __future__ import annotations

import asyncio
import smtplib
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.sink import EXTENSIONS, Accepted, Sink
from tests.systems.world import CONFIG, DOMAIN, World, running

KARIN = "Karin Lind <karin@example.org>"
ANNA = "anna@example.com"
ÅSA = "Åsa Öst <åsa.öst@exämple.net>"
ÅSAS = "åsa.öst@xn--exmple-cua.net"  # as it is said to a relay: the domain has an ASCII form, the local part has none

HEAD = (
    "From: {author}\r\nTo: talk@networks.example.org\r\nSubject: Bytes\r\nMessage-ID: <bytes@example.com>\r\n"
    "Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
    "Content-Type: {kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
)
PLAIN = b"Tr\xe4dg\xe5rd \x80\xff\r\n.\r\n..\r\n  \r\n" + b"\xe5" * 998 + b"\r\n" + b"\xe4" * 2048 + b"\r\n"
PARTS = (
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nBlåbär 🫐\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>Blåbär\r\n--b--\r\n"
).encode()


def relayed(sink: Sink) -> str:
    return f'{CONFIG}\n[delivery]\ntransport = "smtp"\nrelay = "smtp://127.0.0.1:{sink.port}"\n'


def to(sink: Sink, address: str) -> list[Accepted]:
    return [one for one in sink.accepted if address in one.recipients]


async def submit(
    world: World, author: str, content: bytes, options: tuple[str, ...] = (), recipient: str = f"talk@{DOMAIN}"
) -> None:
    """A mail as one transaction, with exactly these parameters of MAIL."""
    address = world.service.smtp.addresses[0]

    def session() -> None:
        with smtplib.SMTP(address.host, address.port, timeout=20) as client:
            client.ehlo("client.example.org")
            client.command_encoding = "utf-8"
            assert client.mail(author, options)[0] == 250
            assert client.rcpt(recipient)[0] == 250
            code, said = client.data(content)
            assert code == 250, said

    await asyncio.to_thread(session)
    await world.settle()


@pytest.mark.parametrize(
    ("kind", "body"),
    [("text/plain; charset=iso-8859-1", PLAIN), ("multipart/alternative; boundary=b", PARTS)],
    ids=["latin-1", "utf-8"],
)
async def test_an_8_bit_body_reaches_everybody_byte_for_byte(tmp_path: Path, kind: str, body: bytes) -> None:
    async with Sink() as sink, running(tmp_path, relayed(sink)) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        await world.member(group, ÅSA)
        content = HEAD.format(author=ANNA, kind=kind).encode() + body
        await submit(world, ANNA, content, ("BODY=8BITMIME",))
        for member in (ANNA, ÅSAS, "karin@example.org"):
            (copy,) = to(sink, member)
            assert copy.content.partition(b"\r\n\r\n")[2] == body
        mails = [line for line in sink.commands if line.startswith("MAIL ")]
        assert len(mails) == 3
        assert all("BODY=8BITMIME" in line for line in mails)


async def test_a_member_outside_ascii_posts_and_gets_posts_and_letters(tmp_path: Path) -> None:
    async with Sink() as sink, running(tmp_path, relayed(sink)) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ÅSA)
        await world.member(group, ANNA)
        content = HEAD.format(author=ÅSA, kind="text/plain; charset=utf-8").encode() + "Hej på er\r\n".encode()
        await submit(world, "åsa.öst@exämple.net", content, ("BODY=8BITMIME", "SMTPUTF8"))
        assert await world.reasons() == ["posted"]
        (copy,) = to(sink, ANNA)
        assert f"From: {ÅSA}\r\n".encode() in copy.content
        assert b" UTF8SMTP id " in copy.content
        (own,) = to(sink, ÅSAS)
        # Every other part of the transaction stays ASCII, so a bounce can come back the old way.
        assert own.sender.isascii()
        # A letter: she asks what she can do.
        question = HEAD.format(author=ÅSA, kind="text/plain; charset=utf-8").replace("bytes@", "status@")
        question = question.replace("Bytes", "status")
        await submit(world, "åsa.öst@exämple.net", question.encode(), ("SMTPUTF8",), f"talk-request@{DOMAIN}")
        assert (await world.reasons())[-1] == "commands-done"
        letter = to(sink, ÅSAS)[-1]
        assert "åsa.öst@".encode() in letter.content.partition(b"\r\n\r\n")[0]
        wide = {line.partition("<")[2].partition(">")[0] for line in sink.commands if "SMTPUTF8" in line}
        assert len(wide) == 4, "the three copies of her post and her letter: her address stands in their headers"


async def test_a_relay_without_smtputf8_is_a_clear_failure_for_those_who_need_it(tmp_path: Path) -> None:
    plain = tuple(one for one in EXTENSIONS if one != "SMTPUTF8")
    async with Sink(extensions=plain) as sink, running(tmp_path, relayed(sink)) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ÅSA)
        await world.member(group, ANNA)
        content = HEAD.format(author=ANNA, kind="text/plain; charset=utf-8").encode() + b"Hello\r\n"
        await submit(world, ANNA, content, ())
        assert len(to(sink, ANNA)) == 1
        rows = await world.rows("SELECT state, attempts, reply FROM delivery WHERE address LIKE '%öst%'")
        assert [(row["state"], row["attempts"]) for row in rows] == [("failed", 1)]
        assert "5.6.7" in str(rows[0]["reply"])
        assert "SMTPUTF8" in str(rows[0]["reply"])
        assert not any("Å" in line or "å" in line for line in sink.commands)


async def test_a_relay_without_8bitmime_gets_no_mangled_copy(tmp_path: Path) -> None:
    plain = tuple(one for one in EXTENSIONS if one != "8BITMIME")
    async with Sink(extensions=plain) as sink, running(tmp_path, relayed(sink)) as world:
        group = await world.group("talk", moderator=KARIN, title="Trädgård", language="sv")
        await world.member(group, ANNA)
        content = HEAD.format(author=ANNA, kind="text/plain; charset=iso-8859-1").encode() + PLAIN
        await submit(world, ANNA, content, ("BODY=8BITMIME",))
        assert sink.accepted == []
        rows = await world.rows("SELECT state, reply FROM delivery ORDER BY id")
        assert {str(row["state"]) for row in rows} == {"failed"}
        assert all("8BITMIME" in str(row["reply"]) for row in rows)
        # Letters of ours are ASCII on the wire, whatever language they are in, so they still arrive.
        await submit(world, "sven@example.net", b"From: sven@example.net\r\nSubject: Hello\r\n\r\nHello\r\n")
        letter = to(sink, "karin@example.org")[-1]
        assert "väntar på ditt svar" in str(message_from_bytes(letter.content, policy=policy.default)["Subject"])
        assert letter.content.isascii()


@pytest.mark.parametrize("offered", [True, False])
async def test_raw_header_fields_go_as_they_are_only_where_they_are_taken(tmp_path: Path, offered: bool) -> None:
    extensions = tuple(one for one in EXTENSIONS if offered or one != "SMTPUTF8")
    async with Sink(extensions=extensions) as sink, running(tmp_path, relayed(sink)) as world:
        group = await world.group("talk", moderator=KARIN)
        await world.member(group, ANNA)
        head = HEAD.format(author=f"Åsa Öst <{ANNA}>", kind="text/plain; charset=utf-8").replace(
            "Bytes", "Blåbär på rad"
        )
        await submit(world, ANNA, head.encode() + "Brödtext på svenska\r\n".encode(), ("BODY=8BITMIME",))
        (copy,) = to(sink, "karin@example.org")
        mail = next(line for line in sink.commands if line.startswith("MAIL "))
        header, _, body = copy.content.partition(b"\r\n\r\n")
        assert (" SMTPUTF8" in mail) == offered
        assert header.isascii() != offered
        assert body == "Brödtext på svenska\r\n".encode()
        if offered:
            assert f"From: Åsa Öst <{ANNA}>\r\nTo: talk@".encode() in header
            assert "Subject: Blåbär på rad\r\n".encode() in header
        else:
            read = message_from_bytes(copy.content, policy=policy.default)
            assert str(read["Subject"]) == "Blåbär på rad"
            assert read["From"].addresses[0].display_name == "Åsa Öst"


async def test_a_raw_header_in_latin_1_is_encoded_everywhere(tmp_path: Path) -> None:
    async with Sink() as sink, running(tmp_path, relayed(sink)) as world:
        await world.group("talk", moderator=KARIN, post="anyone")
        head = HEAD.format(author=ANNA, kind="text/plain").replace("Bytes", "Blåbär").encode("latin-1")
        await submit(world, ANNA, head + b"Text\r\n", ("BODY=8BITMIME",))
        (copy,) = to(sink, "karin@example.org")
        assert copy.content.isascii()
        assert str(message_from_bytes(copy.content, policy=policy.default)["Subject"]) == "Blåbär"
        assert not any("BODY=8BITMIME" in line or "SMTPUTF8" in line for line in sink.commands if line[:4] == "MAIL")
