"""Whatever a client sends: the server answers in its own words, never stumbles, and serves the next client."""

from __future__ import annotations

import asyncio
import contextlib
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import tools
from tests.dialog.script import Stage, parse

NEXT_CLIENT = parse(
    "hello\nC: MAIL FROM:<>\nC: RCPT TO:<m1@networks.example.org>\nC: DATA\nS: 250 2.1.0 ...\nS: 250 2.1.5 ...\n"
    "S: 354 ...\nC: the next\nC: .\nS: 250 2.0.0 Kept\nkept content the next\\r\\n\n"
)
REPLY = re.compile(rb"([245]\d\d[ -](\d\.\d{1,3}\.\d{1,3} )?|354 )[\x20-\x7e]*\r\n")

COMMANDS = st.sampled_from(
    [
        b"EHLO client.example.net\r\n",
        b"HELO x\r\n",
        b"MAIL FROM:<anna@example.net>\r\n",
        b"MAIL FROM:<> SIZE=99999999999 BODY=8BITMIME\r\n",
        b"MAIL FROM:<\xc3\xa5sa@example.net> SMTPUTF8\r\n",
        b"RCPT TO:<m1@networks.example.org>\r\n",
        b"RCPT TO:<postmaster>\r\n",
        b"RCPT TO:<broken@networks.example.org>\r\n",
        b"RCPT TO:<bug@networks.example.org>\r\n",
        b"RCPT TO:<injection@networks.example.org>\r\n",
        b"DATA\r\n",
        b"Subject: x\r\n\r\ntext\r\n.\r\n",
        b".\r\n",
        b"\r\n.\r\n",
        b"\n.\n",
        b"RSET\r\n",
        b"NOOP\r\n",
        b"VRFY x\r\n",
        b"QUIT\r\n",
        b"STARTTLS\r\n",
        b"AUTH LOGIN\r\n",
        b"BDAT 5\r\n",
        b"GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PROXY TCP4 192.0.2.1 192.0.2.2 1 25\r\n",
        b"A" * 600 + b"\r\n",
    ]
)
# A pause lets the server answer first, as real clients do.
SENT = st.lists(st.tuples(st.one_of(COMMANDS, COMMANDS, COMMANDS, st.binary(max_size=40)), st.booleans()), max_size=25)


async def attack(pieces: list[tuple[bytes, bool]]) -> None:
    async with Stage((("limits.data_in_flight", "2000"), ("limits.message_size", "1000"))) as stage:
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.server.addresses[0].port)
        received = bytearray()

        async def listen() -> None:
            while data := await reader.read(4096):
                received.extend(data)

        listening = asyncio.create_task(listen())
        for piece, pause in pieces:
            writer.write(piece)
            for _ in range(20 if pause else 0):
                await asyncio.sleep(0)
        with contextlib.suppress(OSError):  # the server may have hung up already
            writer.write_eof()
        await asyncio.wait([listening])
        failure = listening.exception()
        assert failure is None or isinstance(failure, ConnectionError)
        writer.close()
        for line in bytes(received).splitlines(keepends=True):
            assert REPLY.fullmatch(line), line
            assert b"secret" not in line
            assert b"Error(" not in line
        await stage.play(NEXT_CLIENT)


@settings(max_examples=5_000 if tools.SOAK else 150)
@given(SENT)
def test_nothing_that_a_client_sends_does_harm(pieces: list[tuple[bytes, bool]]) -> None:
    asyncio.run(attack(pieces))
