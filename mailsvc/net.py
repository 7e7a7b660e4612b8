"""Small values about the network: addresses to listen on, and whether a peer stands in a configured network."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mailsvc.errors import ConfigError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_LISTEN = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where to listen: an IP address or a host name, and a TCP port (0 lets the system choose one)."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_listen(text: str, key: str = "") -> ListenAddress:
    """`"127.0.0.1:2525"`, `"[::1]:25"` or `"mail.example.org:25"`; ConfigError names `key`."""
    match = _LISTEN.fullmatch(text.strip())
    if not match or int(match["port"]) > 65535:
        raise ConfigError(f'"{text}" is not an address to listen on such as "127.0.0.1:2525" or "[::1]:25"', key)
    host = match["v6"] or match["name"]
    # What looks like an IP address must be one: a typing error would otherwise become a look-up of a name.
    if match["v6"] or re.fullmatch(r"[0-9.]+", host):
        try:
            host = str(ipaddress.ip_address(host))
        except ValueError:
            raise ConfigError(f'"{text}": {host} is not an IP address', key) from None
    return ListenAddress(host, int(match["port"]))


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A socket of this machine, as a file."""

    path: Path

    def __str__(self) -> str:
        return f"unix:{self.path}"


def parse_unix(text: str, folder: Path, key: str = "") -> UnixAddress:
    """`"unix:/run/mailsvc/lmtp.sock"`, a relative path relative to `folder`; ConfigError names `key`."""
    name = text.strip().removeprefix("unix:")
    if not name or name == text.strip() or name.endswith("/") or "\0" in name:
        raise ConfigError(f'"{text}" is not a socket such as "unix:/run/mailsvc/lmtp.sock"', key)
    return UnixAddress(folder / name)


def parse_ip(text: str) -> IPAddress | None:
    """An IP address as sockets report it, or None.

    A zone (`fe80::1%eth0`) is dropped and an IPv4 address inside IPv6 (`::ffff:192.0.2.1`) becomes IPv4, so that one
    peer has one spelling.
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def client_key(address: IPAddress) -> str:
    """What limits "per IP" count by: an IPv4 address, or the /64 that one IPv6 host has for itself."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@dataclass(frozen=True, slots=True)
class Networks:
    """A set of IP networks; `address in networks` asks for membership. Build it with `parse_networks`."""

    networks: tuple[IPNetwork, ...] = ()

    def __contains__(self, address: object) -> bool:
        if isinstance(address, str):
            address = parse_ip(address)
        if not isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address):
            return False
        return any(address.version == network.version and address in network for network in self.networks)


def parse_networks(items: Iterable[str], key: str = "") -> Networks:
    """IP addresses (`"192.0.2.7"`) and networks (`"10.0.0.0/8"`, `"2001:db8::/32"`); ConfigError names `key`."""
    found: list[IPNetwork] = []
    for item in items:
        try:
            found.append(ipaddress.ip_network(item.strip(), strict=False))
        except ValueError:
            raise ConfigError(f'"{item}" is neither an IP address nor a network such as "10.0.0.0/8"', key) from None
    return Networks(tuple(found))
