"""Where mail comes in: which addresses and sockets the configuration means, and how they are opened and closed."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mailsvc.config import Config
from mailsvc.errors import ConfigError
from mailsvc.net import ListenAddress, UnixAddress, parse_listen, parse_networks, parse_unix

SOCKET_MODE = 0o660  # the account and the group of the service; the relay's account is put into that group
BACKLOG = 100
SMTP_PORT = 25

Address = ListenAddress | UnixAddress


def smtp_addresses(config: Config) -> tuple[ListenAddress, ...]:
    """`[smtp] listen`; ConfigError names what is no address."""
    return tuple(parse_listen(text, "smtp.listen") for text in config.smtp.listen)


def lmtp_addresses(config: Config) -> tuple[Address, ...]:
    """`[smtp] lmtp`; ConfigError names what is no address, and what lets strangers in.

    LMTP has no queue behind it and believes what the relay before it has done, so whoever speaks it is let past that
    relay. An address that other machines can reach is therefore only opened when `trusted_relays` names such machines
    (and only they are answered, see `smtp`); port 25 never (RFC 2033 §5).
    """
    found: list[Address] = []
    relays = parse_networks(config.smtp.trusted_relays, "smtp.trusted_relays").networks
    for text in config.smtp.lmtp:
        if text.startswith("unix:"):
            found.append(parse_unix(text, config.path("."), "smtp.lmtp"))
            continue
        address = parse_listen(text, "smtp.lmtp")
        if address.port == SMTP_PORT:
            raise ConfigError(f"{address}: port 25 is for SMTP, LMTP must not be spoken there", "smtp.lmtp")
        if not address.loopback and all(network.is_loopback for network in relays):
            raise ConfigError(
                f"other machines can reach {address}: use 127.0.0.1 or unix:PATH, or name in trusted_relays the"
                " machines that may hand in mail there",
                "smtp.lmtp",
            )
        found.append(address)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Listener:
    """An address that is open. `file` says which file a Unix socket is, so that no other one is removed."""

    address: Address
    server: asyncio.Server
    file: tuple[int, int] | None = None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where it listens; a port 0 of the configuration has become a real one."""
        if isinstance(self.address, UnixAddress):
            return (self.address,)
        names = [one.getsockname() for one in self.server.sockets]
        return tuple(ListenAddress(name[0], name[1]) for name in names)

    def close(self) -> None:
        """Listen no longer, and leave no socket file behind."""
        self.server.close()
        if isinstance(self.address, UnixAddress):
            with contextlib.suppress(FileNotFoundError):
                if _file(self.address.path) == self.file:
                    self.address.path.unlink()


async def open_listener(address: Address, protocol: Callable[[], asyncio.Protocol], key: str) -> Listener:
    """Listen on `address`; ConfigError names `key`, the address and why it cannot be had."""
    loop = asyncio.get_running_loop()
    try:
        if isinstance(address, ListenAddress):
            return Listener(address, await loop.create_server(protocol, address.host, address.port, backlog=BACKLOG))
        listening = _bind(address.path)
        file = _file(address.path)
        return Listener(address, await loop.create_unix_server(protocol, sock=listening, backlog=BACKLOG), file)
    except OSError as error:
        why = error.strerror or str(error)
        if isinstance(address, ListenAddress):
            why = why.rpartition("): ")[2]  # asyncio's words before it name the address a second time
        raise ConfigError(f"cannot listen on {address}: {why}", key) from None


def _bind(path: Path) -> socket.socket:
    """A Unix socket at `path`; OSError when somebody listens there or something else lies there.

    Nobody can connect before it listens, and it listens only after its mode is right.
    """
    _remove_stale(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(str(path))
        path.chmod(SOCKET_MODE)
    except BaseException:
        listening.close()
        raise
    return listening


def _remove_stale(path: Path) -> None:
    """Remove the socket that a killed process has left; nothing that is used, and nothing that is no socket."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise OSError(errno.EEXIST, "something that is no socket lies there")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except BlockingIOError:  # its queue is full, so somebody listens
            pass
    raise OSError(errno.EADDRINUSE, "another process listens there")


def _file(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino
