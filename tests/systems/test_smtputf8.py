"""Addresses outside ASCII (RFC 6531) and 8-bit text (RFC 6152), from a member's client through to the relay."""

from __future__ import annotations

import smtplib
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


async def submit(world: World, author: str, content: bytes, options: tuple[str, ...]) -> None:
    """A mail as one transaction, with exactly these parameters of MAIL."""
    address = world.service.smtp.addresses[0]
    with smtplib.SMTP(address.host, address.port, timeout=20) as client:
        client.ehlo("client.example.org")
        client.command_encoding = "utf-8"
        assert client.mail(author, options)[0] == 250
        assert client.rcpt(f"talk@{DOMAIN}")[0] == 250
        assert client.data(content)[0] == 250
    await world.settle()
