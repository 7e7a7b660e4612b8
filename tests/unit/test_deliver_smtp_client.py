"""The SMTP client on a real socket against a real server that misbehaves as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from mailsvc.deliver.smtp_client import Attempt, ConnectionLost, Parcel, Refused, SmtpClient, Timeouts, connect, path
from tests.sink import CLOSE_AFTER, DROP, EXTENSIONS, SILENT, Moment, Sink

QUICK = Timeouts(connect=5, greeting=5, command=5, data=5, block=5, final=5)
NO_PIPELINING = tuple(word for word in EXTENSIONS if word != "PIPELINING")


def _attempt(*recipients: str, body: bytes = b"Hello\r\n", number: int = 1, **options: bool) -> Attempt:
    head = b"Message-ID: <m%d@example.org>\r\n\r\n" % number
    to = recipients or ("anna@example.org",)
    return Attempt(Parcel("bounces+1@example.org", to, head, body, len(head + body), **options))


async def _client(sink: Sink, timeouts: Timeouts = QUICK) -> SmtpClient:
    return await connect("127.0.0.1", sink.port, "networks.example.org", timeouts)


async def _send(client: SmtpClient, attempt: Attempt) -> None:
    client.begin(attempt)
    await client.envelope(attempt)
    await client.content(attempt)


def _at(verb: str, said: str, argument: str = "") -> Callable[[Moment], str | None]:
    return lambda moment: said if moment.verb == verb and argument in moment.argument else None


@asynccontextmanager
async def _server(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[int]:
    """A server for one connection that says what `talk` says and then listens until the client goes; its port."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
            await writer.drain()
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
            over.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20) as listening:
        yield listening.sockets[0].getsockname()[1]
        await over.wait()
        await asyncio.sleep(0)


@pytest.mark.parametrize("extensions", [EXTENSIONS, NO_PIPELINING, ()])
async def test_several_recipients_have_their_own_replies(extensions: tuple[str, ...]) -> None:
    def script(moment: Moment) -> str | None:
        return {"b@example.org": "450 4.2.0 later", "c@example.org": "550 5.1.1 unknown"}.get(moment.argument)

    async with Sink(script, extensions) as sink:
        client = await _client(sink)
        attempt = _attempt("a@example.org", "b@example.org", "c@example.org", "d@example.org")
        await _send(client, attempt)
        assert [reply.code for reply in attempt.rcpt] == [250, 450, 550, 250]
        assert attempt.final is not None
        assert attempt.final.code == 250
        await client.quit()
    assert [one.recipients for one in sink.accepted] == [("a@example.org", "d@example.org")]
    assert sink.commands[-1] == "QUIT"
    assert not sink.junk
    assert sink.early == 0


@pytest.mark.parametrize("extensions", [EXTENSIONS, NO_PIPELINING])
async def test_a_connection_is_used_again_whatever_the_last_transaction_came_to(extensions: tuple[str, ...]) -> None:
    def script(moment: Moment) -> str | None:
        refusals = {1: ("MAIL", "452 4.3.1 full"), 2: ("RCPT", "550 5.1.1 no"), 3: ("DATA", "451 4.3.0 no")}
        verb, said = refusals.get(moment.transaction, ("", ""))
        return said if moment.verb == verb else None

    # A refused MAIL does not begin a transaction at the sink, so its number stays until the next MAIL.
    async with Sink(script, extensions) as sink:
        client = await _client(sink)
        attempts = [_attempt(number=number) for number in range(1, 6)]
        for attempt in attempts:
            await _send(client, attempt)
        await client.quit()
    assert [attempt.final.code if attempt.final else None for attempt in attempts] == [None, None, None, 250, 250]
    assert not sink.junk
    assert sum(command == "RSET" for command in sink.commands) == 3
    assert len(sink.accepted) == 2


async def test_an_accepted_data_without_recipients_is_ended_by_a_dot_alone() -> None:
    def script(moment: Moment) -> str | None:
        if moment.verb == "RCPT" and moment.transaction == 1:
            return "550 5.1.1 no"
        return "354 go on" if moment.verb == "DATA" else None

    async with Sink(script) as sink:
        client = await _client(sink)
        first, second = _attempt(number=1), _attempt(number=2)
        await _send(client, first)
        await _send(client, second)
        await client.quit()
    assert first.data is not None
    assert first.data.code == 354
    assert [one.content for one in sink.accepted] == [second.parcel.head + second.parcel.body]


async def test_the_next_envelope_travels_with_the_body() -> None:
    written: list[bytes] = []
    async with Sink() as sink:
        client = await _client(sink)
        transport = client._transport
        assert transport is not None
        original = transport.write

        def write(data: bytes | bytearray | memoryview) -> None:
            written.append(bytes(data))
            original(data)

        transport.write = write  # type: ignore[method-assign]
        first, second = _attempt(number=1), _attempt(number=2)
        client.begin(first)
        await client.envelope(first)
        await client.content(first, second)
        await client.envelope(second)
        await client.content(second)
        await client.quit()
    assert len(sink.accepted) == 2
    assert len(written) == 4
    assert written[1].startswith(b"Message-ID: <m1@")
    assert b"\r\n.\r\nMAIL FROM:" in written[1]
    assert written[1].endswith(b"DATA\r\n")


async def test_without_pipelining_the_next_envelope_waits() -> None:
    async with Sink(extensions=NO_PIPELINING) as sink:
        client = await _client(sink)
        first, second = _attempt(number=1), _attempt(number=2)
        client.begin(first)
        await client.envelope(first)
        await client.content(first, second)
        assert not any("m2" in command for command in sink.commands)
        assert sum(command.startswith("MAIL") for command in sink.commands) == 1
        await client.envelope(second)
        await client.content(second)
        await client.quit()
    assert sink.early == 0
    assert len(sink.accepted) == 2


async def test_a_server_that_knows_no_ehlo_gets_helo() -> None:
    async with Sink(_at("EHLO", "502 5.5.1 no")) as sink:
        client = await _client(sink)
        assert not client.features.pipelining
        await _send(client, _attempt())
        await client.quit()
    assert len(sink.accepted) == 1
    assert sink.commands[1] == "HELO networks.example.org"
    assert "SIZE" not in sink.commands[2]


@pytest.mark.parametrize(
    ("verb", "said"),
    [("CONNECT", "554 5.7.1 go away"), ("CONNECT", "421 4.3.2 busy"), ("EHLO", "421 4.3.2"), ("EHLO", "550 5.7.1")],
)
async def test_a_server_that_does_not_want_us_is_named(verb: str, said: str) -> None:
    async with Sink(_at(verb, said)) as sink:
        with pytest.raises(Refused) as caught:
            await _client(sink)
    assert caught.value.reply.code == int(said[:3])


async def test_nobody_there() -> None:
    async with Sink() as sink:
        port = sink.port
    with pytest.raises(ConnectionLost, match="cannot connect"):
        await connect("127.0.0.1", port, "networks.example.org", QUICK)


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO"])
async def test_dropped_before_anything(verb: str) -> None:
    async with Sink(_at(verb, DROP)) as sink:
        with pytest.raises(ConnectionLost):
            await _client(sink)


@pytest.mark.parametrize("extensions", [EXTENSIONS, NO_PIPELINING])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
async def test_dropped_at_each_verb_leaves_what_was_seen(verb: str, extensions: tuple[str, ...]) -> None:
    async with Sink(_at(verb, DROP), extensions) as sink:
        client = await _client(sink)
        attempt = _attempt()
        with pytest.raises(ConnectionLost):
            await _send(client, attempt)
        assert not client.usable
    seen = [attempt.mail, *attempt.rcpt, attempt.data, attempt.final]
    expected = {"MAIL": 0, "RCPT": 1, "DATA": 2, "DOT": 3}[verb]
    assert sum(reply is not None for reply in seen) == expected
    assert attempt.final is None


async def test_no_reply_to_the_final_dot_ends_the_wait() -> None:
    async with Sink(_at("DOT", SILENT)) as sink:
        client = await _client(sink, Timeouts(command=5, data=5, final=0.1))
        attempt = _attempt()
        with pytest.raises(ConnectionLost, match="no reply in time"):
            await _send(client, attempt)
    assert attempt.data is not None
    assert attempt.final is None


async def test_a_slow_server_is_waited_for() -> None:
    async with Sink(delay=0.02, chunk=1) as sink:
        client = await _client(sink)
        attempt = _attempt()
        await _send(client, attempt)
        await client.quit()
    assert attempt.final is not None
    assert str(attempt.final) == "250 2.0.0 taken"


async def test_a_refusal_while_a_large_body_is_sent_counts() -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        await reader.readuntil(b"\r\n")
        writer.write(b"250-x\r\n250 PIPELINING\r\n")
        await reader.readuntil(b"DATA\r\n")
        writer.write(b"250 ok\r\n250 ok\r\n354 go\r\n")
        await reader.readexactly(100_000)
        writer.write(b"552 5.3.4 too big\r\n")

    async with _server(server) as port:
        client = await connect("127.0.0.1", port, "networks.example.org", QUICK)
        attempt = _attempt(body=b"x" * 998 + b"\r\n" + (b"y" * 998 + b"\r\n") * 20_000)
        with pytest.raises(ConnectionLost):
            await _send(client, attempt)
        assert attempt.final is not None
        assert attempt.final.code == 552


async def test_a_yes_before_the_dot_is_no_yes() -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        await reader.readuntil(b"\r\n")
        writer.write(b"250-x\r\n250 PIPELINING\r\n")
        await reader.readuntil(b"DATA\r\n")
        writer.write(b"250 ok\r\n250 ok\r\n354 go\r\n250 2.0.0 taken\r\n")

    async with _server(server) as port:
        client = await connect("127.0.0.1", port, "networks.example.org", QUICK)
        attempt = _attempt()
        client.begin(attempt)
        await client.envelope(attempt)
        await asyncio.sleep(0.01)
        with pytest.raises(ConnectionLost, match="before the end"):
            await client.content(attempt)
    assert attempt.final is None


async def test_a_large_body_arrives_whole() -> None:
    body = b"".join(b"line %d %s\r\n" % (number, b"z" * 60) for number in range(30_000))
    async with Sink() as sink:
        client = await _client(sink)
        await _send(client, _attempt(body=body))
        await client.quit()
    assert sink.accepted[0].content.endswith(b"\r\n\r\n" + body)


async def test_421_and_a_closed_connection_are_one_reply() -> None:
    async with Sink(_at("MAIL", CLOSE_AFTER + "421 4.3.2 shutting down")) as sink:
        client = await _client(sink)
        attempt = _attempt()
        client.begin(attempt)
        assert not await client.envelope(attempt)
    assert attempt.mail is not None
    assert attempt.mail.code == 421


async def test_extensions_are_named_when_used() -> None:
    async with Sink() as sink:
        client = await _client(sink)
        attempt = _attempt("ånna@example.org", body="ö\r\n".encode(), eight_bit=True, smtputf8=True)
        await _send(client, attempt)
        await client.quit()
    size = attempt.parcel.size
    assert f"MAIL FROM:<bounces+1@example.org> SIZE={size} BODY=8BITMIME SMTPUTF8" in sink.commands
    assert sink.accepted[0].recipients == ("ånna@example.org",)
    assert sink.accepted[0].content.endswith("ö\r\n".encode())


@pytest.mark.parametrize("reply", [b"hello\r\n", b"99 x\r\n", b"220" + b"x" * 5000, b"220-x\r\n" * 2000, b"\x00\r\n"])
async def test_nonsense_instead_of_a_reply_ends_the_connection(reply: bytes) -> None:
    async def server(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)

    async with _server(server) as port:
        with pytest.raises(ConnectionLost):
            await connect("127.0.0.1", port, "networks.example.org", QUICK)


@pytest.mark.parametrize("address", ["a@b>\r\nQUIT", "a b@example.org", "a\n@b", "<a@b>", "a\x7f@b", "a\t@b", "a\0@b"])
async def test_an_address_cannot_become_a_command(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        path(address)
    async with Sink() as sink:
        client = await _client(sink)
        with pytest.raises(ValueError, match="address"):
            client.begin(_attempt(address))
        await _send(client, _attempt())
        await client.quit()
    assert len(sink.accepted) == 1
    assert not sink.junk
