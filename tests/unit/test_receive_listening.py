"""mailsvc.receive.listening: where mail may come in, and what becomes of the files of sockets."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from pathlib import Path

import msgspec
import pytest

from mailsvc.clock import SystemClock
from mailsvc.config import Config, SmtpConfig, parse
from mailsvc.errors import ConfigError
from mailsvc.net import ListenAddress, UnixAddress
from mailsvc.receive.listening import lmtp_addresses, open_listener
from mailsvc.receive.smtp import SmtpServer
from tests.dialog.house import SmallHouse


def config(*lmtp: str, relays: tuple[str, ...] = ("127.0.0.1",), base: Path = Path(), **more: object) -> Config:
    smtp = SmtpConfig(listen=(), lmtp=lmtp, trusted_relays=relays)
    return Config(smtp=msgspec.structs.replace(smtp, **more), base=str(base))


async def closed_listener(path: Path) -> None:
    """A socket file as a killed process leaves it."""
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left.bind(str(path))
    left.listen()
    left.close()


def test_the_configuration_may_name_ports_and_sockets() -> None:
    text = '[smtp]\nlmtp = ["127.0.0.1:2424", "unix:/run/mailsvc/lmtp.sock", "unix:lmtp.sock"]\n'
    assert lmtp_addresses(parse(text, base="/srv/mail")) == (
        ListenAddress("127.0.0.1", 2424),
        UnixAddress(Path("/run/mailsvc/lmtp.sock")),
        UnixAddress(Path("/srv/mail/lmtp.sock")),
    )


@pytest.mark.parametrize("text", ["unix:", "unix:folder/", "lmtp.sock", "127.0.0.1", "inet:127.0.0.1:24"])
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^smtp\.lmtp: "):
        lmtp_addresses(config(text))


@pytest.mark.parametrize("text", ["0.0.0.0:2424", "[::]:2424", "192.0.2.7:2424", "mail.example.org:2424"])
def test_an_address_for_others_needs_relays_that_are_others(text: str) -> None:
    for relays in ((), ("127.0.0.1",), ("127.0.0.0/8", "::1")):
        with pytest.raises(ConfigError, match="other machines can reach"):
            lmtp_addresses(config(text, relays=relays))
    assert len(lmtp_addresses(config(text, relays=("127.0.0.1", "192.0.2.8")))) == 1


def test_port_25_is_smtps() -> None:
    with pytest.raises(ConfigError, match="port 25"):
        lmtp_addresses(config("127.0.0.1:25"))
    with pytest.raises(ConfigError, match="port 25"):
        SmtpServer(config("127.0.0.1:25"), SmallHouse(), SystemClock())


async def test_on_an_address_for_others_only_relays_are_answered() -> None:
    # 0.0.0.0 is reached through loopback here, as it would be from outside.
    server = SmtpServer(config("0.0.0.0:0", relays=("127.0.0.9", "192.0.2.0/24")), SmallHouse(), SystemClock())
    await server.start()
    (address,) = server.lmtp_addresses
    assert isinstance(address, ListenAddress)
    for source, greeting in (("127.0.0.9", b"220 "), ("127.0.0.1", b"554 5.7.1 ")):
        reader, writer = await asyncio.open_connection("127.0.0.1", address.port, local_addr=(source, 0))
        assert (await reader.readline()).startswith(greeting)
        writer.close()
        await writer.wait_closed()
    await server.wait_sessions()
    assert await server.stop(5)


async def test_a_socket_is_for_its_account_and_group_and_goes_with_the_server(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    before = os.umask(0o077)
    try:
        server = SmtpServer(config("unix:lmtp.sock", base=tmp_path), SmallHouse(), SystemClock())
        await server.start()
    finally:
        os.umask(before)
    assert server.lmtp_addresses == (UnixAddress(path),)
    assert server.addresses == ()
    mode = path.lstat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o660
    assert await server.stop(5)
    assert not path.exists()
    assert not list(server.lmtp_addresses)


async def test_what_a_killed_process_left_is_replaced(tmp_path: Path) -> None:
    await closed_listener(tmp_path / "lmtp.sock")
    server = SmtpServer(config("unix:lmtp.sock", base=tmp_path), SmallHouse(), SystemClock())
    await server.start()
    reader, writer = await asyncio.open_unix_connection(tmp_path / "lmtp.sock")
    assert (await reader.readline()).startswith(b"220 ")
    writer.close()
    await writer.wait_closed()
    assert await server.stop(5)


async def test_a_socket_in_use_is_left_alone(tmp_path: Path) -> None:
    wanted = config("unix:lmtp.sock", base=tmp_path)
    first = SmtpServer(wanted, SmallHouse(), SystemClock())
    await first.start()
    with pytest.raises(ConfigError, match=r"cannot listen on unix:.*lmtp\.sock: another process listens there"):
        await SmtpServer(wanted, SmallHouse(), SystemClock()).start()
    reader, writer = await asyncio.open_unix_connection(tmp_path / "lmtp.sock")
    assert (await reader.readline()).startswith(b"220 ")
    writer.close()
    await writer.wait_closed()
    assert await first.stop(5)


async def test_a_socket_with_a_full_queue_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as waiting,
    ):
        listening.bind(str(path))
        listening.listen(0)
        waiting.connect(str(path))
        with pytest.raises(ConfigError, match="another process listens there"):
            await open_listener(UnixAddress(path), asyncio.Protocol, "smtp.lmtp")
    assert path.exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
async def test_what_is_no_socket_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "lmtp.sock"
    if kind == "file":
        path.write_text("precious")
    elif kind == "folder":
        path.mkdir()
    else:
        await closed_listener(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="something that is no socket lies there"):
        await open_listener(UnixAddress(path), asyncio.Protocol, "smtp.lmtp")
    assert path.exists()


@pytest.mark.parametrize(("name", "why"), [("missing/lmtp.sock", "No such file"), ("x" * 120, "too long")])
async def test_a_socket_that_cannot_be_made_is_named(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(ConfigError, match=rf"^smtp\.lmtp: cannot listen on unix:.*{why}"):
        await open_listener(UnixAddress(tmp_path / name), asyncio.Protocol, "smtp.lmtp")


async def test_another_ones_file_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    listener = await open_listener(UnixAddress(path), asyncio.Protocol, "smtp.lmtp")
    (tmp_path / "kept").hardlink_to(path)  # so that its number is not given to the next file
    path.unlink()
    await closed_listener(path)
    listener.close()
    assert path.exists()


async def test_a_port_that_is_taken_closes_the_socket_that_was_opened(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = SmtpServer(config("unix:lmtp.sock", f"127.0.0.1:{port}", base=tmp_path), SmallHouse(), SystemClock())
        with pytest.raises(
            ConfigError, match=rf"^smtp\.lmtp: cannot listen on 127.0.0.1:{port}: address already in use$"
        ):
            await server.start()
    assert not (tmp_path / "lmtp.sock").exists()
