"""mailsvc.receive.smtp: the server's life, what is logged, and clients that do not behave on the socket's level."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import socket

import msgspec
import pytest
import structlog
from structlog.testing import CapturingLogger

from mailsvc.clock import SystemClock
from mailsvc.config import Config, SmtpConfig
from mailsvc.errors import ConfigError
from mailsvc.receive import wire
from mailsvc.receive.smtp import SmtpServer
from mailsvc.receive.wire import Wire
from tests.dialog.house import SmallHouse
from tests.dialog.script import Stage, parse


def config(*listen: str, **limits: float) -> Config:
    plain = Config(smtp=SmtpConfig(listen=listen, trusted_relays=()))
    return msgspec.structs.replace(plain, limits=msgspec.structs.replace(plain.limits, **limits))


async def test_several_addresses_and_a_foreign_client() -> None:
    house = SmallHouse()
    server = SmtpServer(config("127.0.0.1:0", "127.0.0.2:0"), house, SystemClock())
    await server.start()
    first, second = server.addresses
    assert (first.host, second.host) == ("127.0.0.1", "127.0.0.2")

    def send() -> None:
        with smtplib.SMTP(second.host, second.port, local_hostname="client.example.net") as client:
            client.sendmail("anna@example.net", ["m1@networks.example.org"], "Subject: hej\n\n.\nhej\n")

    await asyncio.to_thread(send)
    assert [mail.content for mail in house.kept] == [b"Subject: hej\r\n\r\n.\r\nhej\r\n"]
    assert await server.stop(5)
    with pytest.raises(OSError, match=r".*"):
        await asyncio.open_connection(first.host, first.port)


async def test_an_address_that_is_taken_is_named_and_nothing_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = SmtpServer(config("127.0.0.1:0", f"127.0.0.1:{port}"), SmallHouse(), SystemClock())
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1:{port}"):
            await server.start()
    assert server.addresses == ()


def test_a_wrong_configuration_is_found_before_listening() -> None:
    with pytest.raises(ConfigError, match=r"smtp\.listen"):
        SmtpServer(config("127.0.0.1"), SmallHouse(), SystemClock())
    with pytest.raises(ConfigError, match=r"smtp\.trusted_relays"):
        SmtpServer(Config(smtp=SmtpConfig(trusted_relays=("relay",))), SmallHouse(), SystemClock())


async def test_stop_does_not_wait_longer_than_its_grace_and_cancels_no_commit() -> None:
    async with Stage() as stage:
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.server.addresses[0].port)
        writer.write(b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<slow@networks.example.org>\r\nDATA\r\n")
        while not (await reader.readline()).startswith(b"354"):
            pass
        writer.write(b"text\r\n.\r\n")
        await stage.house.committing.wait()
        assert not await stage.server.stop(0)
        assert stage.server.sessions == 0
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        assert stage.house.kept == []
        stage.house.may_commit.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert [mail.content for mail in stage.house.kept] == [b"text\r\n"]
        assert stage.server.in_flight.held == 0
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_client_that_reads_nothing_is_cut_off() -> None:
    server = SmtpServer(config("127.0.0.1:0", idle_seconds=0.1, commands=10**9), SmallHouse(), SystemClock())
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.addresses[0].port, limit=100)
    assert (await reader.readline()).startswith(b"220 ")
    # More replies than all buffers between the two take, so the server has to wait for a reader.

    async def shout() -> None:
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                writer.write(b"HELO x\r\n" * 1000)
                await writer.drain()

    shouting = asyncio.create_task(shout())
    await server.wait_sessions()
    await shouting
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    assert await server.stop(5)


async def test_a_dismissed_client_is_listened_to_for_a_moment() -> None:
    # A socket that is closed with unread input resets the connection, and some systems then forget the last reply.
    async with Stage((("limits.errors_hard", "0"),)) as stage:
        client = await stage.connect()
        client.writer.write(b"WHATEVER\r\n")
        assert (await client.reader.read()).endswith(b"421 4.7.0 Too many errors\r\n")
        client.writer.write(b"MAIL FROM:<>\r\n" * 1000)
        for _ in range(50):
            await asyncio.sleep(0)
        assert stage.server.sessions == 1
        client.writer.close()
        await client.writer.wait_closed()
        await stage.server.wait_sessions()


async def test_no_timer_but_ours_can_close_a_connection() -> None:
    async with Stage() as stage:
        client = await stage.connect()
        assert (await client.reader.readline()).startswith(b"220 ")
        (session,) = stage.server._sessions
        assert session._timeout_handle is not None
        assert session._timeout_handle.cancelled()
        client.writer.close()
        await client.writer.wait_closed()


async def test_no_address_is_logged_at_info_and_failures_keep_their_trace() -> None:
    captured = CapturingLogger()
    log = structlog.wrap_logger(captured, processors=[lambda _logger, _name, event: ((), event)])
    async with Stage() as stage:
        stage.server.log = log
        await stage.play(
            parse(
                "hello\nC: MAIL FROM:<anna@example.net>\nS: 250 ...\nC: RCPT TO:<broken@networks.example.org>\n"
                "S: 451 ...\nC: RCPT TO:<nobody@networks.example.org>\nS: 550 ...\nC*9: WHATEVER\nS*9: 500 ...\n"
                "C: QUIT\nS: 221 ...\nclosed\n"
            )
        )
    events = [(call.method_name, call.kwargs["event"]) for call in captured.calls]
    assert ("error", "smtp.failed") in events
    assert events.count(("warning", "smtp.errors")) == 1
    assert ("info", "smtp.closed") in events
    failed = next(call.kwargs for call in captured.calls if call.kwargs["event"] == "smtp.failed")
    assert isinstance(failed["exc_info"], RuntimeError)
    shown = [call.kwargs for call in captured.calls if call.method_name in ("info", "warning")]
    assert not [entry for entry in shown if "@" in str(entry)]


async def test_reading_pauses_when_nobody_takes_what_comes() -> None:
    calls: list[str] = []
    line = Wire(lambda: calls.append("pause"), lambda: calls.append("resume"))
    deadline = asyncio.get_running_loop().time() + 60
    line.feed(b"a\r\n")
    line.feed(b"x" * wire.PAUSE_AT)
    line.feed(b"y")
    assert calls == ["pause"]
    assert await line.line(100, deadline) == b"a\r\n"
    assert calls == ["pause"]
    waiting = asyncio.create_task(line.line(100, deadline))
    await asyncio.sleep(0)
    assert calls == ["pause", "resume"]
    line.feed(b"\n")
    assert await waiting == b"x" * 101
    line.end()
    assert await line.line(100, deadline) is None


async def test_a_deadline_is_not_moved_by_dripping() -> None:
    line = Wire(lambda: None, lambda: None)
    waiting = asyncio.create_task(line.line(100, asyncio.get_running_loop().time() + 0.05))
    while not waiting.done():
        line.feed(b"x")
        await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await waiting
